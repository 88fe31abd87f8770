"""SVG, written the same to the byte for the same picture: elements in the order drawn, fixed decimals.

Lengths are in pixels of the SVG, y downwards. Text is cleaned and escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

from smm_kg.draw.colour import INK, PAPER, RULE, Fill, ink_on
from smm_kg.draw.text_width import clean, line_height, wrap

__all__ = ["FONTS", "Anchor", "Canvas", "Point", "number"]

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

# Liberation Sans must be named: the converter to PNG and PDF brings it, and draws nothing in a font it lacks.
FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

_PATTERNS = {
    "rising": '<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" stroke="{0}" stroke-width="1.1"/>',
    "falling": '<path d="M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2" stroke="{0}" stroke-width="1.1"/>',
    "level": '<path d="M0,3 l6,0" stroke="{0}" stroke-width="1.1"/>',
    "dots": '<circle cx="3" cy="3" r="1.1" fill="{0}"/>',
}


def number(value: float) -> str:
    """Return a length with at most two decimals, and no minus sign before zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Canvas:
    """A picture being drawn: shapes and text, one above the other in the order they come."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._patterns: dict[str, Fill] = {}

    def element(self, tag: str, **attributes: str | float | None) -> None:
        """Draw an element; names of attributes have underscores for hyphens, None leaves one out."""
        written = "".join(
            f" {name.rstrip('_').replace('_', '-')}="
            f'"{escape(value if isinstance(value, str) else number(value))}"'
            for name, value in attributes.items()
            if value is not None
        )
        self._parts.append(f"<{tag}{written}/>")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        anchor: Anchor = "start",
        bold: bool = False,
        colour: str = INK,
        halo: str | None = None,
    ) -> None:
        """Draw one line of text, its baseline at ``y``; a ``halo`` keeps it clear of lines behind it."""
        cleaned = clean(text)
        if not cleaned:
            return
        attributes = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if bold:
            attributes += ' font-weight="bold"'
        if colour != INK:
            attributes += f' fill="{colour}"'
        if halo:
            attributes += f' stroke="{halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
        self._parts.append(f"<text {attributes}>{escape(cleaned, quote=False)}</text>")

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = 12,
        anchor: Anchor = "start",
        bold: bool = False,
        colour: str = INK,
        halo: str | None = None,
    ) -> float:
        """Draw lines of text below ``y``, the top of the first, and return the bottom of the last."""
        for at, line in enumerate(lines):
            baseline = y + at * line_height(size) + size
            self.text(x, baseline, line, size=size, anchor=anchor, bold=bold, colour=colour, halo=halo)
        return y + len(lines) * line_height(size)

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        limit: float,
        *,
        size: float = 12,
        anchor: Anchor = "start",
        bold: bool = False,
        colour: str = INK,
        halo: str | None = None,
    ) -> float:
        """Draw text broken into lines no wider than ``limit``, and return the bottom of the last."""
        wrapped = wrap(text, limit, size, bold=bold)
        return self.lines(x, y, wrapped, size=size, anchor=anchor, bold=bold, colour=colour, halo=halo)

    def line(
        self, start: Point, end: Point, *, colour: str = INK, width: float = 1, dash: str | None = None
    ) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        self.element(
            "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width, stroke_dasharray=dash
        )

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Fill | None = None,
        stroke: str | None = INK,
        stroke_width: float = 1,
        dash: str | None = None,
        radius: float | None = None,
    ) -> None:
        """Draw a rectangle by its top left corner."""
        self.element(
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=radius,
            fill=self._paint(fill),
            stroke=stroke,
            stroke_width=stroke_width if stroke else None,
            stroke_dasharray=dash,
        )

    def circle(
        self, x: float, y: float, radius: float, *, fill: Fill | None = None, stroke: str | None = INK
    ) -> None:
        """Draw a circle."""
        self.element("circle", cx=x, cy=y, r=radius, fill=self._paint(fill), stroke=stroke)

    def polygon(self, points: Sequence[Point], *, fill: Fill | None = None, stroke: str | None = INK) -> None:
        """Draw a closed shape with straight sides."""
        written = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.element("polygon", points=written, fill=self._paint(fill), stroke=stroke)

    def path(self, data: str, *, colour: str = INK, width: float = 1, dash: str | None = None) -> None:
        """Draw an open path; ``data`` is in the language of SVG, its numbers by :func:`number`."""
        self.element("path", d=data, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dash)

    def arrow(self, points: Sequence[Point], *, colour: str = INK, width: float = 1.2) -> None:
        """Draw a line with straight parts that ends in a head."""
        (x1, y1), (x2, y2) = points[-2:]
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.001)
        along, across = ((x2 - x1) / length * 7, (y2 - y1) / length * 7), 3.2 / 7
        back = (x2 - along[0], y2 - along[1])
        written = " L".join(f"{number(x)},{number(y)}" for x, y in (*points[:-1], back))
        self.path(f"M{written}", colour=colour, width=width)
        side = (-along[1] * across, along[0] * across)
        head = ((x2, y2), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
        self.polygon(head, fill=Fill(colour), stroke=None)

    def take(self, other: Canvas) -> None:
        """Draw what another canvas holds above what is drawn so far."""
        self._parts += other._parts
        self._patterns |= other._patterns

    def _paint(self, fill: Fill | None) -> str:
        if fill is None:
            return "none"
        if fill.pattern is None:
            return fill.colour
        name = f"{fill.pattern}-{fill.colour.lstrip('#').lower()}"
        self._patterns[name] = fill
        return f"url(#{name})"

    def render(self, width: float, height: float, *, title: str, description: str) -> str:
        """Return the picture as an SVG document that tells readers of the screen what it shows."""
        w, h = number(width), number(height)
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
            f'role="img" font-family="{FONTS}" fill="{INK}">',
            f"<title>{escape(clean(title), quote=False)}</title>",
            f"<desc>{escape(clean(description), quote=False)}</desc>",
        ]
        if self._patterns:
            head += ["<defs>", *(_pattern(*each) for each in sorted(self._patterns.items())), "</defs>"]
        head.append(f'<rect width="{w}" height="{h}" fill="{PAPER}"/>')
        return "\n".join([*head, *self._parts, "</svg>"]) + "\n"


def _pattern(name: str, fill: Fill) -> str:
    marks = _PATTERNS[fill.pattern or "rising"].format(_mark_on(fill.colour))
    return (
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{fill.colour}"/>{marks}</pattern>'
    )


def _mark_on(colour: str) -> str:
    """The colour of a pattern's marks: half way from the ground to the ink that reads on it."""
    ink = ink_on(colour)
    mixed = ((2 * int(colour[at : at + 2], 16) + int(ink[at : at + 2], 16)) // 3 for at in (1, 3, 5))
    return RULE if colour == PAPER else "#" + "".join(f"{part:02x}" for part in mixed)
