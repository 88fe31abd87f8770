"""What the tables of a sheet read in a document: a fact for each cell, its context from the headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from smm_kg.paper.assembly import COUNTED, FactReading
from smm_kg.paper.document import Cell, Column, Document, Row, Table, Text
from smm_kg.paper.location import Place
from smm_kg.paper.sheet_model import ColumnPlan, Context, Problem, RowPlan, TablePlan, UnderPlan
from smm_kg.paper.statement_reader import value_of
from smm_kg.paper.table_labels import Label, Printed, find_size, find_unit, find_words, labels_of
from smm_kg.paper.table_plan import PRINTED, cell_phrase, context_of, fact_id, label_phrase
from smm_kg.records import Category, Locator, Role, Value

__all__ = ["CellFact", "TableReader", "cell_place", "find_row", "with_labels"]

SHOWN = 6
_FOUND_BY_NAME: dict[str, Role] = {"grade": "grade", "timepoint": "timepoint"}
"""Fields of the context that a table may print in a column's head or a row's label."""


@dataclass(frozen=True, slots=True)
class CellFact:
    """The fact that one cell makes: its id, its context, and what the cell states."""

    context: Context
    reading: FactReading


@dataclass(frozen=True, slots=True)
class _PlannedColumn:
    """A column of the paper with its plan; ``span`` is what of the header cell ``head`` the plan names."""

    column: Column
    position: int
    plan: ColumnPlan
    ordinal: int
    head: Text
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A cell with its row and column and the plans of all of them."""

    plan: TablePlan
    table: Table
    row: Row
    row_plan: RowPlan
    planned: _PlannedColumn
    cell: Cell

    @property
    def name(self) -> str:
        """The cell in words, for messages."""
        return f"row {str(self.row.label)!r}, column {self.planned.column.label!r}"

    def fact_id(self, context: Context) -> str:
        """The id of the fact that the cell makes."""
        template = self.row_plan.id or self.plan.id or ""
        try:
            return fact_id(template, context, self.row_plan.category_id, ordinal=self.planned.ordinal)
        except KeyError as error:
            raise _Unfit(f"its id needs {error.args[0]!r}, which nothing gives") from error


class _Unfit(Exception):  # noqa: N818  (never leaves this module)
    """A cell does not print what the sheet says; the message says why."""


