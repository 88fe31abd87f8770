"""Superclass types and super-properties, in a graph of their own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyoxigraph as ox
import pytest
from studies import example, other

from smm_kg import dataset, rdf, records, resources
from smm_kg.inference import Hierarchy, OntologyError, ontology_quads
from smm_kg.terms import AUDIT_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SMM

TTL = """
@prefix smm: <https://w3id.org/smm-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
smm:HazardRatio a owl:Class ; rdfs:subClassOf smm:EffectMeasure , <http://example.org/Ratio> .
smm:EffectMeasure rdfs:subClassOf smm:Statistic , [ a owl:Restriction ; owl:onProperty smm:value ] .
smm:Statistic rdfs:subClassOf smm:Datum .
smm:EffectEstimate rdfs:subClassOf smm:Fact .
smm:Drug rdfs:subClassOf smm:Concept . smm:Pill rdfs:subClassOf smm:Drug .
smm:value rdfs:subPropertyOf smm:number . smm:bound rdfs:subPropertyOf smm:number .
smm:lenalidomide a smm:Pill , smm:Drug ; rdfs:label "lenalidomide"@en .
"""


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    path = tmp_path / "small.ttl"
    path.write_text(TTL, encoding="utf-8")
    return path


def inferred(quads: bytes) -> set[tuple[str, str, str]]:
    """What is in the inferred graph, with IRIs of ours by their local name."""
    return {
        (
            quad.subject.value.partition("#")[2],
            quad.predicate.value.partition("#")[2],
            quad.object.value.removeprefix(SMM),
        )
        for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)
        if quad.graph_name.value == INFERRED_GRAPH
    }


def test_superclasses_and_superproperties_are_added(ontology: Path) -> None:
    hierarchy = Hierarchy.of(ontology_quads(ontology))
    found = inferred(hierarchy.materialise(rdf.encode(other())))
    ratio = "ttp-effect.hazard-ratio"
    assert found == {
        ("ttp-effect", "type", "Fact"),
        (ratio, "type", "EffectMeasure"),
        (ratio, "type", "Statistic"),
        (ratio, "type", "Datum"),
        (ratio, "number", "1.1"),
    }


def test_a_bound_is_a_number_of_the_same_decimal(ontology: Path) -> None:
    quads = Hierarchy.of(ontology_quads(ontology)).materialise(rdf.encode(example()))
    found = [quad.object for quad in ox.parse(quads, ox.RdfFormat.N_QUADS) if "p-value" in quad.subject.value]
    assert [(number.value, number.datatype.value) for number in found] == [
        ("0.001", PREFIXES["xsd"] + "decimal")
    ]


def test_what_is_asserted_is_not_repeated(ontology: Path) -> None:
    quads = ontology_quads(ontology)
    assert inferred(Hierarchy.of(quads).materialise(quads)) == {("lenalidomide", "type", "Concept")}


def test_a_text_that_looks_like_a_quad_adds_nothing(ontology: Path) -> None:
    hierarchy = Hierarchy.of(ontology_quads(ontology))
    text = f'<a:s> <{PREFIXES["rdf"]}type> <{SMM}HazardRatio> .\n <{SMM}value> "3" <a:s> <{SMM}value> <a:b> '
    fact = msgspec.structs.replace(other().facts[0], remark=text, values=())
    study = msgspec.structs.replace(other(), facts=(fact,))
    assert inferred(hierarchy.materialise(rdf.encode(study))) == {("ttp-effect", "type", "Fact")}


def test_equivalent_classes_do_not_loop() -> None:
    pairs = [(SMM + "A", SMM + "B"), (SMM + "B", SMM + "A"), (SMM + "B", SMM + "C")]
    assert Hierarchy(pairs, []).superclasses == {
        SMM + "A": (SMM + "B", SMM + "C"),
        SMM + "B": (SMM + "A", SMM + "C"),
    }


def test_the_same_types_as_a_query_along_the_class_tree_gives() -> None:
    """The materialised types of the shipped ontology are those of a transitive path, on the same store."""
    store = ox.Store()
    for chunk in dataset.chunks([example(), other()]):
        store.load(chunk, ox.RdfFormat.N_QUADS)
    along = f"""
        SELECT DISTINCT ?node ?class WHERE {{
          ?node a/<{PREFIXES["rdfs"]}subClassOf>+ ?class
          FILTER (STRSTARTS(STR(?class), "{SMM}"))
          FILTER NOT EXISTS {{ GRAPH ?source {{ ?node a ?class }} FILTER (?source != <{INFERRED_GRAPH}>) }}
        }}"""
    added = f"""
        SELECT ?node ?class WHERE {{
          GRAPH <{INFERRED_GRAPH}> {{ ?node a ?class }}
          FILTER NOT EXISTS {{ ?class <{PREFIXES["owl"]}equivalentClass> ?definition }}
        }}"""
    expected = {tuple(map(str, row)) for row in store.query(along, use_default_graph_as_union=True)}
    assert {tuple(map(str, row)) for row in store.query(added, use_default_graph_as_union=True)} == expected
    assert len(expected) > 100


def test_chunks_joined_are_sorted_without_repeats() -> None:
    chunks = list(dataset.chunks([other(), example(), example("example-2001-b"), example("Z1")]))
    lines = b"".join(chunks).split(b"\n")
    assert lines.pop() == b""
    assert lines == sorted(set(lines))
    assert len(chunks) == 6


def test_the_same_bytes_every_time() -> None:
    assert b"".join(dataset.chunks([example(), other()])) == b"".join(dataset.chunks([other(), example()]))


def test_no_triple_stands_in_two_graphs() -> None:
    """Some engines take the union of graphs as a bag, and would count such a triple twice."""
    quads = list(ox.parse(b"".join(dataset.chunks([example(), other()])), ox.RdfFormat.N_QUADS))
    triples = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    assert len(triples) == len(quads)


def test_graphs_are_the_sources_the_ontology_and_what_is_inferred() -> None:
    quads = ox.parse(b"".join(dataset.chunks([example(), other()])), ox.RdfFormat.N_QUADS)
    assert {quad.graph_name.value for quad in quads} == {
        ONTOLOGY_GRAPH,
        INFERRED_GRAPH,
        AUDIT_GRAPH,
        "https://w3id.org/smm-kg/graph/doi-10.9999-example-2001",
        "https://w3id.org/smm-kg/graph/pmid-other-2005",
    }


def test_studies_that_would_be_one_are_refused() -> None:
    with pytest.raises(dataset.DatasetError, match="two studies have the id 'other-2005'"):
        list(dataset.chunks([other(), example(), other()]))
    document = msgspec.structs.replace(example().document, id="PMID:other-2005", key=None)
    same: records.Study = msgspec.structs.replace(example(), document=document)
    with pytest.raises(
        dataset.DatasetError, match="'example-2001' and 'other-2005' have the same source document"
    ):
        list(dataset.chunks([other(), same]))


def test_an_ontology_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"none\.ttl"):
        list(dataset.chunks([], tmp_path / "none.ttl"))
    (tmp_path / "bad.ttl").write_text("smm:x a", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"bad\.ttl"):
        list(dataset.chunks([], tmp_path / "bad.ttl"))


def test_the_shipped_ontology_declares_what_the_mapping_writes() -> None:
    declared = {
        quad.subject.value
        for quad in ox.parse(ontology_quads(resources.ontology()), ox.RdfFormat.N_QUADS)
        if quad.predicate.value == PREFIXES["rdf"] + "type"
    }
    written = set()
    for quad in ox.parse(rdf.encode(example()), ox.RdfFormat.N_QUADS):
        written.add(quad.predicate.value)
        if quad.predicate.value == PREFIXES["rdf"] + "type":
            written.add(quad.object.value)
    assert {name for name in written if name.startswith(SMM)} <= declared
