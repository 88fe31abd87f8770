"""What the graph knows that a comparison needs: results, designs and treatments, as typed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from smm_kg.rows import Rows

__all__ = ["Arm", "Datum", "Design", "Evidence", "Questions", "Result", "gather"]


_WITHOUT_DRUGS = {
    "placebo comparator": "placebo",
    "no intervention": "no treatment",
    "deferred treatment": "no treatment",
}


class Questions(Protocol):
    """A graph that answers the queries of the catalogue."""

    def query(self, name: str, /, **parameters: object) -> Rows:
        """Answer a question of the catalogue."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One value as a source states it: a number with its comparator, or the reason why there is none."""

    measure: str
    status: str
    number: Decimal | None = None
    comparator: str = "="
    printed: str | None = None
    unit: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    text: str | None = None

    @property
    def exact(self) -> Decimal | None:
        """The number where it is the value itself and not a bound of it."""
        return self.number if self.comparator == "=" else None


@dataclass(frozen=True, slots=True)
class Result:
    """One fact about an end point: of an arm, or the effect of a contrast; its values by measure."""

    study: str
    end_point: str
    fact: str
    document: str
    primary: bool
    read_from_paper: bool
    definition: str | None = None
    deaths: str | None = None
    label_printed: str | None = None
    category: str | None = None
    arm: str | None = None
    contrast: str | None = None
    experimental: str | None = None
    reference: str | None = None
    phase: str | None = None
    population: str | None = None
    timepoint: str | None = None
    time_origin: str | None = None
    varies: str | None = None
    counting: str | None = None
    values: Mapping[str, Datum] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Design:
    """What a study is: how patients were allocated, what they have, how they were chosen and followed."""

    label: str
    allocation: str | None = None
    disease: str | None = None
    risk: str | None = None
    follow_up: Decimal | None = None
    follow_up_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm: its rank in the study, its role, drugs, drug classes, size by analysis set, and opponents."""

    label: str
    role: str
    rank: int
    drugs: frozenset[str]
    classes: frozenset[str]
    sizes: Mapping[str, int]
    compared_with: frozenset[str] = frozenset()

    @property
    def given(self) -> str:
        """What it was given, by its drugs: arms of different trials with one name are one treatment."""
        if self.drugs:
            return " + ".join(sorted(self.drugs))
        return _WITHOUT_DRUGS.get(self.role, self.label)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one comparison is made of.

    ``times_to_event`` are labels of end points that are times; ``contested`` names, by study, the arms whose
    size another source gives otherwise.
    """

    results: tuple[Result, ...]
    times_to_event: frozenset[str]
    designs: Mapping[str, Design]
    arms: Mapping[str, Mapping[str, Arm]]
    contested: Mapping[str, frozenset[str]]

    def size(self, study: str, arm: str | None, population: str | None) -> int | None:
        """Return how many patients of an arm are in an analysis set; of the only set when none is named."""
        known = self.arms.get(study, {}).get(arm or "")
        if known is None:
            return None
        if population in known.sizes:
            return known.sizes[population or ""]
        sizes = set(known.sizes.values())
        return sizes.pop() if population is None and len(sizes) == 1 else None


def gather(graph: Questions, end_points: Iterable[str], times_to_event: Iterable[str]) -> Evidence:
    """Ask the graph for all results on end points, given by IRI, and for what the studies are.

    ``times_to_event`` are the labels of end points that are times.

    Raises:
        SmmKgError: the store fails.
    """
    rows = graph.query("results", subject=list(end_points)).to_dicts()
    return Evidence(
        _results(rows), frozenset(times_to_event), _designs(graph), _arms(graph), _contested(graph)
    )


def _contested(graph: Questions) -> dict[str, frozenset[str]]:
    """Return the arms of each study of whose size its sources give different numbers."""
    found: dict[str, frozenset[str]] = {}
    for row in graph.query("source-conflicts"):
        if row.arm is not None and row.subject in ("randomization", "enrollment") and row.measure == "count":
            found[row.study] = found.get(row.study, frozenset()) | {row.arm}
    return found


def _results(rows: Iterable[Mapping[str, Any]]) -> tuple[Result, ...]:
    """Put the values of each fact together."""
    values: dict[str, dict[str, Datum]] = {}
    facts: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        facts.setdefault(row["fact"], row)
        values.setdefault(row["fact"], {})[row["measure"]] = Datum(
            measure=row["measure"],
            status=row["status"],
            number=None if row["value"] is None else Decimal(row["value"]),
            comparator=row["comparator"] or "=",
            printed=row["printed"],
            unit=row["unit"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            text=row["text"],
        )
    plain = (
        "study", "end_point", "fact", "document", "definition", "deaths", "label_printed", "category", "arm",
        "contrast", "experimental", "reference", "phase", "population", "timepoint", "time_origin", "varies",
        "counting",
    )  # fmt: skip
    return tuple(
        Result(
            **{name: row[name] for name in plain},
            primary=row["level"] == "primary source",
            read_from_paper=row["document_key"] is None,
            values=values[fact],
        )
        for fact, row in facts.items()
    )


def _designs(graph: Questions) -> dict[str, Design]:
    """Return one design per study: of several that its sources give, the first by alphabet."""
    designs: dict[str, Design] = {}
    for row in graph.query("study-designs"):
        designs.setdefault(
            row.study,
            Design(row.label, row.allocation, row.disease, row.risk, row.follow_up, row.follow_up_unit),
        )
    return designs


def _arms(graph: Questions) -> dict[str, dict[str, Arm]]:
    drugs: dict[tuple[str, str], set[str]] = {}
    classes: dict[tuple[str, str], set[str]] = {}
    compared: dict[tuple[str, str], set[str]] = {}
    sizes: dict[tuple[str, str], dict[str, int]] = {}
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for row in graph.query("treatments-by-class"):
        arm = (row.study, row.arm)
        named.setdefault(arm, (row.arm_label, row.role))
        for found, value in ((drugs, row.drug), (classes, row.drug_class), (compared, row.compared_with)):
            found.setdefault(arm, set()).update([value] if value else [])
        if row.population is not None:
            sizes.setdefault(arm, {})[row.population] = int(row.patients)
    arms: dict[str, dict[str, Arm]] = {}
    for key, (label, role) in named.items():
        of = arms.setdefault(key[0], {})
        of[key[1]] = Arm(
            label, role, len(of), frozenset(drugs[key]), frozenset(classes[key]), sizes.get(key, {}),
            frozenset(compared[key]),
        )  # fmt: skip
    return arms
