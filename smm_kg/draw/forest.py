"""Forest plot: estimates of studies with their intervals, what they were, and what they pool to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from smm_kg.draw.canvas import Anchor, Canvas
from smm_kg.draw.colour import INK, PALE, PAPER, QUIET, Fill
from smm_kg.draw.forest_axis import Axis, axis_of
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["Forest", "Pooled", "Row", "draw"]

_SIZE, _SMALL = 12.0, 10.5
_STUDY, _COLUMN, _WORDS, _PLOT, _GAP = 190.0, 150.0, 240.0, 280.0, 14.0
_FAVOURS = 200.0
_LONG = 80  # characters from which on a cell makes its column a wide one
_LINE, _PAD = line_height(_SIZE), 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate of one study.

    Attributes:
        study: its name.
        label: what was compared there (``lenalidomide-dexamethasone vs observation``); may be empty.
        estimate: None where the study gives none.
        lower: lower limit of the interval, None where not given.
        upper: upper limit of the interval, None where not given.
        weight: share of the pooled estimate in percent, None where nothing is pooled.
        origin: whether a document states the estimate or a program computed it.
        columns: cells of the text columns, as many as :attr:`Forest.columns`.
        printed: estimate and interval as text; when not given, made of the numbers as they are.
        absent: what to print where there is no estimate (``not reached``).
        group: heading under which the row stands.
    """

    study: str
    label: str = ""
    estimate: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    weight: Decimal | None = None
    origin: Literal["reported", "derived"] = "reported"
    columns: tuple[str, ...] = ()
    printed: str | None = None
    absent: str = "not reported"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled estimate, drawn as a diamond, with its prediction interval where there is one.

    ``group`` names the rows it pools, empty for all of them; ``printed`` and ``prediction_printed`` are made
    of the numbers as they are when not given.
    """

    label: str
    estimate: Decimal
    lower: Decimal
    upper: Decimal
    prediction: tuple[Decimal, Decimal] | None = None
    printed: str | None = None
    prediction_printed: str | None = None
    columns: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Forest:
    """What a forest plot shows.

    Attributes:
        caption: title, notes (caveats) and sources.
        measure: what the estimates are (``hazard ratio``); the heading of axis and numbers.
        level: confidence level of the intervals in percent, None where they are not all of one level.
        scale: ``ratio`` for a logarithmic axis about 1, ``difference`` for a linear one about 0.
        rows: in the order drawn, gathered under their groups.
        columns: headings of the text columns between the studies and the plot.
        pooled: pooled estimates.
        favours: what an estimate left and right of no difference says.
        unit: of a difference (``percentage points``).
    """

    caption: Caption
    measure: str
    rows: tuple[Row, ...]
    scale: Literal["ratio", "difference"] = "ratio"
    level: Decimal | None = Decimal(95)
    columns: tuple[str, ...] = ()
    pooled: tuple[Pooled, ...] = ()
    favours: tuple[str, str] = ("", "")
    unit: str = ""

    def intervals(self) -> list[tuple[Decimal | None, Decimal | None, Decimal | None]]:
        """Return lower limit, estimate and upper limit of all that is drawn, prediction intervals too."""
        drawn: list[tuple[Decimal | None, Decimal | None, Decimal | None]] = [
            (row.lower, row.estimate, row.upper) for row in self.rows
        ]
        for pooled in self.pooled:
            drawn.append((pooled.lower, pooled.estimate, pooled.upper))
            if pooled.prediction:
                drawn.append((pooled.prediction[0], None, pooled.prediction[1]))
        return drawn


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table: its cells broken into lines, study first, and what the plot shows beside them."""

    cells: tuple[tuple[str, ...], ...]
    what: Row | Pooled | tuple[Decimal, Decimal] | None = None
    bold: bool = False
    quiet_from: int = 100  # lines of the first cell from here on are of lesser weight

    @property
    def height(self) -> float:
        return max(1, *(len(cell) for cell in self.cells), 1) * _LINE + 2 * _PAD


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    width: float
    anchor: Anchor = "start"

    @property
    def x(self) -> float:
        return self.left if self.anchor == "start" else self.left + self.width


def draw(forest: Forest) -> str:
    """Return a forest plot as SVG.

    Raises:
        DrawingError: there is no row, not even one without an estimate, or a number is not a number.
    """
    if not forest.rows:
        raise DrawingError(
            "a forest plot needs at least one study", hint="ask for another end point or study"
        )
    if any(number is not None and number.is_nan() for each in forest.intervals() for number in each):
        raise DrawingError("an estimate or limit is NaN", hint="give None for what is not known")
    heads = _heads(forest)
    table = _table(forest, len(heads))
    columns, plot_left, width = _places(forest, heads, table)
    canvas, marks = Canvas(), Canvas()
    forest = replace(forest, caption=_explained(forest))
    top = open_page(canvas, width, forest.caption)
    axis = axis_of(forest.intervals(), forest.scale, plot_left + 10, plot_left + _PLOT - 10)
    y = first = _headings(canvas, heads, columns, top, width)
    for index, line in enumerate(table):
        if index % 2:
            canvas.rectangle(
                MARGIN - 6, y, width - 2 * MARGIN + 12, line.height, fill=Fill(PALE), stroke=None
            )
        _cells(canvas, line, columns, y)
        _mark(marks, axis, line.what, y + _PAD + _LINE / 2, forest)
        y += line.height
    measure = forest.measure + (f" ({forest.unit})" if forest.unit else "")
    bottom = axis.draw(canvas, first, y + 4, measure)
    canvas.take(marks)
    bottom = _favours(canvas, forest, axis, width, bottom)
    return close_page(canvas, width, bottom, forest.caption, _described(forest))


