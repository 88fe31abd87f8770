"""Patients passing through a trial: arms and totals, those who leave and those who stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from smm_kg.audit.evidence import SHARES, Context, Datum, Evidence, same, words
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import FLOWS, NESTED_SETS, Flow
from smm_kg.records import Fact

__all__ = ["RULES"]

# Sets in which a patient may count in the arm of the treatment received.
_AS_TREATED = frozenset({"safety", "treated-in-phase", "phase-specific-safety"})


def _counts(evidence: Evidence, subject: str) -> list[Datum]:
    """The exact counts of a subject of the flow."""
    found = (evidence.number(fact, "count") for fact in evidence.of("flow") if fact.subject == subject)
    return [count for count in found if count and count.value.comparator == "="]


def _reached(
    evidence: Evidence, subject: str, arm: str | None = None
) -> tuple[int, tuple[Datum, ...]] | None:
    """How many patients reached a milestone in an arm, or in all: a count of all, else those of every arm."""
    counts = [count for count in _counts(evidence, subject) if count.fact.category is None]
    for count in counts:
        if count.fact.arm == arm:
            return count.count, (count,)
    by_arm = {count.fact.arm: count for count in counts}
    if arm is None and by_arm and set(by_arm) == {each.id for each in evidence.study.arms}:
        return sum(count.count for count in by_arm.values()), tuple(by_arm.values())
    return None


def _left(evidence: Evidence, subject: str, arm: str | None) -> tuple[Datum, ...]:
    """The counts of those who left: the one without a reason, else one for each reason."""
    counts = tuple(count for count in _counts(evidence, subject) if count.fact.arm == arm)
    return tuple(count for count in counts if count.fact.category is None) or counts


def _plus(data: tuple[Datum, ...]) -> str:
    return " + ".join(str(each.count) for each in data)


@rule(
    "arms-of-total",
    "The arms and their total",
    "A count of all patients is the sum of the counts of the arms, for the same thing in the same analysis "
    "set.",
)
def arms_of_total(evidence: Evidence) -> Iterator[Judgement]:
    """Add up the arms."""
    arms = [arm.id for arm in evidence.study.arms]
    fields = (
        "kind",
        "subject",
        "category",
        "counting",
        "phase",
        "population",
        "timepoint",
        "time_origin",
        "grade",
    )
    groups: dict[Context, dict[str | None, Datum]] = defaultdict(dict)
    for fact in evidence.of(*SHARES):
        count = evidence.number(fact, "count")
        if count and not fact.contrast and count.value.comparator == "=":
            groups[same(fact, *fields)].setdefault(fact.arm, count)
    for counts in groups.values():
        if len(arms) < 2 or None not in counts or not set(arms) <= set(counts):
            continue
        total, parts = counts[None], tuple(counts[arm] for arm in arms)
        added = sum(part.count for part in parts)
        verdict: Outcome = "consistent" if added == total.count else "inconsistent"
        what = evidence.describe(total.fact)
        statement = f"{what}: the arms add up to {added} and the total is {total.count}."
        sums = f"{_plus(parts)} = {added}; total {total.printed}"
        yield Judgement(verdict, total.fact.subject, (total.fact.id,), statement, sums, (total, *parts))


@rule(
    "flow-arithmetic",
    "Those who enter, leave and remain",
    "Those who reach a milestone, less those who leave after it, are those who reach the next one: assessed "
    "less excluded are randomized, assigned less excluded from analysis are analysed; in each arm and in "
    "all.",
)
def flow_arithmetic(evidence: Evidence) -> Iterator[Judgement]:
    """Subtract those who leave."""
    for flow in FLOWS:
        for arm in (*(arm.id for arm in evidence.study.arms), None):
            whole, rest = _reached(evidence, flow.whole, arm), _reached(evidence, flow.rest, arm)
            leaving = _left(evidence, flow.leaving, arm)
            if whole is not None and rest is not None and leaving:
                yield _judge_flow(flow, whole, leaving, rest)


def _judge_flow(
    flow: Flow,
    whole: tuple[int, tuple[Datum, ...]],
    leaving: tuple[Datum, ...],
    rest: tuple[int, tuple[Datum, ...]],
) -> Judgement:
    left = sum(count.count for count in leaving)
    fits = whole[0] - left == rest[0]
    sums = f"{_plus(whole[1])} - {_plus(leaving)} = {whole[0] - left}; printed {_plus(rest[1])}"
    statement = (
        f"{whole[0]} reached {words(flow.whole)}, {left} {words(flow.leaving)}, {rest[0]} {words(flow.rest)}."
    )
    verdict: Outcome = "consistent" if fits else "inconsistent"
    used = (*whole[1], *leaving, *rest[1])
    return Judgement(verdict, flow.rest, (leaving[0].fact.id,), statement, sums, used)


@rule(
    "excluded-after-randomization",
    "Those randomized, excluded and analysed",
    "Those randomized, less those excluded afterwards, are one of the analysis sets. It is a finding where "
    "the per-protocol set holds more; where no set has this size it is left open, since others may have "
    "been left out.",
)
def excluded_after_randomization(evidence: Evidence) -> Iterator[Judgement]:
    """Subtract those excluded from those randomized."""
    randomized = _reached(evidence, "randomization")
    excluded = _left(evidence, "exclusion-after-randomization", None)
    sets = [(each, total) for each in evidence.study.sets if (total := evidence.total(each.id))]
    if randomized is None or not excluded or not sets:
        return
    remain = randomized[0] - sum(count.count for count in excluded)
    sums = f"{_plus(randomized[1])} - {_plus(excluded)} = {remain}; "
    sums += "; ".join(f"{each.label}: {_plus(total)} = {_size(total)}" for each, total in sets)
    used = (*randomized[1], *excluded, *(size for _, total in sets for size in total))
    equal = [each.label for each, total in sets if _size(total) == remain]
    verdict: Outcome = "consistent" if equal else "undeterminable"
    statement = f"{randomized[0]} were randomized and {remain} left after exclusions, "
    if equal:
        statement += f"as many as the {equal[0]} set."
    elif any(each.term == "per-protocol" and _size(total) > remain for each, total in sets):
        verdict = "inconsistent"
        statement += "fewer than the per-protocol set."
    else:
        statement += "which is the size of no analysis set."
    first = excluded[0].fact
    yield Judgement(verdict, first.subject, (first.id,), statement, sums, used)


def _size(sizes: tuple[Datum, ...]) -> int:
    return sum(size.count for size in sizes)


@rule(
    "assigned-as-randomized",
    "Those assigned and those randomized",
    "Patients are assigned to their groups by randomization, so as many are assigned as are randomized. It "
    "is a finding where a report gives fewer as randomly assigned: the number is then of an analysis set.",
)
def assigned_as_randomized(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the numbers assigned and randomized."""
    randomized, assigned = _reached(evidence, "randomization"), _reached(evidence, "random-assignment")
    if randomized is None or assigned is None:
        return
    fits = randomized[0] == assigned[0]
    population = assigned[1][0].fact.population
    of = f" They are the {evidence.label(population)} set." if population and not fits else ""
    statement = (
        f"{assigned[0]} patients are said to be randomly assigned and {randomized[0]} to be randomized.{of}"
    )
    sums = f"{_plus(assigned[1])} against {_plus(randomized[1])}"
    verdict: Outcome = "consistent" if fits else "inconsistent"
    first = assigned[1][0].fact
    used = (*assigned[1], *randomized[1])
    yield Judgement(verdict, first.subject, (first.id,), statement, sums, used)


