"""The real paper, where it is at hand: what is read of it, and how it withstands other texts."""

# ruff: noqa: E501 - lists of fields read better across

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from smm_kg import resources
from smm_kg.errors import SmmKgError
from smm_kg.graph import Graph
from smm_kg.paper.coverage import account_for
from smm_kg.paper.reader import NotThisArticle, Reading, read_study, read_what_fits
from smm_kg.paper.sheet import load_sheet
from smm_kg.paper.sheet_model import Sheet, SheetError
from smm_kg.paper.source import read_document
from smm_kg.records import Study, Value, decode, encode
from tests import perturbation

EXPECTED = Path(__file__).parent / "expected" / "mateos-2013.csv"
EXTRACTED = resources.evidence() / "extracted" / "mateos-2013.json"
SHEET = resources.evidence() / "sheets" / "mateos-2013.yaml"


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return load_sheet(SHEET)


@pytest.fixture(scope="module")
def source(paper: Path) -> str:
    return paper.read_bytes().decode("utf-8")


@pytest.fixture(scope="module")
def reading(paper: Path, sheet: Sheet) -> Reading:
    return read_study(read_document(paper), sheet)


def read_text(text: str, sheet: Sheet, folder: Path) -> Reading:
    path = folder / "paper.txt"
    path.write_bytes(text.encode("utf-8"))
    return read_study(read_document(path), sheet)


def without_places(study: Study) -> dict[tuple[str, str], object]:
    """All that a study states, by fact and measure, without where it is printed, but how often."""
    return {
        (fact.id, value.measure): (
            fact.kind, fact.subject, fact.category, fact.counting, fact.arm, fact.contrast, fact.phase, fact.timepoint,
            fact.time_origin, fact.population, fact.population_printed, fact.grade, fact.cites, value.status,
            value.comparator, value.number, value.date, value.text, value.unit, value.numerator, value.denominator,
            sum(locator.role == "value" for locator in value.locators),
        )
        for fact in study.facts
        for value in fact.values
    }  # fmt: skip


# ---------------------------------------------------------------- what is read


def test_the_shipped_extraction_is_what_the_loader_reads(reading: Reading) -> None:
    assert encode(reading.study) == EXTRACTED.read_bytes()


def test_nothing_is_in_doubt(reading: Reading) -> None:
    assert reading.disagreements == ()
    assert reading.warnings == ()


def test_every_locator_is_what_is_printed(reading: Reading, source: str) -> None:
    checked = 0
    for fact in reading.study.facts:
        for value in fact.values:
            assert any(locator.role == "value" for locator in value.locators), fact.id
            for locator in value.locators:
                assert source[locator.start : locator.end] == locator.printed, (fact.id, locator)
                assert len(locator.printed.split()) <= 8, (fact.id, locator.printed)
                checked += 1
    assert checked > 1500


def expected_rows() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COMPARED = (
    "kind", "subject", "category", "counting", "arm", "phase", "timepoint", "time_origin", "population", "grade", "measure",
    "comparator", "value", "status", "unit", "numerator", "denominator",
)  # fmt: skip


def comparable(row: dict[str, object]) -> tuple[object, ...]:
    """A row of either table in the same form: numbers by value, so that 0.10 is 0.1."""
    cells: list[object] = []
    for name in COMPARED:
        cell = row[name]
        text = "" if cell is None else str(cell)
        if name == "value" and row["measure"] != "date" and text:
            cells.append(Decimal(text))
        else:
            cells.append(text)
    return tuple(cells)


def test_every_value_is_the_one_typed_from_the_paper() -> None:
    expected = Counter(comparable(dict(row)) for row in expected_rows() if row["measure"] != "text")
    with Graph.from_studies((decode(EXTRACTED.read_bytes()),)) as graph:
        rows = [row for row in graph.facts().to_dicts() if row["measure"] != "text"]
    per_fact = {(row["fact"], row["measure"]): row for row in rows}  # one row a value, however many places
    found = Counter(comparable(row) for row in per_fact.values())
    assert sorted(map(str, (expected - found).elements())) == [], "typed from the paper, but not in the graph"
    assert sorted(map(str, (found - expected).elements())) == [], "in the graph, but not typed from the paper"
    assert len(expected) > 300


def test_every_text_stands_in_the_line_where_it_was_found(reading: Reading, source: str) -> None:
    lines: set[tuple[str, int]] = {
        (fact.kind, source.count("\n", 0, locator.start) + 1)
        for fact in reading.study.facts
        for value in fact.values
        if value.text is not None
        for locator in value.locators
        if locator.role == "value"
    }
    missing = [
        (row["kind"], row["subject"], row["value"], place)
        for row in expected_rows()
        if row["measure"] == "text" and row["status"] == "reported"
        for place in row["place"].split(" | ")
        if not any(line == int(place.split(":")[0]) for _, line in lines)
    ]
    assert missing == []


