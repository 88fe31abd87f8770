"""The documents that the project is about, where they are at hand: the paper as text, the JATS files."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from document_invariants import assert_nothing_is_lost, assert_order, assert_places_are_true

from smm_kg.paper.document import CITATION, Document, Table
from smm_kg.paper.source import read_document
from smm_kg.paper.text import parse

C = CITATION


@pytest.fixture(scope="module")
def mateos(sources: Path) -> Document:
    return read_document(sources / "paper" / "mateos-2013.txt")


def table(document: Document, label: str) -> Table:
    found = document.table(label)
    assert found is not None
    return found


def text_of(document: Document, *path: str) -> str:
    return "\n".join(str(block.text) for block in document.in_section(path))


def test_sections_of_the_paper(mateos: Document) -> None:
    headed = [block.section for block in mateos.blocks if block.kind == "heading"]
    assert headed == [
        ("ABSTRACT",),
        ("ABSTRACT", "BACKGROUND"),
        ("ABSTRACT", "METHODS"),
        ("ABSTRACT", "RESULTS"),
        ("ABSTRACT", "CONCLUSIONS"),
        ("METHODS",),
        ("METHODS", "PATIENTS"),
        ("METHODS", "STUDY DESIGN AND TREATMENT"),
        ("METHODS", "END POINTS AND ASSESSMENTS"),
        ("METHODS", "STATISTICAL ANALYSIS"),
        ("RESULTS",),
        ("RESULTS", "PATIENTS AND TREATMENT"),
        ("RESULTS", "EFFICACY"),
        ("RESULTS", "SURVIVAL"),
        ("RESULTS", "SAFETY"),
        ("DISCUSSION",),
        ("REFERENCES",),
    ]
    unheaded = {("FRONT",), ("TITLE",), ("AUTHORS",), ("AFFILIATIONS",), ("CITATION",), ("INTRODUCTION",)}
    floats = {("Figure 1", "Caption"), ("Figure 2", "Caption"), ("Table 1", "Caption")}
    notes = {(f"Table {number}", "Footnotes") for number in (1, 2, 3)} | {
        ("Table 1",),
        ("Table 2",),
        ("Table 3",),
    }
    assert set(mateos.sections) == {*headed, *unheaded, *floats, *notes, ("FURNITURE",)}


@pytest.mark.parametrize(
    ("path", "joined"),
    [
        ("METHODS/PATIENTS", "as compared with normal values."),  # column
        ("METHODS/STUDY DESIGN AND TREATMENT", "withdrawal of patient consent"),  # word across paragraphs
        ("METHODS/END POINTS AND ASSESSMENTS", "tests were performed every 4 weeks."),  # column
        ("RESULTS/EFFICACY", "not reached in the treatment group and"),  # Figure 1, Table 1 and notes
        ("RESULTS/SURVIVAL", "(survival rate at 5 years, 94%"),  # Figure 2
        ("RESULTS/SAFETY", "(Fig. S2) in the Supplementary Appendix)"),  # column
        ("DISCUSSION", "agents may reduce the rate of skeletal-related"),  # Table 3
        ("DISCUSSION", "incidence was not significantly different from that"),  # two footnotes
    ],
)
def test_broken_sentences_are_joined(mateos: Document, path: str, joined: str) -> None:
    assert joined in text_of(mateos, *path.split("/"))


def test_references_joined_across_list_items(mateos: Document) -> None:
    assert list(mateos.references) == list(range(1, 30))
    assert "multiple myeloma stage I" in str(mateos.references[3].text)
    assert str(mateos.references[10].text).startswith("Rajkumar SV")
    assert str(mateos.references[11].text).startswith("Weber D")
    assert str(mateos.references[18].text).endswith("Acta Oncol 2000;39:823-7.")
    assert str(mateos.references[29].text).endswith("2011;365:474-5.")


def test_captions_hold_their_legends(mateos: Document) -> None:
    assert text_of(mateos, "Figure 1").endswith("assigned to observation.")
    assert text_of(mateos, "Figure 2").endswith("diagnosis of smoldering multiple myeloma.")


def test_citations_of_the_paper(mateos: Document) -> None:
    printed = {
        mateos.source[citation.start : citation.end]: citation.numbers
        for citation in mateos.citations.values()
    }
    assert len(mateos.citations) == 18  # places: every superscript and glued number of the text, by eye
    assert printed["2,14-22"] == (2, *range(14, 23))
    assert printed["16,22,29"] == (16, 22, 29)
    assert printed["²⁵⁻²⁸"] == (25, 26, 27, 28)
    discussion = text_of(mateos, "DISCUSSION")
    assert f"(P=0.24).{C} It" in discussion
    assert f"Kyle et al.{C} together" in discussion
    assert "our group. 14 Both" in discussion
    assert f"version 3.0.{C} The" in text_of(mateos, "Table 3", "Footnotes")
    assert f"annually),{C} a" in text_of(mateos, "INTRODUCTION")


def test_table_1(mateos: Document) -> None:
    found = table(mateos, "Table 1")
    assert [column.label for column in found.columns] == ["Treatment (N = 57)", "Observation (N = 62)"]
    assert (len(found.rows), len(found.headings)) == (15, 8)
    urine = found.rows[12]
    assert [str(text) for text in urine.path] == ["Monoclonal component", "In urine — g/24 hr"]
    assert [str(cell.text) for cell in urine.cells] == ["0–16.2", "0-18.2"]
    assert (str(found.rows[7].label)[:4], found.rows[7].marks) == ("≥95%", ("‡",))
    assert [note.mark for note in found.footnotes] == ["*", "†", "‡"]


def test_table_2(mateos: Document) -> None:
    found = table(mateos, "Table 2")
    assert found.caption is None
    assert [column.label for column in found.columns] == [
        "Induction Phase (N = 57) / no. of patients (%)",
        "Maintenance Phase (N=50) / no. of patients (%)",
    ]
    assert [str(row.cells[1].text) for row in found.rows] == [
        "45 (90)",
        "6 (12)",
        "13 (26)",
        "9 (18)",
        "32 (64)",
        "5 (10)",
    ]
    assert [note.mark for note in found.footnotes] == ["*", "†", "‡"]


def test_table_3(mateos: Document) -> None:
    found = table(mateos, "Table 3")
    assert [[str(text) for text in column.path[:2]] for column in found.columns] == [
        ["Treatment (N = 62)", "Grade 1"],
        ["Treatment (N = 62)", "Grade 2"],
        ["Treatment (N = 62)", "Grade 3"],
        ["Observation (N = 63)", "Grade 1"],
        ["Observation (N = 63)", "Grade 2"],
    ]
    assert [str(text) for text in found.strays] == ["7"]
    assert len(found.rows) == 14
    phases = [str(row.path[0]) for row in found.rows]
    assert phases == ["Induction phase"] * 9 + ["Maintenance phase"] * 5
    assert [str(cell.text) for cell in found.rows[3].cells[1:]] == ["6 (10)", "4 (6)", "7 (11)", "7 (11)"]
    assert found.rows[3].marks == ("†",)
    assert [note.mark for note in found.footnotes] == ["*", "†", ""]


def test_the_body_of_the_paper(mateos: Document) -> None:
    ((start, end),) = mateos.body_spans
    assert mateos.source[start:].startswith("Lenalidomide plus Dexamethasone")
    assert mateos.source[:end].endswith("version of this manuscript.")
    assert_places_are_true(mateos)
    assert_nothing_is_lost(mateos)
    assert_order(mateos)


def test_reading_takes_time_in_proportion(mateos: Document) -> None:
    end = mateos.source.index("\nREFERENCES\n")

    def seconds(times: int) -> float:
        source = mateos.source[:end] * times + mateos.source[end:]
        best = min(_timed(source) for _ in range(2))
        return best / len(source)

    assert seconds(8) < 3 * seconds(1)


def _timed(source: str) -> float:
    start = time.process_time()
    parse(source, "", "")
    return time.process_time() - start


def test_every_jats_file_is_read(sources: Path) -> None:
    paths = sorted((sources / "papers").glob("*.nxml"))
    assert len(paths) >= 12
    for path in paths:
        document = read_document(path)
        assert any(block.kind == "title" for block in document.blocks), path.name
        assert any(block.kind == "paragraph" for block in document.blocks), path.name
        assert document.references, path.name
        assert document.citations, path.name
        assert all(table.rows for table in document.tables), path.name
        assert_places_are_true(document)
        assert_order(document)


@pytest.mark.parametrize(
    ("name", "label", "row", "cells"),  # read by eye in the files
    [
        ("PMC3466131", "Table 2", "Diarrhea", ["24", "18", "1", "1", "14", "11", "–", "–"]),
        ("PMC5337626", "Table 1", "Men", ["425 (80%)", "434 (82%)"]),
        ("PMC5301372", "Table 1", "Lymph nodes", ["21 (44.7)", "26 (52.0)", "47 (48.5)"]),
        ("PMC5010179", "Table 1", "Rectum", ["31 (34.8)", "36 (40.9)", ""]),
    ],
)
def test_cells_of_jats_tables(sources: Path, name: str, label: str, row: str, cells: list[str]) -> None:
    found = table(read_document(sources / "papers" / f"{name}.nxml"), label)
    (first, *_) = (each for each in found.rows if str(each.label) == row)
    assert [str(cell.text) for cell in first.cells] == cells


def test_headers_over_several_columns_of_a_jats_table(sources: Path) -> None:
    found = table(read_document(sources / "papers" / "PMC3466131.nxml"), "Table 2")
    assert found.columns[0].label == "Group A / (XELIRI-Bev) / N = 133 / Grade III / N"
    assert found.columns[7].label == "Group B / (FOLFIRI-Bev) / N = 132 / Grade IV / %"
