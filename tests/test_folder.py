"""Building a store in a folder, and opening what is there."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from studies import example, other

from smm_kg import dataset
from smm_kg.atomic import WritingError
from smm_kg.store import StoreError
from smm_kg.store import folder as folders
from smm_kg.store.embedded import FolderStore
from smm_kg.store.folder import build, read_manifest

COUNT = "SELECT (COUNT(*) AS ?studies) WHERE { ?study a <https://w3id.org/smm-kg/ontology#Study> }"


def studies_in(folder: Path) -> int:
    (row,) = FolderStore(folder).query(COUNT)  # type: ignore[union-attr, misc]
    count: int = row.studies
    return count


def chunks(*studies: str) -> Iterator[bytes]:
    return dataset.chunks([example(study) for study in studies])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder with a store of one study."""
    build(tmp_path / "graph", chunks("one-2001"), ["doi:10.9999/one-2001"])
    return tmp_path / "graph"


def test_what_is_built_is_what_was_given(built: Path) -> None:
    text = b"".join(chunks("one-2001"))
    manifest = read_manifest(built)
    assert (built / "graph.nq").read_bytes() == text
    assert manifest.quads == text.count(b"\n")
    assert manifest.sources == ("doi:10.9999/one-2001",)
    assert manifest.pyoxigraph == pyoxigraph.__version__
    assert sorted(path.name for path in built.iterdir()) == sorted(
        [".lock", "graph.nq", "manifest.json", manifest.store]
    )
    assert studies_in(built) == 1
    assert FolderStore(built).nquads() == text


def test_a_build_replaces_the_store_and_leaves_other_files_alone(built: Path) -> None:
    (built / "notes.txt").write_text("mine", encoding="utf-8")
    (built / "store-of-mine").mkdir()
    (built / "store-00000000").mkdir()  # the name of a store of ours, but not one
    reader = FolderStore(built)
    build(built, chunks("one-2001", "two-2002"))
    assert studies_in(built) == 2
    (row,) = reader.query(COUNT)  # type: ignore[union-attr, misc]
    assert row.studies == 1  # the reader keeps what it opened
    build(built, chunks("three-2003"))
    assert studies_in(built) == 1
    names = {path.name for path in built.iterdir()}
    assert {"notes.txt", "store-of-mine", "store-00000000"} <= names
    assert (
        len([name for name in names if (built / name / "CURRENT").exists()]) == 2
    )  # the replaced one, and the new


def test_the_text_and_the_store_hold_the_same_when_the_text_is_gone(built: Path) -> None:
    text = (built / "graph.nq").read_bytes()
    (built / "graph.nq").write_bytes(b"")
    assert FolderStore(built).nquads() == text
    (built / "graph.nq").unlink()
    assert FolderStore(built).nquads() == text


