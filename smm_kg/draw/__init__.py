"""Pictures of the evidence as SVG of our own: one module each, from frozen inputs to text.

Each picture's module has the types of its input and ``draw``. The input of a study comes from a graph by
:mod:`smm_kg.draw.pictures`; :func:`save` writes a picture to a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["save"]


def save(svg: str, path: Path) -> None:
    """Write a picture to a file, whole or not at all, as its suffix says; see :mod:`smm_kg.draw.files`."""
    from smm_kg.draw import files

    files.save(svg, path)