@rule(
    "with-and-without",
    "Those with and those without",
    "Those who had something and those who did not (``no-…``) are together the group.",
)
def with_and_without(evidence: Evidence) -> Iterator[Judgement]:
    """Add complements."""
    for fact in evidence.of("flow", "outcome"):
        if not fact.subject.startswith("no-"):
            continue
        subject = fact.subject.removeprefix("no-")
        for other in evidence.of(fact.kind):
            fields = ("category", "arm", "phase", "population", "timepoint")
            if other.subject != subject or same(other, *fields) != same(fact, *fields):
                continue
            have, have_not, size = evidence.people(other), evidence.people(fact), evidence.size(fact)
            if have is None or have_not is None or size is None:
                continue
            together = have.interval + have_not.interval
            verdict: Outcome = "consistent" if together.holds(size.count) else "inconsistent"
            statement = (
                f"{evidence.describe(other)}: those with and without it are {together} of {size.count}."
            )
            sums = f"{have.text} + {have_not.text} = {together}; group {size.count}"
            used = (*have.used, *have_not.used, size)
            yield Judgement(verdict, subject, (fact.id,), statement, sums, used)


@rule(
    "not-started-and-started",
    "Those who did not start a phase and those who did",
    "The group, less those who did not start a phase (``…-not-started``), are those treated in that phase.",
)
def not_started_and_started(evidence: Evidence) -> Iterator[Judgement]:
    """Subtract those who did not start."""
    for fact in evidence.of("flow"):
        phase = fact.subject.removesuffix("-not-started")
        count, size = evidence.number(fact, "count"), evidence.size(fact)
        started = evidence.sizes.get((fact.arm or "", phase))
        if phase == fact.subject or fact.category or count is None or size is None or started is None:
            continue
        fits = size.count - count.count == started.count
        sums = f"{size.count} - {count.count} = {size.count - count.count}; treated {started.count}"
        statement = (
            f"{evidence.describe(fact)}: {count.count} of {size.count} did not start and {started.count} did."
        )
        verdict: Outcome = "consistent" if fits else "inconsistent"
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, (count, size, started))


