"""Markdown: headings, paragraphs, tables, and the place of each in the file."""

from __future__ import annotations

import time

import pytest
from document_invariants import assert_order, assert_places_are_true
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.paper.document import CITATION, Document
from smm_kg.paper.markdown import parse

REPORT = """\
# A *made-up* trial of swimming

Ann Able, Bob Baker

Divers are in the sea and of it. The opening is here.

## Abstract

The median was 40&nbsp;months<sup>1,2</sup>.

## Methods

### Divers

We took 10 divers ^2^ with `IgG` \\| levels of &ge;3 g.
A hyphen-
ated word is [linked](http://example.org/1) here.

> - Quoted item of 7
>   and more

**Table 1.** Baseline of the divers.\\*

| Characteristic | Treatment (N = 57) | Rest (N = 62)† |
|---|---:|---|
| Age — yr | | |
| Median | 63 | 69 |
| A \\| B | 25 (44)<sup>a</sup> | |

\\* No difference. <sup>a</sup> One diver was missing.

Figure 1. Spells over time.

Results
-------

| Event | Active |
|---|---|
| Cough | 1 |

Table 7. Events.

As _seen_ in 10<sup>9</sup> cells.[^1]

## References

1. First one. J Deep Med 2003;1:2.
2. Second
   one.
"""


@pytest.fixture(scope="module")
def report() -> Document:
    return parse(REPORT, "", "report.md")


def text_of(document: Document, *path: str) -> str:
    return "\n".join(str(block.text) for block in document.in_section(path))


def test_sections_follow_the_headings(report: Document) -> None:
    assert report.sections[:6] == (
        ("TITLE",),
        ("AUTHORS",),
        ("INTRODUCTION",),
        ("Abstract",),
        ("Methods",),
        ("Methods", "Divers"),
    )
    assert ("Results",) in report.sections
    assert text_of(report, "TITLE") == "A made-up trial of swimming"


def test_marks_of_markdown_are_taken_away(report: Document) -> None:
    divers = text_of(report, "Methods", "Divers").split("\n")
    assert divers[0] == (
        f"We took 10 divers {CITATION} with IgG | levels of ≥3 g. A hyphenated word is linked here."
    )
    assert divers[1] == "Quoted item of 7 and more"
    assert text_of(report, "Results") == f"As seen in 10^9 cells.{CITATION}"


def test_citations(report: Document) -> None:
    assert [citation.numbers for citation in report.citations.values()] == [(1, 2), (2,), (1,)]
    assert {number: str(block.text) for number, block in report.references.items()} == {
        1: "First one. J Deep Med 2003;1:2.",
        2: "Second one.",
    }


def test_tables_with_titles_above_and_below(report: Document) -> None:
    one, two = report.tables
    assert one.caption is not None
    assert (str(one.caption.text), one.caption.mark) == ("Table 1. Baseline of the divers.", "*")
    assert two.caption is not None
    assert str(two.caption.text) == "Table 7. Events."
    assert [column.label for column in one.columns] == ["Treatment (N = 57)", "Rest (N = 62)"]
    assert [(str(row.label), [str(cell.text) for cell in row.cells]) for row in one.rows] == [
        ("Median", ["63", "69"]),
        ("A | B", ["25 (44)", ""]),
    ]
    assert one.rows[1].cells[0].marks == ("a",)
    assert [(note.mark, str(note.text)) for note in one.footnotes] == [
        ("*", "No difference."),
        ("a", "One diver was missing."),
    ]


def test_a_cell_has_its_place(report: Document) -> None:
    cell = report.tables[0].rows[1].cells[0]
    assert report.source[slice(*cell.text.span())] == "25 (44)"


def test_what_holds_for_every_document(report: Document) -> None:
    assert_places_are_true(report)
    assert_order(report)
    (start, *_), *_ = report.body_spans
    assert report.source[start:].startswith("A *made-up*")
    assert not any("First one" in str(text) for _, text in report.body_texts())


def test_a_text_without_headings() -> None:
    document = parse("A title\n\nThe divers were in the sea with 3 of them.\n", "", "")
    assert document.sections == (("TITLE",), ("INTRODUCTION",))


_CELL = st.text(alphabet="ab12.,(%)|<>&*_-– ", max_size=8).map(str.strip)


@settings(deadline=None)
@given(st.lists(st.lists(_CELL, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_cell_is_found_where_it_is_printed(rows: list[list[str]]) -> None:
    body = "\n".join(
        f"| Row | {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows
    )
    document = parse(f"# T\n\n## Results\n\n| Name | One | Two |\n|---|---|---|\n{body}\n", "", "")
    assert_places_are_true(document)
    for row in document.tables[0].rows:
        printed = rows[row.index - 1]
        for cell, expected in zip(row.cells, printed, strict=True):
            digits = [character for character in expected if character.isdigit()]
            assert [character for character in cell.text.text if character.isdigit()] == digits


@pytest.mark.parametrize("piece", ["`", "`a", "``` `", "*a ", "[", "$a", "^{", "<sup>"])
def test_hostile_marks_take_little_time(piece: str) -> None:
    started = time.perf_counter()
    parse("# T\n\n" + piece * (60_000 // len(piece)), "", "")
    assert time.perf_counter() - started < 10


_LINES = st.sampled_from(
    ["# A", "## Methods", "### B", "References", "## References", "1. One 5.", "2. Two", "- item 3",
     "> quote 4", "| a | b |", "|---|---|", "| 1 | 2 (3) |", "Table 1. X.", "**Figure 2.** Y 6",
     "text<sup>1</sup> 7", "\\* note 8", "```", "    code 9", "***", "", "", "<div>", "&amp; 5", "[^1]: z",
     "=====", "a_b_ c", "\t x"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
def test_no_text_is_refused(lines: list[str], line_end: str) -> None:
    document = parse(line_end.join(lines), "", "")
    assert_places_are_true(document)
    assert_order(document)
