"""The queries across studies, asked of all that ships: answers held against collected facts, by engine."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import pytest
import rdflib
from query_answers import ACROSS_STUDIES, CATALOGUE, STUDY, Answer, Parameters, ask, same
from servers import serving
from test_query_engines import _of_endpoint, _of_rdflib

from smm_kg import dataset, shipped
from smm_kg.graph import Graph
from smm_kg.records import Study

TESTS = Path(__file__).resolve().parent
EXPECTED = TESTS / "expected" / "queries-across"
RECORDS = TESTS / "expected" / "records"
NAMES = tuple(sorted(ACROSS_STUDIES - {"audit-verdicts"}))

# Columns that are not typed: IRIs, and the curators' own words.
NOT_TYPED = {"fact", "own_fact", "related", "remark", "varies"}

# The whole answers of these are too long to review: what is kept is the answer to these parameters.
ASKED: dict[str, dict[str, object]] = {
    "comparison-caveats": {
        "study": STUDY,
        "other": [
            "dimopoulos-2025", "hjorth-1993", "lonial-2020", "martin-2002", "rajkumar-2010", "witzig-2013",
        ],
    },
    "effects-by-certainty": {"study": ["lonial-2020", "palumbo-2012", "riccardi-2000", "witzig-2013"]},
    "effects-by-class": {"class": ["alkylating agent", "bisphosphonate", "monoclonal antibody"]},
    "outcomes-by-class": {"class": ["bisphosphonate", "interleukin-1 antagonist", "monoclonal antibody"]},
    "regimens-by-type": {
        "study": ["hjorth-1993", "lonial-2020", "mateos-2013", "rajkumar-2010", "witzig-2013"],
    },
    "response-by-class": {
        "study": [
            "barlogie-2008", "dimopoulos-2025", "lonial-2020", "lust-2009", "mateos-2024", "palumbo-2012",
            "rajkumar-2003", "weber-2003", "weber-2007", "witzig-2013",
        ],
    },
    "results": {"study": ["musto-2008", "witzig-2013"], "subject": "time to progression"},
    "said-and-reported": {
        "cited": ["hjorth-1993", "lust-2009", "palumbo-2012", "riccardi-2000", "witzig-2013"],
    },
    "secondary-only": {
        "study": [
            "darena-2011", "hjorth-1993", "lonial-2020", "martin-2002", "mateos-2013", "musto-2008",
            "rajkumar-2010", "riccardi-2000", "weber-2003", "witzig-2013",
        ],
    },
    "toxicity-by-study": {
        "drug": "lenalidomide",
        "event": ["deep-vein thrombosis", "neutropenia", "thromboembolic event"],
    },
    "trials-by-type": {
        "study": [
            "gao-2014", "grignani-1996", "hjorth-1993", "lonial-2020", "mateos-2013", "rajkumar-2010",
            "witzig-2013",
        ],
    },
    "treatments-by-class": {
        "class": ["alkylating agent", "bisphosphonate", "interleukin-1 antagonist", "monoclonal antibody"],
    },
}  # fmt: skip

# Further parameters, and the cells by column of the typed rows that they leave.
CASES: tuple[tuple[str, Parameters, dict[str, set[str]]], ...] = (
    ("comparison-caveats", {"caveat": "different definition"}, {"caveat": {"different definition"}}),
    ("comparison-caveats", {"other": "witzig-2013"}, {"other": {"witzig-2013"}}),
    ("cross-population-statements", {"about": "weber-2007"}, {"cited": {"weber-2007"}}),
    ("cross-population-statements", {"study": STUDY}, {"study": {STUDY}}),
    ("discontinuations-by-study", {"study": "weber-2007"}, {"study": {"weber-2007"}}),
    (
        "effect-over-follow-up",
        {"study": STUDY, "subject": "time to progression"},
        {"end_point": {"time to progression"}},
    ),
    ("effect-over-follow-up", {"study": "musto-2008"}, {"study": set()}),
    (
        "effects-by-certainty",
        {"subject": "overall survival"},
        {"end_point": {"overall survival"}},
    ),
    (
        "effects-by-class",
        {"class": "bisphosphonate", "study": "musto-2008"},
        {"drug_class": {"bisphosphonate"}, "study": {"musto-2008"}},
    ),
    (
        "end-point-family",
        {"subject": "progression-free survival"},
        {"end_point": {"progression-free survival"}},
    ),
    ("evidence-gaps", {"study": "hjorth-1993"}, {"study": {"hjorth-1993"}}),
    ("evidence-gaps", {"subject": "overall survival"}, {"end_point": {"overall survival"}}),
    (
        "outcomes-by-class",
        {"class": "bisphosphonate", "study": "witzig-2013"},
        {"drug_class": {"bisphosphonate"}, "study": {"witzig-2013"}},
    ),
    ("regimens-by-type", {"study": "hjorth-1993"}, {"study": {"hjorth-1993"}}),
    (
        "regimens-by-type",
        {"type": "arm with a bisphosphonate regimen"},
        {"regimen_type": {"arm with a bisphosphonate regimen"}},
    ),
    ("response-by-class", {"category": "partial response"}, {"response": {"partial response"}}),
    ("response-by-class", {"class": "bisphosphonate"}, {"drug_class": {"bisphosphonate"}}),
    ("response-by-class", {"study": "witzig-2013"}, {"study": {"witzig-2013"}}),
    ("results", {"measure": ["median", "p value"]}, {"measure": {"median", "p value"}}),
    ("risk-selection", {"study": ["weber-2003", "lust-2009"]}, {"study": {"weber-2003", "lust-2009"}}),
    ("said-and-reported", {"study": STUDY, "topic": "response"}, {"topic": {"response"}}),
    ("said-and-reported", {"study": "witzig-2013"}, {"study": set()}),
    ("second-cancers-by-study", {"study": "hjorth-1993"}, {"study": {"hjorth-1993"}}),
    ("secondary-only", {"subject": "overall survival"}, {"subject": {"overall survival"}}),
    ("secondary-only", {"study": "weber-2003"}, {"study": {"weber-2003"}}),
    ("skeletal-events", {"study": "darena-2011"}, {"study": {"darena-2011"}}),
    ("source-conflicts", {"study": "lonial-2020"}, {"study": {"lonial-2020"}}),
    ("study-designs", {"study": STUDY}, {"study": {STUDY}}),
    ("toxicity-by-study", {"event": "neutropenia", "grade": "3"}, {"event": {"neutropenia"}, "grade": {"3"}}),
    ("toxicity-by-study", {"study": "rajkumar-2010"}, {"study": {"rajkumar-2010"}}),
    ("treatments-by-class", {"drug": "pamidronate"}, {"drug": {"pamidronate"}}),
    ("trials-by-type", {"study": "grignani-1996"}, {"study": {"grignani-1996"}}),
    (
        "trials-by-type",
        {"type": "study of high-risk patients"},
        {"trial_type": {"study of high-risk patients"}},
    ),
    ("treatments-by-class", {"study": "palumbo-2012"}, {"study": {"palumbo-2012"}}),
)


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return shipped.studies()


@pytest.fixture(scope="module")
def graph(studies: list[Study]) -> Iterator[Graph]:
    with Graph.from_studies(studies) as opened:
        yield opened


@cache
def expected(name: str) -> Answer:
    """Read the answer that was held against the collected facts; its last column is the place."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    assert columns[-1] == "place"
    return Answer(tuple(columns), tuple(map(tuple, rows)))


