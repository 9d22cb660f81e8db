"""The ladder on engines that keep marks."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.enforcing import Demand, close_item, find_gender_doubts, find_unknown_genders, open_item, take_hop
from pipeline.enforcing.items import locate, match_number
from pipeline.engines.base import Aligned, Link, Marks
from pipeline.fitting import find_numbers, number_forms, write_number
from pipeline.model import MARK_CLOSE, MARK_FIRST


class Saying:
    """An engine that keeps marks and says what it is told to; `[` and `]` stand for the marks of span 0."""

    name, version, source_lang, target_lang = "saying", "1", "pt", "ca"
    marks: Marks = "blank"

    def __init__(self, answer: str) -> None:
        self.answer = answer.replace("[", chr(MARK_FIRST)).replace("]", MARK_CLOSE)

    def load(self) -> None:
        """Nothing to load."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Say the answer."""
        return [self.answer for _ in texts]

    def close(self) -> None:
        """Nothing to close."""


class Spanish(Saying):
    """Says it in Spanish."""

    target_lang = "es"


@pytest.mark.parametrize(
    ("answer", "text", "outcome"),
    [
        ("el [ministre] d'Interior va", "el ministre d'Interior va", "applied"),
        ("[el ministre d'Interior] va", "el ministre d'Interior va", "applied"),
        ("el [cap intern] va", "el ministre de l'Interior va", "enforced"),
    ],
)
def test_a_form_that_touches_its_mark_is_left(answer: str, text: str, outcome: str) -> None:
    """A term that stands there whole is not written twice, however much of it came back marked."""
    forms = {"ca": ("ministre de l'Interior", "ministre d'Interior")}
    item = open_item("o ministro vai", [Demand(2, 10, "ministro", "term", forms)])
    (done,) = take_hop(Saying(answer), [item], {})
    said, (use,) = close_item(done, "ca")
    assert (said, use.outcome) == (text, outcome)


class Echoing(Saying):
    """Says its answer to a marked text, and gives a text with tokens alone back."""

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Answer or echo."""
        return [self.answer if MARK_CLOSE in text else text for text in texts]


def test_what_was_put_in_place_is_not_lost_when_something_else_is_tried_again() -> None:
    """A second attempt for a lost number hides the term as well that the engine had wrong at first."""
    demands = [
        Demand(2, 10, "ministro", "term", {"ca": ("ministre",)}),
        Demand(15, 26, "110 bilhões", "number", {"ca": ("110.000 milions",)}),
    ]
    item = open_item("o ministro tem 110 bilhões", demands)
    (done,) = take_hop(Echoing("el [cap] té 110 bilions"), [item], {})
    said, uses = close_item(done, "ca")
    assert (said, [use.outcome for use in uses]) == ("o ministre tem 110.000 milions", ["enforced", "enforced"])


class Doubting(Saying):
    """An engine that aligns, and does not trust its text."""

    marks: Marks = "token"

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Say the answer, with a doubt."""
        return [Aligned(text, self.answer, (), "repeats itself") for text in texts]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Know of no links."""
        return [Aligned(source, target, ()) for source, target in pairs]


def test_a_doubt_of_the_engine_stays_with_the_sentence() -> None:
    """From any hop to the end, where it becomes a finding."""
    (done,) = take_hop(Doubting("sim sim sim"), [open_item("yes", [])], {})
    (onward,) = take_hop(Saying("sí sí sí"), [done], {})
    assert (done.doubt, onward.doubt) == ("repeats itself", "repeats itself")


class Losing(Doubting):
    """Writes "Trump" as "Triunfo" always, and loses what is no token."""

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate "Trump paid 5" word by word; the number survives as a token alone."""
        done = []
        for text in texts:
            token = text.split()[-1]
            links = (Link(0, 7, 0, 5, 1.0), Link(8, 13, 6, 10, 1.0))
            done.append(Aligned(text, f"Triunfo pagou {token if token[0].isalpha() else '9'}", links))
        return done


