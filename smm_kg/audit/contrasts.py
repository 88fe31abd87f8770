"""Contrasts of two arms against what is printed of each arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import log

from smm_kg.audit.evidence import SHARES, Datum, Evidence, same
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import ENTRY, event_share, is_share, is_time_to_event
from smm_kg.records import Fact

__all__ = ["RULES"]

_ONE = Interval.exactly(1)
_CONDITIONS = (
    "kind", "subject", "category", "counting", "phase", "population", "timepoint", "time_origin", "grade",
    "endpoint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same measure in the two arms of a contrast, experimental first."""

    first: Datum
    second: Datum

    @property
    def printed(self) -> str:
        return f"{self.first.printed} against {self.second.printed}"


def _pairs(evidence: Evidence, effect: Fact, measure: str, *fields: str) -> Iterator[_Pair]:
    """A measure in both arms of an effect, of facts that share fields with it and with each other."""
    contrast = evidence.contrasts.get(effect.contrast or "")
    if contrast is None:
        return
    by_context: dict[object, dict[str, Datum]] = {}
    for fact in evidence.of(*SHARES):
        number = evidence.number(fact, measure)
        if number is not None and fact.arm and same(fact, *fields) == same(effect, *fields):
            by_context.setdefault(same(fact, *_CONDITIONS), {}).setdefault(fact.arm, number)
    for arms in by_context.values():
        if contrast.experimental in arms and contrast.reference in arms:
            yield _Pair(arms[contrast.experimental], arms[contrast.reference])


def _event_free(pair: _Pair) -> tuple[Interval, Interval] | None:
    """The shares without the event, as fractions strictly between 0 and 1; None where they are not."""
    shares = []
    for datum in (pair.first, pair.second):
        with_event = event_share(datum.fact)
        if with_event is None:
            return None
        share = datum.interval.scaled(Fraction(1, 100))
        share = Interval.exactly(1) - share if with_event else share
        if share.low is None or share.high is None or share.low <= 0 or share.high >= 1:
            return None
        shares.append(share)
    return shares[0], shares[1]


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A hazard ratio of a time to an event with its confidence limits."""

    effect: Fact
    ratio: Datum
    lower: Datum
    upper: Datum

    @property
    def used(self) -> tuple[Datum, ...]:
        return self.ratio, self.lower, self.upper

    @property
    def printed(self) -> str:
        return f"{self.ratio.printed} ({self.lower.printed} to {self.upper.printed})"

    def allows(self, low: float, high: float) -> bool:
        """Whether the confidence interval holds one of the ratios from ``low`` to ``high``."""
        return low <= self.upper.interval.ends[1] and self.lower.interval.ends[0] <= high


def _ratios(evidence: Evidence) -> Iterator[_Ratio]:
    for effect in evidence.of("effect"):
        ratio = evidence.number(effect, "hazard ratio")
        lower = evidence.number(effect, "confidence interval lower")
        upper = evidence.number(effect, "confidence interval upper")
        if ratio and lower and upper and is_time_to_event(effect.subject):
            yield _Ratio(effect, ratio, lower, upper)


@rule(
    "rates-against-ratio",
    "Rates at a time and the hazard ratio",
    "If hazards are proportional, the hazard ratio is the ratio of the logarithms of the shares free of the "
    "event at any time. Where this ratio is outside the confidence interval of the hazard ratio printed, it "
    "is left open: the hazards may not be proportional, or the ratio may be printed for the other "
    "direction.",
)
def rates_against_ratio(evidence: Evidence) -> Iterator[Judgement]:
    """Compare hazard ratios with the rates of the arms."""
    for each in _ratios(evidence):
        effect = each.effect
        for pair in _pairs(evidence, effect, "percent", "subject", "phase", "population", "endpoint"):
            fact = pair.first.fact
            origins = {effect.time_origin, fact.time_origin}
            if effect.time_origin is not None and len(origins) > 1 and not origins <= ENTRY:
                continue
            if (free := _event_free(pair)) is None:
                continue
            logs = [(-log(float(share.high or 1)), -log(float(share.low or 1))) for share in free]
            low, high = logs[0][0] / logs[1][1], logs[0][1] / logs[1][0]
            verdict: Outcome = "consistent" if each.allows(low, high) else "undeterminable"
            how = _how(each, low, high)
            statement = f"{evidence.describe(effect)}: hazard ratio and shares at {fact.timepoint} {how}."
            sums = f"{pair.printed} imply [{show(low)}, {show(high)}]; printed {each.printed}"
            used = (*each.used, pair.first, pair.second)
            yield Judgement(verdict, effect.subject, (effect.id, fact.id), statement, sums, used)


def _how(each: _Ratio, low: float, high: float) -> str:
    """Say how a ratio agrees with what the arms imply."""
    if each.allows(low, high):
        return "agree"
    turned = each.allows(1 / high, 1 / low)
    return "agree only in the other direction" if turned else "agree only if hazards are not proportional"


@rule(
    "medians-against-ratio",
    "Median times and the hazard ratio",
    "An arm with fewer events has the longer median time. Where the confidence interval of the hazard ratio "
    "lies wholly on one side of 1 and the medians say the opposite, it is left open: the curves may cross, "
    "or one of them is printed for the other direction.",
)
def medians_against_ratio(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the direction of hazard ratios with the medians of the arms."""
    fields = ("subject", "category", "phase", "population", "time_origin", "endpoint")
    for each in _ratios(evidence):
        effect = each.effect
        fewer, more = each.upper.interval.surely_below(_ONE), _ONE.surely_below(each.lower.interval)
        for pair in _pairs(evidence, effect, "median", *fields):
            first, second = pair.first.interval, pair.second.interval
            shorter, longer = first.surely_below(second), second.surely_below(first)
            alike = pair.first.value.unit == pair.second.value.unit and first.low and second.low
            if not alike or not (shorter or longer) or not (fewer or more):
                continue
            low, high = second.ends[0] / first.ends[1], second.ends[1] / first.ends[0]
            verdict: Outcome = "consistent" if fewer == longer else "undeterminable"
            how = "agree" if fewer == longer else "are of opposite directions"
            statement = f"{evidence.describe(effect)}: the hazard ratio and the median times {how}."
            sums = f"medians {pair.printed} imply about [{show(low)}, {show(high)}]; printed {each.printed}"
            used = (*each.used, pair.first, pair.second)
            about = (effect.id, pair.first.fact.id)
            yield Judgement(verdict, effect.subject, about, statement, sums, used)


