"""Comma- and tab-separated values (RFC 4180, lines ending in LF)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smm_kg.formats.cells import Line, Lines, cell_text

__all__ = ["csv", "tsv"]


def csv(columns: Sequence[str], rows: Lines) -> Iterator[str]:
    """Comma-separated values with a header line."""
    return _delimited(columns, rows, ",")


def tsv(columns: Sequence[str], rows: Lines) -> Iterator[str]:
    """Tab-separated values with a header line; a field that holds a tab is quoted as in CSV."""
    return _delimited(columns, rows, "\t")


def _delimited(columns: Sequence[str], rows: Lines, delimiter: str) -> Iterator[str]:
    yield _line(columns, delimiter)
    for row in rows:
        yield _line(row, delimiter)


def _line(row: Line, delimiter: str) -> str:
    # Python's csv writer leaves a lone CR unquoted when lines end in LF, which its reader then refuses.
    line = delimiter.join(_field(cell_text(cell), delimiter) for cell in row)
    return (line or '""') + "\n"  # an empty line would be no row at all


def _field(text: str, delimiter: str) -> str:
    if '"' in text or delimiter in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
