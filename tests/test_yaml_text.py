"""YAML read as text: nothing is guessed, hostile files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smm_kg.yaml_text import MAXIMUM_BYTES, YamlError, parse_yaml, read_yaml


def test_every_scalar_stays_as_written() -> None:
    tree = parse_yaml("a: 0.50\nb: no\nc: 2007-11-08\nd:\ne: [1, ~, 'x']", "x").tree
    assert tree == {"a": "0.50", "b": "no", "c": "2007-11-08", "d": "", "e": ["1", "~", "x"]}


def test_lines_and_places_of_nodes() -> None:
    text = parse_yaml("a:\n  - b: x\n    c: y\n", "x")
    assert text.line(("a", 0, "c")) == 3
    assert text.place(("a", 0, "c")) == "line 3, a[0].c"
    assert text.line(("a", 0, "missing")) == text.line(("a", 0))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' twice"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("? [1, 2]\n: x\n", "as a key"),
        ("[" * 60 + "]" * 60, "deeper"),
        ("a: [1\n", "not YAML"),
        ("", "empty"),
        ("# only a comment\n", "empty"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, part: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, "sheet.yaml")
    assert part in str(caught.value)
    assert "sheet.yaml" in str(caught.value)


def test_aliases_that_would_grow_to_gigabytes_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 12)]
    with pytest.raises(YamlError, match="alias"):
        parse_yaml("\n".join(lines), "bomb")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match="cannot be read"):
        read_yaml(tmp_path / "missing.yaml")
    with pytest.raises(YamlError, match="cannot be read"):
        read_yaml(tmp_path)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a: " + b"x" * MAXIMUM_BYTES)
    with pytest.raises(YamlError, match="larger than"):
        read_yaml(large)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(YamlError, match="UTF-8"):
        read_yaml(binary)


TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcdef", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(TREES)
def test_any_tree_of_text_is_read_back(tree: object) -> None:
    written = yaml.dump(tree, default_style='"', allow_unicode=True)
    assert parse_yaml(written, "x").tree == tree