def test_a_second_attempt_is_patched_like_the_first() -> None:
    """What the patch put in place is not lost by the attempt that brings the number back."""
    demands = [
        Demand(0, 5, "Trump", "name", {"ca": ("Trump",)}),
        Demand(11, 12, "5", "number", {"ca": ("5",)}),
    ]
    (done,) = take_hop(Losing(""), [open_item("Trump paid 5", demands)], {})
    said, uses = close_item(done, "ca")
    assert (said, [use.outcome for use in uses]) == ("Trump pagou 5", ["enforced", "enforced"])


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("falou na [Casa Branca] hoje", "va parlar a [Casa Branca] avui", "va parlar a la Casa Blanca avui"),
        ("o anti-[Casa Branca] partido", "l'anti[Casa Branca] partit", "l'anti-Casa Blanca partit"),
        ("em [Casa Branca] hoje", "a [Casa Branca] avui", "a Casa Blanca avui"),
    ],
)
def test_what_the_engine_drops_before_a_mark_comes_back(text: str, answer: str, said: str) -> None:
    """An article, if the source has it, and a hyphen."""
    start = text.index("[")
    forms = {"pt": ("Casa Branca",), "ca": ("Casa Blanca",)}
    demand = Demand(start, start + 11, "Casa Branca", "term", forms, has_article=True)
    item = open_item(text.replace("[", "").replace("]", ""), [demand])
    (done,) = take_hop(Saying(answer), [item], {})
    assert close_item(done, "ca")[0] == said


@pytest.mark.parametrize(
    ("form", "answer", "said"),
    [
        ("reporte", "un mapa [e informe] hoy", "un mapa y reporte hoy"),
        ("informe", "un mapa [y relato] hoy", "un mapa e informe hoy"),
        ("oficio", "un mapa [o relato] hoy", "un mapa u oficio hoy"),
        ("reporte", "un mapa y [informe] hoy", "un mapa y reporte hoy"),
        ("servicio público", "los [servicios] públicos hoy", "el servicio público hoy"),
        ("servicio público", "el [servicio] estatal hoy", "el servicio público estatal hoy"),
        ("Policía", "el plan de [Guardia] hoy", "el plan de la Policía hoy"),
        ("Policía", "el plan para [Guardia] hoy", "el plan para la Policía hoy"),
        ("Policía", "el plan de [Policía] hoy", "el plan de Policía hoy"),
    ],
)
def test_what_a_mark_took_in_or_left_over(form: str, answer: str, said: str) -> None:
    """A conjunction stays, an adjective that the form has goes, a name that the engine knows keeps its own article."""
    source = "um mapa da polícia hoje" if form == "Policía" else "um mapa e polícia hoje"
    source = source.replace("mapa da", "mapa para a") if "para" in answer else source
    start = source.index("polícia")
    demand = Demand(start, start + 7, "polícia", "term", {"es": (form,)}, has_article=form == "Policía")
    (done,) = take_hop(Spanish(answer), [open_item(source, [demand])], {})
    assert close_item(done, "es")[0] == said


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("A [Rússia] invadiu", "A [Rusia] invadió", "Rusia invadió"),
        ("disse que a [Rússia] invadiu", "dijo que a [Rusia] invadió", "dijo que Rusia invadió"),
        ("foi a [Rússia] hoje", "fue a [Rusia] hoy", "fue a Rusia hoy"),
        ("A [Portugal] chegaram", "A [Portugal] llegaron", "A Portugal llegaron"),
        ("para [Rússia] hoje", "para [Rusia] hoy", "para Rusia hoy"),
    ],
)
def test_no_article_of_a_name_is_read_as_a_preposition(text: str, answer: str, said: str) -> None:
    """Behind the words that a Portuguese "a" as a preposition does not follow; Spanish has no article there."""
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    demand = Demand(start, end, plain[start:end], "name", {"es": (answer[answer.index("[") + 1 : answer.index("]")],)})
    (done,) = take_hop(Spanish(answer), [open_item(plain, [demand])], {})
    assert close_item(done, "es")[0] == said


def test_a_woman_keeps_her_title_over_a_pivot() -> None:
    """The pivot shows her gender where no determiner does."""
    forms = {"pt": ("ministro", "ministra"), "ca": ("conseller", "consellera")}
    women = {"pt": "ministra", "ca": "consellera"}
    item = open_item("fala ministra Rosa", [Demand(5, 13, "ministra", "term", forms, feminine=women)])
    (done,) = take_hop(Saying("parla [ministra] Rosa"), [item], {})
    assert close_item(done, "ca")[0] == "parla consellera Rosa"


