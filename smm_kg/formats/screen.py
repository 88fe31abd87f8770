"""A table for the eye: aligned columns on a wide screen or in a pipe, one block per row on a narrow one.

Rich's own table takes seconds for a thousand rows of thirty columns, so only its measure of the width of
characters is used here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from smm_kg.formats.cells import Cell, Lines, cell_text

__all__ = ["table"]

_GAP = "  "
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SHORT = (
    ("https://w3id.org/smm-kg/study/", ""),
    ("https://w3id.org/smm-kg/ontology#", "smm:"),
    ("https://w3id.org/smm-kg/graph/", "graph/"),
)


def table(
    columns: Sequence[str], rows: Lines, width: int | None = None, expendable: Sequence[str] = ()
) -> Iterator[str]:
    """Lay out rows for reading.

    Args:
        columns: the names of the columns.
        rows: their cells. Addresses of this project are shown in their short form (``smm:HazardRatio``,
            ``mateos-2013#ttp-effect``); the other formats hold them whole.
        width: how many characters the screen has, or None for a file or pipe, where each row is one line
            of whatever length. On a screen, where they would not fit, columns without content are left
            out, what is the same in all rows is said once above, expendable columns are hidden and named
            below, long texts are wrapped at spaces, and a table that still does not fit is shown as one
            block per row. Nothing is ever cut.
        expendable: columns that may be hidden, the first to go first.
    """
    held = [tuple(row) for row in rows]
    texts = [[_shown(cell) for cell in row] for row in held]
    numeric = [_is_numeric([row[index] for row in held]) for index in range(len(columns))]
    if width is None:
        yield from _aligned(columns, [[_one_line(cell) for cell in row] for row in texts], numeric, None)
        return
    yield from _on_screen(columns, texts, numeric, width, expendable)


def _on_screen(
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    width: int,
    expendable: Sequence[str],
) -> Iterator[str]:
    """The table on a screen of ``width`` characters, without what it has no room for."""

    def fits(places: Sequence[int]) -> bool:
        return _least(*_part(places, columns, texts)) <= width

    everything = range(len(columns))
    shown, said = list(everything), []
    if texts and not fits(shown):
        shown = [index for index in everything if any(row[index] for row in texts)]
    filled = shown
    if len(texts) > 1 and not fits(shown):
        said = [index for index in shown if len({row[index] for row in texts}) == 1]
        shown = [index for index in shown if index not in said] or shown
    for name in expendable:
        if name in columns and len(shown) > 1 and not fits(shown):
            shown = [index for index in shown if columns[index] != name]
    if texts and not fits(shown):
        yield from _blocks(*_part(filled, columns, texts), width)
        return
    said = [index for index in said if index not in shown and columns[index] not in expendable]
    yield from (f"{columns[index]}: {_one_line(texts[0][index])}\n" for index in said)
    yield "\n" if said else ""
    yield from _aligned(*_part(shown, columns, texts), [numeric[index] for index in shown], width)
    if hidden := [columns[index] for index in filled if index not in {*shown, *said}]:
        yield f"hidden: {', '.join(hidden)}; show them with --columns or --format\n"


def _part(
    places: Sequence[int], columns: Sequence[str], texts: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """The names and cells of some columns."""
    return [columns[place] for place in places], [[row[place] for place in places] for row in texts]


def _shown(cell: Cell) -> str:
    """The text of a cell without anything that could move the cursor of a terminal."""
    text = cell_text(cell)
    for long, short in _SHORT:
        if text.startswith(long):
            text = short + text.removeprefix(long)
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text.expandtabs())


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _is_numeric(cells: Sequence[Cell]) -> bool:
    held = [cell for cell in cells if cell is not None]
    return bool(held) and all(isinstance(cell, (int, float, Decimal)) for cell in held)


def _least(names: Sequence[str], texts: Sequence[Sequence[str]]) -> int:
    """How narrow the table can be without breaking a word."""
    widths = [_longest_word(name) for name in names]
    for row in texts:
        for index, text in enumerate(row):
            if len(text) > widths[index]:
                widths[index] = max(widths[index], _longest_word(text))
    return sum(widths) + len(_GAP) * max(len(widths) - 1, 0)


def _longest_word(text: str) -> int:
    return max((_cell_len(word) for word in text.split()), default=0)


def _cell_len(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _aligned(
    names: Sequence[str], texts: Sequence[Sequence[str]], numeric: Sequence[bool], width: int | None
) -> Iterator[str]:
    """Columns under their names, numbers to the right, texts wrapped where ``width`` asks for it."""
    widths = [max((_cell_len(row[index]) for row in texts), default=0) for index in range(len(names))]
    widths = [max(wide, _cell_len(name)) for wide, name in zip(widths, names, strict=True)]
    if width is not None:
        least = [max(_longest_word(row[index]) for row in [names, *texts]) for index in range(len(names))]
        widths = _squeezed(widths, least, width - len(_GAP) * max(len(names) - 1, 0))
    yield from _row(names, widths, numeric)
    yield _GAP.join("─" * wide for wide in widths) + "\n"
    for row in texts:
        yield from _row(row, widths, numeric)


def _squeezed(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Narrow the widest columns, one step at a time, until all fit into ``room`` or none can give way."""
    squeezed = list(widths)
    while sum(squeezed) > room:
        spare = [wide if wide > narrow else 0 for wide, narrow in zip(squeezed, least, strict=True)]
        widest = spare.index(max(spare))
        if not spare[widest]:
            break
        squeezed[widest] -= 1
    return squeezed


def _row(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    """The lines of one row: as many as its most wrapped cell."""
    columns = [
        _wrapped(cell, wide) if len(cell) > wide or "\n" in cell else [cell]
        for cell, wide in zip(cells, widths, strict=True)
    ]
    for line in range(max(map(len, columns), default=1)):
        padded = [
            _padded(column[line] if line < len(column) else "", wide, right)
            for column, wide, right in zip(columns, widths, numeric, strict=True)
        ]
        yield _GAP.join(padded).rstrip() + "\n"


def _padded(text: str, width: int, right: bool) -> str:
    room = " " * (width - _cell_len(text))
    return room + text if right else text + room


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text at its spaces into lines of at most ``width``; a longer word stays whole."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and _cell_len(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _blocks(names: Sequence[str], texts: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """One block per row: a numbered rule, then each cell that holds something, with its name."""
    margin = max(map(_cell_len, names))
    for number, row in enumerate(texts, 1):
        yield f"── {number} ".ljust(min(width, 60), "─") + "\n"
        for name, text in zip(names, row, strict=True):
            for index, line in enumerate(_wrapped(text, max(width - margin - len(_GAP), 1)) if text else ()):
                yield (_padded("" if index else name, margin, False) + _GAP + line).rstrip() + "\n"
