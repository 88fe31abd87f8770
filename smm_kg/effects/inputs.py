"""Numbers as printed become floats, or are refused by name.

Inputs may be ``Decimal`` as printed, ``int`` or ``float``; all computing is in float. What printing has
rounded stays rounded: a standard error from limits printed with two decimals is no better than they are.
"""

from __future__ import annotations

import math
from decimal import Decimal

from smm_kg.effects.errors import InputError

__all__ = ["Number", "as_count", "as_fraction", "as_level", "as_number", "as_p_value", "as_positive"]

Number = int | float | Decimal


def as_number(value: Number, field: str) -> float:
    """A finite float.

    Raises:
        InputError: it is no number, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError(field, value, "a number")
    try:
        number = float(value)
    except (OverflowError, ValueError):  # an integer beyond floats, a signalling NaN
        number = math.nan
    if not math.isfinite(number):
        raise InputError(field, value, "a finite number")
    return number


def as_positive(value: Number, field: str) -> float:
    """A finite float above 0.

    Raises:
        InputError: it is not.
    """
    number = as_number(value, field)
    if number <= 0:
        raise InputError(field, value, "above 0")
    return number


def as_fraction(value: Number, field: str) -> float:
    """A proportion, 0 to 1.

    Raises:
        InputError: it is not.
    """
    number = as_number(value, field)
    if not 0 <= number <= 1:
        raise InputError(field, value, "a fraction from 0 to 1", hint="divide a percentage by 100")
    return number


def as_level(value: Number, field: str = "level") -> float:
    """A confidence level strictly between 0 and 1, such as 0.95.

    Raises:
        InputError: it is not.
    """
    number = as_number(value, field)
    if not 0 < number < 1:
        raise InputError(field, value, "a fraction between 0 and 1", hint="write 95 percent as 0.95")
    return number


def as_p_value(value: Number, field: str = "p") -> float:
    """A P value, above 0 and at most 1.

    Raises:
        InputError: it is not.
    """
    number = as_number(value, field)
    if not 0 < number <= 1:
        hint = "a P value printed as 0.000 is a bound: give P<0.001" if number == 0 else None
        raise InputError(field, value, "above 0 and at most 1", hint=hint)
    return number


def as_count(value: Number, field: str) -> int:
    """A count: a whole number from 0.

    Raises:
        InputError: it is not.
    """
    number = as_number(value, field)
    if number < 0 or number != math.floor(number):
        raise InputError(field, value, "a whole number from 0")
    return int(value)
