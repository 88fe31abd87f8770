"""What a report calls its analysis sets, and which ones its denominators show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from smm_kg.audit.evidence import Datum, Evidence, said, words
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import set_named
from smm_kg.records import Fact

__all__ = ["RULES"]

# All who were randomized: what an analysis by intention to treat is of.
_EVERYBODY = ("all-randomized", "intention-to-treat")
_FEW = 3  # as many subjects as a sentence can name

_Used = tuple[tuple[str, str], ...]


@rule(
    "label-of-analysis-set",
    "The analysis set named and the one used",
    "An analysis that is called by intention to treat is of all who were randomized, one per protocol of "
    "the per-protocol set. It is a finding where the denominators are of another set, and the two differ in "
    "size. Where the sizes are the same the name does no harm; where one of them is not known it is left "
    "open.",
)
def label_of_analysis_set(evidence: Evidence) -> Iterator[Judgement]:
    """Compare printed names of analysis sets with the sets that the denominators show."""
    labelled: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in evidence.study.facts:
        kind = set_named(fact.population_printed or "")
        if kind and fact.population:
            labelled[kind, fact.population].append(fact)
    for (_, population), facts in labelled.items():
        subjects = list(dict.fromkeys(words(fact.subject) for fact in facts))
        shown = ", ".join(subjects) if len(subjects) <= _FEW else f"{len(subjects)} subjects"
        name = facts[0].population_printed or ""
        yield _judge_name(evidence, shown, (population, name), facts, _values(facts))


@rule(
    "planned-analysis-set",
    "The analysis set planned and who is in it",
    "The plan names the set of each kind of analysis and says who is in it: the name must fit them.",
)
def planned_analysis_set(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the names of planned analysis sets with their definitions."""
    plan = [fact for fact in evidence.of("statistics-plan") if fact.subject.endswith("-analysis-set")]
    for fact in plan:
        name = next((said(value) for value in fact.values if set_named(said(value))), None)
        if name is None or fact.category:
            continue
        for definition in plan:
            if definition.subject == fact.subject and definition.population and definition is not fact:
                used = _values([fact, definition])
                yield _judge_name(evidence, words(fact.subject), (definition.population, name), [fact], used)


def _values(facts: Sequence[Fact]) -> _Used:
    return tuple((fact.id, value.measure) for fact in facts for value in fact.values)


def _judge_name(
    evidence: Evidence, what: str, called: tuple[str, str], facts: Sequence[Fact], used: _Used
) -> Judgement:
    """Judge what an analysis set is called: ``called`` is the set meant and the printed name of it."""
    (population, name), first = called, facts[0]
    kind, term, label = set_named(name) or "", evidence.term(population), evidence.label(population)
    if kind == term or (kind in _EVERYBODY and term in _EVERYBODY):
        statement = f"{what}: called “{name}”, which the {label} set is."
        sums = f"{len(facts)} so called"
        return Judgement("consistent", first.subject, (first.id,), statement, sums, used)
    arms = {fact.arm for fact in facts}
    for arm in (*(arms if len(arms) == 1 else ()), None):
        named, shown = _named_size(evidence, kind, arm), _used_size(evidence, population, arm)
        if not named or not shown:
            continue
        fits = _sum(named) == _sum(shown)
        verdict: Outcome = "consistent" if fits else "inconsistent"
        how = "which is as large" if fits else "which is another"
        statement = f"{what}: called “{name}”, but of the {label} set, {how}."
        who = evidence.label(arm) if arm else "all arms"
        sums = f"{who}: {label} {_plus(shown)}, {words(kind)} {_plus(named)}"
        return Judgement(verdict, first.subject, (first.id,), statement, sums, (*used, *named, *shown))
    statement = f"{what}: called “{name}”, but of the {label} set; it is not printed how far they differ."
    sums = f"the size of the {words(kind)} set is not known"
    return Judgement("undeterminable", first.subject, (first.id,), statement, sums, used)


def _named_size(evidence: Evidence, kind: str, arm: str | None) -> tuple[Datum, ...]:
    """The counts of a kind of analysis set, in an arm or in all: its groups, or those randomized."""
    kinds = _EVERYBODY if kind in _EVERYBODY else (kind,)
    for each in evidence.study.sets:
        if each.term in kinds and (sizes := _used_size(evidence, each.id, arm)):
            return sizes
    if kind not in _EVERYBODY:
        return ()
    for fact in evidence.of("flow"):
        count = evidence.number(fact, "count")
        if fact.subject == "randomization" and fact.arm == arm and not fact.category and count is not None:
            return (count,)
    return ()


def _used_size(evidence: Evidence, population: str, arm: str | None) -> tuple[Datum, ...]:
    """The counts of an analysis set, in an arm or in all."""
    if arm is None:
        return evidence.total(population)
    size = evidence.sizes.get((arm, population))
    return (size,) if size else ()


def _sum(sizes: tuple[Datum, ...]) -> int:
    return sum(size.count for size in sizes)


def _plus(sizes: tuple[Datum, ...]) -> str:
    added = " + ".join(str(size.count) for size in sizes)
    return added if len(sizes) == 1 else f"{added} = {_sum(sizes)}"


RULES = (label_of_analysis_set, planned_analysis_set)
