"""Quads to records: the tables of ``table`` read the other way.

Reading is strict. What the tables do not know, a node that nothing refers to, or a field that is missing or
given twice is an error that names the node, so that nothing of a source graph is lost unseen.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeAlias, cast

from smm_kg.rdf.codecs import INTEGER, Term
from smm_kg.rdf.names import RdfError
from smm_kg.rdf.plans import complete
from smm_kg.rdf.table import NODE, TABLES, Derived, Part, Row, Table
from smm_kg.records import Study
from smm_kg.terms import SMM, STUDY, compact, expand

if typing.TYPE_CHECKING:
    import pyoxigraph

__all__ = ["decode"]

_Properties: TypeAlias = "dict[str, list[Term]]"
_Nodes: TypeAlias = "dict[Term, _Properties]"

_iri = cache(expand)

_TYPE = expand("rdf:type")
_POSITION = expand("smm:position")


def decode(nquads: bytes | str) -> tuple[Study, ...]:
    """Read the studies in N-Quads, in order of study id and then of graph.

    Graphs without a study (the ontology, inferred types) are passed over.

    Raises:
        RdfError: it is not N-Quads, or a graph with a study holds what ``encode`` would not write.
    """
    import pyoxigraph

    try:
        return read(pyoxigraph.parse(nquads, pyoxigraph.RdfFormat.N_QUADS))
    except (SyntaxError, ValueError) as error:
        raise RdfError(f"is not N-Quads: {error}") from error


def read(quads: Iterable[pyoxigraph.Quad]) -> tuple[Study, ...]:
    """Read the studies among quads; see :func:`decode`."""
    graphs: dict[str, _Nodes] = {}
    for quad in quads:
        nodes = graphs.setdefault(getattr(quad.graph_name, "value", ""), {})
        subject, term = cast("Term", quad.subject), cast("Term", quad.object)  # RDF 1.1 has no other terms
        nodes.setdefault(subject, {}).setdefault(quad.predicate.value, []).append(term)
    complete(graphs)
    studies = [
        (study.id, graph, study) for graph, nodes in graphs.items() for study in _Reader(nodes).studies()
    ]
    return tuple(study for _, _, study in sorted(studies, key=lambda found: found[:2]))


class _Reader:
    """Takes the records out of the nodes of one graph."""

    def __init__(self, nodes: _Nodes) -> None:
        self.nodes = nodes
        self.base = ""

    def studies(self) -> list[Study]:
        """Take all studies out, so that nothing is left where there is one."""
        found = []
        for head in [node for node, properties in self.nodes.items() if _is_study(properties)]:
            iri = head.value
            if not (iri.startswith(STUDY) and iri.endswith("#study")):
                raise RdfError(f"<{iri}> is not the IRI of a study")
            self.base = iri.removesuffix("study")
            found.append(self.record(TABLES[Study], head)[1])
        if found and self.nodes:
            raise RdfError(f"nothing refers to {next(iter(self.nodes))}")
        return found

    def record(self, table: Table, node: Term) -> tuple[int, Any]:
        """Take one record out, with its position among its siblings (0 where it has none)."""
        properties = self.nodes.pop(node, None)
        if properties is None:
            raise RdfError(f"{node} is referred to but not described")
        try:
            position = INTEGER.read(properties[_POSITION][0], "") if _POSITION in properties else 0
            fields: dict[str, Any] = {}
            for row in table.rows:
                if isinstance(row, Derived):
                    properties.pop(_iri(row.predicate), None)
                else:
                    self._field(row, node, properties, fields)
            for part in table.parts:
                fields[part.field] = self._part(table.record, part, node, properties)
            if properties:
                raise RdfError(f"{compact(next(iter(properties)))} is not known here")
            return position, _made(table.record, fields)
        except RdfError as error:
            error.where = error.where or str(node)
            raise

    def _field(self, row: Row, node: Term, properties: _Properties, fields: dict[str, Any]) -> None:
        """Read one field, where it is given, into ``fields``."""
        terms = [node] if row.predicate == NODE else properties.pop(_iri(row.predicate), [])
        order = properties.pop(_iri(row.order), []) if row.order else []
        values = [row.codec.read(term, self.base) for term in terms]
        if row.order:
            fields[row.field] = _ordered(values, order)
        elif len(values) > 1 or (values and row.field in fields):
            raise RdfError(f"{row.predicate} is given more than once")
        elif values:
            fields[row.field] = values[0]

    def _part(self, record: type, part: Part, node: Term, properties: _Properties) -> Any:
        """Read the records of one field, in the order of their positions."""
        predicate = _iri(part.predicate)
        if part.inverse:
            parts = [child for child, found in self.nodes.items() if node in found.get(predicate, ())]
        else:
            parts = properties.pop(predicate, [])
        found = sorted((self.record(TABLES[part.record], child) for child in parts), key=lambda pair: pair[0])
        if part.field in _repeated_fields(record):
            return tuple(child for _, child in found)
        if len(found) != 1:
            raise RdfError(f"{part.predicate} is given {len(found)} times and not once")
        return found[0][1]


def _is_study(properties: _Properties) -> bool:
    return any(term.value == SMM + "Study" for term in properties.get(_TYPE, ()))


def _ordered(values: list[Any], order: list[Term]) -> tuple[Any, ...]:
    """Return repeated values in the order that is written down, else sorted."""
    if not order:
        return tuple(sorted(values))
    names = str(order[0].value).split(" ")
    by_name = {str(value): value for value in values}
    if set(names) != set(by_name):
        raise RdfError(f"the order {' '.join(names)!r} does not name the same values")
    return tuple(by_name[name] for name in names)


def _made(record: type, fields: dict[str, Any]) -> Any:
    """Construct a record; a field that is missing is an error by name."""
    for name in _repeated_fields(record):
        fields.setdefault(name, ())
    try:
        return record(**fields)
    except TypeError as error:
        raise RdfError(str(error)) from error


@cache
def _repeated_fields(record: type) -> frozenset[str]:
    """Return the names of the fields that are tuples."""
    return frozenset(
        name for name, hint in typing.get_type_hints(record).items() if typing.get_origin(hint) is tuple
    )
