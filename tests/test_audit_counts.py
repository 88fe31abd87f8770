"""The audit of counts: percentages, groups, categories, flow, analysis sets, responses, adverse events."""

from __future__ import annotations

from decimal import Decimal

import pytest
from audited import count, fact, findings, judged, number, outcomes, percent, size, study, text

from smm_kg.records import Category, Fact, Study, Value


def of_arm(name: str, subject: str, *values: Value, kind: str = "outcome", **context: object) -> Fact:
    return fact(name, kind, subject, *values, **({"arm": "new", "population": "safety"} | context))


class TestPercentOfCount:
    @pytest.mark.parametrize(
        ("n", "of", "printed", "verdict"),
        [
            (1, 8, "12.5", "consistent"),
            (1, 8, "12", "consistent"),  # a half goes down
            (1, 8, "13", "consistent"),  # or up
            (1, 8, "14", "inconsistent"),
            (1, 8, "12.4", "inconsistent"),
            (2, 3, "66.7", "consistent"),
            (2, 3, "66.6", "inconsistent"),  # cut off, not rounded
            (1, 300, "<1", "consistent"),
            (4, 300, "<1", "inconsistent"),
            (0, 40, "0", "consistent"),
        ],
    )
    def test_rounding(self, n: int, of: int, printed: str, verdict: str) -> None:
        made = study(of_arm("fever", "fever", count(n, of), percent(printed, n, of)))
        assert outcomes(made, "percent-of-count") == [verdict]

    def test_names_the_groups_that_fit(self) -> None:
        made = study(
            size("new", 40),
            size("new", 50, "per-protocol"),
            of_arm("fever", "fever", count(10, 40), percent("20", 10, 40)),
        )
        (verdict,) = judged(made, "percent-of-count")
        assert verdict.verdict == "inconsistent"
        assert "50 (per-protocol, new)" in verdict.arithmetic
        assert verdict.used == (("fever", "percent"), ("fever", "count"), ("size-new-per-protocol", "count"))

    def test_is_open_where_the_denominator_is_only_the_group(self) -> None:
        made = study(size("new", 40), of_arm("fever", "fever", count(10), percent("26")))
        assert outcomes(made, "percent-of-count") == ["undeterminable"]

    @pytest.mark.parametrize("timepoint", ["at progression", "3 months"])
    def test_a_count_makes_a_share_at_any_time(self, timepoint: str) -> None:
        fits, fails = (percent(printed, 22, 56) for printed in ("39.3", "39.2"))
        made = [study(of_arm("pain", "pain", each, timepoint=timepoint)) for each in (fits, fails)]
        assert [outcomes(each, "percent-of-count") for each in made] == [["consistent"], ["inconsistent"]]

    def test_says_when_it_happened(self) -> None:
        shares = [
            of_arm(f"pain-{at}", "pain", percent("50", 1, 2), timepoint=at) for at in ("at rest", "1 year")
        ]
        said = [verdict.statement for verdict in judged(study(*shares), "percent-of-count")]
        assert [statement.split(" (")[0] for statement in said] == ["Pain at rest", "Pain at 1 year"]

    @pytest.mark.parametrize(("printed", "expected"), [("31", ["undeterminable"]), ("32", [])])
    def test_is_open_where_it_is_the_percentage_of_no_group(self, printed: str, expected: list[str]) -> None:
        made = study(size("new", 90), of_arm("deep", "deep", count(29), percent(printed), population=None))
        assert outcomes(made, "percent-of-count") == expected

    def test_names_the_groups_of_which_it_is_not_the_percentage(self) -> None:
        made = study(size("new", 90), of_arm("deep", "deep", count(29), percent("31"), population=None))
        (verdict,) = judged(made, "percent-of-count")
        assert "29/90 (safety, new) = 32.22 %" in verdict.arithmetic
        assert verdict.used == (("deep", "percent"), ("deep", "count"), ("size-new-safety", "count"))

    def test_is_silent_where_no_group_is_known(self) -> None:
        made = study(of_arm("deep", "deep", count(29), percent("31"), population=None))
        assert outcomes(made, "percent-of-count") == []

    def test_leaves_rates_alone(self) -> None:
        rate = of_arm("alive", "overall-survival", percent("80", 10, 40), timepoint="3 years")
        assert outcomes(study(rate), "percent-of-count") == []


