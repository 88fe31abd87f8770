"""An ontology as statements to look up: labels, what is said of a term and by what, expressions in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from smm_kg.alignments import Mapping
from smm_kg.errors import SmmKgError
from smm_kg.terms import PREFIXES, SMM

__all__ = [
    "OWL",
    "RDF",
    "RDFS",
    "SKOS",
    "UNWORDED",
    "OntologyError",
    "Piece",
    "Vocabulary",
    "Words",
    "text_of",
]

OWL, RDF, RDFS, SKOS = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos"))
_XSD = PREFIXES["xsd"]
_LOCAL = re.compile(r"[A-Za-z0-9_][\w.-]*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FACETS = {
    "minInclusive": "at least",
    "maxInclusive": "at most",
    "minExclusive": "more than",
    "maxExclusive": "less than",
}


class OntologyError(SmmKgError):
    """A file that is not the Turtle of one ontology."""


class Piece(NamedTuple):
    """A run of text; with ``iri``, it names that thing."""

    text: str
    iri: str = ""


Words = tuple[Piece, ...]

UNWORDED: Words = (Piece("an expression that only the file shows"),)
"""What stands for an expression of a kind that the reference cannot put into words."""


def text_of(words: Words) -> str:
    """Return words without their links."""
    return "".join(piece.text for piece in words)


class Vocabulary:
    """The statements of an ontology, in the order of its file.

    Nodes are pyoxigraph's: a term has ``value``, a blank node stands for an expression.

    Args:
        turtle: the ontology.
        mappings: what its terms mean in other vocabularies.

    Raises:
        OntologyError: that is not Turtle.
    """

    def __init__(self, turtle: bytes, mappings: Iterable[Mapping] = ()) -> None:
        import pyoxigraph

        self._named = pyoxigraph.NamedNode
        self._literal = pyoxigraph.Literal
        self._said: dict[Any, dict[str, list[Any]]] = {}
        self._mentions: dict[Any, list[tuple[Any, str]]] = {}
        try:
            parser = pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)
            for quad in parser:
                said = self._said.setdefault(quad.subject, {})
                said.setdefault(quad.predicate.value, []).append(quad.object)
                self._mentions.setdefault(quad.object, []).append((quad.subject, quad.predicate.value))
        except SyntaxError as error:
            raise OntologyError(f"the ontology is not Turtle: {error}") from error
        self._mappings: dict[str, list[Mapping]] = {}
        for mapping in mappings:
            self._mappings.setdefault(mapping.subject, []).append(mapping)
        longest_first = sorted(parser.prefixes.items(), key=lambda each: (-len(each[1]), each[0]))
        self._prefixes = tuple(longest_first)

    def named(self, iri: str) -> Any:
        """Return the node of an IRI."""
        return self._named(iri)

    def is_term(self, node: Any) -> bool:
        """Whether a node is an IRI."""
        return isinstance(node, self._named)

    def is_literal(self, node: Any) -> bool:
        """Whether a node is text or a number."""
        return isinstance(node, self._literal)

    def of_type(self, kind: str) -> list[str]:
        """Return the IRIs of a type, in the order of the file."""
        return [node.value for node in self._of_type(kind) if self.is_term(node)]

    def groups(self, kind: str, members: str) -> list[list[str]]:
        """Return the members of each unnamed list of a type, as of ``owl:AllDisjointClasses``."""
        return [
            [member.value for head in self.objects(node, members) for member in self.listed(head)]
            for node in self._of_type(kind)
        ]

    def _of_type(self, kind: str) -> Iterator[Any]:
        for subject, predicate in self._mentions.get(self._named(kind), []):
            if predicate == RDF + "type":
                yield subject

    def objects(self, subject: Any, predicate: str) -> list[Any]:
        """Return what is said of a subject (an IRI or a node) by a predicate."""
        node = self._named(subject) if isinstance(subject, str) else subject
        return self._said.get(node, {}).get(predicate, [])

    def terms(self, subject: Any, predicate: str) -> list[str]:
        """Return the IRIs among the objects."""
        return [node.value for node in self.objects(subject, predicate) if self.is_term(node)]

    def texts(self, subject: Any, predicate: str) -> list[str]:
        """Return the literals among the objects, as text."""
        return [node.value for node in self.objects(subject, predicate) if self.is_literal(node)]

    def predicates(self, subject: str) -> list[str]:
        """Return the predicates by which something is said of a subject."""
        return list(self._said.get(self._named(subject), {}))

    def mentions(self, iri: str) -> list[tuple[str, str]]:
        """Return the subject, if it is an IRI, and the predicate of each statement about ``iri``."""
        found = self._mentions.get(self._named(iri), [])
        return [(subject.value, predicate) for subject, predicate in found if self.is_term(subject)]

    def mappings(self, iri: str) -> list[Mapping]:
        """Return what a term means in other vocabularies, as judged in the file of mappings."""
        return self._mappings.get(iri, [])

    def listed(self, head: Any) -> Iterator[Any]:
        """Yield the members of an RDF list."""
        while first := self.objects(head, RDF + "first"):
            yield first[0]
            (head,) = self.objects(head, RDF + "rest")

    def label(self, iri: str) -> str:
        """Return the label of a term, else how it is written with a prefix."""
        labels = self.texts(iri, RDFS + "label")
        if labels:
            return str(labels[0])
        if iri.startswith(_XSD):
            return _CAMEL.sub(" ", iri.removeprefix(_XSD)).lower()
        return self.compact(iri)

    def compact(self, iri: str) -> str:
        """Return an IRI with one of the file's prefixes, or as it is."""
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def is_own(self, iri: str) -> bool:
        """Whether an IRI is in the ontology's own namespace."""
        return iri.startswith(SMM)

    def words(self, node: Any) -> Words:
        """Return a term, a literal or a class expression in words; :data:`UNWORDED` where there are none."""
        if self.is_term(node):
            return (Piece(self.label(node.value), node.value),)
        if self.is_literal(node):
            return (Piece(node.value),)
        for head in self.objects(node, OWL + "unionOf"):
            return _joined([self._part(member) for member in self.listed(head)], " or ")
        for head in self.objects(node, OWL + "intersectionOf"):
            first, *more = self.listed(head)
            joint = " that " if self.is_term(first) else " and "
            return (*self._part(first), Piece(joint), *_joined([self._part(each) for each in more], " and "))
        for negated in self.objects(node, OWL + "complementOf"):
            return (Piece("not "), *self._part(negated))
        if self.objects(node, OWL + "onDatatype"):
            return self._range(node)
        if self.objects(node, OWL + "onProperty"):
            return self._restriction(node)
        for inverse in self.objects(node, OWL + "inverseOf"):
            return (Piece("(inverse of "), *self.words(inverse), Piece(")"))
        for head in self.objects(node, OWL + "oneOf"):
            return _joined([self.words(member) for member in self.listed(head)], " or ")
        return UNWORDED

    def _part(self, node: Any, *, within_restriction: bool = False) -> Words:
        """An expression within another: in brackets where it would else be read as a part of that."""
        words = self.words(node)
        compound = ["unionOf", "intersectionOf", "withRestrictions"]
        compound += ["onProperty"] if within_restriction else []
        bracketed = any(self.objects(node, OWL + name) for name in compound)
        return (Piece("("), *words, Piece(")")) if bracketed else words

    def _range(self, node: Any) -> Words:
        (base,) = self.objects(node, OWL + "onDatatype")
        (head,) = self.objects(node, OWL + "withRestrictions")
        bounds = [
            f"{_FACETS[name]} {value.value}"
            for facet in self.listed(head)
            for name in _FACETS
            for value in self.objects(facet, _XSD + name)
        ]
        return (*self.words(base), Piece(", " + " and ".join(bounds)))

    def _restriction(self, node: Any) -> Words:
        (on,) = self.objects(node, OWL + "onProperty")
        start = (*self.words(on), Piece(" "))
        for word, predicate in (("some ", "someValuesFrom"), ("only ", "allValuesFrom"), ("", "hasValue")):
            for filler in self.objects(node, OWL + predicate):
                return (*start, Piece(word), *self._part(filler, within_restriction=True))
        for word, predicate in (("exactly", ""), ("at least", "min"), ("at most", "max")):
            for qualified in ("qualifiedCardinality", "cardinality"):
                name = predicate + (qualified[0].upper() + qualified[1:] if predicate else qualified)
                for number in self.objects(node, OWL + name):
                    fillers = self.objects(node, OWL + "onClass") + self.objects(node, OWL + "onDataRange")
                    filler = self.words(fillers[0]) if fillers else (Piece("of anything"),)
                    return (*start, Piece(f"{word} {number.value} "), *filler)
        return UNWORDED


def _joined(parts: list[Words], joint: str) -> Words:
    words: list[Piece] = []
    for part in parts:
        words += [Piece(joint), *part] if words else part
    return tuple(words)
