"""Pictures as files: SVG as it is, PNG and PDF by the extra ``png`` (vl-convert-python)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from smm_kg.atomic import replacing
from smm_kg.draw.page import DrawingError

__all__ = ["PICTURE_FORMATS", "save"]

_SCALE = 3.0  # a picture a hand wide has then some 300 dots an inch


def _svg(svg: str) -> bytes:
    return svg.encode()


def _png(svg: str) -> bytes:
    """PNG, the same to the byte on one version of the converter."""
    made: bytes = _converter().svg_to_png(svg, scale=_SCALE)
    return made


def _pdf(svg: str) -> bytes:
    """PDF with text that can be searched; the order of its parts changes from run to run."""
    made: bytes = _converter().svg_to_pdf(svg)
    return made


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise DrawingError(
            "writing PNG or PDF needs vl-convert-python, which is not installed",
            hint="install it with: pip install 'smm-kg[png]'; SVG needs nothing",
        ) from error
    return vl_convert


PICTURE_FORMATS: dict[str, Callable[[str], bytes]] = {".svg": _svg, ".png": _png, ".pdf": _pdf}
"""Writers of pictures by the suffix of the file."""


def save(svg: str, path: Path) -> None:
    """Write a picture to a file, whole or not at all, in the format of its suffix.

    Raises:
        DrawingError: the suffix is none of :data:`PICTURE_FORMATS`, or the extra ``png`` is not installed.
        WritingError: the system refuses to write there.
    """
    write = PICTURE_FORMATS.get(path.suffix.lower())
    if write is None:
        raise DrawingError(
            f"a picture is not written as {path.suffix or 'a file without a suffix'}",
            where=str(path),
            candidates=tuple(PICTURE_FORMATS),
        )
    made = write(svg)
    with replacing(path) as stream:
        stream.write(made)
