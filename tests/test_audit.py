"""The audit as a whole: its rules, their documentation, its verdicts, and what it says of the real paper."""

from __future__ import annotations

import ast
import re
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import msgspec
import pytest
import rdflib
from audited import count, fact, judged, number, percent, size, study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_strategies import studies
from test_audit_silence import trials

from smm_kg import records, resources
from smm_kg.audit import Interval, PlausibleRange, audit, rules
from smm_kg.audit.interval import decimals, show, stands_for
from smm_kg.audit.vocabulary import EVENTS, PHASES, RESPONSES, is_time_to_event, parts_of, set_named
from smm_kg.records import Study
from smm_kg.terms import SMM, is_slug

ROOT = Path(__file__).resolve().parent.parent
RDF_TYPE, SUBCLASS = rdflib.RDF.type, rdflib.RDFS.subClassOf


# The rules and what is said of them


def test_rules_have_distinct_names_that_are_slugs() -> None:
    names = [rule.name for rule in rules()]
    assert len(set(names)) == len(names) >= 40
    assert all(is_slug(name) for name in names)
    assert not [(one, other) for one in names for other in names if other.startswith(f"{one}-")]
    assert len({rule.title for rule in rules()}) == len(names)


def test_each_rule_is_explained_in_the_documentation() -> None:
    words = " ".join((ROOT / "docs" / "audit.md").read_text(encoding="utf-8").split())
    for rule in rules():
        assert f"### {rule.title} `{rule.name}` {rule.explanation} " in words, rule.name
    documented = re.findall(
        r"^`([a-z-]+)`$", (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert documented == [rule.name for rule in rules()]


def test_each_rule_is_provoked_somewhere_in_the_tests() -> None:
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_audit_*.py"))
    )
    assert not [rule.name for rule in rules() if f'"{rule.name}"' not in tests]


def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(resources.ontology(), format="turtle")


def individuals(graph: rdflib.Graph, name: str) -> set[str]:
    """The slugs of the individuals of a class and its subclasses."""
    classes = graph.transitive_subjects(SUBCLASS, rdflib.URIRef(SMM + name))
    return {str(one).removeprefix(SMM) for each in classes for one in graph.subjects(RDF_TYPE, each)}


def test_no_rule_names_a_study_an_arm_or_a_drug() -> None:
    graph = ontology()
    names = individuals(graph, "Drug") | individuals(graph, "DrugClass") | individuals(graph, "Therapy")
    people: set[str] = set()
    for path in resources.extracted():
        shipped = records.decode(path.read_bytes())
        people |= {shipped.id, *(arm.id for arm in shipped.arms)}
        people |= {group.id for group in shipped.sets if group.term == "subgroup"}
    assert len(names) > 20
    for module in sorted((ROOT / "smm_kg" / "audit").glob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        slugs = {text for text in constants if isinstance(text, str) and is_slug(text)}
        assert not slugs & people, module.name
        assert not [name for name in names for slug in slugs if f"-{name}-" in f"-{slug}-"], module.name


def test_the_vocabulary_is_that_of_the_ontology() -> None:
    graph = ontology()
    degrees = individuals(graph, "ResponseCategory")
    assert set(RESPONSES) <= degrees
    assert {name.removesuffix("-or-better") for name in degrees if name.endswith("-or-better")} <= set(
        RESPONSES
    )
    assert set(PHASES) == individuals(graph, "TreatmentPhase")
    concepts = individuals(graph, "Concept")
    timed = individuals(graph, "TimeToEvent")
    assert timed <= {name for name in concepts if is_time_to_event(name)}
    assert not {name for name in concepts - timed if is_time_to_event(name)}
    assert set(EVENTS) <= timed
    for events in EVENTS.values():
        assert set(events) <= concepts


def test_joined_terms_are_those_of_the_ontology() -> None:
    graph = ontology()
    kind = rdflib.URIRef(f"{SMM}hasKind")
    joined = 0
    for whole in set(graph.subjects(kind)):
        name = str(whole).removeprefix(SMM)
        members = {str(each).removeprefix(SMM) for each in graph.objects(whole, kind)}
        if "-or-" in name and not name.endswith("-or-better"):
            assert set(parts_of(name, members) or ()) == members
            joined += 1
        elif name.endswith("-or-better"):
            degree = RESPONSES.index(name.removesuffix("-or-better"))
            assert members == set(RESPONSES[: degree + 1]) or members == set(RESPONSES[: degree + 1]) - {
                name.removesuffix("-or-better")
            }
    assert joined >= 3


@pytest.mark.parametrize(
    ("whole", "terms", "parts"),
    [
        ("rash-or-fever", ["fever", "rash", "cough"], ("rash", "fever")),
        ("loss-or-loss-after-flood", ["ship-loss", "loss-after-flood"], ("ship-loss", "loss-after-flood")),
        ("rash-or-fever", ["fever"], None),
        ("rash-or-fever", ["fever", "skin-rash", "drug-rash"], None),  # which of them?
        ("rash", ["rash"], None),
    ],
)
def test_parts_of_joined_terms(whole: str, terms: list[str], parts: tuple[str, ...] | None) -> None:
    assert parts_of(whole, terms) == parts


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Intention to Treat", "intention-to-treat"),
        ("the ITT population", "intention-to-treat"),
        ("mITT population", None),
        ("modified intention-to-treat", None),
        ("Per-protocol set", "per-protocol"),
        ("intention-to-treat and per-protocol sets", None),
        ("all randomised patients", "all-randomized"),
    ],
)
def test_names_of_analysis_sets(words: str, kind: str | None) -> None:
    assert set_named(words) == kind


