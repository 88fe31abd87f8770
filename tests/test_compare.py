"""Comparisons: like with like, what is unlike said, what is computed marked, and what misleads refused."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from comparable import effect, graph_of, interval, study

from smm_kg import compare
from smm_kg.compare import Comparison, ComparisonError, PoolingRefusedError
from smm_kg.compare.exchange import LONG_COLUMNS, long_rows
from smm_kg.compare.picture import forest_of
from smm_kg.records import Study

ANCHOR = study("anchor-2030", effect(interval("0.50", "0.30", "0.80") + ", p value: <0.01"))


def compared(*others: tuple[Study, ...], **asked: Any) -> Comparison:
    with graph_of(ANCHOR, *others) as graph:
        return compare.compare(graph, "time to progression", study="anchor-2030", **asked)


def rows_of(comparison: Comparison, name: str) -> list[Any]:
    return [row for row in comparison.to_rows() if row.study == name]


def names(comparison: Comparison, name: str) -> set[str]:
    """The names of the caveats of the rows of one study."""
    return {caveat.caveat for caveat in comparison.caveats() if caveat.study == name}


def test_the_columns_are_those_agreed() -> None:
    assert compare.COLUMNS[:16] == (
        "study", "contrast", "endpoint", "definition", "measure", "estimate", "lower", "upper",
        "p_comparator", "p", "value_status", "origin", "printed", "population", "source", "caveats",
    )  # fmt: skip


def test_an_effect_is_shown_as_printed() -> None:
    (row,) = rows_of(compared(), "anchor-2030")
    assert row.printed == "0.50 (0.30 to 0.80)"
    assert (row.estimate, row.lower, row.upper) == (Decimal("0.5"), Decimal("0.3"), Decimal("0.8"))
    assert (row.p_comparator, row.p) == ("<", Decimal("0.01"))
    assert (row.origin, row.population, row.source) == (
        "reported",
        "all randomized",
        "doi:10.9999/anchor-2030",
    )
    assert (row.n_experimental, row.n_reference) == (60, 62)
    assert row.definition == "symptomatic disease (CRAB)"
    assert row.caveats is None


@pytest.mark.parametrize(
    ("changes", "caveat"),
    [
        ({}, set()),
        ({"risk": "no-risk-selection"}, {"different-risk"}),
        ({"risk": "risk-selection-not-stated"}, {"risk-not-stated"}),
        ({"disease": "newly-diagnosed-multiple-myeloma"}, {"different-disease"}),
        ({"allocation": "non-randomized-allocation"}, {"not-randomized"}),
        ({"allocation": "meta-analysis-design"}, {"pooled-analysis"}),
        ({"definition": "slim-crab-progression"}, {"different-definition"}),
        ({"follow_up": "70"}, {"different-follow-up"}),
        ({"follow_up": "50"}, set()),
    ],
)
def test_what_is_unlike_is_said_and_nothing_else(changes: dict[str, str], caveat: set[str]) -> None:
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), **changes)
    assert names(compared(other), "other-2031") == caveat


def test_another_comparator_is_said() -> None:
    given = "- {id: drug-old, kind: regimen, subject: thalidomide, arm: old, values: {text: given}}\n"
    other = study("other-2031", given, effect(interval("0.60", "0.40", "0.90")), role="active comparator")
    assert names(compared(other), "other-2031") == {"different-comparator"}


def test_end_points_that_answer_the_same_question_stand_beside_each_other_and_say_which_they_are() -> None:
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90"), endpoint="pfs"))
    comparison = compared(other)
    (row,) = rows_of(comparison, "other-2031")
    assert row.endpoint == "progression-free survival"
    assert row.definition == "symptomatic disease (CRAB); death is an event"
    assert names(comparison, "other-2031") == {"different-end-point"}


def test_a_reverse_direction_is_shown_as_printed_and_as_turned() -> None:
    other = study("other-2031", effect(interval("2.05", "1.1", "3.8"), contrast="old-vs-new"))
    comparison = compared(other)
    printed, turned = rows_of(comparison, "other-2031")
    assert (printed.printed, printed.origin, printed.contrast) == (
        "2.05 (1.1 to 3.8)",
        "reported",
        "old vs new",
    )
    assert (turned.origin, turned.contrast) == ("derived", "new vs old")
    assert float(turned.estimate) == pytest.approx(0.4878, abs=5e-5)  # 1/2.05
    assert float(turned.lower) == pytest.approx(0.2632, abs=5e-5)  # 1/3.8
    assert float(turned.upper) == pytest.approx(0.9091, abs=5e-5)  # 1/1.1
    assert "2.05" in turned.method
    assert "reverse-direction" in names(comparison, "other-2031")


def test_what_a_secondary_source_repeats_is_shown_when_asked() -> None:
    told = effect("hazard ratio: 0.60", id="told", source="review")
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), told)
    assert [row.printed for row in rows_of(compared(other), "other-2031")] == ["0.60 (0.40 to 0.90)"]
    every = compared(other, every_source=True)
    assert {row.printed for row in rows_of(every, "other-2031")} == {"0.60 (0.40 to 0.90)", "0.60"}


def test_another_number_of_a_secondary_source_is_no_repetition() -> None:
    told = effect("hazard ratio: 0.70", id="told", source="review")
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), told)
    rows = rows_of(compared(other), "other-2031")
    assert [row.printed for row in rows] == ["0.60 (0.40 to 0.90)", "0.70"]
    assert "secondary source only" in rows[1].caveats


def test_a_word_never_hides_a_number() -> None:
    words = effect("text: comparable")
    told = effect("hazard ratio: 0.70", id="told", source="review")
    rows = rows_of(compared(study("other-2031", words, told)), "other-2031")
    assert "0.70" in {row.printed for row in rows}


def test_a_secondary_source_speaks_where_the_primary_one_is_silent() -> None:
    silent = effect("hazard ratio: not reported")
    told = effect("hazard ratio: 0.70", id="told", source="review")
    comparison = compared(study("other-2031", silent, told))
    assert [row.printed for row in rows_of(comparison, "other-2031")] == ["0.70"]
    assert "secondary-source-only" in names(comparison, "other-2031")


def test_what_is_not_reported_is_a_row_and_its_p_value_stays() -> None:
    other = study("other-2031", effect("hazard ratio: not reported, p value: 0.83"))
    (row,) = rows_of(compared(other), "other-2031")
    assert (row.value_status, row.estimate, row.p) == ("not reported", None, Decimal("0.83"))


def test_a_bound_is_no_estimate() -> None:
    other = study("other-2031", effect("hazard ratio: <0.6"))
    (row,) = rows_of(compared(other), "other-2031")
    assert (row.estimate, row.printed) == (None, "<0.6")


def test_a_single_arm_has_its_median_and_no_effect() -> None:
    median = """\
