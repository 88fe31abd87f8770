"""Answers of catalogue queries in one plain form, those typed from the paper, and the parameters to try.

The expected answers in ``expected/queries`` were typed by a person with the paper open; ``place`` says where.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from smm_kg import records, resources
from smm_kg.catalogue import Catalogue
from smm_kg.graph import Graph
from smm_kg.records import Study
from smm_kg.rows import Rows
from smm_kg.terms import local

__all__ = [
    "ACROSS_STUDIES", "ASKED", "CASES", "CATALOGUE", "EXPECTED", "NAMES", "STUDY", "Answer", "Case",
    "Parameters", "Row", "ask", "cell", "expected", "number", "read_study", "same",
]  # fmt: skip

Row: TypeAlias = tuple[str, ...]
Parameters: TypeAlias = Mapping[str, object]

STUDY = "mateos-2013"
EXPECTED = Path(__file__).parent / "expected" / "queries"
CATALOGUE = Catalogue(resources.queries())
ACROSS_STUDIES = frozenset(
    {
        "audit-verdicts", "comparison-caveats", "discontinuations-by-study", "effect-over-follow-up",
        "effects-by-class", "end-point-family", "evidence-gaps", "response-by-class", "results",
        "risk-selection", "said-and-reported", "second-cancers-by-study", "secondary-only", "skeletal-events",
        "outcomes-by-class", "source-conflicts", "study-designs", "toxicity-by-study", "treatments-by-class",
        "cross-population-statements", "effects-by-certainty", "regimens-by-type", "trials-by-type",
    }
)  # fmt: skip
"""Queries that set studies side by side, or tell of an audit; their answers are not those of one paper."""

NAMES = tuple(name for name in CATALOGUE.names() if name not in ACROSS_STUDIES | {"facts"})
"""Queries that one paper answers; the fact table has tests of its own."""

# The whole answers of these are too long to type: what is typed is the answer to these parameters.
ASKED: dict[str, dict[str, object]] = {
    "value-source": {
        "subject": ["time to progression", "neutropenia"],
        "measure": ["hazard ratio", "p value", "percent"],
        "role": "value-role",
    },
}


class Case(NamedTuple):
    """Parameters of a query, and the typed rows that they leave: ``kept`` has cells by column."""

    query: str
    parameters: dict[str, object]
    kept: dict[str, set[str]]


def _case(query: str, kept: dict[str, set[str]] | None = None, /, **parameters: str | list[str]) -> Case:
    """Make a case; without ``kept``, the columns are called and written like the parameters."""
    if kept is None:
        kept = {name: {value} if isinstance(value, str) else set(value) for name, value in parameters.items()}
    return Case(query, ASKED.get(query, {}) | parameters, kept)


CASES = (
    _case("adverse-event-differences", phase="maintenance", grade="2"),
    _case("adverse-event-differences", event=["infection", "second primary tumor"]),
    _case("adverse-event-differences-any-grade", phase="induction", event=["rash", "anemia"]),
    _case("adverse-events", arm="treatment", phase="maintenance", grade=["1", "2"]),
    _case("adverse-events", {"event": {"rash"}}, event="Rash"),
    _case("adverse-events-any-grade", arm="observation", phase="induction", event="infection"),
    _case("analysis-populations", arm="treatment"),
    _case("assessment-schedule", arm="observation"),
    _case("assessment-schedule", {"assessment": {"skeletal survey"}}, subject="skeletal survey"),
    _case("baseline-characteristics", arm="observation"),
    _case("baseline-characteristics", {"characteristic": {"age"}}, subject="age"),
    _case("compare-progression", contrast="treatment vs observation"),
    _case("compare-survival", contrast="treatment vs observation"),
    _case("curator-remarks", subject="serum monoclonal component"),
    _case("deaths-by-cause", arm="observation"),
    _case("discontinuations", arm="observation"),
    _case("disease-background", {"topic": {"risk of progression"}}, subject="risk of progression"),
    _case("dose-changes", arm="treatment", phase="maintenance"),
    _case(
        "earlier-treatments",
        {
            "treatment_or_comparison": {
                "zoledronic acid",
                "thalidomide plus zoledronic acid",
                "thalidomide plus zoledronic acid versus zoledronic acid",
            }
        },
        drug="zoledronic acid",
    ),
    _case("end-point-statements", {"item": {"primary end point"}}, subject="primary end point"),
    _case("eligibility-thresholds", {"characteristic": {"creatinine level"}}, subject="creatinine-level"),
    _case("follow-up", arm="treatment"),
    _case("median-times", arm="observation"),
    _case("median-times", {"end_point": {"overall survival"}}, subject="overall survival"),
    _case("not-reached", status="not reached", subject="time to progression"),
    _case("not-reached", status="not estimable"),
    _case("ongoing-trials", {"agent": {"siltuximab"}}, drug="Siltuximab"),
    _case("patient-flow", arm="treatment", phase="maintenance"),
    _case("progression-counts", arm="observation"),
    _case("progression-definitions", {"characteristic": {"hemoglobin level"}}, subject="hemoglobin level"),
    _case("rates-at-time", arm="treatment", timepoint="5 years"),
    _case("rates-at-time", {"end_point": {"time to progression"}}, subject="time-to-progression"),
    _case("regimen-schedule", arm="treatment", phase="induction", drug="dexamethasone"),
    _case("regimen-schedule", {"drug": {"lenalidomide"}}, drug="Lenalidomide"),
    _case("repeated-statements", subject="overall survival", measure="percent"),
    _case("response-by-phase", arm="treatment", phase="maintenance"),
    _case("response-improvements", arm="treatment", phase="maintenance"),
    _case("response-improvements", phase="induction"),
    _case("second-primary-tumors", arm="observation"),
    _case("serious-adverse-events", arm="observation", phase="induction"),
    _case("severe-adverse-events", arm="treatment", phase="induction", event="infection"),
    _case("severe-adverse-events", event="pneumonia"),
    _case("statistical-plan", {"item": {"statistical power"}}, subject="statistical power"),
    _case("subsequent-therapy", arm="treatment"),
    _case("thromboses", arm="observation"),
    _case("time-to-event-effects", {"end_point": {"overall survival"}}, subject="overall survival"),
    _case("treatment-rules", arm="observation"),
    _case("treatment-rules", arm="treatment", phase="maintenance"),
    _case("trial-design", {"feature": {"masking", "allocation"}}, subject=["masking", "allocation"]),
    _case("value-source", arm="observation"),
    _case("value-source", measure="p value"),
    _case("value-source", {"subject": {"neutropenia"}}, subject="neutropenia"),
    _case("value-source", {"measure": set()}, role="denominator-role", fact=local(STUDY, "ttp-effect")),
    _case(
        "value-source",
        {"value": {"0.18", "0.001"}, "arm": {"treatment vs observation"}},
        fact=local(STUDY, "ttp-effect"),
    ),
)


class Answer(NamedTuple):
    """Columns and rows, every cell as text: empty where nothing is bound, numbers without closing zeros."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def of(self, *columns: str) -> tuple[Row, ...]:
        """Return the rows with these columns only."""
        places = [self.columns.index(column) for column in columns]
        return tuple(tuple(row[place] for place in places) for row in self.rows)

    def where(self, kept: Mapping[str, set[str]]) -> Answer:
        """Return the rows whose cells in these columns are among those given."""
        places = {self.columns.index(column): cells for column, cells in kept.items()}
        rows = tuple(row for row in self.rows if all(row[at] in cells for at, cells in places.items()))
        return Answer(self.columns, rows)


