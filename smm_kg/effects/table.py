"""The fourfold table of a trial, and what to do about its empty cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from smm_kg.effects.errors import InputError
from smm_kg.effects.inputs import Number, as_count

__all__ = ["Cells", "Table2x2", "ZeroCells", "corrected"]

ZeroCells = Literal["refuse", "half-when-needed", "haldane-anscombe", "treatment-arm"]
"""How empty cells are handled:

- ``refuse``: nothing is added; an effect that an empty cell leaves undefined is refused.
- ``half-when-needed``: 0.5 is added to all four cells where the effect or its standard error is otherwise
  undefined. Source: Cochrane Handbook, chapter 10.4.4.
- ``haldane-anscombe``: 0.5 is added to all four cells always. Sources: Haldane JBS. Ann Hum Genet
  1956;20:309-11; Anscombe FJ. Biometrika 1956;43:461-4.
- ``treatment-arm``: where needed, each cell of an arm gets the share of that arm in all patients (the
  reciprocal of the other arm's size, scaled so that both add up to 1), so that unequal arms pull in no
  direction. Source: Sweeting MJ, Sutton AJ, Lambert PC. Stat Med 2004;23:1351-75.
"""

_METHODS: Final = get_args(ZeroCells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table2x2:
    """Patients with an event and patients in all, of two arms.

    Attributes:
        treatment_events: patients with the event in the treatment arm.
        treatment_total: patients in the treatment arm, at least 1.
        control_events: patients with the event in the control arm.
        control_total: patients in the control arm, at least 1.

    Whole numbers printed as ``Decimal`` or ``float`` are taken and kept as ``int``.

    Raises:
        InputError: a number is no count, an arm is empty, or has more events than patients.
    """

    treatment_events: int
    treatment_total: int
    control_events: int
    control_total: int

    def __post_init__(self) -> None:
        for arm in ("treatment", "control"):
            events, total = f"{arm}_events", f"{arm}_total"
            for field in (events, total):
                object.__setattr__(self, field, as_count(self._given(field), field))
            if self._given(total) == 0:
                raise InputError(total, 0, "at least 1", hint="an arm without patients compares with nothing")
            if self._given(events) > self._given(total):
                raise InputError(events, self._given(events), f"at most {total}, {self._given(total)!s}")

    def _given(self, field: str) -> Number:
        value: Number = getattr(self, field)
        return value

    @property
    def treatment_free(self) -> int:
        """Patients without the event in the treatment arm."""
        return self.treatment_total - self.treatment_events

    @property
    def control_free(self) -> int:
        """Patients without the event in the control arm."""
        return self.control_total - self.control_events

    @property
    def total(self) -> int:
        """All patients."""
        return self.treatment_total + self.control_total

    @property
    def events(self) -> int:
        """All patients with the event."""
        return self.treatment_events + self.control_events

    def __str__(self) -> str:
        treatment = f"{self.treatment_events}/{self.treatment_total}"
        return f"{treatment} against {self.control_events}/{self.control_total}"


@dataclass(frozen=True, slots=True)
class Cells:
    """The four cells of a table, after a correction if there was one.

    Attributes:
        a: with the event, treatment.
        b: without, treatment.
        c: with the event, control.
        d: without, control.
        correction: what was added, in words, or None.
    """

    a: float
    b: float
    c: float
    d: float
    correction: str | None = None


def corrected(table: Table2x2, zero_cells: ZeroCells, *, needed: bool) -> Cells:
    """The cells of a table with the named correction.

    Args:
        table: the table.
        zero_cells: the method.
        needed: whether the effect asked for is undefined without a correction.

    Raises:
        InputError: there is no such method.
    """
    if zero_cells not in _METHODS:
        raise InputError("zero_cells", zero_cells, f"one of {', '.join(_METHODS)}")
    a, b = table.treatment_events, table.treatment_free
    c, d = table.control_events, table.control_free
    always = zero_cells == "haldane-anscombe"
    if zero_cells == "refuse" or not (needed or always):
        return Cells(a, b, c, d)
    if zero_cells == "treatment-arm":
        more = table.treatment_total / table.total
        less = table.control_total / table.total
        correction = (
            f"treatment-arm continuity correction: {more:g} and {less:g} added to the cells of the arms"
        )
        return Cells(a + more, b + more, c + less, d + less, correction)
    name = "Haldane-Anscombe correction" if always else "continuity correction"
    return Cells(a + 0.5, b + 0.5, c + 0.5, d + 0.5, f"{name}: 0.5 added to each cell")
