"""Markdown: headings, paragraphs, lists and tables, each with its place in the file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from smm_kg.paper import layout
from smm_kg.paper.document import Block, BlockKind, Document, SectionPath, Table, Text, merged_spans
from smm_kg.paper.footnotes import RAISED_MARK, split_notes
from smm_kg.paper.repair import Lexicon, Repair
from smm_kg.paper.tables import Grid, GridRow, Slot, build_table, without_marks

__all__ = ["parse"]

_LINE_END = re.compile(r"\r\n?|\n")
_RAISED = re.compile(
    r"<(?P<tag>su[pb])>(?P<inner>[^<>]+)</su[pb]>|\^(?P<plain>[\d,–-]+|[a-z])\^|\[\^(?P<note>\d+)\]"
)
_LINK = re.compile(r"!?\[(?P<inner>[^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_TAG = re.compile(r"</?(?:i|b|em|strong|u|span|small|code|a|p|div|br)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNDERLINED = re.compile(
    r"(?<![\w\\])(?P<mark>_{1,3})(?=[^\s_])(?P<inner>[^_]{1,300}?)(?<=[^\s\\])(?P=mark)(?!\w)"
)
_CODE = re.compile(r"(?<!`)(?P<mark>`++)(?P<inner>[^`]+)(?P=mark)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BRACKETED_NUMBER = re.compile(r"\[(?P<number>\d{1,3})\]\s*")


@dataclass
class _Draft:
    """A block in the making."""

    kind: BlockKind
    section: SectionPath
    raw: Text


@dataclass
class _TableDraft:
    """A table in the making: rows of raw cells, the first the header."""

    number: int
    rows: list[list[Text | None]]
    caption: Text | None = None
    notes: list[Text] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"Table {self.number}"


def parse(source: str, sha256: str, where: str) -> Document:
    """Read Markdown.

    Args:
        source: the decoded file.
        sha256: the hash of its bytes.
        where: its name, for error messages; any text can be read, so none arise here.
    """
    walk = _Walk(source)
    repair = Repair(Lexicon.of(source), frozenset(walk.entries))
    blocks = [Block(draft.kind, draft.section, repair(draft.raw)) for draft in walk.drafts]
    tables = [_table(draft, repair) for draft in walk.tables]
    texts = [block.text for block in blocks if block.section != ("REFERENCES",)]
    for table in tables:
        texts += [*table.texts(), *(block.text for block in table.notes())]
    return Document.of(
        source,
        sha256,
        blocks=blocks,
        tables=tables,
        references={number: repair.plain(raw) for number, raw in walk.entries.items()},
        citations=repair.citations,
        body_spans=merged_spans(texts),
    )


def _table(draft: _TableDraft, repair: Repair) -> Table:
    rows = [[_slot(raw, repair) for raw in row] for row in draft.rows]
    caption = None
    if draft.caption is not None:
        text, marks = without_marks(repair(draft.caption))
        caption = Block("caption", (draft.label, "Caption"), text, "".join(marks))
    notes = (
        Block("footnote", (draft.label, "Footnotes"), text, mark)
        for raw in draft.notes
        for part, mark in split_notes(raw, RAISED_MARK)
        if (text := repair(part))
    )
    header: tuple[GridRow, ...] = tuple(rows[:1])
    return build_table(draft.label, draft.number, caption, Grid(header, tuple(rows[1:])), tuple(notes))


def _slot(raw: Text | None, repair: Repair) -> Slot | None:
    if raw is None:
        return None
    indent = len(raw) - len(raw.text.lstrip("\u2003\u2002\u00a0"))
    return Slot(*without_marks(repair.plain(raw)), indent)


class _Walk:
    """Walks over the tokens and sorts what they hold into drafts."""

    def __init__(self, source: str) -> None:
        self.drafts: list[_Draft] = []
        self.tables: list[_TableDraft] = []
        self.entries: dict[int, Text] = {}
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source))]
        self._headings: list[tuple[int, str]] = []
        self._titled = False
        self._caption: tuple[Text, int] | None = None
        self._after_table = False
        tokens = MarkdownIt("commonmark").enable("table").parse(source)
        self._tokens = iter(tokens)
        item: str = ""
        for token in self._tokens:
            if token.type == "heading_open":
                self._heading(int(token.tag[1:]), self._raw(next(self._tokens)))
            elif token.type == "list_item_open":
                item = token.info
            elif token.type == "paragraph_open":
                self._paragraph(self._raw(next(self._tokens)), item)
                item = ""
            elif token.type == "table_open":
                self._table(token)
            elif token.type in ("fence", "code_block", "html_block") and token.map:
                self._paragraph(self._lines(token.map[0], token.map[1]), "")
        self._end_caption()

    # Places

    def _lines(self, first: int, last: int) -> Text:
        """The source lines ``first`` to ``last``, the latter left out."""
        end = self._starts[last] if last < len(self._starts) else len(self._source)
        return Text.of(self._source, self._starts[first], end).strip()

    def _raw(self, inline: Token) -> Text:
        """The printed characters of a paragraph or heading, without marks of quotation and of lists."""
        first, _ = inline.map or (0, 0)
        parts = []
        for offset, content in enumerate(inline.content.split("\n")):
            line = self._line(first + offset)
            place = line.text.find(content.strip())
            if place >= 0:
                parts.append(line[place : place + len(content.strip())])
        return Text.join(parts, "\n")

    def _line(self, number: int) -> Text:
        return self._lines(number, number + 1) if number < len(self._starts) else Text("", (), ())

    # Sections

    @property
    def _section(self) -> SectionPath:
        return tuple(name for _, name in self._headings) or ("INTRODUCTION",)

    def _in_references(self) -> bool:
        return any(layout.main_heading(name) == "REFERENCES" for _, name in self._headings)

    def _heading(self, level: int, raw: Text) -> None:
        self._end_caption()
        self._after_table = False
        name = " ".join(_unmarked(raw).text.strip("*_ ").split())
        if not self._titled and layout.main_heading(name) is None:
            self._titled = True
            self.drafts.append(_Draft("title", ("TITLE",), _unmarked(raw)))
            return
        self._titled = True
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._headings.append((level, name))
        section = ("REFERENCES",) if self._in_references() else self._section
        self.drafts.append(_Draft("heading", section, _unmarked(raw)))

    # Paragraphs

    def _paragraph(self, raw: Text, item: str) -> None:
        text = _unmarked(raw)
        if self._in_references():
            self._entry(text, item)
            return
        self._end_caption()
        caption = layout.CAPTION.match(raw.text)
        if caption is not None and caption["kind"].upper() == "TABLE" and caption["number"].isdigit():
            if self._after_table and self.tables[-1].caption is None:
                self.tables[-1].caption = text
            else:
                self._caption = (text, int(caption["number"]))
            return
        if caption is not None:
            self.drafts.append(_Draft("caption", (f"Figure {caption['number']}", "Caption"), text))
        elif self._after_table and RAISED_MARK.match(text.text.lstrip("\\")):
            self.tables[-1].notes.append(text.strip("\\"))
            return
        elif not self._headings and not self._titled:
            self._titled = True
            self.drafts.append(_Draft("title", ("TITLE",), text))
        elif not self._headings and not layout.is_prose(text.text):
            self.drafts.append(_Draft("authors", ("AUTHORS",), text))
        else:
            self.drafts.append(_Draft("paragraph", self._section, text))
        self._after_table = False

    def _entry(self, text: Text, item: str) -> None:
        """An entry of the reference list, by the number of its list item or the one in brackets before it."""
        number = int(item) if item.isdecimal() else len(self.entries) + 1
        if (bracketed := _BRACKETED_NUMBER.match(text.text)) is not None:
            number = int(bracketed["number"])
            text = text[bracketed.end() :]
        self.entries.setdefault(number, text)

    def _end_caption(self) -> None:
        """A table's title without a table: a caption of its own."""
        if self._caption is not None:
            text, number = self._caption
            self.drafts.append(_Draft("caption", (f"Table {number}", "Caption"), text))
        self._caption = None

    # Tables

    def _table(self, opening: Token) -> None:
        caption, stated = self._caption or (None, None)
        self._caption = None
        number = stated or (self.tables[-1].number + 1 if self.tables else 1)
        self.tables.append(_TableDraft(number, list(self._rows()), caption))
        self._after_table = True

    def _rows(self) -> Iterator[list[Text | None]]:
        """The rows up to the end of the table, header first."""
        row: list[str] = []
        line = 0
        for token in self._tokens:
            if token.type == "table_close":
                return
            if token.type == "tr_open":
                row, line = [], (token.map or [0])[0]
            elif token.type == "inline":
                row.append(token.content)
            elif token.type == "tr_close":
                yield self._cells(line, row)

    def _cells(self, number: int, contents: Sequence[str]) -> list[Text | None]:
        """The cells of a row where the source prints them; they stand in order, between bars."""
        line = self._line(number)
        cells: list[Text | None] = []
        place = 0
        for content in contents:
            printed = content.replace("|", r"\|")
            found = line.text.find(printed, place) if content else -1
            cells.append(_unmarked(line[found : found + len(printed)]) if found >= 0 else None)
            place = found + len(printed) if found >= 0 else place
        return cells


def _unmarked(raw: Text) -> Text:
    """Without the markup that only Markdown has; superscripts as ``^{…}``."""
    text = raw.sub(_LINK, lambda match: (match.span("inner"),))
    text = text.sub(_RAISED, _raised)
    text = text.sub(_TAG, lambda match: (" ",) if "br" in match[0].lower() else ())
    text = text.sub(_CODE, lambda match: (match.span("inner"),))
    text = text.sub(_UNDERLINED, lambda match: (match.span("inner"),))
    return text.sub(_ENTITY, _character)


def _character(match: re.Match[str]) -> tuple[str, ...] | None:
    characters = html.unescape(match[0])
    return (characters,) if characters != match[0] else None


def _raised(match: re.Match[str]) -> tuple[tuple[str, int, int] | tuple[int, int], ...]:
    group = match.lastgroup or "inner"
    start, end = match.span(group)
    opening = "_{" if match["tag"] == "sub" else "^{"
    return ((opening, match.start(), start), (start, end), ("}", end, match.end()))
