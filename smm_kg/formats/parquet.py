"""Parquet, for data frames: needs the extra ``parquet`` (pyarrow)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from smm_kg.formats.cells import Cell, Lines, cell_text

__all__ = ["parquet"]

_LARGEST = 38  # digits of Arrow's decimal128


def parquet(columns: Sequence[str], rows: Lines) -> Iterator[bytes]:
    """One Parquet file.

    A column's type follows from what it holds: integers, decimals (with the scale of the longest
    fraction), floats, truth values; text where kinds are mixed, as in the fact table's ``value``.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import write_table
    except ImportError as error:
        from smm_kg.rows import MissingExtraError

        raise MissingExtraError(
            "writing Parquet needs pyarrow, which is not installed",
            hint="install it with: pip install 'smm-kg[parquet]'",
        ) from error
    held = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [_array(pyarrow, cells) for cells in held]
    file = io.BytesIO()
    write_table(pyarrow.Table.from_arrays(arrays, names=list(columns)), file)
    yield file.getvalue()


def _array(pyarrow: Any, cells: Sequence[Cell]) -> Any:
    """The cells of one column as an Arrow array of the narrowest type that holds them exactly."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pyarrow.array(cells, pyarrow.bool_())
    if kinds == {float}:
        return pyarrow.array(cells, pyarrow.float64())
    if kinds == {int} and all(cell is None or -(2**63) <= cell < 2**63 for cell in cells):  # type: ignore[operator]
        return pyarrow.array(cells, pyarrow.int64())
    if kinds and kinds <= {int, Decimal}:
        numbers = [None if cell is None else Decimal(cell) for cell in cells]
        whole, scale = _digits([number for number in numbers if number is not None])
        if whole + scale <= _LARGEST:
            return pyarrow.array(numbers, pyarrow.decimal128(whole + scale, scale))
    texts = [None if cell is None else cell_text(cell) for cell in cells]
    return pyarrow.array(texts, pyarrow.string())


def _digits(numbers: Sequence[Decimal]) -> tuple[int, int]:
    """How many digits before and after the point hold all the numbers (none is enough for NaN)."""
    if not all(number.is_finite() for number in numbers):
        return _LARGEST, 1
    scale = max(max(-int(number.as_tuple().exponent), 0) for number in numbers)
    whole = max(max(number.adjusted() + 1, 1) for number in numbers)
    return whole, scale