@pytest.mark.parametrize(
    ("pivot", "answer", "said"),
    [
        ("republicana", "la [republicana] part", "la republicana part"),
        ("partido", "i [partida] nova", "i partit nova"),
    ],
)
def test_an_adjective_keeps_its_gender_over_a_pivot(pivot: str, answer: str, said: str) -> None:
    """Only where the pivot had the approved word in another gender; else the approved form is written."""
    forms = {"pt": ("republicano", "partido"), "ca": ("republicans",) if pivot == "republicana" else ("partit",)}
    item = open_item(f"a {pivot} parte", [Demand(2, 2 + len(pivot), pivot, "term", forms)])
    (done,) = take_hop(Saying(answer), [item], {})
    assert close_item(done, "ca")[0] == said


def test_a_square_is_written_once() -> None:
    """Apertium ends a word before "²": a word that holds one is shown to it as another word."""
    demand = Demand(2, 4, "x²", "kept", {"ca": ("x²",)}, always=True)
    seen: list[str] = []

    class Cutting(Saying):
        def translate(self, texts: Sequence[str]) -> list[str]:
            seen.extend(texts)
            return texts if "²" not in texts[0] else [texts[0].replace("²" + MARK_CLOSE, MARK_CLOSE + "²")]

    (done,) = take_hop(Cutting(""), [open_item("é x²", [demand])], {})
    assert close_item(done, "ca")[0] == "É x²" or close_item(done, "ca")[0] == "é x²"
    assert "²" not in seen[0]


@pytest.mark.parametrize(
    ("source", "doubts"),
    [
        ("minister said she won", 1),
        ("minister said that Ms. Hope won", 1),
        ("minister said he won", 0),
        ("minister told her that he won", 0),
        ("minister won", 0),
    ],
)
def test_a_man_in_the_place_of_a_woman_is_a_doubt(source: str, doubts: int) -> None:
    """Where the sentence speaks of a woman alone, and the entry has a feminine that does not stand there."""
    demand = Demand(0, 8, "minister", "office", {"ca": ("conseller",)}, feminine={"ca": "consellera"})
    for written, count in (("conseller", doubts), ("consellera", 0)):
        item = open_item(source.replace("minister", written), [replace(demand, end=len(written), source=written)])
        assert len(find_gender_doubts(item, source, ("en", "ca"))) == count


@pytest.mark.parametrize(
    ("source", "remarks"),
    [
        ("minister Anna Novak won", 1),
        ("minister, Anna J. Novak, won", 1),
        ("minister Anna Novak said she won", 0),
        ("minister Anna Novak said he won", 0),
        ("minister won", 0),
        ("minister Novak won", 0),
    ],
)
def test_an_office_before_a_name_may_be_a_woman_s(source: str, remarks: int) -> None:
    """Where a full name alone would tell, and the entry has a feminine that does not stand there."""
    demand = Demand(0, 8, "minister", "office", {"ca": ("conseller",)}, feminine={"ca": "consellera"})
    for written, count in (("conseller", remarks), ("consellera", 0)):
        item = open_item(source, [replace(demand, spoken=written)])
        assert len(find_unknown_genders(item, source, ("en", "ca"))) == count
    assert find_unknown_genders(open_item(source, [demand]), source, ("ca", "ca")) == []


class Plain(Saying):
    """Knows words alone, copies them, and says "comitê" for "committee"."""

    marks: Marks = "token"

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Copy."""
        return [text.replace("committee", "comitê") for text in texts]


@pytest.mark.parametrize("token", ["XQ0", "PH_0", "[0]", "Zyx0", "XQ1 and XQ0", "XQ0 PH_0 Zyx0"])
def test_what_looks_like_our_own_tokens_stays(token: str) -> None:
    """The text may hold any of them; what was hidden comes back to its own place."""
    source = f"the committee read {token} twice"
    forms = {"pt": ("comissão",), "ca": ("comissão",)}
    item = open_item(source, [Demand(4, 13, "committee", "term", forms)])
    (done,) = take_hop(Plain(""), [item], {})
    said, (use,) = close_item(done, "ca")
    assert (said, use.outcome) == (f"the comissão read {token} twice", "enforced")


class Turning(Plain):
    """Keeps no "committee" and knows tokens of the style PH_0 alone in their place; others come last."""

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Copy, or turn the sentence round."""
        done = []
        for text in texts:
            words = text.split()
            token = next((word for word in words if word.startswith(("XQ", "Zyx"))), "")
            done.append(" ".join([*reversed([word for word in words if word != token]), token]) if token else text)
        return [text.replace("committee", "comitê") for text in done]


