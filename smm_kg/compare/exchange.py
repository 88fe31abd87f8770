"""The effects of a comparison as a long table that statistical programs read as it is.

``metafor`` takes ``yi`` and ``sei``, ``netmeta`` takes ``TE``, ``seTE``, ``treat1``, ``treat2`` and
``studlab``, RevMan the study, the estimate with its limits and the numbers of patients.
"""

from __future__ import annotations

from typing import Final

from smm_kg import effects
from smm_kg.compare.chain import treatment_name
from smm_kg.compare.comparison import Comparison
from smm_kg.compare.derived import decimal, estimate_of
from smm_kg.rows import Cell, Rows

__all__ = ["LONG_COLUMNS", "long_rows"]

LONG_COLUMNS: Final = (
    "studlab", "study", "treat1", "treat2", "measure", "TE", "seTE", "yi", "vi", "sei", "estimate", "lower",
    "upper", "level", "n1", "n2", "end_point", "definition", "time_origin", "population", "source", "origin",
    "status",
)  # fmt: skip


def long_rows(comparison: Comparison) -> Rows:
    """Return one row per effect of two arms, on the analysis scale: the log for ratios.

    Where there is no usable standard error the numbers are empty and ``status`` says why. What was printed in
    the reverse direction is left out, since it stands here as turned.
    """
    rows: list[tuple[Cell, ...]] = []
    for row in comparison.rows:
        turned = "reverse-direction" in row.caveat_names and row.origin == "reported"
        if row.result.reference is None or turned:
            continue
        estimate = estimate_of(row)
        numbers: tuple[Cell, ...] = (None, None, None)
        if isinstance(estimate, effects.Estimate) and estimate.standard_error and estimate.variance:
            numbers = tuple(
                decimal(number) for number in (estimate.effect, estimate.standard_error, estimate.variance)
            )
        effect, error, variance = numbers
        study, of = row.result.study, row.result
        design = comparison.evidence.designs.get(study)
        rows.append((
            design.label if design else study, study,
            treatment_name(comparison.evidence, study, of.experimental),
            treatment_name(comparison.evidence, study, of.reference),
            row.measure, effect, error, effect, variance, error, row.estimate, row.lower, row.upper,
            row.level, row.n_experimental, row.n_reference, of.end_point, row.definition, of.time_origin,
            of.population,
            of.document, row.origin, estimate if isinstance(estimate, str) else "usable",
        ))  # fmt: skip
    return Rows(LONG_COLUMNS, rows)
