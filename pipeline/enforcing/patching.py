"""Put a form where the words stand that an engine wrote for a span of its source, by the engine's own alignment."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pipeline.agreement import (
    add_article,
    agree_adjective,
    drop_article,
    is_function_word,
    is_same_adjective,
    link_to,
    stands_before_nouns,
    stem_of,
)
from pipeline.enforcing.items import Demand, Item, capitalise, capitalise_like, match_number, preferred, starts_sentence
from pipeline.enforcing.neighbours import find_lost, is_small, leave_neighbours
from pipeline.engines.base import Aligned, Link
from pipeline.glossary import find_forms
from pipeline.protecting import fence

Span = tuple[int, int]

# Kinds whose words may be written over. Numbers and sums stand in many forms that are right: those go behind tokens.
PATCHED = frozenset({"term", "name", "copied"})
MIN_SHARE = 0.5  # of a word's attention on the span, for the word to belong to it
MIN_WHOLE = 0.6  # of the span's attention in the group of words chosen; less means that it is scattered
MAX_GROWTH = 2  # words more than the span has: beyond this the alignment is not to be trusted

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_ONE_BEHIND, _ONE_BEFORE = re.compile(r" ([^\W\d_]+)(?![\w-])"), re.compile(r"(?<![\w-])([^\W\d_]+) \Z")
_ROLE = re.compile(r"\b(?:for|as) \Z")  # before an office: "run for president", "sworn in as president"
_PREFIXED = re.compile(r"((?:ex|vice)-)\w+", re.IGNORECASE)
_IS_FORMER = re.compile(r"\b(?:former (?:[^\W\d_]+ ){0,2}|ex-)\Z", re.IGNORECASE)
_FORMER = re.compile(r"(?:ex-|former )", re.IGNORECASE)  # no part of the office that follows
MIN_HEAD = 0.5  # attention of a word behind a prefix on the term, to belong to it


def patch(answer: Aligned, spans: Mapping[int, Span], item: Item, lang: str) -> tuple[str, dict[int, str]]:
    """Write the preferred forms of demands over the words written for them.

    `spans` says where each demand stands in `answer.source`. Returns the text with each form fenced, and what stood in
    its place; a demand whose words cannot be told is left out.
    """
    places: dict[int, Span] = {}
    for number, span in spans.items():
        place = _find_place(answer, span, item.demands[number], lang)
        if place and all(place[1] <= start or end <= place[0] for start, end in places.values()):
            places[number] = place
    places = {number: _with_double(answer.text, places, number, item, lang) for number in places}
    text = answer.text
    for number, place in sorted(places.items(), key=lambda pair: pair[1], reverse=True):
        demand, span = item.demands[number], spans[number]
        form, joint = _choose_form(answer, span, place, demand, lang)
        before = text[: place[0]]
        if demand.is_person and _ROLE.search(answer.source[: span[0]]):
            before = drop_article(before, lang)
        kept = _inner_adjective(answer, span, place, lang) if demand.kind == "term" and not joint else ""
        text = before + joint + fence(number, form) + kept + text[place[1] :]
    return text, {number: answer.text[start:end] for number, (start, end) in places.items()}


def _choose_form(answer: Aligned, span: Span, place: Span, demand: Demand, lang: str) -> tuple[str, str]:
    """Return what to write for the words of a place, as gender, number and capitals want it, and what joins it."""
    before, old = answer.text[: place[0]], _text(answer, place)
    plain = preferred(demand, lang, before)
    attributed = demand.kind == "term" and is_attribute(answer, span, place, lang)
    form = plain if attributed else match_number(plain, demand, old, lang, before)
    form = capitalise(form) if starts_sentence(before) else capitalise_like(form, old, demand.source)
    if attributed and stem_of(old, lang) == stem_of(form, lang) != "":
        return old, ""  # "participação republicana" has the approved adjective
    if demand.is_adjective and (bent := _bend_adjective(before + old, place[0], form, lang)):
        return bent, ""
    # A noun in place of an adjective needs a preposition.
    return form, joint_of(plain, demand, lang) if attributed else ""


def _with_double(text: str, places: Mapping[int, Span], number: int, item: Item, lang: str) -> Span:
    """Take in a word beside a place that the form has at that end: "[campanha] eleitoral" for "corrida eleitoral"."""
    start, end = places[number]
    words = _WORD.findall(preferred(item.demands[number], lang).lower())
    first, last = (words[0], words[-1]) if len(words) > 1 else ("", "")
    behind, before = _ONE_BEHIND.match(text, end), _ONE_BEFORE.search(text, 0, start)
    if behind and behind[1].lower() == last and not is_small(last, lang):
        wider = start, behind.end()
    elif before and before[1].lower() == first and not is_small(first, lang):
        wider = before.start(1), end
    else:
        return start, end
    others = (span for other, span in places.items() if other != number)
    return wider if all(wider[1] <= one or other <= wider[0] for one, other in others) else (start, end)


def _find_place(answer: Aligned, span: Span, demand: Demand, lang: str) -> Span | None:
    if demand.kind not in PATCHED:
        return None
    # What the engine left in the source's words stands there for sure, whatever it attended to.
    copies = find_forms(answer.text, [answer.source[slice(*span)]], lang)
    if len(copies) == 1 and len(_WORD.findall(answer.source[slice(*span)])) > 1:
        return copies[0]
    place = find_words(answer, span, lang)
    place = leave_neighbours(answer, span, place, lang) if place else find_lost(answer, span, lang)
    if place and answer.source[: span[0]].endswith("-") and not answer.text[: place[0]].endswith("-"):
        place = _behind_hyphen(answer.text, place)
    if place is None:
        return None
    start, end = _with_prefixed_head(answer, span, place, lang)
    prefix = _FORMER.match(answer.text, start, end)
    return (prefix.end() if prefix and not _FORMER.match(demand.source) else start), end


def _with_prefixed_head(answer: Aligned, span: Span, place: Span, lang: str) -> Span:
    """Take in the head of a term behind a prefix that was written for the word before it.

    "The former Foreign Minister" is "O ex-[ministro dos Negócios Estrangeiros]".
    """
    before = list(_WORD.finditer(answer.text[: place[0]]))
    while before and is_function_word(before[-1][0], lang):
        before.pop()
    head = _PREFIXED.fullmatch(before[-1][0]) if before else None
    if head is None or not re.fullmatch(r"[\w ]*", answer.text[before[-1].end() : place[0]]):
        return place
    inside = sum(
        link.weight
        for link in answer.links
        if link.target_start < before[-1].end() and link.target_end > before[-1].start()
        and link.source_start < span[1] and link.source_end > span[0]
    )  # fmt: skip
    return (before[-1].start() + head.end(1), place[1]) if inside >= MIN_HEAD else place


def _inner_adjective(answer: Aligned, span: Span, place: Span, lang: str) -> str:
    """Return the adjective inside the words of a term, with its space, where the word before the term is lost without.

    "French Foreign Minister" is "ministro francês dos Negócios Estrangeiros": "francês" is no part of the term.
    """
    words = [(match[0], match.span()) for match in _WORD.finditer(answer.text, *place)]
    before = re.search(r"([^\W\d_]+) \Z", answer.source[: span[0]])
    if len(words) < 4 or before is None or not is_function_word(words[2][0], lang):
        return ""
    (head, _), (adjective, _), *_ = words
    if not head.islower() or not adjective.islower() or is_function_word(adjective, lang):
        return ""
    neighbour = before.span(1)
    others = [match.span() for match in _WORD.finditer(answer.text) if not place[0] <= match.start() < place[1]]
    is_lost = not any(_weigh(others, neighbour, answer.links))
    return f" {adjective}" if is_lost else ""


def find_words(answer: Aligned, span: Span, lang: str) -> Span | None:
    """Find the words of the target that were written for a span of the source; None where that is not clear.

    A word belongs to the span by the greater share of its attention. Words with nothing but small words between them
    are one group; the group with the most attention is chosen, without the small words at its ends.
    """
    words = [match.span() for match in _WORD.finditer(answer.text)]
    if _IS_FORMER.search(answer.source, 0, span[0]):
        words = [(start + len(prefix[1]) if (prefix := _PREFIXED.match(answer.text, start, end)) else start, end)
                 for start, end in words]  # fmt: skip
    weights = _weigh(words, span, answer.links)
    groups = _group(words, weights, answer.text, lang)
    if not groups:
        return None
    best = max(groups, key=lambda group: sum(weights[at] for at in group))
    whole = sum(sum(weights[at] for at in group) for group in groups)
    if sum(weights[at] for at in best) < MIN_WHOLE * whole:
        return None
    first, last = best[0], best[-1]
    while first < last and is_small(_text(answer, words[first]), lang):
        first += 1
    while first < last and is_small(_text(answer, words[last]), lang):
        last -= 1
    count = len(_WORD.findall(answer.source[span[0] : span[1]]))
    if last - first + 1 > 2 * count + MAX_GROWTH or is_small(_text(answer, words[first]), lang):
        return None
    return words[first][0], words[last][1]


def _bend_adjective(text: str, start: int, form: str, lang: str) -> str:
    """Return an approved adjective as it is for the one at the end of a text, from `start`; "" where it is none."""
    old, noun = text[start:], (_WORD.findall(text[:start]) or [""])[-1]
    if is_same_adjective(old, form, lang):
        return old
    return agree_adjective(form, old, noun, lang) if not starts_sentence(text[:start]) else ""


def joint_of(form: str, demand: Demand, lang: str) -> str:
    """Return what joins a noun to the noun `form` behind it: "de ", with the article of an institution "do "; or ""."""
    link = link_to(form, lang)
    if form.islower():
        return link
    return add_article(link, form, lang, gender=demand.genders.get(lang, "")) if link and demand.has_article else ""


def _behind_hyphen(text: str, place: Span) -> Span:
    """Leave the first part of a word that is one in the source too: "pro-independence" -> "pró-[independência]"."""
    start, end = place
    return start + text[start:end].find("-") + 1, end


def is_attribute(answer: Aligned, span: Span, place: Span, lang: str) -> bool:
    """Whether an adjective was written for a noun before a noun: "budget rules" -> "regras [orçamentais]".

    It is, where the word before it in the target was written for the word after it in the source; between them may
    stand what was written for the word before it: "Welsh [Parliament] Members" -> "deputados galeses [...]".
    """
    next_word = re.compile(r"(?:['’]s?)? ([^\W\d_]\w*)").match(answer.source, span[1])
    if not next_word or next_word[0].endswith(("self", "selves")):
        return False
    noun = next_word.span(1)
    former = re.search(r"[^\W\d_]\w* \Z", answer.source[: span[0]])
    next_start = place[0]
    for word in list(_WORD.finditer(answer.text[: place[0]]))[:-3:-1]:
        if answer.text[word.end() : next_start] != " " or is_function_word(word[0], lang):
            return False
        if stands_before_nouns(word[0], lang):
            return False  # "nova [carta]" is a noun with its adjective
        next_start = word.start()
        if was_written_for(word.span(), noun, answer):
            return True
        if former is None or not was_written_for(word.span(), (former.start(), former.end() - 1), answer):
            return False
    return False


def was_written_for(word: Span, span: Span, answer: Aligned) -> bool:
    """Whether the greater share of a target word's attention lies on a span of the source."""
    return _weigh([word], span, answer.links)[0] > 0


