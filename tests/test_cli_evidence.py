"""The commands that compare, audit and curate, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from smm_kg.cli import cli
from smm_kg.cli.outcome import run


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def smm_kg(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMM_KG_STORE", raising=False)

    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(cli, arguments)
        return Outcome(code, *capfd.readouterr())

    return call


PROGRESSION = ("compare", "--endpoint", "time to progression")


def test_a_comparison_answers_from_the_shipped_evidence(smm_kg: Run) -> None:
    """Mateos 2013, abstract; Witzig 2013, abstract."""
    outcome = smm_kg(*PROGRESSION, "--format", "csv")
    assert (outcome.code, outcome.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    first = rows[0]
    assert (first["study"], first["printed"], first["p_comparator"], first["p"]) == (
        "mateos-2013", "0.18 (0.09 to 0.32)", "<", "0.001",
    )  # fmt: skip
    assert first["median_experimental"] == "not reached"
    witzig = [row for row in rows if row["study"] == "witzig-2013"]
    assert {"2.05", "0.487804878"} <= {row["estimate"] for row in witzig}
    assert {row["origin"] for row in witzig} == {"reported", "derived"}


def test_a_comparison_reads_as_a_table_with_its_sources_below(smm_kg: Run) -> None:
    outcome = smm_kg(*PROGRESSION, "--against", "thalidomide")
    assert outcome.out.startswith("study ")
    assert "hazard ratio: 0.18 (0.09 to 0.32), P<0.001" in outcome.out
    assert "\n[1] doi:10.1056/NEJMoa1300439\n" in outcome.out


def test_pooling_is_refused_with_reasons_and_done_when_insisted_upon(smm_kg: Run) -> None:
    refused = smm_kg(*PROGRESSION, "--against", "thalidomide", "--pool", "fixed")
    assert refused.code == 2
    assert refused.out == ""
    assert "pooling refused: witzig-2013: not selected by risk" in refused.err
    done = smm_kg(
        *PROGRESSION, "--against", "thalidomide", "--pool", "fixed", "--even-so", "--format", "json"
    )
    assert done.code == 0
    assert json.loads(done.out)[-1]["study"] == "pooled"
    assert "pooled in spite of" in done.err


def test_an_indirect_comparison_over_musto_2008_is_refused_with_the_reason(smm_kg: Run) -> None:
    """Musto 2008, abstract: medians of 67 and 59 months and P=.8312, no hazard ratio."""
    refused = smm_kg(*PROGRESSION, "--against", "thalidomide", "--indirect")
    assert refused.code == 2
    assert "musto-2008 gives no hazard ratio" in refused.err
    assert "P=0.8312" in refused.err


def test_caveats_are_rows(smm_kg: Run) -> None:
    outcome = smm_kg(*PROGRESSION, "--against", "witzig-2013", "--caveats", "--format", "json")
    caveats = json.loads(outcome.out)
    assert {"study", "contrast", "measure", "caveat", "words", "forbids_pooling"} == set(caveats[0])
    names = {row["caveat"] for row in caveats if row["study"] == "witzig-2013"}
    assert {"different-risk", "different-comparator", "reverse-direction"} <= names


def test_a_long_table_goes_to_a_file(smm_kg: Run, tmp_path: Path) -> None:
    assert smm_kg(*PROGRESSION, "--long", "-o", "effects.csv").code == 0
    with (tmp_path / "effects.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["studlab"] == "Mateos 2013"
    assert float(rows[0]["TE"]) == pytest.approx(-1.7148, abs=5e-5)  # the natural logarithm of 0.18


def test_a_comparison_is_drawn_the_same_every_time(smm_kg: Run, tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        assert smm_kg(*PROGRESSION, "-o", name) == Outcome(0, "", "")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "Witzig 2013" in (tmp_path / "one.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "--endpoint", "time to progresion"), "candidates: time to progression"),
        ((*PROGRESSION, "--against", "thalidomid"), "candidates: thalidomide"),
        ((*PROGRESSION, "--study", "mateos-2031"), "there is no study 'mateos-2031'; candidates: mateos-20"),
        ((*PROGRESSION, "--long", "--caveats"), "ask for one"),
    ],
)
def test_wrong_use_of_compare_names_what_was_meant(
    smm_kg: Run, arguments: tuple[str, ...], message: str
) -> None:
    outcome = smm_kg(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_the_audit_has_findings_and_leaves_with_one(smm_kg: Run) -> None:
    outcome = smm_kg("audit", "mateos-2013", "--verdict", "inconsistent", "--format", "json")
    assert outcome.code == 1
    rows = json.loads(outcome.out)
    columns = ["study", "rule", "verdict", "subject", "statement", "arithmetic", "locators", "source"]
    assert list(rows[0]) == columns
    assert "exclusion-against-end-point" in {row["rule"] for row in rows}
    assert all(row["locators"] for row in rows)
    assert any("doi:10.1056/NEJMoa1300439, METHODS" in row["locators"] for row in rows)
    assert "0 consistent" in outcome.err


def test_an_audit_without_findings_leaves_with_nought(smm_kg: Run) -> None:
    outcome = smm_kg("audit", "darena-2011", "--verdict", "consistent", "--format", "csv")
    assert outcome.code == 0
    assert outcome.out.startswith("study,rule,verdict,subject,statement,arithmetic,locators,source\n")


def test_verdicts_on_several_documents_of_a_study_are_told_apart(smm_kg: Run) -> None:
    arguments = ("audit", "mateos-2013", "--rule", "assigned-as-randomized")
    rows = json.loads(smm_kg(*arguments, "--format", "json").out)
    assert len({row["statement"] for row in rows}) == 1
    sources = [row["source"] for row in rows]
    assert sorted(sources) == ["doi:10.1056/NEJMoa1300439", "web:advancedpractitioner.com"]
    assert all(source in smm_kg(*arguments).out for source in sources)


@pytest.mark.parametrize(
    ("study", "arithmetic", "verdict"),
    [
        ("darena-2011", "22/56 = 39.29 %", "inconsistent"),  # RT0137
        ("mateos-2024", "29/90 (included, ", "undeterminable"),  # RT0507
    ],
)
def test_a_share_is_judged_whatever_its_time(smm_kg: Run, study: str, arithmetic: str, verdict: str) -> None:
    rows = json.loads(smm_kg("audit", study, "--rule", "percent-of-count", "--format", "json").out)
    assert [row["verdict"] for row in rows if row["arithmetic"].startswith(arithmetic)] == [verdict]


def test_the_rules_of_the_audit_are_explained(smm_kg: Run) -> None:
    outcome = smm_kg("audit", "--rules", "--format", "json")
    rules = json.loads(outcome.out)
    assert len(rules) >= 15
    assert all(len(rule["explanation"]) > 40 for rule in rules)


def test_a_rule_that_is_not_there_is_an_error(smm_kg: Run) -> None:
    outcome = smm_kg("audit", "--rule", "none")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no rule 'none'" in outcome.err


def test_a_record_is_started_and_checked(smm_kg: Run, tmp_path: Path) -> None:
    assert smm_kg("record", "new", "somebody-2040", "-o", "somebody-2040.yaml").code == 0
    assert "somebody-2040.yaml: 1 facts from 1 sources" in smm_kg("record", "check", "somebody-2040.yaml").err
    again = smm_kg("record", "new", "somebody-2040", "-o", "somebody-2040.yaml")
    assert again.code == 2
    assert "is there already" in again.err
    text = (tmp_path / "somebody-2040.yaml").read_text(encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(text.replace("subject: allocation", "subject: alocation"), "utf-8")
    wrong = smm_kg("record", "check", "wrong.yaml")
    assert wrong.code == 2
    assert "facts[0].subject: there is no term 'alocation'; candidates: allocation" in wrong.err


def test_the_schema_is_json(smm_kg: Run) -> None:
    assert "$defs" in json.loads(smm_kg("record", "schema").out)
