"""What the trials of a treatment network connect: components, common comparators, single links.

networkx is imported when it is needed, so that other pictures draw without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from smm_kg.draw.text_width import clean
from smm_kg.errors import SmmKgError

if TYPE_CHECKING:
    import networkx

__all__ = [
    "Connections",
    "Group",
    "NetworkError",
    "Treatment",
    "Trial",
    "connections",
    "pairs",
    "to_networkx",
]


class NetworkError(SmmKgError):
    """Trials and treatments do not fit together."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What patients receive: a drug, a combination, or nothing active (observation, placebo)."""

    id: str
    label: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """The patients of one arm of a trial.

    Attributes:
        treatment: id of what they receive.
        label: of the arm.
        patients: their number, None where it is not known or sources differ.
        words: what to print for the number, where the number alone would not do (``n = 90 or 92``).
    """

    treatment: str
    label: str
    patients: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial with its arms; ``randomized`` is None where the report does not say."""

    id: str
    label: str
    groups: tuple[Group, ...]
    disease: str = ""
    design: str = ""
    randomized: bool | None = None


@dataclass(frozen=True, slots=True)
class Connections:
    """How treatments hang together.

    Attributes:
        components: ids of treatments that trials connect, directly or in a chain, the largest first.
        comparators: treatments that trials compare with two others or more, so that these can be compared
            indirectly; the one with the most first.
        bridges: a trial and the two treatments that it alone connects; without it the network falls apart.
        unconnected: treatments that no trial compares with another.
    """

    components: tuple[tuple[str, ...], ...]
    comparators: tuple[tuple[str, int], ...]
    bridges: tuple[tuple[str, str, str], ...]
    unconnected: tuple[str, ...]


def pairs(trials: tuple[Trial, ...]) -> dict[tuple[str, str], list[Trial]]:
    """Return the pairs of different treatments that trials compare, in order of their ids, and the trials."""
    found: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        arms = sorted({group.treatment for group in trial.groups})
        for first, second in combinations(arms, 2):
            found.setdefault((first, second), []).append(trial)
    return dict(sorted(found.items()))


def connections(treatments: tuple[Treatment, ...], trials: tuple[Trial, ...]) -> Connections:
    """Return what the trials connect.

    Raises:
        NetworkError: a trial has a treatment that is not among the treatments.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(each.id for each in treatments))
    compared = pairs(trials)
    for trial in trials:
        for group in trial.groups:
            if group.treatment not in graph:
                raise NetworkError(f"{trial.label} has a treatment that is not named: {group.treatment!r}")
    graph.add_edges_from(compared)
    components = [tuple(sorted(component)) for component in networkx.connected_components(graph)]
    comparators = [(node, degree) for node, degree in graph.degree() if degree >= 2]
    bridges = []
    for edge in networkx.bridges(graph):
        first, second = sorted(edge)
        if len(compared[first, second]) == 1:
            bridges.append((compared[first, second][0].id, first, second))
    return Connections(
        tuple(sorted(components, key=lambda each: (-len(each), each))),
        tuple(sorted(comparators, key=lambda each: (-each[1], each[0]))),
        tuple(sorted(bridges)),
        tuple(sorted(node for node, degree in graph.degree() if degree == 0)),
    )


def to_networkx(treatments: tuple[Treatment, ...], trials: tuple[Trial, ...]) -> networkx.MultiGraph[str]:
    """Return the treatment network as a networkx graph.

    Nodes are treatments by id. Their attributes: ``label``; ``active`` (False for observation and placebo);
    ``patients``, the sum over their arms of known size; ``arms`` and ``arms_of_unknown_size``; ``component``,
    the number of the component, 1 for the largest; ``comparisons``, with how many others trials compare it;
    ``trials``, the ids of all its trials, single-arm ones too, joined by "; ".

    An edge is one trial's comparison of two treatments, its key the id of the trial. Its attributes:
    ``label``; ``patients`` of both, where known; ``disease`` and ``design``; ``only_link``, whether the
    network falls apart without it.
    """
    import networkx

    found = connections(treatments, trials)
    numbers = {each: at for at, component in enumerate(found.components, start=1) for each in component}
    compared = pairs(trials)
    graph: networkx.MultiGraph[str] = networkx.MultiGraph()
    for treatment in sorted(treatments, key=lambda each: each.id):
        groups = [group for trial in trials for group in trial.groups if group.treatment == treatment.id]
        known = [group.patients for group in groups if group.patients is not None]
        own = sorted(
            {trial.id for trial in trials for group in trial.groups if group.treatment == treatment.id}
        )
        graph.add_node(
            treatment.id,
            label=clean(treatment.label),
            active=treatment.active,
            patients=sum(known),
            arms=len(groups),
            arms_of_unknown_size=len(groups) - len(known),
            component=numbers[treatment.id],
            comparisons=sum(treatment.id in pair for pair in compared),
            trials="; ".join(own),
        )
    only = {(trial, first, second) for trial, first, second in found.bridges}
    for (first, second), between in compared.items():
        for trial in sorted(between, key=lambda each: each.id):
            sizes = [group.patients for group in trial.groups if group.treatment in (first, second)]
            attributes: dict[str, str | int | bool] = {
                "label": clean(trial.label),
                "disease": clean(trial.disease),
                "design": clean(trial.design),
                "only_link": (trial.id, first, second) in only,
            }
            if None not in sizes:
                attributes["patients"] = sum(size for size in sizes if size is not None)
            graph.add_edge(first, second, key=trial.id, **attributes)
    return graph
