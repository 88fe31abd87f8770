"""Statements that a report makes more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from smm_kg.audit.evidence import SHARES, Context, Evidence, said, same
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.records import Fact, Value

__all__ = ["RULES"]

_CONDITIONS = (
    "kind", "subject", "category", "counting", "arm", "contrast", "phase", "timepoint", "time_origin",
    "population", "grade", "about", "cites", "endpoint",
)  # fmt: skip


@rule(
    "stated-otherwise",
    "A statement and another place that states it otherwise",
    "Where a report states a result twice, both numbers must have a value in common that they can stand "
    "for: 0.1 and 0.12 agree, 0.10 and 0.12 do not. It is left open where the two are not of quite the same "
    "thing.",
)
def stated_otherwise(evidence: Evidence) -> Iterator[Judgement]:
    """Compare facts that the records mark as variants of others."""
    for fact in evidence.study.facts:
        other = evidence.facts.get(fact.varies or "")
        if other is not None:
            yield from _compare(evidence, fact, other)


@rule(
    "stated-twice",
    "The same result in two places",
    "Two statements about the same thing under the same conditions give the same number, as far as their "
    "rounding can tell.",
)
def stated_twice(evidence: Evidence) -> Iterator[Judgement]:
    """Compare facts that agree in everything but their values."""
    groups: dict[Context, list[Fact]] = defaultdict(list)
    for fact in evidence.of("effect", "follow-up", *SHARES):
        groups[same(fact, *_CONDITIONS)].append(fact)
    for facts in groups.values():
        for at, fact in enumerate(facts):
            for other in facts[:at]:
                yield from _compare(evidence, fact, other)


def _compare(evidence: Evidence, fact: Fact, other: Fact) -> Iterator[Judgement]:
    """Compare the measures that two facts share."""
    twins = {value.measure: value for value in other.values}
    pairs = [(value, twins[value.measure]) for value in fact.values if value.measure in twins]
    told = [
        (
            _told(evidence, fact, value),
            _told(evidence, other, twin),
            _agree(evidence, (fact, value), (other, twin)),
        )
        for value, twin in pairs
    ]
    compared = [(one, another, agree) for one, another, agree in told if agree is not None]
    if not compared:
        return
    differ = [each for each in compared if not each[2]]
    alike = same(fact, *_CONDITIONS) == same(other, *_CONDITIONS)
    verdict: Outcome = "consistent" if not differ else "inconsistent" if alike else "undeterminable"
    how = "different" if differ else "the same"
    end = "" if alike or not differ else ", but not of quite the same thing"
    statement = f"{evidence.describe(fact)}: stated twice, with {how} numbers{end}."
    sums = "; ".join(f"{one} and {another}" for one, another, _ in differ or compared)
    used = tuple((each.id, value.measure) for value, _ in pairs for each in (fact, other))
    yield Judgement(verdict, fact.subject, (fact.id, other.id), statement, sums, used)


def _agree(evidence: Evidence, left: tuple[Fact, Value], right: tuple[Fact, Value]) -> bool | None:
    """Whether two statements of a measure can both be right; None where they cannot be compared."""
    numbers = evidence.number(left[0], left[1].measure), evidence.number(right[0], right[1].measure)
    if numbers[0] and numbers[1] and left[1].unit == right[1].unit:
        return numbers[0].interval.meets(numbers[1].interval)
    statuses = {left[1].status, right[1].status}
    return False if statuses == {"reported", "not reached"} else None


def _told(evidence: Evidence, fact: Fact, value: Value) -> str:
    number = evidence.number(fact, value.measure)
    return f"{value.measure} {number.printed if number else said(value)}"


RULES = (stated_otherwise, stated_twice)
