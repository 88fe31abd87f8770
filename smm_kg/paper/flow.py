"""The walk over the paragraphs of recovered text: what belongs to which section, sentence and float.

Nothing is repaired here. Paragraphs become drafts: one for each block, with all the paragraphs that a
column, a figure or a table has broken it into, and one for each table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from smm_kg.paper import layout
from smm_kg.paper.document import BlockKind, SectionPath
from smm_kg.paper.lines import Line, Paragraph
from smm_kg.paper.tabs import split_title

__all__ = ["Draft", "Flow", "TableDraft"]

_FURNITURE = ("FURNITURE",)
_LAST_OF_ABSTRACT = frozenset(
    {"CONCLUSION", "CONCLUSIONS", "INTERPRETATION", "FUNDING", "TRIAL REGISTRATION"}
)
_LOOK_AHEAD = 8
"""How many paragraphs may stand between the halves of a sentence."""


@dataclass
class Draft:
    """A block in the making: the paragraphs that it is put together from."""

    kind: BlockKind
    section: SectionPath
    parts: list[Paragraph]


@dataclass
class TableDraft:
    """A table in the making: its title if found, its rows, and its footnotes as they turn up."""

    label: str
    number: int
    title: Sequence[Line]
    rows: Sequence[Line]
    notes: list[list[Paragraph]] = field(default_factory=list)


class Flow:
    """Sorts the paragraphs of a text, in one walk, into drafts.

    The result stands in ``drafts``, ``tables``, ``reference_lines`` (the reference list, not yet split)
    and ``body_spans`` (source spans from the title on, the reference list left out).
    """

    def __init__(self, found: Sequence[Paragraph]) -> None:
        self.drafts: list[Draft] = []
        self.tables: list[TableDraft] = []
        self.reference_lines: list[Line] = []
        self.body_spans: list[tuple[int, int]] = []
        self._paragraphs = list(found)
        running = [paragraph.after_blank for paragraph in found if not paragraph.tabular]
        self._spaced = sum(running) >= 0.7 * len(running)
        self._section: SectionPath = ()
        self._stage: Literal["head", "abstract", "after abstract", "body", "references", "end"] = "head"
        self._titled = False
        self._abstract: list[str] = []  # the headings met in the abstract
        self._sentence: Draft | None = None  # the paragraph that may go on
        self._float: Draft | TableDraft | None = None  # the last caption or table
        self._previous: Draft | TableDraft | None = None  # what the paragraph before became
        self._walk()

    def _walk(self) -> None:
        span_open = False
        for index, paragraph in enumerate(self._paragraphs):
            paragraph = self._without_sentence(index, paragraph)
            self._previous = self._sort(index, paragraph)
            in_body = self._titled and self._stage not in ("references", "end")
            if in_body:
                start = self.body_spans.pop()[0] if span_open else paragraph.start
                self.body_spans.append((start, paragraph.end))
            span_open = in_body

    def _sort(self, index: int, paragraph: Paragraph) -> Draft | TableDraft | None:
        text = paragraph.look
        if self._stage == "end" and layout.main_heading(text) is None:
            return self._add("furniture", _FURNITURE, paragraph)
        if paragraph.tabular:
            return self._add_table(index, paragraph)
        if len(paragraph.lines) == 1 and layout.is_heading(text) and self._open_section(paragraph):
            return None
        front = self._stage in ("head", "abstract", "after abstract")
        if layout.is_furniture(text) and not (front and layout.front_matter(text)):
            return self._add("furniture", _FURNITURE, paragraph)
        if self._stage == "references":
            self.reference_lines.extend(paragraph.lines)
            return None
        caption = layout.CAPTION.match(text)
        if caption is not None and self._titled:
            return self._add_caption(index, paragraph, caption["kind"], caption["number"])
        if self.tables and layout.FOOTNOTE_MARK.match(text):
            return self._add_note(self.tables[-1], paragraph)
        return self._add_text(index, paragraph)

    # Sections

    def _open_section(self, paragraph: Paragraph) -> bool:
        """Open the section of a heading; False where the line is none (a title or names in capitals)."""
        name = " ".join(paragraph.look.strip("*# ").split())
        main = layout.main_heading(name)
        if main is None and self._stage == "head":
            return False
        if main is None and self._stage == "references":
            self._stage = "end"
            self._add("furniture", _FURNITURE, paragraph)
            return True
        self._section = self._path(name, main)
        self._sentence = self._float = None
        self._add("heading", self._section, paragraph)
        return True

    def _path(self, name: str, main: str | None) -> SectionPath:
        """The path of a new section, and the stage that it begins."""
        if main in ("ABSTRACT", "SUMMARY") and self._stage == "head":
            self._stage = "abstract"
            return (name,)
        if main is None and self._section:
            return (*self._section[:1], name)
        if self._stage == "abstract" and main is not None and self._in_abstract(main):
            self._abstract.append(main)
            return (*self._section[:1], name)
        self._stage = "references" if main == "REFERENCES" else "body"
        return (name,)

    def _in_abstract(self, main: str) -> bool:
        """Whether a heading belongs to the abstract: a new one, unless the abstract has none."""
        unstructured = not self._abstract and self._holds_text()
        return main != "REFERENCES" and main not in self._abstract and not unstructured

    def _holds_text(self) -> bool:
        """Whether the section that is open holds a paragraph yet."""
        return bool(self.drafts) and self.drafts[-1].kind == "paragraph"

    # Captions, tables, footnotes

    def _without_sentence(self, index: int, paragraph: Paragraph) -> Paragraph:
        """A caption or note without the lines below it that go on with the open sentence of the text.

        Where no blank line stands between them, only the small letter after a full stop tells. The lines cut
        off become the next paragraph.
        """
        place = _end_of_float(paragraph) if self._sentence is not None else None
        if place is None:
            return paragraph
        above = Paragraph(paragraph.lines[:place], paragraph.after_blank)
        self._paragraphs[index : index + 1] = [above, Paragraph(paragraph.lines[place:], after_blank=True)]
        return above

    def _add_caption(self, index: int, paragraph: Paragraph, kind: str, number: str) -> Draft | None:
        following = self._paragraphs[index + 1 : index + 2]
        table = kind.upper() == "TABLE"
        if table and following and following[0].tabular:
            return None  # the table takes its title from here
        draft = self._add("caption", (f"{'Table' if table else 'Figure'} {number}", "Caption"), paragraph)
        self._float = draft
        return draft

    def _add_table(self, index: int, paragraph: Paragraph) -> TableDraft:
        title, rows = split_title(paragraph.lines)
        before = self._paragraphs[index - 1] if index else None
        lines: Sequence[Line] = ()
        if title is not None:
            lines = (title,)
        elif before is not None and self._titled and layout.CAPTION.match(before.look):
            lines = before.lines
        caption = layout.CAPTION.match(lines[0].look) if lines else None
        stated = int(caption["number"]) if caption and caption["number"].isdigit() else None
        number = stated or (self.tables[-1].number + 1 if self.tables else 1)
        draft = TableDraft(f"Table {number}", number, lines, rows)
        self.tables.append(draft)
        self._float = draft
        return draft

    def _add_note(self, table: TableDraft, paragraph: Paragraph) -> TableDraft:
        table.notes.append([paragraph])
        self._float = table
        return table

    # Running text

    def _add_text(self, index: int, paragraph: Paragraph) -> Draft | TableDraft | None:
        text = paragraph.look
        if not self._titled:
            if layout.article_type(text):
                return self._add("front", ("FRONT",), paragraph)
            self._titled = True
            return self._add("title", ("TITLE",), paragraph)
        if self._goes_on_with_note(paragraph):
            return self._continue_note(paragraph)
        matter = self._front_matter(text)
        if matter is not None:
            return self._add_front(matter, paragraph)
        sentence = self._sentence
        if sentence is not None:
            is_open = layout.is_open(sentence.parts[-1].look)
            if is_open and self._is_interloper(index, paragraph):
                return self._add_interloper(paragraph)
            if is_open or layout.continues(text, sentence_open=False):
                sentence.parts.append(paragraph)
                return sentence
            if self._previous is self._float and layout.LEGEND.match(text):
                return self._add_interloper(paragraph)
        return self._begin_paragraph(paragraph)

    def _front_matter(self, text: str) -> str | None:
        front = self._stage in ("head", "abstract", "after abstract") or self._section == ("INTRODUCTION",)
        return layout.front_matter(text) if front else None

    def _add_front(self, matter: str, paragraph: Paragraph) -> Draft:
        if self._stage == "abstract":
            self._stage = "after abstract"
            self._sentence = None
        draft = self._add("front", (matter,), paragraph)
        if self._sentence is None and layout.is_open(paragraph.look) and matter == "AFFILIATIONS":
            self._sentence = draft
        return draft

    def _begin_paragraph(self, paragraph: Paragraph) -> Draft:
        if self._stage == "head" and not layout.is_prose(paragraph.look):
            return self._add("authors", ("AUTHORS",), paragraph)
        if self._stage in ("head", "after abstract") or (
            self._stage == "abstract" and self._abstract_is_over()
        ):
            self._stage = "body"
            self._section = ("INTRODUCTION",)
        self._sentence = self._add("paragraph", self._section, paragraph)
        return self._sentence

    def _abstract_is_over(self) -> bool:
        """Whether text under no heading of its own can no longer belong to the abstract."""
        last = not self._abstract or self._abstract[-1] in _LAST_OF_ABSTRACT
        return last and self._holds_text()

    # Interruptions of a sentence

    def _goes_on_with_note(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph goes on with the caption, note or furniture above it, no blank line between.

        A finished one goes on only where blank lines part the paragraphs as a rule.
        """
        above = self._previous
        if paragraph.after_blank or above is None:
            return False
        if isinstance(above, TableDraft):
            return bool(above.notes) and (self._spaced or layout.is_open(above.notes[-1][-1].look))
        floating = above.kind in ("caption", "furniture")
        return floating and (self._spaced or layout.is_open(above.parts[-1].look))

    def _continue_note(self, paragraph: Paragraph) -> Draft | TableDraft | None:
        above = self._previous
        if isinstance(above, TableDraft):
            above.notes[-1].append(paragraph)
        elif above is not None:
            above.parts.append(paragraph)
        return above

    def _is_interloper(self, index: int, paragraph: Paragraph) -> bool:
        """Whether a paragraph within an open sentence is no part of it: a legend, a note without its mark.

        It is made of whole sentences, and the other half of the open one comes later.
        """
        text = paragraph.look
        if self._float is None or layout.is_open(text) or layout.continues(text, sentence_open=True):
            return False
        for later in self._paragraphs[index + 1 : index + 1 + _LOOK_AHEAD]:
            text = later.look
            if _end_of_float(later) is not None:
                return True
            if later.tabular or layout.CAPTION.match(text) or layout.FOOTNOTE_MARK.match(text):
                continue
            if layout.is_furniture(text):
                continue
            if len(later.lines) == 1 and layout.is_heading(text):
                return False
            if layout.continues(text, sentence_open=True):
                return True
            if layout.is_open(text):
                return False
        return False

    def _add_interloper(self, paragraph: Paragraph) -> Draft | TableDraft:
        if isinstance(self._float, TableDraft):
            return self._add_note(self._float, paragraph)
        if self._float is None:
            return self._begin_paragraph(paragraph)
        self._float.parts.append(paragraph)
        return self._float

    def _add(self, kind: BlockKind, section: SectionPath, paragraph: Paragraph) -> Draft:
        draft = Draft(kind, section, [paragraph])
        self.drafts.append(draft)
        return draft


def _end_of_float(paragraph: Paragraph) -> int | None:
    """How many lines of a caption or note come before one that goes on with a sentence of the text."""
    looks = layout.CAPTION.match(paragraph.look) or layout.FOOTNOTE_MARK.match(paragraph.look)
    if paragraph.tabular or not looks:
        return None
    for place, (line, below) in enumerate(pairwise(paragraph.lines), start=1):
        if not layout.is_open(line.look) and layout.continues(below.look, sentence_open=False):
            return place
    return None
