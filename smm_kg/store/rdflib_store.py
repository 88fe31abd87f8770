"""A user's rdflib dataset as a store: the same queries with the same rows, at rdflib's own speed.

A query without ``GRAPH`` reads all graphs as one, by a view of the dataset with ``default_union``; the
dataset itself is not changed. ``SERVICE`` is refused, and so is ``FROM``, at which rdflib would fetch graphs
from the web or from files.
"""

from __future__ import annotations

import re
from typing import Any

import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.serializers.nt import (
    _quoteLiteral as quoted,
)  # n3() is not N-Triples for texts of many lines
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parser import expandUnicodeEscapes

from smm_kg.rows import Cell, Iri, Rows, Triples, cell, row_type
from smm_kg.store import Answer, QueryError
from smm_kg.store.quads import sorted_quads
from smm_kg.store.sparql_text import limit, query_form, refuse

__all__ = ["RdflibStore", "dataset_of"]

# rdflib expands \uXXXX before it looks at strings, and so sees one in "\\u0041", a backslash and u0041.
_ESCAPED_BACKSLASH = re.compile(r"(?<!\\)((?:\\\\)*)\\\\(?=[uU])")


class RdflibStore:
    """An rdflib dataset, read-only."""

    def __init__(self, dataset: rdflib.Dataset, name: str = "rdflib") -> None:
        """Take a dataset; what is added to it later is seen."""
        self.name = name
        self._dataset = rdflib.Dataset(store=dataset.store, default_union=True)

    def query(self, text: str) -> Answer:
        """Answer a query; see :meth:`smm_kg.store.Store.query`."""
        found = self._evaluate(text)
        if found.type == "ASK":
            return bool(found.askAnswer)
        if found.type in ("CONSTRUCT", "DESCRIBE"):
            lines = {f"{' '.join(map(_ntriples, triple))} .\n".encode() for triple in found.graph}
            return Triples(b"".join(sorted(lines)))
        columns = tuple(map(str, found.vars))
        make = row_type(columns)._make
        return Rows(columns, tuple([make(map(_cell, row)) for row in found]))

    def query_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK in JSON; see :meth:`smm_kg.store.Store.query_json`."""
        if query_form(text) in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("CONSTRUCT and DESCRIBE have no rows", hint="use SELECT or ASK")
        body: bytes = self._evaluate(text).serialize(format="json")
        return body

    def nquads(self) -> bytes:
        """Return all quads, sorted; see :meth:`smm_kg.store.Store.nquads`."""
        lines = set()
        for *triple, graph in self._dataset.quads():
            named = [] if graph is None else [_ntriples(graph)]
            lines.add(f"{' '.join([*map(_ntriples, triple), *named])} .\n".encode())
        return sorted_quads(b"".join(lines))

    def close(self) -> None:
        """Do nothing: the dataset is its owner's."""

    def _evaluate(self, text: str) -> Any:
        text = _ESCAPED_BACKSLASH.sub(r"\1\\u005C\\u005C", text)
        limit(text)
        refuse(expandUnicodeEscapes(text), "SERVICE")
        try:
            parsed = prepareQuery(text, initNs=dict(self._dataset.namespaces()))
            if parsed.algebra.datasetClause:
                raise QueryError("FROM is refused: a query here reads all graphs of the dataset")
            return self._dataset.query(parsed)
        except QueryError:
            raise
        except Exception as error:
            query_form(text)
            raise QueryError(f"it is not a query that rdflib understands: {error}") from error


def dataset_of(nquads: bytes) -> rdflib.Dataset:
    """Return N-Quads as a dataset with ``default_union``; rdflib's own parser takes twice as long."""
    import pyoxigraph as ox

    dataset = rdflib.Dataset(default_union=True)
    terms = _Terms()
    graphs: dict[Any, rdflib.Graph] = {}
    for quad in ox.parse(nquads, ox.RdfFormat.N_QUADS):
        if quad.graph_name not in graphs:
            graphs[quad.graph_name] = dataset.graph(terms[quad.graph_name])
        graphs[quad.graph_name].add((terms[quad.subject], terms[quad.predicate], terms[quad.object]))
    return dataset


class _Terms(dict[Any, Any]):
    """The terms of rdflib for those of pyoxigraph, each converted once."""

    def __missing__(self, term: Any) -> rdflib.term.Identifier:
        kind = type(term).__name__
        made: rdflib.term.Identifier
        if kind == "NamedNode":
            made = rdflib.URIRef(term.value)
        elif kind == "BlankNode":
            made = rdflib.BNode(term.value)
        elif kind == "DefaultGraph":
            made = DATASET_DEFAULT_GRAPH_ID
        elif term.language or term.datatype.value == str(rdflib.XSD.string):
            made = rdflib.Literal(term.value, lang=term.language)  # a plain text has no datatype in rdflib
        else:
            made = rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
        self[term] = made
        return made


def _cell(term: Any) -> Cell:
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        return cell(str(term), str(term.datatype or ""))
    return Iri(term) if isinstance(term, rdflib.URIRef) else f"_:{term}"


def _ntriples(term: Any) -> str:
    return str(quoted(term) if isinstance(term, rdflib.Literal) else term.n3())
