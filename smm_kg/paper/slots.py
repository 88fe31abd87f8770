"""Slots of a phrase: what is read, for which facts, and under which name.

``{ttp, ttp.timepoint: production as measure in unit of target => "coded"}``
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from smm_kg.errors import SmmKgError
from smm_kg.paper.numbers import find_numbers
from smm_kg.paper.production import Part, Production
from smm_kg.paper.statistics import PRODUCTIONS
from smm_kg.units import is_code, leads

__all__ = ["PhraseError", "Reading", "Slot", "Target", "parse_slot"]

QUOTED = "quoted"
"""The production of a slot that matches exactly the words it quotes."""

_TARGET = re.compile(r"(?P<fact>[A-Za-z0-9][\w-]*)(?:\.(?P<field>[a-z_]+))?")
_SLOT = re.compile(
    r"""(?P<targets>[^:"]*) : \s*
        (?: "(?P<words>[^"]*)" | (?P<production>[A-Za-z][\w-]*) )
        (?: \s+as\s+(?P<measure>[a-z][a-z -]*?) )?
        (?: \s+in\s+(?P<unit>\S+?) )?
        (?: \s+of\s+(?P<of>[\w-]+) )?
        (?: \s*=>\s*"(?P<coded>[^"]*)" )? \s*""",
    re.VERBOSE,
)
# What a slot may call by another name: one part, or the estimate that comes first.
_RENAMED_FIRST = {"effect", "median-range", "median-interval", "percent-interval", "mean-sd"}
_WORDY = {QUOTED, "words", "identifier", "ratio", "version"}


class PhraseError(SmmKgError):
    """A phrase that is not of the phrase language: ``where`` is the phrase as written."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a slot feeds: the values of ``fact``, or a ``field`` of its context (``timepoint``, ``grade``)."""

    fact: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a phrase, as written in ``source``.

    ``production`` is a name of the grammar, or ``quoted`` where the slot gives the exact ``words``;
    ``measure`` renames the first part, ``unit`` (UCUM) completes the printed unit, ``comparator_of`` is the
    fact whose comparator holds here too, ``coded`` the text that stands for the words.
    """

    targets: tuple[Target, ...]
    production: str
    measure: str | None
    unit: str | None
    words: str | None
    coded: str | None
    comparator_of: str | None
    source: str

    @property
    def grammar(self) -> Production:
        """The production that reads this slot, unless it is quoted; with ``of``, no comparator is printed."""
        return PRODUCTIONS["quantity" if self.comparator_of else self.production]

    def name_parts(self, parts: tuple[Part, ...]) -> tuple[Part, ...] | None:
        """The parts as the slot names, completes and codes them; None where a printed unit contradicts it."""
        measure = self.measure or ("threshold" if self.comparator_of else None)
        if measure:
            parts = (replace(parts[0], measure=measure), *parts[1:])
        if self.coded is not None:
            parts = (replace(parts[0], text=self.coded), *parts[1:])
        if self.unit is not None:
            if not all(part.unit is None or leads(self.unit, part.unit) for part in parts):
                return None
            parts = tuple(
                replace(part, unit=self.unit) if part.number is not None else part for part in parts
            )
        if any(part.measure is None for part in parts) and any(
            target.field is None for target in self.targets
        ):
            return None
        return parts


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a slot at ``[start:end]`` of the text, the parts named and coded as the slot says."""

    slot: Slot
    start: int
    end: int
    parts: tuple[Part, ...]


def parse_slot(inner: str, phrase: str, *, label: bool) -> Slot:
    """Read a slot from what stands between its braces.

    Args:
        inner: the text between the braces.
        phrase: the whole phrase, for messages.
        label: whether it is the label of a row or column, where a slot need not feed anything.

    Raises:
        PhraseError: it is not a slot, or names a production that does not exist.
    """
    source = "{" + inner + "}"
    match = _SLOT.fullmatch(inner)
    if match is None:
        raise PhraseError(
            f"not a slot: {source}", where=phrase, hint='write {target: production} or {target: "words"}'
        )
    production = QUOTED if match["words"] is not None else match["production"]
    if production != QUOTED and production not in PRODUCTIONS:
        raise PhraseError(
            f"no production is called {production!r}", where=phrase, candidates=sorted(PRODUCTIONS)
        )
    slot = Slot(
        targets=_targets(match["targets"], source, phrase),
        production=production,
        measure=match["measure"],
        unit=match["unit"],
        words=" ".join(match["words"].split()) if match["words"] is not None else None,
        coded=match["coded"],
        comparator_of=match["of"],
        source=source,
    )
    if not slot.targets and not label:
        raise PhraseError(
            f"{source} feeds nothing", where=phrase, hint="name a fact before the colon, or use the gap …"
        )
    _check(slot, phrase)
    return slot


def _targets(written: str, source: str, phrase: str) -> tuple[Target, ...]:
    targets = []
    for name in filter(None, (name.strip() for name in written.split(","))):
        match = _TARGET.fullmatch(name)
        if match is None:
            raise PhraseError(f"not a target: {name!r} in {source}", where=phrase)
        targets.append(Target(match["fact"], match["field"]))
    return tuple(targets)


def _check(slot: Slot, phrase: str) -> None:
    """Refuse modifiers that the slot's production cannot bear.

    Raises:
        PhraseError: which one, and what to write.
    """

    def refuse(what: str, hint: str) -> PhraseError:
        return PhraseError(f"{what} in {slot.source}", where=phrase, hint=hint)

    if slot.words is not None and (not slot.words or len(slot.words.split()) > 8):
        raise refuse("a quoted slot has one to eight words", "shorten the quotation")
    for text in (slot.words, slot.coded):
        if text and any(number.kind in ("digits", "superscript") for number in find_numbers(text)):
            raise refuse(f"a digit in {text!r}", "a sheet never holds a value: read it with a production")
    if slot.coded is not None and slot.production not in _WORDY:
        raise refuse("'=>' codes words, not numbers", "leave it out")
    if slot.unit is not None and not is_code(slot.unit):
        raise refuse(f"{slot.unit!r} is not a unit code we know", "write a UCUM code such as mg/d or mo_j")
    if slot.comparator_of is not None and slot.production not in ("threshold", "quantity"):
        raise refuse("'of' gives a comparator to a threshold", "use the production threshold")
    if slot.production == QUOTED:
        return
    measures = slot.grammar.measures
    if slot.measure and len(measures) > 1 and slot.production not in _RENAMED_FIRST:
        raise refuse(f"{slot.production} yields {', '.join(map(str, measures))}", "leave out 'as'")
    feeds_value = any(target.field is None for target in slot.targets)
    if None in measures and feeds_value and not slot.measure:
        raise refuse(f"{slot.production} does not say what it measures", "add 'as' and the measure")
