"""Where nodes, their words and the marks along edges stand: the same for the same network, none overlapping.

Nodes stand on a circle, or about a hub. The circle grows until no words touch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from smm_kg.draw.canvas import Anchor, Point
from smm_kg.draw.text_width import line_height, text_width

__all__ = ["SMALL", "Box", "Label", "Laid", "lay", "placed", "text_box"]

_SIZE, SMALL = 12.0, 10.5
_FEW = 4
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
_TRIES = 16
_WIDER = 1.25

Pair = tuple[str, str]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Label:
    """Words at their place: the top of the first line, and the x of their anchor."""

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: Anchor

    @property
    def box(self) -> Box:
        """The space the words take."""
        return text_box(self.lines, self.x, self.y, self.anchor, _SIZE)


@dataclass(frozen=True, slots=True)
class Laid:
    """A network laid out: nodes, their labels, words on edges (top middle), and the space of it all."""

    nodes: dict[str, Point]
    labels: dict[str, Label]
    badges: dict[Pair, tuple[tuple[str, ...], Point]]
    box: Box


def lay(
    words: Mapping[str, tuple[str, ...]], tags: Mapping[Pair, tuple[str, ...]], radii: Mapping[str, float]
) -> Laid:
    """Lay out a connected network, larger and larger until no words touch.

    Args:
        words: lines to write at each node.
        tags: lines to write on each edge, by its nodes. A tag for which there is no room is left out.
        radii: of the nodes' circles.
    """
    unit = placed(list(words), list(tags))
    size = max(110.0, 18.0 * len(words))
    for _ in range(_TRIES):
        across = size * (_WIDER if len(unit) > 2 else 1)
        nodes = {each: (x * across, y * size) for each, (x, y) in unit.items()}
        circles = [_around(nodes[each], radii[each] + 2) for each in words]
        edges = [(nodes[first], nodes[second]) for first, second in tags]
        labels = {
            each: _label(lines, nodes[each], radii[each], unit[each], edges) for each, lines in words.items()
        }
        taken = [*(label.box for label in labels.values()), *circles]
        badges, all_fit = _badges(tags, nodes, taken)
        if all_fit and not _touching(taken):
            break
        size *= 1.15
    taken += [text_box(lines, x, y, "middle", SMALL) for lines, (x, y) in badges.values()]
    lefts, tops, rights, bottoms = zip(*taken, strict=True)
    return Laid(nodes, labels, badges, (min(lefts), min(tops), max(rights), max(bottoms)))


def placed(nodes: Sequence[str], edges: Sequence[Pair]) -> dict[str, Point]:
    """Return a place on or within the unit circle for each node of a connected network.

    The node with most neighbours stands in the middle where it has at least half of the others as neighbours
    and no other edge would cross it; the others stand on the circle, neighbours near each other.
    """
    near: dict[str, list[str]] = {node: [] for node in sorted(nodes)}
    for first, second in edges:
        near[first].append(second)
        near[second].append(first)
    hub = max(near, key=lambda node: len(near[node]))
    order = _walk(hub, near)
    if len(near) >= _FEW and len(near[hub]) * 2 >= len(near) - 1:
        ring = _ring([node for node in order if node != hub])
        if not any(_crosses(ring[a], ring[b]) for a, b in edges if hub not in (a, b)):
            return {hub: (0.0, 0.0), **ring}
    return _ring(order)


def _walk(start: str, near: Mapping[str, Sequence[str]]) -> list[str]:
    """All nodes, depth first from ``start``, so that chains of neighbours stay together."""
    order: list[str] = []
    seen: set[str] = set()
    stack = [start]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack += sorted(set(near[node]) - seen, reverse=True)
    return order


def _ring(nodes: Sequence[str]) -> dict[str, Point]:
    number = max(1, len(nodes))
    start = math.pi if number == 2 else -math.pi / 2 + (0.0 if number % 2 else math.pi / number)
    angles = [start + 2 * math.pi * at / number for at in range(number)]
    return {node: (math.cos(angle), math.sin(angle)) for node, angle in zip(nodes, angles, strict=False)}


def _crosses(a: Point, b: Point) -> bool:
    """Whether the line between two points of the circle passes near its middle."""
    return math.hypot((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) < 0.35


def _label(
    lines: tuple[str, ...], node: Point, radius: float, unit: Point, edges: Sequence[tuple[Point, Point]]
) -> Label:
    """Put the words of a node on the side that fewest edges cross, outwards where sides are alike."""
    sides = list(_sides(lines, node, radius))
    if unit != (0.0, 0.0):
        upright = abs(unit[0]) < 0.35
        sides.insert(0, sides[int(unit[1] >= 0) if upright else 2 + int(unit[0] < 0)])
    return min(sides, key=lambda side: sum(_cut(side.box, start, end) for start, end in edges))


def _sides(lines: tuple[str, ...], node: Point, radius: float) -> Iterator[Label]:
    """Words above, below, right and left of a node, then between these."""
    height = len(lines) * line_height(_SIZE)
    x, y = node
    yield Label(lines, x, y - radius - 4 - height, "middle")
    yield Label(lines, x, y + radius + 4, "middle")
    yield Label(lines, x + radius + 6, y - height / 2, "start")
    yield Label(lines, x - radius - 6, y - height / 2, "end")
    slant = radius + 4
    for right in (True, False):
        for top in (y + slant, y - slant - height):
            yield Label(lines, x + slant if right else x - slant, top, "start" if right else "end")


def _cut(box: Box, start: Point, end: Point) -> bool:
    """Whether a line passes through a box: some part of it is within the box both in x and in y."""
    first, last = 0.0, 1.0
    for at, low, high in ((0, box[0], box[2]), (1, box[1], box[3])):
        span = end[at] - start[at]
        if abs(span) < 1e-9:
            if not low < start[at] < high:
                return False
            continue
        enters, leaves = sorted(((low - start[at]) / span, (high - start[at]) / span))
        first, last = max(first, enters), min(last, leaves)
    return first < last


def text_box(lines: Sequence[str], x: float, y: float, anchor: Anchor, size: float) -> Box:
    """Return the space that lines of text take below ``y``, with a little at their sides."""
    width = max((text_width(line, size) for line in lines), default=0.0)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return (left - 2, y, left + width + 2, y + len(lines) * line_height(size))


def _around(node: Point, radius: float) -> Box:
    return (node[0] - radius, node[1] - radius, node[0] + radius, node[1] + radius)


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _touching(boxes: Sequence[Box]) -> bool:
    return any(_meets(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])


def _badges(
    tags: Mapping[Pair, tuple[str, ...]], nodes: Mapping[str, Point], taken: Sequence[Box]
) -> tuple[dict[Pair, tuple[tuple[str, ...], Point]], bool]:
    """Find a free place on each edge for its words; also say whether there was one for all."""
    boxes = list(taken)
    badges: dict[Pair, tuple[tuple[str, ...], Point]] = {}
    for (first, second), lines in tags.items():
        (x1, y1), (x2, y2) = nodes[first], nodes[second]
        height = len(lines) * line_height(SMALL)
        for share in _ALONG:
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
            box = text_box(lines, x, y - height / 2, "middle", SMALL)
            if not any(_meets(box, other) for other in boxes):
                boxes.append(box)
                badges[first, second] = (lines, (x, y - height / 2))
                break
    return badges, len(badges) == len(tags)
