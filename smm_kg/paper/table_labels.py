"""What the labels of a table print about its cells: units, sizes of groups, grades and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from smm_kg.paper.document import Column, Row, Text
from smm_kg.paper.location import Place
from smm_kg.paper.statistics import PRODUCTIONS
from smm_kg.records import Locator, Role
from smm_kg.units import unit_code

__all__ = ["Label", "Printed", "find_size", "find_unit", "find_words", "labels_of"]

_UNIT_BREAK = re.compile(r"\s[—–-]\s|[—,;()\[\]]")
_PERCENT = re.compile(r"%|\bper\s?cent\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a cell: its ``text``, and whether it stands in the label column (else in a header row)."""

    text: Text
    in_stub: bool

    def place(self, cell: Place) -> Place:
        """Return the place of the label of this cell."""
        return cell.stub(self.text) if self.in_stub else cell.header(self.text)


@dataclass(frozen=True, slots=True)
class Printed:
    """Something that a label prints about a cell: the ``words`` or ``number``, and where."""

    label: Label
    start: int
    end: int
    words: str = ""
    number: Decimal | None = None

    def locator(self, role: Role, cell: Place) -> Locator:
        """Return the locator of it, for a cell."""
        return self.label.place(cell).locator(role, self.start, self.end)


def labels_of(where: str | None, row: Row, column: Column) -> tuple[Label, ...]:
    """Return the labels of one part of the table, outermost first.

    Args:
        where: ``header`` (the nearest group header above the row), ``row`` (its own label), ``column`` (the
            head of the column); anything else has none.
        row: the row of the cell.
        column: its column.
    """
    if where == "column":
        return tuple(Label(text, in_stub=False) for text in column.path)
    texts = {"header": row.headers[-1:], "row": (row.label,)}.get(where or "", ())
    return tuple(Label(text, in_stub=True) for text in texts)


def find_unit(labels: Iterable[Label], *, percent: bool = False) -> Printed | None:
    """Return the unit printed last in the innermost label that prints one.

    Args:
        labels: the labels, outermost first.
        percent: look for the word or sign of a percentage alone (``no. (%)``).

    Returns:
        Its place, with the UCUM code as ``words``.
    """
    for label in reversed(tuple(labels)):
        if percent:
            sign = _PERCENT.search(label.text.text)
            if sign is not None:
                return Printed(label, *sign.span(), words="%")
            continue
        for start, end in _last_pieces(label.text.text):
            code = unit_code(label.text.text[start:end])
            if code is not None:
                return Printed(label, start, end, words=code)
    return None


def _last_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a label between dashes, commas and brackets, the last first."""
    starts = [0, *(match.end() for match in _UNIT_BREAK.finditer(text))]
    ends = [*(match.start() for match in _UNIT_BREAK.finditer(text)), len(text)]
    for start, end in zip(reversed(starts), reversed(ends), strict=True):
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def find_size(column: Column) -> Printed | None:
    """Return the size (``N = 40``) that the head of a column prints, nearest the cells first."""
    return _search("size", labels_of("column", Row(0, Text.of(""), ()), column), "")


def find_words(name: str, labels: Iterable[Label]) -> Printed | None:
    """Return what the production ``grade`` or ``timepoint`` reads in labels, nearest the cell first.

    A grade is one only where the label says so (``Grade 1``).
    """
    return _search(name, labels, rf"\b{name}" if name == "grade" else "")


def _search(name: str, labels: Iterable[Label], starting: str) -> Printed | None:
    production = PRODUCTIONS[name]
    for label in reversed(tuple(labels)):
        text = label.text.text
        for match in re.finditer(starting, text, re.IGNORECASE) if starting else re.finditer(r"\A", text):
            found = production.search(text, match.start())
            if found is not None and found.parts:
                part = found.parts[0]
                return Printed(label, part.start, part.end, words=part.text or "", number=part.number)
    return None
