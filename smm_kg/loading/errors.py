"""Why a file is not loaded: the file, the line and the rule."""

from __future__ import annotations

from smm_kg.errors import SmmKgError

__all__ = ["LoadingError"]


class LoadingError(SmmKgError):
    """A file that cannot be read safely, or states what may not be loaded.

    Args:
        what: what is wrong, without a full stop.
        file: the file.
        rule: the name of the rule that is broken; docs/exchange.md tells them.
        line: where in the file, counted from 1, if it is known.
        column: where in the line, counted from 1, if it is known.
        hint: what to do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str,
        rule: str,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        place = file if line is None else f"{file}: line {line}"
        place += f", column {column}" if column is not None else ""
        super().__init__(f"{what} (rule {rule})", where=place, hint=hint)
        self.file, self.rule, self.line, self.column = file, rule, line, column
