"""Numbers in running text: digits and words, each with its exact span and value.

:func:`find_numbers` is the one tokenizer of numbers: the coverage of a paper is measured by it and a gap of a
phrase may not skip what it finds. The regex sources below are what the grammar of statistics is built on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = [
    "ANOTHER",
    "CARDINAL",
    "DECIMAL",
    "EXPONENT",
    "INTEGER",
    "LETTER",
    "MULTIPLE",
    "NUMBER_WORD",
    "NumberToken",
    "decimal_of",
    "find_numbers",
]

Kind = Literal["digits", "superscript", "cardinal", "multiple", "frequency", "ordinal"]

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁻⁺", "01234567890123456789-+")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_POINT = "[.·∙⋅‧]"
_THIN = "\u2009\u202f"
_DASH = "[-‐‑–]"

LETTER = rf"[^\W\d_{_RAISED}½¼¾⅓⅔]"
"""Regex source of one letter (superscript digits and fractions are word characters, but no letters)."""

# A number never begins or ends inside another: "0.72" holds no 0, "10^9" neither 10 nor 9. What is written
# in another way ("0,72", "0 .72", "1'250", "1e-5", "12th") is not read at all rather than wrongly.
_START = rf"""(?<![0-9])(?<![0-9]{_POINT})(?<![0-9]{_POINT}\s)(?<![0-9]\s{_POINT})(?<![0-9][,'’])(?<![0-9]\s,)
    (?<![\^_])(?<![\^_][-−+{{])(?<![0-9][eE])(?<![0-9][eE][-−+])"""
_WHOLE = (
    rf"(?:[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})++(?![0-9])"
    rf"|[1-9][0-9]{{0,2}}(?:[{_THIN}][0-9]{{3}})++(?![0-9])|[0-9]++)"
)
_END = rf"""(?![0-9{_RAISED}⁻⁺½¼¾⅓⅔])(?!\s?{_POINT}\s?[0-9])(?!['’][0-9])(?![\^_]\{{?[-−+]?[0-9])
    (?![eE][-−+]?[0-9])(?!(?i:st|nd|rd|th)(?!{LETTER}))(?!\+(?!/))"""
_NO_COMMA = r"(?!\s?,[0-9])"
_NO_ZERO = r"(?!0[0-9])"

INTEGER = rf"(?:{_START}{_NO_ZERO}{_WHOLE}{_END}{_NO_COMMA})"
"""Regex source (verbose) of a whole number in digits, with or without thousands separators."""

DECIMAL = rf"""(?:
    {_START} (?:
        {_NO_ZERO}{_WHOLE}{_POINT}[0-9]++ {_END}
      | {_NO_ZERO}{_WHOLE} {_END}{_NO_COMMA}
      | (?<![\w.)\]%])(?<![0-9]\s){_POINT}[0-9]++ {_END}
    ))"""
"""Regex source (verbose) of an unsigned number in digits: ``64``, ``1,250``, ``0.72``, ``0·72``, ``.04``."""

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_CARDINALS = {
    "zero": 0, "dozen": 12, "hundred": 100,
    **{word: value for value, word in enumerate(_UNITS, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}  # fmt: skip
_MULTIPLES = {
    "both": "2", "twice": "2", "thrice": "3", "once": "1", "single": "1", "half": "0.5", "halved": "0.5",
    "double": "2", "doubled": "2", "doubling": "2", "triple": "3", "tripled": "3", "quadruple": "4",
}  # fmt: skip
_FREQUENCIES = {
    "hourly": 1, "daily": 1, "nightly": 1, "weekly": 1, "fortnightly": 1, "monthly": 1, "quarterly": 1,
    "yearly": 1, "annual": 1, "annually": 1, "biweekly": 2, "bimonthly": 2, "biannual": 2, "biannually": 2,
}  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
         "eleventh", "twelfth"), 1)
}  # fmt: skip


def _longest_first(words: Iterable[str]) -> str:
    """Alternatives in the order in which a longer word is tried before one that it begins with."""
    return "|".join(sorted(words, key=len, reverse=True))


# What may be glued to a number word where a hyphen was lost ("twosided"), or stands so ("twofold").
_TAILS = (
    "sided|tailed|fold|arm|armed|stage|step|drug|agent|blind|phase|time|dose|hour|day|week|month|year|"
    "dimensional|level|way|line|third|thirds|quarter|quarters|half|digit|point|center|centre|group|life"
)
_BEGIN = r"(?<![^\W_])"
_STOP = rf"(?:(?!{LETTER})|(?=(?:{_TAILS})s?(?!{LETTER})))"
_UNIT = "|".join(_UNITS)
_BELOW_HUNDRED = (
    rf"(?:(?:{'|'.join(_TENS)})(?:{_DASH}\s?(?:{_UNIT})(?!{LETTER})|\s+(?:{_UNIT})(?!{LETTER}|\s*{_DASH}))?"
    rf"|{'|'.join(_TEENS)}|{_UNIT}|zero|dozen)"
)
CARDINAL = (
    rf"(?:{_BEGIN}(?i:(?>(?:(?:{_UNIT})\s+)?hundred(?:\s+(?:and\s+)?{_BELOW_HUNDRED}{_STOP})?"
    rf"|{_BELOW_HUNDRED})){_STOP})"
)
"""Regex source of a cardinal number in words: ``seven``, ``sixty-one``, ``one hundred and four``."""

ANOTHER = (
    rf"(?:\s+(?:[0-9]++(?:{_POINT}[0-9]++)?+(?!-?{LETTER}|\s?%\s?-?(?i:CI|confidence))|[½¼¾⅓⅔]"
    rf"|(?i:{_longest_first([*_CARDINALS, 'thousand', 'million', 'billion'])})"
    rf"(?:{_DASH}(?i:{_UNIT}))?+(?!-?{LETTER})))"
)
"""Regex source of another number right after a number: which of the two is meant cannot be told.

"nine 4-week cycles" and "0.72 95% CI" are clear.
"""

MULTIPLE = rf"(?:{_BEGIN}(?i:{_longest_first(_MULTIPLES)}){_STOP})"
"""Regex source of ``both``, ``twice``, ``once``, ``half``, ``doubled`` and their like."""

_FREQUENCY = rf"(?:{_BEGIN}(?i:{_longest_first(_FREQUENCIES)})(?!{LETTER}))"
_ORDINAL = rf"(?:{_BEGIN}(?i:{'|'.join(_ORDINALS)})(?:(?!{LETTER})|(?=s(?!{LETTER})|line)))"

# The first word of a compound tells; this regex is repeated in many others, so it has to be short.
NUMBER_WORD = (
    rf"(?:{_BEGIN}(?i:{_longest_first({**_CARDINALS, **_MULTIPLES})}){_STOP}|{_FREQUENCY}|{_ORDINAL})"
)
"""Regex source of the (first) word of any number in words, at the place where it begins."""

EXPONENT = (
    r"(?:\s?[×x*·∙⋅]\s?10"
    rf"(?:\^\{{?[-−]?[0-9]{{1,2}}(?![0-9])\}}?|[⁻⁺]?[{_RAISED[:10]}]{{1,2}}(?![{_RAISED}])))"
)
"""Regex source of a power of ten after a number: ``× 10^9``, ``×10⁹``."""

_TOKEN = re.compile(
    rf"""(?P<superscript>[{_RAISED}]+)
       | (?P<digits>{_WHOLE}(?:{_POINT}[0-9]+)?|(?<![\w.)\]%]){_POINT}[0-9]+|[½¼¾])
       | (?P<cardinal>{CARDINAL}) | (?P<multiple>{MULTIPLE})
       | (?P<frequency>{_FREQUENCY}) | (?P<ordinal>{_ORDINAL})""",
    re.VERBOSE,
)
_SCIENTIFIC = re.compile(rf"(?P<mantissa>.+?)(?P<power>{EXPONENT})", re.VERBOSE)
_DIGITS = re.compile(rf"(?:{_WHOLE}(?:{_POINT}[0-9]+)?|{_POINT}[0-9]+)")


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A number that a text prints: ``text`` is what stands at ``[start:end]``, without any sign.

    ``kind`` says how it is printed: ``digits``, ``superscript``, ``cardinal`` (seven), ``multiple`` (twice,
    both, half), ``frequency`` (monthly: value 1, once a month), ``ordinal`` (third: value 3).
    """

    start: int
    end: int
    text: str
    value: Decimal
    kind: Kind


def find_numbers(text: str) -> list[NumberToken]:
    """Every number of a text, in order: each run of digits, even inside a code, and each number word.

    A number word counts where a lost hyphen glued it to what follows ("twosided"), and not inside another
    word ("often", "someone").
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]  # the group names are the kinds
        printed = match.group()
        tokens.append(NumberToken(match.start(), match.end(), printed, _VALUES[kind](printed), kind))
    return tokens


def decimal_of(printed: str) -> Decimal:
    """The exact value of one printed number, in digits (with sign, power of ten) or in words.

    >>> decimal_of("0·72"), decimal_of("−4.2"), decimal_of("1,250"), decimal_of("Sixty-one")
    (Decimal('0.72'), Decimal('-4.2'), Decimal('1250'), Decimal('61'))

    Raises:
        ValueError: it is not one number.
    """
    text = printed.strip()
    if scientific := _SCIENTIFIC.fullmatch(text):
        power = scientific["power"].split("10", 1)[1].strip("^{}").translate(_SUPERSCRIPTS).replace("−", "-")
        return Decimal(f"{decimal_of(scientific['mantissa']).scaleb(int(power)):f}")
    if text[:1] in ("-", "−", "–") and _DIGITS.fullmatch(text[1:].lstrip()):
        return -_digits_value(text[1:].lstrip())
    if _DIGITS.fullmatch(text) or text in _FRACTIONS:
        return _digits_value(text)
    token = _TOKEN.fullmatch(text)
    if token is None or token.lastgroup in (None, "superscript"):
        raise ValueError(f"not a number: {printed!r}")
    return _VALUES[token.lastgroup](text)


def _digits_value(printed: str) -> Decimal:
    if printed in _FRACTIONS:
        return _FRACTIONS[printed]
    plain = re.sub(_POINT, ".", re.sub(f"[,{_THIN}]", "", printed))
    return Decimal(plain)


def _cardinal_value(printed: str) -> Decimal:
    """The value of words such as ``one hundred and sixty-two``: hundreds multiply what stands before them."""
    total = 0
    for word in re.findall(rf"{LETTER}+", printed.lower()):
        if word == "hundred":
            total = max(total, 1) * 100
        elif word != "and":
            total += _CARDINALS[word]
    return Decimal(total)


_VALUES: dict[str, Callable[[str], Decimal]] = {
    "digits": _digits_value,
    "superscript": lambda printed: Decimal(printed.translate(_SUPERSCRIPTS)),
    "cardinal": _cardinal_value,
    "multiple": lambda printed: Decimal(_MULTIPLES[printed.lower()]),
    "frequency": lambda printed: Decimal(_FREQUENCIES[printed.lower()]),
    "ordinal": lambda printed: Decimal(_ORDINALS[printed.lower()]),
}