class TestPercentWithoutCount:
    @pytest.mark.parametrize(
        ("printed", "verdict"), [("12", "inconsistent"), ("11", "consistent"), ("12.9", "consistent")]
    )
    def test_needs_a_whole_number(self, printed: str, verdict: str) -> None:
        made = study(
            size("new", 62), size("new", 57, "per-protocol"), of_arm("fever", "fever", percent(printed))
        )
        assert outcomes(made, "percent-without-count") == [verdict]

    def test_names_the_groups_that_fit(self) -> None:
        made = study(
            size("new", 62), size("new", 57, "per-protocol"), of_arm("fever", "fever", percent("12"))
        )
        (verdict,) = judged(made, "percent-without-count")
        assert "57 (per-protocol, new)" in verdict.arithmetic
        assert "7 are 11.29 % and 8 are 12.9 %" in verdict.arithmetic

    def test_names_the_groups_that_fit_several(self) -> None:
        parts = [
            of_arm(f"drug-{name}", "later-drug", percent(name), population=None)
            for name in ("81", "53", "28")
        ]
        made = study(size("new", 47), size("new", 60, "per-protocol"), *parts)
        (verdict,) = judged(made, "percent-without-count")
        assert verdict.verdict == "undeterminable"
        assert verdict.arithmetic == "possible of these groups of the study: 47 (safety, new)"

    def test_is_silent_where_any_group_fits(self) -> None:
        made = study(size("new", 400), of_arm("later", "later-drug", percent("53"), population=None))
        assert outcomes(made, "percent-without-count") == []

    @pytest.mark.parametrize(
        "context",
        [
            {"timepoint": "2 years"},
            {"timepoint": "about 70 months"},
            {"category": "cumulative-risk"},
            {"subject": "time-to-progression"},
            {"subject": "dose-intensity"},
        ],
    )
    def test_judges_plain_shares_only(self, context: dict[str, str]) -> None:
        subject = context.pop("subject", "fever")
        made = study(size("new", 62), of_arm("fever", subject, percent("12"), **context))
        assert outcomes(made, "percent-without-count") == []

    def test_all_arms_together(self) -> None:
        made = study(size("new", 10), size("old", 10), of_arm("fever", "fever", percent("33"), arm=None))
        assert outcomes(made, "percent-without-count") == ["inconsistent"]
        made = study(size("new", 10), size("old", 11), of_arm("fever", "fever", percent("33"), arm=None))
        assert outcomes(made, "percent-without-count") == ["consistent"]


class TestGroups:
    @pytest.mark.parametrize(
        ("kind", "counted", "verdict"),
        [
            ("flow", count(41), "inconsistent"),
            ("outcome", count(41, 40), "inconsistent"),
            ("adverse-event", count(41), "undeterminable"),  # events, perhaps
            ("outcome", count(40), "consistent"),
        ],
    )
    def test_count_within_group(self, kind: str, counted: Value, verdict: str) -> None:
        made = study(size("new", 40), of_arm("fever", "fever", counted, kind=kind))
        assert outcomes(made, "count-within-group") == [verdict]

    @pytest.mark.parametrize(
        ("of", "verdict"),
        [(40, "consistent"), (39, "consistent"), (41, "inconsistent"), (30, "undeterminable")],
    )
    def test_denominator_of_group(self, of: int, verdict: str) -> None:
        made = study(size("new", 40), size("new", 30, "per-protocol"), of_arm("fever", "fever", count(3, of)))
        assert outcomes(made, "denominator-of-group") == [verdict]


