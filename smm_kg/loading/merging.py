"""A graph of ours with the sources of a file in it: what follows and the audit are those of all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from smm_kg import rdf
from smm_kg.audit import audit
from smm_kg.classification import Definitions
from smm_kg.dataset import plausible_ranges
from smm_kg.inference import Hierarchy, lines_with
from smm_kg.loading.rules import is_own
from smm_kg.rdf import RdfError
from smm_kg.terms import AUDIT_GRAPH, GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, STUDY, expand, graph_of, smm

__all__ = ["Conflict", "Held", "merged"]

Line = bytes
"""A quad in N-Quads without its line end."""


def _term(name: str) -> bytes:
    return f"<{expand(name)}>".encode()


_TYPE, _IN_STUDY, _CATEGORY = _term("rdf:type"), _term("smm:inStudy"), _term("smm:category")
_STUDY, _DESIGN = _term("smm:Study"), _term("smm:DesignItem")
_DOCUMENT, _AUDITED = _term("smm:SourceDocument"), _term("smm:auditedDocument")
_OF_STUDIES = f"<{STUDY}".encode()
# What the sources of one study share; everything else is of one source.
_PLAN = {
    f"<{smm(name)}>".encode()
    for name in (
        "Study",
        "Arm",
        "Contrast",
        "AnalysisSet",
        "AnalysisGroup",
        "StudyCategory",
        "EndPoint",
        "Criterion",
    )
}

_OF_STUDY = {_term("rdfs:label"), _term("dcterms:identifier")}


class Conflict(Exception):  # noqa: N818 - it becomes a LoadingError where the file is known
    """A source that cannot stand beside what is there: what is wrong, the rule, the node, what to do."""

    def __init__(self, what: str, rule: str, node: bytes, hint: str | None = None) -> None:
        super().__init__(what)
        self.what, self.rule, self.node, self.hint = what, rule, node.decode()[1:-1], hint


class Held(NamedTuple):
    """The lines of a graph of ours, by the part they play; what was inferred is left out."""

    terms: list[Line]
    sources: dict[str, list[Line]]
    audit: list[Line]
    others: list[Line]

    @classmethod
    def of(cls, nquads: bytes) -> Held:
        """Take sorted N-Quads apart."""
        held = cls([], {}, [], [])
        for line in nquads.split(b"\n"):
            graph = _graph(line)
            if graph == ONTOLOGY_GRAPH:
                held.terms.append(line)
            elif graph == AUDIT_GRAPH:
                held.audit.append(line)
            elif graph.startswith(GRAPH) and not is_own(graph):
                held.sources.setdefault(graph, []).append(line)
            elif line and graph != INFERRED_GRAPH:
                held.others.append(line)
        return held

    def states(self, graph: str, studies: Collection[bytes]) -> bool:
        """Whether a source says something of one of the studies."""
        return any(_study(line) in studies for line in self.sources.get(graph, ()))

    def without(self, graph: str, studies: Collection[bytes]) -> Held:
        """Return the same without what a source says of studies, and without the verdicts on that."""
        lines = [line for line in self.sources.get(graph, ()) if _study(line) in studies]
        documents = {_subject(line) for line in lines if _about(line) == (_TYPE, _DOCUMENT)}
        verdicts = set()
        for line in self.audit:
            predicate, document = _about(line)
            if predicate == _AUDITED and document in documents:
                verdicts.add(_subject(line))
        kept = [line for line in self.sources.get(graph, ()) if _study(line) not in studies]
        return self._replace(
            sources=self.sources | {graph: kept},
            audit=[line for line in self.audit if _subject(line) not in verdicts],
        )


class Merged(NamedTuple):
    """A graph with sources added: its sorted lines, and notes on what could not be done."""

    lines: list[Line]
    notes: tuple[str, ...]


def merged(held: Held, added: Mapping[str, Sequence[Line]]) -> Merged:
    """Return all lines of a graph with sources added to it.

    Args:
        held: the graph; with its ontology, by which all else is inferred.
        added: the lines of each source by its graph, numbers in their canonical form.

    Raises:
        Conflict: a source says of the plan of a study, or of a fact, other than what is there.
    """
    ontology = _text(held.terms)
    hierarchy = Hierarchy.of(ontology)
    definitions = Definitions(ontology, hierarchy)
    sources = dict(held.sources)
    types = _types([*sources.values(), *added.values()])
    for graph, lines in added.items():
        others = [*held.sources.values(), *(one for name, one in added.items() if name != graph)]
        stated = _stated(lines, others, hierarchy, definitions)
        sources[graph] = sources.get(graph, []) + _beside(sources.values(), stated, types)
    inferred = set(hierarchy.materialise(ontology).split(b"\n"))
    inferred |= _what_follows(sources.values(), hierarchy, definitions)
    said = {_triple(line) for lines in sources.values() for line in lines}
    verdicts, notes = _verdicts(sources, added, ontology)
    kept = {line for line in inferred if line and _triple(line) not in said}
    every = [held.terms, held.others, held.audit, verdicts, kept, *sources.values()]
    return Merged(sorted({line for lines in every for line in lines if line}), notes)


def _types(sources: Iterable[Sequence[Line]]) -> Mapping[Line, set[Line]]:
    """Return the classes of each node that are stated."""
    types: dict[Line, set[Line]] = defaultdict(set)
    for line in (line for lines in sources for line in lines):
        predicate, name = _about(line)
        if predicate == _TYPE:
            types[_subject(line)].add(name)
    return types


def _beside(
    sources: Collection[Sequence[Line]], lines: Sequence[Line], types: Mapping[Line, set[Line]]
) -> list[Line]:
    """Return the lines of a source that no other source states, having made sure that they agree.

    Raises:
        Conflict: a fact, a value, a place or a document is of two sources, or the plans differ.
    """
    there = {_subject(line) for held in sources for line in held}
    said = {_triple(line) for held in sources for line in held}
    named = {b" ".join(triple.split(b" ", 2)[:2]) for triple in said}
    for line in lines:
        subject = _subject(line)
        if subject not in there:
            continue
        if not types.get(subject, set()) & _PLAN:
            what = f"{subject.decode()} is stated by another source already"
            raise Conflict(what, "fact-of-one-source", subject, "give it an id of its own, or use --replace")
        predicate = _about(line)[0]
        if _STUDY in types.get(subject, ()):  # of which every source may say more, but for its names
            differs = predicate in _OF_STUDY and b"%s %s" % (subject, predicate) in named
        else:
            differs = True
        if differs and _triple(line) not in said:
            what = f"says of {subject.decode()} other than a source that is there already"
            raise Conflict(what, "same-plan", subject, "make the plan of the study agree")
    return [line for line in lines if _triple(line) not in said]


def _stated(
    lines: Sequence[Line],
    others: Sequence[Sequence[Line]],
    hierarchy: Hierarchy,
    definitions: Definitions,
) -> list[Line]:
    """Return the lines without those that follow from the rest: these stand in the inferred graph."""
    above = hierarchy.classes_above
    types = {subject: names for subject, names in _types([lines]).items() if len(names) > 1}
    general = {
        (subject, name)
        for subject, names in types.items()
        for one in names
        for name in above.get(one, ())
        if one not in above.get(name, ())  # classes that are each other's superclass follow from neither
    }
    dropped = {
        line for line in lines if _about(line)[0] == _TYPE and (_subject(line), _about(line)[1]) in general
    }
    concerned = {_study(line) for line in lines}
    follows = {
        _triple(line) for line in _what_follows([*others, lines], hierarchy, definitions, concerned) if line
    }
    candidates = dropped | {line for line in lines if _triple(line) in follows}
    kept = [line for line in lines if line not in candidates]
    again = _what_follows([*others, kept], hierarchy, definitions, concerned)
    still = {_triple(line) for line in again if line}
    return [line for line in lines if line not in candidates or _triple(line) not in still]


def _what_follows(
    sources: Iterable[Sequence[Line]],
    hierarchy: Hierarchy,
    definitions: Definitions,
    concerned: Collection[bytes] | None = None,
) -> set[Line]:
    """Return the lines of the inferred graph that follow from all sources, for all studies or some."""
    studies: dict[bytes, list[Line]] = defaultdict(list)
    for lines in sources:
        for line in lines:
            studies[_study(line)].append(line)
    texts = {study: _text(lines) for study, lines in studies.items()}
    designs = dict(_designs(texts))
    found: set[Line] = set()
    for text in (text for study, text in texts.items() if concerned is None or study in concerned):
        found.update(hierarchy.materialise(text).split(b"\n"))
        found.update(definitions.materialise(text, designs).split(b"\n"))
    return found


def _designs(texts: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, list[tuple[bytes, bytes, bytes]]]]:
    """Yield, by study, what it is by design: the little that the classes of another study may depend on."""
    for study, text in texts.items():
        node = study + b"#study>"
        facts = {subject for subject, name in lines_with(text, _TYPE) if name == _DESIGN}
        triples = [(node, _TYPE, _STUDY)]
        for subject, category in lines_with(text, _CATEGORY):
            if subject in facts and not category.startswith(_OF_STUDIES):
                triples += [
                    (subject, _TYPE, _DESIGN),
                    (subject, _IN_STUDY, node),
                    (subject, _CATEGORY, category),
                ]
        yield node, triples


def _verdicts(
    sources: Mapping[str, Sequence[Line]], added: Mapping[str, Sequence[Line]], ontology: bytes
) -> tuple[list[Line], tuple[str, ...]]:
    """Return the audit of the added sources, and notes on those that are no record, so have none."""
    ranges, lines, notes = plausible_ranges(ontology), [], []
    for graph, new_lines in added.items():
        new = {_study(line) for line in new_lines}
        text = _text(line for held in sources.values() for line in held if _study(line) in new)
        try:
            found = [
                one
                for one in rdf.decode(text)
                if graph_of(one.document.id) == graph and f"<{STUDY}{one.id}".encode() in new
            ]
            lines += [
                line for one in found for line in rdf.encode_verdicts(one, audit(one, ranges)).split(b"\n")
            ]
        except RdfError as error:
            name = graph.removeprefix(GRAPH)
            why = f"it lacks what a study record has, which some questions of the catalogue need: {error}"
            notes.append(f"{name} is not audited, since {why}")
    return lines, tuple(notes)


def _text(lines: Iterable[Line]) -> bytes:
    return b"".join([line + b"\n" for line in lines])


def _subject(line: Line) -> bytes:
    return line[: line.find(b" ")]


def _study(line: Line) -> bytes:
    """Return the start of the names of all nodes of the study of which a line says something."""
    return line[: line.find(b"#")]


def _triple(line: Line) -> bytes:
    return line[: line.rfind(b" <")]


def _about(line: Line) -> tuple[bytes, bytes]:
    """Return the predicate and object of a line."""
    _, predicate, rest = _triple(line).split(b" ", 2)
    return predicate, rest


def _graph(line: Line) -> str:
    return line[line.rfind(b" <") + 2 : -3].decode()
