"""Reading the paper: seconds, and that they grow linearly with its length."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Line, Spread, seconds
from smm_kg.reading import read_paper

SENTENCES = (
    "Of the 17 rivers surveyed, 9 (53%) were wider than 40 m at the mouth. "
    "The median depth was 3.1 m (range, 0.4 to 12.8), and 2 of the 17 rivers were tidal. "
)


def lengthened(source: str, times: int) -> str:
    """The paper with paragraphs on another matter before its discussion ends, ``times`` as long as before."""
    paragraph = "\n\n" + SENTENCES * 8
    padding = paragraph * max(0, round((times - 1) * len(source) / len(paragraph)))
    at = source.index("\n\nDisclosure forms")
    return source[:at] + padding + source[at:]


def lines(rounds: int) -> Iterator[Line]:
    """Read the paper with its sheet at 1, 2, 4 and 8 times its length."""
    sources = Path(os.environ.get("SMM_KG_SOURCES", Path(__file__).parents[2] / "shared"))
    paper = sources / "paper" / "mateos-2013.txt"
    if not paper.is_file():
        yield Line("reading the paper", "not measured", f"no paper in {sources}", "", "", None)
        return
    source = paper.read_text(encoding="utf-8")
    spreads: dict[int, Spread] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for times in (1, 2, 4, 8):
            path = Path(scratch, f"{times}.txt")
            path.write_text(lengthened(source, times), encoding="utf-8")
            spreads[times] = Spread(
                tuple(seconds(lambda p=path: read_paper(p, "mateos-2013")) for _ in range(rounds))
            )  # type: ignore[misc]
    growth = spreads[8].median / spreads[1].median
    yield Line(
        f"reading the paper with its sheet, {len(source):,} characters",
        f"{spreads[1].text(2)} s",
        f"the paper at 8 times its length {spreads[8].text(2)} s",
        f"grows {growth:.1f}×",
        "at most 8× (linear)",
        growth <= 8,
    )
