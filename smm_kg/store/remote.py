"""The remote store: a SPARQL endpoint, asked through SPARQLWrapper by URL-encoded POST.

Whether a query without ``GRAPH`` reads all graphs is the server's own affair. The first query finds out:
where the server's default graph lacks what its named graphs hold, all graphs are named in each request
(``default-graph-uri`` and ``named-graph-uri`` of the SPARQL protocol), unless the query has a ``FROM``
itself.

An answer that is not whole is an error: servers cut answers short with a status of 200, and tell it by a
header (Virtuoso) or by a body that ends in the middle (Oxigraph).
"""

from __future__ import annotations

import ast
import re
import time
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import msgspec

from smm_kg.rows import Cell, Iri, Rows, Triples, cell, row_type
from smm_kg.store import Answer, EndpointError, QueryError
from smm_kg.store.quads import sorted_quads
from smm_kg.store.sparql_text import has_dataset_clause, query_form
from smm_kg.terms import GRAPH, SMM, sparql_iri

__all__ = ["DEFAULT_TIMEOUT", "RemoteStore"]

DEFAULT_TIMEOUT = 60.0

_JSON = "application/sparql-results+json"
_NTRIPLES = "application/n-triples, text/turtle;q=0.5"
_NOT_WHOLE = {
    "X-SPARQL-MaxRows": "the endpoint cut the answer off at its limit of rows",
    "X-SQL-State": "the endpoint ran out of time and gave part of the answer",
}
_ALL_GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"
_HIDDEN = f"ASK {{ GRAPH ?graph {{ ?study a <{SMM}Study> }} FILTER NOT EXISTS {{ ?study a <{SMM}Study> }} }}"


