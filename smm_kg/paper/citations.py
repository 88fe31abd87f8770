"""Citations of the reference list, lifted out of the text that they are run into.

A citation lost its superscript somewhere on the way: ``myeloma,2,14 is``, ``(P=0.24).13 It``,
``agents, ^{3-5}``, ``myeloma.²⁵⁻²⁸``. What is lifted must look like one in full: glued to a word or a closing
bracket, rising numbers that the reference list holds, and a new word or sentence behind it. A number that
stands apart (``group. 14 Both``) is left alone, since it may be a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from smm_kg.paper.document import CITATION, Citation, Text

__all__ = ["expand", "lift_citations", "merge_markers"]

_LIST = r"\d{1,3}(?:[,–-]\d{1,3})*"
_LOOSE_LIST = r"\d{1,3}(?:\s?[,–-]\s?\d{1,3})*"
_RAISED_LIST = "[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}(?:[,–⁻-][⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})*"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_COUNTED = (
    r"(?:patients?|participants?|subjects?|women|men|persons?|cases?|deaths?|events?|of|were|had|years?|months?|"
    r"weeks?|days?|hours?|cycles?|centers?|centres?|to|or|mg|g|kg|ml|mmol|doses?|times|percent|per)\b"
)
_ABBREVIATED = re.compile(r"\b(?:nos?|figs?|vs|refs?|eq|vol|pp?|ca|approx|tables?|dr|ver|v)$", re.IGNORECASE)
_CITED = re.compile(
    rf"\^\{{\s*(?P<braced>{_LOOSE_LIST})\s*\}}"
    rf"|(?:(?<=[^\W\d_])|(?<=[.,;:)\]%\"']))(?P<raised>{_RAISED_LIST})"
    rf"|(?:(?<=[^\W\d_])|(?<=[)\]%])),(?P<comma>{_LIST})(?=\s(?!{_COUNTED})[a-z(])"
    rf"|(?:(?<=[^\W\d_])|(?<=[)\]%]))\.(?P<stop>{_LIST})(?=\s[\"'(\[]?[A-Z]|$)"
    rf"|(?<=\bet al)\.(?P<others>{_LIST})(?=\s)"
    rf"|(?i:\b(?:version|ver\.?|v\.?))\s?\d{{1,2}}\.\d{{1,2}}\.(?P<version>\d{{1,3}})(?=\s[A-Z]|$)"
)
_POWER_BASE = re.compile(r"(?:\d\s?|(?:^|[\s/(\d·×])(?:m|cm|mm|dm|km|nm|in|s|kg))$")
_MARKERS = re.compile(rf"{CITATION}(?:\s?[,–;-]\s?{CITATION})+")


def lift_citations(text: Text, references: Collection[int]) -> tuple[Text, list[Citation]]:
    """Put one marker in the place of each citation.

    Args:
        text: repaired text, in which citations and superscripts are still as printed.
        references: the numbers that the reference list holds.

    Returns:
        The text with markers, and the citations in order; each begins where its marker does.
    """
    found: list[Citation] = []
    if not references:
        return text, found

    def marker(match: re.Match[str]) -> tuple[tuple[int, int] | tuple[str, int, int], ...] | None:
        form = match.lastgroup or ""
        start, end = match.span(form)
        numbers = expand(match[form].translate(_RAISED), references)
        if not numbers or not _stands_for_citation(text.text, match, form):
            return None
        found.append(Citation(numbers, *text.span(start, end)))
        before = () if form in ("braced", "raised") else ((match.start(), start),)
        return (*before, (CITATION, start, end))

    return text.sub(_CITED, marker), found


def _stands_for_citation(text: str, match: re.Match[str], form: str) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    if form == "stop":
        return not _ABBREVIATED.search(before)
    if form in ("braced", "raised"):
        return not _POWER_BASE.search(before)
    return True


def expand(printed: str, references: Collection[int]) -> tuple[int, ...]:
    """The numbers of ``2,14-22``, ranges expanded; empty where it is no list of rising reference numbers."""
    if not re.fullmatch(_LOOSE_LIST, printed):
        return ()
    numbers: list[int] = []
    for part in re.split(r"\s?,\s?", printed):
        first, _, last = re.sub(r"\s?[–-]\s?", "-", part).partition("-")
        if "-" in last or (last and int(first) >= int(last)):
            return ()
        numbers.extend(range(int(first), int(last or first) + 1))
    rising = all(a < b for a, b in pairwise(numbers))
    return tuple(numbers) if rising and all(number in references for number in numbers) else ()


def merge_markers(text: Text, citations: dict[int, Citation]) -> Text:
    """Make one marker of several with only commas or dashes between them, in ``citations`` too.

    A dash between two markers means the numbers between them as well.
    """

    def merged(match: re.Match[str]) -> tuple[str, ...] | None:
        numbers: list[int] = []
        through = False
        for position in range(match.start(), match.end()):
            character = text.text[position]
            if character != CITATION:
                through = through or character in "–-"
                continue
            own = citations[text.starts[position]].numbers
            if through and numbers and own:
                numbers.extend(range(numbers[-1] + 1, own[0]))
            numbers.extend(own)
            through = False
        start, end = text.span(*match.span())
        for position in range(match.start(), match.end()):
            citations.pop(text.starts[position], None)
        citations[start] = Citation(tuple(numbers), start, end)
        return (CITATION,)

    return text.sub(_MARKERS, merged)
