"""Query files: their headers, and the binding of parameters by terms and never by text."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from studies import example, other
from test_stores import HOSTILE

from smm_kg import dataset, records
from smm_kg.catalogue import Catalogue, CatalogueError, Name, ParameterError, UnknownQueryError
from smm_kg.graph import Graph
from smm_kg.rows import Iri
from smm_kg.store import Store
from smm_kg.store.embedded import MemoryStore
from smm_kg.store.rdflib_store import RdflibStore
from smm_kg.store.sparql_text import query_form, refuse
from smm_kg.terms import SMM, sparql_string
from smm_kg.yaml_text import YamlError

HEADER = """\
#+ summary: "Values, for tests: all of them"
#+ question: What is stated: all of "it" # or not?
#+ params:
#+   study: {type: study, help: id of the study}
#+   subject: {type: term, of: smm:Subject, help: what is measured}
#+   arm: {type: string}
#+   least: {type: number}
#+   place: {type: integer}
#+   fact: {type: iri}
#+   measure: {type: string, values: [hazard ratio, median], default: [hazard ratio, median]}
"""
BODY = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX smm: <https://w3id.org/smm-kg/ontology#>
# VALUES ?arm { UNDEF } in a comment is no place of a parameter
SELECT DISTINCT ?fact ?number WHERE {
  VALUES ?study { UNDEF }
  VALUES ?subject { UNDEF }
  VALUES ?arm { UNDEF }
    VALUES ?least {UNDEF}
  VALUES ?place { UNDEF }
  VALUES ?fact { UNDEF }
  VALUES ?measure { UNDEF }
  ?fact smm:inStudy ?study ; smm:subject ?subject ; smm:position ?place ; smm:hasValue ?datum .
  ?datum a ?class .
  ?class rdfs:label ?label FILTER (!BOUND(?measure) || STR(?label) = ?measure)
  OPTIONAL { ?fact smm:arm/dcterms:identifier ?of }
  FILTER (!BOUND(?arm) || ?arm = ?of)
  OPTIONAL { ?datum smm:value ?number }
  FILTER (!BOUND(?least) || ?number >= ?least)
} ORDER BY ?fact ?number
"""
ONTOLOGY = """
@prefix smm: <https://w3id.org/smm-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
smm:HazardRatio rdfs:label "hazard ratio"@en . smm:Median rdfs:label "median"@en .
smm:EndPoints rdfs:subClassOf smm:Subject .
smm:time-to-progression a smm:EndPoints ; rdfs:label "time to progression"@en ;
  skos:altLabel "TTP"@en , "progression" .
smm:progression a smm:Event ; rdfs:label "progression" .
smm:overall-survival a smm:EndPoints ; rdfs:label "overall survival" ; skos:altLabel "survival" .
smm:free-survival a smm:EndPoints ; rdfs:label "Progression-Free  Survival" ; skos:altLabel "survival" .
smm:twin-a a smm:Subject ; rdfs:label "twin" . smm:twin-b a smm:Subject ; rdfs:label "Twin" .
smm:listed skos:inScheme smm:scheme ; rdfs:label "listed" .
"""


