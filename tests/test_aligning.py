"""Words of a target are traced to the words of its source, through every engine of a route."""

from collections.abc import Iterator, Sequence

import pytest
from inline_reference import place_all, read_references

from pipeline.aligning import align_route
from pipeline.engines.base import Aligned, Engine, Link, Marks
from pipeline.engines.routes import Router

MIN_RIGHT = 0.95  # of the tags of the reference around the right words


class TokenEngine:
    """Writes one word for each word, from a table, and aligns them."""

    name, source_lang, target_lang, version = "test", "en", "pt", "1"
    marks: Marks = "token"

    def __init__(self, links: Sequence[Link] = ()) -> None:
        self.links = links
        self.asked = 0

    def load(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""

    def can_write(self, char: str) -> bool:
        """Write no typographic marks."""
        return char not in "“”—"

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Nothing is translated here."""
        raise NotImplementedError

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Nothing is translated here."""
        raise NotImplementedError

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Give the links that it was made with."""
        self.asked += len(pairs)
        return [Aligned(source, target, tuple(self.links)) for source, target in pairs]


class BlankEngine(TokenEngine):
    """Keeps marks: swaps the first two words and upper-cases all."""

    marks: Marks = "blank"
    align = None  # type: ignore[assignment]  # it cannot

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Swap the first two words, marks and all."""
        return [" ".join([b, a, *rest]).upper() for text in texts for a, b, *rest in [text.split(" ")]]


class PlainEngine(BlankEngine):
    """Knows neither marks nor words."""

    marks: Marks = "token"


def spans(source: str, target: str, *pairs: tuple[str, str]) -> list[tuple[int, int, int, int]]:
    """Return where words stand that belong together."""
    return [(source.index(a), source.index(a) + len(a), target.index(b), target.index(b) + len(b)) for a, b in pairs]


def align(engines: Sequence[Engine], *way: str) -> list[tuple[int, int, int, int]]:
    """Align one way."""
    return sorted(align_route(engines, [way], {})[0])


def test_pieces_of_words_are_summed_up() -> None:
    """Links of pieces become links of whole words; of a word the strongest count, what looks everywhere does not."""
    links = [Link(0, 4, 4, 7, 0.9), Link(4, 8, 4, 7, 0.8), Link(9, 12, 0, 3, 0.1), Link(12, 15, 4, 7, 0.1)]
    source, target = "the cat", "gatinhos oxoxox"
    assert align([TokenEngine(links)], source, target) == spans(source, target, ("cat", "gatinhos"))


def test_characters_that_an_engine_cannot_write() -> None:
    """Places are those of the text as it stands, not as the engine reads it."""
    engine = TokenEngine([Link(4, 8, 4, 7, 1.0)])
    source, target = "“a — cat”", "“o — gato”"
    assert fitted(engine, source) == '"a - cat"'
    engine.links = [Link(5, 9, 5, 8, 1.0)]
    assert align([engine], source, target) == spans(source, target, ("cat", "gato"))


def fitted(engine: TokenEngine, text: str) -> str:
    """Return what an engine is asked."""
    seen: list[str] = []
    engine.align = lambda pairs: seen.extend(pairs[0]) or TokenEngine.align(engine, pairs)  # type: ignore[method-assign,assignment]
    align_route([engine], [[text, text]], {})
    del engine.align  # type: ignore[method-assign]
    return seen[0]


def test_marks_tell_where_words_went() -> None:
    """An engine that keeps marks translates once more; words put in place afterwards stand for those replaced."""
    source, target = "red house here", "HOUSE CRIMSON HERE"
    assert align([BlankEngine()], source, target) == sorted(
        spans(source, target, ("red", "CRIMSON"), ("house", "HOUSE"), ("here", "HERE"))
    )


def test_a_pivot_is_followed_through() -> None:
    """Of two engines each says its part."""
    source, pivot, target = "the cat", "gato o", "O GATO"
    links = [Link(0, 4, 4, 7, 1.0), Link(5, 6, 0, 3, 1.0)]
    assert align([TokenEngine(links), BlankEngine()], source, pivot, target) == sorted(
        spans(source, target, ("the", "O"), ("cat", "GATO"))
    )


def test_what_cannot_be_told_is_not_told() -> None:
    """An engine without an alignment leaves none for the whole route."""
    assert align([PlainEngine()], "the cat", "o gato") == []
    assert align([BlankEngine(), PlainEngine()], "a b", "B A", "B A") == []
    assert align([BlankEngine()], "a " * 1000, "A " * 1000) == []


def test_nothing_is_asked_twice() -> None:
    """Four targets behind one pivot cost one alignment of it."""
    engine, memo = TokenEngine(), {}
    for _ in range(2):
        align_route([engine], [["a", "b"], ["a", "b"]], memo)
    assert engine.asked == 1


def test_the_links_of_a_translation_that_was_left_as_it_was() -> None:
    """Are those that came with it: nothing is asked; of another text they are not."""
    engine = TokenEngine()
    memo = {("test", "en", "pt", "cat"): Aligned("cat", "gato", (Link(0, 4, 0, 3, 1.0),))}
    assert align_route([engine], [["cat", "gato"]], memo) == [((0, 3, 0, 4),)]
    assert engine.asked == 0
    assert align_route([engine], [["cat", "gata"]], memo) == [()]
    assert engine.asked == 1


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    """Share the engines between the tests of this file."""
    opened = Router()
    yield opened
    opened.close()


def test_tags_of_the_reference_in_portuguese(router: Router) -> None:
    """By the alignment of the real engine."""
    references = read_references()
    engines = [router.engine(hop) for hop in router.find_route("en", "pt").hops]
    placed = place_all(references, "pt", align_route(engines, [one.texts("pt") for one in references], {}))
    wrong = [one.show() for one in placed if not one.is_right]
    assert len(wrong) <= (1 - MIN_RIGHT) * len(placed), "\n".join(wrong)


@pytest.mark.apertium
def test_tags_of_the_reference_in_spanish(router: Router) -> None:
    """Through Portuguese."""
    references = read_references()
    hops = router.find_route("en", "es").hops
    assert [hop.target_lang for hop in hops] == ["pt", "es"]
    ways = [one.texts("pt", "es") for one in references]
    placed = place_all(references, "es", align_route([router.engine(hop) for hop in hops], ways, {}))
    wrong = [one.show() for one in placed if not one.is_right]
    assert len(wrong) <= (1 - MIN_RIGHT) * len(placed), "\n".join(wrong)
