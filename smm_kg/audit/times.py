"""Times to an event: medians, rates at a time, and the events that they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from smm_kg.audit.evidence import Context, Datum, Evidence, same, words
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.moments import days, timepoint
from smm_kg.audit.verdict import Judgement, Outcome, Used, rule
from smm_kg.audit.vocabulary import ENTRY, EVENTS, counts_deaths, event_share, is_time_to_event
from smm_kg.records import Fact, Value

__all__ = ["RULES"]

_HALF = Interval.exactly(50)
_WHOLE = Interval.exactly(100)


def _origin(fact: Fact) -> str | None:
    """The time origin; the ways of saying "from entering the trial" are one."""
    return "study-entry" if fact.time_origin in ENTRY else fact.time_origin


def _context(fact: Fact) -> Context:
    return (_origin(fact), *same(fact, "subject", "arm", "population", "phase", "endpoint"))


def _rates(evidence: Evidence) -> dict[Context, list[tuple[Fraction, Interval, Datum]]]:
    """The shares without the event, in percent, with the day they are of, by arm and end point."""
    rates: dict[Context, list[tuple[Fraction, Interval, Datum]]] = defaultdict(list)
    for fact in evidence.of("outcome"):
        percent, at, with_event = (
            evidence.number(fact, "percent"),
            timepoint(fact.timepoint),
            event_share(fact),
        )
        if percent is None or at is None or with_event is None or not is_time_to_event(fact.subject):
            continue
        share = _WHOLE - percent.interval if with_event else percent.interval
        rates[_context(fact)].append((at, share, percent))
    return rates


def _medians(evidence: Evidence) -> Iterator[tuple[Fact, Value]]:
    """The median times to an event, reached or not."""
    for fact in evidence.of("outcome"):
        for value in fact.values:
            if value.measure == "median" and is_time_to_event(fact.subject) and not fact.contrast:
                yield fact, value


@rule(
    "rates-against-median",
    "Rates at a time and the median",
    "The median is the time when half are without the event: later at most half are, earlier at least half. "
    "A median that was not reached leaves at least half without the event at any time.",
)
def rates_against_median(evidence: Evidence) -> Iterator[Judgement]:
    """Compare shares at a time with medians."""
    rates = _rates(evidence)
    for fact, value in _medians(evidence):
        for at, share, percent in rates.get(_context(fact), ()):
            median = evidence.number(fact, "median")
            if value.status == "not reached":
                fits, relation = not share.surely_below(_HALF), "not reached, so at least 50 %"
            elif median is not None and (time := days(median)) is not None:
                exact = Interval.exactly(at)
                if time.surely_below(exact):
                    fits, relation = (
                        not _HALF.surely_below(share),
                        f"{median.printed} before, so at most 50 %",
                    )
                elif exact.surely_below(time):
                    fits, relation = (
                        not share.surely_below(_HALF),
                        f"{median.printed} after, so at least 50 %",
                    )
                else:
                    continue
            else:
                continue
            how = "agree" if fits else "do not agree"
            statement = f"{evidence.describe(percent.fact)}: the share and the median time {how}."
            sums = f"median {relation}; {percent.printed} means {share} % without the event"
            verdict: Outcome = "consistent" if fits else "inconsistent"
            used: Used = ((fact.id, "median"), percent)
            yield Judgement(verdict, fact.subject, (percent.fact.id, fact.id), statement, sums, used)


@rule(
    "rates-fall-with-time",
    "Rates at several times",
    "The share without an event cannot rise from an earlier time to a later one.",
)
def rates_fall_with_time(evidence: Evidence) -> Iterator[Judgement]:
    """Compare each rate with the next later one."""
    for rates in _rates(evidence).values():
        rates = sorted(rates, key=lambda rate: (rate[0], rate[2].fact.id))
        for (early, before, first), (late, after, second) in pairwise(rates):
            if early == late:
                continue
            rises = before.surely_below(after)
            fact = second.fact
            statement = f"{evidence.describe(fact)}: the share without the event "
            statement += f"{'rises' if rises else 'does not rise'} from {first.fact.timepoint}."
            sums = f"{before} % at {first.fact.timepoint}, {after} % at {second.fact.timepoint}"
            verdict: Outcome = "inconsistent" if rises else "consistent"
            yield Judgement(verdict, fact.subject, (first.fact.id, fact.id), statement, sums, (first, second))


@rule(
    "survival-order",
    "Survival without progression and survival",
    "Whoever is alive without progression is alive: the share at a time, and the median time, are no larger "
    "for progression-free survival than for overall survival.",
)
def survival_order(evidence: Evidence) -> Iterator[Judgement]:
    """Compare progression-free with overall survival."""
    rates = _rates(evidence)
    for context, shares in rates.items():
        if context[1] != "progression-free-survival":
            continue
        overall = (context[0], "overall-survival", *context[2:5], None)
        for at, share, percent in shares:
            for key, others in rates.items():
                if (*key[:5], None) != overall:
                    continue
                for other_at, other, alive in others:
                    if at == other_at:
                        yield _judge_order(evidence, (percent, share), (alive, other))


def _judge_order(
    evidence: Evidence, part: tuple[Datum, Interval], whole: tuple[Datum, Interval]
) -> Judgement:
    more = whole[1].surely_below(part[1])
    fact = part[0].fact
    statement = f"{evidence.describe(fact)}: {'more' if more else 'no more'} patients than were alive."
    sums = f"{part[0].printed} without progression, {whole[0].printed} alive"
    verdict: Outcome = "inconsistent" if more else "consistent"
    about = (fact.id, whole[0].fact.id)
    return Judgement(verdict, fact.subject, about, statement, sums, (part[0], whole[0]))


def _events(evidence: Evidence, fact: Fact) -> tuple[Datum, int, tuple[Datum, ...]] | None:
    """How many of an arm had the event of an end point: the count, the denominator, and what gives it."""
    for other in evidence.of("death", "outcome", "adverse-event"):
        count, of = evidence.number(other, "count"), evidence.denominator(other)
        named = other.subject == fact.subject or other.subject in EVENTS.get(fact.subject, ())
        alike = same(other, "arm", "population") == same(fact, "arm", "population")
        plain = other.category is None and other.timepoint is None and other.phase in (None, fact.phase)
        if named and alike and plain and count and of and of[0] and count.value.comparator == "=":
            return count, *of
    return None


@rule(
    "median-against-events",
    "A median and the number of events",
    "The curve of those without the event falls at least as far as the crude share of events, so where half "
    "or more had the event the median was reached.",
)
def median_against_events(evidence: Evidence) -> Iterator[Judgement]:
    """Compare medians that were not reached with crude counts."""
    for fact, value in _medians(evidence):
        entered = fact.time_origin in (None, *ENTRY)  # counted from earlier, patients join the curve late
        if not entered or value.status != "not reached" or (events := _events(evidence, fact)) is None:
            continue
        count, of, sizes = events
        share = Fraction(100 * count.count, of)
        fits = share <= 50
        statement = (
            f"{evidence.describe(fact)}: the median was not reached, and {count.count} of {of} had the event."
        )
        sums = f"{count.count}/{of} = {show(share)} % {'≤' if fits else '>'} 50 %"
        verdict: Outcome = "consistent" if fits else "inconsistent"
        used: Used = ((fact.id, "median"), count, *sizes)
        yield Judgement(verdict, fact.subject, (fact.id, count.fact.id), statement, sums, used)


@rule(
    "risk-against-events",
    "A risk at a time and the number of events",
    "Without any event the estimated risk is nothing. Where everybody's follow-up ends before the time of "
    "the estimate, it is at least the crude share; where everybody's is longer, at most. A risk far above "
    "the crude share is no finding: it means that few were still at risk when the events occurred.",
)
def risk_against_events(evidence: Evidence) -> Iterator[Judgement]:
    """Compare estimated risks with crude shares."""
    for fact in evidence.of("outcome", "adverse-event"):
        percent, at, with_event = (
            evidence.number(fact, "percent"),
            timepoint(fact.timepoint),
            event_share(fact),
        )
        if percent is None or at is None or with_event is None or (events := _events(evidence, fact)) is None:
            continue
        risk = percent.interval if with_event else _WHOLE - percent.interval
        yield from _judge_risk(evidence, percent, risk, at, events)


def _judge_risk(
    evidence: Evidence,
    percent: Datum,
    risk: Interval,
    at: Fraction,
    events: tuple[Datum, int, tuple[Datum, ...]],
) -> Iterator[Judgement]:
    (count, of, sizes), fact = events, percent.fact
    crude = Interval.exactly(Fraction(100 * count.count, of))
    shortest, longest = _follow_up(evidence, fact)
    seen_by_all = shortest is not None and _reaches(shortest, at)
    seen_by_none = longest is not None and not _reaches(longest, at)
    far_above = risk.low is not None and crude.scaled(2).surely_below(risk)
    if not (far_above or count.count == 0 or seen_by_all or seen_by_none):
        return  # with some followed for longer and some for less, any risk near the crude share is possible
    wrong = (count.count == 0 and Interval.exactly(0).surely_below(risk)) or (
        (seen_by_all and crude.surely_below(risk)) or (seen_by_none and risk.surely_below(crude))
    )
    sums = f"crude {count.count}/{of} = {crude} %; estimated {risk} % at {fact.timepoint}"
    if far_above and not wrong and risk.low:
        at_risk = round(100 * count.count / risk.low)
        sums += f"; the estimate is that of {count.count} among about {at_risk} still at risk"
    verdict: Outcome = "inconsistent" if wrong else "consistent"
    how = "cannot" if wrong else "can"
    statement = (
        f"{evidence.describe(fact)}: the estimate {how} come from {count.printed} of {of} with the event."
    )
    limits = tuple(each for each in (shortest, longest) if each)
    used = (percent, count, *sizes, *limits)
    yield Judgement(verdict, fact.subject, (fact.id, count.fact.id), statement, sums, used)


def _follow_up(evidence: Evidence, fact: Fact) -> tuple[Datum | None, Datum | None]:
    """The shortest and longest follow-up, where the end point is counted from entering the trial."""
    if fact.time_origin not in ENTRY:
        return None, None
    for follow_up in evidence.of("follow-up"):
        if follow_up.time_origin in (None, *ENTRY) and not (
            follow_up.arm or follow_up.population or follow_up.phase
        ):
            return evidence.number(follow_up, "minimum"), evidence.number(follow_up, "maximum")
    return None, None


def _reaches(datum: Datum, at: Fraction) -> bool:
    """Whether a printed time may be as long as a number of days."""
    time = days(datum)
    return time is not None and time.high is not None and time.high >= at


@rule(
    "label-against-end-point",
    "What an end point is called and what it is",
    "A time to progression leaves out deaths, progression-free survival counts them. It is a finding where "
    "a result of one is called the other and the definition of the end point says which it is; left open "
    "where it does not.",
)
def label_against_end_point(evidence: Evidence) -> Iterator[Judgement]:
    """Compare printed names of end points with their definitions."""
    labelled: dict[Context, list[Fact]] = defaultdict(list)
    for fact in evidence.of("outcome", "effect"):
        called, measured = counts_deaths(_named(fact)), counts_deaths(fact.subject)
        if called is not None and measured is not None and called != measured:
            labelled[fact.subject, _named(fact), fact.endpoint].append(fact)
    for facts in labelled.values():
        yield _judge_label(evidence, facts)


def _named(fact: Fact) -> str:
    """The printed name of a result, as a term would be written."""
    return "-".join((fact.label_printed or "").lower().split())


def _judge_label(evidence: Evidence, facts: list[Fact]) -> Judgement:
    first = facts[0]
    end_point = next(
        (
            each
            for each in evidence.study.endpoints
            if first.endpoint in (None, each.id) and each.subject == first.subject
        ),
        None,
    )
    deaths = end_point.deaths if end_point else None
    event = next(
        (each.label for each in evidence.study.criteria if end_point and each.id == end_point.event), None
    )
    verdict: Outcome = "undeterminable"
    if event is not None or deaths not in (
        None,
        "not stated",
    ):  # an event that is defined leaves out any other
        verdict = "consistent" if (deaths == "event") == counts_deaths(_named(first)) else "inconsistent"
    how = {
        "consistent": "by its definition it is",
        "inconsistent": "by its definition it is not",
        "undeterminable": "its definition does not say whether it is",
    }[verdict]
    statement = f"{words(first.subject)} is called {first.label_printed}, which {how}."
    sums = f"event: {event or 'not stated'}; deaths count as: {deaths or 'not stated'}; "
    sums += f"results so called: {len(facts)}"
    used = tuple((fact.id, value.measure) for fact in facts for value in fact.values)
    return Judgement(verdict, first.subject, (first.id,), statement, sums, used)


RULES = (
    rates_against_median, rates_fall_with_time, survival_order, median_against_events, risk_against_events,
    label_against_end_point,
)  # fmt: skip
