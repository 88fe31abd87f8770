"""The rules that a sheet keeps by itself, before any paper is read.

Every id is unique and fit for an IRI, every name that a field gives is declared, every phrase can be read,
and no field holds a number that the paper should give.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from smm_kg.paper.numbers import find_numbers
from smm_kg.paper.phrase import PhraseError, Target
from smm_kg.paper.sheet_model import CellPlace, Context, Problem, Sheet, TablePlan
from smm_kg.paper.table_plan import TableIds, cell_phrase, context_of, label_phrase, statement_phrase
from smm_kg.yaml_text import KeyPath, YamlText

__all__ = ["DOT_FIELDS", "broken_rules"]

DOT_FIELDS = frozenset(
    {
        "timepoint", "time_origin", "grade", "population", "population_printed", "label_printed", "arm",
        "phase", "cites", "category", "counting", "denominator",
    }
)  # fmt: skip
"""The fields of a fact's context that a slot may feed."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = re.compile(
    r"(?:study|document)$|(?:arm|contrast|set|group|category|endpoint|criterion|regimen|reference)-"
)
PRINTED_FIELDS = ("timepoint", "grade", "population_printed", "label_printed")
"""Fields that hold what the paper prints, so that a slot must read them where they hold a number."""


def broken_rules(sheet: Sheet, yaml: YamlText) -> list[Problem]:
    """Return every rule that the sheet breaks, in the order of the sheet's parts."""
    return list(_Check(sheet, yaml).run())