HEADS = "#+ summary: x\n#+ question: x\n"
EMPTY = MemoryStore([])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("queries")
    (tmp_path / "values.rq").write_text(HEADER + BODY, encoding="utf-8")
    (tmp_path / "all-studies.rq").write_text(
        "#+ summary: Studies\n#+ question: Which studies are there?\nSELECT ?s WHERE { ?s a <urn:x> }\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture(scope="module", params=["memory", "rdflib"])
def graph(request: pytest.FixtureRequest, folder: Path) -> Graph:
    (folder / "small.ttl").write_text(ONTOLOGY, encoding="utf-8")
    chunks = list(dataset.chunks([example(), other()], folder / "small.ttl"))
    store: Store
    if request.param == "memory":
        store = MemoryStore(chunks)
    else:
        theirs = rdflib.Dataset()
        theirs.parse(data=b"".join(chunks), format="nquads")
        store = RdflibStore(theirs)
    return Graph(store, Catalogue(folder))


def facts(graph: Graph, **parameters: object) -> list[tuple[str, object]]:
    return [(row.fact.rpartition("/")[2], row.number) for row in graph.query("values", **parameters)]


ALL = [
    ("example-2001#ttp-effect", Decimal("0.4")),
    ("example-2001#ttp-median-pill", None),
    ("example-2001#ttp-median-watching", Decimal("21.5")),
    ("example-2001#ttp-median-watching-as-stated-in-abstract", None),
    ("other-2005#ttp-effect", Decimal("1.1")),
]


def test_unset_means_no_filter(graph: Graph) -> None:
    assert facts(graph) == ALL
    assert facts(graph, arm=None, study=None) == ALL


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"study": "other-2005"}, ALL[4:]),
        ({"study": "Other  2005"}, ALL[4:]),
        ({"study": "https://w3id.org/smm-kg/study/other-2005#study"}, ALL[4:]),
        ({"study": ["other-2005", "example-2001"]}, ALL),
        ({"subject": "time to progression"}, ALL),
        ({"subject": "Time to  PROGRESSION"}, ALL),
        ({"subject": "ttp"}, ALL),
        ({"subject": "time-to-progression"}, ALL),
        ({"subject": "smm:time-to-progression"}, ALL),
        ({"subject": Iri(SMM + "time-to-progression")}, ALL),
        ({"subject": f"<{SMM}time-to-progression>"}, ALL),
        ({"subject": "overall survival"}, []),
        ({"arm": "watching"}, ALL[2:4]),
        ({"arm": ("pill", "watching")}, ALL[1:4]),
        ({"least": 1}, [ALL[2], ALL[4]]),
        ({"least": "1.10"}, [ALL[2], ALL[4]]),
        ({"least": Decimal("1.2")}, [ALL[2]]),
        ({"least": 0.4}, [ALL[0], ALL[2], ALL[4]]),
        ({"place": 2}, [ALL[1]]),
        ({"place": "2"}, [ALL[1]]),
        ({"fact": "https://w3id.org/smm-kg/study/other-2005#ttp-effect"}, ALL[4:]),
        ({"measure": "Median"}, ALL[1:4]),
        ({"measure": "median", "arm": "pill", "study": "example-2001"}, [ALL[1]]),
    ],
)
def test_values_filter(graph: Graph, parameters: dict[str, object], found: list[tuple[str, object]]) -> None:
    assert facts(graph, **parameters) == found


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"arms": "pill"}, "the query 'values' has no parameter 'arms'; it has: study, subject, arm, least"),
        (
            {"subject": "time to progresion"},
            "there is no subject 'time to progresion'; candidates: time to progression",
        ),
        ({"subject": "progression-free survial"}, "candidates: Progression-Free  Survival"),
        ({"subject": SMM + "progression"}, "there is no subject 'https"),
        ({"subject": "xyzzy"}, "there is no subject 'xyzzy'"),
        (
            {"subject": "survival"},
            "'survival' is the name of several; candidates: .*free-survival; .*overall-survival",
        ),
        ({"subject": "TWIN"}, "'TWIN' is the name of several; candidates: .*twin-a; .*twin-b; give the IRI"),
        ({"subject": "smm:a b"}, "no compact name|not a compact name"),
        ({"study": "exampel-2001"}, "there is no study 'exampel-2001'; candidates: example-2001"),
        ({"least": "many"}, "parameter 'least' takes a number, not 'many'"),
        ({"least": "NaN"}, "takes a number"),
        ({"least": True}, "takes a number, not True"),
        ({"place": 1.5}, "takes an integer, not '1.5'"),
        ({"fact": "no iri"}, "takes an IRI, not 'no iri'"),
        ({"fact": "http://x/> } #"}, "takes an IRI"),
        ({"fact": "http://x/a\nb"}, "takes an IRI"),
        ({"measure": "mean"}, "parameter 'measure' does not take 'mean'; candidates: hazard ratio; median"),
        ({"arm": []}, "parameter 'arm' is given an empty list"),
        ({"arm": object}, "takes a text"),
        ({"arm": "\ud800"}, "lone surrogate"),
    ],
)
def test_what_does_not_fit_is_told(graph: Graph, parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        facts(graph, **parameters)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_filter_as_what_they_are(tmp_path: Path, name: str) -> None:
    """A text finds the arm that is labelled so, on both engines, and none of the others."""
    text = HEADS + "#+ params:\n#+   label: {type: string}\n"
    text += "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    text += "SELECT ?arm WHERE {\n  VALUES ?label { UNDEF }\n  ?arm rdfs:label ?label\n} ORDER BY ?arm\n"
    (tmp_path / "arms.rq").write_text(text, encoding="utf-8")
    (tmp_path / "none.ttl").write_text("", encoding="utf-8")
    arms = [records.Arm(id=label, label=HOSTILE[label], role="experimental") for label in HOSTILE]
    study = records.Study(id="hostile", label="no such text", document=other().document, arms=tuple(arms))
    chunks = list(dataset.chunks([study], tmp_path / "none.ttl"))
    theirs = rdflib.Dataset()
    theirs.parse(data=b"".join(chunks), format="nquads")
    for store in (MemoryStore(chunks), RdflibStore(theirs)):
        rows = Graph(store, Catalogue(tmp_path)).query("arms", label=HOSTILE[name])
        assert [row.arm.rpartition("#")[2] for row in rows] == [f"arm-{name}"], store.name


@given(st.text(max_size=30))
def test_any_text_stays_one_literal(text: str) -> None:
    bound = f"SELECT ?x WHERE {{ VALUES ?x {{ {sparql_string(text)} }} }}"
    refuse(bound, "SERVICE")
    assert query_form(bound) == "SELECT"
    (row,) = EMPTY.query(bound)  # type: ignore[union-attr, misc]
    assert row.x == text


def test_the_names_of_queries_and_what_a_file_tells(folder: Path) -> None:
    catalogue = Catalogue(folder)
    assert catalogue.names() == ("all-studies", "values")
    assert [query.name for query in catalogue] == ["all-studies", "values"]
    query = catalogue["values"]
    assert query.summary == "Values, for tests: all of them"
    assert query.question == 'What is stated: all of "it" # or not?'
    assert [(one.name, one.type) for one in query.parameters][:3] == [
        ("study", "study"),
        ("subject", "term"),
        ("arm", "string"),
    ]
    subject, measure = query.parameters[1], query.parameters[6]
    assert (subject.of, subject.help) == (SMM + "Subject", "what is measured")
    assert measure.values == measure.default == ("hazard ratio", "median")
    assert query.text == HEADER + BODY
    assert catalogue["all-studies"].parameters == ()


def test_a_scheme_is_named_like_a_class(graph: Graph) -> None:
    assert graph.names(SMM + "scheme") == [Name(SMM + "listed", "listed", 0)]


def test_a_query_that_is_not_there_is_told_with_those_like_it(folder: Path) -> None:
    with pytest.raises(
        UnknownQueryError, match=r"there is no query 'value'; candidates: values; .*list them"
    ):
        Catalogue(folder)["value"]
    with pytest.raises(UnknownQueryError, match=r"there is no query '\.\./values'"):
        Catalogue(folder)["../values"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * WHERE { ?s ?p ?o }", "is empty"),
        ("#+ summary: x\nSELECT * WHERE { ?s ?p ?o }", "the header is wrong: .*`question`"),
        (HEADS + "#+ params: a: b\n", "is not YAML"),
        (HEADS + "#+ mood: x\n", "the header is wrong: .*mood"),
        (HEADS + "#+ params: {a: {type: mood}}\nVALUES ?a { UNDEF }\n", r"the header is wrong: .*\$\.params"),
        (HEADS + "#+ params: {a: {type: string}}\n", "the text, as a line VALUES .* lacks the parameter 'a'"),
        (HEADS + "VALUES ?a { UNDEF }\n", "the header lacks the parameter 'a'"),
        (HEADS + "#+ params: {a_b: {type: iri}}\nVALUES ?a_b { UNDEF }\n", "'a_b' is not letters and digits"),
        (HEADS + "#+ params: {a: {type: term}}\nVALUES ?a { UNDEF }\n", "a term, and nothing else, has `of`"),
        (HEADS + "#+ params: {a: {type: term, of: no:X}}\nVALUES ?a { UNDEF }\n", "no known prefix"),
    ],
)
def test_a_file_that_is_wrong_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.rq").write_text(text, encoding="utf-8")
    with pytest.raises((CatalogueError, YamlError), match=message) as raised:
        Catalogue(tmp_path)["bad"]
    assert "bad.rq" in str(raised.value)


