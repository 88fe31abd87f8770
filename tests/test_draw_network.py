"""The treatment network: what trials connect, where it is drawn, and how it leaves for other tools."""

from __future__ import annotations

import io
import json
import math

import networkx
import pytest
from drawn_text import SVG, check, shows
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.draw.connections import Group, Treatment, Trial, connections, pairs, to_networkx
from smm_kg.draw.graph_files import GRAPH_FORMATS, network_to_networkx, study_to_networkx
from smm_kg.draw.layout import placed
from smm_kg.draw.network import TreatmentNetwork, draw
from smm_kg.draw.page import Caption
from smm_kg.draw.study import Edge, Node, StudyGraph


def trial(name: str, *arms: tuple[str, int | None], randomized: bool | None = True) -> Trial:
    groups = tuple(Group(treatment, treatment, size) for treatment, size in arms)
    return Trial(name.lower(), name, groups, "quiet lymphoma", "randomized", randomized)


TRIALS = (
    trial("North", ("a", 50), ("waiting", 50)),
    trial("South", ("b", 30), ("waiting", 30)),
    trial("East", ("b", 20), ("waiting", None)),
    trial("West", ("a", 10), ("a + c", 10)),
    trial("Isle", ("d", 5), ("e", 5)),
    trial("Rock", ("f", 8), randomized=None),
    trial("Reef", ("a", 7), randomized=False),
)
TREATMENTS = tuple(
    Treatment(each, each, active=each != "waiting")
    for each in sorted({group.treatment for trial in TRIALS for group in trial.groups})
)
NETWORK = TreatmentNetwork(Caption("Made-up trials", sources=("doi:10.1000/1",)), TREATMENTS, TRIALS)


def test_what_trials_connect() -> None:
    found = connections(TREATMENTS, TRIALS)
    assert found.components == (("a", "a + c", "b", "waiting"), ("d", "e"), ("f",))
    assert found.comparators == (("a", 2), ("waiting", 2))
    assert found.unconnected == ("f",)
    # South and East both compare b with waiting, so neither is the only link.
    assert found.bridges == (("isle", "d", "e"), ("north", "a", "waiting"), ("west", "a", "a + c"))


def test_a_circle_of_comparisons_has_no_only_link() -> None:
    circle = (trial("1", ("a", 1), ("b", 1)), trial("2", ("b", 1), ("c", 1)), trial("3", ("c", 1), ("a", 1)))
    assert connections(tuple(Treatment(each, each) for each in "abc"), circle).bridges == ()


def test_a_trial_of_three_arms_compares_three_pairs_and_of_two_doses_none() -> None:
    three = trial("Three", ("a", 1), ("b", 1), ("c", 1))
    doses = trial("Doses", ("a", 1), ("a", 1))
    assert list(pairs((three, doses))) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_the_picture_says_what_is_connected_and_what_is_not() -> None:
    drawn = check(draw(NETWORK))
    assert shows(drawn, "Compared with no other treatment")
    assert shows(drawn, "7 treatments, 7 trials; 2 connected parts, 1 treatment unconnected.")
    assert shows(
        drawn, "Only link between the treatments it compares: Isle for d and e; North for a and waiting"
    )
    assert shows(drawn, "n = 80, 1 arm of unknown size")
    assert shows(drawn, "also trial 7")


def test_circles_are_as_large_as_their_patients() -> None:
    radii = sorted(float(each.attrib["r"]) for each in check(draw(NETWORK)).root.iter(f"{SVG}circle"))
    assert len(radii) == len(TREATMENTS)
    assert (radii[-1] / radii[-2]) ** 2 == pytest.approx(80 / 67, rel=0.01)  # waiting 50 + 30, a 50 + 10 + 7


def test_sizes_that_sources_differ_on_are_named_and_not_added() -> None:
    differing = Trial("x", "X", (Group("a", "a", None, "n = 90 or 92"), Group("b", "b", 90)))
    network = TreatmentNetwork(Caption("x"), (Treatment("a", "a"), Treatment("b", "b")), (differing,))
    assert network.patients("a") == (0, 1)
    assert shows(check(draw(network)), "a (n = 90 or 92) vs b (n = 90)")


def test_the_networkx_graph_has_the_attributes_it_says() -> None:
    graph = to_networkx(TREATMENTS, TRIALS)
    assert graph.nodes["a"] == {
        "label": "a",
        "active": True,
        "patients": 67,
        "arms": 3,
        "arms_of_unknown_size": 0,
        "component": 1,
        "comparisons": 2,
        "trials": "north; reef; west",
    }
    assert graph.nodes["waiting"]["arms_of_unknown_size"] == 1
    assert sorted(graph["b"]["waiting"]) == ["east", "south"]
    assert graph["b"]["waiting"]["south"] == {
        "label": "South",
        "patients": 60,
        "disease": "quiet lymphoma",
        "design": "randomized",
        "only_link": False,
    }
    assert "patients" not in graph["b"]["waiting"]["east"]
    assert graph["d"]["e"]["isle"]["only_link"]


HOSTILE = StudyGraph(
    Caption("x"),
    "s",
    (Node("a", "study", '<A> & "B"\x00', 0), Node("b", "arm", "\u202earm", 1, ("25 patients", "]]>"))),
    (Edge("a", "b", "has arm"),),
)


def test_graphs_are_read_back_by_networkx() -> None:
    for made in (network_to_networkx(NETWORK), study_to_networkx(HOSTILE)):
        xml = networkx.read_graphml(
            io.BytesIO(GRAPH_FORMATS[".graphml"](made)), force_multigraph=made.is_multigraph()
        )
        assert dict(xml.nodes(data=True)) == dict(made.nodes(data=True))
        assert xml.number_of_edges() == made.number_of_edges()
        gexf = networkx.read_gexf(io.BytesIO(GRAPH_FORMATS[".gexf"](made)))
        assert {node: data["label"] for node, data in gexf.nodes(data=True)}.keys() == set(made.nodes)
        held = json.loads(GRAPH_FORMATS[".json"](made))
        again = networkx.node_link_graph(held, edges="edges")
        assert networkx.utils.graphs_equal(again, made)


@pytest.mark.parametrize("suffix", list(GRAPH_FORMATS))
def test_graph_files_are_the_same_tomorrow(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = network_to_networkx(NETWORK)
    today = GRAPH_FORMATS[suffix](made)
    monkeypatch.setattr("time.strftime", lambda *_: "2031-01-01")
    assert GRAPH_FORMATS[suffix](made) == today


@st.composite
def connected(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    nodes = [f"n{at}" for at in range(draw(st.integers(2, 30)))]
    edges = {(nodes[draw(st.integers(0, at - 1))], nodes[at]) for at in range(1, len(nodes))}
    more = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda pair: pair[0] < pair[1])
    return nodes, sorted(edges | draw(st.sets(more, max_size=20)))


@given(connected(), st.randoms())
def test_nodes_have_places_of_their_own_whatever_the_order_given(graph: object, random: object) -> None:
    nodes, edges = graph  # type: ignore[misc]
    places = placed(nodes, edges)
    assert sorted(places) == sorted(nodes)
    assert all(math.hypot(*place) <= 1 + 1e-9 for place in places.values())
    assert len({(round(x, 6), round(y, 6)) for x, y in places.values()}) == len(nodes)
    random.shuffle(nodes)  # type: ignore[attr-defined]
    random.shuffle(edges)  # type: ignore[attr-defined]
    assert placed(nodes, edges) == places
