"""rdflib in a process of its own: its heap does not slow ours, and a query that takes minutes is cut off."""

from __future__ import annotations

import gc
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from benchmarks.copies import copies
from smm_kg.dataset import chunks

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True)
class Answer:
    """Processor seconds that a query took, and its number of rows; None where it was cut off."""

    seconds: float
    rows: int | None


class Rdflib:
    """Copies of the trial in an rdflib dataset, asked one query at a time."""

    def __init__(self, number: int, limit: float) -> None:
        """Start the process, which loads ``number`` copies; a query has ``limit`` processor seconds."""
        self.limit = limit
        self._process = ProcessPoolExecutor(1, get_context("spawn"), _load, (number,))

    def __enter__(self) -> Rdflib:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown()

    def answer(self, text: str) -> Answer:
        """Ask a query; the rows stay rdflib's, which spares rdflib their conversion."""
        return self._process.submit(_answer, text, self.limit).result()


class _CutOffError(BaseException):
    """Raised inside rdflib when the time is up."""


def _cut_off(signum: int, frame: FrameType | None) -> None:
    raise _CutOffError


_loaded: list[rdflib.Dataset] = []


def _load(number: int) -> None:
    from smm_kg.store.rdflib_store import dataset_of

    dataset = dataset_of(b"".join(chunks(copies(number))))
    list(dataset.query("SELECT * WHERE { ?s ?p ?o } LIMIT 1"))  # the parser is built at its first use
    gc.collect()
    gc.freeze()  # in rdflib's favour: its collector need not walk the dataset
    _loaded.append(dataset)
    signal.signal(signal.SIGPROF, _cut_off)


def _answer(text: str, limit: float) -> Answer:
    rows: int | None = None
    start = time.process_time()
    try:
        # Every half second again, because rdflib has places that swallow any exception.
        signal.setitimer(signal.ITIMER_PROF, limit, 0.5)
        try:
            rows = len(list(_loaded[0].query(text)))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _CutOffError:
        pass
    taken = time.process_time() - start
    return Answer(taken, rows) if taken < limit else Answer(limit, None)
