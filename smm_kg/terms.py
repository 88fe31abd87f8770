"""Names: prefixes, the graphs, and the minting and checking of IRIs. Plain strings, no library.

IRIs come from stable slugs and never from content: ``https://w3id.org/smm-kg/study/<study>#<local>`` for what
a study says, ``https://w3id.org/smm-kg/graph/<source>`` for the named graph of one source document.
"""

from __future__ import annotations

import re

from smm_kg.errors import SmmKgError

__all__ = [
    "AUDIT_GRAPH",
    "GRAPH",
    "INFERRED_GRAPH",
    "ONTOLOGY_GRAPH",
    "PREFIXES",
    "SMM",
    "STUDY",
    "TermError",
    "compact",
    "expand",
    "graph_of",
    "is_iri",
    "is_slug",
    "local",
    "smm",
    "sparql_iri",
    "sparql_string",
    "study_node",
]

SMM = "https://w3id.org/smm-kg/ontology#"
STUDY = "https://w3id.org/smm-kg/study/"
GRAPH = "https://w3id.org/smm-kg/graph/"
ONTOLOGY_GRAPH = GRAPH + "ontology"
INFERRED_GRAPH = GRAPH + "inferred"
AUDIT_GRAPH = GRAPH + "audit"

PREFIXES = {
    "smm": SMM,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# The graphs that are not of a source document: no document may be given their names.
_OWN_GRAPHS = frozenset({"ontology", "inferred", "derived", "audit", "alignments", "description"})

_SLUG = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff]*")
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_STRING_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class TermError(SmmKgError):
    """A name that cannot be an IRI of ours, or not one at all."""


def is_slug(text: str) -> bool:
    """Whether ``text`` is letters and digits in groups joined by single hyphens (``time-to-progression``)."""
    return _SLUG.fullmatch(text) is not None


def is_iri(text: str) -> bool:
    """Whether ``text`` is an absolute IRI that can stand between angle brackets in SPARQL and N-Quads."""
    return _IRI.fullmatch(text) is not None


def smm(name: str) -> str:
    """Return the IRI of a term of the ontology, by its local name."""
    return SMM + name


def local(study_id: str, name: str) -> str:
    """Return the IRI of a node of a study: ``local("mateos-2013", "arm-treatment")``.

    Raises:
        TermError: the study id is not a slug.
    """
    if not is_slug(study_id):
        raise TermError(f"{study_id!r} is not a study id", hint="use letters, digits and single hyphens")
    return f"{STUDY}{study_id}#{name}"


def study_node(study_id: str) -> str:
    """Return the IRI of the study itself."""
    return local(study_id, "study")


def graph_of(document_id: str) -> str:
    """Return the IRI of the named graph of a source document.

    >>> graph_of("doi:10.1056/NEJMoa1300439")
    'https://w3id.org/smm-kg/graph/doi-10.1056-nejmoa1300439'

    Raises:
        TermError: nothing of the id can be used, or the name is taken by a graph of our own.
    """
    slug = re.sub(r"[^a-z0-9.]+", "-", document_id.lower()).strip("-.")
    if not slug or slug in _OWN_GRAPHS:
        what = f"{document_id!r} gives no name for a graph"
        raise TermError(what, hint="give the document an id such as doi:10.1000/182")
    return GRAPH + slug


def expand(curie: str) -> str:
    """Return the IRI of a compact name of a known prefix (``smm:fatigue``).

    Raises:
        TermError: the prefix is unknown, or the result is not an IRI.
    """
    prefix, colon, name = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise TermError(f"{curie!r} has no known prefix", candidates=[f"{known}:" for known in PREFIXES])
    iri = PREFIXES[prefix] + name
    if not is_iri(iri):
        raise TermError(f"{curie!r} is not a compact name of an IRI")
    return iri


def compact(iri: str) -> str:
    """Return ``smm:fatigue`` for an IRI of a known prefix, else the IRI in angle brackets."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and _PLAIN_LOCAL.fullmatch(iri, len(base)):
            return f"{prefix}:{iri[len(base) :]}"
    return f"<{iri}>"


def sparql_iri(iri: str) -> str:
    """Return an IRI as a SPARQL term.

    Raises:
        TermError: it holds a character that would end or break the term, or is not absolute.
    """
    if not is_iri(iri):
        raise TermError(f"{iri!r} is not an absolute IRI")
    return f"<{iri}>"


def sparql_string(text: str) -> str:
    r"""Return a string as a SPARQL term that every engine reads back as the same characters.

    Tabs and line ends are escaped (rdflib expands a raw tab into spaces); other characters stay as they are,
    since ``\u`` escapes are read differently by the engines.

    Raises:
        TermError: the text holds a lone surrogate, which is no character.
    """
    if _LONE_SURROGATE.search(text):
        raise TermError(f"{text!r} holds a lone surrogate", hint="give it as proper Unicode text")
    return f'"{text.translate(_STRING_ESCAPES)}"'
