"""What the queries do with evidence that the paper does not hold: bounds, contradictions, gaps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from query_answers import ask
from studies import example

from smm_kg.graph import Graph
from smm_kg.records import Comparator, Fact, Locator, Status, Value


def _value(measure: str, printed: str, comparator: Comparator = "=", **more: Any) -> Value:
    place = Locator(role="value", section=("RESULTS",), start=7, end=7 + len(printed), printed=printed)
    return Value(measure=measure, number=Decimal(printed), comparator=comparator, locators=(place,), **more)


def _event(id_: str, subject: str, grade: str, *values: Value) -> Fact:
    return Fact(
        id=id_,
        kind="adverse-event",
        subject=subject,
        grade=grade,
        arm="pill",
        phase="induction",
        population="safety",
        values=values,
    )


def _with(*facts: Fact, **fields: Any) -> Graph:
    """Return a graph of the made-up trial with more facts."""
    study = example()
    return Graph.from_studies([msgspec.structs.replace(study, facts=(*study.facts, *facts), **fields)])


def test_a_number_with_a_comparator_never_stands_as_an_exact_one() -> None:
    count = _value("count", "3", "<", numerator=3, denominator=41)
    with _with(_event("rare", "rash", "4", count, _value("percent", "7", "<", unit="%"))) as graph:
        answer = ask(graph, "adverse-events", grade="4")
        assert answer.of("count", "denominator", "percent", "printed") == (("", "41", "", "<3 (<7%)"),)
        assert ask(graph, "severe-adverse-events", event="rash").of("count", "printed") == (("", "<3 (<7%)"),)
        assert ask(graph, "adverse-events-any-grade", event="rash").rows == ()


def test_events_are_never_added_up_and_summaries_of_grades_are_not_counted_again() -> None:
    def cell(id_: str, event: str, grade: str, n: str) -> Fact:
        return _event(id_, event, grade, _value("count", n, numerator=int(n), denominator=41))

    facts = [cell("a", "rash", "1", "4"), cell("b", "rash", "2", "3"), cell("c", "rash", "1-2", "7")]
    with _with(*facts, cell("d", "anemia", "1", "2")) as graph:
        answer = ask(graph, "adverse-events-any-grade")
        assert answer.of("event", "derived_count", "derived_percent", "derivation") == (
            ("anemia", "2", "4.88", "sum over 1 grades: 1 to 1"),
            ("rash", "7", "17.07", "sum over 2 grades: 1 to 2"),
        )
        assert ask(graph, "adverse-event-differences").rows == ()  # the other arm reports none of them


def test_a_contradiction_stands_beside_what_it_contradicts_and_out_of_the_comparison() -> None:
    with _with() as graph:
        (row,) = ask(graph, "disagreements").of(
            "subject", "arm", "measure", "comparator", "value", "other_comparator", "other_value"
        )
        assert row == ("time to progression", "watching", "median", "≈", "22", "=", "21.5")
        medians = ask(graph, "median-times", arm="watching").of("comparator", "median", "printed")
        assert medians == (("=", "21.5", "21.5"), ("≈", "22", "22"))
        compared = ask(graph, "compare-progression").of("median_experimental", "median_reference")
        assert set(compared) == {("not reached", "21.5 mo_j")}


def test_a_contradiction_without_a_counterpart_is_shown_alone() -> None:
    again = Fact(
        id="ttp-again",
        kind="effect",
        subject="time-to-progression",
        contrast="pill-vs-watching",
        varies="ttp-effect",
        values=(_value("risk ratio", "0.5"),),
    )
    with _with(again) as graph:
        answer = ask(graph, "disagreements").where({"measure": {"risk ratio"}})
        assert answer.of("value", "other_comparator", "other_value", "other_printed") == (
            ("0.5", "", "", ""),
        )


def test_values_without_a_place_are_found() -> None:
    with _with() as graph:
        answer = ask(graph, "values-without-locator")
        facts = {fact.rpartition("#")[2] for (fact,) in answer.of("fact")}
        assert facts == {"m-protein", "dose-pill", "rest"}
        assert answer.where({"measure": {"first day"}}).of("value_status") == (("reported",),)


def test_not_estimable_and_not_reported_are_told_apart() -> None:
    statuses: dict[str, Status] = {"pill": "not estimable", "watching": "not reported"}
    facts = [
        Fact(
            id=f"survival-{arm}",
            kind="outcome",
            subject="overall-survival",
            arm=arm,
            values=(Value(measure="median", status=status),),
        )
        for arm, status in statuses.items()
    ]
    with _with(*facts) as graph:
        found = ask(graph, "not-reached", subject="overall survival").of("arm", "measure", "status")
        assert found == (("pill", "median", "not estimable"), ("watching", "median", "not reported"))
        both = ask(graph, "not-reached", status=["not estimable", "not reached"])
        assert both.of("status") == (("not reached",), ("not estimable",))
        (status,) = ask(graph, "median-times", subject="overall survival", arm="pill").of(
            "median", "value_status"
        )
        assert status == ("", "not estimable")
        unplaced = {fact for (fact,) in ask(graph, "values-without-locator").of("fact")}
        assert {fact.rpartition("#")[2] for fact in unplaced} & {"survival-pill", "survival-watching"} == {
            "survival-pill"
        }  # what was not reported stands nowhere


@pytest.mark.parametrize(("comparator", "printed", "total"), [("=", "5", "185"), ("≤", "≤5", "")])
def test_a_total_dose_is_given_only_where_every_course_is_exact(
    comparator: Comparator, printed: str, total: str
) -> None:
    course = Fact(
        id="dose-late",
        kind="regimen",
        subject="lenalidomide",
        arm="pill",
        phase="induction",
        values=(
            _value("dose", "5", comparator, unit="mg/d"),
            _value("first day", "15"),
            _value("last day", "16"),
        ),
    )
    regimen = msgspec.structs.replace(example().regimens[0], parts=("rest", "dose-pill", "dose-late"))
    with _with(course, regimens=(regimen,)) as graph:
        answer = ask(graph, "regimen-schedule")
        assert answer.of("printed", "derived_days", "derived_dose_per_cycle") == (
            ("12.5", "14", total),
            (printed, "2", total),
        )


def test_an_effect_without_a_population_is_not_given_the_medians_of_another() -> None:
    study = example()
    facts = tuple(
        msgspec.structs.replace(fact, population=None) if fact.id == "ttp-effect" else fact
        for fact in study.facts
    )
    columns = ("population", "hazard_ratio", "median_experimental")
    with _with() as graph:
        assert ask(graph, "compare-progression").of(*columns) == (("per-protocol", "0.4", "not reached"),)
    with Graph.from_studies([msgspec.structs.replace(study, facts=facts)]) as graph:
        assert ask(graph, "compare-progression").of(*columns) == (("", "0.4", ""),)


def test_a_term_that_the_ontology_does_not_know_is_shown_by_its_slug() -> None:
    with _with() as graph:
        assert ("fatigue-of-unknown-kind",) not in ask(graph, "adverse-events").of("event")
    with _with(_event("new", "fatigue-of-unknown-kind", "1", _value("count", "1"))) as graph:
        assert ("fatigue-of-unknown-kind",) in ask(graph, "adverse-events").of("event")
