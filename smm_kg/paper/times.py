"""Productions for time: dates, days of a cycle, durations, intervals, time points; and for grades."""

from __future__ import annotations

import re
from datetime import date as calendar_date

from smm_kg.paper.numbers import ANOTHER, CARDINAL, INTEGER, decimal_of
from smm_kg.paper.production import (
    ALONE,
    DASH,
    NO_RANGE,
    SEPARATOR,
    SINGLE,
    Part,
    Production,
    compared,
    number,
    number_part,
    text_part,
    unit,
)
from smm_kg.units import TIME_UNIT, UNIT, describe, unit_code

__all__ = ["PRODUCTIONS"]

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = "|".join(
    rf"{name}|{name[:3]}\.?" if name != "september" else r"september|sept?\.?" for name in _MONTHS
)
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9]|[.,·][0-9])"
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?"

_DATE = rf"""(?P<date>
    \b(?P<name>{_MONTH})\s+(?:(?P<day>{_DAY})\s*+,?\s+)?(?P<year>{_YEAR})
  | (?<![\w.])(?P<day_first>{_DAY})\s+(?:of\s+)?(?P<name_second>{_MONTH}),?\s+(?P<year_third>{_YEAR})
  | (?<![\w.])(?P<iso>(?:19|20)[0-9]{{2}}-[01][0-9](?:-[0-3][0-9])?)(?![-\w])
  | (?<![\w./])(?P<one>[0-3]?[0-9])/(?P<other>[0-3]?[0-9])/(?P<numeric_year>{_YEAR})(?!/)
)"""

# Where an interval or a frequency is a single word.
_ADVERBS = {"daily": (1, "d"), "weekly": (1, "wk"), "fortnightly": (2, "wk"), "monthly": (1, "mo_j"),
            "quarterly": (3, "mo_j"), "yearly": (1, "a"), "annually": (1, "a")}  # fmt: skip
_ADVERB = "|".join(_ADVERBS)

_TIME = number("value") + unit("value", TIME_UNIT) + ALONE

_GRADE = r"(?:[0-5]|(?-i:IV|V|I{1,3}))"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_WORSE = "higher|greater|more|above|worse"
_BETTER = "lower|less|below|better"
_PEOPLE = "patients?|participants?|subjects?|women|men|persons?|people|cases|deaths|times"
# Without the word "grade", a number with its unit or with people is none.
_NO_GRADE = rf"(?!\s*+-?\s*+{UNIT}|\s+(?:{_PEOPLE})\b|\s+(?:out\s+)?of\b)"


def _date(match: re.Match[str]) -> tuple[Part, ...]:
    """A date, ISO 8601 of the precision printed.

    Raises:
        ValueError: no such day, or day and month cannot be told apart (1/2/2004).
    """
    day: str | None
    if match["iso"]:
        year, month, day = (*match["iso"].split("-"), None)[:3]
    elif match["numeric_year"]:
        year, one, other = match["numeric_year"], int(match["one"]), int(match["other"])
        if one != other and one <= 12 and other <= 12:
            raise ValueError("day and month cannot be told apart")
        month, day = str(min(one, other)), str(max(one, other))
    else:
        year, day = match["year"] or match["year_third"], match["day"] or match["day_first"]
        name = (match["name"] or match["name_second"]).lower()[:3]
        month = str(1 + [known[:3] for known in _MONTHS].index(name))
    checked = calendar_date(int(year), int(month), int(re.sub(r"\D", "", day)) if day else 1)
    text = checked.isoformat() if day else checked.isoformat()[:7]
    return (Part("date", *match.span("date"), date=text),)


def _year(match: re.Match[str]) -> tuple[Part, ...]:
    return (Part("date", *match.span("date"), date=match["date"]),)


def _days(match: re.Match[str]) -> tuple[Part, ...]:
    first, last = number_part(match, "first", "first day"), number_part(match, "last", "last day")
    if not int(match["first"]) < int(match["last"]):
        raise ValueError("days run forward")
    return first, last


def _duration(match: re.Match[str]) -> tuple[Part, ...]:
    return (number_part(match, "value", "duration"),)


def _timepoint(match: re.Match[str]) -> tuple[Part, ...]:
    """A time point in words of normal form: ``3-year`` and ``three years`` are both ``3 years``."""
    value, code = decimal_of(match["value"]), unit_code(match["value_unit"])
    label = describe(code or "").label
    text = f"{value} {label.removesuffix('s') if value == 1 else label}"
    return (Part("timepoint", match.start("value"), match.end("value_unit"), text=text),)


def _interval(match: re.Match[str]) -> tuple[Part, ...]:
    before = match.string[max(0, match.start() - 10) : match.start()]
    if re.search(r"(?:\b(?:twice|thrice|times)\s|\b(?:bi|semi)-)$", before, re.IGNORECASE):
        raise ValueError("more than once in the period")
    if match["value"]:
        if not (match["every"] or match["intervals"]):
            raise ValueError("a duration, not an interval")
        return (number_part(match, "value", "interval"),)
    if match["adverb"]:
        value, code = _ADVERBS[match["adverb"].lower()]
        span = unit_span = match.span("adverb")
    else:
        value, code = (2 if match["other"] else 1), unit_code(match["each_unit"]) or ""
        span, unit_span = match.span("each"), match.span("each_unit")
    number_of = decimal_of(str(value))
    return (Part("interval", *span, number=number_of, unit=code, unit_spans=(unit_span,)),)


