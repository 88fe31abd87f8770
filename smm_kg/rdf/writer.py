"""Records to quads: the tables compiled into one function per record type.

Writing is most of what a build does beside the store's own work, so the tables are not interpreted: each is
turned, once, into the source of a function that a person would write by hand (one f-string for the fields
that are always there, one ``if`` for each that may be absent).
"""

from __future__ import annotations

import json.encoder
import typing
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from smm_kg.rdf.names import Names, RdfError
from smm_kg.rdf.table import NODE, TABLES, Derived, Part, Row, Table
from smm_kg.records import Fact, Locator, Reference, Study, Value
from smm_kg.terms import TermError, compact, expand, graph_of

__all__ = ["encode", "statements_and_places"]

Writer = Callable[[Any, str, str, Names, int], str]  # record, node, end of line, names, position -> quads

_HAS_VALUE = f"<{expand('smm:hasValue')}>"
_HAS_LOCATOR = f"<{expand('smm:hasLocator')}>"


def encode(study: Study) -> bytes:
    """Write a study as N-Quads in the graph of its document, one quad a line, UTF-8, in no particular order.

    Raises:
        RdfError: a reference does not resolve, an id occurs twice or is no slug, a number is not finite or
            too long for a decimal, two values of a fact share a measure, a text holds a lone surrogate: all
            that could not be read back as it was.
    """
    return b"".join(statements_and_places(study))


def statements_and_places(study: Study) -> tuple[bytes, bytes]:
    """Write a study as :func:`encode` does, with the quads of locators apart: they are most of the text."""
    try:
        names = Names(study)
        out = _Out(f" <{graph_of(study.document.id)}> .\n")
        out.statements.append(_writer(Study)(study, names.study, out.end, names, 0))
        for part in TABLES[Study].parts:
            if part.record is not Fact:
                _write_parts(study, part, names, out)
        out.flush()
        for position, fact in enumerate(study.facts, 1):
            _write_fact(fact, names, position, out)
            out.flush()
    except (RdfError, TermError) as error:
        error.where = f"study {study.id}, {error.where}" if error.where else f"study {study.id}"
        raise
    return b"".join(out.done[0]), b"".join(out.done[1])


class _Out:
    """Quads of one graph as they are written: statements and places as text, then both as UTF-8.

    They are encoded a few at a time, since one character beyond Latin-1 makes the whole of a text wide and
    slow to encode.
    """

    def __init__(self, end: str) -> None:
        self.end = end
        self.statements: list[str] = []
        self.places: list[str] = []
        self.done: tuple[list[bytes], list[bytes]] = ([], [])

    def flush(self) -> None:
        for quads, done in zip((self.statements, self.places), self.done, strict=True):
            done.append(_bytes(quads))
            quads.clear()


def _write_parts(study: Study, part: Part, names: Names, out: _Out) -> None:
    """Write the records of one field of the study, each with its link to the study."""
    records = getattr(study, part.field)
    write = _writer(part.record)
    link = f"{names.study} <{expand(part.predicate)}> "
    if not isinstance(records, tuple):  # the document
        out.statements += [
            f"{link}{names.document}{out.end}",
            write(records, names.document, out.end, names, 0),
        ]
        return
    nodes: dict[str, str] = getattr(names, part.field)
    for position, (record, (name, node)) in enumerate(zip(records, nodes.items(), strict=True), 1):
        try:
            out.statements += [f"{link}{node}{out.end}", write(record, node, out.end, names, position)]
            if isinstance(record, Reference):
                _write_places(node, (record.locator,), names, out)
        except RdfError as error:
            error.where = f"{part.record.__name__} {name}"
            raise


def _write_fact(fact: Fact, names: Names, position: int, out: _Out) -> None:
    """Write a fact, its values and their places."""
    node, end = names.facts[fact.id], out.end
    write = _writer(Value)
    measures = set()
    try:
        out.statements.append(_writer(Fact)(fact, node, end, names, position))
        for rank, value in enumerate(fact.values, 1):
            datum = f"{node[:-1]}.{value.measure.replace(' ', '-')}>"
            measures.add(value.measure)
            out.statements += [f"{node} {_HAS_VALUE} {datum}{end}", write(value, datum, end, names, rank)]
            _write_places(datum, value.locators, names, out)
        if len(measures) < len(fact.values):
            raise RdfError("two values have the same measure", hint="make them two facts")
    except RdfError as error:
        error.where = f"fact {fact.id}"
        raise


def _write_places(owner: str, places: Sequence[Locator], names: Names, out: _Out) -> None:
    """Write the locators of a node, numbered within their role."""
    write, end = _writer(Locator), out.end
    seen: dict[str, int] = {}
    for position, place in enumerate(places, 1):
        seen[place.role] = count = seen.get(place.role, 0) + 1
        node = f"{owner[:-1]}.{place.role}-{count}>"
        out.places += [f"{owner} {_HAS_LOCATOR} {node}{end}", write(place, node, end, names, position)]


def _bytes(quads: list[str]) -> bytes:
    """Return quads as UTF-8, or say which of them holds what is no character."""
    text = "".join(quads)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line = text[text.rfind("\n", 0, error.start) + 1 :]
        node, predicate, _ = line.split(" ", 2)
        raise RdfError(
            f"the {compact(predicate[1:-1])} of {node} holds a lone surrogate, which is no character",
            hint="decode the source as UTF-8",
        ) from None


@cache
def _writer(record: type) -> Writer:
    """Compile the table of a record type."""
    table = TABLES[record]
    scope: dict[str, Any] = {"quote": json.encoder.encode_basestring}
    for number, row in enumerate(table.rows):
        if isinstance(row, Row):
            scope |= row.codec.scope
        elif row.value is not None:
            scope[f"derive{number}"] = row.value
    exec(_source(table), scope)  # noqa: S102 - the source is made of the tables above and of nothing else
    writer: Writer = scope["write"]
    return writer


def _source(table: Table) -> str:
    """Return the source of ``write(r, s, g, n, k)``: record, node, end of line, names, position."""
    hints = typing.get_type_hints(table.record)
    always, sometimes = "", ""
    for number, row in enumerate(table.rows):
        if row.predicate == NODE:
            continue
        head = f"{{s}} <{expand(row.predicate)}> "
        if isinstance(row, Derived):
            if row.value is None:
                always += f"{head}{row.write}{{g}}"
                continue
            value, fragment, optional = f"derive{number}(r)", row.write, True
        else:
            value, fragment = f"r.{row.field}", row.codec.write
            optional = type(None) in typing.get_args(hints[row.field])
            if row.order:
                sometimes += _repeated(row, head)
                continue
        conditions = [row.when] if row.when else []
        if optional:
            conditions.append(f"(v := {value}) is not None")
            value = "v"
        quad = f"{head}{fragment.replace('$', value)}{{g}}"
        if conditions:
            sometimes += f"    if {' and '.join(conditions)}:\n        t += f'''{quad}'''\n"
        else:
            always += quad
    return f"def write(r, s, g, n, k):\n    t = f'''{always}'''\n{sometimes}    return t\n"


def _repeated(row: Row, head: str) -> str:
    """Return the source that writes a repeated field, and its order where that is not the sorted one."""
    quad = f"{head}{row.codec.write.replace('$', 'v')}{{g}}"
    order = f"{{s}} <{expand(row.order)}> {{quote(' '.join(map(str, many)))}}{{g}}"
    return (
        f"    if many := r.{row.field}:\n"
        f"        for v in dict.fromkeys(many):\n            t += f'''{quad}'''\n"
        f"        if sorted(set(many)) != list(many):\n            t += f'''{order}'''\n"
    )
