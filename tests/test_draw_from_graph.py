"""Pictures of what a graph holds: every number of it is there, and none that it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from drawn_text import check, shows

import smm_kg
from smm_kg.catalogue import CatalogueError
from smm_kg.draw.from_graph.adverse_events import adverse_events
from smm_kg.draw.from_graph.flow import flow
from smm_kg.draw.from_graph.network import treatment_network
from smm_kg.draw.from_graph.regimen import regimens
from smm_kg.draw.from_graph.response import responses
from smm_kg.draw.from_graph.study import study_graph
from smm_kg.draw.page import DrawingError
from smm_kg.draw.pictures import PICTURES
from smm_kg.graph import Graph
from smm_kg.records import (
    AnalysisGroup,
    AnalysisSet,
    Arm,
    Fact,
    Locator,
    Regimen,
    SourceDocument,
    Study,
    Value,
)

MATEOS = "mateos-2013"


def fact(
    name: str, kind: Any, subject: str, count: int | None = None, of: int | None = None, **more: Any
) -> Fact:
    """A fact with a count, of a denominator or not, at a made-up place."""
    values = more.pop("values", ())
    if count is not None:
        values = (
            *values,
            Value(measure="count", number=Decimal(count), numerator=count if of else None, denominator=of),
        )
    place = Locator(role="value", section=("RESULTS",), start=1, end=2, printed="x")
    located = tuple(
        Value(**{name: getattr(value, name) for name in Value.__struct_fields__} | {"locators": (place,)})
        for value in values
    )
    return Fact(id=name, kind=kind, subject=subject, values=located, **more)


def number(measure: str, value: str, unit: str | None = None) -> Value:
    return Value(measure=measure, number=Decimal(value), unit=unit)


def study(*facts: Fact, name: str = "made-2001", **more: Any) -> Study:
    arms = (
        Arm(id="pill", label="the pill", role="experimental"),
        Arm(id="rest", label="rest", role="no intervention"),
    )
    return Study(
        id=name,
        label=name.replace("-", " ").title(),
        document=SourceDocument(id=f"doi:10.5555/{name}", title="Made up", sha256="ab" * 32, characters=9),
        arms=more.pop("arms", arms),
        facts=facts,
        **more,
    )


def graph_of(*studies: Study) -> Graph:
    return Graph.from_studies(studies)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Graph]:
    with smm_kg.open("memory:") as graph:
        yield graph


@pytest.mark.parametrize("name", list(PICTURES))
def test_every_picture_of_the_shipped_trial_is_legible_and_the_same_again(shipped: Graph, name: str) -> None:
    picture = PICTURES[name]
    svg = picture.draw(picture.ask(shipped, MATEOS))
    drawn = check(svg)
    assert picture.draw(picture.ask(shipped, MATEOS)) == svg
    assert shows(drawn, "doi:10.1056/NEJMoa1300439" if name != "ontology" else "w3id.org/smm-kg/ontology")


@pytest.mark.parametrize(
    ("picture", "query"),
    [("flow", "patient-flow"), ("response", "response-by-phase"), ("regimen", "regimen-schedule")],
)
def test_no_number_of_the_shipped_trial_is_lost(shipped: Graph, picture: str, query: str) -> None:
    drawn = check(PICTURES[picture].draw(PICTURES[picture].ask(shipped, MATEOS)))
    words = drawn.words.replace("(", " ").replace(")", " ").replace(":", " ").replace(",", " ").split()
    rows = list(shipped.query(query, study=MATEOS))
    assert rows
    for row in rows:
        for value in (getattr(row, "count", None), getattr(row, "dose", None)):
            if isinstance(value, int | Decimal):
                assert f"{value:f}" in words, row


def test_every_adverse_event_of_a_table_is_drawn(shipped: Graph) -> None:
    shown = adverse_events(shipped, MATEOS)
    drawn = {(panel.title, event.label) for panel in shown.panels for event in panel.events}
    rows = [
        row for row in shipped.query("adverse-events", study=MATEOS) if row.denominator and not row.detail
    ]
    assert {(row.phase or "phase not stated", row.event) for row in rows} <= drawn


def from_another_document(*facts: Fact, name: str, level: Any) -> Study:
    """What another document says of the study that ``study`` makes."""
    made = study(*facts)
    document = SourceDocument(id=f"doi:10.5555/{name}", title="Account", level=level, key=name)
    return Study(**{each: getattr(made, each) for each in made.__struct_fields__} | {"document": document})


def test_the_document_that_was_read_is_cited_before_others_that_repeat_it() -> None:
    account = from_another_document(
        fact("a", "flow", "randomization", 60, arm="pill"),
        fact("a-other", "flow", "randomization", 58, arm="pill", varies="a"),
        fact("c", "flow", "completion-of-induction", 52, arm="pill"),
        name="an-account",
        level="primary",
    )
    read = study(fact("b", "flow", "randomization", 60, arm="pill"))
    shown = flow(graph_of(account, read))
    assert [step.count for step in shown.arms[0].steps] == ["n = 60 [2]", "n = 52"]
    assert shown.arms[0].steps[0].detail == "elsewhere 58"
    assert shown.caption.sources == ("[1] doi:10.5555/an-account", "[2] doi:10.5555/made-2001")


def test_a_report_of_the_study_is_cited_before_that_of_others() -> None:
    others, own = (
        from_another_document(fact(name, "flow", "randomization", 60, arm="pill"), name=name, level=level)
        for name, level in (("a", "secondary"), ("b", "primary"))
    )
    assert flow(graph_of(others, own)).caption.sources == ("doi:10.5555/b",)


def test_what_is_at_no_named_step_hangs_below_none(shipped: Graph) -> None:
    """Footnote of Table 2: four of those who withdrew consent are among the seven without maintenance."""
    shown = flow(shipped, MATEOS)
    treated = shown.arms[0]
    assert ("withdrawal of consent", "6") in [(each.label, each.count) for each in treated.further]
    drawn = check(PICTURES["flow"].draw(shown))
    assert shows(drawn, "At no named step; may include those above:")
    assert shown.caption.sources == ("doi:10.1056/NEJMoa1300439",)


def test_who_did_not_start_treatment_has_left() -> None:
    made = steps(
        fact("a", "flow", "randomization", 60, arm="pill"),
        fact("b", "flow", "treatment-not-started", 2, arm="pill"),
    )
    (arm,) = flow(graph_of(made)).arms
    assert [step.label for step in arm.steps] == ["randomization"]
    assert [each.label for each in arm.further] == ["treatment not started"]


def steps(*facts: Fact) -> Study:
    return study(*facts, sets=(AnalysisSet(id="all", label="all randomized", term="all-randomized"),))


def test_a_departure_stands_where_the_numbers_differ_by_it() -> None:
    made = steps(
        fact("a", "flow", "random-assignment", 60, arm="pill"),
        fact("b", "flow", "completion-of-induction", 52, 60, arm="pill"),
        fact("c", "flow", "maintenance-not-started", 8, arm="pill"),
        fact("d", "flow", "maintenance-not-started", 5, arm="pill", category="withdrawal-of-consent"),
        fact("e", "flow", "withdrawal-of-consent", 3, arm="pill"),
    )
    (arm,) = flow(graph_of(made)).arms
    assert [step.count for step in arm.steps] == ["n = 60", "n = 52 of 60"]
    (departure,) = arm.steps[1].departures
    assert (departure.count, departure.reasons) == ("8", (("withdrawal of consent", "5"),))
    assert [(each.label, each.count) for each in arm.further] == [("withdrawal of consent", "3")]


def test_a_step_that_is_stated_otherwise_elsewhere_keeps_both() -> None:
    made = steps(
        fact("a", "flow", "randomization", 92, arm="pill"),
        fact("b", "flow", "randomization", 90, arm="pill", varies="a"),
        fact("c", "flow", "completion-of-induction", 70, arm="pill"),
    )
    (arm,) = flow(graph_of(made)).arms
    assert [(step.count, step.detail) for step in arm.steps] == [("n = 92", "elsewhere 90"), ("n = 70", "")]


def test_numbers_of_which_none_is_the_main_one_are_both_named() -> None:
    made = steps(
        fact("a", "flow", "randomization", 92, arm="pill"),
        fact("b", "flow", "randomization", 90, arm="pill"),
        fact("c", "flow", "completion-of-induction", 70, arm="pill"),
    )
    (arm,) = flow(graph_of(made)).arms
    assert [(step.count, step.detail) for step in arm.steps] == [
        ("n = 92 or 90", "sources differ"),
        ("n = 70", ""),
    ]


def regimen(*courses: Fact, length: Value | None = None) -> Study:
    frame = fact(
        "cycle",
        "regimen",
        "treatment-cycle",
        arm="pill",
        phase="induction",
        values=(length,) if length else (),
    )
    plan = Regimen(
        id="p", label="pills", arm="pill", phase="induction", parts=tuple(each.id for each in courses)
    )
    return study(*courses, *((frame,) if length else ()), regimens=(plan,))


def course(name: str, first: str | None, last: str | None, dose: str = "20") -> Fact:
    days = [number(measure, day) for measure, day in (("first day", first), ("last day", last)) if day]
    values = (number("dose", dose, "mg/d"), *days)
    return fact(name, "regimen", "dexamethasone", arm="pill", phase="induction", values=values)


def test_a_cycle_of_weeks_has_days_and_doses_add_up() -> None:
    made = regimen(course("a", "1", "4"), course("b", "12", "15"), length=number("duration", "4", "wk"))
    shown = regimens(graph_of(made))
    (plan,) = shown.plans
    assert (plan.days, plan.cycles) == (28, "cycles of 4 weeks")
    assert [(each.first_day, each.last_day, each.total) for each in plan.courses] == [
        (1, 4, "160 mg"),
        (12, 15, "160 mg"),
    ]
    assert shown.without == (("rest", "no intervention"),)


def test_days_and_length_that_are_not_reported_are_not_made_up() -> None:
    made = regimen(course("a", None, None), length=number("duration", "1", "mo_j"))
    (plan,) = regimens(graph_of(made)).plans
    assert (plan.days, plan.courses[0].first_day, plan.courses[0].total) == (None, None, "")


def test_only_categories_that_exclude_each_other_are_stacked() -> None:
    shared = {"arm": "pill", "phase": "induction"}
    made = study(
        fact("a", "outcome", "response", 6, 60, category="complete-response", counting="exclusive", **shared),
        fact(
            "b",
            "outcome",
            "response",
            30,
            60,
            category="partial-response-or-better",
            counting="cumulative",
            **shared,
        ),
        fact("c", "outcome", "response", 12, 60, category="stable-disease", counting="exclusive", **shared),
        fact("d", "outcome", "response", 9, 60, category="very-good-partial-response", **shared),
    )
    shown = responses(graph_of(made))
    (bar,) = shown.bars
    assert [(each.category, each.part) for each in bar.exclusive] == [
        ("complete response", Fraction(1, 10)),
        ("stable disease", Fraction(1, 5)),
    ]
    assert [each.category for each in bar.cumulative] == [
        "very good partial response",
        "partial response or better",
    ]
    assert bar.rest() == Fraction(7, 10)
    words = "complete response 6 of 60 · no such category reported: 42 (derived) · stable disease 12 of 60"
    assert shows(check(PICTURES["response"].draw(shown)), words)


def degree(name: str, count: int, *includes: str, **more: Any) -> Fact:
    """Patients of 60 with a degree of response that includes better ones or none."""
    given: dict[str, Any] = {"counting": "cumulative", "includes": includes} if includes else {}
    given = given or {"counting": "exclusive"}
    return fact(name, "outcome", "response", count, 60, category=name, arm="pill", **given | more)


def stacked(*facts: Fact) -> dict[str, str]:
    (bar,) = responses(graph_of(study(*facts))).bars
    return {share.category: share.words for share in bar.exclusive}


def test_patients_of_a_degree_alone_are_those_of_it_less_the_better_ones() -> None:
    found = stacked(
        degree("stringent-complete-response", 6),
        degree("complete-response", 13, "stringent-complete-response"),
        degree("partial-response", 32, "stringent-complete-response", "complete-response"),
        degree("partial-response-or-better", 40, "complete-response", "partial-response"),
        degree("stable-disease", 9),
    )
    assert found == {
        "stringent complete response": "6 of 60",
        "complete response": "7 of 60 (derived)",
        "partial response": "19 of 60 (derived)",
        "stable disease": "9 of 60",
    }


@pytest.mark.parametrize(
    "facts",
    [
        (degree("complete-response", 13, "stringent-complete-response"),),
        (
            degree("complete-response", 5, "stringent-complete-response"),
            degree("stringent-complete-response", 6),
        ),
        (
            degree("complete-response", 13, "stringent-complete-response"),
            degree("stringent-complete-response", 6, counting=None),
        ),
        (
            degree("complete-response", 13, "stringent-complete-response"),
            degree("stringent-complete-response", 6),
            Fact(
                **{n: getattr(degree("stringent-complete-response", 5), n) for n in Fact.__struct_fields__}
                | {"id": "b"}
            ),
        ),
    ],
    ids=["a part is missing", "the part is more", "the part may overlap", "the part is stated in two ways"],
)
def test_nothing_is_derived_of_an_unknown_part(facts: tuple[Fact, ...]) -> None:
    assert "complete response" not in stacked(*facts, degree("stable-disease", 9))


def test_the_responses_of_the_shipped_trial_add_up(shipped: Graph) -> None:
    """Table 2 with its footnote: a complete response includes a stringent one, a partial a very good one."""
    bars = responses(shipped, MATEOS).bars
    assert [[share.count for share in bar.exclusive] for bar in bars] == [
        ["4", "4", "6", "31", "12"],
        ["6", "7", "9", "23", "5"],
    ]
    assert [bar.rest() for bar in bars] == [0, 0]


def test_without_a_denominator_the_size_of_the_arm_is_named(shipped: Graph) -> None:
    bars = responses(shipped, "landgren-2020").bars
    assert [bar.detail for bar in bars] == ["denominator not reported, all randomized: 41"] * 3


def event(name: str, grade: str | None, count: int, of: int | None = 50, **more: Any) -> Fact:
    return fact(
        name,
        "adverse-event",
        more.pop("subject", "fatigue"),
        count,
        of,
        grade=grade,
        arm=more.pop("arm", "pill"),
        **more,
    )


def test_grades_that_overlap_are_drawn_once() -> None:
    made = study(
        event("a", "1", 5),
        event("b", "2", 4),
        event("c", "1-2", 9),
        event("d", "any", 11),
        event("e", ">=3", 2),
    )
    shown = adverse_events(graph_of(made))
    ((drawn,),) = (event.arms for event in shown.panels[0].events)
    assert [(cell.grade, cell.count) for cell in drawn] == [("1", "5"), ("2", "4"), (">=3", "2")]
    assert "Left out: 2 numbers" in shown.caption.notes[0]


def test_what_another_document_repeats_without_the_phase_is_drawn_once() -> None:
    """4 of 62 are 6 % and 3 of 62 are 5 %; 7 % of the third event is another number."""
    read = study(
        *(
            event(name, "3", n, 62, subject=name, phase="induction")
            for name, n in (("rash", 4), ("fatigue", 3))
        ),
        event("anemia", "3", 4, 62, subject="anemia", phase="induction"),
    )
    said = (("rash", "3", "pill", "6"), ("fatigue", "2", "pill", "5"), ("anemia", "3", "pill", "7"))
    account = from_another_document(
        *(
            fact(
                f"{of}-later", "adverse-event", of, grade=grade, arm=arm, values=(number("percent", p, "%"),)
            )
            for of, grade, arm, p in said
        ),
        name="an-account",
        level="secondary",
    )
    shown = adverse_events(graph_of(read, account))
    unphased = shown.panels[-1]
    assert (unphased.title, [each.label for each in unphased.events]) == (
        "phase not stated",
        ["anemia", "fatigue"],
    )
    assert "Left out: 1 number " in shown.caption.notes[0]


def test_no_event_of_the_shipped_trial_is_drawn_again_without_its_phase(shipped: Graph) -> None:
    shown = adverse_events(shipped, MATEOS)
    titles = {panel.title: {each.label for each in panel.events} for panel in shown.panels}
    assert titles["phase not stated"] == {"second primary tumor"}


def test_none_is_zero_and_nothing_is_not_reported() -> None:
    made = study(event("a", "3", 2), event("b", "3", 0, 40, arm="rest"), event("c", "3", 7, subject="rash"))
    shown = adverse_events(graph_of(made))
    rash, fatigue = shown.panels[0].events
    assert [[(cell.count, cell.part) for cell in arm] for arm in fatigue.arms] == [
        [("2", Fraction(1, 25))],
        [("0", Fraction(0))],
    ]
    assert rash.arms[1] == ()
    assert shown.panels[0].arms == ("the pill, N = 50", "rest, N = 40")
    assert shows(check(PICTURES["adverse-events"].draw(shown)), "it is not zero")


def test_the_graph_of_a_study_says_what_was_not_reached() -> None:
    median = Value(measure="median", status="not reached", unit="mo_j")
    made = study(Fact(id="a", kind="outcome", subject="time-to-progression", arm="pill", values=(median,)))
    shown = study_graph(graph_of(made))
    (result,) = [node for node in shown.nodes if node.column == 2]
    assert (result.label, result.details[0].split(" months")[0]) == ("the pill", "median not reached")
    assert {edge.relation for edge in shown.edges} == {"has arm", "measures", "has result"}


def drug(name: str, arm: str, **more: Any) -> Fact:
    return fact(f"{arm}-{name}", "regimen", name, arm=arm, **more)


def sized(*sizes: tuple[str, int], **more: Any) -> dict[str, Any]:
    facts = tuple(
        fact(f"n-{arm}-{at}", "flow", "randomization", n, arm=arm) for at, (arm, n) in enumerate(sizes)
    )
    groups = tuple(
        AnalysisGroup(arm=arm, population="all", size=f"n-{arm}-{at}") for at, (arm, _) in enumerate(sizes)
    )
    sets = (AnalysisSet(id="all", label="all randomized", term="all-randomized"),)
    return {"facts": facts, "groups": groups, "sets": sets, **more}


def trial_of(name: str, *drugs: Fact, **parts: Any) -> Study:
    return study(*drugs, *parts.pop("facts"), name=name, **parts)


def test_trials_of_the_same_drugs_meet_in_one_treatment() -> None:
    one = trial_of(
        "one-2001",
        drug("lenalidomide", "pill"),
        drug("dexamethasone", "pill"),
        **sized(("pill", 30), ("rest", 31)),
    )
    two = trial_of(
        "two-2002", drug("dexamethasone", "pill"), drug("lenalidomide", "pill"), **sized(("pill", 20))
    )
    shown = treatment_network(graph_of(one, two))
    assert [treatment.id for treatment in shown.treatments] == [
        "dexamethasone + lenalidomide",
        "observation or deferred treatment",
    ]
    assert shown.patients("dexamethasone + lenalidomide") == (50, 0)
    assert shown.patients("observation or deferred treatment") == (31, 1)
    assert [treatment.active for treatment in shown.treatments] == [True, False]


def test_a_drug_that_follows_progression_is_not_the_treatment_of_the_arm() -> None:
    later = drug("melphalan", "rest", phase="after-progression")
    made = trial_of("one-2001", drug("melphalan", "pill"), later, **sized(("pill", 30), ("rest", 31)))
    shown = treatment_network(graph_of(made))
    assert [group.treatment for group in shown.trials[0].groups] == [
        "melphalan",
        "observation or deferred treatment",
    ]


def test_a_drug_that_only_some_were_given_is_not_the_treatment_of_the_arm() -> None:
    some = AnalysisSet(id="some", label="those with more", term="subgroup")
    parts = sized(("pill", 47))
    parts["sets"] = (*parts["sets"], some)
    more = drug("dexamethasone", "pill", population="some")
    both = trial_of("one-2001", drug("anakinra", "pill"), more, **parts)
    shown = treatment_network(graph_of(both))
    group = shown.trials[0].groups[0]
    assert (group.treatment, group.patients) == ("anakinra", 47)
    only = trial_of("two-2002", more, **parts)
    assert treatment_network(graph_of(only)).trials[0].groups[0].treatment == "dexamethasone"


def test_no_patient_of_the_shipped_trials_is_counted_twice(shipped: Graph) -> None:
    """Preliminary and long-term reports are of the same patients: 31 and 28 with thalidomide, 47 anakinra."""
    shown = treatment_network(shipped)
    assert shown.patients("thalidomide") == (31 + 28, 0)
    assert shown.patients("anakinra") == (47, 0)
    assert "anakinra + dexamethasone" not in {treatment.id for treatment in shown.treatments}
    assert not {"lust-2016", "rajkumar-2001"} & {trial.id for trial in shown.trials}


def test_a_size_that_is_stated_otherwise_elsewhere_keeps_both() -> None:
    other = fact("n-other", "flow", "randomization", 92, arm="pill", varies="n-pill-0")
    made = trial_of("one-2001", drug("lenalidomide", "pill"), other, **sized(("pill", 90)))
    shown = treatment_network(graph_of(made))
    group = shown.trials[0].groups[0]
    assert (group.patients, group.words) == (90, "n = 90, all randomized, elsewhere 92")
    assert "smm-kg query disagreements" in shown.caption.notes[-1]


def test_the_study_may_be_left_out_where_there_is_one() -> None:
    made = steps(fact("a", "flow", "randomization", 9))
    assert flow(graph_of(made)).caption.title.startswith("Made 2001")
    two = graph_of(made, study(fact("a", "flow", "randomization", 8), name="second-2002"))
    with pytest.raises(DrawingError, match=r"made-2001; second-2002; name one with --study"):
        flow(two)
    assert flow(two, "second-2002").everyone.steps[0].count == "n = 8"


@pytest.mark.parametrize("name", ["flow", "regimen", "response", "adverse-events"])
def test_what_the_graph_does_not_hold_is_said(name: str) -> None:
    empty = graph_of(study())
    with pytest.raises(DrawingError, match="does not say of made-2001"):
        PICTURES[name].ask(empty, "made-2001")
    with pytest.raises(DrawingError, match="holds nothing of this kind"):
        PICTURES[name].ask(empty, None)
    with pytest.raises(CatalogueError, match="nobody-1999"):
        PICTURES[name].ask(empty, "nobody-1999")


def test_a_graph_without_arms_has_no_network() -> None:
    with pytest.raises(DrawingError, match="no trial with arms"):
        treatment_network(graph_of(study(arms=())))
    with pytest.raises(DrawingError, match="no arm of"):
        study_graph(graph_of(study(arms=())), "made-2001")
