"""Commands that ask the graph questions of the catalogue: facts, queries, query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_kg.cli.command import ExampleCommand, ExampleGroup
from smm_kg.cli.options import PAPER, Source, graph_options, one_study, paper_options
from smm_kg.cli.output import Answer, emit, row_options

if TYPE_CHECKING:
    from smm_kg.catalogue import Catalogue, Parameter, Query
    from smm_kg.rows import Rows

__all__ = ["facts", "queries", "query"]


def _catalogue() -> Catalogue:
    from smm_kg import resources
    from smm_kg.catalogue import Catalogue

    return Catalogue(resources.queries())


class _FactsCommand(ExampleCommand):
    """``facts``, with the parameters of its query as options."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own options and one for each parameter of the query ``facts``."""
        return [*_options(_catalogue()["facts"], but={"study"}), *super().get_params(ctx)]


@click.command(
    cls=_FactsCommand,
    examples=(
        'smm-kg facts --subject "time to progression" --measure "hazard ratio"',
        "smm-kg facts --phase maintenance --arm treatment --columns subject,grade,measure,value",
        "smm-kg facts --paper paper.txt --study mateos-2013 --format jsonl",
    ),
)
@click.option("--paper", type=PAPER, metavar="PAPER", help="Read this paper afresh.")
@paper_options
@row_options
@graph_options
def facts(
    paper: Path | None,
    study: tuple[str, ...],
    sheet: Path | None,
    answer: Answer,
    source: Source,
    **filters: Any,
) -> None:
    """Print the fact table: one row per value and place.

    A filter may be given several times; a fact passes when it fits one of its values.
    """
    chosen = _set({**filters, "study": study})
    if paper is None:
        if sheet is not None:
            raise click.UsageError("--sheet says how to read a paper: give --paper too")
        with source.open() as graph:
            rows = graph.facts(**chosen)
    elif source.named:
        raise click.UsageError("--paper is read afresh and --store was read before: give one of them")
    else:
        rows = _facts_of_paper(paper, study, sheet, chosen)
    answer.show(rows.columns, rows)


def _facts_of_paper(
    paper: Path, study: Sequence[str], sheet: Path | None, filters: Mapping[str, Any]
) -> Rows:
    from smm_kg.cli.papers import reading_of
    from smm_kg.graph import Graph

    reading = reading_of(paper, one_study(study), sheet)
    with Graph.from_studies([reading.study]) as graph:
        return graph.facts(**filters)


@click.command(cls=ExampleCommand, examples=("smm-kg queries", "smm-kg queries --format markdown"))
@row_options
def queries(answer: Answer) -> None:
    """List the questions that `smm-kg query` answers."""
    catalogue = _catalogue()
    known = [catalogue[name] for name in catalogue.names()]
    rows = [
        (each.name, each.summary, ", ".join(parameter.name for parameter in each.parameters), each.question)
        for each in known
    ]
    answer.show(("name", "summary", "parameters", "question"), rows)


class _QueryGroup(ExampleGroup):
    """One command for each query of the catalogue, made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the queries."""
        return list(_catalogue().names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that asks a query, with the query's parameters as options.

        Raises:
            CatalogueError: there is no such query; the message names those that are like it.
        """
        if cmd_name.startswith("-"):
            return None
        from smm_kg.catalogue import UnknownQueryError

        try:
            return _command_of(_catalogue()[cmd_name])
        except UnknownQueryError:
            if ctx.resilient_parsing:  # the shell completes a line that is not yet whole
                return None
            raise


@click.command(
    cls=_QueryGroup,
    examples=(
        "smm-kg query compare-progression",
        "smm-kg query adverse-events --phase maintenance --arm treatment --format csv",
        "smm-kg query compare-progression --text",
    ),
)
def query() -> None:
    """Answer a question of the catalogue.

    The options of a question are its parameters: see `smm-kg query NAME --help`.
    """


def _command_of(known: Query) -> click.Command:
    """A command that asks one query."""

    @row_options
    @graph_options
    @click.option(
        "--text",
        is_flag=True,
        help="Print the query as SPARQL, its parameters set, and do not ask it.",
    )
    def ask(text: bool, answer: Answer, source: Source, **parameters: Any) -> None:
        given = _set(parameters)
        if text and not given:
            emit([known.text.encode()], answer.output)
            return
        with source.open() as graph:
            if text:
                emit([graph.text(known.name, **given).encode()], answer.output)
                return
            rows = graph.query(known.name, **given)
            answer.show(rows.columns, rows)

    command = click.command(
        known.name,
        cls=ExampleCommand,
        help=f"{known.summary}.\n\n{known.question}",
        short_help=known.summary,
        examples=(f"smm-kg query {known.name}",),
    )(ask)
    command.params[:0] = _options(known)
    return command


def _options(known: Query, but: frozenset[str] | set[str] = frozenset()) -> list[click.Parameter]:
    """The parameters of a query as options that may be given several times."""
    return [_option(parameter) for parameter in known.parameters if parameter.name not in but]


def _option(parameter: Parameter) -> click.Option:
    about = parameter.help or ""
    if parameter.default is not None:
        about = f"{about} (unless given: {_written(parameter.default)})".strip()
    values = list(parameter.values or ())
    return click.Option(
        [f"--{parameter.name.lower()}", parameter.name],
        type=click.Choice(values, case_sensitive=False) if values else str,
        metavar=None if values else parameter.type.upper(),
        multiple=True,
        help=f"{about[:1].upper()}{about[1:]}." if about else None,
    )


def _written(default: object) -> str:
    return ", ".join(map(str, default)) if isinstance(default, (list, tuple)) else str(default)


def _set(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that were given, one value as itself, several as a list."""
    return {name: given[0] if len(given) == 1 else list(given) for name, given in parameters.items() if given}
