"""Made-up studies for tests: small, valid, and between them every field of every record is used.

Nothing here is of a real trial. ``example()`` is the one to take; ``other()`` shares terms with it, so that a
query over several studies has something to find.
"""

from __future__ import annotations

from decimal import Decimal

from smm_kg.records import (
    AnalysisGroup,
    AnalysisSet,
    Arm,
    Category,
    Contrast,
    Criterion,
    EndPoint,
    Fact,
    Locator,
    Reference,
    Regimen,
    SourceDocument,
    Study,
    Value,
)

__all__ = ["example", "other"]


def _place(role: str, start: int, printed: str, **cell: str) -> Locator:
    section = ("RESULTS", "EFFICACY") if not cell else (cell["table"],)
    end = start + len(printed)
    return Locator(role=role, section=section, start=start, end=end, printed=printed, **cell)  # type: ignore[arg-type]


def _count(numerator: int, denominator: int, at: int, **cell: str) -> tuple[Value, Value]:
    """Count and percentage of ``n (p)``, as printed in a cell or a sentence."""
    percent = round(100 * numerator / denominator)
    header = _place("denominator", at - 40, f"N={denominator}", **cell)
    of = {"numerator": numerator, "denominator": denominator}
    count = Value(
        measure="count",
        number=Decimal(numerator),
        locators=(_place("value", at, str(numerator), **cell), header),
        **of,
    )
    share = Value(
        measure="percent",
        number=Decimal(percent),
        unit="%",
        locators=(_place("value", at + len(str(numerator)) + 2, str(percent), **cell), header),
        **of,
    )
    return count, share


def _effect() -> Fact:
    return Fact(
        id="ttp-effect",
        kind="effect",
        subject="time-to-progression",
        contrast="pill-vs-watching",
        population="per-protocol",
        population_printed='as "treated"',
        timepoint="4 years",
        time_origin="randomization",
        label_printed="time to overt disease",
        cites=(2, 1),
        endpoint="primary",
        values=(
            Value(
                measure="hazard ratio",
                number=Decimal("0.4"),
                locators=(
                    _place("value", 210, "0.40"),
                    _place("label", 180, "hazard ratio for overt disease"),
                    _place("value", 2210, "0.40"),
                ),
            ),
            Value(
                measure="confidence level",
                number=Decimal(95),
                unit="%",
                locators=(_place("value", 216, "95"),),
            ),
            Value(
                measure="confidence interval lower",
                number=Decimal("0.2"),
                locators=(_place("value", 224, "0.20"),),
            ),
            Value(
                measure="confidence interval upper",
                number=Decimal("0.85"),
                locators=(_place("value", 232, "0.85"),),
            ),
            Value(
                measure="p value",
                number=Decimal("0.001"),
                comparator="<",
                locators=(_place("value", 240, "0.001"),),
            ),
        ),
    )


def _outcomes() -> tuple[Fact, ...]:
    shared = {"kind": "outcome", "subject": "time-to-progression", "population": "per-protocol"}
    return (
        Fact(
            id="ttp-median-pill",
            arm="pill",
            values=(
                Value(
                    measure="median",
                    status="not reached",
                    unit="mo_j",
                    locators=(_place("value", 150, "not reached"),),
                ),
            ),
            **shared,  # type: ignore[arg-type]
        ),
        Fact(
            id="ttp-median-watching",
            arm="watching",
            remark="The figure prints another value.",
            values=(
                Value(
                    measure="median",
                    number=Decimal("21.5"),
                    unit="mo_j",
                    locators=(
                        _place("value", 166, "21.5"),
                        _place("unit", 171, "months"),
                        _place("arm", 190, "watching"),
                        _place("timepoint", 140, "4 years"),
                    ),
                ),
            ),
            **shared,  # type: ignore[arg-type]
        ),
        Fact(
            id="ttp-median-watching-as-stated-in-abstract",
            arm="watching",
            varies="ttp-median-watching",
            values=(
                Value(
                    measure="median",
                    number=Decimal(22),
                    comparator="≈",
                    unit="mo_j",
                    locators=(_place("value", 30, "22"),),
                ),
            ),
            **shared,  # type: ignore[arg-type]
        ),
    )


def _adverse_events() -> tuple[Fact, ...]:
    cell = {"table": "Table 3", "row": "Tired \\ weak", "column": 'Pill/Grade 3 "severe"'}
    return (
        Fact(
            id="ae-fatigue-pill-grade-3",
            kind="adverse-event",
            subject="fatigue",
            arm="pill",
            phase="induction",
            population="safety",
            grade=">=3",
            values=_count(5, 41, 900, **cell),
        ),
        Fact(
            id="ae-fatigue-pill-grade-1-2",
            kind="adverse-event",
            subject="fatigue",
            arm="pill",
            phase="maintenance",
            population="safety",
            grade="1-2",
            values=_count(0, 41, 960, **{**cell, "column": "Pill/Grade 1 or 2"}),
        ),
        Fact(
            id="ae-none-known",
            kind="adverse-event",
            subject="rash",
            arm="watching",
            grade="any",
            population="safety",
        ),
    )


