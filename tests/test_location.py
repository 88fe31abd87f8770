"""Sentences, names of arms and keys of references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import sheet

from smm_kg.paper.bibliography import key_of
from smm_kg.paper.jats import parse as parse_jats
from smm_kg.paper.location import ArmNames, Place, sentence_at
from smm_kg.paper.text import parse


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


BROKEN = """\
A title

RESULTS

In all, the first sail was not

Figure 1. Sails of 1850.

Sail\tSize
Great\t40

reached by {} of the sailors.
"""


def place_of(source: str) -> Place:
    """The place of the paragraph of the results."""
    document = parse(source, "", "")
    (block,) = [block for block in document.blocks if block.kind == "paragraph"]
    return Place(document, block.text, block.section)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("not reached", "reached"),  # the longest piece
        ("sail was not reached", "sail was not"),
        ("was not ", "was not"),
        ("reached by seven", "reached by seven"),
    ],
)
def test_a_place_holds_nothing_of_the_float_within_it(words: str, printed: str) -> None:
    place = place_of(BROKEN.format("seven"))
    start = place.text.text.index(words)
    locator = place.locator("value", start, start + len(words))
    assert locator.printed == printed
    assert place.document.source[locator.start : locator.end] == printed
    assert place.is_broken(start, start + len(words)) == (printed != words.strip())


@pytest.mark.parametrize(
    "between",
    [
        "not reached",
        "not\nreached",
        "not\n\nreached",
        "not \\overline{reached}",
        "not *reached*",
        "not  reached",
    ],
)
def test_what_no_float_breaks_is_one_place(between: str) -> None:
    place = place_of(f"A title\n\nRESULTS\n\nThe sail was {between} in the group.\n")
    start = place.text.text.index("not reached")
    assert not place.is_broken(start, start + 11)
    printed = place.locator("value", start, start + 11).printed
    assert printed == between.removesuffix("*").removesuffix("}")


def test_markup_within_a_place_is_no_float() -> None:
    source = (
        "<article><body><p>The sail was <italic>not</italic> <bold>reached</bold>"
        "<table-wrap><label>Table 1</label><table><tr><td>Sail</td><td>4</td></tr></table></table-wrap>"
        " by day.</p></body></article>"
    )
    document = parse_jats(source, "", "")
    (block,) = [block for block in document.blocks if block.kind == "paragraph"]
    place, text = Place(document, block.text, block.section), block.text.text
    assert (
        place.locator("value", text.index("not"), text.index(" by")).printed == "not</italic> <bold>reached"
    )
    assert place.locator("value", text.index("reached"), text.index(" day")).printed == "reached"


@given(st.text(alphabet="aA1. \n", max_size=40), st.integers(0, 40))
def test_every_position_lies_in_its_sentence(text: str, position: int) -> None:
    start, end = sentence_at(text, position)
    assert 0 <= start <= end <= len(text)
    if text[position : position + 1].strip():
        assert start <= position < end
