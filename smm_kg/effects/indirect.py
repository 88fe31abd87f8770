"""Indirect comparison of treatments along a chain of trials that share comparators."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from smm_kg.effects.errors import IndirectError
from smm_kg.effects.estimate import Estimate, from_effect

__all__ = ["Indirect", "Link", "Step", "indirect_comparison"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One comparison of a chain: a trial, or the pooled effect of trials.

    Attributes:
        treatment: the first treatment, in the direction of the effect.
        comparator: the second.
        effect: treatment against comparator, or None where there is no usable effect.
        label: what it is called, such as a trial; unique in a chain.
        population: whom it studied, for the reader to judge whether the links compare like with like.
        unusable: why there is no effect, in words; needed where ``effect`` is None.
    """

    treatment: str
    comparator: str
    effect: Estimate | None
    label: str
    population: str = ""
    unusable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A link as the chain walks it.

    Attributes:
        link: the link.
        reversed: whether the chain walks it from comparator to treatment.
        effect: its effect on the analysis scale in the direction walked.
        variance: that of the effect.
    """

    link: Link
    reversed: bool
    effect: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Indirect:
    """An indirect comparison.

    Attributes:
        estimate: the first treatment of the chain against the last.
        chain: the treatments from first to last.
        steps: the links in order, as walked.
        weakest: the link with the largest variance, which bounds what the comparison can say.
    """

    estimate: Estimate
    chain: tuple[str, ...]
    steps: tuple[Step, ...]
    weakest: Link


def indirect_comparison(links: Sequence[Link], *, level: float = 0.95) -> Indirect:
    """The effect of the first treatment of a chain against the last, by the method of Bucher.

    Effects along the chain add up on the analysis scale (log for ratios), and so do their variances. The
    chain runs from the end of the first link that the second does not share; links that point the other way
    are turned. Randomisation is kept only within each link: the result is that of an observational study
    unless the links have like populations, follow-up and definitions, which is for the caller to show.

    Args:
        links: at least two, in order, each sharing a treatment with the next, from independent trials. Of a
            pooled effect the standard error is taken, not the degrees of freedom of its interval.
        level: the confidence level as a fraction.

    Raises:
        IndirectError: the links make no chain, a link has no usable effect or no standard error, the
            measures differ, or a link or a treatment comes twice.
        InputError: the level is no fraction, or differences add up beyond -1 to 1.

    Source: Bucher HC, Guyatt GH, Griffith LE, Walter SD. J Clin Epidemiol 1997;50:683-91.
    """
    chain = _chain(links)
    steps = tuple(_step(link, start) for link, start in zip(links, chain, strict=False))
    measures = {link.effect.measure for link in links if link.effect is not None}
    if len(measures) > 1:
        hint = "compare along links of one measure; a ratio of medians is no hazard ratio"
        raise IndirectError(f"the links give different measures: {', '.join(sorted(measures))}", hint=hint)
    names = [link.label for link in links]
    estimate = from_effect(
        measures.pop(),
        math.fsum(step.effect for step in steps),
        math.sqrt(math.fsum(step.variance for step in steps)),
        level=level,
        method=f"indirect comparison (Bucher 1997) along {' – '.join(chain)}",
        source="; ".join(names),
        notes=("derived: no trial compares these treatments",),
    )
    weakest = max(steps, key=lambda step: step.variance).link
    return Indirect(estimate=estimate, chain=chain, steps=steps, weakest=weakest)


def _chain(links: Sequence[Link]) -> tuple[str, ...]:
    """The treatments along the links, or the reason why they make no chain."""
    if len(links) < 2:
        hint = "a single link is a direct comparison" if links else None
        raise IndirectError(f"a chain needs two links, there {'is 1' if links else 'are 0'}", hint=hint)
    labels = [link.label for link in links]
    for label in labels:
        if labels.count(label) > 1:
            hint = "links from one trial are not independent"
            raise IndirectError("it comes twice in the chain", link=label, hint=hint)
    ends = [(link.treatment, link.comparator) for link in links]
    for (treatment, comparator), label in zip(ends, labels, strict=True):
        if treatment == comparator:
            raise IndirectError(f"it compares {treatment} with itself", link=label)
    shared = set(ends[0]) & set(ends[1])
    if len(shared) != 1:
        what = "both their treatments" if shared else "no treatment"
        reason = f"{labels[0]} and {labels[1]} share {what}"
        raise IndirectError(reason, hint="links of a chain share one comparator")
    first = ends[0][0] if ends[0][1] in shared else ends[0][1]
    chain = [first]
    for pair, label in zip(ends, labels, strict=True):
        if chain[-1] not in pair:
            raise IndirectError(f"it does not continue from {chain[-1]}", link=label)
        chain.append(pair[1] if pair[0] == chain[-1] else pair[0])
    if len(set(chain)) < len(chain):
        raise IndirectError(f"the chain meets a treatment twice: {' – '.join(chain)}")
    return tuple(chain)


def _step(link: Link, start: str) -> Step:
    if link.effect is None:
        reason = link.unusable or "it has no usable effect"
        raise IndirectError(reason, link=link.label, hint="show the link as it is, without the comparison")
    if link.effect.variance is None:
        reason = f"its {link.effect.measure} has no standard error, interval or P value"
        raise IndirectError(reason, link=link.label, hint="show the link as it is, without the comparison")
    backwards = link.treatment != start
    effect = -link.effect.effect if backwards else link.effect.effect
    return Step(link=link, reversed=backwards, effect=effect, variance=link.effect.variance)
