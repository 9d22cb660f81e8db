"""What stands behind a term that was put into a sentence: its adjectives, and the verb and participle that it governs.

The tables are in pipeline/data/agreement.toml, of languages that have the row `participles`.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.agreement.determiners import Features, base_of, features_of, is_epicene
from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT

_COLUMNS: tuple[Features, ...] = (("m", "s"), ("f", "s"), ("m", "p"), ("f", "p"))
_ENDINGS = ("o", "a", "os", "as")
_FENCE = re.compile(f"[{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}]|{MARK_CLOSE}")
_NEXT = re.compile(r" ([^\W\d_]+)(?![\w'’])")
_QUOTED = re.compile(r" [\"“'‘]?([^\W\d_]+)(?![\w'’])")

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of one language."""

    participle: re.Pattern[str]  # a word: its stem, its ending
    rows: dict[str, tuple[tuple[str, ...], int]]  # adjective of another kind -> its row, and its place there
    others: frozenset[str]  # end like participles, and are none
    one_gender: re.Pattern[str]  # an adjective that shows none
    numbers: tuple[tuple[str, str], ...]  # ending of a plural -> of its singular, of adjectives that show no gender
    verbs: tuple[tuple[str, str], ...]  # the same of verbs
    presents: tuple[tuple[str, str], ...]  # the same of endings that singular nouns have as well
    singular_verbs: dict[str, str]  # "são" -> "é"
    plural_verbs: dict[str, str]  # "é" -> "são"
    copula: frozenset[str]
    complement: re.Pattern[str]  # "de homicídio"
    adverb: re.Pattern[str]  # between a verb and its participle


@dataclass(frozen=True, slots=True)
class Swap:
    """A term and what it stands in place of."""

    old: str
    term: str
    old_gender: str = ""  # by its determiner, for where its ending shows none
    gender: str = ""  # of the term, where it is known


def agree_after(
    after: str, swap: Swap, lang: str, *, is_subject: bool = True, open_marks: frozenset[int] = frozenset()
) -> str:
    """Make what stands behind a term, at the beginning of `after`, agree with it: marked text, whose marks stay.

    Only what agreed with the words before: the adjectives directly behind, and, of a term that may be the subject of
    the sentence, the verb and the participle behind that, perhaps with "de" and a noun between. What stands in a mark
    is left, but for those named in `open_marks`, which hold adjectives.

    >>> agree_after(" de homicídio foi aberta.", Swap("investigação", "inquérito"), "pt")
    ' de homicídio foi aberto.'
    >>> agree_after(" presidenciais serão realizadas", Swap("eleições", "pleito"), "pt")
    ' presidencial será realizado'
    """
    table = _table(base_of(lang))
    was, now = features_of(swap.old, lang), features_of(swap.term, lang)
    was = was[0] or swap.old_gender, was[1]
    # A noun for men and women keeps the gender of the sentence, but for that of "criança".
    usual = "m" if is_epicene(swap.old, lang) else was[0] if swap.term[:1].islower() else ""
    now = swap.gender or now[0] or usual, now[1]
    if table is None or "" in (*was, *now) or was == now:
        return after
    plain, places, is_free = _take_off(after, open_marks)
    edits = [edit for edit in _walk(plain, was, now, table, is_subject) if all(is_free[edit[0] : edit[1]])]
    for start, end, word in reversed(edits):
        after = after[: places[start]] + word + after[places[end - 1] + 1 :]
    return after


def _take_off(marked: str, open_marks: frozenset[int]) -> tuple[str, list[int], list[bool]]:
    """Return a text without its marks, where each character stood, and whether it was outside of all but the open."""
    places, is_free, depth = [], [], 0
    for at, char in enumerate(marked):
        if not _FENCE.match(char):
            places.append(at)
            is_free.append(depth == 0)
        else:
            depth = 0 if char == MARK_CLOSE or ord(char) - MARK_FIRST in open_marks else 1
    return "".join(marked[at] for at in places), places, is_free


