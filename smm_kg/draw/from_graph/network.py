"""The network of treatments, from the queries on arms, their drugs, sizes and the designs of studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smm_kg.draw.connections import Group, Treatment, Trial
from smm_kg.draw.from_graph.study_facts import WHOLE_SETS, figure, settled, sources_of
from smm_kg.draw.network import TreatmentNetwork
from smm_kg.draw.page import Caption, DrawingError

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["treatment_network"]

_NO_TRIAL = frozenset({"meta-analysis"})
_UNTREATED = {
    "no intervention": "observation or deferred treatment",
    "deferred treatment": "observation or deferred treatment",
    "placebo comparator": "placebo",
}


def treatment_network(graph: Graph, study: str | None = None) -> TreatmentNetwork:
    """Return the network of all trials in the graph, or of the treatments of one.

    A treatment is the drugs that a regimen of the arm names; arms without a drug are one treatment, and
    placebo another. The size of an arm is that of the first of these sets that is counted: all randomized,
    intention to treat, enrolled, per protocol, safety. Where sources give several, it is none, and all are
    named.

    Raises:
        DrawingError: the graph holds no arm.
    """
    arms = list(graph.query("treatments-by-class", **({"study": study} if study else {})))
    designs: dict[str, list[Any]] = {}
    for row in graph.query("study-designs"):
        designs.setdefault(row.study, []).append(row)
    left_out = sorted({row.study for row in arms if _allocation(designs.get(row.study, ())) in _NO_TRIAL})
    arms = [row for row in arms if row.study not in left_out]
    if not arms:
        raise DrawingError(
            "the graph holds no trial with arms", hint="see what it holds: smm-kg query study-designs"
        )
    counted = [row for row in graph.query("analysis-populations") if row.fact]
    kept, elsewhere, disagreements = settled(graph, study, counted)
    treatments: dict[str, Treatment] = {}
    trials = _trials(graph, arms, designs, _Sizes(tuple(kept), elsewhere), treatments)
    drawn = {trial.id for trial in trials}
    caption = Caption(
        "Treatments and the trials that compare them",
        "Circles: treatments; lines: trials that compare two of them",
        (*((f"Left out, not being trials: {', '.join(left_out)}.",) if left_out else ()), *disagreements),
        tuple(sorted(sources_of(graph, [row.fact for row in counted if row.study in drawn]).documents)),
    )
    return TreatmentNetwork(caption, tuple(treatments[each] for each in sorted(treatments)), trials)


def _trials(
    graph: Graph,
    arms: Sequence[Any],
    designs: Mapping[str, Sequence[Any]],
    sizes: _Sizes,
    treatments: dict[str, Treatment],
) -> tuple[Trial, ...]:
    """The trials in order; their treatments are added to the treatments."""
    stated = _allocations_in_words(graph)
    trials = []
    for study in dict.fromkeys(row.study for row in arms):
        rows: dict[str, list[Any]] = {}
        for row in arms:
            if row.study == study:
                rows.setdefault(row.arm, []).append(row)
        groups = tuple(_group(arm, given, sizes, treatments) for arm, given in rows.items())
        design = designs.get(study, ())
        trials.append(_trial(study, groups, design, _allocation(design) or stated.get(study, "")))
    return tuple(trials)


def _allocation(designs: Sequence[Any]) -> str:
    return _joined(designs, "allocation")


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Sizes of arms in analysis sets, and what is stated of them elsewhere, by fact."""

    rows: tuple[Any, ...]
    elsewhere: Mapping[str, tuple[str, ...]]


def _joined(rows: Sequence[Any], column: str) -> str:
    return " / ".join(sorted({str(getattr(row, column)) for row in rows if getattr(row, column)}))


def _allocations_in_words(graph: Graph) -> dict[str, str]:
    """What reports say of allocation where it is in words alone."""
    words: dict[str, str] = {}
    for row in graph.query("trial-design", subject="allocation"):
        if isinstance(row.value, str):
            words.setdefault(row.study, row.value)
    return words


def _trial(study: str, groups: tuple[Group, ...], designs: Sequence[Any], allocation: str) -> Trial:
    label = str(designs[0].label) if designs else study
    disease = ", ".join(part for part in (_joined(designs, "disease"), _joined(designs, "risk")) if part)
    randomized = allocation == "randomized" if allocation else None
    return Trial(study, label, groups, disease, allocation, randomized)


def _group(arm: str, rows: Sequence[Any], sizes: _Sizes, treatments: dict[str, Treatment]) -> Group:
    """The patients of an arm; their treatment is added to the treatments."""
    first = rows[0]
    drugs = sorted({row.drug for row in rows if row.drug})
    if drugs:
        treatment = Treatment(" + ".join(drugs), " + ".join(drugs))
    elif first.role in _UNTREATED:
        treatment = Treatment(_UNTREATED[first.role], _UNTREATED[first.role], active=False)
    else:
        treatment = Treatment(f"{first.study}: {arm}", f"{first.arm_label} ({first.study})")
    treatments.setdefault(treatment.id, treatment)
    counted = _counted(first.study, arm, sizes)
    if not counted:
        return Group(treatment.id, str(first.arm_label))
    patients, words = counted
    return Group(treatment.id, str(first.arm_label), patients, words)


def _counted(study: str, arm: str, sizes: _Sizes) -> tuple[int | None, str] | None:
    """The number of patients of an arm, None where sources differ, and how to print it."""
    ranked = sorted(
        (WHOLE_SETS.index(row.kind), str(row.population), row.fact, int(figure(row.size).split(".")[0]))
        for row in sizes.rows
        if row.study == study and row.arm == arm and row.size is not None and row.kind in WHOLE_SETS
    )
    if not ranked:
        return None
    rank, name, *_ = ranked[0]
    chosen = [row for row in ranked if row[:2] == (rank, name)]
    numbers = sorted({number for *_, number in chosen})
    words = f"n = {' or '.join(str(number) for number in numbers)}, {name}"
    others = sorted({other for _, _, fact, _ in chosen for other in sizes.elsewhere.get(fact, ())})
    if others:
        words += f", elsewhere {' or '.join(others)}"
    return numbers[0] if len(numbers) == 1 else None, words
