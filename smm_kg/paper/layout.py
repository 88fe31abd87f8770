"""What lines and paragraphs of a recovered report look like: headings, captions, footnotes, furniture.

Every function here judges characters alone; what a paragraph *is* also depends on what stands around it,
which ``text`` decides.
"""

from __future__ import annotations

import re

__all__ = [
    "CAPTION",
    "FOOTNOTE_MARK",
    "HYPHENS",
    "LEGEND",
    "REFERRING",
    "article_type",
    "continues",
    "front_matter",
    "is_furniture",
    "is_heading",
    "is_open",
    "is_prose",
    "main_heading",
    "names_authors",
    "opens_block",
]

HYPHENS = ("-", "\u2010", "\u2011", "\u00ad")

CAPTION = re.compile(
    r"[*_]{0,2}(?P<kind>Table|TABLE|Figure|FIGURE|Fig\.|FIG\.)\s+(?P<number>\d{1,2}|[IVX]{1,5})[A-Z]?[*_]{0,2}"
    r"(?:[.:|](?=[*_\s]|$)|\s[–—-]\s|\s*$)"
)
"""The beginning of a float's title: ``Figure 1. …``."""

FOOTNOTE_MARK = re.compile(
    r"(?:^|(?<=\s))(?:[-\u2010\u2011•]\s+)?(?:\$?\s*\^\{\s*|\[|<sup>)?\\?"
    r"(?P<mark>\*{1,2}(?!\w[^*\n]{0,80}\*)|[†‡§¶‖]{1,2}|\\dagger|\\ddagger)"
    r"(?:\s*\}\s*\$?|\]|</sup>)?\s*(?=[\"“(\[]?[^\W\d_])"
)
"""A footnote's mark with its markup, in front of the footnote's first word."""

LEGEND = re.compile(r"Panels?\s+[A-Z]\b|Shown (?:is|are)\b|I bars\b|\([Aa]\)\s|[A-Z]\w*\s+denotes\b")
"""How the text of a figure's legend begins."""

REFERRING = re.compile(r"(?:\b(?:in|see|and|of|from|by|to|with|or)|[(,;])\s*$")
"""The end of a line that goes on with a reference to a float, so that the next begins no caption."""

_MAIN_HEADINGS = re.compile(
    r"(?:abstract|summary|background|objectives?|introduction|"
    r"(?:(?:patients|materials?|subjects|participants|study design)\s+and\s+)?methods|results|findings|"
    r"discussion|conclusions?|interpretation|references|literature cited|acknowledge?ments?|funding|"
    r"disclosures?|appendix|trial registration|supplementary (?:material|appendix|information)|"
    r"conflicts? of interest|competing interests|authors?['’]? contributions)",
    re.IGNORECASE,
)
_ARTICLE_TYPE = re.compile(
    r"(?:original|research|review|brief|special|clinical|short|regular)\s+"
    r"(?:articles?|reports?|research|investigations?|communications?|papers?|trial|study)|"
    r"articles?|editorials?|correspondence|letters?",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?i:No other uses without permission|Copyright\s*(?:©|\(c\))|All rights reserved)|"
    r"(?i:Downloaded (?:from|by)\b)|©\s*\d{4}|n engl j med\s+\d+;\d+\s+nejm\.org|"
    r"The New England Journal of Medicine\s*$|Page \d+ of \d+$"
)
_PAGE_NUMBER = re.compile(r"\d{1,4}")
_AFFILIATION = re.compile(
    r"From\b.{0,60}\b(?:Hospital|Universi|Department|Division|Institut|Cent(?:er|re)\b|Clinic|College|School)|"
    r"(?:Author )?Affiliations?\b|Address (?:reprint|correspondence)|Correspondence\b|\*?Drs?\.\s",
    re.DOTALL,
)
_JOURNAL = re.compile(
    r"(?i:DOI):?\s*10\.|https?://(?:dx\.)?doi\.org|(?i:Copyright)\s*(?:©|\(c\))|©\s*\d{4}|"
    r"[A-Z][\w .&:]{2,60}\s(?:19|20)\d\d\s?;\s?\d+(?:\(\d+\))?:\s?[eE]?\d+|"
    r"(?:This article was )?(?:[Pp]ublished|Received|Accepted)[: ]+(?:on |online )?(?:[A-Z][a-z]+ )?\d"
)
_DEGREES = r"(?:M\.?\s?D|Ph\.?\s?D|M\.?P\.?H|M\.?\s?Sc|R\.?N|MBBS|Pharm\.?\s?D)\b"
_DEGREE = re.compile(rf",\s*{_DEGREES}|^{_DEGREES}\.?,")
_FUNCTION_WORDS = re.compile(r"\b(?:the|of|was|were|with|in|is|that|are|to)\b")
_SENTENCE_END = re.compile(
    r"(?:[.!?][\"”’')\]*_]*(?:\s?\$?\s*\^\{[^{}]*\}\s*\$?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻,]+)?|(?<!\d)\.\d{1,3}(?:[,–-]\d{1,3})*)$"
)
_ABBREVIATION = re.compile(r"(?:\b(?:vs|et al|Figs?|Nos?|i\.e|e\.g|cf|ca|approx|Dr|Prof)\.|:)$")
_CONTINUING = tuple(",;)%–=<>≥≤±")


