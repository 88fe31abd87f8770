"""Interleaved rounds of two things, so that a drifting machine slows both alike."""

from __future__ import annotations

import gc
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Seconds or ratios of several rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def text(self, digits: int) -> str:
        return f"{self.median:.{digits}f} ({min(self.rounds):.{digits}f}–{max(self.rounds):.{digits}f})"


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, against what, and whether the goal is met.

    ``ratio`` is ours over the peer's, in time unless ``measure`` says otherwise; None where there is no peer.
    """

    measure: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool | None


def seconds(action: Callable[[], object]) -> float:
    """Wall seconds of one call, with the collector run before and kept out of it."""
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def pair(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int
) -> tuple[Spread, Spread, Spread]:
    """Time two things in turn after one warm-up of each.

    Returns:
        The spreads of ours, of the peer and of their ratio round by round.
    """
    ours()
    peer()
    times = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    return (
        Spread(tuple(a for a, _ in times)),
        Spread(tuple(b for _, b in times)),
        Spread(tuple(a / b for a, b in times)),
    )


def process(arguments: Sequence[str], cwd: str | None = None) -> Callable[[], object]:
    """A whole process as something to time; its output is thrown away, a failure is not."""

    def run() -> object:
        return subprocess.run(
            arguments, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
        )

    return run
