"""The remote store: a SPARQL endpoint, asked through SPARQLWrapper by URL-encoded POST.

Whether a query without ``GRAPH`` reads all graphs is the server's own affair. The first query finds out:
where the server's default graph lacks what its named graphs hold, all graphs are named in each request
(``default-graph-uri`` and ``named-graph-uri`` of the SPARQL protocol), unless the query has a ``FROM``
itself.

Only the address that was given is asked: a redirection is refused, since it would take query and password to
a place that nobody chose.

An answer that is not whole is an error: servers cut answers short with a status of 200, and tell it by a
header (Virtuoso) or by a body that ends in the middle (Oxigraph).
"""

from __future__ import annotations

import base64
import re
import time
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    build_opener,
)

import msgspec

from smm_kg.rows import Cell, Iri, Rows, Triples, cell, row_type
from smm_kg.store import Answer, EndpointError, QueryError
from smm_kg.store.quads import sorted_quads
from smm_kg.store.sparql_text import has_dataset_clause, limit, query_form, refuse
from smm_kg.terms import GRAPH, SMM, sparql_iri

__all__ = ["DEFAULT_TIMEOUT", "LONGEST_TIMEOUT", "RemoteStore"]

DEFAULT_TIMEOUT = 60.0
LONGEST_TIMEOUT = 1e6

_JSON = "application/sparql-results+json"
_NTRIPLES = "application/n-triples, text/turtle;q=0.5"
_NOT_WHOLE = {
    "X-SPARQL-MaxRows": "the endpoint cut the answer off at its limit of rows",
    "X-SQL-State": "the endpoint ran out of time and gave part of the answer",
}
_ALL_GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"
_HIDDEN = f"ASK {{ GRAPH ?graph {{ ?study a <{SMM}Study> }} FILTER NOT EXISTS {{ ?study a <{SMM}Study> }} }}"


class _Term(msgspec.Struct):
    """A term of SPARQL 1.1 Query Results JSON."""

    type: str
    value: str
    datatype: str = ""


class _Head(msgspec.Struct):
    vars: list[str]


class _Solutions(msgspec.Struct):
    bindings: list[dict[str, _Term]]


class _Selected(msgspec.Struct):
    """The answer of a SELECT; a truth beside the rows makes it none."""

    head: _Head
    results: _Solutions
    boolean: msgspec.UnsetType = msgspec.UNSET


class _Truth(msgspec.Struct):
    """The answer of an ASK."""

    boolean: bool


_Shape = TypeVar("_Shape")


