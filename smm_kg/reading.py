"""A paper read by the sheet that fits it: the one named, or the shipped one written for the article."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from smm_kg import resources
from smm_kg.errors import SmmKgError

if TYPE_CHECKING:
    from smm_kg.paper.coverage import Coverage
    from smm_kg.paper.document import Document
    from smm_kg.paper.reader import Reading
    from smm_kg.paper.sheet_model import Sheet

__all__ = ["NoSheetError", "coverage_of", "read_paper", "shipped_sheets"]

_Read = TypeVar("_Read")


class NoSheetError(SmmKgError):
    """No sheet reads this paper."""


def shipped_sheets() -> dict[str, Path]:
    """The sheets that ship with the package, by the id of their study."""
    return {path.stem: path for path in sorted((resources.evidence() / "sheets").glob("*.yaml"))}


def read_paper(path: str | Path, study: str | None = None, sheet: str | Path | None = None) -> Reading:
    """Read a paper: its text, Markdown or JATS XML becomes the record of its study.

    Args:
        path: the paper.
        study: id of the study, for which a sheet ships with the package.
        sheet: a sheet of your own, instead. With neither, the shipped sheet of the article's title is taken.

    Raises:
        NoSheetError: no sheet is known for the study or article.
        SmmKgError: the paper or sheet cannot be read, or they do not fit each other; nothing is half read.
    """
    from smm_kg.paper.reader import read_study
    from smm_kg.paper.source import read_document

    return _by_sheet(read_document(Path(path)), study, sheet, read_study)


def coverage_of(
    path: str | Path, study: str | None = None, sheet: str | Path | None = None
) -> tuple[Coverage, Reading]:
    """Account for every number of a paper, as far as its sheet fits it.

    Args:
        path: the paper.
        study: as for :func:`read_paper`.
        sheet: as for :func:`read_paper`.

    Returns:
        The accounts, and the reading with its problems where the sheet does not fit.

    Raises:
        NoSheetError, SmmKgError: as for :func:`read_paper`.
    """
    from smm_kg.paper.coverage import account_for
    from smm_kg.paper.reader import read_what_fits
    from smm_kg.paper.source import read_document

    document = read_document(Path(path))
    reading = _by_sheet(document, study, sheet, read_what_fits)
    return account_for(document, reading.study), reading


def _by_sheet(
    document: Document, study: str | None, sheet: str | Path | None, read: Callable[[Document, Sheet], _Read]
) -> _Read:
    from smm_kg.paper.reader import NotThisArticle
    from smm_kg.paper.sheet import load_sheet

    if sheet is not None:
        return read(document, load_sheet(Path(sheet)))
    shipped = shipped_sheets()
    if study is not None:
        if study not in shipped:
            raise NoSheetError(
                f"no sheet ships for a study {study!r}",
                candidates=list(shipped),
                hint="name a sheet of your own with --sheet",
            )
        return read(document, load_sheet(shipped[study]))
    for path in shipped.values():
        try:
            return read(document, load_sheet(path))
        except NotThisArticle:
            continue
    raise NoSheetError(
        "no sheet that ships reads this article",
        candidates=list(shipped),
        hint="name a sheet of your own with --sheet",
    )
