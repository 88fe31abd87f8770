"""The command that asks whether the published numbers of a study agree with each other."""

from __future__ import annotations

from collections import Counter

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import Source, graph_options
from smm_kg.cli.output import Answer, note, row_options

__all__ = ["audit"]

_READ = ("study", "rule", "verdict", "statement", "arithmetic", "source")


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg audit mateos-2013 --verdict inconsistent",
        "smm-kg audit --format jsonl",
        "smm-kg audit --rules",
    ),
)
@click.argument("study", nargs=-1, metavar="[STUDY]...")
@click.option(
    "--verdict",
    multiple=True,
    type=click.Choice(["inconsistent", "undeterminable", "consistent"]),
    help="Only these verdicts.",
)
@click.option("--rule", multiple=True, metavar="NAME", help="Only verdicts by this rule.")
@click.option("--rules", "explain", is_flag=True, help="List the rules with what they compare.")
@row_options
@graph_options
def audit(
    study: tuple[str, ...],
    verdict: tuple[str, ...],
    rule: tuple[str, ...],
    explain: bool,
    answer: Answer,
    source: Source,
) -> None:
    """Hold the published numbers of each study against each other, and show the arithmetic.

    Exits with 1 when numbers are inconsistent. A printed number stands for all numbers that round to it.
    """
    if explain:
        from smm_kg.audit import rules

        answer.show(
            ("rule", "title", "explanation"), [(one.name, one.title, one.explanation) for one in rules()]
        )
        return
    filters = {"study": study, "verdict": verdict, "rule": _known(rule)}
    with source.open() as graph:
        rows = graph.audit(**{name: list(values) for name, values in filters.items() if values})
    if answer.format == "table" and answer.columns is None:
        answer = answer._replace(columns=",".join(_READ))
    answer.show(rows.columns, rows)
    counts = Counter(row.verdict for row in rows)
    note(", ".join(f"{counts[word]} {word}" for word in ("inconsistent", "undeterminable", "consistent")))
    if counts["inconsistent"]:
        raise click.exceptions.Exit(1)


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    from smm_kg.audit import rules

    known = [one.name for one in rules()]
    for name in names:
        if name not in known:
            raise click.UsageError(f"there is no rule {name!r}; the rules are {', '.join(known)}")
    return names
