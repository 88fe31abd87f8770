"""The JSON Schema of a file of curated records, for editors that complete and check while one types."""

from __future__ import annotations

import json

import msgspec

from smm_kg.curated.model import CuratedStudy

__all__ = ["schema"]


def schema() -> str:
    """Return the schema as indented JSON, the same text every time."""
    tree = msgspec.json.schema(CuratedStudy)
    heading = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Curated records of one study",
    }
    return json.dumps(heading | tree, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