class TableReader:
    """Reads the tables of one document by their plans; gathers problems, warnings, study categories."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.categories: dict[str, Category] = {}

    def read(self, plan: TablePlan) -> list[CellFact]:
        """Return the fact of each cell, in the order printed: row by row, column by column."""
        table = self._table(plan)
        if table is None:
            return []
        columns = self._columns(plan, table)
        facts: list[CellFact] = []
        used: set[int] = set()
        for row in table.rows:
            row_plan = self._row_plan(plan, row, table)
            if row_plan is not None:
                used.add(id(row_plan))
                facts += self._row(plan, table, row, row_plan, columns)
        for each in plan.rows:
            if id(each) not in used:
                labels = [str(row.label) for row in table.rows]
                named = f"{each.row!r} under {each.under!r}" if each.under else repr(each.row)
                self._problem(table, f"there is no row {named}", anchor=each.row, candidates=labels)
        return facts

    def _problem(
        self,
        table: Table | TablePlan,
        what: str,
        *,
        anchor: str | None = None,
        candidates: Sequence[str] = (),
    ) -> None:
        name = table.label if isinstance(table, Table) else table.table
        shown = tuple(dict.fromkeys(candidates))
        self.problems.append(Problem(what=what, where=name, anchor=anchor, candidates=shown[:SHOWN]))

    def _table(self, plan: TablePlan) -> Table | None:
        table = self.document.table(plan.table)
        shown = [f"{each.label}: {_header(each)}" for each in self.document.tables]
        if table is None:
            self._problem(plan, f"the paper has no {plan.table}", candidates=shown)
        elif plan.header and not _holds(_header(table), plan.header):
            self._problem(table, f"its header does not hold the words {plan.header!r}", candidates=shown)
            table = None
        return table

    def _columns(self, plan: TablePlan, table: Table) -> list[_PlannedColumn]:
        """Match the columns of the paper with those of the plan; each must have exactly one."""
        planned: list[_PlannedColumn] = []
        heads = [(column, label_phrase(column.head)) for column in plan.columns]
        for position, column in enumerate(table.columns):
            fitting = [
                (each, text, matches[0])
                for each, phrase in heads
                for text in column.path
                if (matches := phrase.matches(text.text))
            ]
            if len({id(each) for each, _, _ in fitting}) != 1:
                what = (
                    "fits several columns of the sheet" if fitting else "is named by no column of the sheet"
                )
                self._problem(
                    table, f"the column {column.label!r} {what}", candidates=[c.head for c in plan.columns]
                )
                continue
            each, text, match = fitting[0]
            ordinal = 1 + sum(earlier.plan is each for earlier in planned)
            planned.append(_PlannedColumn(column, position, each, ordinal, text, (match.start, match.end)))
        for each in plan.columns:
            if not any(found.plan is each for found in planned):
                labels = [column.label for column in table.columns]
                self._problem(table, f"there is no column {each.head!r}", anchor=each.head, candidates=labels)
        return planned

    def _row_plan(self, plan: TablePlan, row: Row, table: Table) -> RowPlan | None:
        """Return the plan of a data row; a row that the sheet does not name is a problem."""
        fitting = [each for each in plan.rows if _whole(each.row, row.label)]
        under = [
            each for each in fitting if each.under and any(_begins(each.under, text) for text in _above(row))
        ]
        chosen = under or [each for each in fitting if not each.under]
        if len(chosen) == 1:
            return chosen[0]
        name = " / ".join(str(text) for text in (*row.path, row.label))
        what = "fits several rows of the sheet" if chosen else "is named by no row of the sheet"
        self._problem(
            table, f"the row {name!r} {what}", candidates=[each.row for each in chosen or plan.rows]
        )
        return None

    def _row(
        self, plan: TablePlan, table: Table, row: Row, row_plan: RowPlan, columns: Sequence[_PlannedColumn]
    ) -> Iterator[CellFact]:
        under = _under(plan, row)
        for planned in columns:
            cell = row.cells[planned.position]
            spot = _Spot(plan, table, row, row_plan, planned, cell)
            if not cell.text:
                self.warnings.append(f"{table.label}: {spot.name} is empty")
                continue
            try:
                yield self._cell(spot, context_of(plan, planned.plan, under, row_plan))
            except _Unfit as error:
                self._problem(table, f"{spot.name}: {error}", candidates=[str(cell.text)])

    def _cell(self, spot: _Spot, context: Context) -> CellFact:
        """Read one cell.

        Raises:
            _Unfit: the cell, or a label of it, does not print what the sheet says.
        """
        if spot.cell.span > 1:
            raise _Unfit(f"one cell is printed over {spot.cell.span} columns")
        row, column = spot.row, spot.planned.column
        how = spot.row_plan.cell or spot.plan.cell or ""
        match = cell_phrase(how).whole(spot.cell.text.text)
        if match is None:
            raise _Unfit(f"the cell cannot be read as {how}")
        place = cell_place(self.document, spot.table, row, column, spot.cell)
        context, shared = self._context(spot, context, place)
        where = spot.row_plan.unit or spot.plan.unit
        unit = find_unit(labels_of(where, row, column))
        if where is not None and unit is None:
            raise _Unfit(f"no unit is printed in its {where}")
        values = with_labels(
            [value_of(part, place) for reading in match.readings for part in reading.parts],
            place,
            unit=unit,
            percent=find_unit(_all_labels(row, column), percent=True),
            size=find_size(column) if context.denominator is None else None,
        )
        values = [msgspec.structs.replace(value, locators=(*value.locators, *shared)) for value in values]
        return CellFact(context, FactReading(spot.fact_id(context), spot.table.section, tuple(values)))

    def _context(self, spot: _Spot, context: Context, place: Place) -> tuple[Context, list[Locator]]:
        """Fill the fields that the table prints; also return the locators that all values share."""
        row = spot.row
        shared = [place.stub(row.label).locator("label", 0, len(row.label))]
        if context.arm is not None and spot.planned.plan.arm == context.arm:
            shared.append(place.header(spot.planned.head).locator("arm", *spot.planned.span))
        filled: dict[str, str] = {}
        for name, role in _FOUND_BY_NAME.items():
            where = getattr(context, name)
            if where in PRINTED:
                found = find_words(name, labels_of(where, row, spot.planned.column))
                if found is None:
                    raise _Unfit(f"no {name} is printed in its {where}")
                filled[name] = found.words
                shared.append(found.locator(role, place))
        if context.label_printed == "row":
            filled["label_printed"] = str(row.label)
        category_id = spot.row_plan.category_id
        if context.category == "row" and category_id is not None:
            filled["category"] = f"#{category_id}"
            self._category(Category(id=category_id, label=str(row.label)), place)
        return msgspec.structs.replace(context, **filled), shared

    def _category(self, category: Category, place: Place) -> None:
        known = self.categories.setdefault(category.id, category)
        if known != category:
            what = f"the category {category.id} is labelled {known.label!r} and {category.label!r}"
            self.problems.append(Problem(what=what, where=place.table or ""))


def cell_place(document: Document, table: Table, row: Row, column: Column, cell: Cell) -> Place:
    """Return the place of a cell, its row named by the group headers above it too."""
    name = " / ".join(str(text) for text in (*row.path, row.label))
    return Place(document, cell.text, table.section, table=table.label, row=name, column=column.label)


def with_labels(
    values: Sequence[Value],
    place: Place,
    *,
    unit: Printed | None,
    percent: Printed | None,
    size: Printed | None,
) -> list[Value]:
    """Add to the values of a cell what the labels of the table print.

    Args:
        values: the values of one cell.
        place: the cell.
        unit: the unit of its quantities.
        percent: the sign that its percentages are such.
        size: the number of people that its counts and percentages are of.
    """
    count = next(
        (value.number for value in values if value.measure == "count" and value.comparator == "="), None
    )
    finished: list[Value] = []
    for value in values:
        fields: dict[str, Any] = {}
        locators = list(value.locators)
        counted = value.measure in COUNTED
        if (
            unit
            and not counted
            and value.unit is None
            and value.number is not None
            and value.measure != "p value"
        ):
            fields["unit"] = unit.words
            locators.append(unit.locator("unit", place))
        if percent and value.measure == "percent" and not any(each.role == "unit" for each in locators):
            locators.append(percent.locator("unit", place))
        if size and size.number is not None and counted and value.denominator is None:
            fields["denominator"] = int(size.number)
            fields["numerator"] = None if count is None else int(count)
            locators.append(size.locator("denominator", place))
        finished.append(msgspec.structs.replace(value, locators=tuple(locators), **fields))
    return finished


def find_row(document: Document, label: str, row: str) -> Text | None:
    """Return the label of the one row of a table that a phrase fits."""
    table = document.table(label)
    labels = {
        str(each.label): each.label for each in (table.rows if table else ()) if _whole(row, each.label)
    }
    return next(iter(labels.values())) if len(labels) == 1 else None


def _header(table: Table) -> str:
    texts = dict.fromkeys(
        [*map(str, table.stub), *(str(text) for column in table.columns for text in column.path)]
    )
    return " ".join(texts)


def _holds(text: str, words: str) -> bool:
    """Tell whether the words stand in the text in this order, whatever stands between them."""
    rest = iter(re.findall(r"\w+", text.casefold()))
    return all(word in rest for word in re.findall(r"\w+", words.casefold()))


def _whole(phrase: str, label: Text) -> bool:
    return label_phrase(phrase).whole(label.text) is not None


def _begins(phrase: str, label: Text) -> bool:
    return any(match.start == 0 for match in label_phrase(phrase).matches(label.text))


def _all_labels(row: Row, column: Column) -> tuple[Label, ...]:
    return tuple(label for where in ("column", "header", "row") for label in labels_of(where, row, column))


def _above(row: Row) -> tuple[Text, ...]:
    return (*row.path, *row.headers[-1:])


def _under(plan: TablePlan, row: Row) -> UnderPlan | None:
    """Return the plan of the last listed group header above a row."""
    for text in reversed(row.headers):
        for each in plan.under:
            if _begins(each.row, text):
                return each
    return None
