"""Plain text recovered from a PDF: its sections, its sentences put together again, its floats lifted out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smm_kg.paper.document import Block, Document, Table, Text
from smm_kg.paper.flow import Draft, Flow, TableDraft
from smm_kg.paper.footnotes import split_notes
from smm_kg.paper.lines import Line, paragraphs
from smm_kg.paper.references import split_references
from smm_kg.paper.repair import Lexicon, Repair
from smm_kg.paper.tables import build_table, without_marks
from smm_kg.paper.tabs import tab_grid

__all__ = ["parse"]


def parse(source: str, sha256: str, where: str) -> Document:
    """Read plain text.

    Args:
        source: the decoded file.
        sha256: the hash of its bytes.
        where: its name, for error messages; any text can be read, so none arise here.
    """
    flow = Flow(paragraphs(source))
    entries = split_references(source, flow.reference_lines)
    repair = Repair(Lexicon.of(source), frozenset(entries))
    return Document.of(
        source,
        sha256,
        blocks=[_block(source, draft, repair) for draft in flow.drafts],
        tables=[_table(source, draft, repair) for draft in flow.tables],
        references={number: repair.plain(raw) for number, raw in entries.items()},
        citations=repair.citations,
        body_spans=flow.body_spans,
    )


def _block(source: str, draft: Draft, repair: Repair) -> Block:
    raw = _raw(source, (line for part in draft.parts for line in part.lines))
    return Block(draft.kind, draft.section, repair(raw))


def _table(source: str, draft: TableDraft, repair: Repair) -> Table:
    notes = [_raw(source, (line for part in parts for line in part.lines)) for parts in draft.notes]
    return build_table(
        draft.label,
        draft.number,
        _caption(source, draft, repair),
        tab_grid(source, draft.rows, repair.plain),
        [block for raw in notes for block in _footnotes(raw, draft.label, repair)],
    )


def _caption(source: str, draft: TableDraft, repair: Repair) -> Block | None:
    if not draft.title:
        return None
    text, marks = without_marks(repair(_raw(source, draft.title)))
    return Block("caption", (draft.label, "Caption"), text, "".join(marks))


def _footnotes(raw: Text, label: str, repair: Repair) -> Iterator[Block]:
    for part, mark in split_notes(raw):
        if text := repair(part):
            yield Block("footnote", (label, "Footnotes"), text, mark)


def _raw(source: str, lines: Iterable[Line]) -> Text:
    """The printed characters of some lines, with a line end between them."""
    return Text.join((Text.of(source, line.start, line.end) for line in lines), "\n")
