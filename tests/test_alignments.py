"""What terms mean elsewhere: valid SSSOM, nothing invented, nothing contradicted, and its bridge."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from smm_kg import alignments, ontology, resources
from smm_kg.alignments import SEVCO, AlignmentError, Mapping, bridge, mappings
from smm_kg.errors import SmmKgError
from smm_kg.terms import SMM
from smm_kg.yaml_text import parse_yaml

DATA = Path(__file__).resolve().parent / "data"
FILE = resources.folder("ontology") / "alignments.sssom.tsv"
LINES = FILE.read_text(encoding="utf-8").splitlines()
TURTLE = Graph().parse(resources.ontology())
HELD = mappings()
OBO = "http://purl.obolibrary.org/obo/"
EXACT, BROAD, SUBCLASS = str(SKOS.exactMatch), str(SKOS.broadMatch), str(RDFS.subClassOf)
RELATIONS = {
    EXACT, BROAD, SUBCLASS, str(SKOS.closeMatch), str(SKOS.narrowMatch), str(SKOS.relatedMatch),
}  # fmt: skip
KINDS = {
    "owl class": OWL.Class,
    "owl object property": OWL.ObjectProperty,
    "owl data property": OWL.DatatypeProperty,
    "owl named individual": OWL.NamedIndividual,
}


def checked(name: str) -> dict[str, str]:
    """The labels of a checked list, by IRI."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


def rows() -> list[dict[str, str]]:
    """The table as it stands, without the code under test."""
    table = [line for line in LINES if not line.startswith("#")]
    return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def bridged(held: tuple[Mapping, ...] = HELD) -> Graph:
    graph = Graph()
    for subject, predicate, value, is_text in bridge(held):
        graph.add((URIRef(subject), URIRef(predicate), Literal(value) if is_text else URIRef(value)))
    return graph


# --------------------------------------------------------------------------------------------------- the file


