"""The findings of a check as a SHACL validation report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smm_kg.rows import Rows
from smm_kg.terms import expand

if TYPE_CHECKING:
    from rdflib import BNode, Graph, URIRef

__all__ = ["report_of"]

_SHAPES = "https://w3id.org/smm-kg/shapes#"
_ONE_PROPERTY = re.compile(r"\^?[a-z]+:[A-Za-z0-9]+")


def report_of(findings: Rows) -> bytes:
    """Return findings as a ``sh:ValidationReport`` in Turtle, the same bytes for the same findings.

    The source shape of a rule that is a query, or of the reasoner, is named as those of shapes are.
    A path of more than one property is left to the message.
    """
    from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
    from rdflib.compare import to_canonical_graph

    graph = Graph()
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    violated = any(finding.severity == "violation" for finding in findings)
    graph.add((report, SH.conforms, Literal(not violated)))
    for finding in findings:
        result = BNode()
        graph.add((report, SH.result, result))
        graph.add((result, RDF.type, SH.ValidationResult))
        graph.add((result, SH.resultSeverity, SH[finding.severity.capitalize()]))
        graph.add((result, SH.focusNode, URIRef(finding.focus)))
        graph.add((result, SH.sourceShape, URIRef(_SHAPES + finding.rule)))
        graph.add((result, SH.sourceConstraintComponent, URIRef(_SHAPES + "Rule")))
        graph.add((result, SH.resultMessage, Literal(finding.message)))
        if _ONE_PROPERTY.fullmatch(finding.path):
            graph.add((result, SH.resultPath, _path(graph, finding.path)))
    canonical = Graph()
    for triple in to_canonical_graph(graph):
        canonical.add(triple)
    canonical.bind("sh", SH)
    text: bytes = canonical.serialize(format="turtle", encoding="utf-8")
    return text


def _path(graph: Graph, path: str) -> URIRef | BNode:
    from rdflib import SH, BNode, URIRef

    if not path.startswith("^"):
        return URIRef(expand(path))
    inverse = BNode()
    graph.add((inverse, SH.inversePath, URIRef(expand(path[1:]))))
    return inverse
