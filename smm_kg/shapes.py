"""Do quads keep the rules of the evidence model? SHACL Core shapes, and queries for rules across nodes.

A rule is a shape of ``ontology/shapes.ttl`` or a query of ``ontology/checks/``, whose file name says what it
finds: ``<rule>-violation.rq`` or ``<rule>-warning.rq``. A query returns ``focus``, ``path`` and ``found`` and
holds its message in a line ``#+ message:``. (One SPARQL constraint inside SHACL would be run once for each
node, which takes minutes where a query takes milliseconds.)

A query with a line ``#+ about: ontology`` is a rule for terms. It is run over the ontology and over what the
quads say of terms, so that the size of the data does not matter to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from smm_kg import resources
from smm_kg.errors import SmmKgError
from smm_kg.rows import Rows
from smm_kg.terms import INFERRED_GRAPH, ONTOLOGY_GRAPH, compact, smm

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

__all__ = ["Check", "CheckError", "Finding", "check", "checks", "label_of", "locator_of", "rules"]

Select = Callable[[str], Iterable[Sequence[object]]]
"""Runs a SELECT query over the union of all graphs and gives its rows."""

_SHAPES = "https://w3id.org/smm-kg/shapes#"
_CHECK_NAME = re.compile(r"(?P<rule>.+)-(?P<severity>violation|warning)\.rq")
_MESSAGE = re.compile(r"^#\+ message: (.+)$", re.MULTILINE)
_ABOUT = re.compile(r"^#\+ about: ontology$", re.MULTILINE)
_OWL = "http://www.w3.org/2002/07/owl#"


class CheckError(SmmKgError):
    """A file of checks that does not follow the convention: the installation is damaged."""

    exit_code = 70


class Finding(NamedTuple):
    """A breach of a rule: by which node (with its label), at which property, and what the rule demands.

    ``locator`` says where the source prints the value, if the node is one or states one.
    """

    severity: str
    rule: str
    focus: str
    label: str
    path: str
    message: str
    locator: str = ""


@dataclass(frozen=True)
class Check:
    """A rule that is a query, for terms (``of_terms``) or for data."""

    rule: str
    severity: str
    message: str
    query: str
    of_terms: bool = False

    @classmethod
    def read(cls, file: Path) -> Check:
        """Read a check from its file.

        Raises:
            CheckError: the file name does not say the severity, or the file has no message.
        """
        query = file.read_text(encoding="utf-8")
        name, message = _CHECK_NAME.fullmatch(file.name), _MESSAGE.search(query)
        if name is None or message is None:
            raise CheckError(
                "not a check",
                where=str(file),
                hint="name it <rule>-violation.rq and give it a line '#+ message: …'",
            )
        return cls(
            name["rule"], name["severity"], message[1].strip(), query, _ABOUT.search(query) is not None
        )

    def run(self, select: Select, graph: rdflib.Graph) -> Iterator[Finding]:
        """Yield what the query finds; ``graph`` gives the labels."""
        from rdflib import URIRef

        for focus, path, found in select(self.query):
            node = URIRef(str(focus))
            message = f"{self.message} Found: {found}."
            yield Finding(
                self.severity, self.rule, str(focus), label_of(graph, node), compact(str(path)), message,
                locator_of(graph, node),
            )  # fmt: skip


def checks() -> tuple[Check, ...]:
    """Return the rules that are queries, in order of name."""
    return tuple(map(Check.read, sorted((resources.folder("ontology") / "checks").glob("*.rq"))))


def rules() -> dict[str, str]:
    """Return the severity of every rule, shape or query, by its name."""
    from rdflib import SH

    graph, severities = _shapes(), {}
    for shape in graph.subjects(SH.message):
        severity = graph.value(shape, SH.severity, default=SH.Violation)
        severities[_rule(shape)] = str(severity).removeprefix(str(SH)).lower()
    return severities | {check.rule: check.severity for check in checks()}


def check(nquads: bytes, select: Select | None = None) -> Rows:
    """Return the breaches of all rules by quads: severity, rule, focus, label, path, message.

    Args:
        nquads: N-Quads of any number of studies; the ontology's and the inferred graph may be among them.
        select: how to run a SELECT query over the same quads with the ontology, if a store holds them;
            by default rdflib runs it, which is slower.
    """
    graph = _with_ontology(nquads)
    if select is None:
        select = _selector(graph)
    runs = {False: select, True: _of_terms(nquads)}
    by_query = (finding for one in checks() for finding in one.run(runs[one.of_terms], graph))
    return Rows(Finding._fields, sorted({*_broken_shapes(graph), *by_query}))


def _of_terms(nquads: bytes) -> Select:
    """Return how to query the ontology together with what the quads say of terms, theirs or its own.

    They say something of a term where OWL's words are used, or where a term of the ontology is the subject;
    a blank node belongs to an axiom, since data have none.
    """
    import pyoxigraph as ox

    store, said, terms = ox.Store(), [], set()
    store.load(path=resources.ontology(), format=ox.RdfFormat.TURTLE)
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        subject, predicate, object_, graph = quad
        if str(graph).strip("<>") not in (ONTOLOGY_GRAPH, INFERRED_GRAPH):
            said.append(ox.Quad(subject, predicate, object_))
            owl = predicate.value.startswith(_OWL) or str(object_).startswith(f"<{_OWL}")
            if owl or isinstance(subject, ox.BlankNode) or subject.value.startswith(smm("")):
                terms.add(subject)
    store.extend(quad for quad in said if quad.subject in terms)

    def select(query: str) -> Iterable[Sequence[object]]:
        return [[getattr(term, "value", "") for term in row] for row in store.query(query)]  # type: ignore[union-attr]

    return select


def _with_ontology(nquads: bytes) -> rdflib.Graph:
    """Return the quads as one graph together with the ontology, which tells the superclasses."""
    import rdflib

    graph = rdflib.Graph().parse(resources.ontology(), format="turtle")
    data = rdflib.Dataset()
    data.parse(data=nquads, format="nquads")
    for subject, predicate, object_, context in data.quads():
        if str(context) not in (ONTOLOGY_GRAPH, INFERRED_GRAPH):
            graph.add((subject, predicate, object_))
    return graph


def _selector(graph: rdflib.Graph) -> Select:
    def select(query: str) -> Iterable[Sequence[object]]:
        return [tuple(row) for row in graph.query(query)]  # type: ignore[arg-type]

    return select


def _shapes() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(resources.folder("ontology") / "shapes.ttl", format="turtle")


def _broken_shapes(graph: rdflib.Graph) -> Iterator[Finding]:
    """Yield what pySHACL finds, one finding for each shape, node and property."""
    import pyshacl
    from rdflib import SH, Graph

    _, report, text = pyshacl.validate(graph, shacl_graph=_shapes(), inplace=True, inference="none")
    if not isinstance(report, Graph):
        raise CheckError(f"the shapes could not be run: {text}")
    for result in report.objects(predicate=SH.result):
        shape, focus = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        severity = str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)).lower()
        message = str(report.value(result, SH.resultMessage))
        if path is not None and value is not None:
            message += f" Found: {_shown(value)}."
        yield Finding(
            severity, _rule(shape), str(focus), label_of(graph, focus), _path(report, path), message,
            locator_of(graph, focus),
        )  # fmt: skip


def _rule(shape: Node | None) -> str:
    return str(shape).removeprefix(_SHAPES)


def _shown(value: Any) -> str:
    """Return a value as it is best recognised: a term of ours as ``smm:x``, a literal as its text."""
    from rdflib import URIRef

    return compact(str(value)) if isinstance(value, URIRef) else str(value)


def _path(report: rdflib.Graph, path: Node | None) -> str:
    """Return a property path of a report as SPARQL writes it; a whole node has none."""
    from rdflib import SH, BNode
    from rdflib.collection import Collection

    if path is None:
        return ""
    if (inverse := report.value(path, SH.inversePath)) is not None:
        return f"^{_path(report, inverse)}"
    if (alternatives := report.value(path, SH.alternativePath)) is not None:
        return "|".join(_path(report, one) for one in Collection(report, alternatives))
    if isinstance(path, BNode):
        return "/".join(_path(report, one) for one in Collection(report, path))
    return compact(str(path))


def locator_of(graph: rdflib.Graph, node: Any) -> str:
    """Return the first place where a source prints a node: a value, a value of a fact, or a place itself."""
    from rdflib import URIRef

    def many(subject: Any, name: str) -> list[Any]:
        return sorted(graph.objects(subject, URIRef(smm(name))), key=str)

    data = [node, *many(node, "hasValue")]
    places = [place for datum in data for place in many(datum, "hasLocator")] or [node]
    said = {name: graph.value(places[0], URIRef(smm(name))) for name in ("section", "start", "end", "exact")}
    if said["section"] is None:
        return ""
    span = "" if said["start"] is None else f", characters {said['start']} to {said['end']}"
    printed = "" if said["exact"] is None else f": {said['exact']}"
    return f"{said['section']}{span}{printed}"


def label_of(graph: rdflib.Graph, node: Any) -> str:
    """Return how to name a node to a reader: its label, else what it is of, as far as that is known."""
    from rdflib import RDF, RDFS, URIRef

    def one(name: str) -> Any:
        return graph.value(node, URIRef(smm(name)))

    if (label := graph.value(node, RDFS.label)) is not None:
        return str(label)
    if facts := sorted(graph.subjects(URIRef(smm("hasValue")), node), key=str):
        kinds = (graph.value(kind, RDFS.label) for kind in graph.objects(node, RDF.type))
        measure = ", ".join(sorted(str(kind) for kind in kinds if kind is not None))
        return f"{measure or 'value'} of {label_of(graph, facts[0])}"
    if (quotation := one("exact")) is not None:
        return f"“{quotation}”"
    if (subject := one("subject")) is not None:
        concerned = [part for part in (subject, one("arm"), one("contrast")) if part is not None]
        return ", ".join(label_of(graph, part) for part in concerned if part != node)
    return str(node).rpartition("#")[2]
