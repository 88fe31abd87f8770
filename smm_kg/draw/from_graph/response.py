"""The responses of a study, from the query ``response-by-phase``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from smm_kg.draw.from_graph.study_facts import (
    Sources,
    arms_of,
    ask,
    counted,
    figure,
    name_of,
    settled,
    sources_of,
)
from smm_kg.draw.page import Caption
from smm_kg.draw.response import Bar, Responses, Share

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["responses"]

_BEST_FIRST = (
    "stringent complete response",
    "complete response",
    "complete response or better",
    "near complete response",
    "very good partial response",
    "very good partial response or better",
    "partial response",
    "partial response or better",
    "minimal response",
    "minimal response or better",
    "stable disease",
    "progressive disease",
)


def responses(graph: Graph, study: str | None = None) -> Responses:
    """Return the best responses that the graph holds of a study, a bar for each phase, arm and denominator.

    Categories of which the report does not say that they exclude each other are not stacked.

    Raises:
        DrawingError: the graph holds none, or of several studies.
    """
    study, rows = ask(graph, "response-by-phase", study)
    labels = {arm.id: arm.label for arm in arms_of(graph, study)}
    bars: dict[tuple[str, str, str, int | None], list[Any]] = {}
    kept, _, disagreements = settled(graph, study, rows)
    sources = sources_of(graph, [row.fact for row in kept])
    for row in kept:
        bars.setdefault((row.phase or "", row.arm or "", row.population or "", row.denominator), []).append(
            row
        )
    drawn = tuple(
        _bar(phase, labels.get(arm, arm), population, size, given, sources)
        for (phase, arm, population, size), given in bars.items()
    )
    exclusive = {share.category for bar in drawn for share in bar.exclusive}
    return Responses(
        Caption(
            f"{name_of(graph, study)}: best response by phase",
            "Patients by best response; a bar is all patients of the denominator",
            notes=(*sources.note(), *disagreements),
            sources=sources.listed(),
        ),
        tuple(sorted(exclusive, key=_rank)),
        drawn,
    )


def _rank(category: str) -> tuple[int, str]:
    return (_BEST_FIRST.index(category) if category in _BEST_FIRST else len(_BEST_FIRST), category)


def _bar(
    phase: str, arm: str, population: str, size: int | None, rows: Sequence[Any], sources: Sources
) -> Bar:
    label = ", ".join(part for part in (phase, arm) if part) or "response"
    number = f"N = {size}" if size is not None else "N not reported"
    shares = [(row.counting, _share(row, sources.mark(row.fact))) for row in rows]
    return Bar(
        label,
        ", ".join(part for part in (population, number) if part),
        _ordered(share for counting, share in shares if counting == "exclusive"),
        _ordered(share for counting, share in shares if counting != "exclusive"),
        size,
    )


def _ordered(shares: Any) -> tuple[Share, ...]:
    """Best first; a category stated twice with one number once."""
    return tuple(sorted(dict.fromkeys(shares), key=lambda share: (_rank(share.category), share.words)))


def _share(row: Any, mark: str) -> Share:
    part = None
    if row.count is not None and row.denominator:
        part = Fraction(str(row.count)) / row.denominator
    elif row.percent is not None:
        part = Fraction(str(row.percent)) / 100
    category = row.response or "response"
    short = figure(row.count) or (f"{figure(row.percent)}%" if row.percent is not None else "")
    return Share(category, (counted(row) or "number not reported") + mark, short, part)
