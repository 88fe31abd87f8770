"""The reference list of a paper: short keys of its entries (``Hjorth 1993``)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from smm_kg.paper.document import Document
from smm_kg.paper.location import Place
from smm_kg.paper.sheet_model import Problem
from smm_kg.records import Reference

__all__ = ["key_of", "references_of"]

_NUMBER = re.compile(r"\s*(?:\[?\d{1,3}[.)\]]\s*)?")
_AUTHOR = re.compile(r"(?P<name>[^,.;:]{1,60}?)\s+(?:[A-Z]\.?[ -]?){1,4}(?=[,.;:]|\s+et\s+al|\s+and\b|$)")
_GROUP = re.compile(r"(?P<name>[^.,;:]{1,80})[.,;:]")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)(?=\s*[a-z]?\s*[;:)]|\s+[A-Z][a-z]+)")
_ANY_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)")


def key_of(text: str) -> tuple[str, int, int]:
    """Return the key of an entry, first author's surname and year, and where the surname stands in it.

    An entry of a group of authors has the group's name; one without a year has the name alone.
    """
    start = _NUMBER.match(text).end()  # type: ignore[union-attr]
    author = _AUTHOR.match(text, start) or _GROUP.match(text, start)
    first, last = author.span("name") if author else (start, min(len(text), start + 40))
    rest = re.sub(r"\[[^\]]*\]", "", text[last:])  # errata have years of their own
    years = [match["year"] for match in _YEAR.finditer(rest)] or [
        match["year"] for match in _ANY_YEAR.finditer(rest)
    ][-1:]
    return " ".join([text[first:last].strip(), *years[:1]]), first, last


def references_of(
    document: Document, studies: Mapping[int, str]
) -> tuple[tuple[Reference, ...], list[Problem]]:
    """Return the references of a document by number, with the studies that the sheet names for them."""
    references = []
    for number, block in sorted(document.references.items()):
        key, start, end = key_of(block.text.text)
        locator = Place(document, block.text, block.section).locator("label", start, end)
        references.append(Reference(number=number, key=key, locator=locator, study=studies.get(number)))
    problems = [
        Problem(what=f"the reference list has no number {number}", where="references")
        for number in studies
        if number not in document.references
    ]
    return tuple(references), problems
