"""A file from elsewhere: what is refused, by name and line; what is loaded, and that it stands as if built here."""

# ruff: noqa: E501 - a statement and the rule that it breaks read better on one line

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from studies import other

from smm_kg import dataset, loading, resources
from smm_kg.cli import cli
from smm_kg.cli.outcome import run
from smm_kg.export import written
from smm_kg.export.quads import canonical, read_nquads
from smm_kg.graph import open as open_graph
from smm_kg.loading import LoadingError, load, merging, reading, rules
from smm_kg.loading.places import Places
from smm_kg.records import SourceDocument
from smm_kg.store import StoreError, folder
from smm_kg.store.folder import build, read_manifest

TRIAL = resources.folder("ontology") / "examples" / "good" / "trial.ttl"
TEXT = TRIAL.read_text(encoding="utf-8")
STUDY = "https://w3id.org/smm-kg/study/made-up-2030#"
GRAPH = "https://w3id.org/smm-kg/graph/"
SOURCE = GRAPH + "doi-10.9999-made-up-2030"
PREFIXES = "PREFIX smm: <https://w3id.org/smm-kg/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>"
HEAD = f"@prefix smm: <https://w3id.org/smm-kg/ontology#> .\n@prefix t: <{STUDY}> .\n"


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(start))


@pytest.fixture(scope="session")
def one_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "store"
    build(path, dataset.chunks([other()]), [other().document.id])
    return path


@pytest.fixture
def store(one_study: Path, tmp_path: Path) -> Path:
    """A folder with a store of another study, to be changed."""
    return Path(shutil.copytree(one_study, tmp_path / "store"))


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str | bytes, name: str = "given.ttl") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def graph_text(store: Path) -> bytes:
    return (store / "graph.nq").read_bytes()


class TestLoading:
    def test_what_is_loaded_stands_beside_what_was_there(self, store: Path) -> None:
        loaded = load(TRIAL, store)
        assert loaded.stored
        assert loaded.graphs == (SOURCE,)
        assert loaded.violations == 0
        with open_graph(store) as graph:
            studies: Any = graph.sparql(
                f"{PREFIXES} SELECT ?id {{ ?s a smm:Study ; dcterms:identifier ?id }} ORDER BY ?id"
            )
            assert [row.id for row in studies] == ["made-up-2030", "other-2005"]
            count: Any = graph.sparql(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{SOURCE}> {{ ?s ?p ?o }} }}")
            assert count[0].n == loaded.statements
            assert [row for row in graph.check() if row.severity == "violation"] == []
        assert set(read_manifest(store).sources) == {"doi:10.9999/made-up-2030", other().document.id}

    def test_no_triple_stands_in_two_graphs_and_what_was_there_stays(self, store: Path) -> None:
        before = set(graph_text(store).split(b"\n"))
        load(TRIAL, store)
        lines = graph_text(store).split(b"\n")[:-1]
        assert lines == sorted(lines)
        assert before - {b""} <= set(lines)
        assert len({line[: line.rfind(b" <")] for line in lines}) == len(lines)

    def test_the_same_file_gives_the_same_bytes(self, store: Path, tmp_path: Path) -> None:
        again = Path(shutil.copytree(store, tmp_path / "again"))
        load(TRIAL, store)
        load(TRIAL, again)
        assert graph_text(store) == graph_text(again)
        load(TRIAL, again, replace=True)
        assert graph_text(store) == graph_text(again)

    def test_types_follow_as_if_built_here(self, store: Path) -> None:
        load(TRIAL, store)
        asked = f"ASK {{ GRAPH <{GRAPH}inferred> {{ <{STUDY}assigned-tablets.count> a smm:Statistic }} }}"
        with open_graph(store) as graph:
            assert graph.sparql(f"PREFIX smm: <https://w3id.org/smm-kg/ontology#> {asked}") is True

    def test_a_dry_run_changes_nothing(self, store: Path) -> None:
        before = graph_text(store)
        loaded = load(TRIAL, store, dry_run=True)
        assert (loaded.stored, loaded.graphs, graph_text(store)) == (False, (SOURCE,), before)
        assert not load(TRIAL).stored

    def test_what_is_no_record_is_loaded_and_said_not_to_be_audited(self, given: Any, store: Path) -> None:
        text = TEXT.replace("t:study a smm:Study ;", 't:study a smm:Study ; dcterms:rights "none" ;')
        loaded = load(given(text), store)
        assert loaded.stored
        assert any("is not audited" in note for note in loaded.notes)


def shipped(*ids: str) -> list[Any]:
    from smm_kg.shipped import studies

    return [study for study in studies() if study.id in ids]


