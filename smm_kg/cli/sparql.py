"""The command that answers a query of the user's own: sparql."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import Source, graph_options
from smm_kg.cli.output import Answer, emit, output_option
from smm_kg.export import EXPORTS
from smm_kg.formats import FORMATS, format_of

if TYPE_CHECKING:
    from smm_kg.rows import Rows, Triples

__all__ = ["sparql"]

# What SPARQL 1.1 itself says of these formats goes before what rows are elsewhere.
_RESULTS = ("json", "xml", "csv", "tsv")
_SUFFIXES = {".xml": "xml", ".srx": "xml", ".srj": "json"}
_FORMATS = tuple(dict.fromkeys([*FORMATS, *_RESULTS, *EXPORTS]))


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg sparql 'SELECT ?study WHERE { ?study a <https://w3id.org/smm-kg/ontology#Study> }'",
        "smm-kg sparql 'ASK { ?value a <https://w3id.org/smm-kg/ontology#HazardRatio> }' --format json",
        "smm-kg query compare-progression --text | smm-kg sparql -",
    ),
)
@click.argument("text", metavar="QUERY")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    metavar="FORMAT",
    help="For a SELECT or ASK: table (the default), json, xml, csv, tsv (all four as SPARQL 1.1 has them), "
    "jsonl, markdown, parquet; for a CONSTRUCT or DESCRIBE: turtle (the default), ntriples, jsonld, rdfxml, "
    "trig, nquads. Without it, the suffix of the file says which.",
)
@output_option
@graph_options
def sparql(text: str, form: str | None, output: Path | None, source: Source) -> None:
    """Answer a SPARQL query of your own.

    It reads all graphs together unless it says GRAPH or FROM. QUERY is the text of the query, a file whose
    name ends in .rq or .sparql, or - for standard input.
    """
    from smm_kg.cli.interruption import ending_after

    asked = _query_text(text)
    form = form or _format_of(output, asked)
    with source.open() as graph:
        remote = (source.store or "").startswith(("http://", "https://"))  # which keeps the time itself
        with ending_after(None if remote else source.timeout):
            if form in _RESULTS:
                found: Any = graph.results_json(asked)
            else:
                found = graph.sparql(asked)
        if isinstance(found, bytes):
            from smm_kg.formats.results import render_results

            emit(render_results(str(form), found), output)
        else:
            _show(found, form, output)


def _format_of(output: Path | None, asked: str) -> str | None:
    """The format that the suffix of a file stands for, in an answer to this query."""
    from smm_kg.export import export_format
    from smm_kg.store.sparql_text import query_form

    if output is None or not output.suffix:
        return None
    if query_form(asked) in ("CONSTRUCT", "DESCRIBE"):
        return export_format(output)
    return _SUFFIXES.get(output.suffix.lower()) or format_of(output)


def _query_text(text: str) -> str:
    if text == "-":
        written = sys.stdin.buffer.read()
    elif text.endswith((".rq", ".sparql")) and len(text.split()) == 1:
        written = Path(text).read_bytes()
    else:
        return text
    try:
        return written.decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"the query is not UTF-8 text: {error}") from error


def _show(found: Rows | Triples | bool, form: str | None, output: Path | None) -> None:
    """Write an answer as what it is: true or false, triples, or rows."""
    from smm_kg.rows import Triples

    if isinstance(found, bool):
        if form not in (None, "table"):
            raise click.UsageError(f"true or false cannot be written as {form}; choose json, xml, csv or tsv")
        emit([b"true\n" if found else b"false\n"], output)
    elif isinstance(found, Triples):
        if form is not None and form not in EXPORTS:
            raise click.UsageError(f"triples cannot be written as {form}; choose from {', '.join(EXPORTS)}")
        from smm_kg.export import written
        from smm_kg.export.quads import canonical, read_nquads

        emit(written(form or "turtle", canonical(read_nquads(found.ntriples.decode()))), output)
    else:
        if form in EXPORTS:
            raise click.UsageError(f"rows cannot be written as {form}; choose from {', '.join(FORMATS)}")
        Answer(form, output, None).show(found.columns, found)
