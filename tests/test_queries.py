"""Every query of the catalogue answers as the paper does, and answers the same on every engine.

The expected answers in ``expected/queries`` were typed by a person with the paper open; ``place`` says where. The
query ``facts`` has tests of its own.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from servers import serving
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from studies import example, other

from smm_kg import dataset, records, resources
from smm_kg.catalogue import Catalogue
from smm_kg.graph import Graph
from smm_kg.records import Fact, Locator, Study, Value
from smm_kg.rows import Rows
from smm_kg.terms import SMM, local

Row: TypeAlias = tuple[str, ...]
Parameters: TypeAlias = Mapping[str, object]

STUDY = "mateos-2013"
EXPECTED = Path(__file__).parent / "expected" / "queries"
CATALOGUE = Catalogue(resources.queries())
NAMES = tuple(name for name in CATALOGUE.names() if name != "facts")

# The answers of these are too long to type: what is typed is the answer to these parameters.
ASKED: dict[str, dict[str, object]] = {
    "value-source": {
        "subject": ["time to progression", "neutropenia"],
        "measure": ["hazard ratio", "p value", "percent"],
        "role": "value-role",
    },
}

# Columns that are not typed: IRIs, and texts that are not the paper's.
NOT_TYPED = {"fact", "varies", "remark"}
NOT_TYPED_OF = {"earlier-treatments": {"printed"}}


class Case(NamedTuple):
    """Parameters, and the rows of the whole answer that they must leave: ``kept`` gives cells by column."""

    query: str
    parameters: dict[str, object]
    kept: dict[str, set[str]]


def _case(query: str, kept: dict[str, set[str]] | None = None, /, **parameters: str | list[str]) -> Case:
    """Make a case; the columns are called like the parameters unless ``kept`` says otherwise."""
    if kept is None:
        kept = {name: {value} if isinstance(value, str) else set(value) for name, value in parameters.items()}
    return Case(query, dict(parameters), kept)


CASES = (
    _case("adverse-event-differences", phase="maintenance", grade="2"),
    _case("adverse-event-differences", event=["infection", "second primary tumor"]),
    _case("adverse-event-differences-any-grade", phase="induction", event=["rash", "anemia"]),
    _case("adverse-events", arm="treatment", phase="maintenance", grade=["1", "2"]),
    _case("adverse-events", {"event": {"rash"}}, event="Rash"),
    _case("adverse-events-any-grade", arm="observation", phase="induction", event="infection"),
    _case("analysis-populations", arm="treatment"),
    _case("assessment-schedule", arm="observation"),
    _case("assessment-schedule", {"assessment": {"skeletal survey"}}, subject="skeletal survey"),
    _case("baseline-characteristics", {"arm": {"observation"}, "characteristic": {"age"}}, arm="observation", subject="age"),
    _case("compare-progression", contrast="treatment vs observation"),
    _case("compare-progression", contrast="observation vs treatment"),
    _case("compare-survival", contrast="treatment vs observation"),
    _case("curator-remarks", subject="serum monoclonal component"),
    _case("deaths-by-cause", arm="observation"),
    _case("discontinuations", arm="observation"),
    _case("disease-background", {"topic": {"risk of progression"}}, subject="risk of progression"),
    _case("dose-changes", arm="treatment", phase="maintenance"),
    _case("earlier-treatments", {"treatment": {"zoledronic acid", "thalidomide plus zoledronic acid"}}, drug="zoledronic acid"),
    _case("eligibility-thresholds", {"characteristic": {"creatinine level"}}, subject="creatinine-level"),
    _case("follow-up", arm="treatment"),
    _case("median-times", {"arm": {"observation"}, "end_point": {"overall survival"}}, arm="observation", subject="overall survival"),
    _case("not-reached", status="not reached", subject="time to progression"),
    _case("not-reached", status="not estimable"),
    _case("ongoing-trials", {"agent": {"siltuximab"}}, drug="Siltuximab"),
    _case("patient-flow", arm="treatment", phase="maintenance"),
    _case("progression-counts", arm="observation"),
    _case("progression-definitions", {"characteristic": {"hemoglobin level"}}, subject="hemoglobin level"),
    _case(
        "rates-at-time",
        {"arm": {"treatment"}, "end_point": {"overall survival"}, "timepoint": {"5 years"}},
        arm="treatment", subject="overall survival", timepoint="5 years",
    ),
    _case("regimen-schedule", {"arm": {"treatment"}, "phase": {"induction"}, "drug": {"dexamethasone"}},
          arm="treatment", phase="induction", drug="Dexamethasone"),
    _case("repeated-statements", subject="overall survival", measure="percent"),
    _case("response-by-phase", arm="treatment", phase="maintenance"),
    _case("response-improvements", arm="treatment", phase="maintenance"),
    _case("response-improvements", phase="induction"),
    _case("second-primary-tumors", arm="observation"),
    _case("serious-adverse-events", arm="observation", phase="induction"),
    _case("severe-adverse-events", arm="treatment", phase="induction", event="infection"),
    _case("statistical-plan", {"item": {"statistical power"}}, subject="statistical power"),
    _case("subsequent-therapy", arm="treatment"),
    _case("thromboses", arm="observation"),
    _case("time-to-event-effects", {"end_point": {"overall survival"}}, subject="overall survival"),
    _case("trial-design", {"feature": {"masking", "allocation"}}, subject=["masking", "allocation"]),
    _case("value-source", arm="observation", **ASKED["value-source"]),  # type: ignore[arg-type]
    _case("value-source", fact=local(STUDY, "ttp-effect"), **ASKED["value-source"]),  # type: ignore[arg-type]
)  # fmt: skip


# ------------------------------------------------------------------------------------ answers


def _number(number: Decimal) -> str:
    """Write a number with ten significant digits at most, so that engines agree on what they computed."""
    return f"{Decimal(f'{number:.10g}').normalize() + 0:f}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _number(Decimal(value)) if isinstance(value, (int, Decimal)) else str(value)


class Answer(NamedTuple):
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def of(self, columns: Sequence[str]) -> tuple[Row, ...]:
        places = [self.columns.index(column) for column in columns]
        return tuple(tuple(row[place] for place in places) for row in self.rows)

    def where(self, kept: Mapping[str, set[str]]) -> Answer:
        places = {self.columns.index(column): cells for column, cells in kept.items()}
        rows = tuple(row for row in self.rows if all(row[at] in cells for at, cells in places.items()))
        return Answer(self.columns, rows)


def _from_rows(rows: Rows) -> Answer:
    return Answer(rows.columns, tuple(tuple(map(_cell, row)) for row in rows))


def _from_rdflib(graph: rdflib.Dataset, text: str) -> Answer:
    result = graph.query(text)
    rows = tuple(tuple(_cell(term and term.toPython()) for term in row) for row in result)
    return Answer(tuple(map(str, result.vars or ())), rows)


def _from_endpoint(endpoint: str, text: str) -> Answer:
    client = SPARQLWrapper(endpoint)
    client.setMethod(POST)
    client.setReturnFormat(JSON)
    client.setQuery(text)
    answer = client.queryAndConvert()
    columns = tuple(answer["head"]["vars"])
    terms = [[row.get(column) for column in columns] for row in answer["results"]["bindings"]]
    return Answer(columns, tuple(tuple(map(_from_json, row)) for row in terms))


def _from_json(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    numeric = term.get("datatype", "").rpartition("#")[2] in {"decimal", "integer"}
    return _number(Decimal(term["value"])) if numeric else term["value"]


@cache
def expected(name: str) -> Answer:
    """Read the answer typed from the paper, its places last."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    assert columns[-1] == "place"
    return Answer(tuple(columns), tuple(map(tuple, rows)))


