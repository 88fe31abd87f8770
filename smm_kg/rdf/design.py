"""What studies are by design, by study: the little that the classes of one study may depend on in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smm_kg.records import Study
from smm_kg.terms import SMM, STUDY, expand

__all__ = ["designs"]

_TYPE, _IN_STUDY, _SUBJECT, _CATEGORY, _STUDY, _FACT = (
    f"<{expand(name)}>".encode()
    for name in ("rdf:type", "smm:inStudy", "smm:subject", "smm:category", "smm:Study", "smm:DesignItem")
)


def designs(studies: Iterable[Study]) -> Mapping[bytes, list[tuple[bytes, bytes, bytes]]]:
    """Return, by study, the triples of its design facts with a category: subject, predicate and object.

    IRIs are as N-Quads write them.
    """
    found: dict[bytes, list[tuple[bytes, bytes, bytes]]] = {}
    for study in studies:
        node = f"<{STUDY}{study.id}#study>".encode()
        triples = found.setdefault(node, [(node, _TYPE, _STUDY)])
        for fact in study.facts:
            if fact.kind == "design" and fact.category is not None and not fact.category.startswith("#"):
                subject = f"<{STUDY}{study.id}#{fact.id}>".encode()
                category = f"<{SMM}{fact.category}>".encode()
                triples += [
                    (subject, _TYPE, _FACT),
                    (subject, _IN_STUDY, node),
                    (subject, _SUBJECT, f"<{SMM}{fact.subject}>".encode()),
                    (subject, _CATEGORY, category),
                ]
    return found
