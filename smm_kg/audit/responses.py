"""Degrees of response: categories that include one another, and patients who moved from one to a better one.

Let ``P[i]`` be the number of patients with the i-th degree or a better one. An exclusive count of degree i
says ``P[i] - P[i-1] = n``, "or better" says ``P[i] = n``, and a count of degree i that includes the k degrees
next above it says ``P[i] - P[i-k-1] = n``. How far a cumulative count reaches is not printed with it, so
every reach is tried. A reading is possible if these differences have a solution with
``0 ≤ P[0] ≤ P[1] ≤ … ≤ group``, which shortest paths decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf

from smm_kg.audit.evidence import Context, Datum, Evidence, People, same, words
from smm_kg.audit.verdict import Judgement, Outcome, rule
from smm_kg.audit.vocabulary import PHASES, RESPONSES
from smm_kg.records import Fact

__all__ = ["RULES"]


@dataclass(frozen=True, slots=True)
class _Count:
    """Patients of a fact, the degree they have, and how many better degrees they may include."""

    fact: Fact
    people: People
    degree: int
    reaches: tuple[int, ...]


def _count(evidence: Evidence, fact: Fact) -> _Count | None:
    """Read a fact as a count of a degree of response; None where it is not one."""
    category = fact.category or ""
    name = category.removesuffix("-or-better")
    if fact.subject != "response" or name not in RESPONSES or (people := evidence.people(fact)) is None:
        return None
    degree = RESPONSES.index(name)
    if name != category:
        reaches: tuple[int, ...] = (degree,)
    elif fact.counting == "exclusive":
        reaches = (0,)
    elif fact.counting == "cumulative":
        reaches = tuple(range(min(1, degree), degree + 1))
    else:  # nothing is said: a response may include better ones, the absence of a response does not
        reaches = tuple(range(degree + 1)) if name.endswith("-response") else (0,)
    return _Count(fact, people, degree, reaches)


_Bounds = tuple[tuple[float, ...], ...]
"""The closest bounds of all differences: ``bounds[j][i]`` is the most that ``P[i] - P[j]`` can be.

