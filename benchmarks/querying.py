"""Catalogue queries through the API, against raw pyoxigraph and against rdflib."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph

from benchmarks.copies import copies
from benchmarks.timing import Line, Spread, pair
from smm_kg.dataset import chunks
from smm_kg.graph import Graph

XSD = "http://www.w3.org/2001/XMLSchema#"
SLOW = 0.005


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


def raw(store: pyoxigraph.Store, text: str) -> list[tuple[object, ...]]:
    """The rows of a query on raw pyoxigraph, as Python values."""
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    width = len(solutions.variables)
    return [tuple(python_value(solution[i]) for i in range(width)) for solution in solutions]


def lines(rounds: int, number: int) -> Iterator[Line]:
    """Every catalogue query on ``number`` copies of the trial."""
    studies = copies(number)
    data = b"".join(chunks(studies))
    graph = Graph.from_studies(studies)
    store = pyoxigraph.Store()
    store.bulk_load(data, format=pyoxigraph.RdfFormat.N_QUADS)
    dataset = graph.to_rdflib()
    api: list[tuple[str, Spread, Spread]] = []
    against_rdflib: list[float] = []
    for name in graph.catalogue.names():
        text = graph.catalogue[name].text
        ours, _, ratio = pair(lambda n=name: len(graph.query(n)), lambda t=text: raw(store, t), rounds)  # type: ignore[misc]
        api.append((name, ours, ratio))
        _, _, slower = pair(lambda n=name: len(graph.query(n)), lambda t=text: list(dataset.query(t)), 1)  # type: ignore[misc]
        against_rdflib.append(1 / slower.median)
    slow = [(name, ours, ratio) for name, ours, ratio in api if ours.median > SLOW]
    worst = max(slow or api, key=lambda entry: entry[2].median)
    yield Line(
        f"{len(api)} catalogue queries through the API, {number} copies; "
        f"the worst of {len(slow)} above 5 ms: {worst[0]}",
        f"{worst[1].text(4)} s",
        "the same SPARQL on raw pyoxigraph, rows as Python values",
        worst[2].text(2),
        "at most 1.1× above 5 ms",
        all(ratio.median <= 1.1 for _, _, ratio in slow),
    )
    mean = math.exp(sum(map(math.log, against_rdflib)) / len(against_rdflib))
    yield Line(
        f"{len(api)} catalogue queries, {number} copies, geometric mean",
        "through the API",
        "the same SPARQL on rdflib",
        f"{mean:.0f}× faster ({min(against_rdflib):.0f}–{max(against_rdflib):.0f})",
        "15× faster or more",
        mean >= 15,
    )
