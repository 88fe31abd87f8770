"""The regimens of a study, from the query ``regimen-schedule``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smm_kg.draw.from_graph.study_facts import Arm, arms_of, ask, figure, name_of, sources_of, unit
from smm_kg.draw.page import Caption
from smm_kg.draw.regimen import Course, Plan, Regimens

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["regimens"]

_DAYS = {"d": 1, "wk": 7}
_UNTREATED = {
    "no intervention": "no intervention",
    "deferred treatment": "treatment deferred",
    "placebo comparator": "placebo; no doses reported",
}


def regimens(graph: Graph, study: str | None = None) -> Regimens:
    """Return the regimens that the graph holds of a study, arm by arm and phase by phase.

    Raises:
        DrawingError: the graph holds none, or of several studies.
    """
    study, rows = ask(graph, "regimen-schedule", study)
    arms = arms_of(graph, study)
    labels = {arm.id: arm.label for arm in arms}
    plans: dict[tuple[str, str, str, str], list[Any]] = {}
    for row in rows:
        plans.setdefault((row.arm, row.phase, row.regimen, row.condition or ""), []).append(row)
    treated = {arm for arm, *_ in plans}
    return Regimens(
        Caption(
            f"{name_of(graph, study)}: regimens",
            "Doses as planned, by day of the treatment cycle",
            sources=sources_of(graph, [row.fact for row in rows]).listed(),
        ),
        tuple(_plan(labels.get(key[0], key[0]), key, given) for key, given in plans.items()),
        tuple((arm.label, _without(arm)) for arm in arms if arm.id not in treated),
    )


def _without(arm: Arm) -> str:
    return _UNTREATED.get(arm.role, "no dose reported")


def _plan(label: str, key: tuple[str, str, str, str], rows: list[Any]) -> Plan:
    _, phase, name, condition = key
    first = rows[0]
    length, days = "", None
    if first.cycle_length is not None:
        length = f"{figure(first.cycle_length)} {unit(first.cycle_unit)}".strip()
        factor = _DAYS.get(first.cycle_unit or "")
        exact = first.cycle_length * factor if factor else None
        days = int(exact) if exact is not None and exact == int(exact) else None
    number = f"{figure(first.cycles)} cycles" if first.cycles is not None else ""
    cycles = " of ".join(part for part in (number or ("cycles" if length else ""), length) if part)
    return Plan(label, phase, name, tuple(_course(row) for row in rows), cycles, days, condition)


def _course(row: Any) -> Course:
    dose = f"{figure(row.dose) or row.printed} {row.dose_unit or ''}".strip()
    total = ""
    if row.derived_dose_per_cycle is not None:
        total = f"{figure(row.derived_dose_per_cycle)} {row.derived_dose_unit or ''}".strip()
    return Course(row.drug, dose, _day(row.first_day), _day(row.last_day), total)


def _day(value: object) -> int | None:
    return None if value is None else int(str(value).split(".")[0])
