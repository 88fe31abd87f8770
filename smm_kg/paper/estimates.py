"""Productions for estimates: medians, means and ranges, confidence intervals, P values, effects."""

from __future__ import annotations

import re

from smm_kg.paper.production import (
    ALONE,
    BEFORE,
    DASH,
    DIGITS,
    GAP,
    SEPARATOR,
    SINGLE,
    UNITLESS,
    UNSIGNED,
    Part,
    Production,
    Units,
    compared,
    number,
    number_part,
    status_part,
    unit,
    units_of,
)
from smm_kg.paper.quantities import percent

__all__ = ["PRODUCTIONS", "RATIO_NAME", "effect_measure"]

# --- intervals and ranges

_STATUS = (
    r"(?:\bnot\s+(?:yet\s+)?(?:been\s+)?reached\b|\bnot\s+(?:yet\s+)?(?:estimable|evaluable)\b"
    r"|\bnot\s+be\s+(?:estimated|calculated|reached)\b)"
)
_LIMIT_STATUS = rf"(?:{_STATUS}|\b(?-i:NE|NR)\b)"
_CI = (
    r"(?:(?:confidence|credible|credibility)\s+(?:intervals?|limits?)(?:\s*+[(\[]\s*+CIs?\s*+[)\]])?"
    r"|\bCIs?\b|\bCrI\b)"
)
_BETWEEN_LIMITS = rf"(?:{SEPARATOR}|\s*+[,;]\s+|\s+and\s+)"


def _limit(name: str) -> str:
    """One end of an interval: a number with its unit, or the words that say why there is none."""
    return rf"""(?:(?P<{name}_before>[<>≤≥])?\s?(?P<{name}>{DIGITS})(?:{unit(name)})?
                 | (?P<{name}_status>{_LIMIT_STATUS}))"""


# The limits stand after the words "95% CI", or in a bracket of their own.
_INTERVAL = rf"""
    \s*+[,;:]? \s*+ (?P<open>[(\[])? \s*+
    (?: (?P<level>[0-9]{{2}}(?:[.·][0-9]+)?)\s?(?P<level_unit>%|percent|per\s+cent)\s?-?
        (?:exact\s+|bootstrap\s+)? {_CI} \s*+[,;:=]? \s*+ (?:[-–—]\s+)?
        (?:(?:of|from|was|were|is|ranged\s+from)\s+)*+ [(\[]? \s*+
      | (?(open)|(?!)) )
    {_limit("lower")} {_BETWEEN_LIMITS} {_limit("upper")}
    (?!{DASH}[0-9]) (?(open)(?:\s*+[)\]])?|)"""


def _end_part(match: re.Match[str], group: str, measure: str, unit: Units) -> Part:
    if match[f"{group}_status"]:
        return status_part(match, f"{group}_status", measure)
    return number_part(match, group, measure, unit=unit)


def _with_interval(match: re.Match[str], estimate: Part, unit: Units) -> tuple[Part, ...]:
    """The estimate; then, where there is an interval, its level (where printed) and limits.

    Raises:
        ValueError: a bracket that does not say it is an interval, and around the estimate is none.
    """
    if not (match["lower"] or match["lower_status"]):
        return (estimate,)
    lower = _end_part(match, "lower", "confidence interval lower", unit)
    upper = _end_part(match, "upper", "confidence interval upper", unit)
    level = next((g for g in ("level", "head_level") if g in match.re.groupindex and match[g]), None)
    if level is None:
        _check_enclosed(lower, estimate, upper)
        return estimate, lower, upper
    shown = ("%", (match.span(f"{level}_unit"),))
    return estimate, number_part(match, level, "confidence level", unit=shown), lower, upper


def _check_enclosed(lower: Part, middle: Part, upper: Part) -> None:
    """Refuse a pair of numbers in a bare bracket that may be citations or anything else.

    Raises:
        ValueError: what stands before the bracket does not lie between them.
    """
    numbers = [part.number for part in (lower, middle, upper) if part.number is not None]
    if numbers != sorted(numbers):
        raise ValueError("not a range around the number before it")


def _percent_interval(match: re.Match[str]) -> tuple[Part, ...]:
    shown = ("%", (match.span("percent_unit"),))
    return _with_interval(match, number_part(match, "percent", "percent", unit=shown), shown)


def _median(match: re.Match[str]) -> tuple[Part, ...]:
    return (_end_part(match, "median", "median", units_of(match, "median")),)


def _median_interval(match: re.Match[str]) -> tuple[Part, ...]:
    shown = units_of(match, "median", "lower", "upper", "tail")
    return _with_interval(match, _end_part(match, "median", "median", shown), shown)


def _range(match: re.Match[str]) -> tuple[Part, ...]:
    shown = units_of(match, "maximum", "minimum")
    return tuple(number_part(match, end, end, unit=shown) for end in ("minimum", "maximum"))


