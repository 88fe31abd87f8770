"""In what the trials of a comparison are unlike: caveats, each with a name that a program can read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from smm_kg.compare.evidence import Design, Evidence, Result
from smm_kg.compare.reported import DEATH
from smm_kg.compare.row import Caveat, Row

__all__ = ["BLOCKING", "UNDEFINED", "caveats_of"]

# With one of these, two effects do not estimate the same thing, so that they are not pooled unasked.
BLOCKING = frozenset({
    "single-arm", "not-randomized", "pooled-analysis", "different-disease", "different-risk",
    "risk-not-stated", "different-end-point", "different-definition", "different-comparator",
    "reverse-direction", "secondary-source-only",
})  # fmt: skip

_UNLIKE = Decimal("1.5")  # follow-up that is longer or shorter by half is another length of follow-up
_NOT_STATED = "selection by risk not stated"
UNDEFINED = "progression, not further defined"


def caveats_of(row: Row, anchor: Result | None, anchor_study: str | None, evidence: Evidence) -> list[Caveat]:
    """Return what a reader has to know before setting a result beside that of the trial compared.

    Args:
        row: the result.
        anchor: the result of the trial compared, where it has one on the same end points.
        anchor_study: the trial compared.
        evidence: designs and arms of all studies.
    """
    result = row.result
    found = list(_of_design(result, anchor, anchor_study, evidence))
    if anchor is not None and result.fact != anchor.fact:
        found += _of_end_point(result, anchor)
    against = result.experimental if "reverse-direction" in row.caveat_names else result.reference
    found += _of_comparator(result.study, against, anchor, evidence)
    if not result.primary:
        found.append(Caveat("secondary-source-only", "secondary source only"))
    if result.varies is not None:
        found.append(Caveat("conflict", "differs from another source of the study"))
    if result.label_printed is not None and result.label_printed != result.end_point:
        found.append(Caveat("label", f"the source calls it {result.label_printed}"))
    return found


def _of_design(
    result: Result, anchor: Result | None, anchor_study: str | None, evidence: Evidence
) -> Iterator[Caveat]:
    own = evidence.designs.get(result.study, Design(result.study))
    other = evidence.designs.get(anchor_study or "", Design(""))
    if own.allocation == "single arm":
        yield Caveat("single-arm", "single arm")
    elif own.allocation == "meta-analysis":
        yield Caveat("pooled-analysis", "pooled analysis of several trials")
    elif own.allocation is not None and own.allocation != "randomized":
        yield Caveat("not-randomized", "not randomized")
    if anchor_study is None:
        return
    if result.study == anchor_study:
        if anchor is not None and result.document != anchor.document:
            yield Caveat("same-trial", "another report of the same trial")
        return
    if None not in (own.disease, other.disease) and own.disease != other.disease:
        yield Caveat("different-disease", str(own.disease))
    if own.risk in (None, _NOT_STATED):
        yield Caveat("risk-not-stated", _NOT_STATED)
    elif own.risk != other.risk:
        yield Caveat("different-risk", str(own.risk))
    yield from _of_follow_up(own, other)


def _of_follow_up(own: Design, other: Design) -> Iterator[Caveat]:
    if own.follow_up is None:
        yield Caveat("follow-up-not-reported", "follow-up not reported")
    elif other.follow_up and own.follow_up_unit == other.follow_up_unit:
        longer = max(own.follow_up, other.follow_up) / max(
            min(own.follow_up, other.follow_up), Decimal("0.1")
        )
        if longer > _UNLIKE:
            unit = {"mo_j": "months", "a": "years"}.get(own.follow_up_unit or "", own.follow_up_unit)
            yield Caveat("different-follow-up", f"median follow-up {own.follow_up:f} {unit}")


def _of_end_point(result: Result, anchor: Result) -> Iterator[Caveat]:
    if result.end_point != anchor.end_point:
        yield Caveat("different-end-point", result.end_point)
    if anchor.definition is None:
        pass  # there is nothing to differ from
    elif result.definition is None and result.end_point != DEATH:
        yield Caveat("different-definition", "definition not stated")
    elif result.definition not in (None, anchor.definition):
        yield Caveat("different-definition", result.definition)
    if result.end_point == DEATH and result.category is not None and result.category != anchor.category:
        yield Caveat("different-definition", f"only deaths by {result.category}")
    if None not in (result.time_origin, anchor.time_origin) and result.time_origin != anchor.time_origin:
        yield Caveat("different-time-origin", f"time from {result.time_origin}")


def _of_comparator(
    study: str, against: str | None, anchor: Result | None, evidence: Evidence
) -> Iterator[Caveat]:
    """Compare what the reference arms were given."""
    if against is None or anchor is None or anchor.reference is None:
        return
    own = evidence.arms.get(study, {}).get(against)
    other = evidence.arms.get(anchor.study, {}).get(anchor.reference)
    if own is not None and other is not None and own.given != other.given:
        yield Caveat("different-comparator", f"compared with {own.given}")
