"""Whole processes: the first answer in an empty folder, and ``--help``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Line, Spread, pair, process, processes_time, progress, seconds

PROGRAM = str(Path(sys.executable).parent / "smm-kg")
LASTING = 5.0


def lines(rounds: int) -> Iterator[Line]:
    """Time the program as a user meets it: installed, so that its bytecode is there, and run before."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        answer = process([PROGRAM, "query", "compare-progression"], empty, environment)
        imported = process([sys.executable, "-c", "import rdflib"], empty, environment)
        answer(), imported()
        times = pair(answer, imported, rounds, lasting=LASTING, clock=processes_time)
        progress(f"first answer: {len(times.ratio.rounds)} rounds")
        yield Line(
            "first answer, empty folder: query compare-progression",
            f"{times.ours.text(3)} s",
            f"python -c 'import rdflib' {times.peer.text(3)} s",
            times.ratio.text(2),
            "at most 4×",
            times.ratio.median <= 4,
        )
        helped, nothing = (
            process([PROGRAM, "--help"], empty, environment),
            process([sys.executable, "-c", "pass"], empty, environment),
        )
        times = pair(helped, nothing, rounds, lasting=LASTING / 2, clock=processes_time)
        wall = Spread(tuple(seconds(helped) for _ in times.ratio.rounds))
        progress(f"--help: {len(times.ratio.rounds)} rounds")
        yield Line(
            "smm-kg --help",
            f"{times.ours.text(3)} s; by the clock {wall.text(3)} s, fastest {min(wall.rounds):.3f} s",
            f"python -c pass {times.peer.text(3)} s",
            times.ratio.text(2),
            "below 0.15 s",
            times.ours.median < 0.15,
        )