class TestCategories:
    def causes(self, *counts: int, kind: str = "death", **context: object) -> list[Fact]:
        return [
            of_arm(f"cause-{at}", "loss", count(n), kind=kind, category=f"cause-{at}", **context)
            for at, n in enumerate(counts)
        ]

    @pytest.mark.parametrize(
        ("counts", "verdict"), [((3, 2), "consistent"), ((3, 3), "inconsistent"), ((3, 1), "undeterminable")]
    )
    def test_exclusive_against_a_total(self, counts: tuple[int, ...], verdict: str) -> None:
        made = study(of_arm("all", "loss", count(5), kind="death"), *self.causes(*counts))
        assert outcomes(made, "categories-of-total") == [verdict]

    @pytest.mark.parametrize(
        ("counts", "verdict"),
        [
            ((3, 2), "consistent"),
            ((3, 3), "undeterminable"),
            ((3, 1), "consistent"),
            ((6, 1), "inconsistent"),
        ],
    )
    def test_perhaps_overlapping_against_a_total(self, counts: tuple[int, ...], verdict: str) -> None:
        made = study(of_arm("all", "loss", count(5), kind="flow"), *self.causes(*counts, kind="flow"))
        assert outcomes(made, "categories-of-total") == [verdict]

    def test_deaths_of_all_phases_make_the_total(self) -> None:
        late = of_arm("late", "loss", count(2), kind="death", category="late", phase="after-progression")
        made = study(of_arm("all", "loss", count(5), kind="death"), *self.causes(3), late)
        assert outcomes(made, "categories-of-total") == ["consistent"]

    def test_cumulative_categories_are_not_added(self) -> None:
        whole = of_arm("either", "loss", count(5), kind="death", category="any-cause", counting="cumulative")
        made = study(of_arm("all", "loss", count(5), kind="death"), *self.causes(3, 2), whole)
        assert outcomes(made, "categories-of-total") == ["consistent"]

    @pytest.mark.parametrize(
        ("counts", "verdict"),
        [((20, 20), ["consistent"]), ((20, 21), ["inconsistent"]), ((20, 19), ["undeterminable"])],
    )
    def test_of_a_group(self, counts: tuple[int, int], verdict: list[str]) -> None:
        sexes = [
            of_arm(f"sex-{name}", "sex", count(n), kind="baseline", category=name)
            for name, n in zip(("male", "female"), counts, strict=True)
        ]
        assert outcomes(study(size("new", 40), *sexes), "categories-of-total") == verdict

    @pytest.mark.parametrize(
        ("labels", "verdict"), [(("≤6 mo", ">6 mo"), "inconsistent"), (("mild", "old"), "undeterminable")]
    )
    def test_two_sides_of_a_bound_exclude_each_other(self, labels: tuple[str, str], verdict: str) -> None:
        parts = [
            of_arm(f"part-{at}", "history", count(30), kind="baseline", category=f"#c{at}") for at in range(2)
        ]
        made = study(
            size("new", 40),
            *parts,
            categories=tuple(Category(id=f"c{at}", label=each) for at, each in enumerate(labels)),
        )
        assert outcomes(made, "categories-of-total") == [verdict]

    @pytest.mark.parametrize(
        ("second", "verdict"), [("60.6", "consistent"), ("60.7", "inconsistent"), ("41", "consistent")]
    )
    def test_percentages(self, second: str, verdict: str) -> None:
        parts = [
            of_arm("a", "stage", percent("39.5"), kind="baseline", category="early", counting="exclusive"),
            of_arm("b", "stage", percent(second), kind="baseline", category="late", counting="exclusive"),
        ]
        assert outcomes(study(*parts), "percentages-of-categories") == [verdict]

    @pytest.mark.parametrize(
        ("whole", "counting", "verdict"),
        [
            ("81", "exclusive", "consistent"),
            ("82", "exclusive", "consistent"),
            ("84", "exclusive", "inconsistent"),
            ("70", "exclusive", "inconsistent"),
            ("70", None, "consistent"),  # some had both
            ("52", None, "consistent"),  # 52.5 may be both
            ("51", None, "inconsistent"),
        ],
    )
    def test_composite(self, whole: str, counting: str | None, verdict: str) -> None:
        parts = [
            of_arm("a", "later-drug", percent("53"), category="gold-based-regimen", counting=counting),
            of_arm("b", "later-drug", percent("28"), category="high-dose-transplantation", counting=counting),
            of_arm(
                "ab",
                "later-drug",
                percent(whole),
                category="gold-based-or-transplantation",
                counting="cumulative",
            ),
        ]
        assert outcomes(study(*parts), "composite-of-categories") == [verdict]


