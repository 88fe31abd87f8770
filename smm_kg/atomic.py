"""Files that appear whole or not at all: written beside their place, flushed to the disk, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from smm_kg.errors import SmmKgError

__all__ = ["WritingError", "discard_unfinished", "replacing"]

_unfinished: set[Path] = set()


class WritingError(SmmKgError):
    """A file could not be written; what stood in its place before is untouched."""

    @classmethod
    def from_os(cls, path: Path | str, error: OSError) -> WritingError:
        """Say in plain words why the system refused to write ``path``."""
        # The store's library gives the system's words and no number.
        code = error.errno or next((code for code in _REASONS if os.strerror(code) in str(error)), 0)
        what, hint = _REASONS.get(code, (error.strerror or str(error), None))
        return cls(what, where=str(path), hint=hint)


_ELSEWHERE = "name a place where you may write"
_REASONS: dict[int, tuple[str, str | None]] = {
    errno.ENOSPC: ("no space left on the disk", "free some, or name a place on another disk"),
    errno.EDQUOT: ("your disk quota is used up", "free some, or name a place on another disk"),
    errno.EFBIG: ("the file is larger than this system allows", _ELSEWHERE),
    errno.EROFS: ("the disk is read-only", _ELSEWHERE),
    errno.EACCES: ("not allowed to write there", _ELSEWHERE),
    errno.EPERM: ("not allowed to write there", _ELSEWHERE),
    errno.ENOENT: ("the folder does not exist", "make it first"),
    errno.ENOTDIR: ("a part of this path is a file, not a folder", _ELSEWHERE),
    errno.EISDIR: ("this is a folder", "name a file"),
    errno.ENAMETOOLONG: ("the name is too long", "name a shorter one"),
}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be written whole: ``path`` changes only when the block ends without an error.

    A symbolic link stays one (the file it names is replaced), an existing file keeps its permissions, and
    a device or pipe is written to directly.

    Raises:
        WritingError: the system refuses to write there; nothing has changed.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            with target.open("wb") as device:
                yield device
            return
        with _beside(target) as (unfinished, stream):
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            unfinished.replace(target)
            _sync_folder(target.parent)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WritingError.from_os(path, error) from error


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the folder of ``target``, removed unless it has been renamed."""
    unfinished = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.part")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    _unfinished.add(unfinished)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield unfinished, stream
    finally:
        unfinished.unlink(missing_ok=True)
        _unfinished.discard(unfinished)


def _sync_folder(folder: Path) -> None:
    """Make a renaming durable, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def discard_unfinished() -> None:
    """Remove the files that are being written, for a process that must end at once."""
    for path in tuple(_unfinished):
        with contextlib.suppress(OSError):
            path.unlink()
