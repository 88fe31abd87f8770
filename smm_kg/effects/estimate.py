"""An effect of a treatment against a comparator: its measure, value, interval and standard error.

Ratios are analysed on the log scale, differences as they are. Risks and rates are fractions (0.75), not
percentages. Every number here is a float computed from inputs that may have been rounded in print.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

from smm_kg.effects.distributions import critical_z, two_sided_p
from smm_kg.effects.errors import InputError, NotEstimableError
from smm_kg.effects.inputs import Number, as_level, as_number, as_positive

__all__ = ["DIFFERENCES", "RATIOS", "Estimate", "Interval", "Measure", "Scale", "from_effect", "to_effect"]

Measure = Literal[
    "risk ratio", "odds ratio", "hazard ratio", "median ratio", "risk difference", "rate difference"
]
Scale = Literal["log", "identity"]

RATIOS: Final = frozenset[str](("risk ratio", "odds ratio", "hazard ratio", "median ratio"))
"""Measures whose analysis scale is the natural logarithm and whose null value is 1."""

DIFFERENCES: Final = frozenset[str](("risk difference", "rate difference"))
"""Measures that are analysed as they are; their null value is 0 and they lie in -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An interval of confidence or prediction, with the method that made it.

    Attributes:
        lower: its lower limit.
        upper: its upper limit.
        level: its level as a fraction, 0.95 by default.
        method: how it was made.
    """

    lower: float
    upper: float
    level: float = 0.95
    method: str

    def __post_init__(self) -> None:
        as_level(self.level)
        lower, upper = as_number(self.lower, "lower"), as_number(self.upper, "upper")
        if lower > upper:
            raise InputError("lower", self.lower, f"at most the upper limit, {self.upper!s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate of an effect, treatment against comparator.

    Attributes:
        measure: what it measures.
        value: the estimate on its natural scale; a ratio is above 0, a difference a fraction in -1 to 1.
        lower: the lower confidence limit on the natural scale, or None; given with ``upper`` or not at all.
        upper: the upper confidence limit, or None.
        level: the confidence level of the interval, as a fraction.
        standard_error: the standard error on the analysis scale (log for ratios), above 0, or None.
        p: the two-sided P value of no effect, as given or as ``method`` gives it, or None.
        method: how it was estimated, in words.
        source: what it was estimated from, for the reader.
        notes: what a reader has to know besides: corrections, asymmetries, turned directions.

    Raises:
        InputError: a field breaks these rules, or the interval does not hold the value.
    """

    measure: Measure
    value: float
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    standard_error: float | None = None
    p: float | None = None
    method: str
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.measure not in RATIOS | DIFFERENCES:
            raise InputError("measure", self.measure, f"one of {', '.join(sorted(RATIOS | DIFFERENCES))}")
        as_level(self.level)
        self._check_scale(self.value, "value")
        if (self.lower is None) != (self.upper is None):
            missing = "lower" if self.lower is None else "upper"
            raise InputError(missing, None, "given with the other limit", hint="an interval has two limits")
        if self.lower is not None and self.upper is not None:
            self._check_scale(self.lower, "lower")
            self._check_scale(self.upper, "upper")
            if not self.lower <= self.value <= self.upper:
                interval = f"in its interval, {self.lower!s} to {self.upper!s}"
                raise InputError("value", self.value, interval, hint="check the limits against the source")
        if self.standard_error is not None:
            as_positive(self.standard_error, "standard_error")
        if self.p is not None and not 0 <= as_number(self.p, "p") <= 1:
            raise InputError("p", self.p, "from 0 to 1")

    def _check_scale(self, number: float, field: str) -> None:
        if self.measure in RATIOS:
            as_positive(number, field)
        elif not -1 <= as_number(number, field) <= 1:
            hint = "divide percentage points by 100"
            raise InputError(field, number, "a difference of fractions, from -1 to 1", hint=hint)

    @property
    def scale(self) -> Scale:
        """The scale on which it is analysed: ``log`` for ratios, ``identity`` for differences."""
        return "log" if self.measure in RATIOS else "identity"

    @property
    def null(self) -> float:
        """The value that means no effect: 1 for ratios, 0 for differences."""
        return 1.0 if self.measure in RATIOS else 0.0

    @property
    def effect(self) -> float:
        """The value on the analysis scale: the log of a ratio, a difference itself."""
        return to_effect(self.measure, self.value)

    @property
    def variance(self) -> float | None:
        """The squared standard error on the analysis scale, or None."""
        return None if self.standard_error is None else self.standard_error**2

    @property
    def wald_p(self) -> float | None:
        """The two-sided P of the effect over its standard error by the normal distribution, or None.

        The reverse of ``from_p_value``. Source: Altman DG, Bland JM. BMJ 2011;343:d2304 (who approximate the
        normal tail; here it is exact).
        """
        return None if self.standard_error is None else two_sided_p(self.effect / self.standard_error)

    def reversed(self) -> Estimate:
        """The same comparison the other way round: comparator against treatment.

        A ratio becomes its reciprocal, a difference its negative; the limits change places, standard error
        and P stay. The estimate is marked as derived by a note. Reversing twice gives the first value back up
        to the last bits of a float.
        """

        def turn(number: float) -> float:
            return 1 / number if self.measure in RATIOS else 0.0 - number

        return replace(
            self,
            value=turn(self.value),
            lower=None if self.upper is None else turn(self.upper),
            upper=None if self.lower is None else turn(self.lower),
            notes=(*self.notes, f"derived: direction reversed, reported as {self.value:g}"),
        )


