"""How terms of an ontology stand to each other: what is above, below, at the ends of, and apart from what."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from smm_kg.reference.vocabulary import OWL, RDFS, Vocabulary, Words

__all__ = [
    "ancestors",
    "children",
    "disjoint",
    "end_of",
    "in_tree_order",
    "individuals_of",
    "parents",
    "properties_by",
    "properties_of",
]


def parents(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the named classes just above a class, stated or as part of what it is equivalent to."""
    above = vocabulary.terms(iri, RDFS + "subClassOf")
    for expression in vocabulary.objects(iri, OWL + "equivalentClass"):
        for head in vocabulary.objects(expression, OWL + "intersectionOf"):
            above += [member.value for member in vocabulary.listed(head) if vocabulary.is_term(member)]
    return list(dict.fromkeys(above))


def ancestors(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the classes above a class, nearest first."""
    found: list[str] = []
    near = parents(vocabulary, iri)
    while near:
        found += [each for each in near if each not in found]
        near = [up for each in near for up in parents(vocabulary, each) if up not in found]
    return found


def properties_of(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the properties whose domain is a class or names it among others."""
    return properties_by(vocabulary, iri, RDFS + "domain")


def properties_by(vocabulary: Vocabulary, iri: str, end: str) -> list[str]:
    """Return the properties with a class at an end, which is the IRI of ``rdfs:domain`` or ``rdfs:range``."""
    return _properties(vocabulary, end).get(iri, [])


@lru_cache(maxsize=4)
def _properties(vocabulary: Vocabulary, end: str) -> dict[str, list[str]]:
    """The properties by the classes at an end, whether these stand there alone or among others."""
    found: dict[str, list[str]] = {}
    for kind in ("ObjectProperty", "DatatypeProperty"):
        for each in vocabulary.of_type(OWL + kind):
            words = end_of(vocabulary, each, end.removeprefix(RDFS))
            for iri in dict.fromkeys(piece.iri for piece in words if piece.iri):
                found.setdefault(iri, []).append(each)
    return found


def children(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the classes just below a class."""
    return _below(vocabulary).get(iri, [])


@lru_cache(maxsize=4)
def _below(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The classes just below each class."""
    found: dict[str, list[str]] = {}
    for each in vocabulary.of_type(OWL + "Class"):
        for above in parents(vocabulary, each):
            found.setdefault(above, []).append(each)
    return found


def disjoint(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the classes that share no member with a class, as stated in either direction or of a group."""
    found = vocabulary.terms(iri, OWL + "disjointWith")
    found += [each for each, predicate in vocabulary.mentions(iri) if predicate == OWL + "disjointWith"]
    for group in vocabulary.groups(OWL + "AllDisjointClasses", OWL + "members"):
        if iri in group:
            found += [each for each in group if each != iri]
    return list(dict.fromkeys(found))


def end_of(vocabulary: Vocabulary, iri: str, name: str) -> Words:
    """Return the ``domain`` or ``range`` of a property, if need be from its inverse; it may have none."""
    other = {"range": "domain", "domain": "range"}[name]
    nodes = vocabulary.objects(iri, RDFS + name) or [
        node
        for inverse in vocabulary.terms(iri, OWL + "inverseOf")
        for node in vocabulary.objects(inverse, RDFS + other)
    ]
    return vocabulary.words(nodes[0]) if nodes else ()


def individuals_of(vocabulary: Vocabulary, iri: str) -> list[str]:
    """Return the individuals stated to be of a class itself."""
    individuals = set(vocabulary.of_type(OWL + "NamedIndividual"))
    return [each for each in vocabulary.of_type(iri) if each in individuals]


def in_tree_order(vocabulary: Vocabulary, iris: Sequence[str]) -> list[tuple[str, int]]:
    """Return classes below the one that they are a kind of, each once and with its depth, roots in order."""
    known = set(iris)
    placed: list[tuple[str, int]] = []
    seen: set[str] = set()
    roots = [each for each in iris if not known.intersection(parents(vocabulary, each))]
    stack = [(each, 0) for each in reversed(roots)]
    while stack:
        each, depth = stack.pop()
        if each in seen:
            continue
        seen.add(each)
        placed.append((each, depth))
        below = [child for child in children(vocabulary, each) if child in known]
        stack += [(child, depth + 1) for child in reversed(below)]
    return placed
