"""Times and dates as trial reports give them, on one scale: days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

from smm_kg.audit.evidence import Datum
from smm_kg.audit.interval import Interval
from smm_kg.records import Value

__all__ = ["days", "days_between", "in_months", "moment", "timepoint"]

# UCUM's mean Julian year and month, and the units that are whole days.
_DAYS = {
    "mo_j": Fraction(487, 16),
    "a": Fraction(1461, 4),
    "wk": Fraction(7),
    "d": Fraction(1),
    "h": Fraction(1, 24),
}
_WORDS = {"year": "a", "month": "mo_j", "week": "wk", "day": "d", "hour": "h"}
_TIMEPOINT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s+(year|month|week|day|hour)s?")


def days(datum: Datum) -> Interval | None:
    """Return a time in days; None where its unit is not one of time."""
    per = _DAYS.get(datum.value.unit or "")
    return datum.interval.scaled(per) if per else None


def timepoint(text: str | None) -> Fraction | None:
    """Return the days of a time point such as ``3 years``; None for one that is not a time after an origin.

    >>> timepoint("2 weeks"), timepoint("per year")
    (Fraction(14, 1), None)
    """
    match = _TIMEPOINT.fullmatch(text or "")
    return Fraction(match[1]) * _DAYS[_WORDS[match[2]]] if match else None


def moment(value: Value) -> tuple[date, date] | None:
    """Return the first and last day that a date of any precision may mean: ``2007-11`` is a whole month."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", value.date or "")
    if value.status != "reported" or match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if day is not None:
            exact = date(int(year or 0), int(month or 0), day)
            return exact, exact
        first = date(int(year or 0), month or 1, 1)
    except ValueError:
        return None
    after = date(first.year + 1, 1, 1) if month in (None, 12) else date(first.year, first.month + 1, 1)
    return first, after - timedelta(days=1)


def days_between(start: tuple[date, date], end: tuple[date, date]) -> Interval:
    """Return how many days may lie between two dates."""
    return Interval.between((end[0] - start[1]).days, (end[1] - start[0]).days)


def in_months(time: Interval) -> Interval:
    """Return a time given in days as mean Julian months."""
    return time.scaled(1 / _DAYS["mo_j"])
