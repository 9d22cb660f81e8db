"""Sentences along a route, hop by hop; and once more in other words, where a forbidden one came out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.agreement import agree
from pipeline.aligning import align_route
from pipeline.enforcing import Item, Memo, take_hop
from pipeline.engines.base import Aligned, Aligner, Avoider, Engine, Find, Link, SecondWay
from pipeline.engines.routes import Hop, Route, Router
from pipeline.glossary import find_forbidden
from pipeline.model import Entry
from pipeline.protecting import read_marks

Ask = Callable[[Sequence[str]], list[Aligned]]
Span = tuple[int, int]

SMALL = 3  # letters of a word that mostly joins others


@dataclass(frozen=True, slots=True)
class Journey:
    """A sentence at the end of its route, and the first hop whose engine made a mess of it."""

    item: Item
    way: tuple[str, ...]  # the text to translate, and what each hop made of it
    sick_at: Hop | None = None


def travel(starts: Sequence[Journey], route: Route, router: Router, memo: Memo) -> list[Journey]:
    """Take sentences along a route, all of them one hop after the other."""
    journeys = list(starts)
    for hop in route.hops:
        items = take_hop(router.engine(hop), [journey.item for journey in journeys], memo)
        journeys = [_go_on(journey, item, hop) for journey, item in zip(journeys, items, strict=True)]
    return journeys


def _go_on(journey: Journey, item: Item, hop: Hop) -> Journey:
    sick_at = journey.sick_at or (hop if item.doubt else None)
    return Journey(item, (*journey.way, read_marks(item.marked)[0]), sick_at)


def approved_spans(item: Item) -> list[Span]:
    """Return where what the glossary approves or a fragment keeps stands in the text reached."""
    return [
        (mark.start, mark.end)
        for mark in read_marks(item.marked)[1]
        if item.demands[mark.number].origin or item.demands[mark.number].kind == "kept"
    ]


def reword(
    journey: Journey, start: Journey, forbidden: Sequence[Entry], lang: str, tools: tuple[Route, Router, Memo]
) -> Journey:
    """Translate again without the forbidden words that have no replacement; the same journey where that helps nothing.

    The engines are asked in their other ways, the last one first. `start` is the journey before its first hop.
    """
    entries = [entry for entry in forbidden if not entry.use]

    def find(text: str, spared: Sequence[Span] = ()) -> list[Span]:
        return [(start, end) for start, end, _ in find_forbidden(text, entries, lang, spared)]

    def count(one: Journey) -> int:
        return len(find(one.way[-1], approved_spans(one.item)))

    best = journey
    for way in _ways(find, tools) if count(journey) and not journey.item.doubt else ():
        tried = _go_again(start, *way, tools)
        is_worse = tried.sick_at or len(tried.item.missing) > len(journey.item.missing)
        if not is_worse and count(tried) < count(best):
            best = tried
        if not count(best):
            break
    return best


def _go_again(start: Journey, number: int, ask: Ask, tools: tuple[Route, Router, Memo]) -> Journey:
    route, router, memo = tools
    tried = start
    for at, hop in enumerate(route.hops):
        engine: Engine = router.engine(hop)
        # What an engine says in another way is its own matter: the memory of this run has the usual answers.
        there = (_Otherwise(engine, ask), {}) if at == number else (engine, memo)
        (item,) = take_hop(there[0], [tried.item], there[1])
        tried = _go_on(tried, item, hop)
    return tried


def _ways(find: Find, tools: tuple[Route, Router, Memo]) -> Iterator[tuple[int, Ask]]:
    """Give numbers of hops and how to ask there: without the words that become forbidden ones, then in another way."""
    route, router, memo = tools
    engines = [router.engine(hop) for hop in route.hops]
    last = len(engines) - 1
    for number in range(last, -1, -1):
        engine = engines[number].engine
        if isinstance(engine, Avoider):
            onward = engines[number + 1 :]
            yield number, _avoiding(engine, _find_behind(find, onward, memo) if onward else find)
    for number in range(last, -1, -1):
        engine = engines[number].engine
        if isinstance(engine, SecondWay):
            yield number, _second_way(engine)


def _find_behind(find: Find, onward: Sequence[Engine], memo: Memo) -> Find:
    """Say which words of a text on the way become forbidden ones further on, by translating it onward."""

    def find_behind(text: str) -> list[Span]:
        way = [text]
        for engine in onward:
            way += engine.translate(way[-1:])
        bad = find(way[-1])
        if not bad:
            return []
        (alignment,) = align_route(onward, [way], memo)
        spans = {(start, end) for start, end, there, until in alignment if any(there < b and a < until for a, b in bad)}
        # Prepositions and articles are no words to avoid, where there are longer ones.
        return sorted(span for span in spans if span[1] - span[0] > SMALL) or sorted(spans)

    return find_behind


def _avoiding(engine: Engine, find: Find) -> Ask:
    def ask(texts: Sequence[str]) -> list[Aligned]:
        assert isinstance(engine, Avoider)
        answers = engine.translate_avoiding([(text, find) for text in texts])
        usual = engine.translate(texts)
        return [_agree(text, one, engine.target_lang) for text, one in zip(usual, answers, strict=True)]

    return ask


def _agree(usual: str, answer: Aligned, lang: str) -> Aligned:
    """Make the determiner before the first other word agree with it: the model had written it for the usual word."""
    pairs = zip(f"{usual} ", f"{answer.text} ", strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), len(answer.text))
    at = answer.text.rfind(" ", 0, same) + 1
    old, new = (re.split(r"[^\w-]", text[at:], maxsplit=1)[0] for text in (usual, answer.text))
    lead = agree(answer.text[:at], new, lang, old=old) if old and new else answer.text[:at]
    shift = len(lead) - at
    if lead == answer.text[:at]:
        return answer
    links = [_shift(link, at, shift) for link in answer.links]
    return replace(answer, text=lead + answer.text[at:], links=tuple(one for one in links if one))


def _shift(link: Link, at: int, shift: int) -> Link | None:
    """Move a link behind a place; one before it loses what is no longer there."""
    if link.target_start >= at:
        return replace(link, target_start=link.target_start + shift, target_end=link.target_end + shift)
    end = min(link.target_end, at + shift - 1)
    return replace(link, target_end=end) if link.target_start < end else None


def _second_way(engine: SecondWay) -> Ask:
    return lambda texts: [
        Aligned(text, said, ()) for text, said in zip(texts, engine.translate_otherwise(texts), strict=True)
    ]


class _Otherwise:
    """An engine that is asked in another way."""

    def __init__(self, engine: Engine, ask: Ask) -> None:
        self._engine = engine
        self._ask = ask
        self.name, self.marks = engine.name, engine.marks
        self.source_lang, self.target_lang = engine.source_lang, engine.target_lang

    @property
    def version(self) -> str:
        """Version of the engine."""
        return self._engine.version

    def load(self) -> None:
        """Make ready."""
        self._engine.load()

    def can_write(self, char: str) -> bool:
        """Whether `char` survives."""
        return self._engine.can_write(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate in the other way."""
        return [answer.text for answer in self._ask(texts)]

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate and align in the other way."""
        return self._ask(texts)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align as the engine does."""
        if isinstance(self._engine, Aligner):
            return self._engine.align(pairs)
        return [Aligned(source, target, ()) for source, target in pairs]

    def close(self) -> None:
        """Leave it to the engine's owner."""
