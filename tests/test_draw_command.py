"""`smm-kg draw` as a user meets it: files, formats, clear refusals, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import networkx
import pytest
from drawn_text import check

from smm_kg.atomic import WritingError
from smm_kg.cli.draw import draw
from smm_kg.cli.outcome import run
from smm_kg.draw.files import save
from smm_kg.draw.page import DrawingError
from smm_kg.draw.pictures import PICTURES

STUDY = ("--study", "mateos-2013")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMM_KG_STORE", raising=False)


@pytest.fixture
def smm_kg_draw(capfd: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(draw, arguments)
        return Outcome(code, *capfd.readouterr())

    return call


@pytest.mark.parametrize("picture", ["flow", "ontology"])
def test_a_picture_is_the_same_in_a_file_and_on_standard_output(smm_kg_draw: Any, picture: str) -> None:
    shown = smm_kg_draw(picture, *STUDY)
    assert (shown.code, shown.err) == (0, "")
    check(shown.out)
    assert smm_kg_draw(picture, *STUDY, "-o", "picture.svg") == (0, "", "")
    assert Path("picture.svg").read_text(encoding="utf-8") == shown.out


def test_a_forest_plot_is_that_of_the_comparison(smm_kg_draw: Any) -> None:
    shown = smm_kg_draw("forest", "--endpoint", "overall survival")
    assert shown.code == 0, shown.err
    assert "Mateos 2013" in check(shown.out).words


_ALL = """
import hashlib, smm_kg
from smm_kg.draw.graph_files import GRAPH_FORMATS
from smm_kg.draw.pictures import PICTURES
with smm_kg.open("memory:") as graph:
    for picture in PICTURES.values():
        shown = picture.ask(graph, "mateos-2013")
        print(hashlib.sha256(picture.draw(shown).encode()).hexdigest())
        for suffix in GRAPH_FORMATS if picture.graph else ():
            print(hashlib.sha256(picture.graph_file(shown, suffix)).hexdigest())
"""


def test_pictures_are_the_same_to_the_byte_in_another_process() -> None:
    made = [
        subprocess.run(
            [sys.executable, "-c", _ALL],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert len(made[0].split()) == len(PICTURES) + 2 * 3


def test_graphs_leave_for_other_tools(smm_kg_draw: Any) -> None:
    assert smm_kg_draw("study", *STUDY, "-o", "graph.graphml") == (0, "", "")
    assert smm_kg_draw("network", "-o", "graph.json") == (0, "", "")
    xml = networkx.read_graphml("graph.graphml")
    assert xml.nodes["arm-treatment"]["kind"] == "arm, experimental"
    held = networkx.node_link_graph(json.loads(Path("graph.json").read_text(encoding="utf-8")), edges="edges")
    assert "mateos-2013" in held["dexamethasone + lenalidomide"]["observation or deferred treatment"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("flow", "-o", "flow.gif"), ".svg, .png, .pdf, not as .gif"),
        (("flow", "-o", "flow.graphml"), "flow is written as"),
        (("flow", "-o", "flow"), "not as flow"),
        (("flow", "--endpoint", "overall survival"), "--endpoint goes with forest"),
        (("portrait",), "portrait"),
        (("flow", "--study", "nobody-1999"), "nobody-1999"),
        (("flow", *STUDY, "-o", "nowhere/flow.svg"), "the folder does not exist"),
    ],
)
def test_wrong_use_is_one_clear_refusal(smm_kg_draw: Any, arguments: tuple[str, ...], says: str) -> None:
    outcome = smm_kg_draw(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert says in outcome.err
    assert list(Path().iterdir()) == []


def test_the_extra_is_named_where_it_is_missing(smm_kg_draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    Path("flow.png").write_text("what was there before", encoding="utf-8")
    outcome = smm_kg_draw("flow", *STUDY, "-o", "flow.png")
    assert outcome.code == 2
    assert "pip install 'smm-kg[png]'" in outcome.err
    assert Path("flow.png").read_text(encoding="utf-8") == "what was there before"


def test_png_and_pdf_hold_the_picture(smm_kg_draw: Any) -> None:
    pytest.importorskip("vl_convert", reason="PNG and PDF need the extra png")
    assert smm_kg_draw("flow", *STUDY, "-o", "flow.PNG") == (0, "", "")
    assert smm_kg_draw("flow", *STUDY, "-o", "flow.pdf") == (0, "", "")
    png, pdf = Path("flow.PNG").read_bytes(), Path("flow.pdf").read_bytes()
    width = float(check(smm_kg_draw("flow", *STUDY).out).width)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == pytest.approx(3 * width, abs=2)
    assert pdf.startswith(b"%PDF")
    assert b"LiberationSans" in pdf  # a font that the converter lacks would leave the text out


def test_png_is_the_same_to_the_byte() -> None:
    pytest.importorskip("vl_convert", reason="PNG and PDF need the extra png")
    digests = set()
    for name in ("a.png", "b.png"):
        save(SVG, Path(name))
        digests.add(hashlib.sha256(Path(name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_saving_from_python() -> None:
    save(SVG, Path("a.svg"))
    assert Path("a.svg").read_text(encoding="utf-8") == SVG
    with pytest.raises(DrawingError, match=r"\.gif.*\.svg; \.png; \.pdf"):
        save(SVG, Path("a.gif"))
    with pytest.raises(WritingError):
        save(SVG, Path("nowhere/a.svg"))
