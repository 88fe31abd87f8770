"""Days in cycles, cycles in phases, phases in the whole treatment."""

from __future__ import annotations

from collections.abc import Iterator

from smm_kg.audit.evidence import Context, Datum, Evidence, same, words
from smm_kg.audit.interval import Interval, show
from smm_kg.audit.moments import days, in_months
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.records import Fact

__all__ = ["RULES"]


def _exactly(datum: Datum) -> Interval | None:
    """The days of a length that is laid down, and so is not rounded."""
    time = days(datum)
    if time is None or time.low is None or time.high is None:
        return None
    return Interval.exactly((time.low + time.high) / 2)


def _cycle(evidence: Evidence, arm: str | None, phase: str | None) -> Datum | None:
    """The length of a treatment cycle of an arm in a phase."""
    for fact in evidence.of("regimen"):
        if fact.subject == "treatment-cycle" and (fact.arm, fact.phase) == (arm, phase) and not fact.category:
            return evidence.number(fact, "duration")
    return None


@rule(
    "days-within-cycle",
    "Days of treatment and the length of the cycle",
    "A drug is given on days of its cycle, so no day is later than the cycle is long, a rest period after "
    "the last of them included. A rest that does not fill the cycle is left open.",
)
def days_within_cycle(evidence: Evidence) -> Iterator[Judgement]:
    """Compare days of treatment with the length of the cycle."""
    for fact in evidence.of("regimen"):
        last, cycle = evidence.number(fact, "last day"), _cycle(evidence, fact.arm, fact.phase)
        length = _exactly(cycle) if cycle else None
        if last is None or cycle is None or length is None or length.high is None:
            continue
        rest = _rest(evidence, fact)
        used_days = last.interval + ((_exactly(rest) if rest else None) or Interval.exactly(0))
        wrong = length.surely_below(used_days)
        short = rest is not None and used_days.surely_below(length)
        sums = f"day {last.printed}" + (f" and {rest.printed} of rest" if rest else "")
        sums += f"; cycle of {cycle.printed} = {show(length.high)} days"
        how = "go beyond" if wrong else "and of rest do not fill" if short else "fit"
        statement = f"{evidence.describe(fact)}: the days of treatment {how} the cycle."
        verdict: Outcome = "inconsistent" if wrong else "undeterminable" if short else "consistent"
        used = (last, cycle, *((rest,) if rest else ()))
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


def _rest(evidence: Evidence, drug: Fact) -> Datum | None:
    """The rest period after the last days of a drug in a cycle."""
    alike = [other for other in evidence.of("regimen") if _key(other) == _key(drug)]
    lasts = [last.count for other in alike if (last := evidence.number(other, "last day"))]
    own = evidence.number(drug, "last day")
    if own is None or own.count < max(lasts):
        return None
    for fact in evidence.of("regimen"):
        about = drug.subject in fact.about and same(fact, "arm", "phase") == same(drug, "arm", "phase")
        if fact.subject == "rest-period" and about and drug.category is None:
            return evidence.number(fact, "duration")
    return None


def _key(fact: Fact) -> Context:
    return same(fact, "subject", "category", "arm", "phase")


def _longest(evidence: Evidence, *subjects: str) -> Iterator[tuple[Fact, Datum]]:
    """The lengths of treatment laid down, as durations or maxima."""
    for fact in evidence.of("regimen"):
        for measure in ("duration", "maximum"):
            length = evidence.number(fact, measure)
            if fact.subject in subjects and length is not None:
                yield fact, length


