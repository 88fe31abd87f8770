"""What a production of the grammar is: a documented regex, and how its match becomes parts.

A production reads one kind of statistic (``effect``, ``n-percent``) at a place of a text. The fragments here
are what all productions are made of: a number with its comparator before or after it, and its unit. They are
regex sources in verbose mode, matched in any case; a group ``x`` holds a number token, ``x_before`` and
``x_after`` its comparator, ``x_unit`` its unit, ``x_status`` the words that stand where there is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from smm_kg.paper.numbers import (
    ANOTHER,
    CARDINAL,
    DECIMAL,
    EXPONENT,
    INTEGER,
    LETTER,
    MULTIPLE,
    NUMBER_WORD,
    decimal_of,
)
from smm_kg.records import Comparator, Status
from smm_kg.units import UNIT, unit_code

__all__ = [
    "ALONE",
    "BEFORE",
    "CITATION",
    "COUNT",
    "DASH",
    "DIGITS",
    "FLAGS",
    "GAP",
    "MARKS",
    "NO_COMMA",
    "NO_LEVEL",
    "NO_RANGE",
    "NUMBER",
    "SEPARATOR",
    "SIGN",
    "SINGLE",
    "UNITLESS",
    "UNSIGNED",
    "WORD",
    "WORDY",
    "Found",
    "Part",
    "Production",
    "compared",
    "count",
    "number",
    "number_part",
    "status_part",
    "text_part",
    "unit",
    "units_of",
]

FLAGS = re.VERBOSE | re.IGNORECASE
CITATION = "\ue000"
"""The character that stands for a citation lifted out of the text."""

DASH = "[-‐‑–—−]"
"""Regex source of a character that may stand between the two ends of a range."""

SEPARATOR = rf"(?:\s+{DASH}\s+|{DASH}|\s*+\bto\b\s*+|\s+through\s+)"
"""Regex source of what stands between the ends of a range. A dash has space on both sides or on none: in
``4 -40`` it could be a sign."""

WORD = rf"(?:(?!{NUMBER_WORD}){LETTER}++)"
"""Regex source of a run of letters that is no number word."""

WORDY = rf"(?:{WORD}(?:['’-]{WORD})*+(?:(?<=\W\w)\.(?=\s))?+)"
"""Regex source of a word with its hyphens and apostrophes, or of an initial with its full stop."""

GAP = rf"(?:(?:\s|{DASH}|['’/]|{CITATION})++{WORD})"
"""Regex source of one more word inside a clause: words, hyphens and slashes, no brackets, no punctuation."""

# --- comparators

_GREATER = "more|greater|longer|higher|larger|older"
_SMALLER = "less|fewer|lower|shorter|smaller|younger"
_NOT_EQUAL = r"(?<!\bequal\sto\sor\s)"
_BOUNDS: tuple[tuple[Comparator, str], ...] = (
    ("≥", r"≥|⩾|>=|\$?\\geq?(?:slant)?\b\$?|\bat\s?least|\bno(?:t)?\s+(?:less|fewer)\s+than"
          rf"|\ba\s+minimum\s+of|\b(?:{_GREATER})\s+than\s+or\s+equal\s+to"
          rf"|\bequal\s+to\s+or\s+(?:{_GREATER})\s+than|\bat\s+or\s+above"),
    ("≤", r"≤|⩽|<=|\$?\\leq?(?:slant)?\b\$?|\bat\s?most"
          r"|\bno(?:t)?\s+(?:more|greater|longer|higher|later)\s+than|\bup\s+to|\bwithin"
          r"|\bnot\s+exceed(?:ing)?|\ba\s+maximum\s+of"
          rf"|\b(?:{_SMALLER})\s+than\s+or\s+equal\s+to"
          rf"|\bequal\s+to\s+or\s+(?:{_SMALLER})\s+than|\bat\s+or\s+below"),
    (">", rf">|(?<!\bno\s)(?<!\bnot\s){_NOT_EQUAL}\b(?:{_GREATER})\s+than"
          r"|\bin\s+excess\s+of|(?<!\bor\s)\babove|(?<!\bnot\s)\bexceed(?:s|ed|ing)?"),
    ("<", rf"<|(?<!\bno\s)(?<!\bnot\s){_NOT_EQUAL}\b(?:{_SMALLER})\s+than|(?<!\bor\s)\bbelow"),
    ("≈", r"≈|(?<![0-9%])(?<![0-9%]\s)[~∼]|\bapproximately|\babout|\baround|\broughly|\balmost|\bnearly"
          r"|\bcirca"),
    ("=", r"="),
)  # fmt: skip
BEFORE = rf"(?:{'|'.join(words for _, words in _BOUNDS)})"
"""Regex source of a comparator before a number, as a symbol or in words."""

_ARTICLE = r"(?:\s*+(?:(?:(?:the\s+)?(?:previous|preceding|past|last|first|next)|an?|the)\b\s++(?=\S))?+)"
_MORE = "more|greater|higher|above|longer|older|later|larger|over|up"
_LESS = "less|fewer|lower|below|shorter|younger|earlier|smaller|under"
# "18 years and older"; but "3 months and over the next year" are two things.
_AND = (
    r"\s+and\s+(?=(?:older|younger)\b"
    r"|(?:above|over|up|below|under)\s*+(?:[^\w\s]|$|(?:were|was|with|who|at)\b))"
)


def compared(group: str, core: str) -> str:
    """A number (``core``, holding the group ``group``) with its comparator before or after it, if any."""
    after = (
        rf"(?:\s+of\s+age)?(?:\s+or\s+|{_AND})(?P<{group}_after>{_MORE}|{_LESS})(?!{LETTER})"
        r"(?!\s+(?:than|to)\b|\s+[0-9])"
    )
    return rf"(?:(?P<{group}_before>{BEFORE}){_ARTICLE})?{core}(?:{after})?"


def _comparator(match: re.Match[str], group: str) -> Comparator:
    """The comparator captured with the number of ``group``.

    Raises:
        ValueError: it has one on either side, of which neither may be dropped.
    """
    names = match.re.groupindex
    before = match[f"{group}_before"] if f"{group}_before" in names else None
    after = match[f"{group}_after"] if f"{group}_after" in names else None
    if before and after and before != "=":
        raise ValueError(f"two comparators: {match.group()!r}")
    if after:
        return "≥" if re.fullmatch(_MORE, after, re.IGNORECASE) else "≤"
    if before:
        return next(sign for sign, words in _BOUNDS if re.fullmatch(words, before, re.IGNORECASE))
    return "="


# --- numbers and units

SIGN = rf"(?:(?<![\w)\]%.·{CITATION}])[-−–](?=[0-9.·]))"
# "one third", "two halves", "two and a half" are not one and two.
_PART = rf"(?:third|quarter|half|halve|fifth|fourth|tenth)s?(?!{LETTER})"
_FRACTION = rf"(?!(?:\s|{DASH})+{_PART}|\s+(?:and\s+)?(?:an?|one|three)(?:\s|{DASH})+{_PART})"
_POWER = r"(?!\s?[×x*·∙⋅]\s?10)"
_PRODUCT = r"(?!\s?×\s?[0-9]|[/:~∼÷][0-9]|-to-)"
UNSIGNED = rf"(?:{DECIMAL}(?:{EXPONENT}|{_POWER}){_PRODUCT}{_FRACTION}(?!{ANOTHER}))"
"""Regex source of a number in digits without a sign, perhaps with a power of ten."""

DIGITS = rf"(?:{SIGN}?{UNSIGNED})"
"""Regex source of a number in digits, perhaps with its sign."""

NUMBER = rf"(?:{DIGITS}|(?:[½¼¾]|(?:{CARDINAL}|{MULTIPLE}){_FRACTION})(?!{ANOTHER}))"
"""Regex source of any number, in digits (signed, with a power of ten) or in words."""

COUNT = (
    rf"(?:(?:(?:(?<![-−–])|(?<=[\w)]{DASH})){INTEGER}{_POWER}{_FRACTION}|{CARDINAL}{_FRACTION}|\bboth\b)"
    rf"(?!{ANOTHER}))"
)
"""Regex source of a whole number of people or things, in digits or words."""

NO_RANGE = rf"(?!\s?{DASH}\s?(?:[0-9]|{CARDINAL}))"
"""Regex source of what may not follow one value: the rest of a range."""

ALONE = rf"{NO_RANGE}(?!(?<=%){ANOTHER})"
"""Regex source of what may not follow a value with its unit: the rest of a range; "5% 12"."""

SINGLE = (
    rf"{NO_RANGE}(?!\s?[/:~∼÷][0-9]|-to-)"
    rf"(?!\s*+(?:[%‰]|percent\b|per\s+cent\b|±|\+/|\\pm|×|x(?!{LETTER})|times\b|-?fold\b))"
)
"""Regex source of what may not follow a number alone: the rest of a range, a ratio, a percentage."""
UNITLESS = rf"{SINGLE}(?!(?:\s|[-‐‑])*+{UNIT})"
"""Regex source of what may not follow a number without a unit: one that we could not read whole, too."""

NO_COMMA = r"(?![0-9]++,)"
"""Regex source of what may not begin a number that is below a thousand for sure."""

NO_LEVEL = r"(?!\s*+-?\s*+(?:CIs?|CrI|confidence|credible)\b)"
"""Regex source of what may not follow a percentage that is not the level of an interval."""


def number(group: str) -> str:
    """Any number, named ``group``."""
    return rf"(?P<{group}>{NUMBER})"


def count(group: str) -> str:
    """A whole number of people or things, in digits or words, named ``group``."""
    return rf"(?P<{group}>{COUNT})"


def unit(group: str, form: str = UNIT) -> str:
    """The unit right after the number of ``group``, a hyphen allowed between (``35-day``).

    A unit that goes on in a way we cannot read ("mg per vial") is not read at all, nor is the level of an
    interval ("95% CI").
    """
    return rf"(?:(?:\s|[-‐‑])*+(?P<{group}_unit>{form})(?!\s?/|\s+per\b){NO_LEVEL})"


@dataclass(frozen=True, slots=True)
class Part:
    """One statistic read at one place.

    ``[start:end]`` is the number token alone (``0.04`` of ``P<0.04``), or the words that stand for a
    status, a date or a text. Exactly one of ``number``, ``text`` and ``date`` is set when ``status`` is
    ``reported``, none otherwise. ``measure`` is None where the production cannot say what the number
    measures, and ``denominator`` for the N that another part belongs to. ``unit`` is a UCUM code,
    ``unit_spans`` every place that prints a part of it.
    """

    measure: str | None
    start: int
    end: int
    number: Decimal | None = None
    text: str | None = None
    date: str | None = None
    comparator: Comparator = "="
    status: Status = "reported"
    unit: str | None = None
    unit_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A statistic found in a text: which production read ``[start:end]``, and what it says."""

    production: str
    start: int
    end: int
    parts: tuple[Part, ...]