def test_the_token_that_keeps_the_order_is_taken() -> None:
    """Of translations that have all terms the one with the words of the usual one in their order."""
    source = "yesterday the committee of seven read the long report"
    demand = Demand(14, 23, "committee", "term", {"ca": ("comissão",)})
    (done,) = take_hop(Turning(""), [open_item(source, [demand])], {})
    assert close_item(done, "ca")[0] == source.replace("committee", "comissão")


def test_a_term_that_is_right_anyway_gets_no_mark() -> None:
    """A mark can change the words around it: a term that is missing without is looked for as it is alone."""
    seen: list[str] = []

    class Wavering(Saying):
        def translate(self, texts: Sequence[str]) -> list[str]:
            seen.extend(texts)
            return [text.replace("polícia", "policía") for text in texts]

    for form, calls in (("policía", 1), ("guardia", 2)):
        seen.clear()
        item = open_item("a polícia vai", [Demand(2, 9, "polícia", "term", {"ca": (form,)})])
        (done,) = take_hop(Wavering(""), [item], {})
        assert close_item(done, "ca")[0] == f"a {form} vai"
        assert seen == ["a polícia vai", "polícia"][:calls]


class Lossy(Plain):
    """Knows the letters of its language alone: others are dropped, as a vocabulary does."""

    def can_write(self, char: str) -> bool:
        """Write no ñ."""
        return char != "ñ"

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Drop what cannot be written."""
        return [text.replace("ñ", "-") for text in texts]


@pytest.mark.parametrize(
    "demands",
    [[], [Demand(9, 14, "Núñez", "copied", {"pt": ("Núñez",), "ca": ("Núñez",)})]],
)
def test_letters_that_a_later_engine_lacks_are_kept_from_it(demands: list[Demand]) -> None:
    """A name of an earlier hop comes whole out of an engine that would drop a letter of it."""
    (done,) = take_hop(Lossy(""), [open_item("a senora Núñez read", demands)], {})
    assert close_item(done, "ca")[0] == "a senora Núñez read"


@pytest.mark.parametrize(
    ("source", "answer", "said", "outcome"),
    [
        ("4.5%", "a 4.5% do total", "a 4,5% do total", "enforced"),
        ("1,234.5", "a 1,234.5 do total", "a 1.234,5 do total", "enforced"),
        ("4.5%", "a 4,5% do total", "a 4,5% do total", "applied"),
        ("125th", "na 125th Street", "na 125th Street", "applied"),  # a name
        ("2024", "em 2024", "em 2024", "applied"),
    ],
)
def test_a_figure_that_the_engine_copied_is_localised(source: str, answer: str, said: str, outcome: str) -> None:
    """What it copied counts as found, and is written as the language writes it."""
    (number,) = find_numbers(source, "en")
    forms = {"pt": (write_number(number, "pt"), *number_forms(number, "pt"))}
    item = replace(open_item(source, [Demand(0, len(source), source, "number", forms)]), marked=answer)
    done = locate(item, "pt")
    text, (use,) = close_item(done, "pt")
    assert (text, use.outcome, not done.missing) == (said, outcome, True)


def test_of_two_equal_words_each_stays_beside_its_own() -> None:
    """The engine translated "San Francisco": the "San" that is left is that of "San Diego"."""
    source = "in San Francisco and San Diego"
    words = [("San", 3), ("Francisco", 7), ("San", 21), ("Diego", 25)]
    demands = [Demand(at, at + len(word), word, "copied", {"pt": (word,)}) for word, at in words]
    done = locate(replace(open_item(source, demands), marked="em São Francisco e San Diego"), "pt")
    assert done.missing == {0}


def test_a_name_with_an_apostrophe_is_not_cut() -> None:
    """Apertium would translate the "O" of "O'Neal": an unknown word stands in for it."""
    item = open_item("o O'Neal vai", [Demand(2, 8, "O'Neal", "copied", {"ca": ("O'Neal",)})])
    engine = Saying("el [XQ0] va")
    (done,) = take_hop(engine, [item], {})
    assert close_item(done, "ca")[0] == "el O'Neal va"


def test_an_approved_adjective_is_found_in_the_plural() -> None:
    """What agrees with its noun is right: no mark is tried, and none is put over it."""
    item = open_item("crimes federais", [Demand(7, 15, "federal", "term", {"ca": ("nacional",)}, is_adjective=True)])
    (done,) = take_hop(Saying("crims nacionals"), [item], {})
    said, (use,) = close_item(done, "ca")
    assert (said, use.outcome, use.form) == ("crims nacionals", "applied", "nacionals")


@pytest.mark.parametrize(
    ("source", "answer", "said"),
    [
        ("diz que a corte abre", "dice que a [corte] abre", "dice que el tribunal abre"),
        ("chega a corte", "llega a [corte]", "llega al tribunal"),
        ("gente como a corte", "gente cómo la [corte]", "gente cómo el tribunal"),
        ("uma corte como essa", "una [corte] cómo esa", "un tribunal como esa"),
        ("mais corte do que lei", "más [corte] del que ley", "más tribunal que ley"),
        ("corte como pode ?", "[corte] cómo puede ?", "Tribunal cómo puede ?"),
    ],
)
def test_small_words_beside_a_mark_that_were_misread(source: str, answer: str, said: str) -> None:
    """The article "a" behind a conjunction is none in Spanish, and "como" beside a noun asks nothing."""
    engine = Saying(answer)
    engine.target_lang = "es"
    start = source.index("corte")
    forms = {"pt": ("corte",), "es": ("tribunal",)}
    item = open_item(source, [Demand(start, start + 5, "corte", "term", forms, has_article=True)])
    (done,) = take_hop(engine, [item], {})
    assert close_item(done, "es")[0] == said


def test_an_approved_adjective_agrees_in_the_next_language() -> None:
    """With the one that the engine wrote in its place."""
    engine = Saying("las armas [nucleares] cesan")
    engine.target_lang = "es"
    forms = {"pt": ("nuclear",), "es": ("atómico",)}
    item = open_item("as armas nucleares cessam", [Demand(9, 18, "nuclear", "term", forms, is_adjective=True)])
    (done,) = take_hop(engine, [item], {})
    assert close_item(done, "es")[0] == "las armas atómicas cesan"


@pytest.mark.parametrize(("old", "form"), [("espécies", "tipos"), ("espécie", "tipo")])
def test_an_accepted_plural_is_written_for_a_plural(old: str, form: str) -> None:
    """Where both count, the number of what the engine wrote decides."""
    demand = Demand(0, 7, "species", "term", {"pt": ("tipo", "tipos")})
    assert match_number("tipo", demand, old, "pt", "os ") == form
    assert match_number("tipo", replace(demand, forms={"pt": ("tipo",)}), old, "pt", "os ") == "tipo"
    assert match_number("tipo", replace(demand, forms={"pt": ("tipo",)}), old, "pt", "fase de ") == form


class Worded(Saying):
    """Translates word by word, marks or not, and notes what it was asked."""

    target_lang = "es"

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate each word that it knows."""
        self.asked = [*getattr(self, "asked", []), *texts]
        words = {"o": "el", "relatório": "informe", "saiu": "salió", "e": "y"}
        return [re.sub(r"\w+", lambda word: words.get(word[0], word[0]), text) for text in texts]


@pytest.mark.parametrize(
    ("text", "said", "has_marks"),
    [
        ("o relatório saiu", "el reporte salió", False),
        ("o informe e o relatório saiu", "el informe y el reporte salió", True),
    ],
)
def test_a_lost_term_is_found_as_the_engine_writes_it_alone(text: str, said: str, *, has_marks: bool) -> None:
    """No second pass with marks, but where what it writes alone stands twice."""
    start = text.index("relatório")
    engine = Worded("")
    item = open_item(text, [Demand(start, start + 9, "relatório", "term", {"es": ("reporte",)})])
    (done,) = take_hop(engine, [item], {})
    assert close_item(done, "es")[0] == said
    assert any(MARK_CLOSE in asked for asked in engine.asked) is has_marks
