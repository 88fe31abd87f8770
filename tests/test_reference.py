"""The reference of the ontology as a reader meets it: every term, every link, nothing from the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from smm_kg import resources
from smm_kg.cli import cli
from smm_kg.cli.outcome import run
from smm_kg.draw.colour import luminance
from smm_kg.reference.folder import write
from smm_kg.reference.guides import GUIDES, render
from smm_kg.reference.pages import INDEX, DocumentationError, pages
from smm_kg.reference.vocabulary import UNWORDED, OntologyError, text_of
from smm_kg.terms import SMM

ROOT = Path(__file__).resolve().parent.parent
RDFS, SKOS = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2004/02/skos/core#"
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "line", "rect", "polygon", "circle"}
LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "manifest", "ping"}

Smm = Callable[..., tuple[int, str, str]]


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """A page read strictly: elements in order, text by the ids it stands in, tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.texts: dict[str, str] = {}
        self.mismatched: list[str] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        self.mismatched += [each.tag for each in self._open]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.mismatched.append(tag)
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            if name := each.attributes.get("id"):
                self.texts[name] = self.texts.get(name, "") + data

    def text(self, name: str) -> str:
        return " ".join(self.texts[name].split())

    def ids(self) -> list[str]:
        return [each.attributes["id"] for each in self.elements if "id" in each.attributes]

    def of(self, tag: str) -> list[dict[str, str]]:
        return [each.attributes for each in self.elements if each.tag == tag]


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return pages()


@pytest.fixture(scope="module")
def html(made: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(text.decode()) for name, text in made.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def index(html: dict[str, Page]) -> Page:
    return html[INDEX]


@pytest.fixture
def smm_kg(capfd: pytest.CaptureFixture[str]) -> Smm:
    def call(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        return run(cli, arguments), *capfd.readouterr()

    return call


def terms() -> Iterator[tuple[str, list[str], list[str]]]:
    """Local name, labels and definitions of every term of ours, read without the code under test."""
    store = ox.Store()
    store.load(path=resources.ontology(), format=ox.RdfFormat.TURTLE)
    for name in sorted({quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}):
        if name.startswith(SMM):
            labels, definitions = (
                [
                    quad.object.value
                    for quad in store.quads_for_pattern(ox.NamedNode(name), ox.NamedNode(by), None)
                ]
                for by in (RDFS + "label", SKOS + "definition")
            )
            yield name.removeprefix(SMM), labels, definitions


class TestTerms:
    def test_each_has_an_entry_under_its_local_name_with_label_and_definition(self, index: Page) -> None:
        checked = 0
        articles = {each["id"] for each in index.of("article")}
        for name, labels, definitions in terms():
            assert name in articles, f"{name} has no entry"
            entry = index.text(name)
            assert labels
            assert definitions
            assert entry.startswith(labels[0])
            assert all(" ".join(each.split()) in entry for each in definitions), name
            checked += 1
        assert checked > 600

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Datum", "each one has value status exactly 1 value status"),
            ("Percent", "each one has number only percentage"),
            ("BoundedDatum", "is the same as datum that has comparator some comparator"),
            ("EffectEstimate", "is a kind of fact"),
            ("Statistic", "has kinds count percent"),
            ("Study", "has properties has arm → arm has contrast → contrast"),
            ("Arm", "is what these properties lead to has arm has experimental arm"),
            ("Analyte", "individuals"),
            ("percentage", "is decimal, at least 0.0 and at most 100.0"),
            ("hasFact", "of (domain) study leads to (range) fact"),
            ("hasFact", "is the inverse of is in study"),
            ("member", "leads to (range) fact or criterion"),
            ("varies", "irreflexive"),
            ("value", "is a kind of has number"),
            ("bound", "never together with has exact value"),
            ("lenalidomide", "is in drug class immunomodulatory agent"),
            (
                "immunomodulatory-agent",
                "is in drug class (of others, leading here) lenalidomide thalidomide",
            ),
            ("reported", "is a value status not absent-value status"),
            ("less-than", "notation <"),
            ("Median", "exact match"),
            ("Arm", "Note The plan, never the people"),
            ("BoundedDatum", "Example P<0.001: bound 0.001, comparator less than."),
            ("RiskRatio", "also called relative risk"),
            ("hemoglobin-level", "has unit of plausible range g/dL"),
            ("unit-DAY", "ucum code d"),
        ],
    )
    def test_what_is_said_of_them_is_in_words(self, name: str, said: str, index: Page) -> None:
        assert said in index.text(name)

    def test_every_expression_has_words(self, made: dict[str, bytes]) -> None:
        assert text_of(UNWORDED) not in made[INDEX].decode()

    def test_matches_lead_to_the_terms_of_other_vocabularies(self, index: Page) -> None:
        links = {each.get("href") for each in index.of("a")}
        assert {
            "http://purl.obolibrary.org/obo/NCIT_C93150",
            "http://purl.obolibrary.org/obo/STATO_0000245",
        } <= links

    def test_the_header_says_what_the_ontology_is(self, made: dict[str, bytes], index: Page) -> None:
        assert "smm-kg ontology of published trial evidence" in index.text("content")
        for said in (
            "https://w3id.org/smm-kg/ontology/0.1.0",
            "https://creativecommons.org/licenses/by/4.0/",
        ):
            assert said in {each.get("href") for each in index.of("a")}
        assert made["smm.ttl"] == resources.ontology().read_bytes()


