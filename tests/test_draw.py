"""The parts that pictures are drawn with: text, colours, axes, SVG."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from drawn_text import SVG, overlaps, read
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.draw import colour
from smm_kg.draw.canvas import Canvas, number
from smm_kg.draw.colour import Fill
from smm_kg.draw.scale import linear, logarithmic, round_up
from smm_kg.draw.text_width import clean, text_width, wrap

HOSTILE = st.text(max_size=40) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"/><b>&amp;',
        "]]>",
        "\x00\x1b[31m",
        "\u202eevil",
        "\ud800",
        "\ufffe",
        "a\nb\tc",
    ]
)


@given(HOSTILE)
def test_any_text_is_drawn_as_text(words: str) -> None:
    canvas = Canvas()
    canvas.text(0, 10, words)
    root = ElementTree.fromstring(canvas.render(10, 10, title=words, description=words))
    assert [element.tag for element in root] in (
        [f"{SVG}title", f"{SVG}desc", f"{SVG}rect"],
        [f"{SVG}title", f"{SVG}desc", f"{SVG}rect", f"{SVG}text"],
    )
    assert (root.findtext(f"{SVG}text") or "") == clean(words)


@given(HOSTILE)
def test_clean_text_is_a_line_that_stays_as_it_is(words: str) -> None:
    assert clean(clean(words)) == clean(words)
    assert not set(clean(words)) & set("\n\r\t\x00\u202e\ufffe")
    clean(words).encode()


def test_what_cannot_be_drawn_shows_that_it_was_there() -> None:
    assert clean("dose\u202e 25\x00") == "dose\ufffd 25\ufffd"


@given(HOSTILE | st.text("abc -/é≤", max_size=200), st.floats(1, 300), st.booleans())
def test_lines_fit_and_lose_nothing(words: str, limit: float, bold: bool) -> None:
    lines = wrap(words, limit, 12, bold=bold)
    assert "".join("".join(lines).split()) == "".join(clean(words).split())
    assert all(len(line) == 1 or text_width(line, 12, bold=bold) <= limit for line in lines)


def test_words_are_kept_whole_where_they_fit() -> None:
    assert wrap("time to progression", 90, 12) == ("time to", "progression")
    assert wrap("lenalidomide-dexamethasone", 100, 12) == ("lenalidomide-", "dexamethasone")


@pytest.mark.parametrize(
    ("text", "least"),
    [
        (
            "0.18 (0.09 to 0.32)",
            8.84,
        ),  # Arial: ten digits and three points, two brackets, "to" and three spaces
        ("iiii", 0.88),
        ("WWWW", 3.77),
    ],
)
def test_text_is_never_narrower_than_in_arial(text: str, least: float) -> None:
    assert text_width(text, 1) >= least
    assert text_width(text, 1, bold=True) >= text_width(text, 1)


def test_text_grows_with_its_size_and_accents_add_nothing() -> None:
    assert text_width("Martín", 24) == pytest.approx(2 * text_width("Martin", 12), rel=0.15)
    assert text_width("e\u0301", 12) == text_width("e", 12) == text_width("é", 12)


@given(st.integers(1, 12))
def test_sequences_darken_step_by_step(steps: int) -> None:
    fills = colour.sequence(steps)
    light = [colour.luminance(fill.colour) for fill in fills]
    assert len(fills) == steps
    assert all(a >= b for a, b in pairwise(light))
    assert all(a != b for a, b in pairwise(fills))


@given(st.integers(0, 39))
def test_categories_differ_in_colour_or_pattern(index: int) -> None:
    assert colour.category(index) not in [colour.category(other) for other in range(index)]


@pytest.mark.parametrize("fill", [*colour.sequence(9), *(colour.category(at) for at in range(8))])
def test_ink_is_legible_on_every_fill(fill: Fill) -> None:
    ground, ink = colour.luminance(fill.colour), colour.luminance(colour.ink_on(fill.colour))
    assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 3  # WCAG AA for large and bold text


finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(finite, finite)
def test_linear_axes_hold_what_they_are_made_for(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    if 0 < high - low < 1e-6:
        return
    scale = linear(low, high, 10, 110)
    tolerance = (scale.high - scale.low) * 1e-6
    assert scale.low - tolerance <= low <= high <= scale.high + tolerance
    assert list(scale.ticks) == sorted(set(scale.ticks))
    assert 2 <= len(scale.ticks) <= 10
    assert 10 <= scale(low) <= scale(high) <= 110


@given(st.floats(1e-6, 1e6), st.floats(1, 1e6))
def test_logarithmic_axes_hold_what_they_are_made_for(low: float, ratio: float) -> None:
    high = low * ratio
    scale = logarithmic(low, high, 0, 100)
    assert scale.low <= low * (1 + 1e-5)
    assert scale.high >= high * (1 - 1e-5)
    assert list(scale.ticks) == sorted(set(scale.ticks))
    assert 2 <= len(scale.ticks) <= 10
    assert 0 <= scale(low) <= scale(high) <= 100


def test_equal_ratios_are_equally_far_apart_on_a_logarithmic_axis() -> None:
    scale = logarithmic(0.1, 10, 0, 200)
    assert scale(1) == pytest.approx(100)
    assert scale(0.5) - scale(0.25) == pytest.approx(scale(2) - scale(1))


@given(st.floats(1e-9, 1e9))
def test_rounding_up_gives_a_round_number(value: float) -> None:
    rounded = round_up(value)
    assert value * (1 - 1e-8) <= rounded <= value * 2.5 * (1 + 1e-8)
    mantissa = rounded / 10 ** math.floor(math.log10(rounded) + 1e-9)
    assert any(math.isclose(mantissa, nice) for nice in (1, 2, 2.5, 5, 10))


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.005, "1"), (-0.001, "0"), (12.346, "12.35"), (100.0, "100")]
)
def test_lengths_have_two_decimals_at_most(value: float, text: str) -> None:
    assert number(value) == text


def test_patterns_are_defined_once_for_each_fill() -> None:
    canvas = Canvas()
    for x in (0, 10, 20):
        canvas.rectangle(x, 0, 8, 8, fill=Fill("#0072B2", "rising"))
    canvas.rectangle(30, 0, 8, 8, fill=Fill("#0072B2", "dots"))
    svg = canvas.render(40, 10, title="t", description="d")
    ids = [element.attrib["id"] for element in ElementTree.fromstring(svg).iter(f"{SVG}pattern")]
    assert sorted(ids) == ["dots-0072b2", "rising-0072b2"]


def test_overlap_is_seen_by_the_check_itself() -> None:
    canvas = Canvas()
    canvas.text(0, 20, "one")
    canvas.text(5, 20, "two")
    canvas.text(100, 20, "far")
    found = overlaps(read(canvas.render(200, 40, title="t", description="d")).texts)
    assert [(a.text, b.text) for a, b in found] == [("one", "two")]
