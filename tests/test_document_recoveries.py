"""The same report in other recoveries, and texts of any kind: the same words, and nothing lost."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from diving import REPORT
from document_invariants import assert_nothing_is_lost, assert_order, assert_places_are_true
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.paper.document import Document
from smm_kg.paper.text import parse

PLACES = {"paragraph", "caption", "footnote", "reference", "title", "authors", "front"}


def words(document: Document) -> dict[tuple[str, tuple[str, ...], str], str]:
    """The text of each section by kind and mark; blanks, hyphens and paragraph breaks do not matter."""
    found = sorted(
        (
            (block.kind, block.section, block.mark, index, str(block.text))
            for index, block in enumerate(document.blocks)
        ),
        key=lambda item: item[:4],
    )
    return {
        key: re.sub(r"[\s–-]", "", "".join(item[4] for item in group))
        for key, group in groupby(found, key=lambda item: item[:3])
        if key[0] in PLACES
    }


def cells(document: Document) -> list[object]:
    return [
        (
            table.label,
            [column.label for column in table.columns],
            [(str(row.label), row.marks, [str(cell.text) for cell in row.cells]) for row in table.rows],
            [str(text) for text in table.strays],
        )
        for table in document.tables
    ]


def wrap(source: str, width: int, *, hyphenate: bool = False) -> str:
    """Wrap the running text, table rows left alone; words at the line end hyphenated where wanted."""
    return "\n".join(
        line if "\t" in line or len(line) <= width else _hyphenated(line, width) if hyphenate else
        textwrap.fill(line, width, break_long_words=False)
        for line in source.split("\n")
    )  # fmt: skip


def _hyphenated(line: str, width: int) -> str:
    lines, current = [], ""
    for word in line.split():
        room = width - len(current) - 2
        if len(current) + 1 + len(word) <= width:
            current = f"{current} {word}".strip()
        elif word.isalpha() and room > 2 and len(word) - room > 2:
            lines.append(f"{current} {word[:room]}-".strip())
            current = word[room:]
        else:
            lines.append(current)
            current = word
    return "\n".join([*lines, current])


RECOVERIES: dict[str, Callable[[str], str]] = {
    "wrapped at 60": lambda source: wrap(source, 60),
    "wrapped at 72": lambda source: wrap(source, 72),
    "wrapped at 100": lambda source: wrap(source, 100),
    "hyphenated at 60": lambda source: wrap(source, 60, hyphenate=True),
    "hyphenated at 72": lambda source: wrap(source, 72, hyphenate=True),
    "hyphenated at 100": lambda source: wrap(source, 100, hyphenate=True),
    "doubled spaces": lambda source: source.replace(" ", "  "),
    "no-break spaces": lambda source: source.replace(" ", "\u00a0"),
    "CRLF": lambda source: source.replace("\n", "\r\n"),
    "CR": lambda source: source.replace("\n", "\r"),
    "other hyphens": lambda source: source.replace("-", "\u2010"),
    "soft hyphens": lambda source: re.sub(r"([a-z]{4})(?=[a-z]{4})", "\\1\u00ad", source),
    "more blank lines": lambda source: source.replace("\n\n", "\n\n\n"),
    "no blank lines": lambda source: re.sub(r"\n\s*\n", "\n", source),
    "all lines apart": lambda source: source.replace("\n", "\n\n"),
    "no blanks at line ends": lambda source: re.sub(r"[ \t]+\n", "\n", source),
    "a byte order mark": lambda source: "\ufeff" + source,
}


@pytest.mark.parametrize("recovery", RECOVERIES)
def test_another_recovery_reads_the_same(recovery: str) -> None:
    assert_same(REPORT, RECOVERIES[recovery](REPORT))


@pytest.mark.parametrize("recovery", RECOVERIES)
def test_another_recovery_of_the_paper_reads_the_same(paper: Path, recovery: str) -> None:
    source = paper.read_bytes().decode()
    assert_same(source, RECOVERIES[recovery](source))


def assert_same(source: str, changed: str) -> None:
    document, other = parse(source, "", ""), parse(changed, "", "")
    assert words(other) == words(document)
    assert cells(other) == cells(document)
    assert [cited.numbers for cited in other.citations.values()] == [
        cited.numbers for cited in document.citations.values()
    ]
    assert_places_are_true(other)
    assert_nothing_is_lost(other)


_WORDS = st.sampled_from(
    ["the", "patients", "treatment", "progression", "median", "of", "12", "0.5", "25%", "(95%", "CI,",
     "3.2)", "high-risk", "plasma-cell", "follow-up", "and", "lenalidomide", "observation", "in",
     "significantly", "were", "8-week"]
)  # fmt: skip
_SENTENCES = st.lists(_WORDS, min_size=4, max_size=40).map(lambda found: "The " + " ".join(found) + " end.")
_PARAGRAPHS = st.lists(st.lists(_SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=3, max_size=6)


@settings(deadline=None)
@given(_PARAGRAPHS, st.integers(40, 120), st.booleans())
def test_wrapping_changes_no_word(paragraphs: list[str], width: int, hyphenate: bool) -> None:
    source = "\n\n".join(["A title of it", "METHODS", *paragraphs[:2], "RESULTS", *paragraphs[2:]])
    wrapped = wrap(source, width, hyphenate=hyphenate)
    assert words(parse(wrapped, "", "")) == words(parse(source, "", ""))


_LINES = st.sampled_from(
    ["METHODS", "RESULTS", "SUBJECTS", "REFERENCES", "ABSTRACT", "Figure 1. A title.",
     "Table 2. Things.*\t\t", "Arm\tA (N = 3)\tB", "Event\t7\tA (N=2)\t\tB", "\tGrade 1\tGrade 2\tGrade 1",
     "x\t1 (2)\t3", "Group\t\t", "- * A note 3.", "† Other 4 note.", "^{*} Note. † More 5", "[‡] Z",
     "no end 6", "lower case 7 goes on,", "Upper. Next 8.", "and so-", "forth 9", "known,1,2 is",
     "ended.2 The", "ended.²⁻³ The", "x ^{1-2} y", "- 1. First ref. 2. Second", "- **3.** Third re-",
     "- ference", "12", "Copyright © 2013 X.", "10^{9}/L", r"5 \geq 3 $^{2}$", "", "", "a\u00adb 3",
     "\u2010 x", "J Deep Med 2013;369:438-47.", "From Hospital 5 x", "*em3*", "μ mol 4", "\ue000 5",
     "version 3.0.2 The", r"\overline{P3} 2", "·3·4"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_LINES, max_size=25), st.sampled_from(["\n", "\n\n", "\r\n", "\r"]))
def test_no_text_is_refused_and_nothing_of_it_is_lost(lines: list[str], line_end: str) -> None:
    document = parse(line_end.join(lines), "", "")
    assert_places_are_true(document)
    assert_nothing_is_lost(document)
    assert_order(document)
