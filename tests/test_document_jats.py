"""JATS XML: structure, tables, citations, places in the file; and XML that means harm."""

from __future__ import annotations

import pytest
from document_invariants import assert_order, assert_places_are_true
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_kg.paper.document import CITATION, Document, Text
from smm_kg.paper.jats import parse
from smm_kg.paper.source import MalformedXmlError, RefusedXmlError
from smm_kg.paper.xmltree import Element, parse_xml

C = CITATION

ARTICLE = """\
\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.0 20120330//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><?properties open_access?><front>
<journal-meta><journal-title>Deep Medicine</journal-title></journal-meta>
<article-meta><article-id pub-id-type="doi">10.5555/1</article-id>
<title-group><article-title>Swimming &#x02013; a trial</article-title></title-group>
<contrib-group><contrib><name><surname>Able</surname><given-names>Ann</given-names></name>
<xref ref-type="aff" rid="a1"><sup>1</sup></xref></contrib>
<contrib><collab>Deep Group</collab></contrib>
</contrib-group>
<aff id="a1"><label>1</label>Sea School</aff><volume>7</volume>
<abstract><sec><title>Results</title><p>It was 12&#x000a0;months.</p></sec></abstract>
<kwd-group><kwd>sea</kwd></kwd-group></article-meta></front>
<body><p>An opening.</p><sec><title>Methods</title><sec><title>Divers</title>
<p>We took 10<sup>9</sup> cells/m<sup>2</sup> on the 6<sup>th </sup>day<xref
 ref-type="bibr" rid="r1">1</xref>,<xref
 ref-type="bibr" rid="r2">2</xref> of H<sub>2</sub>O, 5&#x000b7;3 g &lt; <italic>x</italic> [<xref
 ref-type="bibr" rid="r1">1</xref>&#x02013;<xref
 ref-type="bibr" rid="r3">3</xref>] (<xref ref-type="table" rid="t1">Table 1</xref>).<table-wrap id="t1">
<label>Table 1</label>
<caption><p>Divers<xref ref-type="table-fn" rid="f1">*</xref></p></caption>
<table><thead><tr><th rowspan="2">Event</th>
<th colspan="2">Active (n&#x02009;=&#x02009;9)</th><th rowspan="2">P<sup>b</sup></th></tr>
<tr><th>Grade 1</th><th>Grade 2<hr/></th></tr></thead>
<tbody><tr><td colspan="4"><bold>Skin</bold></td></tr>
<tr><td>&#x02003;Rash<sup>a</sup></td><td>29<sup>a</sup></td><td>3 (33)<sup>1</sup></td>
<td rowspan="2">0.05</td></tr>
<tr><td>&#x02003;Itch, kg/m<sup>2</sup></td><td colspan="2">4</td></tr>
<tr><td>Any</td><td>5</td><td/></tr></tbody></table>
<table-wrap-foot><fn id="f1"><label>*</label><p>Of 19 divers.</p></fn>
<p><sup>a</sup>Mild. <sup>b</sup> By test. <sup>1</sup> Late.</p>
<fn><p>CI, interval.</p></fn></table-wrap-foot></table-wrap></p>
<fig id="g1"><label>Fig. 2</label><caption><title>Flow.</title><p>Of 7.</p></caption><graphic/></fig>
<list><list-item><p>First item</p></list-item></list></sec></sec></body>
<back><ack><p>We thank 2 friends.</p></ack><ref-list><title>References</title>
<ref id="r1"><label>1.</label><mixed-citation>Able A. <source>Sea</source>. 2001</mixed-citation></ref>
<ref id="r2"><element-citation><name><surname>Baker</surname><given-names>B</given-names></name>
<year>2002</year></element-citation></ref>
<ref id="r3"><mixed-citation>Charlie C</mixed-citation></ref></ref-list></back></article>
"""


@pytest.fixture(scope="module")
def article() -> Document:
    return parse(ARTICLE.replace("\n", "\r\n"), "", "article.nxml")


def text_of(document: Document, *path: str) -> str:
    return "\n".join(str(block.text) for block in document.in_section(path))


