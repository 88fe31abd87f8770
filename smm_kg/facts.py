"""The fact table: what every source states, one row per value and place.

The rows come from the catalogue query ``facts``, which any SPARQL engine can run; this module names its
columns, on which other programs rely.
"""

from __future__ import annotations

from typing import Protocol

from smm_kg.rows import Rows

__all__ = ["COLUMNS", "facts"]

COLUMNS = (
    "study", "fact", "kind", "subject", "category", "counting", "arm", "phase", "timepoint", "time_origin",
    "population", "population_printed", "grade", "measure", "comparator", "value", "status", "printed",
    "unit", "numerator", "denominator", "document", "section", "table", "row", "column", "start", "end",
)  # fmt: skip


class _Answers(Protocol):
    """A graph that answers the queries of the catalogue."""

    def query(self, name: str, /, **parameters: object) -> Rows: ...


def facts(graph: _Answers, **filters: object) -> Rows:
    """Return the fact table of a graph.

    Args:
        graph: what is asked.
        filters: parameters of the query ``facts`` with one value or several: ``study``, ``kind``,
            ``subject``, ``arm``, ``phase``, ``grade``, ``population``, ``measure``, ``status``.

    Returns:
        Rows with :data:`COLUMNS`, in order of study, then as the source states them. ``value`` is a Decimal,
        an ISO 8601 date or a coded text; offsets count code points of the source from 0, the end excluded.

    Raises:
        SmmKgError: a filter or its value is not known; the message names candidates.
    """
    return graph.query("facts", **filters)
