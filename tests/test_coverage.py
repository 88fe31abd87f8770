"""Every number of a paper is in the graph, explained by a narrow rule, or unaccounted for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import PAPER, SHEET, document, sheet
from perturbation import insert_number, word_gaps

from smm_kg.paper.coverage import Account, Coverage, account_for
from smm_kg.paper.coverage_rules import RULES, STRAY_CELL
from smm_kg.paper.reader import read_study, read_what_fits

RESULTS = (PAPER.index("RESULTS\n\nFLOW"), PAPER.index("Table 1. Adverse"))


def covered(paper: str = PAPER, text: str = SHEET) -> Coverage:
    found = document(paper)
    return account_for(found, read_what_fits(found, sheet(text)).study)


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    found = document()
    return account_for(found, read_study(found, sheet()).study)


def at(coverage: Coverage, context: str, token: str) -> Account:
    (account,) = [each for each in coverage.accounts if each.token == token and context in each.context]
    return account


def test_every_digit_of_the_body_is_accounted_for_once(coverage: Coverage) -> None:
    spans = document().body_spans
    places = [place for each in coverage.accounts for place in range(each.start, each.end)]
    assert len(places) == len(set(places))
    digits = {place for start, end in spans for place in range(start, end) if PAPER[place].isdigit()}
    assert digits <= set(places)
    references = PAPER.index("REFERENCES")
    assert all(each.end < references for each in coverage.accounts)
    assert all(PAPER[each.start : each.end] == each.token for each in coverage.accounts)
    assert [each.start for each in coverage.accounts] == sorted(each.start for each in coverage.accounts)


@pytest.mark.parametrize(
    ("context", "token", "fact"),
    [
        ("for relapse, 0.45; 95%", "0.45", "effect"),
        ("for six cycles", "six", "dose"),
        ("From March 2, 2015", "2015", "recruitment-start"),
        ("Nausea of grade 2", "2", "ae-on-board-nausea-active-2"),
        ("Active (N = 45)", "45", "ae-on-board-nausea-active-1"),
        ("as in two earlier", "two", "earlier"),
        ("At 4", "4", "alive-active"),
    ],
)
def test_what_the_graph_holds(coverage: Coverage, context: str, token: str, fact: str) -> None:
    account = at(coverage, context, token)
    assert (account.verdict, account.reason) == ("in the graph", fact)


@pytest.mark.parametrize(
    ("context", "token", "rule"),
    [
        ("than in others.", "1,2", "citation"),
        ("The first and last authors", "first", "authorship"),
        ("to waiting (Fig. 1).", "1", "figure or table number"),
        ("Table 1. Adverse", "1", "figure or table number"),
        ("Copyright © 2021", "2021", "copyright notice"),
        ("Calle del Mar 12-14", "14", "street number"),
        ("Villamar 54321", "54321", "postal code"),
    ],
)
def test_what_a_rule_explains(coverage: Coverage, context: str, token: str, rule: str) -> None:
    account = at(coverage, context, token)
    assert (account.verdict, account.reason) == ("explained", rule)


def test_what_nobody_reads_is_unaccounted(coverage: Coverage) -> None:
    unread = [each.token for each in coverage.of("unaccounted")]
    assert unread == ["2021", "12", "34", "56", "10.5555", "2021.7", "Both"]


def test_a_citation_that_a_fact_cites_is_in_the_graph(coverage: Coverage) -> None:
    account = at(coverage, "earlier studies.", "2")
    assert (account.verdict, account.reason) == ("in the graph", "earlier")


def test_rules_tell_what_they_explained(coverage: Coverage) -> None:
    uses = {use.name: use for use in coverage.rules}
    assert set(uses) == {rule.name for rule in RULES}
    assert [each.token for each in uses["postal code"].explained] == ["54321"]
    assert uses["hospital name"].explained == ()
    assert sum(len(use.explained) for use in coverage.rules) == len(coverage.of("explained"))


@given(seed=st.integers(0, 10_000), number=st.sampled_from(["737", "12", "0.4", "seven", "45"]))
@settings(max_examples=60, deadline=None)
def test_a_new_number_in_a_sentence_of_the_results_is_unaccounted(seed: int, number: str) -> None:
    gaps = word_gaps(PAPER, *RESULTS)
    paper, start = insert_number(PAPER, gaps[seed % len(gaps)], number)
    found = covered(paper).of("unaccounted")
    assert start in [each.start for each in found]


def test_a_span_over_a_table_does_not_speak_for_its_cells() -> None:
    """A sentence that a table interrupts is read whole, but the table's numbers are not in it."""
    table = PAPER[PAPER.index("Table 1. Adverse") : PAPER.index("DISCUSSION\n\nActive")]
    broken = PAPER.replace(table, "").replace(
        "The median time to relapse was not reached in",
        f"The median time to relapse was not\n\n{table}reached in",
    )
    broken = broken.replace("  - table: Table 1", "")
    text = SHEET[: SHEET.index("tables:")]
    text = re.sub(
        r"  - in: RESULTS/RELAPSE\n    read: >-\n      Nausea.*?percent}\)\n", "", text, flags=re.DOTALL
    )
    found = covered(broken, text)
    cells = [each for each in found.accounts if each.section == ("Table 1",)]
    assert len(cells) > 10
    assert {each.verdict for each in cells} == {"unaccounted"}


