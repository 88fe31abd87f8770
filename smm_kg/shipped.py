"""The evidence that ships: studies as records, and the whole graph of them ready made.

Making the graph of all shipped studies takes longer than the first answer may, so it ships beside them as
compressed N-Quads. It begins with the digest of what it was made from; where that differs, as it does while
somebody edits a record, the graph is made anew. ``python -m smm_kg.shipped`` writes the file.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from smm_kg import resources
from smm_kg.errors import SmmKgError
from smm_kg.records import Study, decode

__all__ = ["ShippedError", "digest", "quads", "studies", "write"]


class ShippedError(SmmKgError):
    """A file of the shipped evidence is damaged."""


def studies() -> list[Study]:
    """Return what ships: studies read from papers, then those of the curated records.

    Raises:
        ShippedError: the file of a study that was read is damaged.
        SmmKgError: curated records break a rule.
    """
    from smm_kg import curated

    found = []
    for path in resources.extracted():
        try:
            found.append(decode(path.read_bytes()))
        except (OSError, ValueError) as error:
            raise ShippedError(
                f"is no study: {error}", where=str(path), hint="install smm-kg again"
            ) from error
    found.extend(curated.shipped())
    return found


def quads() -> Iterator[bytes]:
    """Yield the graph of all shipped studies as N-Quads, with ontology, inferred types and audit."""
    ready = _ready_made()
    if ready is not None:
        yield ready
        return
    from smm_kg import dataset

    yield from dataset.quads(studies())


def digest() -> str:
    """Return the SHA-256 of the ontology, the extracted studies and the curated records, names included."""
    total = hashlib.sha256()
    for path in (resources.ontology(), *resources.extracted(), *resources.records()):
        data = path.read_bytes()
        total.update(f"{path.name} {len(data)}\n".encode())
        total.update(data)
    return total.hexdigest()


def write() -> Path:
    """Write the ready-made graph, the same bytes for the same evidence, and return its file."""
    from smm_kg import dataset
    from smm_kg.atomic import replacing

    text = b"".join([f"# {digest()}\n".encode(), *dataset.chunks(studies())])
    path = resources.ready_made()
    with replacing(path) as stream:
        stream.write(gzip.compress(text, compresslevel=9, mtime=0))
    return path


def _ready_made() -> bytes | None:
    """Return the ready-made graph if it is there, whole, and of the evidence that ships."""
    try:
        text = gzip.decompress(resources.ready_made().read_bytes())
    except (OSError, EOFError, zlib.error):
        return None
    return text if text.startswith(f"# {digest()}\n".encode()) else None


if __name__ == "__main__":
    write()
