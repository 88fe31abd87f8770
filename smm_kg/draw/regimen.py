"""Regimens as swim lanes: which drug on which days of the cycle, phase by phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import PALE, QUIET, RULE, Fill, category, ink_on
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["Course", "Plan", "Regimens", "draw"]

_SIZE, _SMALL = 12.0, 10.5
_DRUG, _DAYS, _TOTAL, _GAP = 190.0, 448.0, 120.0, 14.0
_LANE, _BAR = 30.0, 20.0
_LEFT = MARGIN + _DRUG + _GAP
_WIDTH = _LEFT + _DAYS + _GAP + _TOTAL + MARGIN


@dataclass(frozen=True, slots=True)
class Course:
    """A drug on consecutive days of the cycle.

    ``dose`` is as drawn (``25 mg/d``); the days are None where the report does not give them; ``total`` is
    the dose of the drug in a whole cycle, computed, empty where it cannot be.
    """

    drug: str
    dose: str
    first_day: int | None = None
    last_day: int | None = None
    total: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an arm receives in one phase.

    Attributes:
        arm: its label.
        phase: its label.
        name: of the regimen.
        cycles: how many and how long, as drawn (``9 cycles of 4 wk``).
        days: length of the cycle in days, None where it is not known.
        condition: circumstance in which it is given, empty where it is given to all.
        courses: in the order of the report.
    """

    arm: str
    phase: str
    name: str
    courses: tuple[Course, ...]
    cycles: str = ""
    days: int | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Regimens:
    """What swim lanes show: plans in their order, and arms with no drug, each with what is said of it."""

    caption: Caption
    plans: tuple[Plan, ...]
    without: tuple[tuple[str, str], ...] = ()


def draw(regimens: Regimens) -> str:
    """Return swim lanes as SVG.

    Raises:
        DrawingError: there is no plan.
    """
    if not regimens.plans:
        raise DrawingError("no regimen is known, so there are no lanes to draw")
    drugs = list(dict.fromkeys(course.drug for plan in regimens.plans for course in plan.courses))
    caption = _explained(regimens)
    canvas = Canvas()
    y = open_page(canvas, _WIDTH, caption)
    for plan in regimens.plans:
        y = _plan(canvas, plan, drugs, y) + 18
    for arm, words in regimens.without:
        y = canvas.paragraph(MARGIN, y, arm, _WIDTH - 2 * MARGIN, size=_SIZE, bold=True)
        y = canvas.paragraph(MARGIN, y, words, _WIDTH - 2 * MARGIN, size=_SIZE, colour=QUIET) + 12
    return close_page(canvas, _WIDTH, y - 12, caption, _described(regimens))


def _explained(regimens: Regimens) -> Caption:
    words = []
    if any(course.total for plan in regimens.plans for course in plan.courses):
        words.append("Dose per cycle: derived, dose per day times days, all courses of the drug added.")
    if any(plan.condition for plan in regimens.plans):
        words.append("Hatched: given only under the condition named.")
    return replace(regimens.caption, notes=(*((" ".join(words),) if words else ()), *regimens.caption.notes))


def _plan(canvas: Canvas, plan: Plan, drugs: Sequence[str], y: float) -> float:
    """Draw the heading, the lanes and the axis of a plan, and return the bottom."""
    room = _WIDTH - 2 * MARGIN
    y = canvas.paragraph(MARGIN, y, f"{plan.arm}, {plan.phase}: {plan.name}", room, size=_SIZE, bold=True)
    condition = f"only if: {plan.condition}" if plan.condition else ""
    about = "; ".join(part for part in (plan.cycles, condition) if part)
    y = canvas.paragraph(MARGIN, y, about, room, size=_SMALL, colour=QUIET) + 6
    days = _length(plan)
    heads = [(MARGIN, "Drug, dose, days of the cycle"), (_LEFT + _DAYS + _GAP, "Dose per cycle")]
    below = max(
        canvas.paragraph(x, y, head, width, size=_SMALL, colour=QUIET)
        for (x, head), width in zip(heads, (_DRUG, _TOTAL), strict=True)
    )
    top = y = below + 2
    lanes = Canvas()
    for drug in dict.fromkeys(course.drug for course in plan.courses):
        courses = [course for course in plan.courses if course.drug == drug]
        y = _drug(canvas, lanes, courses, category(drugs.index(drug)), plan, days, y)
    if days:
        _grid(canvas, days, top, y)
    canvas.take(lanes)
    return _axis(canvas, days, y, known=plan.days is not None) if days else y


def _length(plan: Plan) -> int:
    """Days on the axis: the cycle's, or up to the last day on which something is given."""
    last = max((course.last_day or course.first_day or 0 for course in plan.courses), default=0)
    return max(plan.days or 0, last)


def _x(day: float, days: int) -> float:
    return _LEFT + (day - 1) / days * _DAYS


