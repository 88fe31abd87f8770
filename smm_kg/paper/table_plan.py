"""What a sheet's plan of a table means: the context of each cell, the ids of its facts, the cells' phrase."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from smm_kg.paper.phrase import Phrase
from smm_kg.paper.sheet_model import ColumnPlan, Context, RowPlan, TablePlan, UnderPlan

__all__ = [
    "CELL",
    "PRINTED",
    "TableIds",
    "cell_phrase",
    "context_of",
    "fact_id",
    "label_phrase",
    "slug",
    "statement_phrase",
]

CELL = "cell"
"""The target that stands for the fact of the cell in a cell's phrase."""

PRINTED = ("row", "column")
"""What a field of the context says that the table prints there."""

_FIELD = re.compile(r"\{(\w+)\}")


def slug(text: str) -> str:
    """Return text as an id: lower case, words joined by hyphens, ``>=`` and ``<=`` in letters."""
    for sign, letters in (
        (">=", "ge-"),
        ("<=", "le-"),
        ("≥", "ge-"),
        ("≤", "le-"),
        (">", "gt-"),
        ("<", "lt-"),
    ):
        text = text.replace(sign, letters)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def context_of(table: TablePlan, column: ColumnPlan, under: UnderPlan | None, row: RowPlan) -> Context:
    """Return the context of a cell: the row's, before what its header row, column and table give."""
    fields: dict[str, object] = {}
    for plan in (table, column, under, row):
        if plan is not None:
            given = {name: getattr(plan, name) for name in Context.__struct_fields__}
            fields.update({name: value for name, value in given.items() if value not in (None, ())})
    return msgspec.convert(fields, Context)


def fact_id(
    template: str,
    context: Context,
    category_id: str | None,
    *,
    ordinal: int | None = None,
    missing: str | None = None,
) -> str:
    """Fill the template of a fact's id from the context of its cell.

    Args:
        template: text with fields of the context in braces, and ``{ordinal}``.
        context: the context of the cell.
        category_id: what ``{category}`` stands for where the row makes a category.
        ordinal: the position of the column among those of the same head, from 1.
        missing: what stands for fields that the context does not give; without it such a field is an error.

    Raises:
        KeyError: the context does not give a field of the template; its name is the argument.
    """

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        value = category_id if name == "category" and category_id else getattr(context, name, None)
        if name == "ordinal":
            value = ordinal
        if value in PRINTED:
            value = None
        if value is None and missing is None:
            raise KeyError(name)
        return missing if value is None and missing is not None else slug(str(value))

    return _FIELD.sub(fill, template)


@cache
def statement_phrase(read: str) -> Phrase:
    """Return the phrase of a statement; a sheet is checked and read with the same one.

    Raises:
        PhraseError: it is none.
    """
    return Phrase.parse(read)


@cache
def label_phrase(label: str) -> Phrase:
    """Return the phrase that a row's or column's label is, in which slots need no target.

    Raises:
        PhraseError: it is none.
    """
    return Phrase.parse(label, label=True)


@cache
def cell_phrase(cell: str) -> Phrase:
    """Return the phrase that reads a whole cell.

    ``cell`` is a production (``n-percent``, ``number as median``) or a phrase whose slots have no target.

    Raises:
        PhraseError: it is neither.
    """
    source = re.sub(r"\{\s*:", f"{{{CELL}:", cell) if "{" in cell else f"{{{CELL}: {cell}}}"
    return Phrase.parse(source)


class TableIds:
    """The ids of the facts that the tables of a sheet make.

    ``complete`` holds those known from the sheet alone; an id with a part that the paper gives (the grade in
    a column's head) is known by its pattern: ``in`` answers for both.
    """

    def __init__(self, tables: Sequence[TablePlan]) -> None:
        self._by_table = [self._ids(table) for table in tables]
        self._tables = tuple(tables)
        ids = set(itertools.chain.from_iterable(self._by_table))
        self.complete = frozenset(id_ for id_ in ids if "*" not in id_)
        self._patterns = [re.compile(id_.replace("*", "[a-z0-9-]+")) for id_ in ids if "*" in id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self.complete or any(pattern.fullmatch(str(id_)) for pattern in self._patterns)

    def complete_of(self, table: TablePlan) -> Iterable[str]:
        """Return the ids of one table that are known from the sheet alone, sorted."""
        ids = next(ids for each, ids in zip(self._tables, self._by_table, strict=True) if each is table)
        return sorted(id_ for id_ in ids if "*" not in id_)

    @staticmethod
    def _ids(table: TablePlan) -> set[str]:
        headers: tuple[UnderPlan | None, ...] = (None, *table.under)
        return {
            fact_id(
                row.id or table.id or "", context_of(table, column, under, row), row.category_id, missing="*"
            )
            for row in table.rows
            for column in table.columns
            for under in headers
        }
