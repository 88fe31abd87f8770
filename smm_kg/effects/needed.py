"""The number needed to treat, with an interval that may run through infinity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from smm_kg.effects.errors import InputError
from smm_kg.effects.estimate import DIFFERENCES, Estimate

__all__ = ["NumberNeeded", "NumberNeededRange", "number_needed_to_treat"]

Direction = Literal["benefit", "harm"]

_LABELS = {"benefit": "NNTB", "harm": "NNTH"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeededRange:
    """A stretch of a confidence interval on one side of infinity.

    Attributes:
        direction: whether the numbers are of patients needed for a benefit or for a harm.
        least: the smallest number, at least 1.
        most: the largest number, ``math.inf`` where the interval reaches no difference.
    """

    direction: Direction
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeeded:
    """The number of patients to treat for one more of them to benefit, or to be harmed.

    Attributes:
        value: the number, not rounded; ``math.inf`` where the difference is 0.
        direction: for a benefit, for a harm, or None where the difference is 0.
        ranges: the interval: none if the difference has none; one stretch where it excludes no difference;
            two, the benefit first, where it spans no difference. The two meet at infinity.
        level: the confidence level of the interval.
        method: how the interval of the difference was made.
        source: what it was estimated from.
    """

    value: float
    direction: Direction | None
    ranges: tuple[NumberNeededRange, ...]
    level: float
    method: str
    source: str = ""

    def __str__(self) -> str:
        """As Altman writes it: ``NNTB 10 (NNTB 4 to ∞ to NNTH 20)``; one decimal."""
        value = f"{_LABELS[self.direction]} {_printed(self.value)}" if self.direction else "NNT ∞"
        if not self.ranges:
            return value
        first = self.ranges[0]
        label = _LABELS[first.direction]
        if len(self.ranges) == 2:
            last = self.ranges[1]
            through = (
                f"{label} {_printed(first.least)} to ∞ to {_LABELS[last.direction]} {_printed(last.least)}"
            )
            return f"{value} ({through})"
        return f"{value} ({label} {_printed(first.least)} to {_printed(first.most)})"


def _printed(number: float) -> str:
    return "∞" if math.isinf(number) else f"{number:.1f}".removesuffix(".0")


def number_needed_to_treat(difference: Estimate, *, event: Literal["harmful", "beneficial"]) -> NumberNeeded:
    """The reciprocal of a risk difference or of a rate difference at a time, with its interval.

    Where the interval of the difference spans 0, that of the number runs from a number needed to treat for a
    benefit (NNTB) through infinity to a number needed to treat for a harm (NNTH): the numbers between the two
    limits are the ones *outside* it. It is given as two stretches and never as a pair.

    Args:
        difference: a risk difference or rate difference, treatment minus control, as a fraction.
        event: whether what was counted is ``harmful`` (progression, death) or ``beneficial`` (response, being
            alive at a time).

    Raises:
        InputError: the estimate is no difference, or ``event`` another word.

    Sources: Altman DG. BMJ 1998;317:1309-12; for a time to an event Altman DG, Andersen PK. BMJ
    1999;319:1492-5.
    """
    if difference.measure not in DIFFERENCES:
        hint = "the number needed to treat follows from a difference; a ratio needs a baseline risk"
        raise InputError("difference", difference.measure, "a risk or rate difference", hint=hint)
    if event not in ("harmful", "beneficial"):
        raise InputError("event", event, "harmful or beneficial")
    gain = difference if event == "beneficial" else difference.reversed()
    return NumberNeeded(
        value=_reciprocal(gain.value),
        direction=None if gain.value == 0 else "benefit" if gain.value > 0 else "harm",
        ranges=_ranges(gain.lower, gain.upper),
        level=difference.level,
        method=difference.method,
        source=difference.source,
    )


def _ranges(lower: float | None, upper: float | None) -> tuple[NumberNeededRange, ...]:
    """The stretches of an interval of the absolute benefit."""
    if lower is None or upper is None:
        return ()
    ranges = []
    if upper > 0:
        most = _reciprocal(lower) if lower > 0 else math.inf
        ranges.append(NumberNeededRange(direction="benefit", least=_reciprocal(upper), most=most))
    if lower < 0:
        most = _reciprocal(upper) if upper < 0 else math.inf
        ranges.append(NumberNeededRange(direction="harm", least=_reciprocal(lower), most=most))
    return tuple(ranges)


def _reciprocal(difference: float) -> float:
    return math.inf if difference == 0 else 1 / abs(difference)
