"""The closed vocabularies of records: each word and the term of the ontology that stands for it.

A comparator ``=`` has no term: the number is then the value itself, and not a bound of it.
"""

from __future__ import annotations

from smm_kg.rdf.codecs import words

__all__ = [
    "ARM_ROLE",
    "ASSESSOR",
    "COMPARATOR",
    "COUNTING",
    "DEATHS",
    "END_POINT_ROLE",
    "FAVOURS",
    "KIND",
    "LEVEL",
    "OPERATOR",
    "PLACE_ROLE",
    "PURPOSE",
    "STATUS",
]

KIND = words(
    "KIND",
    {
        "publication": "PublicationItem",
        "registration": "RegistrationItem",
        "design": "DesignItem",
        "eligibility": "EligibilityThreshold",
        "regimen": "RegimenComponent",
        "flow": "FlowCount",
        "baseline": "BaselineMeasurement",
        "endpoint": "EndPointDefinitionItem",
        "outcome": "OutcomeMeasurement",
        "effect": "EffectEstimate",
        "adverse-event": "AdverseEventMeasurement",
        "death": "DeathCount",
        "statistics-plan": "StatisticalPlanItem",
        "follow-up": "FollowUpMeasurement",
        "funding": "FundingItem",
        "assertion": "Assertion",
    },
)
COUNTING = words("COUNTING", {"exclusive": "exclusive", "cumulative": "cumulative"})
STATUS = words(
    "STATUS",
    {
        "reported": "reported",
        "not reached": "not-reached",
        "not estimable": "not-estimable",
        "not reported": "not-reported",
        "not applicable": "not-applicable",
    },
)
COMPARATOR = words(
    "COMPARATOR",
    {
        "<": "less-than",
        "≤": "less-or-equal",
        ">": "greater-than",
        "≥": "greater-or-equal",
        "≈": "approximately",
    },
)
PLACE_ROLE = words(
    "PLACE_ROLE",
    {role: f"{role}-role" for role in ("value", "denominator", "unit", "arm", "label", "grade", "timepoint")},
)
LEVEL = words("LEVEL", {"primary": "primary-source", "secondary": "secondary-source"})
ARM_ROLE = words(
    "ARM_ROLE",
    {
        "experimental": "experimental-arm",
        "active comparator": "active-comparator-arm",
        "no intervention": "no-intervention-arm",
        "deferred treatment": "deferred-treatment-arm",
        "placebo comparator": "placebo-comparator-arm",
    },
)
END_POINT_ROLE = words(
    "END_POINT_ROLE",
    {"primary": "primary-role", "secondary": "secondary-role", "exploratory": "exploratory-role"},
)
DEATHS = words(
    "DEATHS",
    {
        "event": "death-as-event",
        "censored": "death-as-censoring",
        "competing": "death-as-competing-event",
        "not stated": "death-not-stated",
    },
)
ASSESSOR = words(
    "ASSESSOR",
    {
        "investigator": "investigator-assessor",
        "independent review": "independent-review-assessor",
        "not stated": "assessor-not-stated",
    },
)
FAVOURS = words("FAVOURS", {"lower": "lower-values", "higher": "higher-values"})
PURPOSE = words(
    "PURPOSE",
    {purpose: f"{purpose}-purpose" for purpose in ("inclusion", "exclusion", "definition", "event")},
)
OPERATOR = words("OPERATOR", {"all": "all-of", "any": "any-of", "exactly one": "exactly-one-of"})
