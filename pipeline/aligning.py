"""Which words of a target were written for which words of its source, hop by hop along a route."""

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.enforcing import Memo
from pipeline.engines.base import Aligned, Aligner, Engine, Link
from pipeline.fitting import fit_characters
from pipeline.model import MARK_FIRST, MARK_LIMIT
from pipeline.protecting import mark_spans, read_marks

MIN_WEIGHT = 0.2
"""Least share of attention for a link to count. Below it a word looks everywhere at once; over two hops the shares
are multiplied."""

MIN_SHARE = 0.5
"""Least part of a word's strongest link for another one of it to count."""

MAX_WORDS = 400
"""Words of a sentence that Apertium aligns: comparing two texts takes the square of their lengths."""

_UNIT = re.compile(r"\w+|[^\w\s]")

Span = tuple[int, int]
Alignment = tuple[tuple[int, int, int, int], ...]  # source start and end, target start and end


@dataclass(frozen=True, slots=True)
class _Pair:
    """A word of a target and the word of the source that it was written for, by their numbers."""

    target: int
    source: int
    weight: float


def align_route(engines: Sequence[Engine], ways: Sequence[Sequence[str]], memo: Memo) -> list[Alignment]:
    """Align the first text of each way with its last, in spans of words and marks.

    A way holds the texts of a sentence: the source, then what each of `engines` made of it, the last one as it stands
    in the target. Where one of the engines cannot tell, there is no alignment. `memo` remembers what was asked.
    """
    chains = [_chain(way[0]) for way in ways]
    for number, engine in enumerate(engines):
        hops = _align_hop(engine, [(way[number], way[number + 1]) for way in ways], memo)
        chains = [_compose(chain, hop) for chain, hop in zip(chains, hops, strict=True)]
    return [_to_spans(way[0], way[-1], chain) for way, chain in zip(ways, chains, strict=True)]


def _chain(text: str) -> list[_Pair]:
    return [_Pair(number, number, 1.0) for number in range(len(_units(text)))]


def _units(text: str) -> list[Span]:
    return [match.span() for match in _UNIT.finditer(text)]


def _compose(first: Iterable[_Pair], second: Iterable[_Pair]) -> list[_Pair]:
    by_target: dict[int, list[_Pair]] = {}
    for pair in first:
        by_target.setdefault(pair.target, []).append(pair)
    sums: dict[tuple[int, int], float] = {}
    for pair in second:
        for before in by_target.get(pair.source, ()):
            key = pair.target, before.source
            sums[key] = sums.get(key, 0.0) + pair.weight * before.weight
    return [_Pair(*key, weight) for key, weight in sorted(sums.items())]


def _to_spans(source: str, target: str, pairs: Sequence[_Pair]) -> Alignment:
    here, there = _units(source), _units(target)
    most: dict[int, float] = {}
    for pair in pairs:
        most[pair.target] = max(pair.weight, most.get(pair.target, MIN_WEIGHT))
    strong = (pair for pair in pairs if pair.weight >= MIN_SHARE * most[pair.target] and pair.weight >= MIN_WEIGHT)
    return tuple((*here[pair.source], *there[pair.target]) for pair in strong)


def _align_hop(engine: Engine, texts: Sequence[tuple[str, str]], memo: Memo) -> list[list[_Pair]]:
    if engine.marks == "blank":
        return _align_by_marks(engine, texts)
    if not isinstance(engine, Aligner):
        return [[] for _ in texts]
    fitted = [(_Fitted(source, engine), _Fitted(target, engine)) for source, target in texts]
    pairs = [(a.text, b.text) for a, b in fitted]
    known = {pair: answer for pair in pairs if (answer := _find_answer(engine, pair, memo))}
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    for pair, answer in zip(new, engine.align(new), strict=True):
        known[pair] = memo[_key(engine, pair)] = answer
    return [_read_links(known[a.text, b.text], a, b) for a, b in fitted]


