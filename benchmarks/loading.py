"""Records into a store on disk, against pyoxigraph's own bulk load of the same bytes."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyoxigraph

from benchmarks.copies import copies
from benchmarks.timing import Action, Line, pair, progress
from smm_kg.dataset import chunks
from smm_kg.store.folder import build

DISK_PER_COPY = 45e6  # bytes of the peer's text and store, and of ours, with room to spare


class Timed:
    """An action that keeps count of its processor seconds, all threads together, and says when it is done."""

    def __init__(self, action: Action, done: str) -> None:
        self._action, self._done = action, done
        self._used: list[float] = []

    def __call__(self) -> None:
        start = time.process_time()
        self._action()
        self._used.append(time.process_time() - start)
        progress(f"{self._done}, {self._used[-1]:.1f} s of processor time")

    @property
    def median(self) -> float:
        return statistics.median(self._used)


def lines(rounds: int, number: int) -> Iterator[Line]:
    """Build a store from records of ``number`` copies of the trial, and load their finished N-Quads.

    What ours does beside loading, it does in the time: writing quads from records, what follows from the
    ontology, sorting, keeping the text and its digest. The peer is given the text as a file.
    """
    studies = copies(number)
    measure = f"records → store on disk, {number:,} copies"
    with tempfile.TemporaryDirectory() as scratch:
        free = shutil.disk_usage(scratch).free
        if free < number * DISK_PER_COPY:
            need = f"needs {number * DISK_PER_COPY / 1e9:.0f} GB of disk, {free / 1e9:.0f} GB are free"
            yield Line(measure, "not measured", need, "", "", None)
            return
        fresh = (Path(scratch, str(n)) for n in count())  # nothing is removed while time is taken
        text = Path(scratch, "graph.nq")
        quads = 0
        with text.open("wb") as file:
            for chunk in chunks(studies):
                file.write(chunk)
                quads += chunk.count(b"\n")
        progress(f"{number:,} copies: {quads:,} quads, {text.stat().st_size / 1e6:,.0f} MB of N-Quads")

        def ours() -> None:
            build(next(fresh), chunks(studies))

        def peer() -> None:
            store = pyoxigraph.Store(str(next(fresh)))
            store.bulk_load(path=str(text), format=pyoxigraph.RdfFormat.N_QUADS)
            store.flush()

        built = Timed(ours, f"{number:,} copies: built from records")
        loaded = Timed(peer, f"{number:,} copies: bulk loaded by pyoxigraph")
        times = pair(built, loaded, rounds)
    speed = 1 / times.ratio.median
    yield Line(
        f"{measure}, {quads:,} quads",
        f"{times.ours.text(1)} s; processor {built.median:.1f} s",
        f"pyoxigraph bulk_load + flush {times.peer.text(1)} s; processor {loaded.median:.1f} s",
        f"{times.ratio.text(2)}; speed {speed:.2f}",
        "speed at least 0.8",
        speed >= 0.8,
    )
