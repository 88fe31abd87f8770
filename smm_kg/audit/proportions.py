"""Percentages and counts against the groups that they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from smm_kg.audit.evidence import SHARES, Datum, Evidence, same, words
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.verdict import Judgement, Outcome, Used, rule
from smm_kg.audit.vocabulary import is_share
from smm_kg.records import Fact, Value

__all__ = ["RULES"]

_Group = tuple[str, int, tuple[Datum, ...]]  # what it is called, how many people, the values that say so


def _groups(evidence: Evidence, arm: str | None) -> list[_Group]:
    """Return the analysis groups of an arm; all groups, and the arms together, where no arm is given."""
    groups: list[_Group] = [
        (f"{evidence.label(population)}, {evidence.label(of)}", size.count, (size,))
        for (of, population), size in evidence.sizes.items()
        if arm in (None, of)
    ]
    if arm is None and len(evidence.study.arms) > 1:
        for each in evidence.study.sets:
            if sizes := evidence.total(each.id):
                groups.append((f"{each.label}, all arms", sum(size.count for size in sizes), sizes))
    return [group for group in groups if group[1] > 0]


def _counts(percent: Interval, of: int) -> range:
    """Return the numbers of patients out of ``of`` that give a percentage."""
    low = 0 if percent.low is None else max(0, ceil(percent.low * of / 100))
    high = of if percent.high is None else min(of, floor(percent.high * of / 100))
    return range(low, high + 1)


def _listed(groups: list[_Group]) -> str:
    return "; ".join(f"{size} ({name})" for name, size, _ in groups) or "none of them"


@rule(
    "percent-of-count",
    "A percentage printed with its count",
    "The count divided by its denominator must round to the percentage printed beside it. Where it does "
    "not, the groups of the study whose size would make it right are named. It is left open where the "
    "denominator is not printed with the count but is only the size of the group, and where the report does "
    "not say of which group the count is and it makes the percentage of none.",
)
def percent_of_count(evidence: Evidence) -> Iterator[Judgement]:
    """Compare n/N with the percentage."""
    for fact in evidence.of(*SHARES):
        percent, count = evidence.number(fact, "percent"), evidence.number(fact, "count")
        if percent is None or not is_share(fact):
            continue
        n = count.count if count else percent.value.numerator
        if n is None or (count is not None and count.value.comparator != "="):
            continue
        of = evidence.denominator(fact)
        if of is not None and of[0] > 0:
            yield _judge_percentage(evidence, percent, n, of, (count,) if count else ())
        elif of is None and count and evidence.term(fact.population) in (None, "not-stated"):
            yield from _judge_of_no_group(evidence, percent, count)


def _judge_of_no_group(evidence: Evidence, percent: Datum, count: Datum) -> Iterator[Judgement]:
    """Say so where a count without a denominator makes the percentage of no group of its arm."""
    fact, n = percent.fact, count.count
    groups = _groups(evidence, fact.arm)
    shares = [(name, of, Fraction(100 * n, of), size) for name, of, size in groups]
    if not groups or any(percent.interval.holds(share) for _, _, share, _ in shares):
        return
    sums = [f"{n}/{of} ({name}) = {show(share)} %" for name, of, share, _ in shares]
    arithmetic = f"{'; '.join(sums)}; {percent.printed} stands for {percent.interval}"
    statement = f"{evidence.describe(fact)}: {n} is the {percent.printed} printed of no group of the study."
    used = (percent, count, *(each for _, _, _, size in shares for each in size))
    yield Judgement("undeterminable", fact.subject, (fact.id,), statement, arithmetic, used)


def _judge_percentage(
    evidence: Evidence, percent: Datum, n: int, of: tuple[int, tuple[Datum, ...]], count: tuple[Datum, ...]
) -> Judgement:
    fact, share = percent.fact, Fraction(100 * n, of[0])
    arithmetic = f"{n}/{of[0]} = {show(share)} %; {percent.printed} stands for {percent.interval}"
    what = evidence.describe(fact)
    used = (percent, *count, *of[1])
    if percent.interval.holds(share):
        statement = f"{what}: {n} of {of[0]} is the {percent.printed} printed."
        return Judgement("consistent", fact.subject, (fact.id,), statement, arithmetic, used)
    fitting = [
        group
        for group in _groups(evidence, fact.arm)
        if group[1] >= n and percent.interval.holds(Fraction(100 * n, group[1]))
    ]
    arithmetic += f"; {n} is {percent.printed} of these groups: {_listed(fitting)}"
    used += tuple(size for group in fitting for size in group[2])
    statement = f"{what}: {n} of {of[0]} is not the {percent.printed} printed."
    if of[1]:
        statement += " The denominator is not printed with it, and may be another."
        return Judgement("undeterminable", fact.subject, (fact.id,), statement, arithmetic, used)
    return Judgement("inconsistent", fact.subject, (fact.id,), statement, arithmetic, used)


@rule(
    "percent-without-count",
    "A percentage printed without its count",
    "A percentage of a group must come from some whole number of its patients. It is a finding where no "
    "number of the group rounds to it; the groups of the study that would allow it are named. Percentages "
    "whose group is not given are left open where some group of the study does not allow them, with those "
    "groups that allow all that are printed together. Rates that come from survival curves are not judged, "
    "for they are not n/N.",
)
def percent_without_count(evidence: Evidence) -> Iterator[Judgement]:
    """Look for whole numbers of patients that give a percentage."""
    open_ones: dict[tuple[object, ...], list[Datum]] = defaultdict(list)
    for fact in evidence.of(*SHARES):
        percent = evidence.number(fact, "percent")
        if percent is None or not is_share(fact) or percent.value.numerator is not None:
            continue
        if evidence.number(fact, "count") is not None:
            continue
        if (of := evidence.denominator(fact)) is not None and of[0] > 0:
            yield _judge_share(evidence, percent, of)
        elif evidence.term(fact.population) in (None, "not-stated"):
            open_ones[same(fact, "kind", "subject", "arm", "phase")].append(percent)
    for percents in open_ones.values():
        yield from _name_denominators(evidence, percents)


def _judge_share(evidence: Evidence, percent: Datum, of: tuple[int, tuple[Datum, ...]]) -> Judgement:
    fact, size = percent.fact, of[0]
    what = evidence.describe(fact)
    possible = _counts(percent.interval, size)
    arithmetic = f"{percent.printed} stands for {percent.interval}; of {size} patients "
    if possible:
        numbers = str(possible[0]) if len(possible) == 1 else f"{possible[0]} to {possible[-1]}"
        arithmetic += f"it is {numbers}"
        statement = f"{what}: {percent.printed} is a possible percentage of {size} patients."
        return Judgement("consistent", fact.subject, (fact.id,), statement, arithmetic, (percent, *of[1]))
    around = _around(percent, size)
    fitting = [group for group in _groups(evidence, fact.arm) if _counts(percent.interval, group[1])]
    arithmetic += f"{around}; it is possible of these groups: {_listed(fitting)}"
    statement = f"{what}: no number of {size} patients is {percent.printed}."
    used = (percent, *of[1], *(each for group in fitting for each in group[2]))
    return Judgement("inconsistent", fact.subject, (fact.id,), statement, arithmetic, used)


def _around(percent: Datum, size: int) -> str:
    """Say which percentages the nearest numbers of patients give."""
    middle = Fraction(percent.value.number or 0) * size / 100
    near = [n for n in (floor(middle), floor(middle) + 1) if 0 <= n <= size]
    return " and ".join(f"{n} are {show(Fraction(100 * n, size))} %" for n in near) or "there are no more"


def _name_denominators(evidence: Evidence, percents: list[Datum]) -> Iterator[Judgement]:
    """Name the groups that percentages without a denominator can be of, all of them together."""
    first = percents[0].fact
    groups = _groups(evidence, first.arm)
    fitting = [group for group in groups if all(_counts(each.interval, group[1]) for each in percents)]
    if len(fitting) == len(groups):
        return  # whichever group it is, the percentages are possible
    shown = ", ".join(percent.printed for percent in percents)
    statement = f"{words(first.subject)}{evidence.where(first)}: {shown} printed without a denominator."
    arithmetic = f"possible of these groups of the study: {_listed(fitting)}"
    used = (*percents, *(each for group in fitting for each in group[2]))
    yield Judgement("undeterminable", first.subject, (first.id,), statement, arithmetic, used)


def _by_group(evidence: Evidence) -> Iterator[tuple[str, str, Datum, list[Fact]]]:
    """Each group whose size is known: its name, its analysis set, its size and the facts about it."""
    facts: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in evidence.of(*SHARES):
        facts[fact.arm, fact.population].append(fact)
    for (arm, population), size in evidence.sizes.items():
        name = f"{evidence.label(population)} ({evidence.label(arm)})"
        yield name, population, size, facts.get((arm, population), [])


@rule(
    "count-within-group",
    "A count and the group it is of",
    "No more patients can have something than the group has. Counts of outcomes and adverse events that "
    "exceed their group are left open unless they are printed as so many of so many, since events or "
    "courses may have been counted.",
)
def count_within_group(evidence: Evidence) -> Iterator[Judgement]:
    """Compare counts with the size of their group."""
    for name, population, size, facts in _by_group(evidence):
        within = []
        for fact in facts:
            count = evidence.number(fact, "count")
            if count is None or fact is size.fact or count.interval.low is None:
                continue
            if count.interval.low <= size.count:
                within.append(count)
                continue
            events = fact.kind in ("adverse-event", "outcome") and count.value.denominator is None
            end = ", so it may not be patients that are counted" if events else ""
            statement = f"{evidence.describe(fact)}: {count.printed} of a group of {size.count}{end}."
            verdict: Outcome = "undeterminable" if events else "inconsistent"
            sums = f"{count.printed} > {size.count}"
            yield Judgement(verdict, fact.subject, (fact.id, population), statement, sums, (count, size))
        if within:
            largest = max(each.count for each in within)
            statement = f"{name}: no count exceeds the group of {size.count} ({len(within)} compared)."
            about = (size.fact.id, population)
            sums = f"the largest is {largest} ≤ {size.count}"
            yield Judgement("consistent", size.fact.subject, about, statement, sums, (size, *within))


@rule(
    "denominator-of-group",
    "A denominator and the group it should be",
    "The denominator of a count is the size of its group, or less where patients were not evaluated. More "
    "is a finding. It is left open where it is less and is the size of another group of the arm.",
)
def denominator_of_group(evidence: Evidence) -> Iterator[Judgement]:
    """Compare denominators with the size of their group."""
    for name, population, size, facts in _by_group(evidence):
        equal: list[tuple[str, str]] = []
        for fact in facts:
            printed = [value for value in fact.values if value.denominator is not None]
            if not printed or fact is size.fact:
                continue
            if printed[0].denominator == size.count:
                equal += ((fact.id, value.measure) for value in printed)
            else:
                yield _judge_denominator(evidence, fact, printed[0], size)
        if equal:
            statement = f"{name}: the denominators are the size of the group, {size.count}."
            sums = f"{size.count} each time, {len(equal)} compared"
            about = (size.fact.id, population)
            yield Judgement("consistent", size.fact.subject, about, statement, sums, (size, *equal))


def _judge_denominator(evidence: Evidence, fact: Fact, value: Value, size: Datum) -> Judgement:
    of, what = value.denominator or 0, evidence.describe(fact)
    others = [
        (population, other)
        for (arm, population), other in evidence.sizes.items()
        if arm == fact.arm and other.count == of
    ]
    used: Used = ((fact.id, value.measure), size, *(other for _, other in others))
    names = ", ".join(evidence.label(population) for population, _ in others)
    sums = f"{of} against {size.count}" + (f"; {of} is the size of: {names}" if others else "")
    verdict: Outcome = "consistent"
    statement = f"{what}: the denominator is {of} of the group of {size.count}; the others were not counted."
    if of > size.count:
        verdict = "inconsistent"
        statement = f"{what}: the denominator {of} is more than the group, which has {size.count}."
    elif others:
        verdict = "undeterminable"
        statement = f"{what}: the denominator {of} is not that of the group but of another ({names})."
    return Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


RULES = (percent_of_count, percent_without_count, count_within_group, denominator_of_group)