def to_effect(measure: Measure, value: Number, field: str = "value") -> float:
    """A value on the analysis scale of its measure: the natural log of a ratio, a difference itself.

    Raises:
        InputError: it is not finite, or a ratio that is not above 0.
    """
    return math.log(as_positive(value, field)) if measure in RATIOS else as_number(value, field)


def from_effect(
    measure: Measure,
    effect: float,
    standard_error: float,
    *,
    level: float = 0.95,
    critical: float | None = None,
    p: float | None = None,
    method: str,
    source: str = "",
    notes: tuple[str, ...] = (),
) -> Estimate:
    """An estimate from its effect and standard error on the analysis scale, with a symmetric interval there.

    Args:
        measure: what it measures.
        effect: the log of a ratio, or a difference.
        standard_error: on the same scale, above 0.
        level: the confidence level of the interval.
        critical: standard errors from effect to limit; the normal quantile if None.
        p: the two-sided P value; that of the normal distribution if None.
        method: how it was estimated.
        source: what from.
        notes: what a reader has to know.

    Raises:
        InputError: a number breaks the rules of ``Estimate``.
        NotEstimableError: the interval of a ratio is wider than a float can hold.
    """
    half = (critical_z(as_level(level)) if critical is None else critical) * as_positive(
        standard_error, "standard_error"
    )
    lower, value, upper = effect - half, effect, effect + half
    if measure in RATIOS:
        lower, value, upper = (_antilog(measure, number) for number in (lower, value, upper))
    else:
        # Wald limits may leave the range of a difference; no difference lies there.
        lower, upper = max(-1.0, lower), min(1.0, upper)
    return Estimate(
        measure=measure,
        value=value,
        lower=lower,
        upper=upper,
        level=level,
        standard_error=standard_error,
        p=two_sided_p(effect / standard_error) if p is None else p,
        method=method,
        source=source,
        notes=notes,
    )


def _antilog(measure: Measure, logarithm: float) -> float:
    if abs(logarithm) > 700:
        reason = "its interval is wider than a float can hold"
        raise NotEstimableError(measure, reason, hint="the standard error says next to nothing; leave it out")
    return math.exp(logarithm)
