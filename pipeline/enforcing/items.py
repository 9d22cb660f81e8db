"""What must stand in a sentence, and the sentence on its way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.agreement import (
    Swap,
    adjective_forms,
    agree,
    agree_after,
    determiner_gender,
    features_of,
    is_governed,
    pluralise,
)
from pipeline.glossary import find_forms
from pipeline.model import TermUse
from pipeline.protecting import edit_after, edit_before, mark_spans, read_marks

_FIGURE = re.compile(r"\d[\d.,]*(?:[ \u00a0\u202f]?%)?")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")  # not "de"
_SHARED = 3  # letters that a plural has in common with its singular
_OPENERS = " \t\"'“‘«„(¿¡-–—"


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
    feminine: Mapping[str, str] = field(default_factory=dict)  # language -> what to write after a feminine determiner
    genders: Mapping[str, str] = field(default_factory=dict)  # language -> gender of what is written, where it is known
    has_article: bool = False  # a common noun or an institution: an article before it is not lost on the way
    is_person: bool = False  # an office: "for president" has no article
    is_adjective: bool = False  # "political": it agrees with its noun
    is_shouted: bool = False  # in capitals throughout, where its entry is not


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence on its way: marked text in the language reached, and what became of its demands."""

    marked: str  # demand i is span i
    demands: tuple[Demand, ...]
    enforced: frozenset[int] = frozenset()  # put there by us
    missing: frozenset[int] = frozenset()  # not found in the text reached
    ignored: frozenset[int] = frozenset()  # "copied" words that are no names, terms that are verbs here
    doubt: str = ""  # why the text of an engine on the way is not to be trusted

    @property
    def cost(self) -> tuple[bool, int, int]:
        """Order of preference between two attempts: no doubt, then fewest missing, then fewest enforced."""
        return bool(self.doubt), len(self.missing), len(self.enforced)


def open_item(text: str, demands: Sequence[Demand]) -> Item:
    """Put a sentence on its way. `demands` are sorted and do not overlap."""
    spans = [(d.start, d.end, i, d.spoken or d.source) for i, d in enumerate(demands)]
    return Item(mark_spans(text, spans), tuple(demands))


def close_item(item: Item, lang: str) -> tuple[str, tuple[TermUse, ...]]:
    """Take an item off its way: the plain text in the target and what became of each demand."""
    plain, marks = read_marks(item.marked)
    text = plain[:1].upper() + plain[1:] if marks and marks[0].start == 0 and item.demands[0].start == 0 else plain
    places = {mark.number: mark.text for mark in marks}
    uses = []
    for i, demand in enumerate(item.demands):
        if i in item.ignored and demand.kind == "copied":
            continue
        outcome = "missing" if i in item.missing else "enforced" if i in item.enforced else "applied"
        outcome = "verb" if i in item.ignored else outcome
        kind = "name" if demand.kind == "copied" else demand.kind
        form = "" if outcome in ("missing", "verb") else places.get(i, "")
        uses.append(TermUse(demand.source, preferred(demand, lang), kind, outcome, form, demand.origin))
    return text, tuple(uses)


def preferred(demand: Demand, lang: str, before: str = "", *, is_feminine: bool = False) -> str:
    """Return the form to write in a language, in capitals where the source stands in capitals.

    After a feminine determiner at the end of `before`, or where it is known to be, it is the feminine one, where the
    entry has it. Without a form
    for the language the source's own text travels on.
    """
    forms = demand.forms.get(lang, ())
    form = forms[0] if forms else demand.source
    if lang in demand.feminine and (is_feminine or determiner_gender(before, lang) == "f"):
        form = demand.feminine[lang]
    return form.upper() if demand.is_shouted else form


def locate(item: Item, lang: str) -> Item:
    """Mark the demands that stand in the text by their forms; what is not found is missing.

    A figure that the engine copied is written as the language writes it: "4,25%-4.5%" -> "4,25%-4,5%". "125th Street"
    is no figure.
    """
    plain, marks = read_marks(item.marked)
    taken = [(mark.start, mark.end, mark.number) for mark in marks]
    numbers = {mark.number for mark in marks}
    missing, rewritten = set(), {}
    wanted = set(range(len(item.demands))) - numbers - item.ignored
    found = {i: _find_spans(item, i, plain, lang) for i in wanted}
    order = sorted(wanted, key=lambda i: _claim_order(item, i, plain, found[i], lang))
    for i in order:
        spans = found[i]
        free = next((s for s in spans if all(s[1] <= start or end <= s[0] for start, end, _ in taken)), None)
        if free is None:
            missing.add(i)
        else:
            taken.append((*free, i))
            if _is_copied_figure(item.demands[i], plain[slice(*free)], lang):
                rewritten[i] = preferred(item.demands[i], lang)
    spans_inside = [(start, end, i, rewritten.get(i, plain[start:end])) for start, end, i in sorted(taken)]
    marked = mark_spans(plain, spans_inside)
    return replace(item, marked=marked, missing=frozenset(missing), enforced=item.enforced | rewritten.keys())


def _is_copied_figure(demand: Demand, found: str, lang: str) -> bool:
    is_copy = demand.kind == "number" and found == demand.source != preferred(demand, lang)
    return is_copy and bool(_FIGURE.fullmatch(found))


