"""Effects of ten thousand random fourfold tables, extremes among them, against statsmodels and scipy."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.meta_analysis import effectsize_2proportions
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from smm_kg.effects import (
    Estimate,
    NotEstimableError,
    Table2x2,
    clopper_pearson_interval,
    fisher_exact_p,
    odds_ratio,
    risk_difference,
    risk_ratio,
    wilson_interval,
)

TABLES = 10_000
Counts = NDArray[np.float64]


@pytest.fixture(scope="module")
def counts() -> tuple[Counts, Counts, Counts, Counts]:
    """Events and patients of two arms: from 1 to a million patients, a third of the arms all or none."""
    random = np.random.default_rng(20130801)
    columns = []
    for _ in range(2):
        total = np.floor(10 ** random.uniform(0, 6, TABLES))
        risk = random.choice([0.0, 1.0, 1e-4, -1.0, -1.0, -1.0], TABLES)
        risk = np.where(risk < 0, random.uniform(0, 1, TABLES), risk)
        columns += [random.binomial(total.astype(int), risk).astype(float), total]
    return columns[0], columns[1], columns[2], columns[3]


@pytest.fixture(scope="module")
def tables(counts: tuple[Counts, Counts, Counts, Counts]) -> list[Table2x2]:
    return [
        Table2x2(
            treatment_events=int(a), treatment_total=int(n1), control_events=int(c), control_total=int(n2)
        )
        for a, n1, c, n2 in zip(*counts, strict=True)
    ]


@pytest.fixture(scope="module")
def empty(counts: tuple[Counts, Counts, Counts, Counts]) -> NDArray[np.bool_]:
    """Which tables have an empty cell."""
    a, n1, c, n2 = counts
    mask: NDArray[np.bool_] = (a == 0) | (a == n1) | (c == 0) | (c == n2)
    return mask


def attempt(effect: Callable[..., Estimate], table: Table2x2, method: str) -> Estimate | None:
    try:
        return effect(table, zero_cells=method)
    except NotEstimableError:
        return None


def columns_of(estimates: list[Estimate]) -> NDArray[np.float64]:
    return np.array([[e.effect, e.standard_error, e.lower, e.upper] for e in estimates], dtype=float)


def test_there_are_enough_tables_of_every_kind(
    counts: tuple[Counts, Counts, Counts, Counts], empty: NDArray[np.bool_]
) -> None:
    a, n1, c, n2 = counts
    assert len(a) == TABLES
    assert empty.sum() > 2000
    assert (~empty).sum() > 2000
    assert ((a == 0) & (c == 0)).sum() > 100
    assert ((a == n1) & (c == n2)).sum() > 100
    assert ((n1 > 1e5) & (n2 > 1e5)).sum() > 100


@pytest.mark.parametrize(
    ("effect", "statistic", "compare", "method"),
    [(risk_ratio, "risk-ratio", "ratio", "log"), (odds_ratio, "odds-ratio", "odds-ratio", "logit")],
)
def test_ratios_are_those_of_statsmodels(
    counts: tuple[Counts, Counts, Counts, Counts],
    tables: list[Table2x2],
    empty: NDArray[np.bool_],
    effect: Callable[[Table2x2], Estimate],
    statistic: str,
    compare: str,
    method: str,
) -> None:
    chosen = [column[~empty] for column in counts]
    ours = columns_of([effect(table) for table, skip in zip(tables, empty, strict=True) if not skip])
    effects, variances = effectsize_2proportions(*chosen, statistic=statistic)
    lower, upper = confint_proportions_2indep(*chosen, compare=compare, method=method)
    np.testing.assert_allclose(ours[:, 0], effects, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours[:, 1], np.sqrt(variances), rtol=1e-6)
    np.testing.assert_allclose(ours[:, 2], lower, rtol=1e-6)
    np.testing.assert_allclose(ours[:, 3], upper, rtol=1e-6)


def test_differences_are_those_of_statsmodels(
    counts: tuple[Counts, Counts, Counts, Counts], tables: list[Table2x2]
) -> None:
    estimates = [risk_difference(table) for table in tables]
    differences, variances = effectsize_2proportions(*counts, statistic="diff")
    lower, upper = confint_proportions_2indep(*counts, compare="diff", method="newcomb")
    np.testing.assert_allclose([e.value for e in estimates], differences, atol=1e-12)
    np.testing.assert_allclose([e.lower for e in estimates], lower, atol=1e-9)
    np.testing.assert_allclose([e.upper for e in estimates], upper, atol=1e-9)
    ours = [e.standard_error or 0.0 for e in estimates]
    np.testing.assert_allclose(ours, np.sqrt(np.maximum(variances, 0)), rtol=1e-6, atol=1e-12)
    assert all((e.standard_error is None) == (v == 0) for e, v in zip(estimates, variances, strict=True))


def test_wald_differences_are_those_of_statsmodels(
    counts: tuple[Counts, Counts, Counts, Counts], tables: list[Table2x2], empty: NDArray[np.bool_]
) -> None:
    chosen = [column[~empty] for column in counts]
    lower, upper = confint_proportions_2indep(*chosen, compare="diff", method="wald")
    ours = columns_of(
        [
            risk_difference(table, interval="wald")
            for table, skip in zip(tables, empty, strict=True)
            if not skip
        ]
    )
    np.testing.assert_allclose(ours[:, 2], np.maximum(lower, -1), atol=1e-9)
    np.testing.assert_allclose(ours[:, 3], np.minimum(upper, 1), atol=1e-9)


@pytest.mark.parametrize(("effect", "statistic"), [(risk_ratio, "risk-ratio"), (odds_ratio, "odds-ratio")])
def test_corrected_ratios_are_those_of_statsmodels(
    counts: tuple[Counts, Counts, Counts, Counts],
    tables: list[Table2x2],
    empty: NDArray[np.bool_],
    effect: Callable[..., Estimate],
    statistic: str,
) -> None:
    a, n1, c, n2 = counts
    # statsmodels corrects wherever a cell is empty, also where a risk ratio needs none. Tables that say
    # nothing are refused here.
    needed = empty if statistic == "odds-ratio" else (a == 0) | (c == 0)
    nothing = (a + c == 0) | ((a + c == n1 + n2) & (statistic == "odds-ratio"))
    chosen = needed & ~nothing
    effects, variances = effectsize_2proportions(
        *(column[chosen] for column in counts), statistic=statistic, zero_correction=0.5
    )
    estimates = [
        effect(table, zero_cells="half-when-needed")
        for table, take in zip(tables, chosen, strict=True)
        if take
    ]
    assert len(estimates) > 1000
    np.testing.assert_allclose([e.effect for e in estimates], effects, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose([e.standard_error for e in estimates], np.sqrt(variances), rtol=1e-6)
    assert all(e.notes for e in estimates)


def test_every_table_has_an_effect_or_a_refusal_and_no_other_error(
    counts: tuple[Counts, Counts, Counts, Counts], tables: list[Table2x2], empty: NDArray[np.bool_]
) -> None:
    a, n1, c, n2 = counts
    none, every = a + c == 0, a + c == n1 + n2
    for effect, nothing in ((risk_ratio, none), (odds_ratio, none | every)):
        for method in ("half-when-needed", "haldane-anscombe", "treatment-arm"):
            found = [attempt(effect, table, method) for table in tables]
            refused = np.array([estimate is None for estimate in found])
            # Shares of an arm a million times smaller than the other leave next to nothing in a cell.
            tiny = np.minimum(n1, n2) / (n1 + n2) < 1e-4 if method == "treatment-arm" else False
            np.testing.assert_array_equal(refused & ~tiny, nothing & ~tiny)
            assert refused[nothing].all()
            for estimate in found:
                if estimate is not None:
                    assert estimate.lower is not None
                    assert estimate.upper is not None
                    assert 0 < estimate.lower <= estimate.value <= estimate.upper < math.inf
    np.testing.assert_array_equal([attempt(odds_ratio, table, "refuse") is None for table in tables], empty)


def test_intervals_of_proportions_are_those_of_statsmodels(
    counts: tuple[Counts, Counts, Counts, Counts],
) -> None:
    a, n1, _, _ = counts
    for ours, method in ((wilson_interval, "wilson"), (clopper_pearson_interval, "beta")):
        lower, upper = proportion_confint(a, n1, method=method)
        found = [ours(int(events), int(total)) for events, total in zip(a, n1, strict=True)]
        np.testing.assert_allclose([i.lower for i in found], lower, rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose([i.upper for i in found], upper, rtol=1e-7, atol=1e-12)


def test_fishers_p_is_that_of_scipy(tables: list[Table2x2]) -> None:
    small = [table for table in tables if table.total < 3000][:1500]
    assert len(small) == 1500
    for table in small:
        cells = [
            [table.treatment_events, table.treatment_free],
            [table.control_events, table.control_free],
        ]
        assert fisher_exact_p(table) == pytest.approx(stats.fisher_exact(cells).pvalue, rel=1e-6, abs=1e-300)


def test_nearly_certain_risks_of_a_billion_patients_keep_their_digits() -> None:
    n, missing = 10**9, 3
    table = Table2x2(
        treatment_events=n - missing, treatment_total=n, control_events=n - 2 * missing, control_total=n
    )
    estimate = risk_ratio(table)
    with localcontext() as context:
        context.prec = 60
        first, second, total = Decimal(n - missing), Decimal(n - 2 * missing), Decimal(n)
        variance = 1 / first - 1 / total + 1 / second - 1 / total
        logarithm = (first / second).ln()
        difference = (first - second) / total
    assert estimate.standard_error == pytest.approx(float(variance.sqrt()), rel=1e-12)
    assert estimate.effect == pytest.approx(float(logarithm), rel=1e-6)
    assert risk_difference(table).value == pytest.approx(float(difference), rel=1e-12)
