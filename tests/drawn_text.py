"""What a picture shows, read back from its SVG: text with the space it takes, and whether any overlaps."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

from smm_kg.draw.text_width import clean, text_width

SVG = "{http://www.w3.org/2000/svg}"
# How far letters reach above and below the baseline, in font sizes (DejaVu Sans reaches farthest).
ABOVE, BELOW = 0.76, 0.24
TOUCH = 0.1


class Text(NamedTuple):
    """A line of text and its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Drawn(NamedTuple):
    """A picture read back."""

    width: float
    height: float
    texts: tuple[Text, ...]
    title: str
    description: str
    root: ElementTree.Element

    @property
    def words(self) -> str:
        """All text, in the order drawn, a space between lines."""
        return " ".join(text.text for text in self.texts)


def read(svg: str) -> Drawn:
    root = ElementTree.fromstring(svg)
    texts = []
    for element in root.iter(f"{SVG}text"):
        size, x, y = (float(element.attrib[name]) for name in ("font-size", "x", "y"))
        text = element.text or ""
        width = text_width(text, size, bold=element.get("font-weight") == "bold")
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        texts.append(Text(text, left, y - ABOVE * size, left + width, y + BELOW * size))
    return Drawn(
        float(root.attrib["width"]),
        float(root.attrib["height"]),
        tuple(texts),
        root.findtext(f"{SVG}title") or "",
        root.findtext(f"{SVG}desc") or "",
        root,
    )


def check(svg: str) -> Drawn:
    """Read a picture and assert what holds of each: well-formed, described, nothing cut or overlapping."""
    drawn = read(svg)
    assert drawn.title
    assert drawn.description
    assert "Source" in drawn.words
    for text in drawn.texts:
        assert text.left >= 0, f"cut at the left: {text}"
        assert text.top >= 0, f"cut at the top: {text}"
        assert text.right <= drawn.width, f"cut at the right, {drawn.width}: {text}"
        assert text.bottom <= drawn.height, f"cut at the bottom, {drawn.height}: {text}"
    assert overlaps(drawn.texts) == []
    return drawn


def overlaps(texts: tuple[Text, ...]) -> list[tuple[Text, Text]]:
    """Pairs of texts whose boxes overlap, found by going through them from top to bottom."""
    found = []
    held: list[Text] = []
    for text in sorted(texts, key=lambda each: each.top):
        held = [other for other in held if other.bottom > text.top + TOUCH]
        found += [
            (other, text)
            for other in held
            if text.left < other.right - TOUCH and other.left < text.right - TOUCH
        ]
        held.append(text)
    return found


def _side_by_side(a: Text, b: Text) -> bool:
    return b.left < a.right - TOUCH and a.left < b.right - TOUCH


def shows(drawn: Drawn, words: str) -> bool:
    """Whether a picture shows words, wherever it breaks them into lines."""
    return "".join(clean(words).split()) in "".join(drawn.words.split())
