"""The glossary ladder: translate, verify what must stand in the target, protect only what is missing, verify again.

Protecting everything from the start damages fluent sentences (18 of 24 hand-read, against 4 of 24 for what the
engine wrote itself), so a term, a name or a sum goes behind a token only when the engine lost it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.engines.base import Engine
from pipeline.fitting import fit_characters
from pipeline.glossary import find_forms
from pipeline.model import TermUse
from pipeline.protecting import (
    choose_style,
    decode_tokens,
    drop_marks,
    encode_tokens,
    mark_spans,
    read_marks,
    replace_marks,
)

# Kinds that an engine which keeps marks gets marked. A number passes Apertium unharmed, and each mark costs context.
MARKED_KINDS = frozenset({"kept", "term", "name", "money", "copied"})
ATTEMPTS = 3  # as it is; the missing ones behind tokens; the same in another style of token
KEPT_SHARE = 0.5  # a capitalised word that the engine copies in at least this share of its places is a name


@dataclass(frozen=True, slots=True)
class Demand:
    """What a span of the source must become on the way and in the target."""

    start: int  # into the normalised source
    end: int
    source: str
    kind: str  # "kept", "term", "name", "money", "number"; "copied": a name if the engine treats it as one
    forms: Mapping[str, tuple[str, ...]]  # language -> what counts, the preferred form first
    always: bool = False  # never shown to an engine that has only tokens
    spoken: str = ""  # what such an engine reads in its place while it is not protected; "" = the source
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence on its way: marked text in the language reached, and what became of its demands."""

    marked: str  # demand i is span i
    demands: tuple[Demand, ...]
    enforced: frozenset[int] = frozenset()  # put there by us
    missing: frozenset[int] = frozenset()  # not found in the text reached
    ignored: frozenset[int] = frozenset()  # "copied" words that are no names

    @property
    def cost(self) -> tuple[int, int]:
        """Order of preference between two attempts: fewest missing, then fewest enforced."""
        return len(self.missing), len(self.enforced)


def open_item(text: str, demands: Sequence[Demand]) -> Item:
    """Put a sentence on its way. `demands` are sorted and do not overlap."""
    spans = [(d.start, d.end, i, d.spoken or d.source) for i, d in enumerate(demands)]
    return Item(mark_spans(text, spans), tuple(demands))


def take_hop(engine: Engine, items: Sequence[Item], memo: dict[tuple[str, ...], str]) -> list[Item]:
    """Bring every item one hop further, by the ladder. `memo` remembers what the engine said, within a run."""
    said = _Said(engine, memo)
    return _blank_hop(said, items) if engine.marks == "blank" else _token_hop(said, items)


class _Said:
    """An engine with a memory, so that four targets behind one pivot cost one translation."""

    def __init__(self, engine: Engine, memo: dict[tuple[str, ...], str]) -> None:
        self.engine = engine
        self.lang = engine.target_lang
        self._memo = memo
        self._key = (engine.name, engine.source_lang, engine.target_lang)

    def translate(self, texts: Sequence[str]) -> list[str]:
        new = list(dict.fromkeys(text for text in texts if (*self._key, text) not in self._memo))
        for text, result in zip(new, self.engine.translate(new), strict=True):
            self._memo[(*self._key, text)] = result
        return [self._memo[(*self._key, text)] for text in texts]


# Engines that know only words: tokens.


def _token_hop(said: _Said, items: Sequence[Item]) -> list[Item]:
    hidden = [frozenset(i for i, d in enumerate(item.demands) if d.always) for item in items]
    best = _token_attempt(said, items, hidden, 0)
    names = _names_copied(best)
    best = [_respell(_settle_copied(item, names), said.lang) for item in best]
    for attempt in range(1, ATTEMPTS):
        again = [at for at, item in enumerate(best) if item.missing]
        if not again:
            break
        wider = [hidden[at] | best[at].missing for at in again]
        tried = _token_attempt(said, [items[at] for at in again], wider, attempt - 1)
        for at, item in zip(again, tried, strict=True):
            best[at] = min(best[at], _settle_copied(item, names), key=lambda one: one.cost)
    return best


