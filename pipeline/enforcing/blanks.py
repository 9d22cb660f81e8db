"""One hop through an engine that keeps marks."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.agreement import add_article, agree_adjective, has_article, is_same_adjective
from pipeline.enforcing.asking import Asked
from pipeline.enforcing.items import (
    Demand,
    Item,
    agree_terms,
    capitalise,
    capitalise_like,
    locate,
    match_number,
    preferred,
    starts_sentence,
)
from pipeline.engines.base import Aligned
from pipeline.glossary import find_forms
from pipeline.protecting import (
    choose_style,
    decode_tokens,
    drop_marks,
    edit_after,
    edit_before,
    encode_tokens,
    mark_spans,
    read_marks,
    replace_marks,
)

# A Portuguese article that Apertium may have read as the preposition "a": behind a conjunction or a preposition.
_READ_AS_PREPOSITION = re.compile(
    r"(?:^|\b(?:que|e|mas|ou|se|quando|porque|pois|enquanto|embora|como|ante|perante|contra|com|sobre|para|entre|após|"
    r"durante) |[,;:] )a \Z",
    re.IGNORECASE,
)

_CONJUNCTION = re.compile(r"([yeou]) (?=\w)")
_ADJECTIVE_BEHIND = re.compile(r" ([^\W\d_]+)(?![\w-])")

# Kinds that get marked from the start. A number passes Apertium unharmed, and each mark costs context.
MARKED_KINDS = frozenset({"kept", "name", "money", "copied"})


def blank_hop(asked: Asked, items: Sequence[Item]) -> list[Item]:
    """Translate with marks on the spans that matter, and put the approved forms into those that came back.

    A mark can change the words around it ("Polícia prende" is "Policía detiene", with a mark on its first word
    "Policía prende"), so terms go without one first. Those that are missing then are looked for as the engine writes
    them alone, and only where that is not there, or there twice, the sentence is translated again with marks on them.
    """
    answers = asked.translate_aligned([_dress(item, frozenset()) for item in items])
    langs = (asked.engine.source_lang, asked.lang)
    result = [_adopt(item, answer, langs) for item, answer in zip(items, answers, strict=True)]
    lost = [frozenset(i for i in item.missing if item.demands[i].kind == "term") for item in result]
    found = _mark_alone(asked, items, answers, lost)
    for at, answer in found.items():
        result[at] = _adopt(items[at], answer, langs)
    again = [at for at, numbers in enumerate(lost) if numbers and (at not in found or result[at].missing & numbers)]
    for at, item in zip(again, _translate(asked, [items[i] for i in again], [lost[i] for i in again]), strict=True):
        result[at] = min(result[at], item, key=lambda one: (bool(one.doubt), len(one.missing)))
    again = [at for at, item in enumerate(result) if item.missing - items[at].missing]
    if again:
        # What was put in place would be lost where the words are left to the engine this time.
        retried = _retry(asked, [(items[at], result[at].missing | result[at].enforced) for at in again])
        for at, item in zip(again, retried, strict=True):
            result[at] = min(result[at], item, key=lambda one: one.cost)
    return result


def _translate(asked: Asked, items: Sequence[Item], terms: Sequence[Collection[int]]) -> list[Item]:
    """Translate with marks on names, sums, what is kept, and on the terms named for each item."""
    answers = asked.translate_aligned([_dress(item, wanted) for item, wanted in zip(items, terms, strict=True)])
    langs = (asked.engine.source_lang, asked.lang)
    return [_adopt(item, answer, langs) for item, answer in zip(items, answers, strict=True)]


def _mark_alone(
    asked: Asked, items: Sequence[Item], answers: Sequence[Aligned], lost: Sequence[Collection[int]]
) -> dict[int, Aligned]:
    """Mark lost terms in answers, where each stands once as the engine translates it alone; other answers are left out.

    A term's one translation serves all sentences, where a second pass with marks would cost each as much as the first.
    """
    texts = {
        (at, mark.number): mark.text
        for at, numbers in enumerate(lost)
        for mark in (read_marks(items[at].marked)[1] if numbers else ())
        if mark.number in numbers
    }
    alone = dict(zip(texts, asked.translate_aligned(list(texts.values())), strict=True))
    found = {}
    for at, numbers in enumerate(lost):
        plain, marks = read_marks(answers[at].text)
        spans = [(mark.start, mark.end, mark.number, mark.text) for mark in marks]
        for number in numbers:
            answer = alone.get((at, number))
            places = find_forms(plain, [answer.text], asked.lang) if answer and answer.text and not answer.doubt else []
            if len(places) == 1 and all(places[0][1] <= start or end <= places[0][0] for start, end, _, _ in spans):
                spans.append((*places[0], number, plain[slice(*places[0])]))
        if numbers and numbers == {number for _, _, number, _ in spans[len(marks) :]}:
            found[at] = replace(answers[at], text=mark_spans(plain, sorted(spans)))
    return found


def _dress(item: Item, terms: Collection[int]) -> str:
    """Marked text for an engine that keeps marks: only the kinds that need one, and one word inside each.

    Such a mark sits on words: "#news" would come back with its sign outside. Transfer takes several words apart ("10
    milions" "de dòlars", "Luz" "per a tots"), so an unknown word, which is copied, stands in for a sum and for what
    has its text already, and for a name that Apertium would cut at its apostrophe ("O'Neal") or contract with the
    word before it ("en La Scala").
    """
    wanted = [i for i, d in enumerate(item.demands) if d.kind in MARKED_KINDS or d.always or i in terms]
    inners = {number: f"XQ{number}" for number in _stand_ins(item)}
    return replace_marks(drop_marks(item.marked, wanted), inners)


def _stand_ins(item: Item) -> set[int]:
    """Return the demands that an unknown word stands in for."""
    found = set()
    for mark in read_marks(item.marked)[1]:
        demand = item.demands[mark.number]
        is_cut = demand.kind in ("name", "copied") and ("'" in mark.text or "’" in mark.text)
        has_article = demand.kind == "copied" and " " in mark.text and mark.text[0].isupper()
        if demand.kind == "money" or is_cut or has_article or (demand.always and not _is_word(mark.text)):
            found.add(mark.number)
    return found


def _is_word(text: str) -> bool:
    # Apertium ends a word before "²".
    return all(char.isalpha() or char.isdecimal() for char in text)


def _retry(asked: Asked, items: Sequence[tuple[Item, Collection[int]]]) -> list[Item]:
    """Hide the demands named, which lost their marks, behind a word that the engine does not know, and so copies."""
    style = choose_style([read_marks(item.marked)[0] for item, _ in items])
    texts, orders = [], []
    for item, hidden in items:
        _, marks = read_marks(item.marked)
        present = [mark.number for mark in marks if mark.number in hidden]
        text, order = encode_tokens(drop_marks(item.marked, present), style)
        texts.append(text)
        orders.append(order)
    result = []
    for (item, _), answer, order in zip(items, asked.translate_aligned(texts), orders, strict=True):
        inners = {i: preferred(item.demands[i], asked.lang) for i in order}
        decoded = decode_tokens(answer.text, style, order, inners)
        decoded = agree_terms(decoded, dict.fromkeys(order, ""), item, asked.lang)
        done = replace(item, marked=decoded, enforced=item.enforced | set(order), doubt=item.doubt or answer.doubt)
        result.append(locate(done, asked.lang))
    return result


def _adopt(item: Item, aligned: Aligned, langs: tuple[str, str]) -> Item:
    """Put the approved form in every mark that came back with something else inside. `langs` are from and to."""
    source_lang, lang = langs
    women = _feminine_marks(item, source_lang)
    bent, stand_ins = _bent_marks(item, source_lang), _stand_ins(item)
    answer = aligned.text
    plain, marks = read_marks(answer)
    inners: dict[int, str] = {}
    olds: dict[int, str] = {}
    joints: dict[int, str] = {}  # what was inside a mark, and stands before it now
    for mark in marks:
        demand = item.demands[mark.number]
        accepted = demand.forms.get(lang, ())
        # Transfer may mark a part of a term only: "[ministre] d'Interior" is right as it stands.
        stand_in = demand.always or mark.number in stand_ins
        stands = any(a <= mark.end and mark.start <= b for a, b in find_forms(plain, accepted, lang))
        agrees = mark.number in bent and any(is_same_adjective(mark.text, form, lang) for form in accepted)
        if accepted and (stand_in or not (stands or agrees)):
            form = preferred(demand, lang, plain[: mark.start], is_feminine=mark.number in women)
            form = match_number(form, demand, mark.text, lang, plain[: mark.start])
            if demand.is_adjective and not stand_in:
                noun = plain[: mark.start].rsplit(maxsplit=1)[-1:]
                form = agree_adjective(form, mark.text, "".join(noun), lang) or form
            form = form if stand_in else capitalise_like(form, mark.text, demand.source)
            form = capitalise(form) if starts_sentence(plain[: mark.start]) else form
            inners[mark.number] = form
            joints[mark.number] = _conjunction(mark.text, form, demand)
            olds[mark.number] = "" if stand_in else mark.text
    marked = edit_before(replace_marks(answer, inners), lambda i, before, _: before + joints.get(i, ""))
    marked = _drop_double(marked, olds, lang)
    marked = agree_terms(marked, olds, item, lang)
    doubt = item.doubt or aligned.doubt
    found = locate(replace(item, marked=marked, enforced=item.enforced | set(olds), doubt=doubt), lang)
    return replace(found, marked=_mend_spanish(_keep_edges(found.marked, item, langs, frozenset(olds)), lang))


def _conjunction(old: str, form: str, demand: Demand) -> str:
    """Return the Spanish "y" or "o", with its space, that Apertium took into a mark, as the next word wants it.

    "habitat e [informe]" comes back as "hábitat [e informe]".
    """
    found = _CONJUNCTION.match(old)
    if not found or demand.source.lower().startswith(found[0]):
        return ""
    is_and, start = found[1] in "ye", form.lower().removeprefix("h")
    other = start.startswith("i") and not start.startswith(("ia", "ie", "io")) if is_and else start.startswith("o")
    return {(True, True): "e ", (True, False): "y ", (False, True): "u ", (False, False): "o "}[is_and, other]


def _drop_double(marked: str, olds: Mapping[int, str], lang: str) -> str:
    """Drop an adjective behind a form that ends with it: "[servicio público] públicos" for "public services"."""

    def edit(number: int, inner: str, after: str) -> str:
        words, behind = inner.split(), _ADJECTIVE_BEHIND.match(after)
        is_double = number in olds and len(words) > 1 and behind and is_same_adjective(behind[1], words[-1], lang)
        return after[behind.end() :] if is_double and behind else after

    return edit_after(marked, edit)


def _feminine_marks(item: Item, lang: str) -> set[int]:
    return {
        mark.number
        for mark in read_marks(item.marked)[1]
        if mark.text.casefold() == item.demands[mark.number].feminine.get(lang, "").casefold() != ""
    }


def _bent_marks(item: Item, lang: str) -> set[int]:
    """Marks on an approved adjective in another gender: it stays one in the next language."""
    bent = set()
    for mark in read_marks(item.marked)[1]:
        forms = item.demands[mark.number].forms.get(lang, ())
        if mark.text not in forms and any(is_same_adjective(mark.text, form, lang) for form in forms):
            bent.add(mark.number)
    return bent


def _keep_edges(marked: str, item: Item, langs: tuple[str, str], changed: frozenset[int]) -> str:
    """Bring back what the engine dropped before a mark: an article ("en [Casa Blanca]"), a hyphen ("anti[Trump]").

    Where the engine knows the name itself it knows whether that has an article: "da Escócia" is "de Escocia".
    """
    source_lang, lang = langs
    plain, marks = read_marks(item.marked)
    edges = {mark.number: (plain[: mark.start], mark.text) for mark in marks}

    def edit(number: int, before: str, inner: str) -> str:
        demand = item.demands[number]
        old_before, old = edges.get(number, ("", ""))
        if old_before.endswith("-") and before[-1:].isalpha() and (inner[:1].isupper() or " " in inner):
            return before + ("-" if inner[:1].isupper() else " ")
        is_known = number not in changed and inner[:1].isupper() and inner.casefold() != old.casefold()
        if demand.has_article and not is_known and has_article(old_before, old, source_lang):
            if _READ_AS_PREPOSITION.search(old_before) and not has_article(before, inner, lang):
                before = re.sub(r"(?<!\w)a \Z", "", before)  # not that of "para"
            return add_article(before, inner, lang, gender=demand.genders.get(lang, ""))
        if lang == "es" and _is_name_with_article(old_before, old):
            return re.sub(r"(?<!\w)[Aa] \Z", "", before)
        return before

    return edit_before(marked, edit)


def _is_name_with_article(before: str, name: str) -> bool:
    """Whether a Portuguese "a" before a name in -a is its article: "A [Rússia] invadiu", in Spanish "Rusia invadió"."""
    return name[:1].isupper() and name.endswith("a") and _READ_AS_PREPOSITION.search(before) is not None


def _mend_spanish(marked: str, lang: str) -> str:
    """Write "como" beside a term that Apertium took for a question's "cómo": a noun stands there without an article.

    And "que" behind it, where a mark kept Apertium from reading "mais ... do que".
    """
    if lang != "es" or "?" in marked:
        return marked
    # "mais [pontos] do que" is "más [puntos] que".
    marked = edit_after(marked, lambda _, __, after: re.sub(r"\A del que\b", " que", after))
    marked = edit_before(marked, lambda _, before, __: re.sub(r"\bcómo \Z", "como ", before))
    return edit_after(marked, lambda _, __, after: re.sub(r"\A cómo\b", " como", after))
