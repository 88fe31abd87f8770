"""Treatment network: which treatments trials compare, how many patients had each, and what is unconnected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smm_kg.draw.canvas import Canvas, Point
from smm_kg.draw.colour import INK, PAPER, QUIET, Fill, category
from smm_kg.draw.connections import Connections, Group, Treatment, Trial, connections, pairs
from smm_kg.draw.layout import SMALL, Laid, lay, text_box
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, text_width, wrap

__all__ = ["TreatmentNetwork", "draw"]

_SIZE = 12.0
_WIDTH = 860.0
_LABEL, _CELL = 140.0, 250.0
_LEAST, _MOST = 6.0, 26.0


@dataclass(frozen=True, slots=True)
class TreatmentNetwork:
    """What the picture shows: treatments, and the trials between them."""

    caption: Caption
    treatments: tuple[Treatment, ...]
    trials: tuple[Trial, ...]

    def patients(self, treatment: str) -> tuple[int, int]:
        """Return how many patients had a treatment, and how many arms with it are of unknown size."""
        sizes = [
            group.patients for trial in self.trials for group in trial.groups if group.treatment == treatment
        ]
        return sum(size for size in sizes if size is not None), sizes.count(None)


def draw(network: TreatmentNetwork) -> str:
    """Return the network as SVG; trials are numbered on the edges and listed below.

    Raises:
        DrawingError: there is no trial.
        NetworkError: a trial has a treatment that is not among the treatments.
    """
    if not network.trials:
        raise DrawingError("no trial with arms is known, so there is no network to draw")
    found = connections(network.treatments, network.trials)
    network = replace(network, caption=_explained(network, found))
    named = {each.id: each for each in network.treatments}
    radii = _radii(network)
    numbers = {trial.id: str(at) for at, trial in enumerate(network.trials, start=1)}
    laid = [_laid(part, network, radii, numbers) for part in found.components if len(part) > 1]
    width = max([_WIDTH, *(each.box[2] - each.box[0] + 2 * MARGIN for each in laid)])
    canvas = Canvas()
    y = open_page(canvas, width, network.caption)
    for each in laid:
        left = (width - (each.box[2] - each.box[0])) / 2 - each.box[0]
        _component(canvas, each, network, radii, named, (left, y - each.box[1]))
        y += each.box[3] - each.box[1] + 24
    if found.unconnected:
        y = _unconnected(canvas, found.unconnected, network, radii, named, numbers, y, width)
    y = _trials(canvas, network, numbers, named, y, width)
    return close_page(canvas, width, y, network.caption, _described(network, named))


def _explained(network: TreatmentNetwork, found: Connections) -> Caption:
    """The caption with what the network connects, and what the marks mean."""
    labels = {each.id: each.label for each in network.treatments}
    trials = {each.id: each.label for each in network.trials}
    notes = [
        "Area of a circle: patients. Open circle: no active treatment. Numbers on the lines: trials below."
    ]
    arms = ({group.treatment for group in trial.groups} for trial in network.trials)
    if any(len(each) == 1 and not each & set(found.unconnected) for each in arms):
        notes[0] += " Also: trials with this treatment in all arms."
    if any(network.patients(each.id)[1] for each in network.treatments):
        notes[0] += " Dashed circle: no arm of known size."
    if any(not any(trial.randomized for trial in trials) for trials in pairs(network.trials).values()):
        notes[0] += " Dashed line: no trial on it is known to be randomized."
    if len({trial.disease for trial in network.trials if trial.disease}) > 1:
        notes.append(
            "The trials are not all of the same disease and risk, as the list says: treatments that are "
            "connected are not yet comparable."
        )
    connected = [each for each in found.components if len(each) > 1]
    words = f"{_number(len(network.treatments), 'treatment')}, {_number(len(network.trials), 'trial')}; "
    words += _number(len(connected), "connected part")
    if found.unconnected:
        words += f", {_number(len(found.unconnected), 'treatment')} unconnected"
    notes.append(f"{words}.")
    if found.comparators:
        listed = ", ".join(f"{labels[each]} (with {degree})" for each, degree in found.comparators)
        notes.append(f"Common comparators, compared with two others or more: {listed}.")
    if found.bridges:
        listed = "; ".join(f"{trials[each]} for {labels[a]} and {labels[b]}" for each, a, b in found.bridges)
        notes.append(f"Only link between the treatments it compares: {listed}.")
    return replace(network.caption, notes=(*notes, *network.caption.notes))


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _radii(network: TreatmentNetwork) -> dict[str, float]:
    sizes = {each.id: network.patients(each.id)[0] for each in network.treatments}
    most = max([1, *sizes.values()])
    return {each: max(_LEAST, _MOST * (size / most) ** 0.5) for each, size in sizes.items()}


def _words(treatment: Treatment, network: TreatmentNetwork, limit: float) -> tuple[str, ...]:
    known, unknown = network.patients(treatment.id)
    size = f"n = {known}" if known or not unknown else "n not reported"
    if known and unknown:
        size += f", {_number(unknown, 'arm')} of unknown size"
    return (*wrap(treatment.label, limit, _SIZE), *wrap(size, limit, _SIZE))


def _laid(
    part: Sequence[str], network: TreatmentNetwork, radii: Mapping[str, float], numbers: Mapping[str, str]
) -> Laid:
    """Lay out treatments that trials connect, with what is written at nodes and edges."""
    words = {}
    for each in network.treatments:
        if each.id in part:
            single = [
                numbers[trial.id]
                for trial in network.trials
                if {g.treatment for g in trial.groups} == {each.id}
            ]
            more = (
                wrap(f"also {'trial' if len(single) == 1 else 'trials'} {', '.join(single)}", _LABEL, _SIZE)
                if single
                else ()
            )
            words[each.id] = (*_words(each, network, _LABEL), *more)
    tags = {
        pair: wrap(", ".join(numbers[trial.id] for trial in trials), 60, SMALL)
        for pair, trials in pairs(network.trials).items()
        if pair[0] in part
    }
    return lay(words, tags, radii)


def _component(
    canvas: Canvas,
    laid: Laid,
    network: TreatmentNetwork,
    radii: Mapping[str, float],
    named: Mapping[str, Treatment],
    shift: Point,
) -> None:
    dx, dy = shift
    for (first, second), trials in pairs(network.trials).items():
        if first in laid.nodes:
            (x1, y1), (x2, y2) = laid.nodes[first], laid.nodes[second]
            dash = None if any(trial.randomized for trial in trials) else "6 4"
            width = min(6.0, 1.4 + 1.1 * (len(trials) - 1))
            canvas.line((x1 + dx, y1 + dy), (x2 + dx, y2 + dy), colour=QUIET, width=width, dash=dash)
    for lines, (x, y) in laid.badges.values():
        left, top, right, bottom = text_box(lines, x + dx, y + dy, "middle", SMALL)
        canvas.rectangle(
            left - 1,
            top,
            right - left + 2,
            bottom - top,
            fill=Fill(PAPER),
            stroke=QUIET,
            stroke_width=0.6,
            radius=3,
        )
        canvas.lines(x + dx, y + dy + 1, lines, size=SMALL, anchor="middle")
    for each, (x, y) in laid.nodes.items():
        _node(canvas, named[each], network, x + dx, y + dy, radii[each])
        label = laid.labels[each]
        canvas.lines(label.x + dx, label.y + dy, label.lines, size=_SIZE, anchor=label.anchor, halo=PAPER)


def _node(
    canvas: Canvas, treatment: Treatment, network: TreatmentNetwork, x: float, y: float, radius: float
) -> None:
    known, unknown = network.patients(treatment.id)
    fill = category(4) if treatment.active else Fill(PAPER)
    dash = "3 2" if unknown and not known else None
    canvas.element("circle", cx=x, cy=y, r=radius, fill=fill.colour, stroke=INK, stroke_dasharray=dash)


def _unconnected(
    canvas: Canvas,
    treatments: Sequence[str],
    network: TreatmentNetwork,
    radii: Mapping[str, float],
    named: Mapping[str, Treatment],
    numbers: Mapping[str, str],
    y: float,
    width: float,
) -> float:
    """Draw treatments that no trial compares with another, row by row, and return the bottom."""
    y = (
        canvas.paragraph(
            MARGIN, y, "Compared with no other treatment", width - 2 * MARGIN, size=_SIZE, bold=True
        )
        + 6
    )
    across = max(1, int((width - 2 * MARGIN) // _CELL))
    for start in range(0, len(treatments), across):
        row = treatments[start : start + across]
        words = []
        for each in row:
            own = [
                numbers[trial.id]
                for trial in network.trials
                if any(g.treatment == each for g in trial.groups)
            ]
            room = _CELL - 2 * _MOST - 16
            trials = f"{'trial' if len(own) == 1 else 'trials'} {', '.join(own)}"
            words.append((*_words(named[each], network, room), *wrap(trials, room, _SIZE)))
        height = max(2 * _MOST, *(len(lines) * line_height(_SIZE) for lines in words)) + 10
        for at, (each, lines) in enumerate(zip(row, words, strict=True)):
            x, middle = MARGIN + at * _CELL, y + height / 2
            _node(canvas, named[each], network, x + _MOST, middle, radii[each])
            canvas.lines(x + 2 * _MOST + 6, middle - len(lines) * line_height(_SIZE) / 2, lines, size=_SIZE)
        y += height
    return y + 8


def _trials(
    canvas: Canvas,
    network: TreatmentNetwork,
    numbers: Mapping[str, str],
    named: Mapping[str, Treatment],
    y: float,
    width: float,
) -> float:
    """List the trials by number, and return the bottom."""
    y = canvas.paragraph(MARGIN, y, "Trials", width - 2 * MARGIN, size=_SIZE, bold=True) + 2
    indent = max(text_width(number, _SIZE) for number in numbers.values()) + 10
    for trial in network.trials:
        canvas.lines(MARGIN + indent - 8, y, [numbers[trial.id]], size=_SIZE, anchor="end")
        y = (
            canvas.paragraph(
                MARGIN + indent, y, _in_words(trial, named), width - 2 * MARGIN - indent, size=_SIZE
            )
            + 2
        )
    return y


def _in_words(trial: Trial, named: Mapping[str, Treatment]) -> str:
    arms = " vs ".join(f"{named[group.treatment].label} ({_size(group)})" for group in trial.groups)
    more = "; ".join(part for part in (trial.disease, trial.design) if part)
    return f"{trial.label}: {arms}" + (f"; {more}" if more else "")


def _size(group: Group) -> str:
    if group.words:
        return group.words
    return "n not reported" if group.patients is None else f"n = {group.patients}"


def _described(network: TreatmentNetwork, named: Mapping[str, Treatment]) -> str:
    return "Treatment network. " + ". ".join(_in_words(trial, named) for trial in network.trials) + "."
