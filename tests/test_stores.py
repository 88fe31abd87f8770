"""The behaviour of a store, told once and tested on every kind of store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from servers import serving
from studies import example, other

from smm_kg import dataset
from smm_kg.rows import Iri, Rows, Triples
from smm_kg.store import QueryError, Store
from smm_kg.terms import SMM, sparql_string

EX = "http://example.org/"

# One graph each, and a third that repeats a predicate: what a union must join and GRAPH must tell apart.
HOSTILE = {
    "quotes": '"double" and \'single\' and """three"""',
    "backslashes": "a\\b \\n \\\\ \\",
    "codepoint": "not an escape: \\u0041 \\\\u0041 \\U00000041",
    "newlines": "one\ntwo\r\nthree\r",
    "tab": "a\tb",
    "control": "\x01\x08\x0b\x0c\x1f\x7f",
    "query": '" } ?s ?p ?o . # SERVICE <http://127.0.0.1:1/>',
    "iri": "<https://w3id.org/smm-kg/ontology#value>",
    "astral": "𝔸\U0010fffd ≤6 mo",
    "combining": "e\u0301 \u200b\u2028\u2029\x85",
    "blank": " ",
    "empty": "",
    "braces": "{x} %s $1 ?x",
    "typed": '"1"^^xsd:integer',
}


def _extra() -> bytes:
    """Quads beside the studies: every kind of value, and hostile texts."""
    graph = ox.NamedNode(EX + "graph")
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = {
        "decimal": ox.Literal("0.5", datatype=ox.NamedNode(xsd + "decimal")),
        "integer": ox.Literal("42", datatype=ox.NamedNode(xsd + "integer")),
        "boolean": ox.Literal("true", datatype=ox.NamedNode(xsd + "boolean")),
        "time": ox.Literal("2007-11-08T00:00:00", datatype=ox.NamedNode(xsd + "dateTime")),
        "german": ox.Literal("Müdigkeit", language="de"),
        "iri": ox.NamedNode(EX + "thing"),
        **{f"hostile-{name}": ox.Literal(text) for name, text in HOSTILE.items()},
    }
    quads = [
        ox.Quad(ox.NamedNode(EX + name), ox.NamedNode(EX + "is"), value, graph)
        for name, value in values.items()
    ]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _everything() -> bytes:
    lines = b"".join(dataset.chunks([example(), other()])) + _extra()
    return b"\n".join([*sorted(lines.split(b"\n")[:-1]), b""])


@pytest.fixture(scope="module", params=["memory", "folder", "rdflib", "remote", "remote-union"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    quads = _everything()
    if request.param == "memory":
        from smm_kg.store.embedded import MemoryStore

        yield MemoryStore([quads])
    elif request.param == "folder":
        from smm_kg.store.embedded import FolderStore
        from smm_kg.store.folder import build

        folder = tmp_path_factory.mktemp("built")
        build(folder, [quads])
        yield FolderStore(folder)
    elif request.param == "rdflib":
        from smm_kg.store.rdflib_store import RdflibStore

        theirs = rdflib.Dataset()  # its own queries would see the default graph alone
        theirs.parse(data=quads, format="nquads")
        yield RdflibStore(theirs)
    else:
        from smm_kg.store.remote import RemoteStore

        with serving(
            quads, *(["--union-default-graph"] if request.param == "remote-union" else [])
        ) as endpoint:
            yield RemoteStore(endpoint, timeout=30)


def rows(store: Store, text: str) -> Rows:
    answer = store.query(f"PREFIX smm: <{SMM}> PREFIX ex: <{EX}> {text}")
    assert isinstance(answer, Rows)
    return answer


def test_values_are_python_values(store: Store) -> None:
    names = "decimal integer boolean time german iri"
    values = " ".join(f"ex:{name}" for name in names.split())
    answer = rows(
        store, f"SELECT ?name ?value ?no WHERE {{ VALUES ?name {{ {values} }} ?name ex:is ?value }}"
    )
    found = {row.name.removeprefix(EX): row.value for row in answer}
    assert found == {
        "decimal": Decimal("0.5"),
        "integer": 42,
        "boolean": True,
        "time": "2007-11-08T00:00:00",
        "german": "Müdigkeit",
        "iri": EX + "thing",
    }
    assert {name: type(value) for name, value in found.items()} == {
        "decimal": Decimal,
        "integer": int,
        "boolean": bool,
        "time": str,
        "german": str,
        "iri": Iri,
    }


def test_what_is_not_bound_is_none_and_an_answer_without_rows_has_columns(store: Store) -> None:
    answer = rows(
        store, "SELECT ?value ?nothing WHERE { ex:integer ex:is ?value OPTIONAL { ?value ex:is ?nothing } }"
    )
    assert answer.columns == ("value", "nothing")
    assert list(answer) == [(42, None)]
    none = rows(store, "SELECT ?value ?nothing WHERE { ex:none ex:is ?value, ?nothing }")
    assert none.columns == ("value", "nothing")
    assert len(none) == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_comes_out_as_it_is_and_is_found_by_itself(store: Store, name: str) -> None:
    (row,) = rows(store, f"SELECT ?text WHERE {{ ex:hostile-{name} ex:is ?text }}")
    assert row.text == HOSTILE[name]
    term = sparql_string(HOSTILE[name])
    answer = rows(store, f"SELECT DISTINCT ?node WHERE {{ VALUES ?text {{ {term} }} ?node ex:is ?text }}")
    assert [row.node for row in answer] == [f"{EX}hostile-{name}"]


def test_a_query_reads_all_graphs_as_one(store: Store) -> None:
    """The fact is in its source graph, its superclass in the inferred one, the label in the ontology's."""
    answer = rows(
        store,
        """SELECT DISTINCT ?study ?class ?number WHERE {
            ?fact smm:inStudy ?study ; smm:hasValue ?datum ; a smm:EffectEstimate .
            ?datum a smm:Statistic , ?class ; smm:number ?number .
            ?class <http://www.w3.org/2000/01/rdf-schema#label> ?label .
            FILTER (STR(?label) = "hazard ratio")
        } ORDER BY ?number""",
    )
    assert [(row.study.rpartition("/")[2], row.number) for row in answer] == [
        ("example-2001#study", Decimal("0.4")),
        ("other-2005#study", Decimal("1.1")),
    ]