# Intervals


@pytest.mark.parametrize(
    ("value", "interval", "places"),
    [
        (number("hazard ratio", "0.18"), ("0.175", "0.185"), 2),
        (number("hazard ratio", "0.10"), ("0.095", "0.105"), 2),
        (number("hazard ratio", "-1.5"), ("-1.55", "-1.45"), 1),
        (percent("79"), ("78.5", "79.5"), 0),
        (count(79), ("79", "79"), 0),
        (number("p value", "<0.001"), (None, "0.001"), 3),
        (number("p value", ">0.99"), ("0.99", None), 2),
    ],
)
def test_a_printed_number_stands_for_its_rounding(
    value: records.Value, interval: tuple[str | None, str | None], places: int
) -> None:
    low, high = (None if end is None else Fraction(end) for end in interval)
    assert stands_for(value) == Interval(low, high)
    assert decimals(value) == places


def test_the_most_precise_place_counts() -> None:
    places = [records.Locator(role="value", section=("A",), printed=printed) for printed in ("0.1", "0·10")]
    value = records.Value(measure="hazard ratio", number=Decimal("0.1"), locators=tuple(places))
    assert stands_for(value) == Interval.between(Fraction("0.095"), Fraction("0.105"))
    words = records.Value(
        measure="percent",
        number=Decimal(90),
        locators=(records.Locator(role="value", section=("A",), printed="ninety"),),
    )
    assert stands_for(words) == Interval.between(Fraction("89.5"), Fraction("90.5"))


def test_what_says_nothing_stands_for_nothing() -> None:
    assert stands_for(records.Value(measure="median", status="not reached")) is None
    assert stands_for(number("percent", "≈30")) is None


@given(
    st.fractions(-(10**6), 10**6),
    st.fractions(0, 10**6),
    st.fractions(-(10**6), 10**6),
    st.fractions(0, 10**6),
)
def test_intervals_hold_the_sums_of_their_numbers(
    a: Fraction, wide: Fraction, b: Fraction, broad: Fraction
) -> None:
    left, right = Interval.between(a, a + wide), Interval.between(b, b + broad)
    assert (left + right).holds(a + b + broad)
    assert (left - right).holds(a - b - broad)
    assert (left - right).holds(a + wide - b)
    assert left.meets(right) == (a <= b + broad and b <= a + wide)
    assert left.surely_below(right) == (a + wide < b)
    assert left.scaled(3).holds(3 * a + wide)


@given(st.decimals(-(10**6), 10**6, places=3), st.integers(0, 3))
def test_a_number_stands_for_what_rounds_to_it(exact: Decimal, places: int) -> None:
    for rounding in ("ROUND_HALF_UP", "ROUND_HALF_EVEN", "ROUND_HALF_DOWN"):
        printed = exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)
        interval = stands_for(records.Value(measure="mean", number=printed))
        assert interval is not None
        assert interval.holds(Fraction(exact))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 3), "0.3333"),
        (Fraction(-7, 2), "-3.5"),
        (Fraction(0), "0"),
        (1e-9, "0.000000001"),
        (120.04, "120"),
    ],
)
def test_numbers_are_shown_short(value: Fraction | float, shown: str) -> None:
    assert show(value) == shown