def _median_range(match: re.Match[str]) -> tuple[Part, ...]:
    """Median and range, or quartiles; the unit may stand after any of the numbers and holds for all."""
    if match["words"] and not match["kind"]:
        raise ValueError("a bracket further on that does not say it is a range")
    shown = units_of(match, "median", "minimum", "maximum", "tail")
    range_ = match["kind"] is None or match["kind"].lower().startswith("range")
    ends = ("minimum", "maximum") if range_ else ("lower quartile", "upper quartile")
    median = number_part(match, "median", "median", unit=shown)
    low = number_part(match, "minimum", ends[0], unit=shown)
    high = number_part(match, "maximum", ends[1], unit=shown)
    if match["kind"] is None:
        _check_enclosed(low, median, high)
    return median, low, high


def _mean_sd(match: re.Match[str]) -> tuple[Part, ...]:
    shown = units_of(match, "mean", "spread", "tail")
    error = (match["kind"] or "").upper().startswith("SE")
    spread = "standard error" if error else "standard deviation"
    return (
        number_part(match, "mean", "mean", unit=shown),
        number_part(match, "spread", spread, unit=shown),
    )


_FIRST_OF_TWO = r"(?:\s+to\s+[0-9])"
_MEDIAN = (
    rf"(?:{compared('median', number('median'))}(?:{unit('median')}{ALONE}|{UNITLESS}(?!{_FIRST_OF_TWO}))"
    rf"|(?P<median_status>{_STATUS}))"
)
_MEDIAN_NUMBER = rf"{compared('median', number('median'))}(?:{unit('median')})?"
_MINIMUM = rf"{compared('minimum', number('minimum'))}(?:{unit('minimum')})?"
_MAXIMUM = (
    rf"{compared('maximum', number('maximum'))}(?:{unit('maximum')}{ALONE}|(?!\s*+[%‰]))(?!{DASH}[0-9])"
)
_PLUS_MINUS = r"(?:±|\+\s?/\s?[-−–]|\$?\\pm\$?)"
_TAIL = unit("tail").replace("(?P<tail_unit>", r"(?:(?<=[)\]])|(?<=\s))(?P<tail_unit>")

# --- P values and effects


def _p(group: str) -> str:
    """A P value with its comparator ("P 5" is none)."""
    return rf"""(?<!\w)[*_$]*P[*_$]*(?P<{group}_word>[\s-]*values?\b)?
                \s*+(?P<{group}_link>:|\b(?:of|was|is)\b)? \s*+(?P<{group}_before>{BEFORE})? \s*+
                (?({group}_before)|(?({group}_link)|(?({group}_word)|(?!))))
                (?P<{group}>{UNSIGNED}) (?!\s*+%|{DASH}[0-9])"""


_BEFORE_P = r"""
    \s*+[)\]]?\s*+[,;:]?\s*+[(\[]?\s*+(?:and\s+|with\s+)?(?:an?\s+|the\s+)?
    (?:(?:log-?\s?rank|stratified|two-?\s?sided|one-?\s?sided|nominal|adjusted|unadjusted)\s+){0,3}+"""

_NAMES = {
    "hazard ratio": (r"hazards?\s+ratios?", r"HRs?|hr(?=\s*+[:=])"),
    "odds ratio": (r"odds\s+ratios?", r"ORs?"),
    "risk ratio": (r"relative\s+risks?|risk\s+ratios?", r"RRs?"),
    "rate ratio": (r"(?:incidence\s+)?rate\s+ratios?", r"IRRs?"),
    "risk difference": (r"(?:absolute\s+)?risk\s+differences?", r"ARDs?|RDs?"),
}
_WORDS = "|".join(words for words, _ in _NAMES.values())
_LETTERS = "|".join(letters for _, letters in _NAMES.values())
RATIO_NAME = rf"(?:\b(?:(?:{_WORDS})|(?-i:{_LETTERS}))\b)"
"""Regex source of the name of an effect measure, in words or as a symbol (``OR``; ``or`` is a word)."""

_NAMED = rf"""
    (?P<name>{RATIO_NAME}) (?:\s*+[(\[]\s*+(?:{_LETTERS})\s*+[)\]])?
    (?:\s*+[,;]?\s*+[(\[]\s*+(?P<head_level>[0-9]{{2}})\s?(?P<head_level_unit>%)\s?{_CI}\s*+[)\]])?
    (?:{GAP}){{0,12}}? \s*+[,:;]?\s*+(?:[-–—]\s+)?"""
_ESTIMATE = compared(
    "estimate",
    rf"(?P<estimate>{DIGITS})(?!\s*+%?\s*+-?{_CI})(?!\s?{DASH}\s?[0-9.·]++(?!\s?%))"
    rf"(?:{unit('estimate')}{ALONE}|\s+points\b|(?!\s*+[%‰]))",
)
_EFFECT = rf"""
    (?:{_NAMED})? {_ESTIMATE} (?:\s+in\s+favou?r\s+of(?:{GAP}){{1,8}}?(?=\s*+[,;:(\[]))?
    (?: (?:{_BEFORE_P}{_p("early")})? {_INTERVAL} )? (?: {_BEFORE_P}{_p("p")} )?"""


