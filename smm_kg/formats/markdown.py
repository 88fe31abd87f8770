"""A table in GitHub's Markdown, every cell shown as it is: what would be markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smm_kg.formats.cells import Line, Lines, cell_text

__all__ = ["markdown"]

# A character that may begin or end markup. `<` and `&` only do before a tag, an address or an entity, and
# `_` not inside a word, so that IRIs and "P<0.001" stay readable.
_MARKUP = re.compile(r"[\\`*\[\]|~]|<(?=[A-Za-z/!?])|&(?=#|\w+;)|(?<![^\W_])_|_(?![^\W_])")
_LINE_END = re.compile(r"\r\n|\r|\n")


def markdown(columns: Sequence[str], rows: Lines) -> Iterator[str]:
    """A table with pipes; columns of numbers are not aligned, since that would need all rows first."""
    yield _line(columns)
    yield "|" + " --- |" * len(columns) + "\n"
    for row in rows:
        yield _line(row)


def _line(row: Line) -> str:
    cells = (_LINE_END.sub("<br>", _MARKUP.sub(r"\\\g<0>", cell_text(cell))) for cell in row)
    return "| " + " | ".join(cells) + " |\n"
