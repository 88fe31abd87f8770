"""The graph as files for other tools: the same bytes for the same graph, on every run and machine."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from smm_kg.errors import SmmKgError

if TYPE_CHECKING:
    from smm_kg.export.quads import Quad

__all__ = ["EXPORTS", "Export", "ExportError", "export_format", "render", "write", "written"]


class Export(NamedTuple):
    """A format of graphs.

    Attributes:
        module: where its writer is; the function has the name of the format.
        suffixes: of its files.
        graphs: whether it keeps the named graphs apart.
    """

    module: str
    suffixes: tuple[str, ...]
    graphs: bool


EXPORTS = {
    "turtle": Export("turtle", (".ttl", ".turtle"), False),
    "trig": Export("turtle", (".trig",), True),
    "nquads": Export("lines", (".nq", ".nquads"), True),
    "ntriples": Export("lines", (".nt", ".ntriples"), False),
    "jsonld": Export("jsonld", (".jsonld", ".json"), True),
    "rdfxml": Export("rdfxml", (".rdf", ".xml", ".owl"), False),
}


class ExportError(SmmKgError):
    """What was asked for cannot be exported."""


class _Holder(Protocol):
    """What is exported: a graph or a store, by its quads as N-Quads."""

    def nquads(self) -> bytes: ...


def export_format(path: Path) -> str:
    """The format that a file's suffix stands for.

    Raises:
        ExportError: it stands for none.
    """
    for name, export in EXPORTS.items():
        if path.suffix.lower() in export.suffixes:
            return name
    raise ExportError(
        f"the suffix {path.suffix!r} names no format" if path.suffix else "the name has no suffix",
        where=str(path),
        hint=f"end it in one of {', '.join(export.suffixes[0] for export in EXPORTS.values())}, "
        f"or name the format: {', '.join(EXPORTS)}",
    )


def write(
    graph: _Holder,
    path: str | Path,
    format: str | None = None,  # noqa: A002 - the word that users of files expect
    *,
    studies: Collection[str] = (),
    graphs: Collection[str] = (),
    ontology: bool = True,
    alignments: bool = False,
) -> None:
    """Write a graph to a file, which appears whole or not at all.

    Args:
        graph: what is exported.
        path: where to; its suffix names the format unless ``format`` does.
        format: a key of :data:`EXPORTS`.
        studies: as for :func:`render`, like the two that follow.
        graphs: see there.
        ontology: see there.
        alignments: see there.

    Raises:
        ExportError: the format, a study or a graph is not known.
        AlignmentError: the mappings are asked for and cannot be read.
        WritingError: the file cannot be written.
    """
    from smm_kg.atomic import replacing

    target = Path(path)
    form = format or export_format(target)
    pieces = render(graph, form, studies=studies, graphs=graphs, ontology=ontology, alignments=alignments)
    with replacing(target) as stream:
        stream.writelines(pieces)


def render(
    graph: _Holder,
    format: str,  # noqa: A002
    *,
    studies: Collection[str] = (),
    graphs: Collection[str] = (),
    ontology: bool = True,
    alignments: bool = False,
) -> Iterator[bytes]:
    """Yield the pieces of a file that holds the graph, sorted, with a description of its content.

    Turtle, N-Triples and RDF/XML know no named graphs: they hold the triples of all graphs together.

    Args:
        graph: what is exported.
        format: a key of :data:`EXPORTS`.
        studies: ids of the studies to export, with what follows from them; none for all.
        graphs: the named graphs to export, by IRI or last part (``inferred``); none for all.
        ontology: whether the ontology is exported too.
        alignments: whether what its terms mean in other vocabularies is exported too, in a graph of its own,
            whichever studies and graphs are asked for.

    Raises:
        ExportError: the format, a study or a graph is not known, or nothing is left.
        AlignmentError: the mappings are asked for and cannot be read.
    """
    if format not in EXPORTS:
        raise ExportError(f"no format is called {format!r}", candidates=list(EXPORTS))
    from smm_kg.export.description import described
    from smm_kg.export.quads import canonical, read_nquads

    held = _selected(read_nquads(graph.nquads().decode()), studies, graphs, ontology)
    if alignments:
        from smm_kg.export.alignments import aligned

        held += aligned()
    return written(format, described(canonical(held)))


def written(format: str, quads: Sequence[Quad]) -> Iterator[bytes]:  # noqa: A002
    """Yield the pieces of a file that holds just these quads, which are sorted and distinct."""
    module = importlib.import_module(f"smm_kg.export.{EXPORTS[format].module}")
    pieces: Iterator[str] = getattr(module, format)(quads)
    return (piece.encode() for piece in pieces)


def _selected(
    quads: Sequence[Quad], studies: Collection[str], graphs: Collection[str], ontology: bool
) -> list[Quad]:
    """The quads of the studies and graphs asked for.

    Raises:
        ExportError: a study or graph is not there, or nothing is left.
    """
    from smm_kg.terms import GRAPH, ONTOLOGY_GRAPH, is_iri

    known = {quad.graph[1:-1] for quad in quads}
    wanted = {name if is_iri(name) else GRAPH + name for name in graphs}
    if missing := sorted(wanted - known):
        names = sorted(name.removeprefix(GRAPH) for name in known if name)
        raise ExportError(f"there is no graph {missing[0]}", candidates=names)
    kept = [quad for quad in quads if not wanted or quad.graph[1:-1] in wanted]
    if not ontology:
        kept = [quad for quad in kept if quad.graph != f"<{ONTOLOGY_GRAPH}>"]
    if studies:
        kept = _of_studies(kept, studies)
    if not kept:
        raise ExportError("nothing is left to export", hint="ask for other studies or graphs")
    return kept


def _of_studies(quads: Sequence[Quad], studies: Collection[str]) -> list[Quad]:
    """The quads about the studies, and the ontology."""
    from smm_kg.terms import ONTOLOGY_GRAPH, STUDY

    ours = {
        quad.subject[len(STUDY) + 1 :].partition("#")[0]
        for quad in quads
        if quad.subject.startswith(f"<{STUDY}")
    }
    if missing := sorted(set(studies) - ours):
        raise ExportError(f"there is no study {missing[0]!r}", candidates=sorted(ours))
    starts = tuple(f"<{STUDY}{study}#" for study in studies)
    return [quad for quad in quads if quad.graph == f"<{ONTOLOGY_GRAPH}>" or quad.subject.startswith(starts)]
