"""The audit as a table: one row per verdict, with the places of the values it used."""

from __future__ import annotations

from typing import Any, Final, Protocol

from smm_kg.rows import Rows, row_type

__all__ = ["COLUMNS", "verdicts"]

COLUMNS: Final = ("study", "rule", "verdict", "subject", "statement", "arithmetic", "locators", "source")
_ORDER: Final = {"inconsistent": 0, "undeterminable": 1, "consistent": 2}


class _Answers(Protocol):
    """A graph that answers the queries of the catalogue."""

    def query(self, name: str, /, **parameters: object) -> Rows: ...


def verdicts(graph: _Answers, **filters: object) -> Rows:
    """Return what the audit found, inconsistent verdicts first.

    Args:
        graph: what is asked.
        filters: parameters of the query ``audit-verdicts``: ``study``, ``verdict``, ``rule``.

    Returns:
        Rows with :data:`COLUMNS`. ``locators`` names each place of each value used as ``document, section,
        characters start to end: printed``, joined by ``; ``; ``source`` is the document that was audited.

    Raises:
        SmmKgError: a filter or its value is not known.
    """
    found: dict[str, tuple[Any, dict[str, None]]] = {}
    for row in graph.query("audit-verdicts", **filters):
        _, places = found.setdefault(row.activity, (row, {}))
        if row.printed is not None:
            places[_place(row)] = None
    make = row_type(COLUMNS)
    ordered = sorted(found.values(), key=lambda pair: (_ORDER.get(pair[0].verdict, 3), pair[0].study))
    return Rows(
        COLUMNS,
        [
            make(
                row.study,
                row.rule,
                row.verdict,
                row.subject,
                row.statement,
                row.arithmetic,
                "; ".join(places),
                row.document,
            )
            for row, places in ordered
        ],
    )


def _place(row: Any) -> str:
    characters = "" if row.start is None else f", characters {row.start} to {row.end}"
    return f"{row.document}, {row.section}{characters}: {row.printed}"
