"""N-Quads and N-Triples: one statement a line, sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smm_kg.export.quads import Quad

__all__ = ["nquads", "ntriples"]


def nquads(quads: Sequence[Quad]) -> Iterator[str]:
    """One quad a line; the lines are sorted, as in the ``graph.nq`` of a built store."""
    yield from sorted(
        f"{subject} {predicate} {value} {graph} .\n" if graph else f"{subject} {predicate} {value} .\n"
        for graph, subject, predicate, value in quads
    )


def ntriples(quads: Sequence[Quad]) -> Iterator[str]:
    """The triples of all graphs together, each once, sorted."""
    yield from sorted({f"{subject} {predicate} {value} .\n" for _, subject, predicate, value in quads})
