"""The phrase language: what matches, what is read in slots, and which phrases are refused."""

# ruff: noqa: E501 - the tables of examples read better across

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper.phrase import Match, Phrase, PhraseError, Target
from smm_kg.paper.production import Part
from smm_kg.paper.wording import sentences

# A made-up report, in the shape in which papers print their results.
TEXT = (
    "After a median follow-up of 33 months (range, 12 to 51), the median time to relapse was longer with "
    "the new drug than with placebo (median not reached vs. 17 months; hazard ratio for relapse, 0.62; 95% "
    "confidence interval [CI], 0.41 to 0.93; P<0.02).\ue000 The 4-year survival rate was higher in the drug group "
    "(85% vs. 74%). Patients with renal failure (creatinine level, ≥ 3 mg per deciliter [265 μmol per liter]) "
    "were excluded; a twosided log-rank test was used in this open - label trial of highrisk disease. Rash of "
    "grade 1 (in 23% of the patients) or 2 (in more than 12%) was seen. Doses fell from a daily dose of "
    "tamvirex of 45 mg to 30 mg in seven of the nine women."
)


def only(phrase: str, text: str = TEXT) -> Match:
    """The one match of a phrase."""
    matches = Phrase.parse(phrase).matches(text)
    assert len(matches) == 1, (phrase, matches)
    return matches[0]


def values(phrase: str, text: str = TEXT) -> dict[str, list[str]]:
    """What each fact reads: measure, comparator, value and unit of each part."""
    read: dict[str, list[str]] = {}
    for reading in only(phrase, text).readings:
        for part in reading.parts:
            value = str(part.number) if part.number is not None else part.text or part.date or part.status
            sign = "" if part.comparator == "=" else part.comparator
            words = " ".join(filter(None, [part.measure, sign + value, part.unit]))
            for target in reading.slot.targets:
                name = f"{target.fact}.{target.field}" if target.field else target.fact
                read.setdefault(name, []).append(words)
    return read


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("median {a: median} vs. {b: median}", {"a": ["median not reached"], "b": ["median 17 mo_j"]}),
        ("MEDIAN {a: median} Versus {b: median}", {"a": ["median not reached"], "b": ["median 17 mo_j"]}),
        (
            "hazard ratio for relapse, {e: effect}",
            {"e": ["hazard ratio 0.62", "confidence level 95 %", "confidence interval lower 0.41",
                   "confidence interval upper 0.93", "p value <0.02"]},
        ),
        ("hazardratio for relapse {e: effect as odds ratio}",
         {"e": ["odds ratio 0.62", "confidence level 95 %", "confidence interval lower 0.41",
                "confidence interval upper 0.93", "p value <0.02"]}),
        ("follow up of {f: median-range}", {"f": ["median 33 mo_j", "minimum 12 mo_j", "maximum 51 mo_j"]}),
        ("follow-up of {f: quantity as median} (range, {f: range in mo_j})",
         {"f": ["median 33 mo_j", "minimum 12 mo_j", "maximum 51 mo_j"]}),
        ("The {a.timepoint, b.timepoint: timepoint} survival rate … drug group ({a: percent} vs {b: percent})",
         {"a.timepoint": ["timepoint 4 years"], "b.timepoint": ["timepoint 4 years"],
          "a": ["percent 85 %"], "b": ["percent 74 %"]}),
        ("creatinine level, {c: threshold} [{si: threshold of c}]) were",
         {"c": ["threshold ≥3 mg/dL"], "si": ["threshold ≥265 umol/L"]}),
        ("a {t: count as sides}sided log-rank test", {"t": ["sides 2"]}),
        ('a {t: "twosided" => "two-sided"} log-rank test', {"t": ["text two-sided"]}),
        ('in this {m: "open-label"} trial of high-risk disease', {"m": ["text open-label"]}),
        ("grade {a.grade: grade} (in {a: percent} of the patients) or {b.grade: grade} (in {b: percent})",
         {"a.grade": ["grade 1"], "a": ["percent 23 %"], "b.grade": ["grade 2"], "b": ["percent >12 %"]}),
        ("from a {d: dose as first dose} to {d: dose as later dose in mg/d} in",
         {"d": ["first dose 45 mg/d", "later dose 30 mg/d"]}),
        ("in {w: n-of-N} women", {"w": ["count 7", "denominator 9"]}),
        ("Patients with {x: words} (creatinine", {"x": ["text renal failure"]}),
    ],
)  # fmt: skip
def test_slots_read_what_stands_there(phrase: str, expected: dict[str, list[str]]) -> None:
    assert values(phrase) == expected