def test_a_failing_build_leaves_the_old_store(built: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield next(iter(chunks("two-2002")))
        raise ZeroDivisionError

    before = sorted(path.name for path in built.iterdir())
    with pytest.raises(ZeroDivisionError):
        build(built, broken())
    with pytest.raises(StoreError, match="not N-Quads"):
        build(built, [b"<a:s> nonsense .\n"])
    assert sorted(path.name for path in built.iterdir()) == before
    assert studies_in(built) == 1
    assert (built / "graph.nq").read_bytes() == b"".join(chunks("one-2001"))


def test_a_system_without_named_pipes_builds_the_same(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_PIPES", tmp_path / "none")
    build(tmp_path / "other", chunks("one-2001"))
    assert FolderStore(tmp_path / "other").nquads() == FolderStore(built).nquads()
    (tmp_path / "other" / "graph.nq").unlink()  # so that what the store holds is told
    assert FolderStore(tmp_path / "other").nquads() == b"".join(chunks("one-2001"))
    with pytest.raises(StoreError, match="not N-Quads"):
        build(tmp_path / "other", [b"<a:s> nonsense .\n"])


def test_a_store_that_takes_no_more_tells_why(built: Path) -> None:
    """The error stands at the beginning of more text than a pipe holds."""
    with pytest.raises(StoreError, match="not N-Quads"):
        build(built, [b"<a:s> nonsense .\n", *(b"<a:s> <a:p> <a:o> <a:g> .\n" * 100_000 for _ in range(3))])
    assert studies_in(built) == 1


KILLED = """
import os, sys, time
from smm_kg.store import folder
place = sys.argv[2]
def stop(*_):
    print("here", flush=True)
    time.sleep(60)
def chunks():
    yield b"<a:s> <a:p> <a:o> <a:g> .\\n"
    if place == "text":
        stop()
if place == "load":
    load = folder._load
    folder._load = lambda *given: (load(*given), stop())
elif place == "commit":
    folder.replacing = stop
folder.build(sys.argv[1], chunks())
"""


@pytest.mark.parametrize("place", ["text", "load", "commit"])
def test_a_killed_build_leaves_the_old_store_and_the_next_one_tidies(built: Path, place: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(built), place], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"
    with pytest.raises(StoreError, match="another build of this folder is running"):
        build(built, chunks("two-2002"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert studies_in(built) == 1
    assert FolderStore(built).nquads() == b"".join(chunks("one-2001"))
    build(built, chunks("two-2002", "three-2003"))
    assert studies_in(built) == 2
    assert not list(built.glob(".smm-kg-unfinished-*"))
    assert len(list(built.glob("store-*"))) == 2


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none: does not exist; make a store with: smm-kg build -o \S*none"):
        FolderStore(tmp_path / "none")
    with pytest.raises(StoreError, match="is not a store; make a store with"):
        FolderStore(tmp_path)
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="is a file, not a store"):
        FolderStore(file)
    pyoxigraph.Store(str(tmp_path / "raw")).flush()
    with pytest.raises(StoreError, match="is not a store"):
        FolderStore(tmp_path / "raw")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "the store has format 2, and this is 1; build it again"),
        ({"format": 2, "store": None}, "the store has format 2"),
        ({"format": "x"}, "is not a store"),
        ({"pyoxigraph": "0.4.11"}, r"written by pyoxigraph 0\.4\.11, and this is \S+; build it again"),
        ({"store": "store-ffffffff"}, "the store 'store-ffffffff' is gone"),
        ({"store": "../elsewhere"}, "is gone"),
        ({"quads": None}, "is not a store"),
    ],
)
def test_a_store_of_another_kind_is_told(built: Path, change: dict[str, object], message: str) -> None:
    manifest = json.loads((built / "manifest.json").read_bytes()) | change
    (built / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(StoreError, match=message):
        FolderStore(built)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_damaged_manifest_is_told(built: Path, text: bytes) -> None:
    (built / "manifest.json").write_bytes(text)
    with pytest.raises(StoreError, match="is not a store"):
        FolderStore(built)
    build(built, chunks("two-2002"))
    assert studies_in(built) == 1


def test_a_damaged_store_is_told(built: Path) -> None:
    (built / read_manifest(built).store / "CURRENT").write_text("MANIFEST-999999\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"the store is damaged or cannot be read: .*build it again"):
        FolderStore(built)


def test_data_that_are_damaged_are_told_when_they_are_met(built: Path) -> None:
    for file in (built / read_manifest(built).store).glob("*.sst"):
        file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(StoreError, match=r"damaged|fails"):
        FolderStore(built).query("SELECT * WHERE { ?s ?p ?o }")


def test_a_store_that_another_process_holds_open_can_be_read(built: Path) -> None:
    """The engine's lock is for writers; a read-only opening does not need it."""
    path = built / read_manifest(built).store
    program = (
        "import pyoxigraph as p, sys; s = p.Store(sys.argv[1]); print('here', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        assert studies_in(built) == 1


def test_a_full_disk_is_told_and_the_old_store_stays(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "IO error: No space left on device: While appending to file: bulk-1.sst")

    monkeypatch.setattr(folders, "_load", full)
    with pytest.raises(WritingError, match="no space left on the disk"):
        build(built, chunks("two-2002"))
    monkeypatch.undo()
    assert studies_in(built) == 1
    assert not list(built.glob(".smm-kg-unfinished-*"))


LIMITED = """
import resource, signal, sys
from smm_kg.atomic import WritingError
from smm_kg.store.folder import build
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
lines = (f"<a:s{number:06}> <a:p> <a:o> <a:g> .\\n".encode() for number in range(20000))
try:
    build(sys.argv[1], lines)
except WritingError as error:
    print(error)
"""


def test_a_limit_of_the_system_is_told(built: Path) -> None:
    program = [sys.executable, "-c", LIMITED, str(built), "100000"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert "the file is larger than this system allows" in done.stdout
    assert studies_in(built) == 1


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(WritingError, match="a part of this path is a file"):
        build(file / "graph", chunks())
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    tmp_path.chmod(0o500)
    with pytest.raises(WritingError, match="not allowed to write there"):
        build(tmp_path / "graph", chunks())


def test_any_number_of_processes_share_a_store(built: Path) -> None:
    program = f"""
from pathlib import Path
from smm_kg.store.embedded import FolderStore
print(next(iter(FolderStore(Path({str(built)!r})).query({COUNT!r}))).studies)
"""
    readers = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(3)]
    assert [reader.communicate(timeout=60)[0] for reader in readers] == [b"1\n"] * 3


def test_opening_is_quick(built: Path) -> None:
    FolderStore(built)
    started = time.perf_counter()
    FolderStore(built)
    assert time.perf_counter() - started < 1


def test_an_empty_graph_is_a_store_too(tmp_path: Path) -> None:
    build(tmp_path, [])
    assert FolderStore(tmp_path).nquads() == b""
    assert read_manifest(tmp_path).quads == 0


def test_the_reason_of_the_system_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(folders, "_load", refused)
    with pytest.raises(WritingError, match="the disk is read-only"):
        build(tmp_path, dataset.chunks([other()]))


@pytest.mark.parametrize("name", ["manifest.json", "graph.nq"])
def test_files_of_others_are_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"name": "mine"}', encoding="utf-8")
    with pytest.raises(StoreError, match=f"holds a file {name} that smm-kg did not write; build in another"):
        build(tmp_path, chunks("one-2001"))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == '{"name": "mine"}'


def test_the_store_of_another_version_stays_until_it_is_replaced(built: Path) -> None:
    text = json.loads((built / "manifest.json").read_bytes())
    (built / "manifest.json").write_text(json.dumps(text | {"format": 2}), encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        build(built, (bytes(1 // 0) for _ in "x"))
    assert (built / text["store"] / "CURRENT").is_file()
    (built / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        build(built, (bytes(1 // 0) for _ in "x"))
    assert (built / text["store"] / "CURRENT").is_file()


def test_the_hint_names_the_folder(built: Path) -> None:
    (built / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=f"smm-kg build -o {built}$"):
        read_manifest(built)
