"""JSON: an array of objects, or one object a line; every column is there, numbers with all their digits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from json.encoder import encode_basestring

from smm_kg.formats.cells import Cell, Line, Lines, cell_text

__all__ = ["json_array", "json_lines"]


def json_array(columns: Sequence[str], rows: Lines) -> Iterator[str]:
    """A JSON array with one object, on one line, for each row."""
    before = "[\n"
    keys = _keys(columns)
    for row in rows:
        yield before + _object(keys, row)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def json_lines(columns: Sequence[str], rows: Lines) -> Iterator[str]:
    """One JSON object a line."""
    keys = _keys(columns)
    for row in rows:
        yield _object(keys, row) + "\n"


def _keys(columns: Sequence[str]) -> list[str]:
    return [encode_basestring(column) + ": " for column in columns]


def _object(keys: Sequence[str], row: Line) -> str:
    return "{" + ", ".join(key + _json(cell) for key, cell in zip(keys, row, strict=True)) + "}"


def _json(cell: Cell) -> str:
    if cell is None:
        return "null"
    # JSON has no word for an infinite number or for none: they are written as text.
    if isinstance(cell, str) or (isinstance(cell, (float, Decimal)) and not math.isfinite(cell)):
        return str(encode_basestring(str(cell)))
    return cell_text(cell)
