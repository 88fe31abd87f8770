"""Every curated record against the facts it was made from: nothing left out, nothing made up."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from smm_kg import curated, dataset, resources
from smm_kg.inference import ontology_quads
from smm_kg.records import Fact, Study, decode
from smm_kg.terms import SMM

RECORDS = resources.records()
EXPECTED = Path(__file__).resolve().parent / "expected" / "records"


@cache
def terms() -> frozenset[str]:
    quads = ox.parse(ontology_quads(resources.ontology()), ox.RdfFormat.N_QUADS)
    return frozenset(str(quad.subject.value).removeprefix(SMM) for quad in quads)


@cache
def sources_of(path: Path) -> tuple[Study, ...]:
    return curated.load(path, terms())


@cache
def accounted(stem: str) -> tuple[dict[str, str], ...]:
    with (EXPECTED / f"{stem}.tsv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file, delimiter="\t"))


@cache
def found_facts(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "evidence" / "referenced-trials.csv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_breaks_no_rule_and_its_sources_fit_together(path: Path) -> None:
    studies = sources_of(path)
    read = [decode(file.read_bytes()) for file in resources.extracted()]
    assert dataset.together([*(study for study in read if study.id == studies[0].id), *studies])


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_fact_was_made_from_a_row(path: Path) -> None:
    facts = {fact.id for study in sources_of(path) for fact in study.facts}
    named = {name for row in accounted(path.stem) for name in (row["facts"] or "").split()}
    assert named == facts
    for row in accounted(path.stem):
        assert row["facts"] or row["reason"], f"{row['row']} is neither recorded nor explained"


def test_every_row_is_accounted_for_once(sources: Path) -> None:
    """Those of the paper itself only check what was read from it."""
    lists = [*(path.stem for path in RECORDS), "mateos-2013-loader"]
    rows = [row["row"] for stem in lists for row in accounted(stem) if row["row"] != "-"]
    assert set(rows) == set(found_facts(sources))


def test_what_was_read_from_the_paper_agrees_with_the_rows(sources: Path) -> None:
    (study,) = (decode(file.read_bytes()) for file in resources.extracted())
    facts = {fact.id: fact for fact in study.facts}
    for row in accounted("mateos-2013-loader"):
        names = (row["facts"] or "").split()
        read = {number for name in names for number in held(facts[name]) | worded(facts[name])}
        missing = numbers(found_facts(sources)[row["row"]]["value"]) - read
        assert not (names and missing), f"{row['row']}: {missing}"


def worded(fact: Fact) -> set[Decimal]:
    """Numbers in what a fact says in words, in its grade, dates and units."""
    texts = (
        fact.grade,
        fact.timepoint,
        *(value.text for value in fact.values),
        *(value.date for value in fact.values),
        *(value.unit for value in fact.values),
    )
    found = {number for text in texts if text for number in numbers(re.sub(r"[-(]", " ", text))}
    return found | {
        value.number for value in fact.values if value.measure == "confidence level" and value.number
    }


_NUMBER = r"\d*(?:,\d{3})*\.\d+|\d+(?:,\d{3})*"  # 0.83, .83, 1,234


def numbers(text: str) -> set[Decimal]:
    return {Decimal(number.replace(",", "")) for number in re.findall(_NUMBER, text)}


WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12, "monthly": 1}


def stated(row: dict[str, str]) -> set[Decimal]:
    """Every number that a row of the collected facts holds, in whatever column."""
    text = " ".join(row[column] for column in ("arm", "measure", "value", "unit", "note"))
    spelled = {
        Decimal(number) for word, number in WORDS.items() if re.search(rf"\b{word}\b", text.casefold())
    }
    return numbers(text) | spelled


def held(fact: Fact) -> set[Decimal]:
    """Every number that a fact holds in its values; a confidence level may be understood."""
    found: set[Decimal] = set()
    for value in fact.values:
        if value.measure == "confidence level":
            continue
        parts = (value.number, value.numerator, value.denominator)
        found |= {Decimal(part) for part in parts if part is not None}
        found |= numbers(value.date.replace("-", " ")) if value.date and value.measure != "date" else set()
    return found


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_no_number_stands_in_a_record_that_no_row_states(path: Path, sources: Path) -> None:
    facts = {fact.id: fact for study in sources_of(path) for fact in study.facts}
    said: dict[str, set[Decimal]] = {}
    for row in accounted(path.stem):
        if row["row"] != "-":
            for name in (row["facts"] or "").split():
                said.setdefault(name, set()).update(stated(found_facts(sources)[row["row"]]))
    made_up = {name: held(fact) - said.get(name, set()) for name, fact in facts.items()}
    assert {name: extra for name, extra in made_up.items() if extra} == {}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_what_makes_studies_comparable_is_said_of_each(path: Path) -> None:
    """Design, disease and selection by risk: once each, or once for each source that differs."""
    facts = [fact for study in sources_of(path) for fact in study.facts]
    if path.stem.endswith("later-reports"):
        return  # the study that was read from its paper says them there
    for subject in ("allocation", "disease-setting", "selection-by-risk"):
        found = [fact for fact in facts if fact.subject == subject and fact.kind == "design"]
        assert [fact for fact in found if fact.varies is None and fact.category], subject


def test_a_share_at_progression_is_of_those_who_progressed() -> None:
    """Not of all patients of the arm, whose number would be a wrong denominator."""
    shares = [
        (path.stem, fact.id, {one.id: one.term for one in study.sets}.get(fact.population or ""))
        for path in RECORDS
        for study in sources_of(path)
        for fact in study.facts
        if fact.timepoint == "at progression" and any(value.measure == "percent" for value in fact.values)
    ]
    assert {stem for stem, _, _ in shares} >= {"darena-2011", "musto-2008"}
    assert [share for share in shares if share[2] != "subgroup"] == []
