"""Do the published numbers of one study agree with each other?

Each rule states a relation that correct numbers keep, and judges every place where a study raises it:
*consistent*, *inconsistent*, or *undeterminable* where what is printed cannot tell. A printed number stands
for the interval of all numbers that round to it, so numbers are inconsistent only if no choice inside the
intervals keeps the relation. Rules know kinds of facts, measures and terms; no rule knows a study.
``docs/audit.md`` explains each rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from smm_kg.audit import (
    adverse_events,
    categories,
    contrasts,
    dates,
    durations,
    effects,
    flow,
    populations,
    proportions,
    repetition,
    responses,
    significance,
    thresholds,
    times,
)
from smm_kg.audit import ranges as quantities
from smm_kg.audit.evidence import Evidence, PlausibleRange
from smm_kg.audit.interval import Interval
from smm_kg.audit.verdict import Outcome, Rule, Verdict
from smm_kg.records import Study

__all__ = ["Interval", "Outcome", "PlausibleRange", "Rule", "Verdict", "audit", "rules"]


_THEMES = (
    proportions, categories, flow, populations, responses, adverse_events, effects, contrasts, significance,
    times, dates, durations, thresholds, quantities, repetition,
)  # fmt: skip
_RULES = tuple(chain.from_iterable(theme.RULES for theme in _THEMES))


def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order in which they judge."""
    return _RULES


def audit(study: Study, ranges: Sequence[PlausibleRange] = ()) -> tuple[Verdict, ...]:
    """Judge one study by all rules.

    Args:
        study: what one source says about a study.
        ranges: what quantities can be in a person, at most one for a subject; without them no quantity is
            held against a plausible range.

    Returns:
        The verdicts, by rule in the order of :func:`rules` and within a rule in the order of the facts. The
        same study gives the same verdicts with the same ids.
    """
    evidence = Evidence(study, ranges)
    verdicts = [verdict for rule in rules() for verdict in rule.verdicts(evidence)]
    taken: Counter[str] = Counter()
    for at, verdict in enumerate(verdicts):
        taken[verdict.id] += 1
        if (nth := taken[verdict.id]) > 1:
            verdicts[at] = replace(verdict, id=f"{verdict.id}-{nth}")
    return tuple(verdicts)
