"""Which capitalised words must be copied."""

import pytest

from pipeline.demands import DemandBuilder, find_name_candidates
from pipeline.enforcing import spans_to_keep
from pipeline.fitting import words_to_translate
from pipeline.glossary import Glossary
from pipeline.glossary.pofiles import PoFile
from pipeline.model import LocalisedSegment, Role, Segment


@pytest.mark.parametrize(
    ("lang", "text", "copied"),
    [
        ("es", "El Gobierno de España criticó a Alberto Feijóo en Londres", ["Alberto", "Feijóo"]),
        ("pt", "A Assembleia e o Chega, de André Ventura", ["Chega", "André", "Ventura"]),
        ("en", "The Government of Spain met Alberto Feijóo", ["Government", "Spain", "Alberto", "Feijóo"]),
    ],
)
def test_offices_and_countries_are_no_names_to_copy(lang: str, text: str, copied: list[str]) -> None:
    """A language with a row lets its engine translate them; elsewhere the engine's own copies tell the names."""
    names = [word.strip(",") for word in text.split() if word[0].isupper() and word not in ("El", "A", "The")]
    found = DemandBuilder(Glossary(()), lang, ("ca",), bool).build(text, (), names)
    assert [demand.source for demand in found if demand.kind == "copied"] == copied


def test_every_row_has_offices_and_places() -> None:
    """A row that a linguist adds holds words with a capital, each once in its list."""
    for lang in ("es", "pt", "ca", "gl"):
        words = words_to_translate(lang)
        assert words and all(word[:1].isupper() for word in words)
    assert words_to_translate("en") == frozenset()


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "Olha Stefanishyna's lawyer met Rosa.", {"Olha", "Stefanishyna", "Rosa"}),
        ("en", "“Bola Tinubu will come.”", {"Bola", "Tinubu"}),
        ("es", "Los Cabello hablaron", {"Cabello"}),
        ("es", "Según Rosa Pi habló", {"Rosa", "Pi"}),
        ("pt", "Após Rosa Silva falar", {"Rosa", "Silva"}),
        ("en", "Former officials spoke to Rosa", {"Rosa"}),
        ("en", "Tinubu, Rosa and others", {"Rosa"}),
        ("en", "then Mr Xi met Dr O'Neal's Li and EU", {"Xi", "O'Neal", "Li"}),
        ("en", "then Mr. Ri met J. Brown. But so", {"Ri", "Brown"}),
        ("en", "Mrs O'Neal met Gen Brown", {"O'Neal", "Brown"}),
        ("en", "Rapper West came, as the rapper said.", {"West"}),
    ],
)
def test_a_sentence_may_begin_with_a_name_of_several_words(lang: str, text: str, found: set[str]) -> None:
    """Its first word may be a name if the next one has a capital too, and it is no function word."""
    item = LocalisedSegment(Segment("b1s1", text, 0), "b1", Role.BODY, text)
    assert find_name_candidates([item], lang) == found


