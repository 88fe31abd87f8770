"""Curated records: what a curator types, what is refused and where, and that nothing is lost on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg import curated, dataset, rdf
from smm_kg.curated import CuratedError
from smm_kg.curated.values import ValueTextError, values_of
from smm_kg.records import Study, Value

TWO_SOURCES = """\
study: made-up-2031
label: Made-up 2031
sources:
- {key: report, id: doi:10.9999/report, title: A Report, level: primary, place: abstract}
- {key: review, id: web:review.example, title: A Review, level: secondary, place: Table 1}
arms:
- {id: pill, label: pill, role: experimental}
- {id: watching, label: watching, role: no intervention}
contrasts:
- {id: pill-vs-watching, experimental: pill, reference: watching}
sets:
- {id: randomized, label: all randomized, term: all-randomized}
groups:
- {arm: pill, population: randomized, size: randomized-pill}
endpoints:
- {id: ttp, subject: time-to-progression, definition: symptomatic-progression, favours: lower}
facts:
- id: randomized-pill
  kind: flow
  subject: randomization
  arm: pill
  population: randomized
  values: {count: "25"}
- id: ttp-effect
  kind: effect
  subject: time-to-progression
  contrast: pill-vs-watching
  endpoint: ttp
  values:
    hazard ratio: 0.50
    confidence level: 95 %
    confidence interval lower: 0.30
    confidence interval upper: 0.80
    p value: <0.001
- id: ttp-effect-in-review
  source: review
  kind: effect
  subject: time-to-progression
  contrast: pill-vs-watching
  varies: ttp-effect
  values: {hazard ratio: 0.6}
