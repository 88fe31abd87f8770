"""Every term that code, queries, shapes and evidence use is in the ontology, and every term there is used."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml
from rdflib import RDF, RDFS, BNode, Graph, Namespace, URIRef

from smm_kg import rdf, records, resources, shipped, units
from smm_kg.paper.statistics import PRODUCTIONS
from smm_kg.terms import SMM

ROOT = Path(__file__).resolve().parent.parent
TURTLE = Graph().parse(resources.ontology())
TERMS = {str(term).removeprefix(SMM) for term in TURTLE.subjects() if str(term).startswith(SMM)}
QUDT = Namespace("http://qudt.org/schema/qudt/")
SHEETS = sorted((resources.evidence() / "sheets").glob("*.yaml"))
REASONS = ROOT / "tests" / "data" / "unused-terms.tsv"


def classes_of(term: str) -> set[str]:
    """The classes of an individual, all the way up."""
    direct = TURTLE.objects(URIRef(SMM + term), RDF.type)
    every = {one for kind in direct for one in TURTLE.transitive_objects(kind, RDFS.subClassOf)}
    return {str(one).removeprefix(SMM) for one in every}


def camel(measure: str) -> str:
    return "".join(word.capitalize() for word in measure.split())


# ------------------------------------------------------------------------------------ what the mapping writes


def words(record: type, field: str) -> list[str]:
    """The words that a field of a record may hold."""
    hint = get_type_hints(record)[field]
    return [word for part in (hint, *get_args(hint)) for word in get_args(part) if isinstance(word, str)]


def place(start: int = 0, **cell: str) -> records.Locator:
    role = cell.pop("role", "value")
    return records.Locator(role=role, section=("A",), start=start, end=start + 1, printed="x", **cell)


def values_of_each_word() -> Iterator[records.Value]:
    cell = {"table": "T", "row": "r", "column": "c"}
    places = tuple(place(n, role=role, **cell) for n, role in enumerate(words(records.Locator, "role")))
    yield records.Value(measure="count", number=Decimal(1), numerator=1, denominator=2, locators=places)
    yield records.Value(measure="date", date="2025-01-31", locators=(place(),))
    for n, status in enumerate(words(records.Value, "status")):
        text = "t" if status == "reported" else None
        yield records.Value(measure=f"made up {'abcde'[n]}", status=status, text=text, locators=(place(),))
    for n, comparator in enumerate(words(records.Value, "comparator")):
        yield records.Value(
            measure=f"made up {'stuvwx'[n]}",
            comparator=comparator,
            number=Decimal(1),
            unit="mg/d",
            locators=(place(),),
        )


def facts_of_each_word() -> Iterator[records.Fact]:
    for kind in words(records.Fact, "kind"):
        yield records.Fact(id=f"kind-{kind}", kind=kind, subject="age")
    for rule in words(records.Fact, "counting"):
        yield records.Fact(id=f"by-{rule}", kind="outcome", subject="age", category="#own", counting=rule)
    yield records.Fact(id="compared", kind="effect", subject="age", contrast="a-vs-b", cites=(1,))
    yield records.Fact(
        id="full",
        kind="regimen",
        subject="lenalidomide",
        arm="arm-0",
        phase="induction",
        timepoint="1 year",
        time_origin="diagnosis",
        population="s",
        population_printed="p",
        grade="1-2",
        label_printed="l",
        about=("sex", "age"),
        cites=(2, 1),
        endpoint="primary",
        varies="kind-design",
        remark="r",
        values=tuple(values_of_each_word()),
    )


def endpoints_of_each_word() -> Iterator[records.EndPoint]:
    for role in words(records.EndPoint, "role"):
        yield records.EndPoint(
            id=role,
            subject="age",
            role=role,
            time_origin="diagnosis",
            event="c-0-0",
            definition="symptomatic-progression",
        )
    for field in ("deaths", "assessor", "favours"):
        for n, word in enumerate(words(records.EndPoint, field)):
            yield records.EndPoint(id=f"{field}-{n}", subject="age", role="primary", **{field: word})


def study_of_each_word() -> records.Study:
    """A study with every word that a record may hold, so that every term of the mapping is written."""
    members = ("full", "compared")  # not in order, so the order is written
    criteria = tuple(
        records.Criterion(id=f"c-{p}-{o}", label="c", purpose=purpose, operator=operator, members=members)
        for p, purpose in enumerate(words(records.Criterion, "purpose"))
        for o, operator in enumerate(words(records.Criterion, "operator"))
    )
    return records.Study(
        id="words",
        label="Words",
        document=records.SourceDocument(
            id="doi:10.9999/words", title="Words", sha256="ab" * 32, characters=99, key="words"
        ),
        arms=tuple(
            records.Arm(id=f"arm-{n}", label="a", role=role)
            for n, role in enumerate(words(records.Arm, "role"))
        ),
        contrasts=(records.Contrast(id="a-vs-b", experimental="arm-0", reference="arm-1"),),
        sets=(records.AnalysisSet(id="s", label="s", term="per-protocol"),),
        groups=(records.AnalysisGroup(arm="arm-0", population="s", size="full"),),
        categories=(records.Category(id="own", label="own"),),
        endpoints=tuple(endpoints_of_each_word()),
        criteria=criteria,
        regimens=(
            records.Regimen(id="r", label="r", arm="arm-0", phase="induction", parts=members, condition="c"),
        ),
        references=tuple(
            records.Reference(number=n, key="k", locator=place(), study="other") for n in (1, 2)
        ),
        facts=tuple(facts_of_each_word()),
    )


@cache
def written() -> frozenset[str]:
    """Every term that the mapping writes, except the measures made up here."""
    found = set(re.findall(rf"<{SMM}([^>]+)>", rdf.encode(study_of_each_word()).decode()))
    return frozenset(term for term in found if not term.startswith("MadeUp"))


def test_what_the_mapping_writes_is_declared() -> None:
    assert written() - TERMS == set()
    assert len(written()) > 120


# ------------------------------------------------------------------------------------ what the files speak of


def strings(module: Path) -> Iterator[str]:
    """The string constants of a module, docstrings left out."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def spoken_of() -> Iterator[tuple[str, str]]:
    """Term and file, for every ``smm:term`` in queries, checks, shapes, good examples and Python."""
    folders = (ROOT / "queries", ROOT / "ontology" / "checks", ROOT / "ontology" / "examples" / "good")
    texts = {file: file.read_text(encoding="utf-8") for folder in folders for file in folder.iterdir()}
    texts[ROOT / "ontology" / "shapes.ttl"] = (ROOT / "ontology" / "shapes.ttl").read_text(encoding="utf-8")
    texts |= {module: "\n".join(strings(module)) for module in (ROOT / "smm_kg").rglob("*.py")}
    for file, text in texts.items():
        for term in re.findall(r"\bsmm:([A-Za-z][A-Za-z0-9-]*)", text):
            yield term, file.name