def test_spans_of_a_match() -> None:
    match = only("median {a: median} vs. {b: median}; hazard ratio")
    assert TEXT[match.start : match.end] == "median not reached vs. 17 months; hazard ratio"
    assert [TEXT[slice(*span)] for span in match.literals] == ["median", "vs", "hazard ratio"]
    assert match.label is not None
    assert TEXT[slice(*match.label)] == "median"
    reading = match.readings[1]
    assert TEXT[reading.start : reading.end] == "17 months"
    assert TEXT[reading.parts[0].start : reading.parts[0].end] == "17"


def test_a_phrase_of_slots_alone_has_no_label() -> None:
    match = Phrase.parse("{: number}–{: number}", label=True).whole("12 – x")
    assert match is None
    match = Phrase.parse("{: range}", label=True).whole("12–51 ‡")
    assert match is not None
    assert match.label is None


def test_targets_of_a_phrase() -> None:
    phrase = Phrase.parse("of {a, b.timepoint: timepoint} and {a.grade: grade}")
    assert phrase.targets == {Target("a", None), Target("b", "timepoint"), Target("a", "grade")}
    assert [slot.source for slot in phrase.slots] == ["{a, b.timepoint: timepoint}", "{a.grade: grade}"]


# --- wording

WORDS = [
    "severe",
    "high-risk",
    "disease",
    "anti-drug",
    "treatment",
    "group",
    "follow-up",
    "Kaplan-Meier",
    "état",
]


@st.composite
def disturbed(draw: st.DrawFn, words: list[str]) -> str:
    """The words as damaged text prints them: case, hyphens, spaces and punctuation between words altered."""
    printed = []
    for word in words:
        hyphen = draw(st.sampled_from(["-", "", " ", "‑", "–", " - ", "-\n"]))
        case = draw(st.sampled_from(["lower", "upper", "capitalize"]))
        printed.append(str(getattr(word.replace("-", hyphen), case)()))
    marks = [" ", ", ", " (", ") ", "; ", "\ue000 ", "† ", ' "', " \n", ". ", ""]
    text = printed[0]
    for word in printed[1:]:
        mark = draw(st.sampled_from(marks))
        text += mark + (word.lower() if mark == ". " else word)
    return str(text)


@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=2, max_size=8), st.integers(0, 999))
def test_words_match_however_they_are_printed(data: st.DataObject, words: list[str], value: int) -> None:
    text = f"Of all, {data.draw(disturbed(words))} {value} were, as said, here."
    match = only(" ".join(words) + " {x: count} were", text)
    assert match.readings[0].parts[0].number == value


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("severe rash in", "severe rashes in"),
        ("rash in", "crash in"),
        ("IgG level", "IgG4 level"),
        ("drug group {x: percent}", "drug group. The 40% of"),
        ("severe rash", "severe. Rash"),
        ("severe rash", 'severe.\ue000 "Rash'),
        ("in {x: percent} of women", "in 40% of men"),
        ("{x: count} women", "KRAS2 women"),
        ("{x: count} women", "1.5 women"),
        ("no {x: count} women", "no 5% women"),
        ("a {x: threshold} b", "a 5% b"),
        ('a {x: "open-label"} trial', "a opened-label trial"),
    ],
)
def test_other_words_do_not_match(phrase: str, text: str) -> None:
    assert Phrase.parse(phrase).matches(text) == []


def test_a_full_stop_in_the_phrase_crosses_the_sentence_end() -> None:
    text = "Levels rose by 4 mg. In seven women they fell, e.g. in those on placebo."
    assert Phrase.parse("rose by {a: quantity}. In {b: count} women").matches(text)
    assert not Phrase.parse("rose by {a: quantity} in {b: count} women").matches(text)
    assert Phrase.parse("they fell, e.g. in those").matches(text)


@pytest.mark.parametrize(
    ("phrase", "text", "number"),
    [
        ("difference {x: number as difference}", "difference -4.2 points", "-4.2"),
        ("difference {x: number as difference}", "difference (−4.2)", "-4.2"),
        ("difference {x: number as difference}", "difference - 4.2", "4.2"),
        ("was {x: p}", "was P=.04", "0.04"),
        ("value {x: number as value}", "value: .04", "0.04"),
    ],
)
def test_signs_and_points_belong_to_the_number(phrase: str, text: str, number: str) -> None:
    assert only(phrase, text).readings[0].parts[0].number == Decimal(number)


