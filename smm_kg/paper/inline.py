"""The running text of JATS elements: superscripts, citations, footnote marks and floats told apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from smm_kg.paper.citations import expand, merge_markers
from smm_kg.paper.document import CITATION, Citation, Text
from smm_kg.paper.repair import fold_characters, fold_space, level
from smm_kg.paper.xmltree import Element

__all__ = ["FLOATS", "Inline"]

FLOATS = frozenset(
    {"table-wrap", "fig", "table-wrap-group", "fig-group", "supplementary-material", "boxed-text"}
)
"""Elements that interrupt a paragraph and are no part of it."""

_SILENT = frozenset(
    {"graphic", "media", "inline-graphic", "object-id", "tex-math", "inline-supplementary-material"}
)
_NOTE_LINKS = frozenset({"aff", "corresp", "author-notes", "contrib", "fn", "table-fn"})
_SPACED = frozenset(
    {"break", "p", "title", "label", "list", "list-item", "def-list", "def-item", "term", "def",
     "disp-formula", "disp-quote", "td", "th", "tr", "hr", "name", "string-name", "surname",
     "given-names", "suffix", "degrees", "collab", "person-group", "etal", "institution", "country",
     "addr-line", "year", "month", "day", "volume", "issue", "fpage", "lpage", "source",
     "article-title", "publisher-name", "publisher-loc", "pub-id", "comment", "edition", "elocation-id",
     "journal-id", "license-p", "copyright-statement", "copyright-year", "mml:mn", "mml:mi", "mml:mo",
     "mml:mtext"}
)  # fmt: skip
"""Elements that nothing else parts from their neighbours."""
_SYMBOL_MARK = re.compile(r"[*†‡§¶‖#]+")
_LETTER_MARKS = re.compile(r"(?!(?:st|nd|rd|th)$)[a-z](?:[,\s]*[a-z]){0,4}")
_NUMBER_MARKS = re.compile(r"\d{1,2}(?:\s*,\s*\d{1,2})*")
_ONE_MARK = re.compile(r"[*†‡§¶‖#]+|[a-z]|\d+")
_LINKED_MARK = re.compile(r"[^\s{}^,]+")
_BRACES = re.compile(r"\^\{|\}")
_UNDERLINED = {"<": "≤", ">": "≥", "+": "±"}
_UNDERLINED_SIGN = re.compile(r"^\s*([<>+])\s*$")
"""A sign that an underline makes another one."""
_UNIT = re.compile(r"(?:\b(?:m|cm|mm|dm|km|s)|10)$")


@dataclass
class _Marks:
    """The footnote marks of one table cell, as they are met.

    ``labels`` are those of the table's footnotes: a raised number is a mark only when among them, and not
    behind a unit.
    """

    labels: Collection[str]
    found: list[str] = field(default_factory=list)

    def take(self, raised: str, before: str) -> bool:
        """Take raised text for a mark, if it is one; ``before`` is what stands in front of it."""
        raised = raised.strip()
        is_mark = bool(_SYMBOL_MARK.fullmatch(raised) or _LETTER_MARKS.fullmatch(raised))
        if _NUMBER_MARKS.fullmatch(raised) and not _UNIT.search(before):
            is_mark = all(number in self.labels for number in _ONE_MARK.findall(raised))
        if is_mark:
            self.found.extend(_ONE_MARK.findall(raised))
        return is_mark


@dataclass
class Inline:
    """Turns elements into repaired text, and gathers the citations met on the way.

    Args:
        references: the number in the reference list of each reference's id.
    """

    references: Mapping[str, int]
    citations: dict[int, Citation] = field(default_factory=dict)

    def text(self, element: Element) -> Text:
        """The repaired text of an element, its floats left out."""
        return self.finished(self.raw(element))

    def raw(self, element: Element) -> Text:
        """The text with ``^{…}`` and ``_{…}`` for what is raised and lowered, white space as it stands."""
        return Text.join(self._pieces(element, None), "")

    def cell(self, element: Element, note_labels: Collection[str]) -> tuple[Text, tuple[str, ...], int]:
        """A table cell's text, its footnote marks, and how far it is set in.

        Args:
            element: the ``td`` or ``th``.
            note_labels: the labels of the table's footnotes.
        """
        marks = _Marks(note_labels)
        raw = Text.join(self._pieces(element, marks), "")
        lead = raw.text[: len(raw) - len(raw.text.lstrip())]
        indent = sum(character not in " \t\r\n" for character in lead)
        return self.finished(raw), tuple(marks.found), indent

    def finished(self, raw: Text) -> Text:
        """Repair raw text; several citations side by side become one."""
        text = fold_space(fold_characters(raw))
        return level(merge_markers(text, self.citations))

    def _pieces(self, element: Element, marks: _Marks | None) -> Iterator[Text]:
        """The pieces of text below an element; within a table cell, ``marks`` takes its footnote marks."""
        before = ""
        for child in element.children:
            for piece in [child] if isinstance(child, Text) else self._inside(child, before, marks):
                before = piece.text or before
                yield piece

    def _inside(self, child: Element, before: str, marks: _Marks | None) -> Iterator[Text]:
        """The pieces of one element; ``before`` is what is printed right before it."""
        if child.tag in FLOATS or child.tag in _SILENT:
            return
        if child.tag == "xref":
            yield from self._link(child, marks)
        elif child.tag in ("sup", "sub"):
            yield from self._shifted(child, before, marks)
        elif child.tag in _SPACED:
            yield Text.inserted(" ", child.start)
            yield from self._pieces(child, marks)
            yield Text.inserted(" ", child.start)
        elif child.tag == "underline":
            inner = Text.join(self._pieces(child, marks), "")
            yield inner.sub(_UNDERLINED_SIGN, lambda match: (_UNDERLINED[match[1]],))
        else:
            yield from self._pieces(child, marks)

    def _shifted(self, element: Element, before: str, marks: _Marks | None) -> Iterator[Text]:
        """Raised or lowered text in braces, nothing where it is a footnote mark."""
        inner = Text.join(self._pieces(element, marks), "")
        if not inner.strip():
            yield inner
            return
        if marks is not None and element.tag == "sup" and marks.take(inner.text, before):
            return
        yield Text.inserted("^{" if element.tag == "sup" else "_{", inner.starts[0])
        yield inner.strip()
        yield Text.inserted("}", inner.ends[-1])
        if inner.text[-1].isspace():  # it parts what is raised from the next word
            yield inner[-1:]

    def _link(self, link: Element, marks: _Marks | None) -> Iterator[Text]:
        """A citation as a marker, a footnote link as a mark or nothing, any other link as its text."""
        kind = link.attributes.get("ref-type", "")
        inner = Text.join(self._pieces(link, None), "")
        if kind in _NOTE_LINKS:
            if marks is not None:
                marks.found.extend(_LINKED_MARK.findall(inner.text))
            return
        numbers = self._cited(link, inner) if kind == "bibr" else ()
        if not numbers:
            yield from self._pieces(link, marks)
            return
        printed = fold_space(inner.sub(_BRACES, lambda _: ()))
        start, end = printed.span() if printed else (link.start, link.start)
        self.citations[start] = Citation(numbers, start, end)
        yield Text(CITATION, (start,), (end,))

    def _cited(self, link: Element, inner: Text) -> tuple[int, ...]:
        """The numbers that a link cites: as printed where they are numbers, else by the ids it names."""
        printed = expand(inner.text.strip(" \n[]()^{}"), frozenset(self.references.values()))
        ids = link.attributes.get("rid", "").split()
        return printed or tuple(sorted({self.references[rid] for rid in ids if rid in self.references}))
