"""The bridge to other vocabularies as quads of a graph of its own."""

from __future__ import annotations

from smm_kg.alignments import ALIGNMENTS_GRAPH, bridge, mappings
from smm_kg.export.quads import Literal, Quad, literal_text
from smm_kg.terms import PREFIXES

__all__ = ["aligned"]


def aligned() -> list[Quad]:
    """Return the mappings that ship as quads; errors as of :func:`smm_kg.alignments.mappings`."""
    return [
        Quad(
            f"<{ALIGNMENTS_GRAPH}>",
            f"<{subject}>",
            f"<{predicate}>",
            literal_text(Literal(value, PREFIXES["xsd"] + "string", "")) if is_text else f"<{value}>",
        )
        for subject, predicate, value, is_text in bridge(mappings())
    ]
