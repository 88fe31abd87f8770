r"""Answers as text or bytes: one writer per format, found by its name and imported when it is used.

>>> b"".join(render("jsonl", ("arm", "count"), [("treatment", 3)]))
b'{"arm": "treatment", "count": 3}\n'
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import PurePath

    from smm_kg.formats.cells import Lines

__all__ = ["FORMATS", "Format", "format_of", "render"]


class Format(NamedTuple):
    """A format of rows.

    Attributes:
        module: where its writer is.
        writer: a function of columns and rows that yields pieces of text or bytes.
        suffixes: of its files.
        binary: whether it is no text.
    """

    module: str
    writer: str
    suffixes: tuple[str, ...]
    binary: bool = False

    def load(self) -> Callable[..., Iterator[str] | Iterator[bytes]]:
        """Import the writer."""
        function: Callable[..., Iterator[str] | Iterator[bytes]] = getattr(
            importlib.import_module(f"smm_kg.formats.{self.module}"), self.writer
        )
        return function


FORMATS = {
    "table": Format("screen", "table", (".txt",)),
    "csv": Format("delimited", "csv", (".csv",)),
    "tsv": Format("delimited", "tsv", (".tsv",)),
    "json": Format("objects", "json_array", (".json",)),
    "jsonl": Format("objects", "json_lines", (".jsonl", ".ndjson")),
    "markdown": Format("markdown", "markdown", (".md",)),
    "parquet": Format("parquet", "parquet", (".parquet",), binary=True),
}


def format_of(path: PurePath) -> str:
    """The format that a file's suffix stands for; ``table`` for a name without one.

    Raises:
        SmmKgError: it stands for none.
    """
    suffix = path.suffix.lower()
    for name, format_ in FORMATS.items():
        if suffix in format_.suffixes:
            return name
    if not suffix:
        return "table"
    from smm_kg.errors import SmmKgError

    raise SmmKgError(
        f"the suffix {path.suffix!r} names no format",
        where=str(path),
        hint=f"end it in one of {', '.join(known.suffixes[0] for known in FORMATS.values())}, or name the "
        "format with --format",
    )


def render(
    format: str,  # noqa: A002
    columns: Sequence[str],
    rows: Lines,
    *,
    width: int | None = None,
    expendable: Sequence[str] = (),
) -> Iterator[bytes]:
    """Write rows in a format, piece by piece, as UTF-8 with LF line ends.

    Args:
        format: a key of :data:`FORMATS`.
        columns: the names of the columns.
        rows: their cells, row by row.
        width: the characters of the screen, for ``table`` on a terminal.
        expendable: columns that such a table may hide, the first to go first.

    Raises:
        SmmKgError: the format needs a package that is not installed.
    """
    write = FORMATS[format].load()
    pieces = write(columns, rows, width, expendable) if format == "table" else write(columns, rows)
    for piece in pieces:
        yield piece.encode() if isinstance(piece, str) else piece
