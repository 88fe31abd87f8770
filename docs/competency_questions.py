"""Writes docs/competency-questions.md: each question of the catalogue, with the start of its answer.

Run ``python docs/competency_questions.py`` when a query, the evidence or the mapping changed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from smm_kg import resources
from smm_kg.catalogue import Catalogue, Query
from smm_kg.graph import Graph
from smm_kg.graph import open as open_graph
from smm_kg.terms import STUDY

__all__ = ["DOCUMENT", "MAPPING", "MOST_COLUMNS", "MOST_ROWS", "command", "document"]

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE / "competency-questions.md"
MAPPING = HERE / "competency-questions.yaml"
SERVERS = HERE / "servers.md"
MOST_ROWS = 5
MOST_COLUMNS = 6

_HEAD = """\
# Competency questions

{count} questions that the graph answers, one for each query of the catalogue. Each names the requirements
that it serves, the command that asks it, the query, and the first rows of the answer on the shipped evidence.
A command can have other parameters, or none (`smm-kg query NAME --help`), and more columns; `-f csv`
and others are for programs.

All are plain SPARQL 1.1 and give the same rows in the same order on the embedded store, rdflib and
`oxigraph serve`; {virtuoso} of them on Virtuoso 7 too. The others are marked, and
[servers.md](servers.md#what-virtuoso-gets-wrong) says what it does to them.

This file is written by `python docs/competency_questions.py`; do not edit it.

| | requirement | questions |
|---|---|---|
"""


def document() -> str:
    """Return the text of the document."""
    mapping = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
    requirements: Mapping[str, str] = mapping["requirements"]
    questions: Mapping[str, Mapping[str, Any]] = mapping["questions"]
    catalogue = Catalogue(resources.queries())
    ordered = [name for one in requirements for name in questions if questions[name]["serves"][0] == one]
    numbers = {name: number for number, name in enumerate(ordered, start=1)}
    text = _HEAD.format(count=len(ordered), virtuoso=len(set(ordered) - _not_on_virtuoso()))
    for one, words in requirements.items():
        serving = [f"[{numbers[name]}](#{name})" for name in ordered if one in questions[name]["serves"]]
        text += f"| {one} | {words} | {', '.join(serving)} |\n"
    with open_graph() as graph:
        for one, words in requirements.items():
            text += f"\n## {one}: {words}\n"
            here = [name for name in ordered if questions[name]["serves"][0] == one]
            for name in here:
                text += "".join(_question(numbers[name], catalogue[name], questions[name], graph))
            if not here:
                text += "\nEvery question is such a template; the table names those made for it.\n"
    return text


def _not_on_virtuoso() -> set[str]:
    """Return the queries that the guide to servers says Virtuoso answers wrongly."""
    section = SERVERS.read_text(encoding="utf-8").partition("## What Virtuoso gets wrong")[2]
    return set(re.findall(r"^\| `([a-z-]+)` \|", section, flags=re.MULTILINE))


def command(name: str, asked: Mapping[str, Any]) -> str:
    """Return the command that asks a question, as the mapping has it."""
    words = ["smm-kg", "query", name]
    for parameter, given in asked["with"].items():
        for value in given if isinstance(given, list) else [given]:
            words += [f"--{parameter}", str(value)]
    return shlex.join([*words, "--columns", ",".join(asked["columns"])])


def _question(number: int, query: Query, asked: Mapping[str, Any], graph: Graph) -> Iterator[str]:
    yield f'\n<a id="{query.name}"></a>\n### {number}. {query.question}\n\n'
    yield f"{', '.join(asked['serves'])} · [{query.name}.rq](../queries/{query.name}.rq)"
    yield " · not on Virtuoso 7\n\n" if query.name in _not_on_virtuoso() else "\n\n"
    yield f"```\n{command(query.name, asked)}\n```\n\n"
    rows = graph.query(query.name, **asked["with"])
    if not rows:
        yield "No row: there is none.\n"
        return
    yield f"| {' | '.join(asked['columns'])} |\n|{'---|' * len(asked['columns'])}\n"
    for row in rows[:MOST_ROWS]:
        yield f"| {' | '.join(_cell(getattr(row, column)) for column in asked['columns'])} |\n"
    if len(rows) > MOST_ROWS:
        yield f"\n{MOST_ROWS} of {len(rows)} rows.\n"


def _cell(value: object) -> str:
    """Return a cell as Markdown; an IRI of a study's node in its short form, which commands take too."""
    text = "" if value is None else str(value).removeprefix(STUDY)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
