"""Commands that make, check and write out the graph: build, check, export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import FOLDER, PAPER, Source, graph_options, one_study, paper_options
from smm_kg.cli.outcome import FINDINGS
from smm_kg.cli.output import Answer, emit, note, output_option, row_options, working
from smm_kg.export import EXPORTS

if TYPE_CHECKING:
    from smm_kg.graph import Graph
    from smm_kg.records import Study

__all__ = ["build", "check", "export"]

_FOLDER = Path("smm-kg-store")
_COMPARISON = "compare-progression"
_COMPARED = (
    "study", "contrast", "end_point", "printed", "p_comparator", "p_value", "median_experimental",
    "median_reference",
)  # fmt: skip
_OWN = "STRSTARTS(STR(?graph), 'https://w3id.org/smm-kg/graph/') && STRAFTER(STR(?graph), 'graph/') IN"
_GRAPHS = f"""
SELECT ?graphs (COUNT(DISTINCT ?graph) AS ?number) (COUNT(*) AS ?triples) WHERE {{
  GRAPH ?graph {{ ?subject ?predicate ?value }}
  BIND (IF({_OWN} ('ontology', 'inferred', 'audit'), STRAFTER(STR(?graph), 'graph/'), 'sources') AS ?graphs)
}}
GROUP BY ?graphs ORDER BY ?graphs
"""


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg build",
        "smm-kg build --output evidence-store",
        "smm-kg build --paper paper.txt --study mateos-2013",
    ),
)
@click.option(
    "--paper",
    type=PAPER,
    metavar="PAPER",
    help="Read this paper afresh; what it states takes the place of the study's shipped evidence.",
)
@paper_options
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    default=_FOLDER,
    metavar="FOLDER",
    show_default=True,
    help="The folder to build in; a store that is there is replaced once the new one is complete.",
)
def build(paper: Path | None, study: tuple[str, ...], sheet: Path | None, output: Path) -> None:
    """Build the graph in a folder and print what it holds.

    The folder, which `--store FOLDER` then asks, holds graph.nq, the graph as sorted N-Quads, and a store
    made from it. Facts by study, triples by graph and one comparison are printed.
    """
    from smm_kg import dataset
    from smm_kg.graph import open as open_graph
    from smm_kg.shipped import studies as shipped_studies
    from smm_kg.store.folder import build as build_store

    if paper is None and (study or sheet):
        raise click.UsageError("--study and --sheet say how to read a paper: give --paper too")
    studies = shipped_studies()
    if paper is not None:
        read = _read(paper, study, sheet)
        kept = [each for each in studies if each.id != read.id or each.document.key is not None]
        studies = [read, *kept]
    with working(f"building {output}"):
        build_store(output, dataset.chunks(studies), sources=sorted({each.document.id for each in studies}))
    with open_graph(str(output)) as graph:
        _summarise(graph, studies)
    note(f"built {output}; ask it with --store {output}")


def _read(paper: Path, study: Sequence[str], sheet: Path | None) -> Study:
    from smm_kg.cli.papers import reading_of

    return reading_of(paper, one_study(study), sheet).study


def _summarise(graph: Graph, studies: Sequence[Study]) -> None:
    """Print how much there is of each study, how large the graphs are, and one comparison."""
    from smm_kg.rows import Rows

    on_screen = Answer("table", None, None)
    sources: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    values: Counter[str] = Counter()
    for study in studies:
        sources[study.id] += 1
        facts[study.id] += len(study.facts)
        values[study.id] += sum(len(fact.values) for fact in study.facts)
    counted = [(name, sources[name], facts[name], values[name]) for name in sorted(sources)]
    total = ("all", sum(sources.values()), sum(facts.values()), sum(values.values()))
    on_screen.show(("study", "sources", "facts", "values"), [*counted, total])
    click.echo()
    graphs = graph.sparql(_GRAPHS)
    if isinstance(graphs, Rows):
        on_screen.show(graphs.columns, graphs)
        click.echo()
    comparison = graph.query(_COMPARISON)
    click.echo(f"smm-kg query {_COMPARISON}")
    answer = on_screen._replace(columns=",".join(_COMPARED))
    answer.show(comparison.columns, comparison)


@click.command(
    cls=ExampleCommand,
    examples=("smm-kg check", "smm-kg check --dl --format json", "smm-kg check --report report.ttl"),
)
@click.option("--dl", is_flag=True, help="Ask the reasoner HermiT too (extra dl): slower, and finds more.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the findings as a sh:ValidationReport in Turtle, too.",
)
@row_options
@graph_options
@click.pass_context
def check(context: click.Context, answer: Answer, source: Source, dl: bool, report: Path | None) -> None:
    """Check the graph against its rules: shapes (SHACL), queries, and the ontology's axioms.

    Violations are errors of the graph; a warning is what a source prints, kept as printed. The exit code is 1
    when there is a violation.
    """
    with source.open() as graph, working("checking"):
        rows = graph.check(dl=dl)
    answer.show(rows.columns, rows)
    if report is not None:
        from smm_kg.validation_report import report_of

        emit([report_of(rows)], report)
    found = Counter(row.severity for row in rows)
    note(
        ", ".join(f"{count} of severity {severity}" for severity, count in sorted(found.items()))
        or "no findings"
    )
    if found["violation"]:
        context.exit(FINDINGS)


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg export evidence.ttl",
        "smm-kg export evidence.trig --study mateos-2013 --without-ontology",
        "smm-kg export aligned.trig --with-alignments",
        "smm-kg export --format nquads",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(EXPORTS)),
    help="Format; else by the suffix of the file, else trig. Turtle, ntriples and rdfxml know no named "
    "graphs: they hold the triples of all graphs together.",
)
@output_option
@click.option("--study", multiple=True, metavar="ID", help="Only this study, with what follows from it.")
@click.option("--graph", multiple=True, metavar="GRAPH", help="Only this named graph, by IRI or last part.")
@click.option("--without-ontology", is_flag=True, help="Leave the ontology out.")
@click.option(
    "--with-alignments",
    is_flag=True,
    help="Add what the ontology's terms mean in OBI, STATO, NCIt and other vocabularies (SKOS and OWL), as "
    "graph/alignments.",
)
@graph_options
def export(
    file: Path | None,
    form: str | None,
    output: Path | None,
    study: tuple[str, ...],
    graph: tuple[str, ...],
    without_ontology: bool,
    with_alignments: bool,
    source: Source,
) -> None:
    """Write the graph to a file for other tools.

    The same graph gives the same bytes, every time. FILE (or --output) names the file; without one the graph
    goes to standard output. A description of the dataset (VoID and DCAT: title, licence, sources, counts) is
    part of every export.
    """
    from smm_kg.export import export_format, render

    if file is not None and output is not None:
        raise click.UsageError("the file is named twice: give FILE or --output")
    target = file or output
    to_stdout = target is None or str(target) == "-"
    chosen = form or ("trig" if target is None or to_stdout else export_format(target))
    with source.open() as held:
        pieces = render(
            held,
            chosen,
            studies=study,
            graphs=graph,
            ontology=not without_ontology,
            alignments=with_alignments,
        )
        emit(pieces, target)
