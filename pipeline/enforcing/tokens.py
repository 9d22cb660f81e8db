"""One hop through an engine that knows only words."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipeline.agreement import agree_adjective, link_to
from pipeline.enforcing.asking import Asked
from pipeline.enforcing.cutting import cut_around, lost_passages
from pipeline.enforcing.items import Item, agree_terms, locate, preferred
from pipeline.enforcing.names import names_copied, respell, settle_copied
from pipeline.enforcing.neighbours import is_small
from pipeline.enforcing.patching import is_attribute, joint_of, patch
from pipeline.enforcing.readings import find_verbs
from pipeline.engines.base import Aligned, Engine
from pipeline.fitting import fit_characters
from pipeline.protecting import (
    TOKEN_STYLES,
    choose_style,
    decode_tokens,
    drop_marks,
    edit_before,
    encode_tokens,
    fence,
    read_marks,
    replace_marks,
)

# A sentence that has less of the words of the usual translation is tried in the next style of token, too: tokens may
# turn the order of a sentence round.
MIN_LIKENESS = 0.85

_WORDS = re.compile(r"\w+")

ATTEMPTS = 1 + len(TOKEN_STYLES)  # as it is; what is missing behind tokens, in one style after the other


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence as the engine reads it."""

    text: str
    style: str  # of its tokens
    order: tuple[int, ...]  # the demand behind each token
    places: dict[int, tuple[int, int]]  # demand -> its span in `text`, where it is not behind a token


def token_hop(asked: Asked, items: Sequence[Item]) -> list[Item]:
    """Translate as it is; put what is missing where its words were; what is missing still, behind tokens.

    A passage to keep that is missing even then is kept, and the sentence translated around it.
    """
    hidden = [frozenset(i for i, d in enumerate(item.demands) if d.always) for item in items]
    encoded, answers = _ask(asked, items, hidden, 0)
    first = [_decode(*row, asked.lang) for row in zip(items, encoded, answers, strict=True)]
    names = names_copied(first, asked.engine.source_lang)
    best = [respell(settle_copied(item, names), asked.engine.source_lang, asked.lang) for item in first]
    langs = (asked.engine.source_lang, asked.lang)
    verbs = [_find_verbs(*row, langs) for row in zip(best, encoded, answers, strict=True)]
    items, best = (list(map(_leave_out, group, verbs)) for group in (items, best))
    best = [_patch(*row, asked.lang) for row in zip(best, items, encoded, answers, strict=True)]
    lost = {at: item.missing for at, item in enumerate(best) if item.missing}
    for attempt in range(1, ATTEMPTS):
        again = [at for at in lost if best[at].missing or _likeness(best[at], first[at]) < MIN_LIKENESS]
        wider = [hidden[at] | lost[at] | best[at].missing for at in again]
        tried = _ask(asked, [items[at] for at in again], wider, attempt - 1)
        for at, code, answer in zip(again, *tried, strict=True):
            item = settle_copied(_decode(items[at], code, answer, asked.lang), names)
            item = _patch(item, items[at], code, answer, asked.lang)
            best[at] = min(best[at], item, key=partial(_rank, usual=first[at]))
    for at, passages in enumerate(map(lost_passages, best)):
        if passages:
            cut = locate(cut_around(items[at], passages, partial(token_hop, asked)), asked.lang)
            best[at] = min(best[at], cut, key=partial(_rank, usual=first[at]))
    return best


def _find_verbs(found: Item, encoded: Encoded, answer: Aligned, langs: tuple[str, str]) -> frozenset[int]:
    spans = {i: encoded.places[i] for i in found.missing if i in encoded.places}
    return find_verbs(found, answer, spans, langs) if spans else frozenset()


def _leave_out(item: Item, verbs: frozenset[int]) -> Item:
    return replace(item, missing=item.missing - verbs, ignored=item.ignored | verbs) if verbs else item


def _rank(item: Item, usual: Item) -> tuple[bool, int, float]:
    """Order of preference: no doubt, fewest missing, then the words of the usual translation in their order."""
    return bool(item.doubt), len(item.missing), -_likeness(item, usual)


def _likeness(item: Item, usual: Item) -> float:
    """Return how far a translation has the words of the usual one, 0 to 1; what was put there does not count."""
    texts = (item.marked, usual.marked)
    one, other = (_WORDS.findall(replace_marks(text, dict.fromkeys(item.enforced, ""))) for text in texts)
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _ask(
    asked: Asked, items: Sequence[Item], hidden: Sequence[Collection[int]], attempt: int
) -> tuple[list[Encoded], list[Aligned]]:
    style = choose_style([read_marks(item.marked)[0] for item in items], attempt)
    encoded = [_encode(item, hide, style, asked.engine) for item, hide in zip(items, hidden, strict=True)]
    answers = asked.translate_aligned([code.text if _has_words(code) else "" for code in encoded])
    # What has no words but tokens stays as it is.
    pairs = zip(encoded, answers, strict=True)
    return encoded, [
        answer if answer.text else Aligned(code.text, code.text, (), answer.doubt) for code, answer in pairs
    ]


