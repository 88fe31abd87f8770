"""How the elements of a phrase are matched in a text, from left to right, with a memory of what failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from smm_kg.paper.production import FLAGS, WORDY, Part
from smm_kg.paper.slots import Slot
from smm_kg.paper.wording import (
    BARE_NUMBER,
    BEFORE_CITATION,
    BEFORE_SLOT,
    BEHIND_NUMBER,
    BETWEEN_WORDS,
    FIRST_OF_RANGE,
    LOST_COMPARATOR,
    REST_OF_RANGE,
    SKIPPED_WORD,
    Wording,
)

__all__ = ["Element", "Gap", "Literal", "Place", "Search", "Step"]

_GAP_WORDS = 40
_FREE_WORDS = 8
_WORD = re.compile(rf"\s*{WORDY}", FLAGS)


@dataclass(frozen=True, slots=True)
class Literal:
    """A run of literal words; ``across`` says whether the end of a sentence may stand before it."""

    source: str
    wording: Wording
    across: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Words to be skipped, no numbers among them."""

    source: str = "…"


@dataclass(frozen=True, slots=True)
class Place:
    """A slot in its phrase, with its ``quoted`` words if any; ``after_gap``: words are skipped before it."""

    slot: Slot
    across: bool
    quoted: Wording | None
    after_gap: bool

    @property
    def source(self) -> str:
        """The slot as written."""
        return self.slot.source

    @property
    def before(self) -> re.Pattern[str]:
        """What may stand between the element before and the reading."""
        if self.quoted is not None or self.slot.production == "words":
            return BETWEEN_WORDS[self.across]
        return (BEFORE_CITATION if self.slot.production == "citations" else BEFORE_SLOT)[self.across]


Element = Literal | Gap | Place


@dataclass(frozen=True, slots=True)
class Step:
    """An element matched at ``[start:end]``, with the parts that a slot read."""

    element: Element
    start: int
    end: int
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class Search:
    """The search of a phrase in one text.

    ``failed`` holds elements and positions known not to lead to a match, which keeps the search from trying
    them again; ``furthest`` is the last element tried and where.
    """

    elements: tuple[Element, ...]
    text: str
    failed: set[tuple[int, int]] = field(default_factory=set)
    furthest: tuple[int, int] = (0, 0)

    def match(self, start: int) -> tuple[Step, ...] | None:
        """The steps that match all elements from ``start`` on, or None."""
        return self._match_from(0, start)

    def _match_from(self, index: int, pos: int) -> tuple[Step, ...] | None:
        if index == len(self.elements):
            return ()
        if (index, pos) in self.failed:
            return None
        self.furthest = max(self.furthest, (index, pos))
        for step in self._steps(self.elements[index], pos, first=index == 0):
            if self._is_half_read(index, step):
                continue
            rest = self._match_from(index + 1, step.end)
            if rest is not None:
                return (step, *rest)
        self.failed.add((index, pos))
        return None

    def starts(self) -> Iterator[int]:
        """Where the first element may match, in order."""
        first = self.elements[0]
        words = first.wording if isinstance(first, Literal) else None
        if isinstance(first, Place):
            words = first.quoted
            if first.slot.production == "words":  # nothing stands before free words: they open the text
                yield 0
                return
        pos = 0
        while pos <= len(self.text):
            span = words.find(self.text, pos) if words else self._find_reading(first, pos)
            if span is None:
                return
            yield span[0]
            pos = span[0] + 1

    def _steps(self, element: Element, pos: int, *, first: bool) -> Iterator[Step]:
        """The ways in which one element matches at ``pos``, the shortest first."""
        if isinstance(element, Gap):
            yield from self._skip(element, pos)
            return
        if isinstance(element, Literal):
            start = pos if first else self._after(BETWEEN_WORDS[element.across], pos)
            if span := element.wording.match(self.text, start):
                yield Step(element, *span)
            return
        start = pos if first else self._after(element.before, pos)
        if element.quoted is not None:
            if span := element.quoted.match(self.text, start):
                slot = element.slot
                part = Part(slot.measure or "text", *span, text=slot.coded or slot.words)
                yield Step(element, *span, (part,))
        elif element.slot.production == "words":
            yield from self._free_words(element, start)
        else:
            yield from self._read(element, start)

    def _after(self, before: re.Pattern[str], pos: int) -> int:
        match = before.match(self.text, pos)
        return match.end() if match else pos

    def _skip(self, gap: Gap, pos: int) -> Iterator[Step]:
        yield Step(gap, pos, pos)
        for _ in range(_GAP_WORDS):
            word = SKIPPED_WORD.match(self.text, pos)
            if word is None:
                return
            pos = word.end()
            yield Step(gap, pos, pos)

    def _read(self, place: Place, start: int) -> Iterator[Step]:
        if place.after_gap and place.slot.grammar.numeric and self._comparator_lost(start):
            return
        found = place.slot.grammar.match(self.text, start)
        if found and (parts := place.slot.name_parts(found.parts)):
            yield Step(place, found.start, found.end, parts)

    def _free_words(self, place: Place, start: int) -> Iterator[Step]:
        end = start
        for _ in range(_FREE_WORDS):
            word = _WORD.match(self.text, end)
            if word is None:
                return
            end = word.end()
            part = Part("text", start, end, text=" ".join(self.text[start:end].split()))
            if parts := place.slot.name_parts((part,)):
                yield Step(place, start, end, parts)

    def _find_reading(self, first: Element, pos: int) -> tuple[int, int] | None:
        """The next reading of a slot that opens the phrase, whole and alone."""
        assert isinstance(first, Place)  # noqa: S101  # a phrase does not begin with a gap
        while found := first.slot.grammar.search(self.text, pos):
            start = found.start
            glued = start > 0 and self.text[start - 1].isalnum() and self.text[start].isalnum()
            rest = REST_OF_RANGE.search(self.text[max(0, start - 10) : start])
            if not (glued or rest or self._second(start) or self._comparator_lost(start)):
                return start, found.end
            pos = max(found.end, start + 1)  # what begins within it is a piece of it
        return None

    def _is_half_read(self, index: int, step: Step) -> bool:
        """Whether a number before no words of the phrase is but the first of a range, a product, a choice."""
        more = index + 1 < len(self.elements) and not isinstance(self.elements[index + 1], Gap)
        if more or not step.parts or step.parts[-1].number is None:
            return False
        rest = FIRST_OF_RANGE.match(self.text, step.end)
        return rest is not None and (not rest["bare"] or step.parts[-1].unit is None)

    def _second(self, start: int) -> bool:
        """Whether the number at ``start`` follows another one right away ("10 12 women")."""
        behind = BEHIND_NUMBER.search(self.text[max(0, start - 40) : start])
        return behind is not None and BARE_NUMBER.match(self.text, start) is not None

    def _comparator_lost(self, start: int) -> bool:
        """Whether a comparator stands before ``start`` that no slot there reads ("within about 2")."""
        return LOST_COMPARATOR.search(self.text[max(0, start - 40) : start]) is not None
