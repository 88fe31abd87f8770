"""Pooling the effects of a comparison, and refusing to where they are unlike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from smm_kg import effects
from smm_kg.compare.caveats import BLOCKING
from smm_kg.compare.derived import computed_as, decimal, estimate_of
from smm_kg.compare.errors import ComparisonError, PoolingRefusedError
from smm_kg.compare.evidence import Result
from smm_kg.compare.row import Caveat, Row

__all__ = ["METHODS", "Method", "PooledRows", "pool", "taken"]

Method = Literal["fixed", "reml", "dersimonian-laird", "paule-mandel"]
METHODS: Final = get_args(Method)


@dataclass(frozen=True, slots=True)
class PooledRows:
    """What was pooled: the pooled row, the weights of the rows by fact, and what a reader has to know."""

    row: Row
    weights: dict[str, float]
    prediction: tuple[Decimal, Decimal] | None
    notes: tuple[str, ...]


def pool(rows: Sequence[Row], method: Method, *, even_so: bool = False) -> PooledRows:
    """Pool one effect per study, all of the measure of the first that can be used.

    A pooled analysis never takes part: its trials may stand beside it.

    Args:
        rows: the rows of a comparison; of several of one study the first that can be used counts.
        method: ``fixed`` (inverse variance), or the estimator of the variance between studies in a
            random-effects model with the interval of Hartung, Knapp, Sidik and Jonkman.
        even_so: pool in spite of caveats that forbid it; they are then told in the notes.

    Raises:
        PoolingRefusedError: the effects are unlike, or fewer than two can be used.
        ComparisonError: there is no such method.
    """
    if method not in METHODS:
        raise ComparisonError(f"there is no pooling method {method!r}", candidates=METHODS)
    chosen, left_out = taken(rows)
    reasons = _reasons_against([row for row, _ in chosen])
    if reasons and not even_so:
        raise PoolingRefusedError(reasons)
    if len(chosen) < 2:
        found = f"{len(chosen)} {'effect' if len(chosen) == 1 else 'effects'} can be used"
        raise PoolingRefusedError((found, *left_out), hint="choose other trials, or another --measure")
    studies = {row.result.study: estimate for row, estimate in chosen}
    try:
        if method == "fixed":
            pooled = effects.fixed_effect(studies)
        else:
            pooled = effects.random_effects(studies, tau=method)
    except effects.EffectError as error:
        raise PoolingRefusedError((str(error),)) from error
    weights = {row.result.fact: weight.share for (row, _), weight in zip(chosen, pooled.weights, strict=True)}
    notes = (*_notes(pooled), *left_out)
    if reasons:
        notes = ("pooled in spite of: " + "; ".join(reasons), *notes)
    prediction = pooled.prediction
    scale = 100 if chosen[0][0].measure.endswith("difference") else 1
    interval = None
    if prediction is not None:
        interval = (decimal(scale * prediction.lower), decimal(scale * prediction.upper))
    return PooledRows(_row([row for row, _ in chosen], pooled, notes), weights, interval, notes)


def taken(rows: Sequence[Row]) -> tuple[list[tuple[Row, effects.Estimate]], tuple[str, ...]]:
    """Return the usable effects, one of each trial and all of one measure, and what was left out and why."""
    chosen: dict[str, tuple[Row, effects.Estimate]] = {}
    unusable: dict[str, str] = {}
    left_out: list[str] = []
    for row in rows:
        study = row.result.study
        if row.result.reference is None or "reverse-direction" in row.caveat_names:
            continue
        estimate = estimate_of(row)
        if isinstance(estimate, str):
            unusable.setdefault(study, f"left out: {estimate}")
        elif "pooled-analysis" in row.caveat_names:
            left_out.append(f"left out: {study}, a pooled analysis, whose trials may be among these")
        elif study in chosen:
            first = chosen[study][0].result.document
            left_out.append(f"left out: {study}, {row.printed} of {row.result.document}; {first} was taken")
        elif chosen and row.measure != (one := next(iter(chosen.values()))[0].measure):
            left_out.append(f"left out: {study}, {row.measure}, where others have a {one}")
        else:
            chosen[study] = (row, estimate)
    reasons = (why for study, why in unusable.items() if study not in chosen)
    return list(chosen.values()), tuple(dict.fromkeys((*reasons, *left_out)))


def _reasons_against(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return why these effects do not estimate one thing, each study once."""
    reasons = []
    for row in rows:
        against = [str(caveat) for caveat in row.caveats if caveat.name in BLOCKING]
        if against:
            reasons.append(f"{row.result.study}: {', '.join(against)}")
    return tuple(reasons)


def _notes(pooled: effects.Pooled) -> tuple[str, ...]:
    """Say how the studies differ, and what was left out."""
    found = pooled.heterogeneity
    text = (
        f"heterogeneity: Q {found.q:.3g} on {found.df} df (P {found.p:.2g}), I² {100 * found.i_squared:.0f} %"
    )
    notes = [text if found.tau_squared is None else f"{text}, τ² {found.tau_squared:.3g}"]
    if pooled.no_prediction and pooled.model == "random":
        notes.append(f"no prediction interval: {pooled.no_prediction}")
    notes += [f"left out: {one.label}, {one.reason}" for one in pooled.excluded]
    return tuple(notes)


def _row(rows: Sequence[Row], pooled: effects.Pooled, notes: tuple[str, ...]) -> Row:
    estimate, first = pooled.estimate, rows[0].result
    result = Result(
        study="pooled",
        end_point=" or ".join(dict.fromkeys(row.result.end_point for row in rows)),
        fact="",
        document="",
        primary=True,
        read_from_paper=False,
        definition=first.definition if len({row.result.definition for row in rows}) == 1 else None,
        deaths=first.deaths if len({row.result.deaths for row in rows}) == 1 else None,
    )
    return Row(
        result=result,
        contrast="experimental vs reference",
        measure=rows[0].measure,
        value_status="reported",
        p_comparator="=" if estimate.p is not None else None,
        p=None if estimate.p is None else decimal(estimate.p),
        caveats=tuple(Caveat("pooled", note) for note in notes),
        **computed_as(rows[0].measure, estimate),
    )
