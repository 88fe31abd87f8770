"""The audit of estimates, their intervals and P values, contrasts and words on significance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from audited import (
    count,
    effect,
    estimate,
    fact,
    judged,
    number,
    outcomes,
    percent,
    result,
    study,
    text,
)

from smm_kg.audit.significance import chi_squared, fisher_exact
from smm_kg.records import Study, Value


class TestEstimates:
    @pytest.mark.parametrize(
        ("printed", "verdict"),
        [
            (("0.50", "0.30", "0.83"), "consistent"),
            (("0.30", "0.30", "0.30"), "consistent"),  # all may be the same before rounding
            (("0.85", "0.30", "0.83"), "inconsistent"),
            (("0.84", "0.30", "0.83"), "consistent"),  # 0.835 may be both
            (("0.50", "0.83", "0.30"), "inconsistent"),
        ],
    )
    def test_within_interval(self, printed: tuple[str, str, str], verdict: str) -> None:
        assert outcomes(study(effect(*estimate("hazard ratio", *printed))), "estimate-within-interval") == [
            verdict
        ]

    @pytest.mark.parametrize(
        ("printed", "verdict"),
        [
            (("0.50", "0.30", "0.83"), "consistent"),
            (("0.18", "0.09", "0.32"), "consistent"),  # only at the edge of the rounding
            (("0.62", "0.30", "0.83"), "inconsistent"),
            (("0.56", "0.30", "0.83"), "undeterminable"),  # off the middle, but less than a quarter
            (("1.30", "1.30", "1.90"), "undeterminable"),  # one-sided
        ],
    )
    def test_centred_on_the_logarithmic_scale(self, printed: tuple[str, str, str], verdict: str) -> None:
        assert outcomes(study(effect(*estimate("hazard ratio", *printed))), "interval-centred") == [verdict]

    def test_says_when_centred_on_the_plain_scale_instead(self) -> None:
        (verdict,) = judged(
            study(effect(*estimate("odds ratio", "0.50", "0.20", "0.80"))), "interval-centred"
        )
        assert verdict.verdict == "inconsistent"
        assert "but on the plain one" in verdict.statement

    def test_differences_need_not_be_centred(self) -> None:
        made = study(effect(*estimate("risk difference", "10", "1", "30"), subject="fever"))
        assert outcomes(made, "interval-centred") == []

    @pytest.mark.parametrize(
        ("p", "verdict"),
        [
            ("0.008", "consistent"),
            ("<0.01", "consistent"),
            ("0.015", "undeterminable"),  # a log-rank test may give it
            ("0.004", "undeterminable"),  # one side
            ("0.2", "inconsistent"),
            ("<0.0001", "inconsistent"),
            ("0.00001", "inconsistent"),
        ],
    )
    def test_against_p(self, p: str, verdict: str) -> None:
        made = study(effect(*estimate("hazard ratio", "0.50", "0.30", "0.83", p)))
        assert outcomes(made, "interval-against-p") == [verdict]

    def test_against_p_needs_the_level_for_a_finding(self) -> None:
        made = study(effect(*estimate("hazard ratio", "0.50", "0.30", "0.83", "0.2", level="")))
        assert outcomes(made, "interval-against-p") == ["undeterminable"]
        made = study(effect(*estimate("hazard ratio", "0.50", "0.33", "0.77", "0.008", level="90")))
        assert outcomes(made, "interval-against-p") == ["consistent"]

    def test_differences_against_p(self) -> None:
        for p, verdict in (("0.05", "consistent"), ("0.6", "inconsistent")):
            made = study(effect(*estimate("mean difference", "10", "0", "20", p), subject="weight"))
            assert outcomes(made, "interval-against-p") == [verdict]

    @pytest.mark.parametrize(
        ("high", "p", "verdict"),
        [
            ("0.98", "0.04", ["consistent"]),
            ("0.98", "0.06", ["undeterminable"]),
            ("1.02", "0.06", ["consistent"]),
            ("1.02", "0.04", ["undeterminable"]),
            ("1.00", "0.04", []),  # the limit may be on either side
            ("0.98", "0.05", []),
            ("0.98", "<0.05", []),
        ],
    )
    def test_against_significance(self, high: str, p: str, verdict: list[str]) -> None:
        made = study(effect(*estimate("hazard ratio", "0.70", "0.50", high, p)))
        assert outcomes(made, "interval-against-significance") == verdict


class TestContrasts:
    def rates(self, new: str, old: str, ratio: tuple[str, str, str], **context: Any) -> Study:
        shared = {"category": "event-free", "timepoint": "3 years", "time_origin": "study-entry"}
        return study(
            result("rate-new", percent(new), **shared),
            result("rate-old", percent(old), **shared),
            effect(*estimate("hazard ratio", *ratio), **({"time_origin": "randomization"} | context)),
        )

    @pytest.mark.parametrize(
        ("new", "old", "verdict"),
        [("77", "30", "consistent"), ("30", "77", "undeterminable"), ("50", "49", "undeterminable")],
    )
    def test_rates(self, new: str, old: str, verdict: str) -> None:
        assert outcomes(self.rates(new, old, ("0.25", "0.15", "0.42")), "rates-against-ratio") == [verdict]

    def test_rates_from_another_origin_are_not_compared(self) -> None:
        made = self.rates("30", "77", ("0.25", "0.15", "0.42"), time_origin="diagnosis")
        assert outcomes(made, "rates-against-ratio") == []

    @pytest.mark.parametrize(
        ("ratio", "verdict"),
        [
            (("0.50", "0.30", "0.83"), ["consistent"]),
            (("2.00", "1.20", "3.33"), ["undeterminable"]),
            (("1.50", "0.90", "2.50"), []),
        ],
    )
    def test_medians(self, ratio: tuple[str, str, str], verdict: list[str]) -> None:
        made = study(
            result("median-new", number("median", "29", unit="mo_j")),
            result("median-old", number("median", "14", unit="mo_j")),
            effect(*estimate("hazard ratio", *ratio)),
        )
        assert outcomes(made, "medians-against-ratio") == verdict

    def test_a_median_without_an_upper_limit(self) -> None:
        made = study(
            result("median-new", number("median", "10", unit="mo_j")),
            result("median-old", number("median", ">21", unit="mo_j")),
            effect(*estimate("hazard ratio", "2.00", "1.20", "3.33")),
        )
        (verdict,) = judged(made, "medians-against-ratio")
        assert (verdict.verdict, "imply about [2, ∞]" in verdict.arithmetic) == ("consistent", True)

    @pytest.mark.parametrize(
        ("measure", "printed", "verdict"),
        [
            ("risk difference", "15.0", "consistent"),
            ("risk difference", "14", "undeterminable"),
            ("risk difference", "-15.0", "inconsistent"),
            ("risk ratio", "1.75", "consistent"),
            ("risk ratio", "1.6", "undeterminable"),
            ("risk ratio", "0.57", "inconsistent"),
            ("odds ratio", "2.15", "consistent"),
            ("odds ratio", "0.46", "inconsistent"),
        ],
    )
    def test_of_arms(self, measure: str, printed: str, verdict: str) -> None:
        unit = "%" if measure == "risk difference" else None
        made = study(
            result("cured-new", count(14, 40), percent("35", 14, 40), subject="cure"),
            result("cured-old", count(8, 40), percent("20", 8, 40), subject="cure"),
            effect(Value(measure=measure, number=Decimal(printed), unit=unit), subject="cure"),
        )
        assert outcomes(made, "contrast-of-arms") == [verdict]

    def test_of_rounded_shares(self) -> None:
        for printed, verdict in (("16", "consistent"), ("17", "undeterminable")):
            made = study(
                result("cured-new", percent("35"), subject="cure"),
                result("cured-old", percent("20"), subject="cure"),
                effect(number("risk difference", printed, unit="%"), subject="cure"),
            )
            assert outcomes(made, "contrast-of-arms") == [verdict]


class TestSignificance:
    def test_fisher_exact_on_published_examples(self) -> None:
        # Fisher's tea taster (The Design of Experiments, 1935) and Agresti's 2 x 2 tables
        assert fisher_exact(3, 1, 1, 3) == pytest.approx(34 / 70)
        assert fisher_exact(4, 0, 0, 4) == pytest.approx(2 / 70)
        assert fisher_exact(21, 2, 15, 3) == pytest.approx(0.6384, abs=5e-5)
        assert fisher_exact(0, 5, 0, 5) == 1

    def test_chi_squared_of_a_table_by_hand(self) -> None:
        # 20 of 100 against 10 of 100: (20 * 90 - 80 * 10)^2 * 200 / (100 * 100 * 30 * 170) = 3.9216
        assert chi_squared(20, 80, 10, 90, corrected=False) == pytest.approx(0.04767, abs=5e-5)
        assert chi_squared(20, 80, 10, 90, corrected=True) == pytest.approx(0.07469, abs=5e-5)
        assert chi_squared(0, 5, 0, 5, corrected=True) == 1

    def counted(self, a: int, b: int, words: str, **context: Any) -> Study:
        grade = {"grade": "2"}
        return study(
            fact("fever-new", "adverse-event", "fever", count(a, 100), arm="new", **grade),
            fact("fever-old", "adverse-event", "fever", count(b, 100), arm="old", **grade),
            fact("words", "effect", "fever", text(words), contrast="new-vs-old", **context),
        )

    @pytest.mark.parametrize(
        ("counts", "words", "verdict"),
        [
            ((30, 10), "did not differ significantly", ["inconsistent"]),
            ((20, 10), "did not differ significantly", ["consistent"]),  # one of the tests agrees
            ((30, 10), "significantly more", ["consistent"]),
            ((20, 10), "significantly more", ["consistent"]),
            ((12, 10), "significantly more", ["inconsistent"]),
            ((12, 10), "no significant difference", ["consistent"]),
            ((30, 10), "more frequent", []),
        ],
    )
    def test_wording(self, counts: tuple[int, int], words: str, verdict: list[str]) -> None:
        assert outcomes(self.counted(*counts, words), "wording-against-test") == verdict

    def test_wording_of_a_grade_is_not_about_another(self) -> None:
        assert outcomes(self.counted(30, 10, "not significant", grade="3"), "wording-against-test") == []
        assert outcomes(self.counted(30, 10, "not significant", grade="2"), "wording-against-test") == [
            "inconsistent"
        ]

    def test_wording_that_may_be_about_several_counts(self) -> None:
        cells = [
            fact(f"fever-{grade}-{arm}", "adverse-event", "fever", count(n, 100), arm=arm, grade=grade)
            for grade, counts in (("1", (30, 10)), ("2", (5, 5)))
            for arm, n in zip(("new", "old"), counts, strict=True)
        ]
        words = fact("words", "effect", "fever", text("did not differ significantly"), contrast="new-vs-old")
        assert outcomes(study(*cells, words), "wording-against-test") == ["undeterminable"]

    def test_wording_is_about_the_counts_beside_it(self) -> None:
        cells = [
            fact(
                f"fever-{grade}-{arm}",
                "adverse-event",
                "fever",
                count(n, 100, section=(place,)),
                arm=arm,
                grade=grade,
            )
            for grade, counts, place in (("1", (30, 10), "RESULTS"), ("2", (5, 5), "Table 3"))
            for arm, n in zip(("new", "old"), counts, strict=True)
        ]
        words = fact("words", "effect", "fever", text("did not differ significantly"), contrast="new-vs-old")
        assert outcomes(study(*cells, words), "wording-against-test") == ["inconsistent"]

    def test_wording_of_percentages(self) -> None:
        shares = [
            fact(f"fever-{arm}", "adverse-event", "fever", percent(p, None, 60), arm=arm)
            for arm, p in (("new", "40"), ("old", "15"))
        ]
        words = fact("words", "effect", "fever", text("not significantly different"), contrast="new-vs-old")
        assert outcomes(study(*shares, words), "wording-against-test") == ["inconsistent"]

    @pytest.mark.parametrize(("n", "verdict"), [(28, "consistent"), (12, "inconsistent")])
    def test_wording_about_all_baseline_characteristics(self, n: int, verdict: str) -> None:
        parts = [
            fact(f"{name}-{arm}", "baseline", name, count(each, 60), arm=arm, category="yes")
            for name, counts in (("pain", (30, n)), ("sex", (31, 30)))
            for arm, each in zip(("new", "old"), counts, strict=True)
        ]
        words = fact(
            "words",
            "baseline",
            "baseline-difference",
            text("No significant differences"),
            contrast="new-vs-old",
        )
        assert outcomes(study(*parts, words), "wording-against-test") == [verdict]

    @pytest.mark.parametrize(
        ("p", "verdict"),
        [
            ("0.048", "consistent"),
            ("0.07", "consistent"),
            ("0.04", "undeterminable"),
            ("0.5", "inconsistent"),
            ("<0.001", "inconsistent"),
        ],
    )
    def test_p_of_counts(self, p: str, verdict: str) -> None:
        made = study(
            result("cured-new", count(20, 100), subject="cure"),
            result("cured-old", count(10, 100), subject="cure"),
            effect(number("p value", p), subject="cure"),
        )
        assert outcomes(made, "p-against-counts") == [verdict]

    def test_p_of_survival_is_not_of_counts(self) -> None:
        made = study(
            result("a-new", count(20, 100)), result("a-old", count(10, 100)), effect(number("p value", "0.9"))
        )
        assert outcomes(made, "p-against-counts") == []

    @pytest.mark.parametrize(
        ("words", "p", "verdict"),
        [
            ("no significant delay", "0.24", ["consistent"]),
            ("no significant delay", "0.01", ["inconsistent"]),
            ("significantly longer", "0.24", ["inconsistent"]),
            ("significantly longer", "<0.001", ["consistent"]),
            ("longer", "0.24", []),
        ],
    )
    def test_wording_and_p(self, words: str, p: str, verdict: list[str]) -> None:
        assert outcomes(study(effect(text(words), number("p value", p))), "wording-against-p") == verdict
