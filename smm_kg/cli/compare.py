"""The command that compares trials on an end point."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import Source, graph_options
from smm_kg.cli.output import Answer, note, row_options

if TYPE_CHECKING:
    from smm_kg.compare import Comparison, Row

__all__ = ["compare"]

# What a reader needs first; the other formats hold every column.
_READ = ("study", "compared", "end point", "result", "n", "medians", "caveats", "source")
# The column of end points says which it is.
_SHORT = {"different-end-point": "another end point", "different-definition": "another definition"}
_PICTURES = (".svg", ".png", ".pdf")


@click.command(
    cls=ExampleCommand,
    examples=(
        'smm-kg compare --endpoint "time to progression"',
        'smm-kg compare --endpoint "time to progression" --against thalidomide',
        'smm-kg compare --endpoint "overall survival" --against bisphosphonate --format csv',
        'smm-kg compare --endpoint "overall survival" -o survival.svg',
        'smm-kg compare --endpoint "time to progression" --long -o effects.csv',
    ),
)
@click.option("--endpoint", "end_point", required=True, metavar="NAME", help="End point, by its name.")
@click.option("--study", metavar="ID", help="Trial that the others are compared with.")
@click.option(
    "--against", multiple=True, metavar="NAME", help="Only trials with this drug, drug class, or this study."
)
@click.option("--measure", metavar="NAME", help="hazard ratio, median, percent, risk ratio, …")
@click.option("--population", metavar="NAME", help="Only results of this analysis set.")
@click.option(
    "--pool",
    "pooling",
    type=click.Choice(["fixed", "reml", "dersimonian-laird", "paule-mandel"]),
    help="Pool the effects: fixed, or random effects with this estimator.",
)
@click.option("--even-so", is_flag=True, help="Pool in spite of caveats that forbid it, and say so.")
@click.option("--indirect", is_flag=True, help="Compare over the trials that connect the two (Bucher).")
@click.option("--every-source", is_flag=True, help="Show secondary sources beside primary ones.")
@click.option("--caveats", is_flag=True, help="Print the caveats, one a row.")
@click.option("--long", "long", is_flag=True, help="Print effects as metafor, netmeta and RevMan read them.")
@row_options
@graph_options
def compare(answer: Answer, source: Source, caveats: bool, long: bool, **asked: Any) -> None:
    """Compare what trials found on an end point, with definitions, sources and caveats.

    With -o FILE.svg (or .png, .pdf) the comparison is drawn as a forest plot.
    """
    picture = answer.output is not None and answer.output.suffix.lower() in _PICTURES
    if sum((caveats, long, picture)) > 1:
        raise click.UsageError("--caveats, --long and a picture are three answers; ask for one")
    with source.open() as graph:
        comparison = graph.compare(**asked)
    if picture and answer.output is not None:
        _draw(comparison, answer.output)
    elif caveats:
        rows = comparison.caveats()
        answer.show(rows.columns, rows)
    elif long:
        from smm_kg.compare.exchange import long_rows

        rows = long_rows(comparison)
        answer.show(rows.columns, rows)
    else:
        _show(comparison, answer)


def _show(comparison: Comparison, answer: Answer) -> None:
    if answer.format == "table" and answer.columns is None:
        _read(comparison, answer)
    else:
        rows = comparison.to_rows()
        answer.show(rows.columns, rows)
    for text in comparison.pooled.notes if comparison.pooled else ():
        note(text)


def _read(comparison: Comparison, answer: Answer) -> None:
    """Print the comparison for reading: parts of a result put together, sources numbered and listed below."""
    numbers: dict[str, int] = {}
    for row in comparison.rows:
        numbers.setdefault(row.result.document, len(numbers) + 1)
    rows = [_readable(row, comparison, numbers) for row in comparison.all_rows()]
    answer.show(_READ, rows, after="".join(f"\n[{number}] {source}" for source, number in numbers.items()))


def _readable(row: Row, comparison: Comparison, numbers: dict[str, int]) -> tuple[str | None, ...]:
    when = ", ".join(word for word in (row.result.phase, row.result.timepoint) if word)
    p = "" if row.p is None else f", P{_p(row)}"
    in_words = row.value_status == "not reported" and row.printed not in (None, row.value_status)
    what = "in words" if in_words else row.measure
    result = f"{what}{f' ({when})' if when else ''}: {row.printed or row.value_status}{p}"
    medians = [text for text in (row.median_experimental, row.median_reference) if text is not None]
    number = numbers.get(row.result.document)
    return (
        row.result.study,
        row.arms(comparison.evidence),
        ": ".join(word for word in (row.result.end_point, row.definition) if word),
        result if row.origin == "reported" else f"{result} (derived)",
        row.sizes,
        " vs ".join(medians) if len(medians) == 2 else None,
        "; ".join(_SHORT.get(caveat.name, str(caveat)) for caveat in row.caveats) or None,
        None if number is None else f"[{number}]",
    )


def _p(row: Row) -> str:
    """Return a P value as printed, a computed one to two significant digits."""
    if row.origin != "derived" or (row.method or "").startswith("reciprocal"):
        return f"{row.p_comparator}{row.p:f}"
    computed = float(row.p or 0)
    return f"={computed:.2g}" if computed >= 0.0001 else "<0.0001"


def _draw(comparison: Comparison, output: Path) -> None:
    from smm_kg.compare.picture import forest_of
    from smm_kg.draw import forest
    from smm_kg.draw.files import save

    save(forest.draw(forest_of(comparison)), output)
