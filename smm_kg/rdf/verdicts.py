"""Verdicts of the audit as quads: each an activity that used values of a study and came to a verdict.

They are written and not read back: an audit is made anew from the study whenever a graph is built.
"""

from __future__ import annotations

import json.encoder
from collections.abc import Iterable, Iterator

from smm_kg.audit import Verdict
from smm_kg.rdf.names import Names
from smm_kg.records import Study
from smm_kg.terms import AUDIT_GRAPH, expand

__all__ = ["encode_verdicts"]

_VERDICTS = {
    "consistent": "smm:consistent",
    "inconsistent": "smm:inconsistent",
    "undeterminable": "smm:undeterminable",
}
_END = f" <{AUDIT_GRAPH}> .\n"
_quote = json.encoder.encode_basestring


def encode_verdicts(study: Study, verdicts: Iterable[Verdict]) -> bytes:
    """Write the verdicts on a study as N-Quads in the audit graph, one quad a line.

    Args:
        study: what one source says of the study.
        verdicts: of :func:`smm_kg.audit.audit` on the same study.

    Raises:
        RdfError: a verdict names a fact that the study has not.
    """
    names = Names(study)
    lines = [line for place, one in enumerate(verdicts, 1) for line in _lines(study, names, one, place)]
    return "".join(lines).encode()


def _lines(study: Study, names: Names, verdict: Verdict, place: int) -> Iterator[str]:
    base = names.study.removesuffix("study>")
    source = f"{study.document.key}-" if study.document.key else ""
    node = f"{base}audit-{source}{verdict.id}>"
    words = {
        "smm:auditRule": _quote(verdict.rule),
        "smm:statement": _quote(verdict.statement),
        "smm:arithmetic": _quote(verdict.arithmetic),
        "smm:position": f'"{place}"^^<{expand("xsd:integer")}>',
    }
    nodes = {
        "rdf:type": f"<{expand('smm:AuditActivity')}>",
        "smm:audits": names.study,
        "smm:auditedDocument": names.document,
        "smm:verdict": f"<{expand(_VERDICTS[verdict.verdict])}>",
        "smm:auditSubject": names.terms[verdict.subject],
    }
    for predicate, term in (nodes | words).items():
        yield f"{node} <{expand(predicate)}> {term}{_END}"
    for fact, measure in verdict.used:
        value = f"{names.facts[fact][:-1]}.{measure.replace(' ', '-')}>"
        yield f"{node} <{expand('prov:used')}> {value}{_END}"