def _share(evidence: Evidence, datum: Datum) -> Interval:
    """The share of patients of an arm in percent: exact where it is printed as so many of so many."""
    people, of = evidence.people(datum.fact), evidence.denominator(datum.fact)
    if people is not None and people.low == people.high and of is not None and of[0]:
        return Interval.exactly(Fraction(100 * people.low, of[0]))
    return datum.interval


def _expected(measure: str, first: Interval, second: Interval) -> Interval | None:
    """What a contrast of two shares in percent is; None where it has no bounds."""
    if measure == "risk difference":
        return first - second
    ends = [end for share in (first, second) for end in (share.low, share.high)]
    if any(end is None or end <= 0 or end >= 100 for end in ends):
        return None
    a, b, c, d = (Fraction(end or 0) for end in ends)
    if measure == "risk ratio":
        return Interval(a / d, b / c)
    return Interval(_odds(a) / _odds(d), _odds(b) / _odds(c))


def _odds(percent: Fraction) -> Fraction:
    return percent / (100 - percent)


@rule(
    "contrast-of-arms",
    "A contrast and its two arms",
    "A risk difference, risk ratio or odds ratio should be that of the shares printed for the arms. It is a "
    "finding where it points in the other direction. Another size is left open, since the contrast may have "
    "been adjusted.",
)
def contrast_of_arms(evidence: Evidence) -> Iterator[Judgement]:
    """Recompute contrasts of shares."""
    fields = ("subject", "category", "phase", "population", "timepoint", "grade", "counting")
    for effect in evidence.of("effect"):
        for measure in ("risk difference", "risk ratio", "odds ratio"):
            contrast = evidence.number(effect, measure)
            if contrast is None:
                continue
            pairs = list(_pairs(evidence, effect, "percent", *fields))
            if len(pairs) == 1 and is_share(effect):
                yield from _judge_contrast(evidence, contrast, pairs[0])


def _judge_contrast(evidence: Evidence, contrast: Datum, pair: _Pair) -> Iterator[Judgement]:
    effect, measure = contrast.fact, contrast.value.measure
    expected = _expected(measure, _share(evidence, pair.first), _share(evidence, pair.second))
    if expected is None:
        return
    printed = contrast.interval
    if measure == "risk difference" and contrast.value.unit is None:
        printed = printed.scaled(100)
    null = Interval.exactly(0 if measure == "risk difference" else 1)
    opposite = (expected.surely_below(null) and null.surely_below(printed)) or (
        null.surely_below(expected) and printed.surely_below(null)
    )
    verdict: Outcome = "consistent"
    how = "is that of the shares of the arms"
    if not printed.meets(expected):
        verdict = "inconsistent" if opposite else "undeterminable"
        how = f"is not that of the shares of the arms{', but of the other direction' if opposite else ''}"
    statement = f"{evidence.describe(effect)}: the {measure} {how}."
    sums = f"{pair.printed} give {expected}; printed {contrast.printed} stands for {printed}"
    used = (contrast, pair.first, pair.second)
    yield Judgement(verdict, effect.subject, (effect.id, measure.replace(" ", "-")), statement, sums, used)


RULES = (rates_against_ratio, medians_against_ratio, contrast_of_arms)
