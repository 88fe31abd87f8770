"""Catalogue queries through the API, against raw pyoxigraph and against rdflib, in processor seconds."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph

from benchmarks.copies import copies
from benchmarks.rdflib_process import Answer, Rdflib
from benchmarks.timing import Line, Pair, pair, progress, seconds
from smm_kg.dataset import chunks
from smm_kg.graph import Graph

XSD = "http://www.w3.org/2001/XMLSchema#"
SLOW = 0.005  # seconds from which the work on rows, not the fixed cost of a call, is what is measured
LASTING = 2.0  # seconds that each query is measured for against raw pyoxigraph, at the least

Row = tuple[object, ...]


@dataclass(frozen=True)
class Measured:
    """One query: against raw pyoxigraph, and how many times as long rdflib took, at the least."""

    name: str
    raw: Pair
    rdflib: float
    cut_off: bool

    def __str__(self) -> str:
        mark = "more than " if self.cut_off else ""
        return (
            f"{self.name}: {1000 * self.raw.ours.median:.1f} ms, {self.raw.ratio.text(2)} of pyoxigraph "
            f"in {len(self.raw.ratio.rounds)} rounds, rdflib {mark}{self.rdflib:.0f} times as long"
        )


def python_value(term: object) -> object:
    """The Python value of a pyoxigraph term, the plain way."""
    if term is None:
        return None
    if isinstance(term, pyoxigraph.Literal):
        datatype = term.datatype.value
        if datatype == XSD + "decimal":
            return Decimal(term.value)
        if datatype == XSD + "integer":
            return int(term.value)
        if datatype == XSD + "boolean":
            return term.value == "true"
        return term.value
    return str(getattr(term, "value", term))


def raw(store: pyoxigraph.Store, text: str) -> list[Row]:
    """The rows of a query on raw pyoxigraph, as Python values."""
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    width = len(solutions.variables)
    return [tuple([python_value(solution[i]) for i in range(width)]) for solution in solutions]


def measure(name: str, graph: Graph, store: pyoxigraph.Store, rdflib: Rdflib, rounds: int) -> Measured:
    """Ask one query of all three, whose answers must be the same.

    rdflib gets a round only while the rounds before were short. What counts is the round in which it
    compares best; a query that is cut off counts as answered at that moment.
    """
    text = graph.catalogue[name].text
    ours = list(graph.query(name))
    if sorted(ours, key=repr_of_row) != sorted(raw(store, text), key=repr_of_row):
        raise AssertionError(f"{name}: other rows than raw pyoxigraph's")
    against_raw = pair(
        lambda: graph.query(name), lambda: raw(store, text), rounds, lasting=LASTING, clock=time.process_time
    )
    answers: list[Answer] = []
    ratios = []
    while not answers or (len(answers) < rounds and sum(answer.seconds for answer in answers) < LASTING):
        mine = seconds(lambda: graph.query(name), time.process_time)
        answers.append(rdflib.answer(text))
        ratios.append(answers[-1].seconds / mine)
        if answers[-1].rows not in (None, len(ours)):
            raise AssertionError(f"{name}: {len(ours)} rows, but rdflib has {answers[-1].rows}")
    return Measured(name, against_raw, min(ratios), any(answer.rows is None for answer in answers))


def repr_of_row(row: Row) -> str:
    """A key that sorts rows of mixed values."""
    return repr(tuple(row))


def lines(rounds: int, number: int, limit: float) -> Iterator[Line]:
    """Every catalogue query on ``number`` copies of the trial, rdflib cut off after ``limit`` seconds."""
    with Rdflib(number, limit) as rdflib:
        studies = copies(number)
        graph = Graph.from_studies(studies)
        store = pyoxigraph.Store()
        store.bulk_load(b"".join(chunks(studies)), format=pyoxigraph.RdfFormat.N_QUADS)
        gc.collect()
        gc.freeze()  # the collector runs before each call, and need not walk what is here to stay
        every = []
        for name in graph.catalogue.names():
            every.append(measure(name, graph, store, rdflib, rounds))
            progress(str(every[-1]))
    yield against_pyoxigraph(every, number)
    yield against_rdflib(every, number, limit)


def against_pyoxigraph(every: list[Measured], number: int) -> Line:
    slow = [one for one in every if one.raw.ours.median > SLOW]
    worst = max(slow or every, key=lambda one: one.raw.ratio.median)
    ratios = sorted(one.raw.ratio.median for one in slow)
    return Line(
        f"{len(every)} catalogue queries through the API, {number} copies; "
        f"the worst of the {len(slow)} above 5 ms, {worst.name}",
        f"{worst.raw.ours.text(4)} s",
        f"the same SPARQL on raw pyoxigraph, rows as Python values {worst.raw.peer.text(4)} s",
        f"{worst.raw.ratio.text(2)}; all {ratios[0]:.2f}–{ratios[-1]:.2f}" if slow else "",
        "each at most 1.1× above 5 ms",
        all(ratio <= 1.1 for ratio in ratios),
    )


def against_rdflib(every: list[Measured], number: int, limit: float) -> Line:
    ratios = [one.rdflib for one in every]
    cut_off = sum(one.cut_off for one in every)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    return Line(
        f"{len(every)} catalogue queries through the API, {number} copies, geometric mean",
        f"{sum(one.raw.ours.median for one in every):.1f} s in all",
        f"the same SPARQL on rdflib; {cut_off} cut off, and counted, at {limit:g} s",
        f"{'more than ' if cut_off else ''}{mean:.0f}× faster (each {min(ratios):.0f} or more)",
        "15× faster or more",
        mean >= 15,
    )
