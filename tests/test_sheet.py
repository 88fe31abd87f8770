"""A sheet is read strictly: every problem is named with its line, its path and the rule it breaks."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import SHEET, sheet

from smm_kg.paper.sheet import SheetError, load_sheet, parse_sheet
from smm_kg.paper.sheet_model import Context
from smm_kg.paper.table_plan import TableIds, context_of, fact_id, slug
from smm_kg.yaml_text import YamlError

MASKING = "{kind: design, subject: masking}"
RATIO = "ratio for relapse was {effect: effect}"
VERTIGO = "{row: Vertigo, subject: vertigo}"


def problems(text: str) -> list[str]:
    with pytest.raises(SheetError) as caught:
        parse_sheet(text, "x.yaml")
    assert str(caught.value).startswith("x.yaml: the sheet has")
    return [f"{problem.where}: {problem.what}" for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert SHEET.count(old) == 1, old
    return SHEET.replace(old, new)


def test_a_good_sheet_is_read() -> None:
    read = sheet()
    assert read.study == "byron-2021"
    assert read.references == {1: "cook-1999"}
    assert read.facts["effect"].contrast == "active-vs-waiting"
    assert read.statements[0].sections == (("ABSTRACT", "METHODS"),)
    assert [row.row for row in read.tables[0].rows] == ["Nausea", "Vertigo"]
    assert read.arms[0].words == ("active group", "active care")


def test_a_sheet_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "byron-2021.yaml"
    path.write_text(SHEET, encoding="utf-8")
    assert load_sheet(path) == sheet()
    with pytest.raises(YamlError, match="cannot be read"):
        load_sheet(tmp_path / "other.yaml")


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("masking: {kind: design, ", "masking: {kind: desing, ", "facts.masking.kind", "invalid enum value"),
        ("masking: {kind: design, ", "masking: {kind: design, colour: x, ", "facts.masking", "`colour`"),
        (
            "masking: {kind: design, subject: masking}",
            "masking: {kind: design}",
            "facts.masking",
            "`subject`",
        ),
        ("{row: Vertigo, subject", "{row: Vertigo, sujbect", "tables[0].rows[1]", "`sujbect`"),
        ("references: {1:", "references: {one:", "references", "expected `int`"),
        ("label: Byron 2021\n", "", "line 1", "`label`"),
    ],
)
def test_fields_of_the_wrong_name_or_type(old: str, new: str, where: str, what: str) -> None:
    (problem,) = problems(changed(old, new))
    assert where in problem
    assert what in problem


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        # ids
        ("  masking: {kind", "  mask.ing: {kind", "facts.mask.ing", "not an id"),
        ("  masking: {kind", "  arm-masking: {kind", "facts.arm-masking", "reserved word 'arm'"),
        ("  masking: {kind", "  Masking: {kind", "facts.Masking", "not an id"),
        ("{id: all, label", "{id: all of, label", "sets[0].id", "not an id"),
        ("  - {id: all, ", "  - {id: all, label: x, term: y}\n  - {id: all, ", "sets[1].id", "twice in sets"),
        ("study: byron-2021", "study: Byron", "study", "not a study id"),
        # names that nothing declares
        ("reference: waiting}]", "reference: waitng}]", "contrasts[0].reference", "no arm 'waitng'"),
        ("reference: waiting}]", "reference: active}]", "contrasts[0]", "contrasted with itself"),
        ("all, size: assigned-waiting", "al, size: assigned-waiting", "groups[1]", "'al'"),
        ("size: assigned-waiting}", "size: assigned-wating}", "groups[1].size", "no fact 'assigned-wating'"),
        ("event: relapsed,", "event: relapse,", "endpoints[0].event", "no criterion 'relapse'"),
        ("members: [relapse-active]", "members: [relapsed]", "criteria[0]", "member of itself"),
        ("members: [relapse-active]", "members: [x]", "criteria[0].members", "no fact or criterion 'x'"),
        ("members: [relapse-active]", "members: []", "criteria[0].members", "needs members"),
        ("parts: [dose]", "parts: [doze]", "regimens[0].parts", "no fact 'doze'"),
        ("fluvoxamab, arm: active,", "fluvoxamab, arm: activ,", "facts.dose.arm", "no arm 'activ'"),
        ("contrast: active-vs-waiting,", "contrast: a-b,", "facts.effect.contrast", "no contrast 'a-b'"),
        (MASKING, MASKING[:-1] + ", category: '#x'}", "category", "'x'"),
        (MASKING, MASKING[:-1] + ", denominator: y}", "denominator", "'y'"),
        # statements and their phrases
        ('{masking: "open', '{maskng: "open', "statements[0].read", "'maskng'"),
        ("{alive-active.timepoint:", "{alive-active.tmepoint:", "statements[2].read", "no field 'tmepoint'"),
        (RATIO, "ratio for relapse 3 was {effect: effect}", "statements[8]", "'3'"),
        (RATIO, "ratio was {effect: nonsense}", "statements[8].read", "nonsense"),
        ("in: METHODS/PATIENTS", "in: METHODS/", "statements[3].in", "empty part"),
        # numbers that the paper should give
        (MASKING, MASKING[:-1] + ", timepoint: 3 a}", "timepoint", "'3'"),
        (MASKING, MASKING[:-1] + ", remark: of 12}", "remark", "'12'"),
        ("label: relapse, purpose", "label: 2 relapses, purpose", "criteria[0].label", "'2'"),
        # tables
        (VERTIGO, "{row: Vertigo}", "tables[0].rows[1]", "no subject"),
        ("    cell: n-percent\n", "", "tables[0].rows[0]", "no cell is given"),
        ("    cell: n-percent\n", "    cell: n-prcent\n", "tables[0].rows[0]", "n-prcent"),
        (VERTIGO, "{row: Grade 3, subject: vertigo}", "tables[0].rows[1].row", "'3'"),
        ("{subject}-{arm}-{ordinal}", "{subjct}-{arm}-{ordinal}", "tables[0].id", "'subjct'"),
        (VERTIGO, VERTIGO[:-1] + ", category: row}", "rows[1]", "category_id"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_named_with_its_place(old: str, new: str, where: str, what: str) -> None:
    found = problems(changed(old, new))
    assert any(where in problem.split(": ")[0] and what in problem for problem in found), found


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    text = changed("size: assigned-waiting}", "size: x1}").replace("parts: [dose]", "parts: [x2]")
    text = text.replace(
        '"hazard ratio for relapse, {effect: effect}"', '"hazard ratio for relapse, {effct: effect}"'
    )
    found = problems(text)
    assert [problem.split("'")[1] for problem in found] == ["x1", "x2", "effct"]
    for problem, sign in zip(found, ("x1", "x2", "effct"), strict=True):
        line = int(problem.split(",")[0].removeprefix("line "))
        assert any(sign in each for each in text.splitlines()[line - 1 : line + 1])


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(SheetError) as caught:
        parse_sheet(changed("parts: [dose]", "parts: [doze]"), "x.yaml")
    assert "dose" in caught.value.problems[0].candidates
    assert "candidate: dose" in str(caught.value)


def test_a_fact_that_no_statement_reads_is_a_problem() -> None:
    text = changed("  masking: {kind", "  unread: {kind: design, subject: x}\n  masking: {kind")
    assert problems(text) == ["line 21, facts.unread: fact unread never gets a value: no statement reads one"]
    context_only = changed(
        "{alive-active: percent} of the sailors", "{effect: percent as share} of the sailors"
    )
    assert any("alive-active never gets a value" in problem for problem in problems(context_only))


def test_a_fact_id_given_twice_is_refused() -> None:
    with pytest.raises(YamlError, match="'masking' twice"):
        parse_sheet(changed("  assigned: {kind", "  masking: {kind: design, subject: x}\n  assigned: {kind"))


def test_a_table_may_not_make_a_declared_fact() -> None:
    text = changed(
        "  masking: {kind",
        "  ae-ashore-nausea-active-x: {kind: death, subject: x}\n  masking: {kind",
    ).replace("-{ordinal}", "-x")
    assert any("which facts declares too" in problem for problem in problems(text))


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(SheetError, match="not a mapping"):
        parse_sheet(text)


def test_the_context_of_a_cell_is_the_rows_before_the_tables() -> None:
    (table,) = sheet().tables
    context = context_of(table, table.columns[0], table.under[1], table.rows[0])
    assert (context.kind, context.arm, context.phase, context.denominator) == (
        "adverse-event",
        "active",
        "ashore",
        "group",
    )
    assert fact_id(table.id or "", context, None, ordinal=2) == "ae-ashore-nausea-active-2"
    with pytest.raises(KeyError, match="contrast"):
        fact_id("{contrast}", context, None)


def test_ids_with_parts_that_the_paper_gives_are_known_by_their_pattern() -> None:
    ids = TableIds(sheet().tables)
    assert "ae-ashore-nausea-active-2" in ids
    assert "ae-ashore-nausea-2" not in ids
    assert "ae-ashore-cough-active-2" not in ids
    assert ids.complete == frozenset()


def test_grades_make_ids_without_signs() -> None:
    assert [fact_id("g-{grade}", Context(grade=grade), None) for grade in ("1-2", ">=3", "<=2", "any")] == [
        "g-1-2",
        "g-ge-3",
        "g-le-2",
        "g-any",
    ]


@given(st.text())
def test_slugs_are_slugs(text: str) -> None:
    made = slug(text)
    assert made == slug(made)
    assert all(character.isascii() and (character.isalnum() or character == "-") for character in made)
    assert not made.startswith("-")
    assert not made.endswith("-")


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_reader_of_sheets(text: str) -> None:
    with suppress(SheetError, YamlError):
        parse_sheet(text)


@given(st.sampled_from(SHEET.splitlines()), st.text(max_size=8))
def test_a_changed_line_gives_a_sheet_or_a_clear_error(line: str, noise: str) -> None:
    with suppress(SheetError, YamlError):
        assert parse_sheet(SHEET.replace(line, line + noise, 1)).study
