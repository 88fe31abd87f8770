"""A made-up paper is read by its sheet: values, places, disagreements, and every anchor that does not fit."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import PAPER, SHEET, document, sheet, write
from perturbation import change_numbers, hyphen_styles, rewrap, space_noise, values_of

from smm_kg.paper.reader import NotThisArticle, Reading, read_paper, read_study, read_what_fits
from smm_kg.paper.sheet import SheetError
from smm_kg.records import Fact, Value, decode, encode


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read_study(write(tmp_path_factory.mktemp("reader")), sheet())


def read(folder: Path, paper: str, text: str = SHEET) -> Reading:
    return read_study(write(folder, paper), sheet(text))


def fact(reading: Reading, id_: str) -> Fact:
    return next(each for each in reading.study.facts if each.id == id_)


def value(reading: Reading, id_: str, measure: str) -> Value:
    return next(each for each in fact(reading, id_).values if each.measure == measure)


def places(found: Value, role: str) -> list[str]:
    return [locator.printed for locator in found.locators if locator.role == role]


def once(old: str, new: str, text: str = PAPER) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


# ---------------------------------------------------------------- what is read


def test_an_effect_is_one_fact_with_all_its_statistics(reading: Reading) -> None:
    effect = fact(reading, "effect")
    assert [(each.measure, each.comparator, each.number, each.unit) for each in effect.values] == [
        ("hazard ratio", "=", Decimal("0.45"), None),
        ("confidence level", "=", Decimal("95"), "%"),
        ("confidence interval lower", "=", Decimal("0.25"), None),
        ("confidence interval upper", "=", Decimal("0.80"), None),
        ("p value", "=", Decimal("0.007"), None),
    ]
    sections = [locator.section for locator in effect.values[0].locators if locator.role == "value"]
    assert sections == [("ABSTRACT", "RESULTS"), ("RESULTS", "RELAPSE")]


def test_every_locator_is_the_printed_text_and_nothing_more(reading: Reading) -> None:
    for each in reading.study.facts:
        for found in each.values:
            assert places(found, "value"), each.id
            for locator in found.locators:
                assert PAPER[locator.start : locator.end] == locator.printed
                assert locator.printed == locator.printed.strip() != ""


def test_status_date_comparator_and_word_are_read(reading: Reading) -> None:
    assert value(reading, "median-active", "median").status == "not reached"
    assert value(reading, "median-active", "median").number is None
    assert value(reading, "recruitment-start", "date").date == "2015-03-02"
    assert value(reading, "recruitment-end", "date").date == "2017-05"
    assert (
        value(reading, "hemoglobin", "threshold").comparator,
        value(reading, "hemoglobin", "threshold").unit,
    ) == (
        "≥",
        "g/dL",
    )
    assert value(reading, "hemoglobin-si", "threshold").comparator == "≥"
    assert value(reading, "dose", "cycles").number == 6
    assert places(value(reading, "dose", "cycles"), "value") == ["six"]
    assert value(reading, "masking", "text").text == "open-label"
    assert fact(reading, "alive-active").timepoint == "4 years"
    assert places(value(reading, "alive-active", "percent"), "timepoint") == ["4 years"]


def test_denominators_are_those_printed_beside_or_of_the_group(reading: Reading) -> None:
    beside, group = value(reading, "relapse-active", "percent"), value(reading, "relapse-waiting", "percent")
    assert (beside.numerator, beside.denominator) == (9, 45)
    assert (group.numerator, group.denominator) == (23, 46)
    (own,) = [locator for locator in beside.locators if locator.role == "denominator"]
    (other,) = [locator for locator in group.locators if locator.role == "denominator"]
    assert own.section == ("RESULTS", "RELAPSE")
    assert other.section == ("RESULTS", "FLOW")
    assert value(reading, "alive-active", "percent").denominator is None


def test_arm_label_and_unit_have_places_of_their_own(reading: Reading) -> None:
    relapse = value(reading, "relapse-waiting", "count")
    assert places(relapse, "arm") == ["waiting group"]
    assert places(relapse, "label") == ["Relapse occurred in"]
    assert places(value(reading, "relapse-waiting", "percent"), "unit") == ["%"]
    assert places(value(reading, "median-waiting", "median"), "unit") == ["months"]


def test_a_cell_has_row_column_grade_and_the_size_in_its_header(reading: Reading) -> None:
    nausea = fact(reading, "ae-on-board-nausea-active-2")
    assert (nausea.grade, nausea.phase, nausea.arm, nausea.population) == ("2", "on-board", "active", "all")
    count, percent = nausea.values
    assert (count.number, percent.number) == (Decimal(5), Decimal(11))
    assert (percent.unit, percent.denominator) == ("%", 45)
    first = count.locators[0]
    assert (first.table, first.row) == ("Table 1", "On board / Nausea")
    assert first.column == "Active (N = 45) / Grade 2 / no. (%)"
    assert first.section == ("Table 1",)
    assert places(count, "value") == ["5", "5"]  # the cell, then the sentence
    assert places(count, "grade") == ["2", "2"]
    assert places(count, "denominator") == ["45"]
    assert places(percent, "unit") == ["%", "%"]


def test_a_zero_is_a_count_without_percentage(reading: Reading) -> None:
    zero = fact(reading, "ae-on-board-vertigo-active-2")
    assert [(each.measure, each.number, each.numerator, each.denominator) for each in zero.values] == [
        ("count", Decimal(0), 0, 45)
    ]


def test_a_header_row_may_change_the_denominator_to_the_group(reading: Reading) -> None:
    ashore = value(reading, "ae-ashore-nausea-active-1", "count")
    (denominator,) = [locator for locator in ashore.locators if locator.role == "denominator"]
    assert (ashore.denominator, denominator.section) == (45, ("RESULTS", "FLOW"))


def test_citations_and_references(reading: Reading) -> None:
    assert fact(reading, "earlier").cites == (2,)
    assert [(each.number, each.key, each.study) for each in reading.study.references] == [
        (1, "Cook 1999", "cook-1999"),
        (2, "Tide Study Group 2004", None),
    ]
    for each in reading.study.references:
        assert PAPER[each.locator.start : each.locator.end] == each.locator.printed


def test_facts_keep_the_order_of_the_sheet(reading: Reading) -> None:
    ids = [each.id for each in reading.study.facts]
    declared = list(sheet().facts)
    assert ids[: len(declared)] == declared
    assert ids[len(declared) :] == [
        f"ae-{phase}-{event}-{arm}-{ordinal}"
        for phase, event in (("on-board", "nausea"), ("on-board", "vertigo"), ("ashore", "nausea"))
        for arm in ("active", "waiting")
        for ordinal in (1, 2)
    ]


def test_the_study_is_copied_from_the_sheet_and_written_and_read_back(reading: Reading) -> None:
    study = reading.study
    assert study.document.title == "Fluvoxamab for Quiet Lymphoma in Sailors"
    assert study.document.characters == len(PAPER)
    assert [arm.role for arm in study.arms] == ["experimental", "no intervention"]
    assert study.endpoints[0].event == "relapsed"
    assert decode(encode(study)) == study
    assert reading.disagreements == ()
    assert reading.problems == ()


def test_reading_twice_gives_the_same_bytes(tmp_path: Path, reading: Reading) -> None:
    assert encode(read(tmp_path, PAPER).study) == encode(reading.study)


def test_a_file_is_read_in_one_step(tmp_path: Path, reading: Reading) -> None:
    write(tmp_path)
    assert read_paper(tmp_path / "paper.txt", sheet()).study == reading.study


# ---------------------------------------------------------------- disagreement


def test_a_statement_repeated_with_another_value_is_kept_and_reported(tmp_path: Path) -> None:
    found = read(tmp_path, once("for relapse, 0.45;", "for relapse, 0.54;"))
    (disagreement,) = found.disagreements
    assert disagreement.fact == "effect"
    assert disagreement.about == "hazard ratio"
    assert (disagreement.earlier, disagreement.later) == ("0.54", "0.45")
    assert disagreement.variant == "effect-as-stated-in-results-relapse"
    variant = fact(found, disagreement.variant)
    assert variant.varies == "effect"
    assert variant.values[0].number == Decimal("0.45")
    assert fact(found, "effect").values[0].number == Decimal("0.54")


def test_a_sentence_that_contradicts_a_cell_is_a_variant_of_the_cell(tmp_path: Path) -> None:
    found = read(tmp_path, once("Nausea of grade 2", "Nausea of grade 1"))
    (disagreement,) = found.disagreements
    assert (disagreement.fact, disagreement.about) == ("ae-on-board-nausea-active-2", "grade")
    assert fact(found, disagreement.variant).grade == "1"


# ---------------------------------------------------------------- what does not fit


def problems(folder: Path, paper: str, text: str = SHEET) -> SheetError:
    with pytest.raises(SheetError) as caught:
        read(folder, paper, text)
    return caught.value


def test_an_anchor_that_matches_nothing_names_what_was_perhaps_meant(tmp_path: Path) -> None:
    error = problems(tmp_path, once("hemoglobin level was at least", "hemoglobin value was at least"))
    (problem,) = error.problems
    assert problem.what == "the anchor matches nothing"
    assert problem.where == "METHODS/PATIENTS"
    assert problem.anchor is not None
    assert "hemoglobin level was" in problem.anchor
    assert any("hemoglobin value was at least 11" in candidate for candidate in problem.candidates)
    start, end = next(re.findall(r"\[(\d+)-(\d+)\]", candidate)[0] for candidate in problem.candidates)
    changed = PAPER.replace("level was at least", "value was at least")
    assert changed[int(start) : int(end)].strip().startswith("Sailors were eligible")


def test_an_anchor_that_matches_twice_shows_both_places(tmp_path: Path) -> None:
    doubled = once(
        "Active care was", "At a dose of 9 mg per day on days 2 to 3, for two cycles. Active care was"
    )
    (problem,) = problems(tmp_path, doubled).problems
    assert problem.what == "the anchor matches 2 times, not once"
    assert len(problem.candidates) == 2
    many = once("  - in: METHODS/TREATMENT\n", "  - in: METHODS/TREATMENT\n    times: many\n", text=SHEET)
    found = read(tmp_path, doubled, many)
    assert [each.variant for each in found.disagreements] == ["dose-as-stated-in-methods-treatment"]


def test_all_problems_of_a_paper_are_told_at_once(tmp_path: Path) -> None:
    paper = once("hemoglobin level was", "hemoglobin value was").replace("Vertigo†", "Dizziness")
    paper = paper.replace("for relapse was 0.45", "of relapses was 0.45")
    error = problems(tmp_path, paper)
    told = str(error)
    assert error.what == "4 places of the sheet byron-2021 cannot be read in this document"
    assert "Dizziness' is named by no row of the sheet" in told
    assert "there is no row 'Vertigo'" in told
    assert "hemoglobin value was" in told
    assert "anchor: ratio for relapse was {effect: effect}" in told


def test_a_sentence_in_the_wrong_section_is_found_elsewhere(tmp_path: Path) -> None:
    text = once('  - {in: RESULTS/RELAPSE, read: "ratio', '  - {in: DISCUSSION, read: "ratio', text=SHEET)
    (problem,) = problems(tmp_path, PAPER, text).problems
    assert any(candidate.startswith("elsewhere: RESULTS/RELAPSE") for candidate in problem.candidates)


def test_a_paper_cut_short_lacks_sections(tmp_path: Path) -> None:
    error = problems(tmp_path, PAPER[: PAPER.index("RELAPSE\n\nRelapse occurred")])
    assert "it lacks the sections RESULTS/RELAPSE, DISCUSSION: is it cut short?" in str(error)
    assert any(problem.what == "the paper has no Table 1" for problem in error.problems)
    assert str(error).splitlines()[-1] == f"  … and {len(error.problems) - 5} more"


def test_another_article_is_told_by_its_title(tmp_path: Path) -> None:
    with pytest.raises(NotThisArticle, match="its title is 'Fluvoxamab for Loud Lymphoma in Sailors'"):
        read(tmp_path, once("for Quiet Lymphoma in Sailors", "for Loud Lymphoma in Sailors"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("3 (7)\t0", "3 (x)\t0", "cannot be read as n-percent"),
        ("Event\t", "Happening\t", "does not hold the words"),
        ("Table 1. Adverse", "Table 4. Adverse", "has no Table 1"),
        (
            "Nausea\t1 (2)",
            "Vertigo\t0\t0\t0\t0\nVertigo\t0\t0\t0\t0\nNausea\t1 (2)",
            "two cells give the fact",
        ),
    ],
)
def test_tables_that_do_not_fit(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert what in str(problems(tmp_path, once(old, new)))


def test_every_column_has_a_plan_and_every_plan_a_column(tmp_path: Path) -> None:
    text = once("header: Event Active Waiting", "header: Event Active", text=SHEET)
    told = str(problems(tmp_path, once("Waiting (N = 46)", "Sham (N = 46)"), text))
    assert "the column 'Sham (N = 46) / Grade 1 / no. (%)' is named by no column of the sheet" in told
    assert "there is no column 'Waiting'" in told


def test_an_empty_cell_is_a_warning_and_no_value(tmp_path: Path) -> None:
    found = read(tmp_path, once("Vertigo†\t3 (7)", "Vertigo†\t"))
    name = "Active (N = 45) / Grade 1 / no. (%)"
    assert found.warnings == (f"Table 1: row 'Vertigo', column '{name}' is empty",)
    assert "ae-on-board-vertigo-active-1" not in {each.id for each in found.study.facts}


def test_two_values_of_one_measure_need_two_facts(tmp_path: Path) -> None:
    text = once(
        "{hemoglobin-si: threshold of hemoglobin}", "{hemoglobin: threshold of hemoglobin}", text=SHEET
    )
    text = text.replace("  hemoglobin-si: {kind: eligibility, subject: hemoglobin}\n", "")
    (problem,) = problems(tmp_path, PAPER, text).problems
    assert "two values of the measure 'threshold'" in problem.what


def test_words_of_the_wrong_arm_are_a_problem(tmp_path: Path) -> None:
    text = once(
        "was {median-active: median} in the active", "was {median-active: median} in the {a}", text=SHEET
    )
    named = text.replace("{a} group", '{median-active.arm: "active group"}')
    assert fact(read(tmp_path, PAPER, named), "median-active").arm == "active"
    wrong = text.replace("{a} group", '{median-waiting.arm: "active group"}')
    (problem,) = problems(tmp_path, PAPER, wrong).problems
    assert "names the arm active, but the fact median-waiting concerns the arm waiting" in problem.what


def test_what_fits_is_read_although_something_does_not() -> None:
    paper = once("hemoglobin level was", "hemoglobin value was")
    found = read_what_fits(document(paper), sheet())
    assert len(found.problems) == 1
    ids = {each.id for each in found.study.facts}
    assert "hemoglobin" not in ids
    assert "effect" in ids


# ---------------------------------------------------------------- other recoveries, other numbers


@given(seed=st.integers(0, 10_000), width=st.integers(36, 120))
@settings(max_examples=25, deadline=None)
def test_another_recovery_of_the_text_reads_the_same(seed: int, width: int) -> None:
    paper = space_noise(hyphen_styles(rewrap(PAPER, width, seed), seed), seed)
    again = read_study(document(paper), sheet())
    assert values_of(again.study) == values_of(read_study(document(), sheet()).study)


FLOAT = (
    "Table 9. Sails.\nSail\tArea (N = 45)\nGreat\t737 (99)\nSmall\t61 (88)\n\n"
    "Copyright © 2021 Society of Harbors. All rights reserved.\n\n"
)
RELAPSE = slice(PAPER.index("Relapse occurred in 9"), PAPER.index("Table 1. Adverse"))


@given(place=st.integers(0, PAPER[RELAPSE].count(" ") - 1))
@settings(max_examples=60, deadline=None)
def test_no_place_holds_text_of_a_float_that_breaks_its_sentence(place: int) -> None:
    """Wherever a float stands within the sentences, the values are the same, or the sentence is not read."""
    gap = [match.end() for match in re.finditer(" ", PAPER[RELAPSE])][place] + RELAPSE.start
    paper = f"{PAPER[:gap]}\n\n{FLOAT}{PAPER[gap:]}"
    whole = {each.id: each for each in read_what_fits(document(), sheet()).study.facts}
    broken = range(gap + 1, gap + 1 + len(FLOAT))
    for fact in read_what_fits(document(paper), sheet()).study.facts:
        for value in fact.values:
            known = {each.measure: each for each in whole[fact.id].values}[value.measure]
            assert (value.number, value.status, value.text) == (known.number, known.status, known.text)
            for locator in value.locators:
                assert locator.printed == paper[locator.start : locator.end]
                assert locator.end <= broken.start or locator.start >= broken.stop


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_changed_numbers_are_read_as_changed(seed: int) -> None:
    paper, changes = change_numbers(PAPER, seed)
    became = {change.start: change for change in changes}
    changed, facts = read_study(document(paper), sheet()), read_study(document(), sheet()).study.facts
    assert changed.disagreements == ()
    assert len(changed.study.facts) == len(facts)
    for before, after in zip(facts, changed.study.facts, strict=True):
        assert (before.id, len(before.values)) == (after.id, len(after.values))
        for old, new in zip(before.values, after.values, strict=True):
            old_places = [locator for locator in old.locators if locator.role == "value"]
            new_places = [locator for locator in new.locators if locator.role == "value"]
            for one, other in zip(old_places, new_places, strict=True):
                change = became.get(one.start)
                if change is not None and change.old == one.printed:
                    assert (other.start, other.printed) == (change.new_start, change.new)
            if new.number is not None and new_places[0].printed[0].isdigit():
                assert new.number == Decimal(new_places[0].printed)