def test_the_metadata_is_what_sssom_requires() -> None:
    tree = parse_yaml("\n".join(line[1:] for line in LINES if line.startswith("#")), "metadata").tree
    assert isinstance(tree, dict)
    assert tree["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert tree["mapping_set_id"] == "https://w3id.org/smm-kg/ontology/alignments.sssom.tsv"
    version = str(TURTLE.value(URIRef(ontology.IRI), OWL.versionInfo))
    assert tree["mapping_set_version"] == tree["subject_source_version"] == version
    assert tree["mapping_set_description"]
    prefixes = tree["curie_map"]
    assert isinstance(prefixes, dict)
    slots = (
        "subject_id",
        "predicate_id",
        "object_id",
        "mapping_justification",
        "subject_source",
        "object_source",
    )
    used = {row[slot].partition(":")[0] for row in rows() for slot in slots}
    assert used == set(prefixes)
    assert prefixes["smm"] == SMM
    assert prefixes["obo"] == OBO


def test_the_rows_are_sorted_and_complete() -> None:
    held = rows()
    keys = [(row["subject_id"], row["subject_label"], row["predicate_id"], row["object_id"]) for row in held]
    assert keys == sorted(set(keys))
    assert {row["mapping_justification"] for row in held} == {"semapv:ManualMappingCuration"}
    for row in held:
        assert all(value == value.strip() for value in row.values()), row
        assert all(row[slot] for slot in row if slot != "comment"), row
    types = {*KINDS, "owl annotation property", "rdf property", "rdfs class", "rdfs resource", "skos concept"}
    assert {row["subject_type"] for row in held} <= set(KINDS)
    assert {row["object_type"] for row in held} <= types
    assert len(HELD) == len(held) > 138


def test_subjects_are_terms_of_ours_under_their_labels() -> None:
    for mapping in HELD:
        subject = URIRef(mapping.subject)
        assert str(TURTLE.value(subject, RDFS.label)) == mapping.subject_label, subject
        assert (subject, RDF.type, KINDS[mapping.subject_type]) in TURTLE, subject
        assert (subject, OWL.deprecated, None) not in TURTLE, subject


def test_objects_are_on_the_checked_list_under_their_labels() -> None:
    assert {mapping.object: mapping.object_label for mapping in HELD} == checked("mapped-iris.tsv")


def test_the_two_checked_lists_agree() -> None:
    mapped, used = checked("mapped-iris.tsv"), checked("external-iris.tsv")
    assert {iri: used[iri] for iri in mapped.keys() & used.keys()} == {
        iri: mapped[iri] for iri in mapped.keys() & used.keys()
    }
    assert len(mapped.keys() & used.keys()) > 80


def test_each_object_comes_from_the_vocabulary_named() -> None:
    begins = {
        f"{OBO}obi.owl": f"{OBO}OBI_", f"{OBO}stato.owl": f"{OBO}STATO_", f"{OBO}cto.owl": f"{OBO}CTO_",
        f"{OBO}iao.owl": f"{OBO}IAO_", f"{OBO}oae.owl": f"{OBO}OAE_", f"{OBO}ncit.owl": f"{OBO}NCIT_C",
        "http://semanticscience.org/ontology/sio.owl": "http://semanticscience.org/resource/SIO_",
        "https://fevir.net/sevco": SEVCO, "https://schema.org": "https://schema.org/",
        "http://hl7.org/fhir": "http://hl7.org/fhir/", "http://www.w3.org/ns/prov": "http://www.w3.org/ns/prov#",
        "http://www.w3.org/ns/oa": "http://www.w3.org/ns/oa#", "http://purl.org/dc/terms": "http://purl.org/dc/terms/",
        "http://qudt.org/schema/qudt": "http://qudt.org/schema/qudt/",
        "https://www.wikidata.org": "http://www.wikidata.org/entity/P",
    }  # fmt: skip
    assert {mapping.object_source for mapping in HELD} == set(begins)
    for mapping in HELD:
        assert mapping.object.startswith(begins[mapping.object_source]), mapping.object


def test_no_sevco_code_is_dressed_as_an_obo_iri() -> None:
    """Some SEVCO codes begin with STATO and are not of STATO: they must not look as if they were."""
    codes = {mapping.object.removeprefix(SEVCO) for mapping in HELD if mapping.object.startswith(SEVCO)}
    assert len(codes) >= 5
    assert all(re.fullmatch(r"(SEVCO|STATO):[0-9]{5,7}", code) for code in codes)
    only_sevco = ("0000677", "0000700", "0000661", "0000662", "0000607", "0000639", "0000731")
    phantoms = {f"{OBO}STATO_{number}" for number in only_sevco}
    objects = {mapping.object for mapping in HELD}
    assert not objects & phantoms
    assert not [iri for iri in objects if iri.startswith(f"{OBO}SEVCO")]
    assert not [node for triple in TURTLE for node in triple if str(node) in phantoms]


# ------------------------------------------------------------------------------------------ honest judgements


def test_the_ontology_and_the_file_say_the_same() -> None:
    """Each mapping in the ontology is in the file; the file says nothing else of the same two terms."""
    stated = {
        (str(subject), str(predicate), str(value))
        for subject, predicate, value in TURTLE
        if str(predicate) in RELATIONS and isinstance(value, URIRef) and str(subject).startswith(SMM)
        if not str(value).startswith(SMM)
    }
    held = {(mapping.subject, mapping.predicate, mapping.object) for mapping in HELD}
    assert len(stated) > 90
    assert stated - held == set()
    for subject, predicate, value in held - stated:
        if predicate != SUBCLASS:
            others = {name for one, name, other in stated if (one, other) == (subject, value)}
            assert others <= {SUBCLASS}, (subject, predicate, value, others)


def test_what_is_not_exact_says_in_what_it_differs() -> None:
    assert [mapping for mapping in HELD if mapping.predicate != EXACT and not mapping.comment] == []


def test_two_terms_have_one_relation_in_skos() -> None:
    """SKOS (S46): an exact match is neither a broad nor a related one."""
    pairs = [
        (subject, value)
        for subject, predicate, value in bridged()
        if str(predicate) in RELATIONS - {SUBCLASS}
    ]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(URIRef(mapping.subject), URIRef(mapping.object)) for mapping in HELD}


