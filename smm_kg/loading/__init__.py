"""Graphs from elsewhere: a file that follows the ontology is checked, and stands beside what is there.

>>> from pathlib import Path
>>> from smm_kg import resources
>>> trial = resources.folder("ontology") / "examples" / "good" / "trial.ttl"
>>> loaded = load(trial)                                   # no folder: the file is only checked
>>> loaded.graphs, len(loaded.findings)
(('https://w3id.org/smm-kg/graph/doi-10.9999-made-up-2030',), 0)

``load(file, folder)`` puts it into the store of a folder. See docs/exchange.md for the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smm_kg import resources
from smm_kg.graph import Graph
from smm_kg.inference import ontology_quads, terms_of
from smm_kg.loading.errors import LoadingError
from smm_kg.loading.merging import Conflict, Held, Line, merged
from smm_kg.loading.reading import FORMATS, Source, read
from smm_kg.loading.rules import Quads, documents_of, sorted_out
from smm_kg.rows import Rows, row_type
from smm_kg.store.embedded import FolderStore, MemoryStore
from smm_kg.store.folder import Manifest, build, read_manifest
from smm_kg.terms import GRAPH, STUDY, expand, smm

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["FORMATS", "Loaded", "LoadingError", "load"]

VIOLATION = "violation"
_IS_STUDY = f" <{expand('rdf:type')}> <{smm('Study')}> ".encode()


class Loaded(NamedTuple):
    """What came of a file.

    Attributes:
        findings: breaches of the rules of the evidence model by its studies, as ``smm-kg check`` tells them,
            with a column ``place``: file and line of the node, where known.
        graphs: the named graphs of its sources.
        statements: how many there are of its own, in these graphs.
        notes: what was left out or not done, in words.
        stored: whether the store now holds it; with a violation it never does.
    """

    findings: Rows
    graphs: tuple[str, ...]
    statements: int
    notes: tuple[str, ...]
    stored: bool

    @property
    def violations(self) -> int:
        """How many of the findings forbid that the file is loaded."""
        return sum(row.severity == VIOLATION for row in self.findings)


def load(
    file: Path | str,
    folder: Path | str | None = None,
    *,
    format: str | None = None,  # noqa: A002 - as users say it
    replace: bool = False,
    dry_run: bool = False,
) -> Loaded:
    """Check a file against the rules and load it into the store of a folder, whole or not at all.

    Args:
        file: Turtle, TriG, JSON-LD, N-Quads or N-Triples.
        folder: made by ``smm-kg build``; without one the file is checked by itself.
        format: a key of :data:`FORMATS`; by the suffix when not given.
        replace: whether a source that is there already gives way to that of the file.
        dry_run: whether to check only.

    Raises:
        LoadingError: the file cannot be read safely, or breaks a rule of form or of names.
        StoreError: the folder holds no store, or one that is being built.
        WritingError: the system does not let us write there.
    """
    source = read(Path(file), format)
    manifest = read_manifest(Path(folder)) if folder is not None else None
    terms = ontology_quads(resources.ontology())
    held = Held.of(_text_of(folder) if folder is not None else terms)
    named, notes = sorted_out(source, terms_of(terms))
    for graph, quads in named.items():
        studies = {f"<{study}".encode() for study in _studies(quads)}
        if held.states(graph, studies) and not replace:
            what = f"the store holds {graph.removeprefix(GRAPH)} already"
            raise LoadingError(what, file=source.file, rule="new-source", hint="replace it with --replace")
        held = held.without(graph, studies)
    try:
        whole = merged(held, {graph: _lines(quads, graph) for graph, quads in named.items()})
    except Conflict as conflict:
        line = source.places.line_of(conflict.node)
        raise LoadingError(
            conflict.what, file=source.file, rule=conflict.rule, line=line, hint=conflict.hint
        ) from conflict
    findings = _findings(whole.lines, source, named.values())
    count = sum(line.endswith(tuple(f" <{graph}> .".encode() for graph in named)) for line in whole.lines)
    loaded = Loaded(findings, tuple(named), count, (*notes, *whole.notes), stored=False)
    if manifest is None or folder is None or dry_run or loaded.violations:
        return loaded
    documents = [name for quads in named.values() for names in documents_of(quads).values() for name in names]
    _store(Path(folder), manifest, whole.lines, documents)
    return loaded._replace(stored=True)


def _text_of(folder: Path | str) -> bytes:
    store = FolderStore(folder)
    try:
        return store.nquads()
    finally:
        store.close()


def _lines(quads: Quads, graph: str) -> list[Line]:
    """Return statements as lines of a graph, numbers in the form in which every store of ours writes them."""
    import pyoxigraph as ox

    store, name = ox.Store(), ox.NamedNode(graph)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)
    text: bytes = store.dump(format=ox.RdfFormat.N_QUADS) or b""
    return [line for line in text.split(b"\n") if line]


def _studies(quads: Iterable[pyoxigraph.Quad]) -> set[str]:
    """Return the start of the names of all nodes of each study that is spoken of."""
    return {str(getattr(quad.subject, "value", "")).partition("#")[0] for quad in quads}


def _findings(lines: Collection[Line], source: Source, graphs: Iterable[Quads]) -> Rows:
    """Return what the rules find in the studies of a file, together with all that is known of them.

    Studies of which the file says nothing but to which it refers are looked at too, and not reported on.
    """
    quads = [quad for one in graphs for quad in one]
    own = _studies(quads)
    mentioned = {getattr(quad.object, "value", "").partition("#")[0] for quad in quads}
    starts = tuple(f"<{study}#".encode() for study in sorted(own | mentioned) if study.startswith(STUDY))
    about = [line for line in lines if line.startswith(starts) or not line.startswith(f"<{STUDY}".encode())]
    if not any(line.startswith(starts) and line.find(_IS_STUDY) > 0 for line in lines):
        what = "describes no study, and the store has none of that name"
        raise LoadingError(what, file=source.file, rule="study-described", hint="add a smm:Study to the file")
    with Graph(MemoryStore([b"\n".join([*about, b""])], "the file")) as graph:
        rows = graph.check()
    names = tuple(f"{study}#" for study in own)
    columns = (*rows.columns, "place")
    row_of = row_type(columns)
    found = [row_of(*row, _place(source, row.focus)) for row in rows if str(row.focus).startswith(names)]
    return Rows(columns, found)


def _place(source: Source, node: str) -> str:
    line = source.places.line_of(node)
    return "" if line is None else f"{source.file}:{line}"


def _store(folder: Path, manifest: Manifest, lines: Iterable[Line], documents: Iterable[str]) -> None:
    """Build the store of a folder anew of sorted lines, unless it is no longer what they were made from."""

    def chunks() -> Iterator[bytes]:
        if read_manifest(folder).store != manifest.store:  # asked while other builds are kept out
            what = "the store was built anew meanwhile"
            raise LoadingError(what, file=str(folder), rule="one-at-a-time", hint="load the file again")
        yield b"\n".join([*lines, b""])

    build(folder, chunks(), sources=sorted({*manifest.sources, *documents}))
