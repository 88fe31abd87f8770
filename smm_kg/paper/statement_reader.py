"""What the statements of a sheet read in a document: phrases found, slots turned into values and context."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

import msgspec

from smm_kg.paper.assembly import COUNTED, ContextValue, FactReading
from smm_kg.paper.document import Block, Document
from smm_kg.paper.location import ArmNames, Place
from smm_kg.paper.phrase import Match, Phrase, Reading
from smm_kg.paper.production import Part
from smm_kg.paper.sheet_model import Problem, Sheet, Statement
from smm_kg.paper.table_plan import statement_phrase
from smm_kg.records import Counting, Locator, Role, Value

__all__ = ["StatementReader", "value_of"]

CANDIDATES = 3
EXCERPT = 200
_ROLES: dict[str, Role] = {
    "timepoint": "timepoint",
    "grade": "grade",
    "arm": "arm",
    "denominator": "denominator",
}
_READABLE = frozenset({"title", "authors", "front", "paragraph", "caption", "footnote"})


class _Unfit(Exception):  # noqa: N818  (never leaves this module)
    """A slot was read, but what it holds does not fit the fact; the message says why."""


@dataclass(slots=True)
class _Gathered:
    """What one match reads for one fact, before it becomes a reading."""

    values: dict[str, Value] = field(default_factory=dict)
    context: dict[str, ContextValue] = field(default_factory=dict)
    cites: list[int] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)
    denominator: int | None = None


class StatementReader:
    """Reads the statements of one sheet in one document.

    ``problems`` gathers what does not fit; a statement that does not fit gives no reading.
    """

    def __init__(self, document: Document, sheet: Sheet) -> None:
        self.document = document
        self.sheet = sheet
        self.problems: list[Problem] = []
        self.missing_sections: list[str] = []
        self._arms = ArmNames(sheet.arms)
        self._sets = {each.id for each in sheet.sets}

    def read(self, statement: Statement, arms: dict[str, str | None]) -> list[FactReading]:
        """Return what the statement states, for each fact that it feeds.

        Args:
            statement: the statement.
            arms: the arm of each fact that exists, None for those that concern no arm.
        """
        phrase = statement_phrase(statement.read)
        unknown = sorted({target.fact for target in phrase.targets} - arms.keys())
        if unknown:
            self._problem(statement, f"no table of the paper makes the fact {', '.join(unknown)}")
            return []
        blocks = self._blocks(statement)
        found = [(block, match) for block in blocks for match in phrase.matches(block.text.text)]
        if not blocks or not self._right_number(statement, phrase, blocks, found):
            return []
        readings: list[FactReading] = []
        for block, match in found:
            try:
                readings += self._readings(Place(self.document, block.text, block.section), match, arms)
            except _Unfit as error:
                self._problem(statement, str(error), section=block.section)
        return readings

    def _blocks(self, statement: Statement) -> list[Block]:
        """Return the blocks of the places of a statement, each once; a missing section is a problem."""
        blocks: dict[int, Block] = {}
        for path in statement.sections:
            under = [block for block in self.document.in_section(path) if block.kind in _READABLE]
            if not under:
                name = "/".join(path)
                if name not in self.missing_sections:
                    self.missing_sections.append(name)
                self._problem(statement, f"the paper has no section {name}", section=path)
            blocks.update((id(block), block) for block in under)
        return list(blocks.values())

    def _right_number(
        self,
        statement: Statement,
        phrase: Phrase,
        blocks: Sequence[Block],
        found: Sequence[tuple[Block, Match]],
    ) -> bool:
        if len(found) == 1 or (found and statement.times == "many"):
            return True
        if found:
            shown = tuple(_excerpt(block, match.start, match.end) for block, match in found)
            self._problem(statement, f"the anchor matches {len(found)} times, not once", candidates=shown)
        else:
            self._problem(statement, "the anchor matches nothing", candidates=self._nearest(phrase, blocks))
        return False

    def _nearest(self, phrase: Phrase, blocks: Sequence[Block]) -> tuple[str, ...]:
        """Name what was perhaps meant: how far it matches, the nearest sentences, other sections."""
        shown: list[str] = []
        stuck = [(stop, block) for block in blocks if (stop := phrase.stuck(block.text.text)) is not None]
        if stuck:
            stop, block = max(stuck, key=lambda item: item[0].end - item[0].start)
            shown.append(
                f"matches up to {_excerpt(block, stop.start, stop.end)}, but then not {stop.element}"
            )
        near = (
            (near, block) for block in blocks for near in phrase.nearest(block.text.text, limit=CANDIDATES)
        )
        best = heapq.nlargest(CANDIDATES, near, key=lambda item: item[0].shared)
        shown += [
            f"{_excerpt(block, at.start, at.end)} ({at.shared} of {at.words} words)" for at, block in best
        ]
        here = {id(block) for block in blocks}
        elsewhere = [
            f"elsewhere: {_excerpt(block, match.start, match.end)}"
            for block in self.document.blocks
            if block.kind in _READABLE and id(block) not in here
            for match in phrase.matches(block.text.text)
        ]
        return tuple(shown + elsewhere[:CANDIDATES])

    def _problem(
        self,
        statement: Statement,
        what: str,
        *,
        section: Sequence[str] | None = None,
        candidates: tuple[str, ...] = (),
    ) -> None:
        names = section or [", ".join("/".join(path) for path in statement.sections)]
        problem = Problem(what=what, where="/".join(names), anchor=statement.read, candidates=candidates)
        self.problems.append(problem)

    def _readings(self, place: Place, match: Match, arms: dict[str, str | None]) -> list[FactReading]:
        """Turn one match into a reading for each fact that it feeds."""
        gathered: dict[str, _Gathered] = {}
        for reading in match.readings:
            for target in reading.slot.targets:
                fact = gathered.setdefault(target.fact, _Gathered())
                if target.field is None:
                    self._values(place, reading, target.fact, fact)
                else:
                    self._context(place, reading, target.fact, target.field, fact, arms[target.fact])
        label = place.locator("label", *match.label) if match.label else None
        return [
            self._reading(place, fact, found, label, arms[fact] or _text(found.context.get("arm")))
            for fact, found in gathered.items()
        ]

    def _values(self, place: Place, reading: Reading, fact: str, gathered: _Gathered) -> None:
        for part in reading.parts:
            if part.number is not None and place.is_broken(part.start, part.end):
                raise _Unfit(f"a float stands within the number that is read for the fact {fact}")
            if part.measure == "denominator":
                self._denominator(place, part, fact, gathered)
                continue
            value = value_of(part, place)
            earlier = gathered.values.get(value.measure)
            if earlier is not None:
                if msgspec.structs.replace(earlier, locators=()) != msgspec.structs.replace(
                    value, locators=()
                ):
                    raise _Unfit(f"gives two values of the measure {value.measure!r} to the fact {fact}")
                value = msgspec.structs.replace(earlier, locators=earlier.locators + value.locators)
            gathered.values[value.measure] = value

    def _denominator(self, place: Place, part: Part, fact: str, gathered: _Gathered) -> None:
        if part.number is None or part.number % 1 or part.comparator != "=":
            raise _Unfit(f"the denominator of the fact {fact} is no whole number")
        if gathered.denominator not in (None, int(part.number)):
            raise _Unfit(f"gives two denominators to the fact {fact}")
        gathered.denominator = int(part.number)
        gathered.locators.append(place.locator("denominator", part.start, part.end))

    def _context(
        self, place: Place, reading: Reading, fact: str, name: str, gathered: _Gathered, arm: str | None
    ) -> None:
        """Read a dotted target: a field of the fact's context."""
        part = reading.parts[0]
        if name == "denominator":
            self._denominator(place, part, fact, gathered)
            return
        if name == "cites":
            gathered.cites += [number for number in self._cited(place, part) if number not in gathered.cites]
            gathered.context["cites"] = tuple(gathered.cites)
        else:
            read = self._arm(part, fact, arm) if name == "arm" else self._words(part, name)
            known = gathered.context.get(name, read)
            if known != read:
                joined = _next_grades(known, read) if name == "grade" else None
                if joined is None:
                    raise _Unfit(f"gives two values of {name} to the fact {fact}")
                read = joined
            gathered.context[name] = read
        role = _ROLES.get(name, "label")
        gathered.locators.append(place.locator(role, reading.parts[0].start, reading.parts[-1].end))

    def _words(self, part: Part, name: str) -> str:
        """Return the words that a slot read for a field of the context."""
        if part.text is None:
            raise _Unfit(f"reads a number for {name}, which needs words: use a production that gives text")
        if name == "counting" and part.text not in get_args(Counting):
            raise _Unfit(f"{part.text!r} is no way of counting; code it as exclusive or cumulative")
        if name == "population" and part.text not in self._sets:
            raise _Unfit(f"there is no analysis set {part.text!r}; code the words with =>")
        return part.text

    def _arm(self, part: Part, fact: str, declared: str | None) -> str:
        arm = self._arms.arm_of(part.text or "")
        if arm is None:
            raise _Unfit(f"{part.text!r} names no arm; add it to the words of one")
        if declared not in (None, arm):
            raise _Unfit(f"names the arm {arm}, but the fact {fact} concerns the arm {declared}")
        return arm

    def _cited(self, place: Place, part: Part) -> tuple[int, ...]:
        """Return the reference numbers of a citation: of its marker, or of a bare number after a sentence."""
        citation = self.document.citation_at(place.text, part.start)
        if citation is not None:
            return citation.numbers
        numbers = re.fullmatch(r"\d{1,3}", place.text.text[part.start : part.end])
        if numbers is None or int(numbers[0]) not in self.document.references:
            raise _Unfit("no citation of the reference list stands here")
        return (int(numbers[0]),)

    def _reading(
        self, place: Place, fact: str, gathered: _Gathered, label: Locator | None, arm: str | None
    ) -> FactReading:
        """Finish the reading of one fact: values with all their locators, counts with denominator."""
        if gathered.denominator is not None and not any(name in gathered.values for name in COUNTED):
            raise _Unfit(f"reads a denominator for the fact {fact}, but no count or percentage of it")
        shared = ([label] if label else []) + gathered.locators
        named = any(locator.role == "arm" for locator in gathered.locators)
        count = gathered.values.get("count")
        values = []
        for value in gathered.values.values():
            locators = list(value.locators)
            for locator in shared:
                if locator.role != "denominator" or value.measure in COUNTED:
                    locators.append(locator)
            if arm is not None and not named:
                locators += self._arm_locators(place, arm, value.locators)
            if gathered.denominator is not None and value.measure in COUNTED and value.status == "reported":
                exact = count is not None and count.number is not None and count.comparator == "="
                numerator = int(count.number) if exact and count and count.number is not None else None
                value = msgspec.structs.replace(value, numerator=numerator, denominator=gathered.denominator)
            values.append(msgspec.structs.replace(value, locators=tuple(dict.fromkeys(locators))))
        return FactReading(fact, place.section, tuple(values), gathered.context, tuple(gathered.locators))

    def _arm_locators(self, place: Place, arm: str, locators: Iterable[Locator]) -> Iterator[Locator]:
        """Yield the nearest place that names the arm, for the first place of the value."""
        for locator in locators:
            if locator.role == "value":
                start = place.text.starts.index(locator.start)
                end = start + len(locator.printed)
                named = self._arms.nearest(arm, place.text.text, start, end)
                if named is not None:
                    yield place.locator("arm", *named)
                return


def value_of(part: Part, place: Place) -> Value:
    """Turn a part that a production read into a value with the locators of itself and its unit."""
    locators = [place.locator("value", part.start, part.end)]
    locators += [place.locator("unit", start, end) for start, end in part.unit_spans]
    return Value(
        measure=part.measure or "number",
        status=part.status,
        comparator=part.comparator,
        number=part.number,
        date=part.date,
        text=part.text,
        unit=part.unit,
        locators=tuple(locators),
    )


def _next_grades(one: ContextValue, other: str) -> str | None:
    """Return the range of two grades of which the second follows the first, None for any others."""
    grades = [grade for grade in (one, other) if isinstance(grade, str) and re.fullmatch("[1-5]", grade)]
    follow = len(grades) == 2 and int(grades[1]) == int(grades[0]) + 1
    return "-".join(grades) if follow else None


def _text(value: ContextValue | None) -> str | None:
    return value if isinstance(value, str) else None


def _excerpt(block: Block, start: int, end: int) -> str:
    """Quote a stretch of a block, with its section and source offsets."""
    words = " ".join(block.text.text[start:end].split())
    words = words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"
    first, last = block.text.span(start, end)
    return f'{"/".join(block.section)} [{first}-{last}] "{words}"'
