"""What the number in a cell, or beside other words, most likely measures: the labels decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from smm_kg.paper.production import Part
from smm_kg.paper.statistics import PRODUCTIONS, scan
from smm_kg.paper.table_plan import cell_phrase

__all__ = ["named", "read_cell"]

_RATIOS = (
    ("hazard ratio", r"hazard|\bHRs?\b"),
    ("odds ratio", r"odds|\bORs?\b"),
    ("risk ratio", r"relative risk|risk ratio|\bRRs?\b"),
    ("risk difference", r"risk difference|\bRD\b|absolute difference"),
)
_BY_LABEL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?i:\bp[- ]?values?\b)|\b[Pp]$", ("p", "{: number as p value}")),
    (
        r"(?i:\bs\.?d\.?\b|standard deviation)",
        ("mean-sd", "{: number as mean} ({: number as standard deviation})"),
    ),
    (r"(?i:median.*(?:\bCI\b|confidence))", ("median-interval", "{: number as median}")),
    (r"(?i:median)", ("median-range", "{: number as median} ({: range})", "{: number as median}")),
    (r"(?i:range|\bIQR\b)", ("range",)),
    (r"(?i:ratio|hazard|odds|relative risk|\b95 ?% CI)|\b(?:HR|OR|RR|CI)\b", ("effect",)),
    (r"(?i:mean|average)", ("{: number as mean}",)),
)
"""Pattern of the labels, and how to read a cell under them: productions, or phrases for the whole cell."""
_ANYWHERE = ("n-of-N", "percent-interval", "range", "percent", "quantity", "date", "{: number as number}")
_SPREAD = re.compile(r"±|\bS\.?D\b")


def read_cell(text: str, about: str, *, percent: bool) -> tuple[str, tuple[Part, ...]]:
    """Read the text of a cell.

    Args:
        text: the cell.
        about: its row and column labels.
        percent: whether the table speaks of percentages at all; if not, ``28 (58)`` is no count (%).

    Returns:
        How it was read (the name of a production), and the parts.
    """
    counted = ("n-percent",) if percent else ()
    for labels, ways in _BY_LABEL:
        if re.search(labels, about):
            parts, name = _first(text, ways)
            if parts:
                return name, parts
    spread = ("mean-sd",) if _SPREAD.search(text) else ()
    parts, name = _first(text, (*counted, *spread, *_ANYWHERE))
    if parts:
        return name, parts
    found = tuple(mention for mention in scan(text) if percent or mention.production != "n-percent")
    return "scan", tuple(part for mention in found for part in mention.parts)


def _first(text: str, ways: Iterable[str]) -> tuple[tuple[Part, ...], str]:
    """Read the whole text in the first way that fits."""
    for way in ways:
        if "{" in way:
            match = cell_phrase(way).whole(text)
            parts = tuple(part for reading in match.readings for part in reading.parts) if match else ()
            name = "+".join(dict.fromkeys(part.measure or "number" for part in parts))
        else:
            parts, name = PRODUCTIONS[way].whole(text) or (), way
        if parts:
            return parts, name
    return (), ""


def named(parts: Iterable[Part], words: str) -> Iterator[Part]:
    """Yield the parts with measures that the words beside them support.

    A percentage read as a quantity is a percentage; a ratio is a hazard ratio where the words speak of
    hazards (odds, risks), else an estimate of something.
    """
    for part in parts:
        if part.measure == "quantity" and part.unit == "%":
            yield replace(part, measure="percent")
        elif part.measure == "hazard ratio":
            said = (measure for measure, pattern in _RATIOS if re.search(pattern, words))
            yield replace(part, measure=next(said, "estimate"))
        else:
            yield part
