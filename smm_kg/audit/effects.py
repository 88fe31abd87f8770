"""Estimates against their own intervals and P values, and contrasts against the arms that they compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, log
from statistics import NormalDist

from smm_kg.audit.evidence import SHARES, Datum, Evidence
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.verdict import Judgement, Outcome, rule

__all__ = ["RULES"]

_NORMAL = NormalDist()
_RATIOS = ("hazard ratio", "odds ratio", "risk ratio", "rate ratio")
_DIFFERENCES = ("risk difference", "mean difference", "difference")
_LEVELS = ("median", "mean", "percent")
_LOWER, _UPPER = "confidence interval lower", "confidence interval upper"

# A Wald interval of a hazard ratio is centred on the estimate. Others (profile likelihood, score, repeated
# confidence intervals) are a little off, but not by a quarter of their half-width.
_OFF_CENTRE = 0.25
# The log-rank test and the Wald test of one Cox model differ in z by some per cent; by a third they do not.
_OTHER_TEST = 4 / 3
# Floating-point error of a logarithm or a quantile is far below this, and so is what a reader would see.
_TINY = 1e-9

_Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Estimate:
    """An estimate with its confidence interval: what was estimated, and the printed numbers."""

    measure: str
    estimate: Datum
    lower: Datum
    upper: Datum
    level: Datum | None

    @property
    def is_ratio(self) -> bool:
        return self.measure in _RATIOS

    @property
    def null(self) -> int:
        """The value that means no difference."""
        return 1 if self.is_ratio else 0

    @property
    def used(self) -> tuple[Datum, ...]:
        data = (self.estimate, self.lower, self.upper)
        return (*data, self.level) if self.level else data

    @property
    def printed(self) -> str:
        return f"{self.measure} {self.estimate.printed} ({self.lower.printed} to {self.upper.printed})"


def _estimates(evidence: Evidence, *measures: str) -> Iterator[_Estimate]:
    """The estimates of the study's own results that have an interval."""
    for fact in evidence.of("effect", *SHARES):
        lower, upper = evidence.number(fact, _LOWER), evidence.number(fact, _UPPER)
        if lower is None or upper is None:
            continue
        found = [number for measure in measures if (number := evidence.number(fact, measure))]
        if len(found) != 1:
            continue
        level = evidence.number(fact, "confidence level")
        yield _Estimate(found[0].value.measure, found[0], lower, upper, level)


def _on_scale(interval: Interval, ratio: bool) -> _Ends:
    """The ends on the scale where an interval is symmetric: the logarithm for ratios."""
    low, high = interval.ends
    if not ratio:
        return low, high
    return (log(low) if low > 0 else -inf), (log(high) if high > 0 else -inf)


@rule(
    "estimate-within-interval",
    "An estimate and its interval",
    "An estimate lies between the limits of its confidence interval, and the lower limit is below the upper.",
)
def estimate_within_interval(evidence: Evidence) -> Iterator[Judgement]:
    """Compare estimates with the limits printed beside them."""
    for each in _estimates(evidence, *_RATIOS, *_DIFFERENCES, *_LEVELS):
        low, middle, high = each.lower.interval, each.estimate.interval, each.upper.interval
        fact, outside = each.estimate.fact, _is_outside(each)
        statement = (
            f"{evidence.describe(fact)}: the estimate lies {'outside' if outside else 'inside'} its interval."
        )
        sums = f"{each.printed}: lower {low}, estimate {middle}, upper {high}"
        verdict: Outcome = "inconsistent" if outside else "consistent"
        about = (fact.id, each.measure.replace(" ", "-"))
        yield Judgement(verdict, fact.subject, about, statement, sums, each.used)


@rule(
    "interval-centred",
    "An estimate in the middle of its interval",
    "The confidence interval of a ratio is symmetric about the estimate on the logarithmic scale. It is a "
    "finding where the estimate is off the middle by more than a quarter of the half-width, whatever the "
    "printed numbers stand for. Less is left open, since some methods give such intervals, and so is an "
    "estimate that is itself one of the limits (an interval with one side).",
)
def interval_centred(evidence: Evidence) -> Iterator[Judgement]:
    """Compare ratios with the geometric mean of their limits."""
    for each in _estimates(evidence, *_RATIOS):
        fact = each.estimate.fact
        low, high = _on_scale(each.lower.interval, ratio=True), _on_scale(each.upper.interval, ratio=True)
        if _is_outside(each) or not all(map(_finite, (low, high))):
            continue
        centre = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        estimate = _on_scale(each.estimate.interval, ratio=True)
        gap = max(centre[0] - estimate[1], estimate[0] - centre[1], 0.0)
        off = gap / max((high[1] - low[0]) / 2, _TINY)
        one_sided = each.estimate.value.number in (each.lower.value.number, each.upper.value.number)
        verdict: Outcome = "consistent"
        statement = f"{evidence.describe(fact)}: the estimate is in the middle of its interval."
        if gap > _TINY:
            verdict = "inconsistent" if off > _OFF_CENTRE and not one_sided else "undeterminable"
            statement = f"{evidence.describe(fact)}: the estimate is not in the middle of its interval"
            if (each.lower.interval + each.upper.interval).meets(each.estimate.interval.scaled(2)):
                statement += " on the logarithmic scale, but on the plain one"
            statement += "."
        sums = f"{each.printed}: the geometric mean of the limits is "
        sums += f"[{show(exp(centre[0]))}, {show(exp(centre[1]))}], the estimate {each.estimate.interval}"
        about = (fact.id, each.measure.replace(" ", "-"))
        yield Judgement(verdict, fact.subject, about, statement, sums, each.used)


