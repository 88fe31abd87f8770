"""Colours and patterns that are told apart in grey print and by colour-blind readers.

Sequences are ordered in lightness (from viridis), so that order survives in grey. Categories are the
Okabe-Ito colours. Neighbours of a sequence also differ in pattern; nothing is said by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GREY", "INK", "PALE", "PAPER", "QUIET", "RULE", "Fill", "category", "ink_on", "sequence"]

INK = "#1a1a1a"
QUIET = "#555555"
RULE = "#b8b8b8"
PALE = "#f2f2f2"
GREY = "#9a9a9a"
PAPER = "#ffffff"

_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
_VIRIDIS = ("#fde725", "#b5de2b", "#6ece58", "#35b779", "#1f9e89", "#26828e", "#31688e", "#3e4989", "#482878")
_PATTERNS = (None, "rising", "dots", "falling", "level")


@dataclass(frozen=True, slots=True)
class Fill:
    """How an area is filled: a colour, and a pattern of lines or dots upon it or none."""

    colour: str
    pattern: str | None = None


def sequence(steps: int) -> tuple[Fill, ...]:
    """Return fills from light to dark for ordered things, neighbours of different pattern."""
    last = len(_VIRIDIS) - 1
    places = [round(index * last / max(1, steps - 1)) for index in range(steps)]
    return tuple(
        Fill(_VIRIDIS[place], _PATTERNS[index % len(_PATTERNS)]) for index, place in enumerate(places)
    )


def category(index: int) -> Fill:
    """Return the fill of the ``index``-th of unordered things; colours come round with another pattern."""
    return Fill(_OKABE_ITO[index % len(_OKABE_ITO)], _PATTERNS[(index // len(_OKABE_ITO)) % len(_PATTERNS)])


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG relative luminance)."""
    return INK if luminance(colour) > 0.25 else PAPER


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 for black to 1 for white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
