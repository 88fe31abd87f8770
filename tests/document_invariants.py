"""What holds for every document, whatever was read: its places are true, and nothing printed is lost."""

from __future__ import annotations

import html
from bisect import bisect_right

from smm_kg.paper.document import CITATION, Document, Text
from smm_kg.paper.repair import fold

_GREEK = dict(zip(("mu", "alpha", "beta", "gamma", "kappa", "lambda"), "μαβγκλ", strict=True))


def assert_places_are_true(document: Document) -> None:
    """Every letter and digit of repaired text is printed at its place; every marker stands for a citation."""
    for text in _texts(document):
        for character, start, end in zip(text.text, text.starts, text.ends, strict=True):
            assert 0 <= start <= end <= document.characters
            if character == CITATION:
                citation = document.citations[start]
                assert (citation.start, citation.end) == (start, end)
                assert citation.numbers
                assert set(citation.numbers) <= set(document.references)
            elif character.isalnum() and character != "�":
                printed = document.source[start:end]
                assert _prints(printed, character), (character, printed)


def _prints(printed: str, character: str) -> bool:
    plain = fold(html.unescape(printed))
    raised = plain.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
    return character in plain or character in raised or _GREEK.get(printed.strip("\\")) == character


def assert_nothing_is_lost(document: Document) -> None:
    """Every digit of the body is part of a text of the body, or of a citation lifted out of one."""
    spans = sorted(
        {(s, e) for _, text in document.body_texts() for s, e in zip(text.starts, text.ends, strict=True)}
    )
    starts = [start for start, _ in spans]
    for begin, end in document.body_spans:
        for place in range(begin, end):
            if document.source[place].isdecimal():
                nearest = bisect_right(starts, place) - 1
                held = any(
                    spans[k][0] <= place < spans[k][1] for k in range(max(0, nearest - 3), nearest + 1)
                )
                assert held, document.source[max(0, place - 30) : place + 30]


def assert_order(document: Document) -> None:
    """Blocks, citations and body spans are in the order of the source, and body spans do not overlap."""
    begins = [block.text.starts[0] for block in document.blocks]
    assert begins == sorted(begins)
    assert list(document.citations) == sorted(document.citations)
    edges = [edge for span in document.body_spans for edge in span]
    assert edges == sorted(edges)
    for table in document.tables:
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
        assert all(
            cell.column == column.index
            for row in table.rows
            for cell, column in zip(row.cells, table.columns, strict=True)
        )


def _texts(document: Document) -> list[Text]:
    texts = [block.text for block in document.blocks]
    return texts + [text for table in document.tables for text in table.texts()]
