"""Plain text: sections, sentences put together again, floats and furniture lifted out, at any wrapping."""

from __future__ import annotations

import pytest
from diving import REPORT
from document_invariants import assert_nothing_is_lost, assert_order, assert_places_are_true

from smm_kg.paper.document import CITATION, Document
from smm_kg.paper.text import parse

C = CITATION


@pytest.fixture(scope="module")
def report() -> Document:
    return parse(REPORT, "", "report.txt")


def texts(document: Document, *path: str) -> list[str]:
    return [str(block.text) for block in document.in_section(path)]


def test_sections_in_their_order(report: Document) -> None:
    assert report.sections == (
        ("FRONT",),
        ("TITLE",),
        ("AUTHORS",),
        ("ABSTRACT",),
        ("ABSTRACT", "BACKGROUND"),
        ("ABSTRACT", "METHODS"),
        ("ABSTRACT", "CONCLUSIONS"),
        ("AFFILIATIONS",),
        ("CITATION",),
        ("INTRODUCTION",),
        ("METHODS",),
        ("METHODS", "DIVERS"),
        ("METHODS", "TREATMENT PLAN"),
        ("RESULTS",),
        ("RESULTS", "DIZZY SPELLS"),
        ("Figure 1", "Caption"),
        ("FURNITURE",),
        ("Table 1", "Caption"),
        ("Table 1", "Footnotes"),
        ("Figure 2", "Caption"),
        ("RESULTS", "HARMS"),
        ("Table 2", "Footnotes"),
        ("REFERENCES",),
        ("Table 1",),
        ("Table 2",),
    )


def test_a_section_is_found_by_the_beginning_of_its_path(report: Document) -> None:
    assert len(texts(report, "methods")) == 2
    assert texts(report, "Abstract", "Background") == ["Dizziness is common in divers. It may pass."]
    assert texts(report, "TITLE") == ["Gymnastamide for Early Dizziness in Divers"]


def test_a_lost_drop_capital_makes_no_heading(report: Document) -> None:
    (opening,) = texts(report, "INTRODUCTION")
    assert opening.startswith("IZZINESS IN DIVERS IS A sensation")
    assert f"feared,{C} and" in opening


def test_sentences_broken_by_columns_and_floats_are_joined(report: Document) -> None:
    (divers,) = texts(report, "METHODS", "DIVERS")
    assert "as compared with earlier work" in divers
    assert "on withdrawal of consent or at" in divers
    assert f"per day.{C} They were seen every 2 weeks." in texts(report, "METHODS", "TREATMENT PLAN")[0]
    (spells,) = texts(report, "RESULTS", "DIZZY SPELLS")
    assert "not reached in the treatment group and was 7 months" in spells
    assert f"(P=0.01).{C} Spells as seen then were rare" in spells
    assert "not significantly different between" in texts(report, "RESULTS", "HARMS")[-1]


def test_the_place_of_a_joined_word_is_its_own(report: Document) -> None:
    (block,) = report.in_section(("METHODS", "DIVERS"))
    at = block.text.text.index("earlier")
    assert report.source[slice(*block.text.span(at, at + 7))] == "earlier"
    at = block.text.text.index("consent")
    assert report.source[slice(*block.text.span(at, at + 7))] == "con-\n\nsent"


def test_legends_belong_to_their_figures(report: Document) -> None:
    assert texts(report, "Figure 1")[0].endswith(
        "Divers. A total of 90 divers were enrolled; 45 were treated."
    )
    assert texts(report, "Figure 2")[0].endswith("over Time. Panel A shows all 2 groups. Panel B shows one.")


def test_tables_and_their_inferred_labels(report: Document) -> None:
    one, two = report.tables
    assert (one.label, two.label, two.caption) == ("Table 1", "Table 2", None)
    assert one.caption is not None
    assert (str(one.caption.text), one.caption.mark) == (
        "Table 1. Baseline Characteristics of the Divers.",
        "*",
    )
    assert [column.label for column in two.columns] == [
        "Treatment (N = 44) / no. of divers (%)",
        "Rest (N=45) / no. of divers (%)",
    ]
    assert two.columns[0].marks == (";;",)
    assert [str(text) for text in two.stub] == ["Best Answer"]
    assert report.table("table 2") is two
    assert report.table("Table 3") is None


def test_footnotes_with_and_without_their_marks(report: Document) -> None:
    one, two = report.tables
    assert [(note.mark, str(note.text)) for note in one.footnotes] == [
        ("*", "No differences were seen."),
        ("†", "A dive was deep at 30 m or more."),
    ]
    assert [(note.mark, str(note.text)) for note in two.footnotes] == [
        ("*", "Divers in the rest group had 2 spells."),
        ("†", "Answers were graded."),
        ("†", "One diver of grade 5 died."),
        ("", "The safety population included the 44 divers who took a dose."),
    ]


def test_references_however_their_numbers_are_printed(report: Document) -> None:
    assert {number: str(block.text) for number, block in report.references.items()} == {
        1: "Able A. On spells. J Deep Med 1999;1:1-2.",
        2: "Baker B, et al. On the treatment of dizziness. Panel 3. Sea 2001;2: 5.",
        3: "Charlie C. More. Sea 2002; 7:8.",
    }


