"""Turtle and TriG for people: prefixes, one block per subject, blank nodes and lists written in place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from smm_kg.export.names import Names
from smm_kg.export.quads import BLANK, Quad, literal

__all__ = ["trig", "turtle"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_BARE = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}boolean": re.compile("true|false"),
}
_Properties = dict[str, list[str]]


def turtle(quads: Sequence[Quad]) -> Iterator[str]:
    """The triples of all graphs together."""
    names = Names()
    body = "".join(_Graph({quad[1:] for quad in quads}, names).blocks())
    yield from _prefixes(names)
    yield body


def trig(quads: Sequence[Quad]) -> Iterator[str]:
    """Each named graph in braces, the default graph first."""
    names = Names()
    body = []
    for graph, held in groupby(quads, attrgetter("graph")):
        blocks = "".join(_Graph({quad[1:] for quad in held}, names).blocks())
        body.append(f"\n{_iri(graph, names)} {{\n{blocks.lstrip()}}}\n" if graph else blocks)
    yield from _prefixes(names)
    yield from body


def _prefixes(names: Names) -> Iterator[str]:
    for prefix, namespace in sorted(names.used.items()):
        yield f"@prefix {prefix}: <{namespace}> .\n"


def _iri(term: str, names: Names) -> str:
    return names.short(term[1:-1]) or term


class _Graph:
    """One graph to be written: its subjects, and which blank nodes can stand where they are used."""

    def __init__(self, triples: Iterable[tuple[str, ...]], names: Names) -> None:
        self._names = names
        self._subjects: dict[str, _Properties] = {}
        uses: Counter[str] = Counter()
        user: dict[str, str] = {}
        for subject, predicate, value in sorted(triples):
            self._subjects.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if value.startswith(BLANK):
                uses[value] += 1
                user[value] = subject
        once = {node for node, count in uses.items() if count == 1}
        self._in_place = {node for node in once if not _in_a_circle(node, user, once)}

    def blocks(self) -> Iterator[str]:
        """The text of each subject that is not written inside another, named ones first."""
        own = [subject for subject in self._subjects if subject not in self._in_place]
        named = [subject for subject in own if not subject.startswith(BLANK)]
        for subject in named:
            yield f"\n{_iri(subject, self._names)} {self._properties(subject, 4)} .\n"
        nameless = [subject for subject in own if subject.startswith(BLANK)]
        used = {value for held in self._subjects.values() for values in held.values() for value in values}
        for subject in [subject for subject in nameless if subject in used]:
            yield f"\n{subject} {self._properties(subject, 4)} .\n"
        yield from sorted(
            f"\n[] {self._properties(subject, 4)} .\n" for subject in nameless if subject not in used
        )

    def _properties(self, subject: str, indent: int) -> str:
        held = self._subjects.get(subject, {})
        predicates = sorted(held, key=lambda predicate: (predicate != _TYPE, predicate))
        parts = []
        for predicate in predicates:
            values = held[predicate]
            texts = [self._term(value, indent) for value in values if not value.startswith(BLANK)]
            texts += sorted(self._term(value, indent) for value in values if value.startswith(BLANK))
            gap = ",\n" + " " * (indent + 4)
            verb = "a" if predicate == _TYPE else _iri(predicate, self._names)
            parts.append(f"{verb} {gap.join(texts) if len(texts) > 4 else ', '.join(texts)}")
        return (" ;\n" + " " * indent).join(parts)

    def _term(self, term: str, indent: int) -> str:
        if term.startswith("<"):
            return "()" if term == _NIL else _iri(term, self._names)
        if term.startswith(BLANK):
            return self._nameless(term, indent) if term in self._in_place else term
        if not term.endswith(">"):
            return term  # a plain text, or one in a language
        lexical, datatype, _ = literal(term)
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(lexical):
            return lexical
        return f"{term[: term.rfind('^^<')]}^^{_iri(f'<{datatype}>', self._names)}"

    def _nameless(self, node: str, indent: int) -> str:
        members = self._list(node)
        if members is not None:
            return f"( {' '.join(self._term(member, indent + 4) for member in members)} )"
        if node not in self._subjects:
            return "[]"
        pad = " " * (indent + 4)
        return f"[\n{pad}{self._properties(node, indent + 4)}\n{' ' * indent}]"

    def _list(self, node: str) -> list[str] | None:
        """The members of a list that is well formed and used nowhere else; None for any other node."""
        members = []
        while node != _NIL:
            held = self._subjects.get(node, {})
            if node not in self._in_place or set(held) != {_FIRST, _REST}:
                return None
            (first, *more), (rest, *others) = held[_FIRST], held[_REST]
            if more or others:
                return None
            members.append(first)
            node = rest
        return members


def _in_a_circle(node: str, user: dict[str, str], once: set[str]) -> bool:
    """Whether a blank node is only reached from itself, so that it needs a name to be written at all."""
    seen = set()
    while node in once and node not in seen:
        seen.add(node)
        node = user[node]
    return node in seen
