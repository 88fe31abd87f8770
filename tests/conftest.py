"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the source documents, which a user's clone does not have."""
    folder = Path(os.environ.get("SMM_KG_SOURCES", ROOT.parent / "shared"))
    if not (folder / "paper" / "mateos-2013.txt").is_file():
        pytest.skip(f"source documents not found in {folder}; set SMM_KG_SOURCES to test against them")
    return folder


@pytest.fixture(scope="session")
def paper(sources: Path) -> Path:
    """The text of the Mateos 2013 paper."""
    return sources / "paper" / "mateos-2013.txt"