def test_the_body_ends_before_the_references(report: Document) -> None:
    ((start, end),) = report.body_spans
    assert report.source[start:].startswith("Gymnastamide")
    assert report.source[:end].endswith("We thank Dora Dean.")
    body = [str(text) for _, text in report.body_texts()]
    assert "No other uses without permission. Copyright © 2020 Deep Society. All rights reserved." in body
    assert not any("ARCHIVE" in text or "On spells" in text for text in body)
    assert body.count("20–60") == 1


def test_a_marker_leads_to_its_citation(report: Document) -> None:
    (block,) = report.in_section(("INTRODUCTION",))
    at = block.text.text.index(C)
    citation = report.citation_at(block.text, at)
    assert citation is not None
    assert (citation.numbers, report.source[citation.start : citation.end]) == ((1, 2), "1,2")
    assert report.citation_at(block.text, at + 1) is None


def test_what_holds_for_every_document(report: Document) -> None:
    assert_places_are_true(report)
    assert_nothing_is_lost(report)
    assert_order(report)


# Parts of a report


def test_a_text_with_no_headings_is_a_title_and_an_introduction() -> None:
    document = parse("A title\n\nThe divers were in the sea with 3 of them. It was good.\n", "", "")
    assert document.sections == (("TITLE",), ("INTRODUCTION",))


def test_an_unstructured_abstract_ends_before_the_methods() -> None:
    source = "A title\n\nABSTRACT\n\nWe dived.\n\nThe sea is in the deep and of it.\n\nMETHODS\n\nWe swam."
    document = parse(source, "", "")
    assert document.sections == (("TITLE",), ("ABSTRACT",), ("INTRODUCTION",), ("METHODS",))


def test_a_title_in_capitals_is_the_title() -> None:
    document = parse("DIVING AND DIZZINESS\n\nANN ABLE\n\nABSTRACT\n\nMETHODS\n\nWe swam.", "", "")
    assert document.sections == (("TITLE",), ("AUTHORS",), ("ABSTRACT",), ("ABSTRACT", "METHODS"))


REST = "\n\nABSTRACT\n\nMETHODS\n\nWe dived in the sea.\n"


@pytest.mark.parametrize(
    ("front", "title", "authors"),
    [
        ("Gymnastamide for\nDizziness\n\nAnn Able, M.D.", "Gymnastamide for Dizziness", ["Ann Able, M.D."]),
        ("Gymnastamide for\nEarly\nDizziness\n\nAnn Able, M.D., Bob\nBaker, Ph.D., and Cid\nDee, M.D.",
         "Gymnastamide for Early Dizziness", ["Ann Able, M.D., Bob Baker, Ph.D., and Cid Dee, M.D."]),
        ("Gymnastamide for Early Dizziness\n\nAnn Able, M.D., Bob Baker,\nPh.D., and Cid\nDee, M.D.",
         "Gymnastamide for Early Dizziness", ["Ann Able, M.D., Bob Baker, Ph.D., and Cid Dee, M.D."]),
        ("Gymnastamide:\nA Trial in Divers\nAnn Able, M.D., and\nBob Baker, Ph.D.",
         "Gymnastamide: A Trial in Divers", ["Ann Able, M.D., and Bob Baker, Ph.D."]),
        ("Original Article\nGymnastamide for\nDizziness\n\nAnn Able", "Gymnastamide for Dizziness",
         ["Ann Able"]),
        ("441\nGymnastamide for\nDizziness\n\nAnn Able", "Gymnastamide for Dizziness", ["Ann Able"]),
    ],
)  # fmt: skip
def test_a_title_and_its_authors_wrapped_over_lines(front: str, title: str, authors: list[str]) -> None:
    document = parse(front + REST, "", "")
    assert [str(block.text) for block in document.blocks if block.kind == "title"] == [title]
    assert [str(block.text) for block in document.blocks if block.kind == "authors"] == authors
    assert_nothing_is_lost(document)


def test_without_blank_lines_each_line_of_the_front_is_its_own() -> None:
    front = "Gymnastamide for Early Dizziness\nAnn Able and Bob Baker\n"
    document = parse(front + "METHODS\nWe dived in the sea.\nWe swam.\n" * 20, "", "")
    assert [str(block.text) for block in document.blocks[:2]] == front.split("\n")[:2]


def test_the_second_half_may_begin_with_a_capital() -> None:
    source = "T\n\nMETHODS\n\nWe compared them by\n\nKaplan methods.\n\nThen we ended."
    assert texts(parse(source, "", ""), "METHODS") == [
        "We compared them by Kaplan methods.",
        "Then we ended.",
    ]


def test_sections_after_the_references_are_body_again() -> None:
    source = "T\n\nRESULTS\n\nIt was 5.\n\nREFERENCES\n\n1. A b.\n\nACKNOWLEDGMENTS\n\nTo 3 friends."
    document = parse(source, "", "")
    assert [document.source[start:end] for start, end in document.body_spans] == [
        "T\n\nRESULTS\n\nIt was 5.",
        "ACKNOWLEDGMENTS\n\nTo 3 friends.",
    ]
