"""Stores of quads: embedded (memory or a folder), remote (a SPARQL endpoint), or a user's rdflib dataset.

All of them answer the same queries with the same rows. A query without ``GRAPH`` reads the union of all
graphs; each adapter says how it provides that. Stores know terms and no evidence.
"""

from __future__ import annotations

from typing import Protocol

from smm_kg.errors import SmmKgError
from smm_kg.rows import Rows, Triples

__all__ = ["Answer", "EndpointError", "QueryError", "Store", "StoreError"]

Answer = Rows | bool | Triples


class StoreError(SmmKgError):
    """A store that cannot be opened, read or built."""


class EndpointError(StoreError):
    """A SPARQL endpoint that cannot be reached, refuses, or gives an answer that is not whole."""


class QueryError(SmmKgError):
    """A query that is not SPARQL, or asks for what is not allowed here."""


class Store(Protocol):
    """What a graph needs of a store."""

    @property
    def name(self) -> str:
        """How the store was named when it was opened: ``memory:``, a folder, an address."""

    def query(self, text: str) -> Answer:
        """Answer a SPARQL 1.1 query: rows of a SELECT, truth of an ASK, triples of a CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: the text is not a query, or asks for what the store refuses.
            StoreError: the store fails.
        """

    def query_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK as SPARQL 1.1 Query Results JSON; errors as of :meth:`query`."""

    def nquads(self) -> bytes:
        """Return all quads as N-Quads, one a line, sorted by bytes, blank nodes named by what they are."""

    def close(self) -> None:
        """Let go of files and connections; a closed store is not used again."""
