"""What a file may state, statement by statement, and in which graph of ours it then stands.

These rules are about the form of RDF and about whose names are whose; what makes sense as evidence is for
:mod:`smm_kg.shapes`. Whatever breaks one of them is refused by name, and nothing of the file is loaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from smm_kg.loading.errors import LoadingError
from smm_kg.loading.reading import Source
from smm_kg.terms import GRAPH, SMM, STUDY, TermError, compact, expand, graph_of, is_iri, smm

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["LONGEST_IRI", "LONGEST_TEXT", "documents_of", "is_own", "sorted_out"]

LONGEST_IRI = 1000
"""Characters of an IRI."""
LONGEST_TEXT = 100_000
"""Characters of a literal."""

_DATASET = "https://w3id.org/smm-kg/dataset"
_SCHEMES = ("https://", "http://", "urn:")
_DATA = re.compile(re.escape(STUDY) + r"([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)#[A-Za-z0-9][A-Za-z0-9._-]*")
_AUDIT = "audit-"
_TYPE, _IDENTIFIER = expand("rdf:type"), expand("dcterms:identifier")
_DOCUMENT, _ACTIVITY = smm("SourceDocument"), smm("AuditActivity")
_NUMBERS = {
    expand("xsd:decimal"): re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    expand("xsd:integer"): re.compile(r"[+-]?[0-9]+"),
}

Quads = Sequence["pyoxigraph.Quad"]


def sorted_out(source: Source, terms: Collection[str]) -> tuple[dict[str, Quads], tuple[str, ...]]:
    """Return the statements of a file by the graph of ours in which each will stand.

    What smm-kg makes itself is left out: the ontology's graph, what was inferred, verdicts, descriptions.

    Args:
        source: the file.
        terms: the local names of the ontology's terms.

    Returns:
        The statements by the IRI of their graph, and notes on what was left out.

    Raises:
        LoadingError: a statement breaks a rule, or the file states nothing to be loaded.
    """
    rules = _Rules(source, terms)
    named: dict[str, list[pyoxigraph.Quad]] = defaultdict(list)
    for quad in source.quads:
        named[getattr(quad.graph_name, "value", "")].append(quad)
    notes = [f"left out {compact(name)}, which smm-kg makes itself" for name in sorted(named) if is_own(name)]
    found: dict[str, Quads] = {}
    for name in sorted(named):
        if name and not is_own(name):
            rules.check_graph_name(name)
        if is_own(name):
            continue
        quads, left_out = _without_ours(named[name])
        notes += [f"left out {left_out} statements of descriptions and verdicts"] if left_out else []
        if quads:
            rules.check(quads)
            graph = rules.graph_of(quads)
            if name and name != graph:
                rules.refuse(f"the graph of this source is <{graph}>", "graph-of-source", name)
            if graph in found:
                rules.refuse("a source stands in two graphs of the file", "one-source", graph)
            found[graph] = quads
    if not found:
        raise LoadingError("states nothing to be loaded", file=source.file, rule="empty")
    return found, tuple(notes)


def documents_of(quads: Quads) -> dict[str, list[str]]:
    """Return the identifiers of each source document that the statements describe."""
    documents: dict[str, list[str]] = {
        _value(quad.subject): []
        for quad in quads
        if quad.predicate.value == _TYPE and _value(quad.object) == _DOCUMENT
    }
    for quad in quads:
        if quad.predicate.value == _IDENTIFIER and _value(quad.subject) in documents:
            documents[_value(quad.subject)].append(_value(quad.object))
    return documents


def is_own(graph: str) -> bool:
    """Whether a named graph is one that smm-kg makes itself, such as that of the ontology."""
    if not graph.startswith(GRAPH):
        return False
    try:
        graph_of(graph.removeprefix(GRAPH))
    except TermError:
        return True
    return False


def _without_ours(quads: Quads) -> tuple[Quads, int]:
    """Return the statements without descriptions of data sets and verdicts, and how many those were."""
    verdicts = {
        quad.subject for quad in quads if quad.predicate.value == _TYPE and _value(quad.object) == _ACTIVITY
    }
    kept = [
        quad
        for quad in quads
        if quad.subject not in verdicts
        and not _value(quad.subject).startswith(GRAPH)
        and _value(quad.subject) != _DATASET
    ]
    return kept, len(quads) - len(kept)


class _Rules:
    """The rules, for one file."""

    def __init__(self, source: Source, terms: Collection[str]) -> None:
        self._source = source
        self._terms = terms

    def refuse(self, what: str, rule: str, node: str = "", hint: str | None = None) -> NoReturn:
        """Raise the error of a rule, with the line of a node."""
        line = self._source.places.line_of(node)
        raise LoadingError(what, file=self._source.file, rule=rule, line=line, hint=hint)

    def check_graph_name(self, name: str) -> None:
        """Refuse the names of graphs that are no source's."""
        if not name.startswith(GRAPH):
            self.refuse(
                f"{_shown(name)} is not the graph of a source",
                "graph-of-source",
                name,
                f"name it {GRAPH} and the document's id, in small letters with hyphens",
            )

    def check(self, quads: Quads) -> None:
        """Check the statements of one graph."""
        import pyoxigraph as ox

        parents = {quad.object: quad.subject for quad in quads if isinstance(quad.object, ox.BlankNode)}
        checked: set[str] = set()
        for quad in quads:
            object_, about = quad.object, _value(quad.subject)
            for node in (quad.subject, object_):
                if isinstance(node, ox.BlankNode):
                    self._refuse_blank(node, parents)
                if isinstance(node, ox.Triple):
                    self.refuse("a triple stands as a term, as in RDF 1.2", "rdf-1.1", about)
            if isinstance(object_, ox.Literal):
                self._check_literal(object_, about)
            iris = (
                about,
                quad.predicate.value,
                _value(object_) if isinstance(object_, ox.NamedNode) else about,
            )
            for iri in iris:
                if iri not in checked:
                    self._check_iri(iri, about)
                    checked.add(iri)
        for name in sorted({_value(quad.subject) for quad in quads}):
            self._check_subject(name)
            if name.partition("#")[2].startswith(_AUDIT):
                self.refuse(f"{_shown(name)} has the name of a verdict", "reserved-name", name)

    def graph_of(self, quads: Quads) -> str:
        """Return the graph of the one document that states all; each study has a node for it."""
        graphs: dict[str, str] = {}
        for document, ids in sorted(documents_of(quads).items()):
            if len(ids) != 1:
                what = f"the document has {len(ids)} identifiers where it should have one"
                self.refuse(what, "document-identifier", document, 'dcterms:identifier "doi:10.1000/182"')
            try:
                graphs[graph_of(ids[0])] = document
            except TermError as error:
                self.refuse(error.what, "graph-of-source", document, error.hint)
        if len(graphs) != 1:
            what = f"describes {len(graphs)} source documents where it should be one"
            hint = "give each source a graph of its own: TriG, N-Quads or JSON-LD"
            self.refuse(what, "one-source", max(graphs.values(), default=""), hint)
        return next(iter(graphs))

    def _refuse_blank(self, node: object, parents: Mapping[Any, object]) -> NoReturn:
        """Refuse a node without IRI; it is told by the nearest node that leads to it and has one."""
        about, passed = node, [node]
        while about in parents and parents[about] not in passed:
            about = parents[about]
            passed.append(about)
        named = "" if str(about).startswith("_:") else _value(about)
        what = f"a node that {_shown(named)} leads to has no IRI" if named else "a node has no IRI"
        places = self._source.places
        known = next((one for one in (named, *map(str, passed)) if places.line_of(one) is not None), "")
        hint = f"name every node: <{STUDY}study-id#name>; leave an ontology out (export --without-ontology)"
        self.refuse(what, "node-is-iri", known, hint)

    def _check_literal(self, literal: pyoxigraph.Literal, subject: str) -> None:
        text, datatype = literal.value, literal.datatype.value
        if len(text) > LONGEST_TEXT:
            self.refuse(f"a text is longer than {LONGEST_TEXT:,} characters", "literal-size", subject)
        if literal.direction is not None:
            self.refuse("a text has a direction, as in RDF 1.2", "rdf-1.1", subject)
        if datatype in _NUMBERS and not _NUMBERS[datatype].fullmatch(text):
            self.refuse(f"{text[:80]!r} is no {compact(datatype)}", "literal-form", subject)
        self._check_iri(datatype, subject)

    def _check_iri(self, iri: str, subject: str) -> None:
        """Check an IRI wherever it stands; ``subject`` is the node of which it says something."""
        if len(iri) > LONGEST_IRI or not is_iri(iri) or not iri.startswith(_SCHEMES):
            what = f"{_shown(iri)} is no IRI that is taken"
            hint = f"it begins with {', '.join(_SCHEMES)} and has at most {LONGEST_IRI} characters"
            self.refuse(what, "iri", subject, hint)
        if iri.startswith(SMM) and iri != SMM and iri.removeprefix(SMM) not in self._terms:
            self.refuse(f"the ontology has no term {_shown(compact(iri))}", "known-term", subject)

    def _check_subject(self, iri: str) -> None:
        """Refuse what is said of anything but a node of a study, terms of the ontology before all."""
        if iri.startswith(SMM):
            hint = "leave the ontology out: smm-kg export --without-ontology"
            self.refuse(f"states something of {_shown(compact(iri))}", "data-only", iri, hint)
        if not _DATA.fullmatch(iri):
            hint = f"name it <{STUDY}study-id#name>"
            self.refuse(f"{_shown(iri)} is not the name of a node of a study", "data-iri", iri, hint)


def _value(term: object) -> str:
    """Return the IRI or text of a term."""
    return str(getattr(term, "value", ""))


def _shown(name: str) -> str:
    """Return a name as a message holds it: on one line, and not too long."""
    plain = name if name.isprintable() else ascii(name)
    return plain if len(plain) <= 120 else f"{plain[:119]}…"
