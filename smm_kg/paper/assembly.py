"""Facts put together from the readings of a paper: repeated statements merged, disagreeing ones kept apart.

A *reading* is what one place of the paper states for one fact. Readings that agree become locators of the
same values; one that states otherwise becomes a variant of the fact and is reported. Denominators that the
paper prints elsewhere (the size of the analysis group) are filled in at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, get_args

import msgspec

from smm_kg.paper.sheet_model import Context, Problem
from smm_kg.paper.table_plan import slug
from smm_kg.records import AnalysisGroup, Fact, Locator, Role, Value

__all__ = ["COUNTED", "Assembly", "Disagreement", "FactReading"]

ROLE_ORDER = {role: rank for rank, role in enumerate(get_args(Role))}
COUNTED = ("count", "percent")
"""The measures that have a denominator."""

ContextValue = str | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FactReading:
    """What one place states for one fact.

    Attributes:
        fact: the id of the fact.
        section: the section path of the place.
        values: the values read, each with the locators found there.
        context: fields of the fact's context that were read there (``timepoint``, ``grade``, ``cites``, …).
        context_locators: where those fields are printed, for a reading that gives context and no value.
    """

    fact: str
    section: tuple[str, ...]
    values: tuple[Value, ...] = ()
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    context_locators: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two places that state the same thing differently; the later one is kept as the fact ``variant``.

    ``about`` is the measure or the field of the context; ``section`` and ``start`` place the later statement.
    """

    fact: str
    variant: str
    about: str
    earlier: str
    later: str
    section: tuple[str, ...]
    start: int

    def __str__(self) -> str:
        later = f"{self.later} in {'/'.join(self.section)}"
        return f"{self.fact}: {self.about} is {self.earlier}, but {later} (kept as {self.variant})"


@dataclass(slots=True)
class _Draft:
    """A fact under construction: its context, and its values by measure in the order first read."""

    id: str
    context: dict[str, ContextValue]
    denominator: str | None
    varies: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    context_locators: tuple[Locator, ...] = ()
    paired: bool = False  # one place gives both count and percent

    def difference(self, reading: FactReading) -> tuple[str, str, str] | None:
        """Say what of ``reading`` contradicts this fact: what it is about, as known, as read."""
        for name, read in reading.context.items():
            known = self.context.get(name)
            if known is not None and known != read and name != "cites":
                return name.replace("_", " "), _words(known), _words(read)
        for value in reading.values:
            earlier = self.values.get(value.measure)
            if earlier is not None and not _agree(earlier, value):
                return value.measure, _shown(earlier), _shown(value)
        return None

    def add(self, reading: FactReading) -> None:
        """Take over what the reading states; it must not contradict the fact."""
        cites = dict.fromkeys((*self.context.get("cites", ()), *reading.context.get("cites", ())))
        self.context.update(reading.context)
        if cites:
            self.context["cites"] = tuple(int(number) for number in cites)
        if not reading.values:
            self.context_locators += reading.context_locators
        for value in reading.values:
            earlier = self.values.get(value.measure)
            self.values[value.measure] = value if earlier is None else _merged(earlier, value)
        measures = {value.measure for value in reading.values}
        self.paired = self.paired or measures.issuperset(COUNTED)


def _agree(one: Value, other: Value) -> bool:
    """Tell whether two values of one measure state the same (denominators only where both have them)."""
    fields = ("status", "comparator", "number", "date", "text", "unit")
    denominators = {one.denominator, other.denominator} - {None}
    return len(denominators) < 2 and all(getattr(one, name) == getattr(other, name) for name in fields)


def _merged(one: Value, other: Value) -> Value:
    """Return ``one`` with the locators, and the denominator, that ``other`` adds."""
    locators = one.locators + tuple(locator for locator in other.locators if locator not in one.locators)
    numerator = one.numerator if one.numerator is not None else other.numerator
    denominator = one.denominator if one.denominator is not None else other.denominator
    return msgspec.structs.replace(one, locators=locators, numerator=numerator, denominator=denominator)


def _shown(value: Value) -> str:
    """Write a value for a message: ``< 0.001``, ``21 mo_j``, ``not reached``."""
    if value.status != "reported":
        return value.status
    datum = next(item for item in (value.number, value.date, value.text) if item is not None)
    parts = [value.comparator if value.comparator != "=" else "", str(datum), value.unit or ""]
    if value.denominator is not None:
        parts.append(f"(of {value.denominator})")
    return " ".join(part for part in parts if part)


def _words(value: ContextValue) -> str:
    return value if isinstance(value, str) else ", ".join(str(item) for item in value)


