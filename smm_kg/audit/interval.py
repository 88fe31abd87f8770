"""What a printed number stands for: the closed interval of all numbers that round to it.

``0.18`` stands for [0.175, 0.185] and ``79`` percent for [78.5, 79.5]; both ends belong to it, because
reports round halves up, down and to even. Truncation is not assumed. ``<0.001`` stands for everything up to
0.001. What is counted is exact. Ends are fractions, so that nothing is lost to binary rounding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isinf

from smm_kg.records import Value

__all__ = ["Interval", "decimals", "rounding", "show", "stands_for"]

# Measures whose numbers count something, so that they are not rounded.
_COUNTED = frozenset({
    "count", "cycles", "day", "first cycle", "first day", "last cycle", "last day", "sides",
})  # fmt: skip

_FRACTION_DIGITS = re.compile(r"[.·]([0-9]+)")


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``, both included; None is an end without a bound.

    >>> Interval.between(1, 2) + Interval.exactly(3)
    Interval(low=Fraction(4, 1), high=Fraction(5, 1))
    """

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def exactly(cls, number: int | Fraction) -> Interval:
        """Return the interval of one number."""
        return cls(Fraction(number), Fraction(number))

    @classmethod
    def between(cls, low: int | Fraction, high: int | Fraction) -> Interval:
        """Return the interval of two ends."""
        return cls(Fraction(low), Fraction(high))

    def holds(self, number: int | Fraction) -> bool:
        """Whether a number lies in the interval, its ends included."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return not (self.surely_below(other) or other.surely_below(self))

    def surely_below(self, other: Interval) -> bool:
        """Whether every number of this interval is smaller than every number of the other."""
        return self.high is not None and other.low is not None and self.high < other.low

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.low, other.low), _sum(self.high, other.high))

    def __sub__(self, other: Interval) -> Interval:
        return self + Interval(_negative(other.high), _negative(other.low))

    def scaled(self, factor: Fraction | int) -> Interval:
        """Return the interval times a positive number."""
        return Interval(_product(self.low, factor), _product(self.high, factor))

    @property
    def ends(self) -> tuple[float, float]:
        """The ends as floating-point numbers, infinite where there is no bound."""
        low = float("-inf") if self.low is None else float(self.low)
        return low, float("inf") if self.high is None else float(self.high)

    def __str__(self) -> str:
        if self.low is None:
            return "any number" if self.high is None else f"at most {show(self.high)}"
        if self.high is None:
            return f"at least {show(self.low)}"
        return show(self.low) if self.low == self.high else f"[{show(self.low)}, {show(self.high)}]"


def _sum(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left + right


def _negative(end: Fraction | None) -> Fraction | None:
    return None if end is None else -end


def _product(end: Fraction | None, factor: Fraction | int) -> Fraction | None:
    return None if end is None else end * factor


def show(number: Fraction | float) -> str:
    """Return a number as a reader wants it: exact to six decimals, else to four significant digits.

    >>> show(Fraction(57, 2)), show(Fraction(800, 57)), show(Fraction(1, 30000)), show(float("inf"))
    ('28.5', '14.04', '0.00003333', '∞')
    """
    if isinstance(number, float) and isinf(number):
        return "∞" if number > 0 else "-∞"
    if isinstance(number, Fraction) and 10**6 % number.denominator == 0:
        if number.denominator == 1:
            return str(number.numerator)
        places = 6
    else:
        digits = f"{abs(float(number)):.3e}"
        places = max(0, 3 - int(digits.partition("e")[2]))
    text = f"{float(number):.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def decimals(value: Value) -> int:
    """Return the digits after the point to which a number is printed, at the most precise of its places."""
    exponent = (value.number or Decimal()).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    for locator in value.locators:
        if locator.role == "value" and (digits := _FRACTION_DIGITS.search(locator.printed)):
            places = max(places, len(digits[1]))
    return max(places, 0)


def stands_for(value: Value) -> Interval | None:
    """Return the numbers that a printed value may stand for; None where it constrains nothing.

    A value without a number (a date, a status such as "not reached") has none, nor has one that is printed as
    approximate.
    """
    if value.status != "reported" or value.number is None or value.comparator == "≈":
        return None
    number = Fraction(value.number)
    if value.comparator in ("<", "≤"):
        return Interval(None, number)
    if value.comparator in (">", "≥"):
        return Interval(number, None)
    return Interval(number, number) if value.measure in _COUNTED else rounding(value)


def rounding(value: Value) -> Interval:
    """Return the numbers that round to a printed one, whatever its comparator."""
    number, half = Fraction(value.number or 0), _half(decimals(value))
    return Interval(number - half, number + half)


@lru_cache(maxsize=64)
def _half(digits: int) -> Fraction:
    """Return half a unit of the last of some digits after the point."""
    return Fraction(1, 2 * 10**digits)
