"""Repair of recovered text, character by character, with every offset kept.

The order matters: characters first, then words broken at line ends, then white space, then markup, then
citations (which need the markup gone), last the superscripts that turned out to be no citations.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from smm_kg.paper.citations import lift_citations
from smm_kg.paper.document import CITATION, Citation, Text

__all__ = ["Lexicon", "Repair", "fold", "fold_characters", "fold_space", "level"]

_CHARACTERS: Mapping[str, str] = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # the full-width forms of ASCII
    **dict.fromkeys("\u2010\u2011\u2212\ufe63", "-"),
    "\u2012": "–",
    "\u2015": "—",
    **dict.fromkeys("‘’‛", "'"),
    **dict.fromkeys("“”‟", '"'),
    **dict.fromkeys("≧⩾", "≥"),
    **dict.fromkeys("≦⩽", "≤"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    "µ": "μ",
    "∼": "~",
    "≃": "≈",
    "≅": "≈",
    "⁄": "/",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
_FOLDED = re.compile("[" + "".join(_CHARACTERS) + "]")
_FOLDING = str.maketrans(dict(_CHARACTERS))
_PRIVATE = re.compile(CITATION)
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*(?:\r\n|[\r\n])?[ \t]*")
_DECIMAL_POINT = re.compile(r"(?<=\d)[·∙⋅](?=\d)(?!10(?:\^|<sup>|[⁰¹²³⁴⁵⁶⁷⁸⁹]))")

_HYPHENATED = re.compile(r"(?<=[^\W_])-[ \t]*[\r\n]\s*(?:-\s+)?(?=[^\W_])")
_DASHED = re.compile(r"(?<=[^\s–—/])(?P<dash>[–—/])[ \t]*[\r\n]\s*(?=[^\W_])")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_SUSPENDING = frozenset({"and", "or", "to", "versus", "vs"})
_SPACE = re.compile(r"(?P<thousands>(?<=\d)[\u2009\u202f](?=\d{3}(?!\d)))|\s+")
_LOOSE_MINUS = re.compile(r"(?<![\w%)\]])(?<![\d%)\]]\s)(?P<minus>\u2212)\s+(?=[\d.])")

_LATEX_SIGNS: Mapping[str, str] = {
    "geq": "≥", "geqslant": "≥", "ge": "≥", "leq": "≤", "leqslant": "≤", "le": "≤", "lt": "<", "gt": ">",
    "pm": "±", "times": "×", "approx": "≈", "sim": "~", "less": "<", "prime": "′",
    "mu": "μ", "alpha": "α", "beta": "β", "gamma": "γ", "kappa": "κ", "lambda": "λ",
    "cdot": "·", "dagger": "†", "ddagger": "‡", "ast": "*",
}  # fmt: skip
_LATEX_SIGN = re.compile(
    r"\\(?P<name>" + "|".join(sorted(_LATEX_SIGNS, key=len, reverse=True)) + r")(?![A-Za-z])"
)
_LATEX_DRESS = re.compile(
    r"\\(?:overline|underline|text(?:bf|it|rm)?|math(?:rm|bf|it)|operatorname|hat|bar)\s*\{(?P<inner>[^{}]*)\}"
)
_LATEX_ESCAPE = re.compile(r"\\(?P<character>[%_&#$*{}\[\]<>|~`+.-])")
_LATEX_SPACE = re.compile(r"\\[,;:! ]")
_MATH = re.compile(r"\$\s*(?P<inner>[^$\s](?:[^$]{0,78}[^$\s])?)\s*\$(?!\d)")
_MATHEMATICAL = re.compile(r"[\^_\\<>=≥≤±×≈]|^[\d.,–%\s-]+$")
_EMPHASIS = re.compile(
    r"(?<![\w*\\])(?P<mark>\*{1,3})(?=[^\s*])(?P<inner>[^*]{0,300}?)(?<=[^\s*])(?P=mark)(?![\w*])"
)

_UNICODE_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT = re.compile(r"\^\{\s*(?P<inner>[^{}]*?)\s*\}|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_SUBSCRIPT = re.compile(r"(?:(?<=\d)(?P<base>_)|_)\{\s*(?P<inner>[^{}]*?)\s*\}")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_SPLIT_NAME = re.compile(r"(?<=[^\W\d_]-)\s(?=\d)")
_SPLIT_MICRO = re.compile(r"(?<=μ)\s(?=(?:mol|g|m|l|L|M|U)\b)")


@dataclass(frozen=True)
class Lexicon:
    """The words of a document that no line end broke, to judge the broken ones by."""

    words: Counter[str]

    @classmethod
    def of(cls, source: str) -> Lexicon:
        """Count the words of a source, hyphenated ones whole; fragments at line ends are left out."""
        whole = _HYPHENATED.sub("-\n", fold(source))
        words: Counter[str] = Counter()
        for match in _WORD.finditer(whole):
            if whole.startswith("-\n", match.end()) or whole.endswith("-\n", 0, match.start()):
                continue
            word = match[0].lower()
            words[word] += 1
            parts = word.split("-")
            if len(parts) > 2:
                words.update(f"{left}-{right}" for left, right in pairwise(parts))
        return cls(words)

    def rejoined(self, left: str, right: str) -> str:
        """What stands between two parts of a word broken after a hyphen: nothing, ``-`` or ``- ``.

        Args:
            left: the letters before the hyphen, empty where another character stands there.
            right: the letters after the line end, empty likewise.
        """
        if not left or not right:
            return "-"
        joined, compound = (left + right).lower(), f"{left}-{right}".lower()
        as_one, as_two = self.words[joined], self.words[compound]
        if as_one != as_two:
            return "" if as_one > as_two else "-"
        if as_one:
            return "-"
        if right in _SUSPENDING:
            return "- "
        known = self.words[left.lower()] and self.words[right.lower()] and len(left) > 2 and len(right) > 2
        return "-" if known or right[0].isupper() else ""


@dataclass
class Repair:
    """Repairs the texts of one document and gathers the citations lifted out of them.

    Args:
        lexicon: the words of the document.
        references: the numbers of its reference list; no other number is a citation.
    """

    lexicon: Lexicon
    references: Collection[int]
    citations: dict[int, Citation] = field(default_factory=dict)

    def __call__(self, raw: Text) -> Text:
        """The repaired text of a block; ``raw`` still has its line ends."""
        text, citations = lift_citations(self._unbroken(raw), self.references)
        self.citations.update((citation.start, citation) for citation in citations)
        return level(text)

    def plain(self, raw: Text) -> Text:
        """The same for text in which no citations are looked for: the reference list, table cells."""
        return level(self._unbroken(raw))

    def _unbroken(self, raw: Text) -> Text:
        """Repaired, with citations and superscripts still as printed."""
        text = raw.sub(_PRIVATE, lambda _: ("\ufffd",))  # no character of the source passes for a marker
        text = fold_space(self._rejoined(fold_characters(text)))
        text = text.sub(_LATEX_SIGN, lambda match: (_LATEX_SIGNS[match["name"]],))
        for _ in range(2):  # one dress may stand inside another
            text = text.sub(_LATEX_DRESS, lambda match: (match.span("inner"),))
        text = text.sub(_MATH, _math)
        text = text.sub(_EMPHASIS, lambda match: (match.span("inner"),))
        text = text.sub(_LATEX_ESCAPE, lambda match: (match.span("character"),))
        return fold_space(text.sub(_LATEX_SPACE, lambda _: (" ",)))

    def _rejoined(self, text: Text) -> Text:
        """Words broken at line ends put together again."""
        printed = text.text

        def joint(match: re.Match[str]) -> tuple[str, ...]:
            left = _LAST_LETTERS.search(printed[max(0, match.start() - 40) : match.start()])
            right = _FIRST_LETTERS.match(printed, match.end(), match.end() + 40)
            between = self.lexicon.rejoined(left[0] if left else "", right[0] if right else "")
            return (between,) if between else ()

        text = text.sub(_HYPHENATED, joint)
        return text.sub(_DASHED, lambda match: (match.span("dash"),))


def level(text: Text) -> Text:
    """Write superscripts that are no citations as ``^9``, close up names and units that are split."""
    text = text.sub(_SUPERSCRIPT, _superscript)
    text = text.sub(_SUBSCRIPT, _subscript)
    text = text.sub(_SPLIT_NAME, lambda _: ())
    return fold_space(text.sub(_SPLIT_MICRO, lambda _: ()))


def fold_characters(text: Text) -> Text:
    """One character for the variants of hyphen, quote, sign and ligature; invisible ones taken out."""
    text = text.sub(_SOFT_HYPHEN, lambda _: ())
    text = text.sub(_LOOSE_MINUS, lambda match: (match.span("minus"),))
    text = text.sub(_FOLDED, lambda match: (_CHARACTERS[match[0]],) if _CHARACTERS[match[0]] else ())
    return text.sub(_DECIMAL_POINT, lambda _: (".",))


def fold(characters: str) -> str:
    """The same as :func:`fold_characters` where no offsets are wanted."""
    return _SOFT_HYPHEN.sub("", characters).translate(_FOLDING)


def fold_space(text: Text) -> Text:
    """White space of any kind and length as one space, none at the ends; thousands stay parted as printed."""
    return text.sub(_SPACE, lambda match: None if match[0] == " " or match["thousands"] else (" ",)).strip()


def _math(match: re.Match[str]) -> tuple[tuple[int, int], ...] | None:
    return (match.span("inner"),) if _MATHEMATICAL.search(match["inner"]) else None


def _superscript(match: re.Match[str]) -> tuple[str | tuple[str, int, int] | tuple[int, int], ...]:
    """``^`` before a power or a letter, so that it never runs into the number in front of it."""
    if match["raised"] is not None:
        return ("^", match["raised"].translate(_UNICODE_SUPERSCRIPTS))
    inner = match.span("inner")
    apart = any(map(str.isalnum, match["inner"])) and match["inner"] not in _ORDINALS
    return (("^", *inner), inner) if apart else (inner,)


def _subscript(match: re.Match[str]) -> tuple[tuple[str, int, int] | tuple[int, int], ...]:
    inner = match.span("inner")
    return (("_", *inner), inner) if match["base"] and match["inner"] else (inner,)
