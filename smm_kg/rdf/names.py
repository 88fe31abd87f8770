"""The IRIs of a study's nodes, minted from its slugs, and the refusal of what has none.

All IRIs here are N-Quads terms: they stand between angle brackets. Each lookup table refuses an unknown key
with the names that were perhaps meant, so a study whose references do not resolve cannot be written.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from decimal import Decimal

from smm_kg.errors import SmmKgError
from smm_kg.records import Fact, Study
from smm_kg.terms import SMM, STUDY, is_slug

__all__ = ["Names", "RdfError", "measure_class", "measure_of_class"]

# Facts share the namespace of the study's other nodes, so their ids keep clear of these.
_TAKEN = re.compile(
    r"(?:study|document)$"
    r"|(?:audit|document|arm|contrast|set|group|category|endpoint|criterion|regimen|reference)-"
)

# A term with the name of one of our properties would be two things at once.
PROPERTY_NAMES = frozenset({
    "about", "arm", "assessor", "bound", "category", "characters", "cites", "column", "comparator",
    "condition", "contrast", "counting", "day", "denominator", "end", "event", "exact", "favours", "grade",
    "includes", "member", "month", "number", "numerator", "operator", "phase", "position", "printed",
    "purpose", "remark", "role", "row", "section", "sha256", "start", "subject", "table", "text",
    "timepoint", "ucum", "unit", "value", "varies", "year",
})  # fmt: skip

_MEASURE = re.compile(r"[a-z][a-z0-9]*(?: [a-z][a-z0-9]*)*")
_DIGITS = 18  # before and after the point: what every store keeps exactly


class RdfError(SmmKgError):
    """A study that cannot be written as RDF without loss, or quads that are not such a study."""


class _Nodes(dict[str, str]):
    """Nodes of one kind by id; an unknown id is an error with the nearest ones."""

    def __init__(self, kind: str, nodes: Iterable[tuple[str, str]]) -> None:
        self.kind = kind
        for name, node in nodes:
            if not is_slug(name.removeprefix("#")):
                raise RdfError(f"{kind} id {name!r} is not letters and digits joined by single hyphens")
            if name in self:
                raise RdfError(f"two records have the {kind} id {name!r}", hint="give one of them another id")
            self[name] = node

    def __missing__(self, name: str) -> str:
        near = difflib.get_close_matches(str(name), self, n=5, cutoff=0.4)
        raise RdfError(f"there is no {self.kind} {name!r} in the study", candidates=near)


class _FactsOfAnySource(dict[str, str]):
    """Facts of the study that may stand in another source of it, so that only their names are checked."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __missing__(self, name: str) -> str:
        if not is_slug(name) or _TAKEN.match(name):
            raise RdfError(f"{name!r} is not the id of a fact")
        self[name] = f"{self.base}{name}>"
        return self[name]


class _Terms(dict[str, str]):
    """Terms of the ontology by slug, minted and checked when first asked for."""

    def __missing__(self, slug: str) -> str:
        if not is_slug(slug) or slug != slug.lower():
            raise RdfError(f"term {slug!r} is not small letters and digits joined by single hyphens")
        if slug in PROPERTY_NAMES:
            raise RdfError(f"term {slug!r} has the name of a property", hint="use a longer name")
        self[slug] = f"<{SMM}{slug}>"
        return self[slug]


class _Decimals(dict[Decimal, str]):
    """The canonical text of decimals: no exponent, no sign of zero, no zeros at the end."""

    def __missing__(self, number: Decimal) -> str:
        if not number.is_finite():
            raise RdfError(f"{number} is not a number", hint="use a status such as 'not estimable'")
        text = f"{number:f}"
        whole, _, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        if len(whole.lstrip("-0")) > _DIGITS or len(fraction) > _DIGITS:
            what = f"{number} has more than {_DIGITS} digits on one side of the point"
            raise RdfError(what, hint="stores would round it")
        sign = "-" if number < 0 else ""
        whole = whole.lstrip("-0") or "0"
        self[number] = f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
        return self[number]


