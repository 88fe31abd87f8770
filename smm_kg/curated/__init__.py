"""Curated records: what a person read in the sources of a study, as records.

One YAML file holds one study. ``load`` checks a file and gives one record of the study for each of its
sources, so that every source has a graph of its own.
"""

from __future__ import annotations

from smm_kg.curated.model import CuratedFact, CuratedStudy, Source
from smm_kg.curated.reader import CuratedError, load, parse, shipped
from smm_kg.curated.schema import schema
from smm_kg.curated.skeleton import skeleton

__all__ = [
    "CuratedError",
    "CuratedFact",
    "CuratedStudy",
    "Source",
    "load",
    "parse",
    "schema",
    "shipped",
    "skeleton",
]
