"""Candidate facts of any report, read without a sheet and marked unreviewed.

The grammar of statistics reads the prose, and the table reader's header paths say what a cell is about; what
it all means for the trial is left to a curator. A candidate holds no sentence: eight words at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from smm_kg.paper.candidate_cells import named, read_cell
from smm_kg.paper.candidate_kinds import kind_of
from smm_kg.paper.document import CITATION, Block, Column, Document, Row, Table
from smm_kg.paper.location import Place, sentence_at
from smm_kg.paper.production import Part
from smm_kg.paper.statement_reader import value_of
from smm_kg.paper.statistics import scan
from smm_kg.paper.table_labels import find_size, find_unit, labels_of
from smm_kg.paper.table_plan import slug
from smm_kg.paper.table_reader import cell_place, with_labels
from smm_kg.records import Kind, Value

__all__ = ["Candidate", "candidates", "study_slug"]

CONTEXT_WORDS = 8
_REACH = 1000
"""How many characters of a sentence on either side of a statistic say what it is about."""
_PROSE = frozenset({"front", "paragraph", "caption", "footnote"})
_YEAR = re.compile(r"(?<![\w./-])(?:19|20)\d\d(?![\w(/-])")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


class Candidate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statistic that a report prints, not yet reviewed by anybody.

    Attributes:
        study: slug of the study, by its first author and year where the report prints them.
        kind: a guess at the kind of fact.
        production: the name of the production that read it (``effect``, ``n-percent``).
        values: what it states, each value with its locators.
        context: at most eight words of the sentence before it, or of the row's label.
        column: the head of the column, for a cell.
        reviewed: False; a reviewed candidate is a fact of a sheet.
    """

    study: str
    kind: Kind
    production: str
    values: tuple[Value, ...]
    context: str
    column: str | None = None
    reviewed: Literal[False] = False


def candidates(document: Document, study: str | None = None) -> tuple[Candidate, ...]:
    """Return the candidate facts of a report: those of its prose, then those of its tables.

    Args:
        document: any report.
        study: the slug of the study; made of first author and year where it is not given.
    """
    name = study or study_slug(document)
    found = [*_of_prose(document, name)]
    for table in document.tables:
        found += _of_table(document, table, name)
    return tuple(found)


def study_slug(document: Document) -> str:
    """Return first author and year as a slug, else the first words of the title."""
    texts: dict[str, str] = {}
    for block in document.blocks:
        name = block.section[0] if block.section else ""
        texts[name] = f"{texts.get(name, '')} {block.text.text}".strip()
    year = _YEAR.search(texts.get("CITATION", ""))
    first = re.split(r"[,;]|\band\b", texts.get("AUTHORS", ""))[0].split()
    if first:
        in_xml = document.source.lstrip("\ufeff \n").startswith("<")  # surnames come first there
        return slug(f"{first[0] if in_xml else first[-1]} {year[0] if year else ''}") or "study"
    return slug(" ".join(texts.get("TITLE", "").split()[:4])) or "study"


def _of_prose(document: Document, study: str) -> Iterator[Candidate]:
    for block in document.blocks:
        if block.kind not in _PROSE:
            continue
        place = Place(document, block.text, block.section)
        text = block.text.text
        for mention in scan(text):
            first, last = sentence_at(text, mention.start)
            sentence = text[max(first, mention.start - _REACH) : min(last, mention.end + _REACH)]
            values = _values(named(mention.parts, sentence), place)
            if values:
                context = _words_before(block, mention.start, mention.end)
                kind = kind_of(
                    mention.production, (value.measure for value in values), block.section, sentence
                )
                yield Candidate(
                    study=study, kind=kind, production=mention.production, values=values, context=context
                )


def _of_table(document: Document, table: Table, study: str) -> Iterator[Candidate]:
    caption = str(table.caption.text) if table.caption else ""
    notes = " ".join(str(note.text) for note in table.footnotes)
    percent = re.search(r"%|per\s?cent", f"{caption} {notes} {' '.join(map(str, table.texts()))}") is not None
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if not cell.text:
                continue
            place = cell_place(document, table, row, column, cell)
            about = f"{place.row} {column.label}"
            production, parts = read_cell(cell.text.text, about, percent=percent)
            values = _labelled(_values(named(parts, f"{caption} {about}"), place), place, row, column)
            if not values:
                continue
            measures = (value.measure for value in values)
            yield Candidate(
                study=study,
                kind=kind_of(production, measures, table.section, f"{caption} {about}"),
                production=production,
                values=values,
                context=" ".join(str(row.label).split()[:CONTEXT_WORDS]),
                column=column.label or None,
            )


def _labelled(values: Sequence[Value], place: Place, row: Row, column: Column) -> tuple[Value, ...]:
    """Add to the values of a cell what its labels print."""
    stub = (*labels_of("header", row, column), *labels_of("row", row, column))
    head = labels_of("column", row, column)
    unit, percent = find_unit(stub), find_unit((*head, *stub), percent=True)
    return tuple(with_labels(values, place, unit=unit, percent=percent, size=find_size(column)))


def _values(parts: Iterable[Part], place: Place) -> tuple[Value, ...]:
    """Turn parts into values; a printed denominator goes to the counts beside it."""
    listed = tuple(part for part in parts if not place.is_broken(part.start, part.end))
    sizes = [part for part in listed if part.measure == "denominator" and part.number is not None]
    count = next((part.number for part in listed if part.measure == "count"), None)
    values: list[Value] = []
    for part in listed:
        if part.measure in ("denominator", "citations"):
            continue
        value = value_of(part, place)
        if sizes and value.measure in ("count", "percent"):
            locator = place.locator("denominator", sizes[0].start, sizes[0].end)
            value = msgspec.structs.replace(
                value,
                numerator=None if count is None else int(count),
                denominator=int(sizes[0].number or 0),
                locators=(*value.locators, locator),
            )
        values.append(value)
    return tuple(values)


def _words_before(block: Block, start: int, end: int) -> str:
    """Return up to eight words of the sentence before a mention, or after it where it begins the sentence."""
    text = block.text.text
    first, last = sentence_at(text, start)
    before = _WORD.findall(text[max(first, start - _REACH) : start].replace(CITATION, " "))[-CONTEXT_WORDS:]
    after = text[end : max(min(last, end + _REACH), end)].replace(CITATION, " ")
    return " ".join(before or _WORD.findall(after)[:CONTEXT_WORDS])