class Assembly:
    """The facts of one study while it is read.

    Args:
        groups: the analysis groups, which say what fact counts the people of an arm in a population.
    """

    def __init__(self, groups: Iterable[AnalysisGroup]) -> None:
        self.problems: list[Problem] = []
        self.disagreements: list[Disagreement] = []
        self._sizes = {(group.arm, group.population): group.size for group in groups}
        self._drafts: dict[str, _Draft] = {}
        self._variants: dict[str, list[_Draft]] = {}

    def __contains__(self, fact: object) -> bool:
        return fact in self._drafts

    def __iter__(self) -> Iterator[str]:
        return iter(self._drafts)

    def declare(self, fact: str, context: Context) -> None:
        """Add a fact with the context that the sheet declares for it; ids are unique."""
        self._drafts[fact] = _Draft(fact, _declared(context), context.denominator)
        self._variants[fact] = []

    def extend(self, fact: str, context: Context) -> str | None:
        """Add context to a declared fact that another row of its table feeds too.

        Returns:
            The field in which the two rows contradict each other, None where they do not.
        """
        draft = self._drafts[fact]
        declared = _declared(context)
        for name, value in (*declared.items(), ("denominator", context.denominator)):
            known = draft.denominator if name == "denominator" else draft.context.get(name, value)
            if known != value:
                return name.replace("_", " ")
        draft.context.update(declared)
        return None

    def arm(self, fact: str) -> str | None:
        """Return the arm that a declared fact concerns."""
        arm = self._drafts[fact].context.get("arm")
        return arm if isinstance(arm, str) else None

    def measures(self, fact: str) -> set[str]:
        """Return the measures that a declared fact has values of."""
        return set(self._drafts[fact].values)

    def take(self, reading: FactReading) -> None:
        """Add a reading to its fact, to a variant that states the same, or as a new variant."""
        base = self._drafts[reading.fact]
        family = [base, *self._variants[reading.fact]]
        for draft in family:
            if draft.difference(reading) is None:
                draft.add(reading)
                return
        about, earlier, later = base.difference(reading) or ("", "", "")
        variant = _Draft(self._variant_id(reading), dict(base.context), base.denominator, varies=base.id)
        variant.add(reading)
        self._variants[reading.fact].append(variant)
        starts = [locator.span[0] for value in reading.values for locator in value.locators]
        self.disagreements.append(
            Disagreement(base.id, variant.id, about, earlier, later, reading.section, min(starts, default=0))
        )

    def _variant_id(self, reading: FactReading) -> str:
        stem = f"{reading.fact}-as-stated-in-{slug('-'.join(reading.section))}"
        taken = {draft.id for drafts in self._variants.values() for draft in drafts} | set(self._drafts)
        names = (stem if ordinal == 1 else f"{stem}-{ordinal}" for ordinal in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def facts(self) -> tuple[Fact, ...]:
        """Finish the facts that have a value, each followed by its variants, in the order declared."""
        facts: list[Fact] = []
        for id_, draft in self._drafts.items():
            if draft.values:
                facts += [self._finish(each) for each in (draft, *self._variants[id_])]
        return tuple(facts)

    def _finish(self, draft: _Draft) -> Fact:
        values = {measure: _located(value, draft) for measure, value in draft.values.items()}
        count = _whole(values.get("count"))
        for measure in COUNTED:
            value = values.get(measure)
            if value is not None and value.status == "reported":
                values[measure] = self._with_denominator(value, count, draft)
        context: dict[str, Any] = dict(draft.context)
        return Fact(id=draft.id, varies=draft.varies, values=tuple(values.values()), **context)

    def _with_denominator(self, value: Value, count: int | None, draft: _Draft) -> Value:
        if value.denominator is None:
            size = self._size_of(draft)
            if size is not None:
                number, locator = size
                value = msgspec.structs.replace(
                    value, denominator=number, locators=_in_order((*value.locators, locator))
                )
        if value.denominator is not None and count is not None and value.numerator is None:
            value = msgspec.structs.replace(value, numerator=count)
        return value

    def _size_of(self, draft: _Draft) -> tuple[int, Locator] | None:
        """Return the denominator that the context gives a fact, and where it is printed."""
        rule = draft.denominator
        if rule == "none" or (rule is None and not draft.paired):
            return None
        if rule in (None, "group"):
            group = (draft.context.get("arm"), draft.context.get("population"))
            size = self._sizes.get(group)  # type: ignore[arg-type]
            if size is None:
                if rule == "group":
                    self._report(
                        draft, f"there is no analysis group of arm {group[0]} in population {group[1]}"
                    )
                return None
        else:
            size = str(rule)
        count = self._drafts[size].values.get("count") if size in self._drafts else None
        number = _whole(count)
        if count is None or number is None:
            self._report(draft, f"the fact {size}, which counts the denominator, has no count")
            return None
        first = next(locator for locator in count.locators if locator.role == "value")
        return number, msgspec.structs.replace(first, role="denominator")

    def _report(self, draft: _Draft, what: str) -> None:
        problem = Problem(what=what, where=f"facts.{draft.id}")
        if problem not in self.problems:
            self.problems.append(problem)


def _whole(value: Value | None) -> int | None:
    """Return the number of a count that is exact."""
    if value is None or value.number is None or value.comparator != "=" or value.number % 1 != Decimal(0):
        return None
    return int(value.number)


def _located(value: Value, draft: _Draft) -> Value:
    """Return the value with its locators in order, including those of context read without a value."""
    extra = tuple(locator for locator in draft.context_locators if locator not in value.locators)
    return msgspec.structs.replace(value, locators=_in_order(value.locators + extra))


def _in_order(locators: Iterable[Locator]) -> tuple[Locator, ...]:
    """Sort by role, keeping the order in which places were read within a role."""
    return tuple(sorted(dict.fromkeys(locators), key=lambda locator: ROLE_ORDER[locator.role]))


def _declared(context: Context) -> dict[str, ContextValue]:
    """Return the fields of a context that are given, without the rule for denominators."""
    fields = msgspec.structs.asdict(context)
    return {name: value for name, value in fields.items() if name in _FACT_FIELDS and value not in (None, ())}


_FACT_FIELDS = frozenset(Fact.__struct_fields__) - {"id", "values", "varies"}