def test_sections(article: Document) -> None:
    assert article.sections == (
        ("CITATION",),
        ("TITLE",),
        ("AUTHORS",),
        ("AFFILIATIONS",),
        ("ABSTRACT", "Results"),
        ("KEYWORDS",),
        ("INTRODUCTION",),
        ("Methods",),
        ("Methods", "Divers"),
        ("Table 1", "Caption"),
        ("Table 1", "Footnotes"),
        ("Figure 2", "Caption"),
        ("ACKNOWLEDGMENTS",),
        ("REFERENCES",),
        ("Table 1",),
    )
    assert text_of(article, "TITLE") == "Swimming – a trial"
    assert text_of(article, "AUTHORS") == "Able Ann, Deep Group"
    assert text_of(article, "AFFILIATIONS") == "1 Sea School"
    assert text_of(article, "Figure 2") == "Fig. 2 Flow. Of 7."


def test_running_text(article: Document) -> None:
    assert text_of(article, "Methods", "Divers") == (
        f"We took 10^9 cells/m^2 on the 6th day{C} of H2O, 5.3 g < x [{C}] (Table 1).\nFirst item"
    )
    assert [citation.numbers for citation in article.citations.values()] == [(1, 2), (1, 2, 3)]


def test_a_character_reference_is_one_character(article: Document) -> None:
    (title,) = (block.text for block in article.blocks if block.kind == "title")
    at = title.text.index("–")
    assert article.source[slice(*title.span(at, at + 1))] == "&#x02013;"
    assert article.source[slice(*title.span(at + 2))] == "a trial"


def test_a_table(article: Document) -> None:
    (table,) = article.tables
    assert table.caption is not None
    assert str(table.caption.text) == "Table 1 Divers"
    assert [column.label for column in table.columns] == [
        "Active (n = 9) / Grade 1",
        "Active (n = 9) / Grade 2",
        "P",
    ]
    assert table.columns[2].marks == ("b",)
    assert [
        (str(row.label), [str(text) for text in row.path], [str(cell.text) for cell in row.cells])
        for row in table.rows
    ] == [
        ("Rash", ["Skin"], ["29", "3 (33)", "0.05"]),
        ("Itch, kg/m^2", ["Skin"], ["4", "4", "0.05"]),
        ("Any", [], ["5", "", ""]),
    ]
    assert (table.rows[0].marks, table.rows[0].cells[0].marks) == (("a",), ("a",))
    assert table.rows[0].cells[1].marks == ("1",)
    assert [cell.span for cell in table.rows[1].cells] == [2, 2, 1]
    assert [(note.mark, str(note.text)) for note in table.footnotes] == [
        ("*", "Of 19 divers."),
        ("a", "Mild."),
        ("b", "By test."),
        ("1", "Late."),
        ("", "CI, interval."),
    ]


def test_references(article: Document) -> None:
    assert [str(block.text) for block in article.references.values()] == [
        "Able A. Sea. 2001",
        "Baker B 2002",
        "Charlie C",
    ]


def test_what_holds_for_every_document(article: Document) -> None:
    assert_places_are_true(article)
    assert_order(article)
    body = " ".join(str(text) for _, text in article.body_texts())
    assert "Deep Medicine" not in body
    assert "Charlie" not in body
    assert "We thank 2 friends." in body


# XML that is broken or means harm

_BOMB = (
    '<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><article><body><p>&b;</p></body></article>'
)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (_BOMB, "declares the entity 'a'"),
        (
            '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article>&x;</article>',
            "declares the entity 'x'",
        ),
        (
            '<!DOCTYPE article [<!ENTITY % p SYSTEM "http://example.org/p">%p;]><article/>',
            "declares the entity 'p'",
        ),
        (
            '<!DOCTYPE article SYSTEM "a.dtd"><article>&nosuchname;</article>',
            "&nosuchname; at character 42 is unknown",
        ),
        (
            '<!DOCTYPE article [<!ATTLIST p a CDATA "xxxxxxxx">]><article><body><p/><p/></body></article>',
            "declares the attribute 'a' of <p>",
        ),
        ("<article>" + "<sec>" * 300 + "</sec>" * 300 + "</article>", "nested more than 200 deep"),
        (
            "<article><body><table-wrap><table><tr>"
            + "<td colspan='99'/>" * 3
            + "</tr></table></table-wrap></body></article>",
            "more than 200 columns",
        ),
    ],
)
def test_harmful_xml_is_refused(source: str, message: str) -> None:
    with pytest.raises(RefusedXmlError, match=message) as caught:
        parse(source, "", "paper.nxml")
    assert caught.value.where == "paper.nxml"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (ARTICLE[: len(ARTICLE) // 2], "breaks off or is broken at line"),
        ("<article><p></article>", "mismatched tag"),
        ("<article>&undefined;</article>", "undefined entity"),
        ("not xml", "syntax error"),
        ("<html><body/></html>", "root element is <html>"),
    ],
)
def test_broken_xml_is_an_error_of_its_own(source: str, message: str) -> None:
    with pytest.raises(MalformedXmlError, match=message) as caught:
        parse(source, "", "paper.nxml")
    assert caught.value.where == "paper.nxml"


