"""How much studies differ: Q, I², H, and estimators of the variance between them, τ².

Effects and variances are sequences of the same length on the analysis scale (log for ratios).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from smm_kg.effects.distributions import chi_square_tail

__all__ = [
    "Heterogeneity",
    "TauMethod",
    "cochran_q",
    "heterogeneity",
    "share_between",
    "tau_dersimonian_laird",
    "tau_paule_mandel",
    "tau_reml",
    "weighted_mean",
]

TauMethod = Literal["dersimonian-laird", "paule-mandel", "reml"]

Floats = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """How much the effects of studies differ beyond chance.

    Attributes:
        q: Cochran's Q.
        df: its degrees of freedom, studies minus 1.
        p: the P value of Q by the chi-square distribution.
        i_squared: the share of the variation that is not chance, (Q - df)/Q, at least 0; a fraction.
        h: the root of Q over its degrees of freedom, at least 1.
        tau_squared: the estimated variance between studies, on the analysis scale; None with a fixed effect.
        i_squared_tau: the same share from ``tau_squared`` and the typical variance within studies, or None.

    Sources: Cochran WG. Biometrics 1954;10:101-29; Higgins JPT, Thompson SG. Stat Med 2002;21:1539-58;
    Higgins JPT, Thompson SG, Deeks JJ, Altman DG. BMJ 2003;327:557-60.
    """

    q: float
    df: int
    p: float
    i_squared: float
    h: float
    tau_squared: float | None = None
    i_squared_tau: float | None = None


def weighted_mean(effects: Floats, weights: Floats) -> float:
    """The mean of effects with these weights."""
    return math.fsum(y * w for y, w in zip(effects, weights, strict=True)) / math.fsum(weights)


def cochran_q(effects: Floats, variances: Floats, centre: float | None = None) -> float:
    """The weighted sum of squares about the inverse-variance mean, or about ``centre``.

    Source: Cochran WG. Biometrics 1954;10:101-29.
    """
    weights = [1 / v for v in variances]
    middle = weighted_mean(effects, weights) if centre is None else centre
    return math.fsum(w * (y - middle) ** 2 for y, w in zip(effects, weights, strict=True))


def heterogeneity(
    effects: Floats, variances: Floats, *, tau_squared: float | None = None, centre: float | None = None
) -> Heterogeneity:
    """The measures of heterogeneity of at least two studies.

    Args:
        effects: on the analysis scale.
        variances: of the effects, above 0.
        tau_squared: the variance between studies, if one was estimated.
        centre: the pooled effect about which Q is taken; the inverse-variance mean if None.
    """
    q, df = cochran_q(effects, variances, centre), len(effects) - 1
    return Heterogeneity(
        q=q,
        df=df,
        p=chi_square_tail(q, df),
        i_squared=max(0.0, (q - df) / q) if q > 0 else 0.0,
        h=max(1.0, math.sqrt(q / df)),
        tau_squared=tau_squared,
        i_squared_tau=None if tau_squared is None else share_between(tau_squared, variances),
    )


def share_between(tau_squared: float, variances: Floats) -> float:
    """I² as the share of τ² in the variance of a typical study, a fraction.

    Source: Higgins JPT, Thompson SG. Stat Med 2002;21:1539-58 (equation 9, the typical variance).
    """
    weights = [1 / v for v in variances]
    typical = (len(weights) - 1) / _spread_of(weights)
    return tau_squared / (tau_squared + typical)


def tau_dersimonian_laird(effects: Floats, variances: Floats) -> float:
    """The moment estimator of τ², at least 0, without iteration.

    Source: DerSimonian R, Laird N. Control Clin Trials 1986;7:177-88.
    """
    excess = cochran_q(effects, variances) - (len(effects) - 1)
    return max(0.0, excess / _spread_of([1 / v for v in variances]))


def tau_paule_mandel(effects: Floats, variances: Floats) -> float:
    """The τ², at least 0, at which the generalised Q equals its degrees of freedom.

    Sources: Paule RC, Mandel J. J Res Natl Bur Stand 1982;87:377-85; DerSimonian R, Kacker R. Contemp Clin
    Trials 2007;28:105-14.
    """
    df = len(effects) - 1

    def excess(tau_squared: float) -> float:
        return cochran_q(effects, [v + tau_squared for v in variances]) - df

    if excess(0.0) <= 0:
        return 0.0
    high = max(variances)
    while excess(high) > 0:
        high *= 2
    return _crossing(excess, 0.0, high)


def tau_reml(effects: Floats, variances: Floats) -> float:
    """The τ², at least 0, that maximises the restricted likelihood.

    The likelihood may have several maxima: the highest on a fine grid is chosen and refined, so that the
    result depends on no starting value.

    Source: Viechtbauer W. J Educ Behav Stat 2005;30:261-93.
    """
    mean = math.fsum(effects) / len(effects)
    spread = math.fsum((y - mean) ** 2 for y in effects) / (len(effects) - 1)
    if spread == 0:
        return 0.0
    grid = [0.0, *(spread * 10 ** (step / 10) for step in range(-80, 21))]
    heights = [_restricted_likelihood(effects, variances, tau_squared) for tau_squared in grid]
    best = max(range(len(grid)), key=heights.__getitem__)

    def slope(tau_squared: float) -> float:
        return _restricted_slope(effects, variances, tau_squared)

    if best == 0 and slope(0.0) <= 0:
        return 0.0
    rising = slope(grid[best]) > 0
    low, high = (grid[best], grid[min(best + 1, len(grid) - 1)]) if rising else (grid[best - 1], grid[best])
    return _crossing(slope, low, high)


def _restricted_likelihood(effects: Floats, variances: Floats, tau_squared: float) -> float:
    """The restricted log likelihood of τ², without its constant."""
    totals = [v + tau_squared for v in variances]
    weights = math.fsum(1 / t for t in totals)
    return -(math.fsum(map(math.log, totals)) + math.log(weights) + cochran_q(effects, totals)) / 2


def _restricted_slope(effects: Floats, variances: Floats, tau_squared: float) -> float:
    """The derivative of the restricted log likelihood, doubled."""
    weights = [1 / (v + tau_squared) for v in variances]
    centre = weighted_mean(effects, weights)
    residuals = math.fsum((w * (y - centre)) ** 2 for y, w in zip(effects, weights, strict=True))
    return residuals - _spread_of(weights)


def _spread_of(weights: Floats) -> float:
    """The sum of weights less that of their squares over it, which keeps its digits when one dominates."""
    return 2 * math.fsum(v * w for v, w in combinations(weights, 2)) / math.fsum(weights)


def _crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is positive at ``low`` and negative at ``high`` crosses 0, by halving."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