def test_free_words_may_open_a_text() -> None:
    text = "Ana-María de la Cruz, M.D., José-F. San Juan, M.D., Ph.D., and Li Wei, Ph.D."
    assert values("{a: words}, M.D., {b: words}, M.D., Ph.D., and {c: words}, Ph.D.", text) == {
        "a": ["text Ana-María de la Cruz"],
        "b": ["text José-F. San Juan"],
        "c": ["text Li Wei"],
    }


def test_citations_are_read_and_skipped() -> None:
    text = "low in trials,\ue000 as shown.\ue000 Both were in our group. 14 Both sets"
    assert values("in trials {x.cites: citations} as", text) == {"x.cites": ["citations \ue000"]}
    assert values("as shown {x.cites: citations}", text) == {"x.cites": ["citations \ue000"]}
    assert values("our group. {x.cites: citations}", text) == {"x.cites": ["citations 14"]}
    assert only("in trials as shown", text)


# --- gaps


def test_a_gap_skips_words_but_never_a_number() -> None:
    assert values("median … relapse was … the new drug … placebo (median {a: median}") == {
        "a": ["median not reached"]
    }
    assert Phrase.parse("median follow-up … relapse").matches(TEXT) == []  # 33 stands between
    text = "seen in twice as many women as men, of whom 12 died"
    assert Phrase.parse("seen … died").matches(text) == []
    assert Phrase.parse("seen … women").matches(text) == []
    assert Phrase.parse("many … of whom {x: count} died").matches(text)


@pytest.mark.parametrize(
    "word", ["seven", "both", "twosided", "monthly", "third", "½", "²", "0.5", "half-way", "pre-7"]
)
def test_no_kind_of_number_is_skipped(word: str) -> None:
    assert Phrase.parse("seen … died").matches(f"seen in {word} women who died") == []


def test_a_gap_stays_inside_the_sentence_and_is_short() -> None:
    assert Phrase.parse("seen … died").matches("seen in women. Men died") == []
    assert Phrase.parse("seen … died").matches("seen in women, e.g. the old, who died")
    assert Phrase.parse("seen … died").matches("seen " + "so " * 40 + "died")
    assert Phrase.parse("seen … died").matches("seen " + "so " * 41 + "died") == []


@pytest.mark.parametrize("before", ["over", "under", "within about", "beyond", "up to almost"])
def test_a_comparator_that_cannot_be_read_is_not_skipped(before: str) -> None:
    assert Phrase.parse("seen … {x: percent}").matches(f"seen in women {before} 30%") == []


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("seen in less than 30%", "<"),
        ("seen in no more than 30%", "≤"),
        ("seen (in ≥30%)", "≥"),
        ("seen 30%", "="),
    ],
)
def test_the_slot_reads_the_comparator(text: str, comparator: str) -> None:
    assert only("seen … {x: percent}", text).readings[0].parts[0].comparator == comparator


def test_a_leading_slot_keeps_its_comparator() -> None:
    assert values("{x: percent} of women", "in more than 30% of women") == {"x": ["percent >30 %"]}
    assert Phrase.parse("{x: percent} of women").matches("in over 30% of women") == []


@pytest.mark.parametrize("text", ["in 20 to 30% of women", "in 20–30% of women", "in 20%-30% of women"])
def test_a_leading_slot_is_not_the_rest_of_a_range(text: str) -> None:
    assert Phrase.parse("{x: percent} of women").matches(text) == []


PHRASES = [
    "median {a: median} vs. {b: median}; hazard ratio for relapse, {e: effect}",
    "follow-up of {f: median-range}, the median",
    "The {a.timepoint: timepoint} survival rate … drug group ({a: percent} vs. {b: percent})",
    "creatinine level, {c: threshold} [{si: threshold of c}]) were",
    "Rash of grade {g.grade: grade} (in {a: percent} of the patients) or {h.grade: grade} (in {b: percent}) was",
    "from a {d: dose as first dose} to {d: dose as later dose in mg/d} in {w: n-of-N} women",
]