@pytest.fixture(scope="module")
def study() -> Study:
    return records.decode((resources.evidence() / "extracted" / f"{STUDY}.json").read_bytes())


@pytest.fixture(scope="module")
def quads(study: Study) -> bytes:
    return b"".join(dataset.chunks([study]))


@pytest.fixture(scope="module")
def graph(study: Study) -> Iterator[Graph]:
    with Graph.from_studies([study]) as opened:
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


def _text(name: str, parameters: Parameters, graph: Graph) -> str:
    return CATALOGUE[name].bind(parameters, graph.names)


def _ask(graph: Graph, name: str, /, **parameters: object) -> Answer:
    return _from_rows(graph.query(name, **parameters))


def _same(found: Sequence[Row], typed: Sequence[Row]) -> None:
    missing, unexpected = Counter(typed) - Counter(found), Counter(found) - Counter(typed)
    report = [f"not answered: {row}" for row in missing] + [f"not in the paper: {row}" for row in unexpected]
    assert not report, "\n".join(report)


# ------------------------------------------------------------------------------------ against the paper


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_what_the_paper_says(name: str, graph: Graph) -> None:
    typed = expected(name)
    found = _ask(graph, name, **ASKED.get(name, {}))
    columns = typed.columns[:-1]
    assert set(found.columns) - set(columns) <= NOT_TYPED | NOT_TYPED_OF.get(name, set())
    _same(found.of(columns), typed.of(columns))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query}-{'-'.join(case.parameters)}")
