"""What every engine owes the pipeline: one table of rules, held to each adapter that is installed."""

import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from translate_server import serve

from pipeline.engines.apertium import MODES_FOLDER, installed_modes
from pipeline.engines.base import Engine
from pipeline.engines.libretranslate import URL_VARIABLE
from pipeline.engines.routes import Router

# English, which not every engine here reads: whether the answer is right does not matter, its form does. They are
# sentences all the same: a model that is given half a one wavers, and then the rounding of a batch decides.
PLAIN = "The mayor of Varna will visit the new bridge on Monday."
TEXTS = (
    "The old school was closed last year.", "", PLAIN, "   ", "120 workers protested in Sofia yesterday.",
    "Maria Silva bought a small house in Lisbon in 2019, but the museum is new.", PLAIN, "The hospitals are large.",
)  # fmt: skip
STRANGE = (
    "a\uffff b\ufffe", "日本語の文章。", "Снимка: БГНЕС", "🦊🦊", "a\u0301\u0301\u0301", "\u200b", "\ufffd",
    "\U0010ffff", "½ º € ß ﬁ", "«»“”‘’", "[[x]] ^a/b$ {c} <d> @e \\f #g", "line\nline", "tab\tx", "bell\x07x",
    "nul\x00x", "\u2028x", "e" * 3000, "a " * 1500, "2024", "...", "XQ0", "Maria", "-",
)  # fmt: skip


ENGINES = ("firefox", "fxtranslate", "apertium", "argos", "libretranslate")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Give each engine with its first pair; the tiny package stands for Argos, a stand-in for LibreTranslate."""
    with serve() as server:
        monkeypatch.setenv(URL_VARIABLE, server.address)
        yield from _first_pair(request)


def _first_pair(request: pytest.FixtureRequest) -> Iterator[Engine]:
    apertium = shutil.which("apertium-wblank-mode") and installed_modes(MODES_FOLDER)
    if request.param == "apertium" and not apertium:
        pytest.skip("Apertium is not installed")
    router = Router(request.param)
    first = router.available()[0]
    yield router.engine(router.find_route(first.source_lang, first.target_lang).hops[0])
    router.close()


def one_answer_a_text(engine: Engine) -> None:
    """As many answers as texts, all of them texts, none for none."""
    assert engine.translate([]) == []
    answers = engine.translate(TEXTS)
    assert len(answers) == len(TEXTS)
    assert all(type(answer) is str for answer in answers)


def nothing_stays_nothing(engine: Engine) -> None:
    """An empty text gives an empty one, and is in nobody's way."""
    assert engine.translate([""]) == [""]
    assert engine.translate(["", PLAIN, ""])[::2] == ["", ""]
    assert engine.translate([PLAIN])[0]


def order_is_kept(engine: Engine) -> None:
    """The answer to a text stands where the text stood."""
    assert engine.translate(TEXTS[::-1]) == engine.translate(TEXTS)[::-1]


def batches_do_not_matter(engine: Engine) -> None:
    """One by one, in twos, in fives or all at once: the same answers."""
    together = engine.translate(TEXTS)
    for size in (1, 2, 5):
        parts = [engine.translate(TEXTS[at : at + size]) for at in range(0, len(TEXTS), size)]
        assert [answer for part in parts for answer in part] == together


def twice_is_the_same(engine: Engine) -> None:
    """The same text gives the same answer, after a fresh start too."""
    before = engine.translate(TEXTS)
    assert engine.translate(TEXTS) == before
    engine.close()
    assert engine.translate(TEXTS) == before


def strange_text_does_no_harm(engine: Engine) -> None:
    """No script, sign or length breaks an engine or the answers beside it."""
    plain = engine.translate([PLAIN])[0]
    for text in STRANGE:
        answers = engine.translate([text, PLAIN])
        assert len(answers) == 2, text
        assert answers[1] == plain, text


def answers_are_clean(engine: Engine) -> None:
    """An answer is one line of text, without half a character or an outer space of the engine's own."""
    for text, answer in zip(TEXTS, engine.translate(TEXTS), strict=True):
        assert answer == answer.strip() or text == answer
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in answer)
        answer.encode("utf-8")


def it_knows_its_letters(engine: Engine) -> None:
    """Every plain letter and digit survives, and asking is safe for any character."""
    assert all(engine.can_write(char) for char in "abcdefghijklmnopqrstuvwxyz0123456789.,")
    assert all(isinstance(engine.can_write(char), bool) for char in "ж日🦊\x00\ud7ff \n")


def it_says_who_it_is(engine: Engine) -> None:
    """Name, pair, kind of marks and a version of one line, which goes into the signature."""
    assert isinstance(engine, Engine)
    assert engine.name in ENGINES
    assert engine.source_lang != engine.target_lang
    assert engine.marks in ("token", "blank")
    assert engine.version.strip() == engine.version != ""
    assert len(engine.version.splitlines()) == 1


def starting_and_ending_twice_is_safe(engine: Engine) -> None:
    """`load` and `close` may be called as often as anyone likes."""
    engine.load()
    engine.load()
    engine.close()
    engine.close()
    assert engine.translate([PLAIN])[0]


def it_takes_any_sequence(engine: Engine) -> None:
    """A tuple or a list, and the caller's own is not changed."""
    texts = list(TEXTS)
    from_list: Sequence[str] = engine.translate(texts)
    assert texts == list(TEXTS)
    assert from_list == engine.translate(tuple(texts))


RULES: tuple[Callable[[Engine], None], ...] = (
    one_answer_a_text, nothing_stays_nothing, order_is_kept, batches_do_not_matter, twice_is_the_same,
    strange_text_does_no_harm, answers_are_clean, it_knows_its_letters, it_says_who_it_is,
    starting_and_ending_twice_is_safe, it_takes_any_sequence,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_engine_keeps_the_contract(engine: Engine, rule: Callable[[Engine], None]) -> None:
    """The rule's own docstring says what it holds."""
    rule(engine)
