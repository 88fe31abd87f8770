"""Commands that read a paper: read, coverage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import PAPER, one_study, paper_options
from smm_kg.cli.outcome import FINDINGS
from smm_kg.cli.output import Answer, emit, note, output_option, row_options, working
from smm_kg.formats import FORMATS, format_of

if TYPE_CHECKING:
    from smm_kg.paper.coverage import Coverage
    from smm_kg.paper.reader import Reading

__all__ = ["coverage", "read", "reading_of"]

_RECORDS = "records"
_PAPER = click.argument("paper", type=PAPER, metavar="PAPER")


def reading_of(paper: Path, study: str | None, sheet: Path | None) -> Reading:
    """Read a paper and note on stderr where it contradicts itself."""
    from smm_kg.reading import read_paper

    with working(f"reading {paper.name}"):
        reading = read_paper(paper, study, sheet)
    for disagreement in reading.disagreements:
        note(f"stated twice, differently: {disagreement}")
    for warning in reading.warnings:
        note(f"look at this: {warning}")
    return reading


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg read paper.txt --study mateos-2013",
        "smm-kg read paper.txt --format csv --output facts.csv",
        "smm-kg read another-trial.nxml --candidates",
    ),
)
@_PAPER
@paper_options
@click.option("--candidates", is_flag=True, help="Read without a sheet: what looks like a fact, unreviewed.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice([_RECORDS, *FORMATS]),
    help="records (JSON of the evidence records; the default), or rows of the fact table in any other.",
)
@output_option
def read(
    paper: Path,
    study: tuple[str, ...],
    sheet: Path | None,
    candidates: bool,
    form: str | None,
    output: Path | None,
) -> None:
    """Read a paper by its sheet and print what it states.

    PAPER is plain text, Markdown or JATS XML. Without --study and --sheet, the sheet that ships for the
    article is taken; a paper that has none can still be read with --candidates.
    """
    chosen = form or _format_of(output)
    if candidates:
        if sheet is not None:
            raise click.UsageError("--candidates reads without a sheet: give one of --candidates and --sheet")
        _show_candidates(paper, one_study(study), chosen, output)
        return
    reading = reading_of(paper, one_study(study), sheet)
    if chosen == _RECORDS:
        from smm_kg.records import encode

        emit([encode(reading.study)], output)
        return
    from smm_kg.graph import Graph

    with Graph.from_studies([reading.study]) as graph:
        rows = graph.facts()
    Answer(chosen, output, None).show(rows.columns, rows)


def _format_of(output: Path | None) -> str:
    """Records, unless the suffix of the file stands for rows: ``.json`` is the suffix of records here."""
    return _RECORDS if output is None or output.suffix.lower() in ("", ".json") else format_of(output)


_CANDIDATE_COLUMNS = (
    "study", "kind", "production", "measure", "comparator", "value", "status", "printed", "unit", "numerator",
    "denominator", "context", "head", "section", "table", "row", "column", "start", "end", "reviewed",
)  # fmt: skip


def _show_candidates(paper: Path, study: str | None, form: str, output: Path | None) -> None:
    """Print the candidate facts of a paper as records or as rows, one per value and place."""
    import msgspec

    from smm_kg.paper.candidates import candidates
    from smm_kg.paper.source import read_document

    found = candidates(read_document(paper), study)
    if form == _RECORDS:
        emit([msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"], output)
        return
    Answer(form, output, None).show(
        _CANDIDATE_COLUMNS, [row for each in found for row in _candidate_rows(each)]
    )


def _candidate_rows(candidate: Any) -> list[tuple[Any, ...]]:
    """The rows of one candidate: one for each value and each of its places."""
    return [
        (
            candidate.study, candidate.kind, candidate.production, value.measure,
            None if value.number is None and value.date is None else value.comparator,
            next((each for each in (value.number, value.date, value.text) if each is not None), None),
            value.status, place.printed, value.unit, value.numerator, value.denominator, candidate.context,
            candidate.column, "/".join(place.section), place.table, place.row, place.column, place.start,
            place.end, candidate.reviewed,
        )
        for value in candidate.values
        for place in value.locators
        if place.role == "value"
    ]  # fmt: skip


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg coverage paper.txt --study mateos-2013 --format csv",
        "smm-kg coverage paper.txt --unaccounted",
        "smm-kg coverage paper.txt --rules",
    ),
)
@_PAPER
@paper_options
@click.option("--rules", is_flag=True, help="Show what each rule explained instead.")
@click.option("--unaccounted", is_flag=True, help="Show only what is unaccounted for.")
@row_options
@click.pass_context
def coverage(
    context: click.Context,
    paper: Path,
    study: tuple[str, ...],
    sheet: Path | None,
    rules: bool,
    unaccounted: bool,
    answer: Answer,
) -> None:
    """Account for every number of a paper.

    Each is in the graph, explained by a rule that is named, or unaccounted for. The exit code is 1 when one
    is unaccounted for, or the sheet does not fit the paper.
    """
    from smm_kg.reading import coverage_of

    with working(f"reading {paper.name}"):
        accounts, reading = coverage_of(paper, one_study(study), sheet)
    for problem in reading.problems:
        note(f"does not fit the paper: {problem}")
    if rules:
        _show_rules(accounts, answer)
    else:
        _show_accounts(accounts, unaccounted, answer)
    left = len(accounts.of("unaccounted"))
    note(
        f"{len(accounts.accounts)} numbers: {len(accounts.of('in the graph'))} in the graph, "
        f"{len(accounts.of('explained'))} explained, {left} unaccounted for"
    )
    if left or reading.problems:
        context.exit(FINDINGS)


def _show_accounts(accounts: Coverage, unaccounted: bool, answer: Answer) -> None:
    held = accounts.of("unaccounted") if unaccounted else accounts.accounts
    rows = [
        (
            each.token,
            each.start,
            each.end,
            "/".join(each.section),
            each.verdict,
            each.reason or None,
            each.context,
        )
        for each in held
    ]
    answer.show(("token", "start", "end", "section", "verdict", "rule_or_fact", "context"), rows)


def _show_rules(accounts: Coverage, answer: Answer) -> None:
    rows = [
        (
            rule.name,
            len(rule.explained),
            rule.description,
            ", ".join(sorted({each.token for each in rule.explained})),
        )
        for rule in accounts.rules
    ]
    answer.show(("rule", "explained", "description", "tokens"), rows)