def test_parameters_leave_the_rows_they_name(case: Case, graph: Graph) -> None:
    typed = expected(case.query)
    kept = {
        column: cells
        for column, cells in case.kept.items()
        if column in typed.columns and case.query not in ASKED
    }
    if case.query in ASKED:
        kept = {
            column: cells for column, cells in case.kept.items() if column not in {*ASKED[case.query], "fact"}
        }
    found = _ask(graph, case.query, **case.parameters)
    if "fact" in case.parameters:
        assert {row[found.columns.index("fact")] for row in found.rows} == {case.parameters["fact"]}
        kept = {"arm": {"treatment vs observation"}, "value": {"0.18", "0.001"}}
    columns = typed.columns[:-1]
    _same(found.of(columns), typed.where(kept).of(columns))


def test_every_parameter_is_tried() -> None:
    tried = {(case.query, name) for case in CASES for name in case.parameters}
    declared = {(name, parameter.name) for name in NAMES for parameter in CATALOGUE[name].parameters}
    assert {pair for pair in declared - tried if pair[1] != "study"} == set()
    assert {name for name in NAMES if not any(p.name == "study" for p in CATALOGUE[name].parameters)} == set()


def test_every_query_has_an_expected_answer_and_the_catalogue_does_not_shrink() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(NAMES)
    assert len(NAMES) >= 44
    assert sum(len(expected(name).rows) for name in NAMES) >= 650
    assert {name for name in NAMES if not expected(name).rows} == {"disagreements", "values-without-locator"}


@pytest.mark.parametrize("name", NAMES)
def test_each_expected_row_cites_the_paper(name: str, paper: Path) -> None:
    lines = [re.sub(r"\s+", " ", line) for line in paper.read_text(encoding="utf-8").split("\n")]
    for row in expected(name).rows:
        assert row[-1], row
        for line, cue in re.findall(r"(?:^|\| )(?:Table \d, )?(\d+): ([^|]+?)(?= \||$)", row[-1]):
            assert "Grade" in cue or cue in {"Treatment", "Observation"} or cue in lines[int(line) - 1], row


def test_value_source_tells_every_place_and_its_very_characters(
    graph: Graph, study: Study, paper: Path
) -> None:
    source = paper.read_bytes().decode("utf-8")
    answer = _ask(graph, "value-source")
    places = answer.of(("start", "end", "printed"))
    assert len(places) == sum(len(value.locators) for fact in study.facts for value in fact.values) > 2000
    assert [place for place in places if source[int(place[0]) : int(place[1])] != place[2]] == []


# ------------------------------------------------------------------------------------ on every engine


def _runs(name: str) -> list[Parameters]:
    """Return the parameters that a query is run with: those whose answer is typed, and each case."""
    return [ASKED.get(name, {}), *(case.parameters for case in CASES if case.query == name), {"study": STUDY}]


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_over_http_is_the_same(name: str, graph: Graph, endpoint: str) -> None:
    for parameters in _runs(name):
        text = _text(name, parameters, graph)
        assert _from_endpoint(endpoint, text) == _ask(graph, name, **parameters), parameters


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_of_rdflib_is_the_same(name: str, graph: Graph, rdflib_graph: rdflib.Dataset) -> None:
    """Free and with parameters; only one set of them, since rdflib takes seconds for each."""
    for parameters in _runs(name)[:2]:
        text = _text(name, parameters, graph)
        assert _from_rdflib(rdflib_graph, text) == _ask(graph, name, **parameters), parameters


@pytest.mark.parametrize("name", NAMES)
def test_studies_do_not_mix(name: str, graph: Graph, mixed: Graph) -> None:
    """A copy of the trial beside it, and two others: each is answered as if it were alone."""
    alone = _ask(graph, name)
    together = _ask(mixed, name)
    at = alone.columns.index("study")

    def rows(answer: Answer, study_id: str) -> list[Row]:
        hidden = {answer.columns.index(c) for c in ("fact", "varies", "document") if c in answer.columns}
        mine = [row for row in answer.rows if row[at] == study_id]
        return [tuple("" if i in {at, *hidden} else cell for i, cell in enumerate(row)) for row in mine]

    assert rows(together, STUDY) == rows(together, "copy-2013") == rows(alone, STUDY)
    assert _ask(mixed, name, study=STUDY) == alone


