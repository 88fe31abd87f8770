"""The class hierarchy of the ontology that a graph holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_kg.draw.from_graph.study_facts import select
from smm_kg.draw.ontology import Class, Hierarchy
from smm_kg.draw.page import Caption, DrawingError
from smm_kg.terms import ONTOLOGY_GRAPH, PREFIXES, SMM, compact

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["hierarchy"]

_OWL = f"PREFIX owl: <{PREFIXES['owl']}>\n"
_CLASSES = """
SELECT DISTINCT ?class ?label ?parent WHERE {
  GRAPH <%s> {
    ?class a owl:Class . FILTER (ISIRI(?class))
    OPTIONAL { ?class rdfs:label ?label }
    OPTIONAL { ?class rdfs:subClassOf ?parent FILTER (ISIRI(?parent)) }
  }
} ORDER BY ?class ?label ?parent
"""
_INDIVIDUALS = """
SELECT ?class (COUNT(DISTINCT ?individual) AS ?individuals) WHERE {
  GRAPH <%s> { ?individual a owl:NamedIndividual , ?class . FILTER (ISIRI(?class)) }
} GROUP BY ?class ORDER BY ?class
"""
_VERSION = """
SELECT ?version WHERE { GRAPH <%s> { ?ontology a owl:Ontology ; owl:versionIRI ?version } } ORDER BY ?version
"""


def hierarchy(graph: Graph, study: str | None = None) -> Hierarchy:
    """Return the classes of the ontology, with the number of individuals asserted of each.

    ``study`` is of no account: the ontology is that of all studies.

    Raises:
        DrawingError: the graph holds no ontology.
    """
    labels: dict[str, str] = {}
    parents: dict[str, set[str]] = {}
    for row in select(graph, _OWL + _CLASSES % ONTOLOGY_GRAPH):
        labels.setdefault(str(row[0]), str(row.label or compact(str(row[0]))))
        parents.setdefault(str(row[0]), set()).update([str(row.parent)] if row.parent else [])
    if not labels:
        raise DrawingError("the graph holds no ontology", hint="build it with: smm-kg build")
    counted = select(graph, _OWL + _INDIVIDUALS % ONTOLOGY_GRAPH)
    numbers = {str(row[0]): int(row.individuals) for row in counted}
    versions = [str(row.version) for row in select(graph, _OWL + _VERSION % ONTOLOGY_GRAPH)]
    classes = tuple(
        Class(iri, label, tuple(sorted(parents[iri])), numbers.get(iri, 0), not iri.startswith(SMM))
        for iri, label in sorted(labels.items())
    )
    caption = Caption(
        "Classes of the ontology",
        "A class stands below the one that it is a kind of; in brackets: individuals stated of it",
        ("Grey: classes of other vocabularies.",) if any(each.foreign for each in classes) else (),
        tuple(versions) or (ONTOLOGY_GRAPH,),
    )
    return Hierarchy(caption, classes)
