"""What a file of curated records holds, as typed, frozen values."""

from __future__ import annotations

from typing import Annotated

import msgspec

from smm_kg.records import (
    AnalysisGroup,
    AnalysisSet,
    Arm,
    Category,
    Contrast,
    Counting,
    EndPoint,
    Kind,
    Level,
)

__all__ = ["CuratedFact", "CuratedStudy", "Source"]

Slug = Annotated[
    str,
    msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="small letters, digits, single hyphens"),
]


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of the parts of a file: frozen, unknown fields refused."""


class Source(_Part, frozen=True, kw_only=True):
    """A document that the curator read about the study.

    ``id`` is its identifier (``pmid:12345678``, ``doi:…``, ``pmc:…``, ``NCT…``, an ``https:`` address, or
    ``web:`` and a host). ``place`` is the part that was read, the section of every locator that names none.
    """

    key: Slug
    id: Annotated[str, msgspec.Meta(min_length=3, description="pmid:…, doi:…, pmc:…, https:… or web:host")]
    title: Annotated[str, msgspec.Meta(min_length=1)]
    level: Level
    place: Annotated[str, msgspec.Meta(min_length=1)] = "abstract"


class CuratedFact(_Part, frozen=True, kw_only=True):
    """One statement of one source; see :class:`smm_kg.records.Fact` for the context.

    ``values`` gives each measure as text: ``0.18``, ``<0.001``, ``21 mo_j`` (with a unit's UCUM code),
    ``25/57`` (a count and its denominator), ``not reached``; after the measure ``text`` any words, after
    ``date`` an ISO 8601 date of the precision printed. ``printed`` is how the source prints what was typed,
    where that is not the same.
    """

    id: Slug
    source: Slug | None = None
    kind: Kind
    subject: Slug
    category: str | None = None
    counting: Counting | None = None
    includes: tuple[Slug, ...] = ()
    arm: Slug | None = None
    contrast: Slug | None = None
    phase: Slug | None = None
    timepoint: str | None = None
    time_origin: Slug | None = None
    population: Slug | None = None
    population_printed: str | None = None
    grade: Annotated[str, msgspec.Meta(pattern="^(any|(>=|<=)?[1-5]|[1-5]-[1-5])$")] | None = None
    label_printed: str | None = None
    about: tuple[Slug, ...] = ()
    endpoint: Slug | None = None
    varies: Slug | None = None
    remark: str | None = None
    place: str | None = None
    printed: str | None = None
    values: Annotated[dict[str, str], msgspec.Meta(min_length=1)]


class CuratedStudy(_Part, frozen=True, kw_only=True):
    """One study, its sources and what they state.

    Plan and definitions (arms, contrasts, analysis sets, end points) are said once for all sources; each
    fact names the source that states it, the first one when it names none.
    """

    study: Slug
    label: Annotated[str, msgspec.Meta(min_length=1)]
    sources: Annotated[tuple[Source, ...], msgspec.Meta(min_length=1)]
    arms: tuple[Arm, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    sets: tuple[AnalysisSet, ...] = ()
    groups: tuple[AnalysisGroup, ...] = ()
    categories: tuple[Category, ...] = ()
    endpoints: tuple[EndPoint, ...] = ()
    facts: tuple[CuratedFact, ...] = ()