Units = tuple[str | None, tuple[tuple[int, int], ...]]


def units_of(match: re.Match[str], group: str, *others: str) -> Units:
    """The unit printed with the number of ``group``, or with the first of ``others`` that has one.

    Raises:
        ValueError: two of them print different units, so one unit cannot be said of all.
    """
    printed = [
        (unit_code(match[name]), match.span(name))
        for name in (f"{g}_unit" for g in (group, *others))
        if name in match.re.groupindex and match[name] is not None
    ]
    if len({code for code, _ in printed}) > 1:
        raise ValueError(f"two units: {match.group()!r}")
    if not printed:
        return None, ()
    return printed[0][0], (printed[0][1],)


def number_part(match: re.Match[str], group: str, measure: str | None, *, unit: Units | None = None) -> Part:
    """The part that the number named ``group`` makes, with its own comparator and (unless given) unit.

    Raises:
        ValueError: the number cannot be read as one value with one comparator.
    """
    code, spans = units_of(match, group) if unit is None else unit
    start, end = match.span(group)
    value = Decimal(0) if match[group].lower() in ("no", "none") else decimal_of(match[group])
    return Part(
        measure, start, end, number=value, comparator=_comparator(match, group), unit=code, unit_spans=spans
    )


def text_part(match: re.Match[str], group: str, measure: str, text: str) -> Part:
    """A part that says ``text``, printed by the group ``group``."""
    return Part(measure, *match.span(group), text=text)


