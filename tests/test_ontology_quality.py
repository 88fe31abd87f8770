"""The rules for terms: which known errors they answer, any engine runs them, notes where terms mislead."""

from __future__ import annotations

import re
from functools import cache

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

import smm_kg
from smm_kg import resources, shapes
from smm_kg.terms import ONTOLOGY_GRAPH, SMM, smm

FOLDER = resources.folder("ontology")
README = (FOLDER / "README.md").read_text(encoding="utf-8")
CHECKS = {check.rule: check for check in shapes.checks() if check.of_terms}
TURTLE = Graph().parse(resources.ontology())
IRI = URIRef(SMM.removesuffix("#"))

# The rules of the default profile of `robot report`.
ROBOT = {
    "annotation_whitespace",
    "deprecated_boolean_datatype",
    "deprecated_class_reference",
    "deprecated_property_reference",
    "duplicate_definition",
    "duplicate_exact_synonym",
    "duplicate_label",
    "duplicate_label_synonym",
    "duplicate_scoped_synonym",
    "equivalent_class_axiom_no_genus",
    "equivalent_pair",
    "illegal_use_of_built_in_vocabulary",
    "invalid_entity_uri",
    "invalid_xref",
    "label_formatting",
    "label_whitespace",
    "lowercase_definition",
    "missing_definition",
    "missing_label",
    "missing_obsolete_label",
    "missing_ontology_description",
    "missing_ontology_license",
    "missing_ontology_title",
    "missing_subset_declaration",
    "missing_superclass",
    "missing_synonymtype_declaration",
    "misused_obsolete_label",
    "misused_replaced_by",
    "multiple_definitions",
    "multiple_equivalent_class_definitions",
    "multiple_equivalent_classes",
    "multiple_labels",
}
OBO_FORMAT = {"missing_subset_declaration", "missing_synonymtype_declaration"}
OOPS = [f"P{number:02}" for number in range(1, 42)]


def see(rule: str) -> str:
    """What a rule says that it answers."""
    (line,) = re.findall(r"^#\+ see: (.+)$", CHECKS[rule].query, re.MULTILINE)
    return str(line)


def robot(rule: str) -> set[str]:
    return set(re.findall(r"[a-z]+(?:_[a-z]+)+", see(rule)))


def pitfalls(rule: str) -> set[str]:
    return set(re.findall(r"\bP\d\d\b", see(rule)))


# ------------------------------------------------------------------------------------------- what is answered


def test_every_rule_of_the_robot_report_is_answered_by_a_check() -> None:
    answered = {name for rule in CHECKS for name in robot(rule)}
    assert answered == ROBOT - OBO_FORMAT
    assert all(f"`{name}`" in README for name in OBO_FORMAT)


def test_the_readme_says_of_every_pitfall_which_checks_answer_it_or_why_none_does() -> None:
    rows = dict(re.findall(r"^\| (P\d\d) [^|]+\| (.+) \|$", README, re.MULTILINE))
    assert sorted(rows) == OOPS
    for pitfall, answer in rows.items():
        answering = {rule for rule in CHECKS if pitfall in pitfalls(rule)}
        if answering:
            assert set(re.findall(r"`([a-z-]+)`", answer)) == answering, pitfall
        else:
            assert re.match(r"(not decidable|waived|partly)\b.*: .{30,}", answer), pitfall


def test_every_check_of_terms_says_what_it_answers() -> None:
    for rule in CHECKS:
        assert robot(rule) or pitfalls(rule) or re.match(r"OBO principle|OWL 2 DL", see(rule)), rule
    assert len(CHECKS) > 40


# ------------------------------------------------------------------------------------------------- any engine


@cache
def spoiled() -> bytes:
    """Classes and properties of the ontology with all bad examples of terms, in N-Triples."""
    graph = Graph()
    individuals = set(TURTLE.subjects(RDF.type, OWL.NamedIndividual))
    for triple in TURTLE:
        if triple[0] not in individuals:
            graph.add(triple)
    for rule in CHECKS:
        text = (FOLDER / "examples" / "bad" / f"{rule}.ttl").read_text(encoding="utf-8")
        graph.parse(data=text.replace("made-up-2030", f"bad-{rule}"), format="turtle")
    return graph.serialize(format="nt", encoding="utf-8")


