"""One row of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from smm_kg.compare.evidence import Evidence, Result
from smm_kg.effects import Estimate
from smm_kg.rows import Cell, Iri

__all__ = ["COLUMNS", "Caveat", "Row"]

COLUMNS = (
    "study", "contrast", "endpoint", "definition", "measure", "estimate", "lower", "upper", "p_comparator",
    "p", "value_status", "origin", "printed", "population", "source", "caveats", "level", "n_experimental",
    "n_reference", "median_experimental", "median_reference", "phase", "timepoint", "time_origin", "method",
    "fact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing to know before comparing: its name, for programs, and what it is in words."""

    name: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Row:
    """An effect of a contrast, or a result of one arm where a study has no more, with its caveats.

    ``estimate``, ``lower`` and ``upper`` are of the measure named; a percentage is 77, a difference of
    percentages in percentage points. ``origin`` says whether a document states it or this program computed
    it, then by ``method``, and ``computed`` is what it found. ``contrast`` is an arm alone where nothing is
    compared. A bound (``<0.05``) is no estimate: it stands in ``printed`` alone, as the P value's comparator
    does in ``p_comparator``.
    """

    result: Result
    contrast: str
    measure: str
    value_status: str
    origin: Literal["reported", "derived"] = "reported"
    estimate: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    level: Decimal | None = None
    p_comparator: str | None = None
    p: Decimal | None = None
    printed: str | None = None
    n_experimental: int | None = None
    n_reference: int | None = None
    median_experimental: str | None = None
    median_reference: str | None = None
    method: str | None = None
    caveats: tuple[Caveat, ...] = ()
    computed: Estimate | None = None

    @property
    def caveat_names(self) -> frozenset[str]:
        """The names of the caveats."""
        return frozenset(caveat.name for caveat in self.caveats)

    @property
    def definition(self) -> str | None:
        """What counts as the event, and how death without it does where that is known."""
        parts = (self.result.definition, self.result.deaths)
        stated = [part for part in parts if part and "not stated" not in part]
        return "; ".join(stated) or None

    @property
    def sizes(self) -> str | None:
        """The patients of both arms, an unknown number as ``?``, or of the one arm that there is."""
        sizes = (self.n_experimental, self.n_reference)
        if sizes == (None, None):
            return None
        of = sizes if self.result.reference is not None else sizes[:1]
        return "/".join("?" if size is None else str(size) for size in of)

    def arms(self, evidence: Evidence) -> str:
        """The contrast with the arms as their study labels them."""
        known = evidence.arms.get(self.result.study, {})
        return " vs ".join(known[arm].label if arm in known else arm for arm in self.contrast.split(" vs "))

    def cells(self) -> tuple[Cell, ...]:
        """The row as cells of :data:`COLUMNS`."""
        of = self.result
        return (
            of.study, self.contrast, of.end_point, self.definition, self.measure, self.estimate, self.lower,
            self.upper, self.p_comparator, self.p, self.value_status, self.origin, self.printed,
            of.population, of.document, "; ".join(map(str, self.caveats)) or None, self.level,
            self.n_experimental, self.n_reference, self.median_experimental, self.median_reference,
            of.phase, of.timepoint, of.time_origin, self.method, Iri(of.fact) if of.fact else None,
        )  # fmt: skip
