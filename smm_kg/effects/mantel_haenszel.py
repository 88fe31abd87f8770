"""Pooling of fourfold tables without an effect of each: Mantel-Haenszel and Peto.

Both need no correction of empty cells, which is why they suit rare events.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, Literal

from smm_kg.effects.counts import odds_ratio, risk_difference, risk_ratio
from smm_kg.effects.errors import InputError, NotEstimableError, PoolingError
from smm_kg.effects.estimate import Estimate, from_effect
from smm_kg.effects.heterogeneity import Heterogeneity, heterogeneity
from smm_kg.effects.pooling import Excluded, Pooled, shares
from smm_kg.effects.table import Table2x2

__all__ = ["CountMeasure", "DifferenceVariance", "mantel_haenszel", "peto"]

CountMeasure = Literal["risk ratio", "odds ratio", "risk difference"]
DifferenceVariance = Literal["sato-greenland-robins", "greenland-robins"]
Tables = Mapping[str, Table2x2]

_ONE_FIXED_EFFECT: Final = "a fixed-effect model has one effect in all studies"


def mantel_haenszel(
    tables: Tables,
    *,
    measure: CountMeasure,
    difference_variance: DifferenceVariance = "sato-greenland-robins",
    level: float = 0.95,
) -> Pooled:
    """The Mantel-Haenszel pooled risk ratio, odds ratio or risk difference, without any correction.

    Tables that say nothing of a ratio (no events in both arms; for the odds ratio also events in all
    patients) are left out and named. Q is taken about the pooled effect, with inverse-variance weights of
    the single studies, in which empty cells get 0.5.

    Args:
        tables: at least two, by a label that is unique to the study.
        measure: what to pool.
        difference_variance: the variance of a risk difference: of Sato, Greenland and Robins, which holds for
            many small studies and for few large ones, or of Greenland and Robins, which RevMan and Stata use.
        level: the confidence level as a fraction.

    Raises:
        PoolingError: fewer than two tables say something of the measure.
        NotEstimableError: the events leave the pooled ratio 0 or infinite, or its variance 0.
        InputError: the level is no fraction, or a method has another name.

    Sources: Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719-48; variance of the odds ratio: Robins J,
    Breslow N, Greenland S. Biometrics 1986;42:311-23; of the risk ratio and difference: Greenland S, Robins
    JM. Biometrics 1985;41:55-68; of the risk difference: Sato T, Greenland S, Robins JM. Biometrics
    1989;45:1323-4.
    """
    if measure not in _SUMS:
        raise InputError("measure", measure, f"one of {', '.join(_SUMS)}")
    if difference_variance not in ("sato-greenland-robins", "greenland-robins"):
        rule = "sato-greenland-robins or greenland-robins"
        raise InputError("difference_variance", difference_variance, rule)
    used, excluded = _informative(tables, measure)
    effect, variance = _SUMS[measure](used, difference_variance)
    estimate = from_effect(
        measure,
        effect,
        math.sqrt(variance),
        level=level,
        method="fixed effect, Mantel-Haenszel",
        source="; ".join(used),
    )
    return Pooled(
        estimate=estimate,
        model="fixed",
        weights=shares(list(used), [_weight(table, measure) for table in used.values()]),
        heterogeneity=_spread(used, measure, effect),
        no_prediction=_ONE_FIXED_EFFECT,
        excluded=excluded,
    )


def _informative(tables: Tables, measure: CountMeasure) -> tuple[dict[str, Table2x2], tuple[Excluded, ...]]:
    """The tables that say something of the measure, and the others with the reason."""
    used, excluded = {}, []
    for label, table in tables.items():
        if measure != "risk difference" and table.events == 0:
            excluded.append(Excluded(label=label, reason="no event in either arm"))
        elif measure == "odds ratio" and table.events == table.total:
            excluded.append(Excluded(label=label, reason="events in all patients of both arms"))
        else:
            used[label] = table
    if len(used) < 2:
        reason = f"pooling needs two studies that say something of the {measure}, there are {len(used)}"
        raise PoolingError(reason, studies=list(tables), hint="show the studies as they are")
    return used, tuple(excluded)


def _weight(table: Table2x2, measure: CountMeasure) -> float:
    """The Mantel-Haenszel weight of a table."""
    if measure == "risk ratio":
        return table.control_events * table.treatment_total / table.total
    if measure == "odds ratio":
        return table.treatment_free * table.control_events / table.total
    return table.treatment_total * table.control_total / table.total


def _refuse_extreme(measure: CountMeasure, upper: float, lower: float) -> None:
    """Refuse a ratio of 0 or infinity."""
    if upper == 0 or lower == 0:
        arm = "treatment" if upper == 0 else "control"
        hint = "use the Mantel-Haenszel risk difference"
        raise NotEstimableError(
            measure, f"the {arm} arms leave it {'0' if upper == 0 else 'infinite'}", hint=hint
        )


def _log_risk_ratio(tables: Tables, _: DifferenceVariance) -> tuple[float, float]:
    """The pooled log risk ratio and its variance (Greenland and Robins 1985)."""
    upper = lower = variance = 0.0
    for t in tables.values():
        n1, n2, n = t.treatment_total, t.control_total, t.total
        upper += t.treatment_events * n2 / n
        lower += t.control_events * n1 / n
        variance += (n1 * n2 * t.events - t.treatment_events * t.control_events * n) / n**2
    _refuse_extreme("risk ratio", upper, lower)
    if variance == 0:
        reason = "events in all patients of all arms, so that its standard error is 0"
        raise NotEstimableError("risk ratio", reason)
    return math.log(upper / lower), variance / (upper * lower)


def _log_odds_ratio(tables: Tables, _: DifferenceVariance) -> tuple[float, float]:
    """The pooled log odds ratio and its variance (Robins, Breslow and Greenland 1986)."""
    upper = lower = first = both = last = 0.0
    for t in tables.values():
        r = t.treatment_events * t.control_free / t.total
        s = t.treatment_free * t.control_events / t.total
        p = (t.treatment_events + t.control_free) / t.total
        upper, lower = upper + r, lower + s
        first += p * r
        both += p * s + (1 - p) * r
        last += (1 - p) * s
    _refuse_extreme("odds ratio", upper, lower)
    variance = first / (2 * upper**2) + both / (2 * upper * lower) + last / (2 * lower**2)
    return math.log(upper / lower), variance


def _risk_difference(tables: Tables, method: DifferenceVariance) -> tuple[float, float]:
    """The pooled risk difference and its variance by the named method."""
    difference = weight = sato_first = sato_last = robins = 0.0
    for t in tables.values():
        a, c, n1, n2, n = t.treatment_events, t.control_events, t.treatment_total, t.control_total, t.total
        difference += (a * n2 - c * n1) / n
        weight += n1 * n2 / n
        sato_first += (n1**2 * c - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / n**2
        sato_last += (a * (n2 - c) + c * (n1 - a)) / (2 * n)
        robins += (a * (n1 - a) * n2**3 + c * (n2 - c) * n1**3) / (n1 * n2 * n**2)
    effect = difference / weight
    spread = robins if method == "greenland-robins" else effect * sato_first + sato_last
    if spread <= 0:
        reason = "all or no patients of each arm have the event, so that its standard error is 0"
        raise NotEstimableError("risk difference", reason)
    return effect, spread / weight**2


_SUMS: Final[Mapping[CountMeasure, Callable[[Tables, DifferenceVariance], tuple[float, float]]]] = {
    "risk ratio": _log_risk_ratio,
    "odds ratio": _log_odds_ratio,
    "risk difference": _risk_difference,
}


def _spread(tables: Tables, measure: CountMeasure, centre: float) -> Heterogeneity:
    singles = [_single(table, measure) for table in tables.values()]
    variances = [variance for single in singles if (variance := single.variance) is not None]
    return heterogeneity([single.effect for single in singles], variances, centre=centre)


def _single(table: Table2x2, measure: CountMeasure) -> Estimate:
    if measure == "risk ratio":
        return risk_ratio(table, zero_cells="half-when-needed")
    if measure == "odds ratio":
        return odds_ratio(table, zero_cells="half-when-needed")
    return risk_difference(table, zero_cells="half-when-needed")


def peto(tables: Tables, *, level: float = 0.95) -> Pooled:
    """Peto's one-step pooled odds ratio: the sum of observed minus expected events over the sum of variances.

    It suits rare events and arms of like size; it is biased where effects are large or arms very unequal.

    Args:
        tables: at least two, by a label that is unique to the study.
        level: the confidence level as a fraction.

    Raises:
        PoolingError: fewer than two tables have patients both with and without the event.
        InputError: the level is no fraction.

    Source: Yusuf S, Peto R, Lewis J, Collins R, Sleight P. Prog Cardiovasc Dis 1985;27:335-71.
    """
    used, excluded = _informative(tables, "odds ratio")
    deviations, variances = [], []
    for t in used.values():
        share = t.treatment_total / t.total
        deviations.append(t.treatment_events - t.events * share)
        variances.append(t.events * share * (1 - share) * (t.total - t.events) / (t.total - 1))
    effect = math.fsum(deviations) / math.fsum(variances)
    singles = [deviation / variance for deviation, variance in zip(deviations, variances, strict=True)]
    return Pooled(
        estimate=from_effect(
            "odds ratio",
            effect,
            1 / math.sqrt(math.fsum(variances)),
            level=level,
            method="fixed effect, Peto",
            source="; ".join(used),
        ),
        model="fixed",
        weights=shares(list(used), variances),
        heterogeneity=heterogeneity(singles, [1 / variance for variance in variances]),
        no_prediction=_ONE_FIXED_EFFECT,
        excluded=excluded,
    )
