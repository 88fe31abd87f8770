"""The pictures by name: how the input of each is asked of a graph, and how it is drawn."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = ["PICTURES", "Picture"]


class Picture(NamedTuple):
    """A picture.

    Attributes:
        summary: what it shows.
        module: of the picture, which has ``draw``; also of its input, in ``from_graph``.
        asking: the function there that asks a graph for the input.
        graph: module and function that turn the input into a networkx graph; None where it is no graph.
    """

    summary: str
    module: str
    asking: str
    graph: tuple[str, str] | None = None

    def ask(self, graph: Graph, study: str | None) -> Any:
        """Return the input of the picture.

        Raises:
            DrawingError: the graph has not what the picture needs.
        """
        function: Callable[[Graph, str | None], Any] = getattr(
            importlib.import_module(f"smm_kg.draw.from_graph.{self.module}"), self.asking
        )
        return function(graph, study)

    def draw(self, shown: Any) -> str:
        """Return the picture of its input as SVG."""
        svg: str = importlib.import_module(f"smm_kg.draw.{self.module}").draw(shown)
        return svg

    def graph_file(self, shown: Any, suffix: str) -> bytes:
        """Return the input as a graph, in the format of a suffix of ``GRAPH_FORMATS``."""
        from smm_kg.draw.graph_files import GRAPH_FORMATS

        module, function = self.graph or ("", "")
        return GRAPH_FORMATS[suffix](
            getattr(importlib.import_module(f"smm_kg.draw.{module}"), function)(shown)
        )


PICTURES = {
    "flow": Picture("CONSORT diagram: patients at each step, who left and why", "flow", "flow"),
    "regimen": Picture("drugs by day of the cycle and phase", "regimen", "regimens"),
    "response": Picture("best responses, stacked, by phase", "response", "responses"),
    "adverse-events": Picture("adverse events by arm and grade", "adverse_events", "adverse_events"),
    "study": Picture(
        "the trial's own graph: arms, regimens, end points, results",
        "study",
        "study_graph",
        ("graph_files", "study_to_networkx"),
    ),
    "network": Picture(
        "treatments and the trials between them",
        "network",
        "treatment_network",
        ("graph_files", "network_to_networkx"),
    ),
    "ontology": Picture("class hierarchy of the ontology", "ontology", "hierarchy"),
}
"""Pictures that are asked of a graph as they stand; the forest plot is that of a comparison."""