def numbers_read(phrase: str, text: str) -> list[tuple[int, Part]]:
    """Every number that a phrase reads, with the place where it ends."""
    return [
        (part.end, part)
        for match in Phrase.parse(phrase).matches(text)
        for reading in match.readings
        for part in reading.parts
        if part.number is not None
    ]


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize(
    "word", ["almost ", "<", "less than ", "over ", "under ", "not ", "no more than ", "half ", "~", "−"]
)
def test_a_changed_meaning_is_never_read_as_before(phrase: str, word: str) -> None:
    originals = numbers_read(phrase, TEXT)
    assert originals
    for end, original in originals:
        if word == "−" and not TEXT[original.start].isdigit():
            continue  # a number word has no sign
        text = TEXT[: original.start] + word + TEXT[original.start :]
        again = [part for place, part in numbers_read(phrase, text) if place == end + len(word)]
        assert all((p.number, p.comparator) != (original.number, original.comparator) for p in again)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("number", ["737", "3.7", "seven"])
def test_a_number_put_beside_another_is_never_read(phrase: str, number: str) -> None:
    for gap in (match.start() for match in re.finditer(" ", TEXT)):
        text = f"{TEXT[:gap]} {number}{TEXT[gap:]}"
        assert all(end != gap + 1 + len(number) for end, _ in numbers_read(phrase, text)), text[
            gap - 30 : gap + 30
        ]


OPENING = [
    ("{x: count} patients", "12 patients"),
    ("{x: count} patients ({y: percent})", "three patients (5%)"),
    ("{x: n-percent} of whom", "12 patients (5%) of whom"),
    ("{x: n-of-N} women", "7 of the 12 women"),
    ("{x: percent} of the", "5.5% of the"),
    ("{x: median} in the", "17 months in the"),
    ("{x: duration} of", "sixty-one days of"),
    ("{x: number as ratio} in the", "0.72 in the"),
    ("{x: effect} in", "0.72; 95% CI, 0.55 to 0.94; P<0.02 in"),
    ("{x.grade: grade} rash", "1 or 2 rash"),
    ("{x.grade: grade} rash", "1 and 2 rash"),
]
BESIDE = [
    "737", "0.4", "1,250", "5%", "½", "12.5%", "10^9", "three", "sixty-one", "one hundred and four", "both", "half",
    "twice",
]  # fmt: skip


@given(
    st.sampled_from(OPENING), st.sampled_from(BESIDE), st.sampled_from([" ", "  ", "\u00a0", "\ue000 ", "\n"])
)
def test_of_two_numbers_side_by_side_a_slot_that_opens_a_phrase_reads_none(
    case: tuple[str, str], number: str, gap: str
) -> None:
    phrase, words = case
    assert Phrase.parse(phrase).matches(f"There were {words} group.")
    assert Phrase.parse(phrase).matches(f"There were {number}{gap}{words} group.") == []


@pytest.mark.parametrize(
    ("phrase", "text", "number"),
    [
        ("{x: duration} cycles", "for nine 4-week cycles", "4"),
        ("{x: duration} of treatment", "in the first 5 years of treatment", "5"),
        ("{x: count} patients", "In 2003, 12 patients", "12"),
        ("{x: count} patients", "(Table 3). Twelve patients", "12"),
        ("{x: threshold} of them", "in group 7 at least 12 of them", "12"),
    ],
)
def test_a_number_that_stands_apart_opens_a_phrase(phrase: str, text: str, number: str) -> None:
    assert only(phrase, text).readings[0].parts[0].number == Decimal(number)


def test_a_piece_of_a_reading_that_was_refused_is_no_reading() -> None:
    assert Phrase.parse("{x.grade: grade} rash").matches("in 737 1 and 2 rash") == []
    assert Phrase.parse("{x: count} rash").matches("over 12 rash") == []