class RemoteStore:
    """A SPARQL endpoint, read-only."""

    def __init__(
        self,
        endpoint: str,
        *,
        timeout: float | None = None,
        user: str | None = None,
        password: str | None = None,
        auth: str = "basic",
    ) -> None:
        """Name the endpoint; nothing is sent yet.

        Args:
            endpoint: the http or https address that takes queries.
            timeout: seconds until the whole answer must have come.
            user: name for an endpoint that asks for one, with ``password``.
            password: its password.
            auth: how the password is sent, ``basic`` or ``digest``.

        Raises:
            EndpointError: the address or the way of authentication is none.
        """
        address = urlsplit(endpoint)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise EndpointError(f"{endpoint!r} is not an http address")
        if address.username or address.password:
            raise EndpointError("the address holds a password", hint="give user and password on their own")
        if auth not in ("basic", "digest"):
            raise EndpointError(f"{auth!r} is no way to log in", candidates=["basic", "digest"])
        self.name = endpoint
        self._timeout = DEFAULT_TIMEOUT if timeout is None else timeout
        self._login = (user, password, auth.upper()) if user and password else None
        self._graphs: list[str] | None = (
            None  # named in each request where the server's default graph lacks them
        )

    def query(self, text: str) -> Answer:
        """Answer a query; see :meth:`smm_kg.store.Store.query`."""
        form = query_form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            return _triples(self._ask(text, form, _NTRIPLES))
        answer = _parsed(self._ask(text, form, _JSON))
        try:
            if form == "ASK":
                return bool(answer["boolean"])
            columns = tuple(answer["head"].get("vars", ()))
            make = row_type(columns)._make
            bindings = answer["results"]["bindings"]
            return Rows(
                columns, tuple([make([_cell(row.get(name)) for name in columns]) for row in bindings])
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise EndpointError("the answer is not SPARQL JSON results", where=self.name) from error

    def query_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK in JSON; see :meth:`smm_kg.store.Store.query_json`."""
        form = query_form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("CONSTRUCT and DESCRIBE have no rows", hint="use SELECT or ASK")
        body = self._ask(text, form, _JSON)
        _parsed(body)
        return body

    def nquads(self) -> bytes:
        """Return the quads of smm-kg's graphs, sorted; see :meth:`smm_kg.store.Store.nquads`.

        An endpoint may hold much else, which is left out. Each graph is asked for by a request of its own.
        """
        import pyoxigraph as ox

        lines: set[bytes] = set()
        for graph in self._named_graphs():
            if graph.startswith(GRAPH):
                text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {sparql_iri(graph)} {{ ?s ?p ?o }} }}"
                body = _triples(self._ask(text, "CONSTRUCT", _NTRIPLES)).ntriples
                # Blank nodes are renamed: two answers may give one name to two of them.
                triples = ox.parse(body, ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
                lines |= {f"{triple.triple} <{graph}> .\n".encode() for triple in triples}
        return sorted_quads(b"".join(lines))

    def close(self) -> None:
        """Do nothing: each query is a request of its own, and no connection is kept."""

    def _ask(self, text: str, form: str, accept: str) -> bytes:
        """Send a query that reads all graphs as one, and return the whole body of the answer."""
        if self._graphs is None:
            hidden = _parsed(self._send(_HIDDEN, "ASK", _JSON, [])).get("boolean")
            self._graphs = self._named_graphs() if hidden else []
        return self._send(text, form, accept, [] if has_dataset_clause(text) else self._graphs)

    def _named_graphs(self) -> list[str]:
        answer = _parsed(self._send(_ALL_GRAPHS, "SELECT", _JSON, []))
        return sorted(row["graph"]["value"] for row in answer["results"]["bindings"])

    def _send(self, text: str, form: str, accept: str, graphs: list[str]) -> bytes:
        """Send one request.

        Raises:
            QueryError: the endpoint does not understand the query.
            EndpointError: it cannot be reached, refuses, fails, or gives an answer that is not whole.
        """
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLExceptions, SPARQLWrapper

        wrapper = SPARQLWrapper(self.name, returnFormat=JSON if accept == _JSON else TURTLE)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", accept)
        vars(wrapper)["timeout"] = (
            self._timeout
        )  # setTimeout cuts the fraction off, down to no timeout at all
        if self._login:
            user, password, way = self._login
            wrapper.setCredentials(user, password)
            wrapper.setHTTPAuth(way)
        for graph in graphs:
            wrapper.addParameter("default-graph-uri", graph)
            wrapper.addParameter("named-graph-uri", graph)
        # Not setQuery: it guesses the form by a pattern that comments and texts mislead.
        wrapper.queryString, wrapper.queryType = text, form
        deadline = time.monotonic() + self._timeout
        try:
            response = wrapper.query().response
            body = self._read(response, deadline)
        except UnicodeEncodeError as error:
            raise QueryError(f"it is not a SPARQL query: {error}") from error
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryError(f"the endpoint does not understand the query: {_reason(error)}") from error
        except (SPARQLExceptions.SPARQLWrapperException, OSError, HTTPException) as error:
            raise self._failed(error) from error
        for header, what in _NOT_WHOLE.items():
            if header in response.headers:
                raise EndpointError(what, where=self.name, hint="ask for less at a time")
        return body

    def _read(self, response: HTTPResponse, deadline: float) -> bytes:
        """Read a body to its end, which a server may put off for ever by sending slowly."""
        pieces = []
        with response:
            while piece := response.read1(1 << 20):
                pieces.append(piece)
                if time.monotonic() > deadline:
                    raise TimeoutError
            if response.length:
                raise IncompleteRead(b"", response.length)
        return b"".join(pieces)

    def _failed(self, error: Exception) -> EndpointError:
        """Say what went wrong between us and the endpoint."""
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            what = f"no whole answer within {self._timeout:g} s"
            return EndpointError(what, where=self.name, hint="ask for less, or give it more time")
        if isinstance(error, HTTPException):
            return EndpointError("the answer is cut off", where=self.name)
        code = getattr(error, "code", None) or _CODES.get(type(error).__name__)
        if code in (401, 403):
            return EndpointError(
                f"the endpoint refuses access (status {code})",
                where=self.name,
                hint="give a user and password, or another --auth",
            )
        if code is not None:
            return EndpointError(f"the endpoint fails (status {code}): {_reason(error)}", where=self.name)
        return EndpointError(f"the endpoint cannot be reached: {cause}", where=self.name)


_CODES = {"Unauthorized": 401, "EndPointNotFound": 404, "URITooLong": 414, "EndPointInternalError": 500}


def _reason(error: Exception) -> str:
    """Return the message in an error's body, which may be a page of HTML, as one short line."""
    _, quoting, quoted = str(error).partition("Response:\n")  # SPARQLWrapper shows the body as Python bytes
    if quoting:
        body = ast.literal_eval(quoted)
    else:
        body = error.read() if isinstance(error, HTTPError) else str(error)
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:300] or "no reason given"


def _parsed(body: bytes) -> dict[str, Any]:
    """Return an answer in JSON; one that ends in the middle, or is a page, is an error."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        shown = " ".join(body[:200].decode(errors="replace").split())
        raise EndpointError(
            f"the answer is not whole or not SPARQL JSON results: {shown or 'it is empty'}"
        ) from error
    if not isinstance(answer, dict):
        raise EndpointError("the answer is not SPARQL JSON results")
    return answer


def _cell(term: dict[str, str] | None) -> Cell:
    if term is None:
        return None
    if term["type"] == "uri":
        return Iri(term["value"])
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    return cell(term["value"], term.get("datatype", ""))


def _triples(body: bytes) -> Triples:
    """Return an answer in N-Triples, or in Turtle from a server that knows no other."""
    import pyoxigraph as ox

    try:
        lines = {f"{triple.triple} .\n".encode() for triple in ox.parse(body, ox.RdfFormat.TURTLE)}
    except (SyntaxError, ValueError) as error:
        raise EndpointError(f"the answer is not whole or not Turtle: {error}") from error
    return Triples(b"".join(sorted(lines)))
