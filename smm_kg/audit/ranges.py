"""Quantities against what they can be, and against one another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from smm_kg.audit.evidence import SHARES, Datum, Evidence, PlausibleRange
from smm_kg.audit.interval import Interval
from smm_kg.audit.scales import alternatives, convert
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import is_share

__all__ = ["RULES"]

_QUANTITIES = ("minimum", "median", "mean", "maximum", "threshold")
_ORDERS = (("minimum", "median", "maximum"), ("minimum", "mean", "maximum"))
_ZERO, _ONE, _HUNDRED = (Interval.exactly(number) for number in (0, 1, 100))


@rule(
    "plausible-range",
    "A quantity and what it can be in a person",
    "A quantity lies in the range that the ontology gives for it, with its source. It is a finding where "
    "all that the printed number can stand for lies outside, and the unit in which it would be plausible is "
    "named. Units that do not convert into that of the range are left open.",
)
def plausible_range(evidence: Evidence) -> Iterator[Judgement]:
    """Compare quantities with plausible ranges."""
    ranges = {each.subject: each for each in evidence.ranges}
    for fact in evidence.of("baseline", "outcome", "eligibility", "endpoint"):
        limits = ranges.get(fact.subject)
        found = [number for measure in _QUANTITIES if (number := evidence.number(fact, measure))]
        if limits is not None and found:
            yield _judge_range(evidence, found, limits)


def _judge_range(evidence: Evidence, found: list[Datum], limits: PlausibleRange) -> Judgement:
    fact, allowed = found[0].fact, Interval.between(Fraction(limits.minimum), Fraction(limits.maximum))
    what = evidence.describe(fact)
    shown = ", ".join(f"{number.value.measure} {number.printed}" for number in found)
    sums = f"{shown}; plausible: {limits.minimum} to {limits.maximum} {limits.unit} ({limits.source})"
    converted = [
        (number, convert(number.interval, number.value.unit or "", limits.unit, fact.subject))
        for number in found
    ]
    outside = [number for number, value in converted if value is not None and not value.meets(allowed)]
    verdict: Outcome = "consistent"
    statement = f"{what}: plausible in a person."
    if outside:
        verdict = "inconsistent"
        measures = " and ".join(number.value.measure for number in outside)
        statement = f"{what}: the {measures} cannot be so in a person, in the unit printed."
        fitting = _fitting_unit(found, limits, allowed)
        sums += f"; plausible if in {fitting}" if fitting else ""
    elif any(value is None for _, value in converted):
        verdict = "undeterminable"
        statement = f"{what}: the unit does not convert into that of the plausible range."
    return Judgement(verdict, fact.subject, (fact.id,), statement, sums, tuple(found))


def _fitting_unit(found: list[Datum], limits: PlausibleRange, allowed: Interval) -> str | None:
    """The unit nearest to the printed one in which all the numbers would be plausible."""
    return next(
        (
            unit
            for unit in alternatives(found[0].value.unit or "")
            if all(
                (value := convert(number.interval, unit, limits.unit, number.fact.subject)) is not None
                and value.meets(allowed)
                for number in found
            )
        ),
        None,
    )


@rule(
    "middle-within-range",
    "A median and its range",
    "The median or mean lies between the minimum and the maximum.",
)
def middle_within_range(evidence: Evidence) -> Iterator[Judgement]:
    """Compare medians and means with ranges."""
    for fact in evidence.of("follow-up", "effect", *SHARES):
        for order in _ORDERS:
            found = [number for measure in order if (number := evidence.number(fact, measure))]
            middle, has_mean = evidence.number(fact, order[1]), bool(evidence.number(fact, "mean"))
            if len(found) < 2 or (middle is None and (has_mean or order[1] == "mean")):
                continue
            wrong = any(right.interval.surely_below(left.interval) for left, right in pairwise(found))
            sums = " ≤ ".join(f"{number.value.measure} {number.printed}" for number in found)
            statement = f"{evidence.describe(fact)}: {'not ' if wrong else ''}in order."
            verdict: Outcome = "inconsistent" if wrong else "consistent"
            about = (fact.id, order[1])
            yield Judgement(verdict, fact.subject, about, statement, sums, tuple(found))


@rule(
    "possible-value",
    "Values that cannot be",
    "A P value lies between 0 and 1, a percentage of patients and a confidence level between 0 and 100, a "
    "ratio above 0, and a count is a whole number. Only values that cannot be are reported.",
)
def possible_value(evidence: Evidence) -> Iterator[Judgement]:
    """Look for values outside what their measure can be."""
    for wrong in evidence.no_counts:
        statement = f"{evidence.describe(wrong.fact)}: a count cannot be {wrong.printed}."
        about = (wrong.fact.id, "count")
        sums = f"{wrong.printed} is no whole number from 0 on"
        yield Judgement("inconsistent", wrong.fact.subject, about, statement, sums, (wrong,))
    for fact in evidence.study.facts:
        for value in fact.values:
            number = evidence.number(fact, value.measure)
            limits = _limits(number) if number else None
            if number is None or limits is None or number.interval.meets(limits):
                continue
            statement = f"{evidence.describe(fact)}: a {value.measure} cannot be {number.printed}."
            sums = f"{number.printed}; possible {limits}"
            about = (fact.id, value.measure.replace(" ", "-"))
            yield Judgement("inconsistent", fact.subject, about, statement, sums, (number,))


def _limits(number: Datum) -> Interval | None:
    """What a value of a measure can be."""
    measure = number.value.measure
    if measure == "p value":
        return Interval(_ZERO.low, _ONE.high)
    if measure == "confidence level" or (
        measure == "percent" and number.fact.kind in SHARES and is_share(number.fact)
    ):
        return Interval(_ZERO.low, _HUNDRED.high)
    if measure in ("hazard ratio", "odds ratio", "risk ratio", "rate ratio"):
        return Interval(_ZERO.low, None)
    return None


RULES = (plausible_range, middle_within_range, possible_value)