def _walk(text: str, was: Features, now: Features, table: _Table, is_subject: bool) -> Iterator[Edit]:
    at = 0
    while True:
        adverb = table.adverb.match(text, at)  # "uma decisão [bem] pensada"
        found = _NEXT.match(text, adverb.end() if adverb else at)
        word = _bend(found[1], was, now, table) if found else ""
        if not found or not word:
            break
        yield found.start(1), found.end(1), word
        at = found.end()
    if not is_subject:
        return
    between = table.complement.match(text, at)
    at = between.end() if between else at
    verb = _NEXT.match(text, at)
    if verb is None:
        return
    if was[1] != now[1] and (word := _renumber(verb[1], now[1], table)):
        yield verb.start(1), verb.end(1), word
    if verb[1] in table.copula:
        adverb = table.adverb.match(text, verb.end())
        behind = _QUOTED.match(text, adverb.end() if adverb else verb.end())
        if behind and (word := _bend(behind[1], was, now, table)):
            yield behind.start(1), behind.end(1), word


def _bend(word: str, was: Features, now: Features, table: _Table) -> str:
    """Return an adjective that agrees with `was` as it is for `now`; "" for any other word, and for a name."""
    if word in table.rows:
        row, _ = table.rows[word]
        return row[_COLUMNS.index(now)] if row[_COLUMNS.index(was)] == word else ""
    found = table.participle.fullmatch(word)
    if found and word.islower() and word not in table.others:
        is_same = found[2] == _ENDINGS[_COLUMNS.index(was)]
        return word[: found.end(1)] + _ENDINGS[_COLUMNS.index(now)] if is_same else ""
    if not word.islower() or not table.one_gender.fullmatch(word):
        return ""
    for plural, singular in table.numbers:
        if was[1] == "p" and word.endswith(plural):
            return word if now[1] == "p" else word[: -len(plural)] + singular
        if was[1] == "s" and word.endswith(singular):
            return word if now[1] == "s" else word[: -len(singular)] + plural
    return ""


def _renumber(verb: str, number: str, table: _Table) -> str:
    """Return a verb of the third person in the other number; "" where that is not known."""
    words = table.singular_verbs if number == "s" else table.plural_verbs
    if verb in words or verb in table.others:
        return words.get(verb, "")
    for plural, singular in (*table.verbs, *table.presents) if number == "s" else table.verbs:
        ending, new = (plural, singular) if number == "s" else (singular, plural)
        if verb.endswith(ending) and len(verb) > len(ending) + 2:
            return verb[: -len(ending)] + new
    return ""


@cache
def _table(lang: str) -> _Table | None:
    text = resources.files("pipeline").joinpath("data/agreement.toml").read_text("utf-8")
    data = tomllib.loads(text).get(lang, {})
    if "participles" not in data:
        return None
    stems, words, links = ("|".join(data[name].split()) for name in ("participles", "participle_words", "links"))
    rows: dict[str, tuple[tuple[str, ...], int]] = {}
    for line in (data["adjectives_behind"] + data["adjectives"]).strip().splitlines():
        for place, form in enumerate(line.split()):
            rows.setdefault(form, (tuple(line.split()), place))
    names = ("number_endings", "verb_numbers", "present_numbers", "verb_words")
    pairs = {name: tuple(_pairs(data[name])) for name in names}
    singulars = "|".join({one for pair in pairs["number_endings"] for one in pair})
    copulas = "|".join(data["copulas"].split())
    return _Table(
        participle=re.compile(rf"(\w{{2,}}(?:{stems})|{words})(os|as|o|a)"),
        rows=rows,
        others=frozenset(data["no_participles"].split()),
        one_gender=re.compile(rf"\w{{3,}}(?:{singulars})"),
        numbers=pairs["number_endings"],
        verbs=pairs["verb_numbers"],
        presents=pairs["present_numbers"],
        singular_verbs=dict(pairs["verb_words"]),
        plural_verbs={singular: plural for plural, singular in pairs["verb_words"]},
        copula=frozenset(data["copulas"].split()),
        complement=re.compile(rf"(?: (?:{links}) [\w'’-]+(?: (?!(?:{copulas})\b)[\w'’-]+)?){{0,2}}"),
        adverb=re.compile(rf"(?: (?:\w+mente|{'|'.join(data['adverbs'].split())}))?"),
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in text.split():
        one, _, other = pair.partition("=")
        yield one, other
