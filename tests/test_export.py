"""Exports: the same bytes each time, read back by two libraries as the same graph, truly described."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

import smm_kg
from smm_kg.alignments import ALIGNMENTS_GRAPH, bridge, mappings
from smm_kg.atomic import WritingError
from smm_kg.errors import SmmKgError
from smm_kg.export import EXPORTS, ExportError, export_format, render, write
from smm_kg.export.description import DATASET, DESCRIPTION_GRAPH, LICENCE, VOID
from smm_kg.export.quads import Literal, Quad, canonical, literal, literal_text, read_nquads

RDFLIB = {
    "turtle": "turtle", "trig": "trig", "nquads": "nquads", "ntriples": "nt", "jsonld": "json-ld",
    "rdfxml": "xml",
}  # fmt: skip
OXIGRAPH = {
    "turtle": pyoxigraph.RdfFormat.TURTLE, "trig": pyoxigraph.RdfFormat.TRIG,
    "nquads": pyoxigraph.RdfFormat.N_QUADS, "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD, "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}  # fmt: skip
SMM = "https://w3id.org/smm-kg/ontology#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
STUDY = "https://w3id.org/smm-kg/study/"
SOURCE = "https://w3id.org/smm-kg/graph/doi-10.9999-one"

ONTOLOGY = """
@prefix smm: <https://w3id.org/smm-kg/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
smm:Arm a owl:Class ; rdfs:label "arm"@en ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty smm:role ;
    owl:someValuesFrom [ a owl:Class ;
        owl:unionOf ( smm:A smm:B [ a owl:Class ; owl:complementOf smm:C ] ) ] ] ,
  [ a owl:Restriction ; owl:onProperty smm:name ; owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .
[] a owl:AllDisjointClasses ; owl:members ( smm:A smm:B ) .
[] a owl:AllDisjointClasses ; owl:members ( smm:C smm:D ) .
smm:Shared rdfs:seeAlso _:both . smm:Other rdfs:seeAlso _:both .
_:both rdfs:label "used twice" ; rdfs:seeAlso () .
_:round rdfs:seeAlso _:trip . _:trip rdfs:seeAlso _:round . smm:bare rdfs:seeAlso [] .
"""


class Held:
    """A graph that is nothing but its N-Quads."""

    def __init__(self, text: str) -> None:
        self.text = text

    def nquads(self) -> bytes:
        return self.text.encode()


def sample() -> Held:
    """Two made-up studies, their inferred types, and an ontology with lists and restrictions."""
    ontology = pyoxigraph.parse(ONTOLOGY, format=pyoxigraph.RdfFormat.TURTLE)
    lines = [f"{quad.triple} <https://w3id.org/smm-kg/graph/ontology> ." for quad in ontology]
    xsd, rdf = "http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    for study, graph in (("one-2001", SOURCE), ("NCT00000002", "https://w3id.org/smm-kg/graph/nct00000002")):
        node = f"{STUDY}{study}#"
        lines += [
            f"<{node}study> <{rdf}type> <{SMM}Study> <{graph}> .",
            f'<{node}study> <{LABEL}> "A \\"quoted\\" \\\\ name\\n≥ 2\\t&amp; <b>" <{graph}> .',
            f"<{node}document> <{rdf}type> <{SMM}SourceDocument> <{graph}> .",
            f'<{node}document> <http://purl.org/dc/terms/title> "A title of {study}" <{graph}> .',
            f'<{node}document> <http://purl.org/dc/terms/identifier> "doi:10.9999/one" <{graph}> .',
            f'<{node}ttp.hazard-ratio> <{SMM}value> "0.4"^^<{xsd}decimal> <{graph}> .',
            f'<{node}ttp.hazard-ratio> <{SMM}value> "25"^^<{xsd}decimal> <{graph}> .',
            f'<{node}ttp.hazard-ratio> <{SMM}start> "210"^^<{xsd}integer> <{graph}> .',
            f'<{node}ttp.hazard-ratio> <{SMM}seen> "true"^^<{xsd}boolean> <{graph}> .',
            f'<{node}ttp.hazard-ratio> <{SMM}remark> "resumen"@es-mx <{graph}> .',
            f"<{node}study> <{rdf}type> <{SMM}Thing> <https://w3id.org/smm-kg/graph/inferred> .",
        ]
    return Held("\n".join(lines) + "\n")


def written(form: str, **options: object) -> bytes:
    return b"".join(render(sample(), form, **options))  # type: ignore[arg-type]


def reference() -> pyoxigraph.Dataset:
    """What every form must hold: the N-Quads, read by a parser that is not ours."""
    return canonical_dataset(pyoxigraph.parse(written("nquads"), format=pyoxigraph.RdfFormat.N_QUADS))


def canonical_dataset(quads: object, graphs: bool = True) -> pyoxigraph.Dataset:
    held = [quad if graphs else pyoxigraph.Quad(*quad.triple) for quad in quads]  # type: ignore[attr-defined]
    dataset = pyoxigraph.Dataset(held)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("form", EXPORTS)
def test_oxigraph_reads_the_same_graph_back(form: str) -> None:
    read = pyoxigraph.parse(written(form), format=OXIGRAPH[form])
    graphs = EXPORTS[form].graphs
    assert canonical_dataset(read, graphs) == canonical_dataset(reference(), graphs)


@pytest.mark.parametrize("form", EXPORTS)
def test_rdflib_reads_the_same_graph_back(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    expected, read = rdflib.Dataset(), rdflib.Dataset()
    expected.parse(data=written("nquads"), format="nquads")
    read.parse(data=written(form), format=RDFLIB[form])
    if EXPORTS[form].graphs:
        names = {graph.identifier for graph in expected.graphs() if len(graph)}
        assert {graph.identifier for graph in read.graphs() if len(graph)} == names
        for name in names:
            assert isomorphic(read.graph(name), expected.graph(name)), name
    else:
        union, merged = rdflib.Graph(), rdflib.Graph()
        for subject, predicate, value, _ in expected.quads():
            union.add((subject, predicate, value))
        for subject, predicate, value, _ in read.quads():
            merged.add((subject, predicate, value))
        assert isomorphic(merged, union)


def test_every_format_has_a_round_trip() -> None:
    assert EXPORTS.keys() == RDFLIB.keys() == OXIGRAPH.keys()


def test_the_bytes_are_the_same_under_any_hash_seed_and_order() -> None:
    program = (
        "import hashlib, random, sys; sys.path.insert(0, 'tests'); import test_export as t\n"
        "lines = t.sample().text.splitlines(True); random.shuffle(lines); held = t.Held(''.join(lines))\n"
        "for name in t.EXPORTS: print(name, hashlib.sha256(b''.join(t.render(held, name))).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(answers) == 1
    assert f"turtle {hashlib.sha256(written('turtle')).hexdigest()}" in answers.pop()


def test_lines_of_nquads_and_ntriples_are_sorted() -> None:
    for form in ("nquads", "ntriples"):
        lines = written(form).decode().split("\n")[:-1]
        assert lines == sorted(set(lines))


def test_turtle_is_readable() -> None:
    text = written("turtle").decode()
    assert "@prefix one-2001: <https://w3id.org/smm-kg/study/one-2001#> ." in text
    assert "one-2001:ttp.hazard-ratio" in text
    assert "smm:value 0.4" in text
    assert '"25"^^xsd:decimal' in text  # a bare 25 would be an integer
    assert "owl:members ( smm:A smm:B )" in text


def test_json_ld_numbers_are_typed_text() -> None:
    text = written("jsonld").decode()
    assert '"smm:start": {"@value": "210", "@type": "xsd:integer"}' in text
    assert '{"@value": "0.4", "@type": "xsd:decimal"}' in text


def test_the_description_counts_what_is_there() -> None:
    text = written("nquads").decode()
    graphs = rdflib.Dataset()
    graphs.parse(data=text, format="nquads")
    description = graphs.graph(rdflib.URIRef(DESCRIPTION_GRAPH))
    void = rdflib.Namespace(VOID)
    counts = {str(graph): int(str(count)) for graph, count in description.subject_objects(void.triples)}
    parts = {str(graph.identifier): len(graph) for graph in graphs.graphs() if len(graph)}
    del parts[DESCRIPTION_GRAPH]
    total = counts.pop(DATASET)
    assert counts == parts
    union = {quad[:3] for quad in graphs.quads() if str(quad[3]) != DESCRIPTION_GRAPH}
    assert total == len(union)
    about = rdflib.URIRef(DATASET)
    assert str(description.value(about, rdflib.DCTERMS.license)) == LICENCE
    assert description.value(about, rdflib.DCTERMS.title)
    sources = {str(source) for source in description.objects(about, rdflib.DCTERMS.source)}
    assert {"https://doi.org/10.9999/one", f"{STUDY}one-2001#document"} <= sources
    assert str(description.value(rdflib.URIRef(SOURCE), rdflib.DCTERMS.title)) == "A title of one-2001"


def test_an_exported_graph_exports_to_the_same_bytes_again() -> None:
    first = written("nquads")
    assert b"".join(render(Held(first.decode()), "nquads")) == first


def test_one_study_comes_with_what_follows_from_it() -> None:
    quads = read_nquads(written("nquads", studies=["one-2001"]).decode())
    subjects = {quad.subject for quad in quads if quad.subject.startswith(f"<{STUDY}")}
    assert subjects == {f"<{STUDY}one-2001#{name}>" for name in ("study", "document", "ttp.hazard-ratio")}
    graphs = {quad.graph[1:-1].rpartition("/")[2] for quad in quads}
    assert graphs == {"doi-10.9999-one", "inferred", "ontology", "description"}


def test_graphs_are_named_by_iri_or_last_part() -> None:
    for name in (SOURCE, "doi-10.9999-one"):
        quads = read_nquads(written("nquads", graphs=[name]).decode())
        assert {quad.graph for quad in quads} == {f"<{SOURCE}>", f"<{DESCRIPTION_GRAPH}>"}


def test_without_the_ontology_there_is_no_blank_node() -> None:
    assert "_:" not in written("nquads", ontology=False).decode()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"studies": ["two"]}, "one-2001"),
        ({"graphs": ["nowhere"]}, "inferred"),
        ({"graphs": ["ontology"], "ontology": False}, "nothing is left"),
    ],
)
def test_what_is_not_there_is_an_error_with_candidates(options: dict[str, object], word: str) -> None:
    with pytest.raises(ExportError, match=word):
        written("turtle", **options)


def test_an_unknown_format_or_suffix_is_an_error_that_lists_them(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="trig"):
        render(sample(), "n3")
    with pytest.raises(ExportError, match=r"\.trig"):
        export_format(tmp_path / "graph.xyz")


@pytest.mark.parametrize(("name", "form"), [("a.ttl", "turtle"), ("b.JSONLD", "jsonld"), ("c.rdf", "rdfxml")])
def test_a_file_gets_the_format_of_its_suffix(tmp_path: Path, name: str, form: str) -> None:
    write(sample(), tmp_path / name)
    assert (tmp_path / name).read_bytes() == written(form)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "graph.rdf"
    target.write_text("old")
    bad = f'<{STUDY}x#y> <{SMM}text> "\\u0001" <{SOURCE}> .\n'
    with pytest.raises(SmmKgError, match=r"U\+0001"):
        write(Held(bad), target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(WritingError, match="the folder does not exist"):
        write(sample(), tmp_path / "nowhere" / "graph.ttl")


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8")),
    st.sampled_from(["", "en", "pt-br"]),
    st.sampled_from(["http://www.w3.org/2001/XMLSchema#string", "https://example.org/type"]),
)
def test_literals_come_back_whole(lexical: str, language: str, datatype: str) -> None:
    tagged = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    parts = Literal(lexical, tagged if language else datatype, language)
    text = literal_text(parts)
    assert literal(text) == parts
    quad = Quad("<https://example.org/g>", "<https://example.org/s>", "<https://example.org/p>", text)
    line = f"{quad.subject} {quad.predicate} {quad.object} {quad.graph} .\n"
    assert read_nquads(line) == [quad]
    (read,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert isinstance(read.object, pyoxigraph.Literal)
    assert (read.object.value, read.object.language or "") == (lexical, language)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20))
def test_any_text_survives_every_format(text: str) -> None:
    value = literal_text(Literal(text, "http://www.w3.org/2001/XMLSchema#string", ""))
    held = Held(f"<{STUDY}x#y> <{SMM}text> {value} <{SOURCE}> .\n")
    for form in EXPORTS:
        body = b"".join(render(held, form))
        read = {
            quad.object.value
            for quad in pyoxigraph.parse(body, format=OXIGRAPH[form])
            if quad.predicate.value == f"{SMM}text" and isinstance(quad.object, pyoxigraph.Literal)
        }
        assert read == {text}, form


def test_blank_nodes_have_the_same_names_whatever_they_were_called() -> None:
    text = sample().text
    other = text.replace("_:", "_:x")
    assert canonical(read_nquads(text)) == canonical(read_nquads(other))


@pytest.mark.parametrize(
    ("printed", "canonical_form"),
    [
        ("100.0", "100"),
        ("0.50", "0.5"),
        ("-0.0", "0"),
        ("+007", "7"),
        (".5", "0.5"),
        ("-3.10", "-3.1"),
        ("5.", "5"),
    ],
)
def test_numbers_are_written_the_same_whatever_the_store_makes_of_them(
    printed: str, canonical_form: str
) -> None:
    line = '<a:b> <a:c> "{}"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    assert read_nquads(line.format(printed)) == read_nquads(line.format(canonical_form))
    assert literal(read_nquads(line.format(printed))[0].object).lexical == canonical_form


def test_an_ill_formed_number_stays_as_it_is() -> None:
    for lexical in ("", "+", "1e5", "a", "."):
        line = f'<a:b> <a:c> "{lexical}"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
        assert literal(read_nquads(line)[0].object).lexical == lexical


def test_a_line_that_is_no_quad_is_an_error() -> None:
    with pytest.raises(SmmKgError, match="not a quad"):
        read_nquads('<a:b> "no predicate" .')


def test_decimals_keep_all_their_digits() -> None:
    digits = "0.123456789012345678"
    line = f'<{STUDY}x#y> <{SMM}value> "{digits}"^^<http://www.w3.org/2001/XMLSchema#decimal> <{SOURCE}> .\n'
    for form in EXPORTS:
        graph = rdflib.Dataset()
        graph.parse(data=b"".join(render(Held(line), form)), format=RDFLIB[form])
        (value,) = {value for _, _, value, _ in graph.quads((None, rdflib.URIRef(f"{SMM}value"), None, None))}
        assert isinstance(value, rdflib.Literal)
        assert value.toPython() == Decimal(digits)


# ------------------------------------------------------------------------------------------ with alignments


def alignments_alone() -> set[tuple[str, str, str]]:
    return {(subject, predicate, value) for subject, predicate, value, _ in bridge(mappings())}


def stated(quads: object) -> set[tuple[str, str, str]]:
    """Statements without a blank node, the values of their terms only."""
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in quads  # type: ignore[attr-defined]
        if not {type(quad.subject), type(quad.object)} & {pyoxigraph.BlankNode}
    }


@pytest.mark.parametrize("form", EXPORTS)
def test_without_being_asked_for_there_are_no_alignments(form: str) -> None:
    assert written(form, alignments=False) == written(form)
    assert not stated(pyoxigraph.parse(written(form), format=OXIGRAPH[form])) & alignments_alone()


@pytest.mark.parametrize("form", EXPORTS)
def test_alignments_are_a_graph_of_their_own_where_there_are_graphs(form: str) -> None:
    body = written(form, alignments=True)
    quads = list(pyoxigraph.parse(body, format=OXIGRAPH[form]))
    if EXPORTS[form].graphs:
        own = [quad for quad in quads if quad.graph_name == pyoxigraph.NamedNode(ALIGNMENTS_GRAPH)]
        assert stated(own) == alignments_alone()
        others = [quad for quad in quads if quad not in own]
        assert not stated(others) & alignments_alone()
    else:
        assert stated(quads) >= alignments_alone()
    assert written(form, alignments=True) == body


def test_alignments_come_with_any_part_of_the_graph_and_are_described() -> None:
    quads = read_nquads(written("nquads", studies=["one-2001"], ontology=False, alignments=True).decode())
    graphs = {quad.graph[1:-1].rpartition("/")[2] for quad in quads}
    assert graphs == {"doi-10.9999-one", "inferred", "alignments", "description"}
    quads = read_nquads(written("nquads", graphs=["inferred"], alignments=True).decode())
    assert {quad.graph[1:-1].rpartition("/")[2] for quad in quads} == {
        "inferred",
        "alignments",
        "description",
    }
    held = [quad for quad in quads if quad.graph == f"<{ALIGNMENTS_GRAPH}>"]
    said = {quad.predicate: quad.object for quad in quads if quad.subject == f"<{ALIGNMENTS_GRAPH}>"}
    assert literal(said[f"<{VOID}triples>"]).lexical == str(len(held)) == str(len(alignments_alone()))
    assert "other vocabularies" in said["<http://purl.org/dc/terms/title>"]


def test_an_export_with_alignments_can_be_exported_again() -> None:
    first = written("nquads", alignments=True)
    for alignments in (False, True):  # what is there already is neither lost nor doubled
        assert b"".join(render(Held(first.decode()), "nquads", alignments=alignments)) == first


def test_the_graph_and_the_command_line_export_alignments(tmp_path: Path) -> None:
    from smm_kg.cli import cli
    from smm_kg.cli.outcome import run

    command = ("export", str(tmp_path / "a.nq"), "--with-alignments", "--study", "mateos-2013")
    assert run(cli, command) == 0
    with smm_kg.open("memory:") as graph:
        graph.export(tmp_path / "plain.nq")
        graph.export(tmp_path / "aligned.nq", alignments=True)
    plain, aligned, part = (
        {
            line
            for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()
            if "description>" not in line
        }
        for name in ("plain.nq", "aligned.nq", "a.nq")
    )
    bridge_lines = {line for line in aligned if line.endswith(f"<{ALIGNMENTS_GRAPH}> .")}
    assert aligned - bridge_lines == plain
    assert bridge_lines <= part <= aligned
    assert len(bridge_lines) == len(alignments_alone())
