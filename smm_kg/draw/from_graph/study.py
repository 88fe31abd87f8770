"""A trial's own graph, from queries on arms, regimens, end points and results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from smm_kg.draw.from_graph.study_facts import (
    Arm,
    Sources,
    arms_of,
    chosen_study,
    counted,
    figure,
    name_of,
    select,
    sources_of,
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
    labels = {arm.id: arm.label for arm in arms}
    sizes = [row for row in graph.query("analysis-populations", study=study) if row.kind != _SUBGROUP]
    regimens = list(graph.query("regimen-schedule", study=study))
    results = list(_results(graph, study, labels))
    sources = sources_of(graph, [row.fact for row in (*sizes, *regimens, *results)])
    name = name_of(graph, study)
    parts = [
        *(_arm(arm, [row for row in sizes if row.arm == arm.id], sources) for arm in arms),
        *_regimens(regimens),
        *_end_points(graph, study, results, sources),
    ]
    nodes = (Node("study", "study", name, 0), *(node for node, _ in parts))
    held = {node.id for node in nodes}
    caption = Caption(
        f"{name}: graph of the trial",
        "Arms with the patients of each analysis set, what they receive, end points and what was found",
        notes=sources.note(),
        sources=sources.listed(),
    )
    return StudyGraph(caption, study, nodes, tuple(edge for _, edge in parts if edge.source in held))


Part = tuple[Node, Edge]


def _arm(arm: Arm, sizes: Sequence[Any], sources: Sources) -> Part:
    details = tuple(f"{row.population}: {figure(row.size)}{sources.mark(row.fact)}" for row in sizes)
    kind = f"arm, {arm.role}" if arm.role else "arm"
    return Node(f"arm-{arm.id}", kind, arm.label, 1, details), Edge("study", f"arm-{arm.id}", "has arm")


class _Result(NamedTuple):
    """What was found for an end point: of which kind, in whom, in words, and the fact that says so."""

    end_point: str
    kind: str
    who: str
    words: str
    population: str
    fact: str


def _regimens(rows: Sequence[Any]) -> Iterator[Part]:
    """One node for each regimen, with its drugs and days."""
    plans: dict[tuple[str, str, str, str], list[Any]] = {}
    for row in rows:
        plans.setdefault((row.arm, row.phase, row.regimen, row.condition or ""), []).append(row)
    for index, ((arm, phase, name, condition), courses) in enumerate(plans.items()):
        details = [_course(row) for row in courses]
        if condition:
            details.append(f"only if: {condition}")
        node = Node(f"regimen-{index + 1}", f"regimen, {phase}", name, 2, tuple(details))
        yield node, Edge(f"arm-{arm}", node.id, "receives")


def _course(row: Any) -> str:
    dose = f"{row.drug} {figure(row.dose) or row.printed} {row.dose_unit or ''}".strip()
    if row.first_day is None or row.last_day is None:
        return dose
    return f"{dose}, days {figure(row.first_day)}–{figure(row.last_day)}"


def _end_points(graph: Graph, study: str, results: Sequence[_Result], sources: Sources) -> Iterator[Part]:
    """One node for each end point, and one for each arm or contrast and kind of result found for it."""
    end_points: dict[str, list[Any]] = {}
    for row in graph.query("end-points", study=study):
        end_points.setdefault(row.end_point, []).append(row)
    found: dict[str, list[_Result]] = {}
    for result in results:
        found.setdefault(result.end_point, []).append(result)
    for subject in dict.fromkeys([*end_points, *found]):
        node = _end_point(subject, end_points.get(subject, []))
        yield node, Edge("study", node.id, "measures")
        yield from _found(node, found.get(subject, []), sources)


def _end_point(subject: str, rows: Sequence[Any]) -> Node:
    roles = list(dict.fromkeys(row.role for row in rows if row.role))
    details = dict.fromkeys(
        f"{word} {getattr(row, column)}"
        for row in rows
        for word, column in (("from", "time_origin"), ("event:", "event"))
        if getattr(row, column)
    )
    kind = ", ".join(("end point", *roles)) if rows else "outcome"
    return Node(f"endpoint-{_slug(subject)}", kind, subject, 1, tuple(details))


def _found(end_point: Node, results: Sequence[_Result], sources: Sources) -> Iterator[Part]:
    """Nodes of results; the analysis set is named where the results are not all of one."""
    several = len({result.population for result in results}) > 1
    grouped: dict[tuple[str, str], list[_Result]] = {}
    for result in results:
        grouped.setdefault((result.kind, result.who), []).append(result)
    for (kind, who), found in grouped.items():
        lines = dict.fromkeys(
            each.words
            + (f" ({each.population})" if several and each.population else "")
            + sources.mark(each.fact)
            for each in found
        )
        node = Node(f"{end_point.id}-{_slug(kind)}-{_slug(who)}", kind, who, 2, tuple(lines))
        yield node, Edge(end_point.id, node.id, "has result")


def _slug(text: str) -> str:
    return "-".join("".join(each if each.isalnum() else " " for each in text.lower()).split())


def _results(graph: Graph, study: str, labels: Mapping[str, str]) -> Iterator[_Result]:
    """Effects of contrasts; medians, rates at a time and response rates of arms."""
    for row in graph.query("time-to-event-effects", study=study):
        if not row.part and (row.printed or row.p_value is not None):
            yield _Result(row.end_point, "effect", row.contrast, _effect(row), row.population or "", row.fact)
    for row in graph.query("median-times", study=study):
        words = f"median {row.printed or row.value_status} {unit(row.unit)}".strip()
        yield from _of_arm(row, row.end_point, f"{words}{_from(row)}", labels)
    for row in graph.query("rates-at-time", study=study):
        of = f" {row.rate_of}" if row.rate_of else ""
        yield from _of_arm(row, row.end_point, f"{row.timepoint}:{of} {row.printed}%{_from(row)}", labels)
    for row in graph.query("response-by-phase", study=study):
        if row.response in _BEST:
            place = f"{row.phase}: " if row.phase else ""
            yield from _of_arm(row, "response", f"{place}{row.response} {counted(row)}", labels)


def _of_arm(row: Any, end_point: str, words: str, labels: Mapping[str, str]) -> Iterator[_Result]:
    if row.arm:
        who = labels.get(row.arm, row.arm)
        yield _Result(end_point, "result of an arm", who, words, row.population or "", row.fact)


def _effect(row: Any) -> str:
    p = f", P{row.p_comparator}{figure(row.p_value)}" if row.p_value is not None else ""
    if not row.printed:
        return f"no estimate reported{p}{_from(row)}"
    level = ""
    if row.ci_lower is not None and row.ci_level is not None:
        level = f", {figure(row.ci_level)}% CI"
    return f"{row.measure or 'effect'} {row.printed}{level}{p}{_from(row)}"


def _from(row: Any) -> str:
    return f", from {row.time_origin}" if row.time_origin else ""
