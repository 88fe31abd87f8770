"""What the rules know of the terms they meet: which include which, and which end points count deaths.

It is knowledge of the ontology's terms, never of a study. Where terms are formed regularly (``time-to-…``,
``…-survival``, ``no-…``, ``…-or-…``), the pattern stands for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations

from smm_kg.records import Fact

__all__ = [
    "ENTRY", "EVENTS", "EXCLUSIVE", "FLOWS", "NESTED_SETS", "PHASES", "RESPONSES", "Flow", "counts_deaths",
    "event_share", "is_share", "is_time_to_event", "parts_of", "set_named",
]  # fmt: skip

RESPONSES = (
    "stringent-complete-response", "complete-response", "very-good-partial-response", "partial-response",
    "minor-response", "stable-disease", "progressive-disease",
)  # fmt: skip
"""Degrees of tumour response, best first."""

PHASES = ("screening", "induction", "maintenance", "after-progression")
"""Phases in the order in which a patient passes through them."""

ENTRY = frozenset({"randomization", "study-entry"})
"""Time origins that a patient reaches on entering a trial."""

EXCLUSIVE = frozenset({"sex"})
"""Characteristics of which a patient has one category only."""

EVENTS = {
    "overall-survival": ("death",),
    "time-to-progression": ("progression", "progression-to-symptomatic-disease"),
}
"""Subjects that count the events of a time-to-event end point."""

NESTED_SETS = (
    ("per-protocol", "intention-to-treat"), ("per-protocol", "all-randomized"),
    ("intention-to-treat", "all-randomized"), ("safety", "all-randomized"),
    ("treated-in-phase", "safety"), ("treated-in-phase", "all-randomized"),
    ("phase-specific-safety", "safety"), ("phase-specific-safety", "all-randomized"),
)  # fmt: skip
"""Kinds of analysis set, each with one that holds all its patients."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Patients who pass from one milestone to the next, less those who leave between."""

    whole: str
    leaving: str
    rest: str


FLOWS = (
    Flow("assessment-for-eligibility", "exclusion-before-randomization", "randomization"),
    Flow("random-assignment", "exclusion-from-analysis", "analysis"),
)
"""The arithmetic of a flow diagram (CONSORT 2010)."""

_SET_WORDS = (
    (
        re.compile(r"(?<!modified )intent(?:ion)?[\s-]to[\s-]treat|\bITT\b", re.IGNORECASE),
        "intention-to-treat",
    ),
    (re.compile(r"per[\s-]protocol", re.IGNORECASE), "per-protocol"),
    (re.compile(r"(?:as|all)[\s-]randomi[sz]ed", re.IGNORECASE), "all-randomized"),
    (re.compile(r"\bsafety\b", re.IGNORECASE), "safety"),
)
_TIMES = ("time-to-", "duration-of-", "survival-after-")
_DURATION = re.compile(r"\b(?:year|month|week|day|hour)s?\b")
_RISK = "cumulative-risk"
# Percentages of these are of a quantity in a patient, or of a change of it, and not of patients.
_NOT_OF_PATIENTS = frozenset({
    "change", "decrease", "increase", "infiltration", "intensity", "level", "reduction",
})  # fmt: skip


def set_named(printed: str) -> str | None:
    """Return the kind of analysis set that a paper's words name; None where they name none or several.

    >>> set_named("intention-to-treat population"), set_named("all patients")
    ('intention-to-treat', None)
    """
    kinds = [kind for pattern, kind in _SET_WORDS if pattern.search(printed)]
    return kinds[0] if len(kinds) == 1 else None


def is_time_to_event(subject: str) -> bool:
    """Whether a subject is a time to an event, with rates that an estimator of survival gives."""
    return subject.startswith(_TIMES) or subject.endswith("-survival")


def counts_deaths(subject: str) -> bool | None:
    """Whether an end point counts any death as its event, by its name; None where the name does not say."""
    if subject.endswith("survival"):
        return True
    return False if subject.startswith("time-to-") else None


def event_share(fact: Fact) -> bool | None:
    """Whether a percentage at a time is of those with the event (True) or without (False); None: neither."""
    if fact.category == _RISK:
        return True
    alive = fact.subject.endswith("-survival") or fact.subject.startswith("survival-after-")
    if fact.category == "event-free" or (fact.category is None and alive):
        return False
    return None


def is_share(fact: Fact) -> bool:
    """Whether a percentage of a fact is a plain share of patients: so many of so many.

    What is printed without a count for a time that has passed may be an estimate of a curve. One with its
    count is a share at any time, and so is one at a moment of each patient (``at progression``).
    """
    if is_time_to_event(fact.subject) or event_share(fact) is not None:
        return False
    if fact.timepoint is not None and _DURATION.search(fact.timepoint) and not _is_counted(fact):
        return False
    return not _NOT_OF_PATIENTS & set(fact.subject.split("-"))


def _is_counted(fact: Fact) -> bool:
    return any(value.measure == "count" or value.numerator is not None for value in fact.values)


def parts_of(composite: str, slugs: Iterable[str]) -> tuple[str, ...] | None:
    """Return the terms that an ``…-or-…`` term joins, one for each of its parts, among those given.

    A part stands for the term that holds its words in a row; None where a part stands for none, or the terms
    can be told apart in more than one way.

    >>> parts_of("rash-or-fever", ["fever", "cough", "skin-rash"])
    ('skin-rash', 'fever')
    """
    parts = composite.split("-or-")
    if len(parts) < 2 or parts[-1] == "better":
        return None
    named = [[slug for slug in slugs if slug != composite and f"-{part}-" in f"-{slug}-"] for part in parts]
    candidates = sorted({slug for each in named for slug in each})
    found = [
        chosen
        for chosen in permutations(candidates, len(parts))
        if all(slug in each for slug, each in zip(chosen, named, strict=True))
    ]
    return found[0] if len(found) == 1 else None
