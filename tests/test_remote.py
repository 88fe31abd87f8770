"""What an endpoint may do wrong, and that none of it passes for an answer."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from smm_kg.graph import open as open_graph
from smm_kg.store import EndpointError, QueryError, StoreError
from smm_kg.store.remote import RemoteStore

JSON = "application/sparql-results+json"
ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'
SELECT = "SELECT ?x WHERE { ?x ?y ?z }"

Reply = Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]


def reply(
    body: bytes, status: int = 200, kind: str = JSON, length: int | None = None, **headers: str
) -> Reply:
    """A reply to every query but the first, by which a store learns whether graphs are joined."""

    def answer(request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        probe = form["query"][0].startswith("ASK { GRAPH ?graph")
        text = b'{"boolean": false}' if probe else body
        request.send_response(200 if probe else status)
        request.send_header("Content-Type", JSON if probe else kind)
        request.send_header("Content-Length", str(length if length is not None and not probe else len(text)))
        for name, value in {} if probe else headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(text)

    return answer


@pytest.fixture
def endpoint() -> Iterator[Any]:
    """A server whose replies the test sets; ``seen`` are the forms and headers it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            server.seen.append((form, dict(self.headers)))  # type: ignore[attr-defined]
            server.reply(self, form)  # type: ignore[attr-defined]

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []  # type: ignore[attr-defined]
    server.address = f"http://127.0.0.1:{server.server_port}/sparql"  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_whole_answer_passes(endpoint: Any) -> None:
    endpoint.reply = reply(ROWS)
    assert [tuple(row) for row in RemoteStore(endpoint.address).query(SELECT)] == [("1",)]  # type: ignore[union-attr]
    form, headers = endpoint.seen[-1]
    assert form == {"query": [SELECT]}
    assert headers["Accept"] == JSON
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


CANCELLED = b'{"head": {"vars": ["x"]}, "results": {"bindings": [The SPARQL operation has been cancelled'
PAGE = b"<html><h1>Virtuoso 37000 Error</h1><p>SP030: no memory</p></html>"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply(ROWS[:-20]), "not whole"),
        (reply(CANCELLED), "has been cancelled"),
        (reply(ROWS, length=len(ROWS) + 100), "cut off"),
        (reply(b""), "it is empty"),
        (reply(ROWS, X_SPARQL_MaxRows="1"), "limit of rows"),
        (reply(ROWS, X_SQL_State="S1TAT"), "part of the answer"),
        (reply(PAGE, kind="text/html"), "not SPARQL JSON results"),
        (reply(b"[1]"), "not SPARQL JSON results"),
        (reply(PAGE, status=500, kind="text/html"), "status 500.*: Virtuoso 37000 Error SP030: no memory$"),
        (reply(b"gone", status=404), "status 404.*: gone"),
        (reply(b"busy", status=503), "status 503.*: busy"),
        (reply(b"no", status=401), "give a user and password"),
        (reply(b"no", status=403), "refuses access"),
    ],
)
def test_what_is_not_a_whole_answer_is_an_error(endpoint: Any, answer: Reply, message: str) -> None:
    endpoint.reply = answer
    store = RemoteStore(endpoint.address)
    with pytest.raises(EndpointError, match=message):
        store.query(SELECT)
    with pytest.raises(EndpointError, match=message):
        store.query_json(SELECT)


def test_json_that_is_no_answer_is_an_error(endpoint: Any) -> None:
    endpoint.reply = reply(b'{"head": {}, "results": 3}')
    with pytest.raises(EndpointError, match="not SPARQL JSON results"):
        RemoteStore(endpoint.address).query(SELECT)


def test_triples_that_end_in_the_middle_are_an_error(endpoint: Any) -> None:
    endpoint.reply = reply(b"<a:s> <a:p> <a:o> .\n<a:s> <a:p> ", kind="application/n-triples")
    with pytest.raises(EndpointError, match="not whole"):
        RemoteStore(endpoint.address).query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_query_that_the_endpoint_does_not_understand_is_the_query_s_fault(endpoint: Any) -> None:
    endpoint.reply = reply(b"error at 1:8: expected something", status=400, kind="text/plain")
    with pytest.raises(QueryError, match="expected something"):
        RemoteStore(endpoint.address).query(SELECT)


def test_an_endpoint_that_does_not_answer_in_time(endpoint: Any) -> None:
    endpoint.reply = lambda request, form: time.sleep(3)
    started = time.monotonic()
    with pytest.raises(EndpointError, match=r"no whole answer within 0\.3 s"):
        RemoteStore(endpoint.address, timeout=0.3).query(SELECT)
    assert time.monotonic() - started < 2


def test_an_endpoint_that_never_comes_to_an_end(endpoint: Any) -> None:
    def answer(request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        request.send_response(200)
        request.end_headers()
        with contextlib.suppress(OSError):
            while True:
                request.wfile.write(b" " * 1000)
                time.sleep(0.01)

    endpoint.reply = answer
    started = time.monotonic()
    with pytest.raises(EndpointError, match=r"no whole answer within 0\.5 s"):
        RemoteStore(endpoint.address, timeout=0.5).query(SELECT)
    assert time.monotonic() - started < 2


def test_an_endpoint_that_is_not_there() -> None:
    with pytest.raises(EndpointError, match="cannot be reached"):
        RemoteStore("http://127.0.0.1:9/sparql", timeout=5).query(SELECT)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ftp://example.org/", "not an http address"),
        ("http://", "not an http address"),
        ("http://me:secret@example.org/", "holds a password"),
    ],
)
def test_an_address_that_is_none(address: str, message: str) -> None:
    with pytest.raises(EndpointError, match=message) as raised:
        RemoteStore(address)
    assert "secret" not in str(raised.value)


