"""Arbitrary valid studies for hypothesis: every field, hostile texts, references that resolve."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from smm_kg import records
from smm_kg.rdf.names import PROPERTY_NAMES

__all__ = ["studies", "texts"]

texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            " ",
            'a "quoted" word',
            "back\\slash \\n \\u0041 \\",
            "line\nbreak\r\n\ttab",
            "\x00\x01\x08\x0b\x0c\x1c\x1f\x7f\x85\u2028",
            "𝔸 \U0010ffff ≤6 mo",
            "e\u0301 \u200b\ufeff",
            "<https://w3id.org/smm-kg/ontology#value> \" . } ?x # 'x'",
            "%s {v} {{n}} $",
        ]
    ),
)
slugs = st.from_regex(r"\A[a-z0-9]{1,4}(?:-[a-z0-9]{1,4}){0,2}\Z").filter(
    lambda slug: slug not in PROPERTY_NAMES
)
_local_slugs = st.from_regex(r"\A[A-Za-z0-9]{1,4}(?:-[A-Za-z0-9]{1,4}){0,2}\Z")
_fact_slugs = _local_slugs.map(lambda slug: f"f{slug}").filter(lambda slug: slug not in ("study", "document"))
_measures = st.from_regex(r"\A[a-z][a-z0-9]{0,4}(?: [a-z][a-z0-9]{0,4}){0,2}\Z")
_decimals = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal(-(10**17)), max_value=10**17, places=9
)
_integers = st.integers(min_value=0, max_value=2**53)


def _literal(record: type, field: str) -> st.SearchStrategy[Any]:
    """One of the words that a field allows."""
    hint = {each.name: each.type for each in msgspec.structs.fields(record)}[field]
    words = get_args(hint)
    nested = [word for word in words if not isinstance(word, str) and word is not type(None)]
    return st.sampled_from(get_args(nested[0]) if nested else words)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _some(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), max_size=3).map(tuple) if values else st.just(())


def _one(values: list[Any]) -> st.SearchStrategy[Any]:
    return _maybe(st.sampled_from(values)) if values else st.none()


locators = st.builds(
    records.Locator,
    role=_literal(records.Locator, "role"),
    section=st.lists(texts, max_size=3).map(tuple),
    start=_maybe(_integers),
    end=_maybe(_integers),
    printed=texts,
    table=_maybe(texts),
    row=_maybe(texts),
    column=_maybe(texts),
)
values = st.builds(
    records.Value,
    measure=_measures,
    status=_literal(records.Value, "status"),
    comparator=_literal(records.Value, "comparator"),
    number=_maybe(_decimals),
    date=_maybe(texts | st.sampled_from(["2007", "2007-11", "2007-11-08"])),
    text=_maybe(texts),
    unit=_maybe(texts | st.sampled_from(["mo_j", "g/(24.h)", "%"])),
    numerator=_maybe(_integers),
    denominator=_maybe(_integers),
    locators=st.lists(locators, max_size=4).map(tuple),
)


@st.composite
def studies(draw: st.DrawFn) -> records.Study:
    """A study whose references all resolve, and whose ids are distinct."""

    def ids(strategy: st.SearchStrategy[Any] = _local_slugs) -> list[str]:
        return draw(st.lists(strategy, max_size=3, unique=True))

    arms, contrasts, sets, categories, criteria = (
        ids(),
        ids(),
        ids(),
        ids(),
        ids(_local_slugs.map(lambda c: f"c{c}")),
    )
    numbers = draw(st.lists(st.integers(min_value=0, max_value=99), max_size=3, unique=True))
    facts = ids(_fact_slugs)
    pairs = [(arm, group) for arm in arms for group in sets] if facts else []
    chosen = (
        draw(st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: "-".join(pair)))
        if pairs
        else []
    )
    return records.Study(
        id=draw(_local_slugs),
        label=draw(texts),
        document=draw(
            st.builds(
                records.SourceDocument,
                id=st.just("doi:10.1/x") | st.just("pmid:7"),
                characters=_maybe(_integers),
                title=texts,
                sha256=_maybe(texts),
                level=_literal(records.SourceDocument, "level"),
                key=_maybe(_local_slugs),
            )
        ),
        arms=tuple(draw(st.builds(records.Arm, id=st.just(arm), label=texts)) for arm in arms),
        contrasts=tuple(
            draw(
                st.builds(
                    records.Contrast,
                    id=st.just(one),
                    experimental=st.sampled_from(arms),
                    reference=st.sampled_from(arms),
                )
            )
            for one in contrasts
            if arms
        ),
        sets=tuple(
            draw(st.builds(records.AnalysisSet, id=st.just(one), label=texts, term=slugs)) for one in sets
        ),
        groups=tuple(
            records.AnalysisGroup(arm=arm, population=group, size=draw(st.sampled_from(facts)))
            for arm, group in chosen
        ),
        categories=tuple(
            draw(st.builds(records.Category, id=st.just(one), label=texts)) for one in categories
        ),
        endpoints=tuple(
            draw(
                st.builds(
                    records.EndPoint,
                    id=st.just(one),
                    subject=slugs,
                    role=_maybe(_literal(records.EndPoint, "role")),
                    definition=_maybe(slugs),
                    time_origin=_maybe(slugs),
                    event=_one(criteria),
                    deaths=_maybe(_literal(records.EndPoint, "deaths")),
                    assessor=_maybe(_literal(records.EndPoint, "assessor")),
                    favours=_maybe(_literal(records.EndPoint, "favours")),
                )
            )
            for one in ids()
        ),
        criteria=tuple(
            draw(
                st.builds(records.Criterion, id=st.just(one), label=texts, members=_some([*facts, *criteria]))
            )
            for one in criteria
        ),
        regimens=tuple(
            draw(
                st.builds(
                    records.Regimen,
                    id=st.just(one),
                    label=texts,
                    arm=st.sampled_from(arms),
                    phase=slugs,
                    parts=_some(facts),
                    condition=_maybe(texts),
                )
            )
            for one in ids()
            if arms
        ),
        references=tuple(
            draw(
                st.builds(
                    records.Reference,
                    number=st.just(one),
                    key=texts,
                    locator=locators,
                    study=_maybe(_local_slugs),
                )
            )
            for one in numbers
        ),
        facts=tuple(
            draw(_fact(one, arms, contrasts if arms else [], sets, categories, numbers, facts))
            for one in facts
        ),
    )


def _fact(
    one: str,
    arms: list[str],
    contrasts: list[str],
    sets: list[str],
    categories: list[str],
    numbers: list[int],
    facts: list[str],
) -> st.SearchStrategy[records.Fact]:
    return st.builds(
        records.Fact,
        id=st.just(one),
        kind=_literal(records.Fact, "kind"),
        subject=slugs,
        category=_maybe(slugs) | _one([f"#{category}" for category in categories]),
        counting=_maybe(_literal(records.Fact, "counting")),
        includes=st.lists(slugs, max_size=3).map(tuple),
        arm=_one(arms),
        contrast=_one(contrasts),
        phase=_maybe(slugs),
        timepoint=_maybe(texts),
        time_origin=_maybe(slugs),
        population=_one(sets),
        population_printed=_maybe(texts),
        grade=_maybe(texts | st.sampled_from(["2", "1-2", ">=3", "<=2", "any"])),
        label_printed=_maybe(texts),
        about=st.lists(slugs, max_size=3).map(tuple),
        cites=_some(numbers),
        varies=_one(facts),
        remark=_maybe(texts),
        values=st.lists(values, max_size=3, unique_by=lambda value: value.measure).map(tuple),
    )