def _p_part(match: re.Match[str], group: str) -> Part:
    part = number_part(match, group, "p value")
    if part.number is None or part.number > 1:
        raise ValueError("no P value is above 1")
    return part


def _bare_p(match: re.Match[str]) -> tuple[Part, ...]:
    return (_p_part(match, "p"),)


def effect_measure(name: str) -> str | None:
    """The measure that a printed name means (``HR``: hazard ratio), or None."""
    for measure, (words, letters) in _NAMES.items():
        if re.fullmatch(words, name, re.IGNORECASE) or name in ("hr",) or re.fullmatch(letters, name):
            return measure
    return None


def _effect(match: re.Match[str]) -> tuple[Part, ...]:
    """The estimate, level and limits of its interval, and P; an estimate without a name is a hazard ratio.

    Raises:
        ValueError: a ratio below 0, or one in thousands (a comma in it is most likely a decimal one).
    """
    measure = effect_measure(match["name"]) if match["name"] else "hazard ratio"
    unit = units_of(match, "estimate", "lower", "upper")
    parts = _with_interval(match, number_part(match, "estimate", measure, unit=unit), unit)
    ratio = str(measure).endswith("ratio")
    if ratio and any("," in (match[group] or "") for group in ("estimate", "lower", "upper")):
        raise ValueError("a comma in a ratio")
    if ratio and any(part.number is not None and part.number < 0 for part in parts):
        if match["name"]:
            raise ValueError("no ratio is negative")
        parts = (
            number_part(match, "estimate", None, unit=unit),
            *parts[1:],
        )  # a difference: the slot says which
    group = next((group for group in ("p", "early") if match[group]), None)
    return (*parts, _p_part(match, group)) if group else parts


_INTERVAL_MEASURES = ("confidence level", "confidence interval lower", "confidence interval upper")

PRODUCTIONS: tuple[Production, ...] = (
    Production("median", "13 months; not reached", _MEDIAN, _median, ("median",)),
    Production(
        "range", "11 to 38; range, 0–38.4; between 11 and 38",
        rf"""(?:\brange\s*+[,:]?\s*+)?(?P<between>\bbetween\s+)?
             {_MINIMUM} (?(between)\s+and\s+|{SEPARATOR}) {_MAXIMUM}""",
        _range, ("minimum", "maximum")),
    Production(
        "median-range", "24 months (range, 11 to 38); 24 (11–38); 24 (IQR 16–31) years",
        rf"""{_MEDIAN_NUMBER} (?P<words>(?:{GAP}){{1,8}}?)? \s*+,?\s*+[(\[]\s*+
             (?P<kind>range|IQR|interquartile\s+range)? \s*+[,:]?\s*+
             {_MINIMUM} (?:{SEPARATOR}|\s*+,\s+) {_MAXIMUM} \s*+[)\]] (?:\s+{_TAIL})?""",
        _median_range, ("median", "minimum", "maximum")),
    Production(
        "median-interval", "12.7 months (95% CI, 8.4 to NE)",
        rf"{_MEDIAN} {_INTERVAL} (?:\s+{_TAIL})?", _median_interval, ("median", *_INTERVAL_MEASURES)),
    Production(
        "mean-sd", "12.7 ± 4.5; 12.7 (±4.5); 12.7 (SD 4.5); 12.7 (4.5)",
        rf"""{compared('mean', number('mean'))}(?:{unit('mean')})? \s*+(?P<open>[(\[])?
             (?P<kind>{_PLUS_MINUS}|\bSDs?\b|\bSEM?\b)? [\s,:=±]* (?(open)|(?(kind)|(?!)))
             (?P<spread>{UNSIGNED})(?:{unit('spread')})? (?(open)\s*+[)\]]|{SINGLE}) (?:\s+{_TAIL})?""",
        _mean_sd, ("mean", "standard deviation")),
    Production(
        "effect", "0.72; 95% confidence interval [CI], 0.55 to 0.94; P<0.02 (interval and P optional)",
        _EFFECT, _effect, ("hazard ratio", *_INTERVAL_MEASURES, "p value")),
    Production(
        "percent-interval", "51.2% (95% CI 46.3–56.1)",
        rf"{compared('percent', percent('percent'))} (?!\s*+-?{_CI}) {_INTERVAL}",
        _percent_interval, ("percent", *_INTERVAL_MEASURES)),
    Production("p", "P<0.02; p = .04; P value of 0.2", _p("p"), _bare_p, ("p value",)),
    Production("p-value", "a bare P value in a cell: <0.02; .04",
               compared("p", rf"(?P<p>{UNSIGNED}){SINGLE}"), _bare_p, ("p value",)),
)  # fmt: skip
"""The productions of this module."""
