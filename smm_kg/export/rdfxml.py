"""RDF/XML, for tools that read nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from smm_kg.errors import SmmKgError
from smm_kg.export.names import Names
from smm_kg.export.quads import BLANK, Quad, literal

__all__ = ["rdfxml"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})


def rdfxml(quads: Sequence[Quad]) -> Iterator[str]:
    """The triples of all graphs together.

    Raises:
        SmmKgError: a predicate has no XML name, or a text holds a character that XML 1.0 forbids.
    """
    triples = sorted({quad[1:] for quad in quads})
    predicates = {predicate for _, predicate, _ in triples}
    namespaces = _namespaces(predicates)
    elements = {predicate: _element(predicate, namespaces) for predicate in predicates}
    declared = "".join(
        f'\n    xmlns:{prefix}="{_text(namespace)}"' for namespace, prefix in sorted(namespaces.items())
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'
    for subject, held in groupby(triples, lambda triple: triple[0]):
        yield f"  <rdf:Description {_node('about', subject)}>\n"
        for _, predicate, value in held:
            yield f"    {_property(elements[predicate], value)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _namespaces(predicates: set[str]) -> dict[str, str]:
    """A prefix for the namespace of each predicate: the usual one, else ``ns1``, ``ns2``..."""
    found = {_RDF: "rdf"}
    names = Names()
    for predicate in sorted(predicates):
        namespace, _ = _split(predicate)
        short = names.short(predicate[1:-1])
        if namespace not in found:
            usual = short and names.used.get(short.partition(":")[0]) == namespace
            found[namespace] = short.partition(":")[0] if short and usual else f"ns{len(found)}"
    return found


def _split(predicate: str) -> tuple[str, str]:
    iri = predicate[1:-1]
    local = _NAME.search(iri)
    if not local or not local.start():
        raise SmmKgError(
            f"RDF/XML cannot name the predicate {predicate}",
            hint="it has to end in letters; choose another format, such as turtle",
        )
    return iri[: local.start()], local[0]


def _element(predicate: str, namespaces: dict[str, str]) -> str:
    namespace, local = _split(predicate)
    return f"{namespaces[namespace]}:{local}"


def _property(element: str, value: str) -> str:
    if not value.startswith('"'):
        return f"<{element} {_node('resource', value)}/>"
    lexical, datatype, language = literal(value)
    about = f' xml:lang="{language}"' if language else ""
    if not language and datatype != _STRING:
        about = f' rdf:datatype="{_text(datatype)}"'
    return f"<{element}{about}>{_text(lexical)}</{element}>"


def _node(attribute: str, term: str) -> str:
    if term.startswith(BLANK):
        return f'rdf:nodeID="{term[2:]}"'
    return f'rdf:{attribute}="{_text(term[1:-1])}"'


def _text(text: str) -> str:
    if forbidden := _FORBIDDEN.search(text):
        raise SmmKgError(
            f"RDF/XML cannot hold the character U+{ord(forbidden[0]):04X} in {text[:60]!r}",
            hint="choose another format, such as turtle",
        )
    return text.translate(_ENTITIES)
