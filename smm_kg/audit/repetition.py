"""Statements that a report makes more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from smm_kg.audit.evidence import SHARES, Context, Datum, Evidence, same
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.records import Fact

__all__ = ["RULES"]

_ALL_BUT_NAMES = (
    "kind", "subject", "category", "counting", "arm", "contrast", "phase", "timepoint", "time_origin",
    "population", "grade", "about", "cites", "endpoint",
)  # fmt: skip


@rule(
    "stated-otherwise",
    "A statement and another place that states it otherwise",
    "Where a report states a result twice, both numbers must have a value in common that they can stand "
    "for: 0.1 and 0.12 agree, 0.10 and 0.12 do not.",
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
        groups[same(fact, *_ALL_BUT_NAMES)].append(fact)
    for facts in groups.values():
        for at, fact in enumerate(facts):
            for other in facts[:at]:
                yield from _compare(evidence, fact, other)


def _compare(evidence: Evidence, fact: Fact, other: Fact) -> Iterator[Judgement]:
    """Compare the measures that two facts share; another unit is another rule's concern."""
    pairs = [
        (number, twin)
        for value in fact.values
        if (number := evidence.number(fact, value.measure))
        and (twin := evidence.number(other, value.measure))
        if number.value.unit == twin.value.unit
    ]
    if not pairs:
        return
    differ = [(number, twin) for number, twin in pairs if not number.interval.meets(twin.interval)]
    verdict: Outcome = "inconsistent" if differ else "consistent"
    sums = "; ".join(_told(*pair) for pair in differ or pairs)
    statement = (
        f"{evidence.describe(fact)}: stated twice, with {'different' if differ else 'the same'} numbers."
    )
    used = tuple(datum for pair in pairs for datum in pair)
    yield Judgement(verdict, fact.subject, (fact.id, other.id), statement, sums, used)


def _told(number: Datum, twin: Datum) -> str:
    return f"{number.value.measure} {number.printed} and {twin.printed}"


RULES = (stated_otherwise, stated_twice)