@pytest.mark.parametrize(
    ("lang", "text", "copied"),
    [
        (
            "en",
            "Inácio Lula da Silva met Ursula von der Leyen",
            ["Inácio", "Lula", "da Silva", "Ursula", "von der Leyen"],
        ),
        ("pt", "Lula da Silva viu o Flamengo do Rio", ["Lula", "da Silva", "Flamengo", "Rio"]),
        ("es", "Luis de la Fuente y Lamine en la Fuente", ["Luis", "de la Fuente", "Lamine", "Fuente"]),
        ("de", "Lula da Silva", ["Lula", "Silva"]),  # no row
        ("es", "lo publicó ayer El País y en La Vanguardia", ["El País", "La Vanguardia"]),
        ("es", "La Scala abre mañana, dice luego El País", ["Scala", "El País"]),  # a sentence begins so anyway
        ("es", "dijo luego: La Farola en La Haya", ["Farola"]),  # behind a mark; a place with a name of its own
        ("es", "El Gobierno Aprueba La Ley", ["Aprueba"]),  # a title in capitals
        ("pt", "a reportagem que O Globo fez", ["O Globo"]),
        ("en", "the da Silva, da Lula of Silva", ["Silva", "Lula", "Silva"]),
    ],
)
def test_a_surname_keeps_its_particles(lang: str, text: str, copied: list[str]) -> None:
    """Between two names; where the particles are words like any others, only before a surname of the table."""
    names = [word.strip(",") for word in text.split() if word[0].isupper() and len(word) > 2]
    found = DemandBuilder(Glossary(()), lang, ("ca",), bool).build(text, (), names)
    assert [demand.source for demand in found if demand.kind == "copied"] == copied


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The iPhone and the rescEU fund of openSUSE, eBay's", ["iPhone", "rescEU", "openSUSE", "eBay"]),
        ("5 kWh of mRNA at pH 7, YouTube and NATO", []),
        ("see news.iPhone.com, #macRumours and me@eBay", []),
    ],
)
def test_a_word_with_capitals_behind_small_letters_is_a_name(text: str, names: list[str]) -> None:
    """Units and formulas are none; addresses and tags have their own rules."""
    found = DemandBuilder(Glossary(()), "en", ("pt",), bool).build(text, (), ())
    assert [demand.source for demand in found if demand.kind == "name"] == names


@pytest.mark.parametrize(
    ("text", "shouted"), [("then the MEP left", False), ("THE TRADE UNION LEFT", True), ("the trade union left", False)]
)
def test_an_abbreviation_of_an_entry_is_not_shouted(text: str, shouted: bool) -> None:
    """A term in capitals is written in capitals, unless its entry is spelled so."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    rows = (
        '# source-forms: MEP\nmsgid "member of Parliament"\nmsgstr "eurodiputado"\n\n'
        'msgid "trade union"\nmsgstr "sindicato"\n'
    )
    glossary = Glossary([PoFile("es.po", "en/es.po", ("en", "es"), 0, (head + rows).encode())])
    found = DemandBuilder(glossary, "en", ("es",), bool).build(text, (), ())
    assert [demand.is_shouted for demand in found] == [shouted]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Live: storm hits", [("Live", False)]),
        ("LIVE: storm hits", [("LIVE", True)]),
        ("He is on Live: watch", []),  # not at the beginning
        ("Live storm hits", []),
        ("Storm: live", []),  # no label
        ("Council: live", []),  # a term, which is found as one
    ],
)
def test_a_label_before_a_headline_is_a_term(text: str, labels: list[tuple[str, bool]]) -> None:
    """Written as its entry says; inside a sentence labels are words like any others."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    rows = '# type: label\nmsgid "Live"\nmsgstr "Ao vivo"\n\nmsgid "council"\nmsgstr "conselho"\n'
    glossary = Glossary([PoFile("pt.po", "en/pt.po", ("en", "pt"), 0, (head + rows).encode())])
    found = DemandBuilder(glossary, "en", ("pt",), bool).build(text, (), ())
    assert [(demand.source, demand.is_shouted) for demand in found if "Ao vivo" in demand.forms["pt"]] == labels


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Última reunião foi ontem. Único suspeito", []),
        ("O governo da Índia", []),  # a country
        ("À Folha, ele disse", []),  # a small word
        ("ÚNICO SOBREVIVENTE", []),
        ("Ângela Merkel saiu", ["Ângela"]),  # a name: another capital follows
        ("O técnico Óscar saiu", ["Óscar"]),  # not where a sentence begins
        ("Újpest venceu", ["Újpest"]),  # no word of the language
        ("Último gol de Núñez", ["Núñez"]),
    ],
)
def test_common_words_are_read_where_only_their_capital_cannot_be_written(text: str, tokens: list[str]) -> None:
    """The engine of Portuguese and English has no "Ú", "Í" and "À", and reads them."""
    lacks = frozenset("ÀÂÃÇÊÍÓÔÕÚÜÑüñ")
    spans = spans_to_keep(text, lambda char: char not in lacks, "pt")
    assert [text[start:end] for start, end in spans] == tokens
