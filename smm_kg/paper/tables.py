"""From a grid of cells to a table with header paths, row labels and group headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smm_kg.paper.document import Block, Cell, Column, Row, Table, Text

__all__ = ["Grid", "GridRow", "Slot", "build_table", "without_marks"]

_MARKS_AT_END = re.compile(
    r"(?:\s?(?:\*{1,3}|†{1,2}|‡{1,2}|§{1,2}|¶{1,2}|‖{1,2}|;{1,2}|\[[†‡§¶*]\]|\^[a-z](?:,\s?[a-z])*(?![\w^])))+$"
)
_MARK = re.compile(r"\*+|†+|‡+|§+|¶+|‖+|;+|[a-z]")
_WORD = re.compile(r"[\w-]+")
_MOST_HEADERS = 100
"""Group headers that a row keeps; printed tables have fewer, and so the time stays in proportion."""
_UNIT_PART = re.compile(r"\s[–—]\s.*$|,\s*(?:no\.|n\b|%).*$")


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A printed cell; the same slot stands in every place of the grid that the cell covers."""

    text: Text
    marks: tuple[str, ...] = ()
    indent: int = 0

    @property
    def filled(self) -> bool:
        """Whether anything is printed in it."""
        return bool(self.text or self.marks)


GridRow = Sequence[Slot | None]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of slots, all of one width: header rows first, the leftmost ``stub_width`` columns are labels."""

    header: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    stub_width: int = 1
    strays: tuple[Text, ...] = ()


def without_marks(text: Text) -> tuple[Text, tuple[str, ...]]:
    """A cell's text without the footnote marks at its end, and those marks.

    A lost ``‡`` is often recovered as ``;`` or ``;;``, which ends no cell otherwise.
    """
    match = _MARKS_AT_END.search(text.text)
    if match is None:
        return text, ()
    return text[: match.start()].strip(), tuple(_MARK.findall(match[0]))


def build_table(
    label: str, number: int, caption: Block | None, grid: Grid, footnotes: Sequence[Block] = ()
) -> Table:
    """The table of a grid.

    A row with a label and no value is a group header, as is one cell over the whole width. So is a row of
    words without a label (``N (%)`` repeated within the table).
    """
    width = max((len(row) for row in (*grid.header, *grid.body)), default=0)
    columns = tuple(
        Column(index, _path(grid.header, index), _path_marks(grid.header, index))
        for index in range(grid.stub_width, width)
    )
    rows: list[Row] = []
    groups = _Groups()
    for index, slots in enumerate(grid.body, start=len(grid.header)):
        stub = _distinct(slots[: grid.stub_width])
        values = [None if slot in stub else slot for slot in slots[grid.stub_width :]]
        if not stub and not _distinct(values):
            continue
        text = Text.join(slot.text for slot in stub)
        if _is_group_header(stub, values):
            heading = next(
                (part for part in (text, *(slot.text for slot in _distinct(values))) if part), None
            )
            if heading is not None:
                groups.enter(heading, _indent(slots[: grid.stub_width]))
            continue
        path = groups.path(text, _indent(slots[: grid.stub_width]))
        cells = _cells(values, index, columns)
        marks = tuple(mark for slot in stub for mark in slot.marks)
        rows.append(Row(index, text, cells, tuple(groups.headings[-_MOST_HEADERS:]), path, marks))
    stub_header = tuple(text for column in range(grid.stub_width) for text in _path(grid.header, column))
    return Table(
        label=label,
        number=number,
        caption=caption,
        stub=tuple(dict.fromkeys(stub_header)),
        columns=columns,
        rows=tuple(rows),
        headings=tuple(groups.headings),
        footnotes=tuple(footnotes),
        strays=grid.strays,
    )


def _cells(values: Sequence[Slot | None], row: int, columns: Sequence[Column]) -> tuple[Cell, ...]:
    """One cell for each column, empty ones for those that the row does not reach."""
    cells = []
    spans = Counter(values)
    for position, column in enumerate(columns):
        slot = values[position] if position < len(values) else None
        if slot is None:
            cells.append(Cell(Text("", (), ()), row, column.index))
        else:
            cells.append(Cell(slot.text, row, column.index, slot.marks, spans[slot]))
    return tuple(cells)


def _distinct(slots: Sequence[Slot | None]) -> list[Slot]:
    """The filled slots, each once."""
    return list(dict.fromkeys(slot for slot in slots if slot is not None and slot.filled))


def _covering(header: Sequence[GridRow], column: int) -> list[Slot]:
    return _distinct([row[column] if column < len(row) else None for row in header])


def _path(header: Sequence[GridRow], column: int) -> tuple[Text, ...]:
    return tuple(slot.text for slot in _covering(header, column) if slot.text)


def _path_marks(header: Sequence[GridRow], column: int) -> tuple[str, ...]:
    return tuple(mark for slot in _covering(header, column) for mark in slot.marks)


def _indent(slots: GridRow) -> int:
    """How far a row's label is set in: its leading spaces, and the empty label cells before it."""
    for position, slot in enumerate(slots):
        if slot is not None and slot.text:
            return slot.indent + position
    return 0


def _is_group_header(stub: Sequence[Slot], values: Sequence[Slot | None]) -> bool:
    printed = _distinct(values)
    if not printed:
        return True
    return not stub and not any(map(str.isdigit, "".join(slot.text.text for slot in printed)))


@dataclass
class _Open:
    """A row that may stand over those below it; ``deeper`` once one of them is set in further."""

    text: Text
    indent: int
    is_header: bool
    deeper: bool = False


class _Groups:
    """The group headers met so far, and the rows that are open, outermost first."""

    def __init__(self) -> None:
        self.headings: list[Text] = []
        self._open: list[_Open] = []
        self._after_header = False

    def enter(self, heading: Text, indent: int) -> None:
        """A group header: it stands under one right above it, and beside one worded alike."""
        self.headings.append(heading)
        if self._after_header and self._open[-1].indent <= indent:
            self._open[-1].deeper = self._open[-1].indent < indent
        else:
            self._close(indent + 1)
            level = [row.indent for row in self._open].index(indent) if self._at(indent) else len(self._open)
            sisters = (
                k
                for k in reversed(range(level, len(self._open)))
                if self._open[k].is_header and _alike(self._open[k].text, heading)
            )
            del self._open[next(sisters, level) :]
        self._open.append(_Open(heading, indent, is_header=True))
        self._after_header = True

    def path(self, label: Text, indent: int) -> tuple[Text, ...]:
        """The rows over a row of values: headers, and rows that it is set in below."""
        self._after_header = False
        self._close(indent + 1)
        while self._at(indent) and (self._open[-1].deeper or not self._open[-1].is_header):
            self._open.pop()
        for row in self._open:
            row.deeper = row.deeper or row.indent < indent
        path = tuple(row.text for row in self._open)
        self._open.append(_Open(label, indent, is_header=False))
        return path

    def _at(self, indent: int) -> bool:
        return bool(self._open) and self._open[-1].indent == indent

    def _close(self, indent: int) -> None:
        while self._open and self._open[-1].indent >= indent:
            self._open.pop()


def _alike(one: Text, other: Text) -> bool:
    """Whether two group headers are worded alike at one end: ``In serum``, ``In urine``."""
    first, second = (_WORD.findall(_UNIT_PART.sub("", text.text).casefold()) for text in (one, other))
    return first[:1] == second[:1] != [] or first[-1:] == second[-1:] != []
