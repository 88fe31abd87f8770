"""Run all benchmarks and print one table; exit 1 where a goal is missed."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from benchmarks import loading, querying, reading, reasoning, startup
from benchmarks.timing import Line


def machine() -> str:
    """What the figures were measured on."""
    import pyoxigraph
    import rdflib

    return (
        f"{os.cpu_count()} cores ({processor()}), {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"pyoxigraph {pyoxigraph.__version__}, rdflib {rdflib.__version__}"
    )


def processor() -> str:
    """The model of the processor where Linux tells it, else its architecture."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = []
    models = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return models[0] if models else platform.machine()


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Line]]] = {
    "startup": lambda options: startup.lines(options.rounds),
    "reading": lambda options: reading.lines(options.rounds),
    "querying": lambda options: querying.lines(options.rounds, 10, options.limit),
    "loading": lambda options: loading.lines(min(options.rounds, 3), 100),
    "reasoning": lambda _: reasoning.lines(),
    "large": lambda options: loading.lines(1, 1000),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="least rounds of a pair (default %(default)s)")
    parser.add_argument(
        "--limit", type=float, default=5, help="seconds after which rdflib is cut off (default %(default)s)"
    )
    parser.add_argument(
        "--large", action="store_true", help="also a store of 1,000 copies of the trial, once"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    options = parser.parse_args()
    options.parts = options.only or [part for part in PARTS if part != "large" or options.large]
    return options


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that scratch folders are removed
    begun = time.monotonic()
    print(f"Measured on {machine()}; median (quartiles).\n")
    print("| measure | ours | peer | ratio | goal | met |")
    print("|---|---|---|---|---|---|", flush=True)
    met = True
    for line in chain.from_iterable(PARTS[part](options) for part in options.parts):
        verdict = "" if line.met is None else "yes" if line.met else "**no**"
        print(
            f"| {line.measure} | {line.ours} | {line.peer} | {line.ratio} | {line.goal} | {verdict} |",
            flush=True,
        )
        met = met and line.met is not False
    print(f"\nIn all {time.monotonic() - begun:.0f} s.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
