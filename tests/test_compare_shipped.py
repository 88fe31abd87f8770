"""Comparisons over the shipped evidence, with answers worked out by hand from the sources named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import smm_kg
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
