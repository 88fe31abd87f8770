"""The command line: wiring only. Each command imports what it runs when it runs, so that help is quick."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from smm_kg.cli.answers import facts, queries, query
from smm_kg.cli.audit import audit
from smm_kg.cli.command import ExampleGroup
from smm_kg.cli.compare import compare
from smm_kg.cli.completion import completion
from smm_kg.cli.docs import docs
from smm_kg.cli.draw import draw
from smm_kg.cli.graphs import build, check, export
from smm_kg.cli.load import load
from smm_kg.cli.options import store_location
from smm_kg.cli.papers import coverage, read
from smm_kg.cli.record import record
from smm_kg.cli.sparql import sparql

__all__ = ["cli", "main"]


@click.group(
    cls=ExampleGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    examples=(
        "smm-kg query compare-progression",
        "smm-kg facts --subject neutropenia --format csv",
        "smm-kg queries",
        "smm-kg export evidence.ttl",
    ),
)
@store_location
@click.version_option(None, "--version", package_name="smm-kg", prog_name="smm-kg")
def cli(store: str | None) -> None:
    """Published trial results as an evidence knowledge graph.

    Without anything built, every question is answered from the evidence that ships with the package.

    Exit codes: 0 done, 1 findings (check: violations, coverage: unaccounted), 2 wrong use, bad input or an
    endpoint that fails, 70 a fault of smm-kg itself, 130 interrupted.
    """


_COMMANDS = (
    build, read, facts, coverage, check, audit, queries, query, compare, draw, record, sparql, export,
    load, docs, completion,
)  # fmt: skip
for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    from smm_kg.cli.outcome import run

    sys.exit(run(cli, sys.argv[1:]))