def exported(studies: list[Any], path: Path, form: str, of: str) -> Path:
    quads = read_nquads(b"".join(dataset.chunks(studies)).decode())
    kept = [quad for quad in quads if quad.subject.startswith(f"<https://w3id.org/smm-kg/study/{of}#")]
    path.write_bytes(b"".join(written(form, canonical(kept))))
    return path


class TestRoundTrip:
    @pytest.mark.parametrize("form", ["turtle", "trig", "jsonld", "nquads", "ntriples"])
    def test_a_study_that_is_exported_and_loaded_is_as_if_built(self, form: str, store: Path) -> None:
        copy = msgspec.structs.replace(
            other("copy-2006"),
            document=SourceDocument(id="doi:10.9999/copy", title="A Copy", sha256="ab" * 32, characters=99),
        )
        whole = [other(), copy]
        file = exported(whole, store.parent / f"x{reading.FORMATS[form][0]}", form, "copy-2006")
        assert load(file, store).stored
        assert graph_text(store) == b"".join(dataset.chunks(whole))
        with open_graph(store) as graph:
            assert {row.study for row in graph.facts()} == {"copy-2006", "other-2005"}

    def test_a_study_of_several_sources_is_too(self, tmp_path: Path) -> None:
        """Its sources share their plan, and one of them tells of another study as well."""
        rest, whole = shipped("hjorth-1993"), shipped("hjorth-1993", "witzig-2013")
        build(tmp_path / "store", dataset.chunks(rest))
        file = exported(whole, tmp_path / "x.trig", "trig", "witzig-2013")
        loaded = load(file, tmp_path / "store")
        assert len(loaded.graphs) > 1
        assert graph_text(tmp_path / "store") == b"".join(dataset.chunks(whole))


REFUSED = {
    "node-is-iri": ("t:arm-tablets a smm:Arm ;", "t:arm-tablets smm:remark [] ; a smm:Arm ;", "t:arm-tablets"),
    "known-term": ("t:arm-tablets a smm:Arm", "t:arm-tablets a smm:Armm", "t:arm-tablets"),
    "iri": ("t:arm-tablets a smm:Arm ;", "t:arm-tablets a smm:Arm ; rdfs:seeAlso <file:///etc/passwd> ;", "t:arm-tablets"),
    "literal-form": ("smm:value 81.0 ;", 'smm:value "81,0"^^<http://www.w3.org/2001/XMLSchema#decimal> ;', "t:age-tablets.maximum a"),
    "literal-size": ('rdfs:label "tablets"', f'rdfs:label "{"x" * 100_001}"', "t:arm-tablets"),
    "rdf-1.1": ('rdfs:label "tablets"', 'rdfs:label "tablets"@en--ltr', "t:arm-tablets"),
    "data-only": ("t:arm-tablets a smm:Arm ;", "smm:Arm a smm:Arm .\nt:arm-tablets a smm:Arm ;", "smm:Arm"),
    "data-iri": ("t:arm-tablets a smm:Arm ;", "<http://a.example/x> a smm:Arm .\nt:arm-tablets a smm:Arm ;", "<http://a.example"),
    "reserved-name": ("t:arm-tablets a smm:Arm ;", "t:audit-x a smm:Arm .\nt:arm-tablets a smm:Arm ;", "t:audit-x"),
    "graph-of-source": ('"doi:10.9999/made-up-2030"', '"ontology"', "t:document"),
    "document-identifier": ('"doi:10.9999/made-up-2030"', '"doi:1/2", "doi:3/4"', "t:document"),
    "one-source": ("t:document a smm:SourceDocument ;", 't:document-2 a smm:SourceDocument ; dcterms:identifier "doi:1/2" .\nt:document a smm:SourceDocument ;', ""),
}  # fmt: skip