@pytest.mark.parametrize(
    "text",
    [
        "was 12 to 15", "was 12 to 15 months", "was 12 months to 15 months", "was 12 through 15", "was 12 or 15 months",
        "was 12 × 15", "was 3 x 15", "was 12~15", "was 12–15", "was 12 – 15", "was twelve to fifteen",
        "was twelve–fifteen", "was 12 to <15", "was 3-to-1", "was 12/15", "was 12:15",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "production", ["number as y", "quantity as y", "median", "threshold", "count", "effect"]
)
def test_the_first_of_several_numbers_closes_no_phrase(production: str, text: str) -> None:
    for bound in ("", "at least "):
        stated = text.replace("was ", f"was {bound}")
        assert Phrase.parse(f"was {{x: {production}}}").matches(stated) == []
    assert Phrase.parse(f"was {{x: {production}}} … men").matches(f"{text} in men") == []


def test_words_of_the_phrase_tell_the_first_of_two_numbers() -> None:
    assert values("from {a: dose as first dose} to {b: dose as later dose}", "from 45 mg to 30 mg") == {
        "a": ["first dose 45 mg"],
        "b": ["later dose 30 mg"],
    }
    assert values("was {a: quantity as y}", "was 10 g per deciliter or 2 g below") == {"a": ["y 10 g/dL"]}


@pytest.mark.parametrize(
    "text",
    [
        "in 12 or 30 patients", "in two or three patients", "in 2:3 patients", "in 2~3 patients", "in 2 × 3 patients",
        "in 12 ± 3 patients", "in five to ten patients", "in several hundred patients", "in as many as 30 patients",
        "in close to 30 patients", "in greater than or equal to thirty-x patients", "in 1'250 patients",
        "in 10^9 patients", "in 1e-5 patients", "in 12. 5 patients", "in 0 .5 patients", "on the 5th patients",
    ],
)  # fmt: skip
def test_what_is_half_of_something_opens_no_phrase(text: str) -> None:
    assert Phrase.parse("{x: count} patients").matches(text) == []


@pytest.mark.parametrize(
    ("text", "number"), [("change (- 4.2)", None), ("change = − 4.2", None), ("change, –4.2", "-4.2")]
)
def test_a_loose_sign_is_not_dropped(text: str, number: str | None) -> None:
    found = [part.number for _, part in numbers_read("change {x: number as y}", text)]
    assert found == ([] if number is None else [Decimal(number)])


# --- several matches, whole texts, errors with help


def test_all_matches_in_order() -> None:
    text = "seen in 5 men, in 7 women and in 9 men"
    matches = Phrase.parse("in {x: count} men").matches(text)
    assert [match.readings[0].parts[0].number for match in matches] == [5, 9]
    assert len(Phrase.parse("{x: count} men").matches("5 men 6 men 7 men")) == 3


@pytest.mark.parametrize(
    ("label", "text", "matches"),
    [
        ("Age", "Age", True),
        ("Age", " Age† ", True),
        ("Age", "Age (years)", False),
        ("≤{: number} mo", "≤14 mo", True),
        ("≤{: number} mo", "\\leq 14 mo", True),
        ("≤{: number} mo", ">14 mo", False),
        ("≥{: percent} aberrant cells", "≥85% aberrant cells ‡", True),
        ("Sex — no. (%)", "Sex — no. (%)", True),
        ("Sex — no. (%)", "Sex — no.", False),
    ],
)
def test_labels_match_whole_texts(label: str, text: str, matches: bool) -> None:
    assert (Phrase.parse(label, label=True).whole(text) is not None) is matches


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("", "empty phrase"),
        ("foo {x: count", "unbalanced '{'"),
        ("foo x: count}", "unbalanced '}'"),
        ("foo {x}", "not a slot"),
        ("foo {x: }", "not a slot"),
        ("foo {x: nothing}", "no production is called 'nothing'"),
        ("foo {: count}", "feeds nothing"),
        ("foo {x y: count}", "not a target"),
        ("foo 5 {x: count}", "'5' is a number outside a slot"),
        ("foo seven {x: count}", "'seven' is a number outside a slot"),
        ("foo twosided {x: p}", "'two' is a number outside a slot"),
        ("a daily dose of {x: dose}", "'daily' is a number outside a slot"),
        ("a b c d e f g h i {x: count}", "more than 8 words in a row"),
        ("foo at least {x: count}", "'at least' stands outside"),
        ("foo >{x: percent}", "'>' stands outside"),
        ("more than an {x: percent}", "'more than an' stands outside"),
        ("… foo {x: count}", "at an end of the phrase"),
        ("foo {x: count} …", "at an end of the phrase"),
        ("foo {x: words}", "at an end of the phrase"),
        ("foo {x: number}", "does not say what it measures"),
        ("foo {x: range as median}", "yields minimum, maximum"),
        ("foo {x: threshold of y}", "'y' is not read before"),
        ("foo {y: count} {x: count of y}", "'of' gives a comparator to a threshold"),
        ("foo {x: dose in furlongs}", "not a unit code"),
        ('foo {x: count => "many"}', "codes words, not numbers"),
        ('foo {x: "version 3"}', "a digit in"),
        ('foo {x: "open" => "3"}', "a digit in"),
        ('foo {x: "a b c d e f g h i"}', "one to eight words"),
        ('foo {x: ""}', "one to eight words"),
        ("foo " + "{x: count} " * 101, "more than 100 pieces"),
    ],
)
def test_what_is_no_phrase_is_refused(phrase: str, message: str) -> None:
    with pytest.raises(PhraseError, match=re.escape(message)) as caught:
        Phrase.parse(phrase)
    assert caught.value.where == phrase


