"""Units of measurement as trial reports print them, and their codes.

A printed unit (``g per deciliter``, ``mg/m²``, ``mo``, ``g per 24 hours``) becomes a UCUM code (``g/dL``,
``mg/m2``, ``mo_j``, ``g/(24.h)``) by one table of our own: general unit libraries read ``12 wk`` as a watt.
Words match in any case, symbols only as printed (``mg`` is not ``Mg``). Months are mean Julian months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["TIME_UNIT", "UNIT", "Unit", "describe", "is_code", "leads", "unit_code"]

_QUDT = "http://qudt.org/vocab/unit/"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its UCUM ``code``, an English ``label`` in the plural, the IRI of the QUDT unit or None."""

    code: str
    label: str
    qudt: str | None


@dataclass(frozen=True, slots=True)
class _Atom:
    """A unit that is not made of others: how words (any case) and symbols (this case) print it."""

    code: str
    label: str
    words: str = ""
    symbols: str = ""


_MICRO = r"(?:[µμ]\s?|u)"
_LITER = r"lit(?:er|re)s?"
_GRAM = r"gram(?:me)?s?"

_TIMES = (
    _Atom("mo_j", "months", r"months?", r"mos?"),
    _Atom("a", "years", r"years?", r"yrs?|y"),
    _Atom("wk", "weeks", r"weeks?", r"wks?"),
    _Atom("d", "days", r"days?", r"d"),
    _Atom("h", "hours", r"hours?", r"hrs?|h"),
    _Atom("min", "minutes", r"minutes?", r"mins?"),
)
_OTHERS = (
    _Atom("kg", "kilograms", rf"kilo{_GRAM}", r"[kK]g"),
    _Atom("mg", "milligrams", rf"milli{_GRAM}", r"mg"),
    _Atom("ug", "micrograms", rf"micro{_GRAM}|mcg", rf"{_MICRO}g"),
    _Atom("ng", "nanograms", rf"nano{_GRAM}", r"ng"),
    _Atom("pg", "picograms", rf"pico{_GRAM}", r"pg"),
    _Atom("g", "grams", _GRAM, r"g|gm"),
    _Atom("dL", "deciliters", rf"deci{_LITER}", r"d[lL]"),
    _Atom("mL", "milliliters", rf"milli{_LITER}", r"m[lL]"),
    _Atom("uL", "microliters", rf"micro{_LITER}", rf"{_MICRO}[lL]"),
    _Atom("L", "liters", _LITER, r"[lL]"),
    _Atom("mmol", "millimoles", r"millimoles?", r"mmol"),
    _Atom("umol", "micromoles", r"micromoles?", rf"{_MICRO}mol"),
    _Atom("nmol", "nanomoles", r"nanomoles?", r"nmol"),
    _Atom("pmol", "picomoles", r"picomoles?", r"pmol"),
    _Atom("meq", "milliequivalents", r"milliequivalents?", r"mEq|meq"),
    _Atom("[iU]", "international units", r"international\s+units?", r"IU"),
    _Atom("U", "units", "", r"U"),
    _Atom("mm[Hg]", "millimeters of mercury", r"millimet(?:er|re)s?\s+of\s+mercury", r"mm\s?Hg"),
    _Atom("{1.73_m2}", "1.73 square meters", "", r"1[.·]73\s?m(?:2|²|\^2|\^\{2\})"),
    _Atom("m2", "square meters", r"square\s+met(?:er|re)s?(?:\s+of\s+body[\s-]surface(?:[\s-]area)?)?",
          r"m(?:2|²|\^2|\^\{2\})"),
    _Atom("mm3", "cubic millimeters", r"cubic\s+millimet(?:er|re)s?", r"mm(?:3|³|\^3|\^\{3\})"),
    _Atom("mm", "millimeters", r"millimet(?:er|re)s?", r"mm"),
    _Atom("cm", "centimeters", r"centimet(?:er|re)s?", r"cm"),
    _Atom("{cells}", "cells", r"cells?"),
    _Atom("Gy", "grays", r"grays?", r"Gy"),
    _Atom("Cel", "degrees Celsius", r"degrees?\s+Celsius", r"°\s?C"),
)  # fmt: skip
_PERCENT = _Atom("%", "percent", r"percent|per\s+cent", r"%")
# "3 per 100 patient-years": the time is what UCUM counts.
_PERSON_TIME = _Atom("a", "years", r"(?:person|patient|subject)[\s-]?years?")
_ATOMS = (*_TIMES, *_OTHERS, _PERCENT)
_PER_ADVERB = {"daily": "d", "weekly": "wk", "monthly": "mo_j", "yearly": "a", "annually": "a"}

# Only IRIs that were looked up in QUDT itself; another unit has its UCUM code alone.
_QUDT_NAMES = {
    "mo_j": "MO_MeanJulian", "mo_g": "MO_MeanGREGORIAN", "a": "YR", "wk": "WK", "d": "DAY", "mg": "MilliGM",
    "mg/d": "MilliGM-PER-DAY", "mg/m2": "MilliGM-PER-M2", "g/dL": "GM-PER-DeciL", "%": "PERCENT",
}  # fmt: skip


