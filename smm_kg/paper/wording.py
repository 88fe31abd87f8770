"""When two wordings are the same: words of a phrase against words as a text prints them.

Case, white space, hyphens and dashes between letters do not count ("high-risk" is "highrisk" and
"high - risk"), nor does punctuation between words; but a wording does not run across the end of a sentence.
A text is folded once to the characters that count; wordings are then found in it by plain search.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from smm_kg.paper.numbers import CARDINAL, LETTER, NUMBER_WORD
from smm_kg.paper.production import BEFORE, CITATION, DASH, FLAGS
from smm_kg.units import UNIT

__all__ = [
    "BARE_NUMBER",
    "BEFORE_CITATION",
    "BEFORE_SLOT",
    "BEHIND_NUMBER",
    "BETWEEN_WORDS",
    "FIRST_OF_RANGE",
    "LOST_COMPARATOR",
    "REST_OF_RANGE",
    "SKIPPED_WORD",
    "Wording",
    "letters",
    "sentences",
    "words_of",
]

_QUOTES = "\"'“”‘’«»`"
_UPPER = r"(?-i:[A-ZÀ-ÖØ-Þ])"
_SENTENCE_END = rf"(?:[{CITATION}{_QUOTES})\]]*\s+[{_QUOTES}(\[]*{_UPPER})"
_PUNCTUATION = rf"\s,;:()\[\]{{}}{_QUOTES}†‡§¶‖*\#_$/…•\u00ad"
_IGNORED = _PUNCTUATION + CITATION
_STOP = rf"\.(?!{_SENTENCE_END})"

# --- what may stand between two elements of a phrase

BETWEEN_WORDS = {
    False: re.compile(rf"(?:[{_IGNORED}]|{DASH}|{_STOP})*+", FLAGS),
    True: re.compile(rf"(?:[{_IGNORED}]|{DASH}|\.)*+", FLAGS),
}
"""What may stand before words, by whether it may be the end of a sentence."""

# Before a number, "-" may be its sign and "." its decimal point; a citation may be what is read.
_UNSIGNED = (
    rf"(?:(?<=[\w)\]%.{CITATION}]){DASH}|(?<=[\w)\]%.{CITATION}]\s){DASH}(?=\s)|{DASH}(?!\s*+[0-9.·]))"
)
_NO_SENTENCE = rf"\.(?![0-9]|{_SENTENCE_END})|\.(?={CITATION})"

BEFORE_SLOT = {
    False: re.compile(rf"(?:[{_IGNORED}]|{_UNSIGNED}|{_NO_SENTENCE})*+", FLAGS),
    True: re.compile(rf"(?:[{_IGNORED}]|{_UNSIGNED}|\.(?![0-9]))*+", FLAGS),
}
"""What may stand before a statistic, by whether it may be the end of a sentence."""

BEFORE_CITATION = {
    False: re.compile(rf"(?:[{_PUNCTUATION}]|{DASH}|{_NO_SENTENCE})*+", FLAGS),
    True: re.compile(rf"(?:[{_PUNCTUATION}]|{DASH}|\.)*+", FLAGS),
}
"""What may stand before a citation, by whether it may be the end of a sentence."""

SKIPPED_WORD = re.compile(
    rf"(?:[{_IGNORED}%&+=@^|°×©®]|{_UNSIGNED}|{_STOP})*+(?!{NUMBER_WORD}){LETTER}++", FLAGS
)
"""One word that a gap skips, with what stands before it: no number, number word or comparator sign."""

LOST_COMPARATOR = re.compile(
    rf"""(?:{BEFORE}|\b(?:over|under|above|below|beyond|not|half|few|several|many|upwards?\s+of|close\s+to
         |as\s+(?:many|much|few|little|high|low|long|short|early|late)\s+as)) \s+(?:(?:an?|the)\s+)?$""",
    FLAGS,
)
"""The end of a text after which a number would stand without its comparator."""

REST_OF_RANGE = re.compile(
    rf"(?:[0-9%]|{CARDINAL})\s*+(?:\b(?:to|or)\b|{DASH}|[/~∼±×÷]|\+/-)\s*+$|[0-9]:$", FLAGS
)
"""The end of a text after which a number would be the rest of a range, fraction, product or alternative."""

FIRST_OF_RANGE = re.compile(
    rf"""(?:(?:\s|-)*+{UNIT})?+ (?: (?P<bare>\s+or\s) | \s*\b(?:to|through)\s | \s?[×x~∼] | [:/](?=[0-9]) )
         \s*(?:[<>≤≥]\s?)? (?:[0-9]|{CARDINAL})""",
    FLAGS,
)
"""What makes the number before it the first of a range or product; ``bare``: where that has no unit."""

BEHIND_NUMBER = re.compile(
    rf"(?:[0-9½¼¾⅓⅔%‰]|\^[0-9-]+|{CARDINAL}|\b(?:both|twice|thrice|half))[\s{CITATION}]+$", FLAGS
)
"""The end of a text after which a number would be the second of two: which is meant cannot be told."""

BARE_NUMBER = re.compile(
    rf"(?![0-9.·,]++(?:-?{LETTER}|\s?%\s?-?(?:CI|confidence)))(?:[-−–.·]?[0-9½¼¾]|{NUMBER_WORD})", FLAGS
)
"""The beginning of a number that is no part of a name of its own (nine 4-week cycles, 0.7 95% CI)."""

# --- folding

_COUNTED = re.compile(
    rf"(?P<versus>\bversus\b)|(?P<at_least>>=|\$?\\geq?(?:slant)?\b\$?)|(?P<at_most><=|\$?\\leq?(?:slant)?\b\$?)"
    rf"|(?P<character>[^\s{_PUNCTUATION}{CITATION}.‐‑–—−-])",
    re.IGNORECASE,
)
_SPACED = re.compile(rf"(?:[\s\u00ad]|{DASH})*+", FLAGS)
_ACROSS = re.compile(rf"\.{_SENTENCE_END}", FLAGS)
_INSIDE, _BETWEEN, _BEYOND = range(3)


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text folded to the characters that count.

    ``key[k]`` is printed at ``[starts[k]:ends[k]]``; ``joints[k]`` says what stands between it and the one
    before: at most space and hyphens, other punctuation too, or the end of a sentence.
    """

    key: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    joints: bytes


