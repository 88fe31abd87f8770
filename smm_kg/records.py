"""The evidence model: what a study reports, each value with the place it was read from.

Records are frozen value objects. They know evidence and no RDF: every reference is a slug, either of a
term of the ontology (``time-to-progression``) or, where a field says so, of another record of the same
study. A reader makes them, ``smm_kg.rdf`` turns them into quads and back without loss.

A *fact* is one statement of a study about one subject (the hazard ratio for progression, the neutropenia
of grade 3 in one arm). It holds one or more *values* (hazard ratio, confidence limits, P value), and each
value holds the *locators* of every place that states it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

__all__ = [
    "AnalysisGroup",
    "AnalysisSet",
    "Arm",
    "Category",
    "Contrast",
    "Criterion",
    "EndPoint",
    "Fact",
    "Locator",
    "Reference",
    "Regimen",
    "SourceDocument",
    "Study",
    "Value",
]

Kind = Literal[
    "publication", "registration", "design", "eligibility", "regimen", "flow", "baseline", "endpoint",
    "outcome", "effect", "adverse-event", "death", "statistics-plan", "follow-up", "funding", "assertion",
]  # fmt: skip
Comparator = Literal["=", "<", "≤", ">", "≥", "≈"]
Status = Literal["reported", "not reached", "not estimable", "not reported", "not applicable"]
Role = Literal["value", "denominator", "unit", "arm", "label", "grade", "timepoint"]
Counting = Literal["exclusive", "cumulative"]
Level = Literal["primary", "secondary"]
ArmRole = Literal[
    "experimental", "active comparator", "no intervention", "deferred treatment", "placebo comparator"
]


class _Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of all records: frozen, hashable, compared by value, unknown fields refused on decoding."""


class SourceDocument(_Record, frozen=True, kw_only=True):
    """The source that a study's records were read from.

    ``id`` is a CURIE-like identifier (``doi:10.1056/NEJMoa1300439``). ``sha256`` is that of the bytes of the
    source file and ``characters`` its length in Unicode code points; a source that a curator read has
    neither. ``level`` says whether it is a report of the study itself or tells of it at second hand.
    ``key`` sets apart the several sources of one study; the paper that a reader read needs none.
    """

    id: str
    title: str
    sha256: str | None = None
    characters: int | None = None
    level: Level = "primary"
    key: str | None = None


