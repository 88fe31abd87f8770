"""The competency questions: all queries of the catalogue are there, and the excerpts are what is answered."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from query_answers import CATALOGUE

from smm_kg.cli import cli

DOCS = Path(__file__).resolve().parent.parent / "docs"
TEXT = (DOCS / "competency-questions.md").read_text(encoding="utf-8")
MAPPING: dict[str, Any] = yaml.safe_load((DOCS / "competency-questions.yaml").read_text(encoding="utf-8"))
QUESTIONS = re.split(r"^<a id=\"[a-z-]+\"></a>\n", TEXT, flags=re.MULTILINE)[1:]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the document."""
    spec = importlib.util.spec_from_file_location("competency_questions", DOCS / "competency_questions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_its_script_writes(writer: ModuleType) -> None:
    assert writer.document() == TEXT, "run: python docs/competency_questions.py"


def test_every_query_is_a_question_that_serves_a_requirement() -> None:
    assert set(MAPPING["questions"]) == set(CATALOGUE.names())
    assert len(QUESTIONS) == len(CATALOGUE.names()) >= 40
    served = [one for asked in MAPPING["questions"].values() for one in asked["serves"]]
    assert set(served) == set(MAPPING["requirements"]) == {f"R{number}" for number in range(1, 8)}
    assert all(asked["serves"] for asked in MAPPING["questions"].values())


def test_questions_are_numbered_and_worded_as_in_the_catalogue() -> None:
    titles = [
        re.match(r"### (\d+)\. (.+)\n\n(R\d(?:, R\d)*) · \[([a-z-]+)\.rq\]", text) for text in QUESTIONS
    ]
    assert [int(title[1]) for title in titles if title] == list(range(1, len(QUESTIONS) + 1))
    assert all(title and title[2] == CATALOGUE[title[4]].question for title in titles)


def test_excerpts_are_of_a_size_that_can_be_read(writer: ModuleType) -> None:
    for text in QUESTIONS:
        table = re.findall(r"^\|.*\|$", text, flags=re.MULTILINE)
        assert len(table) - 2 <= writer.MOST_ROWS
        assert all(len(re.findall(r"(?<!\\)\|", line)) - 1 <= writer.MOST_COLUMNS for line in table)
        assert table or "No row: there is none." in text


def test_the_commands_answer_with_the_rows_shown() -> None:
    """Asked as a user would, of the questions that stand first, in the middle and last."""
    for text in [QUESTIONS[0], QUESTIONS[30], QUESTIONS[len(QUESTIONS) // 2], QUESTIONS[-1]]:
        block = re.search(r"```\n(.*)\n```", text)
        assert block is not None
        _, *words = shlex.split(block[1])
        done = CliRunner().invoke(cli, [*words, "-f", "csv"], env={"SMM_KG_STORE": None})
        assert done.exit_code == 0, done.output
        header, *rows = csv.reader(io.StringIO(done.stdout))
        shown = [
            line[2:-2].split(" | ") for line in text.split("\n") if line.startswith("| ") and line[-1] == "|"
        ]
        assert header == shown[0]
        cells = [
            [cell.replace("\\|", "|").replace("&lt;", "<").replace("\\*", "*").strip() for cell in row]
            for row in shown[1:]
        ]
        assert [[" ".join(cell.split()) for cell in row] for row in rows[: len(cells)]] == cells
