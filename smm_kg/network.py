"""The graph of the evidence as a networkx graph, for analysis and drawing.

Nodes are the IRIs that the sources speak of, edges the object properties between them. What a source says of
a node in numbers or text is an attribute of the node.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smm_kg.rows import Iri
from smm_kg.terms import GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, compact

if TYPE_CHECKING:
    import networkx

__all__ = ["QUERY", "to_networkx"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

QUERY = f"""
SELECT DISTINCT ?graph ?subject ?predicate ?object WHERE {{
  GRAPH ?graph {{ ?subject ?predicate ?object }}
  FILTER (STRSTARTS(STR(?graph), "{GRAPH}") && ?graph != <{INFERRED_GRAPH}> && ?graph != <{ONTOLOGY_GRAPH}>)
}}
ORDER BY ?graph ?subject ?predicate ?object
"""
"""What is projected: all statements of the source graphs, the ontology and what follows from it left out."""


def to_networkx(statements: Iterable[tuple[object, ...]]) -> networkx.MultiDiGraph[str]:
    """Project statements onto a directed multigraph.

    Args:
        statements: rows of :data:`QUERY`: graph, subject, predicate, object.

    Returns:
        A graph whose nodes are IRIs. Node attributes: ``type`` (the class, as a CURIE), and each datum of the
        node under the local name of its property (``label``, ``printed``, ``value``); several data of one
        property are joined by "; ". Edges have the property's CURIE as key and as attribute ``property``, and
        ``graph``, the IRI of the source's graph. All attributes are strings, so that GraphML and GEXF can be
        written as they are.
    """
    import networkx

    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    data: dict[tuple[str, str], list[str]] = {}
    for graph, subject, predicate, value in statements:
        source, property_ = str(subject), str(predicate)
        network.add_node(source)
        if property_ == _RDF_TYPE:
            data.setdefault((source, "type"), []).append(compact(str(value)))
        elif isinstance(value, Iri):
            name = compact(property_)
            network.add_edge(source, str(value), key=name, property=name, graph=str(graph))
        else:
            data.setdefault((source, _local_name(property_)), []).append(str(value))
    for (node, attribute), values in data.items():
        network.nodes[node][attribute] = "; ".join(dict.fromkeys(values))
    return network


def _local_name(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
