"""TMX and XLIFF: valid, complete, and readable after hostile texts."""

import re
from pathlib import Path

import parallel_samples as samples
import pytest
from lxml import etree
from translate.storage import tmx, xliff

from pipeline.exports.tmx import render_tmx
from pipeline.exports.xliff import render_xliff
from pipeline.exports.xmltext import dropped_characters, legal_text
from pipeline.model import ParallelArticle, Role, State, Target

SCHEMAS = Path(__file__).parents[2] / "../shared/schemas"
X = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ARTICLES = {
    "marked up": samples.marked_up(),
    "everyday": samples.everyday(),
    "hostile": samples.hostile(),
    "empty": samples.make_parallel([], ("pt",)),
    "without targets": samples.make_parallel([samples.make_segment("b1s1", Role.BODY, "Alone.")], ()),
}
needs_schemas = pytest.mark.skipif(not SCHEMAS.exists(), reason="no schemas beside the project")


class _Beside(etree.Resolver):
    """Give the schema of xml: from the folder, never from the network."""

    def resolve(self, url: str, public_id: str, context: object) -> object:
        return self.resolve_filename(str(SCHEMAS / "xml.xsd"), context) if url.endswith("xml.xsd") else None


def xliff_schema() -> etree.XMLSchema:
    """Load the strict schema with the network off."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "xliff-core-1.2-strict.xsd"), parser))


@pytest.mark.shared
@needs_schemas
@pytest.mark.parametrize("name", ARTICLES)
def test_tmx_is_valid(name: str) -> None:
    """Every TMX file is valid against the DTD of TMX 1.4."""
    dtd = etree.DTD(str(SCHEMAS / "tmx14.dtd"))
    dtd.assertValid(etree.fromstring(render_tmx(ARTICLES[name])))


@pytest.mark.shared
@needs_schemas
@pytest.mark.parametrize("name", ARTICLES)
def test_xliff_is_valid(name: str) -> None:
    """Every XLIFF file is valid against the strict schema of XLIFF 1.2."""
    schema = xliff_schema()
    for language in ARTICLES[name].languages:
        schema.assertValid(etree.fromstring(render_xliff(ARTICLES[name], language)))


def test_alternatives_are_offered() -> None:
    """Each with where it comes from and how near it is; one of an earlier source with that; in the order given."""
    root = etree.fromstring(render_xliff(samples.everyday(), "pt"))
    (unit,) = root.xpath("//x:trans-unit[@id='b5s2']", namespaces=X)
    rows = unit.findall("x:alt-trans", X)
    assert [(row.get("origin"), row.get("match-quality"), row.get("alttranstype")) for row in rows] == [
        ("maduro.xlf", "71", "previous-version"), ("other.xlf", "80", "proposal"), ("en-pt:argos", "57", "proposal"),
    ]  # fmt: skip
    assert [row.findtext("x:source", namespaces=X) for row in rows] == [
        "In 2020, it offered $10.", "In 2020, it offered 10 reais.", None,
    ]  # fmt: skip
    assert len(root.xpath("//x:alt-trans", namespaces=X)) == 3


def test_other_tools_read_the_alternatives() -> None:
    """translate-toolkit finds them, and takes none for the target."""
    store = xliff.xlifffile.parsestring(render_xliff(samples.everyday(), "pt"))
    unit = next(unit for unit in store.units if unit.getid().endswith("b5s2"))
    assert str(unit.target).startswith("Em 2020, Washington anunciou uma recompensa")
    assert [str(each.target) for each in unit.getalttrans()] == [
        "Washington ofereceu 10 milhões em 2020.", "Em 2020, ofereceu 10 reais.",
        "Em 2020, Washington anunciou um prêmio de $10 milhões.",
    ]  # fmt: skip


def test_tmx_has_all_languages_of_a_segment_in_one_unit() -> None:
    """One unit a segment, its id the segment's, source first, then the targets that were translated."""
    parallel = samples.everyday()
    root = etree.fromstring(render_tmx(parallel))
    units = {unit.get("tuid"): {v.get(LANG): v.findtext("seg") for v in unit.iter("tuv")} for unit in root.iter("tu")}
    assert list(units) == [item.segment.id for item in parallel.segments]
    for item in parallel.segments:
        written = {lang: t.text for lang, t in item.targets.items() if t.state is not State.UNTRANSLATED}
        assert list(units[item.segment.id].items()) == [("en", item.normalised), *written.items()]


