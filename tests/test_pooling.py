"""Pooling: published meta-analyses to their printed digits, statsmodels as oracle, refusals, properties."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import combine_effects

from smm_kg.effects import (
    Estimate,
    InputError,
    NotEstimableError,
    Pooled,
    PoolingError,
    Table2x2,
    fixed_effect,
    from_interval,
    mantel_haenszel,
    median_ratio,
    odds_ratio,
    peto,
    random_effects,
    risk_difference,
    risk_ratio,
)
from smm_kg.effects.estimate import from_effect
from smm_kg.effects.heterogeneity import (
    TauMethod,
    heterogeneity,
    share_between,
    tau_dersimonian_laird,
    tau_paule_mandel,
    tau_reml,
)
from smm_kg.effects.mantel_haenszel import CountMeasure
from smm_kg.effects.pooling import MeanInterval

DATA = Path(__file__).parent / "data" / "effects"


def read(name: str) -> dict[str, Table2x2]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {
            row.pop("study"): Table2x2(**{field: int(count) for field, count in row.items()})
            for row in csv.DictReader(file)
        }


def studies_of(effects: Sequence[float], variances: Sequence[float]) -> dict[str, Estimate]:
    """Studies with effects on the log scale."""
    return {
        f"study {number}": from_effect("hazard ratio", effect, math.sqrt(variance), method="given")
        for number, (effect, variance) in enumerate(zip(effects, variances, strict=True), 1)
    }


def logs(pooled: Pooled) -> tuple[float, float, float]:
    """The limits and the effect of a pooled ratio on the log scale."""
    assert pooled.estimate.lower is not None
    assert pooled.estimate.upper is not None
    return math.log(pooled.estimate.lower), pooled.estimate.effect, math.log(pooled.estimate.upper)


BCG = read("bcg.csv")
BCG_RATIOS = {label: risk_ratio(table) for label, table in BCG.items()}
BCG_ODDS = {label: odds_ratio(table) for label, table in BCG.items()}
BCG_DIFFERENCES = {label: risk_difference(table) for label, table in BCG.items()}


# --- the BCG trials: Viechtbauer W. J Stat Softw 2010;36(3):1-48, and the documentation of R's metafor
def test_bcg_fixed_effect() -> None:
    pooled = fixed_effect(BCG_RATIOS)
    assert pooled.estimate.effect == pytest.approx(-0.4303, abs=5e-5)
    assert pooled.estimate.standard_error == pytest.approx(0.0405, abs=5e-5)
    assert pooled.heterogeneity.q == pytest.approx(152.2330, abs=5e-5)
    assert (pooled.heterogeneity.df, pooled.heterogeneity.p < 0.0001) == (12, True)
    assert 100 * pooled.heterogeneity.i_squared == pytest.approx(92.12, abs=5e-3)
    assert pooled.prediction is None


# Effect, standard error, τ², I² from τ² in percent. REML as printed by rma(yi, vi); Paule-Mandel as DLIT.
@pytest.mark.parametrize(
    ("tau", "effect", "error", "tau_squared", "i_squared"),
    [
        ("dersimonian-laird", -0.7141, 0.1787, 0.3088, 92.12),
        ("paule-mandel", -0.7150, 0.1809, 0.3181, 92.33),
        ("reml", -0.7145, 0.1798, 0.3132, 92.22),
    ],
)
def test_bcg_random_effects(
    tau: TauMethod, effect: float, error: float, tau_squared: float, i_squared: float
) -> None:
    pooled = random_effects(BCG_RATIOS, tau=tau, interval="wald")
    assert pooled.estimate.effect == pytest.approx(effect, abs=5e-5)
    assert pooled.estimate.standard_error == pytest.approx(error, abs=5e-5)
    assert pooled.heterogeneity.tau_squared == pytest.approx(tau_squared, abs=5e-5)
    assert pooled.heterogeneity.i_squared_tau is not None
    assert 100 * pooled.heterogeneity.i_squared_tau == pytest.approx(i_squared, abs=5e-3)
    assert 100 * pooled.heterogeneity.i_squared == pytest.approx(92.12, abs=5e-3)


def test_bcg_by_restricted_likelihood_as_metafor_prints_it() -> None:
    pooled = random_effects(BCG_RATIOS, tau="reml", interval="wald")
    assert logs(pooled) == pytest.approx((-1.0669, -0.7145, -0.3622), abs=5e-5)
    assert pooled.estimate.effect / (pooled.estimate.standard_error or 1) == pytest.approx(-3.9744, abs=5e-5)
    assert pooled.estimate.value == pytest.approx(0.4894, abs=5e-5)


# Stata's metan on the same trials, as the tests of metafor quote it.
def test_bcg_inverse_variance_as_metan_prints_it() -> None:
    assert logs(fixed_effect(BCG_RATIOS)) == pytest.approx((-0.510, -0.430, -0.351), abs=5e-4)
    odds = fixed_effect(BCG_ODDS)
    assert logs(odds) == pytest.approx((-0.519, -0.436, -0.353), abs=5e-4)
    assert odds.heterogeneity.q == pytest.approx(163.16, abs=5e-3)
    random = random_effects(BCG_ODDS, tau="dersimonian-laird", interval="wald")
    assert logs(random) == pytest.approx((-1.124, -0.747, -0.371), abs=5e-4)
    assert random.heterogeneity.tau_squared == pytest.approx(0.3663, abs=5e-5)
    assert 100 * random.heterogeneity.i_squared == pytest.approx(92.6, abs=0.05)
    differences = random_effects(BCG_DIFFERENCES, tau="dersimonian-laird", interval="wald")
    estimate = differences.estimate
    assert (estimate.lower, estimate.value, estimate.upper) == (
        pytest.approx(-0.010, abs=5e-4),
        pytest.approx(-0.007, abs=5e-4),
        pytest.approx(-0.004, abs=5e-4),
    )
    assert differences.heterogeneity.q == pytest.approx(276.47, abs=5e-3)


@pytest.mark.parametrize(
    ("measure", "limits", "z", "q"),
    [
        ("risk ratio", (-0.531, -0.454, -0.377), -11.53, 152.57),
        ("odds ratio", (-0.554, -0.473, -0.393), -11.54, 163.94),
    ],
)
def test_bcg_mantel_haenszel(
    measure: CountMeasure, limits: tuple[float, float, float], z: float, q: float
) -> None:
    pooled = mantel_haenszel(BCG, measure=measure)
    assert logs(pooled) == pytest.approx(limits, abs=5e-4)
    assert pooled.estimate.effect / (pooled.estimate.standard_error or 1) == pytest.approx(z, abs=5e-3)
    assert pooled.heterogeneity.q == pytest.approx(q, abs=5e-3)


@pytest.mark.parametrize(("variance", "z"), [("sato-greenland-robins", -11.47), ("greenland-robins", -11.56)])
def test_bcg_mantel_haenszel_difference_by_both_variances(variance: str, z: float) -> None:
    # -11.47 in metafor (Sato, Greenland and Robins), 11.56 in Stata's metan (Greenland and Robins).
    pooled = mantel_haenszel(BCG, measure="risk difference", difference_variance=variance)  # type: ignore[arg-type]
    assert pooled.estimate.value == pytest.approx(-0.003, abs=5e-4)
    assert pooled.estimate.effect / (pooled.estimate.standard_error or 1) == pytest.approx(z, abs=5e-3)
    assert pooled.heterogeneity.q == pytest.approx(386.78, abs=5e-3)


def test_bcg_peto() -> None:
    pooled = peto(BCG)
    assert logs(pooled) == pytest.approx((-0.554, -0.474, -0.395), abs=5e-4)
    assert pooled.estimate.effect / (pooled.estimate.standard_error or 1) == pytest.approx(-11.67, abs=5e-3)
    assert pooled.heterogeneity.q == pytest.approx(167.73, abs=5e-3)


# --- other published meta-analyses
# Rothman KJ, Greenland S, Lash TL. Modern Epidemiology, 3rd ed, 2008, tables 15-1 and 15-5, 90 % intervals.
TOLBUTAMIDE = {
    "under 55": Table2x2(treatment_events=8, treatment_total=106, control_events=5, control_total=120),
    "55 and over": Table2x2(treatment_events=22, treatment_total=98, control_events=16, control_total=85),
}
SPERMICIDE = {
    "under 35": Table2x2(treatment_events=3, treatment_total=12, control_events=104, control_total=1163),
    "35 and over": Table2x2(treatment_events=1, treatment_total=4, control_events=5, control_total=91),
}


def test_mantel_haenszel_in_modern_epidemiology() -> None:
    difference = mantel_haenszel(TOLBUTAMIDE, measure="risk difference", level=0.9).estimate
    assert (difference.lower, difference.value, difference.upper) == (
        pytest.approx(-0.018, abs=5e-4),
        pytest.approx(0.035, abs=5e-4),
        pytest.approx(0.087, abs=5e-4),
    )
    for tables, measure, expected in (
        (TOLBUTAMIDE, "risk ratio", (0.87, 1.33, 2.03)),
        (TOLBUTAMIDE, "odds ratio", (0.84, 1.40, 2.34)),
        (SPERMICIDE, "odds ratio", (1.43, 3.78, 10.00)),
    ):
        estimate = mantel_haenszel(tables, measure=measure, level=0.9).estimate  # type: ignore[arg-type]
        assert estimate.lower is not None
        assert estimate.upper is not None
        assert (estimate.lower, estimate.value, estimate.upper) == pytest.approx(expected, abs=5e-3)
    assert mantel_haenszel(TOLBUTAMIDE, measure="risk ratio").heterogeneity.q == pytest.approx(
        0.447, abs=5e-4
    )
    spread = mantel_haenszel(TOLBUTAMIDE, measure="odds ratio").heterogeneity
    assert (spread.q, spread.p) == (pytest.approx(0.347, abs=5e-4), pytest.approx(0.556, abs=5e-4))


# DerSimonian R, Kacker R. Contemp Clin Trials 2007;28:105-14, tables 3 and 4: τ, mean, standard error.
@pytest.mark.parametrize(
    ("tau", "deviation", "mean", "error"),
    [
        ("paule-mandel", 0.3681, -0.3811, 0.2060),
        ("dersimonian-laird", 0.2323, -0.3240, 0.1540),
        ("reml", 0.1843, -0.2980, 0.1343),
    ],
)
def test_aspirin_against_pre_eclampsia(tau: TauMethod, deviation: float, mean: float, error: float) -> None:
    pooled = random_effects(
        {label: odds_ratio(table) for label, table in read("clasp.csv").items()}, tau=tau, interval="wald"
    )
    assert math.sqrt(pooled.heterogeneity.tau_squared or 0) == pytest.approx(deviation, abs=5e-5)
    assert pooled.estimate.effect == pytest.approx(mean, abs=5e-5)
    assert pooled.estimate.standard_error == pytest.approx(error, abs=5e-5)


def test_lidocaine_after_infarction() -> None:
    # Normand SLT. Stat Med 1999;18:321-59, table VII: 2.94 percentage points (0.4 to 5.5), τ² 0.
    differences = {label: risk_difference(table) for label, table in read("lidocaine.csv").items()}
    for tau in get_args(TauMethod):
        pooled = random_effects(differences, tau=tau, interval="wald")
        assert 100 * pooled.estimate.value == pytest.approx(2.94, abs=5e-3)
        assert 100 * (pooled.estimate.lower or 0) == pytest.approx(0.4, abs=0.05)
        assert 100 * (pooled.estimate.upper or 0) == pytest.approx(5.5, abs=0.05)
        assert pooled.heterogeneity.tau_squared == 0


# Viechtbauer W. J Educ Behav Stat 2005;30:261-93, pages 271 and 272: τ² and I² in percent by estimator. Its
# empirical Bayes estimator is that of Paule and Mandel (Viechtbauer 2015).
EXAMPLE_1 = (
    [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
    [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040],
)
EXAMPLE_2 = (
    [
        *(0.100, -0.162, -0.090, -0.049, -0.046, -0.010, -0.431, -0.261, 0.134),
        *(0.019, 0.175, 0.056, 0.045, 0.103, 0.121, -0.482, 0.290, 0.342),
    ],
    [
        *(0.016, 0.015, 0.050, 0.050, 0.032, 0.052, 0.036, 0.024, 0.034),
        *(0.033, 0.031, 0.034, 0.039, 0.167, 0.134, 0.096, 0.016, 0.035),
    ],
)


@pytest.mark.parametrize(
    ("data", "laird", "reml", "bayes"),
    [
        (EXAMPLE_1, (0.277, 80.44), (0.223, 76.84), (0.192, 74.05)),
        (EXAMPLE_2, (0.013, 27.53), (0.016, 32.02), (0.010, 23.72)),
    ],
)
def test_estimators_of_the_variance_between_studies(
    data: tuple[Sequence[float], Sequence[float]],
    laird: tuple[float, float],
    reml: tuple[float, float],
    bayes: tuple[float, float],
) -> None:
    effects, variances = data
    for estimator, (tau_squared, i_squared) in (
        (tau_dersimonian_laird, laird),
        (tau_reml, reml),
        (tau_paule_mandel, bayes),
    ):
        found = estimator(effects, variances)
        assert found == pytest.approx(tau_squared, abs=5e-4)
        assert 100 * share_between(found, variances) == pytest.approx(i_squared, abs=5e-3)


# Raudenbush SW. In: Cooper H, et al. The handbook of research synthesis, 2nd ed, 2009, table 16.3: teacher
# expectancy, 19 studies. Mean, standard error and limits, Wald and Hartung-Knapp.
EXPECTANCY = (
    [
        *(0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80),
        *(0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.30, 0.07, -0.07),
    ],
    [
        *(0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630),
        *(0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303),
    ],
)


@pytest.mark.parametrize(
    ("tau", "interval", "tau_squared", "mean", "error", "lower", "upper"),
    [
        ("reml", "wald", 0.019, 0.084, 0.052, -0.018, 0.185),
        ("reml", "hartung-knapp", 0.019, 0.084, 0.062, -0.046, 0.213),
        ("dersimonian-laird", "wald", 0.026, 0.089, 0.056, -0.020, 0.199),
        ("dersimonian-laird", "hartung-knapp", 0.026, 0.089, 0.064, -0.044, 0.223),
    ],
)
def test_teacher_expectancy(
    tau: TauMethod,
    interval: MeanInterval,
    tau_squared: float,
    mean: float,
    error: float,
    lower: float,
    upper: float,
) -> None:
    pooled = random_effects(studies_of(*EXPECTANCY), tau=tau, interval=interval)
    assert pooled.heterogeneity.tau_squared == pytest.approx(tau_squared, abs=5e-4)
    assert pooled.estimate.standard_error == pytest.approx(error, abs=5e-4)
    assert logs(pooled) == pytest.approx((lower, mean, upper), abs=5e-4)


def test_teacher_expectancy_with_a_fixed_effect() -> None:
    # The same, page 301 and 302.
    pooled = fixed_effect(studies_of(*EXPECTANCY))
    assert logs(pooled) == pytest.approx((-0.011, 0.060, 0.132), abs=5e-4)
    assert pooled.heterogeneity.q == pytest.approx(35.83, abs=5e-3)


# Made-up studies, pooled by R's meta 8.2-1 and metafor 4.6-0 with all options used here. Metafor stops the
# iteration of REML when a step is below 1e-5.
FIVE = (
    (0.5300713252, -0.4844875426, 0.6625891564, 0.4723959089, 0.6135719911),
    tuple(error**2 for error in (0.4159957644, 0.3298722012, 0.3757300289, 0.2746608754, 0.4587564892)),
)


def test_five_studies_as_r_pools_them() -> None:
    pooled = random_effects(studies_of(*FIVE), tau="reml", interval="wald")
    spread, estimate = pooled.heterogeneity, pooled.estimate
    assert (spread.q, spread.df, spread.p) == (pytest.approx(7.7485839265), 4, pytest.approx(0.1012343546))
    assert (100 * spread.i_squared, spread.h) == (pytest.approx(48.3776644), pytest.approx(1.3918139))
    assert 100 * (spread.i_squared_tau or 0) == pytest.approx(49.1543936, abs=1e-3)
    assert spread.tau_squared == pytest.approx(0.1250834209, abs=1e-6)
    assert tau_dersimonian_laird(*FIVE) == pytest.approx(0.1212545615)
    assert tau_paule_mandel(*FIVE) == pytest.approx(0.1085057664, abs=1e-5)
    assert estimate.effect == pytest.approx(0.3296502955, abs=1e-6)
    assert estimate.standard_error == pytest.approx(0.2273164917, abs=1e-6)
    assert estimate.p == pytest.approx(0.1470077598, abs=1e-6)
    assert [round(100 * weight.share, 2) for weight in pooled.weights] == [17.33, 22.09, 19.41, 25.77, 15.40]


def test_the_prediction_interval_of_five_studies() -> None:
    # method.predict="HTS" of meta, pi.type="Riley" of metafor.
    prediction = random_effects(studies_of(*FIVE), tau="reml", interval="wald").prediction
    assert prediction is not None
    assert (math.log(prediction.lower), math.log(prediction.upper)) == pytest.approx(
        (-1.008326, 1.667627), abs=5e-6
    )
    assert prediction.method == "prediction (Higgins 2009), t with 3 df"


def test_hartung_knapp_and_its_ad_hoc_correction_of_five_studies() -> None:
    plain = random_effects(studies_of(*FIVE), interval="hartung-knapp")
    assert plain.estimate.standard_error == pytest.approx(0.219413, abs=1e-6)
    assert plain.estimate.p == pytest.approx(0.2074, abs=5e-5)
    assert logs(plain) == pytest.approx((-0.279539, 0.329650, 0.938840), abs=2e-6)
    guarded = random_effects(studies_of(*FIVE))
    assert logs(guarded) == pytest.approx((-0.301481, 0.329650, 0.960782), abs=2e-6)
    assert guarded.estimate.method == "random effects, τ² by reml, hartung-knapp-ad-hoc interval"


# --- statsmodels and scipy as oracles
def made_up(seed: int) -> tuple[list[float], list[float]]:
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 25))
    variances = np.exp(random.uniform(-7, 1, count))
    effects = random.normal(0.2, random.choice([0.0, 0.1, 1.0]), count) + random.normal(0, np.sqrt(variances))
    return list(map(float, effects)), list(map(float, variances))


@pytest.mark.filterwarnings("ignore:invalid value encountered in sqrt")
@pytest.mark.parametrize("seed", range(60))
def test_pooling_is_that_of_statsmodels(seed: int) -> None:
    effects, variances = made_up(seed)
    studies = studies_of(effects, variances)
    theirs = combine_effects(np.array(effects), np.array(variances), method_re="chi2")
    fixed = fixed_effect(studies)
    assert fixed.estimate.effect == pytest.approx(theirs.mean_effect_fe, abs=1e-12)
    assert fixed.estimate.standard_error == pytest.approx(theirs.sd_eff_w_fe)
    assert fixed.heterogeneity.q == pytest.approx(theirs.q, rel=1e-9)
    assert fixed.heterogeneity.p == pytest.approx(theirs.test_homogeneity().pvalue, rel=1e-6)
    assert fixed.heterogeneity.i_squared == pytest.approx(max(0, theirs.i2))
    wald, knapp = (
        random_effects(studies, tau="dersimonian-laird", interval=interval)  # type: ignore[arg-type]
        for interval in ("wald", "hartung-knapp")
    )
    assert wald.heterogeneity.tau_squared == pytest.approx(max(0, theirs.tau2), abs=1e-12)
    if theirs.tau2 < 0:  # statsmodels goes on with it, as nobody wants
        assert wald.estimate.effect == pytest.approx(theirs.mean_effect_fe, abs=1e-12)
        return
    assert wald.estimate.effect == pytest.approx(theirs.mean_effect_re, abs=1e-12)
    assert wald.estimate.standard_error == pytest.approx(theirs.sd_eff_w_re)
    assert knapp.estimate.standard_error == pytest.approx(theirs.sd_eff_w_re_hksj)
    lower, _, upper = logs(knapp)
    assert (lower, upper) == pytest.approx(tuple(theirs.conf_int(use_t=True)[3]))


@pytest.mark.parametrize("seed", range(60))
def test_the_estimator_of_paule_and_mandel_meets_its_definition(seed: int) -> None:
    effects, variances = (np.array(numbers) for numbers in made_up(seed))

    def excess(tau_squared: float) -> float:
        centre = np.average(effects, weights=1 / (variances + tau_squared))
        return float(((effects - centre) ** 2 / (variances + tau_squared)).sum()) - len(effects) + 1

    expected = 0.0 if excess(0) <= 0 else optimize.brentq(excess, 0, 1e4, xtol=1e-14)
    assert tau_paule_mandel(list(effects), list(variances)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_the_restricted_likelihood_is_that_of_error_contrasts(seed: int) -> None:
    # Patterson and Thompson: the likelihood of all contrasts between studies, a multivariate normal.
    effects, variances = made_up(seed)
    contrasts = np.array(effects[1:]) - effects[0]
    ones = np.ones((len(contrasts), len(contrasts)))

    def height(tau_squared: float) -> float:
        covariance = np.diag(np.array(variances[1:]) + tau_squared) + (variances[0] + tau_squared) * ones
        return float(stats.multivariate_normal(cov=covariance).logpdf(contrasts))

    found = tau_reml(effects, variances)
    best = optimize.minimize_scalar(
        lambda root: -height(root**2), bounds=(0, 10), method="bounded", options={"xatol": 1e-9}
    )
    assert height(found) >= -best.fun - 1e-9
    assert height(found) >= max(height(0.0), height(found * 1.01 + 1e-6), height(found * 0.99)) - 1e-12


@pytest.mark.parametrize("seed", range(40))
def test_mantel_haenszel_is_that_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    tables = {}
    for number in range(int(random.integers(2, 12))):
        n1, n2 = (int(n) for n in random.integers(5, 400, 2))
        a, c = (int(random.binomial(n, random.choice([0.02, 0.2, 0.6]))) for n in (n1, n2))
        tables[str(number)] = Table2x2(
            treatment_events=a, treatment_total=n1, control_events=c, control_total=n2
        )
    tables["last"] = Table2x2(treatment_events=3, treatment_total=20, control_events=5, control_total=21)
    theirs = StratifiedTable(
        [
            np.array([[t.treatment_events, t.treatment_free], [t.control_events, t.control_free]])
            for t in tables.values()
        ]
    )
    ours = mantel_haenszel(tables, measure="odds ratio").estimate
    assert ours.effect == pytest.approx(theirs.logodds_pooled)
    assert ours.standard_error == pytest.approx(theirs.logodds_pooled_se)
    assert mantel_haenszel(tables, measure="risk ratio").estimate.value == pytest.approx(
        theirs.riskratio_pooled
    )


def test_one_table_split_in_two_pools_to_the_whole() -> None:
    # Two halves of one trial: the Mantel-Haenszel estimates are those of the whole, crude.
    half = Table2x2(treatment_events=15, treatment_total=100, control_events=30, control_total=100)
    for measure, value in (("risk ratio", 0.5), ("odds ratio", 0.41176), ("risk difference", -0.15)):
        pooled = mantel_haenszel({"first": half, "second": half}, measure=measure)  # type: ignore[arg-type]
        assert pooled.estimate.value == pytest.approx(value, rel=1e-4)
        assert pooled.heterogeneity.q == pytest.approx(0, abs=1e-12)


# --- edges and refusals
def test_one_study_is_not_pooled() -> None:
    one = dict(list(BCG_RATIOS.items())[:1])
    for pool in (fixed_effect, random_effects):
        with pytest.raises(PoolingError, match="needs two studies, there is one"):
            pool(one)
        with pytest.raises(PoolingError, match="there are none"):
            pool({})
    with pytest.raises(PoolingError, match="there are 1"):
        mantel_haenszel(dict(list(BCG.items())[:1]), measure="risk ratio")


def test_two_studies_have_a_wide_interval_and_no_prediction() -> None:
    # With one degree of freedom t is 12.706.
    pooled = random_effects(studies_of([0.0, 1.0], [0.01, 0.01]), interval="hartung-knapp")
    assert logs(pooled) == pytest.approx((0.5 - 12.706 / 2, 0.5, 0.5 + 12.706 / 2), abs=1e-3)
    assert pooled.prediction is None
    assert pooled.no_prediction == "a prediction interval needs three studies, there are 2"


def test_measures_do_not_mix() -> None:
    studies: dict[str, Estimate] = {
        "trial of hazards": from_interval("hazard ratio", 0.5, 0.3, 0.9),
        "trial of medians": median_ratio(40, 20),
    }
    with pytest.raises(PoolingError, match="never pools with one") as refused:
        random_effects(studies)
    assert refused.value.studies == (
        "trial of hazards: hazard ratio",
        "trial of medians: median ratio",
    )
    with pytest.raises(PoolingError, match="pool studies of one measure"):
        fixed_effect({"a": BCG_RATIOS["Aronson 1948"], "b": BCG_ODDS["Aronson 1948"]})


def test_a_study_without_standard_error_is_named() -> None:
    studies = {
        "known": from_interval("hazard ratio", 0.5, 0.3, 0.9),
        "unknown": Estimate(measure="hazard ratio", value=0.7, method="printed"),
    }
    with pytest.raises(PoolingError, match="no standard error") as refused:
        fixed_effect(studies)
    assert refused.value.studies == ("unknown",)


def test_effects_that_are_all_alike_have_no_plain_hartung_knapp_interval() -> None:
    alike = studies_of([0.5, 0.5, 0.5], [0.1, 0.2, 0.3])
    with pytest.raises(PoolingError, match="all alike"):
        random_effects(alike, interval="hartung-knapp")
    guarded = random_effects(alike)
    assert guarded.heterogeneity.tau_squared == 0
    assert guarded.heterogeneity.i_squared == 0
    assert guarded.heterogeneity.h == 1
    assert guarded.estimate.standard_error == pytest.approx(fixed_effect(alike).estimate.standard_error)


@pytest.mark.parametrize("dominant", [1e-12, 1e-24])
def test_one_study_may_outweigh_all_others(dominant: float) -> None:
    for tau in get_args(TauMethod):
        pooled = random_effects(studies_of([0.1, 2.0, -1.0], [dominant, 1.0, 2.0]), tau=tau, interval="wald")
        assert math.isfinite(pooled.estimate.effect)
        assert (pooled.heterogeneity.tau_squared or 0) >= 0


def test_unknown_methods_are_refused() -> None:
    with pytest.raises(InputError, match="reml"):
        random_effects(BCG_RATIOS, tau="ml")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="wald"):
        random_effects(BCG_RATIOS, interval="t")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="risk ratio"):
        mantel_haenszel(BCG, measure="hazard ratio")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="greenland"):
        mantel_haenszel(BCG, measure="risk difference", difference_variance="wald")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="level"):
        fixed_effect(BCG_RATIOS, level=95)


def rows(*counts: tuple[int, int, int, int]) -> Mapping[str, Table2x2]:
    return {
        str(number): Table2x2(treatment_events=a, treatment_total=n1, control_events=c, control_total=n2)
        for number, (a, n1, c, n2) in enumerate(counts, 1)
    }


def test_tables_that_say_nothing_of_a_ratio_are_left_out_and_named() -> None:
    tables = rows((0, 20, 0, 20), (3, 20, 5, 20), (2, 30, 4, 30), (10, 10, 10, 10))
    ratio = mantel_haenszel(tables, measure="risk ratio")
    assert [(study.label, study.reason) for study in ratio.excluded] == [("1", "no event in either arm")]
    odds = mantel_haenszel(tables, measure="odds ratio")
    assert [study.label for study in odds.excluded] == ["1", "4"]
    assert [weight.label for weight in odds.weights] == ["2", "3"]
    assert mantel_haenszel(tables, measure="risk difference").excluded == ()
    assert [study.label for study in peto(tables).excluded] == ["1", "4"]


def test_without_events_only_the_difference_is_pooled() -> None:
    # As in the tests of metafor: no odds ratio, no risk ratio, and a risk difference of 0.
    never = rows((0, 10, 0, 10), (0, 15, 0, 10), (0, 20, 0, 30))
    for measure in ("risk ratio", "odds ratio"):
        with pytest.raises(PoolingError, match="there are 0"):
            mantel_haenszel(never, measure=measure)  # type: ignore[arg-type]
    with pytest.raises(PoolingError):
        peto(never)
    with pytest.raises(NotEstimableError, match="standard error is 0"):
        mantel_haenszel(never, measure="risk difference")
    always = rows((10, 10, 10, 10), (15, 15, 10, 10))
    with pytest.raises(NotEstimableError, match="standard error is 0"):
        mantel_haenszel(always, measure="risk ratio")


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (rows((0, 20, 5, 20), (0, 30, 4, 30)), "leave it 0"),
        (rows((5, 20, 0, 20), (4, 30, 0, 30)), "infinite"),
    ],
)
def test_events_in_one_arm_only_leave_no_ratio(tables: Mapping[str, Table2x2], words: str) -> None:
    for measure in ("risk ratio", "odds ratio"):
        with pytest.raises(NotEstimableError, match=words):
            mantel_haenszel(tables, measure=measure)  # type: ignore[arg-type]
    assert math.isfinite(peto(tables).estimate.value)
    assert mantel_haenszel(tables, measure="risk difference").estimate.standard_error


def test_empty_cells_need_no_correction_in_the_pooled_effect() -> None:
    # By hand: R = 4*20/40 + 0, S = 1*20/40 + 2*30/60; 2 / 1.5.
    tables = rows((4, 20, 1, 20), (0, 30, 2, 30))
    assert mantel_haenszel(tables, measure="risk ratio").estimate.value == pytest.approx(2 / 1.5)


# --- properties
pools = st.lists(st.tuples(st.floats(-3, 3), st.floats(1e-4, 4)), min_size=2, max_size=12).map(
    lambda pairs: ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
)


@settings(deadline=None)
@given(pools, st.sampled_from(get_args(TauMethod)))
def test_a_pooled_effect_lies_among_those_of_its_studies(
    data: tuple[list[float], list[float]], tau: TauMethod
) -> None:
    studies = studies_of(*data)
    for pooled in (fixed_effect(studies), random_effects(studies, tau=tau)):
        assert min(data[0]) - 1e-9 <= pooled.estimate.effect <= max(data[0]) + 1e-9
        assert sum(weight.share for weight in pooled.weights) == pytest.approx(1)


@settings(deadline=None)
@given(pools, st.sampled_from(get_args(TauMethod)))
def test_random_effects_without_heterogeneity_are_the_fixed_effect(
    data: tuple[list[float], list[float]], tau: TauMethod
) -> None:
    studies = studies_of(*data)
    pooled, fixed = random_effects(studies, tau=tau, interval="wald"), fixed_effect(studies)
    tau_squared = pooled.heterogeneity.tau_squared
    assert tau_squared is not None
    if tau_squared == 0:
        assert pooled.estimate.effect == pytest.approx(fixed.estimate.effect)
    assert (pooled.estimate.standard_error or 0) >= (fixed.estimate.standard_error or 0) * (1 - 1e-9)


@settings(deadline=None)
@given(pools, st.sampled_from(get_args(TauMethod)))
def test_turning_all_effects_turns_the_pooled_one(
    data: tuple[list[float], list[float]], tau: TauMethod
) -> None:
    there = random_effects(studies_of(*data), tau=tau)
    back = random_effects(studies_of([-effect for effect in data[0]], data[1]), tau=tau)
    assert back.estimate.effect == pytest.approx(-there.estimate.effect, abs=1e-7)
    assert back.heterogeneity.tau_squared == pytest.approx(
        there.heterogeneity.tau_squared, rel=1e-6, abs=1e-12
    )


@settings(deadline=None)
@given(pools)
def test_the_order_of_studies_does_not_matter(data: tuple[list[float], list[float]]) -> None:
    effects, variances = data
    there, back = studies_of(effects, variances), studies_of(effects[::-1], variances[::-1])
    assert random_effects(there).estimate.effect == pytest.approx(
        random_effects(back).estimate.effect, abs=1e-7
    )
    assert fixed_effect(there).heterogeneity.q == pytest.approx(fixed_effect(back).heterogeneity.q, abs=1e-9)


@settings(deadline=None)
@given(pools)
def test_the_ad_hoc_interval_is_never_the_narrower(data: tuple[list[float], list[float]]) -> None:
    studies = studies_of(*data)
    guarded = random_effects(studies)
    wald = random_effects(studies, interval="wald")
    assert (guarded.estimate.standard_error or 0) >= (wald.estimate.standard_error or 0) * (1 - 1e-9)
    if guarded.prediction is not None:
        assert guarded.estimate.lower is not None
        assert guarded.estimate.upper is not None
        assert guarded.prediction.lower <= guarded.estimate.lower * (1 + 1e-9)
        assert guarded.prediction.upper >= guarded.estimate.upper * (1 - 1e-9)


@settings(deadline=None)
@given(pools)
def test_q_is_least_about_its_own_mean(data: tuple[list[float], list[float]]) -> None:
    own = heterogeneity(*data)
    assert heterogeneity(*data, centre=0.3).q >= own.q - 1e-9
    assert 0 <= own.i_squared < 1
    assert own.h >= 1
