"""Rows and triples as Python values."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest

from smm_kg.rows import Iri, MissingExtraError, Rows, Triples, cell, row_type

XSD = "http://www.w3.org/2001/XMLSchema#"
ROWS = Rows(
    ("name", "count", "share", "open", "mixed"),
    [("a", 1, Decimal("0.5"), True, Decimal(2)), ("b", None, 3, None, "x")],
)


def test_rows_are_a_sequence_of_named_tuples_and_frozen() -> None:
    assert len(ROWS) == 2
    assert ROWS[1][0] == "b"
    assert [row[0] for row in ROWS] == ["a", "b"]
    assert ROWS[:1] == Rows(ROWS.columns, (ROWS[0],))
    assert ROWS[-1] in ROWS
    assert ROWS.column("count") == [1, None]
    with pytest.raises(KeyError, match="nonesuch"):
        ROWS.column("nonesuch")
    with pytest.raises(AttributeError):
        ROWS.columns = ()  # type: ignore[misc]
    assert hash(ROWS) == hash(Rows(ROWS.columns, list(ROWS.rows)))


def test_dictionaries_have_every_column() -> None:
    assert ROWS.to_dicts()[1] == {"name": "b", "count": None, "share": 3, "open": None, "mixed": "x"}


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("0.10", "decimal", Decimal("0.1")),
        ("42", "integer", 42),
        ("7", "nonNegativeInteger", 7),
        ("1.5E3", "double", Decimal(1500)),
        ("INF", "double", Decimal("Infinity")),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("yes", "boolean", "yes"),
        ("x", "integer", "x"),
        ("1,5", "decimal", "1,5"),
        ("1", "string", "1"),
        ("2007-11", "gYearMonth", "2007-11"),
    ],
)
def test_a_literal_becomes_what_its_datatype_says(text: str, datatype: str, value: object) -> None:
    found = cell(text, XSD + datatype)
    assert found == value
    assert type(found) is type(value)


def test_an_iri_is_a_string_of_its_own_type() -> None:
    assert Iri("a:b") == "a:b"
    assert isinstance(Iri("a:b"), Iri)
    assert not isinstance("a:b", Iri)


def test_a_column_that_is_no_python_name_keeps_its_name() -> None:
    from smm_kg.store.embedded import MemoryStore

    rows = MemoryStore([]).query("SELECT (1 AS ?class) (2 AS ?ok) (3 AS ?_x) WHERE {}")
    assert isinstance(rows, Rows)
    assert rows.columns == ("class", "ok", "_x")
    assert rows[0].ok == 2
    assert rows.to_dicts() == [{"class": 1, "ok": 2, "_x": 3}]


def test_a_data_frame_has_types_that_hold_every_cell() -> None:
    pytest.importorskip("pandas")
    frame = ROWS.to_pandas()
    assert dict(frame.dtypes.astype(str)) == {
        "name": "object",
        "count": "Int64",
        "share": "float64",
        "open": "boolean",
        "mixed": "object",
    }
    assert frame["share"].tolist() == [0.5, 3.0]
    assert frame["mixed"].tolist() == [Decimal(2), "x"]
    assert frame["count"].isna().tolist() == [False, True]
    assert list(Rows(("a", "b"), ()).to_pandas().columns) == ["a", "b"]


def test_without_pandas_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'smm-kg\[pandas\]'"):
        ROWS.to_pandas()


def test_triples_are_python_values_too() -> None:
    text = b'<a:s> <a:p> "0.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n<a:s> <a:p> _:b .\n'
    triples = Triples(text)
    assert len(triples) == 2
    assert list(triples) == [("a:s", "a:p", Decimal("0.5")), ("a:s", "a:p", "_:b")]
    assert [type(term) for term in next(iter(triples))] == [Iri, Iri, Decimal]


def test_rows_survive_pickling() -> None:
    import copy
    import pickle

    rows = Rows(("a", "b c"), [row_type(("a", "b c"))(1, Iri("x:y"))])
    again = pickle.loads(pickle.dumps(rows))
    assert again == rows
    assert again[0].a == 1
    assert type(again[0][1]) is Iri
    assert copy.deepcopy(rows) == rows
