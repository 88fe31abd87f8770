"""The mapping: which field of which record is which predicate, in both directions.

A ``Row`` is written from its field and read back into it. A ``Derived`` row is written only: it repeats
something so that a query can use it (a label, a bound of the grade as a number). A ``Part`` is a field that
holds records of their own. Whether a field may be absent or repeated is the record's own annotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from smm_kg import records, units
from smm_kg.rdf import vocabularies
from smm_kg.rdf.codecs import (
    CATEGORY,
    DECIMAL,
    FACT,
    INTEGER,
    MEASURE,
    MEMBER,
    REFERENCE,
    SECTION,
    SET_KIND,
    STRING,
    STUDY_NODE,
    TERM,
    VARIED_FACT,
    Codec,
    local,
)
from smm_kg.terms import SMM

__all__ = ["NODE", "TABLES", "Derived", "Part", "Row", "Table"]

NODE = "@node"  # stands for a predicate where the field is kept in the IRI of the node itself


@dataclass(frozen=True)
class Row:
    """A field and its predicate.

    ``when`` is a Python condition over the record ``r`` under which the row is written. A field with
    ``order`` is repeated; that predicate keeps the order of its values where it is not the sorted one.
    """

    field: str
    predicate: str
    codec: Codec
    when: str = ""
    order: str = ""


@dataclass(frozen=True)
class Derived:
    """A predicate that is only written: a fragment as of a codec, with ``$`` for what ``value`` computes."""

    predicate: str
    write: str
    value: Callable[[Any], object] | None = None
    when: str = ""


@dataclass(frozen=True)
class Part:
    """A field of records of their own, linked by ``predicate``; from the part to the whole if ``inverse``."""

    field: str
    predicate: str
    record: type
    inverse: bool = False


@dataclass(frozen=True)
class Table:
    """How records of one type are written and read."""

    record: type
    rows: tuple[Row | Derived, ...]
    parts: tuple[Part, ...] = ()


def _a(name: str) -> Derived:
    return Derived("rdf:type", f"<{SMM}{name}>")


_POSITION = Derived("smm:position", INTEGER.write.replace("$", "k"))
_ID = Row("id", "dcterms:identifier", STRING)
_LABEL = Row("label", "rdfs:label", STRING)

_ARM = local("arms", "arm-")
_CONTRAST = local("contrasts", "contrast-")
_SET = local("sets", "set-")
_CRITERION = local("criteria", "criterion-")
_END_POINT = local("endpoints", "endpoint-")


def grade_bounds(grade: str) -> tuple[int, int] | None:
    """Return the lowest and highest grade, of 1 to 5, that ``2``, ``1-2``, ``>=3`` or ``<=2`` covers."""
    match = re.fullmatch(r"(>=|<=)?([1-5])|([1-5])-([1-5])", grade)
    if match is None:
        return None
    sign, one, low, high = match.groups()
    if one is None:
        return int(low), int(high)
    return (1 if sign == "<=" else int(one)), (5 if sign == ">=" else int(one))


def _grade(bound: int) -> Callable[[records.Fact], int | None]:
    def value(fact: records.Fact) -> int | None:
        bounds = grade_bounds(fact.grade) if fact.grade else None
        return bounds[bound] if bounds else None

    return value


def _in_words(fact: records.Fact) -> str:
    """Return the categories that a fact includes in one text, which a table shows without repeating rows."""
    return ", ".join(slug.replace("-", " ") for slug in fact.includes)


def _date_part(part: int) -> Callable[[records.Value], int | None]:
    def value(datum: records.Value) -> int | None:
        parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", datum.date or "")
        return int(parts[part]) if parts and parts[part] else None

    return value


def _printed(datum: records.Value) -> str | None:
    """Return the characters that print the value where it is first stated."""
    for place in datum.locators:
        if place.role == "value":
            return place.printed
    return None


@lru_cache(maxsize=1024)
def _qudt(code: str) -> str | None:
    return units.describe(code).qudt


def _end_point_label(endpoint: records.EndPoint) -> str:
    name = endpoint.subject.replace("-", " ")
    return f"{endpoint.role} end point: {name}" if endpoint.role else f"end point: {name}"


STUDY = Table(
    records.Study,
    (_a("Study"), _ID, _LABEL),
    (
        Part("document", "smm:reportedIn", records.SourceDocument),
        Part("arms", "smm:hasArm", records.Arm),
        Part("contrasts", "smm:hasContrast", records.Contrast),
        Part("sets", "smm:hasAnalysisSet", records.AnalysisSet),
        Part("groups", "smm:hasAnalysisGroup", records.AnalysisGroup),
        Part("categories", "smm:hasCategory", records.Category),
        Part("endpoints", "smm:hasEndPoint", records.EndPoint),
        Part("criteria", "smm:hasCriterion", records.Criterion),
        Part("regimens", "smm:hasRegimen", records.Regimen),
        Part("references", "smm:hasReference", records.Reference),
        Part("facts", "smm:inStudy", records.Fact, inverse=True),
    ),
)

DOCUMENT = Table(
    records.SourceDocument,
    (
        _a("SourceDocument"),
        _ID,
        Row("title", "dcterms:title", STRING),
        Row("sha256", "smm:sha256", STRING),
        Row("characters", "smm:characters", INTEGER),
        Row("level", "smm:sourceLevel", vocabularies.LEVEL),
        Row("key", "smm:documentKey", STRING),
    ),
)

ARM = Table(
    records.Arm, (_a("Arm"), _POSITION, _ID, _LABEL, Row("role", "smm:armRole", vocabularies.ARM_ROLE))
)

CONTRAST = Table(
    records.Contrast,
    (
        _a("Contrast"),
        _POSITION,
        _ID,
        Derived(
            "rdfs:label", STRING.write, lambda contrast: f"{contrast.experimental} vs {contrast.reference}"
        ),
        Row("experimental", "smm:experimentalArm", _ARM),
        Row("reference", "smm:referenceArm", _ARM),
    ),
)

SET = Table(
    records.AnalysisSet, (_a("AnalysisSet"), _POSITION, _ID, _LABEL, Row("term", "smm:setKind", SET_KIND))
)

GROUP = Table(
    records.AnalysisGroup,
    (
        _a("AnalysisGroup"),
        _POSITION,
        Derived(
            "rdfs:label", STRING.write, lambda group: f"{group.arm}, {group.population.replace('-', ' ')}"
        ),
        Row("arm", "smm:arm", _ARM),
        Row("population", "smm:analysisSet", _SET),
        Row("size", "smm:sizeStatedBy", FACT),
    ),
)

STUDY_CATEGORY = Table(records.Category, (_a("StudyCategory"), _POSITION, _ID, _LABEL))

END_POINT = Table(
    records.EndPoint,
    (
        _a("EndPoint"),
        _POSITION,
        _ID,
        Derived("rdfs:label", STRING.write, _end_point_label),
        Row("subject", "smm:subject", TERM),
        Row("role", "smm:endPointRole", vocabularies.END_POINT_ROLE),
        Row("definition", "smm:eventDefinition", TERM),
        Row("time_origin", "smm:timeOrigin", TERM),
        Row("event", "smm:event", _CRITERION),
        Row("deaths", "smm:deathCounting", vocabularies.DEATHS),
        Row("assessor", "smm:assessor", vocabularies.ASSESSOR),
        Row("favours", "smm:favours", vocabularies.FAVOURS),
    ),
)

CRITERION = Table(
    records.Criterion,
    (
        _a("Criterion"),
        _POSITION,
        _ID,
        _LABEL,
        Row("purpose", "smm:purpose", vocabularies.PURPOSE),
        Row("operator", "smm:operator", vocabularies.OPERATOR),
        Row("members", "smm:member", MEMBER, order="smm:memberOrder"),
    ),
)

REGIMEN = Table(
    records.Regimen,
    (
        _a("Regimen"),
        _POSITION,
        _ID,
        _LABEL,
        Row("arm", "smm:arm", _ARM),
        Row("phase", "smm:phase", TERM),
        Row("parts", "smm:hasComponent", FACT, order="smm:componentOrder"),
        Row("condition", "smm:condition", STRING),
    ),
)

REFERENCE_ENTRY = Table(
    records.Reference,
    (
        _a("Reference"),
        _POSITION,
        Row("number", "smm:referenceNumber", INTEGER),
        Derived("rdfs:label", STRING.write, lambda entry: entry.key),
        Row("key", "smm:citationKey", STRING),
        Row("study", "smm:reportsStudy", STUDY_NODE),
    ),
    (Part("locator", "smm:hasLocator", records.Locator),),
)

FACT_TABLE = Table(
    records.Fact,
    (
        Row("id", NODE, FACT),
        Row("kind", "rdf:type", vocabularies.KIND),
        Derived("smm:inStudy", "{n.study}"),
        _POSITION,
        Row("subject", "smm:subject", TERM),
        Row("category", "smm:category", CATEGORY),
        Row("counting", "smm:counting", vocabularies.COUNTING),
        Row("includes", "smm:includes", TERM, order="smm:includesOrder"),
        Derived("smm:includesText", STRING.write, _in_words, when="r.includes"),
        Row("arm", "smm:arm", _ARM),
        Row("contrast", "smm:contrast", _CONTRAST),
        Row("phase", "smm:phase", TERM),
        Row("timepoint", "smm:timepoint", STRING),
        Row("time_origin", "smm:timeOrigin", TERM),
        Row("population", "smm:analysisSet", _SET),
        Row("population_printed", "smm:populationPrinted", STRING),
        Row("grade", "smm:grade", STRING),
        Derived("smm:gradeMinimum", INTEGER.write, _grade(0), when="r.grade is not None"),
        Derived("smm:gradeMaximum", INTEGER.write, _grade(1), when="r.grade is not None"),
        Row("label_printed", "smm:labelPrinted", STRING),
        Row("about", "smm:about", TERM, order="smm:aboutOrder"),
        Row("cites", "smm:cites", REFERENCE, order="smm:citesOrder"),
        Row("endpoint", "smm:ofEndPoint", _END_POINT),
        Row("varies", "smm:varies", VARIED_FACT),
        Row("remark", "smm:remark", STRING),
    ),
    (Part("values", "smm:hasValue", records.Value),),
)

VALUE = Table(
    records.Value,
    (
        Row("measure", "rdf:type", MEASURE),
        _POSITION,
        Row("status", "smm:valueStatus", vocabularies.STATUS),
        # A number that is not equal to the quantity is a bound of it: a query for values never meets one.
        Row("number", "smm:value", DECIMAL, when="r.comparator == '='"),
        Row("number", "smm:bound", DECIMAL, when="r.comparator != '='"),
        Row("comparator", "smm:comparator", vocabularies.COMPARATOR, when="r.comparator != '='"),
        Row("date", "smm:dateText", STRING),
        Derived("smm:year", INTEGER.write, _date_part(1), when="r.date is not None"),
        Derived("smm:month", INTEGER.write, _date_part(2), when="r.date is not None"),
        Derived("smm:day", INTEGER.write, _date_part(3), when="r.date is not None"),
        Row("text", "smm:text", STRING),
        Row("unit", "smm:ucum", STRING),
        Derived("smm:unit", "<{$}>", lambda datum: _qudt(datum.unit), when="r.unit is not None"),
        Row("numerator", "smm:numerator", INTEGER),
        Row("denominator", "smm:denominator", INTEGER),
        Derived("smm:printed", STRING.write, _printed),
    ),
    (Part("locators", "smm:hasLocator", records.Locator),),
)

LOCATOR = Table(
    records.Locator,
    (
        _a("Locator"),
        _POSITION,
        Row("role", "smm:role", vocabularies.PLACE_ROLE),
        Derived("smm:inDocument", "{n.document}"),
        Row("section", "smm:section", SECTION, when="r.section"),
        Row("table", "smm:table", STRING),
        Row("row", "smm:row", STRING),
        Row("column", "smm:column", STRING),
        Row("start", "smm:start", INTEGER),
        Row("end", "smm:end", INTEGER),
        Row("printed", "smm:exact", STRING),
    ),
)

TABLES: dict[type, Table] = {
    table.record: table
    for table in (
        STUDY, DOCUMENT, ARM, CONTRAST, SET, GROUP, STUDY_CATEGORY, END_POINT, CRITERION, REGIMEN,
        REFERENCE_ENTRY, FACT_TABLE, VALUE, LOCATOR,
    )
}  # fmt: skip