class TestRefusals:
    @pytest.mark.parametrize("rule", REFUSED)
    def test_what_breaks_a_rule_is_refused_with_file_line_and_rule(
        self, rule: str, given: Any, store: Path
    ) -> None:
        old, new, node = REFUSED[rule]
        assert old in TEXT
        text, before = TEXT.replace(old, new, 1), graph_text(store)
        with pytest.raises(LoadingError, match=rf"given\.ttl: line \d+: .*\(rule {rule}\)") as refused:
            load(given(text), store)
        if node:
            assert refused.value.line == line_of(text, node)
        assert graph_text(store) == before

    @pytest.mark.parametrize(
        ("name", "text", "rule", "line"),
        [
            ("a.ttl", f"{HEAD}t:a a smm:Arm .\nt:b a .\n", "syntax", 4),
            ("a.nt", "<http://a.example/s> <http://a.example/p> <no iri> .\n", "syntax", 1),
            ("a.ttl", HEAD.encode() + b"# \xff\n", "encoding", 3),
            ("a.ttl", HEAD, "empty", None),
            ("a.jsonld", "[" * 60, "depth", 1),
            ("a.jsonld", '{\n"@context": "http://127.0.0.1:9/context"}', "remote-context", 2),
            ("a.jsonld", '{"@context": [{},\n"http://127.0.0.1:9/context"]}', "remote-context", 2),
            ("a.jsonld", '{"@context": {"@import":\n"http://127.0.0.1:9/c"}}', "remote-context", 2),
            ("a.json", "{", "syntax", 1),
            ("a.rdf", "<x/>", "format", None),
            ("a.txt", "x", "format", None),
            ("a.trig", "<http://a.example/g> {\n}\n<http://a.example/g> { <http://a.example/s> a <http://a.example/C> }", "graph-of-source", 1),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_told(
        self, name: str, text: str | bytes, rule: str, line: int | None, given: Any
    ) -> None:
        with pytest.raises(LoadingError) as refused:
            load(given(text, name))
        assert (refused.value.rule, refused.value.line) == (rule, line)
        assert str(refused.value).count("\n") == 0

    def test_an_inline_context_is_read(self, given: Any) -> None:
        with pytest.raises(LoadingError) as refused:
            load(given('{"@context": [{"p": "http://a.example/"}], "@id": "p:s", "p:q": 1}', "a.jsonld"))
        assert refused.value.rule == "data-iri"

    def test_limits_of_size(self, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_QUADS", 100)
        with pytest.raises(LoadingError, match="more than 100 statements"):
            load(TRIAL)
        monkeypatch.setattr(reading, "LARGEST", 1000)
        with pytest.raises(LoadingError, match="larger than 1,000 bytes"):
            load(TRIAL)

    def test_what_is_no_file_is_told(self, tmp_path: Path) -> None:
        for path in (tmp_path / "missing.ttl", tmp_path):
            with pytest.raises(LoadingError, match=r"\(rule (file|format)\)"):
                load(path)

    def test_our_own_graphs_are_left_out(self, given: Any, store: Path) -> None:
        hostile = (
            f"GRAPH <{GRAPH}ontology> {{ smm:Arm a smm:Study . }} GRAPH <{GRAPH}audit> {{ t:x a smm:Arm }}"
        )
        head, _, body = TEXT.partition("\nt:study a")
        loaded = load(given(f"{head}\n{hostile}\nGRAPH <{SOURCE}> {{ t:study a{body} }}", "a.trig"), store)
        assert loaded.stored
        assert [note.split("graph/")[1].split(">")[0] for note in loaded.notes[:2]] == ["audit", "ontology"]
        assert b"#Arm> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/smm-kg/ontology#Study" not in graph_text(store)  # fmt: skip

    def test_a_graph_under_another_documents_name_is_refused(self, given: Any) -> None:
        head, _, body = TEXT.partition("\nt:study a")
        with pytest.raises(LoadingError, match=f"the graph of this source is <{SOURCE}>"):
            load(given(f"{head}\nGRAPH <{GRAPH}doi-1-2> {{ t:study a{body} }}", "a.trig"))


class TestConflicts:
    def test_a_source_that_is_there_is_not_replaced_unasked(self, given: Any, store: Path) -> None:
        load(TRIAL, store)
        before = graph_text(store)
        changed = given(TEXT.replace('rdfs:label "watching"', 'rdfs:label "waiting"'))
        with pytest.raises(LoadingError, match=r"holds doi-10\.9999-made-up-2030 already .*--replace"):
            load(changed, store)
        assert graph_text(store) == before
        assert load(changed, store, replace=True).stored
        assert b'"waiting"' in graph_text(store)
        assert b'"watching"' not in graph_text(store)

    def test_a_fact_is_of_one_source(self, given: Any, store: Path) -> None:
        load(TRIAL, store)
        again = TEXT.replace("10.9999/made-up-2030", "10.9999/again").replace(
            "t:document", "t:document-again"
        )
        with pytest.raises(LoadingError) as refused:
            load(given(again), store)
        assert refused.value.rule == "fact-of-one-source"
        assert refused.value.line is not None

    def test_sources_of_a_study_agree_on_its_plan(self, given: Any, store: Path) -> None:
        load(TRIAL, store)
        text = f"""{HEAD}@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
t:document-again a smm:SourceDocument ; dcterms:identifier "doi:10.9999/again" .
t:arm-tablets a smm:Arm ; rdfs:label "pills" .
"""
        with pytest.raises(LoadingError) as refused:
            load(given(text), store)
        assert (refused.value.rule, refused.value.line) == ("same-plan", 6)

    def test_a_file_without_a_study_is_told(self, given: Any) -> None:
        text = f'{HEAD}t:document a smm:SourceDocument ; <http://purl.org/dc/terms/identifier> "doi:1/2" .\n'
        with pytest.raises(LoadingError, match="study-described"):
            load(given(text))


class TestFailures:
    def test_a_violation_is_told_with_its_line_and_nothing_is_loaded(self, given: Any, store: Path) -> None:
        text, before = (
            TEXT.replace('    smm:ucum "%" ;', "").replace("smm:value 81.0 ;", ""),
            graph_text(store),
        )
        file = given(text)
        loaded = load(file, store)
        assert not loaded.stored
        assert loaded.violations > 0
        places = {row.focus: row.place for row in loaded.findings}
        wrong = STUDY + "subsequent-watching.percent"
        assert places[wrong] == f"{file}:{line_of(text, 't:subsequent-watching.percent a')}"
        assert graph_text(store) == before

    def test_an_interrupted_load_leaves_the_old_store(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, manifest = graph_text(store), read_manifest(store)

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(folder, "_load", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load(TRIAL, store)
        assert (graph_text(store), read_manifest(store)) == (before, manifest)

    def test_a_store_that_changed_meanwhile_is_not_overwritten(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def merged_late(*arguments: Any) -> Any:
            build(store, dataset.chunks([]))
            return merging.merged(*arguments)

        monkeypatch.setattr(loading, "merged", merged_late)
        with pytest.raises(LoadingError, match="built anew meanwhile"):
            load(TRIAL, store)
        assert graph_text(store) == b"".join(dataset.chunks([]))

    def test_a_folder_without_a_store_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="make a store with"):
            load(TRIAL, tmp_path / "none")


class TestCommand:
    @pytest.fixture
    def smm_kg(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.delenv("SMM_KG_STORE", raising=False)

        def call(*arguments: str) -> tuple[int, str, str]:
            capfd.readouterr()
            code = run(cli, ("load", *arguments))
            return (code, *capfd.readouterr())

        return call

    def test_loads_and_says_so(self, smm_kg: Any, store: Path) -> None:
        code, _, err = smm_kg(str(TRIAL), "--store", str(store))
        assert code == 0
        assert f"loaded into {store}" in err

    def test_findings_have_the_columns_of_check_and_their_place(self, smm_kg: Any, given: Any) -> None:
        file = given(TEXT.replace("smm:value 81.0 ;", ""))
        code, out, err = smm_kg(str(file), "--dry-run", "--format", "csv")
        assert code == 1
        assert out.splitlines()[0] == "severity,rule,focus,label,path,message,locator,place"
        assert "nothing is loaded" in err

    @pytest.mark.parametrize("place", [(), ("--store", "memory:"), ("--store", "http://127.0.0.1:9/")])
    def test_what_cannot_be_written_to_is_refused(self, place: tuple[str, ...], smm_kg: Any) -> None:
        code, out, err = smm_kg(str(TRIAL), *place)
        assert (code, out) == (2, "")
        assert "build a folder with smm-kg build" in err

    def test_the_format_may_be_named(self, smm_kg: Any, given: Any) -> None:
        assert smm_kg(str(given(TEXT, "given.txt")), "--from", "turtle", "--dry-run")[0] == 0

    def test_formats_are_those_of_the_package(self) -> None:
        (option,) = (one for one in cli.commands["load"].params if one.name == "from_format")
        assert list(option.type.choices) == list(loading.FORMATS)  # type: ignore[attr-defined]


class TestPlaces:
    def test_texts_and_comments_begin_no_statement(self) -> None:
        text = (
            f'{HEAD}t:a smm:remark """one.\nt:b a smm:Arm .\n""" ;\n  smm:arm\nt:c . # t:d\nt:d a smm:Arm .\n'
        )
        places = Places(text, "turtle")
        assert [places.line_of(STUDY + name) for name in "abcd"] == [3, None, None, 8]

    def test_references_in_json_describe_nothing(self) -> None:
        text = f'{{"@context": {{"t": "{STUDY}"}}, "@graph": [\n{{"@id": "t:a", "x": {{"@id": "t:b"}}}},\n{{"@id": "t:b", "x": 1}}]}}'
        places = Places(text, "jsonld")
        assert [places.line_of(STUDY + name) for name in "abc"] == [2, 3, None]


def test_names_of_our_own_graphs_are_known() -> None:
    assert all(map(rules.is_own, (f"{GRAPH}{name}" for name in ("ontology", "inferred", "audit", "derived"))))
    assert not rules.is_own(SOURCE)
    assert not rules.is_own("http://a.example/ontology")
