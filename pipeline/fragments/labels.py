"""Labels of credits and pointers: in "Captură: HotNews" the label is all that tells the language."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

from pipeline.fragments.words import Gap, Shape, Words

MAX_LABEL_WORDS = 3
MAX_LINE = 12  # words; longer lines are no credits
_BEHIND = ":/|–—-,"  # what may stand between a label and a name


@cache
def label_languages() -> dict[tuple[str, ...], frozenset[str]]:
    """Return the languages of each label, as its words in lower case (data/labels.toml, data/roles.toml)."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for lang, phrases in _tables():
        for phrase in phrases:
            words = tuple(phrase.lower().replace(".", "").split())
            if 0 < len(words) <= MAX_LABEL_WORDS:
                found[words].add(lang)
    return {words: frozenset(langs) for words, langs in found.items()}


@cache
def link_languages() -> dict[str, frozenset[str]]:
    """Return the languages of each word that joins a label and a name: "Scatto di Rai News" (data/roles.toml)."""
    roles = tomllib.loads(resources.files("pipeline").joinpath("data/roles.toml").read_text("utf-8"))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for lang, phrases in roles["credit_links"].items():
        for phrase in phrases:
            if len(phrase.split()) == 1:
                found[phrase.lower()].add(lang)
    return {word: frozenset(langs) for word, langs in found.items()}


def _tables() -> Iterator[tuple[str, list[str]]]:
    folder = resources.files("pipeline").joinpath("data")
    for lang, phrases in tomllib.loads(folder.joinpath("labels.toml").read_text("utf-8")).items():
        yield lang, phrases.split(";")
    roles = tomllib.loads(folder.joinpath("roles.toml").read_text("utf-8"))
    for table in ("credit_labels", "byline_labels"):
        yield from roles.get(table, {}).items()


def find_labels(words: Words, silent: frozenset[int]) -> Iterator[tuple[range, range, frozenset[str]]]:
    """Give each label that stands beside names: the numbers of its words, of the whole line, its languages.

    A line here ends at a line end or a full stop, and has no small words but the label's and those of names (`silent`).
    """
    starts = [i for i, gap in enumerate(words.gaps) if gap <= Gap.SENTENCE]
    for first, end in pairwise(starts):
        if end - first <= MAX_LINE:
            found = _label_before(words, range(first, end), silent) or _label_behind(words, range(first, end), silent)
            if found:
                yield found[0], range(first, end), found[1]


def _label_before(words: Words, line: range, silent: frozenset[int]) -> tuple[range, frozenset[str]] | None:
    """Find "LABEL: names" and "LABEL by names"."""
    first, end = line[0], line[-1] + 1
    for size in range(min(MAX_LABEL_WORDS, len(line)), 0, -1):
        langs = label_languages().get(tuple(words.forms[first : first + size]))
        if not langs:
            continue
        behind = first + size
        if _has_mark(words, behind - 1) and _only_names(words, range(behind, end), silent):
            return range(first, behind), langs
        linked = langs & link_languages().get(words.forms[behind], frozenset()) if behind < end else None
        if linked and behind + 1 < end and _only_names(words, range(behind + 1, end), silent):
            return range(first, behind + 1), linked
    return None


def _label_behind(words: Words, line: range, silent: frozenset[int]) -> tuple[range, frozenset[str]] | None:
    """Find "names / LABEL"."""
    langs = label_languages().get((words.forms[line[-1]],))
    if langs and len(line) > 1 and words.gaps[line[-1]] is Gap.MARK and _only_names(words, line[:-1], silent):
        return line[-1:], langs
    return None


def _has_mark(words: Words, at: int) -> bool:
    behind = words.text[words.ends[at] : words.ends[at] + 3].lstrip(" \u00a0\u202f")
    return behind[:1] in _BEHIND if behind else False


def _only_names(words: Words, span: range, silent: frozenset[int]) -> bool:
    return all(words.shapes[i] is not Shape.LOWER or len(words.forms[i]) == 1 or i in silent for i in span)
