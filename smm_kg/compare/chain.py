"""Indirect comparison: from one treatment to another over the trials that connect them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from smm_kg import effects
from smm_kg.compare.derived import decimal, estimate_of, shown
from smm_kg.compare.errors import ComparisonError
from smm_kg.compare.evidence import Evidence, Result
from smm_kg.compare.row import Caveat, Row

__all__ = ["indirect", "treatment_name"]


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
    links = [_link(row, evidence) for row in rows if row.result.reference is not None]
    targets = set(goals) - {start}
    path = _path(links, start, targets, lambda link: link.effect is not None) or _path(
        links, start, targets, lambda link: True
    )
    if path is None:
        reached = ", ".join(sorted(targets)) or "none"
        raise ComparisonError(
            f"no chain of trials connects {start} with {reached}",
            hint="see what connects with: smm-kg draw network",
        )
    if len(path) == 1:
        raise ComparisonError(f"{path[0].label} compares the two directly", hint="leave out --indirect")
    try:
        found = effects.indirect_comparison(path)
    except effects.EffectError as error:
        chain = " – ".join([start, *_stops(path, start)])
        raise ComparisonError(f"no indirect comparison along {chain}", where=None, hint=str(error)) from error
    defined = {_definition(link, rows) for link in path}
    if len(defined) > 1 and not even_so:
        raise ComparisonError(
            "no indirect comparison over different definitions: " + "; ".join(sorted(defined)),
            hint="compare --even-so to do it nevertheless",
        )
    return _row(found, path, rows)


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
    links: Sequence[effects.Link], start: str, goals: set[str], allowed: Callable[[effects.Link], bool]
) -> list[effects.Link] | None:
    """Return the shortest chain of links from the start to a goal, each trial used once."""
    queue: deque[tuple[str, list[effects.Link]]] = deque([(start, [])])
    seen = {start}
    while queue:
        place, walked = queue.popleft()
        if place in goals:
            return walked
        for link in links:
            ends = {link.treatment, link.comparator}
            if place not in ends or len(ends) < 2 or not allowed(link):
                continue
            (onward,) = ends - {place}
            if onward not in seen and link.label not in {one.label for one in walked}:
                seen.add(onward)
                queue.append((onward, [*walked, link]))
    return None


def _definition(link: effects.Link, rows: Sequence[Row]) -> str:
    """Return what counts as the event in a link."""
    row = next(row for row in rows if row.result.study == link.label and row.result.reference is not None)
    return f"{row.result.end_point}, {row.definition or 'definition not stated'}"


def _stops(path: Sequence[effects.Link], start: str) -> list[str]:
    stops, place = [], start
    for link in path:
        place = link.comparator if link.treatment == place else link.treatment
        stops.append(place)
    return stops


def _row(found: effects.Indirect, path: Sequence[effects.Link], rows: Sequence[Row]) -> Row:
    estimate = found.estimate
    numbers = [
        decimal(number) for number in (estimate.value, estimate.lower, estimate.upper) if number is not None
    ]
    like = next(row for row in rows if row.result.study == path[0].label)
    populations = [f"{link.label}: {link.population or 'population not stated'}" for link in path]
    caveats = [
        Caveat("indirect", "indirect, along " + " – ".join(found.chain)),
        *(Caveat("population", words) for words in populations),
        Caveat("weakest-link", f"weakest link: {found.weakest.label}"),
    ]
    return Row(
        result=Result(
            study="indirect",
            end_point=like.result.end_point,
            fact="",
            document="",
            primary=True,
            read_from_paper=False,
            definition=like.result.definition,
            experimental=found.chain[0],
            reference=found.chain[-1],
        ),
        contrast=f"{found.chain[0]} vs {found.chain[-1]}",
        measure=like.measure,
        value_status="reported",
        origin="derived",
        estimate=numbers[0],
        lower=numbers[1],
        upper=numbers[2],
        level=decimal(100 * estimate.level),
        printed=shown(*numbers),
        method=estimate.method,
        caveats=tuple(caveats),
    )