"""


def one(text: str) -> Study:
    (study,) = curated.parse(text)
    return study


def value(measure: str, text: str, printed: str | None = None) -> Value:
    (found,) = values_of({measure: text}, "abstract", printed)
    return found


@pytest.mark.parametrize(
    ("measure", "text", "expected"),
    [
        ("hazard ratio", "0.50", {"number": Decimal("0.50"), "comparator": "=", "unit": None}),
        ("p value", "<0.001", {"number": Decimal("0.001"), "comparator": "<"}),
        ("p value", "< 0.001", {"number": Decimal("0.001"), "comparator": "<"}),
        ("median", "21 months", {"number": Decimal(21), "unit": "mo_j"}),
        ("median", ">36 mo_j", {"number": Decimal(36), "unit": "mo_j", "comparator": ">"}),
        ("percent", "79 %", {"number": Decimal(79), "unit": "%"}),
        ("percent", "79%", {"number": Decimal(79), "unit": "%"}),
        ("count", "25/57", {"number": Decimal(25), "numerator": 25, "denominator": 57}),
        ("median", "not reached", {"status": "not reached", "number": None}),
        ("hazard ratio", "not reported", {"status": "not reported", "locators": ()}),
        ("text", "no difference", {"text": "no difference"}),
        ("text", "0.5", {"text": "0.5", "number": None}),
        ("date", "2007-11", {"date": "2007-11"}),
        ("risk difference", "-12 %", {"number": Decimal(-12), "unit": "%"}),
    ],
)
def test_a_value_is_what_was_typed(measure: str, text: str, expected: dict[str, object]) -> None:
    found = value(measure, text)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_value_says_how_the_source_prints_it() -> None:
    assert value("hazard ratio", "0.50").locators[0].printed == "0.50"
    assert value("count", "25/57").locators[0].printed == "25"
    assert value("count", "9", printed="nine").locators[0].printed == "nine"
    assert value("median", "not reached").locators[0].printed == "not reached"


def test_a_percentage_beside_a_count_is_of_the_same_patients() -> None:
    count, share = values_of({"count": "25/57", "percent": "44 %"}, "abstract", None)
    assert (share.number, share.numerator, share.denominator) == (Decimal(44), 25, 57)
    assert count.unit is None


@pytest.mark.parametrize(
    ("measure", "text", "message"),
    [
        ("median", "about twenty", "is neither a number"),
        ("median", "21 moons", "is no unit known here"),
        ("percent", "79", "without its unit; write 79 %"),
        ("hazard ratio", "0.18 (0.09-0.32)", "is no unit|neither a number"),
        ("hazard ratio", "0,18", "neither a number|no unit"),
        ("median", "25/57", "neither a number"),
        ("date", "November 2007", "is not a date"),
        ("date", "2007-13", "is not a date"),
        ("text", "", "the text is empty"),
        ("Hazard Ratio", "0.5", "is no measure"),
    ],
)
def test_what_is_no_value_is_refused(measure: str, text: str, message: str) -> None:
    with pytest.raises(ValueTextError, match=message):
        value(measure, text)


@given(
    st.decimals(min_value=0, max_value=10**6, places=3),
    st.sampled_from(["", "<", ">", "≤", "≥", "≈"]),
    st.sampled_from(["", " %", " mo_j", " mg/d"]),
)
def test_a_number_keeps_its_digits_comparator_and_unit(number: Decimal, sign: str, unit: str) -> None:
    found = value("threshold", f"{sign}{number}{unit}")
    assert str(found.number) == str(number)
    assert found.comparator == (sign or "=")
    assert (found.unit or "") == unit.strip()


def test_each_source_is_a_study_of_its_own_with_the_plan_they_share() -> None:
    report, review = curated.parse(TWO_SOURCES)
    assert (report.id, review.id) == ("made-up-2031", "made-up-2031")
    assert [fact.id for fact in report.facts] == ["randomized-pill", "ttp-effect"]
    assert [fact.id for fact in review.facts] == ["ttp-effect-in-review"]
    assert report.arms == review.arms
    assert (report.document.level, review.document.level) == ("primary", "secondary")
    assert len(report.groups) == 1
    assert review.groups == ()
    (place,) = review.facts[0].values[0].locators
    assert (place.section, place.printed, place.start) == (("Table 1",), "0.6", None)


def test_nothing_is_lost_on_the_way_to_rdf_and_back() -> None:
    studies = curated.parse(TWO_SOURCES)
    read = rdf.decode(b"".join(dataset.chunks(studies)))
    assert {study.document.id: study for study in read} == {study.document.id: study for study in studies}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: flow", "kind: stream", r"line 19, facts\[0\]\.kind: invalid enum value 'stream'"),
        ("arm: pill\n", "arm: pil\n", r"facts\[0\]\.arm: there is no arm 'pil'; candidates: pill"),
        ("endpoint: ttp", "endpoint: pfs", r"facts\[1\]\.endpoint: there is no end point 'pfs'"),
        ("source: review", "source: revue", "there is no source 'revue'; candidates: review"),
        ("0.50", "0,50", r"facts\[1\]\.values: '0,50'"),
        (
            "id: ttp-effect\n",
            "id: randomized-pill\n",
            r"facts\[1\]\.id: the id 'randomized-pill' is given twice",
        ),
        ("reference: watching", "reference: pill", "an arm is compared with itself"),
        ("key: review, id", "key: report, id", "two sources have the key 'report'"),
        ("  population: randomized\n  values", "  people: all\n  values", "unknown field `people`"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_field(old: str, new: str, message: str) -> None:
    assert old in TWO_SOURCES
    with pytest.raises(CuratedError, match=message):
        curated.parse(TWO_SOURCES.replace(old, new, 1))


def test_all_problems_are_told_at_once() -> None:
    text = TWO_SOURCES.replace("arm: pill\n", "arm: pil\n", 1).replace("endpoint: ttp", "endpoint: pfs")
    with pytest.raises(CuratedError) as told:
        curated.parse(text)
    assert len(told.value.problems) == 2


def test_slugs_are_checked_against_the_ontology_when_it_is_given() -> None:
    known = {"time-to-progression", "symptomatic-progression", "all-randomized-set"}
    with pytest.raises(CuratedError, match=r"facts\[0\]\.subject: there is no term 'randomization'"):
        curated.parse(TWO_SOURCES, terms=known)
    assert curated.parse(TWO_SOURCES, terms={*known, "randomization"})


def test_the_skeleton_is_valid() -> None:
    assert one(curated.skeleton("somebody-2040")).label == "Somebody 2040"


def test_the_schema_that_ships_is_the_one_of_the_model() -> None:
    shipped = Path(__file__).resolve().parent.parent / "evidence" / "records" / "schema.json"
    assert shipped.read_text(encoding="utf-8") == curated.schema()
    assert "CuratedFact" in json.loads(curated.schema())["$defs"]
