"""Adverse events side by side in the arms, by grade: mirrored bars, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import GREY, INK, QUIET, RULE, Fill, sequence
from smm_kg.draw.legend import legend
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.scale import Scale, linear
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["AdverseEvents", "Cell", "Event", "Panel", "draw"]

_SIZE, _SMALL = 12.0, 10.5
_LABEL, _BARS, _GAP = 170.0, 180.0, 10.0
_THICK = 14.0
_MISSING = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """The patients of one arm with an event of one grade: number as drawn (``11``), and part of all."""

    grade: str
    count: str
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event with its cells, arm by arm; grades of one arm exclude each other, worst last."""

    label: str
    arms: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The events of one phase in the order drawn, and arms with denominators (``treatment, N = 62``)."""

    title: str
    arms: tuple[str, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class AdverseEvents:
    """What the bars show; ``grades`` are all that occur, in order, mildest first."""

    caption: Caption
    grades: tuple[str, ...]
    panels: tuple[Panel, ...]

    def cells(self) -> list[Cell]:
        """Return the cells of all events and arms."""
        return [cell for panel in self.panels for event in panel.events for arm in event.arms for cell in arm]


@dataclass(frozen=True, slots=True)
class _Side:
    """Where one arm is drawn: its bars from zero at ``scale.left``, the column of each grade's numbers."""

    scale: Scale
    columns: tuple[tuple[str, float], ...]

    @property
    def span(self) -> tuple[float, float]:
        """Left and right edge."""
        xs = [self.scale.left, self.scale.right, *(x for _, x in self.columns)]
        return min(xs), max(xs)


def draw(events: AdverseEvents) -> str:
    """Return paired bars as SVG.

    Raises:
        DrawingError: there is no event.
    """
    if not any(panel.events for panel in events.panels):
        raise DrawingError("no adverse event with a number is known, so there are no bars to draw")
    fills = _fills(events.grades)
    layouts = [_sides(events, panel) for panel in events.panels]
    width = max(_width(sides) for _, sides in layouts)
    caption = _explained(events)
    canvas = Canvas()
    y = open_page(canvas, width, caption)
    y = (
        legend(canvas, MARGIN, y, width - 2 * MARGIN, [(fills[each], _named(each)) for each in events.grades])
        + 10
    )
    for panel, (label_at, sides) in zip(events.panels, layouts, strict=True):
        y = _panel(canvas, panel, label_at, sides, fills, y, width) + 20
    return close_page(canvas, width, y - 20, caption, _described(events))


def _fills(grades: Sequence[str]) -> dict[str, Fill]:
    """Light to dark from mild to severe; what has no grade is grey."""
    graded = [grade for grade in grades if grade and grade != "any"]
    fills = dict(zip(graded, sequence(len(graded)), strict=True))
    return {grade: fills.get(grade, Fill(GREY, "level" if grade else None)) for grade in grades}


def _named(grade: str) -> str:
    if grade == "any":
        return "any grade"
    return (
        f"grade {grade.replace('>=', '≥').replace('<=', '≤').replace('-', '–')}"
        if grade
        else "grade not stated"
    )


def _short(grade: str) -> str:
    return _named(grade).removeprefix("grade ") if grade else "n.s."


def _explained(events: AdverseEvents) -> Caption:
    notes = ["Events must not be added up: a patient may have several."]
    arms = [arm for panel in events.panels for event in panel.events for arm in event.arms]
    if any(len(arm) < len(events.grades) for arm in arms):
        notes.append(f"{_MISSING}: no number reported; it is not zero.")
    if "" in events.grades:
        notes.append("n.s.: grade not stated.")
    if any(cell.part is None for cell in events.cells()):
        notes.append("A number without a bar: its denominator is not reported.")
    notes.append("Sorted by the patients of the first arm, grades added.")
    return replace(events.caption, notes=(" ".join(notes), *events.caption.notes))


def _most(events: AdverseEvents) -> float:
    """The longest bar of all panels, as a part of all patients."""
    sums = [
        sum((cell.part for cell in cells if cell.part is not None), Fraction(0))
        for panel in events.panels
        for event in panel.events
        for cells in event.arms
    ]
    return max(0.05, float(max(sums, default=Fraction(0))))


def _sides(events: AdverseEvents, panel: Panel) -> tuple[float, list[_Side]]:
    """Where the labels and the arms of a panel are: two arms mirrored about the labels, else side by side."""
    most = min(100.0, _most(events) * 100)
    grades = events.grades
    widths = [_column(events, grade) for grade in grades]
    mirrored = len(panel.arms) == 2
    numbers = sum(widths)
    x = MARGIN
    sides = []
    if mirrored:
        columns, at = [], x
        for grade, width in zip(grades, widths, strict=True):
            columns.append((grade, at + width / 2))
            at += width
        sides.append(_Side(linear(0, most, at + _GAP + _BARS, at + _GAP, most=5), tuple(columns)))
        x = at + _GAP + _BARS + _GAP
    label_at = x
    x += _LABEL + _GAP
    for _ in panel.arms[1:] if mirrored else panel.arms:
        columns, at = [], x + _BARS + _GAP
        for grade, width in zip(grades, widths, strict=True):
            columns.append((grade, at + width / 2))
            at += width
        sides.append(_Side(linear(0, most, x, x + _BARS, most=5), tuple(columns)))
        x += _BARS + _GAP + numbers + 2 * _GAP
    return label_at, sides


