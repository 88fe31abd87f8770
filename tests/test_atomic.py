"""A file is written whole or not at all, and the reason for a refusal is said in plain words."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from smm_kg.atomic import WritingError, discard_unfinished, replacing


def write(path: Path, text: bytes) -> None:
    with replacing(path) as stream:
        stream.write(text)


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write(tmp_path / "new", b"text")
    (tmp_path / "plain").write_bytes(b"text")
    assert (tmp_path / "new").read_bytes() == b"text"
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError(errno.ENOSPC, "full")])
def test_nothing_changes_when_writing_fails(tmp_path: Path, error: type[BaseException] | OSError) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    expected = WritingError if isinstance(error, OSError) else error
    with pytest.raises(expected), replacing(path) as stream:  # noqa: PT012
        stream.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_device_is_written_to_directly() -> None:
    write(Path(os.devnull), b"text")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/file", "the folder does not exist"),
        ("file/inside", "a part of this path is a file"),
        ("folder", "this is a folder"),
        ("x" * 300, "the name is too long"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WritingError, match=reason) as caught:
        write(tmp_path / name, b"text")
    assert caught.value.hint
    assert str(tmp_path) in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_named() -> None:
    with pytest.raises(WritingError, match="no space left on the disk"):
        write(Path("/dev/full"), b"text" * 10_000)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="not allowed to write there"):
        write(tmp_path / "file", b"text")


def test_what_is_unfinished_can_be_discarded(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(WritingError), replacing(path) as stream:  # noqa: PT012 - the rename finds no file
        stream.write(b"half")
        assert len(list(tmp_path.iterdir())) == 1
        discard_unfinished()
        assert not list(tmp_path.iterdir())
    assert not path.exists()


def test_the_words_of_the_system_tell_why_where_a_library_keeps_its_number() -> None:
    told = OSError(f"IO error: {os.strerror(errno.ENOSPC)}: While appending to file: bulk-1.sst")
    assert str(WritingError.from_os("graph", told)).startswith("graph: no space left on the disk; free some")
    assert str(WritingError.from_os("graph", OSError("odd"))) == "graph: odd"