Node 0 stands for no patient, node i + 1 for ``P[i]``. They are shortest paths, kept so at every step.
"""


def _unread(size: int | None) -> _Bounds:
    """The bounds before any count: no degree has more patients than a worse one, nor than the group."""
    nodes = range(len(RESPONSES) + 1)
    most = inf if size is None else size
    return tuple(tuple(0 if i <= j else most for i in nodes) for j in nodes)


def _read(bounds: _Bounds, count: _Count, reach: int) -> _Bounds | None:
    """Return the bounds that a count leaves under one reading; None where it contradicts them."""
    start, end = count.degree - reach, count.degree + 1
    for source, target, most in ((start, end, count.people.high), (end, start, -count.people.low)):
        if most + bounds[target][source] < 0:
            return None  # there and back again is less than nothing: a negative cycle
        on = bounds[target]
        bounds = tuple(
            tuple(min(direct, row[source] + most + further) for direct, further in zip(row, on, strict=True))
            for row in bounds
        )
    return bounds


@dataclass(frozen=True)
class _Table:
    """The response categories of one group of patients in one phase."""

    counts: tuple[_Count, ...]
    size: Datum | None

    @cached_property
    def readings(self) -> dict[_Bounds, tuple[frozenset[int], ...]]:
        """The bounds that are possible, each with the reaches of the counts that lead to it."""
        none: tuple[frozenset[int], ...] = ()
        found = {_unread(self.size.count if self.size else None): none}
        for count in self.counts:
            next_ones: dict[_Bounds, tuple[frozenset[int], ...]] = {}
            for bounds, reaches in found.items():
                for reach in count.reaches:
                    if (left := _read(bounds, count, reach)) is not None:
                        known = next_ones.get(left, (frozenset(),) * (len(reaches) + 1))
                        added = (*reaches, frozenset({reach}))
                        next_ones[left] = tuple(old | new for old, new in zip(known, added, strict=True))
            found = next_ones
        return found

    def alone(self, degree: int) -> tuple[float, float]:
        """Return the least and most patients who have a degree and no better one."""
        low = min(-bounds[degree + 1][degree] for bounds in self.readings)
        return low, max(bounds[degree][degree + 1] for bounds in self.readings)

    @property
    def used(self) -> tuple[Datum, ...]:
        data = tuple(datum for count in self.counts for datum in count.people.used)
        return (*data, self.size) if self.size else data


def _tables(evidence: Evidence) -> dict[Context, _Table]:
    """The response tables of a study by arm, phase, analysis set and time."""
    groups: dict[Context, list[_Count]] = defaultdict(list)
    for fact in evidence.of("outcome"):
        if not fact.contrast and (count := _count(evidence, fact)) is not None:
            groups[same(fact, "arm", "phase", "population", "timepoint")].append(count)
    for counts in groups.values():  # those with one reading first, so that the others meet narrow bounds
        counts.sort(key=lambda count: len(count.reaches))
    return {key: _Table(tuple(each), evidence.size(each[0].fact)) for key, each in groups.items()}


@rule(
    "response-hierarchy",
    "Degrees of response and those they include",
    "Counts of degrees of response, some of which include the better ones, must come from one table of "
    "patients of whom each has one degree, no more than the group has. It is a finding where no way of "
    "including better degrees makes the counts agree; the counts that contradict one another are listed.",
)
def response_hierarchy(evidence: Evidence) -> Iterator[Judgement]:
    """Look for a table of patients that gives all counts."""
    for table in _tables(evidence).values():
        if len(table.counts) < 2:
            continue
        first = table.counts[0].fact
        what = f"response{evidence.where(first)}"
        if table.readings:
            statement = f"{what}: one table of patients gives all {len(table.counts)} counts."
            sums = "; ".join([*map(_told, table.counts), *_readings(table)])
            yield Judgement("consistent", "response", (first.id,), statement, sums, table.used)
            continue
        table = _contradiction(table)
        statement = f"{what}: no way of including better responses makes these counts agree."
        sums = "; ".join(map(_told, table.counts)) + (f"; group {table.size.count}" if table.size else "")
        yield Judgement("inconsistent", "response", (first.id,), statement, sums, table.used)


def _contradiction(table: _Table) -> _Table:
    """Leave out of a table without a reading whatever does not belong to the contradiction."""
    if table.size and not (unbounded := _Table(table.counts, None)).readings:
        table = unbounded
    for count in table.counts:
        rest = _Table(tuple(each for each in table.counts if each is not count), table.size)
        if not rest.readings:
            table = rest
    return table


def _told(count: _Count) -> str:
    counting = f" ({count.fact.counting})" if count.fact.counting else ""
    return f"{words(count.fact.category or '')} {count.people.text}{counting}"


def _readings(table: _Table) -> Iterator[str]:
    """Say what each count that may include others includes, where only one reading is possible."""
    for at, count in enumerate(table.counts):
        reaches = set().union(*(reading[at] for reading in table.readings.values()))
        if len(count.reaches) > 1 and len(reaches) == 1 and (reach := reaches.pop()):
            better = RESPONSES[count.degree - reach : count.degree]
            yield f"{words(RESPONSES[count.degree])} includes {', '.join(map(words, better))}"


@dataclass(frozen=True, slots=True)
class _Move:
    """Patients who moved from one degree of response to one of several better ones."""

    fact: Fact
    people: People
    source: int
    targets: frozenset[int]


def _degree(name: str) -> int | None:
    """The index of a degree as the name of a move shortens it: ``partial`` is a partial response."""
    for full in (name, f"{name}-response"):
        if full in RESPONSES:
            return RESPONSES.index(full)
    return None


def _move(evidence: Evidence, fact: Fact) -> _Move | None:
    """Read ``partial-to-complete-response``; None where a category is not a move."""
    before, to, after = (fact.category or "").partition("-to-")
    source = _degree(before) if to else None
    if source is None or (people := evidence.people(fact)) is None:
        return None
    if after.startswith("better"):
        return _Move(fact, people, source, frozenset(range(source)))
    targets = [_degree(name) for name in after.split("-or-")]
    known = frozenset(target for target in targets if target is not None)
    return _Move(fact, people, source, known) if len(known) == len(targets) else None


def _moves(evidence: Evidence) -> dict[Context, list[_Move]]:
    """The moves between degrees by arm, phase and analysis set."""
    groups: dict[Context, list[_Move]] = defaultdict(list)
    for fact in evidence.of("outcome"):
        if (move := _move(evidence, fact)) is not None:
            groups[same(fact, "subject", "arm", "phase", "population")].append(move)
    return groups


@rule(
    "moves-in-all",
    "Moves between responses, in all and by target",
    "Those who moved from a degree of response to any better one are at least as many as those of them "
    "whose new degree is given.",
)
def moves_in_all(evidence: Evidence) -> Iterator[Judgement]:
    """Compare moves to any better degree with moves to each."""
    for moves in _moves(evidence).values():
        for whole in moves:
            parts = [each for each in moves if each.source == whole.source and each.targets < whole.targets]
            if whole.fact.counting == "exclusive" or not parts:
                continue
            added = sum(part.people.low for part in parts)
            verdict: Outcome = "inconsistent" if added > whole.people.high else "consistent"
            sums = " + ".join(part.people.text for part in parts) + f" = {added}; in all {whole.people.text}"
            statement = (
                f"{evidence.describe(whole.fact)}: {added} by their new response, {whole.people.text} in all."
            )
            used = (*whole.people.used, *(datum for part in parts for datum in part.people.used))
            yield Judgement(verdict, whole.fact.subject, (whole.fact.id,), statement, sums, used)


@rule(
    "moves-between-responses",
    "Moves between responses and the tables before and after",
    "No more patients can leave a degree of response than had it in the phase before: more is a finding. "
    "The table afterwards should hold those who were there, less those who left, plus those who came; where "
    "it does not, somebody must have got worse, and it is left open.",
)
def moves_between_responses(evidence: Evidence) -> Iterator[Judgement]:
    """Compare moves with the response tables of the phase before and of their own."""
    tables = {key: table for key, table in _tables(evidence).items() if table.readings}
    for (_, arm, phase, population), moves in _moves(evidence).items():
        after = tables.get((arm, phase, population, None))
        earlier = PHASES[: PHASES.index(str(phase))] if phase in PHASES else ()
        before = [
            table
            for name in reversed(earlier)
            for key, table in tables.items()
            if key[:2] == (arm, name) and not key[3]
        ]
        moved = [move for move in _without_sums(moves) if move.people.high]
        if before and moved:
            yield _judge_moves(evidence, moved, before[0], after)


def _without_sums(moves: list[_Move]) -> list[_Move]:
    """Leave out moves to any better degree where the moves to each are given too."""
    return [
        move
        for move in moves
        if not any(each.source == move.source and each.targets < move.targets for each in moves)
    ]


def _judge_moves(evidence: Evidence, moves: list[_Move], before: _Table, after: _Table | None) -> Judgement:
    lines: list[str] = []
    verdict: Outcome = "consistent"
    for degree, name in enumerate(RESPONSES):
        gone = sum(move.people.low for move in moves if move.source == degree)
        come = sum(move.people.high for move in moves if degree in move.targets)
        if not gone and not come:
            continue
        had = before.alone(degree)
        lines.append(f"{words(name)}: {_range(had)} before, {gone} left, at most {come} came")
        if gone > had[1]:
            verdict = "inconsistent"
        if after is not None:
            has = after.alone(degree)
            lines[-1] += f", {_range(has)} after"
            if verdict == "consistent" and has[0] > had[1] - gone + come:
                verdict = "undeterminable"
    first = moves[0].fact
    ends: dict[Outcome, str] = {
        "consistent": "fit the responses before" + (" and after." if after else "."),
        "inconsistent": "are more than had the response they left.",
        "undeterminable": "lead to the responses afterwards only if somebody got worse.",
    }
    statement = f"{words(first.subject)}{evidence.where(first)}: the moves {ends[verdict]}"
    used = (
        *(datum for move in moves for datum in move.people.used),
        *before.used,
        *(after.used if after else ()),
    )
    return Judgement(verdict, first.subject, (first.id,), statement, "; ".join(lines), used)


def _range(ends: tuple[float, float]) -> str:
    if ends[1] == inf:
        return f"at least {ends[0]}"
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


RULES = (response_hierarchy, moves_in_all, moves_between_responses)