- id: median
  kind: outcome
  subject: time-to-progression
  arm: new
  endpoint: ttp
  values: {median: 35 months}
"""
    other = study("other-2031", median, allocation="single-arm-allocation")
    comparison = compared(other)
    (row,) = rows_of(comparison, "other-2031")
    assert (row.contrast, row.measure, row.printed) == ("new", "median", "35 months")
    assert "single-arm" in names(comparison, "other-2031")


def medians(first: str, second: str) -> str:
    return "".join(
        f"- {{id: median-{arm}, kind: outcome, subject: time-to-progression, arm: {arm}, endpoint: ttp, "
        f"values: {{median: {value}}}}}\n"
        for arm, value in (("new", first), ("old", second))
    )


def test_medians_stand_beside_the_effect_and_not_reached_is_no_blank() -> None:
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), medians("not reached", "21 months"))
    (row,) = rows_of(compared(other), "other-2031")
    assert (row.median_experimental, row.median_reference) == ("not reached", "21 months")


def test_a_ratio_of_medians_is_derived_and_never_pooled() -> None:
    others = [
        study(name, effect("hazard ratio: not reported"), medians("30 months", "20 months"))
        for name in ("other-2031", "third-2032")
    ]
    comparison = compared(*others, measure="median ratio")
    (row,) = rows_of(comparison, "other-2031")
    assert (row.estimate, row.origin, row.measure) == (Decimal("1.5"), "derived", "median ratio")
    with pytest.raises(PoolingRefusedError, match="median ratio has no standard error"):
        compared(*others, measure="median ratio", pooling="fixed")


def counts(first: str, second: str) -> str:
    return "".join(
        f"- {{id: events-{arm}, kind: outcome, subject: time-to-progression, arm: {arm}, "
        f"population: randomized, values: {{count: {value}}}}}\n"
        for arm, value in (("new", first), ("old", second))
    )


def test_effects_are_computed_from_counts() -> None:
    """15/60 against 31/62: risk ratio 0.5, risk difference -25 points, odds ratio 1/3."""
    other = study("other-2031", effect("hazard ratio: not reported"), counts("15/60", "31/62"))
    for measure, expected in (("risk ratio", 0.5), ("risk difference", -25.0), ("odds ratio", 1 / 3)):
        (row,) = rows_of(compared(other, measure=measure), "other-2031")
        assert float(row.estimate) == pytest.approx(expected)
        assert row.origin == "derived"
        assert row.lower < row.estimate < row.upper


def test_like_effects_pool() -> None:
    """Two equal effects pool to themselves, with an interval narrower by the root of two on the log scale."""
    other = study("other-2031", effect(interval("0.50", "0.30", "0.80")))
    comparison = compared(other, pooling="fixed")
    pooled = comparison.to_rows()[-1]
    assert (pooled.study, pooled.origin) == ("pooled", "derived")
    assert float(pooled.estimate) == pytest.approx(0.5)
    width = math.log(float(pooled.upper)) - math.log(float(pooled.lower))
    assert width == pytest.approx(math.log(0.8 / 0.3) / math.sqrt(2), rel=1e-6)
    assert comparison.pooled is not None
    assert sum(comparison.pooled.weights.values()) == pytest.approx(1)


def test_unlike_effects_are_not_pooled_unasked_and_it_is_said_when_they_are() -> None:
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), risk="no-risk-selection")
    with pytest.raises(PoolingRefusedError, match="other-2031: not selected by risk"):
        compared(other, pooling="fixed")
    pooled = compared(other, pooling="fixed", even_so=True).to_rows()[-1]
    assert "pooled in spite of: other-2031: not selected by risk" in pooled.caveats


def test_a_trial_counts_once_in_a_pool() -> None:
    later = effect(interval("0.55", "0.35", "0.85"), id="later", source="review")
    other = study("other-2031", effect(interval("0.50", "0.30", "0.80")), later)
    comparison = compared(other, pooling="fixed", every_source=True)
    assert comparison.pooled is not None
    assert len(comparison.pooled.weights) == 2


CHAIN = (
    study("first-2031", effect(interval("0.50", "0.25", "1.00")), drug="thalidomide"),
    study("second-2032", effect(interval("0.80", "0.40", "1.60")), drug="thalidomide"),
)


def test_an_indirect_comparison_goes_along_the_common_comparator() -> None:
    """0.50 over 0.50 is 1; variances add: the squared log-widths of both links."""
    comparison = compared(CHAIN[0], against=["thalidomide"], indirect=True)
    row = comparison.to_rows()[-1]
    assert (row.study, row.contrast) == ("indirect", "lenalidomide vs thalidomide")
    assert float(row.estimate) == pytest.approx(1.0)
    width = math.log(float(row.upper)) - math.log(float(row.lower))
    assert width == pytest.approx(math.hypot(math.log(0.8 / 0.3), math.log(4)), rel=1e-6)
    assert "lenalidomide – no treatment – thalidomide" in row.caveats
    assert "weakest link: first-2031" in row.caveats
    assert "first-2031: smoldering multiple myeloma, high risk only" in row.caveats


def test_an_indirect_comparison_over_a_link_without_an_effect_is_refused_with_the_reason() -> None:
    silent = study(
        "silent-2033",
        effect("hazard ratio: not reported, p value: 0.83"),
        medians("67 months", "59 months"),
        drug="thalidomide",
    )
    with pytest.raises(ComparisonError) as refusal:
        compared(silent, against=["thalidomide"], indirect=True)
    told = str(refusal.value)
    assert "silent-2033 gives no hazard ratio, only medians 67 months and 59 months, P=0.83" in told


def test_an_indirect_comparison_needs_a_chain() -> None:
    given = "- {id: drug-old, kind: regimen, subject: melphalan, arm: old, values: {text: given}}\n"
    apart = study("apart-2034", given, effect(interval("0.60", "0.40", "0.90")), drug="thalidomide")
    with pytest.raises(ComparisonError, match="no chain of trials connects lenalidomide with thalidomide"):
        compared(apart, against=["thalidomide"], indirect=True)


@pytest.mark.parametrize(
    ("against", "expected"),
    [
        (["thalidomide"], {"anchor-2030", "first-2031"}),
        (["immunomodulatory agent"], {"anchor-2030", "first-2031", "other-2035"}),
        (["Other 2035"], {"anchor-2030", "other-2035"}),
        (["other-2035", "Thalidomide"], {"anchor-2030", "first-2031", "other-2035"}),
    ],
)
def test_against_takes_drugs_classes_and_studies(against: list[str], expected: set[str]) -> None:
    other = study("other-2035", effect(interval("0.60", "0.40", "0.90")))
    comparison = compared(CHAIN[0], other, against=against)
    assert {row.study for row in comparison.to_rows()} == expected


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"against": ["thalidomid"]},
            "no drug, class of drugs or study 'thalidomid'; candidates: thalidomide",
        ),
        ({"measure": "hazard"}, "there is no measure 'hazard'"),
        (
            {"population": "nobody"},
            "no result here is of the population 'nobody'; candidates: all randomized",
        ),
        ({"pooling": "fixed"}, "1 effect can be used"),
        ({"indirect": True}, "name the trial with --study, and a drug"),
    ],
)
def test_what_cannot_be_answered_is_said_with_what_was_meant(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ComparisonError, match=message):
        compared(**asked)


def test_an_unknown_end_point_names_those_like_it() -> None:
    with graph_of(ANCHOR) as graph, pytest.raises(ComparisonError, match="candidates: time to progression"):
        compare.compare(graph, "time to progresion")


def test_the_long_table_is_what_metafor_and_netmeta_read() -> None:
    other = study(
        "other-2031", effect(interval("2.0", "1.0", "4.0"), contrast="old-vs-new"), drug="thalidomide"
    )
    rows = long_rows(compared(other)).to_dicts()
    assert {"studlab", "treat1", "treat2", "TE", "seTE", "yi", "vi", "sei"} <= set(LONG_COLUMNS)
    assert [row["study"] for row in rows] == ["anchor-2030", "other-2031"]
    anchor, turned = rows
    assert (anchor["treat1"], anchor["treat2"]) == ("lenalidomide", "no treatment")
    assert float(anchor["TE"]) == pytest.approx(math.log(0.5))
    assert float(anchor["seTE"]) == pytest.approx(math.log(0.8 / 0.3) / (2 * 1.959964), rel=1e-6)
    assert float(turned["TE"]) == pytest.approx(math.log(0.5))
    assert (turned["treat1"], turned["origin"]) == ("thalidomide", "derived")


def test_the_forest_plot_has_the_effects_and_names_the_rest() -> None:
    alone = study("alone-2036", medians("35 months", "not reported"), allocation="single-arm-allocation")
    forest = forest_of(compared(CHAIN[0], alone, pooling="fixed"))
    assert [row.study for row in forest.rows] == ["Anchor 2030", "First 2031"]
    assert len(forest.pooled) == 1
    assert any("Alone 2036" in note for note in forest.caption.notes)


def test_a_placebo_is_another_comparator_than_no_treatment() -> None:
    other = study("other-2031", effect(interval("0.60", "0.40", "0.90")), role="placebo comparator")
    comparison = compared(other)
    assert names(comparison, "other-2031") == {"different-comparator"}
    (row,) = rows_of(comparison, "other-2031")
    assert row.caveats == "compared with placebo"