@pytest.fixture(scope="module")
def mixed(study: Study) -> Iterator[Graph]:
    document = msgspec.structs.replace(study.document, id="doi:10.9999/copy-2013")
    copy = msgspec.structs.replace(study, id="copy-2013", document=document)
    with Graph.from_studies([study, copy, example(), other()]) as opened:
        yield opened


# ------------------------------------------------------------------------------------ the files themselves


@pytest.mark.parametrize("name", CATALOGUE.names())
def test_the_file_is_plain_sparql_with_a_header(name: str) -> None:
    query = CATALOGUE[name]  # reads the header, and compares its parameters with the VALUES of the text
    assert query.summary
    assert not query.summary.endswith(".")
    assert query.question.endswith("?")
    assert all(parameter.help for parameter in query.parameters)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    prepareQuery(query.text)
    ox.Store().query(query.text)
    client = SPARQLWrapper("http://127.0.0.1:9")
    client.setQuery(query.text)
    assert (
        client.queryType == "SELECT"
    )  # it reads comments too: a word such as ADD makes it think of an update
    body = re.sub(r"(?m)^#.*\n", "", query.text)
    outermost = body[body.rindex("\n}\n") :]
    assert "ORDER BY ?study" in outermost
    assert "DISTINCT" in body or "GROUP BY" in body
    assert not re.search(r"\w[*+](?!\w)\s*[?<\w]|\bSERVICE\b|\bLIMIT\b|\bGROUP_CONCAT\b|\bSAMPLE\b", body)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_distinct(name: str, graph: Graph) -> None:
    answer = _ask(graph, name)
    assert len(set(answer.rows)) == len(answer.rows)


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
    assert {literal for literal in re.findall(r'"([^"]*)"', body) if literal in own} == set()
    assert "/study/" not in body
    declared = re.findall(r"(?m)^smm:([\w-]+) a owl:", resources.ontology().read_text(encoding="utf-8"))
    assert set(re.findall(r"smm:([\w-]+)", text)) <= set(declared)


def test_every_term_of_the_evidence_has_a_label(graph: Graph) -> None:
    """Queries show labels; a term without one would be shown by its slug, or not at all."""
    properties = "subject category phase timeOrigin about counting valueStatus comparator role setKind operator purpose"
    for name in properties.split():
        text = f"""SELECT DISTINCT ?term WHERE {{ ?x <{SMM}{name}> ?term
            FILTER NOT EXISTS {{ ?term <http://www.w3.org/2000/01/rdf-schema#label> ?label }} }}"""
        answer = graph.sparql(text)
        assert isinstance(answer, Rows)
        assert [row.term for row in answer] == [], name


# ------------------------------------------------------------------------------------ what this paper does not have


def _value(
    measure: str, number: str, comparator: str = "=", unit: str | None = None, **more: object
) -> Value:
    place = Locator(role="value", section=("RESULTS",), start=7, end=7 + len(number), printed=number)
    return Value(
        measure=measure, number=Decimal(number), comparator=comparator, unit=unit, locators=(place,), **more
    )  # type: ignore[arg-type]


def _with(*facts: Fact, **fields: object) -> Graph:
    made_up = example()
    return Graph.from_studies([msgspec.structs.replace(made_up, facts=(*made_up.facts, *facts), **fields)])


def test_a_number_with_a_comparator_never_stands_as_an_exact_one() -> None:
    cell = Fact(
        id="rare", kind="adverse-event", subject="rash", arm="pill", population="safety", grade="4",
        values=(_value("count", "3", "<", denominator=41, numerator=3), _value("percent", "7", "<", "%")),
    )  # fmt: skip
    with _with(cell) as graph:
        (row,) = _ask(graph, "adverse-events", grade="4").of(("count", "denominator", "percent", "printed"))
        assert row == ("", "41", "", "<3 (<7%)")
        assert _ask(graph, "adverse-events-any-grade", event="rash").rows == ()
        assert _ask(graph, "severe-adverse-events", event="rash").of(("count", "printed")) == (
            ("", "<3 (<7%)"),
        )


def test_values_that_contradict_each_other_stand_side_by_side() -> None:
    with _with() as graph:
        answer = _ask(graph, "disagreements")
        columns = (
            "subject",
            "arm",
            "measure",
            "comparator",
            "value",
            "other_comparator",
            "other_value",
            "other_section",
        )
        assert answer.of(columns) == (
            ("time to progression", "watching", "median", "≈", "22", "=", "21.5", "RESULTS/EFFICACY"),
        )
        (row,) = _ask(graph, "median-times", arm="watching").where({"comparator": {"≈"}}).rows
        assert "22" in row
        compared = _ask(graph, "compare-progression").of(("median_experimental", "median_reference"))
        assert set(compared) == {("not reached", "21.5 mo_j")}