def _key(engine: Engine, pair: tuple[str, str]) -> tuple[str, ...]:
    return "align", engine.name, engine.source_lang, engine.target_lang, *pair


def _find_answer(engine: Engine, pair: tuple[str, str], memo: Memo) -> Aligned | None:
    """Return the links that are known: asked for before, or of the engine's own translation that was left as it was."""
    own = memo.get((engine.name, engine.source_lang, engine.target_lang, pair[0]))
    return own if own and own.links and own.text == pair[1] else memo.get(_key(engine, pair))


class _Fitted:
    """A text in the characters of an engine, with the place of each word and mark in it."""

    def __init__(self, text: str, engine: Engine) -> None:
        parts: list[str] = []
        self.spans: list[Span] = []
        at = length = 0
        for start, end in _units(text):
            unit = fit_characters(text[start:end], engine.can_write) or text[start:end]
            parts += [" " if start > at else "", unit]
            length += len(parts[-2])
            self.spans.append((length, length + len(unit)))
            length += len(unit)
            at = end
        self.text = "".join(parts)


def _read_links(answer: Aligned, source: _Fitted, target: _Fitted) -> list[_Pair]:
    """Sum up the links of pieces by word; the shares of a word of the target are 1 together at the most."""
    sums: dict[tuple[int, int], float] = {}
    ends = [end for _, end in source.spans]
    for number, span, link in _overlaps(target.spans, answer.links):
        share = (min(span[1], link.target_end) - max(span[0], link.target_start)) / (span[1] - span[0])
        width = link.source_end - link.source_start
        for here in range(bisect_right(ends, link.source_start), len(ends)):
            start, end = source.spans[here]
            if start >= link.source_end:
                break
            inside = min(end, link.source_end) - max(start, link.source_start)
            sums[number, here] = sums.get((number, here), 0.0) + link.weight * share * inside / width
    return [_Pair(*key, weight) for key, weight in sorted(sums.items())]


def _overlaps(spans: Sequence[Span], links: Sequence[Link]) -> Iterator[tuple[int, Span, Link]]:
    """Give each span with the links whose target overlaps it; both are in order."""
    first = 0
    for number, span in enumerate(spans):
        while first < len(links) and links[first].target_end <= span[0]:
            first += 1
        for link in links[first:]:
            if link.target_start >= span[1]:
                break
            yield number, span, link


def _align_by_marks(engine: Engine, texts: Sequence[tuple[str, str]]) -> list[list[_Pair]]:
    """Translate once more with a mark on each word, and compare what comes back with the target."""
    short = [len(_units(source)) <= min(MAX_WORDS, MARK_LIMIT - MARK_FIRST) for source, _ in texts]
    marked = [_mark_words(source) for (source, _), is_short in zip(texts, short, strict=True) if is_short]
    answers = iter(engine.translate(marked))
    return [
        _read_marked(next(answers), target) if is_short else []
        for (_, target), is_short in zip(texts, short, strict=True)
    ]


def _mark_words(text: str) -> str:
    words = [(start, end, number, text[start:end]) for number, (start, end) in enumerate(_units(text))]
    return mark_spans(text, [word for word in words if word[3][0].isalnum()])


def _read_marked(answer: str, target: str) -> list[_Pair]:
    """Take the marks of an answer over to the target, whose words differ here and there: what was put in place."""
    plain, marks = read_marks(answer)
    spans, goals = _units(plain), _units(target)
    origins: list[list[int]] = [
        [mark.number for mark in marks if mark.start < end and start < mark.end] for start, end in spans
    ]
    words = [[text[a:b].casefold() for a, b in units] for text, units in ((plain, spans), (target, goals))]
    pairs: set[tuple[int, int]] = set()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        if kind == "equal":
            pairs |= {(c + at - a, number) for at in range(a, b) for number in origins[at]}
        elif kind == "replace":
            pairs |= {(there, number) for at in range(a, b) for number in origins[at] for there in range(c, d)}
    return [_Pair(there, number, 1.0) for there, number in sorted(pairs)]
