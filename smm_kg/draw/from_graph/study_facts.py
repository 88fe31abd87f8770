"""What every picture asks: which study, its name and arms, and which documents state what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smm_kg.draw.page import DrawingError
from smm_kg.rows import Rows
from smm_kg.terms import PREFIXES, sparql_iri, sparql_string

if TYPE_CHECKING:
    from smm_kg.graph import Graph

__all__ = [
    "WHOLE_SETS",
    "Arm",
    "Sources",
    "arms_of",
    "ask",
    "chosen_study",
    "counted",
    "figure",
    "name_of",
    "select",
    "settled",
    "sources_of",
    "unit",
]

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("smm", "dcterms", "rdfs"))
_MANY = 200

WHOLE_SETS = (
    "all randomized set",
    "intention-to-treat set",
    "enrolled set",
    "per-protocol set",
    "safety set",
    "not-stated set",
)
"""Sets that hold all patients of an arm, the whole before a part; sub-groups and phases do not."""

_DISAGREEMENTS = "Other places or sources state some of these numbers otherwise: smm-kg query disagreements."
_NAME = """
SELECT DISTINCT ?label WHERE { ?study a smm:Study ; dcterms:identifier %s ; rdfs:label ?label }
ORDER BY ?label
"""
_ARMS = """
SELECT DISTINCT ?arm ?label ?role WHERE {
  ?study a smm:Study ; dcterms:identifier %s ; smm:hasArm ?node .
  ?node dcterms:identifier ?arm .
  OPTIONAL { ?node rdfs:label ?label }
  OPTIONAL { ?node smm:armRole ?kind . ?kind rdfs:label ?role }
} ORDER BY ?arm ?label ?role
"""
_DOCUMENTS = """
SELECT DISTINCT ?fact ?document ?characters ?level WHERE {
  VALUES ?fact { %s }
  ?fact smm:hasValue ?value . ?value smm:hasLocator ?locator . ?locator smm:inDocument ?source .
  ?source dcterms:identifier ?document .
  OPTIONAL { ?source smm:characters ?characters }
  OPTIONAL { ?source smm:sourceLevel ?level }
} ORDER BY ?fact ?document
"""
_SECONDARY = f"{PREFIXES['smm']}secondary-source"


@dataclass(frozen=True, slots=True)
class Arm:
    """A planned arm: id, label and role (``no intervention``)."""

    id: str
    label: str
    role: str


def select(graph: Graph, text: str) -> Rows:
    """Return the rows of a SELECT that uses the prefixes smm, dcterms and rdfs."""
    answer = graph.sparql(_HEAD + text)
    if not isinstance(answer, Rows):
        raise DrawingError("a picture asks for rows, and this query gives none")
    return answer


def ask(graph: Graph, query: str, study: str | None) -> tuple[str, list[Any]]:
    """Ask a query of the catalogue about one study.

    Args:
        graph: the graph.
        query: its name; it has the parameter and the column ``study``.
        study: id of the study; when None, the only one that has such rows.

    Returns:
        The id of the study and its rows, at least one.

    Raises:
        DrawingError: no study, or several, have such rows, or the study named has none.
        CatalogueError: there is no such study.
    """
    rows = list(graph.query(query, study=study) if study else graph.query(query))
    about = graph.catalogue[query].summary
    study = study or chosen_study((row.study for row in rows), about)
    if not rows:
        raise DrawingError(
            f"the graph does not say of {study}: {about[:1].lower()}{about[1:]}",
            hint=f"see what it holds with: smm-kg facts --study {study}",
        )
    return study, rows


def settled(
    graph: Graph, study: str | None, rows: Sequence[Any]
) -> tuple[list[Any], dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Take out what a place or source states otherwise than the statement that is taken as the main one.

    Returns:
        The rows whose facts vary from none of the others; the counts that are stated elsewhere, by the fact
        they vary from; and a note where there is anything to say.
    """
    drawn = {row.fact for row in rows}
    varying: set[str] = set()
    elsewhere: dict[str, set[str]] = {}
    for row in graph.query("disagreements", **({"study": study} if study else {})):
        if row.varies in drawn:
            varying.add(row.fact)
            if row.measure == "count":
                elsewhere.setdefault(row.varies, set()).add(figure(row.value))
    note = (_DISAGREEMENTS,) if varying else ()
    others = {fact: tuple(sorted(values)) for fact, values in elsewhere.items()}
    return [row for row in rows if row.fact not in varying], others, note


