"""The rules by which a number of a paper is explained without being evidence.

Each rule is data: its name, what it explains, a pattern over repaired text and the sections where it holds.
A rule explains the tokens inside the group ``n`` of a match (the whole match where there is no such group).
Rules are narrow on purpose: a number that a rule explains is a number that nobody reads any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from smm_kg.paper.document import CITATION

__all__ = ["RULES", "STRAY_CELL", "Rule"]

STRAY_CELL = "Stray cell"
"""Last part of the section path under which coverage lists recovered cells that belong to no column."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason why a number is not evidence.

    Attributes:
        name: the name that coverage prints.
        description: what the rule explains, in a sentence.
        pattern: matched anywhere in a text.
        sections: fully matched against the section path joined by ``/``; None: every section.
    """

    name: str
    description: str
    pattern: re.Pattern[str]
    sections: re.Pattern[str] | None = None

    def holds_in(self, section: tuple[str, ...]) -> bool:
        """Tell whether the rule may explain numbers of a section."""
        return self.sections is None or self.sections.fullmatch("/".join(section)) is not None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the stretches of ``text`` whose numbers the rule explains."""
        group: int | str = "n" if "n" in self.pattern.groupindex else 0
        return [match.span(group) for match in self.pattern.finditer(text)]


def _rule(name: str, description: str, pattern: str, sections: str | None = None) -> Rule:
    where = re.compile(sections, re.IGNORECASE) if sections else None
    return Rule(name, description, re.compile(pattern, re.IGNORECASE | re.VERBOSE), where)


_FLOAT_NUMBER = r"S?[0-9]{1,2}[A-H]?(?![\w%]|[.,][0-9])"
_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_STREETS = "paseo|calle|plaza|avenida|avda\\.|carretera|rue|via|viale|street|road|avenue"

RULES: tuple[Rule, ...] = (
    _rule("citation", "A citation of the reference list.", CITATION),
    _rule(
        "figure or table number",
        "The number of a figure or table, right after its name.",
        rf"\b(?:Fig(?:ure)?\.?|Table)\s(?P<n>{_FLOAT_NUMBER})",
    ),
    _rule(
        "figure or table numbers",
        "The numbers of several figures or tables, right after their name in the plural.",
        rf"\b(?:Fig(?:ure)?s\.?|Tables)\s(?P<n>{_FLOAT_NUMBER}(?:(?:,\s{_FLOAT_NUMBER})*,?\sand\s|\sto\s|[–-]){_FLOAT_NUMBER})",
    ),
    _rule(
        "copyright notice",
        "The year of the publisher's copyright notice.",
        r"\bCopyright\s©\s(?P<n>(?:19|20)[0-9]{2})\b",
    ),
    _rule(
        "page furniture",
        "A page number alone, or year, volume, issue and pages in a running head or foot.",
        r"""\A[0-9]{1,5}\Z
             | \b(?:19|20)[0-9]{2}\b
             | \b[0-9]{1,4};[0-9]{1,4}(?::[0-9]{1,5}(?:[–-][0-9]{1,5})?)?(?=\W|\Z)""",
        "FURNITURE",
    ),
    _rule(
        "stray cell",
        "A lone number of one or two digits that the recovery of a table left outside its columns.",
        r"\A[0-9]{1,2}\Z",
        rf".+/{STRAY_CELL}",
    ),
    _rule(
        "gene or protein name",
        "A digit that is part of the name of a gene, a protein or an antibody's target.",
        r"""\b(?:interleukin-\s?[0-9]{1,2}(?:[αβγ]|\b)
             | IL-?[0-9]{1,2}(?:[αβγ]|\b)
             | (?:anti-)?(?:CS|CD|JAK|BRCA|FGFR|CYP|HER|PD-L|PD-|TP)[0-9]{1,3}\b)""",
    ),
    _rule(
        "street number",
        "The number of a house in the address for reprints.",
        rf"\b(?:{_STREETS})\s[\w .]{{1,40}}?\s(?P<n>[0-9]{{1,4}}(?:[-–/][0-9]{{1,4}})?)(?=,)",
        "AFFILIATIONS",
    ),
    _rule(
        "postal code",
        "The postal code after the town in the address for reprints.",
        r",\s[^\W\d_][\w .]{1,30}\s(?P<n>[0-9]{5})(?=,\s[^\W\d_])",
        "AFFILIATIONS",
    ),
    _rule(
        "hospital name",
        "The day of the year after which a hospital is named.",
        rf"\bHospital\s(?P<n>[0-9]{{1,2}})\sde\s(?:{_MONTHS})\b",
        "AFFILIATIONS",
    ),
    _rule(
        "authorship",
        "The place of an author, or of a draft, in an order.",
        r"\b(?P<n>first)\s(?:and\s(?:last|senior)\sauthors?|authors?|draft\b)",
    ),
    _rule(
        "line of therapy",
        "The name of a line of therapy.",
        r"\b(?P<n>first|second|third)[-\s]?line\b",
    ),
    _rule(
        "second primary",
        "The name of a cancer that arises besides the first: a second primary tumor.",
        r"\b(?P<n>second)\sprimary\s(?:tumou?rs?|cancers?|malignanc(?:y|ies)|neoplasms?)\b",
    ),
    _rule(
        "first event",
        "The occurrence that counts among several: the first assessment that shows it.",
        r"\b(?P<n>first)\s(?:assessment|occurrence|documentation)\b",
    ),
    _rule(
        "first period",
        "The beginning of a period whose length is a number of its own.",
        r"\b(?P<n>first)\s(?=[0-9]+\s(?:years?|months?|weeks?|days?)\b)",
    ),
    _rule(
        "the two groups",
        "A mention of the arms of the trial together.",
        r"\b(?:the\s(?P<n>two)(?:\s(?:study|treatment))?\sgroups\b)",
    ),
    _rule("both groups", "A mention of the arms of the trial together.", r"\bin\s(?P<n>both)\sgroups\b"),
    _rule(
        "both of two things",
        "A word that joins two things named beside it: both features, both sets of criteria.",
        r"\b(?P<n>both)\s(?:features|sets\sof\scriteria)\b",
    ),
    _rule(
        "one after another",
        "The place of a person in an enumeration: the second patient, the third.",
        r"\bthe\s(?P<n>second|third|fourth)\s(?:patient\b|was\b)",
    ),
    _rule("discourse", "A phrase of argument: one limitation.", r"\b(?P<n>one)\s(?:limitation|strength)\b"),
    _rule(
        "name of a change",
        "A change named by its size, which is what is counted: the level had doubled.",
        r"\bhad\s(?P<n>doubled|tripled|halved)\b",
    ),
)  # fmt: skip
