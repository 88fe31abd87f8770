"""Records to quads and back: nothing is lost, nothing doubtful is written."""

from __future__ import annotations

import re
import typing
from decimal import Decimal

import msgspec
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from studies import example, other
from study_strategies import studies

from smm_kg import rdf, records
from smm_kg.rdf import RdfError
from smm_kg.rdf.names import PROPERTY_NAMES, measure_class, measure_of_class
from smm_kg.rdf.table import TABLES, Part, Row, grade_bounds
from smm_kg.terms import PREFIXES, SMM

BASE = "https://w3id.org/smm-kg/study/example-2001#"
XSD = PREFIXES["xsd"]


def quads(study: records.Study) -> list[ox.Quad]:
    return list(ox.parse(rdf.encode(study), ox.RdfFormat.N_QUADS))


def said(study: records.Study, local: str) -> dict[str, set[str]]:
    """What is said of one node, by local name of the predicate; IRIs of ours by their local name."""
    found: dict[str, set[str]] = {}
    for quad in quads(study):
        if quad.subject.value == BASE + local:
            predicate = re.split(r"[#/]", quad.predicate.value)[-1]
            found.setdefault(predicate, set()).add(quad.object.value.replace(BASE, "#").replace(SMM, "smm:"))
    return found


def altered(fact_id: str, **fields: object) -> records.Study:
    """The example with one fact changed."""
    study = example()
    facts = [msgspec.structs.replace(fact, **fields) if fact.id == fact_id else fact for fact in study.facts]
    return msgspec.structs.replace(study, facts=tuple(facts))


@pytest.mark.parametrize("study", [example(), other()], ids=lambda study: study.id)
def test_a_study_comes_back_as_it_was(study: records.Study) -> None:
    assert rdf.decode(rdf.encode(study)) == (study,)


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)
@given(studies())
def test_every_valid_study_comes_back_as_it_was(study: records.Study) -> None:
    assert rdf.decode(rdf.encode(study)) == (study,)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)
@given(studies())
def test_a_study_comes_back_from_a_store(study: records.Study) -> None:
    store = ox.Store()
    store.load(rdf.encode(study), ox.RdfFormat.N_QUADS)
    assert rdf.decode(store.dump(format=ox.RdfFormat.N_QUADS)) == (study,)


def test_the_example_uses_every_field() -> None:
    """Else a field that the mapping forgot would pass the round trip."""
    used: dict[type, set[str]] = {}

    def visit(record: msgspec.Struct) -> None:
        for field in msgspec.structs.fields(record):
            value = getattr(record, field.name)
            if value not in (None, ()):
                used.setdefault(type(record), set()).add(field.name)
            for child in value if isinstance(value, tuple) else (value,):
                if isinstance(child, msgspec.Struct):
                    visit(child)

    visit(example())
    for record in TABLES:
        assert used[record] == {field.name for field in msgspec.structs.fields(record)}, record.__name__


def test_every_field_of_every_record_has_its_row() -> None:
    every = {
        each for each in vars(records).values() if isinstance(each, type) and issubclass(each, msgspec.Struct)
    }
    assert set(TABLES) == {each for each in every if not each.__name__.startswith("_")}
    for record, table in TABLES.items():
        mapped = {row.field for row in (*table.rows, *table.parts) if isinstance(row, (Row, Part))}
        assert mapped == {field.name for field in msgspec.structs.fields(record)}, record.__name__


def test_every_word_of_a_closed_vocabulary_is_written() -> None:
    for record, table in TABLES.items():
        hints = typing.get_type_hints(record)
        for row in table.rows:
            if isinstance(row, Row) and len(row.codec.scope) == 1:
                (terms,) = row.codec.scope.values()
                if isinstance(terms, dict):
                    allowed = [
                        word
                        for hint in (hints[row.field], *typing.get_args(hints[row.field]))
                        for word in typing.get_args(hint)
                    ]
                    assert {word for word in allowed if isinstance(word, str)} - {"="} == set(terms), (
                        row.field
                    )


def test_no_term_may_have_the_name_of_a_property() -> None:
    written = {
        name.removeprefix("smm:")
        for table in TABLES.values()
        for row in (*table.rows, *table.parts)
        for name in (row.predicate, getattr(row, "order", ""))
        if name.startswith("smm:")
    }
    lower = {name for name in written if name == name.lower()}
    assert lower <= PROPERTY_NAMES
    with pytest.raises(RdfError, match="'phase' has the name of a property"):
        rdf.encode(altered("rest", subject="phase"))


def test_the_graph_is_that_of_the_source_document_and_has_no_blank_nodes() -> None:
    found = quads(example())
    assert {quad.graph_name.value for quad in found} == {
        "https://w3id.org/smm-kg/graph/doi-10.9999-example-2001"
    }
    assert all(isinstance(quad.subject, ox.NamedNode) for quad in found)
    assert not any(isinstance(quad.object, ox.BlankNode) for quad in found)


def test_each_quad_is_written_once() -> None:
    lines = rdf.encode(altered("earlier-trial", cites=(1, 1, 2))).split(b"\n")[:-1]
    assert len(lines) == len(set(lines))


