"""Several sources of one study stand in one dataset: each in its graph, what they share said once."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pyoxigraph as ox
import pytest
from studies import example

from smm_kg import dataset, rdf
from smm_kg.records import Arm, EndPoint, Fact, Locator, SourceDocument, Study, Value


def told_again(**changes: object) -> Study:
    """A review that tells of the made-up study, in a source of its own."""
    study = example()
    printed = (Locator(role="value", section=("Table 1",), printed="0.5"),)
    fact = Fact(
        id="review-effect",
        kind="effect",
        subject="time-to-progression",
        contrast="pill-vs-watching",
        endpoint="primary",
        varies="ttp-effect",
        values=(Value(measure="hazard ratio", number=Decimal("0.5"), locators=printed),),
    )
    told = msgspec.structs.replace(
        study,
        document=SourceDocument(id="doi:10.9999/review", title="A Review", level="secondary", key="review"),
        groups=(),
        criteria=(),
        regimens=(),
        references=(),
        endpoints=tuple(msgspec.structs.replace(one, event=None) for one in study.endpoints),
        facts=(fact,),
    )
    return msgspec.structs.replace(told, **changes)


def without_events(study: Study) -> Study:
    endpoints = tuple(msgspec.structs.replace(one, event=None) for one in study.endpoints)
    return msgspec.structs.replace(study, endpoints=endpoints)


def written(*studies: Study) -> list[ox.Quad]:
    return list(ox.parse(b"".join(dataset.chunks(studies)), ox.RdfFormat.N_QUADS))


def test_each_source_has_a_graph_and_no_triple_stands_in_two() -> None:
    quads = written(without_events(example()), told_again())
    triples = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    assert len(triples) == len(quads)
    review = [quad for quad in quads if quad.graph_name.value.endswith("graph/doi-10.9999-review")]
    subjects = {quad.subject.value.partition("#")[2] for quad in review}
    assert "review-effect" in subjects
    assert "document-review" in subjects
    assert "arm-pill" not in subjects, "the plan is told in the graph of the first source"


def test_sources_are_read_back_with_the_plan_they_share() -> None:
    first, second = without_events(example()), told_again()
    read = rdf.decode(b"".join(dataset.chunks([second, first])))
    assert {study.document.id: study for study in read} == {
        first.document.id: first,
        second.document.id: second,
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": (Arm(id="pill", label="tablet", role="experimental"),)}, "differ in its arms"),
        ({"label": "Another 2001"}, "differ in its label"),
        ({"endpoints": (EndPoint(id="second", subject="age"),)}, "differ in 'second' of its endpoints"),
        ({"document": without_events(example()).document}, "the same source document"),
        ({"facts": example().facts[:1]}, "have a fact with the id 'ttp-effect'"),
    ],
)
def test_sources_that_do_not_fit_together_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(dataset.DatasetError, match=message):
        list(dataset.chunks([without_events(example()), told_again(**changes)]))


def test_a_fact_that_varies_from_none_is_refused() -> None:
    (fact,) = told_again().facts
    stray = told_again(facts=(msgspec.structs.replace(fact, varies="none"),))
    with pytest.raises(dataset.DatasetError, match="varies from 'none', which there is not"):
        list(dataset.chunks([without_events(example()), stray]))
