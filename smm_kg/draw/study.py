"""A trial's own graph: from the study to its arms and end points, and on to regimens and results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smm_kg.draw.canvas import Canvas, number
from smm_kg.draw.colour import INK, QUIET, Fill
from smm_kg.draw.legend import legend
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["Edge", "Node", "StudyGraph", "draw"]

_SIZE, _SMALL, _PAD, _GAP, _BETWEEN = 12.0, 10.5, 6.0, 8.0, 60.0
_WIDEST = 250.0
# Pale grounds under dark ink; the kind is also written in each box.
_GROUNDS = ("#ffffff", "#d7e8f5", "#fdeccb", "#d5efe6", "#f5e1ec", "#eeeeee", "#fbdfd0", "#fbf7c8")


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the trial: what kind (``end point``), its name, and lines that say more.

    ``column`` is where it stands, from the study at 0 to results at the right.
    """

    id: str
    kind: str
    label: str
    column: int
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A directed relation between two nodes."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class StudyGraph:
    """What the picture shows; ``study`` names it."""

    caption: Caption
    study: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    node: Node
    label: tuple[str, ...]
    details: tuple[str, ...]

    @property
    def height(self) -> float:
        small = (1 + len(self.details)) * line_height(_SMALL)
        return small + len(self.label) * line_height(_SIZE) + 2 * _PAD

    @property
    def width(self) -> float:
        texts = [text_width(line, _SIZE, bold=True) for line in self.label]
        texts += [text_width(line, _SMALL) for line in (*self.details, self.node.kind)]
        return max(texts) + 2 * _PAD


def draw(graph: StudyGraph) -> str:
    """Return the graph as SVG: boxes in columns, each beside those it leads to.

    Raises:
        DrawingError: there is no node, or an edge leads to one that is not there.
    """
    if not graph.nodes:
        raise DrawingError("the graph of the study is empty")
    boxes = {node.id: _box(node) for node in graph.nodes}
    for edge in graph.edges:
        if edge.source not in boxes or edge.target not in boxes:
            raise DrawingError(f"the relation {edge.relation!r} leads to a node that is not drawn")
    columns = sorted({node.column for node in graph.nodes})
    widths = {at: max(box.width for box in boxes.values() if box.node.column == at) for at in columns}
    lefts, x = {}, MARGIN
    for at in columns:
        lefts[at] = x
        x += widths[at] + _BETWEEN
    width = max(x - _BETWEEN + MARGIN, 480.0)
    kinds = list(dict.fromkeys(node.kind.split(",")[0] for node in graph.nodes))
    canvas = Canvas()
    y = open_page(canvas, width, graph.caption)
    y = legend(canvas, MARGIN, y, width - 2 * MARGIN, [(_ground(kind, kinds), kind) for kind in kinds]) + 14
    tops = _tops(graph, boxes, y)
    for edge in graph.edges:
        _edge(canvas, edge, boxes, tops, lefts, widths)
    for each, box in boxes.items():
        _draw_box(canvas, box, lefts[box.node.column], widths[box.node.column], tops[each], kinds)
    bottom = max(tops[each] + box.height for each, box in boxes.items())
    return close_page(canvas, width, bottom, graph.caption, _described(graph))


def _ground(kind: str, kinds: Sequence[str]) -> Fill:
    return Fill(_GROUNDS[kinds.index(kind) % len(_GROUNDS)])


def _box(node: Node) -> _Box:
    details = tuple(line for detail in node.details for line in wrap(detail, _WIDEST, _SMALL))
    return _Box(node, wrap(node.label, _WIDEST, _SIZE, bold=True), details)


def _tops(graph: StudyGraph, boxes: Mapping[str, _Box], y: float) -> dict[str, float]:
    """Place boxes, none overlapping: leaves below each other, others at the middle of those they lead to."""
    children = _children(graph)
    columns = {node.column for node in graph.nodes}
    tops: dict[str, float] = {}
    free: dict[int, float] = dict.fromkeys(columns, y)
    for each in _order(graph, children):
        box, below = boxes[each], children.get(each, [])
        own, wanted = box.node.column, y
        if below:
            last = below[-1]
            wanted = (tops[below[0]] + tops[last] + boxes[last].height) / 2 - box.height / 2
        tops[each] = max(wanted, free[own])
        free[own] = tops[each] + box.height + _GAP
        if not below:  # nothing to its right may stand higher, or edges would cross
            free |= {column: max(free[column], tops[each]) for column in columns if column > own}
    return tops


def _children(graph: StudyGraph) -> dict[str, list[str]]:
    """The tree within the graph: each node below the first that leads to it from the left."""
    columns = {node.id: node.column for node in graph.nodes}
    children: dict[str, list[str]] = {}
    taken: set[str] = set()
    for edge in graph.edges:
        if columns[edge.target] > columns[edge.source] and edge.target not in taken:
            taken.add(edge.target)
            children.setdefault(edge.source, []).append(edge.target)
    return children


def _order(graph: StudyGraph, children: Mapping[str, Sequence[str]]) -> list[str]:
    """Nodes in the order given, but each after those it leads to."""
    below = {child for held in children.values() for child in held}
    order: list[str] = []
    stack = [(node.id, False) for node in reversed(graph.nodes) if node.id not in below]
    while stack:
        each, done = stack.pop()
        if done:
            order.append(each)
        else:
            stack += [(each, True), *((child, False) for child in reversed(children.get(each, [])))]
    return order


def _edge(
    canvas: Canvas,
    edge: Edge,
    boxes: Mapping[str, _Box],
    tops: Mapping[str, float],
    lefts: Mapping[int, float],
    widths: Mapping[int, float],
) -> None:
    """Draw a relation as a curve between the facing sides of two boxes."""
    source, target = boxes[edge.source], boxes[edge.target]
    x1 = lefts[source.node.column] + widths[source.node.column]
    x2 = lefts[target.node.column]
    y1 = tops[edge.source] + source.height / 2
    y2 = tops[edge.target] + target.height / 2
    middle = (x1 + x2) / 2
    points = [number(each) for each in (x1, y1, middle, y1, middle, y2, x2, y2)]
    canvas.path("M{},{} C{},{} {},{} {},{}".format(*points), colour=QUIET)


def _draw_box(canvas: Canvas, box: _Box, x: float, width: float, y: float, kinds: Sequence[str]) -> None:
    canvas.rectangle(x, y, width, box.height, fill=_ground(box.node.kind.split(",")[0], kinds), radius=3)
    at = canvas.lines(x + _PAD, y + _PAD, [box.node.kind], size=_SMALL, colour=QUIET)
    at = canvas.lines(x + _PAD, at, box.label, size=_SIZE, bold=True)
    canvas.lines(x + _PAD, at, box.details, size=_SMALL, colour=INK)


def _described(graph: StudyGraph) -> str:
    labels = {node.id: node.label for node in graph.nodes}
    nodes = [f"{node.kind} {node.label}: {', '.join(node.details)}".rstrip(": ") for node in graph.nodes]
    edges = [f"{labels[edge.source]} {edge.relation} {labels[edge.target]}" for edge in graph.edges]
    return "Graph of the study. " + "; ".join(nodes) + ". " + "; ".join(edges) + "."
