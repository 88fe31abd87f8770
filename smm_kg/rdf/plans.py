"""The plan of a study of several sources: told in the graph of one, completed in those of the others.

No triple stands in two graphs, so the arms, contrasts, analysis sets, categories and end points of a study
are described in the graph of its first source. To read another source, its graph needs them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from smm_kg.terms import SMM, expand

if TYPE_CHECKING:
    from smm_kg.rdf.codecs import Term

__all__ = ["complete"]

_Properties: TypeAlias = "dict[str, list[Term]]"
_Nodes: TypeAlias = "dict[Term, _Properties]"

_TYPE = expand("rdf:type")
_IN_STUDY = expand("smm:inStudy")
_PLAN = tuple(
    expand(f"smm:{name}")
    for name in ("hasArm", "hasContrast", "hasAnalysisSet", "hasCategory", "hasEndPoint")
)
_ABOUT_THE_STUDY = (_TYPE, expand("dcterms:identifier"), expand("rdfs:label"), *_PLAN)


def complete(graphs: dict[str, _Nodes]) -> None:
    """Give the plan of a study to each graph that states facts of it without describing it.

    Args:
        graphs: the properties of each node, by graph; changed in place.
    """
    homes = {
        node: nodes
        for nodes in graphs.values()
        for node, properties in nodes.items()
        if any(term.value == SMM + "Study" for term in properties.get(_TYPE, ()))
    }
    added = [
        (nodes, study, _plan(study, homes[study]))
        for nodes in graphs.values()
        for study in {term for properties in nodes.values() for term in properties.get(_IN_STUDY, ())}
        if study in homes and homes[study] is not nodes
    ]
    for nodes, study, plan in added:
        for node, properties in ({study: _head(homes[study][study])} | plan).items():
            own = nodes.setdefault(node, {})
            for predicate, terms in properties.items():
                own[predicate] = [*terms, *(term for term in own.get(predicate, ()) if term not in terms)]


def _head(properties: _Properties) -> _Properties:
    return {
        predicate: list(properties[predicate]) for predicate in _ABOUT_THE_STUDY if predicate in properties
    }


def _plan(study: Term, home: _Nodes) -> _Nodes:
    """Return copies of the nodes that make up the plan of a study."""
    parts = [part for predicate in _PLAN for part in home[study].get(predicate, ())]
    return {
        part: {predicate: list(terms) for predicate, terms in home[part].items()}
        for part in parts
        if part in home
    }
