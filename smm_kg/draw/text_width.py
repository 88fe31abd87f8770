"""How wide text is when drawn, and how it is broken into lines, without a font at hand.

A reader's machine draws with whatever sans-serif it has. Each character is taken to be as wide as the wider
of Liberation Sans (metrics of Helvetica and Arial) and DejaVu Sans makes it: what fits here fits there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["clean", "line_height", "text_width", "wrap"]

# Advance widths in thousandths of the font size: the larger of Liberation Sans 2.1.5 and DejaVu Sans 2.37,
# from their hmtx tables. Space to tilde, regular and bold.
_REGULAR = (
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667, 611, 778,
    752, 295, 500, 667, 558, 863, 749, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686, 667, 686, 391,
    337, 391, 838, 557, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
)  # fmt: skip
_BOLD = (
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 831, 684, 684, 821,
    837, 373, 557, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458,
    366, 458, 838, 557, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688,
    716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
)  # fmt: skip
# Others that trial reports print, of the bold face, which is never the narrower one.
_OTHERS = {
    **dict.fromkeys("‘’·", 380),
    **dict.fromkeys("“”", 658),
    **dict.fromkeys("–†‡", 557),
    **dict.fromkeys("²³¹", 438),
    **dict.fromkeys("≤≥≈×−±≠", 838),
    **dict.fromkeys("αβγδεζηθκλμνξοπρτυχµ", 800),
    **dict.fromkeys("ιıł", 390),
    **dict.fromkeys("ßø", 720),
    "°": 500,
    "•": 640,
}
_UNKNOWN = 1200  # no letter of the common scripts is wider
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_SPACE = {"\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u2028": " ", "\u2029": " "}
_REPLACED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BREAK_AFTER = frozenset("-/–—,;_")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return text that can be drawn: one line, single spaces, nothing that XML or a renderer refuses.

    Control characters, marks that reverse the direction of writing, unassigned and private characters and
    lone surrogates become the replacement character, so that it shows that something stood there.
    """
    kept = "".join(_SPACE.get(character, character) for character in text)
    kept = "".join("\ufffd" if unicodedata.category(each) in _REPLACED else each for each in kept)
    return " ".join(kept.split())


@lru_cache(maxsize=65536)
def _thousandths(character: str, bold: bool) -> int:
    place = ord(character) - 32
    if 0 <= place < len(_REGULAR):
        return (_BOLD if bold else _REGULAR)[place]
    if character in _OTHERS:
        return _OTHERS[character]
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return _UNKNOWN
    if len(parts) > 1 and unicodedata.combining(parts[1]):
        return _thousandths(parts[0], bold)
    return max(_UNKNOWN, sum(_thousandths(part, bold) for part in parts if part != character))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is at most, in the unit of ``size``, the font size."""
    return sum(_thousandths(character, bold) for character in text) * size / 1000


def line_height(size: float) -> float:
    """Return the distance between the baselines of two lines."""
    return size * 1.3


def wrap(text: str, limit: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break text into lines no wider than ``limit``: at spaces, else after a hyphen or slash, else anywhere.

    The text is cleaned first; an empty one has no lines. A limit narrower than a character gives one
    character a line, since nothing is ever left out.
    """
    lines: list[str] = []
    line = ""
    for word in clean(text).split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, limit, size, bold)
        lines += full
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, limit: float, size: float, bold: bool) -> list[str]:
    """Break one word into pieces that fit, the last perhaps short."""
    pieces: list[str] = []
    while text_width(word, size, bold=bold) > limit and len(word) > 1:
        fits, width = 0, 0.0
        for character in word:
            width += text_width(character, size, bold=bold)
            if width > limit:
                break
            fits += 1
        fits = max(1, fits)
        nice = next((at for at in range(fits, fits // 3, -1) if word[at - 1] in _BREAK_AFTER), fits)
        pieces.append(word[:nice])
        word = word[nice:]
    return [*pieces, word]
