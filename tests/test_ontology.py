"""The ontology: every term documented and declared once, nothing invented abroad, and loadable."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection

from smm_kg import ontology, resources
from smm_kg.terms import SMM

DATA = Path(__file__).resolve().parent / "data"
TURTLE = Graph().parse(resources.ontology())
IRI = URIRef("https://w3id.org/smm-kg/ontology")

KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "data property",
    OWL.AnnotationProperty: "annotation property",
    OWL.NamedIndividual: "individual",
    RDFS.Datatype: "datatype",
}
TERMS = sorted({node for node in TURTLE.subjects() if str(node).startswith(SMM)})


def name(term: Any) -> str:
    return str(term).removeprefix(SMM)


def kinds(term: URIRef) -> list[str]:
    return [KINDS[kind] for kind in TURTLE.objects(term, RDF.type) if kind in KINDS]


def of_kind(kind: str) -> set[str]:
    return {name(term) for term in TERMS if kinds(term) == [kind]}


# ---------------------------------------------------------------------------------------------- documentation


def test_the_ontology_says_what_it_is() -> None:
    version = TURTLE.value(IRI, OWL.versionInfo)
    assert TURTLE.value(IRI, OWL.versionIRI) == URIRef(f"{IRI}/{version}")
    assert TURTLE.value(IRI, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert TURTLE.value(IRI, DCTERMS.creator) == Literal("smm-kg contributors")
    assert TURTLE.value(IRI, DCTERMS.title)
    assert TURTLE.value(IRI, DCTERMS.description)
    assert not list(TURTLE.objects(IRI, OWL.imports))
    assert len(TERMS) > 400


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
def test_terms_have_a_label_a_definition_and_a_source(kind: str) -> None:
    for term in (term for term in TERMS if kinds(term) == [kind]):
        (label,) = TURTLE.objects(term, RDFS.label)
        assert isinstance(label, Literal)
        assert label.language is None, term
        assert label.datatype is None, term
        assert str(label) == str(label).strip() != "", term
        (definition,) = TURTLE.objects(term, SKOS.definition)
        assert re.fullmatch(r"[A-Z].{15,}\.", definition), f"{term}: {definition}"
        assert list(TURTLE.objects(term, DCTERMS.source)), term


def test_definitions_name_a_genus_and_do_not_repeat_the_label() -> None:
    for term in TERMS:
        definition = str(TURTLE.value(term, SKOS.definition))
        label = re.escape(str(TURTLE.value(term, RDFS.label)))
        assert not re.match(rf"(An?|The) {label} (that|of|is|in|which|by)\b", definition, re.IGNORECASE), (
            definition
        )
        opening = {"object property": "Relates ", "data property": "Gives "}.get(
            kinds(term)[0], ("A ", "An ", "The ")
        )
        assert definition.startswith(opening), f"{term}: {definition}"


def test_an_individual_is_defined_as_one_of_its_class() -> None:
    """``The drug that …``: the genus is the label of a class to which it belongs."""
    for term in (term for term in TERMS if kinds(term) == ["individual"]):
        classes = {kind for kind in TURTLE.objects(term, RDF.type) if str(kind).startswith(SMM)}
        labels = {str(TURTLE.value(kind, RDFS.label)) for kind in classes | set(above(classes))}
        definition = str(TURTLE.value(term, SKOS.definition)).lower()
        assert any(definition.startswith((f"the {label}", f"an {label}")) for label in labels), definition


def above(classes: set[Any]) -> Iterator[Any]:
    for kind in classes:
        for superclass in TURTLE.transitive_objects(kind, RDFS.subClassOf):
            if isinstance(superclass, URIRef) and superclass != kind:
                yield superclass


@pytest.mark.parametrize("annotation", [RDFS.label, SKOS.definition])
def test_no_two_terms_share_a_label_or_a_definition(annotation: URIRef) -> None:
    texts = Counter(str(TURTLE.value(term, annotation)).lower() for term in TERMS)
    assert [text for text, count in texts.items() if count > 1] == []


def test_sources_are_addresses_or_citations() -> None:
    for term in TERMS:
        for source in TURTLE.objects(term, DCTERMS.source):
            assert isinstance(source, URIRef) or len(source) > 8, f"{term}: {source}"


# --------------------------------------------------------------------------------------------------- OWL 2 DL


def test_every_term_is_one_thing_and_declared() -> None:
    mentioned = {node for triple in TURTLE for node in triple if str(node).startswith(SMM)}
    assert mentioned - set(TERMS) == set()
    for term in TERMS:
        assert len(kinds(term)) == 1, f"{term} is {kinds(term) or 'not declared'}"


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("class", r"[A-Z][A-Za-z]+"),
        ("object property", r"[a-z][A-Za-z]*"),
        ("data property", r"[a-z][A-Za-z0-9]*"),
        ("individual", r"[a-z0-9]+(-[a-z0-9]+)*"),
    ],
)
def test_names_follow_the_convention(kind: str, form: str) -> None:
    assert [term for term in of_kind(kind) if not re.fullmatch(form, term)] == []


def test_no_individual_is_named_like_a_property() -> None:
    assert of_kind("individual") & (of_kind("object property") | of_kind("data property")) == set()


def test_every_property_says_of_what_and_what() -> None:
    for term in TERMS:
        if kinds(term) == ["object property"] and not TURTLE.value(term, OWL.inverseOf):
            assert TURTLE.value(term, RDFS.domain), term
            assert TURTLE.value(term, RDFS.range), term
        if kinds(term) == ["data property"]:
            assert TURTLE.value(term, RDFS.range), term
            assert TURTLE.value(term, RDFS.domain) or name(term) == "position", term


def test_only_datatypes_that_reasoners_know() -> None:
    """xsd:date, xsd:gYear and xsd:duration are not in the OWL 2 datatype map; HermiT throws on them."""
    known = {
        "decimal",
        "integer",
        "nonNegativeInteger",
        "positiveInteger",
        "string",
        "boolean",
        "anyURI",
        "dateTime",
    }
    used = {node for triple in TURTLE for node in triple if str(node).startswith(str(XSD))}
    used |= {
        node.datatype for triple in TURTLE for node in triple if isinstance(node, Literal) and node.datatype
    }
    facets = {"minInclusive", "maxInclusive", "minExclusive", "maxExclusive"}
    assert {str(node).removeprefix(str(XSD)) for node in used} <= known | facets


def test_external_terms_are_on_the_checked_list_with_their_label() -> None:
    with (DATA / "external-iris.tsv").open(encoding="utf-8") as file:
        checked = {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}
    own = ("https://w3id.org/smm-kg/", str(OWL), str(RDF), str(RDFS), str(XSD))
    used = {
        str(n) for triple in TURTLE for n in triple if isinstance(n, URIRef) and not str(n).startswith(own)
    }
    assert used == set(checked)
    for iri, label in checked.items():
        declared = TURTLE.value(URIRef(iri), RDFS.label)
        if declared is not None and not iri.startswith(
            "http://qudt.org/vocab/unit/"
        ):  # units are labelled in context
            assert str(declared) == label, iri


def test_external_terms_in_axioms_are_declared() -> None:
    axioms = {
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        RDFS.domain,
        RDFS.range,
        OWL.onProperty,
        OWL.someValuesFrom,
    }
    for _, predicate, target in TURTLE:
        if predicate in axioms and isinstance(target, URIRef) and not str(target).startswith(str(XSD)):
            assert kinds(target), f"{target} is used in an axiom and not declared"


def test_drugs_and_the_like_are_told_apart() -> None:
    """Without unique names, 'at least two drugs' holds of nothing until they are said to be different."""
    different = [
        {name(term) for term in Collection(TURTLE, TURTLE.value(axiom, OWL.distinctMembers))}
        for axiom in TURTLE.subjects(RDF.type, OWL.AllDifferent)
    ]
    concepts = [
        "Analyte", "DesignCategory", "Drug", "DrugClass", "Milestone", "OutcomeCategory", "ResponseCategory",
        "SeverityGrade", "TreatmentPhase",
    ]  # fmt: skip
    codes = [name(code) for code in TURTLE.subjects(RDFS.subClassOf, URIRef(SMM + "Code"))]
    for kind in {*concepts, *codes} - {"ValueStatus"}:
        members = {name(term) for term in TURTLE.subjects(RDF.type, URIRef(SMM + kind))}
        assert any(members <= told for told in different), kind
    terms = {name(t) for c in ("AdverseEventTerm", "SeriousAdverseEventTerm") for t in individuals_of(c)}
    assert terms in different
    statuses = {name(t) for c in ("ValueStatus", "AbsentValueStatus") for t in individuals_of(c)}
    assert statuses in different


def individuals_of(kind: str) -> set[Any]:
    return set(TURTLE.subjects(RDF.type, URIRef(SMM + kind)))


# ---------------------------------------------------------------------------------------------------- loading


def test_owlready2_sees_what_rdflib_sees() -> None:
    loaded = ontology.load()
    assert {c.name for c in loaded.classes() if c.iri.startswith(SMM)} == of_kind("class")
    assert {p.name for p in loaded.object_properties() if p.iri.startswith(SMM)} == of_kind("object property")
    assert {p.name for p in loaded.data_properties() if p.iri.startswith(SMM)} == of_kind("data property")
    assert {i.name for i in loaded.individuals() if i.iri.startswith(SMM)} == of_kind("individual")
    assert loaded.HazardRatio.is_a[0].name == "RatioMeasure"
    inhibitors = loaded.search(drug_classes=loaded["proteasome-inhibitor"])
    assert {drug.name for drug in inhibitors} == {"bortezomib", "carfilzomib", "ixazomib"}


def test_each_load_has_a_world_of_its_own() -> None:
    first, second = ontology.load(), ontology.load()
    first.Fact.label.append("changed")
    assert "changed" not in second.Fact.label


def test_labels_are_by_iri() -> None:
    labels = ontology.labels()
    assert labels[f"{SMM}time-to-progression"] == "time to progression"
    assert labels[f"{SMM}PValue"] == "p value"
    assert list(labels) == sorted(map(str, TERMS))


def test_a_rule_that_lists_codes_lists_them_all() -> None:
    shacl = "http://www.w3.org/ns/shacl#"
    rules = Graph().parse(resources.ontology().with_name("shapes.ttl"))
    seen = 0
    for rule, listed in rules.subject_objects(URIRef(f"{shacl}in")):
        if not isinstance(rule, URIRef):  # a part of a rule that is for some of the codes
            continue
        kind = TURTLE.value(rules.value(rule, URIRef(f"{shacl}path")), RDFS.range)
        classes = set(TURTLE.transitive_subjects(RDFS.subClassOf, kind))
        codes = {code for one in classes for code in TURTLE.subjects(RDF.type, one)}
        assert set(Collection(rules, listed)) == codes, rule
        seen += 1
    assert seen > 10
