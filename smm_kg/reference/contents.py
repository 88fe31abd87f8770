"""What the reference holds: the ontology's header, and its terms in sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from smm_kg.reference import terms
from smm_kg.reference.relations import in_tree_order
from smm_kg.reference.terms import Group, Row, Term
from smm_kg.reference.vocabulary import OWL, RDF, RDFS, SKOS, OntologyError, Piece, Vocabulary, Words
from smm_kg.terms import PREFIXES, SMM

__all__ = ["Contents", "contents"]

_DCTERMS = PREFIXES["dcterms"]
_APART = frozenset(
    {RDF + "type", RDFS + "label", _DCTERMS + "title", _DCTERMS + "description", OWL + "versionInfo"}
)
_HEADINGS = {
    OWL + "versionIRI": "version",
    OWL + "imports": "imports",
    OWL + "priorVersion": "prior version",
    SKOS + "scopeNote": "note",
    _DCTERMS + "license": "licence",
}
_RowsOf = Callable[[Vocabulary, str], Iterable[Row]]


class Contents(NamedTuple):
    """The reference; ``header`` is of the ontology itself, ``individuals`` are by the class they are of."""

    iri: str
    title: str
    version: str
    description: str
    header: tuple[Row, ...]
    classes: Group
    properties: tuple[Group, ...]
    datatypes: Group
    individuals: tuple[Group, ...]
    foreign: Group

    def groups(self) -> list[Group]:
        """The groups of entries, in the order of the page."""
        return [self.classes, *self.properties, self.datatypes, *self.individuals, self.foreign]

    def terms(self) -> list[Term]:
        """All entries, in the order of the page."""
        return [term for group in self.groups() for term in group.terms]


def contents(vocabulary: Vocabulary) -> Contents:
    """Put the terms of an ontology in order.

    Raises:
        OntologyError: it is not an ontology of one header.
    """
    headers = vocabulary.of_type(OWL + "Ontology")
    if len(headers) != 1:
        raise OntologyError(f"the file describes {len(headers)} ontologies, not one")
    (iri,) = headers

    def first(predicate: str) -> str:
        return next(iter(vocabulary.texts(iri, predicate)), "")

    return Contents(
        iri,
        first(_DCTERMS + "title") or vocabulary.label(iri),
        first(OWL + "versionInfo"),
        first(_DCTERMS + "description"),
        tuple(_header(vocabulary, iri)),
        _classes(vocabulary),
        tuple(_properties(vocabulary)),
        _group(vocabulary, "datatypes", "Datatypes", RDFS + "Datatype", terms.datatype_rows),
        tuple(_individuals(vocabulary)),
        _foreign(vocabulary),
    )


def _header(vocabulary: Vocabulary, iri: str) -> Iterable[Row]:
    """Yield what is said of the ontology itself, each note in a row of its own."""
    yield Row("IRI", ((Piece(iri, iri),),))
    for predicate in vocabulary.predicates(iri):
        if predicate in _APART:
            continue
        heading = _HEADINGS.get(predicate, vocabulary.label(predicate).lower())
        for node in vocabulary.objects(iri, predicate):
            yield Row(heading, ((Piece(node.value, "" if vocabulary.is_literal(node) else node.value),),))
    yield Row("prefix", ((Piece(f"@prefix smm: <{SMM}> ."),),))


def _own(vocabulary: Vocabulary, kind: str) -> list[str]:
    return [iri for iri in vocabulary.of_type(kind) if vocabulary.is_own(iri)]


def _heading(text: str) -> Words:
    return (Piece(text),)


def _group(vocabulary: Vocabulary, name: str, heading: str, kind: str, rows: _RowsOf) -> Group:
    entries = (terms.entry(vocabulary, iri, rows(vocabulary, iri)) for iri in _own(vocabulary, kind))
    return Group(f"all-{name}", _heading(heading), tuple(entries))


def _classes(vocabulary: Vocabulary) -> Group:
    placed = in_tree_order(vocabulary, _own(vocabulary, OWL + "Class"))
    entries = (
        terms.entry(vocabulary, iri, terms.class_rows(vocabulary, iri), depth) for iri, depth in placed
    )
    return Group("all-classes", _heading("Classes"), tuple(entries))


def _properties(vocabulary: Vocabulary) -> Iterable[Group]:
    kinds = (
        ("object-properties", "Object properties", "ObjectProperty"),
        ("data-properties", "Data properties", "DatatypeProperty"),
        ("annotation-properties", "Annotation properties", "AnnotationProperty"),
    )
    for name, heading, kind in kinds:
        group = _group(vocabulary, name, heading, OWL + kind, terms.property_rows)
        if group.terms:
            yield group


def _individuals(vocabulary: Vocabulary) -> Iterable[Group]:
    """Individuals under the first class that each is stated to be of, classes in the order of the tree."""
    first: dict[str, list[str]] = {}
    for iri in _own(vocabulary, OWL + "NamedIndividual"):
        kinds = [kind for kind in vocabulary.terms(iri, RDF + "type") if vocabulary.is_own(kind)]
        first.setdefault(kinds[0] if kinds else "", []).append(iri)
    order = [iri for iri, _ in in_tree_order(vocabulary, _own(vocabulary, OWL + "Class"))]
    for kind in [*order, ""]:
        if kind in first:
            label = vocabulary.label(kind) if kind else "other"
            entries = (
                terms.entry(vocabulary, iri, terms.individual_rows(vocabulary, iri)) for iri in first[kind]
            )
            name = terms.anchor(vocabulary, kind) if kind else "no-class"
            yield Group(f"individuals-{name}", (Piece(label, kind),), tuple(entries))


def _foreign(vocabulary: Vocabulary) -> Group:
    """Terms of other vocabularies that the file declares, whatever their kind."""
    kinds = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
    iris = dict.fromkeys(
        iri for kind in kinds for iri in vocabulary.of_type(OWL + kind) if not vocabulary.is_own(iri)
    )
    entries = (terms.entry(vocabulary, iri, _foreign_rows(vocabulary, iri)) for iri in iris)
    return Group("all-foreign", _heading("Terms of other vocabularies"), tuple(entries))


def _foreign_rows(vocabulary: Vocabulary, iri: str) -> Iterable[Row]:
    yield Row("IRI", ((Piece(iri, f"external:{iri}"),),))
    kinds = vocabulary.terms(iri, RDF + "type")
    if OWL + "Class" in kinds:
        yield from terms.class_rows(vocabulary, iri)
    elif OWL + "NamedIndividual" in kinds:
        yield from terms.individual_rows(vocabulary, iri)
    else:
        words = {
            "ObjectProperty": "object property",
            "DatatypeProperty": "data property",
            "AnnotationProperty": "annotation property",
        }
        held = [word for name, word in words.items() if OWL + name in kinds]
        yield Row("is a", tuple(_heading(word) for word in held))
