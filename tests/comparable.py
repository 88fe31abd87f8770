"""Made-up trials to compare: alike and unlike in each way that a comparison has to say.

``anchor`` is the trial that others are set beside; the rest differ from it in what their names say.
"""

from __future__ import annotations

from smm_kg import curated
from smm_kg.graph import Graph
from smm_kg.records import Study

__all__ = ["graph_of", "study"]

_HEAD = """\
study: {id}
label: {label}
sources:
- {{key: report, id: "doi:10.9999/{id}", title: A Report of {label}, level: primary}}
- {{key: review, id: "doi:10.9999/{id}-review", title: A Review, level: secondary}}
arms:
- {{id: new, label: new, role: experimental}}
- {{id: old, label: old, role: {role}}}
contrasts:
- {{id: new-vs-old, experimental: new, reference: old}}
- {{id: old-vs-new, experimental: old, reference: new}}
sets:
- {{id: randomized, label: all randomized, term: all-randomized}}
groups:
- {{arm: new, population: randomized, size: randomized-new}}
- {{arm: old, population: randomized, size: randomized-old}}
endpoints:
- {{id: ttp, subject: time-to-progression, definition: {definition}, favours: lower}}
- {{id: pfs, subject: progression-free-survival, definition: {definition}, deaths: event, favours: lower}}
facts:
- {{id: allocation, kind: design, subject: allocation, category: {allocation}, values: {{text: as said}}}}
- {{id: disease, kind: design, subject: disease-setting, category: {disease}, values: {{text: as said}}}}
- {{id: risk, kind: design, subject: selection-by-risk, category: {risk}, values: {{text: as said}}}}
- {{id: follow-up, kind: follow-up, subject: follow-up, values: {{median: {follow_up} months}}}}
- {{id: drug, kind: regimen, subject: {drug}, arm: new, values: {{text: given}}}}
- {{id: randomized-new, kind: flow, subject: randomization, arm: new, values: {{count: "60"}}}}
- {{id: randomized-old, kind: flow, subject: randomization, arm: old, values: {{count: "62"}}}}
"""

_EFFECT = """\
- id: {id}
  source: {source}
  kind: effect
  subject: {subject}
  contrast: {contrast}
  population: randomized
  endpoint: {endpoint}
  values: {{{values}}}
"""


def study(name: str, *more: str, **changes: str) -> tuple[Study, ...]:
    """Return the sources of a made-up trial, with facts as YAML beside those that every one has."""
    said = {
        "id": name,
        "label": name.replace("-", " ").capitalize(),
        "role": "no intervention",
        "definition": "symptomatic-progression",
        "allocation": "randomized-allocation",
        "disease": "smoldering-multiple-myeloma",
        "risk": "high-risk-selection",
        "follow_up": "40",
        "drug": "lenalidomide",
    } | changes
    return curated.parse(_HEAD.format(**said) + "".join(more), name)


def effect(
    values: str,
    *,
    id: str = "effect",  # noqa: A002 - the name of the field
    contrast: str = "new-vs-old",
    endpoint: str = "ttp",
    source: str = "report",
) -> str:
    """Return the YAML of an effect; ``values`` as inside the braces of a mapping."""
    subject = {"ttp": "time-to-progression", "pfs": "progression-free-survival"}[endpoint]
    return _EFFECT.format(
        id=id, values=values, contrast=contrast, endpoint=endpoint, source=source, subject=subject
    )


def interval(estimate: str, lower: str, upper: str) -> str:
    """Return the values of a hazard ratio with its interval of 95 percent."""
    limits = f"confidence interval lower: {lower}, confidence interval upper: {upper}"
    return f"hazard ratio: {estimate}, confidence level: 95 %, {limits}"


def graph_of(*studies: tuple[Study, ...]) -> Graph:
    """Return a graph in memory of made-up trials."""
    return Graph.from_studies([source for sources in studies for source in sources])