class TestFlow:
    @pytest.mark.parametrize(("total", "verdict"), [(90, "consistent"), (91, "inconsistent")])
    def test_arms_of_total(self, total: int, verdict: str) -> None:
        parts = [fact(f"dead-{arm}", "death", "death", count(45), arm=arm) for arm in ("new", "old")]
        assert outcomes(study(*parts, fact("dead", "death", "death", count(total))), "arms-of-total") == [
            verdict
        ]

    def test_arms_of_total_needs_every_arm(self) -> None:
        parts = [fact(f"dead-{arm}", "death", "death", count(45), arm=arm) for arm in ("new", "old")]
        made = study(*parts, fact("dead", "death", "death", count(91)), arms=("new", "old", "third"))
        assert outcomes(made, "arms-of-total") == []

    @pytest.mark.parametrize(("analysed", "verdict"), [(47, "consistent"), (48, "inconsistent")])
    def test_arithmetic(self, analysed: int, verdict: str) -> None:
        made = study(
            fact("assigned", "flow", "random-assignment", count(50), arm="new"),
            fact("out-a", "flow", "exclusion-from-analysis", count(2), arm="new", category="moved"),
            fact("out-b", "flow", "exclusion-from-analysis", count(1), arm="new", category="lost"),
            fact("analysed", "flow", "analysis", count(analysed), arm="new"),
        )
        assert outcomes(made, "flow-arithmetic") == [verdict]

    def randomized(self, *, excluded: int, analysed: int) -> Study:
        return study(
            fact("all", "flow", "randomization", count(100), population="randomized"),
            fact("out", "flow", "exclusion-after-randomization", count(excluded), category="not-eligible"),
            size("new", 47, "per-protocol"),
            size("old", analysed - 47, "per-protocol"),
        )

    @pytest.mark.parametrize(
        ("excluded", "analysed", "verdict"),
        [(5, 95, "consistent"), (5, 97, "inconsistent"), (5, 93, "undeterminable")],
    )
    def test_excluded_after_randomization(self, excluded: int, analysed: int, verdict: str) -> None:
        made = self.randomized(excluded=excluded, analysed=analysed)
        assert outcomes(made, "excluded-after-randomization") == [verdict]

    @pytest.mark.parametrize(("assigned", "verdict"), [((50, 50), "consistent"), ((47, 48), "inconsistent")])
    def test_assigned_as_randomized(self, assigned: tuple[int, int], verdict: str) -> None:
        made = study(
            fact("all", "flow", "randomization", count(100)),
            *(
                fact(f"to-{arm}", "flow", "random-assignment", count(n), arm=arm, population="per-protocol")
                for arm, n in zip(("new", "old"), assigned, strict=True)
            ),
        )
        assert outcomes(made, "assigned-as-randomized") == [verdict]

    @pytest.mark.parametrize(("without", "verdict"), [(15, "consistent"), (16, "inconsistent")])
    def test_with_and_without(self, without: int, verdict: str) -> None:
        made = study(
            size("new", 40),
            of_arm("with", "dose-reduction", count(25), kind="flow"),
            of_arm("without", "no-dose-reduction", count(without), kind="flow"),
        )
        assert outcomes(made, "with-and-without") == [verdict]

    @pytest.mark.parametrize(("stayed", "verdict"), [(4, "consistent"), (5, "inconsistent")])
    def test_not_started(self, stayed: int, verdict: str) -> None:
        made = study(
            size("new", 40),
            size("new", 36, "maintenance"),
            of_arm("stayed", "maintenance-not-started", count(stayed), kind="flow"),
        )
        assert outcomes(made, "not-started-and-started") == [verdict]

    @pytest.mark.parametrize(
        ("inner", "outer", "sizes", "verdict"),
        [
            ("per-protocol", "randomized", (40, 41), "consistent"),
            ("per-protocol", "randomized", (42, 41), "inconsistent"),
            ("safety", "randomized", (42, 41), "undeterminable"),  # counted as treated
        ],
    )
    def test_nested_sets(self, inner: str, outer: str, sizes: tuple[int, int], verdict: str) -> None:
        made = study(size("new", sizes[0], inner), size("new", sizes[1], outer))
        assert outcomes(made, "nested-sets") == [verdict]

    @pytest.mark.parametrize(("n", "verdict"), [(6, "consistent"), (7, "inconsistent")])
    def test_reason_within_total(self, n: int, verdict: str) -> None:
        made = study(
            fact("withdrew", "flow", "withdrawal-of-consent", count(6), arm="new"),
            of_arm(
                "stayed", "maintenance-not-started", count(n), kind="flow", category="withdrawal-of-consent"
            ),
        )
        assert outcomes(made, "reason-within-total") == [verdict]

    @pytest.mark.parametrize(("n", "verdict"), [(9, "consistent"), (10, "inconsistent")])
    def test_subgroup_within_group(self, n: int, verdict: str) -> None:
        made = study(
            of_arm("all", "progression", count(9)),
            of_arm("few", "progression", count(n), population="subset", phase="maintenance"),
        )
        assert outcomes(made, "subgroup-within-group") == [verdict]

    @pytest.mark.parametrize(("sample", "verdict"), [(120, "consistent"), (118, "inconsistent")])
    def test_planned_groups(self, sample: int, verdict: str) -> None:
        made = study(
            fact("sample", "statistics-plan", "sample-size", count(sample)),
            fact("each", "statistics-plan", "sample-size-per-group", count(60)),
        )
        assert outcomes(made, "planned-groups") == [verdict]


