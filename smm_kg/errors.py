"""What can go wrong, as one hierarchy: each error carries its data and prints itself.

``str(error)`` is one or a few lines that say what is wrong, where, and what to do. The command line prints
it and exits with ``error.exit_code``; nothing else is printed.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["SmmKgError"]


class SmmKgError(Exception):
    """Base of all errors of smm-kg that a user can cause and mend.

    Args:
        what: what is wrong, one sentence without a full stop.
        where: the file, section, field or address concerned.
        hint: what to do about it.
        candidates: what was perhaps meant, best first.
    """

    exit_code = 2

    def __init__(
        self, what: str, *, where: str | None = None, hint: str | None = None, candidates: Sequence[str] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.candidates:
            line += "; candidates: " + "; ".join(self.candidates)
        return f"{line}; {self.hint}" if self.hint else line
