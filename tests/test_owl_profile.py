"""The ontology is OWL 2 DL by the validator of pyHermiT, and the validator notices what is not."""

from __future__ import annotations

import pytest
import rdflib

from smm_kg import resources

pyowl_core = pytest.importorskip("pyowl_core", reason="pyhermit is not installed (extra test)")
profile = pytest.importorskip("pyhermit.profile", reason="pyhermit is not installed (extra test)")

SMALL = """
@prefix t: <https://w3id.org/smm-kg/made-up#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/smm-kg/made-up> a owl:Ontology .
t:Study a owl:Class .
t:Arm a owl:Class .
t:hasArm a owl:ObjectProperty .
t:cites a owl:ObjectProperty .
t:speaksOf a owl:ObjectProperty ; owl:propertyChainAxiom ( t:cites t:cites ) .
t:within a owl:ObjectProperty , owl:TransitiveProperty .
"""

FAULTS = {
    "a datatype that OWL has not": "t:began a owl:DatatypeProperty ; rdfs:range xsd:date .",
    "a property of two kinds": "t:hasArm a owl:DatatypeProperty .",
    "a bound on the number of a chain": """t:Study rdfs:subClassOf
      [ a owl:Restriction ; owl:onProperty t:speaksOf ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .""",
    "a bound on the number of a transitive property": """t:Study rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty t:within ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .""",
    "a chain that needs itself": """t:cites owl:propertyChainAxiom ( t:speaksOf t:hasArm ) .
        t:speaksOf owl:propertyChainAxiom ( t:hasArm t:cites t:hasArm ) .""",
    "a restriction of nothing": "t:Study rdfs:subClassOf [ a owl:Restriction ; owl:onProperty t:hasArm ] .",
    "a property that nobody declared": """t:Study rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty t:nothing ; owl:someValuesFrom t:Arm ] .""",
    "a class that nobody declared": "t:Study rdfs:subClassOf t:Investigation .",
}


def violations(graph: rdflib.Graph) -> list[str]:
    """Return what keeps a graph from being OWL 2 DL, one code a violation."""
    try:
        view = pyowl_core.load_snapshot(graph.serialize(format="xml", encoding="utf-8"))
    except pyowl_core.UnsupportedSyntaxError as error:
        return [str(error)]
    report = profile.validate_owl2_dl_view(view)
    assert report.complete
    return [issue.rule_id for issue in report.issues if issue.severity is profile.ProfileSeverity.ERROR]


def test_the_ontology_is_owl_2_dl() -> None:
    assert violations(rdflib.Graph().parse(resources.ontology())) == []


def test_a_small_ontology_is_owl_2_dl() -> None:
    assert violations(rdflib.Graph().parse(data=SMALL, format="turtle")) == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_is_not_owl_2_dl_is_noticed(fault: str) -> None:
    assert violations(rdflib.Graph().parse(data=SMALL + fault, format="turtle"))
