"""The axis of a forest plot, and the marks that are drawn along it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import INK, QUIET, Fill
from smm_kg.draw.scale import Scale, linear, logarithmic
from smm_kg.draw.text_width import text_width

__all__ = ["Axis", "axis_of"]

_SMALL = 10.5
_REACH = 8.0  # a log axis goes on for this factor beyond the outermost estimates, no farther
_SPANS = 1.5  # a linear one for this many times the distance between them
_OTHER_SIDE = 0.25  # share of the longer side that the shorter one has at least
_SMALLEST, _LARGEST = Decimal("1e-9"), Decimal("1e9")

Interval = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis about the value of no difference, and where estimates and limits lie on it."""

    scale: Scale
    null: float

    @property
    def null_at(self) -> float:
        """Where no difference lies."""
        return self.scale(self.null)

    def at(self, value: Decimal) -> float:
        """Return where a value lies; one beyond the axis lies at its end."""
        if value.is_infinite():
            return self.scale.right if value > 0 else self.scale.left
        return self.scale(float(value))

    def can_show(self, value: Decimal) -> bool:
        """Whether an estimate has a place on the axis."""
        return value.is_finite() and self.scale.holds(float(value))

    def leaves(self, lower: Decimal | None, upper: Decimal | None) -> bool:
        """Whether an interval goes beyond an end of the axis."""
        return (lower is not None and self._below(lower)) or (upper is not None and self._above(upper))

    def _below(self, value: Decimal) -> bool:
        return value < Decimal(repr(self.scale.low))

    def _above(self, value: Decimal) -> bool:
        return value > Decimal(repr(self.scale.high))

    def whisker(
        self,
        canvas: Canvas,
        lower: Decimal | None,
        upper: Decimal | None,
        y: float,
        *,
        through: Decimal | None = None,
        dash: str | None = None,
    ) -> None:
        """Draw an interval, an end that leaves the axis as an arrow; one limit alone, from the estimate."""
        low, high = lower if lower is not None else through, upper if upper is not None else through
        if (lower is None and upper is None) or low is None or high is None:
            return
        left, right = self.at(low), self.at(high)
        canvas.line((left, y), (right, y), width=1.3, dash=dash)
        for limit, x, sign in ((lower, left, -1), (upper, right, 1)):
            if limit is None:
                continue
            if self._below(limit) or self._above(limit):
                self._head(canvas, x, y, sign)
            else:
                canvas.line((x, y - 3.5), (x, y + 3.5), width=1.3)

    def diamond(self, canvas: Canvas, lower: Decimal, estimate: Decimal, upper: Decimal, y: float) -> None:
        """Draw a pooled estimate: as wide as its interval, its tips at the estimate."""
        left, middle, right = self.at(lower), self.at(estimate), self.at(upper)
        left, right = min(left, middle - 2), max(right, middle + 2)
        canvas.polygon(((left, y), (middle, y - 7), (right, y), (middle, y + 7)), fill=Fill(INK))
        if self._below(lower):
            self._head(canvas, self.scale.left, y, -1)
        if self._above(upper):
            self._head(canvas, self.scale.right, y, 1)

    def _head(self, canvas: Canvas, x: float, y: float, sign: int) -> None:
        canvas.polygon(((x + sign * 8, y), (x, y - 4), (x, y + 4)), fill=Fill(INK), stroke=None)

    def draw(self, canvas: Canvas, top: float, bottom: float, measure: str) -> float:
        """Draw axis, ticks and the line of no difference from ``top`` down, and return where it all ends."""
        scale = self.scale
        canvas.line((self.null_at, top), (self.null_at, bottom), colour=QUIET, dash="2 2")
        canvas.line((scale.left, bottom), (scale.right, bottom))
        taken: list[tuple[float, float]] = []
        for tick in sorted(scale.ticks, key=lambda each: (each != self.null, each)):
            x, text = scale(tick), f"{tick:g}".replace("-", "−")
            canvas.line((x, bottom), (x, bottom + 4))
            half = text_width(text, _SMALL) / 2 + 3
            if all(x + half <= low or x - half >= high for low, high in taken):
                canvas.text(x, bottom + 16, text, size=_SMALL, anchor="middle")
                taken.append((x - half, x + half))
        middle = (scale.left + scale.right) / 2
        words = f"{measure}, {'logarithmic' if scale.log else 'linear'} scale"
        return canvas.paragraph(
            middle, bottom + 20, words, scale.right - scale.left + 20, size=_SMALL, anchor="middle"
        )


def axis_of(
    intervals: Iterable[Interval], kind: Literal["ratio", "difference"], left: float, right: float
) -> Axis:
    """Return an axis that shows all estimates, and of the intervals as much as leaves these legible."""
    held = list(intervals)
    limits = [each for low, _, high in held for each in (low, high) if each is not None and each.is_finite()]
    values = [each for _, each, _ in held if each is not None and each.is_finite()]
    if kind == "ratio":
        positive = [float(each) for each in values if _SMALLEST < each < _LARGEST]
        ends = [float(each) for each in limits if _SMALLEST < each < _LARGEST]
        nearest, farthest = min([1.0, *positive]), max([1.0, *positive])
        low = max(min([nearest, *ends]), nearest / _REACH)
        high = min(max([farthest, *ends]), farthest * _REACH)
        low, high = min(low, high**-_OTHER_SIDE), max(high, low**-_OTHER_SIDE)
        if math.isclose(low, high):
            low, high = 0.5, 2.0
        return Axis(logarithmic(low, high, left, right), 1.0)
    plain = [float(each) for each in values]
    ends = [float(each) for each in limits]
    nearest, farthest = min([0.0, *plain]), max([0.0, *plain])
    span = (farthest - nearest or max((abs(each) for each in ends), default=1.0) or 1.0) * _SPANS
    low, high = max(min([nearest, *ends]), nearest - span), min(max([farthest, *ends]), farthest + span)
    low, high = min(low, -_OTHER_SIDE * high), max(high, -_OTHER_SIDE * low)
    return Axis(linear(low, high, left, right), 0.0)
