"""The comparison of trials on an end point: what is asked, and the rows that answer."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from smm_kg.compare.caveats import BLOCKING, UNDEFINED, caveats_of
from smm_kg.compare.chain import indirect as indirect_row
from smm_kg.compare.chain import treatment_name
from smm_kg.compare.derived import DERIVED_MEASURES, derived_rows, directed
from smm_kg.compare.errors import ComparisonError
from smm_kg.compare.evidence import Evidence, Result, gather
from smm_kg.compare.pool import Method, PooledRows, pool
from smm_kg.compare.reported import DEATH, EFFECT_MEASURES, arm_rows, effect_rows
from smm_kg.compare.row import COLUMNS, Row
from smm_kg.rows import Cell, Rows, row_type
from smm_kg.terms import expand

if TYPE_CHECKING:
    from smm_kg.catalogue import Name

__all__ = ["Comparison", "Graph", "compare"]

_OF_ARMS = ("median", "percent", "count")


class Graph(Protocol):
    """A graph that answers the catalogue and knows the names of terms."""

    def query(self, name: str, /, **parameters: object) -> Rows:
        """Answer a question of the catalogue."""

    def names(self, of: str) -> list[Name]:
        """Return the names of the instances of a class."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows that answer, and what was pooled of them.

    Iterating gives rows with :data:`smm_kg.compare.COLUMNS`, the pooled and the indirect one last.
    """

    end_point: str
    study: str | None
    rows: tuple[Row, ...]
    evidence: Evidence
    pooled: PooledRows | None = None
    indirect: Row | None = None

    def all_rows(self) -> tuple[Row, ...]:
        """The rows of the trials, then the pooled and the indirect one."""
        more = (self.pooled.row if self.pooled else None, self.indirect)
        return (*self.rows, *(row for row in more if row is not None))

    def to_rows(self) -> Rows:
        """The comparison as rows of cells."""
        return _rows_of(COLUMNS, (row.cells() for row in self.all_rows()))

    def caveats(self) -> Rows:
        """One row per caveat: study, contrast, its name, its words, and whether it forbids pooling."""
        cells = [
            (row.result.study, row.contrast, row.measure, caveat.name, caveat.words, caveat.name in BLOCKING)
            for row in self.all_rows()
            for caveat in row.caveats
        ]
        return _rows_of(("study", "contrast", "measure", "caveat", "words", "forbids_pooling"), cells)

    def __iter__(self) -> Iterator[object]:
        return iter(self.to_rows())

    def __len__(self) -> int:
        return len(self.all_rows())


def _rows_of(columns: tuple[str, ...], cells: Iterable[tuple[Cell, ...]]) -> Rows:
    return Rows(columns, [row_type(columns)(*row) for row in cells])


def compare(
    graph: Graph,
    end_point: str,
    *,
    study: str | None = None,
    against: Iterable[str] = (),
    measure: str | None = None,
    population: str | None = None,
    pooling: Method | None = None,
    even_so: bool = False,
    indirect: bool = False,
    every_source: bool = False,
) -> Comparison:
    """Compare what trials found on an end point with what one trial found.

    Args:
        graph: what is asked.
        end_point: name of an end point; those that answer the same question are compared with it, each row
            naming its own (``time to progression`` and ``progression-free survival``).
        study: id of the trial that others are compared with; the one that was read from a paper when not
            given.
        against: drugs, classes of drugs or studies, by name: only trials with one of them, and the trial
            compared, are kept.
        measure: an effect measure, ``median``, ``percent``, or one of the measures computed from arms; the
            effects reported, and what single arms report, when not given.
        population: label of an analysis set to which rows are limited.
        pooling: method by which effects are pooled.
        even_so: pool in spite of caveats that forbid it.
        indirect: compare the treatment of the trial with those of ``against`` over the trials between them.
        every_source: keep secondary sources where a primary one states the same.

    Raises:
        ComparisonError: a name is not known, or what is asked for cannot be done; with the reason.
        PoolingRefusedError: the effects are too unlike to pool.
        SmmKgError: the store fails.
    """
    family = _family(graph, end_point)
    timed = (found.label for found in graph.names(expand("smm:TimeToEvent")))
    evidence = gather(graph, family, timed)
    anchor_study = _anchor(evidence, study, graph)
    asked = end_point.strip().casefold()
    rows = [turned for row in _rows(evidence, measure, asked) for turned in directed(row, evidence)]
    if not every_source:
        rows = _preferring_primary(rows)
    anchor = _anchor_result(rows, anchor_study, end_point)
    rows = [
        replace(row, caveats=(*caveats_of(row, anchor, anchor_study, evidence), *row.caveats)) for row in rows
    ]
    if population is not None:
        rows = _of_population(rows, population)
    wanted = list(against)
    chosen = _fitting(rows, wanted, graph, evidence, anchor_study) if wanted else None
    shown = tuple(_ordered(rows if chosen is None else chosen, anchor_study))
    return Comparison(
        end_point,
        anchor_study,
        shown,
        evidence,
        pool(shown, pooling, even_so=even_so) if pooling else None,
        _indirect(rows, chosen, wanted, evidence, anchor, even_so=even_so) if indirect else None,
    )


def _family(graph: Graph, end_point: str) -> list[str]:
    """Return the IRIs of an end point or event and those that answer the same question."""
    iri = _named(
        graph, end_point, ("smm:OutcomeConcept", "smm:EndPointConcept", "smm:Milestone"), "end point"
    )
    related = [str(row.related) for row in graph.query("end-point-family", subject=iri)]
    return related or [iri]


def _named(graph: Graph, name: str, classes: Sequence[str], what: str) -> str:
    """Return the IRI of a term by its label, another name or its slug, ignoring case."""
    known = [found for of in classes for found in graph.names(expand(of))]
    wanted = name.strip().casefold()
    for found in known:
        if wanted in (found.label.casefold(), found.iri.partition("#")[2].casefold(), found.iri.casefold()):
            return found.iri
    near = difflib.get_close_matches(wanted, sorted({found.label for found in known}), n=5, cutoff=0.4)
    raise ComparisonError(f"there is no {what} {name!r}", candidates=near)


def _anchor(evidence: Evidence, study: str | None, graph: Graph) -> str | None:
    """Return the trial that others are compared with: the one named, else the one read from a paper."""
    if study is not None:
        if study not in evidence.designs:
            near = difflib.get_close_matches(study, evidence.designs, n=5, cutoff=0.4)
            raise ComparisonError(f"there is no study {study!r}", candidates=near)
        return study
    read = {one.study for one in evidence.results if one.read_from_paper}
    if not read:
        effects = graph.query("results", measure="hazard ratio")
        read = {row.study for row in effects if row.document_key is None}
    return read.pop() if len(read) == 1 else None


def _rows(evidence: Evidence, measure: str | None, end_point: str) -> Iterator[Row]:
    """Yield the rows of a measure; with none named, effects, and results of arms where no effect is given."""
    if measure in _OF_ARMS:
        yield from arm_rows(evidence, measure)
    elif measure is None:
        effects = list(effect_rows(evidence))
        compared = {row.result.study for row in effects}
        estimated = {row.result.study for row in effects if row.estimate is not None}
        yield from effects
        yield from (row for row in arm_rows(evidence, "median") if row.result.study not in compared)
        yield from _of_arms_without_effect(evidence, end_point, compared, estimated)
    elif measure in DERIVED_MEASURES or measure in EFFECT_MEASURES:
        yield from (row for row in effect_rows(evidence) if row.measure == measure)
        if measure in DERIVED_MEASURES:
            yield from derived_rows(evidence, measure)
    else:
        known = sorted({*EFFECT_MEASURES, *DERIVED_MEASURES, *_OF_ARMS})
        raise ComparisonError(f"there is no measure {measure!r}", candidates=known)


def _of_arms_without_effect(
    evidence: Evidence, end_point: str, compared: set[str], estimated: set[str]
) -> Iterator[Row]:
    """Yield shares and counts of arms, where a study gives no estimate of an effect that would say more.

    Of deaths, those by cause are left out; asked for by their measure, they are shown.
    """
    for measure in ("percent", "count"):
        for row in arm_rows(evidence, measure):
            of = row.result
            if of.end_point == DEATH and of.category is not None:
                continue
            told = row.estimate is not None and of.study not in estimated
            event = of.end_point.casefold() == end_point and of.end_point not in evidence.times_to_event
            if of.study not in compared or told or (event and row.estimate is not None):
                yield row


def _preferring_primary(rows: Sequence[Row]) -> list[Row]:
    """Leave out what secondary sources repeat of a primary one, and silence where another source speaks.

    A definition that a source does not give is taken for any definition.
    """
    return [row for row in rows if not any(_outranks(other, row) for other in rows)]


def _outranks(other: Row, row: Row) -> bool:
    """Say whether another row makes this one needless."""
    if other is row or other.result.study != row.result.study:
        return False
    same = (other.contrast, other.result.end_point, other.result.timepoint) == (
        row.contrast, row.result.end_point, row.result.timepoint,
    )  # fmt: skip
    defined = row.result.definition in (None, UNDEFINED, other.result.definition)
    if not same or not defined or not _says_something(other):
        return False
    if not _says_something(row):
        return True
    if row.estimate is not None and row.estimate != other.estimate:
        return False  # another number is no repetition
    in_words = row.value_status == "not reported"
    return (in_words or other.measure == row.measure) and other.result.primary and not row.result.primary


def _says_something(row: Row) -> bool:
    """Say whether a row tells more than that nothing is reported."""
    return (
        row.value_status != "not reported" or row.p is not None or row.printed not in (None, "not reported")
    )


def _anchor_result(rows: Sequence[Row], study: str | None, end_point: str) -> Result | None:
    own = [row.result for row in rows if row.result.study == study]
    named = [one for one in own if one.end_point.casefold() == end_point.strip().casefold()]
    read = [one for one in named if one.read_from_paper]
    return next(iter([*read, *named, *own]), None)


def _of_population(rows: Sequence[Row], population: str) -> list[Row]:
    known = sorted({row.result.population for row in rows if row.result.population})
    fitting = [row for row in rows if (row.result.population or "").casefold() == population.casefold()]
    if not fitting:
        raise ComparisonError(f"no result here is of the population {population!r}", candidates=known)
    return fitting


def _fitting(
    rows: Sequence[Row], against: Sequence[str], graph: Graph, evidence: Evidence, anchor: str | None
) -> list[Row]:
    """Return the rows of the trial compared and of the trials with what is named."""
    studies = {study for name in against for study in _studies_with(name, graph, evidence)}
    return [row for row in rows if row.result.study == anchor or row.result.study in studies]


def _studies_with(name: str, graph: Graph, evidence: Evidence) -> set[str]:
    """Return the studies that a drug, class or study name means."""
    wanted = name.strip().casefold()
    for study, design in evidence.designs.items():
        if wanted in (study.casefold(), design.label.casefold()):
            return {study}
    iri = _named(graph, name, ("smm:Drug", "smm:DrugClass"), "drug, class of drugs or study")
    label = next(
        found.label
        for of in ("smm:Drug", "smm:DrugClass")
        for found in graph.names(expand(of))
        if found.iri == iri
    )
    return {
        study
        for study, arms in evidence.arms.items()
        if any(label in arm.drugs | arm.classes for arm in arms.values())
    }


def _ordered(rows: Sequence[Row], anchor: str | None) -> list[Row]:
    """Put the trial compared first, then studies by id, each as its sources state it."""
    return sorted(rows, key=lambda row: (row.result.study != anchor, row.result.study))


def _indirect(
    rows: Sequence[Row],
    chosen: Sequence[Row] | None,
    wanted: Sequence[str],
    evidence: Evidence,
    anchor: Result | None,
    *,
    even_so: bool,
) -> Row:
    if chosen is None or anchor is None or anchor.reference is None:
        raise ComparisonError(
            "an indirect comparison goes from one trial to others",
            hint="name the trial with --study, and a drug, class or study with --against",
        )
    start = treatment_name(evidence, anchor.study, anchor.experimental)
    goals = {
        treatment_name(evidence, row.result.study, arm)
        for row in chosen
        if row.result.study != anchor.study
        and row.result.reference is not None
        and "reverse-direction" not in row.caveat_names
        for arm in _arms_meant(row, wanted, evidence)
    }
    # One end point only; effects that can be used come first, so that a link is not judged by another row.
    links = [
        row
        for row in rows
        if row.result.end_point == anchor.end_point and "reverse-direction" not in row.caveat_names
    ]
    links.sort(key=lambda row: (row.estimate is None, row.p is None))
    return indirect_row(links, start, goals, evidence, even_so=even_so)


def _arms_meant(row: Row, wanted: Sequence[str], evidence: Evidence) -> list[str]:
    """Return the arms of a contrast with a drug or class named; of a study named, the experimental arm."""
    arms = evidence.arms.get(row.result.study, {})
    names = {name.strip().casefold() for name in wanted}
    meant = [
        arm
        for arm in (row.result.experimental or "", row.result.reference or "")
        if arm in arms and names & {word.casefold() for word in arms[arm].drugs | arms[arm].classes}
    ]
    return meant or [row.result.experimental or ""]