def _alternatives(atoms: tuple[_Atom, ...]) -> str:
    """A regex of all printed forms of some atoms that ends where the word ends."""
    words = "|".join(atom.words for atom in atoms if atom.words)
    symbols = "|".join(atom.symbols for atom in atoms if atom.symbols)
    forms = [f"(?i:{words})"] if words else []
    forms += [f"(?-i:{symbols})"] if symbols else []
    return rf"(?:(?:{'|'.join(forms)})(?![^\W_]))"


TIME_UNIT = _alternatives(_TIMES)
"""Regex source of a printed unit of time, one non-capturing group."""

_ATOM = _alternatives(_ATOMS)
# A number under the line is a power of ten, or a day's hours; any other is a stray one.
_POWER = r"(?:1(?:,?0)*+\s?)"
_DENOMINATOR = rf"(?:{_POWER}?(?:{_alternatives((_PERSON_TIME,))}|{_ATOM})|24\s?(?:(?i:hours?)|hrs?|h)\b)"
_PEOPLE = rf"(?:{_POWER}?{_alternatives((_PERSON_TIME,))})"
_DIVISION = rf"(?:(?:\s?/\s?|\s+(?i:per|a|an|each)\s+){_DENOMINATOR})"
_ADVERB = rf"(?:\s+(?:(?i:once)\s+)?(?i:{'|'.join(_PER_ADVERB)})(?![^\W_]))"

UNIT = rf"(?:{_ATOM}{_DIVISION}{{0,3}}{_ADVERB}?|(?i:per)\s+{_PEOPLE}|(?:/\s?|(?i:per)\s+){_ATOM})"
"""Regex source of a printed unit, simple or compound, one non-capturing group; no capturing groups inside."""

_WHOLE = re.compile(rf"(?P<lead>{_ATOM})?(?P<divisions>{_DIVISION}{{0,3}})(?P<adverb>{_ADVERB})?")
_BARE_DIVISION = re.compile(rf"(?:/\s?|(?i:per)\s+)(?P<denominator>{_ATOM})|(?i:per)\s+(?P<people>{_PEOPLE})")
_EACH_DIVISION = re.compile(rf"(?:\s?/\s?|\s+(?i:per|a|an|each)\s+)(?P<denominator>{_DENOMINATOR})")
_COUNTED = re.compile(r"(?P<number>[0-9,]+)\s?(?P<atom>\D.*)")


@lru_cache(maxsize=1024)
def unit_code(printed: str) -> str | None:
    """The UCUM code of a unit as printed, or None when it is not a unit that we know.

    >>> unit_code("g per deciliter"), unit_code("mo"), unit_code("g per 24 hours"), unit_code("mg daily")
    ('g/dL', 'mo_j', 'g/(24.h)', 'mg/d')
    """
    text = " ".join(printed.split())
    if bare := _BARE_DIVISION.fullmatch(text):
        return "/" + _denominator_code(bare["denominator"] or bare["people"])
    whole = _WHOLE.fullmatch(text)
    if whole is None or whole["lead"] is None:
        return None
    code = _atom_code(whole["lead"])
    for division in _EACH_DIVISION.finditer(whole["divisions"]):
        code += "/" + _denominator_code(division["denominator"])
    if whole["adverb"]:
        code += "/" + _PER_ADVERB[whole["adverb"].split()[-1].lower()]
    return code


def _atom_code(printed: str) -> str:
    for atom in (_PERSON_TIME, *_ATOMS):
        if re.fullmatch(_alternatives((atom,)), printed):
            return atom.code
    raise AssertionError(printed)  # the caller matched it with the union of the same alternatives


def _denominator_code(printed: str) -> str:
    """The code of what stands under the line: ``24 hours`` is ``(24.h)``."""
    if re.fullmatch(_alternatives(_ATOMS), printed):  # "1.73 m2" is a unit of its own, not 1 times .73 m2
        return _atom_code(printed)
    if counted := _COUNTED.fullmatch(printed):
        return f"({counted['number'].replace(',', '')}.{_atom_code(counted['atom'])})"
    return _atom_code(printed)


def describe(code: str) -> Unit:
    """The unit of a UCUM code; a code without an entry of its own is its own label.

    >>> describe("mo_j").label, describe("g/L").qudt
    ('months', None)
    """
    label = next((atom.label for atom in _ATOMS if atom.code == code), code)
    name = _QUDT_NAMES.get(code)
    return Unit(code, label, _QUDT + name if name else None)


def is_code(code: str) -> bool:
    """Whether a UCUM code is made of units of this table (``mg/d``, ``g/(24.h)``)."""
    factors = re.sub(r"\(([0-9]+)\.([^()]+)\)", r"\2", code).removeprefix("/").split("/")
    return all(any(atom.code == factor for atom in _ATOMS) for factor in factors)


def leads(code: str, short: str) -> bool:
    """Whether ``short`` is ``code`` or its numerator, which other words may complete (``mg`` to ``mg/d``)."""
    return code == short or code.startswith(short + "/")
