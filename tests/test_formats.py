"""Every form of rows: what goes in comes out, with all digits, on wide and narrow screens."""

from __future__ import annotations

import builtins
import csv
import io
import json
import sys
from decimal import Decimal
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from smm_kg.errors import SmmKgError
from smm_kg.formats import FORMATS, format_of, render
from smm_kg.formats.cells import Cell, cell_text

COLUMNS = ("subject", "value", "reached")
ROWS: list[tuple[Cell, ...]] = [
    ("time to progression", Decimal("0.10"), True),
    ('a "quoted", long\nname | with\ttab', None, False),
    ("µ ≥ 2 骨髄腫", Decimal("12345678901234567890.123456789"), None),
]

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25)
cells = st.none() | st.booleans() | st.integers() | decimals | texts
tables = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        st.lists(st.text("abcdefgh", min_size=1, max_size=5), min_size=count, max_size=count, unique=True),
        st.lists(st.tuples(*[cells] * count), max_size=6),
    )
)


def text_of(form: str, columns: Any, rows: Any, width: int | None = None) -> str:
    return b"".join(render(form, columns, rows, width=width)).decode()


@settings(deadline=None)
@given(tables)
def test_csv_holds_the_text_of_every_cell(table: tuple[list[str], list[tuple[Cell, ...]]]) -> None:
    columns, rows = table
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        written = text_of(form, columns, rows)
        read = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True))
        assert read == [columns, *([cell_text(cell) for cell in row] for row in rows)]


@settings(deadline=None)
@given(tables)
def test_json_holds_every_column_with_all_digits(table: tuple[list[str], list[tuple[Cell, ...]]]) -> None:
    columns, rows = table
    expected = [dict(zip(columns, row, strict=True)) for row in rows]
    array = json.loads(text_of("json", columns, rows), parse_float=Decimal)
    lines = [
        json.loads(line, parse_float=Decimal) for line in text_of("jsonl", columns, rows).split("\n")[:-1]
    ]
    assert array == expected
    assert lines == expected


@settings(deadline=None)
@given(tables)
def test_json_lines_are_as_many_as_rows(table: tuple[list[str], list[tuple[Cell, ...]]]) -> None:
    columns, rows = table
    assert text_of("jsonl", columns, rows).count("\n") == len(rows)


def test_json_numbers_are_digits_not_floats() -> None:
    rows = [(Decimal("0.10"),), (Decimal("1E+3"),), (Decimal("0.12345678901234567890"),), (10**20,)]
    assert text_of("jsonl", ("n",), rows) == (
        '{"n": 0.10}\n{"n": 1000}\n{"n": 0.12345678901234567890}\n{"n": 100000000000000000000}\n'
    )


def test_json_without_rows_is_an_empty_array() -> None:
    assert text_of("json", ("a",), []) == "[]\n"


def test_infinite_numbers_are_text_in_json() -> None:
    assert json.loads(text_of("json", ("a", "b"), [(float("inf"), Decimal("NaN"))])) == [
        {"a": "inf", "b": "NaN"}
    ]


@settings(deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=12), min_size=1)
)
def test_markdown_shows_each_cell_as_it_is(words: list[str]) -> None:
    written = text_of("markdown", ["text"], [(word,) for word in words])
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    shown = [
        "".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"
    ]
    assert shown == ["text", *words]


def test_markdown_keeps_a_line_end_inside_its_cell() -> None:
    assert text_of("markdown", ("a", "b"), [("one\ntwo", "x|y")]).splitlines()[2] == r"| one<br>two | x\|y |"


def test_markdown_leaves_addresses_and_p_values_readable() -> None:
    row = ("https://w3id.org/smm-kg/study/a_b#c", "P<0.001", "<")
    assert text_of("markdown", ("a", "b", "c"), [row]).splitlines()[2] == f"| {' | '.join(row)} |"


def test_parquet_keeps_numbers_exact_and_mixed_columns_as_text() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[tuple[Cell, ...]] = [
        (1, Decimal("0.10"), Decimal("0.5"), True, None),
        (None, Decimal("12345678901234567890.1"), "not reached", None, None),
    ]
    columns = ("count", "number", "value", "flag", "nothing")
    table = parquet.read_table(io.BytesIO(b"".join(render("parquet", columns, rows))))
    assert table.to_pylist() == [
        {"count": 1, "number": Decimal("0.10"), "value": "0.5", "flag": True, "nothing": None},
        {"count": None, "number": Decimal("12345678901234567890.10"), "value": "not reached", "flag": None,
         "nothing": None},
    ]  # fmt: skip


