"""The whole way of an article, on the real en-pt engine; Spanish, Catalan and Galician where Apertium is installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import DocumentError, EngineMissing
from pipeline.exports import build_files
from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Localised, Options, Tools, detect_article, localise_article
from pipeline.model import Role, State

SEED = Path(__file__).parents[2] / "shared/articles/maduro.en.txt"
ARTICLE = """\
Link to main version

17

Harbour works stop after a €2.5 million claim

Снимка: БГНЕС

Minister Ana Peña said on March 3 that £11million was missing, and that 1,200 people had lost their jobs. \
The group calls itself “vigilantes del puerto“, according to Harbour.bg reports. Trump and Cabello did not comment.
"""


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    """Share the engines between the tests of this file."""
    with Tools.open(load_glossary([builtin_folder()])) as opened:
        yield opened


def languages(tools: Tools) -> list[str]:
    """Portuguese, and what Apertium adds here."""
    return ["pt", *(lang for lang in ("es", "ca", "gl") if tools.router.has_route("en", lang))]


def localise(text: str, tools: Tools, *targets: str, keep: tuple[Role, ...] = ()) -> Localised:
    """Localise an English text."""
    options = Options(targets or ("pt",), source="en", keep=frozenset(keep))
    return localise_article(text.encode(), "test", ".txt", options, tools)


def test_credit_quotes_money_and_names_are_right_in_every_language(tools: Tools) -> None:
    """The credit is composed, the phrase verbatim, sums and names are those of the source."""
    done = localise(ARTICLE, tools, *languages(tools))
    assert "Photo: BGNES" in done.rendered["en"]
    assert "“vigilantes del puerto”" in done.rendered["en"]
    marks = {"pt": "“{}”", "es": "“{}”", "ca": "«{}»", "gl": "“{}”"}
    for lang in languages(tools):
        text = done.rendered[lang]
        assert "Foto: BGNES" in text
        assert marks[lang].format("vigilantes del puerto") in text
        assert not re.search("[\u0400-\u04ff]", text)
        for kept in ("Peña", "Trump", "Cabello", "Harbour.bg"):
            assert kept in text, (lang, kept)
        assert re.search(r"11 mil\w+ de (libras|lliures)", text), text
        assert re.search(r"2,5 mil\w+ d.euros|2,5 mil\w+ de euros", text), text
        assert re.search(r"1[.\u00a0]?200", text)
        assert "Link to main version" not in text
        assert "17" not in text


def test_all_languages_have_the_same_segments(tools: Tools) -> None:
    """Same blocks, segments, order and ids; furniture and counter are there, left out of the article alone."""
    done = localise(ARTICLE, tools, *languages(tools))
    for item in done.parallel.segments:
        assert list(item.targets) == languages(tools)
        assert all(target.text for target in item.targets.values())
    roles = [item.role for item in done.parallel.segments]
    assert roles[:4] == [Role.BOILERPLATE, Role.COUNTER, Role.HEADLINE, Role.CREDIT]
    assert done.parallel.segments[3].targets["pt"].state is State.COMPOSED


@pytest.mark.parametrize("line", ["Author: Daria Holub", "By Daria Holub", "Daria Holub"])
def test_a_name_on_a_line_of_its_own_stays(tools: Tools, line: str) -> None:
    """No engine may read "Daria" as a verb ("Daría"), with a label before it or without."""
    done = localise(f"The bridge is open\n\n{line}\n\nThe bridge over the river reopened.", tools, *languages(tools))
    for lang in languages(tools):
        assert "Daria Holub" in done.rendered[lang]
        assert "Author" not in done.rendered[lang]
        assert "By " not in done.rendered[lang]


def test_a_kept_phrase_is_not_translated_beside_itself(tools: Tools) -> None:
    """Several words that transfer takes apart travel as one: no "Luz para todos per a tots" in Catalan."""
    done = localise(
        "The money came from a group called “Luz para todos”, which began with a concert.", tools, *languages(tools)
    )
    for lang in languages(tools):
        assert re.search(r"[“«]Luz para todos[”»],", done.rendered[lang]), done.rendered[lang]


def test_a_forbidden_translation_never_gets_out(tmp_path: Path) -> None:
    """With `# use:` it is replaced, without one the engine finds another word; no finding is needed for either."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/pt.po").write_text(
        '# status: forbidden\n# use: presidente da câmara\nmsgid "mayor"\nmsgstr "prefeito"\n\n'
        '# status: forbidden\nmsgid "bridge"\nmsgstr "ponte"\n',
        "utf-8",
    )
    with Tools.open(load_glossary([tmp_path])) as tools:
        done = localise("The mayor opened the old bridge on Monday.\n\nThe river is cold.", tools)
    assert "prefeito" not in done.rendered["pt"]
    assert "presidente da câmara" in done.rendered["pt"]
    assert "ponte" not in done.rendered["pt"]
    assert done.parallel.findings == ()


