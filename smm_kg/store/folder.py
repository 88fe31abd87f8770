"""The folder of a built graph: its text, the store made from it, and the manifest that joins them.

::

    graph.nq          sorted N-Quads: the truth
    store-1f0c9a2b/   the pyoxigraph store, built fresh and never changed
    manifest.json     names the store that counts, and what it was made from and with

Replacing the manifest is the one step that puts a new build in the place of the old. A build that ends before
it, however it ends, leaves the old store in use; what it left lying, the next build removes.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from smm_kg.atomic import WritingError, replacing
from smm_kg.store import StoreError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks; two builds at once are then not noticed
    fcntl = None  # type: ignore[assignment]

__all__ = ["FORMAT", "Manifest", "build", "read_manifest", "rebuild"]

FORMAT = 1

_GRAPH = "graph.nq"
_MANIFEST = "manifest.json"
_STORE = re.compile(r"store-[0-9a-f]{8}")
_UNFINISHED = ".smm-kg-unfinished-"
_PIPES = Path("/dev/fd")


class _Version(msgspec.Struct):
    """The part of the manifest that every format has."""

    format: int


class _Named(msgspec.Struct):
    """The part of the manifest that names the store, in every format so far."""

    store: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a built folder holds.

    ``format`` is the version of this layout, ``pyoxigraph`` that of the library that wrote the directory
    ``store``; ``graph_sha256`` and ``quads`` are of ``graph.nq``, ``sources`` the ids of the documents.
    """

    format: int
    pyoxigraph: str
    store: str
    graph_sha256: str
    quads: int
    sources: tuple[str, ...] = ()

    def graph_text(self, folder: Path) -> bytes | None:
        """Return the text of the graph, or none if it is not there as the store was built from it."""
        try:
            text = (folder / _GRAPH).read_bytes()
        except OSError:
            return None
        return text if hashlib.sha256(text).hexdigest() == self.graph_sha256 else None


def rebuild(folder: Path | str) -> str:
    """Return the hint that says how the store of a folder is built again."""
    return f"build it again with: smm-kg build -o {shlex.quote(str(folder))}"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a built folder.

    Raises:
        StoreError: there is no folder or no store in it, or one of another format or version.
    """
    where, again = str(folder), rebuild(folder)
    try:
        text = (folder / _MANIFEST).read_bytes()
        found = msgspec.json.decode(text, type=_Version)
        if found.format != FORMAT:
            raise StoreError(
                f"the store has format {found.format}, and this is {FORMAT}", where=where, hint=again
            )
        manifest = msgspec.json.decode(text, type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        if folder.exists() and not folder.is_dir():
            hint = "give a folder that smm-kg build made, or the http address of an endpoint"
            raise StoreError("is a file, not a store", where=where, hint=hint) from None
        what = "is not a store" if folder.exists() else "does not exist"
        hint = f"make a store with: smm-kg build -o {shlex.quote(where)}"
        raise StoreError(what, where=where, hint=hint) from None
    except OSError as error:
        raise StoreError(f"the store cannot be read: {error.strerror}", where=where) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"is not a store ({_MANIFEST}: {error})", where=where, hint=again) from error
    used = _library()
    if manifest.pyoxigraph.split(".")[:2] != used.split(".")[:2]:
        what = f"the store was written by pyoxigraph {manifest.pyoxigraph}, and this is {used}"
        raise StoreError(what, where=where, hint=again)
    if not _STORE.fullmatch(manifest.store) or not (folder / manifest.store).is_dir():
        raise StoreError(f"the store {manifest.store!r} is gone", where=where, hint=again)
    return manifest


def _library() -> str:
    import pyoxigraph

    return str(pyoxigraph.__version__)


def build(folder: Path | str, chunks: Iterable[bytes], sources: Iterable[str] = ()) -> Manifest:
    """Build a store in a folder, in the place of the one that is there.

    Args:
        folder: made if missing; other files in it are left alone.
        chunks: N-Quads that joined are sorted and without repeats, as of ``smm_kg.dataset.chunks``; their
            IRIs are not validated again.
        sources: the ids of the source documents, for the manifest.

    Raises:
        StoreError: the chunks are not N-Quads, the folder holds files of others that would be replaced, or
            another build of it is running.
        WritingError: the system does not let us write there, or the disk is full.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_files_of_others(folder)
        with _only_builder(folder):
            _tidy(folder)
            with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as unfinished:
                return _build(folder, Path(unfinished), chunks, tuple(sources))
    except OSError as error:
        raise WritingError.from_os(folder, error) from error


