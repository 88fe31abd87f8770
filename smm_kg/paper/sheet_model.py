"""What an extraction sheet holds, as typed, frozen values, and how its problems are told.

:mod:`smm_kg.paper.sheet` reads a sheet from YAML, :mod:`smm_kg.paper.sheet_rules` checks it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smm_kg.errors import SmmKgError
from smm_kg.records import (
    AnalysisGroup,
    AnalysisSet,
    ArmRole,
    Contrast,
    Counting,
    Criterion,
    EndPoint,
    Kind,
    Regimen,
)

__all__ = [
    "Article",
    "CellPlace",
    "ColumnPlan",
    "Context",
    "FactContext",
    "NamedArm",
    "Problem",
    "RowPlan",
    "Sheet",
    "SheetCategory",
    "SheetError",
    "Statement",
    "TablePlan",
    "UnderPlan",
]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a sheet, or between a sheet and the paper.

    Attributes:
        what: which rule is broken, one sentence without a full stop.
        where: the place in the sheet (``line 12, statements[3].read``) or in the paper (its section).
        anchor: the phrase concerned, if it is one of a statement or a table.
        candidates: what was perhaps meant: nearest sentences or all matches, with their offsets; known ids.
    """

    what: str
    where: str
    anchor: str | None = None
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        if self.anchor is not None:
            text += f"\n    anchor: {self.anchor}"
        return text + "".join(f"\n    candidate: {candidate}" for candidate in self.candidates)


class SheetError(SmmKgError):
    """A sheet breaks its own rules, or does not fit the paper; ``problems`` lists all of it.

    Args:
        what: the summary, one sentence.
        problems: every problem found, in the order of the sheet.
        where: the sheet.
        hint: what to do.
        shown: how many of the problems the error prints.
    """

    def __init__(
        self,
        what: str,
        *,
        problems: tuple[Problem, ...],
        where: str | None = None,
        hint: str | None = None,
        shown: int = 40,
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.problems = problems
        self.shown = shown

    def __str__(self) -> str:
        lines = [super().__str__(), *(f"  {problem}" for problem in self.problems[: self.shown])]
        if len(self.problems) > self.shown:
            lines.append(f"  … and {len(self.problems) - self.shown} more")
        return "\n".join(lines)


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of the parts of a sheet: frozen, unknown fields refused."""


class Article(_Part, frozen=True, kw_only=True):
    """The paper that the sheet reads: its document id, and words that its title must hold."""

    id: str
    title: str


class NamedArm(_Part, frozen=True, kw_only=True):
    """An arm (see :class:`smm_kg.records.Arm`), with the ``words`` by which the paper names it."""

    id: str
    label: str
    role: ArmRole
    words: tuple[str, ...] = ()


class CellPlace(_Part, frozen=True, kw_only=True):
    """A row of a table of the paper, by its printed label (a phrase)."""

    table: str
    row: str


class SheetCategory(_Part, frozen=True, kw_only=True):
    """A category of this study alone: its label in words, or the table row that prints it."""

    id: str
    label: str | CellPlace


class Context(_Part, frozen=True, kw_only=True):
    """What a value means: any part of a fact's context (see :class:`smm_kg.records.Fact`).

    ``denominator`` is ``none`` (no denominator), ``group`` (the size of the analysis group of arm and
    population) or the id of the fact that counts the denominator. In tables, ``category``,
    ``label_printed``, ``grade`` and ``unit`` may name the part of the table that prints them.
    """

    kind: Kind | None = None
    subject: str | None = None
    category: str | None = None
    counting: Counting | None = None
    includes: tuple[str, ...] = ()
    arm: str | None = None
    contrast: str | None = None
    phase: str | None = None
    timepoint: str | None = None
    time_origin: str | None = None
    population: str | None = None
    population_printed: str | None = None
    grade: str | None = None
    label_printed: str | None = None
    about: tuple[str, ...] = ()
    endpoint: str | None = None
    remark: str | None = None
    denominator: str | None = None


class FactContext(Context, frozen=True, kw_only=True):
    """The declared context of one fact; ``kind`` and ``subject`` are required."""

    kind: Kind
    subject: str


class Statement(_Part, frozen=True, kw_only=True):
    """A phrase (``read``) and the section or sections of the paper in which it stands exactly once.

    ``times: many`` allows the phrase several times, each stating the same facts.
    """

    places: str | tuple[str, ...] = msgspec.field(name="in")
    read: str
    times: Literal["once", "many"] = "once"

    @property
    def sections(self) -> tuple[tuple[str, ...], ...]:
        """The section paths of ``in``."""
        places = (self.places,) if isinstance(self.places, str) else self.places
        return tuple(tuple(part.strip() for part in place.split("/")) for place in places)


class ColumnPlan(Context, frozen=True, kw_only=True):
    """The columns whose header path holds the words ``head``, and the context that they give."""

    head: str


class UnderPlan(Context, frozen=True, kw_only=True):
    """A header row within a table, and the context that it gives until the next one listed."""

    row: str


class RowPlan(Context, frozen=True, kw_only=True):
    """A data row by its printed label (and the nearest header row, where the label recurs).

    ``id`` and ``cell`` override those of the table; ``unit`` says where the unit is printed; ``category_id``
    names the study's own category made of the row's label (``category: row``).
    """

    row: str
    under: str | None = None
    id: str | None = None
    cell: str | None = None
    unit: Literal["header", "row", "column"] | None = None
    category_id: str | None = None


class TablePlan(Context, frozen=True, kw_only=True):
    """How a table is read: its label, the words of its header, and the context of columns and rows.

    ``id`` is the template of the facts' ids and ``cell`` says how a cell is read, for rows that do not say so
    themselves. Rows whose ids are the same feed one fact (a median and its range).
    """

    table: str
    columns: tuple[ColumnPlan, ...]
    rows: tuple[RowPlan, ...]
    id: str | None = None
    cell: str | None = None
    header: str | None = None
    under: tuple[UnderPlan, ...] = ()
    unit: Literal["header", "row", "column"] | None = None


class Sheet(_Part, frozen=True, kw_only=True):
    """The sheet of one paper, as :func:`smm_kg.paper.sheet.load_sheet` reads it."""

    study: str
    label: str
    document: Article
    arms: tuple[NamedArm, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    sets: tuple[AnalysisSet, ...] = ()
    groups: tuple[AnalysisGroup, ...] = ()
    categories: tuple[SheetCategory, ...] = ()
    endpoints: tuple[EndPoint, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    references: dict[int, str] = {}  # a Struct default is copied
    facts: dict[str, FactContext] = {}
    statements: tuple[Statement, ...] = ()
    tables: tuple[TablePlan, ...] = ()