class TestAnalysisSets:
    def labelled(self, printed: str, *facts: Fact) -> Study:
        shown = [
            of_arm(
                f"cured-{arm}",
                "cure",
                count(3),
                arm=arm,
                population="per-protocol",
                population_printed=printed,
            )
            for arm in ("new", "old")
        ]
        return study(*shown, size("new", 40, "per-protocol"), size("old", 41, "per-protocol"), *facts)

    @pytest.mark.parametrize(
        ("printed", "randomized", "verdict"),
        [
            ("intention-to-treat analysis", 85, ["inconsistent"]),
            ("intention-to-treat analysis", 81, ["consistent"]),  # nobody was left out
            ("intention-to-treat analysis", None, ["undeterminable"]),
            ("per-protocol analysis", 85, ["consistent"]),
            ("modified intention-to-treat analysis", 85, []),
            ("all patients", 85, []),
        ],
    )
    def test_label(self, printed: str, randomized: int | None, verdict: list[str]) -> None:
        known = [fact("all", "flow", "randomization", count(randomized))] if randomized else []
        assert outcomes(self.labelled(printed, *known), "label-of-analysis-set") == verdict

    @pytest.mark.parametrize(("randomized", "verdict"), [(81, "consistent"), (85, "inconsistent")])
    def test_plan(self, randomized: int, verdict: str) -> None:
        made = study(
            size("new", 40),
            size("old", 41),
            fact("all", "flow", "randomization", count(randomized)),
            fact(
                "named", "statistics-plan", "safety-analysis-set", text("the intention-to-treat population")
            ),
            fact(
                "who",
                "statistics-plan",
                "safety-analysis-set",
                text("everybody"),
                category="definition",
                population="safety",
            ),
        )
        assert outcomes(made, "planned-analysis-set") == [verdict]


def response(
    category: str, n: int | Value, counting: str | None = "exclusive", phase: str = "induction"
) -> Fact:
    value = n if isinstance(n, Value) else count(n)
    population = "safety" if phase == "induction" else "treated"
    return of_arm(
        f"{phase}-{category}-{counting}",
        "response",
        value,
        category=category,
        counting=counting,
        phase=phase,
        population=population,
    )


