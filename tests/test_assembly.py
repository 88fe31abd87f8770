"""Repeated statements are merged, disagreeing ones kept apart, denominators filled in."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper.assembly import Assembly, FactReading
from smm_kg.paper.sheet_model import FactContext
from smm_kg.records import AnalysisGroup, Locator, Role, Value


def locator(start: int, role: Role = "value") -> Locator:
    return Locator(role=role, section=("RESULTS",), start=start, end=start + 2, printed="xx")


def value(measure: str, number: str, start: int = 0, **other: object) -> Value:
    fields = {"measure": measure, "number": Decimal(number), "locators": (locator(start),), **other}
    return Value(**fields)  # type: ignore[arg-type]


def assembly() -> Assembly:
    made = Assembly([AnalysisGroup(arm="a", population="all", size="size")])
    made.declare("size", FactContext(kind="flow", subject="assignment", arm="a", population="all"))
    made.declare("relapse", FactContext(kind="outcome", subject="relapse", arm="a", population="all"))
    return made


def test_equal_statements_are_one_fact_with_every_place() -> None:
    made = assembly()
    made.take(FactReading("relapse", ("ABSTRACT",), (value("percent", "20.0", 5),)))
    made.take(FactReading("relapse", ("RESULTS",), (value("percent", "20", 90),)))
    (fact,) = made.facts()
    (percent,) = fact.values
    assert [each.start for each in percent.locators] == [5, 90]
    assert made.disagreements == []


def test_a_statement_that_says_otherwise_is_a_fact_of_its_own() -> None:
    made = assembly()
    made.take(FactReading("relapse", ("ABSTRACT",), (value("percent", "20", 5),)))
    made.take(
        FactReading("relapse", ("RESULTS", "LATE"), (value("percent", "21", 90), value("count", "9", 80)))
    )
    made.take(FactReading("relapse", ("RESULTS", "LATE"), (value("percent", "22", 95),)))
    made.take(FactReading("relapse", ("DISCUSSION",), (value("percent", "21", 99),)))
    base, variant, other = made.facts()
    assert (base.id, base.varies) == ("relapse", None)
    assert (variant.id, variant.varies) == ("relapse-as-stated-in-results-late", "relapse")
    assert [each.measure for each in variant.values] == ["percent", "count"]
    assert [each.start for each in variant.values[0].locators] == [90, 99]
    assert other.id == "relapse-as-stated-in-results-late-2"
    assert [each.variant for each in made.disagreements] == [variant.id, other.id]
    assert made.disagreements[0].start == 80
    assert str(made.disagreements[0]) == (
        "relapse: percent is 20, but 21 in RESULTS/LATE (kept as relapse-as-stated-in-results-late)"
    )


def test_comparator_status_unit_and_context_disagree_too() -> None:
    for other, about in (
        (value("median", "20", comparator="<"), "median"),
        (value("median", "20", unit="mo_j"), "median"),
        (Value(measure="median", status="not reached", locators=(locator(1),)), "median"),
    ):
        made = assembly()
        made.take(FactReading("relapse", ("ABSTRACT",), (value("median", "20"),)))
        made.take(FactReading("relapse", ("RESULTS",), (other,)))
        assert [each.about for each in made.disagreements] == [about]
    made = assembly()
    made.take(FactReading("relapse", ("ABSTRACT",), (value("percent", "20"),), {"timepoint": "3 years"}))
    made.take(FactReading("relapse", ("RESULTS",), (value("percent", "20"),), {"timepoint": "5 years"}))
    assert [each.about for each in made.disagreements] == ["timepoint"]
    assert [fact.timepoint for fact in made.facts()] == ["3 years", "5 years"]


def test_citations_add_up() -> None:
    made = assembly()
    made.take(FactReading("relapse", ("ABSTRACT",), (value("percent", "20"),), {"cites": (3,)}))
    made.take(FactReading("relapse", ("RESULTS",), (), {"cites": (2, 3)}, (locator(40, "label"),)))
    (fact,) = made.facts()
    assert fact.cites == (3, 2)
    assert [each.role for each in fact.values[0].locators] == ["value", "label"]


def test_count_and_percent_take_the_size_of_the_group() -> None:
    made = assembly()
    made.take(FactReading("relapse", ("RESULTS",), (value("count", "9"), value("percent", "20"))))
    made.take(FactReading("size", ("RESULTS",), (value("count", "45", 70),)))
    _, fact = made.facts()
    for each in fact.values:
        assert (each.numerator, each.denominator) == (9, 45)
        assert [(place.role, place.start) for place in each.locators][-1] == ("denominator", 70)


def test_a_percent_alone_has_no_denominator_and_none_suppresses_it() -> None:
    made = assembly()
    made.declare(
        "other", FactContext(kind="outcome", subject="x", arm="a", population="all", denominator="none")
    )
    made.take(FactReading("size", ("RESULTS",), (value("count", "45"),)))
    made.take(FactReading("relapse", ("RESULTS",), (value("percent", "20"),)))
    made.take(FactReading("other", ("RESULTS",), (value("count", "9"), value("percent", "20"))))
    assert [each.denominator for fact in made.facts()[1:] for each in fact.values] == [None, None, None]


def test_an_explicit_denominator_wins_and_disagreeing_ones_are_told() -> None:
    made = assembly()
    made.take(FactReading("size", ("RESULTS",), (value("count", "45"),)))
    made.take(FactReading("relapse", ("A",), (value("count", "9", denominator=40, numerator=9),)))
    made.take(FactReading("relapse", ("B",), (value("count", "9"), value("percent", "20"))))
    made.take(FactReading("relapse", ("C",), (value("count", "9", denominator=41, numerator=9),)))
    _, base, variant = made.facts()
    assert [each.denominator for each in base.values] == [40, 45]
    assert variant.values[0].denominator == 41


def test_a_missing_group_and_a_size_that_was_not_read_are_problems() -> None:
    made = assembly()
    made.declare(
        "b", FactContext(kind="outcome", subject="x", arm="b", population="all", denominator="group")
    )
    for fact in ("b", "relapse"):
        made.take(FactReading(fact, ("RESULTS",), (value("count", "9"), value("percent", "20"))))
    made.facts()
    assert [problem.where for problem in made.problems] == ["facts.relapse", "facts.b"]


STATED = st.tuples(st.sampled_from(["count", "percent", "median"]), st.integers(0, 3))


@given(st.lists(STATED, max_size=12))
def test_nothing_that_was_read_is_lost_and_nothing_is_stated_twice(stated: list[tuple[str, int]]) -> None:
    made = assembly()
    for start, (measure, number) in enumerate(stated):
        made.take(FactReading("relapse", ("RESULTS",), (value(measure, str(number), start),)))
    facts = made.facts()
    places = [
        (each.measure, int(each.number or 0), place.start)
        for fact in facts
        for each in fact.values
        for place in each.locators
    ]
    assert sorted(places) == sorted(
        (measure, number, start) for start, (measure, number) in enumerate(stated)
    )
    assert len({fact.id for fact in facts}) == len(facts)
    assert [fact.varies for fact in facts[1:]] == ["relapse"] * (len(facts) - 1)
