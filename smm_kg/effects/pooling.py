"""Pooling of effects over studies by inverse variance: fixed effect and random effects."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from smm_kg.effects.distributions import critical_t, two_sided_p, two_sided_t_p
from smm_kg.effects.errors import InputError, PoolingError
from smm_kg.effects.estimate import RATIOS, Estimate, Interval, Measure, from_effect
from smm_kg.effects.heterogeneity import (
    Heterogeneity,
    TauMethod,
    heterogeneity,
    tau_dersimonian_laird,
    tau_paule_mandel,
    tau_reml,
    weighted_mean,
)
from smm_kg.effects.inputs import as_level

__all__ = ["Excluded", "MeanInterval", "Pooled", "Weight", "fixed_effect", "random_effects"]

MeanInterval = Literal["hartung-knapp-ad-hoc", "hartung-knapp", "wald"]
"""The interval of the mean of random effects:

- ``wald`` takes the variance between studies as known, which is too narrow with few studies.
- ``hartung-knapp`` scales the variance by the spread observed, q, and uses Student's t with k - 1 degrees of
  freedom. With two studies t is 12.7, and the interval says little; that is the truth of two studies.
  Sources: Hartung J, Knapp G. Stat Med 2001;20:1771-82; Sidik K, Jonkman JN. Stat Med 2002;21:3153-9.
- ``hartung-knapp-ad-hoc`` takes 1 for q where it is below, by which the interval would be narrower than that
  of a fixed effect. Sources: Knapp G, Hartung J. Stat Med 2003;22:2693-710; Röver C, Knapp G, Friede T. BMC
  Med Res Methodol 2015;15:99.
