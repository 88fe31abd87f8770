"""The document model: repaired text that knows its place in the source, blocks, tables, citations.

Everything here is a frozen value object. Offsets are zero-based Unicode code points into
:attr:`Document.source`, end exclusive, and survive every repair: ``source[start:end]`` is always what is
printed there.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Literal

__all__ = [
    "CITATION",
    "Block",
    "Cell",
    "Citation",
    "Column",
    "Document",
    "Row",
    "SectionPath",
    "Table",
    "Text",
]

CITATION = "\ue000"
"""The one character that stands for a citation in repaired text."""

SectionPath = tuple[str, ...]
BlockKind = Literal[
    "title", "authors", "front", "heading", "paragraph", "caption", "footnote", "furniture", "reference"
]  # fmt: skip
Pieces = Iterable["str | tuple[int, int] | tuple[str, int, int]"]
"""What takes the place of a match, see :meth:`Text.sub`."""


@dataclass(frozen=True, slots=True)
class Text:
    r"""Repaired text, with the place of each of its characters in the source.

    ``text[k]`` stands for ``source[starts[k]:ends[k]]``. A repair may let one character stand for several
    (``≥`` for ``\geq``) or for none.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.text) == len(self.starts) == len(self.ends):
            raise ValueError("a text has one start and one end for each character")

    @classmethod
    def of(cls, source: str, start: int = 0, end: int | None = None) -> Text:
        """The characters ``source[start:end]`` as they stand."""
        end = len(source) if end is None else end
        places = tuple(range(start, end + 1))  # starts and ends share their integers
        return cls(source[start:end], places[:-1], places[1:])

    @classmethod
    def inserted(cls, characters: str, offset: int) -> Text:
        """Characters that are not printed, at a place of the source."""
        places = (offset,) * len(characters)
        return cls(characters, places, places)

    @classmethod
    def join(cls, parts: Iterable[Text], separator: str = " ") -> Text:
        """Parts in the order of the source, with ``separator`` standing for the gap between two of them.

        Empty parts are left out.
        """
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for part in parts:
            if not part:
                continue
            if texts:
                texts.append(separator)
                last, following = ends[-1], part.starts[0]
                starts.extend([min(last, following)] * len(separator))
                ends.extend([max(last, following)] * len(separator))
            texts.append(part.text)
            starts.extend(part.starts)
            ends.extend(part.ends)
        return cls("".join(texts), tuple(starts), tuple(ends))

    def __str__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, key: slice) -> Text:
        return Text(self.text[key], self.starts[key], self.ends[key])

    def span(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """The smallest source span that holds ``text[start:end]``.

        Raises:
            ValueError: the stretch is empty, so that it stands nowhere.
        """
        starts, ends = self.starts[start:end], self.ends[start:end]
        if not starts:
            raise ValueError(f"no characters between {start} and {end} of a text of {len(self)}")
        return min(starts[0], starts[-1]), max(ends[0], ends[-1])

    def strip(self, characters: str | None = None) -> Text:
        """Without white space (or ``characters``) at either end."""
        start = len(self.text) - len(self.text.lstrip(characters))
        return self[start : max(start, len(self.text.rstrip(characters)))]

    def sub(self, pattern: re.Pattern[str], pieces: Callable[[re.Match[str]], Pieces | None]) -> Text:
        """Replace what ``pattern`` matches.

        Args:
            pattern: what to look for; a match of no character is passed over.
            pieces: gives what takes the place of a match: ``(start, end)`` stretches of this text, which
                keep their offsets, ``(characters, start, end)``, characters that stand for a stretch, and
                strings, which stand for the whole match. None leaves the match as it is.
        """
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0

        def keep(i: int, j: int) -> None:
            texts.append(self.text[i:j])
            starts.extend(self.starts[i:j])
            ends.extend(self.ends[i:j])

        def write(characters: str, i: int, j: int) -> None:
            place = self.span(i, j)
            texts.append(characters)
            starts.extend([place[0]] * len(characters))
            ends.extend([place[1]] * len(characters))

        for match in pattern.finditer(self.text):
            if match.end() == match.start() or (replacement := pieces(match)) is None:
                continue
            keep(done, match.start())
            done = match.end()
            for piece in replacement:
                if isinstance(piece, str):
                    write(piece, *match.span())
                elif len(piece) == 3:
                    write(*piece)
                else:
                    keep(*piece)
        if not done:
            return self
        keep(done, len(self.text))
        return Text("".join(texts), tuple(starts), tuple(ends))


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation of the reference list: its numbers, ranges expanded, and where they are printed."""

    numbers: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of running text: a paragraph, heading, caption, footnote, reference or piece of furniture.

    ``section`` is the path of headings it stands under, as printed; a heading has the path that it opens.
    ``mark`` is a footnote's mark (``†``), which is no part of ``text``.
    """

    kind: BlockKind
    section: SectionPath
    text: Text
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; ``row`` and ``column`` count from 0, the label column and header rows included.

    ``marks`` are the footnote marks that stood at its end. A cell printed over ``span`` columns is
    repeated in each of them.
    """

    text: Text
    row: int
    column: int
    marks: tuple[str, ...] = ()
    span: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values; ``path`` holds the header cells above it, outermost first."""

    index: int
    path: tuple[Text, ...]
    marks: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The header path as one line: ``Active (N = 40) / Grade 1``."""
        return " / ".join(str(text) for text in self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of values.

    ``cells[k]`` belongs to ``table.columns[k]``. ``headers`` are all group header rows above, nearest
    last; ``path`` those that the row stands under by the best judgement of their nesting (indentation
    where there is any, else headers that follow one another directly or are worded alike).
    """

    index: int
    label: Text
    cells: tuple[Cell, ...]
    headers: tuple[Text, ...] = ()
    path: tuple[Text, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns of values with their header paths, rows of values with their labels.

    ``stub`` holds the header cells of the label column, ``headings`` the rows without values, ``strays``
    recovered cells that belong to no column. ``caption`` is None where the title is lost; ``label`` and
    ``number`` are then inferred from the order of the tables.
    """

    label: str
    number: int
    caption: Block | None
    stub: tuple[Text, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    headings: tuple[Text, ...] = ()
    footnotes: tuple[Block, ...] = ()
    strays: tuple[Text, ...] = ()

    @property
    def section(self) -> SectionPath:
        """The section path of the cells: the table's label."""
        return (self.label,)

    def notes(self) -> Iterator[Block]:
        """The caption, where there is one, and the footnotes."""
        if self.caption is not None:
            yield self.caption
        yield from self.footnotes

    def texts(self) -> Iterator[Text]:
        """Every printed text of the grid once, caption and footnotes left out."""
        headers = chain(self.stub, *(column.path for column in self.columns), self.headings, self.strays)
        body = chain.from_iterable((row.label, *(cell.text for cell in row.cells)) for row in self.rows)
        seen: set[tuple[int, int]] = set()
        for text in chain(headers, body):
            if text and (place := text.span()) not in seen:
                seen.add(place)
                yield text


@dataclass(frozen=True)
class Document:
    """A document as read: its source, and what stands where in it.

    ``blocks`` are in reading order; a sentence that a column or a float broke is one block, at the place
    where it begins. ``citations`` are keyed by the source offset at which their marker starts.
    ``body_spans``, in ascending order, are the source spans from the title to the acknowledgements, the
    reference list and what follows it left out.
    """

    source: str = field(repr=False)
    sha256: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    references: Mapping[int, Block] = field(default_factory=dict)
    citations: Mapping[int, Citation] = field(default_factory=dict)
    body_spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(
        cls,
        source: str,
        sha256: str,
        *,
        blocks: Iterable[Block],
        tables: Iterable[Table],
        references: Mapping[int, Text],
        citations: Mapping[int, Citation],
        body_spans: Iterable[tuple[int, int]],
    ) -> Document:
        """Put a document together.

        Args:
            source: the decoded file.
            sha256: of its bytes.
            blocks: the running text in any order; the captions and footnotes of the tables and the entries
                of the reference list are added, and empty blocks left out.
            tables: in order.
            references: the entries of the reference list by number.
            citations: by the source offset at which their marker starts.
            body_spans: see the class.
        """
        listed = tuple(tables)
        entries = {number: Block("reference", ("REFERENCES",), text) for number, text in references.items()}
        found = chain(blocks, *(table.notes() for table in listed), entries.values())
        return cls(
            source=source,
            sha256=sha256,
            blocks=tuple(
                sorted((block for block in found if block.text), key=lambda block: block.text.starts[0])
            ),
            tables=listed,
            references=entries,
            citations=dict(sorted(citations.items())),
            body_spans=tuple(body_spans),
        )

    @property
    def characters(self) -> int:
        """The length of the source in Unicode code points."""
        return len(self.source)

    @property
    def sections(self) -> tuple[SectionPath, ...]:
        """All section paths, in the order of their first appearance."""
        paths = chain((block.section for block in self.blocks), (table.section for table in self.tables))
        return tuple(dict.fromkeys(paths))

    def citation_at(self, text: Text, position: int) -> Citation | None:
        """The citation whose marker is ``text.text[position]``, if one stands there."""
        if text.text[position : position + 1] != CITATION:
            return None
        return self.citations.get(text.starts[position])

    def prints_within(self, start: int, end: int) -> bool:
        """Whether any text of the document has a character that begins in ``source[start:end]``.

        Between two characters of one text that is another text: a float that interrupts a sentence.
        """
        place = bisect_left(self._starts, start)
        return place < len(self._starts) and self._starts[place] < end

    @cached_property
    def _starts(self) -> array[int]:
        """Where each printed character begins, ascending."""
        texts = chain((block.text for block in self.blocks), *(table.texts() for table in self.tables))
        printed = {
            start
            for text in texts
            for character, start in zip(text.text, text.starts, strict=True)
            if not character.isspace()
        }
        return array("L", sorted(printed))

    def in_section(self, path: Sequence[str]) -> tuple[Block, ...]:
        """The blocks under ``path`` (a beginning of the section path, ignoring case), headings left out."""
        wanted = [name.casefold() for name in path]
        return tuple(
            block
            for block in self.blocks
            if block.kind != "heading"
            and [name.casefold() for name in block.section[: len(wanted)]] == wanted
        )

    def table(self, label: str) -> Table | None:
        """The table of that label (``Table 1``), ignoring case."""
        return next((table for table in self.tables if table.label.casefold() == label.casefold()), None)

    def body_texts(self) -> Iterator[tuple[SectionPath, Text]]:
        """Every printed text of the body once, with its section, in the order of the source."""
        found = [(block.section, block.text) for block in self.blocks]
        found += [(table.section, text) for table in self.tables for text in table.texts()]
        begins = [start for start, _ in self.body_spans]
        for path, text in sorted(found, key=lambda item: item[1].starts[:1]):
            nearest = bisect_right(begins, text.starts[0]) - 1 if text else -1
            if nearest >= 0 and text.starts[0] < self.body_spans[nearest][1]:
                yield path, text


def merged_spans(texts: Iterable[Text]) -> tuple[tuple[int, int], ...]:
    """The source spans of some texts in ascending order, those that overlap or touch made one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(text.span() for text in texts if text):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)
