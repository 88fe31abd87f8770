"""Axes: where a value lies, and where the ticks are."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Scale", "linear", "logarithmic", "round_up"]

_LOG_STEPS = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from value ``low`` at ``left`` to value ``high`` at ``right``, linear or logarithmic."""

    low: float
    high: float
    left: float
    right: float
    ticks: tuple[float, ...]
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return where a value lies; one beyond the ends lies at the end."""
        inside = min(max(value, self.low), self.high)
        low, high, at = (
            (math.log(self.low), math.log(self.high), math.log(inside))
            if self.log
            else (self.low, self.high, inside)
        )
        return self.left + (at - low) / (high - low) * (self.right - self.left)

    def holds(self, value: float) -> bool:
        """Whether a value is on the axis."""
        return self.low <= value <= self.high


def round_up(value: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * (1 - 1e-9))


def linear(low: float, high: float, left: float, right: float, *, most: int = 6) -> Scale:
    """Return a linear axis that holds ``low`` and ``high``, with about ``most`` steps between round ticks."""
    if high <= low:
        low, high = low - 1, high + 1
    step = round_up((high - low) / most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(index * step, 12) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], left, right, ticks)


def logarithmic(low: float, high: float, left: float, right: float, *, most: int = 8) -> Scale:
    """Return a logarithmic axis that holds two positive values, with at most ``most`` + 1 ticks."""
    first, last = math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1
    for steps in reversed(_LOG_STEPS):
        values = [float(f"{step}e{power}") for power in range(first, last + 1) for step in steps]
        begin = max(at for at, value in enumerate(values) if value <= low)
        end = min(at for at, value in enumerate(values) if value >= high)
        ticks = values[begin : max(end, begin + 1) + 1]
        if len(ticks) <= most:
            break
    else:
        every = math.ceil(len(ticks) / most)
        ticks = [*ticks[:-1:every], ticks[-1]]
    return Scale(ticks[0], ticks[-1], left, right, tuple(ticks), log=True)
