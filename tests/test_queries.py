"""Every query of the catalogue answers as the paper does, and its file is what a query file must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from query_answers import (
    ACROSS_STUDIES,
    ASKED,
    CASES,
    CATALOGUE,
    EXPECTED,
    NAMES,
    Case,
    ask,
    expected,
    read_study,
    same,
)
from rdflib.plugins.sparql import prepareQuery
from SPARQLWrapper import SPARQLWrapper

from smm_kg import resources
from smm_kg.graph import Graph
from smm_kg.records import Study
from smm_kg.rows import Rows
from smm_kg.terms import SMM, local

# Columns that are not typed: IRIs, texts that are not the paper's, and the wording of long tables.
NOT_TYPED = {"fact", "varies", "remark"}
NOT_TYPED_OF = {"earlier-treatments": {"printed"}}


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study()


@pytest.fixture(scope="module")
def graph(study: Study) -> Iterator[Graph]:
    with Graph.from_studies([study]) as opened:
        yield opened


# ------------------------------------------------------------------------ against the paper


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_what_the_paper_says(name: str, graph: Graph) -> None:
    *columns, _place = expected(name).columns
    found = ask(graph, name, **ASKED.get(name, {}))
    assert set(found.columns) - set(columns) <= NOT_TYPED | NOT_TYPED_OF.get(name, set())
    same(found.of(*columns), expected(name).of(*columns))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query}-{'-'.join(case.parameters)}")
def test_parameters_leave_the_rows_they_name(case: Case, graph: Graph) -> None:
    *columns, _place = expected(case.query).columns
    found = ask(graph, case.query, **case.parameters)
    same(found.of(*columns), expected(case.query).where(case.kept).of(*columns))


def test_every_parameter_is_tried() -> None:
    tried = {(case.query, name) for case in CASES for name in case.parameters}
    declared = {(name, parameter.name) for name in NAMES for parameter in CATALOGUE[name].parameters}
    assert {pair for pair in declared - tried if pair[1] != "study"} == set()  # all are tried with a study
    assert {name for name, parameter in declared if parameter == "study"} == set(NAMES)


def test_every_query_has_an_expected_answer_and_the_catalogue_does_not_shrink() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(NAMES)
    assert set(CATALOGUE.names()) >= ACROSS_STUDIES
    assert len(NAMES) >= 47
    assert sum(len(expected(name).rows) for name in NAMES) >= 700
    without_rows = {name for name in NAMES if not expected(name).rows}
    assert without_rows == {"disagreements", "values-without-locator"}


@pytest.mark.parametrize("name", NAMES)
def test_each_expected_row_cites_the_paper(name: str, paper: Path) -> None:
    lines = [re.sub(r"\s+", " ", line) for line in paper.read_text(encoding="utf-8").split("\n")]
    for *_cells, place in expected(name).rows:
        assert place
        for line, cue in re.findall(r"(?:^|\| )(\d+): ([^|]+?)(?= \||$)", place):
            assert cue in lines[int(line) - 1], place


def test_value_source_tells_every_place_and_its_very_characters(
    graph: Graph, study: Study, paper: Path
) -> None:
    source = paper.read_bytes().decode("utf-8")
    places = ask(graph, "value-source").of("start", "end", "printed")
    assert len(places) == sum(len(value.locators) for fact in study.facts for value in fact.values) > 2000
    assert [place for place in places if source[int(place[0]) : int(place[1])] != place[2]] == []


def test_every_fact_of_the_paper_is_in_the_answer_to_a_question_about_its_topic(
    graph: Graph, study: Study
) -> None:
    every_fact = {"value-source", "repeated-statements", "curator-remarks", "not-reached", "disagreements"}
    told = {
        str(row.fact)
        for name in set(NAMES) - every_fact
        if "fact" in (rows := graph.query(name)).columns
        for row in rows
    }
    assert [fact.id for fact in study.facts if local(study.id, fact.id) not in told] == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_distinct(name: str, graph: Graph) -> None:
    answer = ask(graph, name)
    assert len(set(answer.rows)) == len(answer.rows)


# ------------------------------------------------------------------------ the files


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_the_file_is_plain_sparql_with_a_header(name: str) -> None:
    query = CATALOGUE[name]  # reads the header and compares its parameters with the VALUES of the text
    assert query.summary
    assert not query.summary.endswith(".")
    assert query.question.endswith("?")
    assert all(parameter.help for parameter in query.parameters)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    prepareQuery(query.text)
    ox.Store().query(query.text)


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_rows_are_made_distinct_and_ordered_by_what_every_engine_does_alike(name: str) -> None:
    body = re.sub(r"(?m)^#.*\n", "", CATALOGUE[name].text)
    assert "\n}\nORDER BY ?" in body
    assert "\n}\nORDER BY ?study " in body or name in ACROSS_STUDIES
    assert "SELECT DISTINCT" in body or "GROUP BY" in body
    transitive = r"[\w>)][*+](?=\s*[?<\w])"
    assert not re.search(rf"{transitive}|\b(SERVICE|LIMIT|OFFSET|GROUP_CONCAT|SAMPLE|RAND|NOW)\b", body)


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_a_client_that_guesses_the_form_of_a_query_sees_a_select(name: str) -> None:
    """SPARQLWrapper reads comments as well: a word such as ADD in one makes it send an update."""
    client = SPARQLWrapper("http://127.0.0.1:9")
    client.setQuery(CATALOGUE[name].text)
    assert client.queryType == "SELECT"


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_the_query_names_no_study_and_only_terms_that_exist(name: str, study: Study) -> None:
    text = CATALOGUE[name].text
    body = re.sub(r"(?m)^#.*\n", "", text)
    own = {
        study.id,
        study.label,
        study.document.id,
        *(arm.id for arm in study.arms),
        *(s.id for s in study.sets),
    }
    assert own.isdisjoint(re.findall(r'"([^"]*)"', body))
    assert "/study/" not in body
    declared = re.findall(r"(?m)^smm:([\w-]+) a owl:", resources.ontology().read_text(encoding="utf-8"))
    assert set(re.findall(r"smm:([\w-]+)", text)) <= set(declared)


def test_every_term_of_the_evidence_has_a_label(graph: Graph) -> None:
    """Queries show labels: a term without one would be shown by its slug, or not at all."""
    properties = "subject category phase timeOrigin about counting valueStatus comparator role setKind"
    for name in properties.split():
        answer = graph.sparql(
            f"SELECT DISTINCT ?term WHERE {{ ?x <{SMM}{name}> ?term FILTER NOT EXISTS "
            "{ ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label } }"
        )
        assert isinstance(answer, Rows)
        assert [row.term for row in answer] == [], name
