"""Other recoveries of the same paper, and papers whose numbers were changed: inputs for tests.

Everything works on the text of a paper recovered from a PDF: paragraphs between blank lines, table rows with
tabs. The same seed gives the same text.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import msgspec

from smm_kg.records import Study

_BODY = re.compile(r"^ABSTRACT$.*?(?=^REFERENCES$)", re.MULTILINE | re.DOTALL)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip

# Digits that are no values, or whose change would make a unit, a name or a reference of another kind.
_KEEP = re.compile(
    r"""
      \$\^\{[^}]*\}\$ | \^\{[^}]*\}                             # superscripts
    | [\u00b2\u00b3\u00b9\u2070-\u2079][\u00b2\u00b3\u00b9\u2070-\u2079–,-]*
    | (?<=[a-z],)\d{1,2}(?:[,–-]\d{1,2})*                        # citations glued to a word
    | (?<=[a-z)]\.)\d{1,2}(?:[,–-]\d{1,2})*(?=\s)
    | (?<=\),)\d{1,2}(?=\s)
    | (?<=group\.\ )\d{1,2}(?=\ [A-Z])
    | \d\.\d\.\d{1,2} | version\ \d\.\d                       # a version, a citation glued to it
    | [Gg]rade\s+\d(?:\s(?:or|and)\s\d)?                       # a scale of five
    | (?<=\)\ or\ )\d(?=\ \(in)                                  # "grade 1 (in …) or 2 (in …)"
    | (?:Fig(?:ure)?s?\.?|Tables?)\s+S?\d+[A-Z]?
    | \b[A-Z]{2,}\d+ | interleukin-\s?\d+                       # names
    | NCT\d+ | \b10\.\d{4,}/\S+ | \d+\s+de\s+[A-Z]\w+
    | (?:per|/)\s?24\s?h(?:ou)?rs?                              # part of a unit
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(rf"(?<![\w.])\d+(?:\.\d+)?(?![\d])|\b(?:{'|'.join(_WORDS[1:13])})\b", re.IGNORECASE)
# Whole numbers from the first pair of bounds become others within the second.
_POOLS = (
    ((1, 13), (1, 21)),
    ((13, 100), (21, 100)),
    ((100, 1000), (100, 1000)),
    ((1900, 2100), (2000, 2020)),
)
_DAYS = ("11", "12", "13", "14", "16", "17", "18", "19")


@dataclass(frozen=True)
class Change:
    """A number that was changed: what it was and where, what it became and where."""

    start: int
    old: str
    new_start: int
    new: str


def rewrap(source: str, width: int, seed: int) -> str:
    """Break the lines of the running text at other places, about ``width`` characters long.

    Headings, table rows and the reference list stay as they are.
    """
    chance = random.Random(seed)
    end = source.find("\nREFERENCES\n")
    head, tail = (source[:end], source[end:]) if end >= 0 else (source, "")
    return "\n".join(_wrapped(line, width + chance.randint(-10, 10)) for line in head.split("\n")) + tail


def _wrapped(line: str, width: int) -> str:
    if "\t" in line or len(line) <= width:
        return line
    lines, rest = [], line
    while len(rest) > width and (cut := rest.rfind(" ", 1, width)) > 0:
        lines.append(rest[:cut])
        rest = rest[cut + 1 :]
    return "\n".join([*lines, rest])


def hyphen_styles(source: str, seed: int) -> str:
    """Print the hyphens inside words in other characters, and the dashes of ranges in tables."""
    chance = random.Random(seed)

    def inside_word(match: re.Match[str]) -> str:
        return chance.choice(["-", "\u2010", "\u2011"])

    def in_range(match: re.Match[str]) -> str:
        return chance.choice(["-", "–"])

    lines = re.sub(r"(?<=[a-z])-(?=[a-z])", inside_word, source).split("\n")
    ranged = (re.sub(r"(?<=\d)[–-](?=\d)", in_range, line) if "\t" in line else line for line in lines)
    return "\n".join(ranged)


def space_noise(source: str, seed: int) -> str:
    """Print spaces twice or as no-break spaces here and there, and with or without them around signs."""
    chance = random.Random(seed)

    def space(match: re.Match[str]) -> str:
        return chance.choices([" ", "  ", "\u00a0"], [8, 1, 1])[0]

    def sign(match: re.Match[str]) -> str:
        blank = chance.choice(["", " "])
        return f"{match[1]}{blank}{match[2]}{blank}"

    end = source.find("\nREFERENCES\n")
    head, tail = (source[:end], source[end:]) if end >= 0 else (source, "")
    head = re.sub(r"\b([PN]) ?([<=]) ?(?=\d)", sign, head)
    return re.sub(r"(?<=\w) (?=\w)", space, head) + tail


def change_numbers(source: str, seed: int, *, consistent: bool = True) -> tuple[str, tuple[Change, ...]]:
    """Change the values in the body of a paper, in digits and in words.

    A whole number stays one, a decimal keeps its digits after the point, a word stays a word. What is larger
    stays larger, so that ranges stay ranges. Citations, numbers of figures and tables, names, identifiers,
    the address, units, grades and 0 stay; days stay within a month, years within 2000 to 2019.

    Args:
        source: the paper.
        seed: the same seed gives the same numbers.
        consistent: the same number becomes the same number everywhere, so that repeated statements still
            agree; otherwise each paragraph and each row of a table has numbers of its own.

    Returns:
        The changed paper and every change, in the order of the text.
    """
    chance = random.Random(seed)
    spans = list(_values(source))
    everywhere = _growing((source[start:end] for start, end in spans), chance)
    days = {source[start:end]: chance.choice(_DAYS) for start, end in spans}
    pieces: list[str] = []
    changes: list[Change] = []
    done = length = 0
    for _, group in groupby(spans, key=lambda span: source.rfind("\n", 0, span[0])):
        own = list(group)
        known = everywhere if consistent else _growing((source[a:b] for a, b in own), chance)
        for start, end in own:
            old = source[start:end]
            day = days[old] if consistent else chance.choice(_DAYS)
            new = day if _is_day(source, start, end) else known[old.lower()]
            new = new.capitalize() if old[0].isupper() else new
            pieces += [source[done:start], new]
            length += start - done
            changes.append(Change(start, old, length, new))
            length += len(new)
            done = end
    return "".join([*pieces, source[done:]]), tuple(changes)


def _is_day(source: str, start: int, end: int) -> bool:
    """Tell whether two digits are the day of a date; one digit stays below 21 anyhow."""
    return (
        end - start == 2 and re.search(rf"(?:{_MONTHS})\s+\Z", source[max(0, start - 20) : start]) is not None
    )


def _growing(tokens: Iterable[str], chance: random.Random) -> dict[str, str]:
    """Map numbers to others of their kind in the same order; 0 stays 0."""
    distinct = {token.lower(): _number(token) for token in tokens}
    kinds: dict[tuple[int, int, int], set[Decimal]] = defaultdict(set)
    for number in distinct.values():
        if number:
            kinds[_kind(number)].add(number)
    mapped = {Decimal(0): Decimal(0)}
    for (decimals, low, high), numbers in kinds.items():
        chosen = sorted(chance.sample(range(low, high), len(numbers)))
        news = (Decimal(new).scaleb(-decimals) for new in chosen)
        mapped |= dict(zip(sorted(numbers), news, strict=True))
    return {
        token: _WORDS[int(mapped[old])] if token in _WORDS else str(mapped[old] if old else token)
        for token, old in distinct.items()
    }


def _number(token: str) -> Decimal:
    return Decimal(_WORDS.index(token.lower()) if token.lower() in _WORDS else token)


def _kind(number: Decimal) -> tuple[int, int, int]:
    """Return the digits after the point, and the bounds of what it may become, in units of the last digit."""
    decimals = max(0, -int(number.as_tuple().exponent))
    if not decimals:
        return next(((0, *after) for (low, high), after in _POOLS if low <= number < high), (0, 2100, 9999))
    scale = 10**decimals
    low, high = next(bounds for bounds in ((0, 1), (1, 10), (10, 100), (100, 10_000)) if number < bounds[1])
    return decimals, max(1, low * scale), high * scale


def _values(source: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the values in the body of a paper, abstract to discussion."""
    body = _BODY.search(source)
    if body is None:
        return
    for paragraph in re.finditer(r"[^\n]+", source[body.start() : body.end()]):
        text, offset = paragraph.group(), body.start() + paragraph.start()
        if "@" in text or re.match(r"N Engl J Med|DOI|Copyright|No other uses|(?:Figure|Table) \d", text):
            continue
        kept = [match.span() for match in _KEEP.finditer(text)]
        for match in _NUMBER.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in kept):
                yield offset + match.start(), offset + match.end()


def insert_number(source: str, offset: int, number: str = "737") -> tuple[str, int]:
    """Put a number between two words, after the word at ``offset``.

    Returns:
        The changed paper, and where the number begins in it.
    """
    gap = re.compile(r"(?<=[a-z]) (?=[a-z])").search(source, offset)
    if gap is None:
        raise ValueError(f"no gap between two words after {offset}")
    return f"{source[: gap.end()]}{number} {source[gap.end() :]}", gap.end()


def word_gaps(source: str, start: int, end: int) -> list[int]:
    """Return the offsets of the gaps between two words of the running text in ``source[start:end]``."""
    lines = [match.span() for match in re.finditer(r"[^\n]*\n?", source[start:end]) if "\t" not in match[0]]
    gaps = re.finditer(r"\b[a-z]+ (?=[a-z])", source[start:end])
    return [start + gap.end() - 1 for gap in gaps if any(a <= gap.start() < b for a, b in lines)]


def values_of(study: Study) -> Study:
    """Return the study without offsets and printed text: what two recoveries of one paper have in common."""
    replace = msgspec.structs.replace
    facts = tuple(
        replace(
            fact,
            values=tuple(replace(value, locators=()) for value in fact.values),
        )
        for fact in study.facts
    )
    references = tuple(
        replace(each, locator=replace(each.locator, start=0, end=0, printed="")) for each in study.references
    )
    document = replace(study.document, sha256="", characters=0)
    return replace(study, document=document, facts=facts, references=references)
