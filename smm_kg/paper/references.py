"""The reference list of plain text: numbered entries, however their numbers and lines are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smm_kg.paper.document import Text
from smm_kg.paper.lines import Line

__all__ = ["split_references"]

_DASH = re.compile(r"^[-\u2010\u2011•–*]\s+")
_NUMBER = re.compile(
    r"(?<![\w.;:/-])[\[(]?(?P<number>\d{1,3})(?:\.[*_]{0,2}|\]\.?|\))[*_]{0,2}\s+(?=[\"“'‘\[]?[^\W\d_])"
)
_ENTRY_END = re.compile(r"[.\])>][*_]{0,2}\s*[*_]{0,2}$")


def split_references(source: str, lines: Iterable[Line]) -> dict[int, Text]:
    """The entries of a reference list by number, each with its line ends, without number and list marks.

    An entry begins with the number that follows the last one's, at the beginning of a line or behind the end
    of the entry before it; a number within an entry (``Panel 1. Blood``) begins none.
    """
    raw = Text.join((_without_dash(source, line) for line in lines), "\n")
    begins: list[tuple[int, int, int]] = []
    for match in _NUMBER.finditer(raw.text):
        expected = begins[-1][0] + 1 if begins else 1
        before = raw.text[max(0, match.start() - 10) : match.start()]
        at_line_start = not before.strip(" *_") or before.rstrip(" *_").endswith("\n")
        if int(match["number"]) == expected and (at_line_start or _ENTRY_END.search(before)):
            begins.append((expected, match.start(), match.end()))
    ends = [*(start for _, start, _ in begins[1:]), len(raw)]
    entries = {number: raw[start:end] for (number, _, start), end in zip(begins, ends, strict=False)}
    return {number: entry.strip(" \n*_") for number, entry in entries.items() if entry.strip(" \n*_")}


def _without_dash(source: str, line: Line) -> Text:
    """A line without the dash of a list item, which stands before broken entries too."""
    entry = _DASH.sub("", line.text, count=1)
    return Text.of(source, line.end - len(entry), line.end)
