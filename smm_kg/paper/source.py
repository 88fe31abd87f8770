"""From a file to a document: what can be read, by suffix, and what is refused, by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from smm_kg.errors import SmmKgError
from smm_kg.paper.document import Document

__all__ = [
    "MAX_BYTES",
    "BinarySourceError",
    "EmptySourceError",
    "MalformedXmlError",
    "MissingSourceError",
    "NotUtf8Error",
    "RefusedXmlError",
    "SourceError",
    "SourceTooLargeError",
    "UnknownFormatError",
    "UnreadableSourceError",
    "read_document",
    "read_source",
]

MAX_BYTES = 4 * 1024 * 1024
"""Files larger than this are refused: a trial report has some 0.1 MB, so a larger file is something else."""

_BINARY_STARTS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive (perhaps a Word or EPUB file)",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "a rich text file",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class SourceError(SmmKgError):
    """A source document cannot be read."""


class MissingSourceError(SourceError):
    """There is no such file."""


class UnreadableSourceError(SourceError):
    """The file is there but the system does not let it be read, or it is a folder."""


class EmptySourceError(SourceError):
    """The file holds nothing, or nothing but white space."""


class BinarySourceError(SourceError):
    """The file is not text."""


class NotUtf8Error(SourceError):
    """The file is text of another encoding."""


class SourceTooLargeError(SourceError):
    """The file is larger than any report."""


class UnknownFormatError(SourceError):
    """The suffix names no format that can be read."""


class MalformedXmlError(SourceError):
    """The XML is cut off or broken."""


class RefusedXmlError(SourceError):
    """The XML holds what no report needs but can do harm: entity declarations, endless depth or width."""


def read_document(path: str | Path) -> Document:
    """Read a report, by its suffix.

    That is plain text recovered from a PDF (``.txt``), JATS XML (``.nxml``, ``.xml``) or Markdown (``.md``,
    ``.markdown``).

    Raises:
        SourceError: the file is missing, empty, binary, too large, not UTF-8, of another format, or broken;
            the subclass says which.
    """
    path = Path(path)
    parse = _reader(path)
    source, sha256 = read_source(path)
    return parse(source, sha256, str(path))


def _reader(path: Path) -> Callable[[str, str, str], Document]:
    """The reader for a suffix: it takes the source, its hash, and its name for error messages."""
    match path.suffix.lower():
        case ".txt":
            from smm_kg.paper import text

            return text.parse
        case ".nxml" | ".xml":
            from smm_kg.paper import jats

            return jats.parse
        case ".md" | ".markdown":
            from smm_kg.paper import markdown

            return markdown.parse
    raise UnknownFormatError(
        f"a file named *{path.suffix} is of no known format" if path.suffix else "the file has no suffix",
        where=str(path),
        hint="name it by what it is: .txt (plain text), .nxml or .xml (JATS), .md (Markdown)",
    )


def read_source(path: Path) -> tuple[str, str]:
    """The file decoded as UTF-8 without newline translation, and the SHA-256 of its bytes in hexadecimal.

    Raises:
        SourceError: as for :func:`read_document`.
    """
    where = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise MissingSourceError("there is no such file", where=where, hint="check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableSourceError(f"the file cannot be read: {reason}", where=where) from error
    except ValueError as error:  # a null in the path
        raise MissingSourceError(f"no file has such a name: {error}", where=repr(where)) from error
    if len(data) > MAX_BYTES:
        raise SourceTooLargeError(
            f"the file has more than the {MAX_BYTES} bytes that are read",
            where=where,
            hint="give one report, without its supplements",
        )
    _refuse_binary(data, where)
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            where=where,
            hint="save the file as UTF-8 text",
        ) from None
    if not source.strip("\ufeff \t\r\n\f\v\xa0"):
        raise EmptySourceError("the file is empty", where=where, hint="recover the text of the report again")
    return source, hashlib.sha256(data).hexdigest()


def _refuse_binary(data: bytes, where: str) -> None:
    if data.startswith(_UTF16):
        raise NotUtf8Error("the text is UTF-16", where=where, hint="save the file as UTF-8 text")
    kind = next((name for start, name in _BINARY_STARTS.items() if data.startswith(start)), None)
    if kind is None and b"\0" in data:
        kind = f"binary data (a null at byte {data.index(0)})"
    if kind is not None:
        raise BinarySourceError(
            f"the file is {kind}, not text", where=where, hint="extract its text first and give that file"
        )
