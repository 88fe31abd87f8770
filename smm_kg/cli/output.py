"""Where answers go: a file that appears whole, or standard output."""

from __future__ import annotations

import contextlib
import functools
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from smm_kg.formats import FORMATS, format_of, render

if TYPE_CHECKING:
    from smm_kg.formats.cells import Lines

__all__ = ["Answer", "emit", "note", "output_option", "row_options", "working"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_EXPENDABLE = ("question", "fact", "printed")  # on a screen too narrow, the first to go first
_FILE = click.Path(dir_okay=False, path_type=Path)


def emit(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write the pieces to a file, or to standard output as they come."""
    if output is not None and str(output) != "-":
        from smm_kg.atomic import replacing

        with replacing(output) as stream:
            stream.writelines(pieces)
        return
    if sys.stdout is None:
        raise click.ClickException("standard output is closed; name a file with --output")
    sys.stdout.buffer.writelines(pieces)
    sys.stdout.flush()


def note(message: str) -> None:
    """Say something beside the answer, on standard error."""
    click.echo(message, err=True)


@contextlib.contextmanager
def working(doing: str) -> Iterator[None]:
    """Show on a terminal's standard error that something takes its time; say nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def output_option(command: _Command) -> _Command:
    """Give a command ``-o/--output``."""
    return click.option(
        "-o", "--output", type=_FILE, metavar="FILE", help="Write to this file instead of standard output."
    )(command)


class Answer(NamedTuple):
    """How the user wants rows: in which format, where, and which of their columns."""

    form: str | None
    output: Path | None
    columns: str | None

    @property
    def format(self) -> str:
        """The format asked for, else that of the file's suffix, else a table.

        Raises:
            SmmKgError: the suffix stands for no format.
        """
        return self.form or (format_of(self.output) if self.output else "table")

    def show(self, columns: Sequence[str], rows: Lines, after: str = "") -> None:
        """Write the rows, and after a table the text that goes with it."""
        form = self.format
        columns, rows = self._chosen(columns, rows)
        to_screen = self.output is None and sys.stdout is not None and sys.stdout.isatty()
        if FORMATS[form].binary and to_screen:
            raise click.UsageError(f"{form} is no text; name a file with --output")
        width = shutil.get_terminal_size().columns if to_screen else None
        if to_screen and not (rows := list(rows)):
            note("no rows")
        hidden = () if self.columns else _EXPENDABLE
        text = render(form, columns, rows, width=width, expendable=hidden)
        emit([*text, f"{after}\n".encode()] if after and form == "table" else text, self.output)

    def _chosen(self, columns: Sequence[str], rows: Lines) -> tuple[Sequence[str], Lines]:
        if self.columns is None:
            return columns, rows
        names = [name.strip() for name in self.columns.split(",")]
        for name in names:
            if name not in columns:
                raise click.UsageError(f"there is no column {name!r}; the columns are {', '.join(columns)}")
        places = [list(columns).index(name) for name in names]
        return names, ([row[place] for place in places] for row in rows)


def row_options(command: _Command) -> _Command:
    """Give a command that answers in rows its ``--format``, ``--output`` and ``--columns``.

    The command receives them as one :class:`Answer`, named ``answer``.
    """

    @functools.wraps(command)
    def answered(*args: Any, form: str | None, output: Path | None, columns: str | None, **more: Any) -> Any:
        return command(*args, answer=Answer(form, output, columns), **more)

    suffixes = ", ".join(known.suffixes[0] for known in FORMATS.values())
    made: Any = click.option("--columns", metavar="NAME,...", help="Only these columns, in this order.")(
        answered
    )
    return click.option(  # type: ignore[no-any-return]
        "-f",
        "--format",
        "form",
        type=click.Choice(list(FORMATS)),
        help=f"Format of the rows; else by the suffix of the file ({suffixes}), else table.",
    )(output_option(made))
