"""What an export is, said in the export itself: a VoID and DCAT description in a graph of its own.

It holds nothing that changes from run to run: no date, no machine, no blank node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from smm_kg.alignments import ALIGNMENTS_GRAPH
from smm_kg.export.quads import Literal, Quad, literal, literal_text
from smm_kg.terms import GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SMM, is_iri

__all__ = ["DATASET", "DCAT", "DESCRIPTION_GRAPH", "LICENCE", "VOID", "described"]

DATASET = "https://w3id.org/smm-kg/dataset"
DESCRIPTION_GRAPH = GRAPH + "description"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

_TYPE = f"<{PREFIXES['rdf']}type>"
_IDENTIFIER = f"<{PREFIXES['dcterms']}identifier>"
_TITLE = f"<{PREFIXES['dcterms']}title>"
_DOCUMENT = f"<{SMM}SourceDocument>"
_OWN_TITLES = {
    ONTOLOGY_GRAPH: "The smm-kg ontology",
    INFERRED_GRAPH: "Types and properties that follow from the smm-kg ontology",
    ALIGNMENTS_GRAPH: "What terms of the smm-kg ontology mean in other vocabularies",
}


def described(quads: Sequence[Quad]) -> list[Quad]:
    """Distinct quads, sorted, with the description of just these in the place of an earlier one."""
    held = [quad for quad in quads if quad.graph != f"<{DESCRIPTION_GRAPH}>"]
    return sorted([*held, *set(_description(held))])


def _description(quads: Sequence[Quad]) -> Iterator[Quad]:
    counts = Counter(quad.graph for quad in quads)
    triples = len({quad[1:] for quad in quads})
    yield from _about(
        DATASET,
        [
            ("rdf:type", f"<{VOID}Dataset>"),
            ("rdf:type", f"<{DCAT}Dataset>"),
            ("dcterms:title", _text("smm-kg: published trial results as an evidence knowledge graph")),
            ("dcterms:description", _text("Results of published trials, each value with its exact place")),
            ("dcterms:license", f"<{LICENCE}>"),
            ("void:triples", _integer(triples)),
            ("void:uriSpace", _text("https://w3id.org/smm-kg/study/")),
            ("void:vocabulary", f"<{SMM.removesuffix('#')}>"),
            *(("void:subset", graph) for graph in counts if graph),
        ],
    )
    for graph, count in counts.items():
        if graph:
            yield from _about(
                graph[1:-1],
                [
                    ("rdf:type", f"<{VOID}Dataset>"),
                    ("dcterms:license", f"<{LICENCE}>"),
                    ("void:triples", _integer(count)),
                    *(("dcterms:title", _text(title)) for title in [_OWN_TITLES.get(graph[1:-1])] if title),
                ],
            )
    yield from _sources(quads)


def _sources(quads: Sequence[Quad]) -> Iterator[Quad]:
    """Which documents the dataset and each of its graphs were read from, with their titles."""
    documents = {
        (quad.graph, quad.subject) for quad in quads if quad.predicate == _TYPE and quad.object == _DOCUMENT
    }
    subjects = {subject for _, subject in documents}
    for graph, subject, predicate, value in quads:
        if subject not in subjects or (graph, subject) not in documents:
            continue
        known = []
        if predicate == _TYPE and value == _DOCUMENT:
            known = [("dcterms:source", subject)]
        elif predicate == _IDENTIFIER and value.startswith('"doi:'):
            address = "https://doi.org/" + literal(value).lexical.removeprefix("doi:")
            known = [("dcterms:source", f"<{address}>")] if is_iri(address) else []
        yield from _about(DATASET, known)
        if graph:
            yield from _about(graph[1:-1], [("dcterms:title", value)] if predicate == _TITLE else known)


def _about(subject: str, statements: Iterable[tuple[str, str]]) -> Iterator[Quad]:
    for name, value in statements:
        prefix, _, local = name.partition(":")
        namespace = {"void": VOID, "dcat": DCAT}.get(prefix) or PREFIXES[prefix]
        yield Quad(f"<{DESCRIPTION_GRAPH}>", f"<{subject}>", f"<{namespace}{local}>", value)


def _text(text: str) -> str:
    return literal_text(Literal(text, PREFIXES["xsd"] + "string", ""))


def _integer(number: int) -> str:
    return literal_text(Literal(str(number), PREFIXES["xsd"] + "integer", ""))
