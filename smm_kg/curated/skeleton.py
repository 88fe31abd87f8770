"""The beginning of a new file of curated records."""

from __future__ import annotations

__all__ = ["skeleton"]

_TEXT = """\
# yaml-language-server: $schema=schema.json
# Curated records of one study: smm-kg record check {study}.yaml
study: {study}
label: {label}
sources:
- key: abstract
  id: pmid:00000000
  title: Title of the report
  level: primary
  place: abstract
arms:
- id: treatment
  label: treatment
  role: experimental
- id: observation
  label: observation
  role: no intervention
contrasts:
- id: treatment-vs-observation
  experimental: treatment
  reference: observation
sets:
- id: randomized
  label: all randomized
  term: all-randomized
facts:
- id: allocation
  kind: design
  subject: allocation
  category: randomized-allocation
  values:
    text: randomized
"""


def skeleton(study: str) -> str:
    """Return a file to start from, which is valid and has to be filled with what the sources say."""
    first, _, rest = study.partition("-")
    return _TEXT.format(study=study, label=f"{first.capitalize()} {rest.replace('-', ' ')}".strip())
