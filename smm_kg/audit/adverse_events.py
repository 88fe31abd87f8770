"""Adverse events: grades and their combinations, rows that may hold a patient twice, fatal events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from smm_kg.audit.evidence import Context, Datum, Evidence, People, same
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import parts_of
from smm_kg.records import Fact

__all__ = ["RULES", "grades"]

_LEAST, _MOST = 1, 5


@lru_cache(maxsize=256)
def grades(text: str | None) -> tuple[int, int] | None:
    """Return the lowest and highest grade that a grade in normal form means; nothing said is any grade.

    >>> grades("1-2"), grades(">=3"), grades(None)
    ((1, 2), (3, 5), (1, 5))
    """
    if text in (None, "any"):
        return _LEAST, _MOST
    try:
        if text.startswith(">="):
            return int(text[2:]), _MOST
        if text.startswith("<="):
            return _LEAST, int(text[2:])
        low, _, high = text.partition("-")
        return int(low), int(high or low)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Row:
    """The patients with an adverse event of some grades."""

    fact: Fact
    people: People
    low: int
    high: int

    def within(self, other: _Row) -> bool:
        """Whether whoever is in this row is in the other."""
        return other.low <= self.low and self.high <= other.high


def _rows(evidence: Evidence, *fields: str) -> dict[Context, list[_Row]]:
    """The adverse events that are counted, by the fields given."""
    rows: dict[Context, list[_Row]] = defaultdict(list)
    for fact in evidence.of("adverse-event"):
        span, people = grades(fact.grade), evidence.people(fact)
        if span is not None and people is not None and fact.arm and not fact.timepoint:
            rows[same(fact, *fields)].append(_Row(fact, people, *span))
    return rows


def _used(rows: Sequence[_Row]) -> tuple[Datum, ...]:
    return tuple(datum for row in rows for datum in row.people.used)


def _largest(rows: Sequence[_Row]) -> int:
    return max(row.people.low for row in rows)


def _added(rows: Sequence[_Row]) -> tuple[int, int]:
    return sum(row.people.low for row in rows), sum(row.people.high for row in rows)


def _shown(rows: Sequence[_Row], *, subject: bool) -> str:
    return " + ".join(
        f"{row.people.text} ({f'{row.fact.subject} ' if subject else ''}grade {row.fact.grade or 'any'})"
        for row in rows
    )


@rule(
    "grades-of-event",
    "Grades together and each grade",
    "Patients with an event of several grades, as the text gives them, are at least as many as in any of "
    "the grades and, where all the grades are given, no more than in all of them added. Fewer than the sum "
    "is left open, since a patient may be counted in more than one grade; so is more, where some of the "
    "grades are not given.",
)
def grades_of_event(evidence: Evidence) -> Iterator[Judgement]:
    """Compare combined grades with the single ones."""
    for rows in _rows(evidence, "subject", "category", "arm", "phase", "population").values():
        for whole in rows:
            inside = [
                row for row in rows if row.within(whole) and (row.low, row.high) != (whole.low, whole.high)
            ]
            cells = [row for row in inside if row.low == row.high]
            if whole.low < whole.high and cells:
                yield _judge_grades(evidence, whole, inside, cells)


def _judge_grades(evidence: Evidence, whole: _Row, inside: list[_Row], cells: list[_Row]) -> Judgement:
    covered = {row.low for row in cells} >= set(range(whole.low, whole.high + 1))
    fewest, added, counted = _largest(inside), _added(cells), whole.people
    verdict: Outcome = "consistent"
    how = "as many as in the single grades together"
    if counted.high < fewest or (covered and counted.low > added[1]):
        verdict, how = "inconsistent", "which the single grades do not allow"
    elif counted.low > added[1]:
        verdict, how = "undeterminable", "more than in the single grades given; others are not given"
    elif counted.high < added[0]:
        verdict, how = "undeterminable", "right only if patients are counted in several grades"
    sums = f"{_shown(cells, subject=False)} = {_range(*added)}; printed {counted.text}"
    statement = f"{evidence.describe(whole.fact)}: {counted.text}, {how}."
    return Judgement(verdict, whole.fact.subject, (whole.fact.id,), statement, sums, _used([whole, *inside]))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


@rule(
    "rows-of-composite",
    "A joined event and its rows",
    "Patients with either of two events are at least as many as with one of them and at most as many as "
    "with both added. Where they are exactly the sum, the rows were perhaps added, and who had both was "
    "counted twice: that is left open.",
)
def rows_of_composite(evidence: Evidence) -> Iterator[Judgement]:
    """Compare joined events with the rows of their parts."""
    for rows in _rows(evidence, "category", "arm", "phase", "population").values():
        subjects = dict.fromkeys(row.fact.subject for row in rows)
        for whole in rows:
            names = parts_of(whole.fact.subject, subjects)
            parts = [row for row in rows if names and row.fact.subject in names and row.within(whole)]
            cells = [row for row in parts if row.low == row.high] or parts
            if names and {row.fact.subject for row in cells} == set(names):
                yield _judge_rows(evidence, whole, cells)


def _judge_rows(evidence: Evidence, whole: _Row, rows: list[_Row]) -> Judgement:
    fewest, added, counted = _largest(rows), _added(rows), whole.people
    several = sum(row.people.high > 0 for row in rows) > 1
    verdict: Outcome = "consistent"
    how = "which the rows allow"
    if counted.high < fewest or counted.low > added[1]:
        verdict, how = "inconsistent", "which the rows do not allow"
    elif several and counted.low == counted.high == added[0] == added[1]:
        verdict, how = "undeterminable", "the sum of the rows, right only if nobody is in two of them"
    sums = f"{_shown(rows, subject=True)} = {_range(*added)}, the largest {fewest}; printed {counted.text}"
    statement = f"{evidence.describe(whole.fact)}: {counted.text}, {how}."
    return Judgement(verdict, whole.fact.subject, (whole.fact.id,), statement, sums, _used([whole, *rows]))


@rule(
    "fatal-events-within-deaths",
    "Fatal events and deaths",
    "Patients with an event of grade 5 have died, so they are no more than the deaths of their arm. Where "
    "the deaths are of another analysis set it is left open.",
)
def fatal_events_within_deaths(evidence: Evidence) -> Iterator[Judgement]:
    """Compare events of grade 5 with deaths."""
    deaths = {
        fact.arm: count
        for fact in evidence.of("death")
        if fact.subject == "death" and fact.category is None and fact.phase is None and fact.timepoint is None
        if (count := evidence.number(fact, "count")) is not None
    }
    for rows in _rows(evidence, "arm").values():
        for row in rows:
            died = deaths.get(row.fact.arm)
            if died is None or (row.low, row.high) != (_MOST, _MOST):
                continue
            fits = row.people.low <= died.count
            elsewhere = died.fact.population not in (None, row.fact.population)
            verdict: Outcome = "consistent" if fits else "undeterminable" if elsewhere else "inconsistent"
            statement = (
                f"{evidence.describe(row.fact)}: {row.people.text}, with {died.count} deaths in the arm."
            )
            sums = f"{row.people.low} {'≤' if fits else '>'} {died.count}"
            yield Judgement(
                verdict, row.fact.subject, (row.fact.id,), statement, sums, (*row.people.used, died)
            )


@rule(
    "graded-reason-among-events",
    "A graded reason for leaving and the adverse events",
    "Who left because of an event of some grade had an adverse event of that grade. Where none of that "
    "grade is reported for the arm it is left open, since reports do not list all events.",
)
def graded_reason_among_events(evidence: Evidence) -> Iterator[Judgement]:
    """Look for the grades of reasons among the adverse events."""
    reported: dict[str | None, list[_Row]] = defaultdict(list)
    for rows in _rows(evidence, "arm").values():
        for row in rows:
            if row.people.high:
                reported[row.fact.arm].append(row)
    for fact in evidence.of("flow"):
        count, span = evidence.number(fact, "count"), grades(fact.grade)
        rows = reported.get(fact.arm, [])
        if not (fact.grade and fact.category and count and count.count and span and rows):
            continue
        alike = [row for row in rows if span[0] <= row.low and row.high <= span[1]]
        listed = sorted({row.low for row in rows if row.low == row.high})
        statement = f"{evidence.describe(fact)}: {count.printed} of this grade, "
        statement += (
            "as adverse events are." if alike else "and no adverse event of the arm is of this grade."
        )
        sums = f"grades of the adverse events of the arm: {', '.join(map(str, listed))}"
        verdict: Outcome = "consistent" if alike else "undeterminable"
        used = (count, *_used(alike[:1]))
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


RULES = (grades_of_event, rows_of_composite, fatal_events_within_deaths, graded_reason_among_events)