def test_queries_shapes_examples_and_code_speak_of_declared_terms() -> None:
    assert {(term, file) for term, file in spoken_of() if term not in TERMS} == set()


# ------------------------------------------------------------------------------ what sheets and evidence name


@cache
def shipped_studies() -> tuple[records.Study, ...]:
    return tuple(shipped.studies())


def measures() -> set[str]:
    """The words for measures that the grammar, the sheets and the shipped evidence use."""
    context = {"denominator", "grade", "timepoint", "citations"}  # parts of a meaning, not values
    grammar = {measure for production in PRODUCTIONS.values() for measure in production.measures if measure}
    slot = re.compile(r"""(?:\{[^{}"]*:|cell:)\s*\w+ as ([a-z ]+?)(?= in | of |[,}\n])""")
    sheets = {measure for sheet in SHEETS for measure in slot.findall(sheet.read_text(encoding="utf-8"))}
    shipped = {value.measure for study in shipped_studies() for fact in study.facts for value in fact.values}
    effects = {"risk ratio", "odds ratio", "rate ratio", "risk difference"}  # names that a report may print
    return grammar - context | sheets | shipped | effects


def test_every_measure_has_a_class_of_its_name() -> None:
    for measure in measures():
        declared = URIRef(SMM + camel(measure))
        above = set(TURTLE.transitive_objects(declared, RDFS.subClassOf))
        assert URIRef(SMM + "Datum") in above, f"{measure!r} needs the class smm:{camel(measure)}"
        assert str(TURTLE.value(declared, RDFS.label)) == measure


