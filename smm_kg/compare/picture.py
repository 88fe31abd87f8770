"""A comparison as a forest plot."""

from __future__ import annotations

from decimal import Decimal

from smm_kg.compare.comparison import Comparison
from smm_kg.compare.errors import ComparisonError
from smm_kg.compare.row import Row
from smm_kg.draw.forest import Forest, Pooled
from smm_kg.draw.forest import Row as ForestRow
from smm_kg.draw.page import Caption

__all__ = ["forest_of"]


def forest_of(comparison: Comparison) -> Forest:
    """Return the forest plot of the effects of a comparison, all of one measure.

    Results of single arms have no effect and are named in a note. What was printed in the reverse direction
    is drawn as turned.

    Raises:
        ComparisonError: there is no effect to draw.
    """
    drawn = [row for row in comparison.rows if row.result.reference is not None and not _printed_turned(row)]
    if not drawn:
        raise ComparisonError(
            "there is no effect of two arms to draw", hint="see the rows with --format table"
        )
    measure = next((row.measure for row in drawn if row.estimate is not None), drawn[0].measure)
    drawn = [row for row in drawn if row.measure == measure]
    difference = measure.endswith("difference")
    favours = ("favors experimental arm", "favors reference arm")
    return Forest(
        caption=_caption(comparison, drawn, measure),
        measure=measure,
        rows=tuple(_row(row, comparison) for row in drawn),
        scale="difference" if difference else "ratio",
        level=_level(drawn),
        columns=("End point and definition", "n", "Caveats"),
        pooled=_pooled(comparison),
        favours=favours if measure == "hazard ratio" else ("", ""),
        unit="percentage points" if difference else "",
    )


def _printed_turned(row: Row) -> bool:
    return "reverse-direction" in row.caveat_names and row.origin == "reported"


def _row(row: Row, comparison: Comparison) -> ForestRow:
    design = comparison.evidence.designs.get(row.result.study)
    weights = comparison.pooled.weights if comparison.pooled else {}
    weight = weights.get(row.result.fact)
    defined = ": ".join(part for part in (row.result.end_point, row.definition) if part)
    words = [str(caveat) for caveat in row.caveats if caveat.name not in _IN_THE_COLUMN]
    return ForestRow(
        study=design.label if design else row.result.study,
        label=row.arms(comparison.evidence),
        estimate=row.estimate,
        lower=row.lower,
        upper=row.upper,
        weight=None if weight is None else Decimal(f"{100 * weight:.1f}"),
        origin=row.origin,
        columns=(defined, row.sizes or "", "; ".join(words)),
        printed=row.printed if row.estimate is not None else None,
        absent=_absent(row),
    )


# The column of definitions says these already.
_IN_THE_COLUMN = frozenset({"different-end-point", "different-definition"})


def _absent(row: Row) -> str:
    words = row.printed or row.value_status
    if row.p is None:
        return words
    sign = "=" if row.p_comparator == "=" else row.p_comparator
    return f"{words}; P{sign}{row.p:f}"


def _pooled(comparison: Comparison) -> tuple[Pooled, ...]:
    pooled = comparison.pooled
    if pooled is None or pooled.row.estimate is None:
        return ()
    row = pooled.row
    if row.estimate is None or row.lower is None or row.upper is None:
        return ()
    return (
        Pooled(
            label=f"Pooled: {row.method}",
            estimate=row.estimate,
            lower=row.lower,
            upper=row.upper,
            prediction=pooled.prediction,
            printed=row.printed,
        ),
    )


def _level(rows: list[Row]) -> Decimal | None:
    levels = {row.level for row in rows if row.lower is not None}
    return levels.pop() if len(levels) == 1 else None


def _caption(comparison: Comparison, drawn: list[Row], measure: str) -> Caption:
    shown = {row.result.study for row in drawn}
    others = [row for row in comparison.rows if row.result.study not in shown and not _printed_turned(row)]
    estimated = [row for row in others if row.result.reference is not None and row.estimate is not None]
    apart = sorted({row.result.study for row in others} - {row.result.study for row in estimated})
    notes = []
    if estimated:
        texts = [f"{_label(comparison, row.result.study)} ({row.measure} {row.printed})" for row in estimated]
        notes.append(f"Not a {measure}, so not drawn: {'; '.join(texts)}.")
    if apart:
        labels = ", ".join(_label(comparison, study) for study in apart)
        notes.append(f"No effect of two arms is given by: {labels}.")
    if any(row.origin == "derived" for row in drawn):
        notes.append("Derived: computed by smm-kg from what the source prints.")
    notes += comparison.pooled.notes if comparison.pooled else ()
    return Caption(
        title=f"{comparison.end_point[:1].upper()}{comparison.end_point[1:]}",
        subtitle=f"{measure[:1].upper()}{measure[1:]}, experimental against reference arm of each trial",
        notes=tuple(notes),
        sources=tuple(dict.fromkeys(row.result.document for row in drawn)),
    )


def _label(comparison: Comparison, study: str) -> str:
    design = comparison.evidence.designs.get(study)
    return design.label if design else study