def test_parquet_without_rows_has_its_columns() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(b"".join(render("parquet", ("a", "b"), []))))
    assert (table.column_names, table.num_rows) == (["a", "b"], 0)


def test_parquet_of_numbers_beyond_its_decimals_is_text() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[tuple[Cell, ...]] = [(Decimal("1E+30"),), (Decimal("1E-30"),), (Decimal("NaN"),)]
    table = parquet.read_table(io.BytesIO(b"".join(render("parquet", ("n",), rows))))
    assert table.to_pydict() == {"n": ["1" + "0" * 30, "0." + "0" * 29 + "1", "NaN"]}


def test_parquet_without_pyarrow_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest)

    for name in [name for name in sys.modules if name.startswith("pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SmmKgError, match=r"smm-kg\[parquet\]"):
        b"".join(render("parquet", ("a",), [(1,)]))


@settings(deadline=None)
@given(tables)
def test_every_text_format_ends_its_lines_in_lf_and_is_utf8(
    table: tuple[list[str], list[tuple[Cell, ...]]],
) -> None:
    columns, rows = table
    for form in [name for name, known in FORMATS.items() if not known.binary]:
        assert (
            b"".join(render(form, columns, rows)).decode().endswith(("\n", "")[not rows and form == "jsonl"])
        )


class TestTable:
    def test_in_a_pipe_each_row_is_one_line_and_nothing_is_cut(self) -> None:
        long = " ".join(f"word{number}" for number in range(100))
        written = text_of("table", ("name", "count"), [(long, 3), ("short", 12)])
        lines = written.splitlines()
        assert len(lines) == 4
        assert lines[2] == f"{long}      3"
        assert lines[3].endswith("   12")

    def test_carries_no_control_codes(self) -> None:
        assert "\x1b" not in text_of("table", ("a",), [("\x1b[31mred\x07",)], width=40)
        assert r"\x1b[31mred" in text_of("table", ("a",), [("\x1b[31mred",)])

    def test_wraps_at_spaces_to_fit_a_screen(self) -> None:
        written = text_of(
            "table", ("n", "text"), [(1, "a fairly long text that does not fit at all")], width=30
        )
        assert max(map(len, written.splitlines())) <= 30
        assert (
            " ".join(line[3:] for line in written.splitlines()[2:])
            == "a fairly long text that does not fit at all"
        )

    def test_leaves_out_empty_columns_when_space_is_short(self) -> None:
        columns = [f"column{number}" for number in range(12)]
        written = text_of("table", columns, [("x", *[None] * 10, "y")], width=40)
        assert written.splitlines()[0].split() == ["column0", "column11"]

    def test_too_many_columns_become_blocks(self) -> None:
        columns = [f"column{number}" for number in range(12)]
        row = [f"value{number}" for number in range(12)]
        lines = text_of("table", columns, [row, row], width=40).splitlines()
        assert lines[1].split() == ["column0", "value0"]
        assert [line for line in lines if line.startswith("──")] == [
            f"── {n} ".ljust(40, "─") for n in (1, 2)
        ]

    @settings(deadline=None)
    @given(tables, st.integers(10, 120))
    def test_holds_every_word_at_any_width(
        self, table: tuple[list[str], list[tuple[Cell, ...]]], width: int
    ) -> None:
        columns, rows = table
        written = text_of("table", columns, rows, width=width).split()
        for row in rows:
            for cell in row:
                if isinstance(cell, (int, Decimal)):
                    assert cell_text(cell) in written

    def test_wide_characters_keep_columns_aligned(self) -> None:
        lines = text_of("table", ("a", "b"), [("骨髄", "x"), ("abcd", "y")]).splitlines()
        assert lines[2] == "骨髄  x"
        assert lines[3] == "abcd  y"

    def test_shortens_the_addresses_of_the_project(self) -> None:
        address = "https://w3id.org/smm-kg/study/mateos-2013#ttp-effect"
        assert text_of("table", ("fact",), [(address,)]).splitlines()[2] == "mateos-2013#ttp-effect"
        assert address in text_of("csv", ("fact",), [(address,)])


@pytest.mark.parametrize(("name", "form"), [("a.CSV", "csv"), ("a.md", "markdown"), ("a", "table")])
def test_the_suffix_names_the_format(name: str, form: str) -> None:
    from pathlib import PurePath

    assert format_of(PurePath(name)) == form


TERMS: list[Any] = [
    pyoxigraph.NamedNode("https://example.org/a?b=1&c"),
    pyoxigraph.Literal('plain "quoted" \\ back\n<line>\tø 骨'),
    pyoxigraph.Literal("hola", language="es"),
    pyoxigraph.Literal("0.1", datatype=pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    pyoxigraph.Literal("25", datatype=pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    pyoxigraph.Literal("x", datatype=pyoxigraph.NamedNode("https://example.org/type")),
]


class TestSparqlResults:
    @pytest.fixture
    def answer(self) -> bytes:
        """Each term beside an unbound cell, as Oxigraph writes it."""
        store = pyoxigraph.Store()
        for number, term in enumerate(TERMS):
            subject = pyoxigraph.NamedNode(f"https://example.org/{number}")
            store.add(pyoxigraph.Quad(subject, pyoxigraph.NamedNode("https://example.org/p"), term))
        found: Any = store.query("SELECT ?s ?o ?none WHERE { ?s ?p ?o } ORDER BY ?s")
        written = found.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(written, bytes)
        return written

    @pytest.mark.parametrize("form", ["json", "xml", "tsv"])
    def test_every_term_comes_back(self, form: str, answer: bytes) -> None:
        from smm_kg.formats.results import render_results

        written = b"".join(render_results(form, answer))
        formats = pyoxigraph.QueryResultsFormat
        kind = {"json": formats.JSON, "xml": formats.XML, "tsv": formats.TSV}[form]
        read: Any = pyoxigraph.parse_query_results(written, format=kind)
        expected: Any = pyoxigraph.parse_query_results(answer, format=formats.JSON)
        assert [list(row) for row in read] == [list(row) for row in expected]

    def test_csv_holds_the_values(self, answer: bytes) -> None:
        from smm_kg.formats.results import render_results

        written = b"".join(render_results("csv", answer)).decode()
        rows = list(csv.reader(io.StringIO(written, newline="")))
        assert rows[0] == ["s", "o", "none"]
        assert [row[1:] for row in rows[1:]] == [[term.value, ""] for term in TERMS]

    @pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
    def test_a_truth_value_in_every_format(self, form: str) -> None:
        from smm_kg.formats.results import RESULTS, render_results

        assert form in RESULTS
        written = b"".join(render_results(form, b'{"head":{},"boolean":true}')).decode()
        assert "true" in written
        assert "false" not in written

    def test_xml_refuses_what_it_cannot_hold(self) -> None:
        from smm_kg.formats.results import render_results

        answer = {
            "head": {"vars": ["a"]},
            "results": {"bindings": [{"a": {"type": "literal", "value": "\x01"}}]},
        }
        with pytest.raises(SmmKgError, match=r"U\+0001"):
            b"".join(render_results("xml", json.dumps(answer).encode()))


class TestNarrowScreen:
    COLUMNS = ("study", "arm", "printed", "fact")
    LINES = (("one-2001", "pill", "4 (8%)", "x" * 30), ("one-2001", "watching", "5 (9%)", "y" * 30))

    def written(self, width: int) -> list[str]:
        pieces = render("table", self.COLUMNS, self.LINES, width=width, expendable=("fact", "printed"))
        return b"".join(pieces).decode().splitlines()

    def test_says_once_what_all_rows_share(self) -> None:
        written = self.written(50)
        assert written[:2] == ["study: one-2001", ""]
        assert written[2].split() == ["arm", "printed", "fact"]

    def test_hides_the_expendable_and_names_them(self) -> None:
        written = self.written(20)
        assert written[2].split() == ["arm", "printed"]
        assert written[-1] == "hidden: fact; show them with --columns or --format"

    def test_shows_everything_in_blocks_where_nothing_helps(self) -> None:
        written = self.written(4)
        assert written[0].startswith("── 1")
        assert "fact" in " ".join(written)

    def test_leaves_a_wide_screen_alone(self) -> None:
        assert self.written(80)[0].split() == list(self.COLUMNS)


def test_a_suffix_that_names_no_format_is_an_error() -> None:
    from pathlib import Path

    from smm_kg.errors import SmmKgError
    from smm_kg.formats import format_of

    assert format_of(Path("rows.CSV")) == "csv"
    assert format_of(Path("rows")) == "table"
    with pytest.raises(SmmKgError, match=r"'\.xlsx' names no format; end it in one of"):
        format_of(Path("rows.xlsx"))
