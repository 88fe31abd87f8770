"""The pages of the documentation as bytes, the same whenever they are made of the same files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smm_kg import resources
from smm_kg.alignments import mappings
from smm_kg.errors import SmmKgError
from smm_kg.reference import diagram
from smm_kg.reference.contents import Contents, contents
from smm_kg.reference.guides import GUIDES, render
from smm_kg.reference.vocabulary import Vocabulary
from smm_kg.terms import SMM

if TYPE_CHECKING:
    import jinja2

__all__ = ["GENERATOR", "INDEX", "DocumentationError", "pages"]

INDEX = "index.html"
GENERATOR = "smm-kg docs"
"""What each page says of its maker."""

_ONTOLOGY = "smm.ttl"
_CLASSES, _HIERARCHY = "class-diagram.svg", "class-hierarchy.svg"


class DocumentationError(SmmKgError):
    """The documentation cannot be made."""


def pages(ontology: Path | None = None) -> dict[str, bytes]:
    """Return each file of the documentation by its name.

    Args:
        ontology: a Turtle file, by default the ontology that ships, with its mappings.

    Raises:
        DocumentationError: the extra ``docs`` is not installed, or the ontology cannot be read.
        AlignmentError: the mappings that ship are damaged.
        OntologyError: the file is not the Turtle of one ontology.
    """
    environment = _environment()
    path = ontology or resources.ontology()
    try:
        turtle = path.read_bytes()
    except OSError as error:
        raise DocumentationError(f"cannot be read: {error.strerror}", where=str(path)) from error
    vocabulary = Vocabulary(turtle, mappings() if ontology is None else ())
    held = contents(vocabulary)
    anchors = {term.iri: term.anchor for term in held.terms()}
    source = f"{held.title} {held.version}".strip()
    diagrams = {
        _CLASSES: diagram.class_diagram(vocabulary, source),
        _HIERARCHY: diagram.hierarchy(vocabulary, source),
    }
    environment.globals.update(
        generator=GENERATOR,
        index=INDEX,
        ontology_file=_ONTOLOGY,
        guides=[(_page(file), name) for file, name in GUIDES.items()],
    )
    shown = environment.get_template("reference.html").render(
        page=INDEX,
        reference=held,
        href=_href(anchors),
        diagrams=[(name, _as_markup(svg)) for name, svg in diagrams.items()],
    )
    made = {INDEX: shown, **_guides(environment, held), **diagrams}
    return {name: text.encode() for name, text in made.items()} | {_ONTOLOGY: turtle}


def _as_markup(svg: str) -> Any:
    """Mark a picture of our own as markup."""
    import markupsafe

    return markupsafe.Markup(svg)  # noqa: S704 - written by smm_kg.draw, which escapes all text


def _environment() -> jinja2.Environment:
    try:
        import jinja2
    except ImportError as error:
        raise DocumentationError(
            "writing the documentation needs Jinja2, which is not installed",
            hint="install it with: pip install 'smm-kg[docs]'",
        ) from error
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _href(anchors: dict[str, str]) -> Callable[[str], str]:
    """How the reference links to a thing: to its entry, else to its IRI if that is one of the web."""

    def href(iri: str) -> str:
        if iri in anchors:
            return f"#{anchors[iri]}"
        outside = iri.removeprefix("external:")
        return outside if outside.startswith(("http://", "https://")) else ""

    return href


def _page(file: str) -> str:
    return file.removesuffix(".md") + ".html"


def _guides(environment: jinja2.Environment, held: Contents) -> dict[str, str]:
    known = {term.anchor for term in held.terms() if term.iri.startswith(SMM)}

    def link(name: str) -> str | None:
        return f"{INDEX}#{name}" if name in known else None

    template, made = environment.get_template("guide.html"), {}
    for file in GUIDES:
        guide = render((resources.folder("docs") / file).read_text(encoding="utf-8"), link)
        body = _as_markup(guide.html)
        made[_page(file)] = template.render(page=_page(file), guide=guide, body=body)
    return made