def test_tmx_never_offers_the_source_as_its_translation() -> None:
    """An untranslated target is left out of the unit, and a note says so."""
    root = etree.fromstring(render_tmx(samples.everyday()))
    (unit,) = root.xpath("//tu[@tuid='b4s1']")
    assert [variant.get(LANG) for variant in unit.iter("tuv")] == ["en", "pt", "zh-Hans"]
    assert unit.findtext("note") == "ar left out: not translated"


def test_tmx_header_is_complete_and_has_no_clock() -> None:
    """The header names tool, version and source language; nothing in the file is a date."""
    root = etree.fromstring(render_tmx(samples.everyday()))
    header = root.find("header")
    assert header is not None
    assert {"creationtool": "translate-article", "creationtoolversion": "0.1.0", "srclang": "en"}.items() <= dict(
        header.attrib
    ).items()
    assert not [name for element in root.iter() for name in element.attrib if "date" in str(name)]


def test_tmx_says_role_state_and_route() -> None:
    """Properties carry what a memory needs to filter by."""
    root = etree.fromstring(render_tmx(samples.everyday()))
    assert root.xpath("//tu[@tuid='b1s1']/prop[@type='x-role' or @type='x-left-out']/text()") == ["boilerplate", "yes"]
    props = root.xpath("//tu[@tuid='b3s1']/tuv[2]/prop")
    assert [(prop.get("type"), prop.text) for prop in props] == [("x-state", "machine"), ("x-route", "en-pt:firefox")]


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_what_xml_cannot_carry_is_dropped_and_noted(text: str) -> None:
    """Every other character comes back from both files; each dropped one is named in a note."""
    item = samples.make_segment("b1s1", Role.BODY, text, {"pt": samples.machine(text)})
    parallel = samples.make_parallel([item], ("pt",))
    tmx, xliff = etree.fromstring(render_tmx(parallel)), etree.fromstring(render_xliff(parallel, "pt"))
    assert [seg.text for seg in tmx.iter("seg")] == [legal_text(text)] * 2
    assert xliff.xpath("string(//x:source)", namespaces=X) == xliff.xpath("string(//x:target)", namespaces=X)
    assert xliff.xpath("string(//x:source)", namespaces=X) == legal_text(text)
    notes = xliff.xpath("//x:note[@from='export']/text()", namespaces=X)
    dropped = dropped_characters(text)
    assert len(notes) == len(tmx.findall(".//note")) == (2 if dropped else 0)
    assert all(dropped in note for note in notes)


def test_legal_text_keeps_what_xml_allows() -> None:
    """Tab, line ends, C1 controls, private use and characters beyond U+FFFF are legal and stay."""
    text = "a\tb\nc\rd\x85e\ue000f😀\ufffd"
    assert legal_text(text) == text and dropped_characters(text) == ""
    assert legal_text("a\x00\x0b\ud800\ufffeb") == "ab"


@pytest.mark.parametrize(
    ("state", "approved", "written"),
    [
        (State.MACHINE, "no", "needs-review-translation"),
        (State.COMPOSED, "no", "translated"),
        (State.KEPT, "no", "translated"),
        (State.UNTRANSLATED, "no", "needs-translation"),
        (State.REVIEWED, "yes", "final"),
    ],
)
def test_xliff_state(state: State, approved: str, written: str) -> None:
    """Only what a person approved is approved; a machine's work asks for review."""
    item = samples.make_segment("b1s1", Role.BODY, "Hello.", {"pt": Target("Olá.", state)})
    root = etree.fromstring(render_xliff(samples.make_parallel([item], ("pt",)), "pt"))
    (unit,) = root.xpath("//x:trans-unit", namespaces=X)
    assert unit.get("approved") == approved
    assert unit.find("x:target", X).get("state") == written


