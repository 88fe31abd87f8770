"""Every picture, of made-up inputs of one row to forty: nothing overlaps, is cut or is lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from drawn_text import check, read, shows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smm_kg.draw import adverse_events, flow, forest, network, ontology, regimen, response, study
from smm_kg.draw.connections import Group, NetworkError, Treatment, Trial
from smm_kg.draw.page import Caption, DrawingError

WORDS = st.sampled_from(
    [
        "lenalidomide",
        "lenalidomide-dexamethasone vs observation",
        "high-risk smoldering multiple myeloma, as the report defines it",
        "Martín & D'Arena <2002>",
        "n",
        "a" * 70,
        "日本語の長いラベル",
        "pneumonoultramicroscopicsilicovolcanoconiosis of grade ≥3",
    ]
)
LABEL = WORDS | st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "")
NUMBER = st.decimals("0.01", "40", places=2)
CAPTION = st.builds(
    Caption,
    title=WORDS,
    subtitle=LABEL,
    notes=st.lists(LABEL, max_size=3).map(tuple),
    sources=st.lists(st.sampled_from(["doi:10.1000/182", "pmid:1"]), max_size=2).map(tuple),
)
quickly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def tuples(of: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


OPTIONAL = st.none() | NUMBER | st.sampled_from([Decimal("Infinity"), Decimal(0), Decimal("1e-30")])
ROW = st.builds(
    forest.Row,
    study=LABEL,
    label=st.just("") | LABEL,
    estimate=st.none() | NUMBER | st.decimals("-50", "50", places=1),
    lower=OPTIONAL,
    upper=OPTIONAL,
    weight=st.none() | st.decimals("0", "100", places=1),
    origin=st.sampled_from(["reported", "derived"]),
    columns=tuples(LABEL, 0, 2),
    group=st.sampled_from(["", "Immunomodulatory drugs", "bisphosphonates"]),
)
POOLED = st.builds(
    forest.Pooled,
    label=LABEL,
    estimate=NUMBER,
    lower=NUMBER,
    upper=NUMBER,
    prediction=st.none() | st.tuples(NUMBER, NUMBER),
    group=st.sampled_from(["", "Immunomodulatory drugs"]),
)
FOREST = st.builds(
    forest.Forest,
    caption=CAPTION,
    measure=st.sampled_from(["hazard ratio", "risk difference"]),
    rows=tuples(ROW, 1, 40),
    scale=st.sampled_from(["ratio", "difference"]),
    level=st.sampled_from([None, Decimal(95)]),
    columns=st.sampled_from([(), ("Population",), ("Population", "n")]),
    pooled=tuples(POOLED, 0, 3),
    favours=st.tuples(st.just("") | LABEL, st.just("") | LABEL),
)


@quickly
@given(FOREST)
def test_forest(plot: forest.Forest) -> None:
    drawn = check(forest.draw(plot))
    for row in plot.rows:
        assert shows(drawn, row.study)


COUNT = st.integers(0, 500).map(str)
DEPARTURE = st.builds(flow.Departure, LABEL, st.just("") | COUNT, tuples(st.tuples(LABEL, COUNT), 0, 6))
STEP = st.builds(flow.Step, LABEL, COUNT, st.just("") | LABEL, tuples(DEPARTURE, 0, 2))
TRACK = st.builds(
    flow.Track, LABEL, tuples(STEP, 0, 6), tuples(DEPARTURE, 0, 3), tuples(st.tuples(LABEL, COUNT), 0, 4)
)
EVERYONE = st.builds(flow.Track, st.just(""), tuples(STEP, 1, 4), tuples(DEPARTURE, 0, 2))


@quickly
@given(st.builds(flow.Flow, CAPTION, EVERYONE, tuples(TRACK, 0, 5)))
def test_flow(shown: flow.Flow) -> None:
    drawn = check(flow.draw(shown))
    for track in (shown.everyone, *shown.arms):
        for step in track.steps:
            assert shows(drawn, step.label)
            assert shows(drawn, step.count)


@st.composite
def courses(draw: st.DrawFn) -> regimen.Course:
    first = draw(st.none() | st.integers(1, 60))
    last = None if first is None else draw(st.none() | st.integers(first, first + 40))
    drug = draw(st.sampled_from(["lenalidomide", "dexamethasone"]) | LABEL)
    return regimen.Course(drug, draw(LABEL), first, last, draw(st.just("") | LABEL))


PLAN = st.builds(
    regimen.Plan,
    arm=LABEL,
    phase=LABEL,
    name=LABEL,
    courses=tuples(courses(), 1, 8),
    cycles=st.just("") | LABEL,
    days=st.none() | st.integers(1, 365),
    condition=st.just("") | LABEL,
)


@quickly
@given(st.builds(regimen.Regimens, CAPTION, tuples(PLAN, 1, 5), tuples(st.tuples(LABEL, LABEL), 0, 2)))
def test_regimen(shown: regimen.Regimens) -> None:
    drawn = check(regimen.draw(shown))
    for plan in shown.plans:
        for course in plan.courses:
            assert shows(drawn, course.dose)


CATEGORIES = ("complete response", "partial response", "stable disease", "a category of no common name " * 3)
SHARE = st.builds(
    response.Share,
    st.sampled_from(CATEGORIES),
    LABEL,
    COUNT,
    st.none() | st.fractions(0, 1, max_denominator=60) | st.just(Fraction(3, 2)),
)
BAR = st.builds(
    response.Bar, LABEL, LABEL, tuples(SHARE, 0, 4), tuples(SHARE, 0, 4), st.none() | st.integers(1, 60)
)


@quickly
@given(st.builds(response.Responses, CAPTION, st.just(CATEGORIES), tuples(BAR, 1, 10)))
def test_response(shown: response.Responses) -> None:
    drawn = check(response.draw(shown))
    for bar in shown.bars:
        assert all(shows(drawn, share.words) for share in (*bar.exclusive, *bar.cumulative))


GRADES = ("1", "2", "3", ">=4", "")
CELLS = st.dictionaries(
    st.sampled_from(GRADES), st.tuples(COUNT, st.none() | st.sampled_from([Fraction(0), Fraction(7, 62)]))
).map(lambda held: tuple(adverse_events.Cell(grade, *held[grade]) for grade in sorted(held)))


@st.composite
def panels(draw: st.DrawFn) -> adverse_events.Panel:
    arms = draw(st.integers(1, 4))
    event = st.builds(adverse_events.Event, LABEL, tuples(CELLS, arms, arms))
    return adverse_events.Panel(draw(LABEL), draw(tuples(LABEL, arms, arms)), draw(tuples(event, 1, 10)))


@quickly
@given(st.builds(adverse_events.AdverseEvents, CAPTION, st.just(GRADES), tuples(panels(), 1, 2)))
def test_adverse_events(shown: adverse_events.AdverseEvents) -> None:
    drawn = check(adverse_events.draw(shown))
    for panel in shown.panels:
        assert all(shows(drawn, event.label) for event in panel.events)


@st.composite
def networks(draw: st.DrawFn) -> network.TreatmentNetwork:
    names = draw(st.lists(LABEL, min_size=1, max_size=25, unique=True))
    treatments = tuple(Treatment(f"t{at}", name, draw(st.booleans())) for at, name in enumerate(names))
    group = st.builds(
        Group, st.sampled_from([each.id for each in treatments]), LABEL, st.none() | st.integers(0, 900)
    )
    trials = tuple(
        Trial(
            f"trial-{at}",
            draw(LABEL),
            draw(tuples(group, 1, 3)),
            draw(LABEL),
            "",
            draw(st.none() | st.booleans()),
        )
        for at in range(draw(st.integers(1, 40)))
    )
    return network.TreatmentNetwork(draw(CAPTION), treatments, trials)


@quickly
@given(networks())
def test_network(shown: network.TreatmentNetwork) -> None:
    drawn = check(network.draw(shown))
    assert all(shows(drawn, trial.label) for trial in shown.trials)
    assert all(shows(drawn, treatment.label) for treatment in shown.treatments)


@st.composite
def study_graphs(draw: st.DrawFn) -> study.StudyGraph:
    nodes = [study.Node("study", "study", draw(LABEL), 0)]
    edges = []
    for at in range(draw(st.integers(0, 40))):
        above = draw(st.sampled_from([node for node in nodes if node.column < 3]))
        details = draw(tuples(LABEL, 0, 5))
        nodes.append(study.Node(f"n{at}", draw(LABEL), draw(LABEL), above.column + 1, details))
        edges.append(study.Edge(above.id, f"n{at}", "has"))
    if len(nodes) > 2:
        edges.append(study.Edge(nodes[-1].id, nodes[1].id, "refers to"))
    return study.StudyGraph(draw(CAPTION), "made-up", tuple(nodes), tuple(edges))


@quickly
@given(study_graphs())
def test_study(shown: study.StudyGraph) -> None:
    drawn = check(study.draw(shown))
    assert all(shows(drawn, node.label) for node in shown.nodes)


@st.composite
def hierarchies(draw: st.DrawFn) -> ontology.Hierarchy:
    size = draw(st.integers(1, 50))
    ids = [f"c{at}" for at in range(size)]
    classes = tuple(
        ontology.Class(
            each, draw(LABEL), draw(st.sets(st.sampled_from(ids), max_size=2).map(sorted).map(tuple)), at % 4
        )
        for at, each in enumerate(ids)
    )
    return ontology.Hierarchy(draw(CAPTION), classes)


@quickly
@given(hierarchies())
def test_ontology_even_with_circles_and_several_parents(shown: ontology.Hierarchy) -> None:
    drawn = check(ontology.draw(shown))
    assert all(shows(drawn, each.label) for each in shown.classes)


EMPTY = Caption("nothing")
ROWS = pytest.mark.parametrize("rows", [1, 5, 40])
LONG = "lenalidomide-dexamethasone against observation in high-risk smoldering multiple myeloma"


@ROWS
def test_forest_of_many_studies(rows: int) -> None:
    half = Decimal("0.5")
    made = tuple(
        forest.Row(
            f"Study {at}",
            LONG,
            half,
            half / 2,
            half * 2,
            Decimal(100) / rows,
            columns=(LONG, f"{at} vs {at}"),
        )
        for at in range(rows)
    )
    pooled = (forest.Pooled("Random effects", half, half / 2, half * 2, (half / 9, half * 9)),)
    check(forest.draw(forest.Forest(EMPTY, "hazard ratio", made, columns=("Population", "n"), pooled=pooled)))


@ROWS
def test_adverse_events_of_many_rows(rows: int) -> None:
    arm = tuple(adverse_events.Cell(grade, "12", Fraction(12, 62)) for grade in ("1", "2", ">=3"))
    made = tuple(adverse_events.Event(f"{LONG} {at}", (arm, arm[:1])) for at in range(rows))
    panel = adverse_events.Panel("induction", ("treatment, N = 62", "observation, N = 62"), made)
    drawn = check(adverse_events.draw(adverse_events.AdverseEvents(EMPTY, ("1", "2", ">=3"), (panel,))))
    assert drawn.words.count("12") >= 4 * rows


@ROWS
def test_networks_of_many_trials_about_a_hub_and_in_a_chain(rows: int) -> None:
    treatments = tuple(Treatment(f"t{at}", f"{LONG} {at}") for at in range(rows + 1))
    for first in (lambda at: 0, lambda at: at):
        trials = tuple(
            Trial(f"x{at}", f"Trial {at}", (Group(f"t{first(at)}", "a", 30), Group(f"t{at + 1}", "b", at)))
            for at in range(rows)
        )
        drawn = check(network.draw(network.TreatmentNetwork(EMPTY, treatments, trials)))
        assert all(shows(drawn, f"{LONG} {at}") for at in range(rows + 1))


@ROWS
def test_flows_regimens_and_responses_of_many_rows(rows: int) -> None:
    reasons = tuple((LONG, str(at)) for at in range(rows))
    steps = tuple(
        flow.Step(LONG, f"n = {at}", LONG, (flow.Departure(LONG, "9", reasons),)) for at in range(3)
    )
    check(
        flow.draw(flow.Flow(EMPTY, flow.Track("", steps), (flow.Track("a", steps), flow.Track("b", steps))))
    )
    courses = tuple(regimen.Course(f"{LONG} {at}", "25 mg/d", 1, 21, "525 mg") for at in range(rows))
    check(regimen.draw(regimen.Regimens(EMPTY, (regimen.Plan("a", "induction", LONG, courses, days=28),))))
    bars = tuple(
        response.Bar(LONG, "N = 57", (response.Share(CATEGORIES[0], "6 of 57 (11%)", "6", Fraction(6, 57)),))
        for _ in range(rows)
    )
    check(response.draw(response.Responses(EMPTY, CATEGORIES, bars)))


@pytest.mark.parametrize(
    "drawing",
    [
        lambda: forest.draw(forest.Forest(EMPTY, "hazard ratio", ())),
        lambda: flow.draw(flow.Flow(EMPTY, flow.Track(""), ())),
        lambda: regimen.draw(regimen.Regimens(EMPTY, ())),
        lambda: response.draw(response.Responses(EMPTY, (), ())),
        lambda: adverse_events.draw(adverse_events.AdverseEvents(EMPTY, (), ())),
        lambda: network.draw(network.TreatmentNetwork(EMPTY, (), ())),
        lambda: study.draw(study.StudyGraph(EMPTY, "made-up", (), ())),
        lambda: ontology.draw(ontology.Hierarchy(EMPTY, ())),
    ],
)
def test_nothing_to_draw_is_said(drawing: Callable[[], str]) -> None:
    with pytest.raises(DrawingError, match=r"\bno\b|at least one|empty"):
        drawing()


def test_a_trial_of_an_unnamed_treatment_is_said() -> None:
    trial = Trial("t", "Trial 1", (Group("aspirin", "aspirin"),))
    with pytest.raises(NetworkError, match="'aspirin'"):
        network.draw(network.TreatmentNetwork(EMPTY, (), (trial,)))


def test_a_relation_to_nowhere_is_said() -> None:
    graph = study.StudyGraph(
        EMPTY, "s", (study.Node("a", "study", "A", 0),), (study.Edge("a", "b", "has arm"),)
    )
    with pytest.raises(DrawingError, match="'has arm'"):
        study.draw(graph)


def test_a_source_is_named_or_missed() -> None:
    row = forest.Row("Study 1", estimate=Decimal("0.5"))
    assert read(forest.draw(forest.Forest(EMPTY, "hazard ratio", (row,)))).words.endswith(
        "Source: not stated"
    )
    named = Caption("x", sources=("doi:10.1000/1", "pmid:2"))
    assert (
        "Sources: doi:10.1000/1; pmid:2"
        in read(forest.draw(forest.Forest(named, "hazard ratio", (row,)))).words
    )