def _frequency(match: re.Match[str]) -> tuple[Part, ...]:
    printed = "adverb" if match["adverb"] else "time"
    code = _ADVERBS[match["adverb"].lower()][1] if match["adverb"] else unit_code(match["time"])
    return (number_part(match, "value", "frequency", unit=(f"/{code}", (match.span(printed),))),)


def _grade(match: re.Match[str]) -> tuple[Part, ...]:
    """Grades as one text: ``2``, ``1-2``, ``>=3``, ``<=2``, ``any``.

    Raises:
        ValueError: two grades that are no range ("1 or 3"), a bare Roman numeral.
    """
    if match["any"]:
        return (text_part(match, "any", "grade", "any"),)
    if match["low"].isalpha() and not match["named"]:
        raise ValueError("a Roman numeral is a grade only where the word stands")
    low = _ROMAN[match["low"]] if match["low"].isalpha() else int(match["low"])
    text = str(low)
    if match["high"]:
        high = _ROMAN[match["high"]] if match["high"].isalpha() else int(match["high"])
        alternatives = re.search(r"or|and|/", match["link"], re.IGNORECASE)
        if high <= low or (alternatives and high != low + 1):
            raise ValueError("no range of grades")
        text = f"{low}-{high}"
    elif match["bound"]:
        text = (">=" if re.match(r"≥|>=|\$?\\ge|at", match["bound"], re.IGNORECASE) else "<=") + text
    elif match["after"]:
        text = (">=" if re.fullmatch(_WORSE, match["after"], re.IGNORECASE) else "<=") + text
    return (text_part(match, "grade", "grade", text),)


PRODUCTIONS: tuple[Production, ...] = (
    Production("date", "May 17, 2019; May 2019; 17 May 2019; 2019-05-17", _DATE, _date, ("date",),
               numeric=False),
    Production("year", "2019", rf"(?<![\w.,·/-])(?P<date>{_YEAR}){NO_RANGE}(?!/[0-9])", _year, ("date",),
               numeric=False),
    Production("days", "days 2 to 9; 2 through 9",
               rf"(?:\bdays?\s+)?(?P<first>{INTEGER}){SEPARATOR}(?P<last>{INTEGER}){SINGLE}(?!{ANOTHER})",
               _days, ("first day", "last day")),
    Production("duration", "5-week; 3 years; 35-day", compared("value", _TIME), _duration, ("duration",)),
    Production("timepoint", "3-year; 5 years", _TIME, _timepoint, ("timepoint",)),
    Production(
        "interval", "every 5 weeks; 5-week intervals; monthly; every other week",
        rf"""(?P<each>\b(?:every|each)\s+(?P<other>other\s+)?(?P<each_unit>{TIME_UNIT}))
           | (?P<every>\bevery\s+|\bat\s+intervals\s+of\s+)?{_TIME}
             (?P<intervals>\s*+-?\s*+intervals?\b)?
           | \b(?P<adverb>{_ADVERB})\b""",
        _interval, ("interval",)),
    Production(
        "frequency", "twice daily; once a week; 3 times per day",
        rf"""(?P<value>\b(?:once|twice|thrice)\b|(?:{INTEGER}|{CARDINAL})(?=\s+times\b))(?:\s+times)?\s+
             (?:(?:an?|per|each|every)\s+(?P<time>{TIME_UNIT})|(?P<adverb>{_ADVERB})\b)""",
        _frequency, ("frequency",)),
    Production(
        "grade", "grade 5; grade 1 or 2; grade 3-4; grade 2 or lower; ≥3; any grade",
        rf"""\b(?P<any>any|all)\s+grades?\b
           | (?P<named>\bgrades?(?:\s|-)*+)?
             (?P<grade>
               (?P<bound>(?:≥|>=|\$?\\geq?\$?|≤|<=|\$?\\leq?\$?|\bat\s+(?:least|most)\s)\s*+(?:grades?\s+)?)?
               (?P<low>(?<![0-9.]){_GRADE})
               (?: (?P<link>\s+(?:or|and|to|through)\s+|\s*+{DASH}\s*+|\s*+/\s*+)
                   (?:grades?\s+)?(?P<high>{_GRADE})(?!\w|\s*+%|[.·][0-9])
                 | \s+(?:or|and)\s+(?P<after>{_WORSE}|{_BETTER})(?!\w|-|\s+(?:than|to)\b) )?
             )
             (?!\w|\+|\s*+[%‰]|[.·][0-9]|\s*+{DASH}\s*+[0-9]|{ANOTHER})
             (?![\s,]*+grades?\b) (?(named)|{_NO_GRADE})
             (?!\s*+,\s*+{_GRADE}(?:\s*+,|\s+(?:or|and)\s))
             (?!\s+(?:or|and)\s+{_GRADE}\b(?!\s*+%|[.·][0-9]))""",
        _grade, ("grade",), numeric=False),
)  # fmt: skip
"""The productions of this module."""
