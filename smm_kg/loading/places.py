"""On which line of a file a node is described, as far as the text tells without parsing it again.

A line that is not known is none: a wrong one would mislead more than a missing one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

__all__ = ["Places"]

_PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_START = re.compile(r"\s*(?:\}\s*)?(<[^>]*>|_:[^\s]+|[^\s:<>\"'#]*:[^\s<>\"'#;,]*)(?=[\s{])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|<[^>]*>')
_COMMENT = re.compile(r"(?:^|\s)#.*")
_JSON_NAME = re.compile(r'"([^"\\]*)"\s*:\s*("(?:https?|urn):(?:[^"\\]|\\.)*")')
_JSON_NODE = re.compile(r'"@id"\s*:\s*("(?:[^"\\]|\\.)*")\s*,')


class Places:
    """The lines of the nodes of one file."""

    def __init__(self, text: str, form: str) -> None:
        """Take the text of a file in a format of :data:`smm_kg.loading.reading.FORMATS`."""
        self._text = text
        self._form = form
        self._found: dict[str, int] | None = None

    def line_of(self, node: str) -> int | None:
        """Return the first line that describes a node, by its IRI or ``_:`` name, counted from 1."""
        if self._found is None:
            self._found = {}
            for name, line in self._nodes():
                self._found.setdefault(name, line)
        return self._found.get(node)

    def line_at(self, offset: int) -> int:
        """Return the line of a character."""
        return self._text.count("\n", 0, offset) + 1

    def _nodes(self) -> Iterator[tuple[str, int]]:
        return self._of_json() if self._form == "jsonld" else self._of_statements()

    def _of_statements(self) -> Iterator[tuple[str, int]]:
        """Yield what stands first in a statement of Turtle and its kin."""
        prefixes = dict(_PREFIX.findall(self._text))
        begins, inside = True, ""
        for number, line in enumerate(self._text.split("\n"), 1):
            if not inside and begins and (found := _START.match(line)):
                yield _expanded(found[1], prefixes), number
            rest, inside = _outside_of_texts(line, inside)
            if inside:
                begins = False
            elif rest:
                begins = rest.endswith((".", "{", "}")) or rest.lower().startswith(("prefix", "base"))

    def _of_json(self) -> Iterator[tuple[str, int]]:
        """Yield the names of the nodes of which something is said; mere references are passed over."""
        prefixes = {name: json.loads(iri) for name, iri in _JSON_NAME.findall(self._text) if name[:1] != "@"}
        line, at = 1, 0
        for found in _JSON_NODE.finditer(self._text):
            line += self._text.count("\n", at, found.start())
            at = found.start()
            try:
                yield _expanded(json.loads(found[1]), prefixes), line
            except ValueError:
                continue


def _outside_of_texts(line: str, inside: str) -> tuple[str, str]:
    """Return a line without its texts, IRIs and comment, and the quotes of a long text that goes on."""
    kept = ""
    while line:
        if inside:
            _, found, line = line.partition(inside)
            inside = "" if found else inside
            continue
        places = {quotes: place for quotes in ('"""', "'''") if (place := line.find(quotes)) >= 0}
        if not places:
            kept += line
            break
        inside = min(places, key=lambda quotes: places[quotes])
        before, _, line = line.partition(inside)
        kept += before
    return _COMMENT.sub("", _QUOTED.sub("x", kept)).strip(), inside


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI of a name as a file writes it."""
    if name.startswith("<"):
        return name[1:-1]
    prefix, colon, rest = name.partition(":")
    return prefixes[prefix] + rest.replace("\\", "") if colon and prefix in prefixes else name
