"""Tables of recovered text: rows of cells between tabs, with header cells astray or spread over columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from smm_kg.paper import layout
from smm_kg.paper.document import Text
from smm_kg.paper.lines import Line
from smm_kg.paper.tables import Grid, GridRow, Slot, without_marks

__all__ = ["split_title", "tab_grid"]

_STRAY = re.compile(r"\d{1,2}|[:,.|'`’-]{0,3}")  # nothing: a footnote mark alone
_MOST_HEADER_ROWS = 20
_VALUE = re.compile(r"[<>≤≥=~±+–-]?\s*\d")


def split_title(lines: Sequence[Line]) -> tuple[Line | None, Sequence[Line]]:
    """The title at the head of a table, if it stands there, and the rows."""
    title = lines[0].text.strip()
    if "\t" in title or not layout.CAPTION.match(lines[0].look):
        return None, lines
    return Line.of(title, lines[0].start + lines[0].text.index(title)), lines[1:]


def tab_grid(source: str, lines: Sequence[Line], repair: Callable[[Text], Text]) -> Grid:
    """The grid of a run of rows.

    The first row is the header, with those below it that have no label. A number or a sign alone between
    header cells is astray and moves the cells behind it by one column where the columns below ask for it. A
    header cell reaches over the empty cells to its right where another header row stands below it, or where
    it stands alone in its row, over the first column.
    """
    rows = [_slots(source, line, repair) for line in lines]
    count = _header_count(rows)
    header, body = [list(row) for row in rows[:count]], rows[count:]
    width = max((_reach(row) for row in body), default=0) or max((_reach(row) for row in header), default=0)
    strays: list[Text] = []
    for index in range(count):
        below = [*header[index + 1 :], *body]
        header[index], found = _without_stray(header[index], below)
        strays.extend(found)
    width = max([width, *(_reach(row) for row in header)])
    spread = [_spread(row, width, last=index == count - 1) for index, row in enumerate(header)]
    return Grid(tuple(spread), tuple(_padded(row, width) for row in body), strays=tuple(strays))


def _slots(source: str, line: Line, repair: Callable[[Text], Text]) -> list[Slot | None]:
    slots: list[Slot | None] = []
    start = line.start
    for cell in line.text.split("\t"):
        text, marks = without_marks(repair(Text.of(source, start, start + len(cell))))
        indent = len(cell) - len(cell.lstrip()) if not slots else 0
        slots.append(Slot(text, marks, indent) if text or marks else None)
        start += len(cell) + 1
    return slots


def _reach(row: GridRow) -> int:
    """The number of columns up to the last filled one."""
    return max((column + 1 for column, slot in enumerate(row) if slot is not None), default=0)


def _padded(row: GridRow, width: int) -> GridRow:
    return [*row[:width], *[None] * (width - len(row))]


def _header_count(rows: Sequence[GridRow]) -> int:
    values = [slot.text.text for slot in rows[0][1:] if slot is not None] if rows else []
    if not values or all(_VALUE.match(value) for value in values):
        return 0
    count = 1
    while count < len(rows) and rows[count][0] is None and _reach(rows[count]):
        count += 1
    return min(count, _MOST_HEADER_ROWS)


def _without_stray(row: list[Slot | None], below: Sequence[GridRow]) -> tuple[list[Slot | None], list[Text]]:
    """A header row without its stray cell, the cells behind it moved to the columns they belong to."""
    places = [column for column, slot in enumerate(row) if column and slot is not None]
    strays = [column for column in places if _STRAY.fullmatch(str(_text(row[column])))]
    worded = [column for column in places if any(map(str.isalpha, str(_text(row[column]))))]
    if len(strays) != 1 or not worded:
        return row, []
    place = strays[0]
    kept = [*row[:place], None, *row[place + 1 :]]
    moved = [*row[:place], *row[place + 1 :], None]
    found = [text for text in [_text(row[place])] if text]
    return (moved if _fits(moved, below) > _fits(kept, below) else kept), found


def _fits(row: GridRow, below: Sequence[GridRow]) -> tuple[bool, bool]:
    """Whether a header row leaves no column below bare, and whether each of its cells begins a run there."""
    begins = [column for column, slot in enumerate(row) if column and slot is not None]
    used = {column for other in below for column, slot in enumerate(other) if column and slot is not None}
    covered = bool(begins) and (not used or min(begins) <= min(used)) and max(begins) <= max(used, default=0)
    return covered, bool(below) and begins == _runs(below[0])


def _runs(row: GridRow) -> list[int]:
    """The columns at which a row of header cells begins to repeat itself (``Grade 1, Grade 2, Grade 1``)."""
    begins: list[int] = []
    seen: set[str] = set()
    for column, slot in enumerate(row):
        if not column or slot is None:
            continue
        if not begins or slot.text.text in seen:
            begins.append(column)
            seen.clear()
        seen.add(slot.text.text)
    return begins


def _spread(row: GridRow, width: int, *, last: bool) -> GridRow:
    """The row with each header cell over all the columns that it heads."""
    filled = [column for column, slot in enumerate(row) if column and slot is not None]
    result = list(_padded(row, width))
    if last and filled != [1]:
        return result
    for column in range(2, width):
        if result[column] is None:
            result[column] = result[column - 1]
    return result


def _text(slot: Slot | None) -> Text:
    return slot.text if slot is not None else Text("", (), ())
