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

_END = f" <{AUDIT_GRAPH}> .\n"
_TYPE = f"<{expand('rdf:type')}> <{expand('smm:AuditActivity')}>"
_AUDITS, _DOCUMENT, _SUBJECT, _RULE, _STATEMENT, _ARITHMETIC, _POSITION, _USED = (
    f"<{expand(name)}>"
    for name in (
        "smm:audits", "smm:auditedDocument", "smm:auditSubject", "smm:auditRule", "smm:statement",
        "smm:arithmetic", "smm:position", "prov:used",
    )
)  # fmt: skip
_VERDICT = {
    verdict: f"<{expand('smm:verdict')}> <{expand(term)}>"
    for verdict, term in (
        ("consistent", "smm:consistent"),
        ("inconsistent", "smm:inconsistent"),
        ("undeterminable", "smm:undeterminable"),
    )
}
_INTEGER = f"^^<{expand('xsd:integer')}>"
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
    yield f"{node} {_TYPE}{_END}"
    yield f"{node} {_AUDITS} {names.study}{_END}"
    yield f"{node} {_DOCUMENT} {names.document}{_END}"
    yield f"{node} {_VERDICT[verdict.verdict]}{_END}"
    yield f"{node} {_SUBJECT} {names.terms[verdict.subject]}{_END}"
    yield f"{node} {_RULE} {_quote(verdict.rule)}{_END}"
    yield f"{node} {_STATEMENT} {_quote(verdict.statement)}{_END}"
    yield f"{node} {_ARITHMETIC} {_quote(verdict.arithmetic)}{_END}"
    yield f'{node} {_POSITION} "{place}"{_INTEGER}{_END}'
    for fact, measure in verdict.used:
        yield f"{node} {_USED} {names.facts[fact][:-1]}.{measure.replace(' ', '-')}>{_END}"
