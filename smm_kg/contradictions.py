"""Which statements contradict the ontology, as HermiT finds: a small set of them for each study.

HermiT says only that statements are inconsistent. The set is found by bisection (QuickXplain: Junker U. AAAI
2004:167-72), first among the nodes of a study, then among the statements of the nodes found.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from smm_kg import ontology
from smm_kg.rows import Rows
from smm_kg.shapes import Finding, label_of, locator_of
from smm_kg.terms import PREFIXES, SMM, STUDY, compact, smm

if TYPE_CHECKING:
    import rdflib

__all__ = ["contradictions"]

_RULE = "owl-consistency"
_ANNOTATIONS = (PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["rdfs"] + "label")
_T = TypeVar("_T")


class _OutOfTimeError(Exception):
    """The time for narrowing down is over."""


def contradictions(nquads: bytes, *, seconds: float = 120) -> Rows:
    """Return one finding for each study that contradicts the ontology, and one if only several together do.

    What is consistent together is consistent alone, so all studies are tried at once, and one at a time only
    when that fails.

    Args:
        nquads: N-Quads of any number of studies; the ontology's and the inferred graph may be among them.
        seconds: how long to narrow down the statements of one study. When it is over, those that are left are
            told, so many as they are.

    Returns:
        Rows with the columns of :class:`smm_kg.shapes.Finding`: ``focus`` is the node of most of the
        statements, ``message`` has them in words.

    Raises:
        ReasonerError: HermiT cannot be run, or gives no answer.
    """
    graph = ontology.statements(nquads)
    test = _Test(graph)
    data = _by_study(graph)
    if test.consistent(line for lines in data.values() for line in lines):
        return Rows(Finding._fields, [])
    found = []
    for study, lines in data.items():
        if study and not test.consistent([*data.get("", ()), *lines]):
            found.append(_finding(graph, *_narrowed(test, lines, seconds)))
    if not found:
        every = [line for lines in data.values() for line in lines]
        found.append(_finding(graph, *_narrowed(test, every, seconds)))
    return Rows(Finding._fields, sorted(found))


class _Statement(NamedTuple):
    """A triple of the data, and how N-Triples write it."""

    subject: Any
    predicate: Any
    object: Any

    def line(self) -> bytes:
        return f"{self.subject.n3()} {self.predicate.n3()} {self.object.n3()} .\n".encode()


class _Test:
    """Asks HermiT about the ontology with some of the statements of the data."""

    def __init__(self, graph: rdflib.Graph) -> None:
        import rdflib

        terms = rdflib.Graph()
        for triple in graph:
            if not str(triple[0]).startswith(STUDY) and not str(triple[1]).startswith(_ANNOTATIONS):
                terms.add(triple)
        self._terms = terms.serialize(format="nt", encoding="utf-8")

    def consistent(self, statements: Iterable[_Statement]) -> bool:
        with tempfile.TemporaryDirectory(prefix="smm-kg-") as folder:
            file = Path(folder) / "statements.nt"
            with file.open("wb") as stream:
                stream.write(self._terms)
                stream.writelines(statement.line() for statement in statements)
            return ontology.is_consistent(file)


def _by_study(graph: rdflib.Graph) -> dict[str, list[_Statement]]:
    """Return the statements of the data by study, without places in documents and what is only to read."""
    from rdflib import RDF, URIRef

    places = set(graph.subjects(RDF.type, URIRef(smm("Locator"))))
    to_read = {URIRef(smm(name)) for name in ("printed", "remark", "text", "exact", "position")}
    found: dict[str, list[_Statement]] = defaultdict(list)
    for triple in sorted(graph):
        subject, predicate, value = triple
        if str(subject).startswith(STUDY) and subject not in places and value not in places:
            ours = str(predicate).startswith(SMM) or predicate == RDF.type
            if ours and predicate not in to_read:
                found[str(subject).partition("#")[0]].append(_Statement(subject, predicate, value))
    return dict(found)


def _narrowed(
    test: _Test, statements: Sequence[_Statement], seconds: float
) -> tuple[Sequence[_Statement], bool]:
    """Return a smallest set of statements that contradict the ontology, and whether there was time for it."""
    end = time.monotonic() + seconds
    nodes: dict[Any, list[_Statement]] = defaultdict(list)
    for statement in statements:
        nodes[statement.subject].append(statement)
    left: list[_Statement] = list(statements)
    try:
        chosen = _smallest(list(nodes.values()), lambda parts: test.consistent(_joined(parts)), end)
        left = _joined(chosen)
        left = _smallest(left, test.consistent, end)
    except _OutOfTimeError:
        return left, False
    return left, True


def _joined(parts: Iterable[Sequence[_Statement]]) -> list[_Statement]:
    return [statement for part in parts for statement in part]


def _smallest(parts: Sequence[_T], consistent: Any, end: float) -> list[_T]:
    """Return parts that are inconsistent together, and no longer if any one of them is left out."""

    def explain(kept: list[_T], added: bool, candidates: list[_T]) -> list[_T]:
        if time.monotonic() > end:
            raise _OutOfTimeError
        if added and not consistent(kept):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        first, second = candidates[:half], candidates[half:]
        of_second = explain(kept + first, True, second)
        of_first = explain(kept + of_second, bool(of_second), first)
        return of_first + of_second

    return explain([], False, list(parts))


def _finding(graph: rdflib.Graph, statements: Sequence[_Statement], narrowed: bool) -> Finding:
    subjects = [statement.subject for statement in statements]
    focus = max(sorted(set(subjects)), key=subjects.count)
    paths = sorted({compact(str(one.predicate)) for one in statements if one.subject == focus})
    if narrowed:
        message = "These statements cannot all be true: " + "; ".join(_sentences(graph, statements)) + "."
    else:
        message = (
            f"Among {len(statements)} statements are some that cannot all be true;"
            " time ran out before they were narrowed down."
        )
    return Finding(
        "violation", _RULE, str(focus), label_of(graph, focus), "|".join(paths), message,
        locator_of(graph, focus),
    )  # fmt: skip


def _sentences(graph: rdflib.Graph, statements: Sequence[_Statement]) -> Iterator[str]:
    from rdflib import RDF, RDFS, Literal

    for subject, predicate, value in statements:
        name = graph.value(predicate, RDFS.label) or compact(str(predicate))
        said = "is a" if predicate == RDF.type else name
        told = str(value) if isinstance(value, Literal) else label_of(graph, value)
        yield f"{label_of(graph, subject)} (#{str(subject).partition('#')[2]}) {said} {told}"
