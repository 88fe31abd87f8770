"""Files of others, read without trusting them: within limits, without the network, and as RDF 1.1 only."""

from __future__ import annotations

import contextlib
import json
import re
import stat
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from smm_kg.loading.errors import LoadingError
from smm_kg.loading.places import Places

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["DEEPEST", "FORMATS", "LARGEST", "MOST_QUADS", "Source", "format_of", "read"]

LARGEST = 100_000_000
"""Bytes of a file."""
MOST_QUADS = 1_000_000
"""Statements of a file, which may be far larger than its text."""
DEEPEST = 50
"""Brackets within brackets of JSON."""

FORMATS: dict[str, tuple[str, ...]] = {
    "turtle": (".ttl", ".turtle"),
    "trig": (".trig",),
    "nquads": (".nq", ".nquads"),
    "ntriples": (".nt", ".ntriples"),
    "jsonld": (".jsonld", ".json"),
}
"""What can be loaded: the formats that ``smm-kg export`` writes and their suffixes, RDF/XML excepted."""

_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{\]}]')
_REMOTE_REFUSED = "LoadDocumentCallback"
_PLACE = re.compile(r"^Parser error at line .*?: | \(line \d+\)$", re.DOTALL)


class Source(NamedTuple):
    """A file that was read: its statements, and where it describes what."""

    file: str
    quads: tuple[pyoxigraph.Quad, ...]
    places: Places


def read(path: Path, form: str | None = None) -> Source:
    """Read a file.

    Args:
        path: the file.
        form: a key of :data:`FORMATS`; by the suffix when not given.

    Raises:
        LoadingError: it cannot be read, is larger or deeper than the limits, is not in its format, or asks
            for a JSON-LD context from elsewhere.
    """
    chosen = form or format_of(path)
    text = _text(path)
    places = Places(text, chosen)
    if chosen == "jsonld":
        _refuse_json(text, str(path), places)
    return Source(str(path), tuple(_parsed(text, chosen, str(path), places)), places)


def format_of(path: Path) -> str:
    """Return the format that the suffix of a file stands for.

    Raises:
        LoadingError: it stands for none that can be loaded.
    """
    for form, suffixes in FORMATS.items():
        if path.suffix.lower() in suffixes:
            return form
    known = ", ".join(suffixes[0] for suffixes in FORMATS.values())
    what = f"files with the suffix {path.suffix!r} are not loaded"
    hint = f"give a file in one of {known}, or name the format with --from"
    if path.suffix.lower() in (".rdf", ".xml", ".owl"):
        what, hint = "RDF/XML is not loaded", f"convert it to one of {known}"
    raise LoadingError(what, file=str(path), rule="format", hint=hint)


def _text(path: Path) -> str:
    file = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LoadingError("is not a file", file=file, rule="file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise LoadingError(f"cannot be read: {error.strerror}", file=file, rule="file") from error
    if len(data) > LARGEST:
        what = f"is larger than {LARGEST:,} bytes"
        raise LoadingError(what, file=file, rule="size", hint="load it in parts, a file for each source")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LoadingError("is not UTF-8", file=file, rule="encoding", line=line) from error


def _refuse_json(text: str, file: str, places: Places) -> None:
    """Refuse JSON that is nested too deep for a parser, or names a context that would have to be fetched."""
    depth = 0
    for found in _JSON_PART.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                what = f"is nested deeper than {DEEPEST} brackets"
                raise LoadingError(what, file=file, rule="depth", line=places.line_at(found.start()))
        elif found[0] in "]}":
            depth -= 1
    for address in _remote_contexts(text):
        at = text.find(json.dumps(address, ensure_ascii=False))
        raise LoadingError(
            f"the JSON-LD context {address} is not in the file, and nothing is fetched",
            file=file,
            rule="remote-context",
            line=places.line_at(at) if at >= 0 else None,
            hint="put the context itself in its place",
        )


def _remote_contexts(text: str) -> list[str]:
    """Return the addresses of the contexts that are not in the text itself; none if it is not JSON."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        for key, value in pairs:
            if key in ("@context", "@import"):
                named = value if isinstance(value, list) else [value]
                found.extend(one for one in named if isinstance(one, str))

    with contextlib.suppress(ValueError):  # the parser of JSON-LD says what is wrong, and where
        json.loads(text, object_pairs_hook=look)
    return found


def _parsed(text: str, form: str, file: str, places: Places) -> Iterator[pyoxigraph.Quad]:
    import pyoxigraph as ox

    kind = {
        "turtle": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "nquads": ox.RdfFormat.N_QUADS,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
    }[form]
    try:
        # The parser validates IRIs and has no way to fetch anything: it refuses a remote context.
        for number, quad in enumerate(chain(ox.parse(text, kind), repeat(None)), 1):
            if quad is None:
                return
            if number > MOST_QUADS:
                what = f"has more than {MOST_QUADS:,} statements"
                raise LoadingError(what, file=file, rule="size", hint="load it in parts")
            yield quad
    except MemoryError as error:  # its buffer is limited
        raise LoadingError("a text is longer than 16 MB", file=file, rule="literal-size") from error
    except SyntaxError as error:
        message = _PLACE.sub("", str(error))
        rule = "remote-context" if _REMOTE_REFUSED in message else "syntax"
        if rule == "remote-context":
            message = "a JSON-LD context is not in the file, and nothing is fetched"
        raise LoadingError(
            " ".join(message.split())[:300],
            file=file,
            rule=rule,
            line=error.lineno,
            column=error.offset,
        ) from error
