"""What terms of the ontology mean in other vocabularies: the mappings of ``ontology/alignments.sssom.tsv``.

The file is in SSSOM, the Simple Standard for Sharing Ontological Mappings: metadata in YAML, each line behind
a ``#``, then a table with one mapping a row. Only what the project needs of SSSOM is read, and all of that is
checked: a mapping that cannot be trusted is an error and not a gap.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from smm_kg import resources
from smm_kg.errors import SmmKgError
from smm_kg.terms import GRAPH, PREFIXES, SMM, is_iri
from smm_kg.yaml_text import parse_yaml

__all__ = ["ALIGNMENTS_GRAPH", "SEVCO", "AlignmentError", "Mapping", "Triple", "bridge", "mappings"]

ALIGNMENTS_GRAPH = GRAPH + "alignments"
"""The named graph of the bridge."""

SEVCO = "https://w3id.org/smm-kg/sevco#"
"""Begins our names for SEVCO codes (``…#STATO:0000677``): SEVCO has codes in a system, and no IRIs."""

_SEVCO_SYSTEM = "https://fevir.net/sevco"
_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_TYPE, _SUBCLASS = PREFIXES["rdf"] + "type", _RDFS + "subClassOf"
_MATCHES = tuple(f"{_SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_MANUAL = "https://w3id.org/semapv/vocab/ManualMappingCuration"
_CURIE = re.compile(r"([A-Za-z][\w.-]*):(\S+)", re.ASCII)
_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
    "subject_type", "subject_source", "object_type", "object_source", "confidence", "comment",
)  # fmt: skip


class AlignmentError(SmmKgError):
    """The file of mappings is not what it has to be."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One judgement that a term of ours and one of another vocabulary are related.

    Attributes:
        subject: IRI of our term, with its label and type (in the words of SSSOM, such as ``owl class``).
        predicate: IRI of the relation: a SKOS match, or rdfs:subClassOf.
        object: IRI of the other term, or our name for a SEVCO code; with label, type and vocabulary.
        confidence: of whoever judged, from 0 to 1.
        comment: in what the two differ; may be empty.
    """

    subject: str
    subject_label: str
    subject_type: str
    predicate: str
    object: str
    object_label: str
    object_type: str
    object_source: str
    confidence: Decimal
    comment: str


class Triple(NamedTuple):
    """A statement of the bridge; ``object`` is an IRI unless ``is_text``."""

    subject: str
    predicate: str
    object: str
    is_text: bool = False


def mappings(path: Path | None = None) -> tuple[Mapping, ...]:
    """Return the mappings of a file, by default of the one that ships, in its order.

    Raises:
        AlignmentError: the file cannot be read, or a row is not a mapping of the kind that is accepted here.
        YamlError: the metadata is not YAML.
    """
    file = path or resources.folder("ontology") / "alignments.sssom.tsv"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AlignmentError(f"cannot be read ({error})", where=str(file)) from error
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = _prefixes("\n".join(line[1:] for line in lines[:start]), file)
    table = csv.reader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE)
    if (header := next(table, [])) != list(_COLUMNS):
        raise AlignmentError(
            f"has the columns {', '.join(header) or 'none'}",
            where=f"{file}, line {start + 1}",
            hint=f"they are {', '.join(_COLUMNS)}",
        )
    found: dict[tuple[str, str, str], Mapping] = {}
    for number, cells in enumerate(table, start + 2):
        where = f"{file}, line {number}"
        mapping = _mapping(cells, prefixes, where)
        key = (mapping.subject, mapping.predicate, mapping.object)
        if key in found:
            raise AlignmentError("the mapping is said twice", where=where, hint="keep one of the rows")
        found[key] = mapping
    return tuple(found.values())


