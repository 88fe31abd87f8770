"""Records into a store on disk, against pyoxigraph's own bulk load of the same bytes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from benchmarks.copies import copies
from benchmarks.timing import Line, pair
from smm_kg.dataset import chunks
from smm_kg.store.folder import build


def lines(rounds: int, numbers: tuple[int, ...]) -> Iterator[Line]:
    """Build a store from copies of the trial's records; the peer gets the finished N-Quads."""
    for number in numbers:
        studies = copies(number)
        data = b"".join(chunks(studies))
        with tempfile.TemporaryDirectory() as scratch:
            ours_folder, peer_folder = Path(scratch, "ours"), Path(scratch, "peer")

            def ours(folder: Path = ours_folder, studies: tuple = studies) -> None:  # type: ignore[type-arg]
                shutil.rmtree(folder, ignore_errors=True)
                build(folder, chunks(studies))

            def peer(folder: Path = peer_folder, data: bytes = data) -> None:
                shutil.rmtree(folder, ignore_errors=True)
                store = pyoxigraph.Store(str(folder))
                store.bulk_load(data, format=pyoxigraph.RdfFormat.N_QUADS)
                store.flush()

            mine, theirs, ratio = pair(ours, peer, rounds if number <= 100 else 1)
        quads = data.count(b"\n")
        speed = 1 / ratio.median
        yield Line(
            f"records → store on disk, {number} copies, {quads:,} quads",
            f"{mine.text(2)} s",
            f"pyoxigraph bulk_load + flush {theirs.text(2)} s",
            f"{ratio.text(2)} (speed {speed:.2f})",
            "speed at least 0.8",
            speed >= 0.8,
        )
