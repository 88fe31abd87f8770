"""Tables between tabs: header cells over several columns, stray cells, group headers, footnote marks."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper.document import Table, Text
from smm_kg.paper.tables import without_marks
from smm_kg.paper.text import parse


def table(*rows: str) -> Table:
    """The table of some rows, whose cells are written between bars."""
    lines = "\n".join(re.sub(r" ?\| ?", "\t", row) for row in rows)
    (found,) = parse(f"A title\n\nRESULTS\n\nSee the table.\n\n{lines}\n", "", "").tables
    return found


def headers(found: Table) -> list[str]:
    return [column.label for column in found.columns]


def values(found: Table) -> dict[str, list[str]]:
    return {str(row.label): [str(cell.text) for cell in row.cells] for row in found.rows}


def paths(found: Table) -> dict[str, list[str]]:
    return {str(row.label): [str(text) for text in row.path] for row in found.rows}


def test_two_header_rows_and_a_row_of_units() -> None:
    found = table(
        "Event | Active (N = 9) | | Rest (N = 8) | |",
        "| Step A | Step B | Step A | Step B |",
        "| no. (percent) | | | |",
        "Cough | 1 (11) | 0 | 2 (25) | 3 (38) |",
    )
    assert headers(found) == [
        "Active (N = 9) / Step A / no. (percent)",
        "Active (N = 9) / Step B / no. (percent)",
        "Rest (N = 8) / Step A / no. (percent)",
        "Rest (N = 8) / Step B / no. (percent)",
    ]
    assert values(found) == {"Cough": ["1 (11)", "0", "2 (25)", "3 (38)"]}
    assert [column.index for column in found.columns] == [1, 2, 3, 4]
    assert [str(text) for text in found.stub] == ["Event"]


@pytest.mark.parametrize("stray", ["7", "41", ";", "."])
def test_a_stray_cell_that_moved_the_header(stray: str) -> None:
    found = table(
        f"Event | {stray} | Active (N = 9) | | | Rest (N = 8) |",
        "| Step A | Step B | Step C | Step A | Step B |",
        "Cough | 1 | 2 | 3 | 4 | 5 |",
    )
    assert headers(found)[2:4] == ["Active (N = 9) / Step C", "Rest (N = 8) / Step A"]
    assert [str(text) for text in found.strays] == [stray] * (stray != ";")


def test_a_stray_cell_between_two_groups() -> None:
    found = table(
        "Event | Active (N = 9) | | 7 | Rest (N = 8) |",
        "| Step A | Step B | Step A | Step B |",
        "Cough | 1 | 2 | 3 | 4 |",
    )
    assert headers(found)[1:3] == ["Active (N = 9) / Step B", "Rest (N = 8) / Step A"]


def test_a_stray_cell_in_a_column_of_its_own() -> None:
    found = table("Event | 7 | Active | Rest |", "Cough | | 2 | 3 |")
    assert headers(found) == ["", "Active", "Rest"]
    assert values(found) == {"Cough": ["", "2", "3"]}


def test_numbers_that_head_columns_are_no_strays() -> None:
    found = table("Dose | 10 | 20 | placebo |", "Cough | 1 | 2 | 3 |")
    assert headers(found) == ["10", "20", "placebo"]
    assert not found.strays


def test_a_table_of_numbers_alone_has_no_header() -> None:
    found = table("Cough | 1 | 2 |", "Cold | 3 | 4 |")
    assert headers(found) == ["", ""]
    assert values(found) == {"Cough": ["1", "2"], "Cold": ["3", "4"]}


def test_group_headers_beside_and_under_one_another() -> None:
    found = table(
        "Characteristic | Active |",
        "Age — yr | |",
        "Middle | 5 |",
        "Protein | |",
        "In blood — g/dl | |",
        "Mean | 6 |",
        "In sweat — g/24 hr | |",
        "Spread | 7 |",
        "Weight — kg | |",
        "Least | 8 |",
    )
    assert paths(found) == {
        "Middle": ["Age — yr"],
        "Mean": ["Protein", "In blood — g/dl"],
        "Spread": ["Protein", "In sweat — g/24 hr"],
        "Least": ["Weight — kg"],
    }
    assert [str(text) for text in found.rows[2].headers] == [
        "Age — yr",
        "Protein",
        "In blood — g/dl",
        "In sweat — g/24 hr",
    ]
    assert [row.index for row in found.rows] == [2, 5, 7, 9]


def test_phases_with_the_same_groups_under_each() -> None:
    found = table(
        "Event | Active |",
        "First phase | |",
        "Blood event | |",
        "Cough | 1 |",
        "Nonblood event | |",
        "Rash | 2 |",
        "Second phase; | |",
        "Blood event | |",
        "Cold | 3 |",
    )
    assert paths(found) == {
        "Cough": ["First phase", "Blood event"],
        "Rash": ["First phase", "Nonblood event"],
        "Cold": ["Second phase", "Blood event"],
    }


def test_rows_set_in_stand_under_those_that_are_not() -> None:
    found = table(
        "Event | Active |", "Any event | 9 |", "  Cough | 5 |", "    Wet | 2 |", "  Rash | 4 |", "Death | 0 |"
    )
    assert paths(found) == {
        "Any event": [],
        "Cough": ["Any event"],
        "Wet": ["Any event", "Cough"],
        "Rash": ["Any event"],
        "Death": [],
    }


def test_labels_whose_tabs_are_lost() -> None:
    found = table("Event | Active | Rest", "Cough | 1 | 2", "Skin", "Rash", "Red | 3 | 4")
    assert paths(found)["Red"] == ["Skin", "Rash"]


def test_a_row_that_ends_early_has_empty_cells() -> None:
    found = table("Event | Active | Rest", "Cough | 1", "Cold | 2 | 3")
    assert values(found) == {"Cough": ["1", ""], "Cold": ["2", "3"]}
    assert not found.rows[0].cells[1].text


@pytest.mark.parametrize(
    ("printed", "text", "marks"),
    [
        ("infiltration†", "infiltration", ("†",)),
        ("Maintenance (N=5);;", "Maintenance (N=5)", (";;",)),
        ("phase;", "phase", (";",)),
        ("Population.*", "Population.", ("*",)),
        ("3 (5)†‡", "3 (5)", ("†", "‡")),
        ("29^a", "29", ("a",)),
        ("value^a,b", "value", ("a", "b")),
        ("10^9", "10^9", ()),
        ("*JAK*x", "*JAK*x", ()),
        ("†", "", ("†",)),
    ],
)
def test_footnote_marks_at_the_end(printed: str, text: str, marks: tuple[str, ...]) -> None:
    found, taken = without_marks(Text.of(printed))
    assert (str(found), taken) == (text, marks)


def test_a_row_of_a_mark_alone_heads_nothing() -> None:
    found = table("Event | Active |", "Skin | |", "; | |", "Rash | 1 |")
    assert [str(text) for text in found.headings] == ["Skin"]
    assert paths(found) == {"Rash": ["Skin"]}


def test_a_cell_of_a_mark_alone_is_no_empty_row() -> None:
    found = table("Event | Active | Rest", "Cough | * | †")
    assert found.rows[0].cells[0].marks == ("*",)


_CELL = st.from_regex(r"[0-9]{1,2} \([0-9]{1,2}\)|[0-9]{1,2}\.[0-9]", fullmatch=True)


@given(st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_cell_is_where_it_is_printed(rows: list[list[str]]) -> None:
    body = "\n".join(f"Row {chr(97 + k)}\t" + "\t".join(row) for k, row in enumerate(rows))
    source = f"A title\n\nRESULTS\n\nName\tOne (N = 3)\tTwo\tThree\n{body}\n"
    (found,) = parse(source, "", "").tables
    assert [[str(cell.text) for cell in row.cells] for row in found.rows] == rows
    for row in found.rows:
        for cell, column in zip(row.cells, found.columns, strict=True):
            assert (cell.row, cell.column) == (row.index, column.index)
            assert source[slice(*cell.text.span())] == str(cell.text)


def test_texts_of_a_table_come_once() -> None:
    found = table(
        "Event | Active (N = 9) | | Rest |", "| Yes | No | Yes |", "Skin | | |", "Rash | 1 | 2 | 3 |"
    )
    assert sorted(map(str, found.texts())) == sorted(
        ["Event", "Active (N = 9)", "Rest", "Yes", "No", "Yes", "Skin", "Rash", "1", "2", "3"]
    )


@pytest.mark.parametrize(
    "rows",
    [
        "a\t" * 60_000,
        ("a\t" * 190 + "1\n") * 100,
        "\tx\n" * 8000,
        "a\t1\n" * 8000,
        ("a\t" * 3000 + "1\n") * 10,
    ],
    ids=["one wide row", "wide rows", "header rows only", "many rows", "rows too wide"],
)
def test_hostile_tables_take_little_time(rows: str) -> None:
    started = time.perf_counter()
    document = parse(f"A title\n\nRESULTS\n\nSee 1.\n\n{rows}\n", "", "")
    assert time.perf_counter() - started < 20
    assert all(len(found.columns) <= 200 for found in document.tables)


def test_a_line_with_more_tabs_than_any_table_has_is_text() -> None:
    source = "A title\n\nRESULTS\n\nThere were" + "\t" * 300 + "5 of them.\n"
    document = parse(source, "", "")
    assert document.tables == ()
    assert [str(block.text) for block in document.blocks][-1] == "There were 5 of them."


def test_two_tables_with_only_blank_lines_between() -> None:
    source = "T\n\nRESULTS\n\nEvent\tActive\nCough\t1\n\nName\tActive\tRest\nRash\t2\t3\n"
    document = parse(source, "", "")
    assert [found.label for found in document.tables] == ["Table 1", "Table 2"]
    assert [len(found.columns) for found in document.tables] == [1, 2]


def test_a_title_in_a_paragraph_of_its_own() -> None:
    source = (
        "T\n\nRESULTS\n\nTable 4. Events in Divers.*\n\nEvent\tActive\nCough\t1\n\nEvent\tRest\nRash\t2\n"
    )
    first, second = parse(source, "", "").tables
    assert first.caption is not None
    assert (first.label, str(first.caption.text), first.caption.mark) == (
        "Table 4",
        "Table 4. Events in Divers.",
        "*",
    )
    assert second.label == "Table 5"
