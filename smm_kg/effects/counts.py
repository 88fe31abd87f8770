"""Effects from the counts of a fourfold table: risk ratio, odds ratio, risk difference."""

from __future__ import annotations

import math
from typing import Literal

from smm_kg.effects.errors import InputError, NotEstimableError
from smm_kg.effects.estimate import Estimate, Interval, from_effect
from smm_kg.effects.inputs import as_level
from smm_kg.effects.proportions import wilson_interval
from smm_kg.effects.table import Cells, Table2x2, ZeroCells, corrected

__all__ = ["DifferenceInterval", "newcombe_limits", "odds_ratio", "risk_difference", "risk_ratio"]

DifferenceInterval = Literal["newcombe", "wald"]

_NAME_A_METHOD = "name a correction in zero_cells, or use the risk difference"


def risk_ratio(
    table: Table2x2, *, level: float = 0.95, zero_cells: ZeroCells = "refuse", source: str = ""
) -> Estimate:
    """The risk of the event in the treatment arm over that in the control arm, with its log interval.

    A correction is needed where an arm has no event, or where all patients of both arms have one: the ratio
    is then 1 and its standard error 0, and the correction serves the standard error alone. A table without
    any event says nothing of the ratio and is refused whatever the method.

    Args:
        table: the counts.
        level: the confidence level as a fraction.
        zero_cells: how empty cells are handled.
        source: what the counts were read from.

    Returns:
        The estimate; ``standard_error`` is that of the log risk ratio, ``p`` its Wald P value.

    Raises:
        NotEstimableError: there is no event in one arm and no correction is named, or none in both.
        InputError: the level is no fraction, or the method has another name.

    Source: Katz D, Baptista J, Azen SP, Pike MC. Biometrics 1978;34:469-74.
    """
    no_event = table.treatment_events == 0 or table.control_events == 0
    all_events = table.treatment_free == 0 and table.control_free == 0
    if table.events == 0:
        raise NotEstimableError("risk ratio", f"no event in either arm ({table})", hint="leave the study out")
    cells = corrected(table, zero_cells, needed=no_event or all_events)
    if cells.correction is None and (no_event or all_events):
        reason = "an arm without events" if no_event else "events in all patients of both arms"
        raise NotEstimableError("risk ratio", f"{reason} ({table})", hint=_NAME_A_METHOD)
    n1, n2 = cells.a + cells.b, cells.c + cells.d
    # 1/a - 1/n, written so that it keeps its digits when nearly all patients have the event.
    variance = cells.b / (cells.a * n1) + cells.d / (cells.c * n2)
    only_error = all_events and zero_cells != "haldane-anscombe"
    return from_effect(
        "risk ratio",
        0.0 if only_error else math.log(cells.a * n2 / (cells.c * n1)),
        math.sqrt(variance),
        level=level,
        method="log risk ratio (Katz 1978)",
        source=source,
        notes=_error_notes(cells) if only_error else _notes(cells),
    )


def odds_ratio(
    table: Table2x2, *, level: float = 0.95, zero_cells: ZeroCells = "refuse", source: str = ""
) -> Estimate:
    """The odds of the event in the treatment arm over those in the control arm, with Woolf's logit interval.

    A correction is needed where any cell is empty. A table in which nobody, or everybody, has the event says
    nothing of the ratio and is refused whatever the method.

    Args:
        table: the counts.
        level: the confidence level as a fraction.
        zero_cells: how empty cells are handled.
        source: what the counts were read from.

    Returns:
        The estimate; ``standard_error`` is that of the log odds ratio, ``p`` its Wald P value.

    Raises:
        NotEstimableError: a cell is empty and no correction is named, or all or no patients have the event.
        InputError: the level is no fraction, or the method has another name.

    Source: Woolf B. Ann Hum Genet 1955;19:251-3.
    """
    if table.events in (0, table.total):
        which = "no event in either arm" if table.events == 0 else "events in all patients of both arms"
        raise NotEstimableError("odds ratio", f"{which} ({table})", hint="leave the study out")
    empty = min(table.treatment_events, table.treatment_free, table.control_events, table.control_free) == 0
    cells = corrected(table, zero_cells, needed=empty)
    if cells.correction is None and empty:
        raise NotEstimableError("odds ratio", f"an empty cell ({table})", hint=_NAME_A_METHOD)
    return from_effect(
        "odds ratio",
        math.log(cells.a * cells.d / (cells.b * cells.c)),
        math.sqrt(1 / cells.a + 1 / cells.b + 1 / cells.c + 1 / cells.d),
        level=level,
        method="logit odds ratio (Woolf 1955)",
        source=source,
        notes=_notes(cells),
    )