class Locator(_Record, frozen=True, kw_only=True):
    """Where a value, or a part of its meaning, is printed.

    ``start`` and ``end`` are zero-based offsets in Unicode code points, end exclusive, into the source
    decoded as UTF-8 without newline translation; ``printed`` is exactly ``source[start:end]``, the
    smallest span that holds the part named by ``role``. A curator who read the source names the section
    and what is printed there, and no offsets.
    """

    role: Role
    section: tuple[str, ...]
    start: int | None = None
    end: int | None = None
    printed: str
    table: str | None = None
    row: str | None = None
    column: str | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Start and end, for a source that a program read.

        Raises:
            ValueError: a curator read the source, so there are no offsets.
        """
        if self.start is None or self.end is None:
            raise ValueError(f"{self.printed!r} in {'/'.join(self.section)} has no offsets")
        return self.start, self.end


class Value(_Record, frozen=True, kw_only=True):
    """One statistic or datum of a fact.

    Exactly one of ``number``, ``date`` and ``text`` is set when ``status`` is ``reported``, none
    otherwise. ``number`` is in the unit ``unit`` (a UCUM code; a percentage is 79, not 0.79) and is
    related to the quantity by ``comparator``. ``date`` is ISO 8601 of the precision printed (``2007-11``).
    """

    measure: str
    status: Status = "reported"
    comparator: Comparator = "="
    number: Decimal | None = None
    date: str | None = None
    text: str | None = None
    unit: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    locators: tuple[Locator, ...] = ()


class Fact(_Record, frozen=True, kw_only=True):
    """One statement of a study: its kind, subject and context, and the values reported for it.

    ``subject`` and ``phase`` are slugs of ontology terms; ``category`` is one too, or ``#`` and the id of a
    :class:`Category` of the study. ``includes`` are slugs of the other categories that a ``cumulative`` count
    holds too. ``arm`` is an arm id, ``contrast`` a contrast id; at most one is set.
    ``population`` is the id of the analysis set that the denominator identifies, ``population_printed``
    the paper's own words for it. ``grade`` is ``2``, ``1-2``, ``>=3`` or ``any``. ``timepoint`` is printed
    text in normal form (``3 years``). ``label_printed`` keeps the paper's own name of the subject where it
    differs. ``cites`` are numbers of :class:`Reference`, ``about`` slugs of the agents or diseases that an
    assertion concerns. ``endpoint`` is the id of the :class:`EndPoint` that a result is of. ``varies`` is the
    id of the fact that another place of the paper, or another source of the study, states otherwise;
    ``remark`` is the curator's note, e.g. on a misprint.
    """

    id: str
    kind: Kind
    subject: str
    category: str | None = None
    counting: Counting | None = None
    includes: tuple[str, ...] = ()
    arm: str | None = None
    contrast: str | None = None
    phase: str | None = None
    timepoint: str | None = None
    time_origin: str | None = None
    population: str | None = None
    population_printed: str | None = None
    grade: str | None = None
    label_printed: str | None = None
    about: tuple[str, ...] = ()
    cites: tuple[int, ...] = ()
    endpoint: str | None = None
    varies: str | None = None
    remark: str | None = None
    values: tuple[Value, ...] = ()


class Category(_Record, frozen=True, kw_only=True):
    """A category that only this study uses (``≤6 mo``), with its label as printed."""

    id: str
    label: str


class Arm(_Record, frozen=True, kw_only=True):
    """A planned arm: ``role`` says whether it is the experimental one or what it is compared with."""

    id: str
    label: str
    role: ArmRole


class Contrast(_Record, frozen=True, kw_only=True):
    """A comparison of two arms, with its direction: ``experimental`` against ``reference``."""

    id: str
    experimental: str
    reference: str


class AnalysisSet(_Record, frozen=True, kw_only=True):
    """A set of patients analysed; ``term`` is the slug of its kind in the ontology (``per-protocol``)."""

    id: str
    label: str
    term: str


class AnalysisGroup(_Record, frozen=True, kw_only=True):
    """The people of one arm in one analysis set; ``size`` is the id of the fact that counts them."""

    arm: str
    population: str
    size: str


class Criterion(_Record, frozen=True, kw_only=True):
    """A criterion made of others: ``members`` are ids of facts or of criteria.

    ``purpose`` says what it decides; ``operator`` how the members combine (``exactly one`` for the paper's
    "only one of the two").
    """

    id: str
    label: str
    purpose: Literal["inclusion", "exclusion", "definition", "event"]
    operator: Literal["all", "any", "exactly one"]
    members: tuple[str, ...]


class EndPoint(_Record, frozen=True, kw_only=True):
    """An end point of the trial and its definition.

    ``subject`` is the slug of the term measured, ``definition`` that of the definition it follows, by which
    end points of different trials are compared (``symptomatic-progression``); ``event`` is the id of the
    criterion whose first fulfilment counts, ``deaths`` how death without the event counts, ``favours`` which
    direction of an effect is the experimental arm's gain.
    """

    id: str
    subject: str
    role: Literal["primary", "secondary", "exploratory"] | None = None
    definition: str | None = None
    time_origin: str | None = None
    event: str | None = None
    deaths: Literal["event", "censored", "competing", "not stated"] | None = None
    assessor: Literal["investigator", "independent review", "not stated"] | None = None
    favours: Literal["lower", "higher"] | None = None


class Regimen(_Record, frozen=True, kw_only=True):
    """What an arm receives in one phase: ``parts`` are ids of facts, in the order printed.

    ``condition`` names the circumstance in which it is given, where it is not given to all.
    """

    id: str
    label: str
    arm: str
    phase: str
    parts: tuple[str, ...]
    condition: str | None = None


class Reference(_Record, frozen=True, kw_only=True):
    """An entry of the reference list: its number and a short key (``Hjorth 1993``).

    ``study`` is the id of the study it reports, where the study has a record of its own.
    """

    number: int
    key: str
    locator: Locator
    study: str | None = None


class Study(_Record, frozen=True, kw_only=True):
    """All that one source says about one study."""

    id: str
    label: str
    document: SourceDocument
    arms: tuple[Arm, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    sets: tuple[AnalysisSet, ...] = ()
    groups: tuple[AnalysisGroup, ...] = ()
    categories: tuple[Category, ...] = ()
    endpoints: tuple[EndPoint, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    references: tuple[Reference, ...] = ()
    facts: tuple[Fact, ...] = ()


def decode(data: bytes) -> Study:
    """Read a study from the JSON that :func:`encode` writes.

    Raises:
        msgspec.ValidationError: the JSON is not a study; the message holds the path of the bad field.
    """
    return msgspec.json.decode(data, type=Study)


def encode(study: Study) -> bytes:
    """Write a study as indented JSON, the same bytes for the same study, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(study), indent=1) + b"\n"
