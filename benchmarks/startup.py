"""Whole processes: the first answer in an empty folder, and ``--help``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Line, pair, process

PROGRAM = str(Path(sys.executable).parent / "smm-kg")


def lines(rounds: int) -> Iterator[Line]:
    """Time the program as a new user meets it."""
    with tempfile.TemporaryDirectory() as empty:
        first = process([PROGRAM, "query", "compare-progression"], empty)
        ours, peer, ratio = pair(first, process([sys.executable, "-c", "import rdflib"], empty), rounds)
        yield Line(
            "first answer, empty folder: query compare-progression",
            f"{ours.text(3)} s",
            f"python -c 'import rdflib' {peer.text(3)} s",
            ratio.text(2),
            "at most 4×",
            ratio.median <= 4,
        )
        ours, peer, ratio = pair(
            process([PROGRAM, "--help"], empty), process([sys.executable, "-c", "pass"], empty), rounds
        )
        yield Line(
            "smm-kg --help",
            f"{ours.text(3)} s",
            f"python -c pass {peer.text(3)} s",
            ratio.text(2),
            "below 0.15 s",
            ours.median < 0.15,
        )