# Verdicts


def well_formed(made: Study) -> None:
    """Check what other modules rely on."""
    verdicts = audit(made)
    values = {(each.id, value.measure) for each in made.facts for value in each.values}
    assert len({verdict.id for verdict in verdicts}) == len(verdicts)
    for verdict in verdicts:
        assert is_slug(verdict.id), verdict.id
        assert verdict.id.startswith(verdict.rule)
        assert verdict.study == made.id
        assert is_slug(verdict.subject)
        assert verdict.used
        assert set(verdict.used) <= values
        assert len(set(verdict.used)) == len(verdict.used)
        assert verdict.statement.endswith(".")
        assert verdict.statement[0] == verdict.statement[0].upper()
        assert verdict.arithmetic
    assert audit(made) == verdicts


@settings(max_examples=10, deadline=None)
@given(trials)
def test_verdicts_are_well_formed(made: Study) -> None:
    well_formed(made)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_valid_study_can_be_audited(made: Study) -> None:
    audit(made)


NUMBERS = [
    Decimal(printed) for printed in ("0", "1", "4", "0.5", "0.05", "-3", "99.9", "1000000", "0.000001")
]
UNITS = (None, "%", "mo_j", "a", "wk", "g/dL", "mg/dL", "umol/L", "{furlong}")
FIELDS = (
    "category", "counting", "arm", "phase", "timepoint", "time_origin", "population",
    "population_printed", "grade", "label_printed",
)  # fmt: skip


def damaged_value(value: records.Value, random: Random) -> records.Value:
    """A value with one thing about it changed into another that the model allows."""
    if value.date is not None:
        return msgspec.structs.replace(
            value, date=random.choice(["2010", "2010-13", "2011-02-30", "2012-05-01"])
        )
    if value.number is None:
        return value
    changes: list[dict[str, object]] = [
        {"number": random.choice(NUMBERS), "locators": ()},
        {"number": None, "status": "not reached"},
        {"comparator": random.choice(["<", "≥", "≈"])},
        {"unit": random.choice(UNITS)},
        {"numerator": None},
        {"denominator": random.choice([None, 0, 1, 7])},
    ]
    return msgspec.structs.replace(value, **random.choice(changes))


def damaged(made: Study, seed: int) -> Study:
    """A study with much of it changed: valid, and full of contradictions and gaps."""
    random, facts = Random(seed), []
    for each in made.facts:
        if random.random() < 0.1:
            continue
        values = [damaged_value(value, random) if random.random() < 0.2 else value for value in each.values]
        changed = msgspec.structs.replace(each, values=tuple(values))
        if random.random() < 0.1:
            field = random.choice(FIELDS)
            other = getattr(random.choice(made.facts), field)
            changed = msgspec.structs.replace(changed, **{field: other})
        if random.random() < 0.02:
            changed = msgspec.structs.replace(changed, varies=random.choice(made.facts).id)
        facts.append(changed)
    return msgspec.structs.replace(made, facts=tuple(facts))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_a_damaged_paper_is_audited_without_harm(seed: int) -> None:
    well_formed(damaged(mateos(), seed))


@settings(max_examples=15, deadline=None)
@given(trials, st.integers(0, 2**32))
def test_a_damaged_trial_is_audited_without_harm(made: Study, seed: int) -> None:
    well_formed(damaged(made, seed))


@settings(max_examples=10, deadline=None)
@given(trials)
def test_a_fact_more_renames_no_verdict(made: Study) -> None:
    before = {verdict.id for verdict in audit(made)}
    more = fact("zzz", "adverse-event", "cough", count(0, 5), percent("0", 0, 5), arm="new", grade="1")
    after = {verdict.id for verdict in audit(msgspec.structs.replace(made, facts=(*made.facts, more)))}
    assert before <= after