def _is_outside(each: _Estimate) -> bool:
    """Whether the estimate cannot be within its limits."""
    low, middle, high = each.lower.interval, each.estimate.interval, each.upper.interval
    return middle.surely_below(low) or high.surely_below(middle) or high.surely_below(low)


def _finite(ends: _Ends) -> bool:
    return all(abs(end) < inf for end in ends)


def _z_of_interval(each: _Estimate) -> _Ends | None:
    """The statistic |estimate / standard error| that a Wald interval implies, as a range."""
    ratio = each.is_ratio
    low, high = _on_scale(each.lower.interval, ratio), _on_scale(each.upper.interval, ratio)
    estimate = _on_scale(each.estimate.interval, ratio)
    if not all(map(_finite, (low, high, estimate))):
        return None
    level = float((each.level.value.number if each.level else None) or 95) / 100
    if not 0 < level < 1:
        return None
    per_error = 2 * _NORMAL.inv_cdf(0.5 + level / 2)
    widths = (max(high[0] - low[1], _TINY) / per_error, (high[1] - low[0]) / per_error)
    distances = sorted(abs(end) for end in estimate)
    nearest = 0.0 if estimate[0] <= 0 <= estimate[1] else distances[0]
    return nearest / widths[1], distances[1] / widths[0]


def _z_of_p(p: Interval) -> _Ends:
    """The statistic of a two-sided P value, as a range."""
    low, high = p.ends
    return _quantile(high), _quantile(low)


def _quantile(p: float) -> float:
    if p >= 1:
        return 0.0
    return inf if p <= 0 else -_NORMAL.inv_cdf(p / 2)


def _two_sided(z: float) -> float:
    return 2 * _NORMAL.cdf(-z)


@rule(
    "interval-against-p",
    "An interval and its P value",
    "The width of a confidence interval gives the standard error, and with the estimate a P value (Wald "
    "test), which must be the one printed. Reports often give another test (log-rank), or one side of it, "
    "so small differences are left open; it is a finding where the test statistics differ by more than a "
    "third.",
)
def interval_against_p(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the P value that an interval implies with the one printed."""
    for each in _estimates(evidence, *_RATIOS, *_DIFFERENCES):
        fact = each.estimate.fact
        p = evidence.number(fact, "p value")
        if p is None or _is_outside(each) or (by_interval := _z_of_interval(each)) is None:
            continue
        printed = _z_of_p(p.interval)
        one_side = _z_of_p(p.interval.scaled(2))
        implied = (_two_sided(by_interval[1]), _two_sided(by_interval[0]))
        sums = f"{each.printed} implies P [{show(implied[0])}, {show(implied[1])}]; printed P {p.printed}"
        sums += f" stands for {p.interval}"
        verdict: Outcome = "consistent"
        statement = f"{evidence.describe(fact)}: the interval and the P value agree."
        if not _meet(by_interval, printed):
            near = (by_interval[0] / _OTHER_TEST, by_interval[1] * _OTHER_TEST)
            verdict, why = "inconsistent", "more different than another test would make it"
            if _meet(by_interval, one_side):
                verdict, why = "undeterminable", "which fits if it has one side"
            elif _meet(near, printed):
                verdict, why = "undeterminable", "as another test may give"
            elif each.level is None:
                verdict, why = "undeterminable", "but the level of the interval is not printed"
            statement = f"{evidence.describe(fact)}: the interval implies another P value, {why}."
        about = (fact.id, each.measure.replace(" ", "-"))
        yield Judgement(verdict, fact.subject, about, statement, sums, (*each.used, p))


def _meet(left: _Ends, right: _Ends) -> bool:
    return left[0] <= right[1] + _TINY and right[0] <= left[1] + _TINY


@rule(
    "interval-against-significance",
    "An interval without the null value and a small P value",
    "A confidence interval at 95 % leaves out the value of no difference when P is below 0.05, and includes "
    "it when P is above. Where they certainly disagree it is left open, since near the border two tests may "
    "differ; gross differences are found by the rule on intervals and P values.",
)
def interval_against_significance(evidence: Evidence) -> Iterator[Judgement]:
    """Compare what interval and P value say of significance."""
    for each in _estimates(evidence, *_RATIOS, *_DIFFERENCES):
        fact = each.estimate.fact
        p, level = evidence.number(fact, "p value"), each.level
        if p is None or level is None or level.value.number is None or _is_outside(each):
            continue
        alpha, null = 1 - Fraction(level.value.number) / 100, Interval.exactly(each.null)
        apart = each.upper.interval.surely_below(null) or null.surely_below(each.lower.interval)
        within = each.lower.interval.surely_below(null) and null.surely_below(each.upper.interval)
        small = p.interval.high is not None and p.interval.high < alpha
        large = p.interval.low is not None and p.interval.low > alpha
        differ = (apart and large) or (within and small)
        if not differ and not ((apart and small) or (within and large)):
            continue  # a limit or P on the border: nothing certain to compare
        states = "leaves out" if apart else "includes"
        sums = f"{each.printed} {states} {each.null}; P {p.printed} against {show(alpha)}"
        statement = (
            f"{evidence.describe(fact)}: interval and P value {'dis' if differ else ''}agree on significance."
        )
        verdict: Outcome = "undeterminable" if differ else "consistent"
        about = (fact.id, each.measure.replace(" ", "-"))
        yield Judgement(verdict, fact.subject, about, statement, sums, (*each.used, p))


RULES = (estimate_within_interval, interval_centred, interval_against_p, interval_against_significance)
