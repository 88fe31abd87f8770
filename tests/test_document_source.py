"""Files that cannot be read are refused, each by its own name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from smm_kg.errors import SmmKgError
from smm_kg.paper import source
from smm_kg.paper.source import (
    BinarySourceError,
    EmptySourceError,
    MissingSourceError,
    NotUtf8Error,
    SourceTooLargeError,
    UnknownFormatError,
    UnreadableSourceError,
    read_document,
)

TEXT = "A made-up title\n\nMETHODS\n\nWe counted to 12.\n"


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", EmptySourceError, "empty"),
        (b" \n\t\n", EmptySourceError, "empty"),
        (b"\xef\xbb\xbf\n", EmptySourceError, "empty"),
        (b"%PDF-1.7\n1 0 obj", BinarySourceError, "a PDF"),
        (b"PK\x03\x04rest", BinarySourceError, "ZIP"),
        (b"some\x00bytes", BinarySourceError, "null at byte 4"),
        (b"caf\xe9 au lait", NotUtf8Error, "byte 3"),
        ("caf\xe9".encode("utf-16"), NotUtf8Error, "UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, content: bytes, error: type[SmmKgError], message: str
) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(content)
    with pytest.raises(error, match=message) as caught:
        read_document(path)
    assert caught.value.where == str(path)
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingSourceError, match="no such file"):
        read_document(tmp_path / "paper.txt")


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(MissingSourceError, match="null"):
        read_document("a\0paper.txt")


def test_lone_surrogates_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(b"A title with \xed\xa0\x80 in it")
    with pytest.raises(NotUtf8Error, match="byte 13"):
        read_document(path)


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "paper.txt"
    folder.mkdir()
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        read_document(folder)


@pytest.mark.parametrize("name", ["paper.docx", "paper"])
def test_a_suffix_that_says_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownFormatError, match=r"format|suffix"):
        read_document(tmp_path / name)


def test_a_file_larger_than_any_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 20)
    path = tmp_path / "paper.txt"
    path.write_text(TEXT)
    with pytest.raises(SourceTooLargeError, match="more than the 20 bytes"):
        read_document(path)


@pytest.mark.parametrize("suffix", [".txt", ".TXT", ".md", ".markdown"])
def test_the_suffix_chooses_the_reader(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"paper{suffix}"
    path.write_text(TEXT)
    document = read_document(str(path))
    assert document.source == TEXT
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document.characters == len(TEXT)


def test_line_ends_and_a_byte_order_mark_are_not_translated(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    document = read_document(path)
    assert document.source.startswith("\ufeffA made-up title\r\n")
    title = document.blocks[0].text
    assert str(title) == document.source[slice(*title.span())] == "A made-up title"
