"""Interleaved rounds of two things, so that a drifting machine slows both alike."""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Action = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """Seconds or ratios of several rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def text(self, digits: int) -> str:
        """The median, and the quartiles where there is more than one round."""
        if len(self.rounds) == 1:
            return f"{self.median:.{digits}f}"
        lower, _, upper = statistics.quantiles(self.rounds, n=4, method="inclusive")
        return f"{self.median:.{digits}f} ({lower:.{digits}f}–{upper:.{digits}f})"


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, against what, and whether the goal is met.

    ``ratio`` is ours over the peer's, in time, unless it says otherwise; ``met`` is None where there is no
    goal or nothing was measured.
    """

    measure: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool | None


@dataclass(frozen=True)
class Pair:
    """Seconds of ours and of the peer's, and ours over the peer's round by round."""

    ours: Spread
    peer: Spread
    ratio: Spread


def seconds(action: Action, clock: Clock = time.perf_counter) -> float:
    """Seconds of one call; garbage of earlier calls is collected before."""
    gc.collect()
    start = clock()
    action()
    return clock() - start


def pair(
    ours: Action, peer: Action, rounds: int, *, lasting: float = 0.0, clock: Clock = time.perf_counter
) -> Pair:
    """Time two things in turn, each first in every other round.

    Args:
        ours: what is measured; call both once before, if the first call is not to count.
        peer: what it is measured against.
        rounds: the least number of rounds.
        lasting: go on until so many seconds were measured, so that short things get many rounds.
        clock: ``time.process_time`` for what computes in this process alone: what else the machine does then
            counts little.
    """
    times: list[tuple[float, float]] = []
    while len(times) < rounds or sum(map(sum, times)) < lasting:
        if len(times) % 2:
            theirs = seconds(peer, clock)
            times.append((seconds(ours, clock), theirs))
        else:
            mine = seconds(ours, clock)
            times.append((mine, seconds(peer, clock)))
    return Pair(
        Spread(tuple(mine for mine, _ in times)),
        Spread(tuple(theirs for _, theirs in times)),
        Spread(tuple(mine / theirs for mine, theirs in times)),
    )


def process(arguments: Sequence[str], folder: str, environment: Mapping[str, str]) -> Action:
    """A whole process as something to time; its output is thrown away, a failure is not."""

    def run() -> object:
        return subprocess.run(arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)

    return run


def processes_time() -> float:
    """Processor seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def progress(text: str) -> None:
    """Say on standard error what was just done; the table alone goes to standard output."""
    print(f"  {text}", file=sys.stderr, flush=True)
