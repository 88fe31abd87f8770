"""JSON-LD 1.1: one object per named graph, one line per subject, numbers as typed text, all digits kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from smm_kg.export.names import Names
from smm_kg.export.quads import BLANK, Quad, literal

__all__ = ["jsonld"]

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def jsonld(quads: Sequence[Quad]) -> Iterator[str]:
    """A context of prefixes, then the graphs; nodes of the default graph stand beside them."""
    names = Names()
    entries: list[str] = []
    for graph, held in groupby(quads, attrgetter("graph")):
        nodes = [_dump(node) for node in _nodes(held, names)]
        if graph:
            body = ",\n".join(nodes)
            entries.append(f'{{"@id": {_dump(_name(graph, names))}, "@graph": [\n{body}\n]}}')
        else:
            entries += nodes
    yield f'{{"@context": {_dump(dict(sorted(names.used.items())))},\n"@graph": [\n'
    yield ",\n".join(entries)
    yield "\n]}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _nodes(quads: Iterable[Quad], names: Names) -> Iterator[dict[str, Any]]:
    for subject, about in groupby(quads, attrgetter("subject")):
        node: dict[str, Any] = {"@id": _name(subject, names)}
        for predicate, held in groupby(about, attrgetter("predicate")):
            values = [quad.object for quad in held]
            if predicate == _TYPE and not any(value.startswith('"') for value in values):
                node["@type"] = _single([_name(value, names) for value in values])
            else:
                key = names.short(predicate[1:-1]) or predicate[1:-1]
                node[key] = _single([_value(value, names) for value in values])
        yield node


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _name(term: str, names: Names) -> str:
    return term if term.startswith(BLANK) else names.short(term[1:-1]) or term[1:-1]


def _value(term: str, names: Names) -> Any:
    if not term.startswith('"'):
        return {"@id": _name(term, names)}
    lexical, datatype, language = literal(term)
    if language:
        return {"@value": lexical, "@language": language}
    return lexical if datatype == _STRING else {"@value": lexical, "@type": names.short(datatype) or datatype}
