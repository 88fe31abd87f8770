"""Commands for curated records: start a file, check one, print the schema that editors use."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smm_kg.cli.command import ExampleCommand, ExampleGroup
from smm_kg.cli.output import emit, note, output_option

if TYPE_CHECKING:
    from smm_kg.records import Study

__all__ = ["record"]


@click.group(
    cls=ExampleGroup,
    examples=("smm-kg record new hjorth-1993 -o hjorth-1993.yaml", "smm-kg record check hjorth-1993.yaml"),
)
def record() -> None:
    """Start, check and describe files of curated records."""


@record.command(cls=ExampleCommand, examples=("smm-kg record new hjorth-1993 -o hjorth-1993.yaml",))
@click.argument("study", metavar="STUDY")
@output_option
def new(study: str, output: Path | None) -> None:
    """Print a file to start from, for the study of this id (author-year)."""
    from smm_kg.curated import parse, skeleton

    text = skeleton(study)
    parse(text, study)
    if output is not None and output.exists():
        raise click.UsageError(f"{output} is there already; name another file, or remove it")
    emit([text.encode()], output)


@record.command(cls=ExampleCommand, examples=("smm-kg record check evidence/records/*.yaml",))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Check files: fields, references, slugs of the ontology, and that they can be written as RDF.

    Exits with 2 when a file breaks a rule; each breach is named with its line and field.
    """
    from smm_kg import dataset, resources
    from smm_kg.curated import load
    from smm_kg.errors import SmmKgError
    from smm_kg.inference import ontology_quads, terms_of

    known = terms_of(ontology_quads(resources.ontology()))
    wrong: list[SmmKgError] = []
    for file in files:
        try:
            studies = load(file, known)
            for _ in dataset.quads([*_read_from_papers({study.id for study in studies}), *studies]):
                pass
        except SmmKgError as problem:
            wrong.append(problem)
        else:
            facts = sum(len(study.facts) for study in studies)
            note(f"{file}: {facts} facts from {len(studies)} sources, no problem")
    for error in wrong[:-1]:
        note(str(error))
    if wrong:
        raise wrong[-1]


def _read_from_papers(ids: Collection[str]) -> list[Study]:
    """Return the shipped studies of these ids that were read from papers: later reports join them."""
    from smm_kg import resources
    from smm_kg.records import decode

    read = [decode(path.read_bytes()) for path in resources.extracted()]
    return [study for study in read if study.id in ids]


@record.command(cls=ExampleCommand, examples=("smm-kg record schema -o schema.json",))
@output_option
def schema(output: Path | None) -> None:
    """Print the JSON Schema of a file, for editors that complete and check."""
    from smm_kg.curated import schema as text

    emit([text().encode()], output)