def test_an_exact_match_is_of_one_term_only() -> None:
    """Two of ours with one exact match would be exact matches of each other."""
    exact = [mapping.object for mapping in HELD if mapping.predicate == EXACT]
    assert len(exact) == len(set(exact)) > 10


def test_plans_and_people_of_an_arm_are_kept_apart() -> None:
    to = {mapping.object: mapping for mapping in HELD if mapping.predicate == SUBCLASS}
    assert to[f"{OBO}OBI_0003705"].subject == f"{SMM}Arm"
    assert to[f"{OBO}OBI_0003706"].subject == f"{SMM}AnalysisGroup"
    plans, people = {f"{OBO}OBI_0003705"}, {f"{OBO}OBI_0003706", f"{OBO}STATO_0000193", f"{OBO}OBI_0000181"}
    of = {mapping.subject.removeprefix(SMM): set[str]() for mapping in HELD}
    for mapping in HELD:
        of[mapping.subject.removeprefix(SMM)].add(mapping.object)
    assert not of["Arm"] & people
    assert not of["AnalysisGroup"] & plans
    assert not of["AnalysisSet"] & plans


# ------------------------------------------------------------------------------------------------- the bridge


def test_the_bridge_states_each_match_and_no_equivalence() -> None:
    graph = bridged()
    for mapping in HELD:
        assert (URIRef(mapping.subject), URIRef(mapping.predicate), URIRef(mapping.object)) in graph
        assert graph.value(URIRef(mapping.object), RDFS.label) == Literal(mapping.object_label)
    predicates = set(graph.predicates())
    assert not predicates & {OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs, RDFS.subPropertyOf}
    for _, superclass in graph.subject_objects(RDFS.subClassOf):
        assert (superclass, RDF.type, OWL.Class) in graph
    used = {name for name in predicates if name not in (RDF.type, RDFS.label, RDFS.subClassOf)}
    assert used == set(graph.subjects(RDF.type, OWL.AnnotationProperty))


def test_a_sevco_code_is_told_with_its_system() -> None:
    graph = bridged()
    code = URIRef(f"{SEVCO}STATO:0000677")
    assert (URIRef(f"{SMM}HazardRatio"), SKOS.exactMatch, code) in graph
    assert graph.value(code, SKOS.notation) == Literal("STATO:0000677")
    assert graph.value(code, SKOS.inScheme) == URIRef("https://fevir.net/sevco")


def test_the_bridge_is_sorted_whatever_the_order_of_the_mappings() -> None:
    triples = bridge(HELD)
    assert triples == sorted(set(triples)) == bridge(reversed(HELD))


def with_bridge(folder: Path, held: tuple[Mapping, ...], axioms: str) -> Path:
    """The ontology, the bridge and what the other vocabularies say of their own terms, in one file."""
    both = TURTLE + bridged(held)
    both.parse(data=f"@prefix owl: <{OWL}> . @prefix obo: <{OBO}> . @prefix smm: <{SMM}> . {axioms}")
    both.serialize(folder / "both.ttl", format="turtle")
    return folder / "both.ttl"


# A plan is information, a population is material: in the upper ontology of OBI they are disjoint.
PLANS_ARE_NOT_PEOPLE = "obo:OBI_0003705 owl:disjointWith obo:OBI_0003706 ."
TRIAL = (
    f"<urn:x:arm> <{RDF.type}> <{SMM}Arm> .\n<urn:x:group> <{RDF.type}> <{SMM}AnalysisGroup> .\n"
    f"<urn:x:odds> <{RDF.type}> <{SMM}OddsRatio> .\n"
).encode()


def test_the_bridge_contradicts_neither_the_ontology_nor_a_trial(tmp_path: Path) -> None:
    assert ontology.consistent(TRIAL, ontology=with_bridge(tmp_path, HELD, PLANS_ARE_NOT_PEOPLE))


