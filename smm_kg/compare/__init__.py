"""Harmonised comparison: the results of several trials on one end point, with what makes them unlike.

Results are set side by side by what was measured, not by what it was called; each row says which definition
it follows, who was studied and where it is printed. What this program computes is marked as derived.
"""

from smm_kg.compare.comparison import Comparison, compare
from smm_kg.compare.errors import ComparisonError, PoolingRefusedError
from smm_kg.compare.pool import METHODS
from smm_kg.compare.row import COLUMNS, Row

__all__ = ["COLUMNS", "METHODS", "Comparison", "ComparisonError", "PoolingRefusedError", "Row", "compare"]
