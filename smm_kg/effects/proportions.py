"""Intervals of one proportion."""

from __future__ import annotations

import math

from smm_kg.effects.distributions import beta_quantile, critical_z
from smm_kg.effects.errors import InputError
from smm_kg.effects.estimate import Interval
from smm_kg.effects.inputs import Number, as_count, as_level

__all__ = ["clopper_pearson_interval", "wilson_interval"]


def wilson_interval(events: Number, total: Number, *, level: float = 0.95) -> Interval:
    """The score interval of a proportion, without continuity correction.

    It never leaves 0 to 1, has no zero width at 0 or ``total`` events, and covers close to its level.

    Args:
        events: patients with the event, a whole number.
        total: patients, at least 1.
        level: the confidence level as a fraction.

    Returns:
        Limits as fractions.

    Raises:
        InputError: the numbers are no counts, or the events more than the patients.

    Source: Wilson EB. J Am Stat Assoc 1927;22:209-12; as method 3 in Newcombe RG. Stat Med 1998;17:857-72.
    """
    x, n = _counts(events, total)
    z = critical_z(as_level(level))
    centre = x + z * z / 2
    half = z * math.sqrt(x * (n - x) / n + z * z / 4)
    lower = 0.0 if x == 0 else max(0.0, (centre - half) / (n + z * z))
    upper = 1.0 if x == n else min(1.0, (centre + half) / (n + z * z))
    return Interval(lower=lower, upper=upper, level=level, method="Wilson score")


def clopper_pearson_interval(events: Number, total: Number, *, level: float = 0.95) -> Interval:
    """The exact interval of a proportion: it covers at least its level, often more.

    Args:
        events: patients with the event, a whole number.
        total: patients, at least 1.
        level: the confidence level as a fraction.

    Returns:
        Limits as fractions.

    Raises:
        InputError: the numbers are no counts, or the events more than the patients.

    Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-13.
    """
    x, n = _counts(events, total)
    tail = (1 - as_level(level)) / 2
    lower = 0.0 if x == 0 else beta_quantile(tail, x, n - x + 1)
    upper = 1.0 if x == n else beta_quantile(1 - tail, x + 1, n - x)
    return Interval(lower=lower, upper=upper, level=level, method="Clopper-Pearson exact")


def _counts(events: Number, total: Number) -> tuple[int, int]:
    x, n = as_count(events, "events"), as_count(total, "total")
    if n == 0:
        raise InputError("total", total, "at least 1")
    if x > n:
        raise InputError("events", events, f"at most the total, {total!s}")
    return x, n
