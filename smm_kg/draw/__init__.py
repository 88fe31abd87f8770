"""Pictures of the evidence as SVG of our own: one module each, from frozen inputs to text.

Each picture's module has the types of its input and ``draw``. The input of a study comes from a graph by
:mod:`smm_kg.draw.pictures`; :func:`save` writes a picture to a file.
"""

from __future__ import annotations

from smm_kg.draw.files import save

__all__ = ["save"]