@rule(
    "nested-sets",
    "Analysis sets inside one another",
    "An analysis set holds no more patients than a set that includes it, in each arm and in all: the per- "
    "protocol set within those randomized, those treated in one phase within the safety set. An arm whose "
    "patients are counted as treated may hold more than were randomized to it, so that is left open.",
)
def nested_sets(evidence: Evidence) -> Iterator[Judgement]:
    """Compare the sizes of nested sets."""
    sizes = _sizes_by_kind(evidence)
    for inner_kind, outer_kind in NESTED_SETS:
        for arm in (*(arm.id for arm in evidence.study.arms), None):
            for inner in sizes.get((arm, inner_kind), ()):
                for outer in sizes.get((arm, outer_kind), ()):
                    yield _judge_nesting(evidence, inner, outer, (inner_kind, outer_kind), arm)


_Size = tuple[str, int, tuple[Datum, ...]]


def _sizes_by_kind(evidence: Evidence) -> dict[tuple[str | None, str], list[_Size]]:
    """The sizes of analysis sets by arm (None: all arms) and kind of set."""
    sizes: dict[tuple[str | None, str], list[_Size]] = defaultdict(list)
    for (arm, population), size in evidence.sizes.items():
        if kind := evidence.term(population):
            sizes[arm, kind].append((population, size.count, (size,)))
    for each in evidence.study.sets:
        if total := evidence.total(each.id):
            sizes[None, each.term].append((each.id, _size(total), total))
        elif each.term == "all-randomized" and (randomized := _reached(evidence, "randomization")):
            sizes[None, each.term].append((each.id, *randomized))
    return sizes


def _judge_nesting(
    evidence: Evidence, inner: _Size, outer: _Size, kinds: tuple[str, str], arm: str | None
) -> Judgement:
    fits = inner[1] <= outer[1]
    who = evidence.label(arm) if arm else "all arms"
    names = (evidence.label(inner[0]), evidence.label(outer[0]))
    statement = f"{who}: the {names[0]} set of {inner[1]} {'fits' if fits else 'does not fit'} into the "
    statement += f"{names[1]} set of {outer[1]}."
    sums = f"{_plus(inner[2])} {'≤' if fits else '>'} {_plus(outer[2])}"
    first = inner[2][0].fact
    about = (first.id, arm or "all-arms", inner[0], outer[0])
    moved = arm is not None and kinds[0] in _AS_TREATED and kinds[1] not in _AS_TREATED
    verdict: Outcome = "consistent" if fits else "undeterminable" if moved else "inconsistent"
    return Judgement(verdict, first.subject, about, statement, sums, (*inner[2], *outer[2]))


