"""Effects on the time to an event: difference of rates at a time, ratio of medians."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NoReturn

from smm_kg.effects.distributions import critical_z, two_sided_p
from smm_kg.effects.errors import InputError, NotEstimableError
from smm_kg.effects.estimate import Estimate
from smm_kg.effects.inputs import Number, as_count, as_fraction, as_level, as_positive

__all__ = [
    "RateAtTime",
    "hazard_ratio_from_medians",
    "median_ratio",
    "peto_standard_error",
    "rate_difference",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAtTime:
    """A rate of one arm at a time, such as the Kaplan-Meier estimate of survival at 3 years.

    Attributes:
        value: the rate as a fraction: 0.75, not 75.
        lower: its lower confidence limit as a fraction, or None; given with ``upper`` or not at all.
        upper: its upper confidence limit, or None.
        level: the confidence level of that interval.
        standard_error: its standard error as a fraction, above 0, or None.
        at_risk: patients still at risk at that time, at least 1, or None. Not the patients randomised.

    Raises:
        InputError: a number breaks these rules, or the interval does not hold the rate.
    """

    value: Number
    lower: Number | None = None
    upper: Number | None = None
    level: Number = 0.95
    standard_error: Number | None = None
    at_risk: Number | None = None

    def __post_init__(self) -> None:
        value = as_fraction(self.value, "value")
        as_level(self.level)
        if (self.lower is None) != (self.upper is None):
            missing = "lower" if self.lower is None else "upper"
            raise InputError(missing, None, "given with the other limit")
        if self.lower is not None and self.upper is not None:
            lower, upper = as_fraction(self.lower, "lower"), as_fraction(self.upper, "upper")
            if not lower <= value <= upper:
                raise InputError("value", self.value, f"in its interval, {self.lower!s} to {self.upper!s}")
        if self.standard_error is not None:
            as_positive(self.standard_error, "standard_error")
        if self.at_risk is not None and as_count(self.at_risk, "at_risk") == 0:
            raise InputError("at_risk", 0, "at least 1")


@dataclass(frozen=True, slots=True)
class _Spread:
    """Distances from a rate to its limits, its standard error, and where they come from."""

    below: float
    above: float
    error: float
    basis: str


def _spread(rate: RateAtTime, level: float) -> _Spread | None:
    """How far the limits of a rate lie from it, and its standard error; None if it tells neither.

    Printed limits of the same level come first, then a standard error, then the number at risk.
    """
    value, z = float(rate.value), critical_z(level)
    given = None if rate.standard_error is None else float(rate.standard_error)
    same_level = math.isclose(float(rate.level), level)
    if same_level and rate.lower is not None and rate.upper is not None and rate.lower < rate.upper:
        lower, upper = float(rate.lower), float(rate.upper)
        return _Spread(value - lower, upper - value, given or (upper - lower) / (2 * z), "printed limits")
    if given is not None:
        return _Spread(z * given, z * given, given, "standard error")
    if rate.at_risk is not None and 0 < value < 1:
        error = peto_standard_error(rate.value, rate.at_risk)
        return _Spread(z * error, z * error, error, "number at risk")
    return None


def peto_standard_error(rate: Number, at_risk: Number) -> float:
    """The standard error of a Kaplan-Meier rate from the number at risk: S times the root of (1 - S)/n.

    Greenwood's formula needs the whole curve; this one errs on the safe side and needs only the number at
    risk at that time.

    Args:
        rate: S, the rate of being free of the event, strictly between 0 and 1.
        at_risk: n, patients at risk at that time, at least 1.

    Raises:
        InputError: the numbers break these rules.

    Sources: Peto R, Pike MC, Armitage P, et al. Br J Cancer 1977;35:1-39; as used by Altman DG, Andersen PK.
    BMJ 1999;319:1492-5.
    """
    s, n = as_fraction(rate, "rate"), as_count(at_risk, "at_risk")
    if s in (0, 1):
        raise InputError("rate", rate, "between 0 and 1", hint="at 0 or 1 the formula gives no uncertainty")
    if n == 0:
        raise InputError("at_risk", at_risk, "at least 1")
    return s * math.sqrt((1 - s) / n)


def rate_difference(
    treatment: RateAtTime, control: RateAtTime, *, time: str, level: float = 0.95, source: str = ""
) -> Estimate:
    """The rate of the treatment arm minus that of the control arm at one time, as a fraction.

    Rates alone give the difference alone: patients censored before make an interval from the numbers
    randomised wrong. Where both arms have limits of ``level``, a standard error or a number at risk, the
    distances from the rates to their limits are combined (MOVER), which keeps the asymmetry of printed
    limits and equals the Wald interval where there is none. The interval assumes independent arms.

    Args:
        treatment: the rate of the treatment arm.
        control: the rate of the control arm.
        time: the time and its origin in words, such as ``3 years from study entry``.
        level: the confidence level of the interval.
        source: what the rates were read from.

    Returns:
        The estimate, without interval and standard error where an arm does not give them, as a note says.

    Raises:
        InputError: the level is no fraction.

    Sources: Zou GY, Donner A. Stat Med 2008;27:1693-702 (limits); Altman DG, Andersen PK. BMJ
    1999;319:1492-5 (rates at a time).
    """
    as_level(level)
    difference = float(treatment.value) - float(control.value)
    method = f"difference of rates at {time}"
    first, second = _spread(treatment, level), _spread(control, level)
    if first is None or second is None:
        arms = " and ".join(
            arm for arm, spread in (("treatment", first), ("control", second)) if spread is None
        )
        note = f"no interval: {arms} without {level:.0%} limits, standard error or usable number at risk"
        return Estimate(
            measure="rate difference",
            value=difference,
            level=level,
            method=method,
            source=source,
            notes=(note,),
        )
    error = math.hypot(first.error, second.error)
    return Estimate(
        measure="rate difference",
        value=difference,
        lower=max(-1.0, difference - math.hypot(first.below, second.above)),
        upper=min(1.0, difference + math.hypot(first.above, second.below)),
        level=level,
        standard_error=error,
        p=two_sided_p(difference / error),
        method=f"{method}; limits from {first.basis} and {second.basis} (Zou and Donner 2008)",
        source=source,
    )


def median_ratio(treatment: Number, control: Number, *, source: str = "") -> Estimate:
    """The median time of the treatment arm over that of the control arm.

    It is not a hazard ratio and not the reciprocal of one, except for exponential times; it has no standard
    error here, so that it pools with nothing. A median that was not reached gives no ratio: do not put the
    follow-up in its place.

    Args:
        treatment: the median time of the treatment arm, above 0.
        control: that of the control arm, in the same unit.
        source: what the medians were read from.

    Raises:
        InputError: a median is not above 0.

    Source: on what it does not mean, Spruance SL, Reid JE, Grace M, Samore M. Antimicrob Agents Chemother
    2004;48:2787-92.
    """
    return Estimate(
        measure="median ratio",
        value=as_positive(treatment, "treatment") / as_positive(control, "control"),
        method="ratio of medians",
        source=source,
        notes=("a ratio of medians is no hazard ratio",),
    )


def hazard_ratio_from_medians(treatment: Number, control: Number) -> NoReturn:
    """Refuse a hazard ratio from two medians, with the reason.

    Medians determine it only under a shape of the curves, such as exponential, that the report does not
    state; nor do they give its standard error. It is a function so that the reason has one wording.

    Args:
        treatment: the median time of the treatment arm, above 0.
        control: that of the control arm.

    Raises:
        InputError: a median is not above 0.
        NotEstimableError: always, otherwise.

    Sources: Tierney JF, Stewart LA, Ghersi D, Burdett S, Sydes MR. Trials 2007;8:16 (what determines a hazard
    ratio: medians are not among it); Spruance SL, et al. Antimicrob Agents Chemother 2004;48:2787-92.
    """
    ratio = median_ratio(treatment, control).value
    reason = f"medians alone (ratio {ratio:.3g}) determine it only if the curves have a known shape"
    hint = "use a reported hazard ratio with its interval or P value, or show the ratio of medians as such"
    raise NotEstimableError("hazard ratio", reason, hint=hint)
