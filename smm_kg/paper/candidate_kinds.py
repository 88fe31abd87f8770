"""Guesses at the kind of a candidate fact, by what was read, where it stands and the words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smm_kg.records import Kind

__all__ = ["kind_of"]

_EFFECT = frozenset({"hazard ratio", "odds ratio", "risk ratio", "risk difference", "p value"})
_BY_MEASURE: tuple[tuple[frozenset[str], Kind], ...] = (
    (_EFFECT, "effect"),
    (frozenset({"dose", "first day", "last day", "cycles"}), "regimen"),
    (frozenset({"power", "sides"}), "statistics-plan"),
)
_BY_WORDS: tuple[tuple[str, str, Kind], ...] = (
    (r".*", r"adverse event|side effect|toxic|grade [1-5]\b", "adverse-event"),
    (r".*", r"follow-?up\b.*\bmedian|median (?:duration of )?follow-?up", "follow-up"),
    (r"table.*", r"baseline|demographic|characteristics", "baseline"),
    (r".*", r"\bdied\b|\bdeaths?\b", "death"),
    (
        r".*",
        r"randomi[sz]ed to|underwent randomi[sz]ation|assigned to|enrolled|lost to follow|withdrew",
        "flow",
    ),
    (r".*method.*", r"sample size|power|two-?sided|one-?sided|significance level", "statistics-plan"),
    (r".*method.*", r"eligib|exclu|inclu|criteria|years of age", "eligibility"),
    (r".*", r"NCT\d{8}|ISRCTN|registr", "registration"),
    (r".*", r"funded|grant", "funding"),
)
"""Section pattern, pattern of the words beside the statistic, and the kind they suggest; the first counts."""
_BY_SECTION: tuple[tuple[str, Kind], ...] = (
    (r"(?:title|citation|front|authors).*", "publication"),
    (r"(?:.*/)?(?:results?|findings|table|figure)\b.*", "outcome"),
    (r"(?:.*/)?(?:patients and )?methods?\b.*", "design"),
)


def kind_of(production: str, measures: Iterable[str], section: tuple[str, ...], words: str) -> Kind:
    """Guess the kind of a candidate.

    Args:
        production: the name of the production that read it.
        measures: the measures of its values.
        section: the section path.
        words: its sentence, or caption, row and column of its cell.
    """
    found = set(measures)
    for measured, kind in _BY_MEASURE:
        if found & measured:
            return kind
    path = "/".join(section).casefold()
    for where, beside, kind in _BY_WORDS:
        if re.fullmatch(where, path) and re.search(beside, words, re.IGNORECASE):
            return kind
    if production == "dose":
        return "regimen"
    return next((kind for where, kind in _BY_SECTION if re.match(where, path)), "assertion")
