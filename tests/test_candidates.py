"""Candidate facts of any report: read without a sheet, marked unreviewed, each value with its place."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from made_up import PAPER, write

from smm_kg.paper.candidate_cells import named
from smm_kg.paper.candidate_kinds import kind_of
from smm_kg.paper.candidates import Candidate, candidates, study_slug
from smm_kg.paper.document import Document
from smm_kg.paper.production import Part
from smm_kg.paper.source import read_document
from smm_kg.paper.text import parse

MARKDOWN = """\
# Fluvoxamab in harbor towns

## Results

The odds ratio for relapse was 0.62 (95% CI, 0.41 to 0.93; P = 0.02) among 210 sailors.

| Outcome | Active (N = 105) | P value |
|---|---|---|
| Relapse, n (%) | 21 (20) | 0.02 |
| Age, median (range), yr | 44 (19-71) | |
| Weight, mean (SD), kg | 71.2 (9.8) | 0.4 |
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Candidate, ...]:
    return candidates(write(tmp_path_factory.mktemp("candidates")))


def stated(candidate: Candidate) -> list[tuple[str, str, str]]:
    return [
        (value.measure, value.comparator, str(value.number if value.number is not None else value.text))
        for value in candidate.values
    ]


def in_markdown(folder: Path) -> Document:
    path = folder / "report.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return read_document(path)


def test_an_effect_with_its_interval_and_p_value_is_one_candidate(found: tuple[Candidate, ...]) -> None:
    effects = [candidate for candidate in found if candidate.production == "effect"]
    assert [stated(each) for each in effects] == 2 * [
        [
            ("hazard ratio", "=", "0.45"),
            ("confidence level", "=", "95"),
            ("confidence interval lower", "=", "0.25"),
            ("confidence interval upper", "=", "0.80"),
            ("p value", "=", "0.007"),
        ]
    ]
    assert {each.kind for each in effects} == {"effect"}


def test_a_cell_has_the_group_of_its_column(found: tuple[Candidate, ...]) -> None:
    cell = next(each for each in found if each.column and "Waiting" in each.column and len(each.values) == 2)
    assert stated(cell) == [("count", "=", "1"), ("percent", "=", "2")]
    assert [(value.numerator, value.denominator) for value in cell.values] == [(1, 46), (1, 46)]
    assert cell.kind == "adverse-event"
    assert cell.context == "Nausea"
    place = cell.values[0].locators[0]
    assert (place.table, place.row) == ("Table 1", "On board / Nausea")


def test_every_place_is_where_it_says_and_no_candidate_holds_a_sentence(found: tuple[Candidate, ...]) -> None:
    assert found
    for candidate in found:
        assert candidate.reviewed is False
        assert len(candidate.context.split()) <= 8
        for value in candidate.values:
            assert value.locators
            for place in value.locators:
                assert PAPER[place.start : place.end] == place.printed != ""


def test_markdown_reports_are_read_too(tmp_path: Path) -> None:
    found = candidates(in_markdown(tmp_path))
    assert ("odds ratio", "=", "0.62") in [part for each in found for part in stated(each)]
    by_context = {(each.context, each.column): stated(each) for each in found if each.column}
    assert by_context["Relapse, n (%)", "Active (N = 105)"] == [("count", "=", "21"), ("percent", "=", "20")]
    assert by_context["Relapse, n (%)", "P value"] == [("p value", "=", "0.02")]
    assert [part[0] for part in by_context["Age, median (range), yr", "Active (N = 105)"]] == [
        "median",
        "minimum",
        "maximum",
    ]
    assert [part[0] for part in by_context["Weight, mean (SD), kg", "Active (N = 105)"]] == [
        "mean",
        "standard deviation",
    ]


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("hazard ratio for relapse", "hazard ratio"),
        ("relapse, OR (95% CI)", "odds ratio"),
        ("relative risk of relapse", "risk ratio"),
        ("relapse in both towns", "estimate"),
    ],
)
def test_a_ratio_is_what_the_words_beside_it_say(words: str, measure: str) -> None:
    part = Part("hazard ratio", 0, 4, number=Decimal("0.62"))
    assert [each.measure for each in named([part], words)] == [measure]


def test_the_study_is_named_by_first_author_and_year(tmp_path: Path) -> None:
    document = write(tmp_path)
    assert study_slug(document) == "byron-2021"
    assert candidates(document, "my-study")[0].study == "my-study"
    assert study_slug(in_markdown(tmp_path)) == "fluvoxamab-in-harbor-towns"


def test_kinds_are_guessed_by_measure_then_words_then_section() -> None:
    assert kind_of("effect", ["hazard ratio", "p value"], ("METHODS",), "") == "effect"
    assert kind_of("dose", ["dose"], ("RESULTS",), "") == "regimen"
    assert (
        kind_of("percent", ["percent"], ("RESULTS", "SAFETY"), "an adverse event occurred in")
        == "adverse-event"
    )
    assert kind_of("median", ["median"], ("RESULTS",), "The median follow-up was") == "follow-up"
    assert kind_of("threshold", ["threshold"], ("METHODS", "PATIENTS"), "were eligible if") == "eligibility"
    assert kind_of("percent", ["percent"], ("Results",), "of them") == "outcome"
    assert kind_of("percent", ["percent"], ("Discussion",), "of them") == "assertion"


def test_the_twelve_open_reports_are_read(sources: Path) -> None:
    papers = sorted((sources / "papers").glob("*.nxml"))
    assert len(papers) == 12
    for path in papers:
        document = read_document(path)
        found = candidates(document)
        assert len(found) > 50, path.name
        for candidate in found:
            assert len(candidate.context.split()) <= 8
            for value in candidate.values:
                for place in value.locators:
                    assert document.source[place.start : place.end] == place.printed != ""
        assert any(candidate.column for candidate in found) == bool(document.tables)


@pytest.mark.parametrize(
    "piece", ["51 men (71%) had it, ", "It was 5% monthly. ", "HR 0.72 (95% CI 0.55-0.94), "]
)
def test_one_sentence_without_end_takes_time_in_proportion(piece: str) -> None:
    count = 40_000 // len(piece)
    document = parse(f"A title\n\nRESULTS\n\nSee the sea and of it {piece * count}.\n", "", "")
    started = time.perf_counter()
    assert len(candidates(document)) >= count
    assert time.perf_counter() - started < 20


def test_numbers_that_are_alternatives_or_bounds_are_no_plain_candidates() -> None:
    text = "Men aged 18 years and older took 5 or 10 mg, had grade 3 or 4 rash (12%), and 20 or 30% slept."
    document = parse(f"A title\n\nRESULTS\n\n{text}\n", "", "")
    assert [stated(each) for each in candidates(document)] == [
        [("threshold", "≥", "18")],
        [("percent", "=", "12")],
    ]
