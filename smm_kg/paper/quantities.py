"""Productions for counts and shares of people, quantities with units, thresholds, doses and plain tokens."""

from __future__ import annotations

import re

from smm_kg.paper.numbers import ANOTHER, CARDINAL, INTEGER, LETTER
from smm_kg.paper.production import (
    ALONE,
    CITATION,
    COUNT,
    GAP,
    MARKS,
    NO_COMMA,
    NO_LEVEL,
    SINGLE,
    UNITLESS,
    WORDY,
    Part,
    Production,
    compared,
    count,
    number,
    number_part,
    text_part,
    unit,
    units_of,
)
from smm_kg.units import UNIT

__all__ = ["PRODUCTIONS", "percent"]


def percent(group: str) -> str:
    """A percentage: number ``group`` and its printed sign ``group_unit``.

    A comma in it is no thousands separator but, most likely, a decimal one.
    """
    return rf"{NO_COMMA}{number(group)}\s*+(?P<{group}_unit>%|\bpercent\b|\bper\s+cent\b)"


# A percentage is not the level of an interval, nor one of several numbers.
_PLAIN_PERCENT = NO_LEVEL + ALONE

# A number whose unit we do not know must not be taken for one without a unit.
_NO_UNIT = rf"(?!\s*+{LETTER}*\s*+(?:/|\bper\b))"


def _one(name: str, measure: str | None, reads: str, pattern: str) -> Production:
    """A production whose one part is the number of the group ``value``."""
    return Production(name, reads, pattern, lambda match: (number_part(match, "value", measure),), (measure,))


def _token(name: str, reads: str, pattern: str) -> Production:
    """A production whose one part is the text of the group ``value``, its white space taken out."""
    return Production(
        name,
        reads,
        pattern,
        lambda match: (text_part(match, "value", "text", "".join(match["value"].split())),),
        ("text",),
        numeric=False,
    )


def _threshold(match: re.Match[str]) -> tuple[Part, ...]:
    part = number_part(match, "value", "threshold")
    if part.comparator == "=":
        raise ValueError("a threshold has a comparator")
    return (part,)


def _dose(match: re.Match[str]) -> tuple[Part, ...]:
    """A dose; in "daily dose of 45 mg" two words print the unit, "daily" and "mg"."""
    code, spans = units_of(match, "value")
    if match["per"] and code is not None:
        per = {"daily": "/d", "weekly": "/wk", "monthly": "/mo_j"}[match["per"].lower()]
        if not code.endswith(per):
            code, spans = code + per, (match.span("per"), *spans)
    return (number_part(match, "value", "dose", unit=(code, spans)),)


def _rate(match: re.Match[str]) -> tuple[Part, ...]:
    part = number_part(match, "value", "rate")
    if part.unit is None or not re.fullmatch(r"(?:%/|/\([0-9]+\.|/)(?:a|mo_j)\)?|%/(?:wk|d|h)", part.unit):
        raise ValueError("a rate is a number or a percentage per time")
    return (part,)


def _words(match: re.Match[str]) -> tuple[Part, ...]:
    return (text_part(match, "value", "text", " ".join(match["value"].split())),)


def _shares(match: re.Match[str]) -> tuple[Part, ...]:
    """Count, N and percentage, those that are printed; a percentage in a cell need not print its sign.

    Raises:
        ValueError: more than N of N, or above 100%.
    """
    parts = [number_part(match, "count", "count")]
    if "total" in match.re.groupindex:
        parts.append(number_part(match, "total", "denominator"))
        if int(parts[0].number or 0) > int(parts[1].number or 0):
            raise ValueError("the part is greater than the whole")
    if match["percent"]:
        spans = (match.span("percent_unit"),) if match["percent_unit"] else ()
        parts.append(number_part(match, "percent", "percent", unit=("%", spans)))
        if not 0 <= (parts[-1].number or 0) <= 100:
            raise ValueError("no share of people is above 100%")
    return tuple(parts)


def _citations(match: re.Match[str]) -> tuple[Part, ...]:
    return (text_part(match, "value", "citations", match["value"]),)


# "13 weeks (15%)" and "13 months" count no people.
_COUNTED = rf"(?!(?:\s|-)*+{UNIT})"
_NONE = rf"\b(?:none|no)\b(?![.]|{ANOTHER})"
# "7 (one)" is one number too many.
_NOT_REPEATED = rf"(?!\s*+\(\s*+{CARDINAL}\s*+\))"
_PEOPLE = compared("count", count("count") + _COUNTED)
_OF = rf"(?:(?:{GAP}){{0,2}}?\s+(?:out\s+)?of\s+|\s*+/\s*+)"
_TOTAL = r"(?:(?:a\s+total\s+of|all(?:\s+of)?|the|these|those|our)\s+){0,3}" + count("total")
# "(71%)", after some words even; without its sign only right after the count, else it could be a citation.
_SHARE = rf"""
    (?P<words>(?:{GAP}){{1,12}}?)? (?:\s|,)*+ [(\[]\s*+ {compared("percent", number("percent"))} \s*+
    (?: (?P<percent_unit>%|\bpercent\b|\bper\s+cent\b) (?:\s*+[)\]]|(?=\s*+[;,]))
      | (?(words)(?!)|\s*+[)\]]) )"""
