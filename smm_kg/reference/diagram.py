"""Diagrams of the ontology: its main classes with their properties, and the hierarchy of its own classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smm_kg.draw import ontology as hierarchy_picture
from smm_kg.draw.canvas import Canvas
from smm_kg.draw.colour import INK, PALE, PAPER, QUIET, Fill
from smm_kg.draw.page import MARGIN, Caption, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width
from smm_kg.reference import relations
from smm_kg.reference.vocabulary import OWL, RDFS, Vocabulary, text_of

__all__ = ["class_diagram", "hierarchy"]

_SIZE, _SMALL, _PAD, _GAP = 12.0, 10.5, 6.0, 14.0
_STEM = 14.0  # from a box to the line that its arrows leave from
_HEAD = line_height(_SIZE) + 2 * _PAD


@dataclass(slots=True)
class _Box:
    """A class, a line for each of its properties, and the boxes to its right with what leads to them."""

    iri: str
    title: str
    lines: tuple[str, ...]
    next: list[tuple[str, _Box]] = field(default_factory=list)

    @property
    def width(self) -> float:
        title = text_width(self.title, _SIZE, bold=True)
        return max([title, *(text_width(line, _SMALL) for line in self.lines)]) + 2 * _PAD

    @property
    def height(self) -> float:
        return _HEAD + (len(self.lines) * line_height(_SMALL) + _PAD if self.lines else 0)

    @property
    def space(self) -> float:
        """The height that the box takes together with those right of it."""
        right = sum(each.space for _, each in self.next) + _GAP * max(0, len(self.next) - 1)
        return max(self.height, right)

    def columns(self, depth: int = 0) -> list[tuple[int, _Box]]:
        return [(depth, self), *(below for _, each in self.next for below in each.columns(depth + 1))]


def class_diagram(vocabulary: Vocabulary, source: str) -> str:
    """Return the main classes as SVG: from the study to its parts, its facts, their values and places."""
    boxes = {iri: _box(vocabulary, iri) for iri in _main_classes(vocabulary)}
    roots = _trees(vocabulary, boxes)
    caption = Caption(
        "Main classes and their properties",
        "An arrow: the property by which one is reached from the study. A line in a box: a property and what "
        "it leads to",
        ("Kinds of facts, data and concepts are in the hierarchy. Codes are closed lists of individuals.",),
        (source,),
    )
    depths: dict[int, list[_Box]] = {}
    for root in roots:
        for depth, box in root.columns():
            depths.setdefault(depth, []).append(box)
    lefts, widths, x = {}, {}, MARGIN
    for depth in sorted(depths):
        lefts[depth], widths[depth] = x, max(box.width for box in depths[depth])
        names = [text_width(name, _SMALL) for box in depths[depth] for name, _ in box.next]
        x += widths[depth] + (max(names) + 2 * _STEM + 10 if names else 0)
    width = x + MARGIN
    canvas = Canvas()
    y = open_page(canvas, width, caption)
    for root in roots:
        _draw(canvas, root, 0, y, lefts, widths)
        y += root.space + _GAP
    return close_page(canvas, width, y, caption, _described(boxes.values()))


def _main_classes(vocabulary: Vocabulary) -> list[str]:
    """Our classes below no other of ours, without codes and those that are defined by others."""
    own = [iri for iri in vocabulary.of_type(OWL + "Class") if vocabulary.is_own(iri)]
    found = []
    for iri in own:
        root = not any(map(vocabulary.is_own, relations.parents(vocabulary, iri)))
        reached = relations.properties_of(vocabulary, iri) or any(
            predicate == RDFS + "range" for _, predicate in vocabulary.mentions(iri)
        )
        if root and reached:
            found.append(iri)
    return found


def _box(vocabulary: Vocabulary, iri: str) -> _Box:
    lines = []
    for each in relations.properties_of(vocabulary, iri):
        ends = vocabulary.objects(each, RDFS + "range")
        inverse = [
            node
            for by in vocabulary.terms(each, OWL + "inverseOf")
            for node in vocabulary.objects(by, RDFS + "domain")
        ]
        target = text_of(vocabulary.words((ends or inverse)[0])) if ends or inverse else ""
        lines.append(f"{vocabulary.label(each)} → {target}" if target else vocabulary.label(each))
    return _Box(iri, vocabulary.label(iri), tuple(lines))


def _trees(vocabulary: Vocabulary, boxes: Mapping[str, _Box]) -> list[_Box]:
    """Join each box to the nearest to the first that leads to it, and return those that nothing leads to."""
    first = next(iter(boxes))
    placed, near = {first}, [first]
    while near:
        further: list[str] = []
        for iri in near:
            for each in relations.properties_of(vocabulary, iri):
                for target in _targets(vocabulary, each):
                    if target in boxes and target not in placed and _is_first_domain(vocabulary, each, iri):
                        placed.add(target)
                        further.append(target)
                        boxes[iri].next.append((vocabulary.label(each), boxes[target]))
        near = further
    return [boxes[first], *(box for iri, box in boxes.items() if iri not in placed)]


def _targets(vocabulary: Vocabulary, iri: str) -> list[str]:
    ends = vocabulary.terms(iri, RDFS + "range")
    for inverse in vocabulary.terms(iri, OWL + "inverseOf"):
        ends += vocabulary.terms(inverse, RDFS + "domain")
    return ends


def _is_first_domain(vocabulary: Vocabulary, each: str, iri: str) -> bool:
    """Whether a property of several classes is first of all one of this class."""
    domains = [
        piece.iri for node in vocabulary.objects(each, RDFS + "domain") for piece in vocabulary.words(node)
    ]
    return not domains or domains[0] == iri


def _draw(
    canvas: Canvas, box: _Box, depth: int, y: float, lefts: Mapping[int, float], widths: Mapping[int, float]
) -> None:
    x, width = lefts[depth], widths[depth]
    canvas.rectangle(x, y, width, box.height, fill=Fill(PAPER), stroke=QUIET)
    canvas.rectangle(x, y, width, _HEAD, fill=Fill(PALE), stroke=QUIET)
    canvas.lines(x + _PAD, y + _PAD, [box.title], size=_SIZE, bold=True)
    canvas.lines(x + _PAD, y + _HEAD + _PAD / 2, box.lines, size=_SMALL, colour=INK)
    right, at = x + width, y
    if box.next:
        stem, last = right + _STEM, y
        for name, each in box.next:
            level = at + _HEAD / 2
            canvas.arrow([(stem, level), (lefts[depth + 1], level)], colour=QUIET)
            canvas.text(stem + 6, level - 4, name, size=_SMALL, colour=QUIET)
            _draw(canvas, each, depth + 1, at, lefts, widths)
            last, at = level, at + each.space + _GAP
        canvas.line((right, y + _HEAD / 2), (stem, y + _HEAD / 2), colour=QUIET, width=1.2)
        canvas.line((stem, y + _HEAD / 2), (stem, last), colour=QUIET, width=1.2)


def _described(boxes: Iterable[_Box]) -> str:
    held = [f"{box.title}: {', '.join(box.lines)}" for box in boxes]
    return "Class diagram. " + "; ".join(held) + "."


def hierarchy(vocabulary: Vocabulary, source: str) -> str:
    """Return the hierarchy of the ontology's own classes as SVG."""
    classes = tuple(
        hierarchy_picture.Class(
            iri,
            vocabulary.label(iri),
            tuple(filter(vocabulary.is_own, relations.parents(vocabulary, iri))),
            len(relations.individuals_of(vocabulary, iri)),
        )
        for iri in vocabulary.of_type(OWL + "Class")
        if vocabulary.is_own(iri)
    )
    caption = Caption(
        "Hierarchy of classes",
        "A class stands below the one that it is a kind of; in brackets: individuals stated of it",
        (),
        (source,),
    )
    return hierarchy_picture.draw(hierarchy_picture.Hierarchy(caption, classes))