def test_an_effect_is_written_as_agreed() -> None:
    study = example()
    assert said(study, "ttp-effect") == {
        "type": {"smm:EffectEstimate"},
        "position": {"1"},
        "inStudy": {"#study"},
        "subject": {"smm:time-to-progression"},
        "contrast": {"#contrast-pill-vs-watching"},
        "analysisSet": {"#set-per-protocol"},
        "populationPrinted": {'as "treated"'},
        "timepoint": {"4 years"},
        "timeOrigin": {"smm:randomization"},
        "labelPrinted": {"time to overt disease"},
        "cites": {"#reference-1", "#reference-2"},
        "citesOrder": {"2 1"},
        "ofEndPoint": {"#endpoint-primary"},
        "hasValue": {
            f"#ttp-effect.{measure}"
            for measure in (
                "hazard-ratio",
                "confidence-level",
                "confidence-interval-lower",
                "confidence-interval-upper",
                "p-value",
            )
        },
    }
    ratio = said(study, "ttp-effect.hazard-ratio")
    assert ratio["type"] == {"smm:HazardRatio"}
    assert ratio["value"] == {"0.4"}
    assert ratio["printed"] == {"0.40"}
    assert ratio["hasLocator"] == {
        f"#ttp-effect.hazard-ratio.{place}" for place in ("value-1", "label-1", "value-2")
    }
    assert said(study, "ttp-effect.hazard-ratio.value-2") == {
        "type": {"smm:Locator"},
        "position": {"3"},
        "role": {"smm:value-role"},
        "inDocument": {"#document-report"},
        "section": {"RESULTS/EFFICACY"},
        "start": {"2210"},
        "end": {"2214"},
        "exact": {"0.40"},
    }


def test_a_bound_is_never_a_value() -> None:
    p_value = said(example(), "ttp-effect.p-value")
    assert p_value["bound"] == {"0.001"}
    assert p_value["comparator"] == {"smm:less-than"}
    assert "value" not in p_value


def test_a_status_without_a_number_has_neither_value_nor_bound() -> None:
    median = said(example(), "ttp-median-pill.median")
    assert median["valueStatus"] == {"smm:not-reached"}
    assert not {"value", "bound", "comparator", "text"} & set(median)
    assert median["ucum"] == {"mo_j"}
    assert median["unit"] == {"http://qudt.org/vocab/unit/MO_MeanJulian"}


def test_a_date_keeps_its_precision() -> None:
    date = said(example(), "recruitment.date")
    assert date["dateText"] == {"2001-03"}
    assert date["year"] == {"2001"}
    assert date["month"] == {"3"}
    assert "day" not in date


@pytest.mark.parametrize(
    ("grade", "bounds"),
    [
        ("2", (2, 2)),
        ("1-2", (1, 2)),
        (">=3", (3, 5)),
        ("<=2", (1, 2)),
        ("any", None),
        ("3 or 4", None),
        ("6", None),
    ],
)
def test_the_bounds_of_a_grade(grade: str, bounds: tuple[int, int] | None) -> None:
    assert grade_bounds(grade) == bounds


def test_what_a_set_is_called_is_told_from_the_phase_of_the_same_name() -> None:
    study = example()
    renamed = msgspec.structs.replace(study.sets[0], term="maintenance")
    assert said(msgspec.structs.replace(study, sets=(renamed, study.sets[1])), "set-safety")["setKind"] == {
        "smm:maintenance-set"
    }


def test_numbers_are_canonical_decimals_and_integers() -> None:
    values = [
        records.Value(measure=f"m{number}", number=Decimal(text))
        for number, text in enumerate(["0.10", "1E+3", "-0", "100", "-00.50", "12345678901234567.123456789"])
    ]
    found = [
        quad.object
        for quad in quads(altered("rest", values=tuple(values)))
        if quad.predicate.value == SMM + "value" and "#rest." in quad.subject.value
    ]
    assert {literal.value for literal in found} == {
        "0.1",
        "1000",
        "0",
        "100",
        "-0.5",
        "12345678901234567.123456789",
    }
    assert {literal.datatype.value for literal in found} == {XSD + "decimal"}


def test_only_datatypes_that_reasoners_take_are_written() -> None:
    found = {quad.object.datatype.value for quad in quads(example()) if isinstance(quad.object, ox.Literal)}
    assert found == {XSD + "string", XSD + "decimal", XSD + "integer"}
    assert b"XMLSchema#string" not in rdf.encode(example())


def test_rdflib_reads_the_same_quads() -> None:
    theirs = rdflib.Dataset()
    theirs.parse(data=rdf.encode(example()), format="nquads")
    ours = {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in quads(example())}
    assert {(str(s), str(p), str(o)) for s, p, o, _ in theirs.quads()} == ours


@pytest.mark.parametrize("measure", ["hazard ratio", "p value", "confidence interval lower", "count", "m2 x"])
def test_the_class_of_a_measure_and_back(measure: str) -> None:
    assert measure_of_class(measure_class(measure)) == measure
    assert measure_class("p value") == "PValue"


