"""What the ontology adds to the data: superclass types and super-properties, in a graph of their own.

A query then asks for ``smm:Statistic`` or ``smm:number`` without walking ``rdfs:subClassOf*``, which some
engines answer wrongly and all answer slowly. Only terms of our own ontology are added.

The work is done on N-Quads text, without parsing it: only lines of ``rdf:type`` and of properties that have a
super-property are looked at, and they are found by searching for the predicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from smm_kg.errors import SmmKgError
from smm_kg.terms import INFERRED_GRAPH, ONTOLOGY_GRAPH, SMM, expand

__all__ = ["Hierarchy", "OntologyError", "lines_with", "ontology_quads", "terms_of"]

_TYPE = f" <{expand('rdf:type')}> ".encode()
_END = f" <{INFERRED_GRAPH}> .\n".encode()


class OntologyError(SmmKgError):
    """The ontology cannot be read."""


class Hierarchy:
    """The superclasses of each class and the super-properties of each property, transitively, by IRI."""

    def __init__(self, classes: Iterable[tuple[str, str]], properties: Iterable[tuple[str, str]]) -> None:
        """Build from pairs of a term and one directly above it; equivalent terms may be each other's."""
        self.superclasses = _closure(classes)
        self.superproperties = _closure(properties)
        self._classes = {_term(name): tuple(map(_term, above)) for name, above in self.superclasses.items()}
        self._properties = {
            b" " + _term(name) + b" ": tuple(b" " + _term(one) + b" " for one in above)
            for name, above in self.superproperties.items()
        }

    @property
    def classes_above(self) -> Mapping[bytes, tuple[bytes, ...]]:
        """The superclasses of each class, both as N-Quads write them."""
        return self._classes

    @classmethod
    def of(cls, ontology: bytes) -> Hierarchy:
        """Read the named classes and properties of an ontology, as :func:`ontology_quads` gives it."""
        return cls(_pairs(ontology, "rdfs:subClassOf"), _pairs(ontology, "rdfs:subPropertyOf"))

    def materialise(self, nquads: bytes) -> bytes:
        """Return the quads of the inferred graph that follow from quads, one a line.

        Args:
            nquads: lines of a subject, a predicate, an object and a graph with single blanks between, among
                them all that is said of each subject.
        """
        lines: list[bytes] = []
        asserted = set()
        for subject, rest in _lines(nquads, _TYPE):
            name = rest[: rest.find(b">") + 1]
            asserted.add((subject, name))
            lines += [subject + _TYPE + above + _END for above in self._classes.get(name, ())]
        if len(asserted) > len({subject for subject, _ in asserted}):
            # A subject of two classes may have one of them, or a class above both, asserted or added already.
            known = {subject + _TYPE + name + _END for subject, name in asserted}
            lines = [line for line in dict.fromkeys(lines) if line not in known]
        for predicate, superproperties in self._properties.items():
            for subject, rest in _lines(nquads, predicate):
                line = rest[: rest.find(b"\n")]
                value = line[: line.rfind(b" <")]
                lines += [subject + above + value + _END for above in superproperties]
        return b"".join(lines)


def ontology_quads(path: Path) -> bytes:
    """Return an ontology in Turtle as N-Quads in its graph; blank nodes get the same names every time.

    Raises:
        OntologyError: the file is missing or is not Turtle.
    """
    import pyoxigraph as ox

    # Through a store, which writes numbers in their canonical form as every other store of the graph will.
    store = ox.Store()
    try:
        store.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(ONTOLOGY_GRAPH))
    except (OSError, SyntaxError) as error:
        raise OntologyError(str(error), where=str(path)) from error
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""


def terms_of(ontology: bytes) -> frozenset[str]:
    """Return the local names of the terms that an ontology declares, as :func:`ontology_quads` gives it."""
    start = f"<{SMM}".encode()
    return frozenset(
        subject.removeprefix(start).rstrip(b">").decode()
        for subject, _ in _lines(ontology, _TYPE)
        if subject.startswith(start)
    )


def lines_with(nquads: bytes, predicate: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Yield subject and object of each line with a predicate, all three as N-Quads write them."""
    for subject, rest in _lines(nquads, b" %s " % predicate):
        line = rest[: rest.find(b"\n")]
        yield subject, line[: line.rfind(b" <")]


def _lines(nquads: bytes, predicate: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Yield the subject of each line with the predicate, and the text from its object on."""
    for before, rest in pairwise(nquads.split(predicate)):
        subject = before[before.rfind(b"\n") + 1 :]
        if b" " not in subject:  # else the predicate stands inside a text
            yield subject, rest


def _pairs(nquads: bytes, predicate: str) -> list[tuple[str, str]]:
    """Return the subjects and objects of a predicate where both are named."""
    found = (
        (subject, rest[: rest.find(b" ")])
        for subject, rest in _lines(nquads, f" <{expand(predicate)}> ".encode())
    )
    return [
        (subject[1:-1].decode(), above[1:-1].decode())
        for subject, above in found
        if subject[:1] == b"<" and above[:1] == b"<"
    ]


def _closure(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Return all terms of the ontology above each term, nearest first, itself excluded."""
    direct: dict[str, list[str]] = {}
    for name, above in pairs:
        direct.setdefault(name, []).append(above)
    closed = {}
    for name in direct:
        found: dict[str, None] = {}
        queue = list(direct[name])
        while queue:
            above = queue.pop(0)
            if above not in found:
                found[above] = None
                queue += direct.get(above, ())
        closed[name] = tuple(above for above in found if above.startswith(SMM) and above != name)
    return {name: above for name, above in closed.items() if above}


def _term(iri: str) -> bytes:
    return f"<{iri}>".encode()
