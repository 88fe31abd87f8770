"""Tables of a made-up paper: what labels print, and a sentence that a table interrupts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from made_up import write

from smm_kg.paper.document import Column, Row, Text
from smm_kg.paper.reader import Reading, read_study
from smm_kg.paper.sheet import SheetError, parse_sheet
from smm_kg.paper.table_labels import find_size, find_unit, find_words, labels_of
from smm_kg.records import Category, Fact, Value

PAPER = """\
Lanterns for the Night Watch

Ada Byron, M.D.

ABSTRACT

RESULTS

Falls were rarer with lanterns.

RESULTS

FALLS

At last, falls were seen in 4 of the 21 patients in the lantern group (19%), and the longest walk without any
fall was

Table 1. The Watchmen.
Characteristic\tLantern (N = 21)\tDark (N = 20)
Age — yr\t\t
Median\t41\t39
Range\t21–60\t20–71
Walk, hr\t12.5\t9.0
≤3 falls\t15 (71)\t18 (90)
Oil used in 1 week\t2.0 (1.5 to 3.1)\t0

of 90 hours in the dark group.

REFERENCES

1. Cook J. Lamps. Sea 1999;1:2.
"""

SHEET = """\
study: byron-2020
label: Byron 2020
document: {id: "doi:10.5555/lantern", title: Lanterns for the Night}
arms:
  - {id: lantern, label: lantern, role: experimental, words: [lantern group]}
  - {id: dark, label: dark, role: no intervention, words: [dark group]}
sets: [{id: all, label: all, term: all-randomized}]
categories:
  - {id: few-falls, label: {table: Table 1, row: "≤{: number} falls"}}
  - {id: no-falls, label: without falls}
facts:
  falls-lantern: {kind: outcome, subject: fall, arm: lantern}
  walk-dark: {kind: outcome, subject: walk, arm: dark, category: "#no-falls"}
statements:
  - in: RESULTS/FALLS
    read: >-
      falls were seen in {falls-lantern: n-of-N}, and the longest walk without … was of
      {walk-dark: quantity as maximum} in the dark group
tables:
  - table: Table 1
    kind: baseline
    population: all
    columns: [{head: Lantern, arm: lantern}, {head: Dark, arm: dark}]
    rows:
      - {row: Median, under: Age, id: "age-{arm}", subject: age, cell: number as median, unit: header}
      - {row: Range, under: Age, id: "age-{arm}", subject: age, cell: range, unit: header, remark: as printed}
      - {row: "Walk, hr", id: "walked-{arm}", subject: walk, cell: number as mean, unit: row,
         label_printed: row}
      - {row: "≤{: number} falls", id: "{category}-{arm}", subject: fall, cell: n-percent,
         category: row, category_id: rare-falls}
      - {row: "Oil used in {: timepoint}", id: "oil-{arm}", subject: oil, timepoint: row,
         cell: "{: number as mean} ({: range})"}