def _interval_text(estimate: Decimal | None, lower: Decimal | None, upper: Decimal | None) -> str:
    """Estimate and limits as they are; what is missing is said to be."""
    middle = "estimate not reported" if estimate is None else _figure(estimate)
    if lower is not None and upper is not None:
        return f"{middle} ({_figure(lower)} to {_figure(upper)})"
    if lower is not None:
        return f"{middle} (lower limit {_figure(lower)}, upper not reported)"
    if upper is not None:
        return f"{middle} (upper limit {_figure(upper)}, lower not reported)"
    return f"{middle} (interval not reported)"


def _figure(value: Decimal) -> str:
    return f"{value}".replace("-", "−").replace("Infinity", "∞")


def _computed(value: Decimal) -> str:
    """Return a number that no report prints, to three significant digits as other computed ones."""
    return _figure(Decimal(f"{round(value, 2 - value.adjusted()):f}") if value.is_finite() else value)


def _numbers(what: Row | Pooled) -> str:
    if isinstance(what, Row) and what.estimate is None and what.lower is None and what.upper is None:
        return what.absent
    return what.printed or _interval_text(what.estimate, what.lower, what.upper)


def _weighted(forest: Forest) -> bool:
    return any(row.weight is not None for row in forest.rows)


def _heads(forest: Forest) -> list[str]:
    level = f" ({forest.level.normalize():f}% CI)" if forest.level is not None else " (interval)"
    measure = forest.measure[:1].upper() + forest.measure[1:]
    return ["Study", *forest.columns, measure + level, *(["Weight"] if _weighted(forest) else [])]


def _table(forest: Forest, columns: int) -> list[_Line]:
    """Rows under their groups, pooled estimates after what they pool, those of all rows last."""
    lines: list[_Line] = []
    groups = dict.fromkeys([*(row.group for row in forest.rows), *(each.group for each in forest.pooled)])
    for group in groups:
        if group:
            lines.append(_Line((wrap(group, _STUDY, _SIZE, bold=True),), bold=True))
        lines += [_row(forest, row) for row in forest.rows if row.group == group]
        for pooled in forest.pooled:
            if group and pooled.group == group:
                lines += _pooled(forest, pooled)
    for pooled in forest.pooled:
        if not pooled.group:
            lines += _pooled(forest, pooled)
    return lines


def _row(forest: Forest, row: Row) -> _Line:
    numbers = _numbers(row) + (" †" if row.origin == "derived" and row.estimate is not None else "")
    weight = ("" if row.weight is None else f"{row.weight:.1f}%",) if _weighted(forest) else ()
    cells = _wrapped([*_padded(row.columns, forest), numbers, *weight], forest)
    study = wrap(row.study, _STUDY, _SIZE)
    return _Line(((*study, *wrap(row.label, _STUDY, _SIZE)), *cells), row, quiet_from=len(study))


def _pooled(forest: Forest, pooled: Pooled) -> list[_Line]:
    cells = _wrapped([*_padded(pooled.columns, forest), _numbers(pooled)], forest, bold=True)
    lines = [_Line((wrap(pooled.label, _STUDY, _SIZE, bold=True), *cells), pooled, bold=True)]
    if pooled.prediction:
        low, high = pooled.prediction
        text = pooled.prediction_printed or f"{_computed(low)} to {_computed(high)}"
        cells = _wrapped([*_padded((), forest), text], forest)
        lines.append(_Line((("Prediction interval",), *cells), pooled.prediction))
    return lines


def _padded(columns: Sequence[str], forest: Forest) -> list[str]:
    return [columns[at] if at < len(columns) else "" for at in range(len(forest.columns))]


def _wrapped(cells: Sequence[str], forest: Forest, *, bold: bool = False) -> list[tuple[str, ...]]:
    """Break cells into lines; columns with much to say are wide, so that rows do not grow tall."""
    wide = {at for row in forest.rows for at, cell in enumerate(row.columns) if len(cell) > _LONG}
    return [wrap(cell, _WORDS if at in wide else _COLUMN, _SIZE, bold=bold) for at, cell in enumerate(cells)]


