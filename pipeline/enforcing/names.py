"""Names that no glossary has: capitalised words that the engine mostly copies."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.enforcing.items import Demand, Item
from pipeline.fragments import is_seldom, is_unheard
from pipeline.protecting import mark_spans, read_marks
from pipeline.typography import calendar_words

_NAME_WORD = re.compile(r"[^\W\d_][\w-]*[^\W\d_]")
KEPT_SHARE = 0.5  # a capitalised word that the engine copies in this share of its places, or more, is a name


def names_copied(items: Sequence[Item], lang: str) -> frozenset[str]:
    """Return the capitalised words of an article in `lang` that are names: the engine mostly copies them.

    A name of the glossary that it kept counts for its words: "Johnny English" tells of "English".

    A seldom word that it copied wherever it stands behind another name, as the last word of that, is one too: "Benjamin
    Monk" tells what "Monk" is at the beginning of a sentence, where the engine made "Monge" of it.
    """
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    behind: defaultdict[str, set[bool]] = defaultdict(set)
    for item in items:
        for i, demand in enumerate(item.demands):
            if demand.kind == "name" and i not in item.missing:
                words = _NAME_WORD.findall(demand.source)
                seen.update(words)
                kept.update(words)
            if demand.kind == "copied":
                seen[demand.source] += 1
                kept[demand.source] += i not in item.missing
                if _neighbours(item, i) == [i - 1] and i - 1 not in item.missing:
                    behind[demand.source].add(i not in item.missing)
    no_names = calendar_words(lang)
    surnames = {
        word
        for word, copies in behind.items()
        if copies == {True} and word.casefold() not in no_names and is_seldom(word, lang)
    }
    return frozenset(word for word, count in seen.items() if kept[word] >= count * KEPT_SHARE) | surnames


def settle_copied(item: Item, names: Collection[str]) -> Item:
    """Let go of the missing "copied" words that are no names here.

    A word beside others is a part of a longer name: it is put back only where they were copied. "Research" stays in
    "Microsoft Research", and not in "the Defense Research Agency", of which the engine wrote every word in its
    own language.
    """
    lost = [i for i in sorted(item.missing) if item.demands[i].kind == "copied"]
    ignored = frozenset(i for i in lost if item.demands[i].source not in names or _has_lost_neighbour(item, i))
    return replace(item, missing=item.missing - ignored, ignored=item.ignored | ignored)


def _has_lost_neighbour(item: Item, number: int) -> bool:
    return any(j in item.missing or j in item.ignored for j in _neighbours(item, number))


def _neighbours(item: Item, number: int) -> list[int]:
    beside = [j for j in (number - 1, number + 1) if 0 <= j < len(item.demands)]
    return [j for j in beside if _adjoins(item.demands[number], item.demands[j])]


def respell(item: Item, source_lang: str, lang: str) -> Item:
    """Give a person back the spelling of the source: "Hugo Chávez" -> "Hugo Chavez", "Ahna Sabalenka" -> "Aryna".

    Only a word beside a name that the engine copied, so that "México" stays: an exonym stands alone. `source_lang` is
    the language that the engine read.
    """
    if not item.ignored:
        return item
    plain, marks = read_marks(item.marked)
    places = {mark.number: mark for mark in marks}
    edits, found = [], set()
    for i in sorted(item.ignored):
        name = item.demands[i].source
        beside = [places[j] for j in (i - 1, i + 1) if j in places and _adjoins(item.demands[i], item.demands[j])]
        for match in re.finditer(r"\w+", plain) if beside else ():
            if any(match.start() < mark.end and mark.start < match.end() for mark in marks):
                continue  # another name's own word: "Frenchman Arthur Fils" is no misspelt "Frenchman"
            near = any(match.start() - mark.end == 1 or mark.start - match.end() == 1 for mark in beside)
            if near and (_is_bare(match[0], name) or _is_slip(match[0], name, source_lang, lang)):
                edits.append((match.start(), match.end(), i, name))
                found.add(i)
                break
    if not found:
        return item
    spans = [(mark.start, mark.end, mark.number, mark.text) for mark in marks] + edits
    marked = mark_spans(plain, sorted(spans))
    return replace(item, marked=marked, enforced=item.enforced | found, ignored=item.ignored - found)


def _is_bare(word: str, name: str) -> bool:
    """Whether a word is a name with or without its accents, or the first part of one with hyphens."""
    bare = _bare(name)
    return bare == _bare(word) or bare.startswith(f"{_bare(word)}-")


def _is_slip(word: str, name: str, source_lang: str, lang: str) -> bool:
    """Whether a word is a name that the engine misspelt: a capital, the same first letter, and both are no words."""
    same = word[0].isupper() and _bare(word)[0] == _bare(name)[0]
    return same and is_unheard(name, source_lang) and is_unheard(word, lang)


def _adjoins(one: Demand, other: Demand) -> bool:
    return other.kind in ("copied", "name") and abs(max(one.start, other.start) - min(one.end, other.end)) == 1


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
