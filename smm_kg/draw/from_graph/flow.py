"""The flow of patients through a study, from the queries ``patient-flow`` and ``analysis-populations``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smm_kg.draw.flow import Departure, Flow, Step, Track
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

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["flow"]

# Milestones at which a participant leaves or something else happens to some; all others are steps that the
# participants come to. One that the report splits by reasons is a departure too, whatever its name.
_DEPARTURES = frozenset(
    {
        "exclusion after randomization",
        "maintenance not started",
        "treatment not started",
        "treatment discontinuation",
        "withdrawal of consent",
        "death",
        "loss to follow-up",
        "last dose",
        "start of deferred therapy",
        "biologic progression",
        "progression to symptomatic disease",
        "progression after stable disease",
    }
)
_ANALYSES = frozenset({"safety evaluation"})
_SUBGROUP = "subgroup set"


def flow(graph: Graph, study: str | None = None) -> Flow:
    """Return the flow of patients that the graph holds of a study.

    Departures are put before the step whose number is that of the step before less theirs; where no step
    fits, the report does not say when they left, and they stand apart. Of documents that give the same
    number, the one that was read itself is cited, else a report of the study before those of others.

    Raises:
        DrawingError: the graph holds none, or of several studies.
    """
    study, rows = ask(graph, "patient-flow", study)
    kept, elsewhere, disagreements = settled(graph, study, rows)
    kept, elsewhere = _stated_best(kept, elsewhere, sources_of(graph, [row.fact for row in kept]))
    sets = list(graph.query("analysis-populations", study=study))
    sources = sources_of(graph, [row.fact for row in (*kept, *(row for row in sets if row.arm))])
    held = _Held(tuple(kept), tuple(sets), elsewhere, sources)
    labels = {arm.id: arm.label for arm in arms_of(graph, study)}
    tracks = [_track(None, "", held)]
    tracks += [
        _track(arm, label, held) for arm, label in labels.items() if any(row.arm == arm for row in kept)
    ]
    caption = Caption(
        title=f"{name_of(graph, study)}: flow of patients",
        subtitle="Numbers of patients, percentages of the number they are given with",
        notes=(*_notes(tracks), *sources.note(), *disagreements),
        sources=sources.listed(),
    )
    return Flow(caption, tracks[0], tuple(tracks[1:]))


def _stated_best(
    rows: Sequence[Any], elsewhere: Mapping[str, tuple[str, ...]], sources: Sources
) -> tuple[list[Any], dict[str, tuple[str, ...]]]:
    """Of rows of several documents that give one number for one thing, keep that of the best document.

    What is stated otherwise than in a row that is dropped is stated otherwise than in the row kept.
    """
    best: dict[tuple[Any, ...], Any] = {}
    stated = {fact: set(others) for fact, others in elsewhere.items()}
    places = {row.fact: at for at, row in enumerate(rows)}
    for row in sorted(rows, key=lambda row: (sources.ranks.get(row.fact, 1), places[row.fact])):
        number = row.count if row.count is not None else counted(row)
        kept = best.setdefault(
            (row.arm, row.milestone, row.reason, row.population, row.phase, number), row
        ).fact
        if row.fact in stated:
            stated.setdefault(kept, set()).update(stated[row.fact])
    others = {fact: tuple(sorted(values)) for fact, values in stated.items()}
    return sorted(best.values(), key=lambda row: places[row.fact]), others


@dataclass(frozen=True, slots=True)
class _Held:
    """What the graph holds of a study: flow counts, analysis sets, and counts stated elsewhere by fact."""

    rows: tuple[Any, ...]
    sets: tuple[Any, ...]
    elsewhere: Mapping[str, tuple[str, ...]]
    sources: Sources

    @property
    def subgroups(self) -> set[str]:
        return {row.population for row in self.sets if row.kind == _SUBGROUP}


def _notes(tracks: Sequence[Track]) -> tuple[str, ...]:
    notes = []
    if any(step.departures for track in tracks for step in track.steps):
        notes.append("Departures stand where the numbers of the steps differ by theirs.")
    if any(track.further for track in tracks):
        notes.append(
            "Dashed boxes: at no named step of the arm; the same patients may be in the boxes above."
        )
    return (" ".join(notes),) if notes else ()


def _track(arm: str | None, label: str, held: _Held) -> Track:
    own = [row for row in held.rows if row.arm == arm]
    split = {row.milestone for row in own if row.reason}
    steps: list[tuple[Step, int | None]] = []
    departures: list[tuple[Departure, int | None]] = []
    for milestone, given in _by_milestone(own, held.subgroups):
        if milestone in _DEPARTURES or milestone in split or given[0].population in held.subgroups:
            departures.append((_departure(milestone, given, held), _total(given)))
        elif milestone not in _ANALYSES:
            steps += [_step(rows, held) for rows in _alike(given)]
    placed, further = _placed(steps, departures)
    analysed = tuple(
        (row.population, figure(row.size) + held.sources.mark(row.fact))
        for row in held.sets
        if arm is not None and row.arm == arm and row.population not in held.subgroups
    )
    return Track(label, tuple(placed), tuple(further), analysed)


def _by_milestone(rows: Sequence[Any], subgroups: set[str]) -> list[tuple[str, list[Any]]]:
    """Rows of one milestone together, in the order in which the report names it first."""
    together: dict[tuple[str, str | None], list[Any]] = {}
    for row in rows:
        group = row.population if row.population in subgroups else None
        together.setdefault((row.milestone, group), []).append(row)
    return [(milestone, given) for (milestone, _), given in together.items()]


def _alike(rows: Sequence[Any]) -> list[list[Any]]:
    """Rows of one population and phase together: several sources may state one step, each with its number."""
    together: dict[tuple[str | None, str | None], list[Any]] = {}
    for row in rows:
        together.setdefault((row.population, row.phase), []).append(row)
    return list(together.values())


def _step(rows: Sequence[Any], held: _Held) -> tuple[Step, int | None]:
    """A step, and its number where the sources agree on one."""
    first = rows[0]
    detail = [part for part in (first.population, first.phase) if part and part not in first.milestone]
    counts = list(dict.fromkeys(counted(row) + held.sources.mark(row.fact) for row in rows))
    numbers = {_whole(row.count) for row in rows}
    if len(numbers) > 1:
        detail.append("sources differ")
    others = sorted({other for row in rows for other in held.elsewhere.get(row.fact, ())})
    if others:
        detail.append(f"elsewhere {' or '.join(others)}")
    said = " or ".join(counts if len(numbers) > 1 else counts[:1])
    step = Step(first.milestone, f"n = {said}" if first.count is not None else said, ", ".join(detail))
    return step, next(iter(numbers)) if len(numbers) == 1 else None


def _total(rows: Sequence[Any]) -> int | None:
    """How many left: the number without a reason, else the sum over the reasons when all are counted."""
    for row in rows:
        if not row.reason:
            return _whole(row.count)
    numbers = [_whole(row.count) for row in rows]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value).split(".")[0])


def _departure(milestone: str, rows: Sequence[Any], held: _Held) -> Departure:
    whole = next((row for row in rows if not row.reason), None)
    mark = held.sources.mark
    reasons = tuple((str(row.reason), counted(row) + mark(row.fact)) for row in rows if row.reason)
    label = milestone
    if rows[0].population in held.subgroups:
        label = f"{milestone}, among {rows[0].population}"
    return Departure(label, counted(whole) + mark(whole.fact) if whole else "", reasons)


def _placed(
    steps: Sequence[tuple[Step, int | None]], departures: Sequence[tuple[Departure, int | None]]
) -> tuple[list[Step], list[Departure]]:
    """Put each departure before the step whose number it explains; return the steps and those left over."""
    placed = [step for step, _ in steps]
    left = list(departures)
    for at in range(1, len(steps)):
        before, after = steps[at - 1][1], steps[at][1]
        for departure, total in list(left):
            if total and before is not None and after is not None and before - total == after:
                placed[at] = Step(
                    placed[at].label, placed[at].count, placed[at].detail, (*placed[at].departures, departure)
                )
                left.remove((departure, total))
                break
    return placed, [departure for departure, _ in left]
