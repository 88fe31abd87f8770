"""The whole graph as text: ontology, studies and what follows from both, as sorted N-Quads.

The text is the truth and a store its cache. It is made in chunks that are sorted within and between, so that
a thousand studies are written without being held.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from smm_kg import rdf, resources
from smm_kg.audit import PlausibleRange, audit
from smm_kg.classification import Definitions
from smm_kg.errors import SmmKgError
from smm_kg.inference import Hierarchy, ontology_quads
from smm_kg.records import Study
from smm_kg.terms import SMM, STUDY, compact, graph_of

__all__ = ["DatasetError", "chunks", "quads"]

_FIRST_STUDY = f"<{STUDY}".encode()


class DatasetError(SmmKgError):
    """Studies that cannot stand in one graph."""


def quads(studies: Iterable[Study], ontology: Path | None = None) -> Iterator[bytes]:
    """Yield the quads of the ontology, then of each study, with what follows from them and its audit.

    Quads are one a line, unsorted.

    Args:
        studies: what each source says of each study; the sources of one study agree on its arms, contrasts
            and analysis sets, and no two of their facts share an id.
        ontology: the Turtle file of the terms; the shipped one when not given.

    Raises:
        DatasetError: two studies are the same, or the sources of one do not fit together.
        RdfError: a study cannot be written.
        OntologyError: the ontology cannot be read.
    """
    terms = ontology_quads(ontology or resources.ontology())
    hierarchy = Hierarchy.of(terms)
    yield terms + hierarchy.materialise(terms)
    ordered = _in_order(studies)
    what_follows = _Consequences(
        hierarchy, Definitions(terms, hierarchy), plausible_ranges(terms), rdf.designs(ordered)
    )
    for _, sources in groupby(ordered, key=lambda study: study.id):
        yield b"".join(_with_what_follows(together(sources), what_follows))


class _Consequences(NamedTuple):
    """What it takes to find what follows from the statements of a study; ``designs`` are of all studies."""

    hierarchy: Hierarchy
    definitions: Definitions
    ranges: Sequence[PlausibleRange]
    designs: Mapping[bytes, Sequence[tuple[bytes, bytes, bytes]]]


def _with_what_follows(sources: Sequence[Study], what_follows: _Consequences) -> Iterator[bytes]:
    """Yield the quads of the sources of one study, what several of them say in the graph of the first.

    No triple stands in two graphs, since some engines take the union of graphs as a bag.
    """
    hierarchy, definitions, ranges, designs = what_follows
    said: set[bytes] = set()
    all_statements = []
    for study in sources:
        # Locators are of one class that is under none of ours, so the most of the text needs no second look.
        statements, places = rdf.statements_and_places(study)
        following = hierarchy.materialise(statements)
        all_statements.append(statements)
        if len(sources) > 1:
            statements, following = _new(statements, said), _new(following, said)
        yield from (statements, following, places, rdf.encode_verdicts(study, audit(study, ranges)))
    yield definitions.materialise(b"".join(all_statements), designs)


def _new(quads: bytes, said: set[bytes]) -> bytes:
    """Return the quads whose triple is not among those said, and count it as said."""
    new = []
    for line in quads.splitlines(keepends=True):
        triple = line[: line.rfind(b" <")]
        if triple not in said:
            said.add(triple)
            new.append(line)
    return b"".join(new)


def plausible_ranges(ontology: bytes) -> tuple[PlausibleRange, ...]:
    """Return what quantities can be in a person, as an ontology in N-Quads says."""
    import pyoxigraph as ox

    said_of_ranges = f" <{SMM}plausible".encode()
    lines = [line for line in ontology.splitlines(keepends=True) if said_of_ranges in line]
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(b"".join(lines), ox.RdfFormat.N_QUADS):
        if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
            said = found.setdefault(quad.subject.value.removeprefix(SMM), {})
            said[compact(quad.predicate.value)] = quad.object.value
    return tuple(
        PlausibleRange(
            subject,
            Decimal(said["smm:plausibleMinimum"]),
            Decimal(said["smm:plausibleMaximum"]),
            said["smm:plausibleUnit"],
            said["smm:plausibleSource"],
        )
        for subject, said in sorted(found.items())
        if "smm:plausibleMinimum" in said
    )


def chunks(studies: Iterable[Study], ontology: Path | None = None) -> Iterator[bytes]:
    """Yield the same as :func:`quads`, sorted by bytes: each chunk, and the chunks joined."""
    texts = quads(studies, ontology)
    terms = sorted(next(texts).split(b"\n")[:-1])
    first = bisect(terms, _FIRST_STUDY)
    yield _text(terms[:first])
    for text in texts:
        yield _text(sorted(text.split(b"\n")[:-1]))
    yield _text(terms[first:])


def together(sources: Iterable[Study]) -> list[Study]:
    """Return what the sources say of one study, having made sure that they speak of the same plan.

    Raises:
        DatasetError: two of them share a document or the id of a fact, name an arm, contrast or analysis set
            differently, or a fact varies from one that there is not.
    """
    parts = list(sources)
    documents: set[str] = set()
    facts: dict[str, Study] = {}
    for study in parts:
        if graph_of(study.document.id) in documents:
            what = f"two studies have the id {study.id!r} and the same source document"
            raise DatasetError(what, where=study.document.id, hint="give one of them another id")
        documents.add(graph_of(study.document.id))
        for fact in study.facts:
            if fact.id in facts and facts[fact.id] is not study:
                what = f"two sources of the study {study.id!r} have a fact with the id {fact.id!r}"
                raise DatasetError(what, where=study.document.id, hint="give one of them another id")
            facts[fact.id] = study
    for study in parts:
        _same_plan(parts[0], study)
        for fact in study.facts:
            if fact.varies is not None and fact.varies not in facts:
                what = f"fact {fact.id!r} of study {study.id!r} varies from {fact.varies!r}"
                raise DatasetError(f"{what}, which there is not", where=study.document.id)
    return parts


def _same_plan(first: Study, other: Study) -> None:
    """Refuse two sources that do not name the same things with the same ids, in the same order."""
    for field in ("label", "arms", "contrasts"):
        if getattr(first, field) != getattr(other, field):
            what = f"two sources of the study {first.id!r} differ in its {field}"
            raise DatasetError(what, where=f"{first.document.id} and {other.document.id}")
    for field in ("sets", "categories", "endpoints", "criteria"):
        known = {record.id: (place, record) for place, record in enumerate(getattr(first, field))}
        for place, record in enumerate(getattr(other, field)):
            if known.setdefault(record.id, (place, record)) != (place, record):
                what = f"two sources of the study {first.id!r} differ in {record.id!r} of its {field}"
                raise DatasetError(what, where=f"{first.document.id} and {other.document.id}")


def _in_order(studies: Iterable[Study]) -> list[Study]:
    """Sort studies as their IRIs sort, then by source, and refuse two that one paper was read as."""
    ordered = sorted(studies, key=lambda study: (f"{study.id}#", study.document.key or "", study.document.id))
    papers: dict[str, Study] = {}
    for study in ordered:
        if study.document.key is None:
            other = papers.setdefault(graph_of(study.document.id), study)
            if other.id != study.id:
                what = f"the studies {other.id!r} and {study.id!r} have the same source document"
                raise DatasetError(what, where=study.document.id)
    return ordered


def _text(lines: list[bytes]) -> bytes:
    return b"\n".join([*lines, b""])
