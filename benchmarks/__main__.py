"""Run all benchmarks and print one table; exit 1 where a goal is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from itertools import chain

from benchmarks import loading, querying, reading, startup
from benchmarks.timing import Line


def machine() -> str:
    """What the figures were measured on."""
    import pyoxigraph
    import rdflib

    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, "
        f"pyoxigraph {pyoxigraph.__version__}, rdflib {rdflib.__version__}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of each pair (default 5)")
    parser.add_argument("--large", action="store_true", help="also 1,000 copies of the trial, once")
    options = parser.parse_args()
    numbers = (100, 1000) if options.large else (100,)
    every: Iterator[Line] = chain(
        startup.lines(options.rounds),
        loading.lines(options.rounds, numbers),
        querying.lines(options.rounds, 10),
        reading.lines(options.rounds),
    )
    print(f"Measured on {machine()}; median (minimum–maximum) of {options.rounds} rounds.\n")
    print("| measure | ours | peer | ratio | goal | met |")
    print("|---|---|---|---|---|---|")
    met = True
    for line in every:
        verdict = "" if line.met is None else "yes" if line.met else "**no**"
        print(
            f"| {line.measure} | {line.ours} | {line.peer} | {line.ratio} | {line.goal} | {verdict} |",
            flush=True,
        )
        met = met and line.met is not False
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
