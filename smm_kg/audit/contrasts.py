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


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same measure in the two arms of a contrast, experimental first."""

    first: Datum
    second: Datum

    @property
    def printed(self) -> str:
        return f"{self.first.printed} against {self.second.printed}"


def _pairs(evidence: Evidence, effect: Fact, measure: str, *fields: str) -> Iterator[_Pair]:
    """A measure in both arms of an effect, of facts that share some fields with it and all with each other."""
    contrast = evidence.contrasts.get(effect.contrast or "")
    if contrast is None:
        return
    by_context: dict[object, dict[str, Datum]] = {}
    for fact in evidence.of(*SHARES):
        number = evidence.number(fact, measure)
        if number is not None and fact.arm and same(fact, *fields) == same(effect, *fields):
            key = same(
                fact, "kind", "subject", "category", "counting", "phase", "population", "timepoint", "grade"
            )
            by_context.setdefault((key, fact.time_origin), {}).setdefault(fact.arm, number)
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
    for effect in evidence.of("effect"):
        ratio = evidence.number(effect, "hazard ratio")
        lower = evidence.number(effect, "confidence interval lower")
        upper = evidence.number(effect, "confidence interval upper")
        if ratio is None or lower is None or upper is None or not is_time_to_event(effect.subject):
            continue
        for pair in _pairs(evidence, effect, "percent", "subject", "phase", "population"):
            same_time = effect.time_origin in (None, pair.first.fact.time_origin) or _at_entry(effect, pair)
            free = _event_free(pair) if same_time else None
            if free is None:
                continue
            logs = [(-log(float(each.high or 1)), -log(float(each.low or 1))) for each in free]
            implied = (logs[0][0] / logs[1][1], logs[0][1] / logs[1][0])
            low, high = lower.interval.ends[0], upper.interval.ends[1]
            fits = implied[0] <= high and low <= implied[1]
            verdict: Outcome = "consistent" if fits else "undeterminable"
            how = "agree" if fits else "agree only if hazards are not proportional, or in the other direction"
            statement = (
                f"{evidence.describe(effect)}: hazard ratio and shares at {pair.first.fact.timepoint} {how}."
            )
            sums = f"{pair.printed} imply a ratio of [{show(implied[0])}, {show(implied[1])}]; "
            sums += f"printed {ratio.printed} ({lower.printed} to {upper.printed})"
            about = (effect.id, pair.first.fact.id)
            used = (ratio, lower, upper, pair.first, pair.second)
            yield Judgement(verdict, effect.subject, about, statement, sums, used)


def _at_entry(effect: Fact, pair: _Pair) -> bool:
    return {effect.time_origin, pair.first.fact.time_origin} <= ENTRY


@rule(
    "medians-against-ratio",
    "Median times and the hazard ratio",
    "An arm with fewer events has the longer median time. It is a finding where the confidence interval of "
    "the hazard ratio lies wholly on one side of 1 and the medians say the opposite: one of them is printed "
    "for the other direction.",
)
def medians_against_ratio(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the direction of hazard ratios with the medians of the arms."""
    for effect in evidence.of("effect"):
        ratio = evidence.number(effect, "hazard ratio")
        lower = evidence.number(effect, "confidence interval lower")
        upper = evidence.number(effect, "confidence interval upper")
        if ratio is None or lower is None or upper is None or not is_time_to_event(effect.subject):
            continue
        fewer, more = upper.interval.surely_below(_ONE), _ONE.surely_below(lower.interval)
        if not (fewer or more):
            continue
        for pair in _pairs(
            evidence, effect, "median", "subject", "category", "phase", "population", "time_origin"
        ):
            first, second = pair.first, pair.second
            shorter, longer = (
                first.interval.surely_below(second.interval),
                second.interval.surely_below(first.interval),
            )
            if first.value.unit != second.value.unit or not (shorter or longer):
                continue
            fits = fewer == longer
            verdict: Outcome = "consistent" if fits else "inconsistent"
            how = "agree" if fits else "are of opposite directions"
            statement = f"{evidence.describe(effect)}: the hazard ratio and the median times {how}."
            sums = f"{ratio.printed} ({lower.printed} to {upper.printed}); medians {pair.printed}"
            used = (ratio, lower, upper, first, second)
            yield Judgement(verdict, effect.subject, (effect.id, first.fact.id), statement, sums, used)


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