def test_printed_forms_are_kept(reading: Reading) -> None:
    def value(fact: str, measure: str) -> Value:
        return next(v for f in reading.study.facts if f.id == fact for v in f.values if v.measure == measure)

    p = value("ttp-effect", "p value")
    assert (p.comparator, p.number, p.locators[0].printed) == (
        "<",
        Decimal("0.001"),
        "0.001",
    )  # Abstract, Results
    low = value("os-effect", "confidence interval lower")
    assert (low.number, low.locators[0].printed) == (Decimal("0.10"), "0.10")  # Abstract, Results
    median = value("ttp-median-treatment", "median")
    assert (median.status, median.number, median.locators[0].printed) == ("not reached", None, "not reached")
    nine = value("induction-cycles", "cycles")
    assert {locator.printed for locator in nine.locators if locator.role == "value"} == {"nine", "9"}


# ---------------------------------------------------------------- coverage


def test_every_number_is_accounted_for(paper: Path, reading: Reading) -> None:
    coverage = account_for(read_document(paper), reading.study)
    assert [account for account in coverage.accounts if account.verdict == "unaccounted"] == []
    assert len(coverage.accounts) > 600


def test_a_number_put_into_any_sentence_is_noticed(source: str, sheet: Sheet, tmp_path: Path) -> None:
    gaps = perturbation.word_gaps(source, source.index("\nABSTRACT"), source.index("\nDisclosure"))
    for gap in gaps[:: len(gaps) // 25]:
        text, at = perturbation.insert_number(source, gap)
        path = tmp_path / "paper.txt"
        path.write_bytes(text.encode("utf-8"))
        document = read_document(path)
        coverage = account_for(document, read_what_fits(document, sheet).study)
        verdicts = [account.verdict for account in coverage.accounts if account.start == at]
        assert verdicts == ["unaccounted"], text[at - 40 : at + 40]


# ---------------------------------------------------------------- other recoveries of the same text


RECOVERIES = {
    "lines of 60": lambda text: perturbation.rewrap(text, 60, 1),
    "lines of 72": lambda text: perturbation.rewrap(text, 72, 2),
    "lines of 100": lambda text: perturbation.rewrap(text, 100, 3),
    "other hyphens": lambda text: perturbation.hyphen_styles(text, 4),
    "other spaces": lambda text: perturbation.space_noise(text, 5),
    "all at once": lambda text: perturbation.rewrap(
        perturbation.space_noise(perturbation.hyphen_styles(text, 6), 6), 70, 6
    ),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "more blank lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "blanks at line ends": lambda text: text.replace("\n", " \n"),
}


@pytest.mark.parametrize("recovery", RECOVERIES, ids=str)
def test_another_recovery_reads_the_same(
    recovery: str, source: str, reading: Reading, sheet: Sheet, tmp_path: Path
) -> None:
    again = read_text(RECOVERIES[recovery](source), sheet, tmp_path)
    assert without_places(again.study) == without_places(reading.study)


# ---------------------------------------------------------------- other numbers


@pytest.mark.parametrize("seed", range(6))
def test_a_paper_with_other_numbers_reads_those(seed: int, source: str, sheet: Sheet, tmp_path: Path) -> None:
    text, changes = perturbation.change_numbers(source, seed)
    again = read_text(text, sheet, tmp_path)
    read_at = {
        position
        for fact in again.study.facts
        for value in fact.values
        for locator in value.locators
        for position in range(locator.start, locator.end)
    }
    lost = [change for change in changes if change.new_start not in read_at]
    assert len(lost) <= len(changes) * 0.02, [text[c.new_start - 30 : c.new_start + 10] for c in lost]
    known = {(fact.id, value.measure): value for fact in again.study.facts for value in fact.values}
    hazard = known["ttp-effect", "hazard ratio"]
    assert hazard.locators[0].printed != "0.18"
    assert hazard.number == Decimal(hazard.locators[0].printed)
    assert len(changes) > 300


def test_statements_that_disagree_are_both_kept(source: str, sheet: Sheet, tmp_path: Path) -> None:
    # The abstract's hazard ratio for progression, which the results and the discussion repeat.
    place = source.index("0.18")
    again = read_text(source[:place] + "0.19" + source[place + 4 :], sheet, tmp_path)
    assert again.disagreements
    values = {
        fact.id: value.number
        for fact in again.study.facts
        for value in fact.values
        if fact.subject == "time-to-progression" and value.measure == "hazard ratio" and fact.kind == "effect"
    }
    assert sorted(map(str, values.values())) == ["0.18", "0.19"]
    variant = next(fact for fact in again.study.facts if fact.varies)
    assert variant.varies in values


# ---------------------------------------------------------------- what is not this paper


def test_a_cut_off_paper_is_refused(source: str, sheet: Sheet, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="DISCUSSION"):
        read_text(source[: len(source) // 2], sheet, tmp_path)


def test_another_article_is_refused(sheet: Sheet, sources: Path) -> None:
    with pytest.raises(NotThisArticle, match="another article"):
        read_study(read_document(sources / "papers" / "PMC1891198.nxml"), sheet)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02binary", b"\xff\xfe no text"], ids=["empty", "binary", "not UTF-8"]
)
def test_what_is_no_text_is_refused(content: bytes, sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(content)
    with pytest.raises(SmmKgError, match=r"paper\.txt"):
        read_study(read_document(path), sheet)