def test_a_password_is_sent_as_asked(endpoint: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint.reply = reply(ROWS)
    RemoteStore(endpoint.address, user="me", password="ünd").query(SELECT)
    assert endpoint.seen[-1][1]["Authorization"] == "Basic bWU6w7xuZA=="
    monkeypatch.setenv("SMM_KG_USER", "me")
    monkeypatch.setenv("SMM_KG_PASSWORD", "too")
    open_graph(endpoint.address).sparql(SELECT)
    assert endpoint.seen[-1][1]["Authorization"] == "Basic bWU6dG9v"
    with pytest.raises(EndpointError, match="candidates: basic; digest"):
        RemoteStore(endpoint.address, auth="bearer")


def test_the_time_limit_may_come_from_the_environment(endpoint: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint.reply = lambda request, form: time.sleep(3)
    monkeypatch.setenv("SMM_KG_TIMEOUT", "0.2")
    with pytest.raises(EndpointError, match=r"within 0\.2 s"):
        open_graph(endpoint.address).sparql(SELECT)
    monkeypatch.setenv("SMM_KG_TIMEOUT", "soon")
    with pytest.raises(StoreError, match="SMM_KG_TIMEOUT is 'soon', not a number of seconds"):
        open_graph(endpoint.address)


def test_graphs_are_named_in_the_request_where_the_server_does_not_join_them(endpoint: Any) -> None:
    def answer(request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        text = form["query"][0]
        if text.startswith("ASK"):
            body = {"boolean": True}
        elif text.startswith("SELECT DISTINCT ?graph"):
            graphs = [{"graph": {"type": "uri", "value": name}} for name in ("a:2", "a:1")]
            body = {"head": {"vars": ["graph"]}, "results": {"bindings": graphs}}  # type: ignore[dict-item]
        else:
            body = json.loads(ROWS)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(json.dumps(body).encode())

    endpoint.reply = answer
    store = RemoteStore(endpoint.address)
    store.query(SELECT)
    assert endpoint.seen[-1][0] == {
        "query": [SELECT],
        "default-graph-uri": ["a:1", "a:2"],
        "named-graph-uri": ["a:1", "a:2"],
    }
    store.query("SELECT ?x FROM <a:1> WHERE { ?x ?y ?z }")
    assert set(endpoint.seen[-1][0]) == {"query"}
    assert len(endpoint.seen) == 4


def test_a_redirection_takes_the_password_nowhere(endpoint: Any) -> None:
    endpoint.reply = reply(b"", status=302, Location="http://127.0.0.1:9/elsewhere")
    with pytest.raises(EndpointError, match=r"sends us to http://127\.0\.0\.1:9/elsewhere \(status 302\)"):
        RemoteStore(endpoint.address, user="me", password="secret").query(SELECT)


def test_a_digest_is_computed_for_who_asks_for_it(endpoint: Any) -> None:
    def answer(request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        known = request.headers.get("Authorization", "").startswith("Digest ")
        request.send_response(200 if known else 401)
        request.send_header("WWW-Authenticate", 'Digest realm="any", nonce="x", qop="auth"')
        body = b'{"boolean": false}' if form["query"][0].startswith("ASK") else ROWS
        request.send_header("Content-Length", str(len(body) if known else 0))
        request.end_headers()
        request.wfile.write(body if known else b"")

    endpoint.reply = answer
    store = RemoteStore(endpoint.address, user="me", password="secret", auth="digest")
    assert len(store.query(SELECT)) == 1  # type: ignore[arg-type]


def test_a_user_without_a_password_is_an_error(endpoint: Any) -> None:
    with pytest.raises(EndpointError, match="a password is missing"):
        RemoteStore(endpoint.address, user="me")
    with pytest.raises(EndpointError, match="a user is missing"):
        RemoteStore(endpoint.address, password="secret")


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 1e300])
def test_a_time_limit_is_a_number_of_seconds(endpoint: Any, timeout: float) -> None:
    with pytest.raises(EndpointError, match="is no number of seconds"):
        RemoteStore(endpoint.address, timeout=timeout)


@pytest.mark.parametrize(
    "body",
    [
        b'{"results": {}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": 1}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": []}, "boolean": true}',
        b'{"boolean": true}',
    ],
)
def test_results_of_another_shape_are_an_error_that_names_the_endpoint(endpoint: Any, body: bytes) -> None:
    endpoint.reply = reply(body)
    for ask in (RemoteStore(endpoint.address).query, RemoteStore(endpoint.address).query_json):
        with pytest.raises(EndpointError, match="not SPARQL JSON results") as raised:
            ask(SELECT)
        assert endpoint.address in str(raised.value)


def test_graphs_without_a_name_are_an_error(endpoint: Any) -> None:
    endpoint.reply = reply(ROWS)
    with pytest.raises(EndpointError, match="graphs without a name"):
        RemoteStore(endpoint.address).nquads()


def test_triples_without_graphs_give_no_wrong_rows(tmp_path: Any) -> None:
    import pyoxigraph as ox
    from servers import serving
    from studies import other

    from smm_kg import dataset

    quads = ox.parse(b"".join(dataset.chunks([other()])), ox.RdfFormat.N_QUADS)
    flat = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    with serving(flat or b"") as address, open_graph(address) as graph:
        with pytest.raises(StoreError, match="load a TriG or N-Quads export"):
            graph.query("compare-progression")
        assert len(graph.sparql("SELECT ?s WHERE { ?s a ?c } LIMIT 1")) == 1  # type: ignore[arg-type]
