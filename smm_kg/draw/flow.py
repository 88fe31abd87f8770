"""CONSORT diagram: how many patients came to each step of a trial, who left, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from smm_kg.draw.canvas import Anchor, Canvas
from smm_kg.draw.colour import INK, PALE, PAPER, QUIET, Fill
from smm_kg.draw.page import MARGIN, Caption, DrawingError, close_page, open_page
from smm_kg.draw.text_width import line_height, wrap

__all__ = ["NO_STEP", "Departure", "Flow", "Step", "Track", "draw"]

_SIZE, _SMALL, _PAD, _GAP = 12.0, 10.5, 7.0, 24.0
_MAIN, _SIDE, _BETWEEN = 190.0, 196.0, 18.0
_HANG = 10.0
NO_STEP = "At no named step; may include those above:"


@dataclass(frozen=True, slots=True)
class Departure:
    """Patients who left, or to whom something happened: how many, and the reasons with their numbers."""

    label: str
    count: str = ""
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step that patients come to; ``departures`` are those between the step before and this one.

    ``count`` is as drawn (``50 of 57 (88%)``), ``detail`` the analysis set or what else qualifies it.
    """

    label: str
    count: str
    detail: str = ""
    departures: tuple[Departure, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """The steps of one arm, or of all patients before they are assigned to arms.

    Attributes:
        label: of the arm; empty for all patients.
        steps: in their order.
        further: what happened to patients at no step that the report names; some may be among those who
            left before a step.
        analysed: analysis sets with the number of patients of this arm in them.
    """

    label: str
    steps: tuple[Step, ...] = ()
    further: tuple[Departure, ...] = ()
    analysed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """What a CONSORT diagram shows: all patients, then each arm."""

    caption: Caption
    everyone: Track
    arms: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    bold: bool = False
    quiet: bool = False
    hang: float = 0.0

    @property
    def size(self) -> float:
        return _SMALL if self.quiet or self.hang else _SIZE


@dataclass(frozen=True, slots=True)
class _Box:
    """A box with its lines of text."""

    lines: tuple[_Text, ...]
    width: float
    fill: str = PAPER
    dash: str | None = None
    height: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        height = sum(line_height(line.size) for line in self.lines) + 2 * _PAD
        object.__setattr__(self, "height", height)

    def draw(self, canvas: Canvas, x: float, y: float, *, centred: bool) -> None:
        """Draw the box by its top left corner."""
        canvas.rectangle(x, y, self.width, self.height, fill=Fill(self.fill), dash=self.dash, radius=3)
        at = y + _PAD
        for line in self.lines:
            left = x + self.width / 2 if centred else x + _PAD + line.hang
            colour = QUIET if line.quiet else INK
            anchor: Anchor = "middle" if centred else "start"
            canvas.text(
                left, at + line.size, line.text, size=line.size, bold=line.bold, colour=colour, anchor=anchor
            )
            at += line_height(line.size)


def draw(flow: Flow) -> str:
    """Return a CONSORT diagram as SVG.

    Raises:
        DrawingError: no step is known, neither of all patients nor of an arm.
    """
    if not flow.everyone.steps and not any(arm.steps for arm in flow.arms):
        raise DrawingError("no step of the patients is known, so there is no flow to draw")
    canvas = Canvas()
    widths = [_MAIN + (_BETWEEN + _SIDE if _has_side(arm) else 0) for arm in flow.arms]
    arms = sum(widths) + _GAP * max(0, len(widths) - 1)
    trunk = _MAIN + 2 * (_BETWEEN + _SIDE if _has_side(flow.everyone) else 0)
    width = max(arms, trunk, 420.0) + 2 * MARGIN
    top = open_page(canvas, width, flow.caption)
    spines, left = [], (width - arms) / 2
    for each in widths:
        spines.append(left + _MAIN / 2)
        left += each + _GAP
    middle = (
        min(max((spines[0] + spines[-1]) / 2, MARGIN + _MAIN / 2), width - MARGIN - trunk / 2)
        if spines
        else width / 2
    )
    bottom = _track(canvas, flow.everyone, middle, top)
    start = _split(canvas, middle, bottom, spines, has_trunk=bool(flow.everyone.steps))
    ends = [_track(canvas, arm, spine, start) for arm, spine in zip(flow.arms, spines, strict=True)]
    lowest = max([*ends, bottom])
    bottoms = [
        _analysed(canvas, arm, spine, end, lowest)
        for arm, spine, end in zip(flow.arms, spines, ends, strict=True)
    ]
    return close_page(canvas, width, max([*bottoms, lowest]), flow.caption, _described(flow))


def _has_side(track: Track) -> bool:
    return bool(track.further) or any(step.departures for step in track.steps)


def _split(
    canvas: Canvas, middle: float, bottom: float, spines: Sequence[float], *, has_trunk: bool
) -> float:
    """Draw the lines from all patients to the arms, and return the top of the arms' first boxes."""
    if not spines or not has_trunk:
        return bottom
    level, start = bottom + 16, bottom + 38
    canvas.line((middle, bottom), (middle, level), width=1.2)
    canvas.line((min(*spines, middle), level), (max(*spines, middle), level), width=1.2)
    for spine in spines:
        canvas.arrow(((spine, level), (spine, start)))
    return start


def _track(canvas: Canvas, track: Track, spine: float, top: float) -> float:
    """Draw the boxes of a track downwards, joined by arrows, and return the bottom of the last."""
    y = top
    if track.label:
        box = _Box(tuple(_wrapped(track.label, _MAIN, bold=True)), _MAIN, fill=PALE)
        box.draw(canvas, spine - _MAIN / 2, y, centred=True)
        y += box.height
    for index, step in enumerate(track.steps):
        first = index == 0 and not track.label
        if not first or step.departures:
            y = _between(canvas, step.departures, spine, y)
        box = _step_box(step)
        box.draw(canvas, spine - _MAIN / 2, y, centred=True)
        y += box.height
    return _apart(canvas, track.further, spine, y) if track.further else y


def _apart(canvas: Canvas, departures: Sequence[Departure], spine: float, y: float) -> float:
    """Draw departures at no named step below the others, joined to nothing, and return the bottom."""
    left = spine + _MAIN / 2 + _BETWEEN
    y = canvas.paragraph(left, y + 16, NO_STEP, _SIDE, size=_SMALL, colour=QUIET)
    for departure in departures:
        box = replace(_departure_box(departure), dash="4 3")
        box.draw(canvas, left, y + 6, centred=False)
        y += 6 + box.height
    return y


def _between(canvas: Canvas, departures: Sequence[Departure], spine: float, y: float) -> float:
    """Draw the spine from ``y`` down to the next step with departures beside it, and return its end."""
    top = y
    places = []
    for departure in departures:
        box = _departure_box(departure)
        y += 12
        places.append((box, y))
        y += box.height
    bottom = y + (12 if departures else 22)
    canvas.arrow(((spine, top), (spine, bottom)))
    for box, at in places:
        left = spine + _MAIN / 2 + _BETWEEN
        canvas.arrow(((spine, at + box.height / 2), (left, at + box.height / 2)))
        box.draw(canvas, left, at, centred=False)
    return bottom


def _analysed(canvas: Canvas, arm: Track, spine: float, end: float, lowest: float) -> float:
    """Draw the box of analysis sets, all arms' at one height, and return its bottom."""
    if not arm.analysed:
        return end
    y = lowest + 26
    lines = [_Text("Analysis sets", bold=True)]
    for label, count in arm.analysed:
        lines += _wrapped(f"{label}: {count}", _MAIN)
    box = _Box(tuple(lines), _MAIN, fill=PALE)
    box.draw(canvas, spine - _MAIN / 2, y, centred=True)
    return y + box.height


def _wrapped(
    text: str, width: float, *, bold: bool = False, quiet: bool = False, hang: float = 0.0
) -> list[_Text]:
    size = _SMALL if quiet or hang else _SIZE
    return [_Text(line, bold, quiet, hang) for line in wrap(text, width - 2 * _PAD - hang, size, bold=bold)]


def _step_box(step: Step) -> _Box:
    lines = _wrapped(step.label, _MAIN) + _wrapped(step.count, _MAIN, bold=True)
    return _Box((*lines, *_wrapped(step.detail, _MAIN, quiet=True)), _MAIN)


def _departure_box(departure: Departure) -> _Box:
    count = f": {departure.count}" if departure.count else ""
    lines = _wrapped(f"{departure.label}{count}", _SIDE)
    for reason, number in departure.reasons:
        lines += _wrapped(f"{reason}: {number}" if number else reason, _SIDE, hang=_HANG)
    return _Box(tuple(lines), _SIDE)


def _described(flow: Flow) -> str:
    parts = []
    for track in (flow.everyone, *flow.arms):
        words = []
        for step in track.steps:
            words += [_departed(each) for each in step.departures]
            words.append(f"{step.label} {step.count}")
        if track.further:
            words.append(f"{NO_STEP} {', '.join(_departed(each) for each in track.further)}")
        words += [f"{label} {count}" for label, count in track.analysed]
        if words:
            parts.append(f"{track.label or 'All patients'}: " + "; ".join(words))
    return "Flow of patients. " + ". ".join(parts) + "."


def _departed(departure: Departure) -> str:
    reasons = ", ".join(f"{reason} {number}".strip() for reason, number in departure.reasons)
    return f"{departure.label} {departure.count}".strip() + (f" ({reasons})" if reasons else "")
