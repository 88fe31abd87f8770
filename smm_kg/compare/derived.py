"""Rows of a comparison that this program computes: turned directions, and effects from results of arms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal, TypedDict

from smm_kg import effects
from smm_kg.compare.evidence import Arm, Datum, Evidence, Result
from smm_kg.compare.reported import size_columns
from smm_kg.compare.row import Caveat, Row

__all__ = [
    "DERIVED_MEASURES",
    "Computed",
    "computed_as",
    "decimal",
    "derived_rows",
    "directed",
    "estimate_of",
]

_DIGITS: Final = 10  # significant digits of a computed number
_HUNDRED: Final = 100.0
_DURATION: Final = re.compile(r"\d|\b(?:year|month|week|day)s?\b")  # 3 years; not: at progression


def directed(row: Row, evidence: Evidence) -> Iterator[Row]:
    """Yield a row as printed and, where it is printed the other way round, also as turned.

    An effect is of the experimental arm against the other; of two experimental arms, of the one that the
    study names first.
    """
    if not _reversed(evidence, row.result.study, row.result.experimental, row.result.reference):
        yield row
        return
    printed = Caveat("reverse-direction", "printed in the reverse direction")
    yield replace(row, caveats=(*row.caveats, printed))
    turned = _turned(row)
    if turned is not None:
        yield turned


def _reversed(evidence: Evidence, study: str, experimental: str | None, reference: str | None) -> bool:
    """Say whether a contrast is the other way round than the study's own plan."""
    arms = evidence.arms.get(study, {})
    first, second = arms.get(experimental or ""), arms.get(reference or "")
    return first is not None and second is not None and _order(first) > _order(second)


def _order(arm: Arm) -> tuple[bool, int]:
    return arm.role != "experimental", arm.rank


def _turned(row: Row) -> Row | None:
    """Return a ratio the other way round, with its interval; other effects stay as printed."""
    if row.estimate is None or not row.measure.endswith("ratio") or row.estimate <= 0:
        return None
    estimate, lower, upper = (
        decimal(1 / float(number)) if number is not None and number > 0 else None
        for number in (row.estimate, row.upper, row.lower)
    )
    return replace(
        row,
        result=replace(row.result, experimental=row.result.reference, reference=row.result.experimental),
        contrast=f"{row.result.reference} vs {row.result.experimental}",
        origin="derived",
        estimate=estimate,
        lower=lower,
        upper=upper,
        printed=shown(estimate, lower, upper),
        n_experimental=row.n_reference,
        n_reference=row.n_experimental,
        median_experimental=row.median_reference,
        median_reference=row.median_experimental,
        method=f"reciprocal of the printed {row.printed}",
        caveats=row.caveats,
        computed=None,
    )


def estimate_of(row: Row) -> effects.Estimate | str:
    """Return the effect of a row with its standard error, or why it has none that can be used."""
    if row.estimate is None:
        return _without(row)
    measure = row.measure
    if row.computed is not None and row.computed.standard_error is not None:
        return row.computed
    if measure not in ("hazard ratio", "risk ratio", "odds ratio", "risk difference"):
        return f"a {measure} has no standard error that could be pooled"
    scale = _HUNDRED if measure == "risk difference" and row.origin == "derived" else 1.0
    try:
        if row.lower is not None and row.upper is not None:
            level = float(row.level or 95) / _HUNDRED
            limits = [float(number) / scale for number in (row.estimate, row.lower, row.upper)]
            return effects.from_interval(measure, *limits, level=level, source=row.result.fact)  # type: ignore[arg-type]
        if row.p is not None and row.p_comparator == "=":
            return effects.from_p_value(
                measure,  # type: ignore[arg-type]
                float(row.estimate) / scale,
                row.p,
                source=row.result.fact,
            )
    except effects.EffectError as error:
        return f"{row.result.study}: {error}"
    return f"{row.result.study} gives neither an interval nor an exact P value"


def _without(row: Row) -> str:
    """Say that there is no estimate, and what is given instead."""
    instead = []
    if row.printed not in (None, "not reported", row.value_status):
        instead.append(str(row.printed))
    if row.median_experimental is not None and row.median_reference is not None:
        instead.append(f"medians {row.median_experimental} and {row.median_reference}")
    if row.p is not None:
        sign = "=" if row.p_comparator == "=" else row.p_comparator
        instead.append(f"P{sign}{row.p:f}")
    given = ", ".join(instead)
    text = f"{row.result.study} gives no {row.measure}"
    return f"{text}, only {given}" if given else text


def derived_rows(evidence: Evidence, measure: str) -> Iterator[Row]:
    """Yield an effect computed from the results of two arms, for each contrast that has both."""
    compute = DERIVED_MEASURES[measure]
    contrasts = (
        (study, experimental, reference)
        for study, arms in evidence.arms.items()
        for experimental, arm in arms.items()
        for reference in sorted(arm.compared_with)
    )
    for study, experimental, reference in contrasts:
        if _reversed(evidence, study, experimental, reference):
            continue
        for result, other in _pairs(evidence, study, experimental, reference):
            yield from compute(result, other, evidence)