class _Sections(dict[tuple[str, ...], str]):
    """Section paths as one text: parts joined by ``/``; a slash or backslash in a part gets a backslash."""

    def __missing__(self, path: tuple[str, ...]) -> str:
        self[path] = "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in path)
        return self[path]


class _Measures(dict[str, str]):
    """Classes of values by the name of their measure (``p value``: ``PValue``)."""

    def __missing__(self, measure: str) -> str:
        self[measure] = f"<{SMM}{measure_class(measure)}>"
        return self[measure]


def measure_class(measure: str) -> str:
    """Return the local name of the class of a measure: ``hazard ratio`` gives ``HazardRatio``."""
    if not _MEASURE.fullmatch(measure):
        raise RdfError(f"measure {measure!r} is not lower-case words joined by single blanks")
    return "".join(word.capitalize() for word in measure.split(" "))


def measure_of_class(name: str) -> str:
    """Return the measure of a class: the inverse of :func:`measure_class`."""
    measure = re.sub(r"(?!^)(?=[A-Z])", " ", name).lower()
    if not _MEASURE.fullmatch(measure) or measure_class(measure) != name:
        raise RdfError(f"smm:{name} is not the class of a measure")
    return measure


class Names:
    """The N-Quads terms of one study: its nodes by id, and terms, numbers and sections as they are met."""

    __slots__ = (
        "arms", "categories", "contrasts", "criteria", "decimals", "document", "endpoints", "facts",
        "facts_of_any_source", "groups", "measures", "members", "references", "regimens", "sections", "sets",
        "study", "terms",
    )  # fmt: skip

    def __init__(self, study: Study) -> None:
        if not is_slug(study.id):
            raise RdfError(f"study id {study.id!r} is not letters and digits joined by single hyphens")
        base = f"<{STUDY}{study.id}#"
        self.study = base + "study>"
        self.document = f"{base}document{_key(study.document.key)}>"

        def nodes(kind: str, ids: Iterable[str], prefix: str) -> _Nodes:
            return _Nodes(kind, ((name, f"{base}{prefix}{name}>") for name in ids))

        self.arms = nodes("arm", (arm.id for arm in study.arms), "arm-")
        self.contrasts = nodes("contrast", (contrast.id for contrast in study.contrasts), "contrast-")
        self.sets = nodes("analysis set", (group.id for group in study.sets), "set-")
        self.endpoints = nodes("end point", (endpoint.id for endpoint in study.endpoints), "endpoint-")
        self.criteria = nodes("criterion", (criterion.id for criterion in study.criteria), "criterion-")
        self.regimens = nodes("regimen", (regimen.id for regimen in study.regimens), "regimen-")
        self.references = nodes("reference", (str(entry.number) for entry in study.references), "reference-")
        self.facts = nodes("fact", map(_fact_id, study.facts), "")
        self.facts_of_any_source = _FactsOfAnySource(base)
        self.categories = _Nodes(
            "category", ((f"#{one.id}", f"{base}category-{one.id}>") for one in study.categories)
        )
        self.groups = nodes("group", (f"{group.arm}-{group.population}" for group in study.groups), "group-")
        self.members = _Nodes("fact or criterion", [*self.facts.items(), *self.criteria.items()])
        self.terms = _Terms()
        self.measures = _Measures()
        self.decimals = _Decimals()
        self.sections = _Sections()


def _key(key: str | None) -> str:
    if key is not None and not is_slug(key):
        raise RdfError(f"document key {key!r} is not letters and digits joined by single hyphens")
    return f"-{key}" if key else ""


def _fact_id(fact: Fact) -> str:
    if _TAKEN.match(fact.id):
        raise RdfError(f"fact id {fact.id!r} begins like another kind of node", hint="put another word first")
    return fact.id
