"""Dates of a trial against each other and against the follow-up that they allow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from smm_kg.audit.evidence import Datum, Evidence, said, words
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.moments import days, days_between, in_months, moment, timepoint
from smm_kg.audit.verdict import Judgement, Outcome, Used, rule
from smm_kg.audit.vocabulary import ENTRY, event_share
from smm_kg.records import Fact

__all__ = ["RULES"]

_Date = tuple[date, date, tuple[str, str], str]  # first and last day it may mean, its value, the printed text

# Each event with one that cannot be earlier.
_ORDER = (
    ("recruitment-start", "recruitment-end"), ("randomization-start", "randomization-end"),
    ("recruitment-start", "randomization-start"), ("randomization-end", "data-cutoff"),
    ("recruitment-end", "data-cutoff"), ("data-cutoff", "publication-year"),
)  # fmt: skip
_STARTS = ("randomization-start", "recruitment-start")
_ENDS = ("randomization-end", "recruitment-end")


def _dates(evidence: Evidence) -> dict[str, _Date]:
    """The dates of the study by subject."""
    dates: dict[str, _Date] = {}
    for fact in evidence.of("design", "publication", "follow-up"):
        for value in fact.values:
            if (at := moment(value)) is not None and not fact.arm:
                dates.setdefault(fact.subject, (*at, (fact.id, value.measure), said(value)))
    return dates


def _first(dates: dict[str, _Date], subjects: tuple[str, ...]) -> _Date | None:
    return next((dates[subject] for subject in subjects if subject in dates), None)


@rule(
    "dates-in-order",
    "Dates in their order",
    "Recruitment and randomization start before they end, nobody is randomized before recruitment starts, "
    "the data are cut off after both, and published afterwards. A date without a day or month is earlier "
    "than another only if all of it is.",
)
def dates_in_order(evidence: Evidence) -> Iterator[Judgement]:
    """Compare dates that cannot be in another order."""
    dates = _dates(evidence)
    for earlier, later in _ORDER:
        if earlier in dates and later in dates:
            first, second = dates[earlier], dates[later]
            fits = first[0] <= second[1]
            statement = f"{words(earlier)} {'is' if fits else 'is not'} before {words(later)}."
            verdict: Outcome = "consistent" if fits else "inconsistent"
            sums = f"{first[3]}; {second[3]}"
            about = (first[2][0], second[2][0])
            yield Judgement(verdict, later, about, statement, sums, (first[2], second[2]))


def _possible(evidence: Evidence) -> tuple[Interval, Interval, tuple[tuple[str, str], ...], str] | None:
    """How long the first and the last patient can have been followed, in days, by the dates of the study."""
    dates = _dates(evidence)
    start, end, cutoff = _first(dates, _STARTS), _first(dates, _ENDS), dates.get("data-cutoff")
    if start is None or cutoff is None:
        return None
    last = end or start
    longest, shortest = days_between(start[:2], cutoff[:2]), days_between(last[:2], cutoff[:2])
    shown = f"from {start[3]} to {cutoff[3]} are {_months(longest)} months"
    if end is not None:
        shown += f", from {end[3]} {_months(shortest)}"
    used = (start[2], cutoff[2], *((end[2],) if end else ()))
    return longest, shortest, used, shown


def _months(time: Interval) -> str:
    month = in_months(time)
    ends = [show(Fraction(round(end * 10), 10)) for end in (month.low, month.high) if end is not None]
    return " to ".join(dict.fromkeys(ends))


@rule(
    "follow-up-against-dates",
    "Follow-up and the dates of the trial",
    "Nobody was followed for longer than from the first patient's entry to the end of the data, so neither "
    "the longest nor the median follow-up can exceed that; the shortest cannot exceed the last patient's.",
)
def follow_up_against_dates(evidence: Evidence) -> Iterator[Judgement]:
    """Compare printed follow-up with what the dates allow."""
    possible = _possible(evidence)
    if possible is None:
        return
    longest, shortest, dates, shown = possible
    for fact in evidence.of("follow-up"):
        if fact.subject != "follow-up" or fact.time_origin not in (None, *ENTRY):
            continue
        whole = fact.arm is None and fact.population is None and fact.phase is None
        limits = {"median": longest, "mean": longest, "maximum": longest}
        if whole:
            limits["minimum"] = shortest
        found = [
            (number, limits[name]) for name in limits if (number := evidence.number(fact, name)) is not None
        ]
        times = [(number, time, limit) for number, limit in found if (time := days(number)) is not None]
        if not times:
            continue
        beyond = [number.value.measure for number, time, limit in times if limit.surely_below(time)]
        sums = shown + "; " + ", ".join(f"{number.value.measure} {number.printed}" for number, _, _ in times)
        statement = f"{evidence.describe(fact)}: "
        statement += (
            f"the {' and '.join(beyond)} cannot be so long." if beyond else "possible with the dates printed."
        )
        verdict: Outcome = "inconsistent" if beyond else "consistent"
        used: Used = (*(number for number, _, _ in times), *dates)
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


@rule(
    "time-point-within-follow-up",
    "The time of an estimate and the longest follow-up",
    "A rate at a time later than anybody was followed cannot have been estimated. Left open where the "
    "report does not say from when the time counts. From diagnosis, the longest time before entry that the "
    "trial allowed is added.",
)
def time_point_within_follow_up(evidence: Evidence) -> Iterator[Judgement]:
    """Compare times of estimates with the longest possible follow-up."""
    possible = _possible(evidence)
    if possible is None:
        return
    longest, _, dates, shown = possible
    for fact in evidence.of("outcome", "adverse-event"):
        percent, at = evidence.number(fact, "percent"), timepoint(fact.timepoint)
        if percent is None or at is None or event_share(fact) is None:
            continue
        limit, before = longest, _longest_before(evidence) if fact.time_origin == "diagnosis" else None
        if fact.time_origin == "diagnosis":
            if before is None:
                continue
            limit = longest + (days(before) or Interval(None, None))
        elif fact.time_origin not in (None, *ENTRY):
            continue
        late = limit.surely_below(Interval.exactly(at))
        sums = f"{shown}; {fact.timepoint} are {_months(Interval.exactly(at))} months"
        if before is not None:
            sums += f"; up to {before.printed} before entry"
        verdict: Outcome = "consistent"
        how = "within the longest possible follow-up"
        if late:
            verdict = "inconsistent" if fact.time_origin else "undeterminable"
            how = "later than anybody was followed"
            how += "" if fact.time_origin else " from entry, but it is not said from when it counts"
        statement = f"{evidence.describe(fact)}: the time is {how}."
        used = (percent, *dates, *((before,) if before else ()))
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


def _longest_before(evidence: Evidence) -> Datum | None:
    """The longest time from diagnosis to entry that the trial admits."""
    for fact in evidence.of("eligibility"):
        bound = evidence.number(fact, "threshold")
        if (
            fact.subject == "time-since-diagnosis"
            and bound is not None
            and bound.value.comparator in ("<", "≤")
        ):
            return bound
    return None


@rule(
    "follow-up-from-diagnosis",
    "Follow-up from diagnosis and from entry",
    "Counted from diagnosis everybody's follow-up is longer than from entering the trial, so its median is; "
    "by no more than the longest time before entry that the trial allowed.",
)
def follow_up_from_diagnosis(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the medians of follow-up from two origins."""
    medians: dict[str | None, tuple[Fact, Datum]] = {}
    for fact in evidence.of("follow-up"):
        median = evidence.number(fact, "median")
        if median and fact.subject == "follow-up" and not (fact.arm or fact.population or fact.phase):
            medians.setdefault("diagnosis" if fact.time_origin == "diagnosis" else "entry", (fact, median))
    if len(medians) < 2:
        return
    (fact, later), (_, sooner) = medians["diagnosis"], medians["entry"]
    long, short, before = days(later), days(sooner), _longest_before(evidence)
    if long is None or short is None:
        return
    most = short + ((days(before) if before else None) or Interval(None, None))
    wrong = long.surely_below(short) or most.surely_below(long)
    statement = f"{evidence.describe(fact)}: {'not ' if wrong else ''}possible with the follow-up from entry."
    sums = f"{later.printed} from diagnosis, {sooner.printed} from entry"
    sums += f"; at most {before.printed} between" if before else ""
    verdict: Outcome = "inconsistent" if wrong else "consistent"
    used = (later, sooner, *((before,) if before else ()))
    yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


RULES = (dates_in_order, follow_up_against_dates, time_point_within_follow_up, follow_up_from_diagnosis)
