"""The tokenizer of numbers: what counts as a number, where it stands and what it is worth."""

# ruff: noqa: E501 - the tables of examples read better across

from __future__ import annotations

import doctest
import time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.paper import numbers
from smm_kg.paper.numbers import decimal_of, find_numbers


def tokens(text: str) -> list[tuple[str, str, str]]:
    """Text, value and kind of each token; the spans are checked on the way."""
    found = find_numbers(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    return [(token.text, str(token.value), token.kind) for token in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("64 of 1,250 people", [("64", "64", "digits"), ("1,250", "1250", "digits")]),
        ("12\u2009500 screened", [("12\u2009500", "12500", "digits")]),
        ("0.72 and 0·72 and .04", [("0.72", "0.72", "digits"), ("0·72", "0.72", "digits"), (".04", "0.04", "digits")]),
        ("-4.2", [("4.2", "4.2", "digits")]),
        ("years.7 Later", [("7", "7", "digits")]),
        ("version 4.03.1", [("4.03", "4.03", "digits"), ("1", "1", "digits")]),
        ("cited3,4,11-13", [(n, n, "digits") for n in ("3", "4", "11", "13")]),
        ("0,001", [("0", "0", "digits"), ("001", "1", "digits")]),
        ("cells¹²", [("¹²", "12", "superscript")]),
        ("NCT01234567, KRAS2", [("01234567", "1234567", "digits"), ("2", "2", "digits")]),
        ("½ tablet", [("½", "0.5", "digits")]),
        ("Seven of twelve", [("Seven", "7", "cardinal"), ("twelve", "12", "cardinal")]),
        ("sixty-one, twenty one", [("sixty-one", "61", "cardinal"), ("twenty one", "21", "cardinal")]),
        ("one hundred and four", [("one hundred and four", "104", "cardinal")]),
        ("a hundred", [("hundred", "100", "cardinal")]),
        ("twenty four-week cycles", [("twenty", "20", "cardinal"), ("four", "4", "cardinal")]),
        ("both groups twice, once, half", [("both", "2", "multiple"), ("twice", "2", "multiple"),
                                           ("once", "1", "multiple"), ("half", "0.5", "multiple")]),
        ("doubled; a single double-blind", [("doubled", "2", "multiple"), ("single", "1", "multiple"),
                                            ("double", "2", "multiple")]),
        ("monthly, weekly, daily, annually, yearly", [(w, "1", "frequency") for w in
                                                      ("monthly", "weekly", "daily", "annually", "yearly")]),
        ("first, second and third", [("first", "1", "ordinal"), ("second", "2", "ordinal"), ("third", "3", "ordinal")]),
        ("twosided onesided fourweek threefold firstline", [
            ("two", "2", "cardinal"), ("one", "1", "cardinal"), ("four", "4", "cardinal"), ("three", "3", "cardinal"),
            ("first", "1", "ordinal")]),
        ("two-thirds", [("two", "2", "cardinal"), ("third", "3", "ordinal")]),
        ("often someone bone tensile secondary monotherapy network sixth-floor nines", [("sixth", "6", "ordinal")]),
    ],
)  # fmt: skip
def test_numbers_of_a_text(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert tokens(text) == expected


UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(value: int, hyphen: str = "-") -> str:
    """A number below 1000 in English words."""
    hundreds, rest = divmod(value, 100)
    words = [f"{UNITS[hundreds - 1]} hundred"] if hundreds else []
    if 10 <= rest < 20:
        words.append(TEENS[rest - 10])
    elif rest:
        tens, units = divmod(rest, 10)
        parts = ([TENS[tens - 2]] if tens else []) + ([UNITS[units - 1]] if units else [])
        words.append(hyphen.join(parts))
    return " and ".join(words)


@given(
    st.integers(1, 999), st.sampled_from(["-", " ", "–"]), st.sampled_from([str, str.capitalize, str.upper])
)
def test_number_words_have_their_value(value: int, hyphen: str, case: type[str]) -> None:
    printed = case(in_words(value, hyphen))
    assert decimal_of(printed) == value
    assert tokens(f"in {printed} patients") == [(printed, str(value), "cardinal")]


@given(st.decimals(0, 10**6, places=3, allow_nan=False), st.sampled_from([".", "·"]))
def test_digits_keep_their_exact_value(value: Decimal, point: str) -> None:
    printed = str(value).replace(".", point)
    assert decimal_of(printed) == value
    assert str(decimal_of(printed)) == str(value)
    assert decimal_of(f"−{printed}") == -value


@given(st.integers(1000, 10**9))
def test_thousands_separators_are_no_decimal_points(value: int) -> None:
    assert decimal_of(f"{value:,}") == value
    assert tokens(f"among {value:,} people") == [(f"{value:,}", str(value), "digits")]


@given(st.text(alphabet="0123456789.,·-– abtwoen²½", max_size=60))
def test_no_digit_escapes(text: str) -> None:
    inside = {position for token in find_numbers(text) for position in range(token.start, token.end)}
    assert {position for position, character in enumerate(text) if character in "0123456789²½"} <= inside


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.2 × 10^9", "1200000000"),
        ("3×10⁹", "3000000000"),
        ("4 x 10^{-2}", "0.04"),
        ("−4.2", "-4.2"),
        ("½", "0.5"),
        ("1.2 · 10^-3", "0.0012"),
    ],
)
def test_powers_signs_and_fractions(printed: str, value: str) -> None:
    assert str(decimal_of(printed)) == value


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "abc",
        "1 2",
        "12 months",
        "1.2.3",
        "²",
        "ten or so",
        "--4",
        "1 × 10",
        "1 × 10^999999999",
        "2e-5",
        "1'250",
    ],
)
def test_what_is_not_one_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        decimal_of(printed)


@pytest.mark.parametrize("piece", ["1", "1,", "1.", "twenty ", "one hundred and ", "²", "a", "1,111"])
def test_long_texts_take_linear_time(piece: str) -> None:
    started = time.perf_counter()
    find_numbers(piece * 20_000)
    assert time.perf_counter() - started < 5


def test_the_examples_of_the_documentation() -> None:
    assert doctest.testmod(numbers).failed == 0
    assert doctest.testmod(numbers).attempted > 0


def test_every_number_of_the_paper(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    found = find_numbers(text)
    inside = {position for token in found for position in range(token.start, token.end)}
    assert {i for i, character in enumerate(text) if character.isdigit()} <= inside
    methods = next(line for line in text.splitlines() if line.startswith("We calculated that a sample"))
    # read from line 69: sample, per group, power, hazard ratio, one-sided, twosided
    assert [(t.text, t.kind) for t in find_numbers(methods)] == [
        ("120", "digits"), ("60", "digits"), ("80", "digits"), ("0.54", "digits"), ("one", "cardinal"),
        ("two", "cardinal"),
    ]  # fmt: skip
