"""Records into a store on disk, against pyoxigraph's own bulk load of the same bytes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from benchmarks.copies import copies
from benchmarks.timing import Line, Pair, pair, progress
from smm_kg.dataset import chunks
from smm_kg.store.folder import build

DISK_PER_COPY = 45e6  # bytes of the peer's text and store, and of ours, with room to spare


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
        ours_folder, peer_folder = Path(scratch, "ours"), Path(scratch, "peer")
        text = Path(scratch, "graph.nq")
        quads = 0
        with text.open("wb") as file:
            for chunk in chunks(studies):
                file.write(chunk)
                quads += chunk.count(b"\n")
        progress(f"{number:,} copies: {quads:,} quads, {text.stat().st_size / 1e6:,.0f} MB of N-Quads")

        def ours() -> None:
            shutil.rmtree(ours_folder, ignore_errors=True)
            build(ours_folder, chunks(studies))
            progress(f"{number:,} copies: built from records")

        def peer() -> None:
            shutil.rmtree(peer_folder, ignore_errors=True)
            store = pyoxigraph.Store(str(peer_folder))
            store.bulk_load(path=str(text), format=pyoxigraph.RdfFormat.N_QUADS)
            store.flush()
            progress(f"{number:,} copies: bulk loaded by pyoxigraph")

        times = pair(ours, peer, rounds)
    yield line(f"{measure}, {quads:,} quads", times)


def line(measure: str, times: Pair) -> Line:
    speed = 1 / times.ratio.median
    return Line(
        measure,
        f"{times.ours.text(1)} s",
        f"pyoxigraph bulk_load + flush {times.peer.text(1)} s",
        f"{times.ratio.text(2)}; speed {speed:.2f}",
        "speed at least 0.8",
        speed >= 0.8,
    )
