"""Graphs as files for Gephi, Cytoscape and networkx: GraphML, GEXF and node-link JSON, the same to the byte.

``networkx.node_link_graph`` reads the JSON, before version 3.4 with ``link="edges"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from smm_kg.draw.network import TreatmentNetwork
from smm_kg.draw.study import StudyGraph
from smm_kg.draw.text_width import clean

if TYPE_CHECKING:
    import networkx

__all__ = ["GRAPH_FORMATS", "network_to_networkx", "study_to_networkx"]

_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')


def study_to_networkx(graph: StudyGraph) -> networkx.DiGraph[str]:
    """Return the graph of a study as a networkx graph.

    Nodes have ``kind`` (``arm, experimental``), ``label``, ``details`` (what is known, joined by "; ") and
    ``column`` (0 the study, 1 arms and end points, 2 regimens and results); edges have ``relation``.
    """
    import networkx

    drawn: networkx.DiGraph[str] = networkx.DiGraph(study=clean(graph.study))
    for node in graph.nodes:
        details = "; ".join(clean(detail) for detail in node.details)
        drawn.add_node(
            node.id, kind=clean(node.kind), label=clean(node.label), details=details, column=node.column
        )
    for edge in graph.edges:
        drawn.add_edge(edge.source, edge.target, relation=edge.relation)
    return drawn


def network_to_networkx(network: TreatmentNetwork) -> networkx.MultiGraph[str]:
    """Return a treatment network as a networkx graph; see :func:`smm_kg.draw.connections.to_networkx`."""
    from smm_kg.draw.connections import to_networkx

    return to_networkx(network.treatments, network.trials)


def _graphml(graph: networkx.Graph[str]) -> bytes:
    import networkx

    lines = networkx.generate_graphml(graph, named_key_ids=True)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(lines) + "\n").encode()


def _gexf(graph: networkx.Graph[str]) -> bytes:
    """GEXF without the day on which it was written, which would differ tomorrow."""
    import networkx

    text = "\n".join(networkx.generate_gexf(graph))
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + _WRITTEN_ON.sub("", text) + "\n").encode()


def _json(graph: networkx.Graph[str]) -> bytes:
    edges: list[dict[str, Any]] = []
    if graph.is_multigraph():
        for source, target, key, data in graph.edges(keys=True, data=True):
            edges.append({**data, "source": source, "target": target, "key": key})
    else:
        for source, target, data in graph.edges(data=True):
            edges.append({**data, "source": source, "target": target})
    held = {
        "directed": graph.is_directed(),
        "multigraph": graph.is_multigraph(),
        "graph": dict(graph.graph),
        "nodes": [{**data, "id": node} for node, data in graph.nodes(data=True)],
        "edges": edges,
    }
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


GRAPH_FORMATS: dict[str, Callable[[Any], bytes]] = {
    ".graphml": _graphml,
    ".gexf": _gexf,
    ".json": _json,
}
"""Writers of graphs by the suffix of the file."""
