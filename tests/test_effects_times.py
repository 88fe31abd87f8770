"""Effects on the time to an event, and estimates as reports print them: published examples, refusals."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.effects import (
    Estimate,
    InputError,
    NotEstimableError,
    RateAtTime,
    centring,
    from_interval,
    from_p_value,
    hazard_ratio_from_medians,
    median_ratio,
    number_needed_to_treat,
    peto_standard_error,
    rate_difference,
    standard_error_bound,
    wilson_interval,
)
from smm_kg.effects.estimate import from_effect

# --- rates at a time


def test_rates_alone_give_the_difference_alone() -> None:
    # International collaboration of trialists. Lancet 1999;354:533-40: survival at 3 years 55.5 % against
    # 50.0 %, difference 5.5 %; the worked example of Tierney 2007.
    estimate = rate_difference(
        RateAtTime(value=Decimal("0.555")), RateAtTime(value=Decimal("0.500")), time="3 years"
    )
    assert estimate.value == pytest.approx(0.055)
    assert (estimate.lower, estimate.upper, estimate.standard_error, estimate.p) == (None, None, None, None)
    assert estimate.notes == (
        "no interval: treatment and control without 95% limits, standard error or usable number at risk",
    )
    # Altman and Andersen 1999: the number needed to treat is the reciprocal.
    assert number_needed_to_treat(estimate, event="beneficial").value == pytest.approx(18.2, abs=0.05)


@pytest.mark.parametrize(
    ("a", "n1", "c", "n2", "lower", "upper"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (5, 56, 0, 29, -0.0381, 0.1926)],
)
def test_asymmetric_limits_are_combined_as_newcombe_combines_wilsons(
    a: int, n1: int, c: int, n2: int, lower: float, upper: float
) -> None:
    # Newcombe RG. Stat Med 1998;17:873-90, table II, method 10, is MOVER on Wilson limits.
    arms = []
    for events, total in ((a, n1), (c, n2)):
        limits = wilson_interval(events, total)
        arms.append(RateAtTime(value=events / total, lower=limits.lower, upper=limits.upper))
    estimate = rate_difference(*arms, time="day 1")
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(lower, abs=5e-5),
        pytest.approx(upper, abs=5e-5),
    )


def test_standard_errors_give_the_wald_interval() -> None:
    estimate = rate_difference(
        RateAtTime(value=0.6, standard_error=0.03), RateAtTime(value=0.5, standard_error=0.04), time="2 years"
    )
    # 3, 4 and 5: the standard error of the difference is 0.05.
    assert estimate.standard_error == pytest.approx(0.05)
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(0.002, abs=5e-6),
        pytest.approx(0.198, abs=5e-6),
    )
    assert estimate.p == pytest.approx(0.0455, abs=5e-5)  # two standard errors


def test_the_standard_error_from_the_number_at_risk() -> None:
    # 6-MP trial, controls: 8 of 21 in remission at week 10 without censoring, 0.381 with standard error 0.106
    # (Cox DR, Oakes D. Analysis of Survival Data, 1984, table 1.1).
    assert peto_standard_error(Decimal(8) / Decimal(21), 8) == pytest.approx(0.106, abs=5e-4)
    at_risk = rate_difference(
        RateAtTime(value=8 / 21, at_risk=8), RateAtTime(value=0.2, standard_error=0.05), time="week 10"
    )
    assert at_risk.standard_error == pytest.approx(math.hypot(0.106, 0.05), abs=5e-4)
    assert "number at risk and standard error" in at_risk.method


def test_limits_of_another_level_are_not_taken() -> None:
    ninety = RateAtTime(value=0.6, lower=0.5, upper=0.7, level=0.9)
    other = RateAtTime(value=0.5, lower=0.4, upper=0.6)
    assert rate_difference(ninety, other, time="1 year").lower is None
    assert "treatment without" in rate_difference(ninety, other, time="1 year").notes[0]
    assert "control without" in rate_difference(ninety, other, time="1 year", level=0.9).notes[0]


@pytest.mark.parametrize("rate", [RateAtTime(value=1, at_risk=30), RateAtTime(value=1, lower=1, upper=1)])
def test_certainty_is_not_inferred_from_a_rate_of_all(rate: RateAtTime) -> None:
    estimate = rate_difference(rate, RateAtTime(value=0.5, standard_error=0.1), time="1 year")
    assert estimate.lower is None


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 77},
        {"value": 0.5, "lower": 0.4},
        {"value": 0.5, "lower": 0.6, "upper": 0.7},
        {"value": 0.5, "standard_error": 0},
        {"value": 0.5, "at_risk": 0},
        {"value": 0.5, "at_risk": 1.5},
        {"value": 0.5, "level": 95},
    ],
)
def test_a_rate_is_checked(fields: dict[str, float]) -> None:
    with pytest.raises(InputError):
        RateAtTime(**fields)


def test_a_percentage_is_told_to_become_a_fraction() -> None:
    with pytest.raises(InputError, match="divide a percentage by 100"):
        RateAtTime(value=Decimal("77"))


@pytest.mark.parametrize(("rate", "at_risk"), [(0, 5), (1, 5), (0.5, 0), (0.5, 2.5), (50, 5)])
def test_petos_formula_is_refused_where_it_says_nothing(rate: float, at_risk: float) -> None:
    with pytest.raises(InputError):
        peto_standard_error(rate, at_risk)


# --- medians
def test_a_ratio_of_medians_has_no_standard_error() -> None:
    # Lancet 1999;354:533-40: median survival 44 against 37.5 months.
    estimate = median_ratio(44, Decimal("37.5"))
    assert (estimate.measure, round(estimate.value, 3)) == ("median ratio", 1.173)
    assert estimate.standard_error is None
    assert estimate.notes == ("a ratio of medians is no hazard ratio",)


def test_medians_give_no_hazard_ratio() -> None:
    with pytest.raises(NotEstimableError, match=r"medians alone \(ratio 1\.17\)"):
        hazard_ratio_from_medians(44, Decimal("37.5"))
    with pytest.raises(InputError):
        hazard_ratio_from_medians(0, 10)


# --- from an interval
# Altman DG, Bland JM. BMJ 2003;326:219, rows 2 to 5 of the table: risk ratios of non-vertebral fractures.
@pytest.mark.parametrize(
    ("value", "lower", "upper", "logarithm", "error"),
    [("0.67", "0.46", "0.98", -0.4005, 0.1929), ("0.88", "0.71", "1.08", -0.1278, 0.1070)],
)
def test_standard_errors_of_altman_and_bland(
    value: str, lower: str, upper: str, logarithm: float, error: float
) -> None:
    estimate = from_interval("risk ratio", Decimal(value), Decimal(lower), Decimal(upper))
    assert estimate.effect == pytest.approx(logarithm, abs=5e-5)
    assert estimate.standard_error == pytest.approx(error, abs=6e-5)
    assert estimate.notes == ()


def test_the_hazard_ratio_of_the_bladder_cancer_trial_agrees_with_its_p() -> None:
    # Tierney JF, et al. Trials 2007;8:16: hazard ratio 0.85 (0.71 to 1.02), P=0.075, z 1.78.
    ratio = from_interval("hazard ratio", Decimal("0.85"), Decimal("0.71"), Decimal("1.02"))
    assert ratio.wald_p == pytest.approx(0.075, abs=0.01)
    from_p = from_p_value("hazard ratio", Decimal("0.85"), Decimal("0.075"))
    assert abs(from_p.effect) / (from_p.standard_error or 0) == pytest.approx(1.78, abs=5e-3)
    assert from_p.lower == pytest.approx(0.71, abs=5e-3)
    assert from_p.upper == pytest.approx(1.02, abs=5e-3)


def test_another_level_is_another_quantile() -> None:
    # Limits at ± 1.6449 standard errors of 0.1.
    ratio = from_interval("odds ratio", 2.0, 2 * math.exp(-0.16449), 2 * math.exp(0.16449), level=0.9)
    assert ratio.standard_error == pytest.approx(0.1, abs=1e-5)


def test_an_interval_off_centre_is_reported() -> None:
    # Central on the natural scale and not on the log scale.
    estimate = from_interval("hazard ratio", Decimal("0.50"), Decimal("0.20"), Decimal("0.80"))
    assert estimate.value == 0.5
    assert estimate.notes == (
        "the middle of the interval lies -0.63 standard errors from the estimate on the log scale",
    )
    centre = centring("hazard ratio", Decimal("0.50"), Decimal("0.20"), Decimal("0.80"))
    assert centre.offset == pytest.approx(math.log(0.4) - math.log(0.5))
    assert centre.explained_by_rounding is False


@pytest.mark.parametrize(
    ("value", "lower", "upper", "explained"),
    [
        ("0.17", "0.09", "0.32", True),
        ("0.18", "0.09", "0.32", True),  # as with 0.175, 0.095 and 0.325
        ("0.19", "0.09", "0.32", False),
        ("0.2", "0.09", "0.32", True),
        ("1.0", "0.5", "2", True),
    ],
)
def test_rounding_explains_small_offsets_and_not_others(
    value: str, lower: str, upper: str, explained: bool
) -> None:
    centre = centring("hazard ratio", Decimal(value), Decimal(lower), Decimal(upper))
    assert centre.explained_by_rounding is explained


def test_the_printed_precision_of_a_float_is_not_known() -> None:
    assert centring("risk difference", 0.1, 0.0, 0.2).explained_by_rounding is None
    assert centring("risk difference", Decimal("0.1"), Decimal("0.0"), Decimal("0.2")).explained_by_rounding
    assert from_interval("hazard ratio", 0.5, 0.2, 0.8).notes != ()


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [(0.5, 0.8, 0.2), (0.5, 0.5, 0.5), (0.5, 0.6, 0.9), (0.5, 0, 0.9), (-1, 0.5, 2)],
)
def test_impossible_intervals_are_refused(value: float, lower: float, upper: float) -> None:
    with pytest.raises(InputError):
        from_interval("hazard ratio", value, lower, upper)


# --- from a P value: Altman DG, Bland JM. BMJ 2011;343:d2090; their normal quantile is within 0.2 % of it
def test_the_interval_of_a_difference_from_its_p() -> None:
    # 17 percentage points, P=0.032: 1.4 to 32.6, standard error 7.94.
    estimate = from_p_value("risk difference", Decimal("0.17"), Decimal("0.032"))
    assert estimate.standard_error == pytest.approx(0.0794, abs=2e-4)
    assert (estimate.lower, estimate.upper) == (
        pytest.approx(0.014, abs=1e-3),
        pytest.approx(0.326, abs=1e-3),
    )
    assert estimate.notes == ("derived: interval from the estimate and P=0.032",)


def test_the_interval_of_a_ratio_from_its_p() -> None:
    # Relative risk 0.30, P=0.034: 0.10 to 0.91, standard error 0.569.
    estimate = from_p_value("risk ratio", Decimal("0.30"), Decimal("0.034"))
    assert estimate.standard_error == pytest.approx(0.569, abs=2e-3)
    assert (estimate.lower, estimate.upper) == (pytest.approx(0.10, abs=5e-3), pytest.approx(0.91, abs=5e-3))


def test_a_one_sided_p_is_half_of_the_two_sided() -> None:
    one = from_p_value("hazard ratio", 0.5, 0.025, sides=1)
    two = from_p_value("hazard ratio", 0.5, 0.05)
    assert one.standard_error == pytest.approx(two.standard_error)
    assert one.p == pytest.approx(0.05)
    assert "one-sided" in one.notes[0]


@pytest.mark.parametrize(("value", "p", "sides"), [(1.0, 0.5, 2), (0.5, 1, 2), (0.5, 0.5, 1), (0.5, 0.9, 1)])
def test_some_p_values_say_nothing_of_the_standard_error(value: float, p: float, sides: int) -> None:
    with pytest.raises(NotEstimableError, match="use its interval"):
        from_p_value("hazard ratio", value, p, sides=sides)  # type: ignore[arg-type]


def test_a_p_of_nothing_is_a_bound() -> None:
    with pytest.raises(InputError, match=r"P<0\.001"):
        from_p_value("hazard ratio", 0.18, Decimal("0.000"))
    with pytest.raises(InputError, match="1 or 2"):
        from_p_value("hazard ratio", 0.18, 0.01, sides=3)  # type: ignore[arg-type]


def test_a_bound_of_p_is_a_bound_of_the_standard_error() -> None:
    # |z| at 0.001 is 3.2905 in every table of the normal distribution.
    bound = standard_error_bound("hazard ratio", Decimal("0.18"), "<", Decimal("0.001"))
    assert bound.bound == pytest.approx(abs(math.log(0.18)) / 3.2905, rel=1e-5)
    assert (bound.comparator, bound.method) == ("<", "standard error at the bound P<0.001")
    assert standard_error_bound("hazard ratio", 0.18, ">", 0.05).comparator == ">"
    with pytest.raises(InputError, match="from_p_value"):
        standard_error_bound("hazard ratio", 0.18, "=", 0.05)  # type: ignore[arg-type]
    with pytest.raises(NotEstimableError):
        standard_error_bound("hazard ratio", 1, "<", 0.05)


def test_an_interval_too_wide_for_numbers_is_refused() -> None:
    with pytest.raises(NotEstimableError, match="wider"):
        from_p_value("hazard ratio", 0.5, 1 - 1e-9)


# --- direction
def test_a_reversed_hazard_ratio_is_marked_as_derived() -> None:
    printed = from_interval("hazard ratio", Decimal("2.05"), Decimal("1.19"), Decimal("3.51"))
    turned = printed.reversed()
    # 1/2.05, 1/3.51 and 1/1.19 on a pocket calculator.
    assert (turned.value, turned.lower, turned.upper) == (
        pytest.approx(0.4878, abs=5e-5),
        pytest.approx(0.2849, abs=5e-5),
        pytest.approx(0.8403, abs=5e-5),
    )
    assert (turned.standard_error, turned.p) == (printed.standard_error, printed.p)
    assert turned.notes == ("derived: direction reversed, reported as 2.05",)


def test_a_reversed_difference_changes_sign() -> None:
    turned = Estimate(measure="rate difference", value=0.47, lower=0.2, upper=0.6, method="given").reversed()
    assert (turned.value, turned.lower, turned.upper) == (-0.47, -0.6, -0.2)
    assert str(Estimate(measure="rate difference", value=0.0, method="given").reversed().value) == "0.0"


ratios = st.floats(-5, 5).map(math.exp)
errors = st.floats(0.001, 5)


@settings(deadline=None)
@given(ratios, errors, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_interval_gives_back_the_standard_error_it_was_made_with(
    value: float, error: float, level: float
) -> None:
    made = from_effect("hazard ratio", math.log(value), error, level=level, method="made")
    assert made.lower is not None
    assert made.upper is not None
    read = from_interval("hazard ratio", made.value, made.lower, made.upper, level=level)
    assert read.standard_error == pytest.approx(error)
    assert read.p == pytest.approx(made.p, abs=1e-12)
    assert read.notes == ()


@settings(deadline=None)
@given(ratios.filter(lambda ratio: abs(math.log(ratio)) > 0.01), errors)
def test_a_p_value_gives_back_the_standard_error_it_was_made_with(value: float, error: float) -> None:
    made = from_effect("hazard ratio", math.log(value), error, method="made")
    assert made.wald_p is not None
    if 1e-300 < made.wald_p < 0.99:
        assert from_p_value("hazard ratio", made.value, made.wald_p).standard_error == pytest.approx(
            error, rel=1e-4
        )


@settings(deadline=None)
@given(ratios, errors)
def test_reversing_twice_changes_nothing_but_the_notes(value: float, error: float) -> None:
    made = from_effect("odds ratio", math.log(value), error, method="made")
    again = made.reversed().reversed()
    assert (again.value, again.lower, again.upper) == pytest.approx((made.value, made.lower, made.upper))
    assert made.reversed().effect == pytest.approx(-made.effect, abs=1e-12)
    assert len(again.notes) == 2


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.integers(1, 500), st.integers(1, 500))
def test_a_rate_difference_lies_in_its_interval(first: float, second: float, n1: int, n2: int) -> None:
    estimate = rate_difference(
        RateAtTime(value=first, at_risk=n1), RateAtTime(value=second, at_risk=n2), time="1 year"
    )
    assert estimate.lower is not None
    assert estimate.upper is not None
    assert -1 <= estimate.lower <= estimate.value <= estimate.upper <= 1
