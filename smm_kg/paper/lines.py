"""Lines and paragraphs of plain text, however it is wrapped.

Recovered text comes with one line per paragraph or wrapped at some width, with blank lines between
paragraphs or without. A line break inside a paragraph is told from one between paragraphs by the width:
a wrapped line ends where the next word would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from smm_kg.paper import layout
from smm_kg.paper.repair import fold

__all__ = ["Line", "Paragraph", "paragraphs", "split_lines"]

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]*(?:\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z)")
_MOST_LINES = 20
"""With more lines to a blank one than this, on the average, blank lines do not part the paragraphs."""
_RAGGED = 0.7
"""Where blank lines part the paragraphs, lines may end this far short of the width."""
_MOST_TABS = 200
"""A line with more tabs is no row of a table."""
_MOST_LABELS = 3
_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its characters without the line end and white space around them, and where they start.

    ``look`` is the text that layout is judged by: one kind of hyphen and quote, single spaces.
    """

    text: str
    start: int
    look: str
    tabular: bool = False

    @classmethod
    def of(cls, text: str, start: int, *, tabular: bool = False) -> Line:
        """A line with its look; a tabular one keeps its leading and trailing tabs."""
        return cls(text, start, " ".join(fold(text).split()), tabular)

    @property
    def end(self) -> int:
        """The source offset behind the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; ``after_blank`` says that a blank line stands before them.

    The lines of a tabular paragraph are table rows.
    """

    lines: tuple[Line, ...]
    after_blank: bool
    tabular: bool = False

    @property
    def look(self) -> str:
        """The text that layout is judged by, line below line."""
        return "\n".join(line.look for line in self.lines)

    @property
    def start(self) -> int:
        """The source offset of the first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """The source offset behind the last character."""
        return self.lines[-1].end


def split_lines(source: str) -> list[Line]:
    """All lines with their offsets."""
    lines = []
    for match in _LINE.finditer(source):
        content = match[0].rstrip("\r\n\f\v\x85\u2028\u2029")
        tabular = 0 < content.strip(" ").count("\t") <= _MOST_TABS and bool(content.strip())
        kept = content if tabular else content.strip().strip("\ufeff")
        start = match.start() + (content.find(kept) if kept else 0)
        lines.append(Line.of(kept, start, tabular=tabular))
    return lines


def paragraphs(source: str) -> list[Paragraph]:
    """The paragraphs and tables of a text in order; the rows of one table are one paragraph."""
    lines = _with_label_rows(split_lines(source))
    groups = list(_groups(lines))
    running = [(len(group), after_blank) for group, after_blank in groups if not group[0].tabular]
    spaced = sum(length for length, _ in running) < _MOST_LINES * sum(
        after_blank for _, after_blank in running
    )
    width = _wrap_width(lines)
    found: list[Paragraph] = []
    front = True
    for group, after_blank in groups:
        if group[0].tabular:
            found.append(Paragraph(tuple(group), after_blank, tabular=True))
            continue
        measure = _Measure(_own_width(group, width), spaced, front)
        found.extend(_split(group, after_blank, measure))
        front = front and not any(layout.main_heading(line.look) for line in group)
    return _with_tables_joined(found)


def _with_label_rows(lines: list[Line]) -> list[Line]:
    """A few short lines without tabs right between rows are rows too: labels whose trailing tabs are lost."""
    result = list(lines)
    last_row: int | None = None
    for index, line in enumerate(lines):
        if line.tabular:
            between = range(last_row + 1, index) if last_row is not None else range(0)
            if 0 < len(between) <= _MOST_LABELS and all(_is_label(lines[k]) for k in between):
                for k in between:
                    result[k] = Line.of(lines[k].text, lines[k].start, tabular=True)
            last_row = index
    return result


def _is_label(line: Line) -> bool:
    return 0 < len(line.text) <= _LONGEST_LABEL and not layout.opens_block(line.look)


def _groups(lines: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Runs of lines between blank lines and table edges, each with whether a blank line stands before it."""
    group: list[Line] = []
    blank = after_blank = True
    for line in lines:
        if group and (not line.text or line.tabular != group[0].tabular):
            yield group, after_blank
            group = []
        if line.text:
            if not group:
                after_blank = blank
            group.append(line)
        blank = not line.text
    if group:
        yield group, after_blank


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """The width at which running text is wrapped, None where each line is a paragraph.

    Only lines with another right below them can be wrapped ones, and those of one width crowd below it.
    """
    running = [line for line in takewhile(_before_references, lines) if not line.tabular]
    followed = sorted(
        len(line.text)
        for line, below in pairwise(running)
        if line.text and below.text and not layout.opens_block(below.look)
    )
    if not followed:
        return None
    width = followed[len(followed) * 9 // 10]
    crowded = sum(0.7 * width <= length <= width for length in followed) >= 0.5 * len(followed)
    return width if crowded else None


def _before_references(line: Line) -> bool:
    return layout.main_heading(line.look) != "REFERENCES"


def _own_width(group: Sequence[Line], width: int | None) -> int | None:
    """The width of a few lines, which may differ from that of the whole text by some words."""
    longest = max(len(line.text) for line in group)
    return longest if width is not None and len(group) > 2 and longest <= 1.3 * width else width


@dataclass(frozen=True, slots=True)
class _Measure:
    """How lines are told from paragraphs: the width, whether blank lines part them, whether it is the front.

    Before the first heading, titles and names end without a full stop. Where blank lines part them, lines
    right below one another are one title or one list of names, whatever the width.
    """

    width: int | None
    spaced: bool
    front: bool


def _split(group: list[Line], after_blank: bool, measure: _Measure) -> Iterator[Paragraph]:
    """Cut lines without a blank one between them where a paragraph ends."""
    start = 0
    for index in range(1, len(group) + 1):
        if index < len(group) and not _breaks(group[index - 1], group[index], measure):
            continue
        yield Paragraph(tuple(group[start:index]), after_blank and start == 0)
        start = index


def _breaks(line: Line, below: Line, measure: _Measure) -> bool:
    """Whether a new paragraph begins with the line ``below``."""
    if line.text.endswith(layout.HYPHENS):
        return measure.width is None
    if layout.opens_block(below.look) and not layout.REFERRING.search(line.look):
        return True
    if measure.width is None and not (measure.front and measure.spaced):
        return True
    if measure.front and (layout.is_furniture(line.look) or layout.is_furniture(below.look)):
        return True
    if line.look.endswith((",", ";")):
        return False
    is_open = layout.is_open(line.look)
    if layout.main_heading(below.look) or (not is_open and layout.is_heading(below.look)):
        return True
    if measure.front and (
        layout.article_type(line.look)
        or (layout.names_authors(below.look) and not layout.names_authors(line.look))
    ):
        return True
    if measure.width is not None:
        room = measure.width * (_RAGGED if measure.spaced else 1.0)
        if len(line.text) + 1 + len(below.look.split(maxsplit=1)[0]) > room:
            return False
    return (measure.front and not measure.spaced) or layout.is_heading(line.look) or not is_open


def _with_tables_joined(found: list[Paragraph]) -> list[Paragraph]:
    """Rows that only blank lines part are one table, unless the lower ones begin a table of their own."""
    result: list[Paragraph] = []
    for paragraph in found:
        above = result[-1] if result else None
        if paragraph.tabular and above is not None and above.tabular and not _begins_table(above, paragraph):
            result[-1] = Paragraph(above.lines + paragraph.lines, above.after_blank, tabular=True)
        else:
            result.append(paragraph)
    return result


def _begins_table(above: Paragraph, below: Paragraph) -> bool:
    """Whether rows begin another table: with its title, or with names of columns below rows of values."""
    first = below.lines[0]
    if layout.CAPTION.match(first.look):
        return True
    named = bool(_values(first)) and all(cell[0].isalpha() for cell in _values(first))
    return named and any(map(_is_data, above.lines))


def _values(line: Line) -> list[str]:
    return [cell for cell in (cell.strip() for cell in line.text.split("\t")[1:]) if cell]


def _is_data(line: Line) -> bool:
    """Whether a row has a label and values: a stray number in a header is not all of them."""
    values = _values(line)
    return bool(values) and all(cell[0].isdigit() for cell in values)
