"""The audit of times, dates, durations, thresholds and quantities, and of repeated statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from audited import (
    count,
    day,
    effect,
    fact,
    judged,
    not_reached,
    number,
    outcomes,
    percent,
    result,
    size,
    study,
    text,
)

from smm_kg.audit import PlausibleRange
from smm_kg.records import Criterion, EndPoint, Fact, Study, Value


class TestTimes:
    def timed(self, median: Value, share: str, at: str, **context: Any) -> Study:
        return study(
            result("median", median, time_origin="randomization"),
            result(
                "rate",
                percent(share),
                timepoint=at,
                **({"category": "event-free", "time_origin": "study-entry"} | context),
            ),
        )

    @pytest.mark.parametrize(
        ("median", "share", "at", "verdict"),
        [
            (number("median", "21", unit="mo_j"), "30", "3 years", ["consistent"]),
            (number("median", "21", unit="mo_j"), "51", "3 years", ["inconsistent"]),
            (number("median", "21", unit="mo_j"), "50", "3 years", ["consistent"]),
            (number("median", "21", unit="mo_j"), "60", "1 year", ["consistent"]),
            (number("median", "21", unit="mo_j"), "40", "1 year", ["inconsistent"]),
            (number("median", "36", unit="mo_j"), "40", "3 years", []),  # at the median itself
            (not_reached(), "77", "3 years", ["consistent"]),
            (not_reached(), "49", "3 years", ["inconsistent"]),
            (not_reached(), "50", "3 years", ["consistent"]),
        ],
    )
    def test_rates_and_median(self, median: Value, share: str, at: str, verdict: list[str]) -> None:
        assert outcomes(self.timed(median, share, at), "rates-against-median") == verdict

    def test_a_risk_is_the_other_share(self) -> None:
        made = self.timed(not_reached(), "49", "3 years", category="cumulative-risk")
        assert outcomes(made, "rates-against-median") == ["consistent"]

    def test_another_origin_is_not_compared(self) -> None:
        made = self.timed(not_reached(), "49", "3 years", time_origin="diagnosis")
        assert outcomes(made, "rates-against-median") == []

    @pytest.mark.parametrize(
        ("later", "verdict"), [("80", "consistent"), ("81", "consistent"), ("82", "inconsistent")]
    )
    def test_rates_fall(self, later: str, verdict: str) -> None:
        made = study(
            result("late", percent(later), timepoint="3 years", category="event-free"),
            result("early", percent("80"), timepoint="18 months", category="event-free"),
        )
        assert outcomes(made, "rates-fall-with-time") == [verdict]

    @pytest.mark.parametrize(
        ("alive", "at", "verdict"),
        [("80", "3 years", ["consistent"]), ("60", "36 months", ["inconsistent"]), ("60", "4 years", [])],
    )
    def test_survival_order(self, alive: str, at: str, verdict: list[str]) -> None:
        free: dict[str, Any] = {
            "subject": "progression-free-survival",
            "timepoint": "3 years",
            "endpoint": "pfs",
        }
        made = study(
            result("free", percent("70"), **free),
            result("alive", percent(alive), subject="overall-survival", timepoint=at, endpoint="os"),
        )
        assert outcomes(made, "survival-order") == verdict

    @pytest.mark.parametrize(
        ("died", "verdict"), [(13, "consistent"), (20, "consistent"), (21, "inconsistent")]
    )
    def test_median_and_events(self, died: int, verdict: str) -> None:
        made = study(
            result("median", not_reached(), subject="overall-survival"),
            fact("deaths", "death", "death", count(died, 40), arm="new", population="safety"),
        )
        assert outcomes(made, "median-against-events") == [verdict]

    @pytest.mark.parametrize(
        ("events", "risk", "follow_up", "verdict"),
        [
            (4, "25", (10, 50), ["consistent"]),  # few were still at risk
            (0, "20", (10, 50), ["inconsistent"]),
            (0, "0", (10, 50), ["consistent"]),
            (4, "12", (10, 50), []),  # nothing is certain, and nothing strange
            (4, "5", (10, 20), ["inconsistent"]),  # all events are before the time of the estimate
            (4, "12", (30, 50), ["inconsistent"]),  # nobody was lost before it
            (4, "10", (30, 50), ["consistent"]),
        ],
    )
    def test_risk_and_events(
        self, events: int, risk: str, follow_up: tuple[int, int], verdict: list[str]
    ) -> None:
        months = [
            number(name, str(n), unit="mo_j")
            for name, n in zip(("minimum", "maximum"), follow_up, strict=True)
        ]
        shared: dict[str, Any] = {"arm": "new", "population": "safety"}
        at: dict[str, Any] = {
            "category": "cumulative-risk", "timepoint": "2 years", "time_origin": "randomization",
        }  # fmt: skip
        made = study(
            fact("tumors", "adverse-event", "tumor", count(events, 40), **shared),
            fact("risk", "adverse-event", "tumor", percent(risk), **shared, **at),
            fact("followed", "follow-up", "follow-up", *months),
        )
        assert outcomes(made, "risk-against-events") == verdict

    @pytest.mark.parametrize(
        ("label", "deaths", "event", "verdict"),
        [
            ("progression-free survival", "not stated", "bad-news", ["inconsistent"]),
            ("progression-free survival", "censored", None, ["inconsistent"]),
            ("progression-free survival", "event", None, ["consistent"]),
            ("progression-free survival", "not stated", None, ["undeterminable"]),
            ("time to progression", "not stated", "bad-news", []),
        ],
    )
    def test_label(self, label: str, deaths: Any, event: str | None, verdict: list[str]) -> None:
        made = study(
            result("rate", percent("77"), label_printed=label),
            endpoints=(
                EndPoint(id="ttp", subject="time-to-progression", role="primary", event=event, deaths=deaths),
            ),
            criteria=(
                Criterion(id="bad-news", label="bad news", purpose="event", operator="any", members=()),
            ),
        )
        assert outcomes(made, "label-against-end-point") == verdict


def dated(*facts: Fact, start: str = "2010-03", end: str = "2012-02-10", cutoff: str = "2014-06-30") -> Study:
    return study(
        fact("first", "design", "randomization-start", day(start)),
        fact("last", "design", "randomization-end", day(end)),
        fact("cut", "design", "data-cutoff", day(cutoff)),
        *facts,
    )


class TestDates:
    @pytest.mark.parametrize(
        ("start", "end", "verdicts"),
        [
            ("2010-03", "2012-02-10", ["consistent", "consistent"]),
            ("2012-02", "2012-02-10", ["consistent", "consistent"]),  # February may begin before the 10th
            ("2012-03", "2012-02-10", ["inconsistent", "consistent"]),
            ("2010", "2014-07", ["consistent", "inconsistent"]),
        ],
    )
    def test_order(self, start: str, end: str, verdicts: list[str]) -> None:
        assert outcomes(dated(start=start, end=end), "dates-in-order") == verdicts

    @pytest.mark.parametrize(
        ("measures", "verdict"),
        [
            ({"median": "40", "minimum": "27", "maximum": "51"}, "consistent"),
            ({"maximum": "52"}, "consistent"),  # from the first of March, rounded
            ({"maximum": "53"}, "inconsistent"),
            ({"median": "53"}, "inconsistent"),
            ({"minimum": "29"}, "consistent"),
            ({"minimum": "30"}, "inconsistent"),
        ],
    )
    def test_follow_up(self, measures: dict[str, str], verdict: str) -> None:
        values = [number(measure, printed, unit="mo_j") for measure, printed in measures.items()]
        assert outcomes(
            dated(fact("followed", "follow-up", "follow-up", *values)), "follow-up-against-dates"
        ) == [verdict]

    @pytest.mark.parametrize(
        ("origin", "at", "verdict"),
        [
            ("randomization", "4 years", ["consistent"]),
            ("randomization", "5 years", ["inconsistent"]),
            (None, "5 years", ["undeterminable"]),
            ("diagnosis", "5 years", []),
            ("last-dose", "9 years", []),
        ],
    )
    def test_time_points(self, origin: str | None, at: str, verdict: list[str]) -> None:
        made = dated(result("rate", percent("60"), category="event-free", timepoint=at, time_origin=origin))
        assert outcomes(made, "time-point-within-follow-up") == verdict

    @pytest.mark.parametrize(("at", "verdict"), [("9 years", "consistent"), ("10 years", "inconsistent")])
    def test_time_points_from_diagnosis(self, at: str, verdict: str) -> None:
        admitted = fact(
            "admitted", "eligibility", "time-since-diagnosis", number("threshold", "≤5", unit="a")
        )
        rate = result("rate", percent("60"), category="event-free", timepoint=at, time_origin="diagnosis")
        assert outcomes(dated(admitted, rate), "time-point-within-follow-up") == [verdict]

    @pytest.mark.parametrize(
        ("months", "verdict"), [("46", "consistent"), ("38", "inconsistent"), ("120", "inconsistent")]
    )
    def test_follow_up_from_diagnosis(self, months: str, verdict: str) -> None:
        made = study(
            fact("entry", "follow-up", "follow-up", number("median", "40", unit="mo_j")),
            fact(
                "diagnosis",
                "follow-up",
                "follow-up",
                number("median", months, unit="mo_j"),
                time_origin="diagnosis",
            ),
            fact("admitted", "eligibility", "time-since-diagnosis", number("threshold", "≤5", unit="a")),
        )
        assert outcomes(made, "follow-up-from-diagnosis") == [verdict]


def regimen(name: str, subject: str, *values: Value, **context: Any) -> Fact:
    return fact(name, "regimen", subject, *values, **({"arm": "new", "phase": "induction"} | context))


class TestDurations:
    @pytest.mark.parametrize(
        ("last", "rest", "verdict"),
        [
            (21, 1, "consistent"),
            (28, None, "consistent"),
            (29, None, "inconsistent"),
            (22, 1, "inconsistent"),
            (14, 1, "undeterminable"),
        ],
    )
    def test_days_and_cycle(self, last: int, rest: int | None, verdict: str) -> None:
        facts = [
            regimen("cycle", "treatment-cycle", number("duration", "4", unit="wk")),
            regimen("drug", "pill", number("first day", "1"), number("last day", str(last))),
        ]
        if rest:
            facts.append(
                regimen("rest", "rest-period", number("duration", str(rest), unit="wk"), about=("pill",))
            )
        assert outcomes(study(*facts), "days-within-cycle") == [verdict]

    def test_a_rest_follows_the_last_days_of_a_drug(self) -> None:
        made = study(
            regimen("cycle", "treatment-cycle", number("duration", "28", unit="d")),
            regimen("early", "pill", number("last day", "4")),
            regimen("late", "pill", number("last day", "21")),
            regimen("rest", "rest-period", number("duration", "7", unit="d"), about=("pill",)),
        )
        assert outcomes(made, "days-within-cycle") == ["consistent", "consistent"]

    @pytest.mark.parametrize(
        ("most", "verdict"), [("26", "consistent"), ("41", "undeterminable"), ("70", "inconsistent")]
    )
    def test_cycles_and_time(self, most: str, verdict: str) -> None:
        made = study(
            regimen("cycle", "treatment-cycle", number("duration", "28", unit="d"), phase="maintenance"),
            regimen(
                "planned", "maintenance-duration", number("duration", "2", unit="a"), phase="maintenance"
            ),
            fact(
                "given",
                "flow",
                "maintenance-cycles-given",
                number("maximum", most),
                arm="new",
                phase="maintenance",
            ),
            fact("followed", "follow-up", "follow-up", number("maximum", "57", unit="mo_j")),
        )
        assert outcomes(made, "cycles-against-duration") == [verdict]

    @pytest.mark.parametrize(
        ("whole", "verdict"), [("33", "consistent"), ("32", "consistent"), ("24", "inconsistent")]
    )
    def test_phases_and_treatment(self, whole: str, verdict: str) -> None:
        made = study(
            regimen("cycles", "treatment-cycle", number("cycles", "9"), number("duration", "4", unit="wk")),
            regimen("cycle", "treatment-cycle", number("duration", "28", unit="d"), phase="maintenance"),
            regimen("then", "maintenance-duration", number("duration", "2", unit="a"), phase="maintenance"),
            regimen("all", "total-treatment-duration", number("maximum", whole, unit="mo_j"), phase=None),
        )
        assert outcomes(made, "phases-within-treatment") == [verdict]


def criteria(*groups: tuple[str, str, str, tuple[str, ...]]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(id=name, label=name, purpose=purpose, operator=operator, members=members)  # type: ignore[arg-type]
        for name, purpose, operator, members in groups
    )


class TestThresholds:
    @pytest.mark.parametrize(
        ("excluded", "event", "verdict"),
        [
            ("<10", "<10", ["consistent"]),
            ("<10", "≤10", ["inconsistent"]),
            ("≤10", "<10", ["consistent"]),
            ("<10", "<9", ["consistent"]),
            ("<10", "<11", ["inconsistent"]),
            ("≥2", "≥2", ["consistent"]),
            (">2", "≥2", ["inconsistent"]),
            (">2", "<1", []),
        ],
    )
    def test_exclusion_and_event(self, excluded: str, event: str, verdict: list[str]) -> None:
        made = study(
            fact("out", "eligibility", "hemoglobin-level", number("threshold", excluded, unit="g/dL")),
            fact("end", "endpoint", "hemoglobin-level", number("threshold", event, unit="g/dL")),
            criteria=criteria(
                ("exclusion", "exclusion", "any", ("out",)), ("bad-news", "event", "any", ("end",))
            ),
        )
        assert outcomes(made, "exclusion-against-end-point") == verdict

    @pytest.mark.parametrize(("admitted", "verdict"), [("≥10", "consistent"), ("≥9", "inconsistent")])
    def test_inclusion_and_event(self, admitted: str, verdict: str) -> None:
        made = study(
            fact("in", "eligibility", "hemoglobin-level", number("threshold", admitted, unit="g/dL")),
            fact("end", "endpoint", "hemoglobin-level", number("threshold", "<10", unit="g/dL")),
            criteria=criteria(
                ("inclusion", "inclusion", "all", ("in",)), ("bad-news", "event", "any", ("end",))
            ),
        )
        assert outcomes(made, "exclusion-against-end-point") == [verdict]

    def test_one_of_several_inclusions_keeps_nobody_out(self) -> None:
        made = study(
            fact("in", "eligibility", "hemoglobin-level", number("threshold", "≥9", unit="g/dL")),
            fact("or", "eligibility", "age", number("threshold", "≥18", unit="a")),
            fact("end", "endpoint", "hemoglobin-level", number("threshold", "<10", unit="g/dL")),
            criteria=criteria(
                ("inclusion", "inclusion", "any", ("in", "or")), ("bad-news", "event", "any", ("end",))
            ),
        )
        assert outcomes(made, "exclusion-against-end-point") == []

    def test_an_exclusion_that_is_only_named(self) -> None:
        made = study(
            fact("out", "eligibility", "hypercalcemia", text("hypercalcemia")),
            fact("end", "endpoint", "serum-calcium-level", number("threshold", ">11.5", unit="mg/dL")),
            criteria=criteria(
                ("exclusion", "exclusion", "any", ("out",)), ("hypercalcemia", "event", "any", ("end",))
            ),
        )
        assert outcomes(made, "exclusion-against-end-point") == ["undeterminable"]

    @pytest.mark.parametrize(
        ("subject", "left", "right", "verdict"),
        [
            ("serum-calcium-level", (">11.5", "mg/dL"), (">2.9", "mmol/L"), ["consistent"]),
            ("serum-calcium-level", (">11.5", "mg/dL"), (">2.7", "mmol/L"), ["inconsistent"]),
            ("creatinine-level", ("≥2.0", "mg/dL"), ("≥177", "umol/L"), ["consistent"]),
            ("creatinine-level", ("≥2.0", "mg/dL"), ("≥190", "umol/L"), ["inconsistent"]),
            ("igg-level", ("≥3", "g/dL"), ("≥30", "g/L"), ["consistent"]),
            ("igg-level", ("≥3.0", "g/dL"), ("≥300", "mg/L"), ["inconsistent"]),
            ("igg-level", ("≥3", "g/dL"), ("≥30", "umol/L"), []),
        ],
    )
    def test_two_units(
        self, subject: str, left: tuple[str, str], right: tuple[str, str], verdict: list[str]
    ) -> None:
        made = study(
            fact("a", "eligibility", subject, number("threshold", left[0], unit=left[1])),
            fact("b", "eligibility", subject, number("threshold", right[0], unit=right[1])),
            criteria=criteria(("exclusion", "exclusion", "any", ("a", "b"))),
        )
        assert outcomes(made, "threshold-in-two-units") == verdict

    @pytest.mark.parametrize(
        ("least", "verdict"), [("10.2", "consistent"), ("10", "consistent"), ("9.8", "inconsistent")]
    )
    def test_patients_admitted(self, least: str, verdict: str) -> None:
        made = study(
            fact("out", "eligibility", "hemoglobin-level", number("threshold", "<10", unit="g/dL")),
            fact("found", "baseline", "hemoglobin-level", number("minimum", least, unit="g/dL"), arm="new"),
            criteria=criteria(("exclusion", "exclusion", "any", ("out",))),
        )
        assert outcomes(made, "baseline-against-eligibility") == [verdict]


class TestQuantities:
    RANGE = (PlausibleRange("igg-level", Decimal(0), Decimal(15), "g/dL", "A. Uthor 2001"),)

    @pytest.mark.parametrize(
        ("printed", "unit", "verdict"),
        [
            ("2.7", "g/dL", "consistent"),
            ("27.0", "g/L", "consistent"),
            ("27.0", "g/dL", "inconsistent"),
            ("15.4", "g/dL", "inconsistent"),
            ("15", "g/dL", "consistent"),
            ("27.0", "umol/L", "undeterminable"),
        ],
    )
    def test_plausible(self, printed: str, unit: str, verdict: str) -> None:
        made = study(fact("found", "baseline", "igg-level", number("median", printed, unit=unit), arm="new"))
        assert outcomes(made, "plausible-range", self.RANGE) == [verdict]
        assert outcomes(made, "plausible-range") == []

    def test_names_the_unit_that_would_be_plausible(self) -> None:
        made = study(fact("found", "baseline", "igg-level", number("median", "27.0", unit="g/dL"), arm="new"))
        (verdict,) = judged(made, "plausible-range", self.RANGE)
        assert verdict.arithmetic.endswith("0 to 15 g/dL (A. Uthor 2001); plausible if in g/L")

    @pytest.mark.parametrize(
        ("measures", "verdict"),
        [
            ({"minimum": "42", "median": "63", "maximum": "91"}, "consistent"),
            ({"minimum": "64", "median": "63", "maximum": "91"}, "consistent"),  # 63.5 may be both
            ({"minimum": "65", "median": "63", "maximum": "91"}, "inconsistent"),
            ({"minimum": "42", "mean": "95", "maximum": "91"}, "inconsistent"),
            ({"median": "95", "maximum": "91"}, "inconsistent"),
        ],
    )
    def test_in_order(self, measures: dict[str, str], verdict: str) -> None:
        values = [number(measure, printed, unit="a") for measure, printed in measures.items()]
        assert outcomes(study(fact("age", "baseline", "age", *values, arm="new")), "middle-within-range") == [
            verdict
        ]

    @pytest.mark.parametrize(
        ("value", "verdict"),
        [
            (number("p value", "1.2"), ["inconsistent"]),
            (number("p value", "0.9"), []),
            (number("p value", ">0.99"), []),
            (number("hazard ratio", "-0.4"), ["inconsistent"]),
            (percent("104"), ["inconsistent"]),
            (number("count", "-3"), ["inconsistent"]),
            (number("count", "2.5"), ["inconsistent"]),
            (number("count", "0"), []),
            (percent("100"), []),
        ],
    )
    def test_possible(self, value: Value, verdict: list[str]) -> None:
        assert outcomes(study(fact("one", "outcome", "cure", value)), "possible-value") == verdict


class TestRepetition:
    @pytest.mark.parametrize(
        ("other", "verdict"),
        [
            (number("hazard ratio", "0.50"), "consistent"),
            (number("hazard ratio", "0.5"), "consistent"),
            (number("hazard ratio", "0.505"), "consistent"),
            (number("hazard ratio", "0.52"), "inconsistent"),
            (number("hazard ratio", "<0.6"), "consistent"),
        ],
    )
    def test_stated_twice(self, other: Value, verdict: str) -> None:
        made = study(
            effect(number("hazard ratio", "0.50")),
            fact("again", "effect", "time-to-progression", other, contrast="new-vs-old", population="safety"),
        )
        assert outcomes(made, "stated-twice") == [verdict]

    def test_other_conditions_are_another_statement(self) -> None:
        made = study(
            effect(number("hazard ratio", "0.50")),
            fact(
                "again", "effect", "time-to-progression", number("hazard ratio", "0.9"), contrast="new-vs-old"
            ),
        )
        assert outcomes(made, "stated-twice") == []

    @pytest.mark.parametrize(
        ("value", "context", "verdict"),
        [
            (number("median", "23", unit="mo_j"), {}, "inconsistent"),
            (number("median", "22", unit="mo_j"), {}, "consistent"),  # 21.5 may be both
            (number("median", "21.4", unit="mo_j"), {}, "consistent"),
            (not_reached(), {}, "inconsistent"),
            (number("median", "23", unit="mo_j"), {"category": "interim-analysis"}, "undeterminable"),
        ],
    )
    def test_stated_otherwise(self, value: Value, context: dict[str, str], verdict: str) -> None:
        made = study(
            result("first", number("median", "21", unit="mo_j")),
            result("second", value, varies="first", **context),
        )
        assert outcomes(made, "stated-otherwise") == [verdict]
        assert outcomes(made, "stated-twice") == []

    def test_a_variant_of_another_source_is_left_alone(self) -> None:
        made = study(result("second", number("median", "21", unit="mo_j"), varies="of-another-source"))
        assert outcomes(made, "stated-otherwise") == []


def test_sizes_are_not_results() -> None:
    assert outcomes(study(size("new", 40), size("old", 41)), "stated-twice") == []