class _Check:
    """One pass over one sheet; ``yaml`` tells the lines."""

    def __init__(self, sheet: Sheet, yaml: YamlText) -> None:
        self.sheet = sheet
        self.yaml = yaml
        self.arms = {arm.id for arm in sheet.arms}
        self.sets = {group.id for group in sheet.sets}
        self.contrasts = {contrast.id for contrast in sheet.contrasts}
        self.criteria = {criterion.id for criterion in sheet.criteria}
        self.endpoints = {endpoint.id for endpoint in sheet.endpoints}
        self.table_ids = TableIds(sheet.tables)
        self.made_by_rows = {
            row.category_id for table in sheet.tables for row in table.rows if row.category_id
        }
        self.categories = {category.id for category in sheet.categories} | self.made_by_rows

    def run(self) -> Iterator[Problem]:
        yield from self._ids()
        yield from self._study_level()
        for id_, context in self.sheet.facts.items():
            yield from self._context(context, ("facts", id_))
        valued: set[str] = set()
        for index, statement in enumerate(self.sheet.statements):
            yield from self._phrase(statement.read, ("statements", index, "read"), valued)
            if any("" in section for section in statement.sections):
                yield self._problem("a section path has an empty part", ("statements", index, "in"))
        for index, table in enumerate(self.sheet.tables):
            yield from self._table(table, ("tables", index))
        for id_ in self.sheet.facts:
            if id_ not in valued:
                yield self._problem(f"fact {id_} never gets a value: no statement reads one", ("facts", id_))

    def _problem(self, what: str, path: KeyPath, candidates: Iterable[str] = ()) -> Problem:
        return Problem(what=what, where=self.yaml.place(path), candidates=tuple(candidates))

    def _unknown(self, kind: str, name: str, path: KeyPath, known: Iterable[str]) -> Problem:
        near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
        return self._problem(f"there is no {kind} {name!r}", path, near)

    def _ids(self) -> Iterator[Problem]:
        for field in ("arms", "contrasts", "sets", "categories", "endpoints", "criteria", "regimens"):
            ids = [item.id for item in getattr(self.sheet, field)]
            for index, id_ in enumerate(ids):
                if not SLUG.fullmatch(id_):
                    yield self._problem(
                        f"{id_!r} is not an id of lower-case words and hyphens", (field, index, "id")
                    )
                if id_ in ids[:index]:
                    yield self._problem(f"the id {id_!r} is used twice in {field}", (field, index, "id"))
        for id_ in self.sheet.facts:
            if not SLUG.fullmatch(id_):
                yield self._problem(f"{id_!r} is not an id of lower-case words and hyphens", ("facts", id_))
            elif RESERVED.match(id_):
                prefix = id_.split("-")[0]
                yield self._problem(
                    f"the fact id {id_!r} begins with the reserved word {prefix!r}", ("facts", id_)
                )
        studies: dict[KeyPath, str] = {("study",): self.sheet.study}
        studies |= {("references", str(number)): id_ for number, id_ in self.sheet.references.items()}
        for path, id_ in studies.items():
            if not SLUG.fullmatch(id_):
                yield self._problem(f"{id_!r} is not a study id of lower-case words and hyphens", path)
        if not self.sheet.document.title.split() or ":" not in self.sheet.document.id:
            yield self._problem("needs an id such as doi:… and words of the title", ("document",))

    def _study_level(self) -> Iterator[Problem]:
        sheet = self.sheet
        for index, contrast in enumerate(sheet.contrasts):
            for field in ("experimental", "reference"):
                yield from self._known(
                    "arm", getattr(contrast, field), ("contrasts", index, field), self.arms
                )
            if contrast.experimental == contrast.reference:
                yield self._problem("an arm is contrasted with itself", ("contrasts", index))
        for index, group in enumerate(sheet.groups):
            yield from self._known("arm", group.arm, ("groups", index, "arm"), self.arms)
            yield from self._known(
                "analysis set", group.population, ("groups", index, "population"), self.sets
            )
            yield from self._fact(group.size, ("groups", index, "size"))
        counts = Counter((group.arm, group.population) for group in sheet.groups)
        yield from (
            self._problem(f"arm {arm} in population {population} is given twice", ("groups",))
            for (arm, population), count in counts.items()
            if count > 1
        )
        for index, endpoint in enumerate(sheet.endpoints):
            if endpoint.event is not None:
                yield from self._known(
                    "criterion", endpoint.event, ("endpoints", index, "event"), self.criteria
                )
        yield from self._criteria()
        for index, regimen in enumerate(sheet.regimens):
            yield from self._known("arm", regimen.arm, ("regimens", index, "arm"), self.arms)
            for part in regimen.parts:
                yield from self._fact(part, ("regimens", index, "parts"))
        for index, criterion in enumerate(sheet.criteria):
            yield from self._digits(criterion.label, ("criteria", index, "label"))
        for index, regimen in enumerate(sheet.regimens):
            yield from self._digits(regimen.label, ("regimens", index, "label"))
        for index, category in enumerate(sheet.categories):
            path: KeyPath = ("categories", index, "label")
            if category.id in self.made_by_rows:
                yield self._problem(f"a table row makes the category {category.id!r} too", path)
            if isinstance(category.label, CellPlace):
                yield from self._row_label(category.label.row, (*path, "row"))
            else:
                yield from self._digits(category.label, path)

    def _criteria(self) -> Iterator[Problem]:
        members = {criterion.id: criterion.members for criterion in self.sheet.criteria}
        for index, criterion in enumerate(self.sheet.criteria):
            path: KeyPath = ("criteria", index, "members")
            for member in criterion.members:
                if member not in self.criteria:
                    yield from self._fact(member, path, "fact or criterion")
            if not criterion.members:
                yield self._problem("a criterion needs members", path)
            below, seen = list(criterion.members), set[str]()
            while below:
                member = below.pop()
                if member not in seen:
                    seen.add(member)
                    below += members.get(member, ())
            if criterion.id in seen:
                yield self._problem(f"the criterion {criterion.id!r} is a member of itself", path)

    def _known(self, kind: str, name: str, path: KeyPath, known: Iterable[str]) -> Iterator[Problem]:
        if name not in set(known):
            yield self._unknown(kind, name, path, known)

    def _fact(self, name: str, path: KeyPath, kind: str = "fact") -> Iterator[Problem]:
        if name not in self.sheet.facts and name not in self.table_ids:
            known = {
                *self.sheet.facts,
                *self.table_ids.complete,
                *(self.criteria if "criterion" in kind else ()),
            }
            yield self._unknown(kind, name, path, known)

    def _digits(self, text: str, path: KeyPath, *, words: bool = False) -> Iterator[Problem]:
        found = [
            token.text for token in find_numbers(text) if words or token.kind in ("digits", "superscript")
        ]
        if found:
            yield self._problem(
                f"holds the number {found[0]!r}: the paper gives the numbers, by a slot", path
            )

    def _context(self, context: Context, path: KeyPath) -> Iterator[Problem]:
        if context.arm is not None:
            yield from self._known("arm", context.arm, (*path, "arm"), self.arms)
        if context.contrast is not None:
            yield from self._known("contrast", context.contrast, (*path, "contrast"), self.contrasts)
        if context.arm is not None and context.contrast is not None:
            yield self._problem("gives both arm and contrast", path)
        if context.population is not None:
            yield from self._known("analysis set", context.population, (*path, "population"), self.sets)
        if context.endpoint is not None:
            yield from self._known("end point", context.endpoint, (*path, "endpoint"), self.endpoints)
        if context.category is not None and context.category.startswith("#"):
            yield from self._known("category", context.category[1:], (*path, "category"), self.categories)
        if context.denominator not in (None, "none", "group"):
            yield from self._fact(str(context.denominator), (*path, "denominator"))
        for field in PRINTED_FIELDS:
            yield from self._digits(getattr(context, field) or "", (*path, field), words=True)
        yield from self._digits(context.remark or "", (*path, "remark"))
        slugs = [(field, getattr(context, field)) for field in ("subject", "phase", "time_origin")]
        slugs += [("includes", slug) for slug in context.includes]
        for field, slug in slugs:
            if slug is not None and not SLUG.fullmatch(slug):
                yield self._problem(f"{slug!r} is not a slug of a term", (*path, field))

    def _phrase(self, source: str, path: KeyPath, valued: set[str]) -> Iterator[Problem]:
        """Check a statement's phrase; adds the facts to which it gives values to ``valued``."""
        try:
            phrase = statement_phrase(source)
        except PhraseError as error:
            yield self._unreadable(error, source, path)
            valued.update(re.findall(r"[{,]\s*([\w-]+)\s*(?=[,:])", source))
            return
        for target in sorted(phrase.targets, key=lambda target: (target.fact, target.field or "")):
            yield from self._target(target, path)
            if target.field is None:
                valued.add(target.fact)
        if not phrase.targets:
            yield self._problem("the phrase feeds no fact", path)

    def _unreadable(self, error: PhraseError, source: str | None, path: KeyPath) -> Problem:
        what = f"{error.what}; {error.hint}" if error.hint else error.what
        return Problem(what=what, where=self.yaml.place(path), anchor=source, candidates=error.candidates)

    def _target(self, target: Target, path: KeyPath) -> Iterator[Problem]:
        yield from self._fact(target.fact, path)
        if target.field is not None and target.field not in DOT_FIELDS:
            yield self._unknown("field", target.field, path, DOT_FIELDS)

    def _row_label(self, source: str, path: KeyPath) -> Iterator[Problem]:
        try:
            label_phrase(source)
        except PhraseError as error:
            yield self._unreadable(error, source, path)

    def _table(self, table: TablePlan, path: KeyPath) -> Iterator[Problem]:
        yield from self._context(table, path)
        labels = [
            *((row.row, (*path, "rows", index, "row")) for index, row in enumerate(table.rows)),
            *(
                (row.under, (*path, "rows", index, "under"))
                for index, row in enumerate(table.rows)
                if row.under
            ),
            *((under.row, (*path, "under", index, "row")) for index, under in enumerate(table.under)),
            *((column.head, (*path, "columns", index, "head")) for index, column in enumerate(table.columns)),
        ]
        for label, at in labels:
            yield from self._row_label(label, at)
        parts = {"columns": table.columns, "under": table.under, "rows": table.rows}
        for name, contexts in parts.items():
            for index, context in enumerate(contexts):
                yield from self._context(context, (*path, name, index))
        if not table.columns or not table.rows:
            yield self._problem("a table needs columns and rows", path)
        yield from self._cells(table, path)
        for id_ in self.table_ids.complete_of(table):
            if id_ in self.sheet.facts:
                yield self._problem(f"the table makes the fact {id_!r}, which facts declares too", path)

    def _cells(self, table: TablePlan, path: KeyPath) -> Iterator[Problem]:
        """Check that each row of a table says how its cells are read, named and meant."""
        for index, row in enumerate(table.rows):
            at: KeyPath = (*path, "rows", index)
            cell = row.cell or table.cell
            try:
                if cell is not None:
                    cell_phrase(cell)
            except PhraseError as error:
                yield self._unreadable(error, cell, at)
            for field, given in (("cell", cell), ("id", row.id or table.id)):
                if given is None:
                    yield self._problem(f"no {field} is given by table or row", at)
            if row.category == "row" and row.category_id is None:
                yield self._problem("category: row needs a category_id", at)
            for column in table.columns:
                context = context_of(table, column, None, row)
                under = [context_of(table, column, each, row) for each in table.under] or [context]
                for field in ("kind", "subject"):
                    if any(getattr(each, field) is None for each in under):
                        yield self._problem(f"no {field} is given by table, column, under or row", at)
                        return
        for name in re.findall(
            r"\{([^}]*)\}", "".join((table.id or "", *(row.id or "" for row in table.rows)))
        ):
            if name not in (*Context.__struct_fields__, "ordinal"):
                yield self._unknown("field of the context", name, (*path, "id"), Context.__struct_fields__)
