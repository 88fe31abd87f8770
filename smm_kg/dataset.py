"""The whole graph as text: ontology, studies and what follows from both, as sorted N-Quads.

The text is the truth and a store its cache. It is made in chunks that are sorted within and between, so that
a thousand studies are written without being held.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from pathlib import Path

from smm_kg import rdf, resources
from smm_kg.errors import SmmKgError
from smm_kg.inference import Hierarchy, ontology_quads
from smm_kg.records import Study
from smm_kg.terms import STUDY, graph_of

__all__ = ["DatasetError", "chunks", "quads"]

_FIRST_STUDY = f"<{STUDY}".encode()


class DatasetError(SmmKgError):
    """Studies that cannot stand in one graph."""


def quads(studies: Iterable[Study], ontology: Path | None = None) -> Iterator[bytes]:
    """Yield the quads of the ontology, then of each study, with what follows from them; one a line, unsorted.

    Args:
        studies: no two of them with the same id or the same document.
        ontology: the Turtle file of the terms; the shipped one when not given.

    Raises:
        DatasetError: two studies share an id or a document.
        RdfError: a study cannot be written.
        OntologyError: the ontology cannot be read.
    """
    terms = ontology_quads(ontology or resources.ontology())
    hierarchy = Hierarchy.of(terms)
    yield terms + hierarchy.materialise(terms)
    for study in _in_order(studies):
        # Locators are of one class that is under none of ours, so the most of the text needs no second look.
        statements, places = rdf.statements_and_places(study)
        yield b"".join([statements, hierarchy.materialise(statements), places])


def chunks(studies: Iterable[Study], ontology: Path | None = None) -> Iterator[bytes]:
    """Yield the same as :func:`quads`, sorted by bytes: each chunk, and the chunks joined."""
    texts = quads(studies, ontology)
    terms = sorted(next(texts).split(b"\n")[:-1])
    first = bisect(terms, _FIRST_STUDY)
    yield _text(terms[:first])
    for text in texts:
        yield _text(sorted(text.split(b"\n")[:-1]))
    yield _text(terms[first:])


def _in_order(studies: Iterable[Study]) -> list[Study]:
    """Sort studies as their IRIs sort, and refuse two that would be one."""
    ordered = sorted(studies, key=lambda study: f"{study.id}#")
    documents: dict[str, Study] = {}
    for place, study in enumerate(ordered):
        if place and ordered[place - 1].id == study.id:
            raise DatasetError(f"two studies have the id {study.id!r}", hint="give one of them another id")
        other = documents.setdefault(graph_of(study.document.id), study)
        if other is not study:
            what = f"the studies {other.id!r} and {study.id!r} have the same source document"
            raise DatasetError(what, where=study.document.id)
    return ordered


def _text(lines: list[bytes]) -> bytes:
    return b"\n".join([*lines, b""])
