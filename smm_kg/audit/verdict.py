"""What an audit says: verdicts, and the rules that give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from smm_kg.audit.evidence import Datum, Evidence

__all__ = ["Judgement", "Outcome", "Rule", "Used", "Verdict", "rule"]

Outcome = Literal["consistent", "inconsistent", "undeterminable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one rule to one question put to one study.

    Attributes:
        id: slug, unique within the study, made of the rule and the facts concerned.
        study: id of the study.
        rule: name of the rule.
        verdict: ``consistent``, ``inconsistent``, or ``undeterminable`` where what is printed cannot tell.
        subject: slug of the term judged.
        statement: what was compared and what follows, one or two sentences for readers.
        arithmetic: the sum, with the printed numbers and what they stand for.
        used: every value that the verdict rests on, each as fact id and measure; their locators are its
            sources.
    """

    id: str
    study: str
    rule: str
    verdict: Outcome
    subject: str
    statement: str
    arithmetic: str
    used: tuple[tuple[str, str], ...]


Used = tuple[Datum | tuple[str, str], ...]
"""Values that a judgement rests on: data, or fact id and measure where a value has no number."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict before its rule has signed it; ``about`` names the question by ids of facts."""

    verdict: Outcome
    subject: str
    about: tuple[str, ...]
    statement: str
    arithmetic: str
    used: Used


Check = Callable[[Evidence], Iterator[Judgement]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation that correct numbers keep.

    Attributes:
        name: slug.
        title: the relation in a few words.
        explanation: what is compared, when it is a finding and when it is left open, in plain words.
        check: the function that puts the question wherever a study raises it.
    """

    name: str
    title: str
    explanation: str
    check: Check

    def verdicts(self, evidence: Evidence) -> Iterator[Verdict]:
        """Judge a study by this rule."""
        for judged in self.check(evidence):
            yield Verdict(
                id="-".join((self.name, "-and-".join(judged.about))),
                study=evidence.study.id,
                rule=self.name,
                verdict=judged.verdict,
                subject=judged.subject,
                statement=judged.statement[:1].upper() + judged.statement[1:],
                arithmetic=judged.arithmetic,
                used=tuple(dict.fromkeys(map(_reference, judged.used))),
            )


def _reference(used: Datum | tuple[str, str]) -> tuple[str, str]:
    return (used.fact.id, used.value.measure) if isinstance(used, Datum) else used


def rule(name: str, title: str, explanation: str) -> Callable[[Check], Rule]:
    """Make a rule of the function that follows."""
    return lambda check: Rule(name, title, explanation, check)
