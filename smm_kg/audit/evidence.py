"""One study arranged for comparison: its numbers with what they stand for, and the sizes of its groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import ceil, floor
from operator import attrgetter

from smm_kg import units
from smm_kg.audit.interval import Interval, stands_for
from smm_kg.records import Fact, Kind, Study, Value

__all__ = ["SHARES", "Context", "Datum", "Evidence", "People", "PlausibleRange", "said", "same", "words"]

SHARES: tuple[Kind, ...] = ("flow", "baseline", "outcome", "adverse-event", "death")
"""The kinds of fact whose counts and percentages are of the study's own patients."""

Context = tuple[object, ...]
_PREPOSITIONS = ("after ", "at ", "before ", "during ", "on ", "within ")


@dataclass(frozen=True, slots=True)
class PlausibleRange:
    """What a quantity can be in a person, by a published source.

    Attributes:
        subject: slug of the term that the range is of.
        minimum: the least possible value.
        maximum: the greatest possible value.
        unit: UCUM code of both.
        source: the publication, as a citation.
    """

    subject: str
    minimum: Decimal
    maximum: Decimal
    unit: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Datum:
    """A number of the study: its fact, its value, and the numbers that the printed one may stand for."""

    fact: Fact
    value: Value
    interval: Interval

    @property
    def printed(self) -> str:
        """The number as printed, with its comparator and unit."""
        value, printed = self.value, said(self.value)
        sign = value.comparator if value.comparator != "=" and value.comparator not in printed else ""
        if value.unit is None:
            return sign + printed
        return f"{sign}{printed} {'%' if value.unit == '%' else units.describe(value.unit).label}"

    @property
    def count(self) -> int:
        """The whole number of a count."""
        return int(self.value.number or 0)


@dataclass(frozen=True, slots=True)
class People:
    """How many patients a fact counts, from ``low`` to ``high``, by the data ``used``; ``text`` says it."""

    low: int
    high: int
    used: tuple[Datum, ...]
    text: str

    @property
    def interval(self) -> Interval:
        """The possible numbers of patients."""
        return Interval.between(self.low, self.high)


def said(value: Value) -> str:
    """Return a value in the words of its source, else as the record holds it."""
    held = value.text or value.date or (value.status if value.number is None else str(value.number))
    return next((place.printed for place in value.locators if place.role == "value"), held)


def words(slug: str) -> str:
    """Return a slug as words: ``time-to-progression`` is "time to progression"."""
    return slug.replace("-", " ")


def same(fact: Fact, *fields: str) -> Context:
    """Return what facts must share to be compared: the values of some fields."""
    found = _getter(*fields)(fact)
    return found if len(fields) > 1 else (found,)


@cache
def _getter(*fields: str) -> Callable[[Fact], Context]:
    return attrgetter(*fields)


