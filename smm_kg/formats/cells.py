"""What a cell of an answer may hold, and its plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

__all__ = ["Cell", "Line", "Lines", "cell_text"]

Cell: TypeAlias = str | int | float | Decimal | bool | None
Line: TypeAlias = Sequence[Cell]
Lines: TypeAlias = Iterable[Line]


def cell_text(cell: Cell) -> str:
    """The text of a cell: decimals with all their digits and no exponent, nothing for ``None``.

    >>> cell_text(Decimal("1E+2")), cell_text(True), cell_text(None)
    ('100', 'true', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
