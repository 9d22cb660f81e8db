"""An engine with a memory says what the engine would say, and asks it only for what is new."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.engines.base import Aligned, Aligner, Engine, Link, Marks, SecondWay
from pipeline.engines.routes import Hop
from pipeline.memory import Memory
from pipeline.remembering import RememberedEngine, RememberedRouter, remember


class Shouting:
    """An engine that counts what it is asked."""

    name, source_lang, target_lang, version = "shouting", "en", "pt", "1"
    marks: Marks = "token"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_loaded = False

    def load(self) -> None:
        """Note that it was loaded."""
        self.is_loaded = True

    def can_write(self, char: str) -> bool:
        """Write ASCII."""
        return char.isascii()

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Write in capitals."""
        self.load()
        self.asked += texts
        return [text.upper() for text in texts]

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Open a new memory."""
    return Memory(tmp_path / "memory.sqlite")


def test_only_new_texts_reach_the_engine(memory: Memory) -> None:
    """Each once, in order, repeats and empty texts included; an engine that is not needed is not loaded."""
    first = Shouting()
    engine: Engine = RememberedEngine(first, memory, "p")
    assert engine.translate(["a", "b", "a", ""]) == ["A", "B", "A", ""]
    memory.commit()
    assert first.asked == ["a", "b", ""]
    second = Shouting()
    engine = RememberedEngine(second, memory, "p")
    engine.load()
    assert engine.translate(["b", "a"]) == ["B", "A"]
    assert (second.asked, second.is_loaded) == ([], False)
    assert engine.translate(["b", "c"]) == ["B", "C"]
    assert second.asked == ["c"]


def test_another_version_is_asked_anew(memory: Memory) -> None:
    """What an old model said is none of the new one's."""
    RememberedEngine(Shouting(), memory, "p").translate(["a"])
    memory.commit()
    newer = Shouting()
    newer.version = "2"
    RememberedEngine(newer, memory, "p").translate(["a"])
    assert newer.asked == ["a"]


def test_it_is_the_engine_in_all_else(memory: Memory) -> None:
    """Name, pair, marks and characters pass through."""
    engine = RememberedEngine(Shouting(), memory, "p")
    assert isinstance(engine, Engine)
    assert (engine.name, engine.version, engine.marks, engine.can_write("é")) == ("shouting", "1", "token", False)


class Aligning(Shouting):
    """One that says where its words come from."""

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate, with a link over the whole text; a text with a question mark is in doubt."""
        return [
            Aligned(text, said, _link(text), "asks" if "?" in text else "")
            for text, said in zip(texts, self.translate(texts), strict=True)
        ]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align each pair."""
        self.asked += [" = ".join(pair) for pair in pairs]
        return [Aligned(source, target, _link(source)) for source, target in pairs]


class Halting(Shouting):
    """One with a second way."""

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Write in small letters."""
        return [text.lower() for text in texts]


def _link(text: str) -> tuple[Link, ...]:
    return (Link(0, len(text), 0, len(text), 1 / 3),) if text else ()


def test_links_come_back_to_the_last_bit(memory: Memory) -> None:
    """Of translations and of alignments, which are kept apart; the engine is asked for neither again."""
    first = remember(Aligning(), memory, "p")
    assert isinstance(first, Aligner)
    said, aligned = first.translate_aligned(["a", "", "b c"]), first.align([("a", "A"), ("a", "B")])
    memory.commit()
    second = Aligning()
    engine = remember(second, memory, "p")
    assert isinstance(engine, Aligner)
    assert engine.translate_aligned(["a", "", "b c"]) == said
    assert engine.align([("a", "A"), ("a", "B")]) == aligned
    assert second.asked == [""]


def test_an_answer_in_doubt_is_not_remembered(memory: Memory) -> None:
    """What is sick is asked again in the next run: the engine may have got well."""
    for _ in range(2):
        engine = Aligning()
        remembered = remember(engine, memory, "p")
        assert isinstance(remembered, Aligner)
        remembered.translate_aligned(["why?"])
        memory.commit()
        assert engine.asked == ["why?"]


def test_an_engine_keeps_its_second_way_and_gets_no_other(memory: Memory) -> None:
    """Neither alignment nor a second way is promised for an engine that has none."""
    plain, second = remember(Shouting(), memory, "p"), remember(Halting(), memory, "p")
    assert not isinstance(plain, (Aligner, SecondWay))
    assert isinstance(second, SecondWay)
    assert second.translate_otherwise(["A"]) == ["a"]


def test_another_program_is_asked_again(memory: Memory) -> None:
    """Rules of ours shape what an engine says: what another state of the program was told is no hit."""
    RememberedEngine(Shouting(), memory, "one").translate(["a"])
    memory.commit()
    engine = Shouting()
    RememberedEngine(engine, memory, "one").translate(["a"])
    assert engine.asked == []
    RememberedEngine(engine, memory, "two").translate(["a"])
    assert engine.asked == ["a"]


@pytest.mark.parametrize(("texts", "started"), [(("a", "b"), []), (("a", "c"), ["es"]), ((), [])])
def test_processes_start_ahead_of_new_texts_alone(texts: tuple[str, ...], started: list[str], memory: Memory) -> None:
    """Where the first engine of the route has said it all, the next one has, and no process is started."""
    RememberedEngine(Shouting(), memory, "p").translate(["a", "b"])
    memory.commit()
    engines = {}
    makers = {}
    for hop in (
        Hop("en", "pt", "shouting", 1, ""),
        Hop("pt", "es", "apertium", 1, ""),
        Hop("pt", "ca", "other", 1, ""),
    ):
        engines[hop.target_lang] = Shouting()
        makers[hop] = lambda to=hop.target_lang: engines[to]
    router = RememberedRouter(memory, "p")
    router._makers = makers
    for target in ("es", "ca"):
        router.start_ahead(router.find_route("en", target), texts)
    assert [to for to, engine in engines.items() if engine.is_loaded] == started
