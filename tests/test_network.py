"""The networkx projection: which nodes, which edges, which attributes."""

from __future__ import annotations

import io

import networkx
import pytest

from smm_kg.graph import Graph

STUDY = "https://w3id.org/smm-kg/study/mateos-2013#"
SMM = "https://w3id.org/smm-kg/ontology#"


@pytest.fixture(scope="module")
def network() -> networkx.MultiDiGraph[str]:
    import smm_kg

    with smm_kg.open("memory:") as graph:
        return graph.to_networkx()


def test_a_fact_hangs_together_with_what_it_is_about(network: networkx.MultiDiGraph[str]) -> None:
    effect = STUDY + "ttp-effect"
    assert network.nodes[effect]["type"] == "smm:EffectEstimate"
    assert network.has_edge(effect, SMM + "time-to-progression", key="smm:subject")
    assert network.has_edge(effect, STUDY + "contrast-treatment-vs-observation", key="smm:contrast")
    edge = network.edges[effect, SMM + "time-to-progression", "smm:subject"]
    assert edge["graph"] == "https://w3id.org/smm-kg/graph/doi-10.1056-nejmoa1300439"


def test_data_are_attributes_as_printed(network: networkx.MultiDiGraph[str]) -> None:
    lower = network.nodes[STUDY + "os-effect.confidence-interval-lower"]
    assert lower["printed"] == "0.10"  # Abstract, Results: the interval of the hazard ratio for death


def test_what_the_ontology_says_is_left_out(network: networkx.MultiDiGraph[str]) -> None:
    assert not [key for _, _, key in network.edges(keys=True) if "subClassOf" in key]


def test_it_is_the_same_every_time_and_fits_graphml(network: networkx.MultiDiGraph[str]) -> None:
    with Graph.from_studies([]) as empty:
        assert empty.to_networkx().number_of_nodes() == 0
    written = io.BytesIO()
    networkx.write_graphml(network, written)
    again = networkx.read_graphml(io.BytesIO(written.getvalue()), force_multigraph=True)
    assert again.number_of_nodes() == network.number_of_nodes()
    assert again.number_of_edges() == network.number_of_edges()
