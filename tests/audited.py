"""Made-up studies for the audit, a few facts at a time: short words for facts and printed values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from smm_kg.audit import PlausibleRange, Verdict, audit
from smm_kg.records import (
    AnalysisGroup,
    AnalysisSet,
    Arm,
    Contrast,
    Fact,
    Locator,
    SourceDocument,
    Study,
    Value,
)

SECTION = ("RESULTS",)


def _place(printed: str, section: tuple[str, ...] = SECTION) -> tuple[Locator, ...]:
    return (Locator(role="value", section=section, start=0, end=len(printed), printed=printed),)


def number(measure: str, printed: str, section: tuple[str, ...] = SECTION, **more: Any) -> Value:
    """A number as printed: ``number("hazard ratio", "0.50")``; a leading ``<`` is its comparator."""
    sign, digits = (printed[0], printed[1:]) if printed[0] in "<≤>≥≈" else ("=", printed)
    return Value(
        measure=measure,
        comparator=sign,  # type: ignore[arg-type]
        number=Decimal(digits),
        locators=_place(digits, section),
        **more,
    )


def percent(printed: str, n: int | None = None, of: int | None = None, **more: Any) -> Value:
    return number("percent", printed, unit="%", numerator=n, denominator=of, **more)


def count(n: int, of: int | None = None, **more: Any) -> Value:
    return number("count", str(n), numerator=n if of else None, denominator=of, **more)


def text(words: str, section: tuple[str, ...] = SECTION) -> Value:
    return Value(measure="text", text=words, locators=_place(words, section))


def day(iso: str) -> Value:
    return Value(measure="date", date=iso, locators=_place(iso))


def not_reached() -> Value:
    return Value(measure="median", status="not reached", locators=_place("not reached"))


def estimate(
    measure: str, middle: str, low: str, high: str, p: str | None = None, level: str = "95"
) -> tuple[Value, ...]:
    values = [
        number(measure, middle),
        number("confidence interval lower", low),
        number("confidence interval upper", high),
    ]
    if level:
        values.append(number("confidence level", level, unit="%"))
    if p:
        values.append(number("p value", p))
    return tuple(values)


def fact(name: str, kind: str, subject: str, *values: Value, **context: Any) -> Fact:
    return Fact(id=name, kind=kind, subject=subject, values=values, **context)  # type: ignore[arg-type]


def effect(*values: Value, subject: str = "time-to-progression", **context: Any) -> Fact:
    """A fact about the two arms."""
    return fact(
        "effect", "effect", subject, *values, **({"contrast": "new-vs-old", "population": "safety"} | context)
    )


def result(name: str, *values: Value, subject: str = "time-to-progression", **context: Any) -> Fact:
    """A fact about one arm: the old one if its name ends so."""
    arm = "old" if name.endswith("-old") else "new"
    return fact(name, "outcome", subject, *values, **({"arm": arm, "population": "safety"} | context))


def size(arm: str, n: int, population: str = "safety") -> Fact:
    """The fact that counts the people of an arm in an analysis set."""
    return fact(f"size-{arm}-{population}", "flow", "evaluation", count(n), arm=arm, population=population)


TERMS = {
    "safety": "safety",
    "per-protocol": "per-protocol",
    "randomized": "all-randomized",
    "subset": "subgroup",
}


def study(
    *facts: Fact, arms: tuple[str, ...] = ("new", "old"), terms: dict[str, str] | None = None, **more: Any
) -> Study:
    """A study of some arms; facts named ``size-<arm>-<set>`` make the analysis groups."""
    terms = TERMS | (terms or {})
    sizes = [each for each in facts if each.id.startswith("size-") and each.arm and each.population]
    used = {each.population for each in facts if each.population} | {each.population for each in sizes}
    contrast = Contrast(id="new-vs-old", experimental="new", reference="old")
    return Study(
        id="quiet-2020",
        label="Quiet 2020",
        document=SourceDocument(id="doi:10.5555/quiet", title="Quiet", sha256="0" * 64, characters=9),
        arms=tuple(
            Arm(id=arm, label=arm, role="experimental" if arm == "new" else "no intervention") for arm in arms
        ),
        contrasts=(contrast,) if {"new", "old"} <= set(arms) else (),
        sets=tuple(
            AnalysisSet(id=one, label=one, term=terms.get(one, one)) for one in sorted(filter(None, used))
        ),
        groups=tuple(
            AnalysisGroup(arm=str(each.arm), population=str(each.population), size=each.id) for each in sizes
        ),
        facts=facts,
        **more,
    )


def judged(made: Study, rule: str, ranges: tuple[PlausibleRange, ...] = ()) -> list[Verdict]:
    """The verdicts of one rule."""
    return [verdict for verdict in audit(made, ranges) if verdict.rule == rule]


def outcomes(made: Study, rule: str, ranges: tuple[PlausibleRange, ...] = ()) -> list[str]:
    """The answers of one rule, in order."""
    return [verdict.verdict for verdict in judged(made, rule, ranges)]


def findings(made: Study, ranges: tuple[PlausibleRange, ...] = ()) -> list[tuple[str, str]]:
    """Rule and subject of what is inconsistent."""
    return [(each.rule, each.subject) for each in audit(made, ranges) if each.verdict == "inconsistent"]