_REPEATED = rf"(?!\s+(?:twice|thrice|{CARDINAL}\s+times|[0-9]+\s+times|every)\b)"
_TOKEN = (
    rf"(?P<value>(?=[^\s{CITATION}]{{0,60}}[0-9])[A-Za-z0-9](?:[\w./()<>+‐‑–-]{{0,100}}\w)?)"
    r"(?!\w|\s+[A-Z]*[0-9])"
)

PRODUCTIONS: tuple[Production, ...] = (
    _one("number", None, "0.72; seven; half; −4.2", compared("value", number("value") + SINGLE)),
    _one("count", "count", "164; seven; both; no (0)",
         compared("value", rf"(?P<value>{COUNT}|{_NONE}){_COUNTED}{SINGLE}{_NOT_REPEATED}")),
    Production(
        "n-percent", "51 patients (71%); 51 (71); in a cell also 0",
        rf"{_PEOPLE} (?: {_SHARE} | (?={MARKS}$) )", _shares, ("count", "percent")),
    Production(
        "n-of-N", "9 of the 72 patients in the group (13%); four of the six; 9/72 (13%)",
        rf"{_PEOPLE} {_OF} {_TOTAL} (?: {_SHARE} | {SINGLE} )", _shares, ("count", "denominator", "percent")),
    Production(
        "percent-n-of-N", "13% (9 of 72 patients)",
        rf"{compared('percent', percent('percent'))} \s*+[(\[]\s*+ {_PEOPLE} {_OF} {_TOTAL} {SINGLE}",
        _shares, ("count", "denominator", "percent")),
    _one("percent", "percent", "71%; more than an 85%", compared("value", percent("value") + _PLAIN_PERCENT)),
    _one("quantity", "quantity", "45 mg per day; up to 5 g/dL",
         compared("value", number("value") + unit("value") + ALONE)),
    _one("mean", "mean", "12.3; 12.3 months",
         compared("value", rf"{number('value')}(?:{unit('value')}{ALONE}|{UNITLESS})")),
    Production(
        "threshold", "≥ 4 g per deciliter; at least 15%; within the previous 7 years; 4 g or more",
        compared("value", rf"{number('value')}(?:{unit('value')}{ALONE}|{UNITLESS}{_NO_UNIT})"),
        _threshold, ("threshold",)),
    Production(
        "dose", "45 mg per day; daily dose of 45 mg; 45 mg/m2",
        rf"""(?:\b(?P<per>daily|weekly|monthly)\s+(?:total\s+)?doses?\b(?:{GAP}){{0,6}}?[\s,:]++)?
             (?<!\bover\s)(?<!\bunder\s)(?<!\bnot\s)(?<!\bhalf\s)
             {compared("value", number("value") + unit("value") + ALONE)} (?(per){_REPEATED}|)""",
        _dose, ("dose",)),
    Production(
        "rate", "6% annually; 3.2 per 100 patient-years",
        compared("value", rf"{number('value')}(?:\s+(?:events?|cases?|deaths?))?{unit('value')}{ALONE}"),
        _rate, ("rate",)),
    _one("size", "count", "N = 72", rf"\bN\s*+=\s*+(?P<value>{INTEGER}){SINGLE}(?!{ANOTHER})"),
    _token("ratio", "2:1", rf"(?P<value>{INTEGER}\s*+:\s*+{INTEGER})(?!\s*+:)"),
    _token("identifier", "NCT01234567; 10.1000/xyz9; 101-12", _TOKEN),
    _token("version", "4.03", r"(?:(?<!\w)v\.?\s?|(?<![\w.]))(?P<value>[0-9]+(?:\.[0-9]+)*+)(?!\w)"),
    Production(
        "citations", "a citation of the reference list, or its bare number after the end of a sentence",
        rf"(?P<value>{CITATION}(?:\s*+{CITATION})*+|(?<=\.\s)[0-9]{{1,3}}(?=\s+(?-i:[A-Z])|\s*+$))",
        _citations, ("citations",), numeric=False),
    Production("words", "up to eight words without a number", rf"(?P<value>\b{WORDY}(?:\s+{WORDY}){{0,7}})",
               _words, ("text",), numeric=False),
)  # fmt: skip
"""The productions of this module."""
