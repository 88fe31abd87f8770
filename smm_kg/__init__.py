"""smm-kg: published trial results as an evidence knowledge graph.

>>> import smm_kg
>>> graph = smm_kg.open()                                            # the evidence that ships
>>> rows = graph.query("compare-progression")                        # a question of the catalogue
>>> rows = graph.sparql("SELECT ?study WHERE { ?study a <https://w3id.org/smm-kg/ontology#Study> }")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smm_kg.graph import Graph
    from smm_kg.graph import open as open  # noqa: A004 - the package's word
    from smm_kg.reading import read_paper

    __version__: str

# Not `open`: a star import would put it in the place of Python's own.
__all__ = ["Graph", "__version__", "read_paper"]

# Importing the package costs nothing: what it exports is loaded when first used.
_HOMES = {"Graph": "smm_kg.graph", "open": "smm_kg.graph", "read_paper": "smm_kg.reading"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("smm-kg")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'smm_kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_HOMES})