def bridge(held: Iterable[Mapping]) -> list[Triple]:
    """Return mappings as triples, sorted and distinct, which go with the ontology in SKOS and in OWL.

    Each SKOS match is stated as it is. A row of rdfs:subClassOf gives that axiom, with the class declared,
    and skos:broadMatch for those who ask in SKOS, unless the two match otherwise. No exact match becomes an
    axiom: that two terms can stand for each other does not make what holds for ours hold for all of theirs.
    """
    every = tuple(held)
    matched = {(mapping.subject, mapping.object) for mapping in every if mapping.predicate in _MATCHES}
    triples = set()
    for mapping in every:
        other, used = mapping.object, []
        triples.add(Triple(other, _RDFS + "label", mapping.object_label, is_text=True))
        if mapping.predicate == _SUBCLASS:
            triples.add(Triple(mapping.subject, _SUBCLASS, other))
            triples.add(Triple(other, _TYPE, _OWL + "Class"))
        if mapping.predicate in _MATCHES or (mapping.subject, other) not in matched:
            used.append(mapping.predicate if mapping.predicate in _MATCHES else _SKOS + "broadMatch")
            triples.add(Triple(mapping.subject, used[0], other))
        if other.startswith(SEVCO):
            triples.add(Triple(other, _SKOS + "notation", other.removeprefix(SEVCO), is_text=True))
            triples.add(Triple(other, _SKOS + "inScheme", _SEVCO_SYSTEM))
            used += [_SKOS + "notation", _SKOS + "inScheme"]
        # OWL 2 DL asks for declarations; as annotations these take terms of any kind.
        triples |= {Triple(name, _TYPE, _OWL + "AnnotationProperty") for name in used}
    return sorted(triples)


def _prefixes(header: str, file: Path) -> dict[str, str]:
    """The curie_map of the metadata."""
    tree = parse_yaml(header, str(file)).tree
    prefixes = tree.get("curie_map") if isinstance(tree, dict) else None
    if not isinstance(prefixes, dict):
        raise AlignmentError("has no curie_map", where=str(file), hint="say what each prefix stands for")
    return {prefix: namespace for prefix, namespace in prefixes.items() if isinstance(namespace, str)}


def _mapping(cells: list[str], prefixes: dict[str, str], where: str) -> Mapping:
    """Read and check a row; an AlignmentError names the column at fault."""
    if len(cells) != len(_COLUMNS):
        raise AlignmentError(f"the row has {len(cells)} cells, not {len(_COLUMNS)}", where=where)
    row = dict(zip(_COLUMNS, cells, strict=True))
    if empty := [name for name in _COLUMNS if name != "comment" and not row[name].strip()]:
        raise AlignmentError(f"the row has no {empty[0]}", where=where)
    compact = [name for name in _COLUMNS if name.endswith(("_id", "_source", "_justification"))]
    iri = {name: _iri(row[name], prefixes, where) for name in compact}
    between_classes = row["subject_type"] == row["object_type"] == "owl class"
    allowed = (*_MATCHES, _SUBCLASS) if between_classes else _MATCHES
    accepted = {
        "subject_id": iri["subject_id"].startswith(SMM),
        "predicate_id": iri["predicate_id"] in allowed,
        "object_id": not iri["object_id"].startswith(SMM),
        "mapping_justification": iri["mapping_justification"] == _MANUAL,
    }
    if wrong := [name for name, right in accepted.items() if not right]:
        raise AlignmentError(f"the {wrong[0]} cannot be {row[wrong[0]]}", where=where)
    return Mapping(
        subject=iri["subject_id"],
        subject_label=row["subject_label"],
        subject_type=row["subject_type"],
        predicate=iri["predicate_id"],
        object=iri["object_id"],
        object_label=row["object_label"],
        object_type=row["object_type"],
        object_source=iri["object_source"],
        confidence=_confidence(row["confidence"], where),
        comment=row["comment"],
    )


def _iri(curie: str, prefixes: dict[str, str], where: str) -> str:
    found = _CURIE.fullmatch(curie)
    if found is None or found[1] not in prefixes:
        raise AlignmentError(f"{curie!r} has no prefix of the curie_map", where=where, candidates=[*prefixes])
    iri = prefixes[found[1]] + found[2]
    if not is_iri(iri):
        raise AlignmentError(f"{curie!r} is not a compact name of an IRI", where=where)
    return iri


def _confidence(text: str, where: str) -> Decimal:
    try:
        confidence = Decimal(text)
    except InvalidOperation:
        confidence = Decimal(-1)
    if confidence.is_finite() and 0 <= confidence <= 1:
        return confidence
    raise AlignmentError(f"the confidence {text!r} is not a number from 0 to 1", where=where)
