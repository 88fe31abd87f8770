"""Categories against their total, and terms made of others against what they are made of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from smm_kg.audit.evidence import SHARES, Context, Datum, Evidence, People, same, words
from smm_kg.audit.interval import Interval
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import EXCLUSIVE, parts_of
from smm_kg.records import Fact

__all__ = ["RULES"]

_BOUND = re.compile(r"\s*([≤<≥>])\s*=?\s*([0-9]+(?:\.[0-9]+)?)")


def _context(fact: Fact) -> Context:
    """What the categories of one total share; a death is counted once, whatever its phase."""
    grade = fact.grade if fact.kind == "adverse-event" else None
    phase = None if fact.kind == "death" else fact.phase
    return (phase, grade, *same(fact, "kind", "subject", "arm", "population", "timepoint"))


def _is_part(fact: Fact) -> bool:
    """Whether a fact is of one category beside others; degrees of response have rules of their own."""
    return fact.category is not None and fact.counting != "cumulative" and fact.subject != "response"


def _parts(evidence: Evidence) -> dict[Context, list[Datum]]:
    """The counts of categories that are not said to include one another, by what they share."""
    parts: dict[Context, list[Datum]] = defaultdict(list)
    for fact in evidence.of(*SHARES):
        count = evidence.number(fact, "count")
        if not _is_part(fact) or fact.contrast:
            continue
        if count is not None and count.value.comparator == "=":
            parts[_context(fact)].append(count)
    return parts


def _total(evidence: Evidence, part: Fact) -> Datum | None:
    """The count of the same subject without a category, in the same or a wider context."""
    found = []
    for fact in evidence.of(part.kind):
        count = evidence.number(fact, "count")
        if count is None or fact.category is not None or count.value.comparator != "=":
            continue
        if same(fact, "subject", "arm", "timepoint") != same(part, "subject", "arm", "timepoint"):
            continue
        wider = fact.phase in (None, part.phase) and part.population in (None, fact.population)
        grade = part.kind != "adverse-event" or fact.grade in (None, "any", part.grade)
        if wider and grade:
            found.append(count)
    found.sort(key=lambda count: (count.fact.phase != part.phase, count.fact.population != part.population))
    return found[0] if found else None


def _are_exclusive(evidence: Evidence, facts: Sequence[Fact]) -> bool:
    """Whether nobody can be in two of some categories: they say so, or their nature or labels do."""
    if all(fact.counting == "exclusive" for fact in facts):
        return True
    return facts[0].kind == "death" or facts[0].subject in EXCLUSIVE or _split(evidence, facts)


def _split(evidence: Evidence, facts: Sequence[Fact]) -> bool:
    """Whether two categories are the two sides of one bound, as ``≤6 mo`` and ``>6 mo`` are."""
    bounds = [_BOUND.match(evidence.label(fact.category or "")) for fact in facts]
    if len(bounds) != 2 or None in bounds:
        return False
    (left, at), (right, other) = (bound.groups() for bound in bounds if bound)
    return at == other and {left, right} in ({"≤", ">"}, {"<", "≥"})


@rule(
    "categories-of-total",
    "Categories and their total",
    "Categories of which a patient has only one must add up to no more than their total: a count without a "
    "category, else the group. No category can exceed the total. Where patients may be in several "
    "categories, a sum above the total is left open; so is a sum below it where nobody can be in two of "
    "them.",
)
def categories_of_total(evidence: Evidence) -> Iterator[Judgement]:
    """Add up the categories of a subject."""
    for parts in _parts(evidence).values():
        first = parts[0].fact
        exclusive = _are_exclusive(evidence, [part.fact for part in parts])
        total = _total(evidence, first)
        if total is not None:
            yield _judge_sum(evidence, parts, total, exclusive)
            continue
        size = evidence.size(first)
        added = sum(part.count for part in parts)
        if size is None or len(parts) < 2 or first.kind == "adverse-event":
            continue
        if added >= size.count or (exclusive and first.kind == "baseline"):
            yield _judge_sum(evidence, parts, size, exclusive)


def _judge_sum(evidence: Evidence, parts: list[Datum], total: Datum, exclusive: bool) -> Judgement:
    first = parts[0].fact
    added, whole = sum(part.count for part in parts), total.count
    what = f"{words(first.subject)}{evidence.where(first)}"
    sums = " + ".join(f"{part.count} ({evidence.label(part.fact.category or '')})" for part in parts)
    sums += f" = {added}; total {whole}"
    beyond = [part for part in parts if part.count > whole]
    verdict: Outcome = "consistent"
    if beyond or (added > whole and exclusive):
        verdict = "inconsistent"
        statement = f"{what}: the categories hold {added} and the total is {whole}."
    elif added > whole:
        verdict = "undeterminable"
        statement = (
            f"{what}: the categories hold {added} of {whole}, which is right only if somebody is in several."
        )
    elif added == whole:
        statement = f"{what}: the categories add up to the total of {whole}."
    else:
        verdict = "undeterminable" if exclusive else "consistent"
        statement = f"{what}: {whole - added} of {whole} are in none of the printed categories."
    return Judgement(verdict, first.subject, (first.id,), statement, sums, (*parts, total))


@rule(
    "percentages-of-categories",
    "Percentages of categories and the whole",
    "Percentages of categories of which a patient has only one cannot add up to more than 100, even after "
    "rounding. Asked where a count is missing; with all counts printed, the counts are added instead.",
)
def percentages_of_categories(evidence: Evidence) -> Iterator[Judgement]:
    """Add up the percentages of exclusive categories."""
    groups: dict[Context, list[Datum]] = defaultdict(list)
    for fact in evidence.of(*SHARES):
        percent = evidence.number(fact, "percent")
        if percent and _is_part(fact):
            groups[_context(fact)].append(percent)
    for percents in groups.values():
        facts = [percent.fact for percent in percents]
        if len(facts) < 2 or all(evidence.number(fact, "count") for fact in facts):
            continue
        if not _are_exclusive(evidence, facts):
            continue
        added = sum((percent.interval for percent in percents), Interval.exactly(0))
        over = Interval.exactly(100).surely_below(added)
        first = facts[0]
        sums = " + ".join(percent.printed for percent in percents) + f" stands for {added} %"
        what = f"{words(first.subject)}{evidence.where(first)}"
        statement = f"{what}: the percentages add up to {'more than' if over else 'no more than'} the whole."
        verdict: Outcome = "inconsistent" if over else "consistent"
        yield Judgement(verdict, first.subject, (first.id,), statement, sums, tuple(percents))


@rule(
    "composite-of-categories",
    "A category made of others",
    "A category that joins others (either of two causes, either of two therapies) holds at least as many as "
    "the largest of them and at most as many as all together; exactly as many where nobody can be in two of "
    "them.",
)
def composite_of_categories(evidence: Evidence) -> Iterator[Judgement]:
    """Compare joined categories with their parts."""
    groups: dict[Context, list[Fact]] = defaultdict(list)
    for fact in evidence.of(*SHARES):
        if fact.category and fact.subject != "response":
            groups[_context(fact)].append(fact)
    for facts in groups.values():
        for whole in facts:
            if not whole.category or (slugs := parts_of(whole.category, _slugs(facts))) is None:
                continue
            parts = [fact for slug in slugs for fact in facts if fact.category == slug]
            yield from _judge_composite(evidence, whole, parts)


def _slugs(facts: Sequence[Fact]) -> list[str]:
    return [fact.category for fact in facts if fact.category]


def _judge_composite(evidence: Evidence, whole: Fact, parts: Sequence[Fact]) -> Iterator[Judgement]:
    numbers = _comparable(evidence, (whole, *parts))
    if numbers is None:
        return
    (all_of_it, said), *others = numbers
    added = sum((interval for interval, _ in others), Interval.exactly(0))
    lows = [interval.low for interval, _ in others if interval.low is not None]
    largest = max(lows, default=Fraction(0))
    least = added if _are_exclusive(evidence, parts) else Interval(largest, added.high)
    fits = all_of_it.meets(least)
    sums = " and ".join(text for _, (text, _) in others) + f" allow {least}; printed {said[0]}"
    statement = f"{evidence.describe(whole)}: it {'can' if fits else 'cannot'} be made of its parts."
    used = tuple(datum for _, (_, data) in numbers for datum in data)
    verdict: Outcome = "consistent" if fits else "inconsistent"
    yield Judgement(verdict, whole.subject, (whole.id,), statement, sums, used)


_Number = tuple[Interval, tuple[str, tuple[Datum, ...]]]


def _comparable(evidence: Evidence, facts: Sequence[Fact]) -> list[_Number] | None:
    """The facts as numbers of patients, else as percentages; None where they share neither."""
    people = [evidence.people(fact) for fact in facts]
    if all(people):
        return [(each.interval, (each.text, each.used)) for each in people if isinstance(each, People)]
    percents = [evidence.number(fact, "percent") for fact in facts]
    if all(percents):
        return [(each.interval, (each.printed, (each,))) for each in percents if each]
    return None


RULES = (categories_of_total, percentages_of_categories, composite_of_categories)