class _StayHere(HTTPRedirectHandler):
    """Follows no redirection: it becomes the error of its status."""

    def redirect_request(self, *_: Any) -> None:
        """Make no further request."""


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
            EndpointError: the address, the time or the way of authentication is none, or a user has no
                password.
        """
        address = urlsplit(endpoint)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise EndpointError(f"{endpoint!r} is not an http address")
        if address.username or address.password:
            raise EndpointError("the address holds a password", hint="give user and password on their own")
        if auth not in ("basic", "digest"):
            raise EndpointError(f"{auth!r} is no way to log in", candidates=["basic", "digest"])
        if bool(user) != bool(password):
            lacks = "password" if user else "user"
            raise EndpointError(f"a {lacks} is missing", hint="give user and password, or neither")
        self.name = endpoint
        self._timeout = DEFAULT_TIMEOUT if timeout is None else timeout
        if not 0 < self._timeout <= LONGEST_TIMEOUT:
            raise EndpointError(f"{timeout} is no number of seconds up to {LONGEST_TIMEOUT:.0f}")
        self._opener, self._headers = _login(endpoint, user, password, auth)
        self._graphs: list[str] | None = (
            None  # named in each request where the server's default graph lacks them
        )

    def query(self, text: str) -> Answer:
        """Answer a query; see :meth:`smm_kg.store.Store.query`."""
        form = query_form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            return self._triples(self._ask(text, form, _NTRIPLES))
        body = self._ask(text, form, _JSON)
        if form == "ASK":
            return self._parsed(body, _Truth).boolean
        answer = self._parsed(body, _Selected)
        columns = tuple(answer.head.vars)
        make = row_type(columns)._make
        bindings = answer.results.bindings
        return Rows(columns, tuple([make([_cell(row.get(name)) for name in columns]) for row in bindings]))

    def query_json(self, text: str) -> bytes:
        """Answer a SELECT or ASK in JSON; see :meth:`smm_kg.store.Store.query_json`."""
        form = query_form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("CONSTRUCT and DESCRIBE have no rows", hint="use SELECT or ASK")
        body = self._ask(text, form, _JSON)
        self._parsed(body, _Truth if form == "ASK" else _Selected)
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
                body = self._triples(self._ask(text, "CONSTRUCT", _NTRIPLES)).ntriples
                # Blank nodes are renamed: two answers may give one name to two of them.
                triples = ox.parse(body, ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
                lines |= {f"{triple.triple} <{graph}> .\n".encode() for triple in triples}
        return sorted_quads(b"".join(lines))

    def close(self) -> None:
        """Do nothing: each query is a request of its own, and no connection is kept."""

    def _ask(self, text: str, form: str, accept: str) -> bytes:
        """Send a query that reads all graphs as one, and return the whole body of the answer."""
        limit(text)
        refuse(text, "SERVICE")
        if self._graphs is None:
            hidden = self._parsed(self._send(_HIDDEN, "ASK", _JSON, []), _Truth).boolean
            self._graphs = self._named_graphs() if hidden else []
        return self._send(text, form, accept, [] if has_dataset_clause(text) else self._graphs)

    def _named_graphs(self) -> list[str]:
        answer = self._parsed(self._send(_ALL_GRAPHS, "SELECT", _JSON, []), _Selected)
        try:
            return sorted(row["graph"].value for row in answer.results.bindings)
        except KeyError as error:
            raise EndpointError("the answer leaves graphs without a name", where=self.name) from error

    def _send(self, text: str, form: str, accept: str, graphs: list[str]) -> bytes:
        """Send one request.

        Raises:
            QueryError: the endpoint does not understand the query.
            EndpointError: it cannot be reached, refuses, fails, or gives an answer that is not whole.
        """
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

        wrapper = SPARQLWrapper(self.name, returnFormat=JSON if accept == _JSON else TURTLE)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        for name, value in {"Accept": accept, **self._headers}.items():
            wrapper.addCustomHttpHeader(name, value)
        for graph in graphs:
            wrapper.addParameter("default-graph-uri", graph)
            wrapper.addParameter("named-graph-uri", graph)
        # Not setQuery: it guesses the form by a pattern that comments and texts mislead.
        wrapper.queryString, wrapper.queryType = text, form
        deadline = time.monotonic() + self._timeout
        try:
            # Not query(): it follows redirections, and takes the password along.
            response = self._opener.open(wrapper._createRequest(), timeout=self._timeout)
            body = self._read(response, deadline)
        except UnicodeEncodeError as error:
            raise QueryError(f"it is not a SPARQL query: {error}") from error
        except HTTPError as error:
            raise self._refused(error) from error
        except (OSError, HTTPException) as error:
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
        return EndpointError(f"the endpoint cannot be reached: {cause}", where=self.name)

    def _refused(self, error: HTTPError) -> EndpointError | QueryError:
        """Say what the status of an answer means."""
        if error.code == 400:
            return QueryError(
                f"the endpoint does not understand the query: {_reason(error)}", where=self.name
            )
        if error.code in (401, 403):
            return EndpointError(
                f"the endpoint refuses access (status {error.code})",
                where=self.name,
                hint="give a user and password, or another --auth",
            )
        if 300 <= error.code < 400:
            elsewhere = error.headers.get("Location", "another address")
            return EndpointError(
                f"the endpoint sends us to {elsewhere} (status {error.code})",
                where=self.name,
                hint="give that address if it is the one you mean",
            )
        return EndpointError(f"the endpoint fails (status {error.code}): {_reason(error)}", where=self.name)

    def _parsed(self, body: bytes, shape: type[_Shape]) -> _Shape:
        """Return an answer in JSON; one that ends in the middle, or is a page, is an error."""
        try:
            return msgspec.json.decode(body, type=shape)
        except msgspec.ValidationError as error:
            what = f"the answer is not SPARQL JSON results: {error}"
            raise EndpointError(what, where=self.name) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            shown = " ".join(body[:200].decode(errors="replace").split()) or "it is empty"
            what = f"the answer is not whole or not SPARQL JSON results: {shown}"
            raise EndpointError(what, where=self.name) from error

    def _triples(self, body: bytes) -> Triples:
        """Return an answer in N-Triples, or in Turtle from a server that knows no other."""
        import pyoxigraph as ox

        try:
            lines = {f"{triple.triple} .\n".encode() for triple in ox.parse(body, ox.RdfFormat.TURTLE)}
        except (SyntaxError, ValueError) as error:
            what = f"the answer is not whole or not Turtle: {error}"
            raise EndpointError(what, where=self.name) from error
        return Triples(b"".join(sorted(lines)))


def _login(
    endpoint: str, user: str | None, password: str | None, auth: str
) -> tuple[OpenerDirector, dict[str, str]]:
    """Return what opens requests to an endpoint, and the headers that each of them has."""
    if not user or not password:
        return build_opener(_StayHere), {}
    if auth == "basic":
        told = base64.b64encode(f"{user}:{password}".encode()).decode()
        return build_opener(_StayHere), {"Authorization": f"Basic {told}"}
    passwords = HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, endpoint, user, password)
    return build_opener(_StayHere, HTTPDigestAuthHandler(passwords)), {}


def _reason(error: HTTPError) -> str:
    """Return the message in an error's body, which may be a page of HTML, as one short line."""
    text = error.read().decode(errors="replace")
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:300] or "no reason given"


def _cell(term: _Term | None) -> Cell:
    if term is None:
        return None
    if term.type == "uri":
        return Iri(term.value)
    if term.type == "bnode":
        return f"_:{term.value}"
    return cell(term.value, term.datatype)
