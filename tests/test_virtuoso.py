"""Virtuoso 7, a server of other make, gives the same rows in the same order as the embedded store.

Queries that it answers wrongly, or now wrongly and now rightly as its plan of the query falls out, are listed
with what it does, and are not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from query_answers import CATALOGUE, ask, cell
from servers import virtuoso

from smm_kg import shipped
from smm_kg.graph import Graph
from smm_kg.rows import Rows
from smm_kg.store.remote import RemoteStore

SERVERS = Path(__file__).resolve().parent.parent / "docs" / "servers.md"

_NO_MINUS = "rows are lost: MINUS with variables that BIND made takes away too much"
_NO_MEDIANS = "medians and rates are empty: an OPTIONAL that joins a variable that BIND made finds nothing"
_NO_FILTER = "rows are too many: FILTER NOT EXISTS on a triple of the graph of inferred types is passed over"
_UNSTABLE = "too slow, or other rows, on some starts of the server"
WRONG = {
    "assessment-schedule": _NO_FILTER,
    "disease-background": _NO_FILTER,
    "end-point-statements": _NO_FILTER,
    "effect-over-follow-up": _UNSTABLE,
    "outcomes-by-class": _UNSTABLE,
    "toxicity-by-study": _UNSTABLE,
    "compare-progression": _NO_MEDIANS,
    "compare-survival": _NO_MEDIANS,
    "comparison-caveats": "rows are lost: the branches of a UNION that begin with VALUES find nothing",
    "earlier-treatments": "a row comes twice, in spite of DISTINCT",
    "effects-by-class": _NO_MINUS,
    "evidence-gaps": _NO_MINUS,
    "said-and-reported": "study and topic are empty: an OPTIONAL after a UNION finds nothing",
    "secondary-only": _NO_MINUS,
}
"""What Virtuoso 7.2.5 gets wrong, by query."""


@pytest.fixture(scope="module")
def quads() -> bytes:
    return b"".join(shipped.quads())


@pytest.fixture(scope="module")
def endpoint(quads: bytes) -> Iterator[RemoteStore]:
    with virtuoso(quads) as address:
        yield RemoteStore(address)


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with Graph.from_studies(shipped.studies()) as opened:
        yield opened


@pytest.mark.parametrize("name", [name for name in CATALOGUE.names() if name not in WRONG])
def test_the_answer_of_virtuoso_is_the_same(name: str, graph: Graph, endpoint: RemoteStore) -> None:
    rows = endpoint.query(CATALOGUE[name].bind({}, graph.names))
    assert isinstance(rows, Rows)
    found = [tuple(map(cell, row)) for row in rows]
    expected = ask(graph, name)
    assert rows.columns == expected.columns
    # Not the two answers whole: pytest takes a minute to set forth in what long ones differ.
    different = [pair for pair in zip_longest(found, expected.rows) if pair[0] != pair[1]]
    assert different[:1] == []


def test_the_guide_names_what_virtuoso_gets_wrong() -> None:
    section = SERVERS.read_text(encoding="utf-8").partition("## What Virtuoso gets wrong")[2]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", section, flags=re.MULTILINE)) == set(WRONG)
