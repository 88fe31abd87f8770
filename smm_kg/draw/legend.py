"""What fills mean: swatches with words beside them."""

from __future__ import annotations

from collections.abc import Sequence

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import Fill
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["legend"]

_SIZE, _SWATCH = 10.5, 14.0


def legend(canvas: Canvas, x: float, y: float, room: float, keys: Sequence[tuple[Fill, str]]) -> float:
    """Draw swatches with words, in as many lines as they need, and return the bottom."""
    left, bottom = x, y
    for fill, words in keys:
        lines = wrap(words, room - _SWATCH - 6, _SIZE)
        width = _SWATCH + 6 + max((text_width(line, _SIZE) for line in lines), default=0.0)
        if left > x and left + width > x + room:
            left, y = x, bottom + 4
        canvas.rectangle(left, y + 1, _SWATCH, _SWATCH - 3, fill=fill, stroke_width=0.6)
        bottom = max(bottom, canvas.lines(left + _SWATCH + 6, y, lines, size=_SIZE), y + line_height(_SIZE))
        left += width + 18
    return bottom
