"""The text of a curated value: a number with comparator and unit, ``n/N``, a date, words or a status."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import cast, get_args

from smm_kg import units
from smm_kg.records import Comparator, Locator, Status, Value

__all__ = ["ValueTextError", "values_of"]

_NUMBER = re.compile(
    r"(?P<comparator>[<≤>≥≈=]?) ?(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?: ?(?P<unit>[A-Za-z%µ].*))?"
)
_COUNT = re.compile(r"(?P<numerator>[0-9]+)/(?P<denominator>[0-9]+)")
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_STATUSES = frozenset(get_args(Status)) - {"reported"}
_MEASURE = re.compile(r"[a-z][a-z0-9]*(?: [a-z][a-z0-9]*)*")
_TEXT = frozenset({"text"})
_SHARES = frozenset({"percent"})


class ValueTextError(ValueError):
    """A text that is no value of its measure; the message says why."""


def values_of(texts: dict[str, str], place: str, printed: str | None) -> tuple[Value, ...]:
    """Read the values of one fact.

    Args:
        texts: the text of each value by its measure.
        place: the section of the source that states them.
        printed: how the source prints them, where it is not the number itself.

    Raises:
        ValueTextError: a measure is not small words, or a text is not a value of it.
    """
    values = [_value(measure, text.strip(), place, printed) for measure, text in texts.items()]
    of = next((value for value in values if value.denominator is not None), None)
    if of is None:
        return tuple(values)
    return tuple(_share_of(value, of) for value in values)


def _share_of(value: Value, count: Value) -> Value:
    """Give a percentage the numerator and denominator of the count that stands beside it."""
    if value.measure not in _SHARES or value.number is None:
        return value
    return Value(
        measure=value.measure,
        comparator=value.comparator,
        number=value.number,
        unit=value.unit,
        numerator=count.numerator,
        denominator=count.denominator,
        locators=value.locators,
    )


def _value(measure: str, text: str, place: str, printed: str | None) -> Value:
    if not _MEASURE.fullmatch(measure):
        raise ValueTextError(f"{measure!r} is no measure: small words with single blanks")
    if text in _STATUSES:
        status = cast("Status", text)
        if status in ("not reported", "not applicable"):
            return Value(measure=measure, status=status)
        return Value(measure=measure, status=status, locators=_at(place, printed or text))
    if measure in _TEXT:
        if not text:
            raise ValueTextError("the text is empty")
        return Value(measure=measure, text=text, locators=_at(place, printed or text))
    if measure == "date":
        if not _DATE.fullmatch(text):
            raise ValueTextError(f"{text!r} is not a date such as 2007, 2007-11 or 2007-11-08")
        return Value(measure=measure, date=text, locators=_at(place, printed or text))
    if measure == "count" and (found := _COUNT.fullmatch(text)):
        numerator, denominator = int(found["numerator"]), int(found["denominator"])
        return Value(
            measure=measure,
            number=Decimal(numerator),
            numerator=numerator,
            denominator=denominator,
            locators=_at(place, printed or found["numerator"]),
        )
    return _number(measure, text, place, printed)


def _number(measure: str, text: str, place: str, printed: str | None) -> Value:
    found = _NUMBER.fullmatch(text)
    if found is None:
        what = f"{text!r} is neither a number (0.18, <0.001, 21 mo_j), nor n/N, nor one of"
        raise ValueTextError(f"{what} {', '.join(sorted(_STATUSES))}")
    unit = _unit(found["unit"])
    if measure == "percent" and unit != "%":
        raise ValueTextError(f"{text!r} is a percentage without its unit; write {text} %")
    return Value(
        measure=measure,
        comparator=cast("Comparator", found["comparator"] or "="),
        number=Decimal(found["number"]),
        unit=unit,
        locators=_at(place, printed or found["number"]),
    )


def _unit(text: str | None) -> str | None:
    """Return the UCUM code of a unit given as code or in words."""
    if text is None:
        return None
    code = text if units.is_code(text) else units.unit_code(text)
    if code is None:
        raise ValueTextError(f"{text!r} is no unit known here; write a UCUM code such as mo_j, d, mg/d or %")
    return code


def _at(place: str, printed: str) -> tuple[Locator, ...]:
    return (Locator(role="value", section=(place,), printed=printed),)