def is_heading(line: str) -> bool:
    """A line in capitals of its own, or the name of a main section in any case.

    ``MOLDERING MULTIPLE MYELOMA IS A plasma-cell …`` (a lost drop capital) is none: it goes on in small
    letters.
    """
    line = line.strip("*#_ ")
    if main_heading(line) is not None:
        return True
    letters = [character for character in line if character.isalpha()]
    shape = len(letters) >= 4 and all(character.isupper() for character in letters) and len(line) <= 80
    return (
        shape and not line.endswith((".,", ",", ".", ";", ")", *HYPHENS)) and not any(map(str.isdigit, line))
    )


def main_heading(line: str) -> str | None:
    """The line in capitals if it is a main section's name and nothing else, otherwise None."""
    name = " ".join(re.sub(r"^\d+(?:\.\d+)*\.?\s+", "", line.strip("*#_ :")).split())
    return name.upper() if _MAIN_HEADINGS.fullmatch(name) and name[:1].isupper() else None


def article_type(line: str) -> bool:
    """Whether a line names the kind of article (``ORIGINAL ARTICLE``)."""
    return _ARTICLE_TYPE.fullmatch(" ".join(line.split())) is not None


def is_furniture(paragraph: str) -> bool:
    """Whether a paragraph belongs to the page: a copyright line, a running head, a page number."""
    paragraph = paragraph.strip()
    return bool(_FURNITURE.match(paragraph) or _PAGE_NUMBER.fullmatch(paragraph))


def front_matter(paragraph: str) -> str | None:
    """``AFFILIATIONS`` or ``CITATION`` for a paragraph of that kind, otherwise None."""
    if _AFFILIATION.match(paragraph):
        return "AFFILIATIONS"
    return "CITATION" if _JOURNAL.match(paragraph) and len(paragraph) < 300 else None


def opens_block(line: str) -> bool:
    """Whether no line that goes on with a sentence looks like this one: caption, note, journal line."""
    footnote = FOOTNOTE_MARK.match(line)
    return bool(CAPTION.match(line) or footnote or _JOURNAL.match(line) or _FURNITURE.match(line))


def is_open(paragraph: str) -> bool:
    """Whether a paragraph ends within a sentence."""
    paragraph = paragraph.rstrip()
    return not _SENTENCE_END.search(paragraph) or _ABBREVIATION.search(paragraph) is not None


def continues(paragraph: str, *, sentence_open: bool) -> bool:
    """Whether a paragraph begins as no sentence does.

    Reports write numbers out at the beginning of a sentence, so a figure goes on with an open one.
    """
    first = paragraph.lstrip(" \t\n*_")[:1]
    return first.islower() or first in _CONTINUING or (sentence_open and first.isdigit())


def names_authors(line: str) -> bool:
    """Whether a line holds the academic degree of an author."""
    return _DEGREE.search(line) is not None


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is made of sentences, not of names and degrees."""
    return len(_FUNCTION_WORDS.findall(paragraph)) >= 3 and not is_open(paragraph)
