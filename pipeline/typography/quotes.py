"""Quotation marks: find quotations however they are marked, and write them as a language does."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.languages import base_language
from pipeline.typography.tables import row

DOUBLE = '"“”„‟«»'
SINGLE = "'‘’‚‛‹›"
MARKS = DOUBLE + SINGLE
_ONE_OF = {family: re.compile(f"[{family}]") for family in (DOUBLE, SINGLE)}
_OPENS_BEFORE = frozenset("([{—–-/:>¿¡=…")  # an opening mark stands behind one of these, a space or another mark
_CLOSES_AFTER = frozenset(")]}.,;:!?…—–-/<%")
_ONLY_OPENING, _ONLY_CLOSING = "„‟‚‛", "’"  # ’ is an apostrophe or closes, in every language that has it first
_GUILLEMETS = "«»‹›"
_GAPS = "\u00a0\u202f "

# What only looks like an opening single quote: '90s, 'em, 'tis, rock 'n' roll; 'Ndrangheta, 's avonds, 't.
_ELISION = re.compile(
    r"['‘’](?:\d\ds?|n['’]|(?:em|tis|twas|til|till|cause|bout|round|cos|cuz|ere|ndrangheta|s|t|n|k)(?![\w'’]))(?!\w)",
    re.IGNORECASE,
)
_ROCK_N_ROLL = re.compile(r"['‘’][nN]['’](?!\w)")
_PLURAL_POSSESSIVE = re.compile(r"(?<=[sSxXzZ])['’] ?(?=[\w$£€])")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted span: with its marks from `start` to `end`, without them from `inner_start` to `inner_end`."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    depth: int  # 0 for an outer quotation


def find_quotes(text: str, lang: str) -> list[Quote]:
    """Find quoted spans whatever marks they use, also badly paired ones: “so“, „so", «so”. Sorted by start.

    A mark is judged by its neighbours: an opening one stands after a space or an opening bracket and before a
    letter, a closing one the other way round; where both are possible its own form decides. Apostrophes are left
    alone ('90s, O'Neill, the ministers' plan); an unpaired mark is in no span. Linear.
    """
    doubles, singles = (
        _nest([Quote(start, end, start + 1, end - 1, 0) for start, end in _pairs(text, family, lang)])
        for family in (DOUBLE, SINGLE)
    )
    return _nest(_drop_crossing(text, doubles, singles))


def _pairs(text: str, family: str, lang: str) -> Iterator[tuple[int, int]]:
    stack: list[int] = []
    places = [match.start() for match in _ONE_OF[family].finditer(text)]
    for n, at in enumerate(places):
        opens, closes = _can_open(text, at, lang), _can_close(text, at, lang)
        if opens and closes:
            opens = _opens_by_form(text, at, stack)
            closes = not opens
        if closes and stack and _has_content(text, stack[-1] + 1, at):
            later = places[n + 1] if n + 1 < len(places) else at
            if not (family is SINGLE and _is_possessive(text, at, later) and _can_close(text, later, lang)):
                yield stack.pop(), at + 1
        elif opens:
            stack.append(at)


def _has_content(text: str, start: int, end: int) -> bool:
    while start < end and text[start].isspace():
        start += 1
    return start < end


def _can_open(text: str, at: int, lang: str) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in _ONLY_CLOSING and base_language(lang) not in ("fi", "sv"):
        return False
    if char in SINGLE and _ELISION.match(text, at):
        return False
    outside = not before or before.isspace() or before in _OPENS_BEFORE or before in MARKS or char in _ONLY_OPENING
    if char in _GUILLEMETS and after and after in _GAPS and (not before or before.isspace() or before in _OPENS_BEFORE):
        return char in row(lang)["quotes"][0::2] or char in "«‹"
    return outside and bool(after) and not after.isspace() and after not in _CLOSES_AFTER - {"…", "-", "–", "—"}


def _can_close(text: str, at: int, lang: str) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in "‚‛" or (char in SINGLE and _ROCK_N_ROLL.match(text, max(0, at - 2))):
        return False
    ended = not after or after.isspace() or after in _CLOSES_AFTER or after in MARKS
    if char in _GUILLEMETS and before and before in _GAPS:
        return ended and char not in row(lang)["quotes"][0]
    inside = bool(before) and not before.isspace() and before not in "([{¿¡"
    if char == '"' or char in "“”»«":
        return inside and (ended or (char in "”»" and after.isalnum()))
    return inside and ended


def _opens_by_form(text: str, at: int, stack: Sequence[int]) -> bool:
    """Decide a mark that may open or close by its own form, and by what is open."""
    char = text[at]
    if char in "”»›’":
        return not stack
    if char in "“‘":
        return not (stack and text[stack[-1]] in "„‚“‘" and text[at - 1 : at] not in MARKS)
    if char in "«‹":
        return True
    return not stack


def _is_possessive(text: str, at: int, later: int) -> bool:
    """Whether the mark of "the ministers' plan" is no end of a quotation, as a later mark of the same form may be."""
    if later == at or text[later] != text[at] or any(char in DOUBLE for char in text[at:later]):
        return False
    return _PLURAL_POSSESSIVE.match(text, at) is not None


def _drop_crossing(text: str, doubles: Sequence[Quote], singles: Sequence[Quote]) -> list[Quote]:
    """Leave out the single quotations that begin inside one double quotation and end outside of it."""
    around = [-1] * (len(text) + 1)
    for n, quote in enumerate(sorted(doubles, key=lambda q: (q.start, -q.end))):
        if quote.depth < 2:
            around[quote.start : quote.end] = [n] * (quote.end - quote.start)
    return [*doubles, *(q for q in singles if around[q.start] == around[q.end - 1])]


def _nest(quotes: Sequence[Quote]) -> list[Quote]:
    """Sort, drop what crosses another, and count the depth."""
    found: list[Quote] = []
    around: list[Quote] = []
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        while around and around[-1].end <= quote.start:
            around.pop()
        if around and quote.end > around[-1].end:
            continue
        found.append(replace(quote, depth=len(around)))
        around.append(quote)
    return found


def find_loose_marks(text: str, quotes: Sequence[Quote], lang: str) -> list[tuple[int, bool]]:
    """Find the double mark that opens a quotation which goes on in a later sentence, and the one that closes such a
    quotation: where each stands, and whether it opens. Nothing where more than one of a kind is without its mate.
    """
    paired = {at for quote in quotes for at in (quote.start, quote.end - 1)}
    loose = [at for match in _ONE_OF[DOUBLE].finditer(text) if (at := match.start()) not in paired]
    opening = [at for at in loose if _can_open(text, at, lang) and not _can_close(text, at, lang)]
    closing = [at for at in loose if _can_close(text, at, lang) and not _can_open(text, at, lang)]
    closing = [at for at in closing if not text[at - 1 : at].isdigit()]  # 6" is a length
    if len(opening) > 1 or len(closing) > 1 or len(loose) > len(opening) + len(closing):
        return []
    return [*((at, False) for at in closing), *((at, True) for at in opening)]


def repair_quotes(text: str, lang: str, *, straight: bool = False) -> str:
    """Write every quotation with the language's own marks, nested ones with the nested marks; or all of them straight.

    >>> repair_quotes("known as “colectivos“", "pt"), repair_quotes("known as “colectivos“", "pt", straight=True)
    ('known as “colectivos”', 'known as "colectivos"')
    """
    return _if_it_holds(text, lambda each: _rewritten(each, lang, straight=straight))


def _if_it_holds(text: str, repair: Callable[[str], str]) -> str:
    """Return the repaired text; the text itself where a second repair would change it: its marks make no sense."""
    done = repair(text)
    return done if done == text or repair(done) == done else text


def _rewritten(text: str, lang: str, *, straight: bool) -> str:
    own = ['"', '"', "'", "'"] if straight else row(lang)["quotes"]
    space = "" if straight else str(row(lang).get("inner_space", ""))
    edits: list[tuple[int, int, str]] = []
    quotes = find_quotes(text, lang)
    for quote in quotes:
        if straight and text[quote.start] + text[quote.end - 1] == "''":
            continue
        opening, closing = own[:2] if quote.depth % 2 == 0 else own[2:]
        start, end = quote.inner_start, quote.inner_end
        pad = space if opening in _GUILLEMETS else ""
        while start < end and text[start] in _GAPS:
            start += 1
        while end > start and text[end - 1] in _GAPS:
            end -= 1
        if start < end:
            edits += [(quote.start, start, opening + pad), (end, quote.end, pad + closing)]
    for at, opens in find_loose_marks(text, quotes, lang):
        pad = space if own[0] in _GUILLEMETS else ""
        edits.append(_loose_edit(text, at, own[0] + pad) if opens else _loose_edit(text, at, pad + own[1]))
    return _apply(text, edits)


def _loose_edit(text: str, at: int, mark: str) -> tuple[int, int, str]:
    """Replace one mark, and the gap that a guillemet has inside."""
    start, end = at, at + 1
    if text[at] in _GUILLEMETS:
        while start > 0 and mark[:1] in _GAPS and text[start - 1] in _GAPS:
            start -= 1
        while end < len(text) and mark[-1:] in _GAPS and text[end] in _GAPS:
            end += 1
    return start, end, mark


def uses_typographic_quotes(text: str, leave: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether other double quotation marks than straight ones stand outside of the spans `leave`."""
    places = [at for at, char in enumerate(text) if char in DOUBLE[1:]]
    find = _holder_of(leave)
    return any(find(at) is None for at in places)


def _holder_of(spans: Sequence[tuple[int, int]]) -> Callable[[int], tuple[int, int] | None]:
    """Return what tells the span that holds a place; the spans are apart. A long text has many marks and many spans."""
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]

    def find(at: int) -> tuple[int, int] | None:
        number = bisect_right(starts, at) - 1
        return ordered[number] if number >= 0 and at < ordered[number][1] else None

    return find


