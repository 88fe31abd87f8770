"""Names: minting and checking of IRIs, and what may stand in a query."""

from __future__ import annotations

import pytest

from smm_kg import resources
from smm_kg.store import QueryError
from smm_kg.store.sparql_text import has_dataset_clause, query_form, refuse
from smm_kg.terms import (
    SMM,
    TermError,
    compact,
    expand,
    graph_of,
    is_iri,
    is_slug,
    local,
    sparql_iri,
    study_node,
)


@pytest.mark.parametrize(
    ("document", "slug"),
    [
        ("doi:10.1056/NEJMoa1300439", "doi-10.1056-nejmoa1300439"),
        ("NCT01234567", "nct01234567"),
        ("https://example.org/a b?c=ü", "https-example.org-a-b-c"),
    ],
)
def test_a_graph_has_the_slug_of_its_document(document: str, slug: str) -> None:
    assert graph_of(document) == f"https://w3id.org/smm-kg/graph/{slug}"
    assert is_iri(graph_of(document))


@pytest.mark.parametrize("document", ["", "ü", "ontology", "Inferred", "//audit/"])
def test_a_document_without_a_graph_of_its_own_is_refused(document: str) -> None:
    with pytest.raises(TermError, match="gives no name for a graph"):
        graph_of(document)


@pytest.mark.parametrize("text", ["a", "time-to-progression", "NCT01234567", "2-a"])
def test_slugs(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "a b", "a.b", "a_b", "ü", "a\n", "a>"])
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_nodes_of_a_study() -> None:
    assert study_node("mateos-2013") == "https://w3id.org/smm-kg/study/mateos-2013#study"
    assert local("a", "arm-b") == "https://w3id.org/smm-kg/study/a#arm-b"
    with pytest.raises(TermError, match="'a b' is not a study id"):
        study_node("a b")


def test_compact_names_and_back() -> None:
    assert expand("smm:fatigue") == SMM + "fatigue"
    assert compact(SMM + "fatigue") == "smm:fatigue"
    assert compact(SMM + "a/b") == f"<{SMM}a/b>"
    assert compact("http://example.org/x") == "<http://example.org/x>"
    for wrong in ("fatigue", "no:x", "smm:a b", "smm:a>"):
        with pytest.raises(TermError):
            expand(wrong)


@pytest.mark.parametrize(
    "text", ["http://x/>", "http://x/a b", "http://x/\n", "x", "", 'http://x/"', "http://x/\ud800", "a:\x85"]
)
def test_what_is_no_iri_is_refused(text: str) -> None:
    assert not is_iri(text)
    with pytest.raises(TermError, match="not an absolute IRI"):
        sparql_iri(text)


SERVICE = "SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ {SERVICE} }}",
        "SELECT * {service<http://127.0.0.1:1/>{?s ?p ?o}}",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } }",
        f"SELECT * {{ ?s ?p <http://x/#> . {SERVICE} }}",
        f"SELECT * {{ ?s ?p <http://x/\\u0041#> . {SERVICE} }}",
        f"SELECT * {{ ?s ?p '#' . {SERVICE} }}",
        f"SELECT * {{ ?s ?p '\\'#' . {SERVICE} }}",
        f'SELECT * {{ ?s ?p """"#""" . {SERVICE} }}',
        f"SELECT * {{ ?s ?p 'it' . # '\n {SERVICE} }}",
        f"SELECT * {{ ?s ?p ?o FILTER (?s<1&&?o>2){SERVICE} }}",
        f"PREFIX a: <x:> SELECT * {{ ?s ?p a:.{SERVICE} }}",
        f"SELECT * {{ ?s ?p 1e0{SERVICE} }}",
        f"SELECT * {{ ?s ?p true{SERVICE} }}",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICEx:x { ?s ?p ?o } }",
    ],
)
def test_a_query_that_would_ask_another_service_is_refused(text: str) -> None:
    from smm_kg.store.embedded import MemoryStore

    with pytest.raises(QueryError, match="SERVICE is refused"):
        refuse(text, "SERVICE")
    with pytest.raises(QueryError, match="SERVICE is refused"):
        MemoryStore([]).query(text)


def test_rdflib_is_not_led_to_another_service_by_an_escape() -> None:
    import rdflib

    from smm_kg.store.rdflib_store import RdflibStore

    store = RdflibStore(rdflib.Dataset())
    for text in (
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        f'SELECT * {{ ?s ?p "\\u0022 . {SERVICE} #" }}',
    ):
        with pytest.raises(QueryError, match="SERVICE is refused"):
            store.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?p 'SERVICE <x>' }",
        "# SERVICE\nSELECT * { ?s <http://x/SERVICE> ?o }",
        'PREFIX x: <http://x/> SELECT * { ?s x:service """ SERVICE """@service }',
    ],
)
def test_the_word_alone_is_harmless(text: str) -> None:
    refuse(text, "SERVICE")
    assert query_form(text) == "SELECT"


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("SELECT * FROM <a:b> { ?s ?p ?o }", True),
        ("ask from named <a:b> {}", True),
        ("DESCRIBE <a:b> FROM <a:c>", True),
        ("SELECT ?from { ?from ?p 'FROM' }", False),
        ("PREFIX from: <a:> SELECT * { ?s from:x ?o } # FROM", False),
        ("SELECT * { ?s ?p ?o }", False),
    ],
)
def test_whether_a_query_chooses_its_graphs(text: str, clause: bool) -> None:
    assert has_dataset_clause(text) is clause


def test_the_shipped_files_are_found() -> None:
    assert resources.ontology().is_file()
    assert list(resources.queries().glob("*.rq"))
    assert resources.evidence().is_dir()
    assert all(path.suffix == ".json" for path in resources.extracted())
    with pytest.raises(resources.ResourceError, match="'nonesuch' of the installation is missing"):
        resources.folder("nonesuch")
