"""The documentation in a folder, each file whole or not at all, the index last."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smm_kg.atomic import WritingError, replacing
from smm_kg.reference.pages import GENERATOR, INDEX, DocumentationError

__all__ = ["write"]

_MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
_HEAD = 2000  # bytes within which a page says what made it


def write(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Write pages to a folder, which is made if it is missing; other files in it are left alone.

    Raises:
        DocumentationError: files of others would be replaced.
        WritingError: the system does not let us write there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_files_of_others(folder, pages)
    except FileExistsError as error:
        raise DocumentationError(
            "is a file, not a folder", where=str(folder), hint="name a folder"
        ) from error
    except OSError as error:
        raise WritingError.from_os(folder, error) from error
    for name in sorted(pages, key=lambda each: (each == INDEX, each)):
        with replacing(folder / name) as stream:
            stream.write(pages[name])


def _refuse_files_of_others(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Raise a DocumentationError if files have the names of ours, in a folder whose index is not ours."""
    if _is_ours(folder / INDEX):
        return
    for name, text in sorted(pages.items()):
        path = folder / name
        if path.is_dir() or (path.exists() and path.read_bytes() != text):
            what = f"holds a file {name} that smm-kg did not write"
            raise DocumentationError(what, where=str(folder), hint="write to another folder: -o FOLDER")


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return _MARK in stream.read(_HEAD)
