"""Footnotes of a table: one paragraph often holds several, each behind its mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smm_kg.paper import layout
from smm_kg.paper.document import Text

__all__ = ["RAISED_MARK", "split_notes"]

_NOTE_END = re.compile(r"(?:^|[.!?;)\]}\"”’⁰¹²³⁴⁵⁶⁷⁸⁹])\s*$")

RAISED_MARK = re.compile(
    r"(?:^|(?<=\s)|(?<=[.;]))"
    r"(?:\^\{(?P<raised>[^\s{}]{1,3})\}|(?P<sign>[*†‡§¶‖]{1,2})|(?P<letter>[a-z])[:)](?=\s))\s*(?=\S)"
)
"""A footnote's mark in front of it: raised, a sign, or a letter with a colon."""


def split_notes(raw: Text, mark: re.Pattern[str] = layout.FOOTNOTE_MARK) -> Iterator[tuple[Text, str]]:
    """The footnotes that a text holds, each from its mark to the next, with the mark as printed.

    Args:
        raw: the printed text.
        mark: a footnote's mark in front of its first word; its one group that matches is the mark.

    What stands before the first mark is a footnote that has lost its own.
    """
    marks = [
        match
        for match in mark.finditer(raw.text)
        if _NOTE_END.search(raw.text[max(0, match.start() - 9) : match.start()])
    ]
    begins = [(0, 0, "")] if not marks or marks[0].start() > 0 else []
    begins += [(match.start(), match.end(), match[match.lastgroup or 0]) for match in marks]
    ends = [start for start, _, _ in begins[1:]] + [len(raw)]
    for (_, start, sign), end in zip(begins, ends, strict=True):
        yield raw[start:end], sign
