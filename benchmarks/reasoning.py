"""HermiT on growing data: seconds and memory by number of copies of the trial, against the ontology alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from benchmarks.copies import copies
from benchmarks.timing import Line, progress
from smm_kg import ontology, rdf

COPIES = (1, 2, 4, 8, 16)
LONGEST = 120.0  # seconds after which a run is ended, and larger ones are not tried
MEMORY = 8000  # megabytes that Java may take


def lines(most: int = COPIES[-1]) -> Iterator[Line]:
    """Ask whether the ontology is consistent alone, and with 1 to 16 copies of the trial."""
    alone, _, _ = consistency(b"")
    for number in (number for number in COPIES if number <= most):
        quads = b"".join(map(rdf.encode, copies(number)))
        try:
            seconds, statements, peak = consistency(quads)
        except ontology.ReasonerError as error:
            yield Line(
                f"HermiT, {number} copies", str(error), f"ontology alone {alone:.1f} s", "", "none", None
            )
            return
        progress(f"HermiT: {number} copies")
        yield Line(
            f"HermiT, {number} {'copy' if number == 1 else 'copies'} of the trial, {statements:,} triples",
            f"{seconds:.1f} s, {peak / 1000:.1f} GB at most so far",
            f"ontology alone {alone:.1f} s",
            f"{seconds / alone:.1f}×",
            "none",
            None,
        )


def consistency(quads: bytes) -> tuple[float, int, float]:
    """Seconds of HermiT's answer, triples asked about, and megabytes of the largest run so far."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "statements.nt"
        graph = ontology.statements(quads)
        graph.serialize(file, format="nt", encoding="utf-8")
        start = time.perf_counter()
        if not ontology.is_consistent(file, megabytes=MEMORY, seconds=LONGEST):
            raise AssertionError("the shipped evidence is inconsistent")
        seconds = time.perf_counter() - start
    return seconds, len(graph), getrusage(RUSAGE_CHILDREN).ru_maxrss / 1000