def test_ordinals_and_names_may_stand_in_words() -> None:
    text = "Second primary tumors were seen in 3 women at the first visit."
    assert values("Second primary tumors … in {x: count} women at the first visit", text) == {
        "x": ["count 3"]
    }


def test_the_unit_must_fit_the_one_printed() -> None:
    assert values("dose of {x: dose in mg/d}", "dose of 45 mg on") == {"x": ["dose 45 mg/d"]}
    assert values("dose of {x: dose in mg/d}", "dose of 45 mg per day") == {"x": ["dose 45 mg/d"]}
    assert Phrase.parse("dose of {x: dose in mg/d}").matches("dose of 45 g on") == []
    assert Phrase.parse("dose of {x: dose in mg}").matches("dose of 45 mg per day") == []


def test_a_given_comparator_is_not_read_twice() -> None:
    phrase = Phrase.parse("level, {a: threshold} [{b: threshold of a}]")
    assert phrase.matches("level, >3 g/dL [>30 g/L]") == []
    assert len(phrase.matches("level, >3 g/dL [30 g/L]")) == 1


def test_a_difference_has_to_be_named() -> None:
    assert Phrase.parse("difference, {x: effect}").matches("difference, -1.6; 95% CI -15, 12") == []
    assert values("difference, {x: effect as mean difference}", "difference, -1.6; 95% CI -15, 12")["x"][
        0
    ] == ("mean difference -1.6")


def test_help_when_nothing_matches() -> None:
    phrase = Phrase.parse("hazard ratio for relapse, {e: effect}; survival {s: percent} in men")
    assert phrase.matches(TEXT) == []
    stuck = phrase.stuck(TEXT)
    assert stuck is not None
    assert stuck.element == "; survival"
    assert TEXT[stuck.start : stuck.end].startswith("hazard ratio for relapse, 0.62")
    assert TEXT[stuck.start : stuck.end].endswith("0.02")
    near = phrase.nearest(TEXT)
    assert near[0].text.startswith("After a median follow-up")
    assert near[0].shared == 4  # hazard ratio for relapse; not survival, in men
    assert near[0].words == 7
    assert TEXT[near[0].start : near[0].end].strip() == near[0].text
    assert Phrase.parse("zebra {x: count}").stuck(TEXT) is None
    assert Phrase.parse("zebra {x: count}").nearest(TEXT) == []


def test_sentences_end_at_a_stop_before_a_capital() -> None:
    text = "It fell by 0.5 mg (e.g. in men).\ue000 Then it rose. It did, vs. placebo."
    assert [text[start:end].strip("\ue000 ") for start, end in sentences(text)] == [
        "It fell by 0.5 mg (e.g. in men).", "Then it rose.", "It did, vs. placebo.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("a … b … c … d {x: count} e", "a b c d " * 3000),
        ("{x: count} … {y: count} … end", "5 so " * 5000),
        ("aa … ab {x: percent}", "aa " * 10_000),
        ("a {x: words} b {y: words} c {z: words} d", "a b c " * 3000),
        ("in {x: n-percent} of {y: effect}", "in 5 men (6%) " * 2000),
        ("start {x: threshold} end", "start " + " " * 50_000),
    ],
)
def test_hostile_texts_take_little_time(phrase: str, text: str) -> None:
    parsed = Phrase.parse(phrase)
    started = time.perf_counter()
    assert parsed.matches(text) == []
    assert time.perf_counter() - started < 10


def test_parsing_many_phrases_is_quick() -> None:
    started = time.perf_counter()
    for index in range(300):
        word = "abcdefghij"[index % 10] + "klmnopqrst"[index // 10 % 10]
        Phrase.parse(f"the {word} in the group was {{x: percent}} vs. {{y: percent}}; ratio, {{e: effect}}")
    assert time.perf_counter() - started < 5