@pytest.fixture(scope="module")
def shipped_queries() -> Graph:
    return Graph.from_studies([example(), other()])


@pytest.mark.parametrize(
    ("query", "exact", "loose"),
    [
        ("facts", {"arm": "pill"}, {"arm": " PILL"}),
        ("facts", {"arm": "pill vs watching"}, {"arm": "Pill  vs watching"}),
        ("facts", {"measure": "hazard ratio"}, {"measure": "Hazard Ratio"}),
        ("facts", {"population": "per-protocol"}, {"population": "Per-Protocol"}),
        ("value-source", {"role": "value locator"}, {"role": "value"}),
        ("value-source", {"fact": "https://w3id.org/smm-kg/study/other-2005#ttp-effect"},
         {"fact": "other-2005#ttp-effect"}),
    ],
)  # fmt: skip
def test_words_of_the_graph_are_taken_in_any_case(
    shipped_queries: Graph, query: str, exact: dict[str, str], loose: dict[str, str]
) -> None:
    found = shipped_queries.query(query, **exact)
    assert len(found) > 0
    assert shipped_queries.query(query, **loose) == found


@pytest.mark.parametrize(
    ("query", "parameters", "message"),
    [
        ("facts", {"arm": "pil"}, "there is no arm or contrast 'pil'; candidates: pill"),
        ("facts", {"measure": "hazzard ratio"}, "no measure 'hazzard ratio'; candidates: hazard ratio"),
        ("facts", {"grade": "17"}, "there is no grade '17'"),
        ("facts", {"population": "nobody"}, "there is no population 'nobody'; candidates: "),
        ("adverse-events", {"arm": "pill vs watching"}, "there is no arm 'pill vs watching'"),
        ("rates-at-time", {"timepoint": "3 year"}, "there is no timepoint '3 year'"),
        ("compare-progression", {"contrast": "pill"}, "no contrast 'pill'; candidates: "),
        ("value-source", {"fact": "no#such/> }"}, "takes an IRI"),
    ],
)
def test_a_word_that_is_not_in_the_graph_is_an_error(
    shipped_queries: Graph, query: str, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        shipped_queries.query(query, **parameters)


def test_a_measure_without_a_value_is_still_known(shipped_queries: Graph) -> None:
    assert len(shipped_queries.query("facts", measure="odds ratio")) == 0
