"""XML as a tree whose text knows its place in the source.

lxml gives no offsets, so the tree is built from the parser of the standard library, which tells the byte at
which each event begins. Nothing is ever expanded or fetched: declarations of entities and of attributes are
refused where they stand, an external DTD is not read, and named characters come from the table of HTML's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import html5
from xml.parsers import expat

from smm_kg.paper.document import CITATION, Text
from smm_kg.paper.source import MalformedXmlError, RefusedXmlError

__all__ = ["Element", "parse_xml"]

MAX_DEPTH = 200
"""Elements nested deeper than this are refused; reports reach some 20."""


@dataclass(eq=False)
class Element:
    """An element: its name with the prefix as written, its attributes, its children in order.

    ``start`` is the source offset of its start tag.
    """

    tag: str
    attributes: Mapping[str, str]
    start: int
    children: list[Element | Text] = field(default_factory=list)

    def elements(self, *tags: str) -> Iterator[Element]:
        """The child elements, those of some names where any are given."""
        return (
            child for child in self.children if isinstance(child, Element) and (not tags or child.tag in tags)
        )

    def first(self, *tags: str) -> Element | None:
        """The first child element of one of these names."""
        return next(self.elements(*tags), None)

    def descendants(self, *tags: str) -> Iterator[Element]:
        """The elements below, in the order of the source, those of some names where any are given."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element is not self and (not tags or element.tag in tags):
                yield element
            waiting.extend(reversed(list(element.elements())))


def parse_xml(source: str, where: str) -> Element:
    """The root element of an XML document.

    Args:
        source: the document; a declared encoding does not matter, since it is decoded already.
        where: its name, for error messages.

    Raises:
        MalformedXmlError: it is not well-formed, cut off for instance.
        RefusedXmlError: it declares entities or attributes, names an unknown one, or nests too deep.
    """
    return _Builder(source, where).root()


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, source: str, where: str) -> None:
        self._source = source
        self._where = where
        self._bytes = source.encode("utf-8")
        self._byte = self._character = 0  # a byte offset and the same place in characters
        self._stack: list[Element] = []
        self._root: Element | None = None
        self._verbatim = False
        self._parser = parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = False  # each character reference is an event of its own
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartCdataSectionHandler = lambda: self._set_verbatim(True)
        parser.EndCdataSectionHandler = lambda: self._set_verbatim(False)
        parser.EntityDeclHandler = self._refuse_entity
        parser.AttlistDeclHandler = self._refuse_attribute
        parser.SkippedEntityHandler = self._named_character

    def root(self) -> Element:
        try:
            self._parser.Parse(self._bytes, True)
        except expat.ExpatError as error:
            raise MalformedXmlError(
                f"the XML breaks off or is broken at line {error.lineno}: {expat.ErrorString(error.code)}",
                where=self._where,
                hint="fetch the file again",
            ) from None
        if self._root is None:  # the parser has refused it already
            raise MalformedXmlError("the XML has no root element", where=self._where)
        return self._root

    def _offset(self) -> int:
        """The source offset at which the event begins; events come in the order of the source."""
        byte = self._parser.CurrentByteIndex
        self._character += len(self._bytes[self._byte : byte].decode("utf-8"))
        self._byte = byte
        return self._character

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        element = Element(tag, attributes, self._offset())
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self._root = element
        self._stack.append(element)
        if len(self._stack) > MAX_DEPTH:
            raise RefusedXmlError(
                f"elements are nested more than {MAX_DEPTH} deep at character {element.start}",
                where=self._where,
                hint="no report needs that; check where the file comes from",
            )

    def _end(self, tag: str) -> None:
        self._stack.pop()

    def _characters(self, data: str) -> None:
        start = self._offset()
        if self._source[start] == "&" and not self._verbatim:
            text = self._reference(data, start)
        elif data == "\n" and self._source[start] == "\r":
            end = start + (2 if self._source.startswith("\r\n", start) else 1)
            text = Text("\n", (start,), (end,))
        else:
            text = Text.of(self._source, start, start + len(data))
        if CITATION in text.text:  # no character of the source passes for a marker
            text = Text(text.text.replace(CITATION, "\ufffd"), text.starts, text.ends)
        self._stack[-1].children.append(text)

    def _reference(self, characters: str, start: int) -> Text:
        """What a reference stands for: each of its characters has the span of the reference."""
        end = self._source.index(";", start) + 1
        return Text(characters, (start,) * len(characters), (end,) * len(characters))

    def _set_verbatim(self, verbatim: bool) -> None:
        self._verbatim = verbatim

    def _named_character(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        start = self._offset()
        characters = html5.get(f"{name};")
        if characters is None:
            raise RefusedXmlError(
                f"the entity &{name}; at character {start} is unknown",
                where=self._where,
                hint="write the character itself or its number",
            )
        self._stack[-1].children.append(self._reference(characters, start))

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise RefusedXmlError(
            f"the file declares the entity {name!r}",
            where=self._where,
            hint="entity declarations are never expanded; remove the internal subset of its DOCTYPE",
        )

    def _refuse_attribute(self, element: str, name: str, *_: object) -> None:
        raise RefusedXmlError(
            f"the file declares the attribute {name!r} of <{element}>",
            where=self._where,
            hint="a declared default could fill the memory; remove the internal subset of its DOCTYPE",
        )
