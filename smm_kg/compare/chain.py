"""Indirect comparison: from one treatment to another over the trials that connect them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from smm_kg import effects
from smm_kg.compare.caveats import BLOCKING
from smm_kg.compare.derived import computed_as, estimate_of
from smm_kg.compare.errors import ComparisonError
from smm_kg.compare.evidence import Evidence, Result
from smm_kg.compare.row import Caveat, Row

__all__ = ["indirect", "treatment_name"]


@dataclass(frozen=True, slots=True)
class _Link:
    """A trial between two treatments, and the row of the comparison that it stands for."""

    row: Row
    effect: effects.Link


def treatment_name(evidence: Evidence, study: str, arm: str | None) -> str:
    """Return what an arm was given, by its drugs; what has one name is one treatment."""
    known = evidence.arms.get(study, {}).get(arm or "")
    return f"{arm} of {study}" if known is None else known.given


def indirect(
    rows: Sequence[Row], start: str, goals: Iterable[str], evidence: Evidence, *, even_so: bool = False
) -> Row:
    """Compare two treatments over the trials between them, by the method of Bucher.

    Args:
        rows: the rows of a comparison, of one measure.
        start: the treatment of the trial compared, as :func:`treatment_name` gives it.
        goals: the treatments to compare it with.
        evidence: arms and designs.
        even_so: go along links of different definitions too; the row then says so.

    Returns:
        A derived row; its caveats name the chain, the population of each link and the weakest link.

    Raises:
        ComparisonError: no chain of trials connects them, a link of every chain has no usable effect (the
            error names the link and says why), or the links follow different definitions.
    """
    links = [_Link(row, _link(row, evidence)) for row in rows if row.result.reference is not None]
    targets = set(goals) - {start}
    path = _path(links, start, targets, lambda link: link.effect.effect is not None) or _path(
        links, start, targets, lambda link: True
    )
    if path is None:
        reached = ", ".join(sorted(targets)) or "none"
        raise ComparisonError(
            f"no chain of trials connects {start} with {reached}",
            hint="see what connects with: smm-kg draw network",
        )
    if len(path) == 1:
        raise ComparisonError(
            f"{path[0].effect.label} compares the two directly", hint="leave out --indirect"
        )
    try:
        found = effects.indirect_comparison([link.effect for link in path])
    except effects.EffectError as error:
        chain = " – ".join([start, *_stops(path, start)])
        raise ComparisonError(f"no indirect comparison along {chain}", where=None, hint=str(error)) from error
    defined = {_definition(link.row) for link in path}
    if len(defined) > 1 and not even_so:
        raise ComparisonError(
            "no indirect comparison over different definitions: " + "; ".join(sorted(defined)),
            hint="compare --even-so to do it nevertheless",
        )
    return _row(found, path)


def _link(row: Row, evidence: Evidence) -> effects.Link:
    estimate = estimate_of(row)
    study = row.result.study
    design = evidence.designs.get(study)
    usable = not isinstance(estimate, str)
    return effects.Link(
        treatment=treatment_name(evidence, study, row.result.experimental),
        comparator=treatment_name(evidence, study, row.result.reference),
        effect=None if isinstance(estimate, str) else estimate,
        label=study,
        population=", ".join(word for word in (design.disease, design.risk) if word) if design else "",
        unusable="" if usable else str(estimate),
    )


def _path(
    links: Sequence[_Link], start: str, goals: set[str], allowed: Callable[[_Link], bool]
) -> list[_Link] | None:
    """Return the shortest chain of links from the start to a goal, each trial used once."""
    queue: deque[tuple[str, list[_Link]]] = deque([(start, [])])
    seen = {start}
    while queue:
        place, walked = queue.popleft()
        if place in goals:
            return walked
        for link in links:
            ends = {link.effect.treatment, link.effect.comparator}
            if place not in ends or len(ends) < 2 or not allowed(link):
                continue
            (onward,) = ends - {place}
            if onward not in seen and link.effect.label not in {one.effect.label for one in walked}:
                seen.add(onward)
                queue.append((onward, [*walked, link]))
    return None


def _definition(row: Row) -> str:
    """Return what counts as the event in a link."""
    return f"{row.result.end_point}, {row.result.definition or 'definition not stated'}"


def _stops(path: Sequence[_Link], start: str) -> list[str]:
    stops, place = [], start
    for link in path:
        ends = (link.effect.treatment, link.effect.comparator)
        place = ends[1] if ends[0] == place else ends[0]
        stops.append(place)
    return stops


def _row(found: effects.Indirect, path: Sequence[_Link]) -> Row:
    first = path[0].row
    populations = [
        f"{link.effect.label}: {link.effect.population or 'population not stated'}" for link in path
    ]
    unlike = [
        f"{link.effect.label}: {caveat}"
        for link in path
        for caveat in link.row.caveats
        if caveat.name in BLOCKING
    ]
    definitions = list(dict.fromkeys(_definition(link.row) for link in path))
    if len(definitions) > 1:
        unlike.append("different definitions: " + "; ".join(definitions))
    caveats = [
        Caveat("indirect", "indirect, along " + " – ".join(found.chain)),
        *(Caveat("population", words) for words in populations),
        *(Caveat("in-spite-of", f"in spite of {words}") for words in unlike),
        Caveat("weakest-link", f"weakest link: {found.weakest.label}"),
    ]
    return Row(
        result=Result(
            study="indirect",
            end_point=first.result.end_point,
            fact="",
            document="",
            primary=True,
            read_from_paper=False,
            definition=first.result.definition if len(definitions) == 1 else None,
            experimental=found.chain[0],
            reference=found.chain[-1],
        ),
        contrast=f"{found.chain[0]} vs {found.chain[-1]}",
        measure=first.measure,
        value_status="reported",
        caveats=tuple(caveats),
        **computed_as(first.measure, found.estimate),
    )