def test_each_triple_is_met_once(store: Store) -> None:
    (row,) = rows(store, "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }")
    (each,) = rows(store, "SELECT (COUNT(*) AS ?triples) WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert row.triples == each.triples == _everything().count(b"\n")


def test_graph_tells_the_sources_apart(store: Store) -> None:
    answer = rows(
        store, "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?fact a smm:EffectEstimate } } ORDER BY ?graph"
    )
    assert [row.graph.rpartition("/")[2] for row in answer] == ["doi-10.9999-example-2001", "pmid-other-2005"]
    inferred = "SELECT ?graph WHERE { GRAPH ?graph { ?d a smm:EffectMeasure } } ORDER BY ?graph LIMIT 1"
    assert rows(store, inferred)[0].graph == "https://w3id.org/smm-kg/graph/inferred"


def test_from_chooses_the_graphs(store: Store, request: pytest.FixtureRequest) -> None:
    text = "SELECT ?x FROM <https://w3id.org/smm-kg/graph/pmid-other-2005> WHERE { ?x a smm:EffectEstimate }"
    if store.name == "rdflib":
        with pytest.raises(QueryError, match="FROM is refused"):
            rows(store, text)
    elif "union" not in request.node.callspec.id:  # a server told to join all graphs always does
        assert [row.x.rpartition("/")[2] for row in rows(store, text)] == ["other-2005#ttp-effect"]


def test_ask(store: Store) -> None:
    assert store.query(f"ASK {{ ?x a <{SMM}HazardRatio> }}") is True
    assert store.query(f"ASK {{ ?x a <{SMM}Nonesuch> }}") is False


def test_construct_gives_sorted_triples(store: Store) -> None:
    answer = store.query(
        f"CONSTRUCT {{ ?x <{EX}was> ?text }} WHERE {{ ?x <{EX}is> ?text FILTER (ISLITERAL(?text)) }}"
    )
    assert isinstance(answer, Triples)
    assert len(answer) == len(HOSTILE) + 5
    found = {s.removeprefix(EX): o for s, _, o in answer}
    assert found["integer"] == 42
    assert {name: found[f"hostile-{name}"] for name in HOSTILE} == HOSTILE
    lines = answer.ntriples.split(b"\n")[:-1]
    assert lines == sorted(set(lines))


def test_describe(store: Store) -> None:
    answer = store.query(f"DESCRIBE <{EX}integer>")
    assert isinstance(answer, Triples)
    assert list(answer) == [(f"{EX}integer", f"{EX}is", 42)]
    assert isinstance(next(iter(answer))[0], Iri)


def test_results_as_json(store: Store) -> None:
    answer = json.loads(store.query_json(f"SELECT ?v ?no WHERE {{ <{EX}decimal> <{EX}is> ?v }}"))
    assert answer["head"]["vars"] == ["v", "no"]
    (binding,) = answer["results"]["bindings"]
    assert binding == {
        "v": {"type": "literal", "value": "0.5", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}
    }
    assert json.loads(store.query_json("ASK {}"))["boolean"] is True
    with pytest.raises(QueryError, match="no rows"):
        store.query_json("CONSTRUCT WHERE { ?s ?p ?o }")


def test_all_quads_come_out(store: Store) -> None:
    text = store.nquads()
    lines = text.split(b"\n")[:-1]
    assert lines == sorted(set(lines))
    expected = list(ox.parse(_everything(), ox.RdfFormat.N_QUADS))
    if store.name.startswith("http"):  # an endpoint gives the graphs of smm-kg alone
        expected = [quad for quad in expected if quad.graph_name.value != f"{EX}graph"]
    assert set(ox.parse(text, ox.RdfFormat.N_QUADS)) == set(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x WHERE { ?x ", "query"),
        ("SELECT", "query"),
        ("nonsense", "not a SPARQL query"),
        ("", "not a SPARQL query"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT changes a store"),
        ("PREFIX x: <a:b> # SELECT\nDROP ALL", "DROP changes a store"),
        ("LOAD <http://127.0.0.1:1/x>", "LOAD changes a store"),
    ],
)
def test_what_is_no_query_is_refused(store: Store, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        store.query(text)


def test_a_lone_surrogate_is_an_error_and_not_a_crash(store: Store) -> None:
    text = 'SELECT ?x WHERE { ?x ?y "\ud800" }'
    if store.name == "rdflib":  # to which it is a character like any other
        assert len(rows(store, text)) == 0
    else:
        with pytest.raises(QueryError, match="not a SPARQL query"):
            store.query(text)


def test_a_store_says_its_name_and_closes(tmp_path: Path) -> None:
    from smm_kg.store.embedded import MemoryStore

    memory = MemoryStore([b""])
    assert memory.name == "memory:"
    assert memory.nquads() == b""
    memory.close()


HIDDEN = [
    "SELECT ?a { VALUES ?s {'y'} FILTER(?s<'x>'||true) %s FILTER(1!='') }",
    "SELECT ?a { FILTER(1<x:y#z> '''\n) %s } # '''",
    "PREFIX e: <urn:> SELECT ?a { ?a ?b e:a\u0300\\' . %s FILTER(1!='') }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_service_that_a_less_than_hides_is_refused(store: Store, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        store.query(text % "SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }")


def test_a_from_that_a_less_than_hides_is_refused(store: Store) -> None:
    text = "SELECT (1<'x>' AS ?y) FROM <http://127.0.0.1:1/x> { ?s ?p ?o FILTER('a'!='z') }"
    with pytest.raises(QueryError, match=r"FROM is refused|put spaces around the <"):
        store.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE " + "{" * 5000 + "}" * 5000,
        "SELECT (" + "(" * 5000 + "1" + ")" * 5000 + " AS ?x) {}",
        "SELECT (1" + "+1" * 200_000 + " AS ?x) {}",
        "SELECT * WHERE { {} " + "UNION {}" * 20_000 + " }",
        "ASK { ?s ?p '" + "x" * 1_000_000 + "' }",
    ],
)
def test_a_query_that_would_end_the_process_is_refused(store: Store, text: str) -> None:
    with pytest.raises(QueryError, match=r"nests brackets|operators and clauses|longer than"):
        store.query(text)


def test_many_values_are_not_too_many(store: Store) -> None:
    values = " ".join(f"<{EX}{number}#it>" for number in range(5000))
    assert len(rows(store, f"SELECT ?x WHERE {{ VALUES ?x {{ {values} }} }}")) == 5000


def test_an_answer_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    from smm_kg.store import StoreError, embedded

    store = embedded.MemoryStore([_extra()])
    text = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    monkeypatch.setattr(embedded, "MOST_ROWS", 10)
    monkeypatch.setattr(embedded, "LARGEST", 1000)
    for asked in (text, "CONSTRUCT WHERE { ?a ?b ?c }"):
        with pytest.raises(StoreError, match="more than 10 rows; ask for less"):
            store.query(asked)
    with pytest.raises(StoreError, match="more than 1,000 bytes"):
        store.query_json(text)
    assert len(store.query("SELECT * WHERE { ?a ?b ?c } LIMIT 10")) == 10  # type: ignore[arg-type]


def test_a_closed_store_says_so() -> None:
    from smm_kg.store import StoreError
    from smm_kg.store.embedded import MemoryStore

    store = MemoryStore([])
    store.close()
    with pytest.raises(StoreError, match="the store is closed"):
        store.query("ASK {}")