def chosen_study(found: Iterable[str], about: str) -> str:
    """Return the only study found.

    Raises:
        DrawingError: there is none, or there are several to choose from.
    """
    studies = sorted(set(found))
    if not studies:
        raise DrawingError(f"the graph holds nothing of this kind: {about[:1].lower()}{about[1:]}")
    if len(studies) > 1:
        raise DrawingError(
            "several studies have what this picture needs", candidates=studies, hint="name one with --study"
        )
    return studies[0]


def name_of(graph: Graph, study: str) -> str:
    """Return the label of a study, its id if it has none."""
    rows = select(graph, _NAME % sparql_string(study))
    return str(rows[0].label) if rows else study


def arms_of(graph: Graph, study: str) -> list[Arm]:
    """Return the arms of a study, those with treatment before those without, then by id.

    A label that several sources give in several ways is the first in order of characters.
    """
    arms: dict[str, Arm] = {}
    for row in select(graph, _ARMS % sparql_string(study)):
        arms.setdefault(str(row.arm), Arm(str(row.arm), str(row.label or row.arm), str(row.role or "")))
    return sorted(arms.values(), key=lambda arm: (_RANK.get(arm.role, 1), arm.id))


_RANK = {
    "experimental": 0,
    "active comparator": 1,
    "placebo comparator": 2,
    "no intervention": 3,
    "deferred treatment": 3,
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents that state what is drawn, the one that states most of it first.

    ``by_fact`` gives the documents of each fact, ``ranks`` how good the best of them is: 0 a document that
    was read itself, 1 another report of the study, 2 a report of others.
    """

    documents: tuple[str, ...]
    by_fact: Mapping[str, frozenset[str]]
    ranks: Mapping[str, int]

    def mark(self, *facts: str | None) -> str:
        """Return `` [2]`` where the second document states facts and the first does not; else nothing."""
        numbers: set[int] = set()
        for fact in facts:
            stated = {self.documents.index(each) + 1 for each in self.by_fact.get(str(fact), ())}
            if stated and 1 not in stated:
                numbers.add(min(stated))
        return f" [{', '.join(str(number) for number in sorted(numbers))}]" if numbers else ""

    def listed(self) -> tuple[str, ...]:
        """Return the documents as a caption lists them, with their numbers where there are several."""
        if len(self.documents) < 2:
            return self.documents
        return tuple(f"[{at}] {each}" for at, each in enumerate(self.documents, start=1))

    def note(self) -> tuple[str, ...]:
        """Return a note on the numbers, where there are several documents."""
        return ("Without a number in brackets: stated by source [1].",) if len(self.documents) > 1 else ()


def sources_of(graph: Graph, facts: Iterable[str | None]) -> Sources:
    """Return the documents that state any of these facts; None stands for no fact."""
    by_fact: dict[str, set[str]] = {}
    ranks: dict[str, int] = {}
    known = sorted({str(fact) for fact in facts if fact})
    for at in range(0, len(known), _MANY):
        listed = " ".join(sparql_iri(fact) for fact in known[at : at + _MANY])
        for row in select(graph, _DOCUMENTS % listed):
            by_fact.setdefault(str(row.fact), set()).add(str(row.document))
            rank = 0 if row.characters is not None else 2 if str(row.level) == _SECONDARY else 1
            ranks[str(row.fact)] = min(rank, ranks.get(str(row.fact), rank))
    stated = Counter(document for documents in by_fact.values() for document in documents)
    documents = sorted(stated, key=lambda each: (-stated[each], each))
    return Sources(tuple(documents), {fact: frozenset(held) for fact, held in by_fact.items()}, ranks)


_UNITS = {"a": "years", "mo_j": "months", "wk": "weeks", "d": "days", "h": "hours"}


def unit(ucum: str | None) -> str:
    """Return a unit as a reader says it: ``months`` for ``mo_j``, other codes as they are."""
    return _UNITS.get(ucum or "", ucum or "")


def figure(value: object) -> str:
    """Return a number as it is, without an exponent; empty for none."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def counted(row: Any) -> str:
    """Return count, denominator and percentage of a row as far as reported: ``50 of 57 (88%)``.

    A number that the report gives only as a bound (``<5``) is in ``printed`` alone and is taken from there.
    """
    count, percent = figure(row.count), figure(row.percent)
    if not count and not percent:
        return str(row.printed or getattr(row, "text", None) or "")
    if count and row.denominator is not None:
        count = f"{count} of {figure(row.denominator)}"
    if not percent:
        return count
    return f"{count} ({percent}%)" if count else f"{percent}%"