@pytest.mark.parametrize("name", ["Hazard ratio", "hazard  ratio", "", "95% ci", "hazard-ratio"])
def test_a_measure_that_makes_no_class_is_refused(name: str) -> None:
    with pytest.raises(RdfError, match="measure"):
        rdf.encode(altered("rest", values=(records.Value(measure=name, number=Decimal(1)),)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"arm": "pil"},
            r"study example-2001, fact rest: there is no arm 'pil' in the study; candidates: pill",
        ),
        ({"contrast": "x"}, "there is no contrast 'x'"),
        ({"population": "safe"}, "there is no analysis set 'safe' in the study; candidates: safety"),
        ({"category": "#x"}, "there is no category '#x'"),
        ({"cites": (3,)}, "there is no reference '3'"),
        ({"varies": "arm-x"}, "'arm-x' is not the id of a fact"),
        ({"subject": "Fatigue"}, "term 'Fatigue' is not small letters"),
        ({"subject": "a> <b"}, "term 'a> <b' is not"),
        ({"phase": ""}, "term '' is not"),
        ({"id": "arm-x"}, "fact id 'arm-x' begins like another kind of node"),
        ({"id": "study"}, "fact id 'study' begins"),
        ({"id": "a.b"}, "fact id 'a.b' is not letters"),
        ({"id": "m-protein"}, "two records have the fact id 'm-protein'"),
        (
            {"values": (records.Value(measure="dose"), records.Value(measure="dose"))},
            "two values have the same measure",
        ),
        ({"values": (records.Value(measure="dose", number=Decimal("NaN")),)}, "NaN is not a number"),
        ({"values": (records.Value(measure="dose", number=Decimal("-Infinity")),)}, "not a number"),
        ({"values": (records.Value(measure="dose", number=Decimal("1e18")),)}, "more than 18 digits"),
        ({"values": (records.Value(measure="dose", number=Decimal("1e-19")),)}, "more than 18 digits"),
        (
            {"remark": "half a \ud800 character"},
            "the smm:remark of <https://w3id.org/smm-kg/study/example-2001#rest> holds a lone surrogate",
        ),
    ],
)
def test_what_could_not_be_read_back_is_refused_by_name(fields: dict[str, object], message: str) -> None:
    with pytest.raises(RdfError, match=message):
        rdf.encode(altered("rest", **fields))


def test_a_study_with_a_bad_name_is_refused() -> None:
    with pytest.raises(RdfError, match="study id 'a b'"):
        rdf.encode(msgspec.structs.replace(example(), id="a b"))
    fact_and_criterion = msgspec.structs.replace(example().criteria[0], id="rest")
    with pytest.raises(RdfError, match="two records have the fact or criterion id 'rest'"):
        rdf.encode(msgspec.structs.replace(example(), criteria=(fact_and_criterion,)))


def line(subject: str, predicate: str, value: str) -> bytes:
    graph = "<https://w3id.org/smm-kg/graph/doi-10.9999-example-2001>"
    return f"<{BASE}{subject}> <{SMM}{predicate}> {value} {graph} .\n".encode()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (line("rest", "mood", '"x"'), "smm:mood is not known here"),
        (line("rest", "subject", f"<{SMM}other>"), "smm:subject is given more than once"),
        (line("stray", "text", '"x"'), "nothing refers to"),
        (line("rest", "hasValue", f"<{BASE}rest.dose>"), "is referred to but not described"),
        (line("rest", "remark", f"<{SMM}x>"), "is not a literal of datatype xsd:string"),
        (line("rest", "grade", '"2"@en'), "is not a literal of datatype xsd:string"),
        (line("ttp-effect", "aboutOrder", '"x y"'), "does not name the same values"),
        (line("rest.duration", "numerator", f'"x"^^<{XSD}integer>'), "is not a number"),
        (line("rest.duration", "bound", f'"x"^^<{XSD}decimal>'), "is not a number"),
        (line("rest.duration", "numerator", '"3"'), "is not a literal of datatype xsd:integer"),
        (line("rest.duration", "bound", f'"3"^^<{XSD}decimal>'), "smm:bound is given more than once"),
        (b"nonsense\n", "is not N-Quads"),
    ],
)
def test_quads_that_are_no_study_of_ours_are_refused(more: bytes, message: str) -> None:
    with pytest.raises(RdfError, match=message):
        rdf.decode(rdf.encode(example()) + more)


def test_a_field_that_is_missing_is_named() -> None:
    lines = [
        one
        for one in rdf.encode(example()).split(b"\n")
        if b"#rest> <https://w3id.org/smm-kg/ontology#subject" not in one
    ]
    with pytest.raises(RdfError, match="subject"):
        rdf.decode(b"\n".join(lines))


def test_studies_are_read_from_among_other_graphs_in_order() -> None:
    text = b"<a:s> <a:p> <a:o> <a:g> .\n" + rdf.encode(other()) + rdf.encode(example())
    assert rdf.decode(text) == (example(), other())
