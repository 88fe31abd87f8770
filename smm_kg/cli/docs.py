"""The command that writes the documentation."""

from __future__ import annotations

from pathlib import Path

import click

from smm_kg.cli.command import ExampleCommand
from smm_kg.cli.options import FOLDER
from smm_kg.cli.output import note

__all__ = ["docs"]


@click.command(cls=ExampleCommand, examples=("smm-kg docs -o smm-kg-docs",))
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    required=True,
    metavar="FOLDER",
    help="The folder to write to, made if missing; documentation that is there is replaced.",
)
def docs(output: Path) -> None:
    """Write the reference of the ontology and the guides as HTML.

    The folder holds index.html, which describes every term, class diagrams, and guides to modelling a
    trial and to extending the ontology. Nothing in it asks the network. The same ontology gives the same
    bytes. Needs the extra docs (Jinja2).
    """
    from smm_kg.reference.folder import write
    from smm_kg.reference.pages import INDEX, pages

    made = pages()
    write(output, made)
    note(f"{len(made)} files; open {output / INDEX}")
