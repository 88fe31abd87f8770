"""Where the files that are not code lie: ``ontology/``, ``queries/`` and ``evidence/``.

In an installed package they are under ``smm_kg/data``; in a checkout (and so in an editable install) they are
beside the package. No other module knows.
"""

from __future__ import annotations

from pathlib import Path

from smm_kg.errors import SmmKgError

__all__ = ["ResourceError", "evidence", "extracted", "folder", "ontology", "queries", "ready_made", "records"]

_PACKAGE = Path(__file__).resolve().parent


class ResourceError(SmmKgError):
    """A folder that is shipped with the package is not there: the installation is damaged."""

    exit_code = 70


def folder(name: str) -> Path:
    """Return the folder ``ontology``, ``queries`` or ``evidence``.

    Raises:
        ResourceError: it is neither in the package nor beside it.
    """
    for base in (_PACKAGE / "data", _PACKAGE.parent):
        if (base / name).is_dir():
            return base / name
    raise ResourceError(f"the folder {name!r} of the installation is missing", hint="install smm-kg again")


def ontology() -> Path:
    """Return the file of the ontology's terms, in Turtle."""
    return folder("ontology") / "smm.ttl"


def queries() -> Path:
    """Return the folder of the query catalogue."""
    return folder("queries")


def evidence() -> Path:
    """Return the folder of sheets, curated records and extracted studies."""
    return folder("evidence")


def extracted() -> list[Path]:
    """Return the files of the studies that ship, each a :class:`smm_kg.records.Study`, in order of name."""
    return sorted((evidence() / "extracted").glob("*.json"))


def records() -> list[Path]:
    """Return the files of curated records that ship, in order of name."""
    return sorted((evidence() / "records").glob("*.yaml"))


def ready_made() -> Path:
    """Return the file of the ready-made graph of the shipped evidence, which may be missing."""
    return evidence() / "graph.nq.gz"