def status_part(match: re.Match[str], group: str, measure: str) -> Part:
    """A part without a number, because the words of ``group`` say that there is none to give."""
    reached = re.search(r"reached|\bNR\b", match[group], re.IGNORECASE)
    return Part(measure, *match.span(group), status="not reached" if reached else "not estimable")


# --- productions

MARKS = rf"[\s†‡§¶‖*\#;{CITATION}]*"
"""Regex source of what may stand around the statistic of a cell: white space, footnote marks, citations."""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, FLAGS)


@dataclass(frozen=True, slots=True)
class Production:
    """A production of the grammar.

    Args:
        name: how a sheet calls it.
        reads: what it reads, by examples, for messages and documentation.
        pattern: verbose regex source with named groups; a match at a place is the reading there.
        build: makes the parts of a match; ValueError means that the words do not say one clear thing, which
            counts as no match.
        measures: the measures of the parts it may yield, in order; None where the slot has to say.
        numeric: whether it reads numbers, so that a comparator before it must not be lost.
    """

    name: str
    reads: str
    pattern: str
    build: Callable[[re.Match[str]], tuple[Part, ...]]
    measures: tuple[str | None, ...]
    numeric: bool = True

    def match(self, text: str, pos: int = 0) -> Found | None:
        """The reading that begins at ``pos``, or None."""
        return self._found(_compiled(self.pattern).match(text, pos))

    def search(self, text: str, pos: int = 0) -> Found | None:
        """The first reading that begins at ``pos`` or later, or None."""
        pattern = _compiled(self.pattern)
        while match := pattern.search(text, pos):
            if found := self._found(match):
                return found
            pos = match.start() + 1
        return None

    def whole(self, text: str) -> tuple[Part, ...] | None:
        """The parts of a text that is this statistic and nothing else (a cell), or None.

        White space, footnote marks and citations around it are ignored.
        """
        bare = re.match(MARKS, text)
        found = self.match(text, bare.end() if bare else 0)
        if found is None or not re.fullmatch(MARKS, text[found.end :]):
            return None
        return found.parts

    def _found(self, match: re.Match[str] | None) -> Found | None:
        if match is None:
            return None
        try:
            parts = self.build(match)
        except ValueError:
            return None
        return Found(self.name, match.start(), match.end(), parts)