class TestPages:
    def test_links_lead_somewhere(self, made: dict[str, bytes], html: dict[str, Page]) -> None:
        followed = 0
        for name, page in html.items():
            for link in page.of("a"):
                target, _, anchor = link["href"].partition("#")
                if "://" not in link["href"]:
                    assert not target or target in made, f"{name}: {link['href']}"
                    if anchor:
                        assert anchor in html[target or name].texts, f"{name}: {link['href']}"
                    followed += 1
        assert followed > 5000

    def test_ids_are_unique(self, html: dict[str, Page]) -> None:
        for name, page in html.items():
            assert [each for each, count in Counter(page.ids()).items() if count > 1] == [], name

    def test_nothing_is_asked_of_the_network(self, made: dict[str, bytes], html: dict[str, Page]) -> None:
        for name, page in html.items():
            for tag, attributes in page.elements:
                assert not LOADS & set(attributes), f"{name}: <{tag}>"
                if tag != "a" and "href" in attributes:
                    assert re.match(r"data:|#", attributes["href"]), f"{name}: <{tag}> {attributes['href']}"
            assert not {"img", "iframe", "object", "embed", "base", "video", "audio"} & {
                e.tag for e in page.elements
            }
            (policy,) = [
                each for each in page.of("meta") if each.get("http-equiv") == "Content-Security-Policy"
            ]
            assert policy["content"].startswith("default-src 'none';")
            assert "http" not in policy["content"]
            text = made[name].decode()
            for part in re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>", text, re.DOTALL):
                assert not re.search(
                    r"https?:|//\w|url\(|@import|fetch\(|XMLHttp|import\(|WebSocket", "".join(part)
                )

    def test_they_are_valid_html(self, made: dict[str, bytes], html: dict[str, Page]) -> None:
        html5 = pytest.importorskip("html5rdf", reason="comes with pySHACL")
        for name, page in html.items():
            assert page.mismatched == []
            html5.HTMLParser(strict=True).parse(made[name])

    def test_they_can_be_read_aloud(self, html: dict[str, Page]) -> None:
        for name, page in html.items():
            levels = [int(each.tag[1]) for each in page.elements if re.fullmatch("h[1-6]", each.tag)]
            assert levels.count(1) == 1
            assert levels[0] == 1
            assert all(after <= before + 1 for before, after in pairwise(levels)), name
            assert page.of("html") == [{"lang": "en"}]
            assert len(page.of("main")) == 1
            assert all(each.get("aria-label") for each in page.of("nav"))
        labelled = {each.get("for") for each in html[INDEX].of("label")}
        assert {each["id"] for each in html[INDEX].of("input")} == labelled

    def test_colours_are_told_apart_by_light_and_by_dark(self, made: dict[str, bytes]) -> None:
        schemes = re.findall(r":root \{(.*?)\}", made[INDEX].decode(), re.DOTALL)
        assert len(schemes) == 2
        for scheme in schemes:
            colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", scheme))
            for ground in ("ground", "pale", "mark"):
                for ink in ("ink", "quiet", "link"):
                    first, second = sorted((luminance(colours[ground]), luminance(colours[ink])))
                    assert (second + 0.05) / (first + 0.05) >= 4.5, f"{ink} on {ground}"

    def test_diagrams_are_drawings_of_the_main_classes(self, made: dict[str, bytes]) -> None:
        for name, shown in (
            ("class-diagram.svg", {"study", "fact", "datum", "locator", "concept", "has value → datum"}),
            ("class-hierarchy.svg", {"effect estimate", "hazard ratio", "drug (15)"}),
        ):
            root = ElementTree.fromstring(made[name])
            texts = {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")}
            assert {text.split(" (")[0] for text in shown} <= {(text or "").split(" (")[0] for text in texts}
            assert made[name].decode() in made[INDEX].decode()

    def test_they_are_the_same_to_the_byte_whenever_made(self, made: dict[str, bytes]) -> None:
        code = "import hashlib; from smm_kg.reference.pages import pages; print({n: hashlib.sha256(t).hexdigest() for n, t in sorted(pages().items())})"  # noqa: E501
        told = {
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
        }
        assert len(told) == 1

    def test_markup_in_the_ontology_is_text(self, tmp_path: Path) -> None:
        evil = "<script>alert(1)</script>"
        file = tmp_path / "evil.ttl"
        file.write_text(
            f"""@prefix smm: <{SMM}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
            @prefix rdfs: <{RDFS}> . @prefix skos: <{SKOS}> . @prefix dcterms: <http://purl.org/dc/terms/> .
            <https://example.org/o> a owl:Ontology ; dcterms:title "{evil}" .
            smm:Study a owl:Class ; rdfs:label "{evil}" ; skos:definition "{evil}" ; skos:altLabel "{evil}" ;
              dcterms:source "{evil}" , <javascript:alert(1)> .
            smm:Study skos:closeMatch <javascript:alert(2)> .
            smm:hasPart a owl:ObjectProperty ; rdfs:label "{evil}" ; rdfs:domain smm:Study .
            """,
            encoding="utf-8",
        )
        text = pages(file)[INDEX].decode()
        assert evil not in text
        assert "&lt;script&gt;" in text
        assert 'href="javascript:' not in text


class TestGuides:
    def test_each_guide_is_a_page_that_others_lead_to(self, html: dict[str, Page]) -> None:
        for page in html.values():
            links = {each["href"] for each in page.of("a")}
            assert {file.replace(".md", ".html") for file in GUIDES} <= links

    def test_terms_in_code_lead_to_the_reference(self, html: dict[str, Page]) -> None:
        links = Counter(each["href"] for each in html["modelling.html"].of("a"))
        assert links["index.html#hasValue"] > 5
        assert links["index.html#not-reached"] > 1

    def test_html_in_a_guide_is_text_and_comments_are_left_out(self) -> None:
        guide = render("# A\n\n<b>x</b> <!-- no\nend -->`<i>`\n\n## B & C\n\n## B & C\n", lambda name: None)
        assert "<b>" not in guide.html
        assert "<i>" not in guide.html
        assert "no\nend" not in guide.html
        assert [heading.anchor for heading in guide.headings] == ["b-c", "b-c-2"]

    def test_links_to_files_that_are_no_pages_are_words(self) -> None:
        guide = render("[a](audit.md) [b](curating.md#x) [c](https://example.org/)", lambda name: None)
        assert "audit.md" not in guide.html
        assert 'href="curating.html#x"' in guide.html
        assert 'href="https://example.org/"' in guide.html

    def test_they_are_in_the_wheel(self) -> None:
        build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
        included = build["targets"]["wheel"]["force-include"]
        for file in GUIDES:
            assert included[f"docs/{file}"] == f"smm_kg/data/docs/{file}"


@pytest.fixture
def ready(made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The pages, made once for the tests of what becomes of them."""
    monkeypatch.setattr("smm_kg.reference.pages.pages", lambda: dict(made))
    return made


class TestCommand:
    def test_writes_again_over_its_own_and_leaves_other_files_alone(
        self, smm_kg: Smm, ready: dict[str, bytes], tmp_path: Path
    ) -> None:
        folder = tmp_path / "new" / "docs"
        assert smm_kg("docs", "-o", str(folder))[0] == 0
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert first == ready
        (folder / "mine.txt").write_text("mine", encoding="utf-8")
        (folder / INDEX).write_bytes(first[INDEX] + b"<!-- older -->")
        code, out, err = smm_kg("docs", "-o", str(folder))
        assert (code, out) == (0, "")
        assert str(folder / INDEX) in err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {**first, "mine.txt": b"mine"}

    @pytest.mark.parametrize("name", [INDEX, "modelling.html", "smm.ttl"])
    @pytest.mark.usefixtures("ready")
    def test_refuses_to_replace_files_of_others(self, name: str, smm_kg: Smm, tmp_path: Path) -> None:
        (tmp_path / name).write_text("somebody's", encoding="utf-8")
        code, out, err = smm_kg("docs", "-o", str(tmp_path))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"holds a file {name} that smm-kg did not write" in err
        assert [path.name for path in tmp_path.iterdir()] == [name]
        assert (tmp_path / name).read_text(encoding="utf-8") == "somebody's"

    @pytest.mark.usefixtures("ready")
    def test_a_file_is_no_folder(self, smm_kg: Smm, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("x", encoding="utf-8")
        code, out, err = smm_kg("docs", "-o", str(tmp_path / "taken"))
        assert (code, out) == (2, "")
        assert "is a file" in err

    def test_without_its_extra_it_names_it(
        self, smm_kg: Smm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        code, out, err = smm_kg("docs", "-o", str(tmp_path / "docs"))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "pip install 'smm-kg[docs]'" in err
        assert not (tmp_path / "docs").exists()

    def test_what_is_not_written_whole_leaves_the_old_index(
        self, made: dict[str, bytes], tmp_path: Path
    ) -> None:
        write(tmp_path, made)
        old = (tmp_path / INDEX).read_bytes()
        with pytest.raises(TypeError):
            write(tmp_path, {**made, "modelling.html": None, INDEX: b"new"})  # type: ignore[dict-item]
        assert (tmp_path / INDEX).read_bytes() == old


@pytest.mark.parametrize(
    ("text", "told"), [("no Turtle", "not Turtle"), ("", "0 ontologies"), (None, "cannot be read")]
)
def test_a_file_that_is_no_ontology_is_refused(text: str | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "o.ttl"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises((OntologyError, DocumentationError), match=told):
        pages(file)
