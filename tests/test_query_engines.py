"""A query of the catalogue gives the same rows in the same order on every engine, and keeps studies apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import rdflib
from query_answers import (
    ASKED,
    CASES,
    CATALOGUE,
    NAMES,
    STUDY,
    Answer,
    Parameters,
    Row,
    ask,
    cell,
    number,
    read_study,
)
from rdflib.term import Identifier, Literal, Variable
from servers import serving
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from studies import example, other

from smm_kg import dataset
from smm_kg.graph import Graph

COPY = "copy-2013"


@pytest.fixture(scope="module")
def quads() -> bytes:
    return b"".join(dataset.chunks([read_study()]))


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.from_studies([read_study()]) as opened:
        yield opened


@pytest.fixture(scope="module")
def rdflib_graph(quads: bytes) -> rdflib.Dataset:
    copy = rdflib.Dataset(default_union=True)
    copy.parse(data=quads, format="nquads")
    return copy


@pytest.fixture(scope="module")
def endpoint(quads: bytes) -> Iterator[str]:
    with serving(quads, "--union-default-graph") as address:
        yield address


@pytest.fixture(scope="module")
def mixed() -> Iterator[Graph]:
    """The trial, a copy of it as another study, and two made-up ones."""
    study = read_study()
    document = msgspec.structs.replace(study.document, id=f"doi:10.9999/{COPY}")
    copy = msgspec.structs.replace(study, id=COPY, document=document)
    with Graph.from_studies([study, copy, example(), other()]) as opened:
        yield opened


def _of_rdflib(graph: rdflib.Dataset, text: str) -> Answer:
    result = graph.query(text)
    columns = tuple(map(str, result.vars or ()))
    terms = [[binding.get(Variable(column)) for column in columns] for binding in result.bindings]
    return Answer(columns, tuple(tuple(map(_rdflib_cell, row)) for row in terms))


def _rdflib_cell(term: Identifier | None) -> str:
    return cell(term.value if isinstance(term, Literal) else term)


def _of_endpoint(address: str, text: str) -> Answer:
    client = SPARQLWrapper(address)
    client.setMethod(POST)
    client.setReturnFormat(JSON)
    client.setQuery(text)
    answer: Any = client.queryAndConvert()
    columns = tuple(answer["head"]["vars"])
    terms = [[row.get(column) for column in columns] for row in answer["results"]["bindings"]]
    return Answer(columns, tuple(tuple(map(_json_cell, row)) for row in terms))


def _json_cell(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    numeric = term.get("datatype", "").rpartition("#")[2] in {"decimal", "integer"}
    return number(Decimal(term["value"])) if numeric else term["value"]


def _runs(name: str) -> list[Parameters]:
    """Return what a query is asked with: freely (or as typed), then each case of parameters."""
    return [ASKED.get(name, {}), *(case.parameters for case in CASES if case.query == name), {"study": STUDY}]


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_over_http_is_the_same(name: str, graph: Graph, endpoint: str) -> None:
    for parameters in _runs(name):
        text = CATALOGUE[name].bind(parameters, graph.names)
        assert _of_endpoint(endpoint, text) == ask(graph, name, **parameters), parameters


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_of_rdflib_is_the_same(name: str, graph: Graph, rdflib_graph: rdflib.Dataset) -> None:
    """Freely and with one set of parameters, since rdflib takes seconds for each."""
    for parameters in _runs(name)[:2]:
        text = CATALOGUE[name].bind(parameters, graph.names)
        assert _of_rdflib(rdflib_graph, text) == ask(graph, name, **parameters), parameters


@pytest.mark.parametrize("name", NAMES)
def test_studies_beside_each_other_are_answered_as_if_alone(name: str, graph: Graph, mixed: Graph) -> None:
    alone, together = ask(graph, name), ask(mixed, name)
    assert _of_study(together, STUDY) == _of_study(together, COPY) == _of_study(alone, STUDY)
    assert ask(mixed, name, study=STUDY) == alone
    assert _of_study(ask(mixed, name, study=[COPY, "example-2001"]), COPY) == _of_study(alone, STUDY)


def _of_study(answer: Answer, study_id: str) -> list[Row]:
    """Return the rows of a study without what names it."""
    columns = [column for column in answer.columns if column not in {"study", "fact", "varies", "document"}]
    return list(answer.where({"study": {study_id}}).of(*columns))