def _column(events: AdverseEvents, grade: str) -> float:
    texts = [_short(grade), _MISSING, *(cell.count for cell in events.cells() if cell.grade == grade)]
    return max(text_width(text, _SIZE, bold=True) for text in texts) + 10


def _width(sides: Sequence[_Side]) -> float:
    right = max(side.span[1] for side in sides)
    return max(right + MARGIN + 16, MARGIN + _LABEL + MARGIN, 480.0)


def _panel(
    canvas: Canvas,
    panel: Panel,
    label_at: float,
    sides: Sequence[_Side],
    fills: dict[str, Fill],
    y: float,
    width: float,
) -> float:
    """Draw one phase, and return the bottom."""
    y = canvas.paragraph(MARGIN, y, panel.title, width - 2 * MARGIN, size=_SIZE + 1, bold=True) + 4
    bottoms = []
    for arm, side in zip(panel.arms, sides, strict=True):
        left, right = side.span
        bottoms.append(
            canvas.paragraph((left + right) / 2, y, arm, right - left, size=_SIZE, bold=True, anchor="middle")
        )
    y = max(bottoms) + 2
    y = _column_heads(canvas, sides, y)
    top, bars = y, Canvas()
    for event in panel.events:
        y = _event(bars, event, label_at, sides, fills, y)
    for side in sides:
        _axis(canvas, side.scale, top, y)
    canvas.take(bars)
    return y + 4 + line_height(_SMALL) * 2 + 4


def _column_heads(canvas: Canvas, sides: Sequence[_Side], y: float) -> float:
    """Write above the numbers of which grade they are."""
    for side in sides:
        xs = [x for _, x in side.columns]
        words = wrap("patients of grade", max(max(xs) - min(xs) + 40, 70), _SMALL)
        below = canvas.lines((xs[0] + xs[-1]) / 2, y, words, size=_SMALL, anchor="middle", colour=QUIET)
        for grade, x in side.columns:
            canvas.lines(x, below, [_short(grade)], size=_SMALL, anchor="middle", colour=QUIET)
    return below + line_height(_SMALL) + 4


def _event(
    canvas: Canvas, event: Event, label_at: float, sides: Sequence[_Side], fills: dict[str, Fill], y: float
) -> float:
    """Draw one event: its name, and for each arm bar and numbers."""
    lines = wrap(event.label, _LABEL, _SIZE)
    height = max(len(lines) * line_height(_SIZE), _THICK) + 6
    mirrored = len(sides) == 2
    x = label_at + (_LABEL / 2 if mirrored else 0)
    canvas.lines(x, y + 3, lines, size=_SIZE, anchor="middle" if mirrored else "start")
    middle = y + height / 2
    for cells, side in zip(event.arms, sides, strict=True):
        at = 0.0
        held = {cell.grade: cell for cell in cells}
        for grade, x in side.columns:
            cell = held.get(grade)
            text = cell.count if cell else _MISSING
            canvas.text(x, middle + 4, text, anchor="middle", colour=QUIET if text == _MISSING else INK)
            if cell is None or not cell.part:
                continue
            ends = side.scale(at), side.scale(at + float(cell.part) * 100)
            at += float(cell.part) * 100
            left, breadth = min(ends), abs(ends[1] - ends[0])
            canvas.rectangle(
                left, middle - _THICK / 2, breadth, _THICK, fill=fills[grade], stroke=QUIET, stroke_width=0.5
            )
    return y + height


def _axis(canvas: Canvas, scale: Scale, top: float, bottom: float) -> None:
    for tick in scale.ticks:
        x = scale(tick)
        canvas.line((x, top), (x, bottom + 4), colour=RULE)
        canvas.text(x, bottom + 15, f"{tick:g}", size=_SMALL, anchor="middle")
    canvas.line((scale.left, bottom), (scale.right, bottom))
    canvas.lines((scale.left + scale.right) / 2, bottom + 18, ["% of patients"], size=_SMALL, anchor="middle")


def _described(events: AdverseEvents) -> str:
    parts = []
    for panel in events.panels:
        for event in panel.events:
            arms = [
                f"{arm}: "
                + (", ".join(f"{_named(cell.grade)} {cell.count}" for cell in cells) or "not reported")
                for arm, cells in zip(panel.arms, event.arms, strict=True)
            ]
            parts.append(f"{panel.title}: {event.label}: " + "; ".join(arms))
    return "Adverse events by arm and grade. " + ". ".join(parts) + "."
