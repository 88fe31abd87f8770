"""Standard errors of estimates as reports print them: from an interval, or from a P value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

from smm_kg.effects.distributions import critical_z, two_sided_p
from smm_kg.effects.errors import InputError, NotEstimableError
from smm_kg.effects.estimate import Estimate, Measure, from_effect, to_effect
from smm_kg.effects.inputs import Number, as_level, as_number, as_p_value

__all__ = [
    "Centring",
    "StandardErrorBound",
    "centring",
    "from_interval",
    "from_p_value",
    "standard_error_bound",
]

Comparator = Literal["<", "≤", ">", "≥"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Centring:
    """How an estimate lies in its interval, on the analysis scale (log for ratios).

    Attributes:
        offset: the middle of the interval minus the estimate.
        offset_in_errors: the same in standard errors; at 0.95 the limits lie 1.96 from the middle.
        explained_by_rounding: whether some choice of numbers that print as these do has no offset; None
            where a number is no ``Decimal``, so that its printed precision is not known.
    """

    offset: float
    offset_in_errors: float
    explained_by_rounding: bool | None


def centring(
    measure: Measure, value: Number, lower: Number, upper: Number, *, level: float = 0.95
) -> Centring:
    """Whether a printed estimate lies in the middle of its interval, as estimate ± z × standard error would.

    An offset that rounding does not explain means a misprint, another scale, or an interval of another kind
    (profile likelihood, exact, bootstrap).

    Args:
        measure: what was estimated.
        value: the estimate as printed.
        lower: its lower limit as printed.
        upper: its upper limit as printed, above ``lower``.
        level: the confidence level.

    Raises:
        InputError: the limits are not in order, or a number does not suit the measure.
    """
    middle = (to_effect(measure, lower, "lower") + to_effect(measure, upper, "upper")) / 2
    offset = middle - to_effect(measure, value)
    return Centring(
        offset=offset,
        offset_in_errors=offset / _error(measure, lower, upper, level),
        explained_by_rounding=_rounding_explains(measure, value, lower, upper),
    )


def _rounding_explains(measure: Measure, value: Number, lower: Number, upper: Number) -> bool | None:
    """Whether the rounding interval of the estimate meets that of the middle of the limits."""
    spans = []
    for number in (value, lower, upper):
        if not isinstance(number, Decimal):
            return None
        exponent = number.as_tuple().exponent
        half = Decimal(1).scaleb(int(exponent)) / 2
        least, most = number - half, number + half
        if measure.endswith("ratio"):
            spans.append((math.log(least), math.log(most)))
        else:
            spans.append((float(least), float(most)))
    (value_least, value_most), (lower_least, lower_most), (upper_least, upper_most) = spans
    middle_least, middle_most = (lower_least + upper_least) / 2, (lower_most + upper_most) / 2
    return value_least <= middle_most and middle_least <= value_most


def _error(measure: Measure, lower: Number, upper: Number, level: float) -> float:
    width = to_effect(measure, upper, "upper") - to_effect(measure, lower, "lower")
    if width <= 0:
        hint = "limits printed alike hide the width; take more digits from the source"
        raise InputError("upper", upper, f"above the lower limit, {lower!s}", hint=hint)
    return width / (2 * critical_z(as_level(level)))


def from_interval(
    measure: Measure, value: Number, lower: Number, upper: Number, *, level: float = 0.95, source: str = ""
) -> Estimate:
    """An estimate with its standard error from a printed interval: for a hazard ratio, the log of it.

    The standard error is the width of the interval on the analysis scale over twice the normal quantile.
    Printed limits are rounded, and the standard error with them: with 0.49 to 0.51 it is good to one digit.
    The printed estimate is kept; where it does not lie in the middle of its interval, a note says so.

    Args:
        measure: what was estimated.
        value: the estimate as printed.
        lower: its lower limit as printed.
        upper: its upper limit as printed.
        level: the confidence level of the interval.
        source: what it was read from.

    Returns:
        The estimate; ``effect`` and ``standard_error`` are on the log scale for ratios, ``p`` is Wald's.

    Raises:
        InputError: the limits are not in order or do not hold the estimate, or a number does not suit.

    Sources: Parmar MKB, Torri V, Stewart L. Stat Med 1998;17:2815-34 (equation 7); Tierney JF, Stewart LA,
    Ghersi D, Burdett S, Sydes MR. Trials 2007;8:16.
    """
    error = _error(measure, lower, upper, level)
    centre = centring(measure, value, lower, upper, level=level)
    notes: tuple[str, ...] = ()
    # Rounded limits are never central to the last bit; a tenth of a standard error is worth saying.
    if centre.explained_by_rounding is False or (
        centre.explained_by_rounding is None and abs(centre.offset_in_errors) > 0.1
    ):
        scale = "log" if measure.endswith("ratio") else "natural"
        notes = (
            f"the middle of the interval lies {centre.offset_in_errors:+.2f} standard errors from"
            f" the estimate on the {scale} scale",
        )
    return Estimate(
        measure=measure,
        value=float(value),
        lower=float(lower),
        upper=float(upper),
        level=level,
        standard_error=error,
        p=two_sided_p(to_effect(measure, value) / error),
        method="standard error from the reported interval (Parmar 1998)",
        source=source,
        notes=notes,
    )


def from_p_value(
    measure: Measure,
    value: Number,
    p: Number,
    *,
    sides: Literal[1, 2] = 2,
    level: float = 0.95,
    source: str = "",
) -> Estimate:
    """An estimate with its standard error, and an interval, from a printed P value.

    The standard error is the effect on the analysis scale over the normal quantile of P. It holds for P
    values of the effect itself (Wald, log-rank of a hazard ratio); it is off for one of an exact test or a t
    test in few patients. P is a number here: of ``P<0.001`` only ``standard_error_bound`` can be had.

    Args:
        measure: what was estimated.
        value: the estimate as printed, not the value of no effect.
        p: the P value as printed, above 0 and below 1.
        sides: whether the test was two-sided or one-sided, the latter in the direction of the estimate.
        level: the confidence level of the interval to give.
        source: what it was read from.

    Returns:
        The estimate with an interval that the report does not print, as a note says.

    Raises:
        NotEstimableError: the estimate is the value of no effect, or P leaves no test statistic above 0.
        InputError: a number does not suit.

    Sources: Parmar MKB, Torri V, Stewart L. Stat Med 1998;17:2815-34; Tierney JF, et al. Trials 2007;8:16;
    Altman DG, Bland JM. BMJ 2011;343:d2090 (who approximate the normal quantile; here it is exact).
    """
    effect = to_effect(measure, value)
    error = _error_from_p(measure, effect, as_p_value(p), sides)
    return from_effect(
        measure,
        effect,
        error,
        level=level,
        p=as_number(p, "p") * (2 if sides == 1 else 1),
        method="standard error from the reported P value (Parmar 1998)",
        source=source,
        notes=(f"derived: interval from the estimate and P={p!s}{', one-sided' if sides == 1 else ''}",),
    )


def _error_from_p(measure: Measure, effect: float, p: float, sides: int) -> float:
    if sides not in (1, 2):
        raise InputError("sides", sides, "1 or 2")
    if effect == 0:
        reason = "at the value of no effect every standard error gives the same P"
        raise NotEstimableError(f"standard error of the {measure}", reason, hint="use its interval")
    z = -NormalDist().inv_cdf(p / sides) if p / sides < 0.5 else 0.0
    if z == 0:
        reason = f"P={p:g} leaves no test statistic above 0"
        raise NotEstimableError(f"standard error of the {measure}", reason, hint="use its interval")
    return abs(effect) / z


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardErrorBound:
    """What a bound of P tells of a standard error: a bound of it, and nothing more.

    Attributes:
        measure: what was estimated.
        value: the estimate as printed.
        comparator: how the standard error, on the analysis scale, stands to ``bound``.
        bound: the standard error that P at its bound would give.
        method: how it was obtained.
        source: what it was read from.
    """

    measure: Measure
    value: float
    comparator: Comparator
    bound: float
    method: str
    source: str = ""


def standard_error_bound(
    measure: Measure,
    value: Number,
    comparator: Comparator,
    p: Number,
    *,
    sides: Literal[1, 2] = 2,
    source: str = "",
) -> StandardErrorBound:
    """The bound of a standard error that goes with a bound of P.

    ``P<0.001`` means that the standard error is less than the one at 0.001: the effect is better known than
    that. ``P>0.05`` means that it is more. A bound does not pool and gives no interval.

    Args:
        measure: what was estimated.
        value: the estimate as printed, not the value of no effect.
        comparator: how P stands to the number printed.
        p: the number printed.
        sides: whether the test was two-sided or one-sided.
        source: what it was read from.

    Raises:
        NotEstimableError: the estimate is the value of no effect, or P leaves no test statistic above 0.
        InputError: a number does not suit, or the comparator is another.

    Source: Altman DG, Bland JM. BMJ 2011;343:d2090 (P values presented as inequalities).
    """
    if comparator not in ("<", "≤", ">", "≥"):
        hint = "a P value printed as it is goes to from_p_value"
        raise InputError("comparator", comparator, "one of < ≤ > ≥", hint=hint)
    effect = to_effect(measure, value)
    return StandardErrorBound(
        measure=measure,
        value=float(value),
        comparator=comparator,
        bound=_error_from_p(measure, effect, as_p_value(p), sides),
        method=f"standard error at the bound P{comparator}{p!s}",
        source=source,
    )