@lru_cache(maxsize=4096)
def _fold(text: str) -> _Folded:
    key: list[str] = []
    starts, ends, joints = [], [], bytearray()
    end = 0
    for match in _COUNTED.finditer(text):
        folded = {"versus": "vs", "at_least": "≥", "at_most": "≤"}.get(match.lastgroup or "")
        for character in folded or match.group().casefold():
            key.append(character)
            joints.append(_joint(text, end, match.start()))
            starts.append(match.start())
            end = match.end()
            ends.append(end)
    return _Folded("".join(key), tuple(starts), tuple(ends), bytes(joints))


def _joint(text: str, start: int, end: int) -> int:
    if end <= start or _SPACED.fullmatch(text, start, end):
        return _INSIDE
    return _BEYOND if _ACROSS.search(text, start, end + 1) else _BETWEEN


@dataclass(frozen=True, slots=True)
class Wording:
    """Words to be found in a text however it spaces, hyphenates and punctuates them.

    Between two words a full stop followed by a space lets the wording run across the end of a sentence. It
    begins and ends at a word boundary, except where ``glued_start`` or ``glued_end`` says that a number may
    stand glued to it.
    """

    key: str
    allowed: bytes
    glued_start: bool
    glued_end: bool

    @classmethod
    def of(cls, words: str, *, glued_start: bool = False, glued_end: bool = False) -> Wording:
        """Fold the words of a phrase."""
        folded = _fold(words)
        allowed = bytearray(folded.joints)
        for index in range(1, len(allowed)):
            between = words[folded.ends[index - 1] : folded.starts[index]]
            if re.search(r"\.\s", between):
                allowed[index] = _BEYOND
            elif between:
                allowed[index] = _BETWEEN
        return cls(folded.key, bytes(allowed), glued_start, glued_end)

    def occurs(self, text: str) -> bool:
        """Whether the letters occur at all, a cheap look before a search."""
        return self.key in _fold(text).key

    def find(self, text: str, pos: int) -> tuple[int, int] | None:
        """The span of the first place at ``pos`` or later, or None."""
        folded = _fold(text)
        index = folded.key.find(self.key, bisect_left(folded.starts, pos))
        while index >= 0:
            if span := self._span(text, folded, index):
                return span
            index = folded.key.find(self.key, index + 1)
        return None

    def match(self, text: str, pos: int) -> tuple[int, int] | None:
        """The span of the wording where the text goes on at ``pos``, which must be its beginning; or None."""
        folded = _fold(text)
        index = bisect_left(folded.starts, pos)
        if folded.starts[index : index + 1] != (pos,) or not folded.key.startswith(self.key, index):
            return None
        return self._span(text, folded, index)

    def _span(self, text: str, folded: _Folded, index: int) -> tuple[int, int] | None:
        last = index + len(self.key) - 1
        joints = folded.joints[index + 1 : last + 1]
        if any(joint > allowed for joint, allowed in zip(joints, self.allowed[1:], strict=True)):
            return None
        start, end = folded.starts[index], folded.ends[last]
        cut_start = _is_word(text[start - 1 : start]) and _is_word(text[start])
        cut_end = _is_word(text[end : end + 1]) and _is_word(text[end - 1])
        if (cut_start and not self.glued_start) or (cut_end and not self.glued_end):
            return None
        return start, end


def _is_word(character: str) -> bool:
    return character.isalnum()


def words_of(words: str) -> list[str]:
    """The words of a wording, in lower case; hyphenated ones in one piece."""
    return [letters(word) for word in words.split() if letters(word)]


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """The letters of a text in lower case and nothing else: what two equal wordings have in common."""
    return "".join(character for character in text.casefold() if character.isalpha())


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of a text: a full stop, white space and a capital end one."""
    ends = [match.end() for match in re.finditer(rf"[.?!](?={_SENTENCE_END})", text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip()]
