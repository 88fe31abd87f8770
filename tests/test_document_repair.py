"""Text with its places, repairs of characters and words, citations lifted out."""

from __future__ import annotations

import re

import pytest
from document_invariants import _prints
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper.citations import expand
from smm_kg.paper.document import CITATION, Text, merged_spans
from smm_kg.paper.repair import Lexicon, Repair, fold

C = CITATION


def repaired(source: str, references: int = 29, words: str = "") -> Text:
    return Repair(Lexicon.of(words or source), range(1, references + 1))(Text.of(source))


# Text


def test_text_keeps_the_place_of_each_character() -> None:
    text = Text.of("abc def", 4)
    assert (str(text), text.span(), text.span(1, 2)) == ("def", (4, 7), (5, 6))


def test_an_empty_stretch_stands_nowhere() -> None:
    with pytest.raises(ValueError, match="no characters"):
        Text.of("abc").span(2, 2)


def test_a_text_has_a_place_for_each_character() -> None:
    with pytest.raises(ValueError, match="one start and one end"):
        Text("ab", (0,), (1,))


def test_a_joint_stands_for_what_was_between() -> None:
    source = "left ###### right"
    text = Text.join([Text.of(source, 0, 4), Text("", (), ()), Text.of(source, 12)])
    assert str(text) == "left right"
    assert text.span(4, 5) == (4, 12)
    assert source[slice(*text.span(5))] == "right"


@given(
    st.text(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)
)
def test_slices_and_joints_keep_their_places(source: str, cuts: list[tuple[int, int]]) -> None:
    whole = Text.of(source)
    parts = [whole[min(cut) : max(cut)] for cut in sorted(map(sorted, cuts))]
    joined = Text.join(parts, "")
    assert str(joined) == "".join(str(part) for part in parts)
    for character, start, end in zip(joined.text, joined.starts, joined.ends, strict=True):
        assert source[start:end] == character


@given(st.text(alphabet="ab \n", max_size=40))
def test_replacements_keep_what_they_do_not_touch(source: str) -> None:
    text = Text.of(source).sub(re.compile("b+"), lambda match: ("<", (match.start(), match.start() + 1), ">"))
    assert str(text) == re.sub("b+", "<b>", source)
    for character, start, end in zip(text.text, text.starts, text.ends, strict=True):
        assert source[start:end] == character or re.fullmatch("b+", source[start:end])


def test_spans_that_overlap_become_one() -> None:
    source = "abcdefgh"
    texts = [Text.of(source, 5, 7), Text.of(source, 0, 3), Text.of(source, 2, 4), Text("", (), ())]
    assert merged_spans(texts) == ((0, 4), (5, 7))


# Characters and words


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("a\u00a0dose  of\t5\u2009mg", "a dose of 5 mg"),
        ("high\u2010risk, \u22125, co\u00adop", "high-risk, -5, coop"),
        (r"level, \geq 2 or \leq 10", "level, ≥ 2 or ≤ 10"),
        (r"the \overline{Ph} .D. degree", "the Ph .D. degree"),
        ("180 μ mol and 5 µmol", "180 μmol and 5 μmol"),
        ("e\ufb03cacy and \ufb02ow", "efficacy and flow"),
        ("a *KRAS2* mutation, *see* note", "a KRAS2 mutation, see note"),
        ("10^{9}/L and 10⁹/L and 5 m²", "10^9/L and 10^9/L and 5 m^2"),
        ("29^{a} and 6^{th}", "29^a and 6th"),
        ("an empty ^{} one", "an empty one"),
        ("$p = 0.05$ but $5 and $6", "p = 0.05 but $5 and $6"),
        ("0·18 (0·09–0·32), 2·10^{9}", "0.18 (0.09–0.32), 2·10^9"),
        ("the receptor of interleukin- 1β", "the receptor of interleukin-1β"),
        ("‘so’ “said”", "'so' \"said\""),
        ("≧3 and ⩽4", "≥3 and ≤4"),
        ("a private \ue000 character", "a private \ufffd character"),
        ("x\u200by\ufeff", "xy"),
        ("１２．５％ and P＜０．０５", "12.5% and P<0.05"),
        ("3\u20125 and so\u2015so", "3–5 and so—so"),
        ("1\u2009250 and 12\u202f345\u202f678 of 5\u2009mg", "1\u2009250 and 12\u202f345\u202f678 of 5 mg"),
        ("12\u20095 and 12\u20093456", "12 5 and 12 3456"),
        ("a change of \u2212 4.2 (\u2212\u20091)", "a change of -4.2 (-1)"),
        ("12 \u2212 4, 5% \u2212\u20099", "12 - 4, 5% - 9"),
    ],
)
def test_characters(printed: str, expected: str) -> None:
    assert str(repaired(printed)) == expected


@pytest.mark.parametrize(
    ("broken", "elsewhere", "expected"),
    [
        ("withdrawal of pa-\n\ntient consent", "each patient", "withdrawal of patient consent"),
        ("a high-\nrisk group", "the high-risk ones, the high-risk others", "a high-risk group"),
        ("immuno-\nparesis", "", "immunoparesis"),
        ("a 4-\nweek cycle", "", "a 4-week cycle"),
        ("Kaplan-\nMeier", "", "Kaplan-Meier"),
        ("first- or second-line", "", "first- or second-line"),
        ("first-\nor second-line", "", "first- or second-line"),
        ("over-\nall", "overall", "overall"),
        ("0–\n56.6", "", "0–56.6"),
        ("soft\u00ad\nened", "", "softened"),
        ("anti-\r\n- body", "", "antibody"),
        ("treat-  \nment", "", "treatment"),
        ("two\nwords", "", "two words"),
    ],
)
def test_words_broken_at_line_ends(broken: str, elsewhere: str, expected: str) -> None:
    assert str(repaired(broken, words=f"{broken}\n\n{elsewhere}")) == expected


