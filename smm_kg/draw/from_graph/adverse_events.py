"""The adverse events of a study, from the query ``adverse-events``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from smm_kg.draw.adverse_events import AdverseEvents, Cell, Event, Panel
from smm_kg.draw.from_graph.study_facts import (
    Arm,
    Sources,
    arms_of,
    ask,
    figure,
    name_of,
    settled,
    sources_of,
)
from smm_kg.draw.page import Caption, DrawingError

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["adverse_events"]

_WORST = 5
_GRADE = re.compile(r"(>=|<=)?(\d)(?:-(\d))?")


def adverse_events(graph: Graph, study: str | None = None) -> AdverseEvents:
    """Return the adverse events that the graph holds of a study, phase by phase, with counts or percentages.

    Of grades that overlap (1 and 1-2) the narrower are taken, so that a bar counts nobody twice. A percentage
    without a phase that another document gives of a phase, event, grade and arm is taken to repeat it. Parts
    of an event (its types, its treatment) and risks at a time are left out.

    Raises:
        DrawingError: the graph holds none with a number, or of several studies.
    """
    study, rows = ask(graph, "adverse-events", study)
    counted = [
        row
        for row in rows
        if row.arm
        and not row.detail
        and not row.timepoint
        and (row.count is not None or row.percent is not None)
    ]
    if not counted:
        raise DrawingError(f"the graph gives no number of patients with an adverse event in {study}")
    kept, _, disagreements = settled(graph, study, counted)
    stated_by = sources_of(graph, [row.fact for row in kept])
    taken = _disjoint([row for row in kept if not _repeats(row, kept, stated_by)])
    sources = sources_of(graph, [row.fact for row in taken])
    arms = [arm for arm in arms_of(graph, study) if any(row.arm == arm.id for row in taken)]
    phases = list(dict.fromkeys(row.phase for row in taken))
    phases.sort(key=lambda phase: phase is None)
    panels = [_panel(phase, arms, [row for row in taken if row.phase == phase], sources) for phase in phases]
    grades = sorted(
        {cell.grade for panel in panels for event in panel.events for arm in event.arms for cell in arm},
        key=_order,
    )
    notes = []
    if len(taken) < len(kept):
        left = len(kept) - len(taken)
        numbers = "1 number" if left == 1 else f"{left} numbers"
        notes.append(f"Left out: {numbers} for grades that overlap those drawn, or that are stated again.")
    caption = Caption(
        f"{name_of(graph, study)}: adverse events",
        "Patients with each event, by grade; bars in percent of N, beside them numbers of patients, "
        "or percentages where the report gives no number",
        (*notes, *sources.note(), *disagreements),
        sources.listed(),
    )
    return AdverseEvents(caption, tuple(grades), tuple(panels))


def _span(grade: str | None) -> tuple[int, int]:
    """The lowest and the highest grade that a printed grade covers; all of them where none is stated."""
    match = _GRADE.fullmatch(grade or "")
    if match is None:
        return 1, _WORST
    sign, first, last = match.groups()
    if sign == "<=":
        return 1, int(first)
    return int(first), _WORST if sign == ">=" else int(last or first)


def _order(grade: str) -> tuple[bool, tuple[int, int], str]:
    """Mild before severe, ``any`` and no grade last."""
    return (_GRADE.fullmatch(grade) is None, _span(grade), grade)


def _repeats(row: Any, rows: Sequence[Any], sources: Sources) -> bool:
    """Whether a row without a phase gives the percentage of a phase that another document reports."""
    if row.phase or row.percent is None or row.count is not None:
        return False
    percent, digits = Fraction(str(row.percent)), -min(0, int(row.percent.as_tuple().exponent))
    for other in rows:
        same = (other.event, other.grade, other.arm) == (row.event, row.grade, row.arm)
        if not other.phase or not same or sources.by_fact.get(other.fact) == sources.by_fact.get(row.fact):
            continue
        if other.count is not None and other.denominator:
            share = 100 * Fraction(str(other.count)) / other.denominator
        elif other.percent is not None:
            share = Fraction(str(other.percent))
        else:
            continue
        if abs(share - percent) <= Fraction(1, 2 * 10**digits):
            return True
    return False


def _disjoint(rows: Sequence[Any]) -> list[Any]:
    """Of the rows of one event, arm and phase, those whose grades exclude each other, narrowest first."""
    together: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        together.setdefault((row.phase, row.event, row.arm), []).append(row)
    taken: set[str] = set()
    for given in together.values():
        spans: list[tuple[int, int]] = []
        for row in sorted(given, key=_preference):
            low, high = _span(row.grade)
            if all(high < first or low > last for first, last in spans):
                spans.append((low, high))
                taken.add(row.fact)
    return [row for row in rows if row.fact in taken]


def _preference(row: Any) -> tuple[Any, ...]:
    low, high = _span(row.grade)
    return (high - low, low, row.grade is None, row.count is None or row.denominator is None, row.fact)


def _panel(phase: str | None, arms: Sequence[Arm], rows: Sequence[Any], sources: Sources) -> Panel:
    """The events of a phase, the most frequent in the first arm first."""
    held: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        held.setdefault(row.event, {}).setdefault(row.arm, []).append(row)
    sizes = {
        arm.id: {row.denominator for row in rows if row.arm == arm.id and row.denominator} for arm in arms
    }
    events = [
        Event(name, tuple(_cells(by_arm.get(arm.id, ()), sizes[arm.id], sources) for arm in arms))
        for name, by_arm in held.items()
    ]
    events.sort(key=lambda event: (*(-_sum(cells) for cells in event.arms), event.label))
    labels = tuple(f"{arm.label}, {_size(sizes[arm.id])}" for arm in arms)
    return Panel(phase or "phase not stated", labels, tuple(events))


def _size(sizes: set[int]) -> str:
    if not sizes:
        return "N not stated"
    return "N = " + (str(next(iter(sizes))) if len(sizes) == 1 else "as given")


def _sum(cells: Sequence[Cell]) -> Fraction:
    return sum((cell.part for cell in cells if cell.part is not None), Fraction(0))


def _cells(rows: Sequence[Any], sizes: set[int], sources: Sources) -> tuple[Cell, ...]:
    cells = []
    for row in rows:
        part = None
        text = figure(row.count)
        if row.count is not None and row.denominator:
            part = Fraction(str(row.count)) / row.denominator
            if len(sizes) > 1:
                text = f"{text}/{row.denominator}"
        elif row.percent is not None:
            part = Fraction(str(row.percent)) / 100
            text = text or f"{figure(row.percent)}%"
        cells.append(Cell(row.grade or "", text + sources.mark(row.fact), part))
    return tuple(sorted(cells, key=lambda cell: _order(cell.grade)))
