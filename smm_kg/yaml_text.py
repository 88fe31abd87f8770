"""YAML in which every scalar is text, read within limits.

``0.50`` stays ``0.50``, ``no`` stays ``no`` and an empty scalar is the empty string; the model that takes the
result gives the types. What a hostile or careless file can do is bounded: its size and depth, no aliases (a
few lines of them grow to gigabytes), no tags, no key given twice (plain YAML loaders keep the last silently).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from smm_kg.errors import SmmKgError

__all__ = [
    "MAXIMUM_BYTES",
    "MAXIMUM_DEPTH",
    "KeyPath",
    "Tree",
    "YamlError",
    "YamlText",
    "parse_yaml",
    "read_yaml",
]

MAXIMUM_BYTES = 4 * 1024 * 1024
MAXIMUM_DEPTH = 20

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
KeyPath: TypeAlias = "tuple[str | int, ...]"

_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlError(SmmKgError):
    """The file is not YAML of the kind that is accepted here."""


@dataclass(frozen=True)
class YamlText:
    """A YAML document: its ``tree``, and ``lines``, the one-based line on which each node begins."""

    tree: Tree
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """Return the line of the node at ``path``, or of the nearest node above it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: KeyPath) -> str:
        """Name a node for a message: ``line 12, statements[3].read``."""
        keys = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
        return f"line {self.line(path)}, {keys}" if keys else f"line {self.line(path)}"


def read_yaml(path: Path) -> YamlText:
    """Read a YAML file with every scalar as text.

    Raises:
        YamlError: the file cannot be read, is too large, is not UTF-8, is not YAML, or uses what is refused.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise YamlError(f"cannot be read ({error.strerror or error})", where=str(path)) from error
    if len(data) > MAXIMUM_BYTES:
        raise YamlError(
            f"is larger than {MAXIMUM_BYTES} bytes", where=str(path), hint="split it, or check the path"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise YamlError(f"is not UTF-8 text (byte {error.start})", where=str(path)) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> YamlText:
    """Read YAML text; ``name`` stands for it in errors.

    Raises:
        YamlError: as for :func:`read_yaml`.
    """
    builder = _Builder(name)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}" if mark else name
        raise YamlError(f"is not YAML: {getattr(error, 'problem', None) or error}", where=where) from error
    if builder.root is None:
        raise YamlError("is empty", where=name)
    return YamlText(builder.root, builder.lines)


def _events(text: str) -> Iterator[yaml.Event]:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
    return events


@dataclass
class _Level:
    """A mapping or sequence under construction; ``key`` is the mapping key that awaits its value."""

    path: KeyPath
    node: list[Tree] | dict[str, Tree]
    key: str | None = None


class _Builder:
    """Builds the tree from parser events, without recursion, so that depth is a limit and not a crash."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Tree | None = None
        self.lines: dict[KeyPath, int] = {}
        self._levels: list[_Level] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise self._refusal("uses an alias (*)", line, "write the node out")
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._refusal("holds a second document", line, "keep one document in a file")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise self._refusal(f"uses the tag {event.tag}", line, "leave it out: every scalar is text")  # type: ignore[attr-defined]
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event.value, line)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open({}, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._levels.pop()

    def _scalar(self, text: str, line: int) -> None:
        level = self._levels[-1] if self._levels else None
        if level is not None and isinstance(level.node, dict) and level.key is None:
            if text in level.node:
                raise self._refusal(f"gives the key {text!r} twice", line, "keep one of the two")
            level.key = text
            self.lines[(*level.path, text)] = line
        else:
            self._place(text, line)

    def _open(self, node: list[Tree] | dict[str, Tree], line: int) -> None:
        if len(self._levels) >= MAXIMUM_DEPTH:
            raise self._refusal(f"is nested deeper than {MAXIMUM_DEPTH} levels", line, "make it flatter")
        self._levels.append(_Level(self._place(node, line), node))

    def _place(self, node: Tree, line: int) -> KeyPath:
        if not self._levels:
            self.root = node
            path: KeyPath = ()
        else:
            level = self._levels[-1]
            if isinstance(level.node, list):
                path = (*level.path, len(level.node))
                level.node.append(node)
            elif level.key is None:
                raise self._refusal("has a list or mapping as a key", line, "use a word as the key")
            else:
                path = (*level.path, level.key)
                level.node[level.key] = node
                level.key = None
        self.lines.setdefault(path, line)
        return path

    def _refusal(self, what: str, line: int, hint: str) -> YamlError:
        return YamlError(what, where=f"{self.name}, line {line}", hint=hint)
