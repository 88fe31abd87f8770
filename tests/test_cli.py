"""The command line as a user meets it: answers, exit codes, one clear line when something is wrong."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import click
import made_up
import pytest
from studies import example, other

from smm_kg import dataset, records, resources
from smm_kg.cli import cli
from smm_kg.cli.command import ExampleCommand, ExampleGroup
from smm_kg.cli.outcome import run
from smm_kg.facts import COLUMNS
from smm_kg.store.folder import build as build_store

PROGRAM = [sys.executable, "-c", "from smm_kg.cli import main; main()"]
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and nothing set that changes what the program does."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "TIMEOUT", "USER", "PASSWORD", "AUTH", "DEBUG"):
        monkeypatch.delenv(f"SMM_KG_{name}", raising=False)


@pytest.fixture
def smm_kg(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def call(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(cli, arguments)
        return Outcome(code, *capfd.readouterr())

    return call


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of two made-up studies."""
    path = tmp_path_factory.mktemp("store")
    build_store(path, dataset.chunks([example(), other()]))
    return str(path)


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program in a process of its own, which hears interrupts even if this one does not."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


class TestHelp:
    def test_needs_nothing_but_click(self) -> None:
        found = subprocess.run(
            [sys.executable, "-X", "importtime", *PROGRAM[1:], "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in found.stderr.splitlines()}
        ours = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines() if "smm_kg" in line}
        heavy = {"rdflib", "rich", "pyoxigraph", "msgspec", "yaml", "lxml", "json", "decimal", "owlready2"}
        assert not imported & heavy
        assert not {name for name in ours if name.startswith(("smm_kg.paper", "smm_kg.store", "smm_kg.rdf"))}
        assert "Examples:" in found.stdout

    @pytest.mark.parametrize("name", cli.commands)
    def test_of_each_command_has_examples(self, name: str, smm_kg: Run) -> None:
        code, out, err = smm_kg(name, "--help")
        assert (code, err) == (0, "")
        assert "Examples:\n  smm-kg " in out

    def test_of_a_query_tells_its_parameters(self, smm_kg: Run) -> None:
        out = smm_kg("query", "facts", "--help").out
        assert "--subject TERM" in out
        assert "Examples:\n  smm-kg query facts" in out

    def test_version(self, smm_kg: Run) -> None:
        from importlib.metadata import version

        assert smm_kg("--version").out == f"smm-kg, version {version('smm-kg')}\n"


FINDERS = ("check", "coverage", "audit")


def examples() -> list[Any]:
    known = [("smm-kg", cli), *cli.commands.items()]
    assert all(isinstance(command, (ExampleCommand, ExampleGroup)) for _, command in known)
    return [
        pytest.param(line, id=f"{name}-{number}")
        for name, command in known
        for number, line in enumerate(command.examples)  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize("line", examples())
def test_every_example_of_the_help_runs(line: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "paper.txt" in line or "another-trial.nxml" in line:
        sources: Path = request.getfixturevalue("sources")
        (tmp_path / "paper.txt").symlink_to(sources / "paper" / "mateos-2013.txt")
        (tmp_path / "another-trial.nxml").symlink_to(min((sources / "papers").glob("*.nxml")))
    if "record check" in line:
        for record in resources.records():
            (tmp_path / record.name).symlink_to(record)
            (tmp_path / "evidence" / "records").mkdir(parents=True, exist_ok=True)
            (tmp_path / "evidence" / "records" / record.name).symlink_to(record)
    if "load trial.ttl" in line:
        trial = resources.folder("ontology") / "examples" / "good" / "trial.ttl"
        (tmp_path / "trial.ttl").symlink_to(trial)
    program = " ".join(map(shlex.quote, PROGRAM))
    command = f'smm-kg() {{ {program} "$@"; }}\nset -o pipefail\n{line}'
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert found.returncode in ({0, 1} if line.split()[1] in FINDERS else {0}), found.stderr
    assert "Traceback" not in found.stderr
    quiet = ("export", "--output", " -o ", "record check")
    assert found.stdout or any(word in line for word in quiet)


class TestExitCodes:
    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (("facts", "--nonsense"), "--nonsense"),
            (("nonsense",), "nonsense"),
            (("query", "compare-progresion"), "compare-progression"),
            (("query", "facts", "--kind", "nonsense"), "adverse-event"),
            (("facts", "--subject", "time to progresion"), "time to progression"),
            (("facts", "--study", "nobody-1999"), "nobody-1999"),
            (("facts", "--columns", "stduy"), "stduy"),
            (("facts", "--sheet", "a.yaml"), "--paper"),
            (("facts", "--store", "nowhere"), "nowhere"),
            (("facts", "--store", "http://127.0.0.1:9/"), "127.0.0.1:9"),
            (("facts", "--output", "nowhere/facts.csv"), "the folder does not exist"),
            (("sparql", "SELECT ?a WHERE {"), "SPARQL"),
            (("sparql", "DELETE WHERE { ?a ?b ?c }"), "DELETE"),
            (("sparql", "missing.rq"), "missing.rq"),
            (("sparql", "ASK {}", "--format", "turtle"), "true or false cannot be written as turtle"),
            (("sparql", "SELECT * WHERE { ?a ?b ?c }", "--format", "turtle"), "rows cannot be"),
            (("sparql", "CONSTRUCT WHERE { ?a ?b ?c }", "--format", "jsonl"), "triples cannot be"),
            (("read", "missing.txt"), "missing.txt"),
            (("read", "."), "is a directory"),
            (("coverage", "missing.txt"), "missing.txt"),
            (("build", "--study", "mateos-2013"), "--paper"),
            (("export", "graph.xyz"), ".xyz"),
            (("facts", "--output", "facts.xlsx"), ".xlsx"),
            (("sparql", "ASK {}", "--output", "found.xlsx"), ".xlsx"),
            (("facts", "--arm", "nobody"), "there is no arm or contrast 'nobody'"),
            (("facts", "--paper", "paper.txt", "--store", "nowhere"), "give one of them"),
            (("read", "paper.txt", "--candidates", "--sheet", "a.yaml"), "without a sheet"),
            (("build", "--output", ""), "the name of the folder is empty"),
            (("facts", "--timeout", "nan"), "no number of seconds"),
            (("facts", "--timeout", "inf"), "no number of seconds"),
            (("facts", "--store", "ftp://x"), "not an http address"),
            (("facts", "--store", "/dev/null"), "is a file, not a store"),
            (("query", "comp", "--text"), "compare-survival"),
            (("export", "a.ttl", "--output", "b.ttl"), "twice"),
            (("export", "--study", "nobody-1999"), "nobody-1999"),
            (("completion", "powershell"), "powershell"),
        ],
    )
    def test_wrong_use_is_2_and_says_what_is_wrong(
        self, arguments: tuple[str, ...], word: str, smm_kg: Run
    ) -> None:
        code, out, err = smm_kg(*arguments)
        assert code == 2
        assert out == ""
        assert word in err
        assert "Traceback" not in err

    def test_an_error_of_ours_is_one_line(self, smm_kg: Run) -> None:
        err = smm_kg("facts", "--store", "nowhere").err
        assert err.startswith("smm-kg: ")
        assert err.count("\n") == 1

    def test_no_rows_is_0(self, smm_kg: Run) -> None:
        code, out, err = smm_kg(
            "facts", "--arm", "treatment", "--kind", "baseline", "--phase", "screening", "--format", "json"
        )
        assert (code, out, err) == (0, "[]\n", "")

    def test_a_violation_is_1(self, smm_kg: Run, tmp_path: Path) -> None:
        bad = dataset_of(example()).replace(
            b"#ttp-effect> <https://w3id.org/smm-kg/ontology#inStudy>", b"#x> <a:b>"
        )
        build_store(tmp_path / "bad", [bad])
        code, out, err = smm_kg("check", "--store", str(tmp_path / "bad"), "--format", "csv")
        assert code == 1
        assert list(rows(out)[0]) == ["severity", "rule", "focus", "label", "path", "message", "locator"]
        assert "violation" in err

    def test_a_fault_of_our_own_is_70_and_says_how_to_report_it(
        self, smm_kg: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("the moon is full")

        monkeypatch.setattr("smm_kg.graph.open", fail)
        code, out, err = smm_kg("facts")
        assert (code, out) == (70, "")
        assert "RuntimeError: the moon is full" in err
        assert "report" in err
        assert "Traceback" not in err
        monkeypatch.setenv("SMM_KG_DEBUG", "1")
        code, _, err = smm_kg("facts")
        assert code == 70
        assert "Traceback" in err

    def test_an_interrupt_is_130(self, smm_kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("smm_kg.graph.open", interrupt)
        assert smm_kg("facts") == (130, "", "smm-kg: interrupted\n")


def dataset_of(*studies: records.Study) -> bytes:
    return b"".join(dataset.chunks(studies))


class TestProcess:
    def test_an_interrupt_ends_a_long_query_at_once(self, folder: str) -> None:
        with started("sparql", ENDLESS, "--store", folder) as process:
            time.sleep(3)  # the store is at work by then, outside of Python
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err.decode().strip()) == (130, b"", "smm-kg: interrupted")

    def test_an_interrupt_leaves_no_unfinished_file(self, folder: str, tmp_path: Path) -> None:
        with started("sparql", ENDLESS, "--store", folder, "--output", "found.csv") as process:
            time.sleep(3)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=10)
        assert process.returncode == 130
        assert list(tmp_path.iterdir()) == []

    def test_a_limit_of_time_ends_a_long_query(self, folder: str) -> None:
        with started("sparql", ENDLESS, "--store", folder, "--timeout", "0.5") as process:
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (2, b"")
        assert err.decode().startswith("smm-kg: no answer within 0.5 s; ")

    def test_an_interrupt_while_it_is_imported_is_130(self) -> None:
        program = (
            "import sys, builtins; from smm_kg.__main__ import main\n"
            "class Now:\n"
            "    def find_spec(self, name, *_):\n"
            "        if name == 'click': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Now()); main()"
        )
        found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (found.returncode, found.stdout, found.stderr) == (130, "", "smm-kg: interrupted\n")

    def test_runs_as_a_module(self) -> None:
        found = subprocess.run(
            [sys.executable, "-m", "smm_kg", "--version"], capture_output=True, text=True, check=True
        )
        assert found.stdout.startswith("smm-kg, version ")

    @pytest.mark.parametrize(
        "arguments",
        [
            ("sparql", "SELECT * WHERE { ?a ?b ?c }"),
            ("sparql", "SELECT * WHERE { ?a ?b ?c }", "--format", "json"),
            ("export", "--format", "nquads"),
            ("export", "--format", "turtle"),
        ],
    )
    def test_a_closed_pipe_ends_quietly(self, arguments: tuple[str, ...]) -> None:
        with started(*arguments) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            err = process.stderr.read()
            process.wait(10)
        assert (process.returncode, err) == (0, b"")

    def test_a_pipe_that_is_closed_from_the_start(self) -> None:
        for arguments in (["--help"], ["queries"]):
            reader, writer = os.pipe()
            os.close(reader)
            found = subprocess.run([*PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
            os.close(writer)
            assert (found.returncode, found.stderr) == (0, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_a_full_disk_behind_standard_output(self) -> None:
        with open("/dev/full", "wb") as full:
            found = subprocess.run(
                [*PROGRAM, "queries"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert found.returncode == 2
        assert found.stderr.startswith("smm-kg: standard output: No space left")

    def test_a_closed_standard_output(self) -> None:
        program = " ".join(map(shlex.quote, PROGRAM))
        found = subprocess.run(
            ["bash", "-c", f"{program} queries >&-"], capture_output=True, text=True, check=False
        )
        assert found.returncode == 2
        assert "standard output is closed" in found.stderr

    def test_output_is_utf8_whatever_the_locale(self) -> None:
        found = subprocess.run(
            [*PROGRAM, "sparql", r'SELECT ("\u2265 \u00B5" AS ?text) WHERE {}', "--format", "csv"],
            capture_output=True,
            env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            check=True,
        )
        assert found.stdout.decode() == "text\n≥ µ\n"


class TestFacts:
    def test_has_the_columns_of_the_contract(self, smm_kg: Run, folder: str) -> None:
        for text in (smm_kg("facts", "--store", folder, "--format", "csv").out.splitlines()[0],):
            assert tuple(text.split(",")) == COLUMNS

    def test_json_lines_have_exact_numbers_and_nulls(self, smm_kg: Run, folder: str) -> None:
        out = smm_kg("facts", "--store", folder, "--study", "example-2001", "--format", "jsonl").out
        found = [json.loads(line, parse_float=Decimal) for line in out.splitlines()]
        (ratio, *_) = [row for row in found if row["measure"] == "hazard ratio"]
        assert ratio["value"] == Decimal("0.4")
        assert ratio["printed"] == "0.40"
        assert ratio["arm"] == "pill vs watching"
        assert ratio["grade"] is None
        assert '"value": 0.4,' in out

    def test_filters_are_the_parameters_of_the_query(self, smm_kg: Run, folder: str) -> None:
        arguments = ("--store", folder, "--arm", "pill", "--measure", "count", "--measure", "percent")
        facts = rows(smm_kg("facts", *arguments, "--format", "csv").out)
        assert {row["arm"] for row in facts} == {"pill"}
        assert {row["measure"] for row in facts} == {"count", "percent"}
        assert facts == rows(smm_kg("query", "facts", *arguments, "--format", "csv").out)

    def test_chosen_columns_come_in_their_order(self, smm_kg: Run, folder: str) -> None:
        out = smm_kg("facts", "--store", folder, "--columns", "measure, study", "--format", "csv").out
        assert out.splitlines()[0] == "measure,study"

    def test_the_store_is_found_after_before_and_in_the_environment(
        self, smm_kg: Run, folder: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask = ("facts", "--columns", "study", "--format", "csv")
        here = smm_kg(*ask, "--store", folder).out
        assert "example-2001" in here
        assert smm_kg("--store", folder, *ask).out == here
        assert smm_kg("--store", "nowhere", *ask, "--store", folder).out == here
        monkeypatch.setenv("SMM_KG_STORE", folder)
        assert smm_kg(*ask).out == here
        assert smm_kg(*ask, "--store", "nowhere").code == 2
        assert smm_kg("--store", "nowhere", *ask).code == 2
        assert smm_kg("query", "facts", *ask[1:]).out == here

    def test_the_suffix_of_the_file_names_the_format(self, smm_kg: Run, folder: str, tmp_path: Path) -> None:
        assert smm_kg("facts", "--store", folder, "--output", "facts.tsv") == (0, "", "")
        assert (tmp_path / "facts.tsv").read_text(encoding="utf-8").startswith("study\tfact\t")


class TestPaper:
    @pytest.fixture
    def paper(self, tmp_path: Path) -> tuple[str, ...]:
        made_up.write(tmp_path)
        (tmp_path / "sheet.yaml").write_text(made_up.SHEET, encoding="utf-8")
        return ("paper.txt", "--sheet", "sheet.yaml")

    def test_read_prints_the_records(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        code, out, _ = smm_kg("read", *paper)
        assert code == 0
        study = records.decode(out.encode())
        assert study.id == "byron-2021"
        assert records.encode(study).decode() == out

    def test_read_prints_rows_too(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        found = rows(smm_kg("read", *paper, "--format", "csv").out)
        (ratio,) = {row["value"] for row in found if row["measure"] == "hazard ratio"}
        assert ratio == "0.45"

    def test_facts_of_a_paper_are_read_afresh(
        self, smm_kg: Run, paper: tuple[str, ...], tmp_path: Path
    ) -> None:
        ask = ("facts", "--paper", *paper, "--measure", "hazard ratio", "--format", "csv")
        assert {row["value"] for row in rows(smm_kg(*ask).out)} == {"0.45"}
        changed = made_up.PAPER.replace("0.45", "0.46")
        (tmp_path / "paper.txt").write_text(changed, encoding="utf-8", newline="")
        assert {row["value"] for row in rows(smm_kg(*ask).out)} == {"0.46"}

    def test_places_are_those_of_the_source(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        for row in rows(smm_kg("facts", "--paper", *paper, "--format", "csv").out):
            assert made_up.PAPER[int(row["start"]) : int(row["end"])] == row["printed"]

    def test_candidates_need_no_sheet(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        found = rows(smm_kg("read", paper[0], "--candidates", "--format", "csv").out)
        assert {"hazard ratio", "p value"} <= {row["measure"] for row in found}
        assert {row["reviewed"] for row in found} == {"false"}

    def test_a_paper_without_a_sheet_says_what_to_do(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        code, out, err = smm_kg("read", paper[0])
        assert (code, out) == (2, "")
        assert "--sheet" in err

    def test_coverage_is_1_when_a_number_is_unaccounted_for(
        self, smm_kg: Run, paper: tuple[str, ...], tmp_path: Path
    ) -> None:
        changed = made_up.PAPER.replace(
            "Relapse occurred in 9", "All 377 sailors slept. Relapse occurred in 9"
        )
        (tmp_path / "paper.txt").write_text(changed, encoding="utf-8", newline="")
        code, out, err = smm_kg("coverage", *paper, "--unaccounted", "--format", "csv")
        assert code == 1
        found = rows(out)
        assert list(found[0])[:6] == ["token", "start", "end", "section", "verdict", "rule_or_fact"]
        assert "377" in {row["token"] for row in found}
        assert {row["verdict"] for row in found} == {"unaccounted"}
        assert "unaccounted for" in err

    def test_coverage_tells_what_each_rule_explained(self, smm_kg: Run, paper: tuple[str, ...]) -> None:
        found = rows(smm_kg("coverage", *paper, "--rules", "--format", "csv").out)
        assert sum(int(row["explained"]) for row in found) > 0
        assert all(row["description"] for row in found)

    def test_the_shipped_evidence_is_what_the_paper_says(self, smm_kg: Run, sources: Path) -> None:
        text = str(sources / "paper" / "mateos-2013.txt")
        ask = ("facts", "--study", "mateos-2013", "--format", "jsonl")
        code, out, _ = smm_kg(*ask, "--paper", text)
        assert code == 0
        shipped = smm_kg(*ask).out.splitlines()  # with what curators add to the study from other sources
        (paper,) = {json.loads(line)["document"] for line in out.splitlines()}
        assert out.splitlines() == [line for line in shipped if json.loads(line)["document"] == paper]
        assert out == smm_kg("facts", "--paper", text, "--format", "jsonl").out


class TestGraph:
    def test_a_built_folder_answers_as_memory_does(self, smm_kg: Run, tmp_path: Path) -> None:
        code, out, err = smm_kg("build", "--output", "built")
        assert code == 0
        assert "built" in err
        assert "compare-progression" in out
        ask = ("facts", "--format", "csv")
        assert smm_kg(*ask, "--store", "built").out == smm_kg(*ask).out
        assert (tmp_path / "built" / "graph.nq").is_file()

    def test_export_goes_to_a_file_or_to_standard_output(
        self, smm_kg: Run, folder: str, tmp_path: Path
    ) -> None:
        store = ("--store", folder)
        assert smm_kg("export", "graph.ttl", *store) == (0, "", "")
        written = (tmp_path / "graph.ttl").read_text(encoding="utf-8")
        assert smm_kg("export", "--format", "turtle", *store).out == written
        assert smm_kg("export", "--output", "again.ttl", *store).code == 0
        assert (tmp_path / "again.ttl").read_text(encoding="utf-8") == written
        assert smm_kg("export", "-", *store).out.startswith("@prefix")

    def test_export_takes_part_of_the_graph(self, smm_kg: Run, folder: str) -> None:
        ask = ("export", "--store", folder, "--format", "nquads", "--without-ontology")
        out = smm_kg(*ask, "--study", "other-2005").out
        assert "/study/other-2005#" in out
        assert "/study/example-2001#" not in out
        out = smm_kg(*ask, "--graph", "inferred").out
        graphs = {line.rsplit(" ", 2)[1] for line in out.splitlines()}
        assert graphs == {f"<https://w3id.org/smm-kg/graph/{name}>" for name in ("inferred", "description")}

    def test_check_is_0_without_a_violation(self, smm_kg: Run, tmp_path: Path) -> None:
        build_store(tmp_path / "good", dataset.chunks([other()]))
        code, out, err = smm_kg("check", "--store", "good", "--format", "json")
        assert [row["rule"] for row in json.loads(out) if row["severity"] == "violation"] == []
        assert code == 0
        assert err


class TestSparql:
    LABELS = (
        "SELECT ?label WHERE { ?study a <https://w3id.org/smm-kg/ontology#Study> ; "
        "<http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"
    )

    def test_json_is_the_result_format_of_sparql(self, smm_kg: Run, folder: str) -> None:
        found = json.loads(smm_kg("sparql", self.LABELS, "--store", folder, "--format", "json").out)
        assert found["head"] == {"vars": ["label"]}
        labels = [each["label"] for each in found["results"]["bindings"]]
        assert labels == [{"type": "literal", "value": name} for name in ("Example 2001", "Other 2005")]

    def test_rows_come_in_the_other_formats(self, smm_kg: Run, folder: str) -> None:
        ask = ("sparql", self.LABELS, "--store", folder)
        assert smm_kg(*ask, "--format", "csv").out == "label\nExample 2001\nOther 2005\n"
        assert smm_kg(*ask, "--format", "tsv").out == '?label\n"Example 2001"\n"Other 2005"\n'
        assert smm_kg(*ask, "--format", "jsonl").out.splitlines()[1] == '{"label": "Other 2005"}'
        assert smm_kg(*ask).out.splitlines()[2] == "Example 2001"

    def test_a_query_comes_from_a_file_or_standard_input(
        self, smm_kg: Run, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "labels.rq").write_text(self.LABELS, encoding="utf-8")
        expected = smm_kg("sparql", self.LABELS, "--store", folder).out
        assert smm_kg("sparql", "labels.rq", "--store", folder).out == expected
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(self.LABELS.encode())))
        assert smm_kg("sparql", "-", "--store", folder).out == expected

    def test_the_suffix_of_the_file_names_the_format(self, smm_kg: Run, folder: str, tmp_path: Path) -> None:
        triples = "CONSTRUCT WHERE { ?study a <https://w3id.org/smm-kg/ontology#Study> }"
        for name, text, start in [
            ("rows.csv", self.LABELS, "label\n"),
            ("rows.json", self.LABELS, '{"head"'),
            ("rows.xml", self.LABELS, '<?xml version="1.0" encoding="UTF-8"?>\n<sparql'),
            ("triples.nt", triples, "<https://w3id.org/smm-kg/study/example-2001#study>"),
        ]:
            assert smm_kg("sparql", text, "--store", folder, "--output", name) == (0, "", "")
            assert (tmp_path / name).read_text(encoding="utf-8").startswith(start), name

    def test_truth(self, smm_kg: Run, folder: str) -> None:
        ask = ("sparql", "ASK { ?a ?b ?c }", "--store", folder)
        assert smm_kg(*ask).out == "true\n"
        assert json.loads(smm_kg(*ask, "--format", "json").out)["boolean"] is True

    def test_triples(self, smm_kg: Run, folder: str) -> None:
        text = (
            "CONSTRUCT { ?study <http://purl.org/dc/terms/title> ?label } WHERE "
            "{ ?study a <https://w3id.org/smm-kg/ontology#Study> ; "
            "<http://www.w3.org/2000/01/rdf-schema#label> ?label }"
        )
        out = smm_kg("sparql", text, "--store", folder).out
        assert 'other-2005:study dcterms:title "Other 2005" .' in out
        assert smm_kg("sparql", text, "--store", folder, "--format", "ntriples").out.count("\n") == 2


class TestQueries:
    def test_lists_each_with_its_parameters(self, smm_kg: Run) -> None:
        found = rows(smm_kg("queries", "--format", "csv").out)
        assert list(found[0])[:3] == ["name", "summary", "parameters"]
        (facts,) = [row for row in found if row["name"] == "facts"]
        assert facts["parameters"].startswith("study, kind, subject")

    def test_text_prints_sparql_that_runs_as_it_stands(self, smm_kg: Run, folder: str) -> None:
        text = smm_kg("query", "facts", "--text").out
        ask = ("--store", folder, "--format", "csv")
        assert smm_kg("sparql", text, *ask).out == smm_kg("query", "facts", *ask).out

    def test_text_holds_the_parameters_that_were_given(self, smm_kg: Run, folder: str) -> None:
        ask = ("query", "facts", "--arm", "PILL", "--store", folder)
        text = smm_kg(*ask, "--text").out
        assert 'VALUES ?arm { "pill" }' in text
        csv_ = ("--format", "csv")
        assert smm_kg("sparql", text, "--store", folder, *csv_).out == smm_kg(*ask, *csv_).out


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_prints_a_script(self, shell: str, smm_kg: Run) -> None:
        code, out, _ = smm_kg("completion", shell)
        assert code == 0
        assert "_SMM_KG_COMPLETE" in out

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("smm-kg cov", "coverage"),
            ("smm-kg query facts --su", "--subject"),
            ("smm-kg query fac", "facts"),
            ("smm-kg facts --pa", "--paper"),
        ],
    )
    def test_completes_commands_queries_and_options(self, words: str, expected: str) -> None:
        found = subprocess.run(
            PROGRAM,
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "_SMM_KG_COMPLETE": "zsh_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(len(words.split()) - 1),
            },
        )
        assert expected in found.stdout.splitlines()

    def test_a_query_that_is_not_there_is_passed_over(self) -> None:
        words = {"COMP_WORDS": "smm-kg query comp --", "COMP_CWORD": "3", "_SMM_KG_COMPLETE": "zsh_complete"}
        found = subprocess.run(
            PROGRAM, capture_output=True, text=True, check=False, env={**os.environ, **words}
        )
        assert found.stderr == ""


def test_every_command_is_documented() -> None:
    for name, command in cli.commands.items():
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{name} {option.name}"