def number(value: Decimal) -> str:
    """Write a number with at most ten significant digits: so far engines agree on what they computed."""
    return f"{Decimal(f'{value:.10g}').normalize() + 0:f}"


def cell(value: object) -> str:
    """Write a cell as text."""
    if value is None:
        return ""
    return number(Decimal(value)) if isinstance(value, (int, Decimal)) else str(value)


def ask(graph: Graph, name: str, /, **parameters: object) -> Answer:
    """Ask a catalogue query of a graph."""
    rows: Rows = graph.query(name, **parameters)
    return Answer(rows.columns, tuple(tuple(map(cell, row)) for row in rows))


@cache
def expected(name: str) -> Answer:
    """Read the answer typed from the paper, whose last column is the place."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    assert columns[-1] == "place"
    return Answer(tuple(columns), tuple(map(tuple, rows)))


def same(found: Sequence[Row], typed: Sequence[Row]) -> None:
    """Fail with the rows that differ."""
    missing, unexpected = Counter(typed) - Counter(found), Counter(found) - Counter(typed)
    report = [f"not answered: {row}" for row in missing] + [f"not in the paper: {row}" for row in unexpected]
    assert not report, "\n".join(report)


def read_study() -> Study:
    """Return the trial as the loader read it."""
    return records.decode((resources.evidence() / "extracted" / f"{STUDY}.json").read_bytes())
