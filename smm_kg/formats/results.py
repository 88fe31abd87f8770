"""The result formats of SPARQL 1.1, from the JSON that every store answers in: XML, CSV and TSV.

Unlike the formats of rows they know what kind of term a cell is, its datatype and its language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from smm_kg.errors import SmmKgError
from smm_kg.formats.delimited import csv

__all__ = ["RESULTS", "render_results"]

_Term: TypeAlias = dict[str, str]
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _json(answer: dict[str, Any]) -> Iterator[str]:
    """One solution a line, so that the file can be read and compared by eye."""
    if "boolean" in answer:
        yield _dump(answer) + "\n"
        return
    yield f'{{"head": {_dump(answer["head"])}, "results": {{"bindings": ['
    lead = "\n"
    for solution in answer["results"]["bindings"]:
        yield lead + _dump(solution)
        lead = ",\n"
    yield "\n]}}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _csv(answer: dict[str, Any]) -> Iterator[str]:
    """Values without their types, as the SPARQL recommendation has it; lines end in LF."""
    if "boolean" in answer:
        yield from _truth(answer)
        return
    names: list[str] = answer["head"]["vars"]
    solutions = answer["results"]["bindings"]
    rows = (
        [_plain(solution[name]) if name in solution else None for name in names] for solution in solutions
    )
    yield from csv(names, rows)


def _plain(term: _Term) -> str:
    return f"_:{term['value']}" if term["type"] == "bnode" else term["value"]


def _tsv(answer: dict[str, Any]) -> Iterator[str]:
    """Terms as in Turtle, an unbound cell empty."""
    if "boolean" in answer:
        yield from _truth(answer)
        return
    names: list[str] = answer["head"]["vars"]
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for solution in answer["results"]["bindings"]:
        yield "\t".join(_turtle(solution[name]) if name in solution else "" for name in names) + "\n"


def _turtle(term: _Term) -> str:
    value, datatype = term["value"], term.get("datatype")
    if term["type"] == "uri":
        return f"<{value}>"
    if term["type"] == "bnode":
        return f"_:{value}"
    if datatype and (bare := _BARE.get(datatype)) and bare.fullmatch(value):
        return value
    quoted = f'"{value.translate(_ESCAPES)}"'
    if language := term.get("xml:lang"):
        return f"{quoted}@{language}"
    return quoted if datatype in (None, f"{_XSD}string") else f"{quoted}^^<{datatype}>"


def _xml(answer: dict[str, Any]) -> Iterator[str]:
    """The SPARQL query results XML format."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
    names = answer.get("head", {}).get("vars", [])
    declared = "".join(f'<variable name="{name}"/>' for name in names)
    yield f"<head>{declared}</head>\n"
    if "boolean" in answer:
        yield from (f"<boolean>{line.strip()}</boolean>\n" for line in _truth(answer))
    else:
        yield "<results>\n"
        for solution in answer["results"]["bindings"]:
            held = [name for name in names if name in solution]
            cells = [f'<binding name="{name}">{_element(solution[name])}</binding>' for name in held]
            yield f"<result>{''.join(cells)}</result>\n"
        yield "</results>\n"
    yield "</sparql>\n"


def _element(term: _Term) -> str:
    if forbidden := _FORBIDDEN.search(term["value"]):
        raise SmmKgError(
            f"XML cannot hold the character U+{ord(forbidden[0]):04X}", hint="choose another format"
        )
    text = term["value"].translate(_ENTITIES)
    if term["type"] in ("uri", "bnode"):
        return f"<{term['type']}>{text}</{term['type']}>"
    about = ""
    if language := term.get("xml:lang"):
        about = f' xml:lang="{language}"'
    elif datatype := term.get("datatype"):
        about = f' datatype="{datatype.translate(_ENTITIES)}"'
    return f"<literal{about}>{text}</literal>"


def _truth(answer: dict[str, Any]) -> Iterator[str]:
    yield "true\n" if answer["boolean"] else "false\n"


RESULTS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "json": _json,
    "xml": _xml,
    "csv": _csv,
    "tsv": _tsv,
}


def render_results(format: str, results: bytes) -> Iterator[bytes]:  # noqa: A002
    """Write the answer of a SELECT or ASK in a W3C format.

    Args:
        format: a key of :data:`RESULTS`.
        results: the answer as SPARQL 1.1 Query Results JSON.

    Raises:
        SmmKgError: XML cannot hold a character of the answer.
    """
    return (piece.encode() for piece in RESULTS[format](json.loads(results)))
