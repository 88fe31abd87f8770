"""The extraction sheet of one paper: where the paper prints what, and what it means for this trial.

A sheet is YAML that a trial expert writes. Its ``facts`` declare what is measured and in whom, its
``statements`` and ``tables`` say which words of the paper hold the values. It never holds a value itself:
numbers come from the slots of its phrases.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from smm_kg.paper.sheet_model import FactContext, Problem, Sheet, SheetError, Statement, TablePlan
from smm_kg.paper.sheet_rules import broken_rules
from smm_kg.yaml_text import KeyPath, YamlText, parse_yaml, read_yaml

__all__ = ["Sheet", "SheetError", "load_sheet", "parse_sheet"]


def load_sheet(path: Path) -> Sheet:
    """Read and check a sheet.

    Raises:
        YamlError: the file cannot be read as YAML within the limits of :mod:`smm_kg.yaml_text`.
        SheetError: a field is wrong or a rule is broken; each problem names line and path.
    """
    return _sheet(read_yaml(path), str(path))


def parse_sheet(text: str, name: str = "sheet") -> Sheet:
    """Read and check a sheet given as text; ``name`` stands for it in errors.

    Raises:
        YamlError, SheetError: as for :func:`load_sheet`.
    """
    return _sheet(parse_yaml(text, name), name)


def _sheet(yaml: YamlText, name: str) -> Sheet:
    if not isinstance(yaml.tree, dict):
        raise _wrong((Problem(what="is not a mapping of fields", where="line 1"),), name)
    tree: dict[str, Any] = dict(yaml.tree)
    problems: list[Problem] = []
    for field, model in (("facts", FactContext), ("statements", Statement), ("tables", TablePlan)):
        tree[field] = _convert_each(tree.get(field), field, model, yaml, problems)
    try:
        sheet = msgspec.convert(tree, Sheet, str_keys=True)
    except msgspec.ValidationError as error:
        problems.append(_field_problem(error, (), yaml))
        raise _wrong(tuple(problems), name) from error
    problems += broken_rules(sheet, yaml) if not problems else []
    if problems:
        raise _wrong(tuple(problems), name)
    return sheet


def _convert_each(
    node: Any, field: str, model: type[msgspec.Struct], yaml: YamlText, problems: list[Problem]
) -> Any:
    """Convert the items of a mapping or list one by one, so that each bad one is reported with its key."""
    items: Iterable[tuple[str | int, Any]]
    if node is None:
        items = ()
    elif isinstance(node, dict) and field == "facts":
        items = node.items()
    elif isinstance(node, list) and field != "facts":
        items = enumerate(node)
    else:
        return node  # the conversion of the whole sheet says what is wrong with it
    converted: dict[str | int, msgspec.Struct] = {}
    for key, item in items:
        try:
            converted[key] = msgspec.convert(item, model)
        except msgspec.ValidationError as error:
            problems.append(_field_problem(error, (field, key), yaml))
    return converted if field == "facts" else list(converted.values())


def _field_problem(error: msgspec.ValidationError, prefix: KeyPath, yaml: YamlText) -> Problem:
    """Turn ``… - at `$.rows[2].kind` `` into a problem with the sheet's line and full path."""
    what, _, at = str(error).partition(" - at `$")
    path = prefix + _key_path(at.rstrip("`"))
    return Problem(what=what[:1].lower() + what[1:], where=yaml.place(path))


def _key_path(text: str) -> KeyPath:
    """Read msgspec's ``.rows[2].kind`` as ``("rows", 2, "kind")``."""
    keys: list[str | int] = []
    for part in text.replace("]", "").replace("[", ".[").split("."):
        if part.startswith("[") and part[1:].isdigit():
            keys.append(int(part[1:]))
        elif part and not part.startswith("["):
            keys.append(part)
    return tuple(keys)


def _wrong(problems: tuple[Problem, ...], name: str) -> SheetError:
    count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
    return SheetError(
        f"the sheet has {count}", problems=problems, where=name, hint="mend the fields named below"
    )