def normalise_quotes(text: str, lang: str, leave: Sequence[tuple[int, int]] = (), *, straight: bool = True) -> str:
    """Repair the quotations of a source that are wrongly paired or in another language's style, mark for mark.

    Those of any style that the language's newspapers use stay as they are, and so does what lies inside one of the
    spans `leave`, which are apart, as foreign text does. Straight ones stay where the article has no others
    (`straight`); else they get the language's marks. Every offset holds.

    >>> normalise_quotes('the “so-called“ "reform" of „gancheros“', "en")
    'the “so-called” "reform" of “gancheros”'
    """
    return _if_it_holds(text, lambda each: _normalised(each, lang, leave, straight=straight))


def _normalised(text: str, lang: str, leave: Sequence[tuple[int, int]], *, straight: bool) -> str:
    own = row(lang)["quotes"]
    good = _good_pairs(lang) - (frozenset() if straight else frozenset({'""', "''"}))
    edits = []
    quotes = find_quotes(text, lang)
    find = _holder_of(leave)
    for quote in quotes:
        around = find(quote.start)
        # In a span, or begun or ended in one, without being that span.
        is_left = around != find(quote.end - 1) or around not in (None, (quote.start, quote.end))
        pair = text[quote.start] + text[quote.end - 1]
        if pair not in good and not is_left:
            opening, closing = _marks_for(pair, quote, own)
            edits += [(quote.start, quote.start + 1, opening), (quote.end - 1, quote.end, closing)]
    for at, opens in find_loose_marks(text, quotes, lang):
        mark = own[0] if opens else own[1]
        if find(at) is None and text[at] not in {pair[not opens] for pair in good}:
            edits.append((at, at + 1, mark))
    return _apply(text, edits)


def _marks_for(pair: str, quote: Quote, own: Sequence[str]) -> tuple[str, str]:
    # Single marks stay single where the language has them so: ‘so' -> ‘so’.
    single = pair[0] in SINGLE and own[2] in SINGLE
    nested = single or (quote.depth % 2 == 1 and pair[0] not in own[0])
    return (own[2], own[3]) if nested else (own[0], own[1])


def _good_pairs(lang: str) -> frozenset[str]:
    own = row(lang)["quotes"]
    return frozenset({'""', "''", own[0] + own[1], own[2] + own[3], *row(lang).get("also_quotes", ())})


def _apply(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])