def risk_difference(
    table: Table2x2,
    *,
    level: float = 0.95,
    interval: DifferenceInterval = "newcombe",
    zero_cells: ZeroCells = "refuse",
    source: str = "",
) -> Estimate:
    """The risk of the event in the treatment arm minus that in the control arm, as a fraction.

    ``newcombe``, the default, is the hybrid score interval: it lies in -1 to 1, has no zero width, and covers
    close to its level in small arms. ``wald`` is the simple interval of older reports. The standard error is
    the unpooled Wald one with either; where both risks are 0 or 1 it is 0 and left out, unless a correction
    is named, which then serves the standard error alone: the difference itself is never corrected.

    Args:
        table: the counts.
        level: the confidence level as a fraction.
        interval: the method of the interval.
        zero_cells: how a standard error of 0 is handled.
        source: what the counts were read from.

    Returns:
        The estimate; ``p`` is the Wald P value with ``wald``, None with ``newcombe``.

    Raises:
        NotEstimableError: a Wald interval is asked for whose standard error is 0.
        InputError: the level is no fraction, or a method has another name.

    Sources: Newcombe RG. Stat Med 1998;17:873-90 (method 10; Wald is its method 1).
    """
    if interval not in ("newcombe", "wald"):
        raise InputError("interval", interval, "newcombe or wald")
    n1, n2 = table.treatment_total, table.control_total
    # One division of whole numbers, so that equal risks give 0 and not the last bit of a float.
    difference = (table.treatment_events * n2 - table.control_events * n1) / (n1 * n2)
    cells = corrected(table, zero_cells, needed=_wald_variance(Cells(*_raw(table))) == 0)
    error = math.sqrt(_wald_variance(cells))
    notes = _error_notes(cells)
    if interval == "wald":
        if error == 0:
            reason = f"the Wald standard error is 0 ({table})"
            raise NotEstimableError("Wald interval", reason, hint="use the Newcombe interval")
        return from_effect(
            "risk difference", difference, error, level=level, method="Wald", source=source, notes=notes
        )
    limits = newcombe_limits(table, level=level)
    if error == 0:
        notes = (*notes, "no standard error: each risk is 0 or 1")
    return Estimate(
        measure="risk difference",
        value=difference,
        lower=limits.lower,
        upper=limits.upper,
        level=level,
        standard_error=error or None,
        method="Newcombe hybrid score",
        source=source,
        notes=notes,
    )


def newcombe_limits(table: Table2x2, *, level: float = 0.95) -> Interval:
    """The hybrid score interval of a risk difference, from the Wilson intervals of the two risks.

    Raises:
        InputError: the level is no fraction.

    Source: Newcombe RG. Stat Med 1998;17:873-90, method 10.
    """
    as_level(level)
    n1, n2 = table.treatment_total, table.control_total
    p1, p2 = table.treatment_events / n1, table.control_events / n2
    difference = (table.treatment_events * n2 - table.control_events * n1) / (n1 * n2)
    first = wilson_interval(table.treatment_events, n1, level=level)
    second = wilson_interval(table.control_events, n2, level=level)
    return Interval(
        lower=max(-1.0, difference - math.hypot(p1 - first.lower, second.upper - p2)),
        upper=min(1.0, difference + math.hypot(first.upper - p1, p2 - second.lower)),
        level=level,
        method="Newcombe hybrid score",
    )


def _raw(table: Table2x2) -> tuple[int, int, int, int]:
    return table.treatment_events, table.treatment_free, table.control_events, table.control_free


def _wald_variance(cells: Cells) -> float:
    n1, n2 = cells.a + cells.b, cells.c + cells.d
    return cells.a * cells.b / n1**3 + cells.c * cells.d / n2**3


def _notes(cells: Cells) -> tuple[str, ...]:
    return (cells.correction,) if cells.correction else ()


def _error_notes(cells: Cells) -> tuple[str, ...]:
    return tuple(f"standard error with {note}" for note in _notes(cells))
