"""A sick or dead engine in a run: another route where there is one, else the source is kept and a finding raised."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.engines.base import Engine, Marks
from pipeline.engines.routes import Hop, Router
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.glossary import Glossary
from pipeline.localise import Localised, Options, Tools, localise_article
from pipeline.model import State

SENTENCES = (
    "The mayor of the town opened the old bridge on Monday.",
    "It had been closed for the whole of the winter.",
)
ARTICLE = "\n\n".join(["Bridge opens again", *SENTENCES]) + "\n"


class Plain:
    """Writes "[engine] text" for each text."""

    version, marks = "1", "token"
    marks: Marks = "token"

    def __init__(self, name: str, source: str, target: str) -> None:
        self.name, self.source_lang, self.target_lang = name, source, target

    def load(self) -> None:
        """Nothing to load."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def write(self, text: str) -> str:
        """Translate one text."""
        return f"{self.name} o {text[::-1]}"

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate."""
        return [self.write(text) for text in texts]

    def close(self) -> None:
        """Nothing to close."""


class Looping(Plain):
    """Loops on what tells of the winter."""

    def write(self, text: str) -> str:
        """Translate or loop."""
        return "o " * 40 if "winter" in text or "closed" in text else super().write(text)


class Copying(Plain):
    """Gives everything back as it was."""

    def write(self, text: str) -> str:
        """Copy."""
        return text


class Silent(Plain):
    """Says nothing."""

    def write(self, text: str) -> str:
        """Say nothing."""
        return ""


class Dead(Plain):
    """Never answers."""

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Die."""
        raise EngineFailed(f"engine {self.name}: gave no answer in 60 s")


class Gone(Plain):
    """Cannot be loaded."""

    def load(self) -> None:
        """Find nothing."""
        raise EngineMissing(f"engine {self.name}: no model")


def localise(
    *engines: tuple[type[Plain], str, float], text: str = ARTICLE, alternatives: int = 0
) -> tuple[Localised, Tools]:
    """Localise the article from English into Portuguese with these engines: class, name, cost."""
    router = Router()
    makers: dict[Hop, Callable[[], Engine]] = {}
    for kind, name, cost in engines:
        makers[Hop("en", "pt", name, cost, "test")] = lambda kind=kind, name=name: kind(name, "en", "pt")
    router._makers = makers
    tools = Tools(Glossary.empty(), router)
    options = Options(("pt",), source="en", alternatives=alternatives)
    return localise_article(text.encode(), "bridge", ".txt", options, tools), tools


def findings(done: Localised) -> list[str]:
    """The segments that an engine failed at."""
    return [finding.segment for finding in done.parallel.findings if finding.rule == "engine_failed"]


def by(done: Localised) -> list[tuple[State, str]]:
    """State and route of each target."""
    return [(item.targets["pt"].state, item.targets["pt"].route) for item in done.parallel.segments]


@pytest.mark.parametrize("kind", [Looping, Copying, Silent, Dead], ids=lambda kind: kind.__name__)
def test_a_sick_engine_hands_over_to_the_next_route(kind: type[Plain]) -> None:
    """Every sentence that the first cannot do comes from the second, and no finding is needed."""
    done, _ = localise((kind, "first", 1.0), (Plain, "second", 2.0))
    assert findings(done) == []
    assert all(state is State.MACHINE for state, _ in by(done))
    assert by(done)[-1] == (State.MACHINE, "en-pt:second")
    assert by(done)[1][1] == ("en-pt:first" if kind is Looping else "en-pt:second")


@pytest.mark.parametrize("kind", [Looping, Copying, Silent, Dead], ids=lambda kind: kind.__name__)
def test_without_another_route_the_source_is_kept(kind: type[Plain]) -> None:
    """The sentence stands there in English, marked as not translated, and a finding says why; the article is whole."""
    done, _ = localise((kind, "first", 1.0))
    last = done.parallel.segments[-1]
    assert (last.targets["pt"].text, last.targets["pt"].state) == (SENTENCES[1], State.UNTRANSLATED)
    assert last.segment.id in findings(done)
    assert SENTENCES[1] in done.rendered["pt"]
    if kind is Looping:
        assert findings(done) == [last.segment.id]


def test_a_dead_engine_does_not_stop_the_next_article() -> None:
    """The second article comes out as the first one did, from the other engine, which is tried first now."""
    _, tools = localise((Dead, "first", 1.0), (Plain, "second", 2.0))
    again = localise_article(ARTICLE.encode(), "again", ".txt", Options(("pt",), source="en"), tools)
    assert {route for _, route in by(again)} == {"en-pt:second"}


def test_an_engine_that_cannot_be_loaded_is_passed_over() -> None:
    """The next best route is taken; where there is none, the run says what is missing."""
    done, _ = localise((Gone, "first", 1.0), (Plain, "second", 2.0))
    assert {route for _, route in by(done)} == {"en-pt:second"}
    with pytest.raises(EngineMissing, match="engine first: no model"):
        localise((Gone, "first", 1.0))


def offered(done: Localised) -> list[list[tuple[str, int]]]:
    """Origin and quality of the alternatives of each target."""
    return [[(a.origin, a.quality) for a in item.targets["pt"].alternatives] for item in done.parallel.segments]


def test_alternatives_come_from_the_next_best_routes() -> None:
    """As many as asked for, the best first, with the chrF to be expected; their engines count in the signature."""
    engines = [(Plain, "first", 40.0), (Plain, "second", 42.0), (Plain, "third", 55.0)]
    done, _ = localise(*engines, alternatives=1)
    assert offered(done) == [[("en-pt:second", 58)]] * 3
    assert {route for _, route in by(done)} == {"en-pt:first"}
    assert set(done.parallel.signature.engines) == {"en-pt:first", "en-pt:second"}
    assert done.parallel.signature.options["alternatives"] == "1"
    assert offered(localise(*engines, alternatives=3)[0]) == [[("en-pt:second", 58), ("en-pt:third", 45)]] * 3
    assert offered(localise(*engines)[0]) == [[]] * 3


@pytest.mark.parametrize("kind", [Looping, Copying, Silent, Dead, Gone], ids=lambda kind: kind.__name__)
def test_a_sick_engine_offers_nothing(kind: type[Plain]) -> None:
    """What it makes a mess of is no alternative, and no finding: nobody depends on it."""
    done, _ = localise((Plain, "first", 1.0), (kind, "second", 2.0), alternatives=2)
    assert offered(done)[-1] == []
    assert findings(done) == []
    assert {state for state, _ in by(done)} == {State.MACHINE}


def test_no_alternative_says_the_same() -> None:
    """An engine under another name that writes the same is not offered twice, nor as an alternative to itself."""

    class Same(Plain):
        def write(self, text: str) -> str:
            return f"o {text[::-1]}"

    done, _ = localise((Same, "first", 1.0), (Same, "second", 2.0), (Plain, "third", 3.0), alternatives=3)
    assert offered(done) == [[("en-pt:third", 97)]] * 3


def test_the_report_and_the_files_are_whole(tmp_path: Path) -> None:
    """An article with a sentence that failed is written like any other."""
    from pipeline.exports import write_article

    done, _ = localise((Looping, "first", 1.0))
    written = write_article(done.parallel, done.rendered, tmp_path)
    assert len(written) >= 6
