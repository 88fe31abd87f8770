"""Comparisons over the shipped evidence, with answers worked out by hand from the sources named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import smm_kg
from smm_kg.compare import ComparisonError
from smm_kg.compare.exchange import long_rows
from smm_kg.compare.picture import forest_of
from smm_kg.graph import Graph


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with smm_kg.open("memory:") as opened:
        yield opened


def only(rows: Any, **wanted: str) -> Any:
    """The one row with these cells."""
    (found,) = [row for row in rows if all(getattr(row, name) == cell for name, cell in wanted.items())]
    return found


def test_another_measure_than_the_usual_one_is_shown_and_not_hidden_by_a_missing_one(graph: Graph) -> None:
    """Riccardi 2000, abstract: odds ratio of death 1.17 (0.57-2.42), P=0.64, and no hazard ratio."""
    rows = graph.compare("overall survival").to_rows()
    row = only(rows, study="riccardi-2000")
    assert (row.measure, row.printed, str(row.p)) == ("odds ratio", "1.17 (0.57 to 2.42)", "0.64")
    silent = only(graph.compare("overall survival", measure="hazard ratio").to_rows(), study="riccardi-2000")
    assert (silent.value_status, silent.estimate) == ("not reported", None)


def test_odds_of_progression_beside_the_meta_analysis_of_five_trials(graph: Graph) -> None:
    """Paper, Results, symptomatic disease: 13 of 57 and 47 of 62; 13 x 15 / (44 x 47) = 0.0943.

    Gao 2014 (PMC4184905) prints 0.13 (0.07-0.24) for all five; the counts of the other four are in no source.
    """
    rows = graph.compare("progression of disease", measure="odds ratio").to_rows()
    own = only(rows, study="mateos-2013")
    assert (own.origin, own.n_experimental, own.n_reference) == ("derived", 57, 62)
    assert float(own.estimate) == pytest.approx(0.0943, abs=5e-5)
    pooled = only(rows, study="gao-2014")
    assert (str(pooled.estimate), str(pooled.lower), str(pooled.upper)) == ("0.13", "0.07", "0.24")
    assert pooled.lower < own.estimate < pooled.upper


def test_odds_of_death_of_two_of_the_five_trials_come_near_those_of_all(graph: Graph) -> None:
    """Two inputs of Gao 2014 are known: deaths 4 of 57 and 13 of 62 (paper), 1.17 (Riccardi 2000).

    By hand: ln 0.2845 with variance 0.3662 and ln 1.17 with variance 0.1360, inverse-variance mean 0.798
    (0.430-1.479). Gao 2014 prints 0.85 (0.45-1.60).
    """
    asked = {"measure": "odds ratio", "against": ["riccardi-2000"]}
    rows = graph.compare("death", pooling="fixed", even_so=True, **asked)
    assert rows.pooled is not None
    row = rows.pooled.row
    assert [float(number) for number in (row.estimate, row.lower, row.upper)] == pytest.approx(
        [0.798, 0.430, 1.479], abs=6e-4
    )


def test_patients_of_only_one_arm_are_not_taken_for_those_of_the_other(graph: Graph) -> None:
    """Riccardi 2000: 70 patients in the deferred arm; those of the other arm are in no source read."""
    row = only(graph.compare("overall survival").to_rows(), study="riccardi-2000")
    assert (row.n_experimental, row.n_reference) == (None, 70)


def test_differences_are_pooled_on_the_scale_of_their_rows(graph: Graph) -> None:
    """Deaths, paper: 4 of 57 and 13 of 62, a difference of 7.02 - 20.97 = -13.95 percentage points."""
    found = graph.compare("death", measure="risk difference", pooling="fixed", even_so=True)
    own = only(found.to_rows(), study="mateos-2013")
    assert float(own.estimate) == pytest.approx(-13.95, abs=0.005)
    assert own.printed.endswith("percentage points")
    pooled = only(found.to_rows(), study="pooled")
    rows = [row for row in found.to_rows() if row.study != "pooled"]
    assert min(row.estimate for row in rows) < pooled.estimate < max(row.estimate for row in rows)
    assert pooled.printed.endswith("percentage points")


def test_a_meta_analysis_is_never_pooled_with_its_own_trials(graph: Graph) -> None:
    """BCJ 2025 pools five trials in 844 patients (RT0554-RT0556), that of the paper among them."""
    found = graph.compare("time to progression", pooling="fixed", even_so=True)
    assert found.pooled is not None
    taken = {row.result.study for row in found.rows if row.result.fact in found.pooled.weights}
    assert "mateos-2013" in taken
    assert "bcj-2025" not in taken
    assert any(note.startswith("left out: bcj-2025, a pooled analysis") for note in found.pooled.notes)
    assert any("mateos-2013, 0.28 (0.18 to 0.44)" in note for note in found.pooled.notes)


def test_an_analyst_gets_each_trial_once_and_two_treatments(graph: Graph) -> None:
    for end_point in ("overall survival", "time to progression"):
        rows = long_rows(graph.compare(end_point)).to_dicts()
        usable = [(row["study"], row["measure"]) for row in rows if row["status"] == "usable"]
        assert len(set(usable)) == len(usable)
        assert not {study for study, _ in usable} & {"bcj-2025", "gao-2014", "zhao-2019"}
        assert all(row["treat1"] != row["treat2"] for row in rows)


def test_an_indirect_comparison_aims_at_the_arm_with_the_drug(graph: Graph) -> None:
    """Witzig 2013: thalidomide was given with zoledronic acid (RT0243), which alone is the comparator."""
    with pytest.raises(
        ComparisonError, match=r"thalidomide \+ zoledronic acid; no indirect comparison at musto"
    ):
        graph.compare("time to progression", indirect=True, against=["thalidomide"])


def test_one_definition_in_other_words_is_one_definition(graph: Graph) -> None:
    """Death is the event of overall survival, whether the source says so or not."""
    found = graph.compare("overall survival", indirect=True, against=["dimopoulos-2025"])
    assert found.indirect is not None
    # ln(0.31/0.52), by hand; standard errors from the printed intervals
    assert float(found.indirect.estimate or 0) == pytest.approx(0.596, abs=0.001)


def test_in_spite_of_what_an_indirect_comparison_was_made_is_said(graph: Graph) -> None:
    """E3A06 counts CRAB (RT0429), AQUILA SLiM-CRAB (RT0447)."""
    found = graph.compare(
        "progression-free survival",
        study="lonial-2020",
        against=["dimopoulos-2025"],
        indirect=True,
        even_so=True,
    )
    assert found.indirect is not None
    assert found.indirect.definition is None
    words = "; ".join(map(str, found.indirect.caveats))
    assert "SLiM-CRAB" in words
    assert "dimopoulos-2025: secondary source only" in words


def test_results_of_arms_are_shown_where_no_effect_is_estimated(graph: Graph) -> None:
    """Witzig 2013: 37 % responses and none (RT0253-RT0254); Brighton 2019: 3 and 4 deaths (RT0540-RT0541)."""
    rows = graph.compare("response").to_rows()
    assert only(rows, study="witzig-2013", contrast="thalidomide-zoledronic-acid").printed == "37 %"
    assert only(rows, study="witzig-2013", contrast="zoledronic-acid").printed == "0"
    rows = graph.compare("death").to_rows()
    assert [row.printed for row in rows if row.study == "brighton-2019" and row.measure == "count"] == [
        "3",
        "4",
    ]


def test_caveats_are_there_though_the_trial_compared_has_no_result(graph: Graph) -> None:
    found = graph.compare("skeletal-related event")
    assert found.study == "mateos-2013"
    names = {(row.study, row.caveat) for row in found.caveats()}
    assert ("darena-2011", "different-risk") in names


def test_contested_numbers_of_patients_are_a_caveat(graph: Graph) -> None:
    """E3A06: 92 and 90 in its report, 90 and 92 elsewhere (RT0418-RT0421)."""
    row = only(graph.compare("death", measure="odds ratio").to_rows(), study="lonial-2020")
    assert "another source gives other numbers of patients" in row.caveats


def test_counts_at_an_event_make_an_effect_and_no_difference_of_rates(graph: Graph) -> None:
    """D'Arena 2011, skeletal events at progression: 22 of 56 and 40 of 55 (RT0137-RT0138)."""
    odds = graph.compare("skeletal-related event", measure="odds ratio").to_rows()
    row = only(odds, study="darena-2011")
    assert float(row.estimate) == pytest.approx(22 * 15 / (34 * 40), abs=1e-6)
    rates = graph.compare("skeletal-related event", measure="rate difference").to_rows()
    assert "derived" not in {row.origin for row in rates}


def test_the_forest_plot_names_what_it_leaves_out_and_why(graph: Graph) -> None:
    notes = " ".join(forest_of(graph.compare("overall survival")).caption.notes)
    assert (
        "Not a hazard ratio, so not drawn: Gao 2014 (odds ratio 0.85 (0.45 to 1.60)); Riccardi 2000" in notes
    )
    assert "Riccardi" not in notes.partition("No effect of two arms is given by")[2]