def _drug(
    canvas: Canvas, lanes: Canvas, courses: Sequence[Course], fill: Fill, plan: Plan, days: int, y: float
) -> float:
    """Draw the lanes of one drug, its doses in words beside them, and return the bottom."""
    rows = _stacked([course for course in courses if course.first_day is not None])
    words = [line for course in courses for line in wrap(_in_words(course), _DRUG, _SMALL)]
    name = wrap(courses[0].drug, _DRUG, _SIZE, bold=True)
    totals = wrap(next((course.total for course in courses if course.total), ""), _TOTAL, _SIZE)
    left = len(name) * line_height(_SIZE) + len(words) * line_height(_SMALL)
    height = max(left + 8, len(totals) * line_height(_SIZE) + 8, len(rows) * _LANE, _LANE)
    canvas.rectangle(_LEFT, y, _DAYS, height, fill=Fill(PALE), stroke=None)
    below = canvas.lines(MARGIN, y + 3, name, size=_SIZE, bold=True)
    canvas.lines(MARGIN, below, words, size=_SMALL, colour=QUIET)
    canvas.lines(_LEFT + _DAYS + _GAP, y + 3, totals, size=_SIZE)
    painted = Fill(fill.colour, "rising") if plan.condition else fill
    for at, row in enumerate(rows):
        middle = y + height * (at + 0.5) / len(rows)
        for course in row:
            _bar(lanes, course, painted, days, middle)
    if not rows:
        lanes.paragraph(
            _LEFT + 8, y + 3, "days of the cycle not reported", _DAYS - 16, size=_SIZE, colour=QUIET
        )
    canvas.line((MARGIN, y + height), (_WIDTH - MARGIN, y + height), colour=RULE)
    return y + height


def _bar(canvas: Canvas, course: Course, fill: Fill, days: int, middle: float) -> None:
    """Draw the days of one course, with the dose in the bar where it fits."""
    first = course.first_day or 1
    left, right = _x(first, days), _x((course.last_day or first) + 1, days)
    canvas.rectangle(left + 1, middle - _BAR / 2, right - left - 2, _BAR, fill=fill)
    if text_width(course.dose, _SMALL, bold=True) + 8 <= right - left:
        halo = fill.colour if fill.pattern else None
        canvas.text(
            (left + right) / 2,
            middle + 4,
            course.dose,
            size=_SMALL,
            anchor="middle",
            bold=True,
            colour=ink_on(fill.colour),
            halo=halo,
        )


def _in_words(course: Course) -> str:
    if course.first_day is None:
        return f"{course.dose}, days not reported"
    if course.last_day is None or course.last_day == course.first_day:
        return f"{course.dose}, day {course.first_day}"
    return f"{course.dose}, days {course.first_day}–{course.last_day}"


def _stacked(courses: Sequence[Course]) -> list[list[Course]]:
    """Share out courses to as few lanes as hold them without overlap."""
    rows: list[list[Course]] = []
    for course in sorted(courses, key=lambda each: (each.first_day or 0, each.last_day or 0, each.dose)):
        for row in rows:
            last = row[-1]
            if (last.last_day or last.first_day or 0) < (course.first_day or 0):
                row.append(course)
                break
        else:
            rows.append([course])
    return rows


def _grid(canvas: Canvas, days: int, top: float, bottom: float) -> None:
    """Draw a line before each week."""
    step = 7 * max(1, -(-days // 140))
    for day in range(1, days + 2, step):
        canvas.line((_x(day, days), top), (_x(day, days), bottom), colour=RULE, dash="2 2")


def _axis(canvas: Canvas, days: int, y: float, *, known: bool) -> float:
    """Number the days below the lanes, as many as are legible, and return the bottom."""
    room = _DAYS / days
    widest = text_width(str(days), _SMALL) + 2
    step = next((each for each in (1, 2, 7, 14, 28, 56) if each * room >= widest), days)
    for day in range(1, days + 1, step):
        canvas.text(_x(day + 0.5, days), y + 14, str(day), size=_SMALL, anchor="middle")
    words = "day of the cycle" if known else "day of the cycle, whose length is not reported"
    return canvas.paragraph(_LEFT + _DAYS / 2, y + 18, words, _DAYS, size=_SMALL, anchor="middle")


def _described(regimens: Regimens) -> str:
    plans = [
        f"{plan.arm}, {plan.phase}, {plan.name}"
        + (f" ({plan.cycles})" if plan.cycles else "")
        + (f", only if {plan.condition}" if plan.condition else "")
        + ": "
        + "; ".join(f"{course.drug} {_in_words(course)}" for course in plan.courses)
        for plan in regimens.plans
    ]
    return "Drugs by day of the cycle. " + ". ".join(
        [*plans, *(f"{arm}: {words}" for arm, words in regimens.without)]
    )