def _places(
    forest: Forest, heads: Sequence[str], table: Sequence[_Line]
) -> tuple[list[_Column], float, float]:
    """Columns as wide as their widest cell, the left edge of the plot among them, and the page's width."""
    columns: list[_Column] = []
    x, plot_left = MARGIN, MARGIN
    for at, head in enumerate(heads):
        if at == 1 + len(forest.columns):
            plot_left, x = x, x + _PLOT + _GAP
        widest = max(text_width(line, _SIZE, bold=True) for line in wrap(head, _COLUMN, _SIZE, bold=True))
        for line in table:
            for text in line.cells[at] if at < len(line.cells) else ():
                widest = max(widest, text_width(text, _SIZE, bold=line.bold))
        columns.append(_Column(x, widest, "end" if head == "Weight" and at == len(heads) - 1 else "start"))
        x += widest + _GAP
    return columns, plot_left, x - _GAP + MARGIN


def _headings(
    canvas: Canvas, heads: Sequence[str], columns: Sequence[_Column], top: float, width: float
) -> float:
    bottoms = []
    for head, column in zip(heads, columns, strict=True):
        lines = wrap(head, _COLUMN, _SIZE, bold=True)
        bottoms.append(canvas.lines(column.x, top, lines, size=_SIZE, bold=True, anchor=column.anchor))
    bottom = max(bottoms) + 4
    canvas.line((MARGIN - 6, bottom), (width - MARGIN + 6, bottom))
    return bottom + 1


def _cells(canvas: Canvas, line: _Line, columns: Sequence[_Column], y: float) -> None:
    for at, (cell, column) in enumerate(zip(line.cells, columns, strict=False)):
        split = len(cell) if at else line.quiet_from
        below = canvas.lines(
            column.x, y + _PAD, cell[:split], size=_SIZE, bold=line.bold, anchor=column.anchor
        )
        canvas.lines(column.x, below, cell[split:], size=_SIZE, colour=QUIET, anchor=column.anchor)


def _mark(
    canvas: Canvas, axis: Axis, what: Row | Pooled | tuple[Decimal, Decimal] | None, y: float, forest: Forest
) -> None:
    """Draw what a line shows in the plot: square with whiskers, diamond, or prediction interval."""
    if isinstance(what, Pooled):
        axis.diamond(canvas, what.lower, what.estimate, what.upper, y)
    elif isinstance(what, tuple):
        axis.whisker(canvas, what[0], what[1], y, dash="5 3")
    elif isinstance(what, Row):
        axis.whisker(canvas, what.lower, what.upper, y, through=what.estimate)
        if what.estimate is not None and axis.can_show(what.estimate):
            half = _half(what, forest)
            fill = Fill(INK if what.origin == "reported" else PAPER)
            canvas.rectangle(axis.at(what.estimate) - half, y - half, 2 * half, 2 * half, fill=fill)


def _half(row: Row, forest: Forest) -> float:
    """Half the side of a square, its area in proportion to the weight, never too small to see."""
    heaviest = max((each.weight for each in forest.rows if each.weight is not None), default=Decimal(0))
    if heaviest <= 0 or row.weight is None:
        return 4.0
    return max(2.0, 8.0 * math.sqrt(max(row.weight, Decimal(0)) / heaviest))


def _favours(canvas: Canvas, forest: Forest, axis: Axis, width: float, y: float) -> float:
    """Write below the axis what each side says, and return the bottom."""
    left, right = forest.favours
    null = axis.null_at
    bottom = y
    if left:
        lines = wrap(f"← {left}", min(_FAVOURS, null - 6 - MARGIN), _SMALL)
        bottom = canvas.lines(null - 6, y, lines, size=_SMALL, anchor="end")
    if right:
        *first, last = wrap(right, min(_FAVOURS, width - MARGIN - null - 22), _SMALL)
        bottom = max(bottom, canvas.lines(null + 6, y, (*first, f"{last} →"), size=_SMALL))
    return bottom


def _explained(forest: Forest) -> Caption:
    """The caption with a note that says what the marks mean, as far as they occur."""
    drawn = [row for row in forest.rows if row.estimate is not None]
    words = []
    if any(row.origin == "reported" for row in drawn):
        words.append("Filled square: reported.")
    if any(row.origin == "derived" for row in drawn):
        words.append("Open square, †: derived from what is reported.")
    if any(row.weight is not None for row in drawn):
        words.append("Area of a square: weight.")
    if forest.pooled:
        words.append("Diamond: pooled estimate and its interval.")
    if any(pooled.prediction for pooled in forest.pooled):
        words.append("Dashed line: prediction interval.")
    axis = axis_of(forest.intervals(), forest.scale, 0, 1)
    if any(axis.leaves(low, high) for low, _, high in forest.intervals()):
        words.append("Arrow: the interval goes on beyond the axis.")
    if any(middle is not None and not axis.can_show(middle) for _, middle, _ in forest.intervals()):
        words.append("An estimate with no place on the axis is given in figures alone.")
    notes = (" ".join(words),) if words else ()
    return replace(forest.caption, notes=(*notes, *forest.caption.notes))


def _described(forest: Forest) -> str:
    rows = [
        f"{row.study}{', ' if row.label else ''}{row.label}: {_numbers(row)} ({row.origin})"
        for row in forest.rows
    ]
    pooled = [f"{each.label}: {_numbers(each)}" for each in forest.pooled]
    return f"Forest plot of {forest.measure}. " + "; ".join([*rows, *pooled]) + "."