def _pairs(
    evidence: Evidence, study: str, experimental: str, reference: str
) -> Iterator[tuple[Result, Result]]:
    """Yield the same result of both arms, from the same source."""

    def key(one: Result) -> tuple[object, ...]:
        return (
            one.end_point, one.definition, one.category, one.population, one.timepoint, one.time_origin,
            one.document,
        )  # fmt: skip

    of_study = [one for one in evidence.results if one.study == study and one.contrast is None]
    for result in of_study:
        for other in of_study:
            if (result.arm, other.arm) == (experimental, reference) and key(result) == key(other):
                both = replace(
                    result,
                    contrast=f"{experimental} vs {reference}",
                    experimental=experimental,
                    reference=reference,
                )
                yield both, other


def _row(result: Result, estimate: effects.Estimate, measure: str, evidence: Evidence) -> Row:
    sizes = size_columns(evidence, result)
    caveats = [Caveat("computed", words) for words in estimate.notes]
    if {result.experimental, result.reference} & evidence.contested.get(result.study, frozenset()):
        caveats.append(Caveat("conflict", "another source gives other numbers of patients"))
    return Row(
        result=result,
        contrast=result.contrast or "",
        measure=measure,
        value_status="reported",
        n_experimental=sizes[0],
        n_reference=sizes[1],
        caveats=tuple(caveats),
        **computed_as(measure, estimate),
    )


def _of_medians(result: Result, other: Result, evidence: Evidence) -> Iterator[Row]:
    first, second = result.values.get("median"), other.values.get("median")
    if first is None or second is None or first.exact is None or second.exact is None:
        return
    if first.unit == second.unit and first.exact > 0 and second.exact > 0:
        estimate = effects.median_ratio(first.exact, second.exact, source=result.fact)
        yield _row(result, estimate, "median ratio", evidence)


def _of_rates(result: Result, other: Result, evidence: Evidence) -> Iterator[Row]:
    first, second = result.values.get("percent"), other.values.get("percent")
    if result.timepoint is None or not _DURATION.search(result.timepoint) or first is None or second is None:
        return
    if first.exact is None or second.exact is None:
        return
    rates = [
        effects.RateAtTime(value=datum.exact / 100) for datum in (first, second) if datum.exact is not None
    ]
    time = " from ".join(word for word in (result.timepoint, result.time_origin) if word)
    yield _row(
        result, effects.rate_difference(*rates, time=time, source=result.fact), "rate difference", evidence
    )


def _of_counts(measure: str) -> Callable[[Result, Result, Evidence], Iterator[Row]]:
    function = {
        "risk ratio": effects.risk_ratio,
        "odds ratio": effects.odds_ratio,
        "risk difference": effects.risk_difference,
    }[measure]

    def compute(result: Result, other: Result, evidence: Evidence) -> Iterator[Row]:
        counts = [_events(one.values.get("count"), one, evidence) for one in (result, other)]
        if counts[0] is None or counts[1] is None:
            return
        table = effects.Table2x2(
            treatment_events=counts[0][0],
            treatment_total=counts[0][1],
            control_events=counts[1][0],
            control_total=counts[1][1],
        )
        try:
            estimate = function(table, zero_cells="half-when-needed", source=result.fact)
        except effects.EffectError:
            return  # nobody, or everybody, had the event: there is no effect to show
        yield _row(result, estimate, measure, evidence)

    return compute


def _events(datum: Datum | None, result: Result, evidence: Evidence) -> tuple[int, int] | None:
    """Return patients with the event and in all, where both are stated."""
    if datum is None or datum.exact is None:
        return None
    total = datum.denominator or evidence.size(result.study, result.arm, result.population)
    events = int(datum.exact)
    return (events, total) if total is not None and events <= total else None


DERIVED_MEASURES: Final[dict[str, Callable[[Result, Result, Evidence], Iterator[Row]]]] = {
    "median ratio": _of_medians,
    "rate difference": _of_rates,
    "risk ratio": _of_counts("risk ratio"),
    "odds ratio": _of_counts("odds ratio"),
    "risk difference": _of_counts("risk difference"),
}


class Computed(TypedDict):
    """The cells of a row that a computed effect fills."""

    origin: Literal["derived"]
    estimate: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    level: Decimal | None
    printed: str | None
    method: str
    computed: effects.Estimate


def computed_as(measure: str, estimate: effects.Estimate) -> Computed:
    """Return a computed effect as cells of a row: a difference in percentage points."""
    scale = _HUNDRED if measure.endswith("difference") else 1.0
    numbers = [
        None if number is None else decimal(number * scale)
        for number in (estimate.value, estimate.lower, estimate.upper)
    ]
    text = shown(*numbers)
    return Computed(
        origin="derived",
        estimate=numbers[0],
        lower=numbers[1],
        upper=numbers[2],
        level=None if numbers[1] is None else decimal(estimate.level * _HUNDRED),
        printed=f"{text} percentage points" if text and scale != 1 else text,
        method=estimate.method,
        computed=estimate,
    )


def decimal(number: float) -> Decimal:
    """Return a computed number to ten significant digits."""
    return Decimal(f"{number:.{_DIGITS}g}")


def shown(*numbers: Decimal | None) -> str | None:
    """Return a computed estimate and its interval for reading, to three significant digits."""
    if not numbers or numbers[0] is None:
        return None
    texts = [f"{float(number):#.3g}".rstrip(".") for number in numbers if number is not None]
    return f"{texts[0]} ({texts[1]} to {texts[2]})" if len(texts) == 3 else texts[0]