def _token_attempt(said: _Said, items: Sequence[Item], hidden: Sequence[Collection[int]], attempt: int) -> list[Item]:
    style = choose_style([read_marks(item.marked)[0] for item in items], attempt)
    texts, numbers = [], []
    for item, hide in zip(items, hidden, strict=True):
        text, order = encode_tokens(drop_marks(item.marked, hide), style)
        texts.append(fit_characters(text, said.engine.can_write))
        numbers.append(order)
    pairs = zip(texts, numbers, strict=True)
    answers = said.translate([text if _has_words(text, style, order) else "" for text, order in pairs])
    result = []
    for item, text, answer, order in zip(items, texts, answers, numbers, strict=True):
        inners = {i: preferred(item.demands[i], said.lang) for i in order}
        decoded = decode_tokens(answer or text, style, order, inners)
        result.append(_locate(replace(item, marked=decoded, enforced=item.enforced | set(order)), said.lang))
    return result


def _has_words(text: str, style: str, order: Sequence[int]) -> bool:
    for at in range(len(order)):
        text = text.replace(style.format(at), "", 1)
    return any(char.isalnum() for char in text)


def _names_copied(items: Sequence[Item]) -> frozenset[str]:
    """Return the capitalised words of the article that the engine mostly copies: its names."""
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for item in items:
        for i, demand in enumerate(item.demands):
            if demand.kind == "copied":
                seen[demand.source] += 1
                kept[demand.source] += i not in item.missing
    return frozenset(word for word, count in seen.items() if kept[word] >= count * KEPT_SHARE and kept[word])


def _settle_copied(item: Item, names: Collection[str]) -> Item:
    ignored = frozenset(i for i, d in enumerate(item.demands) if d.kind == "copied" and d.source not in names)
    return replace(item, missing=item.missing - ignored, ignored=item.ignored | ignored)


def _respell(item: Item, lang: str) -> Item:
    """Give a person back the spelling of the source: "Hugo Chávez" -> "Hugo Chavez".

    Only a word beside a name that the engine copied, so that "México" stays: an exonym stands alone.
    """
    if not item.ignored:
        return item
    plain, marks = read_marks(item.marked)
    places = {mark.number: mark for mark in marks}
    edits, found = [], set()
    for i in sorted(item.ignored):
        beside = [places[j] for j in (i - 1, i + 1) if j in places and _adjoins(item.demands[i], item.demands[j])]
        for match in re.finditer(r"\w+", plain) if beside else ():
            near = any(match.start() - mark.end == 1 or mark.start - match.end() == 1 for mark in beside)
            if near and _bare(match[0]) == _bare(item.demands[i].source):
                edits.append((match.start(), match.end(), i, item.demands[i].source))
                found.add(i)
                break
    if not found:
        return item
    spans = [(mark.start, mark.end, mark.number, mark.text) for mark in marks] + edits
    marked = mark_spans(plain, sorted(spans))
    return replace(item, marked=marked, enforced=item.enforced | found, ignored=item.ignored - found)


def _adjoins(one: Demand, other: Demand) -> bool:
    return other.kind in ("copied", "name") and abs(max(one.start, other.start) - min(one.end, other.end)) == 1


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _locate(item: Item, lang: str) -> Item:
    """Mark the demands that stand in the text by their forms; what is not found is missing."""
    plain, marks = read_marks(item.marked)
    taken = [(mark.start, mark.end, mark.number) for mark in marks]
    numbers = {mark.number for mark in marks}
    missing = set()
    order = sorted(set(range(len(item.demands))) - numbers - item.ignored, key=lambda i: _claim_order(item, i, lang))
    for i in order:
        spans = find_forms(plain, item.demands[i].forms.get(lang, ()), lang)
        free = next((s for s in spans if all(s[1] <= start or end <= s[0] for start, end, _ in taken)), None)
        if free is None:
            missing.add(i)
        else:
            taken.append((*free, i))
    spans_inside = [(start, end, i, plain[start:end]) for start, end, i in sorted(taken)]
    return replace(item, marked=mark_spans(plain, spans_inside), missing=frozenset(missing))


def _claim_order(item: Item, number: int, lang: str) -> tuple[int, int]:
    # "European Union" claims its place before "Union"; equals claim in the order of the source.
    longest = max((len(form) for form in item.demands[number].forms.get(lang, ())), default=0)
    return -longest, number


# Engines that keep marks.

_WORD = re.compile(r"\w+")


