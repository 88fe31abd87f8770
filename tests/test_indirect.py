"""Indirect comparison: a published difference of two estimates, chains, and refusals with their reasons."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.effects import (
    Estimate,
    IndirectError,
    InputError,
    Link,
    fixed_effect,
    from_interval,
    indirect_comparison,
    median_ratio,
)
from smm_kg.effects.estimate import from_effect


def ratio(value: str, lower: str, upper: str) -> Estimate:
    return from_interval("risk ratio", Decimal(value), Decimal(lower), Decimal(upper))


def link(
    treatment: str, comparator: str, effect: Estimate | None, label: str = "", unusable: str = ""
) -> Link:
    return Link(
        treatment=treatment,
        comparator=comparator,
        effect=effect,
        label=label or f"{treatment} against {comparator}",
        unusable=unusable,
    )


def hazard(logarithm: float, error: float) -> Estimate:
    return from_effect("hazard ratio", logarithm, error, method="given")


def test_the_difference_of_two_estimates_of_altman_and_bland() -> None:
    # Altman DG, Bland JM. BMJ 2003;326:219: risk ratios 0.67 (0.46 to 0.98) and 0.88 (0.71 to 1.08) differ by
    # -0.2726, standard error 0.2206, z -1.24; their ratio is 0.76 (0.49 to 1.17). Bucher's is the same sum.
    found = indirect_comparison(
        [
            link("younger", "control", ratio("0.67", "0.46", "0.98")),
            link("older", "control", ratio("0.88", "0.71", "1.08")),
        ]
    )
    estimate = found.estimate
    assert estimate.effect == pytest.approx(-0.2726, abs=5e-5)
    assert estimate.standard_error == pytest.approx(0.2206, abs=5e-5)
    assert estimate.lower is not None
    assert estimate.upper is not None
    assert (estimate.lower, estimate.value, estimate.upper) == pytest.approx((0.49, 0.76, 1.17), abs=5e-3)
    assert estimate.p == pytest.approx(0.2, abs=0.02)
    assert found.chain == ("younger", "control", "older")
    assert found.weakest.treatment == "younger"


def test_bucher_as_r_computes_it() -> None:
    # R's maicplus: log 1.1 (0.2) and log 1.3 (0.18), 90 % interval.
    estimate = indirect_comparison(
        [link("a", "c", hazard(math.log(1.1), 0.2)), link("b", "c", hazard(math.log(1.3), 0.18))], level=0.9
    ).estimate
    assert estimate.lower is not None
    assert estimate.upper is not None
    assert estimate.effect == pytest.approx(-0.1670540846631661)
    assert estimate.standard_error == pytest.approx(0.2690724809414742)
    assert math.log(estimate.lower) == pytest.approx(-0.6096389308525807)
    assert math.log(estimate.upper) == pytest.approx(0.2755307615262484)
    assert estimate.p == pytest.approx(0.5346972582218585)


def test_a_chain_names_its_treatments_its_turns_and_its_weakest_link() -> None:
    found = indirect_comparison(
        [
            link("A", "B", hazard(-0.5, 0.1), "one"),
            link("C", "B", hazard(-0.2, 0.3), "two"),
            link("C", "D", hazard(0.1, 0.2), "three"),
        ]
    )
    assert found.chain == ("A", "B", "C", "D")
    assert [step.reversed for step in found.steps] == [False, True, False]
    assert [step.effect for step in found.steps] == pytest.approx([-0.5, 0.2, 0.1])
    assert found.estimate.effect == pytest.approx(-0.2)
    assert found.estimate.standard_error == pytest.approx(math.sqrt(0.14))
    assert found.weakest.label == "two"
    assert found.estimate.source == "one; two; three"
    assert found.estimate.method == "indirect comparison (Bucher 1997) along A – B – C – D"
    assert found.estimate.notes == ("derived: no trial compares these treatments",)


def test_a_pooled_effect_may_be_a_link() -> None:
    pooled = fixed_effect({"one": hazard(-0.4, 0.2), "two": hazard(-0.6, 0.2)})
    found = indirect_comparison(
        [link("A", "B", pooled.estimate, "two trials"), link("C", "B", hazard(0.0, 0.1), "third")]
    )
    # By hand: the mean -0.5 with variance 0.02, plus 0.01.
    assert found.estimate.effect == pytest.approx(-0.5)
    assert found.estimate.variance == pytest.approx(0.03)
    assert found.weakest.label == "two trials"


# --- refusals
def test_a_link_that_reports_medians_only_refuses_the_comparison_and_says_why() -> None:
    usable = link("A", "observation", hazard(-1.7, 0.3), "first trial")
    medians = link(
        "B",
        "observation",
        None,
        "second trial",
        unusable="it reports medians and P=.8312 but no hazard ratio",
    )
    with pytest.raises(IndirectError, match="no hazard ratio") as refused:
        indirect_comparison([usable, medians])
    assert refused.value.link == "second trial"
    assert str(refused.value) == (
        "no indirect comparison at second trial: it reports medians and P=.8312 but no hazard ratio;"
        " show the link as it is, without the comparison"
    )
    with pytest.raises(IndirectError, match="no usable effect"):
        indirect_comparison([usable, link("B", "observation", None)])


def test_a_link_without_standard_error_is_refused() -> None:
    with pytest.raises(IndirectError, match="no standard error, interval or P value") as refused:
        indirect_comparison(
            [link("A", "C", hazard(-1, 0.2)), link("B", "C", median_ratio(40, 20), "trial of medians")]
        )
    assert refused.value.link == "trial of medians"


def test_links_of_different_measures_are_refused() -> None:
    with pytest.raises(IndirectError, match="hazard ratio, risk ratio"):
        indirect_comparison([link("A", "C", hazard(-1, 0.2)), link("B", "C", ratio("0.67", "0.46", "0.98"))])


EFFECT = hazard(0.1, 0.2)


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([], "there are 0"),
        ([link("A", "B", EFFECT)], "there is 1"),
        ([link("A", "B", EFFECT), link("C", "D", EFFECT)], "share no treatment"),
        ([link("A", "B", EFFECT, "one"), link("B", "A", EFFECT, "two")], "share both"),
        ([link("A", "A", EFFECT), link("A", "B", EFFECT)], "with itself"),
        ([link("A", "B", EFFECT, "one"), link("B", "C", EFFECT, "one")], "twice in the chain"),
        (
            [link("A", "B", EFFECT), link("B", "C", EFFECT), link("D", "E", EFFECT)],
            "does not continue from C",
        ),
        (
            [link("A", "B", EFFECT), link("B", "C", EFFECT), link("C", "A", EFFECT)],
            "meets a treatment twice",
        ),
    ],
)
def test_links_that_make_no_chain_are_refused(links: list[Link], words: str) -> None:
    with pytest.raises(IndirectError, match=words):
        indirect_comparison(links)


def test_differences_that_add_up_beyond_one_are_refused() -> None:
    large = from_effect("risk difference", 0.8, 0.1, method="given")
    with pytest.raises(InputError, match="difference of fractions"):
        indirect_comparison([link("A", "B", large), link("B", "C", large)])


effects = st.tuples(st.floats(-3, 3), st.floats(0.01, 2))


@settings(deadline=None)
@given(st.lists(effects, min_size=2, max_size=6), st.data())
def test_walking_back_turns_the_effect(numbers: list[tuple[float, float]], data: st.DataObject) -> None:
    links = []
    for position, (effect, error) in enumerate(numbers):
        ends = (f"t{position}", f"t{position + 1}")
        turned = data.draw(st.booleans())
        treatment, comparator = ends[::-1] if turned else ends
        links.append(link(treatment, comparator, hazard(-effect if turned else effect, error)))
    there, back = indirect_comparison(links), indirect_comparison(links[::-1])
    assert there.estimate.effect == pytest.approx(math.fsum(effect for effect, _ in numbers), abs=1e-9)
    assert there.estimate.variance == pytest.approx(math.fsum(error**2 for _, error in numbers))
    assert back.chain == there.chain[::-1]
    assert back.estimate.effect == pytest.approx(-there.estimate.effect, abs=1e-9)
    assert back.estimate.variance == pytest.approx(there.estimate.variance)
    assert back.weakest.effect is not None
    assert there.weakest.effect is not None
    assert back.weakest.effect.variance == there.weakest.effect.variance