class TestResponses:
    @pytest.mark.parametrize(
        ("facts", "verdict"),
        [
            # 4 stringent, 3 complete, 5 very good partial, 10 partial, 8 stable: 30 patients
            ([("complete-response", 7, "cumulative"), ("partial-response", 15, "cumulative")], "consistent"),
            ([("complete-response", 7, "cumulative"), ("partial-response", 22, "cumulative")], "consistent"),
            (
                [("complete-response", 7, "cumulative"), ("partial-response", 16, "cumulative")],
                "inconsistent",
            ),
            ([("complete-response", 3, "exclusive"), ("partial-response", 10, "exclusive")], "consistent"),
            ([("complete-response", 3, None), ("partial-response", 10, None)], "consistent"),
            (
                [("complete-response", 3, "cumulative"), ("partial-response", 15, "cumulative")],
                "inconsistent",
            ),
            ([("very-good-partial-response-or-better", 12, "cumulative")], "consistent"),
            (
                [
                    ("very-good-partial-response-or-better", 11, "cumulative"),
                    ("complete-response", 7, "cumulative"),
                ],
                "inconsistent",
            ),
        ],
    )
    def test_hierarchy(self, facts: list[tuple[str, int, str | None]], verdict: str) -> None:
        known = [
            response("stringent-complete-response", 4),
            response("very-good-partial-response", 5),
            response("partial-response-or-better", 22, "cumulative"),
            response("stable-disease", 8),
        ]
        made = study(size("new", 30), *known, *(response(*each) for each in facts))
        assert outcomes(made, "response-hierarchy") == [verdict]

    def test_more_than_the_group(self) -> None:
        facts = [response("partial-response", 20), response("stable-disease", 11)]
        assert outcomes(study(size("new", 30), *facts), "response-hierarchy") == ["inconsistent"]
        assert outcomes(study(size("new", 31), *facts), "response-hierarchy") == ["consistent"]

    def test_percentages_of_a_group_count_patients(self) -> None:
        facts = [
            response("partial-response", percent("67")),
            response("partial-response-or-better", percent("63"), "cumulative"),
        ]
        assert outcomes(study(size("new", 30), *facts), "response-hierarchy") == ["inconsistent"]
        facts[1] = response("partial-response-or-better", percent("70"), "cumulative")
        assert outcomes(study(size("new", 30), *facts), "response-hierarchy") == ["consistent"]

    def test_lists_what_contradicts_and_no_more(self) -> None:
        facts = [
            response("stringent-complete-response", 4),
            response("complete-response", 3, "cumulative"),
            response("stable-disease", 5),
        ]
        (verdict,) = judged(study(size("new", 30), *facts), "response-hierarchy")
        assert verdict.verdict == "inconsistent"
        assert {used for used, _ in verdict.used} == {
            "induction-stringent-complete-response-exclusive",
            "induction-complete-response-cumulative",
        }

    def moved(self, *, gone: int, after: int) -> Study:
        return study(
            size("new", 30),
            size("new", 30, "treated"),
            response("complete-response", 3),
            response("partial-response", 10),
            response("complete-response", after, phase="maintenance"),
            of_arm(
                "up",
                "improvement",
                count(gone),
                category="partial-to-complete-response",
                phase="maintenance",
                population="treated",
            ),
        )

    @pytest.mark.parametrize(
        ("gone", "after", "verdict"),
        [(4, 7, "consistent"), (11, 14, "inconsistent"), (4, 8, "undeterminable"), (4, 6, "consistent")],
    )
    def test_moves_between_tables(self, gone: int, after: int, verdict: str) -> None:
        assert outcomes(self.moved(gone=gone, after=after), "moves-between-responses") == [verdict]

    @pytest.mark.parametrize(
        ("whole", "verdict"), [(5, "consistent"), (6, "consistent"), (4, "inconsistent")]
    )
    def test_moves_in_all(self, whole: int, verdict: str) -> None:
        moves = [
            ("partial-to-complete-response", 2),
            ("partial-to-very-good-partial-response", 3),
            ("partial-to-better-response", whole),
        ]
        facts = [
            of_arm(name, "improvement", count(n), category=name, phase="maintenance") for name, n in moves
        ]
        assert outcomes(study(*facts), "moves-in-all") == [verdict]


