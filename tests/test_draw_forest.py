"""Forest plots: what the marks say, and that they say nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from drawn_text import SVG, Drawn, check, read, shows
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.draw.forest import Forest, Pooled, Row, draw
from smm_kg.draw.forest_axis import axis_of
from smm_kg.draw.page import Caption, DrawingError

CAPTION = Caption("Made-up trials", sources=("doi:10.1000/182",))


def row(study: str = "Study 1", *numbers: str, **more: Any) -> Row:
    estimate, lower, upper = (
        None if number == "" else Decimal(number) for number in (*numbers, "", "", "")[:3]
    )
    return Row(study, estimate=estimate, lower=lower, upper=upper, **more)


def plot(*rows: Row, **more: Any) -> Drawn:
    return check(draw(Forest(CAPTION, more.pop("measure", "hazard ratio"), rows, **more)))


def squares(drawn: Drawn) -> list[dict[str, str]]:
    """Rectangles as high as wide: the marks of estimates."""
    return [
        dict(each.attrib)
        for each in drawn.root.iter(f"{SVG}rect")
        if each.get("width") == each.get("height") and each.get("stroke")
    ]


def centre(square: dict[str, str]) -> float:
    return float(square["x"]) + float(square["width"]) / 2


def tick(drawn: Drawn, text: str) -> float:
    """Where a number stands below the axis: the lowest of its kind."""
    found = max((each for each in drawn.texts if each.text == text), key=lambda each: each.top)
    return (found.left + found.right) / 2


def polygons(drawn: Drawn) -> list[str]:
    return [each.attrib["points"] for each in drawn.root.iter(f"{SVG}polygon")]


def test_an_estimate_stands_where_its_value_is_on_the_axis() -> None:
    drawn = plot(row("A", "0.1", "0.05", "0.2"), row("B", "1", "0.5", "2"), row("C", "0.5"))
    for square, value in zip(squares(drawn), ("0.1", "1", "0.5"), strict=True):
        assert centre(square) == pytest.approx(tick(drawn, value), abs=0.1)


def test_differences_stand_on_a_linear_axis_about_zero() -> None:
    drawn = plot(row("A", "-10", "-20", "0"), row("B", "10", "0", "20"), scale="difference", unit="points")
    left, right = (centre(square) for square in squares(drawn))
    assert (left + right) / 2 == pytest.approx(tick(drawn, "0"), abs=0.1)
    assert shows(drawn, "linear scale")
    assert shows(drawn, "−10 (−20 to 0)")


def test_what_is_not_reported_is_said_and_not_drawn() -> None:
    drawn = plot(row("A", "0.5", "0.3", "0.8"), row("B"), row("C", absent="not reached"))
    assert len(squares(drawn)) == 1
    assert shows(drawn, "not reported")
    assert shows(drawn, "not reached")


def test_an_estimate_without_an_interval_has_no_whisker() -> None:
    drawn = plot(row("A", "0.5"))
    assert shows(drawn, "0.5 (interval not reported)")
    assert "Arrow" not in drawn.words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (("0.5", "0.3", ""), "0.5 (lower limit 0.3, upper not reported)"),
        (("0.5", "", "0.9"), "0.5 (upper limit 0.9, lower not reported)"),
        (("", "0.3", "0.9"), "estimate not reported (0.3 to 0.9)"),
        (("0.50", "0.30", "0.90"), "0.50 (0.30 to 0.90)"),
    ],
)
def test_numbers_are_printed_as_they_are(numbers: tuple[str, ...], words: str) -> None:
    assert shows(plot(row("A", *numbers)), words)


def test_printed_text_has_precedence() -> None:
    drawn = plot(row("A", "0.1", "0.05", "0.2", printed="0.10 (.05-.20)"))
    assert shows(drawn, "0.10 (.05-.20)")
    assert not shows(drawn, "0.1 (0.05 to 0.2)")


def test_derived_estimates_are_open_and_marked() -> None:
    drawn = plot(row("A", "0.5", "0.3", "0.8"), row("B", "0.4", "0.2", "0.7", origin="derived"))
    reported, derived = squares(drawn)
    assert reported["fill"] != derived["fill"] == "#ffffff"
    assert shows(drawn, "0.4 (0.2 to 0.7) †")
    assert not shows(drawn, "0.5 (0.3 to 0.8) †")


def test_the_area_of_a_square_is_its_weight() -> None:
    drawn = plot(row("A", "0.5", weight=Decimal(80)), row("B", "0.5", weight=Decimal(20)))
    heavy, light = (float(square["width"]) ** 2 for square in squares(drawn))
    assert heavy / light == pytest.approx(4, rel=0.01)
    assert shows(drawn, "80.0%")


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow() -> None:
    inside = plot(row("A", "0.5", "0.3", "0.8"))
    beyond = plot(row("A", "0.5", "0.3", "5000"))
    assert len(polygons(beyond)) == len(polygons(inside)) + 1
    assert "Arrow" in beyond.words
    assert shows(beyond, "0.5 (0.3 to 5000)")


def test_an_estimate_that_has_no_place_on_a_log_axis_is_given_in_figures() -> None:
    drawn = plot(row("A", "0", "0", "0.8"), row("B", "0.5", "0.3", "0.8"))
    assert len(squares(drawn)) == 1
    assert shows(drawn, "0 (0 to 0.8)")
    assert shows(drawn, "given in figures alone")


def test_a_pooled_estimate_is_a_diamond_with_its_prediction_interval() -> None:
    pooled = Pooled(
        "Random effects", Decimal("0.5"), Decimal("0.4"), Decimal("0.6"), (Decimal("0.2"), Decimal("1.1"))
    )
    drawn = plot(row("A", "0.5", "0.3", "0.8"), pooled=(pooled,))
    (diamond,) = polygons(drawn)
    xs = [float(point.split(",")[0]) for point in diamond.split()]
    assert min(xs) < tick(drawn, "0.5") < max(xs)
    assert shows(drawn, "Prediction interval 0.200 to 1.10")
    dashed = [line for line in drawn.root.iter(f"{SVG}line") if line.get("stroke-dasharray") == "5 3"]
    assert len(dashed) == 1


def test_a_computed_prediction_interval_has_three_significant_digits() -> None:
    limits = Decimal("-0.2989783163"), Decimal("0.150287505")
    pooled = Pooled("Random effects", Decimal("-0.07"), Decimal("-0.1"), Decimal("-0.05"), limits)
    drawn = plot(row("A", "-0.07", "-0.1", "-0.05"), pooled=(pooled,), measure="risk difference")
    assert shows(drawn, "Prediction interval −0.299 to 0.150")
    assert "2989" not in drawn.words


def test_rows_stand_under_their_group_and_its_pooled_estimate_below() -> None:
    rows = (
        row("A", "0.5", group="drugs"),
        row("B", "0.6", group="bisphosphonates"),
        row("C", "0.7", group="drugs"),
    )
    pooled = Pooled("of drugs", Decimal("0.55"), Decimal("0.4"), Decimal("0.7"), group="drugs")
    words = plot(*rows, pooled=(pooled,)).words
    order = [words.index(each) for each in (" drugs", " A ", " C ", "of drugs", "bisphosphonates", " B ")]
    assert order == sorted(order)


def test_the_level_is_named_only_where_it_is_one() -> None:
    assert shows(plot(row("A", "0.5", "0.3", "0.8"), level=Decimal("90.0")), "Hazard ratio (90% CI)")
    assert shows(plot(row("A", "0.5", "0.3", "0.8"), level=None), "Hazard ratio (interval)")


def test_each_side_says_what_it_favours() -> None:
    drawn = plot(row("A", "0.5", "0.3", "0.8"), favours=("favours treatment", "favours observation"))
    texts = {text.text: text for text in drawn.texts}
    null = tick(drawn, "1")
    assert texts["← favours treatment"].right < null < texts["favours observation →"].left


def test_caveats_stand_below_the_plot() -> None:
    caption = Caption("x", notes=("Disease stage differs.",), sources=("pmid:1",))
    words = read(draw(Forest(caption, "hazard ratio", (row("A", "0.5"),)))).words
    assert (
        words.index("Filled square") < words.index("Disease stage differs.") < words.index("Source: pmid:1")
    )


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(DrawingError, match="NaN"):
        plot(row("A", "0.5", "NaN", "0.9"))


decimals = st.decimals("-1e6", "1e6", allow_nan=False, places=3) | st.sampled_from(
    [Decimal("Infinity"), Decimal("-Infinity"), Decimal(0), Decimal("NaN")]
)


@given(
    st.lists(st.tuples(*[st.none() | decimals] * 3), max_size=20), st.sampled_from(["ratio", "difference"])
)
def test_an_axis_holds_no_difference_and_all_estimates_that_can_be_drawn(intervals: Any, kind: Any) -> None:
    intervals = [
        tuple(None if number is None or number.is_nan() else number for number in interval)
        for interval in intervals
    ]
    axis = axis_of(intervals, kind, 10, 290)
    assert 10 < axis.null_at < 290
    for _, estimate, _ in intervals:
        if (
            estimate is not None
            and estimate.is_finite()
            and (kind == "difference" or Decimal("1e-9") < estimate)
        ):
            assert axis.can_show(estimate)
            assert 10 <= axis.at(estimate) <= 290
