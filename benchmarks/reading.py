"""Reading the paper: seconds, and that they grow linearly with its length."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.timing import Line, pair, progress
from smm_kg.reading import read_paper

SENTENCES = (
    "Of the 17 rivers surveyed, 9 (53%) were wider than 40 m at the mouth. "
    "The median depth was 3.1 m (range, 0.4 to 12.8), and 2 of the 17 rivers were tidal. "
)
TIMES = 8


def lengthened(source: str, times: int) -> str:
    """The paper with paragraphs on another matter before its discussion ends, ``times`` as long as before."""
    paragraph = "\n\n" + SENTENCES * 8
    padding = paragraph * max(0, round((times - 1) * len(source) / len(paragraph)))
    at = source.index("\n\nDisclosure forms")
    return source[:at] + padding + source[at:]


def lines(rounds: int) -> Iterator[Line]:
    """Read the paper with its sheet as it is, and at eight times its length."""
    sources = Path(os.environ.get("SMM_KG_SOURCES", Path(__file__).parents[2] / "shared"))
    paper = sources / "paper" / "mateos-2013.txt"
    if not paper.is_file():
        missing = "the paper's text is not at hand: set SMM_KG_SOURCES"
        yield Line("reading the paper", "not measured", missing, "", "", None)
        return
    source = paper.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        actions = []
        for times in (1, TIMES):
            path = Path(scratch, f"{times}.txt")
            path.write_text(lengthened(source, times), encoding="utf-8")
            actions.append(partial(read_paper, path, "mateos-2013"))
        one, longer = actions
        one()
        read = pair(longer, one, rounds, clock=time.process_time)
    progress(f"the paper was read {2 * len(read.ratio.rounds)} times")
    yield Line(
        f"reading the paper with its sheet, {len(source):,} characters",
        f"{read.peer.text(2)} s",
        f"the paper at {TIMES} times its length {read.ours.text(2)} s",
        f"grows {read.ratio.text(1)}×",
        f"at most {TIMES}× (linear)",
        read.ratio.median <= TIMES,
    )
