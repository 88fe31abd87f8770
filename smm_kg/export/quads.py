"""Quads as the texts of their terms, read from N-Quads, with blank nodes under names that do not change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from smm_kg.errors import SmmKgError

__all__ = ["BLANK", "Literal", "Quad", "canonical", "literal", "literal_text", "read_nquads"]

BLANK = "_:"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_REWRITTEN = tuple(f"^^<{datatype}>" for datatype in (_STRING, _DECIMAL, _INTEGER))
_NUMBERS = {
    _DECIMAL: re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?"),
    _INTEGER: re.compile(r"([+-]?)([0-9]+)()"),
}
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_NODE = r"<[^>]*>|_:[^\s<]+"
_QUAD = re.compile(
    rf'\s*({_NODE})\s*(<[^>]*>)\s*({_NODE}|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)\s*({_NODE})?\s*\.\s*'
)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


class Quad(NamedTuple):
    """A statement and its graph, each term as in N-Triples; ``graph`` is empty for the default graph."""

    graph: str
    subject: str
    predicate: str
    object: str


class Literal(NamedTuple):
    """The parts of a literal; ``datatype`` is an IRI, ``language`` a tag or empty."""

    lexical: str
    datatype: str
    language: str


def read_nquads(text: str) -> list[Quad]:
    """Read N-Quads, each term in its canonical text.

    Raises:
        SmmKgError: a line is no quad.
    """
    quads = []
    for number, line in enumerate(text.split("\n"), 1):
        found = _QUAD.fullmatch(line)
        if found:
            subject, predicate, value, graph = found.groups(default="")
            quads.append(Quad(graph, subject, predicate, _canonical_term(value)))
        elif line.strip() and not line.lstrip().startswith("#"):
            raise SmmKgError(f"not a quad: {line[:120]}", where=f"line {number} of the store's N-Quads")
    return quads


def _canonical_term(text: str) -> str:
    """A term with the escapes of canonical N-Triples and, for a decimal or integer, its canonical digits.

    Stores differ in what they make of ``100.0``: some keep it, some write ``100``.
    """
    if text[0] != '"' or ("\\" not in text and not text.endswith(_REWRITTEN)):
        return text
    parts = literal(text)
    pattern = _NUMBERS.get(parts.datatype)
    number = pattern.fullmatch(parts.lexical) if pattern else None
    return literal_text(parts._replace(lexical=_canonical_number(number)) if number else parts)


def _canonical_number(number: re.Match[str]) -> str:
    sign, whole, fraction = number.groups(default="")
    digits = ".".join(filter(None, [whole.lstrip("0") or "0", fraction.rstrip("0")]))
    return f"-{digits}" if sign == "-" and digits != "0" else digits


def literal(text: str) -> Literal:
    """Take a literal apart.

    >>> literal('"1.25"^^<http://www.w3.org/2001/XMLSchema#decimal>').lexical
    '1.25'
    """
    found = _LITERAL.fullmatch(text)
    if not found:
        raise ValueError(f"not a literal: {text}")
    lexical, datatype, language = found.groups(default="")
    if "\\" in lexical:
        lexical = _ESCAPE.sub(_unescaped, lexical)
    return Literal(lexical, _LANGUAGE_STRING if language else datatype or _STRING, language)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])


def literal_text(parts: Literal) -> str:
    """Put a literal together in canonical N-Triples."""
    quoted = '"' + _TO_ESCAPE.sub(lambda found: _escaped(found[0]), parts.lexical) + '"'
    if parts.language:
        return f"{quoted}@{parts.language}"
    return quoted if parts.datatype == _STRING else f"{quoted}^^<{parts.datatype}>"


def _escaped(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Sort quads, each once, with blank nodes named by the W3C's RDF Dataset Canonicalization.

    Data graphs hold no blank node, so the canonicalisation sees the ontology only.
    """
    distinct = set(quads)
    nameless = {quad for quad in distinct if "_" in (quad.subject[0], quad.object[0], quad.graph[:1])}
    if nameless:
        distinct = (distinct - nameless) | set(_renamed(nameless))
    return sorted(distinct)


def _renamed(quads: Iterable[Quad]) -> list[Quad]:
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

    lines = "".join(f"{quad.subject} {quad.predicate} {quad.object} {quad.graph} .\n" for quad in quads)
    dataset = Dataset(parse(lines.encode(), format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS)
    return read_nquads((written or b"").decode())
