"""Every rule of the evidence model catches what it should and keeps silent on what is well formed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from smm_kg import rdf, records, resources, shapes
from smm_kg.errors import SmmKgError
from smm_kg.rows import Rows

EXAMPLES = resources.folder("ontology") / "examples"
GOOD = sorted((EXAMPLES / "good").glob("*.ttl"))
BAD = sorted((EXAMPLES / "bad").glob("*.ttl"))
EXTRACTED = resources.extracted()
OF_TERMS = {check.rule for check in shapes.checks() if check.of_terms}

# A document may have misprinted these; what it printed is kept, and said to be doubtful.
WARNINGS = {"count-within-denominator", "interval-order", "range-order", "measurement-set-stated"}


def nquads(*turtle: str) -> bytes:
    """The quads of Turtle texts, each with blank nodes of its own."""
    store, graph = ox.Store(), ox.NamedNode("https://w3id.org/smm-kg/graph/made-up")
    for text in turtle:
        store.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    return store.dump(format=ox.RdfFormat.N_QUADS)


def select_of(quads: bytes) -> shapes.Select:
    """Queries over quads with the ontology, run by the embedded store's engine."""
    store = ox.Store()
    store.load(quads, format=ox.RdfFormat.N_QUADS)
    store.load(path=resources.ontology(), format=ox.RdfFormat.TURTLE)

    def select(query: str) -> Iterable[Sequence[object]]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return [[term.value for term in row if isinstance(term, ox.NamedNode | ox.Literal)] for row in found]

    return select


def beside_good_trials(files: Iterable[Path]) -> bytes:
    """Quads of the good trial once for each bad example, the two together under a name of their own.

    An example of a rule for terms stands alone: it is the ontology that it is added to.
    """
    trial = (EXAMPLES / "good" / "trial.ttl").read_text(encoding="utf-8")
    good = {file.stem: "" if file.stem in OF_TERMS else trial for file in BAD}
    pairs = ((file.stem, good[file.stem] + file.read_text(encoding="utf-8")) for file in files)
    return nquads(*(text.replace("made-up-2030", f"bad-{name}") for name, text in pairs))


@pytest.fixture(scope="module")
def found() -> dict[str, list[Any]]:
    """What is found beside each bad example, by its name: all in one run, which is faster."""
    quads = beside_good_trials(BAD)
    findings: dict[str, list[Any]] = defaultdict(list)
    for finding in shapes.check(quads, select_of(quads)):
        study = re.search(r"/study/bad-([^#]+)#", finding.focus)
        findings[study[1] if study else finding.rule].append(finding)  # a blank node has no study in its name
    return findings


def test_every_rule_has_a_bad_example_and_every_example_a_rule() -> None:
    assert {file.stem for file in BAD} == set(shapes.rules())
    assert len(BAD) >= 100


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_example_breaks_its_rule_and_no_other(file: Path, found: dict[str, list[Any]]) -> None:
    severity = "warning" if file.stem in WARNINGS else "violation"
    assert {finding[:2] for finding in found[file.stem]} == {(severity, file.stem)}


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_example_breaks_no_rule(file: Path) -> None:
    assert list(shapes.check(nquads(file.read_text(encoding="utf-8")))) == []


def test_severities() -> None:
    assert {rule for rule, severity in shapes.rules().items() if severity == "warning"} == WARNINGS
    assert set(shapes.rules().values()) == {"violation", "warning"}


def test_a_finding_says_which_node_which_property_and_what_the_rule_demands(
    found: dict[str, list[Any]],
) -> None:
    (finding,) = found["contrast-of-two-arms"]
    node = "https://w3id.org/smm-kg/study/bad-contrast-of-two-arms#contrast-self"
    assert finding._asdict() == {
        "severity": "violation",
        "rule": "contrast-of-two-arms",
        "focus": node,
        "label": "tablets vs tablets",
        "path": "smm:referenceArm",
        "message": "The reference arm of a contrast is another arm than the experimental one."
        " Found: <https://w3id.org/smm-kg/study/bad-contrast-of-two-arms#arm-tablets>.",
        "locator": "",
    }


@pytest.mark.parametrize(
    ("rule", "label", "path"),
    [
        ("no-value-when-absent", "median of time to progression, tablets", "smm:valueStatus"),
        ("number-is-decimal", "median of follow-up", "smm:value|smm:bound"),
        ("datum-of-one-fact", "count of random assignment, watching", "^smm:hasValue"),
        ("locator-order", "“44”", "smm:start"),
        ("interval-order", "time to progression, tablets vs watching", "smm:hasValue"),
        ("study-document", "Another", "smm:reportedIn"),
        ("fact-subject", "no-such-concept", "smm:subject"),
        ("value-locator", "count of safety evaluation", ""),
    ],
)
def test_a_node_without_label_is_named_by_what_it_is_of(
    rule: str, label: str, path: str, found: dict[str, list[Any]]
) -> None:
    assert (found[rule][0].label, found[rule][0].path) == (label, path)


def test_queries_tell_what_they_found(found: dict[str, list[Any]]) -> None:
    (finding,) = found["unit-code"]
    assert finding.message == "The UCUM code of a value is that of its unit. Found: a with the unit of mo_j."


def test_rdflib_and_a_store_give_the_same_findings() -> None:
    by_query = {check.rule for check in shapes.checks()} - OF_TERMS
    quads = beside_good_trials(file for file in BAD if file.stem in by_query)
    by_rdflib, by_store = shapes.check(quads), shapes.check(quads, select_of(quads))
    assert isinstance(by_rdflib, Rows)
    assert by_rdflib.columns == ("severity", "rule", "focus", "label", "path", "message", "locator")
    assert list(map(tuple, by_rdflib)) == list(map(tuple, by_store))
    assert by_query <= {finding.rule for finding in by_store}


def test_the_graphs_of_ontology_and_inference_are_no_data() -> None:
    ontology = ox.Store()
    for graph in ("ontology", "inferred"):
        name = ox.NamedNode(f"https://w3id.org/smm-kg/graph/{graph}")
        ontology.load(path=resources.ontology(), format=ox.RdfFormat.TURTLE, to_graph=name)
    trial = (EXAMPLES / "good" / "trial.ttl").read_text(encoding="utf-8")
    assert list(shapes.check(nquads(trial) + ontology.dump(format=ox.RdfFormat.N_QUADS))) == []


def test_no_data_breaks_no_rule() -> None:
    assert list(shapes.check(b"")) == []


@pytest.mark.parametrize("file", EXTRACTED, ids=lambda file: file.stem)
def test_shipped_evidence_keeps_the_rules(file: Path) -> None:
    quads = rdf.encode(records.decode(file.read_bytes()))
    findings = shapes.check(quads, select_of(quads))
    assert [finding for finding in findings if finding.severity == "violation"] == []


def test_a_file_that_is_no_check_is_told(tmp_path: Path) -> None:
    (tmp_path / "nameless.rq").write_text("SELECT * { }", encoding="utf-8")
    with pytest.raises(SmmKgError, match=r"nameless\.rq: not a check; name it <rule>-violation\.rq"):
        shapes.Check.read(tmp_path / "nameless.rq")
    (tmp_path / "silent-violation.rq").write_text("SELECT * { }", encoding="utf-8")
    with pytest.raises(SmmKgError, match="not a check"):
        shapes.Check.read(tmp_path / "silent-violation.rq")
