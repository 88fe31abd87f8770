"""The guides: the graph shown keeps every rule, its places are true, its queries answer as shown."""

from __future__ import annotations

import hashlib
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from smm_kg import dataset, resources, shapes
from smm_kg.curated import load
from smm_kg.errors import SmmKgError
from smm_kg.graph import Graph
from smm_kg.inference import ontology_quads, terms_of
from smm_kg.terms import STUDY, smm

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "modelling.md").read_text(encoding="utf-8")
PATTERNS = [
    "A result",
    "A contrast",
    "A regimen",
    "An adverse event",
    "A median that was not reached",
    "A conflict between sources",
]
GRAPH = ox.NamedNode("https://w3id.org/smm-kg/graph/made-up")
WARNINGS = {"interval-order", "count-within-denominator"}

# Each mistake that the guide says is caught, made in its own graph: what is replaced, and by what.
MISTAKES: dict[str, tuple[str, str]] = {
    "measurement-analysis-set": ("    smm:analysisSet t:set-safety ;\n", ""),
    "count-equals-numerator": ("smm:numerator 62 ;", "smm:numerator 61 ;"),
    "percent-unit": (' smm:unit unit:PERCENT ; smm:ucum "%" ;\n    smm:numerator 4', " smm:numerator 4"),
    "repeated-measure": (
        "smm:hasValue t:effect.hazard-ratio ,",
        "smm:hasValue t:effect-in-review.hazard-ratio , t:effect.hazard-ratio ,",
    ),
    "locator-length": ("smm:start {P} ; smm:end", "smm:start {P-1} ; smm:end"),
    "effect-without-contrast": (
        "    smm:contrast t:contrast-tablets-vs-watching ;\n    smm:timeOrigin",
        "    smm:arm t:arm-tablets ;\n    smm:timeOrigin",
    ),
    "bound-with-comparator": ("smm:bound 0.001 ;", "smm:value 0.001 ;"),
    "interval-order": ("smm:value 0.28", "smm:value 0.82"),
    "measure-without-unit": ("smm:value 0.45 ;", 'smm:value 0.45 ; smm:ucum "%" ;'),
    "contrast-of-two-arms": ("smm:referenceArm t:arm-watching", "smm:referenceArm t:arm-tablets"),
    "regimen-component": (" ;\n    smm:hasComponent t:tablets-dose , t:tablets-cycle .", " ."),
    "regimen-arm": ('"tablets, induction" ;\n    smm:arm t:arm-tablets ;', '"tablets, induction" ;'),
    "unit-code": ('smm:ucum "mg/d"', 'smm:ucum "mg"'),
    "unit-with-code": (' ; smm:ucum "mg/d"', ""),
    "arm-is-not-people": ("t:arm-tablets a smm:Arm ;", "t:arm-tablets a smm:Arm , smm:AnalysisGroup ;"),
    "fact-grade": ('smm:grade "3-4"', 'smm:grade "3 or 4"'),
    "grade-order": ("smm:gradeMaximum 4", "smm:gradeMaximum 2"),
    "grade-bounds": ("smm:gradeMaximum 4", "smm:gradeMaximum 6"),
    "count-within-denominator": (
        'denominator 78 ;\n    smm:printed "4"',
        'denominator 3 ;\n    smm:printed "4"',
    ),
    "no-value-when-absent": ("smm:not-reached ;", "smm:not-reached ; smm:value 60.0 ;"),
    "value-status": ("    smm:valueStatus smm:not-reached ;\n", ""),
    "value-when-reported": ("smm:valueStatus smm:not-reached", "smm:valueStatus smm:reported"),
    "variant-mismatch": ("smm:varies t:effect", "smm:varies t:neutropenia-tablets"),
    "document-level": ("    smm:sourceLevel smm:secondary-source ;\n", ""),
    "locator-start": ("smm:start {P} ; ", ""),
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


TURTLE = "\n".join(blocks("turtle"))


def store_of(text: str | bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> ox.Store:
    """A graph with the ontology."""
    store = ox.Store()
    store.load(text, format=form, to_graph=GRAPH if form == ox.RdfFormat.TURTLE else None)
    store.load(path=resources.ontology(), format=ox.RdfFormat.TURTLE)
    return store


def select_from(store: ox.Store) -> shapes.Select:
    """Queries over all graphs of a store."""

    def select(query: str) -> list[list[Any]]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return [[term.value for term in row if isinstance(term, ox.NamedNode | ox.Literal)] for row in found]

    return select


def findings(turtle: str) -> list[Any]:
    """What is found in the study; the ontology's own terms are checked elsewhere."""
    data = ox.Store()
    data.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=GRAPH)
    quads = data.dump(format=ox.RdfFormat.N_QUADS)
    found = shapes.check(quads, select_from(store_of(turtle)))
    return [each for each in found if each.focus.startswith(STUDY)]


def with_mistake(rule: str) -> str:
    """The guide's graph with one mistake, under another name."""
    old, new = MISTAKES[rule]
    place = re.search(r"smm:start (\d+) ; smm:end \d+ ; smm:exact \"62\"", TURTLE)
    assert place is not None
    for mark, number in (("{P}", int(place[1])), ("{P-1}", int(place[1]) - 1)):
        old, new = old.replace(mark, str(number)), new.replace(mark, str(number))
    assert old in TURTLE, f"{rule}: the guide does not show {old!r}"
    return TURTLE.replace(old, new, 1).replace("lantern-2031", f"bad-{rule}")


def rules_named() -> set[str]:
    return {
        rule
        for table in re.findall(r"^\| common mistake \|.*?(?=\n\n)", GUIDE, re.DOTALL | re.MULTILINE)
        for line in table.splitlines()[2:]
        for rule in re.findall(r"^`([a-z-]+)`", line.split(" | ")[1])
    }


def test_each_pattern_is_shown_with_turtle_mistakes_and_a_query() -> None:
    sections = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", GUIDE, re.DOTALL | re.MULTILINE))
    assert [name for name in sections if name in PATTERNS] == PATTERNS
    for name in PATTERNS:
        for part in ("> ", "```turtle\n", "| common mistake |", "```sparql\n"):
            assert part in sections[name], f"{name} lacks {part}"


def test_the_graph_keeps_every_rule() -> None:
    assert findings(TURTLE) == []


def test_the_graph_uses_terms_of_the_ontology_alone() -> None:
    ontology = ox.parse(path=resources.ontology(), format=ox.RdfFormat.TURTLE)
    declared = {quad.subject.value for quad in ontology if isinstance(quad.subject, ox.NamedNode)}
    used = {smm(name) for name in re.findall(r"\bsmm:([A-Za-z][\w-]*\w)", GUIDE)}
    assert len(used) > 60
    assert used - declared == {smm("position")} - declared


def test_places_are_true() -> None:
    report = next(block for block in blocks("text") if block.startswith("METHODS"))
    place = r't:document ; smm:section "(\w+)" ;\n    smm:start (\d+) ; smm:end (\d+) ; smm:exact "([^"]+)"'
    places = re.findall(place, TURTLE)
    assert len(places) >= 20
    for section, start, end, exact in places:
        assert report[int(start) : int(end)] == exact
        assert (int(start) > report.index("RESULTS")) == (section == "RESULTS")
    assert f'smm:sha256 "{hashlib.sha256(report.encode()).hexdigest()}"' in TURTLE
    assert f"smm:characters {len(report)} " in TURTLE


def test_every_sentence_quoted_is_of_the_report() -> None:
    report = " ".join(next(block for block in blocks("text") if block.startswith("METHODS")).split())
    quoted = re.findall(r"^> (.+)$", GUIDE, re.MULTILINE)
    assert len(quoted) == len(PATTERNS)
    for sentence in quoted[:-1]:  # the last is of the review
        assert sentence.removeprefix("Its ") in report


QUERIES = re.findall(r"^```sparql\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("shown", QUERIES, ids=PATTERNS)
def test_a_query_answers_as_shown(shown: tuple[str, str]) -> None:
    query, table = shown
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    found = store_of(TURTLE).query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == lines[0]
    assert [[printed(term) for term in row] for row in found] == lines[2:]


def printed(term: Any) -> str:
    if term is None:
        return ""
    number = isinstance(term, ox.Literal) and term.datatype.value.endswith("decimal")
    return f"{Decimal(term.value).normalize():f}" if number else str(term.value)


def test_every_mistake_is_caught_as_the_guide_says() -> None:
    assert rules_named() == set(MISTAKES)
    assert rules_named() <= set(shapes.rules())
    caught: dict[str, set[tuple[str, str]]] = {}
    for finding in findings("\n".join(map(with_mistake, sorted(MISTAKES)))):
        name = finding.focus.removeprefix(STUDY + "bad-").partition("#")[0]
        caught.setdefault(name, set()).add((finding.severity, finding.rule))
    for rule in MISTAKES:
        expected = ("warning" if rule in WARNINGS else "violation", rule)
        assert expected in caught.get(rule, set()), f"{rule} is not caught; found {caught.get(rule)}"


EXTENDING = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


@pytest.fixture
def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose ontology has the new terms, as the guide says to add them; returns the record."""
    (tmp_path / "data").mkdir()
    for name in ("queries", "evidence", "docs"):
        (tmp_path / "data" / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "ontology", tmp_path / "data" / "ontology")
    file = tmp_path / "data" / "ontology" / "smm.ttl"
    text = file.read_text(encoding="utf-8")
    for new, known in (
        ("smm:chronic-lymphocytic-leukemia", "smm:early-myeloma"),
        ("smm:ibrutinib", "smm:lenalidomide"),
        ("smm:bruton-tyrosine-kinase-inhibitor", "smm:immunomodulatory-agent"),
        ("smm:progression-by-iwcll-criteria", "smm:symptomatic-progression"),
    ):
        text, found = re.subn(rf"(distinctMembers \([^)]*?)({known})\b", rf"\1{new} \2", text)
        assert found
    (turtle,) = re.findall(r"^```turtle\n(.*?)^```$", EXTENDING, re.DOTALL | re.MULTILINE)
    file.write_text(f"{text}\n{turtle}", encoding="utf-8")
    (record,) = re.findall(r"^```yaml\n(.*?)^```$", EXTENDING, re.DOTALL | re.MULTILINE)
    (tmp_path / "marsh-2042.yaml").write_text(record, encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    return tmp_path / "marsh-2042.yaml"


def test_the_record_needs_the_new_terms(tmp_path: Path) -> None:
    (record,) = re.findall(r"^```yaml\n(.*?)^```$", EXTENDING, re.DOTALL | re.MULTILINE)
    path = tmp_path / "marsh-2042.yaml"
    path.write_text(record, encoding="utf-8")
    with pytest.raises(SmmKgError, match="ibrutinib"):
        load(path, terms_of(ontology_quads(resources.ontology())))


def test_extending_works_as_told(extended: Path) -> None:
    known = terms_of(ontology_quads(resources.ontology()))
    studies = load(extended, known)
    quads = b"".join(dataset.chunks(studies))
    new = re.findall(r"^smm:([\w-]+) a owl:NamedIndividual", EXTENDING, re.MULTILINE)
    assert len(new) == 4
    about = (STUDY, *map(smm, new))
    found = shapes.check(quads, select_from(store_of(quads, ox.RdfFormat.N_QUADS)))
    assert [each for each in found if each.focus.startswith(about)] == []
    answer = Graph.from_studies(studies).query("time-to-event-effects", study="marsh-2042")
    table = re.search(r"answers:\n\n((?:\|[^\n]*\n)+)", EXTENDING)
    assert table is not None
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].splitlines()]
    for row, shown in zip(answer, lines[2:], strict=True):
        for column, cell in zip(lines[0], shown, strict=True):
            value = getattr(row, column)
            assert (Decimal(cell) if isinstance(value, Decimal) else cell) == value
