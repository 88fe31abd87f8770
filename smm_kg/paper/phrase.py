"""The phrase language: words of a paper with slots in which statistics are read.

``median {ttp-a: median} vs. {ttp-b: median}; hazard ratio for progression, {ttp: effect}`` matches the
paper's sentence however it is spaced, hyphenated and punctuated, and reads each slot by a production of the
grammar. A phrase holds places, never values: digits and number words stand in slots only. ``…`` skips words,
never a number.

Matching goes from left to right. A slot takes the longest reading that its production finds at its place; a
gap and a ``words`` slot take as few words as they can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from smm_kg.paper.matching import Element, Gap, Literal, Place, Search
from smm_kg.paper.numbers import find_numbers
from smm_kg.paper.production import BEFORE, FLAGS
from smm_kg.paper.slots import QUOTED, PhraseError, Reading, Slot, Target, parse_slot
from smm_kg.paper.wording import Wording, letters, sentences, words_of

__all__ = ["Match", "Near", "Phrase", "PhraseError", "Reading", "Slot", "Stuck", "Target"]

_PIECE = re.compile(
    r"\{(?P<slot>[^{}]*)\}|(?P<gap>…|\.\.\.)|(?P<words>(?:(?!\.\.\.)[^{}…])+)|(?P<stray>[{}])"
)
_LITERAL_WORDS = 8
_ELEMENTS = 100
_TYPED_COMPARATOR = re.compile(rf"(?:(?!\bwithin|=){BEFORE})\s*(?:(?:an?|the)\s+)?$", FLAGS)
_VALUES = ("digits", "superscript", "cardinal", "multiple", "frequency")
_NOTHING_ELSE = re.compile(r"[^\w%<>≥≤±=]*")


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a phrase matches: its span, what each slot read, the span of each literal run."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    literals: tuple[tuple[int, int], ...]

    @property
    def label(self) -> tuple[int, int] | None:
        """The span of the first literal run, by which a person knows the place; None where there is none."""
        return self.literals[0] if self.literals else None


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence that may have been meant: it holds ``shared`` of the phrase's ``words`` literal words."""

    start: int
    end: int
    text: str
    shared: int
    words: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """How far a phrase matched at best: up to ``end`` of the text, where ``element``, as written, did not."""

    start: int
    end: int
    element: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, parsed once; see the module for what it matches."""

    source: str
    elements: tuple[Element, ...]

    @classmethod
    def parse(cls, source: str, *, label: bool = False) -> Phrase:
        """Parse a phrase.

        Args:
            source: the phrase as written.
            label: it is the label of a table's row or column, where slots may feed nothing.

        Raises:
            PhraseError: it is not of the language, or would hold a value or lose a comparator.
        """
        pieces = list(_PIECE.finditer(source))
        if stray := next((piece for piece in pieces if piece["stray"]), None):
            raise PhraseError(f"unbalanced {stray.group()!r} at {stray.start()}", where=source)
        elements: list[Element] = []
        for index, piece in enumerate(pieces):
            words = (pieces[index - 1]["words"] or "") if index else ""
            if piece["gap"]:
                elements.append(Gap())
            elif piece["slot"] is not None:
                slot = parse_slot(piece["slot"], source, label=label)
                if not label:
                    _check_comparator(words, slot, source)
                elements.append(_place(slot, elements, across=words.rstrip().endswith(".")))
            elif Wording.of(piece["words"]).key:
                elements.append(_literal(piece["words"], elements, source))
        phrase = cls(source, tuple(_glue(elements)))
        phrase._check_ends()
        _check_comparator_sources(phrase.slots, source)
        return phrase

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots, in the order written."""
        return tuple(element.slot for element in self.elements if isinstance(element, Place))

    @property
    def targets(self) -> frozenset[Target]:
        """All that the phrase feeds."""
        return frozenset(target for slot in self.slots for target in slot.targets)

    def matches(self, text: str) -> list[Match]:
        """Every place where the phrase matches, left to right, none overlapping another."""
        found: list[Match] = []
        if not self._may_match(text):
            return found
        search = Search(self.elements, text)
        end = 0
        for start in search.starts():
            if start >= end and (match := self._match(search, start)):
                found.append(match)
                end = max(match.end, start + 1)
        return found

    def whole(self, text: str) -> Match | None:
        """The match that is the whole text (a label), but for marks and punctuation around it, or None."""
        if not self._may_match(text):
            return None
        search = Search(self.elements, text)
        for start in search.starts():
            match = self._match(search, start)
            if match and _NOTHING_ELSE.fullmatch(text[: match.start] + text[match.end :]):
                return match
        return None

    def nearest(self, text: str, limit: int = 3) -> list[Near]:
        """The sentences that share most words with the phrase, best first; none that shares no word."""
        words = {word for literal in self._literals() for word in words_of(literal.source)}
        near = []
        for start, end in sentences(text):
            own, joined = set(words_of(text[start:end])), letters(text[start:end])
            shared = sum(word in own or (len(word) > 4 and word in joined) for word in words)
            if shared:
                near.append(Near(start, end, text[start:end].strip(), shared, len(words)))
        return sorted(near, key=lambda one: (-one.shared, one.start))[:limit]

    def stuck(self, text: str) -> Stuck | None:
        """The longest beginning of the phrase that does match; None where not even its first element does."""
        best: Stuck | None = None
        reached = 0
        for start in Search(self.elements, text).starts():
            search = Search(self.elements, text)
            if search.match(start) is None and search.furthest[0] > reached:
                reached, end = search.furthest
                best = Stuck(start, end, self.elements[reached].source.strip())
        return best

    def _literals(self) -> list[Literal]:
        return [element for element in self.elements if isinstance(element, Literal)]

    def _may_match(self, text: str) -> bool:
        """Whether all literal words occur at all: a cheap look before the search."""
        return all(literal.wording.occurs(text) for literal in self._literals())

    def _match(self, search: Search, start: int) -> Match | None:
        steps = search.match(start)
        if steps is None:
            return None
        readings = _with_comparators(
            [Reading(s.element.slot, s.start, s.end, s.parts) for s in steps if isinstance(s.element, Place)]
        )
        if readings is None:
            return None
        literals = tuple((s.start, s.end) for s in steps if isinstance(s.element, Literal))
        return Match(steps[0].start, steps[-1].end, readings, literals)

    def _check_ends(self) -> None:
        """Refuse what could match anywhere: an empty phrase, a gap at an end, free words up to nothing."""
        if not self.elements:
            raise PhraseError("an empty phrase", where=self.source)
        if len(self.elements) > _ELEMENTS:
            raise PhraseError(
                f"more than {_ELEMENTS} pieces", where=self.source, hint="make it several phrases"
            )
        first, last = self.elements[0], self.elements[-1]
        free = isinstance(last, Place) and last.slot.production == "words"
        for element in (first, last):
            if isinstance(element, Gap) or (free and element is last):
                raise PhraseError(
                    f"{element.source} at an end of the phrase",
                    where=self.source,
                    hint="put words of the paper there",
                )


