"""Short names for IRIs: the project's prefixes, and one for each study."""

from __future__ import annotations

import re

from smm_kg.export.description import DCAT, VOID
from smm_kg.terms import GRAPH, PREFIXES, STUDY

__all__ = ["Names"]

_NAMESPACES = {**PREFIXES, "void": VOID, "dcat": DCAT, "graph": GRAPH}
_LOCAL = re.compile(r"[A-Za-z_0-9](?:[\w.-]*[\w-])?", re.ASCII)
_STUDY_PREFIX = re.compile(r"[A-Za-z](?:[\w.-]*[\w-])?", re.ASCII)


class Names:
    """Shortens IRIs and remembers which prefixes were used.

    A study's nodes get its id as their prefix (``mateos-2013:ttp-effect``).
    """

    def __init__(self) -> None:
        self.used: dict[str, str] = {}
        self._prefix_of = {namespace: prefix for prefix, namespace in _NAMESPACES.items()}
        self._short: dict[str, str | None] = {}

    def short(self, iri: str) -> str | None:
        """``smm:HazardRatio`` for its IRI; None where no prefix fits or the rest needs escapes."""
        if iri not in self._short:
            self._short[iri] = self._shortened(iri)
        return self._short[iri]

    def _shortened(self, iri: str) -> str | None:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        namespace, local = iri[:cut], iri[cut:]
        prefix = self._prefix_of.get(namespace) or _study_prefix(namespace)
        if prefix is None or not _LOCAL.fullmatch(local):
            return None
        self.used[prefix] = namespace
        return f"{prefix}:{local}"


def _study_prefix(namespace: str) -> str | None:
    study = namespace.removeprefix(STUDY).removesuffix("#")
    if namespace != f"{STUDY}{study}#" or not _STUDY_PREFIX.fullmatch(study) or study in _NAMESPACES:
        return None
    return study
