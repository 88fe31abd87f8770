"""Reads files of curated records: YAML to one study record for each source, or all that is wrong, by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec

from smm_kg import resources
from smm_kg.curated.model import CuratedFact, CuratedStudy, Source
from smm_kg.curated.rules import broken_rules
from smm_kg.curated.values import ValueTextError, values_of
from smm_kg.errors import SmmKgError
from smm_kg.records import Fact, SourceDocument, Study, Value
from smm_kg.yaml_text import KeyPath, YamlText, parse_yaml, read_yaml

__all__ = ["CuratedError", "load", "parse", "shipped"]

_SHOWN = 40


class CuratedError(SmmKgError):
    """A file of curated records breaks rules; ``problems`` lists all that were found, with line and field."""

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        super().__init__(f"the record has {count}", where=name, hint="mend the fields named below")
        self.problems = problems

    def __str__(self) -> str:
        lines = [super().__str__(), *(f"  {problem}" for problem in self.problems[:_SHOWN])]
        if len(self.problems) > _SHOWN:
            lines.append(f"  … and {len(self.problems) - _SHOWN} more")
        return "\n".join(lines)


def load(path: Path, terms: Collection[str] | None = None) -> tuple[Study, ...]:
    """Read and check a file of curated records.

    Args:
        path: the YAML file.
        terms: slugs of the ontology; when given, a slug that is not among them is a problem too.

    Returns:
        What each source says of the study, in the order of the sources.

    Raises:
        YamlError: the file cannot be read as YAML within the limits of :mod:`smm_kg.yaml_text`.
        CuratedError: a field is wrong or a rule is broken; each problem names line and field.
    """
    return _studies(read_yaml(path), str(path), terms)


def parse(text: str, name: str = "record", terms: Collection[str] | None = None) -> tuple[Study, ...]:
    """Read and check curated records given as text; ``name`` stands for them in errors. See :func:`load`."""
    return _studies(parse_yaml(text, name), name, terms)


def shipped() -> Iterator[Study]:
    """Yield the studies of the curated records that ship, by file name and source."""
    for path in resources.records():
        yield from load(path)


def _studies(yaml: YamlText, name: str, terms: Collection[str] | None) -> tuple[Study, ...]:
    if not isinstance(yaml.tree, dict):
        raise CuratedError(name, ("line 1: is not a mapping of fields",))
    curated, problems = _converted(dict(yaml.tree), yaml)
    if curated is not None and not problems:
        problems += [f"{yaml.place(path)}: {what}" for path, what in broken_rules(curated, terms)]
    facts: list[tuple[str, Fact]] = []
    if curated is not None and not problems:
        places = {source.key: source.place for source in curated.sources}
        first = curated.sources[0].key
        for index, fact in enumerate(curated.facts):
            source = fact.source or first
            try:
                values = values_of(fact.values, fact.place or places[source], fact.printed)
            except ValueTextError as error:
                problems.append(f"{yaml.place(('facts', index, 'values'))}: {error}")
            else:
                facts.append((source, _fact(fact, values, curated)))
    if curated is None or problems:
        raise CuratedError(name, tuple(problems))
    return tuple(_study(curated, source, facts) for source in curated.sources)


def _converted(tree: dict[str, Any], yaml: YamlText) -> tuple[CuratedStudy | None, list[str]]:
    """Convert the tree to the model, fact by fact, so that each bad one is reported."""
    problems: list[str] = []
    facts = tree.get("facts", [])
    if isinstance(facts, list):
        good = []
        for index, item in enumerate(facts):
            try:
                good.append(msgspec.convert(item, CuratedFact))
            except msgspec.ValidationError as error:
                problems.append(_problem(error, ("facts", index), yaml))
        tree["facts"] = good
    try:
        return msgspec.convert(tree, CuratedStudy), problems
    except msgspec.ValidationError as error:
        problems.append(_problem(error, (), yaml))
        return None, problems


def _problem(error: msgspec.ValidationError, prefix: KeyPath, yaml: YamlText) -> str:
    """Turn msgspec's ``… - at `$.arms[2].role` `` into the line and full path of the field."""
    what, _, at = str(error).partition(" - at `$")
    keys: list[str | int] = []
    for part in at.rstrip("`").replace("]", "").replace("[", ".[").split("."):
        if part.startswith("[") and part[1:].isdigit():
            keys.append(int(part[1:]))
        elif part and not part.startswith("["):
            keys.append(part)
    return f"{yaml.place(prefix + tuple(keys))}: {what[:1].lower()}{what[1:]}"


def _fact(curated: CuratedFact, values: tuple[Value, ...], study: CuratedStudy) -> Fact:
    own = {"source", "place", "printed", "values"}
    fields = {name: getattr(curated, name) for name in curated.__struct_fields__ if name not in own}
    return Fact(**fields, values=values)


def _study(curated: CuratedStudy, source: Source, facts: list[tuple[str, Fact]]) -> Study:
    """Return what one source says, with the plan that all sources share."""
    stated = tuple(fact for key, fact in facts if key == source.key)
    ids = {fact.id for fact in stated}
    return Study(
        id=curated.study,
        label=curated.label,
        document=SourceDocument(id=source.id, title=source.title, level=source.level, key=source.key),
        arms=curated.arms,
        contrasts=curated.contrasts,
        sets=curated.sets,
        groups=tuple(group for group in curated.groups if group.size in ids),
        categories=curated.categories,
        endpoints=curated.endpoints,
        facts=stated,
    )