def test_keep_brings_furniture_back(tools: Tools) -> None:
    """--keep boilerplate."""
    done = localise(ARTICLE, tools, keep=(Role.BOILERPLATE,))
    assert done.rendered["en"].startswith("Link to main version\n")


def test_the_same_input_gives_the_same_bytes(tools: Tools) -> None:
    """Two runs, one result, in every file."""
    first, second = (localise(ARTICLE, tools, "pt") for _ in range(2))
    files = [build_files(done.parallel, done.rendered, "test") for done in (first, second)]
    assert files[0] == files[1]


def test_our_own_tokens_in_an_article_stay(tools: Tools) -> None:
    """An article that writes XQ0 or PH_1 keeps it."""
    text = localise("The codes XQ0 and PH_1 were found by Ana Peña on Monday.", tools).rendered["pt"]
    assert "XQ0" in text
    assert "PH_1" in text
    assert "Peña" in text


def test_a_foreign_sentence_without_a_route_is_kept_with_a_finding(tools: Tools) -> None:
    """Nothing is invented for a language that no engine reads."""
    done = localise("The mayor spoke.\n\nКметът каза, че няма пари за това.", tools)
    assert "Кметът каза, че няма пари за това." in done.rendered["pt"]
    assert "fragment_unresolved" in {finding.rule for finding in done.parallel.findings}


def test_a_target_without_a_route_is_refused_with_a_way_out(tools: Tools) -> None:
    """The message says what to install."""
    with pytest.raises(EngineMissing, match=r"no route from English to Japanese .*; try: "):
        localise("Hello there.", tools, "ja")


@pytest.mark.parametrize(
    ("data", "message"), [(b"", "empty"), (b"\x00\x01\x02", "binary|control"), (b"caf\xe9", "UTF-8")]
)
def test_what_is_no_text_is_refused(tools: Tools, data: bytes, message: str) -> None:
    """Empty, binary and wrongly encoded input: one clear line."""
    with pytest.raises(DocumentError, match=message):
        localise_article(data, "test", ".txt", Options(("pt",)), tools)


@pytest.mark.shared
@pytest.mark.skipif(not SEED.exists(), reason="no shared data beside the project")
def test_the_real_article_has_three_fragments() -> None:
    """The credit and the two Spanish terms, nothing else; offsets point into the file."""
    found = detect_article(SEED.read_bytes(), "maduro.en", ".txt")
    assert found.language == "en"
    assert [fragment.text for _, fragment in found.fragments] == [
        "Снимка: БГНЕС",
        "“colectivos“",
        "“Cartel de los Soles“",
    ]
    for segment, fragment in found.fragments:
        start = segment.start + fragment.start
        assert found.text[start : start + len(fragment.text)] == fragment.text


@pytest.mark.shared
@pytest.mark.skipif(not SEED.exists(), reason="no shared data beside the project")
def test_the_real_article_keeps_every_name(tools: Tools) -> None:
    """As many of each name in each target as in the source."""
    done = localise(SEED.read_text("utf-8"), tools, *languages(tools))
    for name in ("Maduro", "Cabello", "Trump", "Rodriguez", "Chavez", "Washington", "Nicolas"):
        counts = {lang: len(re.findall(rf"\b{name}\b", text)) for lang, text in done.rendered.items()}
        assert set(counts.values()) == {counts["en"]}, (name, counts)


NAMES = "Luiz Inácio Lula da Silva met Ursula von der Leyen, Marine Le Pen and Vincent van Gogh in Rio de Janeiro."


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("talks.en", NAMES, "en"),
        ("talks", NAMES, "nl"),  # what the words alone look like
        ("talks.v2", NAMES, "nl"),
        ("talks.en", "Министърът каза, че няма да подаде оставка.", "bg"),
        ("talks.nl", "The minister said that she would not resign over it. " * 9, "en"),
    ],
)
def test_the_name_of_a_short_file_tells_its_language(name: str, text: str, language: str) -> None:
    """Not against the script, and not against a longer text."""
    found = detect_article(text.encode(), name, ".txt", "auto")
    assert found.article.language == language
