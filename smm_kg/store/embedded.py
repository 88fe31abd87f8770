"""The embedded store: pyoxigraph, in memory or in a folder.

A query without ``GRAPH`` or ``FROM`` reads all graphs as one (``use_default_graph_as_union``). pyoxigraph
does not merge them: a triple that two graphs hold is met twice, which the graphs of smm-kg never do.

The engine follows ``SERVICE`` to any address, and a query nested too deep ends the process: both are refused
before it sees the query. It has no time limit and cannot be interrupted from Python, so whoever asks queries
of others ends the process (as ``smm-kg sparql --timeout`` does). Answers are limited in size; what the engine
itself needs to join and sort is not.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from smm_kg.rows import Cell, Iri, Rows, Triples, cell, row_type
from smm_kg.store import Answer, QueryError, StoreError
from smm_kg.store.quads import sorted_quads
from smm_kg.store.sparql_text import has_dataset_clause, limit, query_form, refuse

__all__ = ["LARGEST", "MOST_ROWS", "FolderStore", "MemoryStore"]

MOST_ROWS = 5_000_000
"""Rows or triples of one answer."""
LARGEST = 2_000_000_000
"""Bytes of one answer in JSON."""

_Item = TypeVar("_Item")


class _Cells(dict[Any, Cell]):
    """Python values of terms, each term converted once: answers repeat them, and a look-up is cheaper."""

    def __missing__(self, term: Any) -> Cell:
        if isinstance(term, ox.NamedNode):
            value: Cell = Iri(term.value)
        elif isinstance(term, ox.Literal):
            value = cell(term.value, term.datatype.value)
        else:
            value = None if term is None else str(term)
        self[term] = value
        return value


class _Embedded:
    """What both embedded stores do with an open pyoxigraph store."""

    _mending: str | None = None

    def __init__(self, name: str, store: ox.Store) -> None:
        self.name = name
        self._opened: ox.Store | None = store

    def query(self, text: str) -> Answer:
        """Answer a query; see :meth:`smm_kg.store.Store.query`."""
        answer = self._evaluate(text)
        try:
            if isinstance(answer, ox.QuerySolutions):
                columns = tuple([variable.value for variable in answer.variables])
                make, cells = row_type(columns)._make, _Cells().__getitem__
                return Rows(columns, tuple([make(map(cells, solution)) for solution in _limited(answer)]))
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            lines = {f"{triple} .\n".encode() for triple in _limited(answer)}
            return Triples(b"".join(sorted(lines)))
        except (OSError, RuntimeError) as error:
            raise self._failed(error) from error

    def query_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK in JSON; see :meth:`smm_kg.store.Store.query_json`."""
        answer = self._evaluate(text)
        if isinstance(answer, ox.QueryTriples):
            raise QueryError("CONSTRUCT and DESCRIBE have no rows", hint="use SELECT or ASK")
        try:
            body = _Limited()
            answer.serialize(body, format=ox.QueryResultsFormat.JSON)
            return body.getvalue()
        except (OSError, RuntimeError) as error:
            raise self._failed(error) from error

    def nquads(self) -> bytes:
        """Return all quads, sorted; see :meth:`smm_kg.store.Store.nquads`."""
        return sorted_quads(self._store.dump(format=ox.RdfFormat.N_QUADS) or b"")

    def close(self) -> None:
        """Let go of the store; pyoxigraph closes its files when nothing refers to it."""
        self._opened = None

    @property
    def _store(self) -> ox.Store:
        if self._opened is None:
            raise StoreError("the store is closed", where=self.name, hint="open it again")
        return self._opened

    def _evaluate(self, text: str) -> Any:
        limit(text)
        refuse(text, "SERVICE")
        try:
            return self._store.query(text, use_default_graph_as_union=not has_dataset_clause(text))
        except SyntaxError as error:
            query_form(text)  # an update is refused in plainer words than "expected SELECT"
            raise QueryError(f"it is not a SPARQL query: {_short(error)}") from error
        except (OSError, RuntimeError) as error:
            raise self._failed(error) from error
        except ValueError as error:  # a lone surrogate, which no UTF-8 text holds
            raise QueryError(f"it is not a SPARQL query: {error}") from error

    def _failed(self, error: Exception) -> StoreError:
        return StoreError(f"the store fails: {error}", where=self.name, hint=self._mending)


class MemoryStore(_Embedded):
    """A store in memory, filled with N-Quads."""

    def __init__(self, nquads: Iterable[bytes], name: str = "memory:", *, trusted: bool = False) -> None:
        """Fill a new store.

        Args:
            nquads: texts of whole lines.
            name: how the store calls itself.
            trusted: the text is our own, so terms are not validated again (which is a fifth of the work).

        Raises:
            StoreError: a text is not N-Quads.
        """
        super().__init__(name, ox.Store())
        load = partial(self._store.load, format=ox.RdfFormat.N_QUADS, lenient=trusted)
        try:
            for text in nquads:
                load(text)
        except SyntaxError as error:
            raise StoreError(f"is not N-Quads: {_short(error)}", where=name) from error


def _limited(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield the items of an answer, at most :data:`MOST_ROWS`.

    Raises:
        StoreError: there are more.
    """
    held = iter(items)
    yield from islice(held, MOST_ROWS)
    if next(held, None) is not None:
        raise _too_large(f"{MOST_ROWS:,} rows")


class _Limited(io.BytesIO):
    """Bytes in memory, at most :data:`LARGEST`."""

    def write(self, piece: Any) -> int:
        """Take a piece.

        Raises:
            StoreError: it would be too much.
        """
        if self.tell() + len(piece) > LARGEST:
            raise _too_large(f"{LARGEST:,} bytes")
        return super().write(piece)


def _too_large(most: str) -> StoreError:
    return StoreError(f"the answer has more than {most}", hint="ask for less, or give the query a LIMIT")


class FolderStore(_Embedded):
    """A store that ``smm-kg build`` made in a folder, read-only: any number of processes may share it."""

    def __init__(self, folder: Path | str) -> None:
        """Open the store.

        Raises:
            StoreError: the folder holds no store, or one of another format or version, or a damaged one.
        """
        from smm_kg.store.folder import read_manifest, rebuild

        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self._mending = rebuild(folder)
        path = self.folder / self.manifest.store
        try:
            store = ox.Store.read_only(str(path))
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"the store is damaged or cannot be read: {error}",
                where=str(self.folder),
                hint=self._mending,
            ) from error
        super().__init__(str(folder), store)

    def nquads(self) -> bytes:
        """Return all quads, sorted: the text that the store was built from, else what the store holds."""
        return self.manifest.graph_text(self.folder) or super().nquads()


def _short(error: SyntaxError) -> str:
    """Return a parser's message without its list of everything that could have stood there."""
    text = str(error).split(" expected ")[0].split("\n")[0]
    return text.rstrip(": ") or "syntax error"
