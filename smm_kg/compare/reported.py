"""Rows of a comparison that documents state: effects of contrasts, and results of single arms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from smm_kg.compare.evidence import Datum, Evidence, Result
from smm_kg.compare.row import Row

__all__ = ["DEATH", "EFFECT_MEASURES", "arm_rows", "effect_rows", "median_of", "size_columns", "value_text"]

EFFECT_MEASURES: Final = (
    "hazard ratio", "risk ratio", "odds ratio", "rate ratio", "median ratio", "risk difference",
)  # fmt: skip
DEATH: Final = "death"
_UNITS = {"mo_j": "months", "a": "years", "d": "days", "wk": "weeks", "%": "%"}


def effect_rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the effect of each contrast as printed; one that is known by its P value alone has no estimate.

    Effects within subgroups are left out.
    """
    effects = [one for one in evidence.results if one.contrast is not None and one.category is None]
    for result in _joined(effects):
        measure = next((name for name in EFFECT_MEASURES if name in result.values), None)
        p = result.values.get("p value")
        if measure is None and p is None and "text" not in result.values:
            continue
        datum = result.values[measure] if measure else None
        yield _with_arms(
            Row(
                result=result,
                contrast=result.contrast or "",
                measure=measure or _unnamed(result, evidence),
                value_status=datum.status if datum else "not reported",
                estimate=datum.exact if datum else None,
                lower=_number(result, "confidence interval lower"),
                upper=_number(result, "confidence interval upper"),
                level=_number(result, "confidence level"),
                p_comparator=p.comparator if p and p.number is not None else None,
                p=p.number if p else None,
                printed=_printed(result, datum),
            ),
            evidence,
        )


def _unnamed(result: Result, evidence: Evidence) -> str:
    """Return of what kind an effect is that is told by a P value or in words alone."""
    if result.timepoint is not None:
        return "rate difference"
    return "hazard ratio" if result.end_point in evidence.times_to_event else "difference"


def _joined(effects: Iterable[Result]) -> Iterator[Result]:
    """Join facts of one source on one effect: that no estimate is reported, and what is told instead."""
    held: dict[tuple[object, ...], Result] = {}
    for effect in effects:
        key = (
            effect.study, effect.contrast, effect.end_point, effect.definition, effect.population,
            effect.timepoint, effect.document,
        )  # fmt: skip
        other = held.get(key)
        if other is None:
            held[key] = effect
        elif (_estimated(effect) and _estimated(other)) or _of_unlike_measures(effect, other):
            held[(*key, effect.fact)] = effect
        else:
            first, second = (effect, other) if _estimated(effect) else (other, effect)
            held[key] = replace(first, values={**second.values, **first.values})
    yield from held.values()


def _of_unlike_measures(effect: Result, other: Result) -> bool:
    """Say whether one states a hazard ratio and the other, say, an odds ratio: these never become one."""
    measures = [{name for name in EFFECT_MEASURES if name in one.values} for one in (effect, other)]
    return all(measures) and measures[0].isdisjoint(measures[1])


def _estimated(result: Result) -> bool:
    return any(name in result.values and result.values[name].number is not None for name in EFFECT_MEASURES)


def arm_rows(evidence: Evidence, measure: str) -> Iterator[Row]:
    """Yield the results of arms: ``median``, ``percent`` at a time or in all, or ``count``.

    A count stands for itself only where the fact has no percentage.
    """
    for result in evidence.results:
        datum = result.values.get(measure)
        if result.arm is None or datum is None or result.contrast is not None:
            continue
        if measure == "count" and "percent" in result.values:
            continue
        yield Row(
            result=result,
            contrast=result.arm,
            measure=_measured(measure, result),
            value_status=datum.status,
            estimate=datum.exact,
            lower=_number(result, "confidence interval lower"),
            upper=_number(result, "confidence interval upper"),
            level=_number(result, "confidence level"),
            printed=value_text(datum),
            n_experimental=datum.denominator or evidence.size(result.study, result.arm, result.population),
        )


def _measured(measure: str, result: Result) -> str:
    """Return a measure with the category it is of: a cause of death, a response and what it includes."""
    if result.category is None:
        return measure
    of = f"by cause: {result.category}" if result.end_point == DEATH else result.category
    return f"{measure} {of}{' (cumulative)' if result.counting == 'cumulative' else ''}"


def value_text(datum: Datum) -> str:
    """Return a value for reading: number with its comparator and unit, or why there is none."""
    if datum.number is None:
        return datum.text or datum.status
    worded = datum.comparator == "≈" and not (datum.printed or "0")[:1].isdigit()
    sign = "" if datum.comparator == "=" or worded else datum.comparator
    number = datum.printed if datum.printed else f"{datum.number:f}"
    unit = _UNITS.get(datum.unit or "", datum.unit)
    text = f"{sign}{number} {unit}" if unit else f"{sign}{number}"
    return f"{text} of {datum.denominator}" if datum.measure == "count" and datum.denominator else text


def median_of(evidence: Evidence, result: Result, arm: str | None) -> str | None:
    """Return the median of an arm on the end point of a result, from the same source if that has it."""
    fitting = [
        one
        for one in evidence.results
        if "median" in one.values
        and (one.study, one.arm, one.end_point) == (result.study, arm, result.end_point)
        and one.category is None
        and (one.definition is None or one.definition == result.definition)
        and (result.time_origin is None or one.time_origin in (None, result.time_origin))
    ]
    same = [one for one in fitting if one.document == result.document]
    return value_text(same[0].values["median"]) if same else None


def size_columns(evidence: Evidence, result: Result) -> tuple[int | None, int | None]:
    """Return how many patients of each arm of a contrast are in the population of the result."""
    return (
        evidence.size(result.study, result.experimental, result.population),
        evidence.size(result.study, result.reference, result.population),
    )


def _with_arms(row: Row, evidence: Evidence) -> Row:
    experimental, reference = size_columns(evidence, row.result)
    return replace(
        row,
        n_experimental=experimental,
        n_reference=reference,
        median_experimental=median_of(evidence, row.result, row.result.experimental),
        median_reference=median_of(evidence, row.result, row.result.reference),
    )


def _number(result: Result, measure: str) -> Decimal | None:
    datum = result.values.get(measure)
    return datum.exact if datum else None


def _printed(result: Result, datum: Datum | None) -> str:
    """Return estimate and interval as the source prints them, or why there is none."""
    words = result.values.get("text")
    if datum is None or datum.number is None:
        return words.text or "not reported" if words else (datum.status if datum else "not reported")
    limits = [result.values.get(f"confidence interval {end}") for end in ("lower", "upper")]
    text = value_text(datum)
    if all(limit is not None and limit.number is not None for limit in limits):
        text += f" ({' to '.join(value_text(limit) for limit in limits if limit)})"
    return text
