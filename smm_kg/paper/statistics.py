"""The grammar of reported statistics: how trial reports print them, in any report.

A production reads one statistic at a place of a text and yields its parts: the hazard ratio, the level and
limits of its interval and the P value of ``0.72 (95% CI, 0.55 to 0.94; P<0.02)``. A sheet names productions
in its phrases; :func:`scan` finds statistics without a sheet. A production reads one clear thing or nothing:
a comparator, a unit or a status that is printed is never dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from smm_kg.paper import estimates, quantities, times
from smm_kg.paper.production import GAP, Found, Part, Production
from smm_kg.paper.wording import LOST_COMPARATOR, REST_OF_RANGE

__all__ = ["PRODUCTIONS", "Found", "Mention", "Part", "Production", "scan"]

PRODUCTIONS: Mapping[str, Production] = MappingProxyType(
    {
        production.name: production
        for production in (*quantities.PRODUCTIONS, *times.PRODUCTIONS, *estimates.PRODUCTIONS)
    }
)
"""Every production by its name."""

Mention = Found
"""A statistic found without a sheet."""


@dataclass(frozen=True, slots=True)
class _Scanned:
    """How a production is searched in running text: what must come before it, and which finds count."""

    production: Production
    counts: Callable[[str, Found], bool]


def _always(text: str, found: Found) -> bool:
    return True


def _prints(pattern: str) -> Callable[[str, Found], bool]:
    """Finds count that print a word or sign, by which they say what they are."""
    sign = re.compile(pattern, re.IGNORECASE)
    return lambda text, found: sign.search(text, found.start, found.end) is not None


def _is_bound(text: str, found: Found) -> bool:
    """A limit with its unit; "about 40%" is a percentage."""
    return found.parts[0].unit is not None and found.parts[0].comparator != "≈"


def _is_dose(text: str, found: Found) -> bool:
    return (
        re.fullmatch(r"(?:mg|ug|g|U|\[iU\]|Gy)(?:/(?:kg|m2|d|wk|mo_j))*", found.parts[0].unit or "")
        is not None
    )


def _is_effect(text: str, found: Found) -> bool:
    """An estimate right after its name, or further on with its interval or P value."""
    between = text[found.start : found.parts[0].start]
    return len(found.parts) > 1 or len(between.split()) <= 5


def _is_share(text: str, found: Found) -> bool:
    """People of people: N in digits ("one of the two" is no statistic), or a percentage too."""
    count, total = found.parts[0], found.parts[1]
    between = text[count.end : total.start].lower()
    people = re.fullmatch(
        r"\s+(?:patients?|participants?|subjects?|people|cases)?\s*+(?:out )?of\b.*", between
    )
    return len(found.parts) > 2 or (people is not None and text[total.start].isdigit())


def _is_median(text: str, found: Found) -> bool:
    """A median whose unit, if any, stands with it: not the first of "10 and 12 months"."""
    shared = re.compile(r"\s*+(?:,|and\b|or\b|vs\.?|versus|to\b|[-–])\s*+[0-9]", re.IGNORECASE)
    part = found.parts[0]
    return part.number is None or part.unit is not None or shared.match(text, found.end) is None


def _scanned(name: str, lead: str = "", counts: Callable[[str, Found], bool] = _always) -> _Scanned:
    production = PRODUCTIONS[name]
    pattern = rf"(?<![\w.])(?:{lead})(?:{production.pattern})"
    return _Scanned(replace(production, pattern=pattern), counts)


_MEDIAN = rf"\bmedians?\b(?:{GAP}){{0,10}}?\s*+[,:]?\s*+"

# The most specific first: what one has taken, no later one takes apart.
_SCANNED = (
    _scanned("effect", f"(?={estimates.RATIO_NAME})", _is_effect),
    _scanned("percent-n-of-N"),
    _scanned("n-of-N", counts=_is_share),
    _scanned("median-range", _MEDIAN),
    _scanned("median-interval", _MEDIAN),
    _scanned("median", _MEDIAN, _is_median),
    _scanned("mean-sd", counts=_prints(r"±|\+\s?/|\\pm|\bSDs?\b|\bSEM?\b")),
    _scanned("n-percent", counts=_prints(r"%|\bpercent|\bper cent")),
    _scanned("percent-interval"),
    _scanned("rate"),
    _scanned("dose", counts=_is_dose),
    _scanned("threshold", counts=_is_bound),
    _scanned("p"),
    _scanned("range", r"\brang(?:e|ed|ing)\b\s*+[,:]?\s*+(?:from\s+)?"),
    _scanned("interval"),
    _scanned("duration"),
    _scanned("date"),
    _scanned("percent"),
    _scanned("quantity"),
)


_NUMBERED = re.compile(
    r"\b(?:tables?|fig(?:ure)?s?\.?|appendix|section|panel|phase|grades?|days?|cycles?"
    r"|course|arm|group|stage|part|step)\s+$",
    re.IGNORECASE,
)
"""The end of a text after which a number is a name, not a count."""


def scan(text: str) -> list[Mention]:
    """Every statistic that a text prints clearly enough to be read without a sheet, in order of place.

    None overlaps another; where two productions read one place, the more specific one does. Numbers that do
    not say what they are (a bare count) are left to a sheet.
    """
    taken: list[tuple[int, int]] = []
    mentions = []
    for scanned in _SCANNED:
        for found in _finds(scanned, text):
            if not _overlaps(taken, found.start, found.end):
                insort(taken, (found.start, found.end))
                mentions.append(found)
    return sorted(mentions, key=lambda mention: mention.start)


def _finds(scanned: _Scanned, text: str) -> Iterator[Found]:
    pos = 0
    while (found := scanned.production.search(text, pos)) is not None:
        good = scanned.counts(text, found) and not _is_torn(text, found)
        if good:
            yield found
        pos = found.end if good else found.start + 1


def _is_torn(text: str, found: Found) -> bool:
    """Whether the find is a piece of something: of a word, of a range, of what a comparator governs."""
    before, after = text[max(0, found.start - 40) : found.start], text[found.end : found.end + 1]
    if (after.isalnum() and text[found.end - 1].isalnum()) or LOST_COMPARATOR.search(before):
        return True
    if any(
        part.unit_spans == ((part.end, part.end + 1),) and text[part.end].isalpha() for part in found.parts
    ):
        return True  # "Figure 3d" is not three days
    if any(text[max(0, part.start - 1)].isalpha() and text[part.start].isdigit() for part in found.parts):
        return True  # the number of a name, "drug AB1677"
    if text[found.start].isdigit() and _NUMBERED.search(before):
        return True
    return text[found.start].isdigit() and REST_OF_RANGE.search(before) is not None


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether ``[start:end]`` overlaps one of the sorted, disjoint spans ``taken``."""
    place = bisect_left(taken, (start, end))
    after = place < len(taken) and taken[place][0] < end
    return after or (place > 0 and taken[place - 1][1] > start)
