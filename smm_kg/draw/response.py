"""Best responses as stacked bars, phase by phase; categories that hold better ones too stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import INK, PAPER, QUIET, RULE, Fill, ink_on, sequence
from smm_kg.draw.legend import legend
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import text_width

__all__ = ["DERIVED", "Bar", "Responses", "Share", "draw"]

_SIZE, _SMALL = 12.0, 10.5
_LABEL, _ROOM, _GAP, _HEIGHT = 150.0, 520.0, 16.0, 26.0
_LEFT = MARGIN + _LABEL + _GAP
_WIDTH = _LEFT + _ROOM + MARGIN + 16
DERIVED = "(derived)"
"""The mark after a number that the report does not print, but that follows from those it does."""
_WHOLE = Fraction(1)
_ROUNDING = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Share:
    """The patients of one category: as drawn (``6 of 57 (11%)``), and which part of all patients they are.

    ``count`` is short (``6``), for the bar itself; ``part`` is None where the report gives no number;
    ``responded`` is False of degrees that are no response (stable disease).
    """

    category: str
    words: str
    count: str
    part: Fraction | None
    responded: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """The responses of one arm in one phase.

    Attributes:
        label: phase and arm.
        detail: analysis set and denominator.
        exclusive: categories of which a patient is in one only, best first.
        cumulative: categories that hold the patients of better ones too, or may, best first.
        size: the denominator, None where there is none or there are several.
    """

    label: str
    detail: str
    exclusive: tuple[Share, ...] = ()
    cumulative: tuple[Share, ...] = ()
    size: int | None = None

    def rest(self) -> Fraction:
        """Return the part of all patients in no exclusive category reported; negative when too many are."""
        return _WHOLE - sum((share.part for share in self.exclusive if share.part is not None), Fraction(0))

    def sides(self) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
        """Return the exclusive categories that are responses and those that are none.

        Patients in no category reported stand between them: they may have responded.
        """
        better = tuple(share for share in self.exclusive if share.responded)
        return better, tuple(share for share in self.exclusive if not share.responded)

    def stacks(self) -> bool:
        """Whether exclusive categories can be stacked: no more than all patients, but for rounding."""
        return bool(self.exclusive) and self.rest() >= -_ROUNDING * len(self.exclusive)


@dataclass(frozen=True, slots=True)
class Responses:
    """What the bars show; ``categories`` are all exclusive ones, best first, which orders their fills."""

    caption: Caption
    categories: tuple[str, ...]
    bars: tuple[Bar, ...]


def draw(responses: Responses) -> str:
    """Return stacked bars as SVG.

    Raises:
        DrawingError: there is no bar.
    """
    if not responses.bars:
        raise DrawingError("no response is known, so there are no bars to draw")
    fills = dict(zip(responses.categories, reversed(sequence(len(responses.categories))), strict=True))
    caption = _explained(responses)
    canvas, bars = Canvas(), Canvas()
    y = open_page(canvas, _WIDTH, caption)
    keys = [(fills[name], name) for name in responses.categories]
    y = legend(canvas, MARGIN, y, _WIDTH - 2 * MARGIN, keys) + 8
    top = y
    for bar in responses.bars:
        y = _bar(bars, bar, fills, y) + 14
    for tick in range(0, 101, 20):
        x = _LEFT + _ROOM * tick / 100
        canvas.line((x, top), (x, y - 4), colour=RULE, dash="1 3")
        bars.line((x, y - 4), (x, y))
        bars.text(x, y + 13, f"{tick}%", size=_SMALL, anchor="middle")
    bars.line((_LEFT, y - 4), (_LEFT + _ROOM, y - 4))
    canvas.take(bars)
    words = "percent of the patients of the bar"
    y = canvas.paragraph(_LEFT + _ROOM / 2, y + 18, words, _ROOM, size=_SMALL, anchor="middle")
    return close_page(canvas, _WIDTH, y, caption, _described(responses))


def _explained(responses: Responses) -> Caption:
    notes = []
    bars = responses.bars
    if any(bar.stacks() and bar.rest() > _ROUNDING * len(bar.exclusive) for bar in bars):
        notes.append(
            "Dashed outline: patients for whom the report gives no category that excludes the others."
        )
    if any(bar.cumulative for bar in bars):
        notes.append(
            "Single lines, not stacked: categories that hold the patients of better ones too, or of which "
            "the report does not say."
        )
    if any(bar.exclusive and not bar.stacks() for bar in bars):
        notes.append("Categories that add up to more than all patients are not stacked.")
    if any(share.words.endswith(DERIVED) for bar in bars for share in bar.exclusive):
        notes.append(
            f"{DERIVED}: the patients of a category that includes better ones, less those of the better ones."
        )
    return replace(
        responses.caption, notes=(*((" ".join(notes),) if notes else ()), *responses.caption.notes)
    )


def _bar(canvas: Canvas, bar: Bar, fills: dict[str, Fill], y: float) -> float:
    """Draw one bar with its words and its cumulative lines, and return the bottom."""
    left = canvas.paragraph(MARGIN, y, bar.label, _LABEL, size=_SIZE, bold=True)
    left = canvas.paragraph(MARGIN, left, bar.detail, _LABEL, size=_SMALL, colour=QUIET)
    lines = bar.cumulative
    if bar.stacks():
        _stack(canvas, bar, fills, y)
        better, worse = ([f"{s.category} {s.words}" for s in shares] for shares in bar.sides())
        words = " · ".join([*better, *_rest_words(bar), *worse])
        y = canvas.paragraph(_LEFT, y + _HEIGHT + 3, words, _ROOM, size=_SMALL, halo=PAPER)
    else:
        lines = (*bar.exclusive, *bar.cumulative)
    for share in lines:
        y = _line(canvas, share, y + 4)
    return max(y, left)


def _rest_words(bar: Bar) -> tuple[str, ...]:
    rest = bar.rest()
    if rest <= _ROUNDING * len(bar.exclusive):
        return ()
    if bar.size is None or (rest * bar.size).denominator != 1:
        return ("no such category reported: the rest",)
    return (f"no such category reported: {rest * bar.size} {DERIVED}",)


def _stack(canvas: Canvas, bar: Bar, fills: dict[str, Fill], y: float) -> None:
    better, worse = bar.sides()
    x = _segments(canvas, better, fills, _LEFT, y)
    rest = max(0.0, float(bar.rest())) * _ROOM
    if rest > 1:
        canvas.rectangle(x, y, rest, _HEIGHT, fill=Fill(PAPER), stroke=QUIET, dash="4 3")
        x += rest
    _segments(canvas, worse, fills, x, y)


def _segments(canvas: Canvas, shares: Sequence[Share], fills: dict[str, Fill], x: float, y: float) -> float:
    """Draw categories side by side from ``x``, and return where the last one ends."""
    for share in shares:
        if not share.part:
            continue
        width = float(share.part) * _ROOM
        fill = fills[share.category]
        canvas.rectangle(x, y, width, _HEIGHT, fill=fill, stroke=PAPER)
        if text_width(share.count, _SIZE, bold=True) + 6 <= width:
            halo = fill.colour if fill.pattern else None
            canvas.text(
                x + width / 2,
                y + _HEIGHT / 2 + 4.5,
                share.count,
                anchor="middle",
                bold=True,
                colour=ink_on(fill.colour),
                halo=halo,
            )
        x += width
    return x


def _line(canvas: Canvas, share: Share, y: float) -> float:
    """Draw a category that is not stacked: its words, and a line as long as its part below them."""
    y = canvas.paragraph(_LEFT, y, f"{share.category}: {share.words}", _ROOM, size=_SMALL, halo=PAPER) + 2
    if share.part is None:
        return y
    right = _LEFT + min(float(share.part), 1.0) * _ROOM
    canvas.line((_LEFT, y + 2), (right, y + 2), colour=INK, width=2.4)
    for x in (_LEFT, right):
        canvas.line((x, y - 1), (x, y + 5), colour=INK)
    return y + 7


def _described(responses: Responses) -> str:
    def listed(shares: Sequence[Share]) -> str:
        return "; ".join(f"{share.category} {share.words}" for share in shares)

    bars = [
        f"{bar.label} ({bar.detail}): exclusive categories: {listed(bar.exclusive) or 'none'}; "
        f"cumulative categories: {listed(bar.cumulative) or 'none'}"
        for bar in responses.bars
    ]
    return "Best response. " + ". ".join(bars) + "."