@cache
def engines() -> tuple[Graph, ox.Store]:
    store = ox.Store()
    store.load(spoiled(), format=ox.RdfFormat.N_TRIPLES)
    return Graph().parse(data=spoiled(), format="nt"), store


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_rdflib_and_pyoxigraph_find_the_same(rule: str) -> None:
    graph, store = engines()
    by_rdflib = {tuple(map(str, row)) for row in graph.query(CHECKS[rule].query)}  # type: ignore[arg-type]
    solutions = store.query(CHECKS[rule].query)
    assert isinstance(solutions, ox.QuerySolutions)
    by_store = {tuple(str(getattr(term, "value", "")) for term in row) for row in solutions}
    assert by_rdflib == by_store
    assert by_store


# ------------------------------------------------------------------------------------- what data say of terms


def quads(turtle: str, graph: str) -> bytes:
    store = ox.Store()
    prefixes = f"@prefix smm: <{SMM}> . @prefix rdfs: <{RDFS}> . @prefix owl: <{OWL}> . "
    store.load(f"{prefixes}{turtle}".encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    return store.dump(format=ox.RdfFormat.N_QUADS)


def test_data_that_rename_a_term_are_found() -> None:
    turtle = 'smm:Study rdfs:label "survey" .'
    (finding,) = shapes.check(quads(turtle, "https://w3id.org/smm-kg/graph/made-up"))
    assert (finding.rule, finding.focus, finding.path) == ("term-one-label", smm("Study"), "rdfs:label")
    assert finding.message == "A term has one label. Found: 2 labels."


def test_another_version_of_the_ontology_in_its_graph_is_no_data() -> None:
    assert list(shapes.check(quads('smm:Study rdfs:label "survey" .', ONTOLOGY_GRAPH))) == []


def test_data_that_make_an_axiom_of_a_foreign_term_are_found() -> None:
    turtle = "<https://example.org/Trial> a owl:Class ; owl:equivalentClass smm:Study ."
    (finding,) = shapes.check(quads(turtle, "https://w3id.org/smm-kg/graph/made-up"))
    assert (finding.rule, finding.path) == ("external-term", "owl:equivalentClass")


# ------------------------------------------------------------------------------------ version and conventions


def test_the_version_is_that_of_the_package_and_the_changelog_tells_of_it() -> None:
    version = str(TURTLE.value(IRI, OWL.versionInfo))
    assert smm_kg.__version__.split(".dev")[0].split("+")[0] == version
    notes = " ".join(map(str, TURTLE.objects(IRI, SKOS.scopeNote)))
    for convention in ("English", "prefix smm", "CHANGELOG.md", "never deleted", "deprecated"):
        assert convention in notes


def test_texts_carry_no_language_tag() -> None:
    assert {node.language for node in TURTLE.objects() if isinstance(node, Literal)} == {None}


# Terms that readers of such graphs have confused, by what they were taken for.
MISREAD = {
    "people for the plan": ["Arm", "AnalysisGroup", "AnalysisSet"],
    "the reverse direction": ["Contrast", "HazardRatio", "RiskRatio", "OddsRatio", "experimentalArm"],
    "what is a gain": ["favours", "lower-values", "higher-values"],
    "the words for the set": [
        "per-protocol-set",
        "intention-to-treat-set",
        "safety-set",
        "populationPrinted",
    ],
    "one end point for another": ["time-to-progression", "progression-free-survival", "overall-survival"],
    "the concept for its definition": ["EndPoint", "EndPointConcept", "OutcomeMeasurement"],
    "one kind of progression for another": ["biologic-progression"],
    "a share for a number": ["Count", "Percent", "Rate", "Median"],
    "a part for the whole": ["exclusive", "cumulative", "partial-response", "partial-response-or-better"],
    "no grade for any": ["grade"],
    "severe for serious": ["serious-adverse-event", "SeriousAdverseEventTerm", "SeverityGrade"],
    "a result for a gap": ["not-reached", "not-estimable", "not-reported", "not-applicable"],
    "the report for the study": ["Study", "SourceDocument", "Assertion"],
    "computed for printed": ["DerivedDatum", "ExactDatum", "value"],
}


@pytest.mark.parametrize("mistake", sorted(MISREAD))
def test_terms_that_mislead_have_a_note_or_an_example(mistake: str) -> None:
    for name in MISREAD[mistake]:
        notes = [
            *TURTLE.objects(URIRef(smm(name)), SKOS.scopeNote),
            *TURTLE.objects(URIRef(smm(name)), SKOS.example),
        ]
        assert notes, f"{name} can be taken for another: {mistake}"