def event(name: str, subject: str, value: Value, grade: str | None, **context: object) -> Fact:
    return of_arm(name, subject, value, kind="adverse-event", grade=grade, **context)


class TestAdverseEvents:
    @pytest.mark.parametrize(
        ("grade", "n", "verdict"),
        [
            ("1-2", 9, "consistent"),
            ("1-2", 8, "undeterminable"),  # one patient in both columns
            ("1-2", 5, "inconsistent"),
            ("1-2", 10, "inconsistent"),
            ("any", 11, "consistent"),
            ("any", 12, "undeterminable"),  # of grade 4, perhaps
            ("any", 5, "inconsistent"),
            (">=3", 2, "consistent"),
            (">=3", 1, "inconsistent"),
            ("<=2", 10, "inconsistent"),
        ],
    )
    def test_grades(self, grade: str, n: int, verdict: str) -> None:
        cells = [event(f"cell-{at}", "fever", count(each), str(at)) for at, each in ((1, 6), (2, 3), (3, 2))]
        made = study(size("new", 40), *cells, event("text", "fever", count(n), grade))
        assert outcomes(made, "grades-of-event") == [verdict]

    def test_grades_as_percentages_of_the_group(self) -> None:
        cells = [event(f"cell-{at}", "fever", count(each), str(at)) for at, each in ((1, 6), (2, 3))]
        for printed, verdict in (("22", "consistent"), ("23", "consistent"), ("30", "inconsistent")):
            made = study(size("new", 40), *cells, event("text", "fever", percent(printed), "1-2"))
            assert outcomes(made, "grades-of-event") == [verdict]

    @pytest.mark.parametrize(
        ("n", "verdict"),
        [
            (13, "undeterminable"),
            (12, "consistent"),
            (9, "consistent"),
            (8, "inconsistent"),
            (14, "inconsistent"),
        ],
    )
    def test_rows_may_hold_a_patient_twice(self, n: int, verdict: str) -> None:
        made = study(
            event("a", "rash", count(4), "1"),
            event("b", "fever", count(9), "1"),
            event("ab", "rash-or-fever", count(n), "1"),
        )
        assert outcomes(made, "rows-of-composite") == [verdict]

    def test_one_row_that_is_empty_leaves_no_doubt(self) -> None:
        made = study(
            event("a", "rash", count(0), "1"),
            event("b", "fever", count(9), "1"),
            event("ab", "rash-or-fever", count(9), "1"),
        )
        assert outcomes(made, "rows-of-composite") == ["consistent"]

    @pytest.mark.parametrize(
        ("died", "population", "verdict"),
        [(2, "safety", "consistent"), (1, "safety", "inconsistent"), (1, "per-protocol", "undeterminable")],
    )
    def test_fatal_events(self, died: int, population: str, verdict: str) -> None:
        made = study(
            event("fatal", "bleeding", count(2), "5"),
            of_arm("deaths", "death", count(died), kind="death", population=population),
        )
        assert outcomes(made, "fatal-events-within-deaths") == [verdict]

    @pytest.mark.parametrize(("grade", "verdict"), [("4", "consistent"), ("3", "undeterminable")])
    def test_reasons_with_a_grade(self, grade: str, verdict: str) -> None:
        made = study(
            event("cell", "fever", count(2), grade),
            of_arm("left", "discontinuation", count(1), kind="flow", category="sepsis", grade="4"),
        )
        assert outcomes(made, "graded-reason-among-events") == [verdict]


def test_a_count_with_a_comparator_is_not_taken_for_a_number() -> None:
    about = Value(measure="count", number=Decimal(50), comparator="≈")
    assert findings(study(size("new", 40), of_arm("fever", "fever", about, kind="flow"))) == []
    fewer = number("count", "<50")
    assert findings(study(size("new", 40), of_arm("fever", "fever", fewer, kind="flow"))) == []