def test_verdicts_of_the_same_question_are_told_apart() -> None:
    twice = [size("new", 40), size("new", 40, "per-protocol")]
    twice[1] = twice[0]
    groups = tuple(
        records.AnalysisGroup(arm="new", population=name, size="size-new-safety")
        for name in ("safety", "per-protocol")
    )
    fevers = [
        fact(f"fever-{at}", "outcome", "fever", count(3, 40), arm="new", population=name)
        for at, name in enumerate(("safety", "per-protocol"))
    ]
    made = msgspec.structs.replace(study(twice[0], *fevers), groups=groups)
    assert len({verdict.id for verdict in judged(made, "denominator-of-group")}) == 2


def test_an_empty_study_has_no_verdicts() -> None:
    assert audit(study()) == ()


# The real paper: every finding here was held against the text by a person

RANGES = (
    PlausibleRange("serum-monoclonal-component", Decimal(0), Decimal(20), "g/dL", "as in the ontology"),
)


def mateos() -> Study:
    return records.decode((resources.evidence() / "extracted" / "mateos-2013.json").read_bytes())


def test_the_findings_in_the_paper() -> None:
    found = [(each.rule, each.subject) for each in audit(mateos(), RANGES) if each.verdict == "inconsistent"]
    assert sorted(found) == [
        # 119 are said to be randomly assigned, 125 underwent randomization
        ("assigned-as-randomized", "random-assignment"),
        # hemoglobin: excluded below 10, an event at 10 or below
        ("exclusion-against-end-point", "hemoglobin-level"),
        # "progression-free survival" of an end point whose event is symptomatic disease and not death
        ("label-against-end-point", "time-to-progression"),
        # "intention-to-treat" with the denominator of the per-protocol set
        ("label-of-analysis-set", "response"),
        # 12% of 62 is no whole number of patients
        ("percent-without-count", "serious-adverse-event"),
        # nine cycles of 4 weeks and 2 years (abstract) against 2 years in all (methods)
        ("phases-within-treatment", "total-treatment-duration"),
        # a median of 27 g per deciliter, in both arms
        ("plausible-range", "serum-monoclonal-component"),
        ("plausible-range", "serum-monoclonal-component"),
        # 25 of 62 against 14 of 63 "did not differ significantly": P is 0.03 to 0.05 by any usual test
        ("wording-against-test", "infection"),
    ]


def test_what_is_left_open_in_the_paper() -> None:
    open_ones = [
        (each.rule, each.subject) for each in audit(mateos(), RANGES) if each.verdict == "undeterminable"
    ]
    assert sorted(open_ones) == [
        # up to 41 cycles of maintenance, where 2 years are laid down
        ("cycles-against-duration", "maintenance-cycles-given"),
        # hypercalcemia excludes a patient, but from which value?
        ("exclusion-against-end-point", "hypercalcemia"),
        # a grade 4 pneumonia, and no adverse event of grade 4 in the table
        ("graded-reason-among-events", "maintenance-not-started"),
        # 81, 53 and 28 percent: of whom?
        ("percent-without-count", "subsequent-therapy"),
        # diarrhea or constipation: three times the plain sum of the rows
        ("rows-of-composite", "diarrhea-or-constipation"),
        ("rows-of-composite", "diarrhea-or-constipation"),
        ("rows-of-composite", "diarrhea-or-constipation"),
        # a risk at 5 years, when nobody was followed for 60 months
        ("time-point-within-follow-up", "second-primary-tumor"),
        ("time-point-within-follow-up", "second-primary-tumor"),
    ]


def test_the_paper_without_ranges_has_no_implausible_values() -> None:
    assert not [each for each in audit(mateos()) if each.rule == "plausible-range"]


def test_the_verdicts_on_the_paper_are_well_formed() -> None:
    well_formed(mateos())


def test_what_the_audit_makes_of_the_responses_of_the_paper() -> None:
    by_rule = {each.rule: each for each in audit(mateos()) if each.rule.startswith(("response-", "moves-"))}
    assert {each.verdict for each in by_rule.values()} == {"consistent"}
    assert "partial response includes very good partial response" in by_rule["response-hierarchy"].arithmetic
    assert (
        "stable disease: 12 before, 2 left, at most 0 came, 5 after"
        in by_rule["moves-between-responses"].arithmetic
    )


def test_the_paper_is_audited_quickly() -> None:
    made = mateos()
    audit(made)
    times = []
    for _ in range(5):
        start = time.process_time()
        audit(made)
        times.append(time.process_time() - start)
    assert min(times) < 0.25, f"{min(times):.3f} s; about 0.05 s is usual"
