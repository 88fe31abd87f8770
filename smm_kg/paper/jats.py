"""JATS XML: sections, paragraphs, floats, citations and references, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smm_kg.paper.document import Block, BlockKind, Document, SectionPath, Table, Text, merged_spans
from smm_kg.paper.inline import FLOATS, Inline
from smm_kg.paper.jats_tables import read_tables
from smm_kg.paper.source import MalformedXmlError, RefusedXmlError
from smm_kg.paper.xmltree import Element, parse_xml

__all__ = ["parse"]

_CONTAINERS = frozenset(
    {"sec", "body", "back", "app-group", "app", "ack", "notes", "fn-group", "glossary", "floats-group",
     "boxed-text", "table-wrap-group", "fig-group", "list", "list-item", "def-list", "abstract",
     "trans-abstract", "statement", "disp-quote", "supplementary-material", "caption", "response",
     "sub-article"}
)  # fmt: skip
_SECTION_NAMES = {
    "ack": "ACKNOWLEDGMENTS",
    "notes": "NOTES",
    "fn-group": "NOTES",
    "glossary": "ABBREVIATIONS",
    "app": "APPENDIX",
}
_CITATION_PARTS = frozenset(
    {"article-id", "pub-date", "volume", "issue", "fpage", "lpage", "elocation-id", "history", "permissions",
     "article-categories", "product"}
)  # fmt: skip
_FRONT_SECTIONS: dict[str, str] = {
    **dict.fromkeys(_CITATION_PARTS, "CITATION"),
    "aff": "AFFILIATIONS",
    "author-notes": "AFFILIATIONS",
    "kwd-group": "KEYWORDS",
    "funding-group": "FUNDING",
}
_MOST_DIGITS = 3
"""A label with more digits is no number of a reference list."""
_LOOSE_PUNCTUATION = re.compile(r"\s(?=[.,;:)])")
_FIGURE = re.compile(r"Fig(?:ure)?s?\.?\s*(?P<number>\w+)", re.IGNORECASE)


def parse(source: str, sha256: str, where: str) -> Document:
    """Read JATS XML.

    Args:
        source: the decoded file.
        sha256: the hash of its bytes.
        where: its name, for error messages.

    Raises:
        MalformedXmlError: the XML is broken, or holds no article.
        RefusedXmlError: see :func:`smm_kg.paper.xmltree.parse_xml`.
    """
    root = parse_xml(source, where)
    article = root if root.tag == "article" else next(root.descendants("article"), None)
    if article is None:
        raise MalformedXmlError(
            f"the root element is <{root.tag}> and there is no <article> in it",
            where=where,
            hint="JATS articles are wanted (.nxml of PubMed Central)",
        )
    try:
        return _Reader(article, source, sha256).document()
    except RefusedXmlError as error:
        error.where = where
        raise


class _Reader:
    """Walks over an article and gathers its blocks and tables."""

    def __init__(self, article: Element, source: str, sha256: str) -> None:
        self._article = article
        self._source = source
        self._sha256 = sha256
        self._entries = _numbered(article)
        ids = {entry.attributes.get("id", ""): number for number, entry in self._entries.items()}
        self._inline = Inline(ids)
        self._blocks: list[Block] = []
        self._tables: list[Table] = []

    def document(self) -> Document:
        for part in self._article.elements():
            if part.tag == "front":
                self._front(part)
            elif part.tag == "body":
                self._walk(part, ("INTRODUCTION",))
            elif part.tag in _CONTAINERS:
                self._walk(part, ())
        body = self._body_spans()
        return Document.of(
            self._source,
            self._sha256,
            blocks=self._blocks,
            tables=self._tables,
            references={number: self._reference(entry) for number, entry in self._entries.items()},
            citations=self._inline.citations,
            body_spans=body,
        )

    def _reference(self, entry: Element) -> Text:
        """An entry of the reference list without its label, punctuation closed up to the part before it."""
        parts = [child for child in entry.children if not isinstance(child, Element) or child.tag != "label"]
        text = self._inline.text(Element(entry.tag, entry.attributes, entry.start, parts))
        return text.sub(_LOOSE_PUNCTUATION, lambda _: ())

    def _add(self, kind: BlockKind, section: SectionPath, text: Text) -> None:
        if text:
            self._blocks.append(Block(kind, section, text))

    # Front matter

    def _front(self, front: Element) -> None:
        for title in (
            t for meta in front.elements("journal-meta") for t in meta.descendants("journal-title")
        ):
            self._add("front", ("CITATION",), self._inline.text(title))
        for part in (part for meta in front.elements("article-meta") for part in meta.elements()):
            if part.tag == "title-group":
                titles = part.elements("article-title", "subtitle")
                self._add("title", ("TITLE",), Text.join(map(self._inline.text, titles)))
            elif part.tag == "contrib-group":
                self._authors(part)
            elif part.tag in ("abstract", "trans-abstract"):
                self._walk(part, ("ABSTRACT",))
            elif part.tag in _FRONT_SECTIONS:
                self._add("front", (_FRONT_SECTIONS[part.tag],), self._inline.text(part))

    def _authors(self, group: Element) -> None:
        names = (
            Text.join(
                map(self._inline.text, contributor.elements("name", "string-name", "collab", "degrees"))
            )
            for contributor in group.elements("contrib")
        )
        self._add("authors", ("AUTHORS",), Text.join(names, ", "))
        for affiliation in group.descendants("aff"):
            self._add("front", ("AFFILIATIONS",), self._inline.text(affiliation))

    # Sections and floats

    def _walk(self, element: Element, section: SectionPath) -> None:
        """Read what an element holds, as standing in a section."""
        path = self._open(element, section)
        for child in element.elements():
            if child.tag in ("title", "label", "sec-meta", "ref-list", "ref", "permissions"):
                continue
            if child.tag == "table-wrap":
                self._table(child)
            elif child.tag == "fig":
                self._figure(child)
            elif child.tag in _CONTAINERS:
                self._walk(child, path)
            else:
                self._add("paragraph", path, self._inline.text(child))
                for below in _floats(child):
                    self._float(below, path)

    def _float(self, element: Element, section: SectionPath) -> None:
        if element.tag == "table-wrap":
            self._table(element)
        elif element.tag == "fig":
            self._figure(element)
        else:
            self._walk(element, section)

    def _open(self, element: Element, section: SectionPath) -> SectionPath:
        """The section path within an element, whose title becomes a heading."""
        if element.tag in ("list", "list-item", "def-list", "caption", "supplementary-material", "back"):
            return section
        title = element.first("title")
        text = self._inline.text(title) if title is not None else Text("", (), ())
        own = element.tag in ("sec", *_SECTION_NAMES)
        name = str(text) or _SECTION_NAMES.get(element.tag, "")
        if not own or not name:
            self._add("heading", section, text)
            return section
        outer = () if section == ("INTRODUCTION",) or element.tag != "sec" else section
        self._add("heading", (*outer, name), text)
        return (*outer, name)

    def _figure(self, figure: Element) -> None:
        label = figure.first("label")
        parts = [part for part in (label, figure.first("caption")) if part is not None]
        name = self._inline.text(label).text if label is not None else "Figure"
        match = _FIGURE.match(name)
        section = (f"Figure {match['number']}" if match else name.strip(" .:"), "Caption")
        self._add("caption", section, Text.join(map(self._inline.text, parts)))

    def _table(self, wrap: Element) -> None:
        self._tables += read_tables(wrap, self._inline, len(self._tables) + 1)

    def _body_spans(self) -> tuple[tuple[int, int], ...]:
        """The spans of all texts from the title on, those that overlap made one."""
        title = next((block.text.span()[0] for block in self._blocks if block.kind == "title"), 0)
        texts = [block.text for block in self._blocks]
        for table in self._tables:
            texts += [*table.texts(), *(block.text for block in table.notes())]
        return merged_spans(text for text in texts if text and text.starts[0] >= title)


def _numbered(article: Element) -> dict[int, Element]:
    """The entries of the reference list by number: their label where it is one, else their place."""
    entries: dict[int, Element] = {}
    for place, entry in enumerate(article.descendants("ref"), start=1):
        label = entry.first("label")
        printed = "".join(str(piece) for piece in label.children if isinstance(piece, Text)) if label else ""
        digits = printed.strip(" .[]()")
        stated = int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else None
        number = stated if stated is not None and stated not in entries else place
        entries.setdefault(number, entry)
    return entries


def _floats(element: Element) -> Iterator[Element]:
    """The outermost floats within a paragraph."""
    for child in element.elements():
        if child.tag in FLOATS:
            yield child
        else:
            yield from _floats(child)