@rule(
    "cycles-against-duration",
    "Cycles given and the time for them",
    "So many cycles of a phase take so much time. More than the longest follow-up is a finding. More than "
    "the length of treatment laid down is left open: some patients may have been treated for longer, or "
    "under another version of the protocol.",
)
def cycles_against_duration(evidence: Evidence) -> Iterator[Judgement]:
    """Multiply cycles by their length."""
    for fact in evidence.of("flow", "outcome", "follow-up"):
        phase = fact.subject.removesuffix("-cycles-given")
        most, cycle = evidence.number(fact, "maximum"), _cycle(evidence, fact.arm, phase)
        length = _exactly(cycle) if cycle else None
        if phase == fact.subject or most is None or cycle is None or length is None or length.high is None:
            continue
        taken = length.scaled(most.count)
        limits = list(_longest(evidence, f"{phase}-duration", "total-treatment-duration"))
        follow_up = _longest_follow_up(evidence)
        beyond = [(of, limit) for of, limit in limits if (time := days(limit)) and time.surely_below(taken)]
        impossible = bool(follow_up and (time := days(follow_up)) and time.surely_below(taken))
        if not limits and follow_up is None:
            continue
        sums = f"{most.printed} cycles of {cycle.printed} = {_months(taken)} months"
        sums += "".join(f"; {words(of.subject)} {limit.printed}" for of, limit in limits)
        sums += f"; longest follow-up {follow_up.printed}" if follow_up else ""
        verdict: Outcome = "inconsistent" if impossible else "undeterminable" if beyond else "consistent"
        how = "take longer than anybody was followed" if impossible else "fit into the time laid down"
        if beyond and not impossible:
            how = "take longer than " + " and ".join(f"the {words(of.subject)}" for of, _ in beyond)
        statement = f"{evidence.describe(fact)}: the most cycles given {how}."
        used = (most, cycle, *(limit for _, limit in limits), *((follow_up,) if follow_up else ()))
        yield Judgement(verdict, fact.subject, (fact.id,), statement, sums, used)


def _months(time: Interval) -> str:
    return show(float(in_months(time).high or 0)) if time.high else "0"


def _longest_follow_up(evidence: Evidence) -> Datum | None:
    for fact in evidence.of("follow-up"):
        if fact.subject == "follow-up" and not (
            fact.arm or fact.population or fact.time_origin or fact.phase
        ):
            return evidence.number(fact, "maximum")
    return None


@rule(
    "phases-within-treatment",
    "Phases and the whole treatment",
    "The lengths of the phases that a patient passes through, given as cycles or as a duration, add up to "
    "no more than the length of the whole treatment.",
)
def phases_within_treatment(evidence: Evidence) -> Iterator[Judgement]:
    """Add up the phases of treatment."""
    for whole, limit in _longest(evidence, "total-treatment-duration"):
        lengths = _phase_lengths(evidence, whole.arm)
        total = days(limit)
        if len(lengths) < 2 or total is None:
            continue
        added = sum((length for _, length, _ in lengths), Interval.exactly(0))
        wrong = total.surely_below(added)
        sums = " + ".join(text for text, _, _ in lengths) + f" = {_months(added)} months; "
        sums += f"in all {limit.printed}, at most {_months(total)} months"
        statement = f"{words(whole.subject)}{evidence.where(whole)}: the phases "
        statement += "take longer than the whole." if wrong else "fit into the whole."
        verdict: Outcome = "inconsistent" if wrong else "consistent"
        used = (limit, *(datum for _, _, data in lengths for datum in data))
        yield Judgement(verdict, whole.subject, (whole.id,), statement, sums, used)


_Length = tuple[str, Interval, tuple[Datum, ...]]


def _phase_lengths(evidence: Evidence, arm: str | None) -> list[_Length]:
    """The length of each phase of an arm: its duration, else its cycles times their length."""
    lengths: dict[str, _Length] = {}
    for fact in evidence.of("regimen"):
        phase, duration = fact.phase or "", evidence.number(fact, "duration")
        if fact.arm != arm or not phase or fact.category is not None:
            continue
        cycles = evidence.number(fact, "cycles")
        if fact.subject == f"{phase}-duration" and duration and (time := _exactly(duration)):
            lengths[phase] = (f"{words(phase)} {duration.printed}", time, (duration,))
        elif fact.subject == "treatment-cycle" and cycles and duration and (time := _exactly(duration)):
            text = f"{words(phase)} {cycles.printed} cycles of {duration.printed}"
            lengths.setdefault(phase, (text, time.scaled(cycles.count), (cycles, duration)))
    return list(lengths.values())


RULES = (days_within_cycle, cycles_against_duration, phases_within_treatment)