def _blank_hop(said: _Said, items: Sequence[Item]) -> list[Item]:
    marked = [_dress(item) for item in items]
    answers = said.translate(marked)
    result = [_adopt(item, answer, said.lang) for item, answer in zip(items, answers, strict=True)]
    again = [at for at, item in enumerate(result) if item.missing - items[at].missing]
    if again:
        retried = _blank_retry(said, [(items[at], result[at].missing) for at in again])
        for at, item in zip(again, retried, strict=True):
            result[at] = min(result[at], item, key=lambda one: one.cost)
    return result


def _dress(item: Item) -> str:
    """Marked text for an engine that keeps marks: only the kinds that need one, and one word inside each.

    Such a mark sits on words: "#news" would come back with its sign outside. Transfer takes several words apart ("10
    milions" "de dòlars", "Luz" "per a tots"), so an unknown word, which is copied, stands in for a sum and for what
    has its text already.
    """
    wanted = [i for i, d in enumerate(item.demands) if d.kind in MARKED_KINDS]
    inners = {}
    for mark in read_marks(item.marked)[1]:
        demand = item.demands[mark.number]
        if demand.kind == "money" or (demand.always and not _WORD.fullmatch(mark.text)):
            inners[mark.number] = f"XQ{mark.number}"
    return replace_marks(drop_marks(item.marked, wanted), inners)


def _blank_retry(said: _Said, items: Sequence[tuple[Item, Collection[int]]]) -> list[Item]:
    """Hide what lost its mark behind a word that the engine does not know, and so copies."""
    style = choose_style([read_marks(item.marked)[0] for item, _ in items])
    texts, orders = [], []
    for item, missing in items:
        _, marks = read_marks(item.marked)
        present = [mark.number for mark in marks if mark.number in missing]
        text, order = encode_tokens(drop_marks(item.marked, present), style)
        texts.append(text)
        orders.append(order)
    result = []
    for (item, _), answer, order in zip(items, said.translate(texts), orders, strict=True):
        inners = {i: preferred(item.demands[i], said.lang) for i in order}
        decoded = decode_tokens(answer, style, order, inners)
        result.append(_locate(replace(item, marked=decoded, enforced=item.enforced | set(order)), said.lang))
    return result


def _adopt(item: Item, answer: str, lang: str) -> Item:
    """Put the approved form in every mark that came back with something else inside."""
    plain, marks = read_marks(answer)
    inners, enforced = {}, set(item.enforced)
    for mark in marks:
        demand = item.demands[mark.number]
        accepted = demand.forms.get(lang, ())
        # Transfer may mark a part of a term only: "[ministre] d'Interior" is right as it stands.
        stand_in = demand.always or demand.kind == "money"
        stands = any(a <= mark.end and mark.start <= b for a, b in find_forms(plain, accepted, lang))
        if accepted and (stand_in or not stands):
            form = preferred(demand, lang)
            inners[mark.number] = _match_case(form, at_start=not plain[: mark.start].strip(_OPENERS))
            enforced.add(mark.number)
    adopted = replace(item, marked=replace_marks(answer, inners), enforced=frozenset(enforced))
    return _locate(adopted, lang)


_OPENERS = " \t\"'“‘«„(¿¡-–—"


def preferred(demand: Demand, lang: str) -> str:
    """Return the form to write in a language, in capitals where the source stands in capitals.

    Without a form for the language the source's own text travels on.
    """
    forms = demand.forms.get(lang, ())
    form = forms[0] if forms else demand.source
    shouted = demand.kind == "term" and len(demand.source) > 5 and demand.source.isupper()
    return form.upper() if shouted else form


def _match_case(form: str, *, at_start: bool) -> str:
    return form[:1].upper() + form[1:] if at_start else form


def close_item(item: Item, lang: str) -> tuple[str, tuple[TermUse, ...]]:
    """Take an item off its way: the plain text in the target and what became of each demand."""
    plain, marks = read_marks(item.marked)
    text = plain[:1].upper() + plain[1:] if marks and marks[0].start == 0 and item.demands[0].start == 0 else plain
    places = {mark.number: mark.text for mark in marks}
    uses = []
    for i, demand in enumerate(item.demands):
        if i in item.ignored:
            continue
        outcome = "missing" if i in item.missing else "enforced" if i in item.enforced else "applied"
        kind = "name" if demand.kind == "copied" else demand.kind
        form = "" if outcome == "missing" else places.get(i, "")
        uses.append(TermUse(demand.source, preferred(demand, lang), kind, outcome, form, demand.origin))
    return text, tuple(uses)