def test_xliff_keeps_blocks_segments_and_order() -> None:
    """A group a block, a unit a segment, ids as everywhere; what is left out is not to be translated."""
    parallel = samples.everyday()
    root = etree.fromstring(render_xliff(parallel, "pt"))
    groups = root.xpath("//x:group", namespaces=X)
    assert [(group.get("id"), group.get("resname")) for group in groups] == [
        (block.id, block.role) for block in parallel.article.blocks
    ]
    assert [group.get("translate") for group in groups] == ["no", "no", None, None, None, None]
    assert root.xpath("//x:trans-unit/@id", namespaces=X) == [item.segment.id for item in parallel.segments]


def test_xliff_notes_tell_what_was_found() -> None:
    """Fragments, terms, findings and the original text stand in notes, each on its side."""
    root = etree.fromstring(render_xliff(samples.everyday(), "pt"))
    notes = root.xpath("//x:trans-unit[@id='b5s1']/x:note", namespaces=X)
    sides = [(note.get("from"), note.get("annotates")) for note in notes]
    assert sides == [
        ("original", "source"),
        ("fragment", "source"),
        ("finding", "source"),
        ("route", "target"),
        *[("term", "target")] * 3,
        ("finding", "target"),
    ]
    assert notes[4].text == "term counterintelligence -> contraespionagem: enforced (glossaries/en/pt.po:40)"


@pytest.mark.parametrize("make", [samples.everyday, samples.hostile])
def test_same_article_same_bytes(make: "type[ParallelArticle]") -> None:
    """Two equal articles give the same bytes."""
    first, second = make(), make()
    assert render_tmx(first) == render_tmx(second)
    assert render_xliff(first, "pt") == render_xliff(second, "pt")


def test_xliff_carries_tags() -> None:
    """Pairs, halves, tags without words and code, around the words of each side, and no white space between them."""
    root = etree.fromstring(render_xliff(samples.marked_up(), "pt"))
    units = {unit.get("id"): unit for unit in root.iterfind(".//x:trans-unit", X)}
    assert inner(units["b1s1"], "x:source") == (
        '<g id="1" ctype="bold"><g id="2" ctype="link">The mayor</g></g> ran <mrk mtype="protected">rm</mrk>.'
        '<x id="3" ctype="image" equiv-text="&lt;img src=&quot;a&quot;&gt;"/>'
    )
    assert inner(units["b1s1"], "x:target").startswith('<x id="3"')
    assert inner(units["b1s2"], "x:source") == '<it id="4" pos="open">&lt;em&gt;</it>Half'
    assert units["b1s1"].xpath("string(x:source)", namespaces=X) == "The mayor ran rm."


def test_tmx_carries_tags() -> None:
    """With what the file writes for each, by the same number in every language."""
    root = etree.fromstring(render_tmx(samples.marked_up()))
    first, second = (inner(unit, "tuv/seg") for unit in root.iter("tu"))
    assert first == (
        '<bpt i="1" x="1" type="bold">&lt;b&gt;</bpt><bpt i="2" x="2" type="link">&lt;a href="x"&gt;</bpt>The mayor'
        '<ept i="2">&lt;/a&gt;</ept><ept i="1">&lt;/b&gt;</ept> ran rm.<ph x="3" type="image">&lt;img src="a"&gt;</ph>'
    )
    assert second == '<it pos="begin" x="4">&lt;em&gt;</it>Half'


def inner(parent: etree._Element, path: str) -> str:
    """Return what stands in an element, namespaces off."""
    element = parent.find(path, X)
    written = etree.tostring(element, encoding="unicode", with_tail=False)
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", written).partition(">")[2].rpartition("<")[0]


def test_others_read_the_same_words() -> None:
    """translate-toolkit finds the units of XLIFF and TMX, and their words."""
    parallel = samples.marked_up()
    for store in (
        xliff.xlifffile.parsestring(render_xliff(parallel, "pt")),
        tmx.tmxfile.parsestring(render_tmx(parallel)),
    ):
        units = [unit for unit in store.units if unit.istranslatable()]
        assert len(units) == len(parallel.segments)
        assert "The mayor" in str(units[0].source)
        assert "prefeito" in str(units[0].target)
