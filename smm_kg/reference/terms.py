"""Terms of the ontology as entries of the reference: definition, notes, and rows of what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from smm_kg.alignments import SEVCO, Mapping
from smm_kg.reference.relations import (
    ancestors,
    children,
    disjoint,
    end_of,
    individuals_of,
    properties_by,
    properties_of,
)
from smm_kg.reference.vocabulary import OWL, RDF, RDFS, SKOS, Piece, Vocabulary, Words
from smm_kg.terms import PREFIXES, SMM

__all__ = [
    "Group",
    "Row",
    "Term",
    "anchor",
    "class_rows",
    "datatype_rows",
    "entry",
    "individual_rows",
    "property_rows",
]

_DCTERMS = PREFIXES["dcterms"]
_MATCHES = {
    "exactMatch": "exact match",
    "closeMatch": "close match",
    "broadMatch": "broader match",
    "narrowMatch": "narrower match",
    "relatedMatch": "related match",
}
_SHOWN_APART = frozenset(
    [SKOS + name for name in ("definition", "scopeNote", "example", "altLabel", "notation", *_MATCHES)]
    + [RDF + "type", RDFS + "label", _DCTERMS + "source", OWL + "deprecated"]
)
_CHARACTERISTICS = {
    "FunctionalProperty": "functional: at most one value for each subject",
    "InverseFunctionalProperty": "inverse functional: at most one subject for each value",
    "TransitiveProperty": "transitive",
    "SymmetricProperty": "symmetric",
    "AsymmetricProperty": "asymmetric: never both ways",
    "ReflexiveProperty": "reflexive",
    "IrreflexiveProperty": "irreflexive: never of a thing to itself",
}


class Row(NamedTuple):
    """What is said of a term in one respect."""

    heading: str
    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An entry.

    ``name`` is how the term is written with its prefix, ``anchor`` its id on the page, ``depth`` how far
    below a root of the hierarchy it stands.
    """

    iri: str
    anchor: str
    name: str
    label: str
    definitions: tuple[str, ...]
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    alternatives: tuple[str, ...]
    deprecated: bool
    rows: tuple[Row, ...]
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; ``heading`` is in words, since it may name a term."""

    anchor: str
    heading: Words
    terms: tuple[Term, ...]


def anchor(vocabulary: Vocabulary, iri: str) -> str:
    """Return the id of a term on its page: the local name of one of ours, so that its IRI can lead there."""
    return iri.removeprefix(SMM) if vocabulary.is_own(iri) else vocabulary.compact(iri).replace(":", "-")


def entry(vocabulary: Vocabulary, iri: str, rows: Iterable[Row], depth: int = 0) -> Term:
    """Return the entry of a term with rows of its own kind, followed by what every term may have."""

    def texts(name: str) -> tuple[str, ...]:
        return tuple(vocabulary.texts(iri, SKOS + name))

    held = tuple(row for row in (*rows, *_common(vocabulary, iri)) if row.items)
    deprecated = "true" in vocabulary.texts(iri, OWL + "deprecated")
    return Term(
        iri,
        anchor(vocabulary, iri),
        vocabulary.compact(iri),
        vocabulary.label(iri),
        texts("definition"),
        texts("scopeNote"),
        texts("example"),
        texts("altLabel"),
        deprecated,
        held,
        depth,
    )


def _common(vocabulary: Vocabulary, iri: str) -> Iterator[Row]:
    mappings = vocabulary.mappings(iri)
    for name, label in _MATCHES.items():
        judged = [each for each in mappings if each.predicate == SKOS + name]
        known = {each.object for each in judged}
        others = [each for each in vocabulary.terms(iri, SKOS + name) if each not in known]
        items = [*map(partial(_judged, vocabulary), judged), *map(partial(_match, vocabulary), others)]
        yield Row(label, tuple(items))
    stated = vocabulary.terms(iri, RDFS + "subClassOf")
    above = [each for each in mappings if each.predicate == RDFS + "subClassOf" and each.object not in stated]
    yield Row("is a kind of (elsewhere)", tuple(_judged(vocabulary, each) for each in above))
    yield _row(vocabulary, "notation", vocabulary.objects(iri, SKOS + "notation"))
    yield Row("source", tuple(_source(node) for node in vocabulary.objects(iri, _DCTERMS + "source")))


def _judged(vocabulary: Vocabulary, mapping: Mapping) -> Words:
    """A term of another vocabulary with its label, and in what it differs; a code of SEVCO has no address."""
    code = mapping.object.startswith(SEVCO)
    name = f"SEVCO {mapping.object.removeprefix(SEVCO)}" if code else vocabulary.compact(mapping.object)
    link = Piece(name, "" if code else mapping.object)
    return (
        link,
        Piece(f" {mapping.object_label}"),
        Piece(f" ({mapping.comment})" if mapping.comment else ""),
    )


def _match(vocabulary: Vocabulary, iri: str) -> Words:
    """A term of another vocabulary by its code, since its label may be the same as ours."""
    return (Piece(vocabulary.compact(iri), iri),)


def _source(node: Any) -> Words:
    return (Piece(node.value, node.value if node.value.startswith(("http://", "https://")) else ""),)


def _row(vocabulary: Vocabulary, heading: str, nodes: Iterable[Any]) -> Row:
    return Row(heading, tuple(vocabulary.words(node) for node in nodes))


def _named(vocabulary: Vocabulary, heading: str, iris: Iterable[str]) -> Row:
    return Row(heading, tuple((Piece(vocabulary.label(iri), iri),) for iri in iris))


def class_rows(vocabulary: Vocabulary, iri: str) -> Iterator[Row]:
    """Yield what is said of a class."""
    yield _named(vocabulary, "is a kind of", vocabulary.terms(iri, RDFS + "subClassOf"))
    yield _row(vocabulary, "is the same as", vocabulary.objects(iri, OWL + "equivalentClass"))
    above = vocabulary.objects(iri, RDFS + "subClassOf")
    yield _row(vocabulary, "each one", (node for node in above if not vocabulary.is_term(node)))
    yield _named(vocabulary, "has kinds", children(vocabulary, iri))
    yield _named(vocabulary, "is never also", disjoint(vocabulary, iri))
    yield Row("has properties", tuple(_leading(vocabulary, each) for each in properties_of(vocabulary, iri)))
    inherited = [each for above in ancestors(vocabulary, iri) for each in properties_of(vocabulary, above)]
    yield _named(vocabulary, "has properties of the classes above", inherited)
    into = properties_by(vocabulary, iri, RDFS + "range")
    yield _named(vocabulary, "is what these properties lead to", into)
    yield _named(vocabulary, "individuals", individuals_of(vocabulary, iri))


def _leading(vocabulary: Vocabulary, iri: str) -> Words:
    """A property with an arrow to its range."""
    ranges = end_of(vocabulary, iri, "range")
    return (Piece(vocabulary.label(iri), iri), *((Piece(" → "), *ranges) if ranges else ()))


def property_rows(vocabulary: Vocabulary, iri: str) -> Iterator[Row]:
    """Yield what is said of a property."""
    for heading, name in (("of (domain)", "domain"), ("leads to (range)", "range")):
        end = end_of(vocabulary, iri, name)
        yield Row(heading, (end,) if end else ())
    kinds = vocabulary.terms(iri, RDF + "type")
    held = [words for name, words in _CHARACTERISTICS.items() if OWL + name in kinds]
    yield Row("characteristics", tuple((Piece(words),) for words in held))
    yield _named(vocabulary, "is a kind of", vocabulary.terms(iri, RDFS + "subPropertyOf"))
    below = [each for each, by in vocabulary.mentions(iri) if by == RDFS + "subPropertyOf"]
    yield _named(vocabulary, "has kinds", below)
    inverse = vocabulary.terms(iri, OWL + "inverseOf")
    inverse += [each for each, by in vocabulary.mentions(iri) if by == OWL + "inverseOf"]
    yield _named(vocabulary, "is the inverse of", inverse)
    disjoint = vocabulary.terms(iri, OWL + "propertyDisjointWith")
    disjoint += [each for each, by in vocabulary.mentions(iri) if by == OWL + "propertyDisjointWith"]
    yield _named(vocabulary, "never together with", disjoint)


def individual_rows(vocabulary: Vocabulary, iri: str) -> Iterator[Row]:
    """Yield what is said of an individual, and by which individuals it is named."""
    kinds = vocabulary.objects(iri, RDF + "type")
    yield _row(vocabulary, "is a", (node for node in kinds if node.value != OWL + "NamedIndividual"))
    for predicate in vocabulary.predicates(iri):
        if predicate not in _SHOWN_APART:
            yield _row(vocabulary, vocabulary.label(predicate), vocabulary.objects(iri, predicate))
    own = [(by, each) for each, by in vocabulary.mentions(iri) if vocabulary.is_own(by)]
    for predicate in dict.fromkeys(by for by, _ in own):
        named = [each for by, each in own if by == predicate]
        yield _named(vocabulary, f"{vocabulary.label(predicate)} (of others, leading here)", named)


def datatype_rows(vocabulary: Vocabulary, iri: str) -> Iterator[Row]:
    """Yield what is said of a datatype."""
    yield _row(vocabulary, "is", vocabulary.objects(iri, OWL + "equivalentClass"))
    yield _named(
        vocabulary, "is what these properties lead to", properties_by(vocabulary, iri, RDFS + "range")
    )
