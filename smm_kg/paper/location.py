"""Places of a document as locators, and the places that name the arms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from smm_kg.paper.document import Document, SectionPath, Text
from smm_kg.paper.sheet_model import NamedArm
from smm_kg.paper.wording import sentences
from smm_kg.records import Locator, Role

__all__ = ["ArmNames", "Place", "sentence_at"]


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a document, where it stands in words: its section, and table, row and column if in a cell."""

    document: Document
    text: Text
    section: SectionPath
    table: str | None = None
    row: str | None = None
    column: str | None = None

    def header(self, text: Text) -> Place:
        """Return the place of a header cell above this cell."""
        return replace(self, text=text, row=None)

    def stub(self, text: Text) -> Place:
        """Return the place of the label of this cell's row, or of a group header above it."""
        return replace(self, text=text, column=None)

    def locator(self, role: Role, start: int, end: int) -> Locator:
        """Return the locator of ``text[start:end]``, white space at either end left out.

        Where a float interrupts the stretch, the longest piece of it has the locator, so that nothing of the
        float is in it.
        """
        pieces = self._pieces(start, end)
        first, last = self.text.span(*max(pieces, key=lambda piece: piece[1] - piece[0]))
        return Locator(
            role=role,
            section=self.section,
            start=first,
            end=last,
            printed=self.document.source[first:last],
            table=self.table,
            row=self.row,
            column=self.column,
        )

    def is_broken(self, start: int, end: int) -> bool:
        """Tell whether a float interrupts ``text[start:end]``."""
        return len(self._pieces(start, end)) > 1

    def _pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return ``text[start:end]`` in pieces without other printed text between their characters.

        White space at their ends is left out, as is what stands for the break itself.
        """
        text, prints_within = self.text, self.document.prints_within
        cuts = [(start, start)]
        for position in range(start, end):
            if prints_within(text.starts[position] + 1, text.ends[position]):
                cuts.append((position, position + 1))
            elif position > start and prints_within(text.ends[position - 1], text.starts[position]):
                cuts.append((position, position))
        cuts.append((end, end))
        between = ((last, first) for (_, last), (first, _) in pairwise(cuts))
        return [self._bare(first, last) for first, last in between if text.text[first:last].strip()]

    def _bare(self, start: int, end: int) -> tuple[int, int]:
        """Return ``start`` and ``end`` without white space at either end."""
        stretch = self.text.text[start:end]
        return end - len(stretch.lstrip()), start + len(stretch.rstrip())


def sentence_at(text: str, position: int) -> tuple[int, int]:
    """Return start and end of the sentence that holds ``position``."""
    spans = _sentences(text)
    index = bisect_right(spans, position, key=lambda span: span[1])
    return spans[index] if index < len(spans) else (0, len(text))


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))


class ArmNames:
    """The words by which a paper names the arms of its trial."""

    def __init__(self, arms: Iterable[NamedArm]) -> None:
        self._patterns = {arm.id: _pattern(arm.words) for arm in arms if arm.words}

    def arm_of(self, words: str) -> str | None:
        """Return the arm that these words name, None where they name none or several."""
        named = [arm for arm, pattern in self._patterns.items() if pattern.fullmatch(words.strip())]
        return named[0] if len(named) == 1 else None

    def nearest(self, arm: str, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return the place nearest to ``text[start:end]``, in its sentence, that names the arm."""
        pattern = self._patterns.get(arm)
        if pattern is None:
            return None
        first, last = sentence_at(text, start)
        found = [match.span() for match in pattern.finditer(text, first, max(last, end))]
        return min(found, key=lambda span: (max(span[0] - end, start - span[1]), span[0]), default=None)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first, whatever case and spacing."""
    choices = sorted(words, key=lambda name: (-len(name), name))
    spaced = (
        r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", name.strip())) for name in choices
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)
