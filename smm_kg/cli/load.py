"""The command that loads a file from elsewhere: `smm-kg load`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import store_location
from smm_kg.cli.outcome import FINDINGS
from smm_kg.cli.output import Answer, note, row_options, working
from smm_kg.terms import GRAPH

__all__ = ["load"]

_FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld")


@click.command(
    cls=ExampleCommand,
    examples=(
        "smm-kg load trial.ttl --dry-run",
        "smm-kg build && smm-kg load trial.ttl --store smm-kg-store",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the file; change nothing.")
@click.option("--replace", is_flag=True, help="Take the place of the same source of the same study.")
@click.option(
    "--from",
    "from_format",
    type=click.Choice(_FORMATS),
    help="Format of FILE; else by its suffix (.ttl, .trig, .nq, .nt, .jsonld).",
)
@store_location
@row_options
@click.pass_context
def load(
    context: click.Context,
    answer: Answer,
    file: Path,
    dry_run: bool,
    replace: bool,
    from_format: str | None,
    store: str | None,
) -> None:
    """Check a file that follows the ontology and load it into the store of a folder, beside what is there.

    Each source goes into its named graph. Findings are printed as by `smm-kg check`, with their line in FILE.
    With a violation nothing is loaded, and the exit code is 1. Nothing is fetched from the network.
    """
    from smm_kg.loading import load as load_file

    folder = _folder(store, dry_run)
    with working(f"checking {file}"):
        loaded = load_file(file, folder, format=from_format, replace=replace, dry_run=dry_run)
    answer.show(loaded.findings.columns, loaded.findings)
    for left_out in loaded.notes:
        note(left_out)
    found = Counter(row.severity for row in loaded.findings)
    if found:
        note(", ".join(f"{count} of severity {severity}" for severity, count in sorted(found.items())))
    graphs = ", ".join(graph.removeprefix(GRAPH) for graph in loaded.graphs)
    if loaded.violations:
        note(f"{file}: nothing is loaded")
        context.exit(FINDINGS)
    done = f"loaded into {folder}; ask it with --store {folder}" if loaded.stored else "no violation"
    note(f"{file}: {loaded.statements} statements of {graphs}: {done}")


def _folder(store: str | None, dry_run: bool) -> Path | None:
    """Return the folder to load into; none to check the file by itself."""
    if store is None or store == "memory:":
        if dry_run:
            return None
        raise click.UsageError("say where to load: build a folder with smm-kg build, and give it as --store")
    if "://" in store:
        what = f"{store} is not a folder, and endpoints are only read"
        raise click.UsageError(f"{what}: build a folder with smm-kg build, and give it as --store")
    return Path(store)
