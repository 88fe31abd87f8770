"""The fact table: one row per value and place, in the paper's order, with every part of a value's meaning."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from studies import example, other

from smm_kg.facts import COLUMNS, facts
from smm_kg.graph import Graph
from smm_kg.records import Study
from smm_kg.rows import Iri, Rows

NODE = "https://w3id.org/smm-kg/study/example-2001#"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.from_studies([other(), example()]) as opened:
        yield opened


@pytest.fixture(scope="module")
def table(graph: Graph) -> Rows:
    return facts(graph)


def of_fact(table: Rows, name: str) -> list[dict[str, Any]]:
    return [row for row in table.to_dicts() if row["fact"] == NODE + name]


def places(study: Study) -> list[tuple[str, str, str | None, int | None]]:
    """Fact, measure, printed text and offset of each value and place, in the order of the records."""
    found: list[tuple[str, str, str | None, int | None]] = []
    for fact in study.facts:
        for value in fact.values:
            stated = [place for place in value.locators if place.role == "value"]
            found += [(fact.id, value.measure, place.printed, place.start) for place in stated]
            found += [] if stated else [(fact.id, value.measure, None, None)]
    return found


def test_has_the_columns_of_the_contract(table: Rows) -> None:
    assert table.columns == COLUMNS
    assert COLUMNS == (
        "study", "fact", "kind", "subject", "category", "counting", "arm", "phase", "timepoint",
        "time_origin", "population", "population_printed", "grade", "measure", "comparator", "value",
        "status", "printed", "unit", "numerator", "denominator", "document", "section", "table", "row",
        "column", "start", "end",
    )  # fmt: skip


def test_has_one_row_per_value_and_place_in_the_order_of_the_source(table: Rows) -> None:
    for study in (example(), other()):
        found = [
            (row.fact.rpartition("#")[2], row.measure, row.printed, row.start)
            for row in table
            if row.study == study.id
        ]
        assert found == places(study)


def test_studies_are_in_order(table: Rows) -> None:
    studies = table.column("study")
    assert studies == sorted(studies)  # type: ignore[type-var]


def test_an_effect_is_five_values_and_a_repeated_statement_two_rows(table: Rows) -> None:
    rows = of_fact(table, "ttp-effect")
    assert [(row["measure"], row["comparator"], row["value"], row["printed"]) for row in rows] == [
        ("hazard ratio", "=", Decimal("0.4"), "0.40"),
        ("hazard ratio", "=", Decimal("0.4"), "0.40"),
        ("confidence level", "=", Decimal(95), "95"),
        ("confidence interval lower", "=", Decimal("0.2"), "0.20"),
        ("confidence interval upper", "=", Decimal("0.85"), "0.85"),
        ("p value", "<", Decimal("0.001"), "0.001"),
    ]
    assert [row["start"] for row in rows[:2]] == [210, 2210]
    context = {name: rows[0][name] for name in COLUMNS[2:13]}
    assert context == {
        "kind": "effect", "subject": "time to progression", "category": None, "counting": None,
        "arm": "pill vs watching", "phase": None, "timepoint": "4 years", "time_origin": "randomization",
        "population": "per-protocol", "population_printed": 'as "treated"', "grade": None,
    }  # fmt: skip
    assert isinstance(rows[0]["fact"], Iri)


def test_count_and_percent_share_fact_numerator_and_denominator(table: Rows) -> None:
    count, percent = of_fact(table, "ae-fatigue-pill-grade-3")
    assert (count["measure"], count["value"], count["unit"]) == ("count", Decimal(5), None)
    assert (percent["measure"], percent["value"], percent["unit"]) == ("percent", Decimal(12), "%")
    for row in (count, percent):
        assert (row["kind"], row["grade"], row["phase"]) == ("adverse-event", ">=3", "induction")
        assert (row["numerator"], row["denominator"]) == (5, 41)
        assert (row["document"], row["section"]) == ("doi:10.9999/example-2001", "Table 3")
        assert (row["table"], row["row"]) == ("Table 3", "Tired \\ weak")
        assert row["column"] == 'Pill/Grade 3 "severe"'
    assert (percent["start"], percent["end"], percent["printed"]) == (903, 905, "12")


def test_zero_is_a_value(table: Rows) -> None:
    count, percent = of_fact(table, "ae-fatigue-pill-grade-1-2")
    assert (count["value"], percent["value"], count["numerator"]) == (0, 0, 0)


def test_what_was_not_reached_has_a_status_and_no_value(table: Rows) -> None:
    (row,) = of_fact(table, "ttp-median-pill")
    assert (row["status"], row["value"], row["comparator"]) == ("not reached", None, None)
    assert (row["printed"], row["unit"], row["arm"]) == ("not reached", "mo_j", "pill")


def test_a_comparator_prints_as_its_sign(table: Rows) -> None:
    signs = {row.fact.rpartition("#")[2]: (row.comparator, row.value) for row in table}
    assert signs["plasma-cells"] == ("≥", Decimal(10))
    assert signs["m-protein"] == (">", Decimal("2.5"))
    assert signs["ttp-median-watching-as-stated-in-abstract"] == ("≈", Decimal(22))


def test_dates_and_texts_are_values(table: Rows) -> None:
    date, text = of_fact(table, "recruitment")
    assert (date["measure"], date["comparator"], date["value"]) == ("date", "=", "2001-03")
    assert (text["measure"], text["comparator"], text["value"]) == ("text", None, "line one\nline\ttwo")


def test_categories_of_the_study_and_of_the_ontology_print_their_labels(table: Rows) -> None:
    (row, _) = of_fact(table, "age-watching")
    assert (row["category"], row["counting"]) == ("≤6 mo", "exclusive")
    (row, _) = of_fact(table, "response-pill")
    assert (row["category"], row["counting"]) == ("very good partial response", "cumulative")


def test_a_value_without_a_place_is_a_row(table: Rows) -> None:
    (row,) = of_fact(table, "m-protein")
    assert {row[name] for name in COLUMNS[COLUMNS.index("document") :]} == {None}


def test_a_subject_that_the_ontology_lacks_is_not_blank(table: Rows) -> None:
    assert all(row.subject for row in table)


@pytest.mark.parametrize(
    ("filters", "column", "expected"),
    [
        ({"study": "other-2005"}, "study", {"other-2005"}),
        ({"kind": ["effect", "death"]}, "kind", {"effect"}),
        ({"subject": "Time to Progression"}, "subject", {"time to progression"}),
        ({"arm": "pill"}, "arm", {"pill"}),
        ({"arm": "pill vs watching"}, "arm", {"pill vs watching"}),
        ({"phase": "maintenance"}, "phase", {"maintenance"}),
        ({"grade": [">=3", "1-2"]}, "grade", {">=3", "1-2"}),
        ({"population": "safety"}, "population", {"safety"}),
        ({"measure": "median"}, "measure", {"median"}),
        ({"status": "not reached"}, "status", {"not reached"}),
    ],
)
def test_filters_keep_what_fits(
    graph: Graph, table: Rows, filters: dict[str, Any], column: str, expected: set[str]
) -> None:
    found = facts(graph, **filters)
    assert set(found.column(column)) == expected
    assert list(found) == [row for row in table if getattr(row, column) in expected]


def test_filters_join(graph: Graph) -> None:
    found = facts(graph, study="example-2001", measure="count", arm="pill", phase="induction")
    assert {row.fact for row in found} == {NODE + "ae-fatigue-pill-grade-3"}


def test_rows_are_the_same_on_rdflib(graph: Graph, table: Rows) -> None:
    from smm_kg.store.rdflib_store import RdflibStore

    same = Graph(RdflibStore(graph.to_rdflib()))
    assert list(facts(same)) == list(table)
    assert list(facts(same, arm="pill", phase="induction")) == list(
        facts(graph, arm="pill", phase="induction")
    )
