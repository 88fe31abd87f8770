"""Effects from counts: published worked examples, extremes, and what is refused."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smm_kg.effects as effects
from smm_kg.effects import (
    EffectError,
    Estimate,
    InputError,
    Interval,
    NotEstimableError,
    NumberNeededRange,
    Table2x2,
    clopper_pearson_interval,
    fisher_exact_p,
    number_needed_to_treat,
    odds_ratio,
    risk_difference,
    risk_ratio,
    wilson_interval,
)
from smm_kg.effects.table import corrected
from smm_kg.errors import SmmKgError


def table(a: int, n1: int, c: int, n2: int) -> Table2x2:
    return Table2x2(treatment_events=a, treatment_total=n1, control_events=c, control_total=n2)


def difference(value: float, lower: float, upper: float) -> Estimate:
    return Estimate(measure="risk difference", value=value, lower=lower, upper=upper, method="given")


@st.composite
def tables(draw: st.DrawFn) -> Table2x2:
    n1, n2 = draw(st.integers(1, 5000)), draw(st.integers(1, 5000))
    return table(draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2)


# --- proportions: Newcombe RG. Stat Med 1998;17:857-72, table I, methods 3 (Wilson) and 5 (exact)
ONE_PROPORTION = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("events", "total", "wilson", "exact"), ONE_PROPORTION)
def test_intervals_of_a_proportion_are_those_of_newcombe(
    events: int, total: int, wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    score, clopper = wilson_interval(events, total), clopper_pearson_interval(events, total)
    assert (round(score.lower, 4), round(score.upper, 4)) == wilson
    assert (round(clopper.lower, 4), round(clopper.upper, 4)) == exact


@pytest.mark.parametrize("interval_of", [wilson_interval, clopper_pearson_interval])
def test_a_proportion_of_all_or_none_is_bounded_exactly(interval_of: object) -> None:
    assert callable(interval_of)
    assert interval_of(0, 7).lower == 0
    assert interval_of(7, 7).upper == 1
    assert interval_of(0, 7).upper == pytest.approx(1 - interval_of(7, 7).lower)


def test_the_rule_of_three() -> None:
    # Hanley JA, Lippman-Hand A. JAMA 1983;249:1743-5: 1 - 0.05^(1/n); with a two-sided 0.90 interval.
    assert clopper_pearson_interval(0, 100, level=0.9).upper == pytest.approx(0.0295, abs=5e-5)


# --- risk difference: Newcombe RG. Stat Med 1998;17:873-90, table II, method 10
TWO_PROPORTIONS = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]


@pytest.mark.parametrize(("a", "n1", "c", "n2", "lower", "upper"), TWO_PROPORTIONS)
def test_the_interval_of_a_risk_difference_is_that_of_newcombe(
    a: int, n1: int, c: int, n2: int, lower: float, upper: float
) -> None:
    estimate = risk_difference(table(a, n1, c, n2))
    assert estimate.value == pytest.approx(a / n1 - c / n2)
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(lower, abs=5e-5),
        pytest.approx(upper, abs=5e-5),
    )


def test_the_wald_interval_is_method_1_of_newcombe() -> None:
    # Table II, (a): 56/70 - 48/80.
    estimate = risk_difference(table(56, 70, 48, 80), interval="wald")
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(0.0575, abs=5e-5),
        pytest.approx(0.3425, abs=5e-5),
    )


# Normand SLT. Stat Med 1999;18:321-59, table III: differences and variances in percentage points.
@pytest.mark.parametrize(
    ("counts", "value", "variance"),
    [
        ((2, 39, 1, 43), 2.8026, 17.7575),
        ((4, 44, 4, 44), 0.0, 37.5657),
        ((6, 107, 4, 110), 1.9711, 8.1323),
        ((11, 154, 4, 146), 4.4031, 6.1320),
    ],
)
def test_risk_differences_of_the_lidocaine_trials(
    counts: tuple[int, int, int, int], value: float, variance: float
) -> None:
    estimate = risk_difference(table(*counts), interval="wald")
    assert 100 * estimate.value == pytest.approx(value, abs=5e-5)
    assert estimate.variance is not None
    assert 1e4 * estimate.variance == pytest.approx(variance, abs=5e-5)


# Viechtbauer W. J Stat Softw 2010;36(3):1-48: the first BCG trial, 4/123 against 11/139.
def test_the_first_bcg_trial() -> None:
    estimate = risk_ratio(table(4, 123, 11, 139))
    assert estimate.effect == pytest.approx(-0.8893, abs=5e-5)
    assert estimate.variance == pytest.approx(0.3256, abs=5e-5)
    # van Houwelingen HC, Arends LR, Stijnen T. Stat Med 2002;21:589-624, as logged odds ratio.
    odds = odds_ratio(table(4, 123, 11, 139))
    assert odds.effect == pytest.approx(-0.9387, abs=5e-5)
    assert odds.variance == pytest.approx(0.3571, abs=5e-5)


# Rothman KJ, Greenland S, Lash TL. Modern Epidemiology, 3rd ed, 2008, table 15-1 (tolbutamide).
@pytest.mark.parametrize(
    ("counts", "difference_", "error", "ratio"),
    [
        ((8, 106, 5, 120), 0.0338, 0.0315, 1.81),
        ((22, 98, 16, 85), 0.0363, 0.0598, 1.19),
        ((30, 204, 21, 205), 0.0446, 0.0326, 1.44),
    ],
)
def test_the_tolbutamide_strata(
    counts: tuple[int, int, int, int], difference_: float, error: float, ratio: float
) -> None:
    estimate = risk_difference(table(*counts))
    assert estimate.value == pytest.approx(difference_, abs=5e-5)
    assert estimate.standard_error == pytest.approx(error, abs=5e-5)
    assert risk_ratio(table(*counts)).value == pytest.approx(ratio, abs=5e-3)


def test_ratios_with_their_intervals() -> None:
    # 15/100 against 30/100, as scipy.stats.contingency.relative_risk and odds_ratio(kind="sample") give them.
    risk, odds = risk_ratio(table(15, 100, 30, 100)), odds_ratio(table(15, 100, 30, 100))
    assert risk.lower is not None
    assert risk.upper is not None
    assert odds.lower is not None
    assert odds.upper is not None
    assert (risk.value, risk.lower, risk.upper) == pytest.approx((0.5, 0.2872, 0.8704), abs=5e-5)
    assert (odds.value, odds.lower, odds.upper) == pytest.approx((0.4118, 0.2053, 0.8258), abs=5e-5)


# --- number needed to treat
def test_the_number_needed_to_treat_of_altman() -> None:
    # Altman DG. BMJ 1998;317:1309-12: an absolute risk reduction of 10 % (5 % to 15 %) is NNT 10 (6.7 to 20).
    number = number_needed_to_treat(difference(-0.10, -0.15, -0.05), event="harmful")
    assert number.direction == "benefit"
    assert number.value == pytest.approx(10)
    assert number.ranges == (
        NumberNeededRange(direction="benefit", least=pytest.approx(1 / 0.15), most=pytest.approx(20)),
    )
    assert str(number) == "NNTB 10 (NNTB 6.7 to 20)"


def test_an_interval_through_infinity_is_split_there() -> None:
    # The same article: 10 % (-5 % to 25 %) is NNTB 10 (NNTB 4 to infinity to NNTH 20).
    number = number_needed_to_treat(difference(0.10, -0.05, 0.25), event="beneficial")
    benefit, harm = number.ranges
    assert (benefit.direction, benefit.least, benefit.most) == ("benefit", pytest.approx(4), math.inf)
    assert (harm.direction, harm.least, harm.most) == ("harm", pytest.approx(20), math.inf)
    assert str(number) == "NNTB 10 (NNTB 4 to ∞ to NNTH 20)"


def test_the_chloramphenicol_trial() -> None:
    # Rose PW, et al. Lancet 2005;366:37-43: cured 140/162 against 128/155. As Cates C. works it out for
    # general practitioners: 3.8 % (-4.1 % to 11.8 %), NNTB 27, the next whole number.
    estimate = risk_difference(table(140, 162, 128, 155), interval="wald")
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(-0.041, abs=5e-4),
        pytest.approx(0.118, abs=5e-4),
    )
    number = number_needed_to_treat(estimate, event="beneficial")
    assert math.ceil(number.value) == 27
    assert [part.direction for part in number.ranges] == ["benefit", "harm"]


def test_barrowmans_example() -> None:
    # Barrowman NJ. CMAJ 2002;166:1676-7: 16.6 % (0.9 % to 32.2 %) is about 6 (3.1 to 111.1).
    number = number_needed_to_treat(difference(0.166, 0.009, 0.322), event="beneficial")
    assert str(number) == "NNTB 6 (NNTB 3.1 to 111.1)"


@pytest.mark.parametrize(
    ("value", "lower", "upper", "text"),
    [
        (0.0, -0.1, 0.2, "NNT ∞ (NNTB 5 to ∞ to NNTH 10)"),
        (0.1, 0.0, 0.2, "NNTB 10 (NNTB 5 to ∞)"),
        (-0.1, -0.2, 0.0, "NNTH 10 (NNTH 5 to ∞)"),
        (-0.25, -0.4, -0.1, "NNTH 4 (NNTH 2.5 to 10)"),
    ],
)
def test_the_number_needed_at_and_beyond_no_difference(
    value: float, lower: float, upper: float, text: str
) -> None:
    assert str(number_needed_to_treat(difference(value, lower, upper), event="beneficial")) == text


def test_a_difference_without_interval_gives_a_number_without_one() -> None:
    rate = Estimate(measure="rate difference", value=0.47, method="given")
    number = number_needed_to_treat(rate, event="beneficial")
    assert number.ranges == ()
    assert str(number) == "NNTB 2.1"


def test_a_ratio_has_no_number_needed_to_treat() -> None:
    with pytest.raises(InputError, match="baseline risk"):
        number_needed_to_treat(risk_ratio(table(15, 100, 30, 100)), event="harmful")


# --- Fisher's exact test
@pytest.mark.parametrize(
    ("counts", "p"),
    [
        ((3, 4, 1, 4), 34 / 70),  # Fisher's tea: 2 * (1 + 16) / 70
        ((10, 13, 2, 17), 0.0005367),  # Fisher's twins (1935); one-sided 0.0004652
        ((3, 3, 0, 3), 0.1),
        ((5, 5, 0, 5), 1 / 126),
        ((4, 5, 1, 4), 13 / 63),  # not twice the one-sided P
        ((0, 2, 5, 8), 4 / 9),  # tables that tie in exact arithmetic and not in floats
        ((0, 2, 7, 12), 6 / 13),
        ((0, 4, 0, 5), 1.0),
    ],
)
def test_fishers_exact_test(counts: tuple[int, int, int, int], p: float) -> None:
    assert fisher_exact_p(table(*counts)) == pytest.approx(p, rel=1e-4)


def test_fishers_test_of_very_large_tables() -> None:
    assert fisher_exact_p(table(500, 10**9, 500, 10**9)) == pytest.approx(1.0)
    assert fisher_exact_p(table(0, 10**9, 10, 10**9)) == pytest.approx(2 / 2**10, rel=1e-6)
    assert 0 <= fisher_exact_p(table(20_000, 20_000, 0, 20_000)) < 1e-300


# --- empty cells
@pytest.mark.parametrize("effect", [risk_ratio, odds_ratio])
def test_an_empty_cell_is_refused_unless_a_method_is_named(effect: object) -> None:
    assert callable(effect)
    with pytest.raises(NotEstimableError, match="name a correction"):
        effect(table(0, 29, 5, 56))
    assert effect(table(0, 29, 5, 56), zero_cells="half-when-needed").notes == (
        "continuity correction: 0.5 added to each cell",
    )


@pytest.mark.parametrize("effect", [risk_ratio, odds_ratio])
@pytest.mark.parametrize("method", ["refuse", "half-when-needed", "haldane-anscombe", "treatment-arm"])
def test_a_table_without_events_has_no_ratio_whatever_the_method(effect: object, method: str) -> None:
    assert callable(effect)
    with pytest.raises(NotEstimableError, match="no event in either arm"):
        effect(table(0, 29, 0, 56), zero_cells=method)


def test_haldane_and_anscombe_correct_always_and_by_a_half() -> None:
    # Haldane's example of a table without empty cells: (a+½)(d+½)/((b+½)(c+½)).
    plain, corrected = (
        odds_ratio(table(1, 3, 1, 5), zero_cells=method)
        for method in ("half-when-needed", "haldane-anscombe")
    )
    assert plain.value == pytest.approx(2.0)
    assert plain.notes == ()
    assert corrected.value == pytest.approx((1.5 * 4.5) / (2.5 * 1.5))


def test_the_treatment_arm_correction_pulls_nowhere() -> None:
    # Sweeting, Sutton and Lambert 2004: arms of 1:3 get 0.25 and 0.75, and arms without events the same odds,
    # where 0.5 in each cell gives the smaller arm three times the odds.
    none = table(0, 100, 0, 300)
    cells, halves = (corrected(none, method, needed=True) for method in ("treatment-arm", "half-when-needed"))
    assert (cells.a * cells.d) / (cells.b * cells.c) == pytest.approx(1)
    assert (halves.a * halves.d) / (halves.b * halves.c) == pytest.approx(3, rel=0.01)
    estimate = odds_ratio(table(0, 100, 1, 300), zero_cells="treatment-arm")
    assert estimate.value == pytest.approx((0.25 / 100.25) / (1.75 / 299.75))
    assert "0.25 and 0.75" in estimate.notes[0]


def test_a_risk_ratio_of_all_against_all_is_one_only_with_a_correction() -> None:
    with pytest.raises(NotEstimableError, match="all patients of both arms"):
        risk_ratio(table(10, 10, 10, 10))
    estimate = risk_ratio(table(200, 200, 1, 1), zero_cells="half-when-needed")
    assert estimate.value == 1
    assert estimate.standard_error == pytest.approx(math.sqrt(1 / 200.5 - 1 / 201 + 1 / 1.5 - 1 / 2))
    assert estimate.notes == ("standard error with continuity correction: 0.5 added to each cell",)


def test_a_risk_difference_is_never_corrected_but_its_standard_error_may_be() -> None:
    plain = risk_difference(table(10, 10, 0, 10))
    assert (plain.value, plain.standard_error) == (1.0, None)
    assert plain.notes == ("no standard error: each risk is 0 or 1",)
    helped = risk_difference(table(10, 10, 0, 10), zero_cells="half-when-needed")
    assert helped.value == 1.0
    assert helped.standard_error == pytest.approx(math.sqrt(2 * 10.5 * 0.5 / 11**3))
    assert helped.notes == ("standard error with continuity correction: 0.5 added to each cell",)
    with pytest.raises(NotEstimableError, match="use the Newcombe interval"):
        risk_difference(table(10, 10, 0, 10), interval="wald")


# --- the values
def test_numbers_printed_as_decimals_are_counts() -> None:
    printed = Table2x2(
        treatment_events=Decimal("4"),  # type: ignore[arg-type]
        treatment_total=Decimal("123"),  # type: ignore[arg-type]
        control_events=11,
        control_total=139,
    )
    assert printed == table(4, 123, 11, 139)
    assert wilson_interval(Decimal("81"), Decimal("263")) == wilson_interval(81, 263)


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ((5, 4, 1, 4), "treatment_events"),
        ((1, 0, 1, 4), "treatment_events"),
        ((0, 0, 1, 4), "treatment_total"),
        ((-1, 4, 1, 4), "treatment_events"),
        ((1, 4, 1.5, 4), "control_events"),
        ((1, 4, True, 4), "control_events"),
        ((1, 4, math.nan, 4), "control_events"),
        ((1, 4, 1, 10**400), "control_total"),
        ((1, 4, Decimal("sNaN"), 4), "control_events"),
        ((1, 4, "1", 4), "control_events"),
    ],
)
def test_impossible_counts_are_refused_by_field(counts: tuple[int, int, int, int], field: str) -> None:
    with pytest.raises(InputError) as refused:
        table(*counts)
    if counts != (1, 0, 1, 4):
        assert refused.value.field == field
    assert "must be" in str(refused.value)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.inf])
def test_a_level_is_a_fraction(level: float) -> None:
    for effect in (risk_ratio, odds_ratio, risk_difference):
        with pytest.raises(InputError):
            effect(table(3, 10, 5, 10), level=level)  # type: ignore[operator]
    with pytest.raises(InputError):
        wilson_interval(3, 10, level=level)


def test_unknown_methods_are_refused() -> None:
    with pytest.raises(InputError, match="half-when-needed"):
        risk_ratio(table(3, 10, 5, 10), zero_cells="half")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="newcombe or wald"):
        risk_difference(table(3, 10, 5, 10), interval="score")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="harmful or beneficial"):
        number_needed_to_treat(difference(0.1, 0, 0.2), event="bad")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {"measure": "mean difference"},
        {"value": 0.0},
        {"value": math.inf},
        {"lower": 0.4},
        {"lower": 0.6, "upper": 0.9},
        {"lower": -0.1, "upper": 0.9},
        {"standard_error": 0.0},
        {"p": 1.5},
        {"level": 95},
        {"measure": "risk difference", "value": -12.0},
    ],
)
def test_an_estimate_is_checked(fields: dict[str, object]) -> None:
    sound = {"measure": "hazard ratio", "value": 0.5, "method": "given"}
    Estimate(**sound)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        Estimate(**(sound | fields))  # type: ignore[arg-type]


def test_an_interval_is_checked() -> None:
    with pytest.raises(InputError):
        Interval(lower=0.4, upper=0.3, method="given")
    for interval_of in (wilson_interval, clopper_pearson_interval):
        with pytest.raises(InputError, match="at least 1"):
            interval_of(0, 0)
        with pytest.raises(InputError, match="at most the total"):
            interval_of(8, 7)


def test_ratios_are_analysed_as_logarithms_and_differences_as_they_are() -> None:
    ratio = Estimate(measure="hazard ratio", value=0.5, method="given")
    assert (ratio.scale, ratio.null, ratio.effect) == ("log", 1, pytest.approx(-0.6931, abs=5e-5))
    assert (ratio.variance, ratio.wald_p) == (None, None)
    absolute = difference(-0.1, -0.2, 0.0)
    assert (absolute.scale, absolute.null, absolute.effect) == ("identity", 0, -0.1)


def test_values_are_frozen_and_refusals_are_errors_of_smm_kg() -> None:
    with pytest.raises(FrozenInstanceError):
        table(1, 2, 1, 2).treatment_events = 2  # type: ignore[misc]
    assert issubclass(EffectError, SmmKgError)
    with pytest.raises(SmmKgError) as refused:
        risk_ratio(table(0, 5, 1, 5))
    assert isinstance(refused.value, NotEstimableError)
    assert (refused.value.measure, refused.value.hint) != ("", None)


def test_importing_the_package_imports_no_scipy() -> None:
    code = (
        "import sys, smm_kg.effects; print([m for m in sys.modules if m.split('.')[0] in ('scipy', 'numpy')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


FORMULAS = [name for name in effects.__all__ if name.islower()]


def test_there_are_formulas() -> None:
    assert len(FORMULAS) >= 19


@pytest.mark.parametrize("name", [name for name in FORMULAS if name != "centring"])
def test_every_formula_names_its_published_source(name: str) -> None:
    documentation = getattr(effects, name).__doc__
    assert documentation is not None
    assert "Source" in documentation
    assert any(year in documentation for year in map(str, range(1922, 2027)))


# --- properties
@settings(deadline=None)
@given(tables())
def test_a_risk_difference_lies_in_its_interval_and_that_in_its_range(counts: Table2x2) -> None:
    estimate = risk_difference(counts)
    assert estimate.lower is not None
    assert estimate.upper is not None
    assert -1 <= estimate.lower <= estimate.value <= estimate.upper <= 1
    assert estimate.lower < estimate.upper


@settings(deadline=None)
@given(tables())
def test_turning_a_comparison_turns_its_effects(counts: Table2x2) -> None:
    turned = table(
        counts.control_events, counts.control_total, counts.treatment_events, counts.treatment_total
    )
    there, back = risk_difference(counts), risk_difference(turned)
    assert (back.value, back.lower, back.upper) == pytest.approx((-there.value, -there.upper, -there.lower))  # type: ignore[operator]
    if 0 < counts.events < counts.total:
        ratio, reciprocal = (odds_ratio(t, zero_cells="half-when-needed") for t in (counts, turned))
        assert ratio.value * reciprocal.value == pytest.approx(1)
        assert ratio.standard_error == pytest.approx(reciprocal.standard_error)
        assert ratio.reversed().lower == pytest.approx(reciprocal.lower)
        assert ratio.reversed().upper == pytest.approx(reciprocal.upper)


@settings(deadline=None)
@given(tables())
def test_counting_the_other_event_turns_difference_and_odds_ratio(counts: Table2x2) -> None:
    other = table(counts.treatment_free, counts.treatment_total, counts.control_free, counts.control_total)
    assert risk_difference(other).value == pytest.approx(-risk_difference(counts).value)
    assert fisher_exact_p(other) == pytest.approx(fisher_exact_p(counts), rel=1e-6)
    if 0 < counts.events < counts.total:
        one, inverse = (odds_ratio(t, zero_cells="treatment-arm") for t in (counts, other))
        assert one.effect == pytest.approx(-inverse.effect)


@settings(deadline=None)
@given(tables(), st.sampled_from(["harmful", "beneficial"]))
def test_a_number_needed_has_the_stretches_its_difference_has(counts: Table2x2, event: str) -> None:
    estimate = risk_difference(counts)
    number = number_needed_to_treat(estimate, event=event)  # type: ignore[arg-type]
    assert estimate.lower is not None
    assert estimate.upper is not None
    spans = estimate.lower < 0 < estimate.upper
    assert len(number.ranges) == (2 if spans else 1)
    assert all(1 <= part.least <= part.most for part in number.ranges)
    assert all(math.isinf(part.most) for part in number.ranges) or not spans


@settings(deadline=None)
@given(tables())
def test_an_exact_interval_holds_the_proportion(counts: Table2x2) -> None:
    exact = clopper_pearson_interval(counts.treatment_events, counts.treatment_total)
    risk = counts.treatment_events / counts.treatment_total
    assert 0 <= exact.lower <= risk <= exact.upper <= 1
