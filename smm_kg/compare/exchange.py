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
from smm_kg.compare.evidence import Evidence
from smm_kg.compare.row import Row
from smm_kg.rows import Cell, Rows

__all__ = ["LONG_COLUMNS", "long_rows"]

LONG_COLUMNS: Final = (
    "studlab", "study", "treat1", "treat2", "measure", "TE", "seTE", "yi", "vi", "sei", "estimate", "lower",
    "upper", "level", "n1", "n2", "end_point", "definition", "time_origin", "population", "source", "origin",
    "status",
)  # fmt: skip


def long_rows(comparison: Comparison) -> Rows:
    """Return one row per effect of two arms, on the analysis scale: the log for ratios.

    ``status`` is *usable* for one effect of each trial and measure. For others it says why they are not, so
    that nobody counts patients twice: another result of a trial that is taken already, a pooled analysis, or
    no usable standard error; then the numbers are empty. What was printed in the reverse direction is left
    out, since it stands here as turned.
    """
    rows: list[tuple[Cell, ...]] = []
    seen: set[tuple[str, str]] = set()
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
        status = estimate if isinstance(estimate, str) else _status(row, seen)
        study, of = row.result.study, row.result
        design = comparison.evidence.designs.get(study)
        rows.append((
            design.label if design else study, study,
            *_treatments(row, comparison.evidence),
            row.measure, effect, error, effect, variance, error, row.estimate, row.lower, row.upper,
            row.level, row.n_experimental, row.n_reference, of.end_point, row.definition, of.time_origin,
            of.population,
            of.document, row.origin, status,
        ))  # fmt: skip
    return Rows(LONG_COLUMNS, rows)


def _status(row: Row, seen: set[tuple[str, str]]) -> str:
    """Say whether an effect with a standard error is the one of its trial and measure to be analysed."""
    if "pooled-analysis" in row.caveat_names:
        return "a pooled analysis, whose trials may be among these"
    key = (row.result.study, row.measure)
    if key in seen:
        return "another result of this trial is used"
    seen.add(key)
    return "usable"


def _treatments(row: Row, evidence: Evidence) -> tuple[str, str]:
    """Return what the two arms were given; with their labels where the drugs are the same."""
    arms = (row.result.experimental or "", row.result.reference or "")
    names = tuple(treatment_name(evidence, row.result.study, arm) for arm in arms)
    if names[0] != names[1]:
        return names[0], names[1]
    known = evidence.arms.get(row.result.study, {})
    labels = [known[arm].label if arm in known else arm for arm in arms]
    return f"{names[0]} ({labels[0]})", f"{names[1]} ({labels[1]})"
