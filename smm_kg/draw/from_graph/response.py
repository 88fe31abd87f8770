"""The responses of a study, from the query ``response-by-phase``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from smm_kg.draw.from_graph.study_facts import ask, counted, documents_of, figure, name_of
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
    # A denominator belongs to its analysis set: rows of one set that give no denominator join those that do.
    bars: dict[tuple[str, str, str, int | None], list[Any]] = {}
    for row in rows:
        bars.setdefault((row.phase or "", row.arm or "", row.population or "", row.denominator), []).append(
            row
        )
    drawn = tuple(_bar(*key, given) for key, given in bars.items())
    exclusive = {share.category for bar in drawn for share in bar.exclusive}
    return Responses(
        Caption(
            f"{name_of(graph, study)}: best response by phase",
            "Patients by best response; a bar is all patients of the denominator",
            sources=documents_of(graph, [row.fact for row in rows]),
        ),
        tuple(sorted(exclusive, key=_rank)),
        drawn,
    )


def _rank(category: str) -> tuple[int, str]:
    return (_BEST_FIRST.index(category) if category in _BEST_FIRST else len(_BEST_FIRST), category)


def _bar(phase: str, arm: str, population: str, size: int | None, rows: Sequence[Any]) -> Bar:
    label = ", ".join(part for part in (phase, arm) if part) or "response"
    number = f"N = {size}" if size is not None else ""
    shares = [(row.counting, _share(row)) for row in rows]
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


def _share(row: Any) -> Share:
    part = None
    if row.count is not None and row.denominator:
        part = Fraction(str(row.count)) / row.denominator
    elif row.percent is not None:
        part = Fraction(str(row.percent)) / 100
    category = row.response or "response"
    short = figure(row.count) or (f"{figure(row.percent)}%" if row.percent is not None else "")
    return Share(category, counted(row) or "number not reported", short, part)