# ------------------------------------------------------------------------ against the collected facts


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_what_the_sources_say(name: str, graph: Graph) -> None:
    *columns, _place = expected(name).columns
    found = ask(graph, name, **ASKED.get(name, {}))
    assert set(found.columns) - set(columns) <= NOT_TYPED
    same(found.of(*columns), expected(name).of(*columns))


@pytest.mark.parametrize(("name", "parameters", "kept"), CASES)
def test_parameters_leave_the_rows_they_name(
    name: str, parameters: Parameters, kept: dict[str, set[str]], graph: Graph
) -> None:
    *columns, _place = expected(name).columns
    found = ask(graph, name, **{**ASKED.get(name, {}), **parameters})
    same(found.of(*columns), expected(name).where(kept).of(*columns))


def test_every_parameter_is_tried() -> None:
    asked = [*ASKED.items(), *((name, parameters) for name, parameters, _kept in CASES)]
    tried = {(name, parameter) for name, parameters in asked for parameter in parameters}
    declared = {(name, parameter.name) for name in NAMES for parameter in CATALOGUE[name].parameters}
    assert declared - tried == set()


def test_every_query_has_an_expected_answer() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(NAMES)
    assert all(expected(name).rows for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_distinct(name: str, graph: Graph) -> None:
    rows = ask(graph, name).rows
    assert len(set(rows)) == len(rows)


def test_what_the_paper_says_otherwise_than_the_studies_is_found(graph: Graph) -> None:
    """Each difference that the curators know of is a row that a reader can find."""
    columns = ("topic", "said_measure", "said", "own_topic", "own_measure", "own_value", "own_status")
    found = {
        cited: set(ask(graph, "said-and-reported", cited=cited).of(*columns))
        for cited in ("hjorth-1993", "lust-2009", "palumbo-2012", "riccardi-2000", "witzig-2013")
    }
    time = "time to progression"
    assert (time, "p value", "0.24", time, "p value", "0.02", "reported") in found["witzig-2013"]
    said = (time, "text", "no significant improvement")
    for cited in ("hjorth-1993", "riccardi-2000"):
        assert (*said, time, "hazard ratio", "", "not reported") in found[cited]
    benefit = ("clinical benefit", "text", "no significant benefit", "progression-free survival")
    assert (*benefit, "median", "37.5", "reported") in found["lust-2009"]
    assert ("dexamethasone", "", "", "not given") in {row[3:] for row in found["palumbo-2012"]}


# ------------------------------------------------------------------------ the places that are cited


def _number(cell: str) -> Decimal | None:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None


def _numbers(text: str) -> set[Decimal]:
    roman = {"I": 1, "II": 2, "III": 3}
    found = {Decimal(number) for number in re.findall(r"\d*\.\d+|\d+", text)}
    return found | {Decimal(roman[word]) for word in re.findall(r"\b(?:III|II|I)\b", text)}


@cache
def _collected(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "evidence" / "referenced-trials.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@cache
def _rows_of(study: str) -> frozenset[str]:
    """The collected facts that a study's record accounts for, whichever of its sources they are of."""
    named = re.compile(rf"{re.escape(study)}(-later-reports|-loader)?")
    paths = [path for path in RECORDS.glob("*.tsv") if named.fullmatch(path.stem)]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").split("\n")]
    return frozenset(line.partition("\t")[0] for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_each_expected_row_cites_facts_of_its_studies_that_hold_its_numbers(
    name: str, sources: Path, paper: Path
) -> None:
    facts = _collected(sources)
    lines = [re.sub(r"\s+", " ", line) for line in paper.read_text(encoding="utf-8").split("\n")]
    columns = expected(name).columns
    for row in expected(name).rows:
        cells = dict(zip(columns, row, strict=True))
        cited = re.findall(r"RT\d+", cells["place"])
        own = {fact for column in ("study", "cited", "other") for fact in _rows_of(cells.get(column, ""))}
        assert set(cited) <= own, row
        held = _numbers(" ".join(" ".join(facts[fact].values()) for fact in cited))
        for line, cue in re.findall(r"(?:^|\| |, )(\d+): ([^|]+?)(?= \||$)", cells["place"]):
            assert cue in lines[int(line) - 1] or cue.startswith(("Treatment", "Observation")), row
            held |= _numbers(f"{cue} {lines[int(line) - 1]}")
        typed = {number for cell in row[:-1] if (number := _number(cell)) is not None}
        if not cited and name != "end-point-family" and not held:
            assert (cells["place"], typed) == ("in no row", set()), row
        assert typed - held <= {Decimal(word) for word in _WORDS if re.search(_WORDS[word], row[-1])}, row


_WORDS = {3: r"162: in three|212: three of", 4: r"162: in three|212: three of", 1: r"212: one additional"}
"""Numbers that the lines of the paper cited print as words."""


# ------------------------------------------------------------------------ engines


@pytest.fixture(scope="module")
def quads(studies: list[Study]) -> bytes:
    return b"".join(dataset.chunks(studies))


@pytest.fixture(scope="module")
def endpoint(quads: bytes) -> Iterator[str]:
    with serving(quads, "--union-default-graph") as address:
        yield address


def _runs(name: str) -> list[Parameters]:
    cases = [{**ASKED.get(name, {}), **parameters} for case, parameters, _kept in CASES if case == name]
    return [ASKED.get(name, {}), *cases]


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_over_http_is_the_same(name: str, graph: Graph, endpoint: str) -> None:
    for parameters in _runs(name):
        text = CATALOGUE[name].bind(parameters, graph.names)
        assert _of_endpoint(endpoint, text) == ask(graph, name, **parameters), parameters


# rdflib takes minutes for all studies: the queries are asked of these, which have one of everything.
FEW = {"darena-2011", "hjorth-1993", "lonial-2020", STUDY, "witzig-2013"}


@pytest.fixture(scope="module")
def few(studies: list[Study]) -> list[Study]:
    return [study for study in studies if study.id in FEW]


@pytest.fixture(scope="module")
def graph_of_few(few: list[Study]) -> Iterator[Graph]:
    with Graph.from_studies(few) as opened:
        yield opened


@pytest.fixture(scope="module")
def rdflib_of_few(few: list[Study]) -> rdflib.Dataset:
    copy = rdflib.Dataset(default_union=True)
    copy.parse(data=b"".join(dataset.chunks(few)), format="nquads")
    return copy


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_of_rdflib_is_the_same(
    name: str, graph_of_few: Graph, rdflib_of_few: rdflib.Dataset
) -> None:
    text = CATALOGUE[name].bind({}, graph_of_few.names)
    assert _of_rdflib(rdflib_of_few, text) == ask(graph_of_few, name)
