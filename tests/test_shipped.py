"""The graph that ships ready made is the graph of what ships."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_kg import dataset, resources, shipped


def test_the_ready_made_graph_is_what_would_be_made() -> None:
    """If not: python -m smm_kg.shipped writes it anew."""
    text = gzip.decompress(resources.ready_made().read_bytes())
    made = b"".join(dataset.chunks(shipped.studies()))
    assert text == f"# {shipped.digest()}\n".encode() + made


@pytest.fixture
def no_dataset(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def quads(_studies: object) -> Iterator[bytes]:
        asked.append("made")
        yield b""

    monkeypatch.setattr(dataset, "quads", quads)
    return asked


def test_it_is_used_as_it_is(no_dataset: list[str]) -> None:
    assert b"".join(shipped.quads()).startswith(b"# ")
    assert no_dataset == []


@pytest.mark.parametrize("damage", ["stale", "torn", "gone"])
def test_it_is_not_used_when_stale_or_damaged(
    damage: str, no_dataset: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = resources.ready_made().read_bytes()
    file = tmp_path / "graph.nq.gz"
    if damage == "stale":
        file.write_bytes(gzip.compress(b"# another digest\n"))
    elif damage == "torn":
        file.write_bytes(data[: len(data) // 2])
    monkeypatch.setattr(resources, "ready_made", lambda: file)
    assert b"".join(shipped.quads()) == b""
    assert no_dataset == ["made"]
