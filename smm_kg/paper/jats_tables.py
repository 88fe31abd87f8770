"""Tables of JATS XML: the grid of rows and columns from cells that span several of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smm_kg.paper.document import Block, Table, Text
from smm_kg.paper.footnotes import RAISED_MARK, split_notes
from smm_kg.paper.inline import Inline
from smm_kg.paper.source import RefusedXmlError
from smm_kg.paper.tables import Grid, GridRow, Slot, build_table, without_marks
from smm_kg.paper.xmltree import Element

__all__ = ["read_tables"]

_MAX_COLUMNS = 200
_LABEL = re.compile(r"(?P<words>.*?Table)\s*(?P<number>\d{1,3})\W*", re.IGNORECASE)


def read_tables(wrap: Element, inline: Inline, order: int) -> Iterator[Table]:
    """The tables of a ``table-wrap``, mostly one.

    Args:
        wrap: the element.
        inline: reads the text.
        order: the number of the table where its label states none.
    """
    label, number, printed = _label(wrap, inline, order)
    caption_element = wrap.first("caption")
    caption_text = inline.text(caption_element) if caption_element is not None else Text("", (), ())
    caption_text, marks = without_marks(Text.join([printed, caption_text]))
    caption = Block("caption", (label, "Caption"), caption_text, "".join(marks)) if caption_text else None
    footnotes = tuple(_footnotes(wrap, label, inline))
    labels = {note.mark for note in footnotes if note.mark}
    for index, table in enumerate(wrap.descendants("table"), start=1):
        own = label if index == 1 else f"{label} ({index})"
        grid = _grid(table, inline, labels)
        yield build_table(own, number, caption if index == 1 else None, grid, footnotes if index == 1 else ())


def _label(wrap: Element, inline: Inline, order: int) -> tuple[str, int, Text]:
    """The table's name, its number, and the label as printed."""
    element = wrap.first("label")
    printed = inline.text(element) if element is not None else Text("", (), ())
    match = _LABEL.fullmatch(printed.text)
    if match is not None:
        return f"{match['words']} {match['number']}", int(match["number"]), printed
    return printed.text.strip(" .:") or f"Table {order}", order, printed


def _footnotes(wrap: Element, label: str, inline: Inline) -> Iterator[Block]:
    for foot in wrap.elements("table-wrap-foot"):
        for note in foot.elements():
            own = note.first("label")
            if own is not None:
                mark = inline.text(own).text.strip(" .^)")
                rest = Text.join(inline.text(child) for child in note.elements() if child is not own)
                if rest:
                    yield Block("footnote", (label, "Footnotes"), rest, mark)
                continue
            for raw, mark in split_notes(inline.raw(note).strip(), RAISED_MARK):
                if text := inline.finished(raw):
                    yield Block("footnote", (label, "Footnotes"), text, mark)


@dataclass(eq=False)
class _Hanging:
    """A cell that reaches into rows below."""

    slot: Slot
    rows: int


def _grid(table: Element, inline: Inline, note_labels: set[str]) -> Grid:
    """The grid of a table; without a ``thead``, its first rows of ``th`` are the header, at least one row."""
    header = [row for part in table.elements("thead") for row in _rows(part, inline, note_labels)]
    body: list[GridRow] = []
    for part in table.elements("tbody", "tfoot"):
        body += _rows(part, inline, note_labels)
    if table.first("tr") is not None:
        body += _rows(table, inline, note_labels)
    if not header and body:
        first = next(table.descendants("tr"))
        count = 1 if first.first("th") is not None or not _numeric(body[0]) else 0
        header, body = body[:count], body[count:]
    return Grid(tuple(header), tuple(body), stub_width=_stub_width(header, body))


def _rows(part: Element, inline: Inline, note_labels: set[str]) -> list[GridRow]:
    rows: list[GridRow] = []
    hanging: dict[int, _Hanging] = {}
    for element in part.elements("tr"):
        row: list[Slot | None] = []
        for cell in element.elements("td", "th"):
            _drop_in(row, hanging)
            text, marks, indent = inline.cell(cell, note_labels)
            text, more = without_marks(text)
            slot = Slot(text, (*marks, *more), indent)
            down = _count(cell, "rowspan")
            for _ in range(_count(cell, "colspan")):
                if down > 1:
                    hanging[len(row)] = _Hanging(slot, down - 1)
                row.append(slot)
            if len(row) > _MAX_COLUMNS:
                raise RefusedXmlError(
                    f"a table at character {part.start} has more than {_MAX_COLUMNS} columns",
                    hint="no report prints such a table; check where the file comes from",
                )
        _drop_in(row, hanging, last=True)
        rows.append(row)
    return [row for row in rows if any(slot is not None and slot.filled for slot in row)]


def _drop_in(row: list[Slot | None], hanging: dict[int, _Hanging], *, last: bool = False) -> None:
    """Fill the next columns of a row with the cells that reach down into them."""
    while hanging and (len(row) in hanging or (last and max(hanging) > len(row))):
        above = hanging.get(len(row))
        if above is None:
            row.append(None)
            continue
        above.rows -= 1
        if not above.rows:
            del hanging[len(row)]
        row.append(above.slot)


def _count(cell: Element, attribute: str) -> int:
    """A row or column span; anything but a sensible number counts as 1."""
    value = cell.attributes.get(attribute, "1").strip()
    return max(1, min(int(value), _MAX_COLUMNS + 1)) if value.isdecimal() and len(value) < 6 else 1


def _numeric(row: GridRow) -> bool:
    values = [slot.text.text for slot in row[1:] if slot is not None and slot.text]
    return bool(values) and all(value[0].isdigit() for value in values)


def _stub_width(header: Sequence[GridRow], body: Sequence[GridRow]) -> int:
    """How many columns hold labels: as many as a label spans, where the header names them with one cell."""
    width = max((len(row) for row in body), default=1)
    spans = (sum(slot is row[0] for slot in row) for row in body if row and row[0] is not None)
    widest = max((span for span in spans if span < width), default=1)
    named = {slot for row in header for slot in row[:widest] if slot is not None and slot.filled}
    return widest if len(named) <= 1 else 1
