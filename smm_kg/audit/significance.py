"""Tests of two proportions, recomputed: what wording and P values say of counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb
from statistics import NormalDist

from smm_kg.audit.evidence import SHARES, Context, Datum, Evidence, People, said, same
from smm_kg.audit.interval import show
from smm_kg.audit.verdict import Judgement, Outcome, Used, rule
from smm_kg.audit.vocabulary import is_share
from smm_kg.records import Fact

__all__ = ["RULES", "chi_squared", "fisher_exact"]

_LEVEL = 0.05
_NORMAL = NormalDist()
_NOT = re.compile(
    r"\b(?:no|not|non-?|without|nor)\b[^.;]*\bsignifican|\binsignificant|\bno(?:t| )[^.;]*\bdiffer",
    re.IGNORECASE,
)
_SIGNIFICANT = re.compile(r"\bsignifican", re.IGNORECASE)
# Above this many ways to fill in unknown counts, what is printed is too coarse to test.
_MOST_TABLES = 100


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """Return the two-sided P value of Fisher's exact test of a 2 x 2 table with rows (a, b) and (c, d).

    The sum of the probabilities of all tables with the same margins that are no more probable than this one
    (Fisher 1935; Agresti, Categorical Data Analysis, 3.5).

    >>> round(fisher_exact(3, 1, 1, 3), 4)
    0.4857
    """
    first, column, total = a + b, a + c, a + b + c + d
    weights = [
        comb(first, k) * comb(total - first, column - k)
        for k in range(max(0, column - (total - first)), min(first, column) + 1)
    ]
    observed = comb(first, a) * comb(total - first, c)
    return sum(weight for weight in weights if weight <= observed) / comb(total, column)


def chi_squared(a: int, b: int, c: int, d: int, *, corrected: bool) -> float:
    """Return the P value of the chi-squared test of a 2 x 2 table, with Yates's correction or without.

    A table with an empty margin differs in nothing: its P value is 1.
    """
    total = a + b + c + d
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return 1.0
    distance = max(0.0, abs(a * d - b * c) - (total / 2 if corrected else 0))
    return 2 * _NORMAL.cdf(-((distance * distance * total / margins) ** 0.5))


def _p_values(a: int, of_a: int, b: int, of_b: int) -> tuple[float, ...]:
    table = (a, of_a - a, b, of_b - b)
    tests = (chi_squared(*table, corrected=False), chi_squared(*table, corrected=True))
    return (fisher_exact(*table), *tests)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One thing counted in both arms of a contrast."""

    first: Fact
    second: Fact
    counts: tuple[People, People]
    sizes: tuple[int, int]
    used: tuple[Datum, ...]

    def p_values(self) -> tuple[float, float] | None:
        """The least and greatest P value of the usual tests, over all counts that are possible."""
        ranges = [range(each.low, each.high + 1) for each in self.counts]
        if len(ranges[0]) * len(ranges[1]) > _MOST_TABLES:
            return None
        values = [p for a, b in product(*ranges) for p in _p_values(a, self.sizes[0], b, self.sizes[1])]
        return min(values), max(values)

    @property
    def text(self) -> str:
        said = [
            people.text if "%" in people.text else f"{people.text} of {size}"
            for people, size in zip(self.counts, self.sizes, strict=True)
        ]
        return " against ".join(said)


def _compare(evidence: Evidence, first: Fact, second: Fact) -> _Comparison | None:
    counts = evidence.people(first), evidence.people(second)
    sizes = evidence.denominator(first), evidence.denominator(second)
    if not (counts[0] and counts[1] and sizes[0] and sizes[1]):
        return None
    if (
        counts[0].high > sizes[0][0]
        or counts[1].high > sizes[1][0]
        or not (is_share(first) and is_share(second))
    ):
        return None
    used = (*counts[0].used, *counts[1].used, *sizes[0][1], *sizes[1][1])
    return _Comparison(first, second, (counts[0], counts[1]), (sizes[0][0], sizes[1][0]), used)


def _claims_difference(text: str) -> bool | None:
    """Whether wording claims a significant difference (True), denies it (False) or speaks of none (None)."""
    if _NOT.search(text):
        return False
    return True if _SIGNIFICANT.search(text) else None


@dataclass(frozen=True, slots=True)
class _Wording:
    """Words on significance: what they say, whether they claim it, and the value that holds them."""

    text: str
    claimed: bool
    reference: tuple[str, str]


def _wording(fact: Fact) -> _Wording | None:
    """The words of a fact on significance."""
    for value in fact.values:
        if value.text and (claim := _claims_difference(value.text)) is not None:
            return _Wording(said(value), claim, (fact.id, value.measure))
    return None


def _arms_compared(evidence: Evidence, effect: Fact) -> list[_Comparison]:
    """What was counted in both arms of an effect, under the same conditions."""
    contrast = evidence.contrasts.get(effect.contrast or "")
    if contrast is None:
        return []
    everything = _is_of_all(effect)
    fields = ("phase", "population", "timepoint")
    by_context: dict[Context, dict[str, Fact]] = defaultdict(dict)
    for fact in evidence.of(*SHARES):
        if same(fact, *fields) != same(effect, *fields) or fact.arm is None:
            continue
        wanted = fact.kind == "baseline" if everything else _is_about(fact, effect)
        if wanted:
            by_context[same(fact, "subject", "category", "counting", "grade", "kind")].setdefault(
                fact.arm, fact
            )
    pairs = [
        _compare(evidence, arms[contrast.experimental], arms[contrast.reference])
        for arms in by_context.values()
        if contrast.experimental in arms and contrast.reference in arms
    ]
    return [pair for pair in pairs if pair]


