"""Quantities in one unit as quantities in another, by exact factors.

Mass, volume, time and amount of substance convert within each kind; amount and mass also into one another
for a substance whose molar mass is known. Anything else does not convert.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from smm_kg.audit.interval import Interval

__all__ = ["alternatives", "convert"]

# Each unit as so many of the base unit of its kind: grams, liters, days, moles.
_ATOMS: dict[str, tuple[Fraction, str]] = {
    "kg": (Fraction(1000), "mass"), "g": (Fraction(1), "mass"), "mg": (Fraction(1, 10**3), "mass"),
    "ug": (Fraction(1, 10**6), "mass"), "ng": (Fraction(1, 10**9), "mass"),
    "pg": (Fraction(1, 10**12), "mass"),
    "L": (Fraction(1), "volume"), "dL": (Fraction(1, 10), "volume"), "mL": (Fraction(1, 10**3), "volume"),
    "uL": (Fraction(1, 10**6), "volume"), "mm3": (Fraction(1, 10**6), "volume"),
    "a": (Fraction(1461, 4), "time"), "mo_j": (Fraction(487, 16), "time"), "wk": (Fraction(7), "time"),
    "d": (Fraction(1), "time"), "h": (Fraction(1, 24), "time"),
    "mmol": (Fraction(1, 10**3), "amount"), "umol": (Fraction(1, 10**6), "amount"),
    "nmol": (Fraction(1, 10**9), "amount"), "pmol": (Fraction(1, 10**12), "amount"),
    "%": (Fraction(1), "percent"),
}  # fmt: skip

# Grams per mole (IUPAC, Standard atomic weights 2021; creatinine is C4H7N3O).
_MOLAR_MASS = {"creatinine-level": Fraction("113.12"), "serum-calcium-level": Fraction("40.078")}

_MULTIPLE = re.compile(r"\(([0-9]+)\.([^()]+)\)")
_CONCENTRATIONS = ("g/dL", "g/L", "mg/dL", "mg/L", "ug/dL", "ug/L", "mmol/L", "umol/L")


@lru_cache(maxsize=256)
def _parse(code: str) -> tuple[Fraction, tuple[str, ...]] | None:
    """A UCUM code as a factor and the kinds of its parts, numerator first; None for one that is not known."""
    factor, kinds = Fraction(1), []
    for at, part in enumerate(code.split("/")):
        multiple = _MULTIPLE.fullmatch(part)
        atom = _ATOMS.get(multiple[2] if multiple else part)
        if atom is None:
            return None
        size = atom[0] * (int(multiple[1]) if multiple else 1)
        factor = factor / size if at else factor * size
        kinds.append(atom[1])
    return factor, tuple(kinds)


def convert(quantity: Interval, unit: str, to: str, subject: str) -> Interval | None:
    """Return a quantity of a subject in another unit; None where the units are not of one kind.

    >>> str(convert(Interval.exactly(30), "g/L", "g/dL", "igg-level"))
    '3'
    """
    source, target = _parse(unit), _parse(to)
    if source is None or target is None:
        return quantity if unit == to else None
    factor = source[0] / target[0]
    if source[1] != target[1]:
        molar = _MOLAR_MASS.get(subject)
        if (
            molar is None
            or source[1][1:] != target[1][1:]
            or {source[1][0], target[1][0]} != {"mass", "amount"}
        ):
            return None
        factor = factor * molar if source[1][0] == "amount" else factor / molar
    return quantity.scaled(factor)


def alternatives(unit: str) -> list[str]:
    """Return the other units for which a concentration could be taken, the nearest in size first."""
    own = _parse(unit)
    if own is None or unit not in _CONCENTRATIONS:
        return []
    others = [(code, parsed) for code in _CONCENTRATIONS if code != unit and (parsed := _parse(code))]
    return [code for code, parsed in sorted(others, key=lambda other: _distance(own, other[1]))]


def _distance(own: tuple[Fraction, tuple[str, ...]], other: tuple[Fraction, tuple[str, ...]]) -> Fraction:
    """How many times larger one unit is; those of another kind come last."""
    if own[1] != other[1]:
        return Fraction(10**12)
    return max(own[0] / other[0], other[0] / own[0])