def test_a_variant_without_a_counterpart_is_shown_alone() -> None:
    variant = Fact(id="ttp-again", kind="effect", subject="time-to-progression", contrast="pill-vs-watching",
                   varies="ttp-effect", values=(_value("risk ratio", "0.5"),))  # fmt: skip
    with _with(variant) as graph:
        answer = _ask(graph, "disagreements").where({"measure": {"risk ratio"}})
        assert answer.of(("value", "other_comparator", "other_value", "other_printed")) == (
            ("0.5", "", "", ""),
        )


def test_values_without_a_place_are_found() -> None:
    with _with() as graph:
        answer = _ask(graph, "values-without-locator")
        assert {row[answer.columns.index("fact")].rpartition("#")[2] for row in answer.rows} >= {
            "m-protein",
            "rest",
        }
        assert ("first day", "reported") in answer.of(("measure", "value_status"))


def test_not_estimable_and_not_reported_are_told_apart() -> None:
    facts = [
        Fact(id=f"os-{status[4:]}", kind="outcome", subject="overall-survival", arm="pill",
             values=(Value(measure="median", status=status),))
        for status in ("not estimable", "not reported")
    ]  # fmt: skip
    with _with(*facts) as graph:
        found = _ask(graph, "not-reached", subject="overall survival").of(("measure", "status"))
        assert sorted(found) == [("median", "not estimable"), ("median", "not reported")]
        assert len(_ask(graph, "not-reached", status=["not estimable", "not reached"]).rows) == 2
        assert "os-reported" not in str(_ask(graph, "values-without-locator").rows)


def test_a_total_dose_is_given_only_where_every_course_is_exact() -> None:
    course = {"kind": "regimen", "subject": "lenalidomide", "arm": "pill", "phase": "induction"}
    days = (_value("first day", "15"), _value("last day", "16"))
    for dose, total in ((_value("dose", "5", unit="mg/d"), "185"), (_value("dose", "5", "≤", "mg/d"), "")):
        more = Fact(id="dose-late", values=(dose, *days), **course)  # type: ignore[arg-type]
        regimen = msgspec.structs.replace(example().regimens[0], parts=("rest", "dose-pill", "dose-late"))
        with _with(more, regimens=(regimen,)) as graph:
            answer = _ask(graph, "regimen-schedule")
            assert set(answer.of(("derived_dose_per_cycle",))) == {(total,)}
            assert answer.of(("printed", "derived_days")) == (
                ("12.5", "14"),
                (f"{dose.comparator}5".lstrip("="), "2"),
            )


def test_an_effect_without_a_population_is_not_given_medians_of_another() -> None:
    with _with() as graph:
        before = _ask(graph, "compare-progression", study="example-2001")
        assert before.of(("population", "median_experimental")) == (("per-protocol", "not reached"),)
    made_up = example()
    facts = tuple(
        msgspec.structs.replace(fact, population=None) if fact.id == "ttp-effect" else fact
        for fact in made_up.facts
    )
    with Graph.from_studies([msgspec.structs.replace(made_up, facts=facts)]) as graph:
        after = _ask(graph, "compare-progression")
        assert after.of(("population", "hazard_ratio", "median_experimental")) == (("", "0.4", ""),)


def test_events_are_never_added_up_and_summaries_of_grades_never_counted_twice() -> None:
    shared = {"kind": "adverse-event", "arm": "pill", "population": "safety", "phase": "induction"}
    count = {"numerator": 1, "denominator": 41}
    facts = [
        Fact(id=f"{event}-{name}", subject=event, grade=grade, values=(_value("count", n, **count),), **shared)  # type: ignore[arg-type]
        for event, name, grade, n in (
            ("rash", "one", "1", "4"), ("rash", "two", "2", "3"), ("rash", "low", "1-2", "7"), ("anemia", "one", "1", "2"),
        )
    ]  # fmt: skip
    with _with(*facts) as graph:
        answer = _ask(graph, "adverse-events-any-grade")
        assert answer.of(("event", "derived_count", "derivation")) == (
            ("anemia", "2", "sum over 1 grades: 1 to 1"),
            ("rash", "7", "sum over 2 grades: 1 to 2"),
        )