def _text(answer: Aligned, span: Span) -> str:
    return answer.text[span[0] : span[1]]


def _weigh(words: Sequence[Span], span: Span, links: Sequence[Link]) -> list[float]:
    """Return each word's attention on the source span, 0 where most of it lies elsewhere. Words in their order."""
    inside, total = [0.0] * len(words), [0.0] * len(words)
    ends = [end for _, end in words]
    for link in links:
        at = bisect_right(ends, link.target_start)  # the first word that ends behind where the link starts
        while at < len(words) and words[at][0] < link.target_end:
            total[at] += link.weight
            if link.source_start < span[1] and link.source_end > span[0]:
                inside[at] += link.weight
            at += 1
    return [own if own >= MIN_SHARE * every else 0.0 for own, every in zip(inside, total, strict=True)]


def _group(words: Sequence[Span], weights: Sequence[float], text: str, lang: str) -> list[list[int]]:
    groups: list[list[int]] = []
    for at, weight in enumerate(weights):
        if not weight:
            continue
        between = range(groups[-1][-1] + 1, at) if groups else range(0)
        gap = text[words[groups[-1][-1]][1] : words[at][0]] if groups else ""
        small = all(is_function_word(text[words[one][0] : words[one][1]], lang) for one in between)
        if groups and small and len(between) < 3 and not re.search(r"[^\w\s'’-]", gap):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups
