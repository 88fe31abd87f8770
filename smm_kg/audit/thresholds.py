"""Thresholds of eligibility and of end points, and the patients whom they let in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from smm_kg.audit.evidence import Datum, Evidence, words
from smm_kg.audit.interval import Interval, rounding
from smm_kg.audit.scales import convert
from smm_kg.audit.verdict import Judgement, Outcome, Used, rule
from smm_kg.records import Criterion

__all__ = ["RULES"]

_UPPER, _LOWER = (">", "≥"), ("<", "≤")
_OPPOSITE = {">": "≤", "≥": "<", "<": "≥", "≤": ">"}

_Bound = tuple[Datum, str]  # a threshold, and the comparator of what it excludes or of what is an event


def _sufficient(evidence: Evidence, purpose: str, operator: str) -> Iterator[str]:
    """The facts that decide a purpose each on its own: any of the exclusions, all of the inclusions."""
    criteria = {each.id: each for each in evidence.study.criteria}
    held = {member for each in criteria.values() for member in each.members}
    roots = [each for each in criteria.values() if each.purpose == purpose and each.id not in held]
    seen: set[str] = set()
    while roots:
        criterion: Criterion = roots.pop(0)
        if criterion.id in seen or (criterion.operator != operator and len(criterion.members) > 1):
            continue
        seen.add(criterion.id)
        for member in criterion.members:
            if member in criteria:
                roots.append(criteria[member])
            else:
                yield member


def _bounds(evidence: Evidence, fact_ids: Iterator[str]) -> list[_Bound]:
    """The thresholds with a direction among some facts."""
    data = (evidence.datum(fact_id, "threshold") for fact_id in fact_ids)
    return [(each, each.value.comparator) for each in data if each and each.value.comparator in _OPPOSITE]


def _barred(evidence: Evidence) -> list[_Bound]:
    """What keeps a patient out: the exclusions, and the opposite of each inclusion."""
    inclusions = _bounds(evidence, _sufficient(evidence, "inclusion", "all"))
    opposite = [(each, _OPPOSITE[comparator]) for each, comparator in inclusions]
    return _bounds(evidence, _sufficient(evidence, "exclusion", "any")) + opposite


def _same_side(left: str, right: str) -> bool:
    return (left in _UPPER) == (right in _UPPER)


@rule(
    "exclusion-against-end-point",
    "Who is excluded and what counts as an event",
    "Whoever has what counts as an event must not enter the trial, so every value that is an event must be "
    "excluded. It is a finding where a value is an event and is not excluded: such a patient has the event "
    "on entering. Left open where the exclusion is named without a number.",
)
def exclusion_against_end_point(evidence: Evidence) -> Iterator[Judgement]:
    """Compare thresholds of exclusion with those of events."""
    barred = _barred(evidence)
    for event, at in _bounds(evidence, _sufficient(evidence, "event", "any")):
        for bar, beyond in barred:
            alike = bar.fact.subject == event.fact.subject and bar.value.unit == event.value.unit
            if alike and _same_side(at, beyond):
                yield _judge_exclusion(evidence, event, at, bar, beyond)
    yield from _named_only(evidence, {bar.fact.subject for bar, _ in barred})


def _judge_exclusion(evidence: Evidence, event: Datum, at: str, bar: Datum, beyond: str) -> Judgement:
    value, limit = event.value.number or 0, bar.value.number or 0
    within = value >= limit if at in _UPPER else value <= limit
    border = value == limit and at in ("≥", "≤") and beyond in (">", "<")
    fits = within and not border
    statement = f"{words(event.fact.subject)}: every value that is an event is excluded."
    if not fits:
        where = f"exactly {_plain(event)}" if border else f"between {bar.printed} and {event.printed}"
        statement = f"{words(event.fact.subject)}: a patient with {where} is not excluded and has the event."
    sums = f"excluded {beyond} {limit}, event {at} {value} {event.value.unit or ''}".rstrip()
    verdict: Outcome = "consistent" if fits else "inconsistent"
    return Judgement(verdict, event.fact.subject, (event.fact.id, bar.fact.id), statement, sums, (event, bar))


def _named_only(evidence: Evidence, measured: set[str]) -> Iterator[Judgement]:
    """Events with a threshold whose exclusion is only named."""
    excluded = {
        evidence.facts[one].subject: evidence.facts[one]
        for one in _sufficient(evidence, "exclusion", "any")
        if one in evidence.facts
    }
    for criterion in evidence.study.criteria:
        named = excluded.get("-".join(criterion.label.lower().split()))
        if criterion.purpose != "event" or named is None:
            continue
        bounds = [each for each, _ in _bounds(evidence, iter(criterion.members))]
        open_ones = [each for each in bounds if each.fact.subject not in measured]
        if open_ones:
            statement = f"{words(named.subject)}: it excludes a patient, but from which value is not printed."
            sums = "event at " + " or ".join(each.printed for each in open_ones)
            used: Used = (*open_ones, *((named.id, value.measure) for value in named.values))
            yield Judgement("undeterminable", named.subject, (named.id,), statement, sums, used)


@rule(
    "threshold-in-two-units",
    "One threshold in two units",
    "A threshold printed in two units must be the same quantity, within the rounding of the two numbers.",
)
def threshold_in_two_units(evidence: Evidence) -> Iterator[Judgement]:
    """Convert thresholds of one criterion into one another."""
    for criterion in evidence.study.criteria:
        for (left, at), (right, other) in combinations(_bounds(evidence, iter(criterion.members)), 2):
            units = left.value.unit, right.value.unit
            if (
                left.fact.subject != right.fact.subject
                or None in units
                or units[0] == units[1]
                or at != other
            ):
                continue
            subject = left.fact.subject
            left_stands, right_stands = rounding(left.value), rounding(right.value)
            converted = convert(left_stands, units[0] or "", units[1] or "", subject)
            if converted is None:
                continue
            fits = converted.meets(right_stands)
            how = "are the same quantity" if fits else "are not the same quantity"
            statement = f"{words(subject)}: {left.printed} and {right.printed} {how}."
            sums = f"{_plain(left)} stands for {left_stands} = {converted} {units[1]}, "
            sums += f"{_plain(right)} for {right_stands}"
            verdict: Outcome = "consistent" if fits else "inconsistent"
            about = (left.fact.id, right.fact.id)
            yield Judgement(verdict, subject, about, statement, sums, (left, right))


def _plain(bound: Datum) -> str:
    """The number and unit of a threshold without its comparator."""
    return bound.printed.lstrip("<>≤≥ ")


@rule(
    "baseline-against-eligibility",
    "The patients described and those admitted",
    "The smallest and largest value of a characteristic at baseline lie within what the eligibility "
    "criteria admit.",
)
def baseline_against_eligibility(evidence: Evidence) -> Iterator[Judgement]:
    """Compare baseline ranges with thresholds of eligibility."""
    for bar, beyond in _barred(evidence):
        measure = "maximum" if beyond in _UPPER else "minimum"
        for fact in evidence.of("baseline"):
            extreme = evidence.number(fact, measure)
            if fact.subject != bar.fact.subject or extreme is None:
                continue
            unit = bar.value.unit or ""
            value = convert(extreme.interval, extreme.value.unit or "", unit, fact.subject)
            if value is None:
                continue
            edge = Interval.exactly(Fraction(bar.value.number or 0))
            wrong = edge.surely_below(value) if beyond in _UPPER else value.surely_below(edge)
            statement = f"{evidence.describe(fact)}: the {measure} {'is not' if wrong else 'is'} admitted."
            sums = f"{measure} {extreme.printed}; excluded {beyond} {bar.value.number} {unit}".rstrip()
            verdict: Outcome = "inconsistent" if wrong else "consistent"
            yield Judgement(verdict, fact.subject, (fact.id, bar.fact.id), statement, sums, (extreme, bar))


RULES = (exclusion_against_end_point, threshold_in_two_units, baseline_against_eligibility)