def _encode(item: Item, hide: Collection[int], style: str, engine: Engine) -> Encoded:
    hidden, order = encode_tokens(drop_marks(item.marked, hide), style)
    text = fit_characters(hidden, engine.can_write)
    tokens = {number: style.format(at) for at, number in enumerate(order)}
    fenced, marks = read_marks(fit_characters(replace_marks(item.marked, tokens), engine.can_write))
    # A dash beside a fence may be fitted otherwise: then the places are not known.
    places = {mark.number: (mark.start, mark.end) for mark in marks if mark.number not in hide}
    return Encoded(text, style, tuple(order), places if fenced == text else {})


def _has_words(encoded: Encoded) -> bool:
    text = encoded.text
    for at in range(len(encoded.order)):
        text = text.replace(encoded.style.format(at), "", 1)
    return any(char.isalnum() for char in text)


def _decode(item: Item, encoded: Encoded, answer: Aligned, lang: str, usual: Aligned | None = None) -> Item:
    """Take an answer's tokens back. `usual` is the answer with its links, where `answer` was changed since."""
    inners = {i: preferred(item.demands[i], lang) for i in encoded.order}
    decoded = decode_tokens(answer.text, encoded.style, encoded.order, inners)
    decoded = _drop_echoes(decoded, {i: inners[i] for i in encoded.order if item.demands[i].kind == "money"})
    attributes = _attributes(item, encoded, usual or answer, lang)
    decoded = edit_before(decoded, lambda i, before, inner: before + attributes.get(i, ""))
    decoded = _bend_adjectives(decoded, encoded.order, item, lang)
    decoded = agree_terms(decoded, dict.fromkeys(encoded.order, ""), item, lang)
    done = replace(item, marked=decoded, enforced=item.enforced | set(encoded.order), doubt=item.doubt or answer.doubt)
    return locate(done, lang)


def _attributes(item: Item, encoded: Encoded, answer: Aligned, lang: str) -> dict[int, str]:
    """Say what joins terms to the noun before them, where their token was a noun before a noun.

    "[Parliament] Members" came back as "deputados [Parlamento]": "deputados do Parlamento".
    """
    found = {}
    for at, number in enumerate(encoded.order):
        token, demand = encoded.style.format(at), item.demands[number]
        starts = answer.source.find(token), answer.text.find(token)
        if demand.kind != "term" or demand.is_adjective or -1 in starts:
            continue
        span, place = ((start, start + len(token)) for start in starts)
        if is_attribute(answer, span, place, lang):
            found[number] = joint_of(preferred(demand, lang), demand, lang)
    return found


def _bend_adjectives(marked: str, numbers: Collection[int], item: Item, lang: str) -> str:
    """Make approved adjectives agree with the noun before them: "testes [atômicos]", where a token stood.

    The engine may have taken the token for a noun: then its "de" goes.
    """
    bent: dict[int, str] = {}

    def edit(number: int, before: str, inner: str) -> str:
        if number not in numbers or not item.demands[number].is_adjective:
            return before
        plain = read_marks(before)[0]
        found = re.search(rf"(\w+) (?:{re.escape(link_to('x', lang))})?\Z", plain)
        form = agree_adjective(inner, "", found[1], lang) if found and not is_small(found[1], lang) else ""
        if not found or not form:
            return before
        bent[number] = form
        return before[: len(before) - (len(plain) - found.end(1))] + " "

    return replace_marks(edit_before(marked, edit), bent)


def _drop_echoes(marked: str, sums: Mapping[int, str]) -> str:
    """Drop a unit that the engine wrote behind a token, too: "[417 millones de euros] euros"."""
    for number, form in sums.items():
        unit = re.escape(form.split()[-1])
        marked = re.sub(rf"({re.escape(fence(number, form))}) {unit}(?!\w)", r"\1", marked)
    return marked


def _patch(found: Item, item: Item, encoded: Encoded, answer: Aligned, lang: str) -> Item:
    """Put missing demands where the words stand that were written for them; keep that only if none is lost by it."""
    spans = {i: encoded.places[i] for i in found.missing if i in encoded.places}
    patched, olds = patch(answer, spans, found, lang)
    if not olds:
        return found
    agreed = Aligned(answer.source, agree_terms(patched, olds, item, lang), (), answer.doubt)
    opened = replace(item, ignored=found.ignored, enforced=item.enforced | set(olds))
    tried = _decode(opened, encoded, agreed, lang, answer)
    return min(found, tried, key=lambda one: len(one.missing))