def _is_of_all(effect: Fact) -> bool:
    """Whether words are about all characteristics at once: ``baseline-difference``."""
    return effect.subject.startswith("baseline-")


def _is_about(fact: Fact, effect: Fact) -> bool:
    if same(fact, "subject", "category") != same(effect, "subject", "category"):
        return False
    return effect.grade in (None, fact.grade)


def _beside(effect: Fact, compared: list[_Comparison]) -> list[_Comparison]:
    """Those comparisons whose numbers are printed, for both arms, in the section of the words on them."""
    sections = {place.section for value in effect.values for place in value.locators if place.role == "value"}

    def stands_there(fact: Fact) -> bool:
        places = (place for value in fact.values for place in value.locators if place.role == "value")
        return any(place.section in sections for place in places)

    near = [pair for pair in compared if stands_there(pair.first) and stands_there(pair.second)]
    return near or compared


@rule(
    "wording-against-test",
    "Words on significance and a test of the counts",
    "Where a report says that proportions differ significantly, or do not, the tests in use (Fisher's "
    "exact, chi-squared with and without correction) are computed from the counts. It is a finding where "
    "all of them contradict the words at the level 0.05; where the words may be about several counts that "
    "disagree, it is left open. Of several counts, those printed in the section of the words are meant.",
)
def wording_against_test(evidence: Evidence) -> Iterator[Judgement]:
    """Recompute tests of proportions that words speak of."""
    for effect in evidence.of("effect", "baseline"):
        wording = _wording(effect)
        compared = _arms_compared(evidence, effect) if wording else []
        if wording is None or not compared:
            continue
        meant = compared if _is_of_all(effect) else _beside(effect, compared)
        if tested := [(pair, p) for pair in meant if (p := pair.p_values()) is not None]:
            yield _judge_wording(evidence, effect, wording, tested)


def _judge_wording(
    evidence: Evidence,
    effect: Fact,
    wording: _Wording,
    tested: list[tuple[_Comparison, tuple[float, float]]],
) -> Judgement:
    against = [(pair, p) for pair, p in tested if (p[0] > _LEVEL if wording.claimed else p[1] < _LEVEL)]
    verdict: Outcome = "consistent"
    if against:
        certain = len(against) == len(tested) or (_is_of_all(effect) and not wording.claimed)
        verdict = "inconsistent" if certain else "undeterminable"
    shown = against or sorted(tested, key=lambda each: each[1])[:1]
    sums = "; ".join(f"{pair.text}: P {show(p[0])} to {show(p[1])}" for pair, p in shown)
    says = {
        "consistent": "do not contradict this",
        "inconsistent": "contradict this",
        "undeterminable": "contradict this if they are meant, among others",
    }[verdict]
    statement = f"{evidence.describe(effect)}: the report says “{wording.text}”; the counts {says}."
    used: Used = (wording.reference, *(datum for pair, _ in tested for datum in pair.used))
    return Judgement(verdict, effect.subject, (effect.id,), statement, sums, used)


@rule(
    "p-against-counts",
    "A P value and the counts it is of",
    "The P value of a comparison of proportions should be that of one of the usual tests of the counts. "
    "Another is left open, since the test may have been adjusted, unless it is so far away (more than 1 on "
    "the scale of z) that no such test explains it.",
)
def p_against_counts(evidence: Evidence) -> Iterator[Judgement]:
    """Recompute P values of proportions."""
    for effect in evidence.of("effect"):
        p = evidence.number(effect, "p value")
        if p is None or not is_share(effect):
            continue
        compared = [pair for pair in _arms_compared(evidence, effect) if pair.first.grade == effect.grade]
        if len(compared) != 1 or (again := compared[0].p_values()) is None:
            continue
        low, high = p.interval.ends
        verdict: Outcome = "consistent"
        how = "a test of the counts gives the P value printed."
        if high < again[0] or low > again[1]:
            gap = _z(again[1]) - _z(low) if low > again[1] else _z(high) - _z(again[0])
            verdict = "inconsistent" if gap > 1 else "undeterminable"
            how = "the usual tests of the counts give another P value."
        sums = f"{compared[0].text}: P {show(again[0])} to {show(again[1])}; printed {p.printed}"
        statement = f"{evidence.describe(effect)}: {how}"
        used = (p, *compared[0].used)
        yield Judgement(verdict, effect.subject, (effect.id,), statement, sums, used)


def _z(p: float) -> float:
    return -_NORMAL.inv_cdf(min(max(p, 1e-300), 1.0) / 2)


@rule(
    "wording-against-p",
    "Words on significance and their P value",
    "What is called significant has a P value below 0.05, and what is called not significant has not.",
)
def wording_against_p(evidence: Evidence) -> Iterator[Judgement]:
    """Compare words with the P value beside them."""
    for fact in evidence.of("effect", "assertion"):
        p, wording = evidence.number(fact, "p value"), _wording(fact)
        if p is None or wording is None:
            continue
        low, high = p.interval.ends
        against = low > _LEVEL if wording.claimed else high < _LEVEL
        how = "contradicts" if against else "agrees with"
        statement = f"{evidence.describe(fact)}: “{wording.text}” {how} P {p.printed}."
        verdict: Outcome = "inconsistent" if against else "consistent"
        sums = f"P {p.printed} against {_LEVEL}"
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, (p, wording.reference))


RULES = (wording_against_test, p_against_counts, wording_against_p)