def test_units_are_those_of_the_unit_table() -> None:
    unit = URIRef(SMM + "UnitOfMeasure")
    codes = {str(one): str(TURTLE.value(one, QUDT.ucumCode)) for one in TURTLE.subjects(RDF.type, unit)}
    assert len(set(codes.values())) == len(codes) > 10
    for iri, code in codes.items():
        assert units.describe(code).qudt in (iri, None)
    printed = ("mo", "yr", "wk", "days", "hr", "mg", "mg per day", "g per deciliter", "%", "g/L", "mmol/L")
    known = {units.describe(units.unit_code(one) or "").qudt for one in printed} - {None}
    assert known <= set(codes)
    assert len(known) > 5


def in_sheets() -> Iterator[tuple[str, str, str]]:
    """Field, slug and place of every term that a sheet names."""
    for file in SHEETS:
        sheet = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        contexts = [*sheet["facts"].values(), *sheet["endpoints"], *sheet["regimens"], *sheet["tables"]]
        for table in sheet["tables"]:
            for part in ("columns", "under", "rows"):
                contexts += table.get(part, [])
        for context in contexts:
            for field in ("subject", "category", "phase", "time_origin"):
                value = context.get(field, "#")
                if not value.startswith("#") and not (field == "category" and value == "row"):
                    yield field, value, file.name
            yield from (("about", slug, file.name) for slug in context.get("about", []))
        yield from (("set", study_set["term"], file.name) for study_set in sheet["sets"])


def in_shipped_evidence() -> Iterator[tuple[str, str, str]]:
    for study in shipped_studies():
        for thing in (*study.facts, *study.endpoints, *study.regimens):
            for field in ("subject", "category", "phase", "time_origin", "definition"):
                value = getattr(thing, field, None) or "#"
                if not value.startswith("#"):
                    yield field, value, study.id
        yield from (("about", slug, study.id) for fact in study.facts for slug in fact.about)
        yield from (("set", study_set.term, study.id) for study_set in study.sets)


def named() -> set[tuple[str, str, str]]:
    """Field, term and place of every term that a sheet or a shipped study names."""
    pairs = (*in_sheets(), *in_shipped_evidence())
    return {(field, f"{slug}-set" if field == "set" else slug, where) for field, slug, where in pairs}


def test_terms_of_sheets_and_evidence_are_declared_in_the_right_class() -> None:
    classes = {
        "phase": "TreatmentPhase",
        "time_origin": "Milestone",
        "set": "AnalysisSetKind",
        "definition": "EventDefinition",
    }
    wrong = {
        (where, field, term)
        for field, term, where in named()
        if classes.get(field, "Concept") not in classes_of(term)
    }
    assert wrong == set(), "declare them in ontology/smm.ttl"
    assert SHEETS


# ------------------------------------------------------------------------------------------- and all are used


def parts(node: Any) -> Iterator[str]:
    """The terms that a value of the ontology stands on, through class expressions."""
    if isinstance(node, BNode):
        for _, target in TURTLE.predicate_objects(node):
            yield from parts(target)
    elif str(node).startswith(SMM):
        yield str(node).removeprefix(SMM)


def used() -> set[str]:
    """The terms that something uses, with those that they stand on in the ontology."""
    examples = {file.name for file in (ROOT / "ontology" / "examples" / "good").iterdir()}
    found = {term for term, file in spoken_of() if file not in examples}
    found |= written() | {camel(measure) for measure in measures()} | {term for _, term, _ in named()}
    queue = sorted(found & TERMS)
    while queue:
        pairs = TURTLE.predicate_objects(URIRef(SMM + queue.pop()))
        new = {part for pair in pairs for node in pair for part in parts(node)} - found
        found |= new
        queue += new
    return found


def test_every_term_is_used_or_says_why_not() -> None:
    with REASONS.open(encoding="utf-8") as file:
        reasons = {row["term"]: row["reason"] for row in csv.DictReader(file, delimiter="\t")}
    assert all(len(reason) > 20 for reason in reasons.values())
    unused = TERMS - used()
    assert unused - set(reasons) == set(), "use them, or say in unused-terms.tsv why they are there"
    assert set(reasons) - unused == set(), "these have come into use, or are gone"