def test_an_external_dtd_is_never_read_and_its_characters_are_known() -> None:
    doctype = '<!DOCTYPE article SYSTEM "http://example.invalid/a.dtd">'
    source = f"{doctype}<article><body><p>a&nbsp;b &ge;3</p></body></article>"
    (block,) = parse(source, "", "").blocks
    assert str(block.text) == "a b ≥3"
    assert source[slice(*block.text.span(4, 5))] == "&ge;"


def test_a_private_character_of_the_source_is_no_citation() -> None:
    (block,) = parse("<article><body><p>a \ue000 &#xe000;</p></body></article>", "", "").blocks
    assert str(block.text) == "a \ufffd \ufffd"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("P <underline>&lt;</underline> 5", "P ≤ 5"),
        ("P <underline> &gt; </underline> 5", "P ≥ 5"),
        ("4 <underline>+</underline> 1", "4 ± 1"),
        ("an <underline>underlined</underline> word", "an underlined word"),
        ("1<!-- -->.5 and 2<?x y?>7", "1.5 and 27"),
    ],
)
def test_inline_elements(written: str, text: str) -> None:
    (block,) = parse(f"<article><body><p>{written}</p></body></article>", "", "").blocks
    assert str(block.text) == text


def test_a_power_is_no_footnote_mark_whatever_its_unit_is_written_in() -> None:
    cells = "<td>Area</td><td>5 kg/<italic>m</italic><sup>2</sup></td><td>5 kg<sup>2</sup></td>"
    source = (
        f"<article><body><table-wrap><table><tr>{cells}</tr></table>"
        "<table-wrap-foot><fn><label>2</label><p>Late.</p></fn></table-wrap-foot></table-wrap></body></article>"
    )
    (table,) = parse(source, "", "").tables
    assert [(str(cell.text), cell.marks) for cell in table.rows[0].cells] == [
        ("5 kg/m^2", ()),
        ("5 kg", ("2",)),
    ]


def test_numbers_of_any_length_are_read_in_little_memory() -> None:
    huge = "9" * 5000
    references = f'<ref id="a"><label>1</label>A</ref><ref id="b"><label>{huge}</label>B</ref>'
    source = (
        '<article><body><p>x<xref ref-type="bibr" rid="a">1</xref>–'
        f'<xref ref-type="bibr" rid="b">{huge}</xref> 5 × 10<sup>{huge}</sup></p>'
        f"<table-wrap><label>Table {huge}</label><table><tr><td>a</td><td>1</td></tr></table></table-wrap>"
        f"</body><back><ref-list>{references}</ref-list></back></article>"
    )
    document = parse(source, "", "")
    assert list(document.references) == [1, 2]
    assert [table.number for table in document.tables] == [1]
    assert_order(document)


# Places

_CHARACTERS = st.text(alphabet="ab19 é–𝟙<&>\"'\n", min_size=1, max_size=12)
_WRITTEN = st.tuples(_CHARACTERS, st.sampled_from(["plain", "decimal", "hexadecimal", "cdata"]))


def _write(characters: str, form: str) -> str:
    if form == "cdata":
        return f"<![CDATA[{characters}]]>"
    if form == "plain":
        return characters.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"&#{ord(c)};" if form == "decimal" else f"&#x{ord(c):05x};" for c in characters)


@settings(deadline=None)
@given(st.lists(_WRITTEN, max_size=8), st.sampled_from(["", "\ufeff"]))
def test_each_character_of_xml_has_its_place(parts: list[tuple[str, str]], mark: str) -> None:
    source = f"{mark}<a>" + "<b x='1'>é</b>".join(_write(*part) for part in parts) + "</a>"
    texts = _all_text(parse_xml(source, "a.xml"))
    assert "".join(map(str, texts)) == "é".join(characters for characters, _ in parts)
    for text in texts:
        for character, start, end in zip(text.text, text.starts, text.ends, strict=True):
            printed = source[start:end]
            assert printed == character or (printed[0], printed[-1]) == ("&", ";")


def _all_text(element: Element) -> list[Text]:
    texts: list[Text] = []
    for child in element.children:
        texts += [child] if isinstance(child, Text) else _all_text(child)
    return texts