def _place(slot: Slot, before: list[Element], *, across: bool) -> Place:
    quoted = Wording.of(slot.words) if slot.words is not None else None
    return Place(slot, across, quoted, bool(before) and isinstance(before[-1], Gap))


def _literal(words: str, before: list[Element], phrase: str) -> Literal:
    """Make a literal run.

    Raises:
        PhraseError: it holds a number, or more than eight words.
    """
    for number in find_numbers(words):
        if number.kind in _VALUES:
            raise PhraseError(
                f"{number.text!r} is a number outside a slot",
                where=phrase,
                hint="a sheet never holds a value",
            )
    if len(words_of(words)) > _LITERAL_WORDS:
        raise PhraseError(
            f"more than {_LITERAL_WORDS} words in a row: {words.strip()!r}",
            where=phrase,
            hint="use the gap …",
        )
    return Literal(words, Wording.of(words), bool(before) and bool(re.match(r"\s*\.(?:\s|$)", words)))


def _glue(elements: list[Element]) -> list[Element]:
    """Let literal words stand glued to a number beside them ("twosided" is ``{x: count}sided``)."""

    def reads_number(index: int) -> bool:
        place = elements[index] if 0 <= index < len(elements) else None
        return isinstance(place, Place) and place.quoted is None and place.slot.production != "words"

    return [
        replace(
            element,
            wording=replace(
                element.wording, glued_start=reads_number(index - 1), glued_end=reads_number(index + 1)
            ),
        )
        if isinstance(element, Literal)
        else element
        for index, element in enumerate(elements)
    ]


def _check_comparator(before: str, slot: Slot, phrase: str) -> None:
    """Refuse a comparator typed right before a number.

    Raises:
        PhraseError: the comparator would match as words, and the number be read as equal.
    """
    if slot.production == QUOTED or not slot.grammar.numeric:
        return
    if typed := _TYPED_COMPARATOR.search(before.rstrip() + " "):
        raise PhraseError(
            f"{typed.group().strip()!r} stands outside {slot.source}, so its meaning would be lost",
            where=phrase,
            hint="leave it out: the slot reads it",
        )


def _check_comparator_sources(slots: tuple[Slot, ...], phrase: str) -> None:
    read: set[str] = set()
    for slot in slots:
        if slot.comparator_of is not None and slot.comparator_of not in read:
            raise PhraseError(f"{slot.comparator_of!r} is not read before {slot.source}", where=phrase)
        read |= {target.fact for target in slot.targets if target.field is None}


def _with_comparators(readings: list[Reading]) -> tuple[Reading, ...] | None:
    """Give readings of slots with ``of`` the comparator of the fact named; None where one prints its own."""
    comparators: dict[str, Reading] = {}
    named = []
    for reading in readings:
        source = reading.slot.comparator_of
        if source is not None:
            if reading.parts[0].comparator != "=":
                return None
            part = replace(reading.parts[0], comparator=comparators[source].parts[0].comparator)
            reading = replace(reading, parts=(part, *reading.parts[1:]))
        comparators |= {target.fact: reading for target in reading.slot.targets if target.field is None}
        named.append(reading)
    return tuple(named)