"""


def read(folder: Path, sheet: str = SHEET, paper: str = PAPER) -> Reading:
    return read_study(write(folder, paper), parse_sheet(sheet, "byron-2020.yaml"))


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    paper = PAPER.replace("3.1)\t0", "3.1)\t1.0 (0.5 to 2.5)")
    return read(tmp_path_factory.mktemp("tables"), paper=paper)


def fact(reading: Reading, id_: str) -> Fact:
    return next(each for each in reading.study.facts if each.id == id_)


def stated(found: Fact) -> list[tuple[str, Decimal | None, str | None]]:
    return [(value.measure, value.number, value.unit) for value in found.values]


def printed(value: Value, role: str) -> list[str]:
    return [locator.printed for locator in value.locators if locator.role == role]


def test_rows_of_one_id_feed_one_fact_with_the_unit_of_their_header(reading: Reading) -> None:
    age = fact(reading, "age-lantern")
    assert stated(age) == [
        ("median", Decimal(41), "a"),
        ("minimum", Decimal(21), "a"),
        ("maximum", Decimal(60), "a"),
    ]
    assert age.remark == "as printed"
    assert [printed(value, "unit") for value in age.values] == [["yr"]] * 3
    unit = next(locator for locator in age.values[0].locators if locator.role == "unit")
    assert (unit.table, unit.column) == ("Table 1", None)


def test_a_unit_may_stand_in_the_label_of_the_row(reading: Reading) -> None:
    walked = fact(reading, "walked-dark")
    assert stated(walked) == [("mean", Decimal("9.0"), "h")]
    assert walked.label_printed == "Walk, hr"
    assert printed(walked.values[0], "unit") == ["hr"]


def test_a_row_makes_a_category_of_the_study(reading: Reading) -> None:
    few = fact(reading, "rare-falls-dark")
    assert few.category == "#rare-falls"
    assert [(value.number, value.numerator, value.denominator) for value in few.values] == [
        (Decimal(18), 18, 20),
        (Decimal(90), 18, 20),
    ]
    assert reading.study.categories == (
        Category(id="few-falls", label="≤3 falls"),
        Category(id="no-falls", label="without falls"),
        Category(id="rare-falls", label="≤3 falls"),
    )


def test_a_time_may_stand_in_the_label_and_a_cell_may_be_a_phrase(reading: Reading) -> None:
    oil = fact(reading, "oil-lantern")
    assert oil.timepoint == "1 week"
    assert stated(oil) == [
        ("mean", Decimal("2.0"), None),
        ("minimum", Decimal("1.5"), None),
        ("maximum", Decimal("3.1"), None),
    ]
    assert printed(oil.values[0], "timepoint") == ["1 week"]


def test_a_sentence_goes_on_after_the_table_that_interrupts_it(reading: Reading) -> None:
    walk = fact(reading, "walk-dark").values[0]
    assert (walk.number, walk.unit) == (Decimal(90), "h")
    assert printed(walk, "arm") == ["dark group"]
    lantern = fact(reading, "falls-lantern").values[0]
    assert (lantern.numerator, lantern.denominator) == (4, 21)


def test_an_anchor_is_cut_where_the_table_begins(tmp_path: Path) -> None:
    text = SHEET.replace("without … was of\n", "without … fall was of\n").replace("falls were seen in ", "")
    text = text.replace("{falls-lantern: n-of-N}, and the longest walk without … fall", "any fall")
    text = text.replace("  falls-lantern: {kind: outcome, subject: fall, arm: lantern}\n", "")
    paper = PAPER.replace("3.1)\t0", "3.1)\t1.0 (0.5 to 2.5)")
    found = fact(read(tmp_path, text, paper), "walk-dark").values[0]
    assert printed(found, "label") == ["any\nfall was"]  # and not the table behind it


def test_a_cell_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"cannot be read as \{: number as mean\}"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("cell: range, unit", "cell: number as median, unit", "cannot be read"),
        ("subject: age, cell: range", "subject: walk, cell: range", "its subject"),
        ("{row: Range, under: Age", "{row: Median, under: Age", "fits several rows"),
        ("category_id: rare-falls", "category_id: few-fals, label_printed: row", None),
        ("timepoint: row", "timepoint: column", "no timepoint is printed in its column"),
        ("as mean, unit: row", "as mean, unit: column", "no unit is printed in its column"),
        ("category_id: rare-falls", "category_id: few-falls", "row makes the category 'few-falls' too"),
        ('id: "oil-{arm}"', 'id: "oil-{phase}"', "its id needs 'phase', which nothing gives"),
    ],
)  # fmt: skip
def test_plans_that_do_not_fit(tmp_path: Path, old: str, new: str, what: str | None) -> None:
    paper = PAPER.replace("3.1)\t0", "3.1)\t1.0 (0.5 to 2.5)")
    assert SHEET.count(old) == 1
    if what is None:
        assert (
            fact(read(tmp_path, SHEET.replace(old, new), paper), "few-fals-dark").label_printed == "≤3 falls"
        )
        return
    with pytest.raises(SheetError) as caught:
        read(tmp_path, SHEET.replace(old, new), paper)
    assert what in str(caught.value)


# ---------------------------------------------------------------- labels


def row(label: str, *headers: str) -> Row:
    texts = tuple(Text.of(header) for header in headers)
    return Row(1, Text.of(label), (), texts, texts)


@pytest.mark.parametrize(
    ("label", "code", "words"),
    [
        ("Age — yr", "a", "yr"),
        ("Creatinine level, mg/dl", "mg/dL", "mg/dl"),
        ("Time (months)", "mo_j", "months"),
        ("Infiltration — %", "%", "%"),
        ("In the morning", None, ""),
        ("", None, ""),
    ],
)
def test_the_unit_printed_last_in_a_label(label: str, code: str | None, words: str) -> None:
    found = find_unit(labels_of("row", row(label), Column(1, ())))
    assert (found.words if found else None) == code
    if found:
        assert label[found.start : found.end] == words


def test_sizes_and_grades_are_found_nearest_the_cell() -> None:
    column = Column(1, (Text.of("All (N = 40)"), Text.of("Lantern (n=21)"), Text.of("Grade 3 or 4")))
    size, grade = find_size(column), find_words("grade", labels_of("column", row("x"), column))
    assert size is not None
    assert size.number == 21
    assert grade is not None
    assert grade.words == "3-4"
    assert find_words("grade", labels_of("row", row("21 falls"), column)) is None
    assert find_unit(labels_of("header", row("x", "Sex — no. (%)"), column), percent=True) is not None
    assert labels_of(None, row("x"), column) == ()