class Evidence:
    """A study, indexed once for all rules.

    Attributes:
        study: the study audited.
        ranges: what quantities can be in a person.
        facts: the facts by id, in the order of the study.
        sizes: the fact that counts the people of an arm in an analysis set, by arm and set.
        no_counts: what is given as a count and is negative or a fraction; no rule counts with it.
    """

    def __init__(self, study: Study, ranges: Sequence[PlausibleRange] = ()) -> None:
        self.study = study
        self.ranges = tuple(ranges)
        self.facts = {fact.id: fact for fact in study.facts}
        self._kinds: dict[str, list[Fact]] = defaultdict(list)
        self._data: dict[tuple[str, str], Datum] = {}
        self._of: dict[tuple[Kind, ...], list[Fact]] = {}
        self._people: dict[str, People | None] = {}
        self.no_counts: list[Datum] = []
        for fact in study.facts:
            self._kinds[fact.kind].append(fact)
            for value in fact.values:
                interval = stands_for(value)
                if interval is None:
                    continue
                datum = Datum(fact, value, interval)
                if value.measure == "count" and not _is_whole(value.number):
                    self.no_counts.append(datum)
                else:
                    self._data[fact.id, value.measure] = datum
        self.sizes: dict[tuple[str, str], Datum] = {}
        for group in study.groups:
            size = self.datum(group.size, "count")
            if size is not None and size.value.comparator == "=":
                self.sizes[group.arm, group.population] = size
        self._terms = {each.id: each.term for each in study.sets}
        self._labels = {f"#{each.id}": each.label for each in study.categories}
        self._labels |= {each.id: each.label for each in study.sets}
        self._labels |= {each.id: each.label for each in study.arms}
        for contrast in study.contrasts:
            arms = (self._labels.get(arm, arm) for arm in (contrast.experimental, contrast.reference))
            self._labels[contrast.id] = " vs ".join(arms)
        self.contrasts = {each.id: each for each in study.contrasts}

    def of(self, *kinds: Kind) -> list[Fact]:
        """Return the facts of some kinds, those that state another fact otherwise left out."""
        if kinds not in self._of:
            self._of[kinds] = [fact for kind in kinds for fact in self._kinds[kind] if fact.varies is None]
        return self._of[kinds]

    def datum(self, fact_id: str, measure: str) -> Datum | None:
        """Return a value of a fact where it has a number that constrains something."""
        return self._data.get((fact_id, measure))

    def number(self, fact: Fact, measure: str) -> Datum | None:
        """Return a value of a fact where it has a number that constrains something."""
        return self._data.get((fact.id, measure))

    def size(self, fact: Fact) -> Datum | None:
        """Return the size of the arm and analysis set that a fact is about."""
        if fact.arm is None or fact.population is None:
            return None
        return self.sizes.get((fact.arm, fact.population))

    def total(self, population: str) -> tuple[Datum, ...]:
        """Return the sizes of an analysis set in every arm; nothing where one of them is not known."""
        sizes = [self.sizes.get((arm.id, population)) for arm in self.study.arms]
        return tuple(size for size in sizes if size) if all(sizes) else ()

    def term(self, population: str | None) -> str | None:
        """Return the kind of an analysis set."""
        return self._terms.get(population or "")

    def denominator(self, fact: Fact) -> tuple[int, tuple[Datum, ...]] | None:
        """Return how many people a count or percentage is of, printed with it or the size of its group."""
        for value in fact.values:
            if value.denominator is not None:
                return value.denominator, ()
        size = self.size(fact)
        if size is None and fact.population and not fact.arm and not fact.contrast:
            sizes = self.total(fact.population)
        else:
            sizes = (size,) if size else ()
        return (sum(each.count for each in sizes), sizes) if sizes else None

    def people(self, fact: Fact) -> People | None:
        """Return how many patients a fact counts: its count, or what its percentage can stand for.

        None where it has neither, or no whole number of its denominator gives the percentage.
        """
        if fact.id not in self._people:
            self._people[fact.id] = self._count_people(fact)
        return self._people[fact.id]

    def _count_people(self, fact: Fact) -> People | None:
        count, percent = self.number(fact, "count"), self.number(fact, "percent")
        if count is not None:
            return People(count.count, count.count, (count,), count.printed) if _is_exact(count) else None
        if percent is None or (of := self.denominator(fact)) is None:
            return None
        low, high = _whole_numbers(percent.interval, of[0])
        if percent.value.numerator is not None:
            low = high = percent.value.numerator
        if low > high:
            return None
        text = f"{low if low == high else f'{low} to {high}'} ({percent.printed} of {of[0]})"
        return People(low, high, (percent, *of[1]), text)

    def label(self, name: str) -> str:
        """Return the label of an arm, set, contrast or category, else a term's slug as words."""
        return self._labels.get(name) or words(name)

    def describe(self, fact: Fact) -> str:
        """Return what a fact is about, for a sentence: ``infection of grade 2 (treatment, induction)``."""
        parts = [words(fact.subject)]
        if fact.category:
            parts.append(f": {self.label(fact.category)}")
        if fact.grade:
            parts.append(" of any grade" if fact.grade == "any" else f" of grade {fact.grade}")
        if fact.timepoint:
            placed = fact.timepoint.startswith(_PREPOSITIONS)
            parts.append(f" {fact.timepoint}" if placed else f" at {fact.timepoint}")
        return "".join(parts) + self.where(fact)

    def where(self, fact: Fact) -> str:
        """Return arm, phase, analysis set and time origin of a fact in parentheses, or nothing."""
        stated = fact.population if self.term(fact.population) != "not-stated" else None
        names = [self.label(name) for name in (fact.arm or fact.contrast, fact.phase, stated) if name]
        if fact.time_origin:
            names.append(f"from {words(fact.time_origin)}")
        return f" ({', '.join(dict.fromkeys(names))})" if names else ""


def _is_exact(datum: Datum) -> bool:
    return datum.interval.low is not None and datum.interval.low == datum.interval.high


def _is_whole(number: Decimal | None) -> bool:
    return number is not None and number >= 0 and number == number.to_integral_value()


def _whole_numbers(percent: Interval, of: int) -> tuple[int, int]:
    """Return the least and greatest number of patients that a percentage can stand for."""
    low = 0 if percent.low is None else max(0, ceil(percent.low * of / 100))
    high = of if percent.high is None else min(of, floor(percent.high * of / 100))
    return low, high