def _build(folder: Path, unfinished: Path, chunks: Iterable[bytes], sources: tuple[str, ...]) -> Manifest:
    """Write text and store in the folder ``unfinished``, then move them into place, the manifest last."""
    text = unfinished / _GRAPH
    digest, quads = hashlib.sha256(), 0
    with _loading(unfinished / "store", text) as load, text.open("wb") as graph:

        def keep(chunk: bytes) -> None:
            nonlocal quads
            load(chunk)
            graph.write(chunk)
            digest.update(chunk)
            quads += chunk.count(b"\n")

        with _one_behind() as run:
            for chunk in chunks:
                run(keep, chunk)
        graph.flush()
        os.fsync(graph.fileno())
    name = f"store-{secrets.token_hex(4)}"
    (unfinished / "store").rename(folder / name)
    text.replace(folder / _GRAPH)
    manifest = Manifest(
        format=FORMAT,
        pyoxigraph=_library(),
        store=name,
        graph_sha256=digest.hexdigest(),
        quads=quads,
        sources=sources,
    )
    with replacing(folder / _MANIFEST) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    return manifest


@contextmanager
def _one_behind() -> Iterator[Callable[[Callable[[bytes], None], bytes], None]]:
    """Give a function that calls another in a thread, when its last call there has ended.

    So a chunk is stored, which needs no interpreter, while the next is made, which needs nothing else.
    """
    with ThreadPoolExecutor(1) as thread:
        last: Future[None] | None = None

        def run(call: Callable[[bytes], None], chunk: bytes) -> None:
            nonlocal last
            if last:
                last.result()
            last = thread.submit(call, chunk)

        yield run
        if last:
            last.result()


@contextmanager
def _loading(path: Path, text: Path) -> Iterator[Callable[[bytes], object]]:
    """Give a function that takes N-Quads in pieces, which are in a new pyoxigraph store in the end.

    They pass through a pipe, so that the store works while they are written to the file ``text``. A system
    that does not name its pipes has them loaded from the file afterwards.
    """
    if not _PIPES.exists():
        yield len
        _load(path, text)
        return
    source, sink = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # a pipe of the usual size does too, where a user has no more
            fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, 1 << 20)

    def load() -> None:
        try:
            _load(path, _PIPES / str(source))
        finally:
            os.close(source)

    with ThreadPoolExecutor(1) as thread:
        loaded = thread.submit(load)
        try:
            with os.fdopen(sink, "wb") as pipe:
                yield pipe.write
        except BrokenPipeError:  # the store takes no more, and says why
            loaded.result()
            raise
        loaded.result()


def _load(path: Path, text: Path) -> None:
    """Load N-Quads into a new pyoxigraph store."""
    import pyoxigraph

    store = pyoxigraph.Store(str(path))
    try:
        # Lenient: IRIs were checked when they were minted, and to check them again is a fifth of the time.
        store.bulk_load(path=str(text), format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)
        store.flush()
    except SyntaxError as error:
        raise StoreError(f"what was to be stored is not N-Quads: {error}") from error
    except RuntimeError as error:
        raise OSError(str(error)) from error


@contextmanager
def _only_builder(folder: Path) -> Iterator[None]:
    """Keep other builds of the folder out; the system lets go of the lock however we end."""
    with (folder / ".lock").open("wb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    "another build of this folder is running", where=str(folder), hint="wait for it to end"
                ) from None
        yield


def _tidy(folder: Path) -> None:
    """Remove what earlier builds left: unfinished ones, and stores that the manifest does not name.

    The store that a build replaces stays until the next build, for those who have it open. A manifest that
    cannot be read may name any of them, so none is removed.
    """
    used = _used(folder)
    for entry in folder.iterdir():
        unused = used is not None and entry.name != used and _is_store(entry)
        if unused or entry.name.startswith(_UNFINISHED):
            shutil.rmtree(entry, ignore_errors=True)


def _used(folder: Path) -> str | None:
    """Return the store that the manifest names, whatever its format; none if it names none of ours."""
    try:
        name = msgspec.json.decode((folder / _MANIFEST).read_bytes(), type=_Named).store
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return name if _STORE.fullmatch(name) else None


def _is_store(entry: Path) -> bool:
    return _STORE.fullmatch(entry.name) is not None and (entry / "CURRENT").is_file()


def _refuse_files_of_others(folder: Path) -> None:
    """Raise a StoreError if files have the names of ours in a folder in which nothing else is ours."""
    taken = [name for name in (_MANIFEST, _GRAPH) if (folder / name).exists()]
    if taken and _used(folder) is None and not any(map(_is_store, folder.iterdir())):
        what = f"holds a file {taken[0]} that smm-kg did not write"
        raise StoreError(what, where=str(folder), hint="build in another folder: -o FOLDER")