def test_the_reasoner_sees_the_axioms_of_the_bridge(tmp_path: Path) -> None:
    """Were the people of an arm called its plan, the trial would contradict the bridge."""
    (people,) = (mapping for mapping in HELD if mapping.object == f"{OBO}OBI_0003706")
    confused = Mapping(**{
        **{name: getattr(people, name) for name in Mapping.__slots__}, "object": f"{OBO}OBI_0003705",
    })  # fmt: skip
    file = with_bridge(tmp_path, (*HELD, confused), PLANS_ARE_NOT_PEOPLE)
    assert not ontology.consistent(TRIAL, ontology=file)


# ------------------------------------------------------------------------------------------------ wrong files

GOOD = next(line for line in LINES if line.startswith("smm:HazardRatio\t"))
HEADER = "\n".join(
    line for line in LINES[: LINES.index(next(x for x in LINES if x.startswith("subject_id"))) + 1]
)


def test_what_is_read_is_what_stands_in_the_row(tmp_path: Path) -> None:
    file = tmp_path / "one.tsv"
    file.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    assert mappings(file) == (
        Mapping(
            subject=f"{SMM}HazardRatio",
            subject_label="hazard ratio",
            subject_type="owl class",
            predicate=EXACT,
            object=f"{OBO}NCIT_C93150",
            object_label="Hazard Ratio",
            object_type="owl class",
            object_source=f"{OBO}ncit.owl",
            confidence=Decimal("0.95"),
            comment="No OBO ontology of statistics has one",
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("smm:HazardRatio", "obo:HazardRatio", "subject_id cannot be obo:HazardRatio"),
        ("smm:HazardRatio", "nope:HazardRatio", "'nope:HazardRatio' has no prefix"),
        ("smm:HazardRatio", "hazard ratio", "'hazard ratio' has no prefix"),
        ("skos:exactMatch", "skos:broader", "predicate_id cannot be skos:broader"),
        ("obo:NCIT_C93150", "smm:RiskRatio", "object_id cannot be smm:RiskRatio"),
        ("obo:NCIT_C93150", "obo:<x>", "is not a compact name"),
        ("ManualMappingCuration", "LexicalMatching", "mapping_justification cannot be"),
        ("0.95", "1.01", "'1.01' is not a number from 0 to 1"),
        ("0.95", "NaN", "'NaN' is not a number"),
        ("0.95", "high", "'high' is not a number"),
        ("\tHazard Ratio", "\t", "no object_label"),
        ("\t0.95", "", "11 cells, not 12"),
        ("skos:exactMatch\tobo:NCIT_C93150", "rdfs:subClassOf\toa:start", None),
    ],
)
def test_a_wrong_row_is_an_error_that_names_file_and_line(
    tmp_path: Path, old: str, new: str, words: str | None
) -> None:
    row = GOOD.replace(old, new)
    assert row != GOOD
    if words is None:  # an axiom between a class and what is no class
        row, words = row.replace("owl class", "rdf property"), "predicate_id cannot be rdfs:subClassOf"
    file = tmp_path / "wrong.tsv"
    file.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    with pytest.raises(AlignmentError, match=re.escape(words)) as caught:
        mappings(file)
    assert str(caught.value).startswith(f"{file}, line {HEADER.count(chr(10)) + 2}: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEADER}\n{GOOD}\n{GOOD}\n", "said twice"),
        ("#license: x\nsubject_id\n", "no curie_map"),
        ("#curie_map: [a]\nsubject_id\n", "no curie_map"),
        (HEADER.replace("\tconfidence", ""), "has the columns"),
        ('#curie_map:\n#  a: "b"\n', "has the columns none"),
        ("", "is empty"),
        ("#a: [\n", "is not YAML"),
    ],
)
def test_a_file_that_is_not_a_mapping_set_is_an_error(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "wrong.tsv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SmmKgError, match=words) as caught:
        mappings(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AlignmentError, match="cannot be read"):
        alignments.mappings(tmp_path / "none.tsv")
