"""The graph: opened by name, asked by question, taken along."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from servers import serving
from studies import example, other

import smm_kg
from smm_kg import dataset
from smm_kg.catalogue import Catalogue
from smm_kg.graph import Graph
from smm_kg.rdf import RdfError
from smm_kg.shipped import ShippedError
from smm_kg.store import EndpointError, QueryError, StoreError
from smm_kg.store.embedded import MemoryStore
from smm_kg.store.folder import build
from smm_kg.terms import SMM

EFFECTS = f"""
SELECT DISTINCT ?study ?ratio WHERE {{
  ?effect a <{SMM}EffectEstimate> ; <{SMM}inStudy> ?study ; <{SMM}hasValue> ?datum .
  ?datum a <{SMM}HazardRatio> ; <{SMM}value> ?ratio
}} ORDER BY ?study
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.from_studies([other(), example()])


def ratios(graph: Graph) -> list[Decimal]:
    rows = graph.sparql(EFFECTS)
    return [row.ratio for row in rows]  # type: ignore[union-attr]


def test_studies_make_a_graph_in_memory(graph: Graph) -> None:
    assert ratios(graph) == [Decimal("0.4"), Decimal("1.1")]


def test_a_folder_is_opened_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, dataset.chunks([example()]))
    with smm_kg.open(tmp_path) as graph:
        assert ratios(graph) == [Decimal("0.4")]
        assert graph.store.name == str(tmp_path)
    monkeypatch.setenv("SMM_KG_STORE", str(tmp_path))
    with smm_kg.open() as graph:
        assert ratios(graph) == [Decimal("0.4")]
    with pytest.raises(StoreError, match="does not exist"):
        smm_kg.open(tmp_path / "none")


def test_an_endpoint_is_opened_by_its_address() -> None:
    with serving(b"".join(dataset.chunks([other()]))) as address, smm_kg.open(address, timeout=30) as graph:
        assert ratios(graph) == [Decimal("1.1")]
        assert graph.store.name == address
    with pytest.raises(EndpointError, match="cannot be reached"):
        smm_kg.open(address, timeout=5).sparql("ASK {}")


def test_the_shipped_evidence_is_there_with_nothing_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SMM_KG_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    with smm_kg.open() as graph:
        assert graph.store.name == "memory:"
        assert graph.sparql(f"ASK {{ <{SMM}HazardRatio> ?p ?o }}") is True
    assert list(tmp_path.iterdir()) == []


def test_shipped_evidence_that_is_damaged_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr("smm_kg.resources.extracted", lambda: [tmp_path / "x.json"])
    with pytest.raises(ShippedError, match=r"x\.json: is no study: .*`id`"):
        smm_kg.open("memory:")


def test_a_question_is_asked_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "effects.rq").write_text(f"#+ summary: x\n#+ question: x\n{EFFECTS}", encoding="utf-8")
    (tmp_path / "ask.rq").write_text("#+ summary: x\n#+ question: x\nASK {}", encoding="utf-8")
    graph = Graph(MemoryStore(dataset.chunks([example()])), Catalogue(tmp_path))
    rows = graph.query("effects")
    assert rows.columns == ("study", "ratio")
    assert rows[0].ratio == Decimal("0.4")
    with pytest.raises(QueryError, match="this is not"):
        graph.query("ask")


def test_every_shipped_query_runs_on_made_up_studies(graph: Graph) -> None:
    for query in graph.catalogue:
        rows = graph.query(query.name)
        assert len(set(rows.rows)) == len(rows), query.name


def test_facts_are_one_row_per_value_and_place(graph: Graph) -> None:
    rows = [
        row
        for row in graph.facts(study="example-2001")
        if row.fact.endswith("#ttp-effect.hazard-ratio") or row.measure == "hazard ratio"
    ]
    assert [(row.start, row.end, row.printed) for row in rows] == [(210, 214, "0.40"), (2210, 2214, "0.40")]
    assert {row.value for row in rows} == {Decimal("0.4")}


def test_rows_as_json(graph: Graph) -> None:
    assert b'"vars":["study","ratio"]' in graph.results_json(EFFECTS)


def test_a_copy_in_rdflib_answers_the_same(graph: Graph) -> None:
    copy = graph.to_rdflib()
    parsed = rdflib.Dataset()
    parsed.parse(data=graph.nquads(), format="nquads")
    named = {quad for quad in parsed.quads() if not any(isinstance(term, rdflib.BNode) for term in quad)}
    assert named <= set(copy.quads())
    assert len(list(copy.quads())) == len(list(parsed.quads())) == graph.nquads().count(b"\n")
    assert [row.ratio.toPython() for row in copy.query(EFFECTS)] == ratios(graph)  # type: ignore[union-attr]


def test_the_names_of_terms(graph: Graph) -> None:
    assert ("https://w3id.org/smm-kg/study/other-2005#study", "other-2005", 0) in graph.names(f"{SMM}Study")


def test_an_export_holds_every_quad(graph: Graph, tmp_path: Path) -> None:
    graph.export(tmp_path / "graph.nq")
    assert set(graph.nquads().split(b"\n")) <= set((tmp_path / "graph.nq").read_bytes().split(b"\n"))


def test_a_check_gives_findings_as_rows(graph: Graph) -> None:
    rows = graph.check()
    assert rows.columns == ("severity", "rule", "focus", "label", "path", "message", "locator")
    assert {row.severity for row in rows} <= {"violation", "warning", "info"}


def test_a_study_that_cannot_be_written_is_told() -> None:
    import msgspec

    with pytest.raises(RdfError, match="study id 'a b'"):
        Graph.from_studies([msgspec.structs.replace(example(), id="a b")])


def test_importing_the_package_loads_no_library() -> None:
    heavy = ("pyoxigraph", "rdflib", "yaml", "msgspec", "click")
    program = f"import smm_kg, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_package_offers_its_parts() -> None:
    assert smm_kg.Graph is Graph
    assert {"open", "Graph", "read_paper"} <= set(dir(smm_kg))
    assert smm_kg.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="nonesuch"):
        _ = smm_kg.nonesuch


def test_a_check_of_nothing_is_an_error() -> None:
    with Graph.from_studies([]) as graph, pytest.raises(StoreError, match="there is no study here"):
        graph.check()


def test_a_closed_graph_says_so() -> None:
    graph = Graph.from_studies([])
    with graph:
        pass
    with pytest.raises(StoreError, match="the store is closed"):
        graph.query("compare-progression")


def test_a_dataset_without_graphs_gives_no_wrong_rows() -> None:
    import rdflib

    from smm_kg.store.rdflib_store import RdflibStore

    flat = rdflib.Dataset()
    flat.parse(data="<a:s> a <https://w3id.org/smm-kg/ontology#Study> .", format="turtle")
    with Graph(RdflibStore(flat)) as graph, pytest.raises(StoreError, match="outside of graphs"):
        graph.query("facts")


def test_another_scheme_is_no_address() -> None:
    with pytest.raises(StoreError, match="ftp://x: is not an http address"):
        smm_kg.open("ftp://x")


def test_a_star_import_leaves_open_alone() -> None:
    from smm_kg import graph as graph_module

    names: dict[str, object] = {}
    exec("from smm_kg import *", names)
    assert "open" not in names
    assert "Graph" in names
    assert smm_kg.open is graph_module.open
