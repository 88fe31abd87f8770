"""The class hierarchy of an ontology as an indented tree, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import INK, QUIET, RULE
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["Class", "Hierarchy", "draw"]

_SIZE, _INDENT, _STEP, _GAP = 11.0, 16.0, 18.0, 28.0
_WIDEST = 300.0
_ROWS_A_COLUMN = 60
_MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Class:
    """A class.

    ``parents`` are the ids of the classes just above it, ``individuals`` the number of its own individuals,
    and ``foreign`` whether it is one of another vocabulary.
    """

    id: str
    label: str
    parents: tuple[str, ...] = ()
    individuals: int = 0
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What the tree shows."""

    caption: Caption
    classes: tuple[Class, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A class at its place in the tree: its text, its depth, and which line is the one above it."""

    lines: tuple[str, ...]
    depth: int
    parent: int | None
    foreign: bool

    @property
    def height(self) -> float:
        return max(_STEP, len(self.lines) * line_height(_SIZE) + 4)

    @property
    def right(self) -> float:
        widest = max((text_width(line, _SIZE, bold=self.depth == 0) for line in self.lines), default=0.0)
        return self.depth * _INDENT + widest


def draw(hierarchy: Hierarchy) -> str:
    """Return the tree as SVG. A class with several above it stands under the first and names the others.

    Raises:
        DrawingError: there is no class.
    """
    if not hierarchy.classes:
        raise DrawingError("there is no class to draw")
    columns = _columns(list(_trees(hierarchy.classes)))
    widths = [max(line.right for line in column) + 8 for column in columns]
    width = max(sum(widths) + _GAP * (len(widths) - 1) + 2 * MARGIN, 480.0)
    canvas = Canvas()
    top = open_page(canvas, width, hierarchy.caption)
    left, bottom = MARGIN, top
    for column, each in zip(columns, widths, strict=True):
        bottom = max(bottom, _column(canvas, column, left, top))
        left += each + _GAP
    return close_page(canvas, width, bottom, hierarchy.caption, _described(hierarchy))


def _trees(classes: Sequence[Class]) -> Iterator[list[_Line]]:
    """One list of lines for each class that has none above it here; within, children after their parent."""
    known = {each.id: each for each in classes}
    below: dict[str | None, list[Class]] = {}
    for each in classes:
        above = sorted(parent for parent in each.parents if parent in known and parent != each.id)
        below.setdefault(above[0] if above else None, []).append(each)
    drawn: set[str] = set()
    for root in _sorted([*below.get(None, []), *_in_circles(classes, below)]):
        lines: list[_Line] = []
        stack: list[tuple[Class, int, int | None]] = [(root, 0, None)]
        while stack:
            each, depth, parent = stack.pop()
            if each.id in drawn:
                continue
            drawn.add(each.id)
            text = _text(each, known)
            bold = depth == 0
            lines.append(
                _Line(wrap(text, _WIDEST - depth * _INDENT, _SIZE, bold=bold), depth, parent, each.foreign)
            )
            place = len(lines) - 1
            stack += [(child, depth + 1, place) for child in reversed(_sorted(below.get(each.id, [])))]
        if lines:
            yield lines


def _sorted(classes: Sequence[Class]) -> list[Class]:
    return sorted(classes, key=lambda each: (each.label.casefold(), each.id))


def _in_circles(classes: Sequence[Class], below: dict[str | None, list[Class]]) -> list[Class]:
    """Classes that no root leads to, since they are above each other."""
    reached: set[str] = set()
    stack = list(below.get(None, []))
    while stack:
        each = stack.pop()
        reached.add(each.id)
        stack += below.get(each.id, [])
    return [each for each in classes if each.id not in reached]


def _text(each: Class, known: dict[str, Class]) -> str:
    others = sorted(known[parent].label for parent in sorted(each.parents)[1:] if parent in known)
    number = f" ({each.individuals})" if each.individuals else ""
    return each.label + number + (f"; also under {', '.join(others)}" if others else "")


def _columns(trees: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    """Share out trees, none broken, to columns of about one height: largest first, to the shortest."""
    total = sum(len(tree) for tree in trees)
    number = min(_MOST_COLUMNS, len(trees), max(1, -(-total // _ROWS_A_COLUMN)))
    shares: list[list[int]] = [[] for _ in range(number)]
    for at in sorted(range(len(trees)), key=lambda each: (-len(trees[each]), each)):
        min(shares, key=lambda share: sum(len(trees[each]) for each in share)).append(at)
    columns: list[list[_Line]] = []
    for share in sorted(sorted(share) for share in shares):
        column: list[_Line] = []
        for at in share:
            shift = len(column)
            column += [
                replace(line, parent=None if line.parent is None else line.parent + shift)
                for line in trees[at]
            ]
        columns.append(column)
    return columns


def _column(canvas: Canvas, lines: Sequence[_Line], left: float, y: float) -> float:
    places: list[float] = []
    for line in lines:
        x = left + line.depth * _INDENT
        if line.parent is not None:
            elbow, above = x - _INDENT + 4, places[line.parent]
            canvas.line((elbow, above + _STEP - 3), (elbow, y + 9), colour=RULE)
            canvas.line((elbow, y + 9), (x - 2, y + 9), colour=RULE)
        colour = QUIET if line.foreign else INK
        canvas.lines(x, y + 2, line.lines, size=_SIZE, bold=line.depth == 0, colour=colour)
        places.append(y)
        y += line.height
    return y


def _described(hierarchy: Hierarchy) -> str:
    known = {each.id: each.label for each in hierarchy.classes}
    parts = []
    for each in _sorted(hierarchy.classes):
        above = sorted(known[parent] for parent in each.parents if parent in known)
        parts.append(f"{each.label} is a {', a '.join(above)}" if above else each.label)
    return "Class hierarchy. " + "; ".join(parts) + "."
