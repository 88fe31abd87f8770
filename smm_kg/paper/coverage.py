"""An account of every number of a paper: in the graph, explained by a named rule, or unaccounted for.

What is walked is every printed text from the title to the acknowledgements, captions, cells and footnotes
included, the reference list excluded. What counts as a number is what
:func:`smm_kg.paper.numbers.find_numbers` finds, and each citation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from smm_kg.paper.coverage_rules import RULES, STRAY_CELL, Rule
from smm_kg.paper.document import CITATION, Document, SectionPath, Text
from smm_kg.paper.numbers import find_numbers
from smm_kg.records import Locator, Study, Value

__all__ = ["Account", "Coverage", "RuleUse", "Verdict", "account_for"]

Verdict = Literal["in the graph", "explained", "unaccounted"]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one number of a paper.

    Attributes:
        token: the number as printed.
        start: where it begins in the source.
        end: where it ends.
        section: its section path.
        verdict: whether it is in the graph, explained, or unaccounted for.
        reason: the id of the fact, or the name of the rule; empty where unaccounted for.
        context: the few words around it, to find it by eye.
    """

    token: str
    start: int
    end: int
    section: SectionPath
    verdict: Verdict
    reason: str
    context: str


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule with what it explained."""

    name: str
    description: str
    explained: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The accounts of all numbers of a paper, in the order of the source."""

    accounts: tuple[Account, ...]

    def of(self, verdict: Verdict) -> tuple[Account, ...]:
        """Return the accounts of one verdict."""
        return tuple(account for account in self.accounts if account.verdict == verdict)

    @property
    def rules(self) -> tuple[RuleUse, ...]:
        """Every rule with what it explained, those that explained nothing included."""
        return tuple(
            RuleUse(
                rule.name,
                rule.description,
                tuple(each for each in self.of("explained") if each.reason == rule.name),
            )
            for rule in RULES
        )


@dataclass(frozen=True, slots=True)
class _Token:
    """A number in one text: offsets into the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """A place that the graph knows: the span of a locator, whose fact it is, and which text it may hold."""

    start: int
    end: int
    fact: str
    within: str | None

    def holds(self, start: int, end: int, token: str) -> bool:
        """Tell whether the token stands here; words of a text value hold only the digits the value has."""
        if not (self.start <= start and end <= self.end):
            return False
        return self.within is None or token.casefold() in self.within or not any(map(str.isdigit, token))


def account_for(document: Document, study: Study) -> Coverage:
    """Account for every number of a document.

    Args:
        document: the paper.
        study: what was read of it.
    """
    texts = list(_texts(document))
    stated = _stated_in(study, texts)
    accounts: list[Account] = []
    for index, (section, text) in enumerate(texts):
        explained = [
            (span, rule) for rule in RULES if rule.holds_in(section) for span in rule.spans(text.text)
        ]
        for token in _tokens(text.text):
            start, end = text.span(token.start, token.end)
            verdict, reason = _verdict(token, start, end, stated.get(index, ()), explained)
            accounts.append(
                Account(
                    document.source[start:end],
                    start,
                    end,
                    section,
                    verdict,
                    reason,
                    _context(text.text, token),
                )
            )
    return Coverage(tuple(sorted(accounts, key=lambda account: (account.start, account.end))))


def _verdict(
    token: _Token,
    start: int,
    end: int,
    stated: Sequence[_Statement],
    explained: Sequence[tuple[tuple[int, int], Rule]],
) -> tuple[Verdict, str]:
    for place in stated:
        exact = token.text != CITATION or (place.start, place.end) == (start, end)
        if exact and place.holds(start, end, token.text):
            return "in the graph", place.fact
    for (first, last), rule in explained:
        if first <= token.start and token.end <= last:
            return "explained", rule.name
    return "unaccounted", ""


def _texts(document: Document) -> Iterator[tuple[SectionPath, Text]]:
    """Yield the printed texts of the body; cells that belong to no column have a section of their own."""
    strays = {
        text.span(): (*table.section, STRAY_CELL)
        for table in document.tables
        for text in table.strays
        if text
    }
    for section, text in document.body_texts():
        if text:
            yield strays.get(text.span(), section), text


def _tokens(text: str) -> list[_Token]:
    numbers = [_Token(token.start, token.end, token.text) for token in find_numbers(text)]
    citations = [_Token(at, at + 1, CITATION) for at, character in enumerate(text) if character == CITATION]
    return sorted(numbers + citations, key=lambda token: token.start)


def _stated_in(study: Study, texts: Sequence[tuple[SectionPath, Text]]) -> Mapping[int, Sequence[_Statement]]:
    """Return the places that the graph knows, by the index of the text in which each begins.

    A place speaks for its own text only: the span of a sentence that a table interrupts holds that table's
    cells, but says nothing of them.
    """
    home = {start: index for index, (_, text) in enumerate(texts) for start in text.starts}
    stated: dict[int, list[_Statement]] = defaultdict(list)
    for fact in study.facts:
        for value in fact.values:
            for locator in value.locators:
                start, end = locator.span
                index = home.get(start)
                if index is not None:
                    stated[index].append(_Statement(start, end, fact.id, _held(value, locator)))
    return stated


def _held(value: Value, locator: Locator) -> str | None:
    """Return the text whose digits a place may speak for; None: it speaks for all digits in its span."""
    return value.text.casefold() if locator.role == "value" and value.text is not None else None


def _context(text: str, token: _Token, words: int = 4) -> str:
    """Return a few words around a number."""
    before, after = text[: token.start].split()[-words:], text[token.end :].split()[:words]
    glued = " " if text[: token.start].endswith(" ") else ""
    follows = " " if text[token.end :].startswith(" ") else ""
    shown = f"{' '.join(before)}{glued}{text[token.start : token.end]}{follows}{' '.join(after)}"
    return shown.replace(CITATION, "[…]")