def _find_spans(item: Item, number: int, plain: str, lang: str) -> list[tuple[int, int]]:
    """Find where a demand stands; of a copied word the places first where its neighbour stands beside it too."""
    forms = item.demands[number].forms.get(lang, ())
    if item.demands[number].is_adjective:
        forms = tuple(bent for form in forms for bent in adjective_forms(form, lang))
    spans = find_forms(plain, forms, lang)
    if item.demands[number].kind == "copied":
        spans.sort(key=lambda span: not _has_neighbour(item, number, plain, span))
    return spans


def _claim_order(
    item: Item, number: int, plain: str, spans: Sequence[tuple[int, int]], lang: str
) -> tuple[int, bool, int]:
    # "European Union" claims its place before "Union"; of equals the one whose neighbour stands there too: the "San" of
    # "San Diego" is not that of "San Francisco"; then in the order of the source.
    longest = max((len(form) for form in item.demands[number].forms.get(lang, ())), default=0)
    is_copied = item.demands[number].kind == "copied"
    at_home = is_copied and bool(spans) and _has_neighbour(item, number, plain, spans[0])
    return -longest, not at_home, number


def _has_neighbour(item: Item, number: int, plain: str, span: tuple[int, int]) -> bool:
    """Whether a copied word stands in `span` beside a word that it stands beside in the source too."""
    demands, start, end = item.demands, *span
    behind = demands[number + 1 : number + 2]
    before = demands[max(0, number - 1) : number]
    return any(one.start - demands[number].end == 1 and plain.startswith(one.source, end + 1) for one in behind) or any(
        demands[number].start - one.end == 1 and plain.endswith(one.source, 0, max(0, start - 1)) for one in before
    )


def agree_terms(marked: str, olds: Mapping[int, str], item: Item, lang: str) -> str:
    """Make the determiners before terms agree with them, and the participles behind them.

    `olds` says which terms were put there, each with what stood in its place; "" where that was a token, so that what
    is before it was written for no known word. A form at the start of the sentence needs no determiner.
    """

    def bent(number: int, inner: str) -> str | None:
        """The gender of a term that is to be agreed with; None where it is not."""
        if number not in olds or item.demands[number].kind != "term" or olds[number] == inner:
            return None
        demand = item.demands[number]
        woman, man = demand.feminine.get(lang, ""), next(iter(demand.forms.get(lang, ())), "")
        is_feminine = inner.casefold() == woman.casefold() != man.casefold() and woman != ""
        return "f" if is_feminine else demand.genders.get(lang, "")

    shown: dict[int, str] = {}  # the gender of the determiners that stood before
    adjectives = frozenset(number for number, demand in enumerate(item.demands) if demand.is_adjective)
    governed: set[int] = set()  # behind a preposition

    def edit(number: int, before: str, inner: str) -> str:
        gender = bent(number, inner)
        shown[number] = determiner_gender(before, lang)
        if is_governed(before, lang):
            governed.add(number)
        return before if gender is None else agree(before, inner, lang, old=olds[number], gender=gender)

    def edit_behind(number: int, inner: str, after: str) -> str:
        gender = bent(number, inner)
        if gender is None or not olds[number]:
            return after
        swap = Swap(olds[number], inner, shown.get(number, ""), gender)
        is_subject = number not in governed
        return agree_after(after, swap, lang, is_subject=is_subject, open_marks=adjectives)

    return edit_after(edit_before(marked, edit), edit_behind)


def starts_sentence(before: str) -> bool:
    """Whether nothing but opening marks stands before a span."""
    return not before.strip(_OPENERS)


def capitalise(form: str) -> str:
    """Write a form with a first capital."""
    return form[:1].upper() + form[1:]


def capitalise_like(form: str, old: str, source: str) -> str:
    """Write a form with the capitals of what stood in its place, where the source has them, too.

    >>> capitalise_like("força policial", "Polícia", "Police"), capitalise_like("acordo de paz", "Pacto Final", "Deal")
    ('Força policial', 'Acordo de Paz')
    >>> capitalise_like("força policial", "Polícia", "police"), capitalise_like("acordo", "pacto", "Deal")
    ('força policial', 'acordo')
    """
    if not (form[:1].islower() and old[:1].isupper() and source[:1].isupper()):
        return form
    words = _LONG_WORD.findall(old)
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return _LONG_WORD.sub(lambda word: capitalise(word[0]), form)
    return capitalise(form)


def match_number(form: str, demand: Demand, old: str, lang: str, before: str) -> str:
    """Return the plural of a form, where a plural stood in its place: "as espécies" for "species".

    That is the accepted one; where the entry has none and no determiner stands at the end of `before`, the one by rule:
    "a fase de [grupos]" for "the group stage" has no singular that could stand there.
    """
    if demand.kind != "term" or features_of(old, lang)[1] != "p" or features_of(form, lang)[1] == "p":
        return form
    start = form[:_SHARED].casefold()
    plurals = (one for one in demand.forms.get(lang, ()) if features_of(one, lang)[1] == "p")
    if accepted := next((one for one in plurals if one.casefold().startswith(start)), ""):
        return accepted
    is_noun = form.islower() and not demand.is_adjective
    is_bare = before.strip() and is_noun and not determiner_gender(before, lang)
    return (pluralise(form, lang) or form) if is_bare else form
