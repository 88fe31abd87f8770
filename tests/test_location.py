"""Sentences, names of arms and keys of references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import sheet

from smm_kg.paper.bibliography import key_of
from smm_kg.paper.location import ArmNames, sentence_at


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("3. Cook J, Banks J. Lymphoma at sea. J Sea Med 1999;1:2-3.", "Cook 1999"),
        ("García-Lopez MA, et al. Tides. Sea 2001 May 3 (Epub ahead of print).", "García-Lopez 2001"),
        (
            "van der Meer P. Waves 1980 to 1990. Ann Sea 1991;4:1. [Erratum, Ann Sea 1992;5:2.]",
            "van der Meer 1991",
        ),
        ("D'Arcy K, Poe E. Tides. Ann Sea 1999:4:1.", "D'Arcy 1999"),
        ("International Harbor Group. Criteria: a report. Sea 2003;1:1.", "International Harbor Group 2003"),
        ("Institute of Tides. Criteria of the sea, v3 (http://sea.example/v3.pdf).", "Institute of Tides"),
    ],
)
def test_keys_of_references(entry: str, key: str) -> None:
    name, start, end = key_of(entry)
    assert name == key
    assert name.startswith(entry[start:end])


def test_arms_are_named_by_the_nearest_words_of_the_sentence() -> None:
    arms = ArmNames(sheet().arms)
    text = (
        "Active care was given to 3. Relapse: 5 in the active group, 6 in the waiting group. Waiting is free."
    )
    position = text.index("6 in")
    assert text[slice(*(arms.nearest("waiting", text, position, position + 1) or ()))] == "waiting group"
    assert text[slice(*(arms.nearest("active", text, position, position + 1) or ()))] == "active group"
    assert arms.nearest("active", text, len(text) - 5, len(text) - 4) is None
    assert arms.nearest("other", text, 0, 1) is None
    assert arms.arm_of(" Waiting  group ".strip()) == "waiting"
    assert arms.arm_of("nobody") is None


@given(st.text(alphabet="aA1. \n", max_size=40), st.integers(0, 40))
def test_every_position_lies_in_its_sentence(text: str, position: int) -> None:
    start, end = sentence_at(text, position)
    assert 0 <= start <= end <= len(text)
    if text[position : position + 1].strip():
        assert start <= position < end
