"""Answers as Python values: rows of a SELECT, triples of a CONSTRUCT."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from smm_kg.errors import SmmKgError

if TYPE_CHECKING:
    import pandas

__all__ = ["Cell", "Iri", "MissingExtraError", "Rows", "Triples", "cell", "row_type"]


class Iri(str):
    """An IRI: a string, told apart from text by its type."""

    __slots__ = ()


Cell: TypeAlias = "str | int | Decimal | bool | Iri | None"

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = frozenset(
    f"{_XSD}{name}"
    for name in (
        "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "long",
        "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_NUMBERS = frozenset(f"{_XSD}{name}" for name in ("decimal", "double", "float"))
_BOOLEAN = f"{_XSD}boolean"


class MissingExtraError(SmmKgError):
    """A library that only an extra of smm-kg installs is not there."""


def cell(text: str, datatype: str) -> Cell:
    """Return a literal as a Python value: int, Decimal (also for floats), bool, else its text.

    A literal that is ill-formed for its datatype stays text, so that nothing is made up.
    """
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype in _NUMBERS:
            return Decimal(text)
    except (ValueError, InvalidOperation):
        return text
    if datatype == _BOOLEAN and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    return text


@lru_cache(maxsize=256)
def row_type(columns: tuple[str, ...]) -> Any:
    """Return the named tuple of rows with these columns; a column that is no Python name is ``_<index>``."""
    made = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
    # A type made here has no name by which it could be pickled.
    setattr(made, "__reduce__", lambda row: (_row, (columns, tuple(row))))  # noqa: B010 - mypy
    return made


def _row(columns: tuple[str, ...], cells: tuple[Cell, ...]) -> Any:
    return row_type(columns)._make(cells)


@dataclass(frozen=True, slots=True)
class Rows(Sequence[Any]):
    """The rows of an answer, in order: a sequence of named tuples of Python values.

    An unbound cell is None, an IRI an :class:`Iri`, a number an int or a Decimal, a text a str (its language
    tag is dropped), a blank node a str that begins with ``_:``.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(self.rows))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Rows(self.columns, self.rows[index])
        return self.rows[index]

    def column(self, name: str) -> list[Cell]:
        """Return the cells of one column.

        Raises:
            KeyError: there is no such column.
        """
        if name not in self.columns:
            raise KeyError(name)
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def to_dicts(self) -> list[dict[str, Cell]]:
        """Return each row as a dictionary with every column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a data frame: integers as ``Int64``, decimals as ``float64``, truth values as ``boolean``.

        Columns of text, and those that mix numbers with text, hold the Python values unchanged.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtraError(
                "data frames need pandas", hint="install it with: pip install 'smm-kg[pandas]'"
            ) from error
        frame = pandas.DataFrame(
            {name: pandas.Series(self.column(name), dtype="object") for name in self.columns}
        )
        return frame.astype({name: self._dtype(name) for name in self.columns})

    def _dtype(self, name: str) -> str:
        """Return the pandas type that holds every cell of a column without loss of kind."""
        types = {type(value) for value in self.column(name) if value is not None}
        if types == {int}:
            return "Int64"
        if types == {bool}:
            return "boolean"
        return "float64" if types and types <= {int, Decimal} else "object"


@dataclass(frozen=True, slots=True)
class Triples:
    """The triples of a CONSTRUCT or DESCRIBE, as sorted N-Triples, one a line, without repeats."""

    ntriples: bytes

    def __len__(self) -> int:
        return self.ntriples.count(b"\n")

    def __iter__(self) -> Iterator[tuple[Cell, Iri, Cell]]:
        """Yield subject, predicate and object as Python values, as in :class:`Rows`."""
        import pyoxigraph

        for triple in pyoxigraph.parse(self.ntriples, pyoxigraph.RdfFormat.N_TRIPLES):
            yield _python(triple.subject), Iri(triple.predicate.value), _python(triple.object)


def _python(term: Any) -> Cell:
    datatype = getattr(term, "datatype", None)
    if datatype is not None:
        return cell(term.value, datatype.value)
    text = str(term)
    return Iri(term.value) if text.startswith("<") else text
