"""The command that draws pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import Source, graph_options
from smm_kg.cli.output import emit
from smm_kg.draw.pictures import PICTURES

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["draw"]

_FOREST = "forest"
_SUMMARIES = {name: picture.summary for name, picture in PICTURES.items()} | {
    _FOREST: "effects of trials on an end point; `smm-kg compare -o FILE.svg` draws any comparison"
}
_FILE = click.Path(dir_okay=False, path_type=Path)


class _DrawCommand(ExampleCommand):
    """``draw``, with a line on each picture in its help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the pictures before the options."""
        with formatter.section("Pictures"):
            formatter.write_dl(list(_SUMMARIES.items()))
        super().format_options(ctx, formatter)


@click.command(
    cls=_DrawCommand,
    examples=(
        "smm-kg draw flow --study mateos-2013 -o flow.svg",
        "smm-kg draw adverse-events --study mateos-2013",
        "smm-kg draw network -o network.graphml",
    ),
)
@click.argument("picture", type=click.Choice(list(_SUMMARIES)))
@click.option("--study", metavar="ID", help="The study to draw; needed where several have what is drawn.")
@click.option(
    "--endpoint",
    "end_point",
    metavar="NAME",
    help="End point of a forest plot.  [default: time to progression]",
)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    metavar="FILE",
    help="Write to this file: .svg, .png or .pdf (extra png); network and study also .graphml, .gexf or "
    ".json. Else SVG goes to standard output.",
)
@graph_options
def draw(picture: str, study: str | None, end_point: str | None, output: Path | None, source: Source) -> None:
    """Draw a picture of a study, of the treatment network or of the ontology.

    The same graph gives the same SVG, to the byte.
    """
    if end_point is not None and picture != _FOREST:
        raise click.UsageError(f"--endpoint goes with {_FOREST}, not with {picture}")
    suffix = _suffix(picture, output)
    with source.open() as graph:
        if picture == _FOREST:
            svg = _forest(graph, end_point or "time to progression", study)
        else:
            known = PICTURES[picture]
            shown = known.ask(graph, study)
            if suffix in _graph_suffixes(picture):
                emit([known.graph_file(shown, suffix)], output)
                return
            svg = known.draw(shown)
    _write(svg, suffix, output)


def _graph_suffixes(picture: str) -> tuple[str, ...]:
    if picture not in PICTURES or PICTURES[picture].graph is None:
        return ()
    from smm_kg.draw.graph_files import GRAPH_FORMATS

    return tuple(GRAPH_FORMATS)


def _suffix(picture: str, output: Path | None) -> str:
    """The suffix that says the format, checked before anything is asked."""
    from smm_kg.draw.files import PICTURE_FORMATS

    if output is None or str(output) == "-":
        return ".svg"
    suffix = output.suffix.lower()
    known = (*PICTURE_FORMATS, *_graph_suffixes(picture))
    if suffix not in known:
        raise click.UsageError(f"{picture} is written as {', '.join(known)}, not as {suffix or output.name}")
    return suffix


def _write(svg: str, suffix: str, output: Path | None) -> None:
    from smm_kg.draw.files import PICTURE_FORMATS

    emit([PICTURE_FORMATS[suffix](svg)], output)


def _forest(graph: Graph, end_point: str, study: str | None) -> str:
    from smm_kg.compare.picture import forest_of
    from smm_kg.draw.forest import draw as draw_forest

    asked: dict[str, Any] = {"study": study} if study else {}
    return draw_forest(forest_of(graph.compare(end_point, **asked)))
