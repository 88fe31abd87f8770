"""The responses of a study, from the query ``response-by-phase``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from smm_kg.draw.from_graph.study_facts import (
    WHOLE_SETS,
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
from smm_kg.draw.response import DERIVED, Bar, Responses, Share

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
_NO_RESPONSE = frozenset({"stable disease", "progressive disease"})


def responses(graph: Graph, study: str | None = None) -> Responses:
    """Return the best responses that the graph holds of a study, a bar for each phase, arm and denominator.

    Categories of which the report does not say that they exclude each other are not stacked. Where it says
    which better degrees a category includes, and all of them are counted, the patients of this degree alone
    are derived.

    Raises:
        DrawingError: the graph holds none, or of several studies.
    """
    study, rows = ask(graph, "response-by-phase", study)
    labels = {arm.id: arm.label for arm in arms_of(graph, study)}
    bars: dict[tuple[str, str, str, int | None], list[Any]] = {}
    kept, _, disagreements = settled(graph, study, rows)
    # What is said of a study without a number (an end point that was not met) is no bar.
    kept = [row for row in kept if row.arm or counted(row)]
    sizes = _sizes(graph, study)
    sources = sources_of(graph, [row.fact for row in kept])
    for row in kept:
        bars.setdefault((row.phase or "", row.arm or "", row.population or "", row.denominator), []).append(
            row
        )
    drawn = tuple(
        _bar(
            ", ".join(part for part in (phase, labels.get(arm, arm)) if part) or "response",
            _detail(population, size, sizes.get(arm, "")),
            size,
            given,
            sources,
        )
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


def _sizes(graph: Graph, study: str) -> dict[str, str]:
    """How many patients each arm has, in its widest analysis set, for bars without a denominator."""
    sizes: dict[str, dict[str, list[str]]] = {}
    for row in graph.query("analysis-populations", study=study):
        if row.arm and row.size is not None and row.kind in WHOLE_SETS:
            said = f"{row.population}: {figure(row.size)}"
            sizes.setdefault(row.arm, {}).setdefault(row.kind, []).append(said)
    widest = {arm: held[min(held, key=WHOLE_SETS.index)] for arm, held in sizes.items()}
    return {arm: "; ".join(dict.fromkeys(said)) for arm, said in widest.items()}


def _detail(population: str, size: int | None, arm_size: str) -> str:
    """The analysis set and N; the size of the arm where the report does not say of how many a number is."""
    if size is not None:
        return ", ".join(part for part in (population, f"N = {size}") if part)
    return ", ".join(part for part in (population, "denominator not reported", arm_size) if part)


def _bar(label: str, detail: str, size: int | None, rows: Sequence[Any], sources: Sources) -> Bar:
    shares = [(row.counting, _share(row, sources.mark(row.fact))) for row in rows]
    stacked = [share for counting, share in shares if counting == "exclusive"]
    return Bar(
        label,
        detail,
        _ordered([*stacked, *_alone(rows, size)]),
        _ordered(share for counting, share in shares if counting != "exclusive"),
        size,
    )


def _alone(rows: Sequence[Any], size: int | None) -> Iterator[Share]:
    """Derive the patients of a degree that includes better ones: its count less those of the better ones.

    Nothing is derived where a count is missing or stated in two ways, or where a category has no patients of
    its own but joins degrees (``partial response or better``).
    """
    if size is None:
        return
    alone = _counts(row for row in rows if row.counting == "exclusive")
    cumulative = [row for row in rows if row.counting == "cumulative" and row.includes]
    counts = _counts(cumulative)
    for row in sorted(cumulative, key=lambda row: _rank(row.response)):
        better = row.includes.split(", ")
        if row.response in alone or row.response in better or row.response.endswith(" or better"):
            continue
        parts = [counts.get(row.response), *(alone.get(name) for name in better)]
        known = [count for count in parts if count is not None]
        if len(known) < len(parts) or (left := known[0] - sum(known[1:])) < 0:
            continue
        alone[row.response] = left
        yield Share(row.response, f"{left} of {size} {DERIVED}", str(left), Fraction(left) / size)


def _counts(rows: Iterable[Any]) -> dict[str, int | None]:
    """The whole number of patients of each category; None where there is none or there are several."""
    found: dict[str, set[int | None]] = {}
    for row in rows:
        whole = row.count is not None and row.count == int(row.count)
        found.setdefault(row.response, set()).add(int(row.count) if whole else None)
    return {name: next(iter(held)) if len(held) == 1 else None for name, held in found.items()}


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
    return Share(
        category, (counted(row) or "number not reported") + mark, short, part, category not in _NO_RESPONSE
    )
