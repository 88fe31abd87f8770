"""A document read by its sheet: the study's record, every value with the places that state it.

:func:`read_study` reads all or nothing. :func:`read_what_fits` reads what it can and lists what it cannot,
for the coverage of a paper whose sheet is still being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smm_kg.errors import SmmKgError
from smm_kg.paper.assembly import Assembly, Disagreement
from smm_kg.paper.bibliography import references_of
from smm_kg.paper.document import Document
from smm_kg.paper.sheet_model import CellPlace, Problem, Sheet, SheetError
from smm_kg.paper.source import read_document
from smm_kg.paper.statement_reader import StatementReader
from smm_kg.paper.table_reader import CellFact, TableReader, find_row
from smm_kg.records import Arm, Category, Fact, SourceDocument, Study

__all__ = ["Disagreement", "NotThisArticle", "Reading", "read_paper", "read_study", "read_what_fits"]

_NOT_A_WORD = re.compile(r"[\W_]+")


class NotThisArticle(SmmKgError):  # noqa: N818  (says what is the matter)
    """The document is another article than the one that the sheet reads."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a document.

    Attributes:
        study: the record of the study.
        disagreements: statements of the document that contradict one another; all are kept in the study.
        warnings: what a curator should look at.
        problems: what of the sheet does not fit the document; empty unless :func:`read_what_fits` read it.
    """

    study: Study
    disagreements: tuple[Disagreement, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_paper(path: Path, sheet: Sheet) -> Reading:
    """Read a paper from a file by its sheet.

    Raises:
        SourceError, NotThisArticle, SheetError: as for ``read_document`` and :func:`read_study`.
    """
    return read_study(read_document(path), sheet)


def read_study(document: Document, sheet: Sheet) -> Reading:
    """Read a document by its sheet, all or nothing.

    Raises:
        NotThisArticle: the title is that of another article.
        SheetError: anchors, rows or columns of the sheet do not fit the document; all of them are listed.
    """
    reading, missing = _read(document, sheet)
    if reading.problems:
        count = len(reading.problems)
        places = f"{count} place{'s' if count > 1 else ''} of the sheet {sheet.study}"
        what = f"{places} cannot be read in this document"
        hint = "compare the anchors below with the text" if not missing else None
        if missing:
            shown = ", ".join(missing)
            what += f"; it lacks the section{'s' if len(missing) > 1 else ''} {shown}: is it cut short?"
        raise SheetError(what, problems=reading.problems, hint=hint, shown=5 if missing else 40)
    return reading


def read_what_fits(document: Document, sheet: Sheet) -> Reading:
    """Read what of a sheet fits a document; the rest is listed in ``problems``.

    Raises:
        NotThisArticle: the title is that of another article.
    """
    return _read(document, sheet)[0]


def _read(document: Document, sheet: Sheet) -> tuple[Reading, list[str]]:
    """Read a document; also return the sections of the sheet that the document lacks."""
    title = _title(document, sheet)
    assembly = Assembly(sheet.groups)
    tables, statements = TableReader(document), StatementReader(document, sheet)
    for id_, context in sheet.facts.items():
        assembly.declare(id_, context)
    for plan in sheet.tables:
        for cell in tables.read(plan):
            problem = _take_cell(assembly, cell)
            if problem is not None:
                tables.problems.append(Problem(what=problem, where=plan.table))
    arms = {fact: assembly.arm(fact) for fact in assembly}
    for statement in sheet.statements:
        for stated in statements.read(statement, arms):
            assembly.take(stated)
    facts = assembly.facts()
    categories, category_problems = _categories(document, sheet, tables.categories)
    references, reference_problems = references_of(document, sheet.references)
    problems = [*tables.problems, *statements.problems, *category_problems, *reference_problems]
    problems = problems or [*assembly.problems, *_dangling(sheet, facts)]
    study = Study(
        id=sheet.study,
        label=sheet.label,
        document=SourceDocument(
            id=sheet.document.id, title=title, sha256=document.sha256, characters=document.characters
        ),
        arms=tuple(Arm(id=arm.id, label=arm.label, role=arm.role) for arm in sheet.arms),
        contrasts=sheet.contrasts,
        sets=sheet.sets,
        groups=sheet.groups,
        categories=categories,
        endpoints=sheet.endpoints,
        criteria=sheet.criteria,
        regimens=sheet.regimens,
        references=references,
        facts=facts,
    )
    reading = Reading(study, tuple(assembly.disagreements), tuple(tables.warnings), tuple(problems))
    return reading, statements.missing_sections


def _take_cell(assembly: Assembly, cell: CellFact) -> str | None:
    """Add what a cell states; return what is wrong if an earlier cell of the fact contradicts it."""
    fact = cell.reading.fact
    if fact not in assembly:
        assembly.declare(fact, cell.context)
    else:
        differs = assembly.extend(fact, cell.context)
        measures = assembly.measures(fact) & {value.measure for value in cell.reading.values}
        if differs or measures:
            return f"two cells give the fact {fact} its {differs or ', '.join(sorted(measures))}"
    assembly.take(cell.reading)
    return None


def _title(document: Document, sheet: Sheet) -> str:
    """Return the title of the document, which must hold the words of the sheet."""
    titles = [str(block.text) for block in document.blocks if block.kind == "title"]
    wanted = _NOT_A_WORD.sub("", sheet.document.title.casefold())
    for title in titles:
        if wanted in _NOT_A_WORD.sub("", title.casefold()):
            return title
    found = f"its title is {titles[0]!r}" if titles else "it has no title"
    raise NotThisArticle(
        f"the sheet {sheet.study} reads another article: {found}",
        hint=f"give the article whose title holds {sheet.document.title!r}, or another sheet",
    )


def _categories(
    document: Document, sheet: Sheet, made: Mapping[str, Category]
) -> tuple[tuple[Category, ...], list[Problem]]:
    """Return the study's own categories: those of the sheet, then those made by table rows."""
    categories: dict[str, Category] = {}
    problems: list[Problem] = []
    for category in sheet.categories:
        label = category.label
        if isinstance(label, CellPlace):
            row = find_row(document, label.table, label.row)
            if row is None:
                what = f"no row, or more than one, labels the category {category.id}"
                problems.append(Problem(what=what, where=label.table, anchor=label.row))
                continue
            label = str(row)
        categories[category.id] = Category(id=category.id, label=label)
    return tuple({**categories, **made}.values()), problems


def _dangling(sheet: Sheet, facts: Iterable[Fact]) -> list[Problem]:
    """Return the facts that end points, criteria, groups and regimens name but that nothing made."""
    known = {fact.id for fact in facts}
    criteria = {criterion.id for criterion in sheet.criteria}
    named = [(group.size, f"groups, {group.arm} {group.population}") for group in sheet.groups]
    named += [(part, f"regimens, {each.id}") for each in sheet.regimens for part in each.parts]
    named += [(part, f"criteria, {each.id}") for each in sheet.criteria for part in each.members]
    named += [(id_, "facts") for id_ in sheet.facts]
    return [
        Problem(what=f"the fact {name} has no value in this document", where=where)
        for name, where in named
        if name not in known and name not in criteria
    ]
