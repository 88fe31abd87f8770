"""Printed units: their codes, what is refused, and that the codes are UCUM."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_kg import units
from smm_kg.units import UNIT, describe, is_code, leads, unit_code

PRINTED = {
    "g per deciliter": "g/dL",
    "g/dl": "g/dL",
    "g/dL": "g/dL",
    "grams per decilitre": "g/dL",
    "mg per deciliter": "mg/dL",
    "mg/dl": "mg/dL",
    "mmol per liter": "mmol/L",
    "μ mol per liter": "umol/L",
    "µmol/l": "umol/L",
    "μmol/L": "umol/L",
    "g per liter": "g/L",
    "g/l": "g/L",
    "g per 24 hours": "g/(24.h)",
    "g/24 hr": "g/(24.h)",
    "mg per day": "mg/d",
    "mg/day": "mg/d",
    "mg daily": "mg/d",
    "mg once daily": "mg/d",
    "mg a day": "mg/d",
    "mg per  square meter": "mg/m2",
    "mg/m2": "mg/m2",
    "mg/m²": "mg/m2",
    "mg/m^2": "mg/m2",
    "mg/m2/day": "mg/m2/d",
    "mg/kg": "mg/kg",
    "mg/Kg": "mg/kg",
    "kg/m2": "kg/m2",
    "μg/mL": "ug/mL",
    "mcg": "ug",
    "IU/mL": "[iU]/mL",
    "U/L": "U/L",
    "mEq/L": "meq/L",
    "mm Hg": "mm[Hg]",
    "mmHg": "mm[Hg]",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}",
    "cells/mm3": "{cells}/mm3",
    "cells per cubic millimeter": "{cells}/mm3",
    "/μL": "/uL",
    "per liter": "/L",
    "months": "mo_j",
    "mo": "mo_j",
    "Month": "mo_j",
    "yr": "a",
    "years": "a",
    "weeks": "wk",
    "day": "d",
    "hr": "h",
    "minutes": "min",
    "%": "%",
    "percent": "%",
    "% per year": "%/a",
    "% annually": "%/a",
    "per 100 patient-years": "/(100.a)",
    "per 1,000 person years": "/(1000.a)",
    "°C": "Cel",
}


@pytest.mark.parametrize(("printed", "code"), PRINTED.items())
def test_the_code_of_a_printed_unit(printed: str, code: str) -> None:
    assert unit_code(printed) == code
    found = re.search(UNIT, f"7 {printed}, then")
    assert found is not None
    assert found.group() == printed


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "Mg",
        "MG",
        "G",
        "M",
        "more",
        "cycles",
        "patients",
        "widgets per liter",
        "mg per vial",
        "/85 mmHg",
        "mg per 737 deciliter",
        "g per 7 hours",
    ],
)
def test_what_is_no_unit_has_no_code(printed: str) -> None:
    assert unit_code(printed) is None


@pytest.mark.parametrize("text", ["more", "minor", "ages", "moderate", "daydream", "ghost", "liters2"])
def test_a_unit_is_a_whole_word(text: str) -> None:
    assert re.match(UNIT, text) is None


AMOUNTS = {"mg": "mg", "milligrams": "mg", "g": "g", "μg": "ug", "mmol": "mmol", "mL": "mL"}
SHARES = {"kg": "kg", "day": "d", "liter": "L", "dl": "dL", "square meter": "m2", "24 h": "(24.h)"}


@given(
    st.sampled_from(sorted(AMOUNTS)),
    st.lists(st.sampled_from(sorted(SHARES)), max_size=3),
    st.sampled_from(["/", " / ", " per "]),
)
def test_compound_units_are_read_part_by_part(lead: str, shares: list[str], over: str) -> None:
    code = "/".join([AMOUNTS[lead], *(SHARES[share] for share in shares)])
    assert unit_code(over.join([lead, *shares])) == code
    assert is_code(code)


def test_every_code_is_ucum() -> None:
    ucumvert = pytest.importorskip("ucumvert")
    parser = ucumvert.get_ucum_parser()
    for code in sorted(set(PRINTED.values())):
        parser.parse(code)  # raises on what is not UCUM


def test_only_verified_units_have_an_iri(sources: Path) -> None:
    rows = (sources / "vocabulary.md").read_text(encoding="utf-8").splitlines()
    verified = next(row for row in rows if row.startswith("| Units |"))
    iris = {describe(code).qudt for code in PRINTED.values()} - {None}
    assert len(iris) == 8  # months, years, weeks, days, mg/d, mg/m2, g/dL, %
    for iri in iris:
        assert iri is not None
        assert iri.startswith("http://qudt.org/vocab/unit/")
        assert f"`{iri.rpartition('/')[2]}`" in verified or f"unit:{iri.rpartition('/')[2]}`" in verified


def test_months_are_julian_months() -> None:
    assert describe("mo_j").label == "months"
    assert describe("mo_j").qudt == "http://qudt.org/vocab/unit/MO_MeanJulian"
    assert describe("g/L").qudt is None
    assert describe("g/L").label == "g/L"


def test_the_examples_of_the_documentation() -> None:
    assert doctest.testmod(units).failed == 0
    assert doctest.testmod(units).attempted > 0


def test_a_numerator_leads_its_code() -> None:
    assert leads("mg/d", "mg")
    assert leads("mg/d", "mg/d")
    assert not leads("mg/d", "g")
    assert not leads("mg", "mg/d")


@pytest.mark.parametrize("code", ["mg/day", "months", "", "g/dl", "mg per d"])
def test_a_printed_unit_is_no_code(code: str) -> None:
    assert not is_code(code)