# ---------------------------------------------------------------- the rules are narrow


def explained(rule: str, text: str) -> list[str]:
    (found,) = [each for each in RULES if each.name == rule]
    return [text[start:end] for start, end in found.spans(text)]


@pytest.mark.parametrize(
    ("rule", "text", "numbers"),
    [
        ("figure or table number", "shown in Fig. 2A and Table S1, and Figure 3.", ["2A", "S1", "3"]),
        ("figure or table number", "Table 3% of them, Table 1.5, and Fig. 12 patients", ["12"]),
        ("figure or table numbers", "Tables 1 and 2 and 34 patients", ["1 and 2"]),
        ("figure or table numbers", "the tables were 2 and 3", []),
        ("gene or protein name", "anti-CS1, interleukin-6, IL-1β, JAK2, and PD-1", None),
        ("gene or protein name", "interleukin 6 patients, CD 4 patients, in 20 JAK", []),
        ("copyright notice", "Copyright © 2013 in 2013", ["2013"]),
        ("authorship", "first and last authors, the first draft; first patient", ["first", "first"]),
        ("line of therapy", "a first-line regimen; first line therapy is first", ["first", "first"]),
        ("second primary", "a second primary tumor, a second tumor", ["second"]),
        ("first period", "in the first 2 years; the first 2 patients", ["first"]),
        ("the two groups", "the two groups, the two study groups, in two groups of 5", ["two", "two"]),
        ("both groups", "in both groups; both died", ["both"]),
        ("both of two things", "both features, both sets of criteria, both patients", ["both", "both"]),
        ("one after another", "the second patient, and the third was; the third of 3", ["second", "third"]),
        ("discourse", "One limitation is that one patient", ["One"]),
        ("name of a change", "had doubled; doubled to 4", ["doubled"]),
        ("page furniture", "N Engl J Med 369;5 August 1, 2013 for 57 of 3.14", ["369;5", "2013"]),
        ("page furniture", "441", ["441"]),
        ("hospital name", "Hospital 12 de Octubre; 12 de Octubre; Hospital 12 patients", ["12"]),
        ("street number", "Calle del Mar 12-14, Villamar; 12-14 patients", ["12-14"]),
        ("postal code", "Paseo X 5, Villamar 54321, Spain; in 54321, all", ["54321"]),
    ],
)  # fmt: skip
def test_each_rule_explains_what_it_says_and_no_more(rule: str, text: str, numbers: list[str] | None) -> None:
    found = explained(rule, text)
    assert found == numbers if numbers is not None else len(found) == 5


def test_rules_of_the_front_matter_hold_there_alone() -> None:
    bound = {"page furniture", "stray cell", "street number", "postal code", "hospital name"}
    for rule in RULES:
        assert rule.holds_in(("RESULTS", "SAFETY")) == (rule.name not in bound)
        assert rule.description.endswith(".")
    (stray,) = [rule for rule in RULES if rule.name == "stray cell"]
    assert stray.holds_in(("Table 3", STRAY_CELL))
    assert not stray.holds_in(("Table 3",))
    assert [bool(stray.spans(text)) for text in ("7", "12", "123", "0.7", "7 patients")] == [True, True] + [
        False
    ] * 3


RESULT_SENTENCES = (
    "Relapse was seen in {} sailors of the first group and the rate was {} percent.",
    "In the active group, {} patients died, as compared with {} in the other group.",
    "The second analysis was done after {} months in both arms and showed {} events.",
)


@given(st.sampled_from(RESULT_SENTENCES), st.integers(0, 9999), st.integers(0, 99))
def test_no_rule_explains_a_number_of_a_result(sentence: str, one: int, other: int) -> None:
    text = sentence.format(one, other)
    for rule in RULES:
        if rule.holds_in(("RESULTS",)):
            assert not [text[a:b] for a, b in rule.spans(text) if any(map(str.isdigit, text[a:b]))]
