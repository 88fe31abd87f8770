"""What must hold between the parts of a file of curated records, beyond the type of each field."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from smm_kg.curated.model import CuratedFact, CuratedStudy
from smm_kg.yaml_text import KeyPath

__all__ = ["broken_rules"]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def broken_rules(study: CuratedStudy, terms: Collection[str] | None) -> Iterator[tuple[KeyPath, str]]:
    """Yield the place and the sentence of each breach.

    Args:
        study: the records as typed.
        terms: slugs of the ontology, or None to take every slug for one.
    """
    for field in ("arms", "contrasts", "sets", "categories", "endpoints", "facts"):
        yield from _repeated(field, getattr(study, field))
    keys = [source.key for source in study.sources]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield ("sources", index, "key"), f"two sources have the key {key!r}"
    arms = {arm.id for arm in study.arms}
    for index, contrast in enumerate(study.contrasts):
        for field in ("experimental", "reference"):
            yield from _known(("contrasts", index, field), "arm", getattr(contrast, field), arms)
        if contrast.experimental == contrast.reference:
            yield ("contrasts", index), "an arm is compared with itself"
    facts = {fact.id for fact in study.facts}
    sets = {one.id for one in study.sets}
    for index, group in enumerate(study.groups):
        yield from _known(("groups", index, "arm"), "arm", group.arm, arms)
        yield from _known(("groups", index, "population"), "analysis set", group.population, sets)
        yield from _known(("groups", index, "size"), "fact", group.size, facts)
    for index, fact in enumerate(study.facts):
        yield from _of_fact(("facts", index), fact, study)
    if terms is not None:
        yield from _terms(study, terms)


def _repeated(field: str, records: Iterable[_Named]) -> Iterator[tuple[KeyPath, str]]:
    seen = set()
    for index, record in enumerate(records):
        if record.id in seen:
            yield (field, index, "id"), f"the id {record.id!r} is given twice"
        seen.add(record.id)


def _known(path: KeyPath, kind: str, name: str, known: Collection[str]) -> Iterator[tuple[KeyPath, str]]:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=5, cutoff=0.4)
        yield path, f"there is no {kind} {name!r}" + (f"; candidates: {', '.join(near)}" if near else "")


def _of_fact(path: KeyPath, fact: CuratedFact, study: CuratedStudy) -> Iterator[tuple[KeyPath, str]]:
    """Yield what is wrong with one fact."""
    if fact.arm is not None and fact.contrast is not None:
        yield (*path, "contrast"), "a fact concerns an arm or a contrast, not both"
    references = (
        ("source", "source", {source.key for source in study.sources}),
        ("arm", "arm", {arm.id for arm in study.arms}),
        ("contrast", "contrast", {contrast.id for contrast in study.contrasts}),
        ("population", "analysis set", {one.id for one in study.sets}),
        ("endpoint", "end point", {one.id for one in study.endpoints}),
    )
    for field, kind, known in references:
        name = getattr(fact, field)
        if name is not None:
            yield from _known((*path, field), kind, name, known)
    if fact.category is not None and fact.category.startswith("#"):
        own = {f"#{category.id}" for category in study.categories}
        yield from _known((*path, "category"), "category", fact.category, own)
    if fact.endpoint is not None:
        subjects = {one.id: one.subject for one in study.endpoints}
        if subjects.get(fact.endpoint, fact.subject) != fact.subject:
            yield (*path, "endpoint"), f"end point {fact.endpoint!r} measures another subject"
    if fact.kind == "effect" and fact.contrast is None:
        yield path, "an effect is of a contrast"


def _terms(study: CuratedStudy, terms: Collection[str]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the slugs that are no terms of the ontology."""
    for index, fact in enumerate(study.facts):
        path = ("facts", index)
        for field in ("subject", "category", "phase", "time_origin"):
            slug = getattr(fact, field)
            if slug is not None and not slug.startswith("#"):
                yield from _known((*path, field), "term", slug, terms)
        for rank, slug in enumerate(fact.about):
            yield from _known((*path, "about", rank), "term", slug, terms)
    for index, endpoint in enumerate(study.endpoints):
        for field in ("subject", "definition", "time_origin"):
            slug = getattr(endpoint, field)
            if slug is not None:
                yield from _known(("endpoints", index, field), "term", slug, terms)
    for index, one in enumerate(study.sets):
        yield from _known(("sets", index, "term"), "term", f"{one.term}-set", terms)