def _design() -> tuple[Fact, ...]:
    return (
        Fact(
            id="size-pill",
            kind="flow",
            subject="randomized",
            arm="pill",
            values=(
                Value(measure="count", number=Decimal(41), locators=(_place("value", 70, "forty-one"),)),
            ),
        ),
        Fact(
            id="recruitment",
            kind="design",
            subject="recruitment-period",
            values=(
                Value(measure="date", date="2001-03", locators=(_place("value", 80, "March 2001"),)),
                Value(
                    measure="text", text="line one\nline\ttwo", locators=(_place("value", 95, "line one"),)
                ),
            ),
        ),
        Fact(
            id="plasma-cells",
            kind="eligibility",
            subject="bone-marrow-plasma-cells",
            values=(
                Value(
                    measure="threshold",
                    number=Decimal(10),
                    comparator="≥",
                    unit="%",
                    locators=(_place("value", 50, "10"), _place("unit", 52, "%")),
                ),
            ),
        ),
        Fact(
            id="m-protein",
            kind="eligibility",
            subject="serum-m-protein",
            values=(Value(measure="threshold", number=Decimal("2.5"), comparator=">", unit="g/dL"),),
        ),
        Fact(
            id="dose-pill",
            kind="regimen",
            subject="lenalidomide",
            arm="pill",
            phase="induction",
            values=(
                Value(
                    measure="dose",
                    number=Decimal("12.5"),
                    unit="mg/d",
                    locators=(_place("value", 300, "12.5"),),
                ),
                Value(measure="first day", number=Decimal(1)),
                Value(measure="last day", number=Decimal(14)),
            ),
        ),
        Fact(
            id="rest",
            kind="regimen",
            subject="rest-period",
            arm="pill",
            phase="induction",
            values=(Value(measure="duration", number=Decimal(7), unit="d"),),
        ),
        Fact(
            id="age-watching",
            kind="baseline",
            subject="time-since-diagnosis",
            category="#up-to-6-months",
            arm="watching",
            counting="exclusive",
            values=_count(12, 40, 700, table="Table 1", row="≤6 mo", column="Watching"),
        ),
        Fact(
            id="response-pill",
            kind="outcome",
            subject="response",
            category="very-good-partial-response",
            counting="cumulative",
            includes=("stringent-complete-response", "complete-response"),
            arm="pill",
            population="per-protocol",
            values=_count(9, 39, 760),
        ),
        Fact(
            id="earlier-trial",
            kind="assertion",
            subject="time-to-progression",
            about=("melphalan-prednisone", "bisphosphonate"),
            cites=(1, 2),
            values=(
                Value(measure="text", text="no benefit", locators=(_place("value", 400, "no benefit"),)),
            ),
        ),
    )


def example(study_id: str = "example-2001") -> Study:
    """A made-up randomised trial of a pill against watching; every record type and every field occurs."""
    return Study(
        id=study_id,
        label="Example 2001",
        document=SourceDocument(
            id=f"doi:10.9999/{study_id}",
            title="A Pill against Watching",
            sha256="ab" * 32,
            characters=4321,
            key="report",
        ),
        arms=(
            Arm(id="pill", label="pill", role="experimental"),
            Arm(id="watching", label="watching", role="no intervention"),
        ),
        contrasts=(Contrast(id="pill-vs-watching", experimental="pill", reference="watching"),),
        sets=(
            AnalysisSet(id="safety", label="safety", term="safety"),
            AnalysisSet(id="per-protocol", label="per-protocol", term="per-protocol"),
        ),
        groups=(AnalysisGroup(arm="pill", population="safety", size="size-pill"),),
        categories=(Category(id="up-to-6-months", label="≤6 mo"),),
        endpoints=(
            EndPoint(
                id="primary",
                subject="time-to-progression",
                role="primary",
                definition="symptomatic-progression",
                time_origin="randomization",
                event="overt",
                deaths="censored",
                assessor="investigator",
                favours="lower",
            ),
            EndPoint(id="second", subject="response", role="secondary"),
        ),
        criteria=(
            Criterion(
                id="overt",
                label="overt disease",
                purpose="event",
                operator="any",
                members=("plasma-cells", "both"),
            ),
            Criterion(
                id="both",
                label="both of the two",
                purpose="definition",
                operator="all",
                members=("plasma-cells", "m-protein"),
            ),
        ),
        regimens=(
            Regimen(
                id="pill-induction",
                label="pill, induction",
                arm="pill",
                phase="induction",
                parts=("rest", "dose-pill"),
                condition="unless progressing",
            ),
        ),
        references=(
            Reference(number=2, key="Doe 1999", locator=_place("value", 4000, "2. Doe J."), study="doe-1999"),
            Reference(number=1, key="Roe 1998", locator=_place("value", 3950, "1. Roe R.")),
        ),
        facts=(_effect(), *_outcomes(), *_adverse_events(), *_design()),
    )


def other(study_id: str = "other-2005") -> Study:
    """A made-up trial with one effect and no more, on the same subject as :func:`example`."""
    return Study(
        id=study_id,
        label="Other 2005",
        document=SourceDocument(id=f"pmid:{study_id}", title="Another Pill", sha256="cd" * 32, characters=99),
        arms=(
            Arm(id="capsule", label="capsule", role="experimental"),
            Arm(id="placebo", label="placebo", role="placebo comparator"),
        ),
        contrasts=(Contrast(id="capsule-vs-placebo", experimental="capsule", reference="placebo"),),
        facts=(
            Fact(
                id="ttp-effect",
                kind="effect",
                subject="time-to-progression",
                contrast="capsule-vs-placebo",
                values=(
                    Value(
                        measure="hazard ratio", number=Decimal("1.1"), locators=(_place("value", 5, "1.10"),)
                    ),
                ),
            ),
        ),
    )
