"""Synthetic copies of the shipped trial: the same records under other ids."""

from __future__ import annotations

import msgspec

from smm_kg import resources
from smm_kg.records import Study, decode


def copies(number: int) -> tuple[Study, ...]:
    """The shipped trial ``number`` times, each with a study id and a source of its own."""
    study = decode(resources.extracted()[0].read_bytes())
    return tuple(
        msgspec.structs.replace(
            study,
            id=f"{study.id}-copy-{k}",
            label=f"{study.label} copy {k}",
            document=msgspec.structs.replace(study.document, id=f"{study.document.id}.copy{k}"),
        )
        for k in range(number)
    )