"""

_TAU: Final[Mapping[TauMethod, Callable[[Sequence[float], Sequence[float]], float]]] = {
    "dersimonian-laird": tau_dersimonian_laird,
    "paule-mandel": tau_paule_mandel,
    "reml": tau_reml,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The weight of a study in a pooled effect: its ``label`` and ``share``, a fraction of 1."""

    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A study that was given but takes no part: its ``label`` and the ``reason``."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The pooled effect of studies and how they differ.

    Attributes:
        estimate: the pooled effect, with its interval; its standard error is the one the interval is made of.
        model: ``fixed`` or ``random``.
        weights: the weights of the studies, in the order given.
        heterogeneity: how the studies differ.
        prediction: where the effect of a new study would lie, in a random-effects model of at least three.
        no_prediction: why there is no prediction interval, or None.
        excluded: studies that take no part, each with the reason.
    """

    estimate: Estimate
    model: Literal["fixed", "random"]
    weights: tuple[Weight, ...]
    heterogeneity: Heterogeneity
    prediction: Interval | None = None
    no_prediction: str | None = None
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class _Studies:
    """Studies that can be pooled, on the analysis scale."""

    measure: Measure
    labels: tuple[str, ...]
    effects: tuple[float, ...]
    variances: tuple[float, ...]


def fixed_effect(studies: Mapping[str, Estimate], *, level: float = 0.95) -> Pooled:
    """The inverse-variance mean of studies that are taken to estimate one effect.

    Args:
        studies: at least two estimates of the same measure, each with a standard error, by a label that is
            unique to the study: a study counts once.
        level: the confidence level as a fraction.

    Raises:
        PoolingError: fewer than two studies, different measures, or a study without standard error.
        InputError: the level is no fraction.

    Source: Birge RT. Phys Rev 1932;40:207-27; as in Cochrane Handbook, chapter 10.3.
    """
    pool = _poolable(studies)
    weights = [1 / v for v in pool.variances]
    estimate = from_effect(
        pool.measure,
        weighted_mean(pool.effects, weights),
        1 / math.sqrt(math.fsum(weights)),
        level=level,
        method="fixed effect, inverse variance",
        source="; ".join(pool.labels),
    )
    return Pooled(
        estimate=estimate,
        model="fixed",
        weights=shares(pool.labels, weights),
        heterogeneity=heterogeneity(pool.effects, pool.variances),
        no_prediction="a fixed-effect model has one effect in all studies",
    )


def random_effects(
    studies: Mapping[str, Estimate],
    *,
    tau: TauMethod = "reml",
    interval: MeanInterval = "hartung-knapp-ad-hoc",
    level: float = 0.95,
) -> Pooled:
    """The mean of the effects of which studies are a sample, with a prediction interval.

    Args:
        studies: as for ``fixed_effect``.
        tau: the estimator of the variance between studies.
        interval: the interval of the mean, see ``MeanInterval``.
        level: the confidence level of interval and prediction interval.

    Returns:
        The pooled effect. ``prediction`` is the interval of Higgins, Thompson and Spiegelhalter: t with k - 2
        degrees of freedom about the mean, with τ² and the squared standard error of the interval chosen (with
        a Hartung-Knapp one, the version of Partlett and Riley). It needs three studies.

    Raises:
        PoolingError: fewer than two studies, different measures, a study without standard error, or a
            Hartung-Knapp interval of effects that are all alike, whose width would be 0.
        NotEstimableError: the interval is wider than a float can hold.
        InputError: the level is no fraction, or a method has another name.

    Sources: DerSimonian R, Laird N. Control Clin Trials 1986;7:177-88; prediction: Higgins JPT, Thompson SG,
    Spiegelhalter DJ. J R Stat Soc A 2009;172:137-59 and Partlett C, Riley RD. Stat Med 2017;36:301-17.
    """
    if tau not in _TAU:
        raise InputError("tau", tau, f"one of {', '.join(_TAU)}")
    if interval not in get_args(MeanInterval):
        raise InputError("interval", interval, f"one of {', '.join(get_args(MeanInterval))}")
    as_level(level)
    pool = _poolable(studies)
    tau_squared = _TAU[tau](pool.effects, pool.variances)
    weights = [1 / (v + tau_squared) for v in pool.variances]
    mean, error, df = _mean(pool, weights, interval)
    estimate = from_effect(
        pool.measure,
        mean,
        error,
        level=level,
        critical=None if df is None else critical_t(level, df),
        p=two_sided_p(mean / error) if df is None else two_sided_t_p(mean / error, df),
        method=f"random effects, τ² by {tau}, {interval} interval",
        source="; ".join(pool.labels),
    )
    prediction = _prediction(pool, mean, error, tau_squared, level)
    few = f"a prediction interval needs three studies, there are {len(pool.effects)}"
    return Pooled(
        estimate=estimate,
        model="random",
        weights=shares(pool.labels, weights),
        heterogeneity=heterogeneity(pool.effects, pool.variances, tau_squared=tau_squared),
        prediction=prediction,
        no_prediction=few if prediction is None else None,
    )


def _mean(pool: _Studies, weights: list[float], interval: MeanInterval) -> tuple[float, float, int | None]:
    """The mean, its standard error, and the degrees of freedom of t, None for the normal."""
    mean, total = weighted_mean(pool.effects, weights), math.fsum(weights)
    if interval == "wald":
        return mean, 1 / math.sqrt(total), None
    df = len(pool.effects) - 1
    q = math.fsum(w * (y - mean) ** 2 for y, w in zip(pool.effects, weights, strict=True)) / df
    if interval == "hartung-knapp-ad-hoc":
        q = max(1.0, q)
    if q == 0:
        reason = "the effects are all alike, so that a Hartung-Knapp interval has no width"
        raise PoolingError(reason, studies=pool.labels, hint="use hartung-knapp-ad-hoc or wald")
    return mean, math.sqrt(q / total), df


def _prediction(
    pool: _Studies, mean: float, error: float, tau_squared: float, level: float
) -> Interval | None:
    df = len(pool.effects) - 2
    if df < 1:
        return None
    half = critical_t(level, df) * math.sqrt(tau_squared + error**2)
    lower, upper = mean - half, mean + half
    if pool.measure in RATIOS:
        lower, upper = math.exp(lower), math.exp(min(upper, 700.0))
    else:
        lower, upper = max(-1.0, lower), min(1.0, upper)
    return Interval(
        lower=lower, upper=upper, level=level, method=f"prediction (Higgins 2009), t with {df} df"
    )


def shares(labels: Sequence[str], weights: Sequence[float]) -> tuple[Weight, ...]:
    """Weights as fractions of their sum, by label."""
    total = math.fsum(weights)
    return tuple(
        Weight(label=label, share=weight / total) for label, weight in zip(labels, weights, strict=True)
    )


def _poolable(studies: Mapping[str, Estimate]) -> _Studies:
    """The studies as numbers on the analysis scale, or the reason why they cannot be pooled."""
    measures = {estimate.measure for estimate in studies.values()}
    if len(measures) > 1:
        named = [f"{label}: {estimate.measure}" for label, estimate in studies.items()]
        hint = "pool studies of one measure"
        if {"median ratio", "hazard ratio"} <= measures:
            hint = "a ratio of medians is no hazard ratio and never pools with one"
        raise PoolingError("the studies give different measures", studies=named, hint=hint)
    if len(studies) < 2:
        reason = f"pooling needs two studies, there {'is one' if studies else 'are none'}"
        raise PoolingError(reason, studies=list(studies), hint="show the study as it is" if studies else None)
    variances = {label: estimate.variance for label, estimate in studies.items()}
    known = {label: variance for label, variance in variances.items() if variance is not None}
    if len(known) < len(studies):
        missing = [label for label in studies if label not in known]
        hint = "leave them out and say so, or find an interval or a P value"
        raise PoolingError("no standard error", studies=missing, hint=hint)
    return _Studies(
        measures.pop(),
        tuple(studies),
        tuple(estimate.effect for estimate in studies.values()),
        tuple(known.values()),
    )