def test_a_sign_spelled_out_stands_for_all_its_characters() -> None:
    source = r"of \geq 2 mg"
    text = repaired(source)
    place = text.text.index("≥")
    assert source[slice(*text.span(place, place + 1))] == r"\geq"
    assert source[slice(*text.span(place + 2, place + 3))] == "2"


_PRINTED = st.lists(
    st.sampled_from(
        ["word", "pa-\ntient", "5", "0.18", " ", "\n", "\u00a0", "\\geq ", "^{3}", "²", "ﬁ", "*x*", "-",
         "\u2010", "μ mol", ".", ",", "(", ")", "$2$", "\u00ad", "3,4 ", ".5 The", "\\overline{a1}", "·",
         "^{", "}", "10^{9}"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(_PRINTED)
def test_every_letter_and_digit_is_printed_at_its_place(source: str) -> None:
    text = repaired(source, words="patient")
    for character, start, end in zip(text.text, text.starts, text.ends, strict=True):
        if character.isalnum():
            assert _prints(source[start:end], character)
    kept = {place for start, end in zip(text.starts, text.ends, strict=True) for place in range(start, end)}
    assert all(place in kept for place, character in enumerate(source) if character.isdecimal())


@given(_PRINTED)
def test_a_repaired_text_has_single_spaces_and_no_line_ends(source: str) -> None:
    text = str(repaired(source))
    assert text == " ".join(text.split())


# Citations


@pytest.mark.parametrize(
    ("printed", "expected", "numbers"),
    [
        ("in myeloma,2,14 is a", f"in myeloma,{C} is a", [(2, 14)]),
        ("low (10% annually),2 a group", f"low (10% annually),{C} a group", [(2,)]),
        ("been found.^{2,14-16} This", f"been found.{C} This", [(2, 14, 15, 16)]),
        ("with agents, $^{3-5}$ bone", f"with agents, {C} bone", [(3, 4, 5)]),
        ("delay (P=0.24).13 It was", f"delay (P=0.24).{C} It was", [(13,)]),
        ("by one year.29", f"by one year.{C}", [(29,)]),
        ("by Doe et al.2 together", f"by Doe et al.{C} together", [(2,)]),
        ("in myeloma.²⁵⁻²⁸ Most", f"in myeloma.{C} Most", [(25, 26, 27, 28)]),
        ("Criteria, version 3.0.24 The", f"Criteria, version 3.0.{C} The", [(24,)]),
        ("version 3.0.²⁴ If", f"version 3.0.{C} If", [(24,)]),
        ("been put,16,22,29 and so", f"been put,{C} and so", [(16, 22, 29)]),
        ("in disease.6\u20108 In it", f"in disease.{C} In it", [(6, 7, 8)]),
        ("in disease.6-\n8 In it", f"in disease.{C} In it", [(6, 7, 8)]),
        ("known,1 (as said),2 so", f"known,{C} (as said),{C} so", [(1,), (2,)]),
    ],
)
def test_citations_are_lifted_out(printed: str, expected: str, numbers: list[tuple[int, ...]]) -> None:
    repair = Repair(Lexicon.of(printed), range(1, 30))
    text = repair(Text.of(printed))
    assert str(text) == expected
    assert [citation.numbers for citation in repair.citations.values()] == numbers
    for citation in repair.citations.values():
        assert re.fullmatch(r"[\d⁰-⁹¹²³,⁻\s\u2010–-]+", printed[citation.start : citation.end])


@pytest.mark.parametrize(
    "printed",
    [
        "by our group. 14 Both were",
        "version 3.0 of it",
        "a ratio of 0.18 was",
        "above >1 g per day",
        "the interleukin-1 receptor",
        "the treated group,3 patients died",
        "in group A,25 mg of it",
        "in 2012.13 The",
        "see Fig.2 The",
        "rose,30 and fell",  # no such reference
        "rose,5,3 and fell",  # a list of references rises
        "rose,0 and fell",
        "a ratio of 1.2 was",
        "SAS 9.1.3 The",
        "about 50%,6 months later",
        "a level.5 of it",
    ],
)
def test_numbers_that_are_no_citations_stay(printed: str) -> None:
    repair = Repair(Lexicon.of(printed), range(1, 30))
    assert str(repair(Text.of(printed))) == printed
    assert not repair.citations


def test_without_a_reference_list_nothing_is_a_citation() -> None:
    assert str(repaired("known,1,2 so.3 The ^{4}", references=0)) == "known,1,2 so.3 The ^4"


@given(st.integers(1, 29), st.sampled_from(["patients", "The", "a", "of"]))
def test_a_number_that_stands_apart_is_never_lifted(number: int, word: str) -> None:
    assert C not in str(repaired(f"there were {number} {word} of them. {number} More (so) {number} The"))


def test_expand() -> None:
    references = frozenset(range(1, 31))
    assert expand("2,14-16", references) == (2, 14, 15, 16)
    assert expand("4–4", references) == ()
    assert expand("16-14", references) == ()
    assert expand("29,31", references) == ()
    assert expand("Doe 2001", references) == ()


def test_fold_is_what_the_repair_does_to_characters() -> None:
    assert fold("a\u2010b\u00ad\nc ≧ µ") == "a-bc ≥ μ"
