"""Quads as text in one order and with one name for each blank node, whichever store they come from."""

from __future__ import annotations

import pyoxigraph as ox

__all__ = ["sorted_quads"]


def sorted_quads(nquads: bytes) -> bytes:
    """Sort N-Quads by bytes, drop repeats, and name blank nodes by what is said of them (RDFC-1.0)."""
    lines = set(nquads.split(b"\n"))
    lines.discard(b"")
    # The names depend on no other lines than those with blank nodes, which are few.
    unnamed = {line for line in lines if line.startswith(b"_:") or b" _:" in line}
    if unnamed:
        dataset = ox.Dataset(ox.parse(b"\n".join(unnamed), ox.RdfFormat.N_QUADS))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        named = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
        lines = (lines - unnamed) | set(named.split(b"\n"))
        lines.discard(b"")
    return b"".join([line + b"\n" for line in sorted(lines)])
