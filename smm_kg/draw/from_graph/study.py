"""A trial's own graph, from queries on arms, regimens, end points and results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from smm_kg.draw.from_graph.study_facts import (
    arms_of,
    chosen_study,
    documents_of,
    figure,
    name_of,
    select,
    unit,
)
from smm_kg.draw.page import Caption, DrawingError
from smm_kg.draw.study import Edge, Node, StudyGraph

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["study_graph"]

_STUDIES = """
SELECT DISTINCT ?study WHERE { ?node a smm:Study ; dcterms:identifier ?study ; smm:hasArm ?arm }
ORDER BY ?study
"""
_SUBGROUP = "subgroup set"
_BEST = ("partial response or better", "overall response")


def study_graph(graph: Graph, study: str | None = None) -> StudyGraph:
    """Return the graph of a study: arms with their sizes, regimens, end points and what was found.

    Results are effects of contrasts, and medians, rates at a time and response rates of arms.

    Raises:
        DrawingError: the graph holds no arm of the study, or several studies to choose from.
    """
    if study is None:
        study = chosen_study((str(row.study) for row in select(graph, _STUDIES)), "studies with arms")
    arms = arms_of(graph, study)
    if not arms:
        raise DrawingError(
            f"the graph holds no arm of {study}", hint="see which studies it holds: smm-kg query references"
        )
    name = name_of(graph, study)
    nodes: list[Node] = [Node("study", "study", name, 0)]
    edges: list[Edge] = []
    facts: list[str] = []
    sizes = list(graph.query("analysis-populations", study=study))
    for arm in arms:
        counts = [row for row in sizes if row.arm == arm.id and row.kind != _SUBGROUP]
        facts += [row.fact for row in counts]
        details = tuple(f"{row.population}: {figure(row.size)}" for row in counts)
        nodes.append(Node(f"arm-{arm.id}", f"arm, {arm.role}" if arm.role else "arm", arm.label, 1, details))
        edges.append(Edge("study", f"arm-{arm.id}", "has arm"))
    parts = (*_regimens(graph, study), *_end_points(graph, study))
    for node, edge, stated in parts:
        nodes.append(node)
        edges.append(edge)
        facts += stated
    held = {node.id for node in nodes}
    caption = Caption(
        f"{name}: graph of the trial",
        "Arms with the patients of each analysis set, what they receive, end points and what was found",
        sources=documents_of(graph, facts),
    )
    return StudyGraph(caption, study, tuple(nodes), tuple(edge for edge in edges if edge.source in held))


Part = tuple[Node, Edge, list[str]]


def _regimens(graph: Graph, study: str) -> Iterator[Part]:
    """One node for each regimen, with its drugs and days."""
    plans: dict[tuple[str, str, str, str], list[Any]] = {}
    for row in graph.query("regimen-schedule", study=study):
        plans.setdefault((row.arm, row.phase, row.regimen, row.condition or ""), []).append(row)
    for index, ((arm, phase, name, condition), rows) in enumerate(plans.items()):
        details = [_course(row) for row in rows]
        if condition:
            details.append(f"only if: {condition}")
        node = Node(f"regimen-{index + 1}", f"regimen, {phase}", name, 2, tuple(details))
        yield node, Edge(f"arm-{arm}", node.id, "receives"), [row.fact for row in rows]


def _course(row: Any) -> str:
    dose = f"{row.drug} {figure(row.dose) or row.printed} {row.dose_unit or ''}".strip()
    if row.first_day is None or row.last_day is None:
        return dose
    return f"{dose}, days {figure(row.first_day)}–{figure(row.last_day)}"


def _end_points(graph: Graph, study: str) -> Iterator[Part]:
    """One node for each end point, and one for each arm or contrast and measure found for it."""
    end_points: dict[str, list[Any]] = {}
    for row in graph.query("end-points", study=study):
        end_points.setdefault(row.end_point, []).append(row)
    results = list(_results(graph, study))
    for subject in dict.fromkeys([*end_points, *(subject for subject, *_ in results)]):
        rows = end_points.get(subject, [])
        roles = list(dict.fromkeys(row.role for row in rows if row.role))
        details = dict.fromkeys(
            f"{word} {getattr(row, column)}"
            for row in rows
            for word, column in (("from", "time_origin"), ("event:", "event"))
            if getattr(row, column)
        )
        kind = ", ".join(("end point", *roles)) if rows else "outcome"
        node = Node(f"endpoint-{_slug(subject)}", kind, subject, 1, tuple(details))
        yield node, Edge("study", node.id, "measures"), []
        grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for about, kind, who, words, fact in results:
            if about == subject:
                grouped.setdefault((kind, who), []).append((words, fact))
        for (kind, who), found in grouped.items():
            result = Node(
                f"{node.id}-{_slug(kind)}-{_slug(who)}", kind, who, 2, tuple(words for words, _ in found)
            )
            yield result, Edge(node.id, result.id, "has result"), [fact for _, fact in found]


def _slug(text: str) -> str:
    return "-".join("".join(each if each.isalnum() else " " for each in text.lower()).split())


def _results(graph: Graph, study: str) -> Iterator[tuple[str, str, str, str, str]]:
    """End point, kind of result, arm or contrast, the result in words, and its fact."""
    for row in graph.query("time-to-event-effects", study=study):
        if row.part or (not row.printed and row.p_value is None):
            continue
        level = (
            f", {figure(row.ci_level)}% CI" if row.ci_lower is not None and row.ci_level is not None else ""
        )
        p = f", P{row.p_comparator}{figure(row.p_value)}" if row.p_value is not None else ""
        estimate = f"{row.measure} {row.printed}{level}" if row.printed else "no estimate reported"
        words = f"{estimate}{p}{_from(row)}"
        yield row.end_point, "effect", row.contrast, words, row.fact
    for row in graph.query("median-times", study=study):
        if row.arm:
            number = f"{row.printed or row.value_status} {unit(row.unit)}".strip()
            yield row.end_point, "result of an arm", row.arm, f"median {number}{_from(row)}", row.fact
    for row in graph.query("rates-at-time", study=study):
        if row.arm:
            of = f" {row.rate_of}" if row.rate_of else ""
            words = f"{row.timepoint}:{of} {row.printed}%{_from(row)}"
            yield row.end_point, "result of an arm", row.arm, words, row.fact
    for row in graph.query("response-by-phase", study=study):
        if row.arm and row.response in _BEST:
            place = f"{row.phase}: " if row.phase else ""
            of = f" of {row.denominator}" if row.denominator else ""
            yield (
                "response",
                "result of an arm",
                row.arm,
                f"{place}{row.response} {row.printed}{of}",
                row.fact,
            )


def _from(row: Any) -> str:
    return f", from {row.time_origin}" if row.time_origin else ""
