"""Correct numbers give no finding: trials are made patient by patient, counted, rounded, and audited."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import exp, log, sqrt
from random import Random
from statistics import NormalDist, median

import msgspec
from audited import count, day, effect, fact, findings, number, percent, size, study, text
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.audit import audit, rules
from smm_kg.audit.significance import chi_squared, fisher_exact
from smm_kg.audit.vocabulary import RESPONSES
from smm_kg.records import Category, Fact, Study, Value

MONTH = 30.4375
ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)


@dataclass
class Patient:
    """What happened to one patient."""

    sex: str
    recent: bool
    eligible: bool
    entered: date
    months: float  # to death or the end of observation
    died: bool
    cause: str
    grades: dict[str, int]  # of each adverse event, 0 for none
    response: int | None  # index of the degree, None where it was not evaluated
    maintained: bool
    better: int | None


@dataclass
class Press:
    """How a report prints numbers: with so many decimals, rounded in one way."""

    decimals: int
    rounding: str

    def of(self, value: Fraction | float, decimals: int | None = None) -> str:
        places = self.decimals if decimals is None else decimals
        exact = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
        return f"{exact.quantize(Decimal(1).scaleb(-places), rounding=self.rounding):f}"

    def share(self, n: int, of: int, *, counted: bool = True) -> tuple[Value, ...]:
        printed = percent(self.of(Fraction(100 * n, of)), n if counted else None, of if counted else None)
        return (count(n, of), printed) if counted else (printed,)


@dataclass
class Trial:
    """A simulated trial and the facts that a report of it would print."""

    random: Random
    press: Press
    patients: dict[str, list[Patient]]
    facts: list[Fact] = field(default_factory=list)

    def add(self, name: str, kind: str, subject: str, *values: Value, **context: object) -> None:
        self.facts.append(fact(name, kind, subject, *values, **context))


def patient(random: Random, hazard: float, cutoff: date) -> Patient:
    entered = date(2010, 3, 1) + timedelta(days=random.randrange(700))
    observed = (cutoff - entered).days / MONTH * random.choice([1, 1, 1, random.random()])
    dies_at = random.expovariate(hazard)
    died = dies_at <= observed
    grades = {name: random.choice([0, 0, 0, 1, 1, 2, 3, 4]) for name in ("rash", "fever")}
    if died and random.random() < 0.2:
        grades["rash"] = 5
    response = random.choice([None, *range(len(RESPONSES))])
    maintained = response is not None and random.random() < 0.7
    improves = maintained and response and random.random() < 0.3
    return Patient(
        sex=random.choice(["male", "female"]),
        recent=random.random() < 0.5,
        eligible=random.random() < 0.95,
        entered=entered,
        months=min(dies_at, observed),
        died=died,
        cause=random.choice(["disease-progression", "toxicity", "accident"]),
        grades=grades,
        response=response,
        maintained=maintained,
        better=random.randrange(response) if improves and response else None,
    )


def flow(trial: Trial) -> None:
    everybody = sum(map(len, trial.patients.values()))
    trial.add("randomized", "flow", "randomization", count(everybody), population="randomized")
    out = sum(not each.eligible for group in trial.patients.values() for each in group)
    trial.add("excluded", "flow", "exclusion-after-randomization", count(out), category="eligibility-not-met")
    for arm, group in trial.patients.items():
        trial.add(f"assigned-{arm}", "flow", "random-assignment", count(len(group)), arm=arm)
        trial.facts += [
            size(arm, len(group)),
            size(arm, sum(each.eligible for each in group), "per-protocol"),
        ]
        started = sum(each.maintained for each in group)
        trial.facts.append(size(arm, started, "maintenance"))
        trial.add(
            f"stayed-{arm}",
            "flow",
            "maintenance-not-started",
            count(len(group) - started),
            arm=arm,
            population="safety",
        )


def baseline(trial: Trial, arm: str, group: list[Patient]) -> None:
    for sex in ("male", "female"):
        n = sum(each.sex == sex for each in group)
        values = trial.press.share(n, len(group), counted=trial.random.random() < 0.7)
        trial.add(f"{sex}-{arm}", "baseline", "sex", *values, arm=arm, population="safety", category=sex)
    for at, recent in enumerate((True, False)):
        n = sum(each.recent == recent for each in group)
        values = trial.press.share(n, len(group))
        trial.add(
            f"since-{at}-{arm}",
            "baseline",
            "time-since-diagnosis",
            *values,
            arm=arm,
            population="safety",
            category=f"#since-{at}",
        )


def responses(trial: Trial, arm: str, group: list[Patient]) -> None:
    before = [each.response for each in group if each.response is not None]
    treated = [each for each in group if each.maintained and each.response is not None]
    after = [each.response if each.better is None else each.better for each in treated]
    response_table(trial, arm, "induction", "safety", before, len(group))
    if not treated:
        return
    response_table(
        trial, arm, "maintenance", "maintenance", [each for each in after if each is not None], len(treated)
    )
    moves = Counter((each.response, each.better) for each in treated if each.better is not None)
    for (source, target), n in moves.items():
        name = f"{RESPONSES[source or 0].removesuffix('-response')}-to-{RESPONSES[target or 0]}"
        trial.add(
            f"{name}-{arm}", "outcome", "response-improvement", count(n), arm=arm, phase="maintenance",
            population="maintenance", category=name,
        )  # fmt: skip


def response_table(trial: Trial, arm: str, phase: str, population: str, degrees: list[int], of: int) -> None:
    """A table whose categories are exclusive, or include as many of the better degrees as it pleases."""
    for degree, name in enumerate(RESPONSES):
        reach = trial.random.choice([0, 0, *range(degree + 1)])
        counting = "cumulative" if reach or (trial.random.random() < 0.1 and not degree) else "exclusive"
        n = sum(degree - reach <= each <= degree for each in degrees)
        values = trial.press.share(n, of, counted=trial.random.random() < 0.7)
        trial.add(
            f"{phase}-{name}-{arm}", "outcome", "response", *values, arm=arm, phase=phase,
            population=population, category=name, counting=counting,
        )  # fmt: skip
    best = trial.random.randrange(1, 4)
    n = sum(each <= best for each in degrees)
    trial.add(
        f"{phase}-better-{arm}", "outcome", "response", *trial.press.share(n, of), arm=arm, phase=phase,
        population=population, category=f"{RESPONSES[best]}-or-better", counting="cumulative",
    )  # fmt: skip


def adverse_events(trial: Trial, arm: str, group: list[Patient]) -> None:
    shared = {"arm": arm, "phase": "induction", "population": "safety"}
    for name in ("rash", "fever"):
        for grade in range(1, 6):
            n = sum(each.grades[name] == grade for each in group)
            trial.add(
                f"{name}-{grade}-{arm}",
                "adverse-event",
                name,
                *trial.press.share(n, len(group)),
                grade=str(grade),
                **shared,
            )
        for grade, span in (("1-2", (1, 2)), ("any", (1, 5)), (">=3", (3, 5))):
            n = sum(span[0] <= each.grades[name] <= span[1] for each in group)
            values = trial.press.share(n, len(group), counted=trial.random.random() < 0.5)
            trial.add(
                f"{name}-{span[0]}to{span[1]}-{arm}", "adverse-event", name, *values, grade=grade, **shared
            )
    for grade in (1, 2):
        n = sum(grade in each.grades.values() for each in group)
        values = trial.press.share(n, len(group), counted=False)
        trial.add(
            f"either-{grade}-{arm}", "adverse-event", "rash-or-fever", *values, grade=str(grade), **shared
        )


def deaths(trial: Trial, arm: str, group: list[Patient]) -> None:
    dead = [each for each in group if each.died]
    trial.add(
        f"deaths-{arm}",
        "death",
        "death",
        *trial.press.share(len(dead), len(group)),
        arm=arm,
        population="safety",
    )
    for cause, n in Counter(each.cause for each in dead).items():
        trial.add(f"{cause}-{arm}", "death", "death", count(n), arm=arm, category=cause)
    shared = {"arm": arm, "population": "safety", "time_origin": "randomization"}
    alive, times = 1.0, sorted({each.months for each in dead})
    halved = None
    curve = []
    for at in times:
        at_risk = sum(each.months >= at for each in group)
        alive *= 1 - sum(each.months == at for each in dead) / at_risk
        curve.append((at, alive))
        if halved is None and alive <= 0.5:
            halved = at
    middle = (
        number("median", trial.press.of(halved, 1), unit="mo_j")
        if halved is not None
        else Value(measure="median", status="not reached")
    )
    trial.add(f"os-{arm}", "outcome", "overall-survival", middle, **shared)
    last = max(each.months for each in group)
    for years in (1, 2, 3):
        if years * 12 < last:
            share = [alive for at, alive in curve if at <= years * 12]
            printed = trial.press.of(100 * (share[-1] if share else 1.0))
            trial.add(
                f"os-{years}-{arm}", "outcome", "overall-survival", percent(printed),
                timepoint=f"{years} years", category="event-free", **shared,
            )  # fmt: skip
    trial.add(f"all-deaths-{arm}", "outcome", "loss", count(len(dead)), arm=arm)


def contrast(trial: Trial) -> None:
    events = {arm: sum(each.died for each in group) for arm, group in trial.patients.items()}
    if all(events.values()):
        time = {arm: sum(each.months for each in group) for arm, group in trial.patients.items()}
        middle = log(events["new"] / time["new"]) - log(events["old"] / time["old"])
        error = sqrt(1 / events["new"] + 1 / events["old"])
        ends = [exp(middle + z * error) for z in (0, -1.959964, 1.959964)]
        p = 2 * NormalDist().cdf(-abs(middle) / error)
        names = ("hazard ratio", "confidence interval lower", "confidence interval upper")
        values = [number(name, trial.press.of(each, 2)) for name, each in zip(names, ends, strict=True)]
        printed = number("p value", trial.press.of(p, 3) if p >= 0.001 else "<0.001")
        level = number("confidence level", "95", unit="%")
        trial.facts.append(
            effect(*values, level, printed, subject="overall-survival", time_origin="randomization")
        )
    fevers = {arm: sum(each.grades["fever"] > 0 for each in group) for arm, group in trial.patients.items()}
    table = [(fevers[arm], len(group) - fevers[arm]) for arm, group in trial.patients.items()]
    cells = (*table[0], *table[1])
    p = trial.random.choice(
        [fisher_exact(*cells), chi_squared(*cells, corrected=False), chi_squared(*cells, corrected=True)]
    )
    words = "significantly different" if p <= 0.05 else "did not differ significantly"
    gap = Fraction(100 * cells[0], sum(table[0])) - Fraction(100 * cells[2], sum(table[1]))
    of_arms = {"phase": "induction", "grade": "any", "contrast": "new-vs-old", "population": "safety"}
    trial.add("words", "effect", "fever", text(words), number("p value", trial.press.of(p, 3)), **of_arms)
    trial.add(
        "gap", "effect", "fever", number("risk difference", trial.press.of(gap, 1), unit="%"), **of_arms
    )
    for n in [sum(events.values())]:
        trial.add("all-deaths", "outcome", "loss", count(n))


def calendar(trial: Trial, cutoff: date) -> None:
    group = [each for arm in trial.patients.values() for each in arm]
    first, last = min(each.entered for each in group), max(each.entered for each in group)
    for name, at in (("randomization-start", first), ("randomization-end", last), ("data-cutoff", cutoff)):
        trial.add(name, "design", name, day(at.isoformat()[: trial.random.choice([4, 7, 10])]))
    months = [each.months for each in group]
    found = {"median": median(months), "minimum": min(months), "maximum": max(months)}
    values = [number(name, trial.press.of(each, 0), unit="mo_j") for name, each in found.items()]
    trial.add("followed", "follow-up", "follow-up", *values)


def simulated(random: Random, sizes: tuple[int, int], press: Press) -> Study:
    """The report of a trial in which every number is right."""
    cutoff = date(2014, 6, 30)
    hazards = {"new": random.choice([0.002, 0.01, 0.05]), "old": random.choice([0.002, 0.02, 0.1])}
    groups = {
        arm: [patient(random, hazards[arm], cutoff) for _ in range(n)]
        for arm, n in zip(hazards, sizes, strict=True)
    }
    trial = Trial(random, press, groups)
    flow(trial)
    for arm, group in groups.items():
        for report in (baseline, responses, adverse_events, deaths):
            report(trial, arm, group)
    contrast(trial)
    calendar(trial, cutoff)
    labels = (Category(id="since-0", label="≤6 mo"), Category(id="since-1", label=">6 mo"))
    return study(*trial.facts, categories=labels, terms={"maintenance": "treated-in-phase"})


trials = st.builds(
    simulated,
    st.integers(0, 2**32).map(Random),
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.builds(Press, st.integers(0, 2), st.sampled_from(ROUNDINGS)),
)


@settings(max_examples=30, deadline=None)
@given(trials)
def test_correct_numbers_give_no_finding(made: Study) -> None:
    assert findings(made) == []


def test_the_simulated_trials_put_the_rules_to_the_question() -> None:
    made = simulated(Random(7), (57, 62), Press(0, ROUND_HALF_UP))
    spoken = {verdict.rule for verdict in audit(made)}
    assert len(spoken) >= 25, sorted({rule.name for rule in rules()} - spoken)


@settings(max_examples=12, deadline=None)
@given(trials, st.data())
def test_a_wrong_percentage_is_found(made: Study, data: st.DataObject) -> None:
    shares = [
        at
        for at, each in enumerate(made.facts)
        if len(each.values) == 2 and each.values[1].measure == "percent"
    ]
    at = data.draw(st.sampled_from(shares))
    counted, share = made.facts[at].values
    off = data.draw(st.sampled_from([-3, -2, 2, 3]))
    wrong = percent(f"{(share.number or 0) + off:f}", share.numerator, share.denominator)
    facts = list(made.facts)
    facts[at] = msgspec.structs.replace(facts[at], values=(counted, wrong))
    found = {
        verdict.id
        for verdict in audit(msgspec.structs.replace(made, facts=tuple(facts)))
        if verdict.verdict == "inconsistent"
    }
    assert f"percent-of-count-{facts[at].id}" in found


@settings(max_examples=12, deadline=None)
@given(trials)
def test_a_wrong_total_is_found(made: Study) -> None:
    facts = [
        msgspec.structs.replace(
            each, values=(count((each.values[0].number and int(each.values[0].number) + 1) or 1),)
        )
        if each.id == "all-deaths"
        else each
        for each in made.facts
    ]
    assert ("arms-of-total", "loss") in findings(msgspec.structs.replace(made, facts=tuple(facts)))
