"""What surrounds every picture: a title above, notes and the sources below."""

from __future__ import annotations

from dataclasses import dataclass

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import QUIET, RULE
from smm_kg.errors import SmmKgError

__all__ = ["MARGIN", "Caption", "DrawingError", "close_page", "open_page"]

MARGIN = 20.0
_TITLE, _SUBTITLE, _NOTE = 15.0, 12.0, 10.5


class DrawingError(SmmKgError):
    """There is not what a picture needs, or a picture cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The words around a picture.

    Attributes:
        title: what it shows, of what study.
        subtitle: what is needed to read it: population, unit, direction.
        notes: what a reader must know to read it right, one sentence or more each.
        sources: ids of the documents that state what is drawn (``doi:10.1056/NEJMoa1300439``).
    """

    title: str
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def open_page(canvas: Canvas, width: float, caption: Caption) -> float:
    """Draw title and subtitle, and return the y below which the picture may begin."""
    bottom = canvas.paragraph(MARGIN, 14, caption.title, width - 2 * MARGIN, size=_TITLE, bold=True)
    bottom = canvas.paragraph(
        MARGIN, bottom + 2, caption.subtitle, width - 2 * MARGIN, size=_SUBTITLE, colour=QUIET
    )
    return bottom + 12


def close_page(canvas: Canvas, width: float, bottom: float, caption: Caption, description: str) -> str:
    """Draw notes and sources below the picture, and return the SVG.

    Args:
        canvas: what is drawn so far.
        width: of the page.
        bottom: the lowest y of the picture.
        caption: the words.
        description: what the picture shows, in words, for those who cannot see it.
    """
    y = bottom + 14
    canvas.line((MARGIN, y), (width - MARGIN, y), colour=RULE)
    y += 6
    for note in caption.notes:
        y = canvas.paragraph(MARGIN, y, note, width - 2 * MARGIN, size=_NOTE, colour=QUIET) + 2
    sources = "; ".join(caption.sources) or "not stated"
    word = "Sources" if len(caption.sources) > 1 else "Source"
    y = canvas.paragraph(MARGIN, y, f"{word}: {sources}", width - 2 * MARGIN, size=_NOTE, colour=QUIET)
    return canvas.render(width, y + 12, title=caption.title, description=description)