@rule(
    "reason-within-total",
    "A reason and all who had it",
    "Those who left for a reason (withdrawal of consent) are among all who had it, so they are no more.",
)
def reason_within_total(evidence: Evidence) -> Iterator[Judgement]:
    """Compare reasons with the milestones of the same name."""
    totals: dict[tuple[str, str | None], list[Fact]] = defaultdict(list)
    for fact in evidence.of("flow"):
        if fact.category is None:
            totals[fact.subject, fact.arm].append(fact)
    for part in evidence.of("flow"):
        for whole in totals.get((part.category or "", part.arm), ()):
            some, every = evidence.number(part, "count"), evidence.number(whole, "count")
            covers = whole.phase in (None, part.phase) and whole.population in (None, part.population)
            if some is None or every is None or not covers:
                continue
            fits = some.count <= every.count
            statement = f"{evidence.describe(part)}: {some.printed}, of {every.printed} in all."
            sums = f"{some.count} {'≤' if fits else '>'} {every.count}"
            verdict: Outcome = "consistent" if fits else "inconsistent"
            yield Judgement(verdict, whole.subject, (part.id, whole.id), statement, sums, (some, every))


@rule(
    "subgroup-within-group",
    "An event in a subgroup and in all",
    "Those of a subgroup who had an event are among all of the arm who had it, so they are no more.",
)
def subgroup_within_group(evidence: Evidence) -> Iterator[Judgement]:
    """Compare counts in subgroups with counts in the arm."""
    fields = ("kind", "subject", "category", "arm", "timepoint", "grade", "counting")
    groups: dict[Context, list[Datum]] = defaultdict(list)
    for fact in evidence.of("outcome", "death", "flow"):
        count = evidence.number(fact, "count")
        if count and fact.arm and count.value.comparator == "=":
            groups[same(fact, *fields)].append(count)
    for counts in groups.values():
        for part in counts:
            if evidence.term(part.fact.population) != "subgroup":
                continue
            for whole in counts:
                wide = evidence.term(whole.fact.population) not in (None, "subgroup", "treated-in-phase")
                if wide and whole.fact.phase in (None, part.fact.phase):
                    yield _judge_subgroup(evidence, part, whole)


def _judge_subgroup(evidence: Evidence, part: Datum, whole: Datum) -> Judgement:
    fits = part.count <= whole.count
    statement = f"{evidence.describe(part.fact)}: {part.printed}, of {whole.printed} in the arm."
    sums = f"{part.count} {'≤' if fits else '>'} {whole.count}"
    verdict: Outcome = "consistent" if fits else "inconsistent"
    about = (part.fact.id, whole.fact.id)
    return Judgement(verdict, part.fact.subject, about, statement, sums, (part, whole))


@rule(
    "planned-groups",
    "The planned sample and its groups",
    "The planned number of patients is the planned number per group times the number of arms.",
)
def planned_groups(evidence: Evidence) -> Iterator[Judgement]:
    """Multiply the planned group by the arms."""
    plan = {fact.subject: evidence.number(fact, "count") for fact in evidence.of("statistics-plan")}
    sample, group, arms = plan.get("sample-size"), plan.get("sample-size-per-group"), len(evidence.study.arms)
    if sample is None or group is None or not arms:
        return
    fits = sample.count == arms * group.count
    statement = f"a sample of {sample.count} was planned, with {group.count} in each of {arms} groups."
    sums = f"{arms} x {group.count} = {arms * group.count}; printed {sample.printed}"
    verdict: Outcome = "consistent" if fits else "inconsistent"
    yield Judgement(verdict, "sample-size", (sample.fact.id,), statement, sums, (sample, group))


RULES = (
    arms_of_total, flow_arithmetic, excluded_after_randomization, assigned_as_randomized, with_and_without,
    not_started_and_started, nested_sets, reason_within_total, subgroup_within_group, planned_groups,
)  # fmt: skip
