"""The lists that tell what a line of plain text is, read from data files that editors can extend."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.documents.reading import decode_article, printable
from pipeline.errors import DocumentError
from pipeline.languages import function_words

MAX_LABEL = 250
"""Longest line, in characters, that can be site furniture, a credit or a byline."""

_NUMBER = r"\d[\d.,\s]*[kmкм]?"
_EDGES = re.compile(r"^[^\w©{}]+|[^\w©{}]+$")
_WORD = re.compile(r"\w+")
_WHOLE_WORD = re.compile(r"(?<![\w}])[^\W\d]+(?![\w{])")


@dataclass(frozen=True, slots=True)
class Furniture:
    """The lines of the page around an article: share buttons, adverts, links."""

    exact: frozenset[str]  # folded
    by_word: Mapping[str, tuple[str, ...]]  # patterns by a word that stands in every line they match

    def matches(self, line: str) -> bool:
        """Whether the whole line is site furniture."""
        if len(line) > MAX_LABEL:
            return False
        folded = fold(line)
        if folded in self.exact:
            return True
        words = ("", *_WORD.findall(folded))
        return any(_expression(pattern).fullmatch(folded) for word in words for pattern in self.by_word.get(word, ()))


@dataclass(frozen=True, slots=True)
class Labels:
    """The words that tell credits, bylines, captions and dates (data/roles.toml); all in one case."""

    credit: re.Pattern[str]  # "Photo: ", "Foto de archivo: "; groups "more" and "rest"
    credit_joined: re.Pattern[str]  # "Photo by ", "Photo "; groups "link" and "rest"
    byline: re.Pattern[str]  # "Author: ", group "rest"
    byline_marker: re.Pattern[str]  # "By ", group "rest"
    byline_tail: re.Pattern[str]  # "Reporting by "
    caption: re.Pattern[str]  # "Caption: "
    date: re.Pattern[str]  # "Published: ", "Updated on ", group "rest"
    agencies: frozenset[str]
    notes: frozenset[str]
    particles: frozenset[str]
    date_words: frozenset[str]
    sections: frozenset[str]
    link_lists: frozenset[str]


def fold(text: str) -> str:
    """Put a line into the form in which it is compared: lower case, single spaces, no outer punctuation.

    >>> fold("[ Read  MORE » ]")
    'read more'
    """
    return _EDGES.sub("", " ".join(text.casefold().split()))


def load_furniture(extra: Path | None = None) -> Furniture:
    """Load our lists of site furniture and a team's own.

    `extra` has the form of data/furniture/en.txt: a pattern a line, "#" begins a comment line. Raises
    DocumentError, naming file and line, for a pattern that cannot be meant.
    """
    if extra is None:
        return _our_furniture()
    try:
        data = extra.read_bytes()
    except OSError as exc:
        raise DocumentError(f"{printable(str(extra))}: cannot read the list: {exc.strerror}") from exc
    text = decode_article(data, str(extra)).text if data.strip() else ""
    return _compile_furniture([*_our_patterns(), *_read_patterns(text, printable(str(extra)))])


@cache
def load_labels() -> Labels:
    """Load data/roles.toml."""
    table = tomllib.loads(_read("roles.toml"))
    words = {key: _all_values(table[key]) for key in table}
    credit = _either(words["credit_labels"])
    links = _either(words["credit_links"])
    notes = frozenset(map(fold, table["agencies"]["notes"]))
    flags = re.IGNORECASE
    return Labels(
        credit=re.compile(rf"(?:{credit})(?:(?P<more>(?:\s\w+){{0,2}})\s?:|\s?[/|]|\s[–—-]\s)\s*(?P<rest>\S.*)", flags),
        credit_joined=re.compile(rf"(?:{credit}),?\s+(?:(?P<link>{links})\s+)?(?P<rest>\S.*)", flags),
        byline=re.compile(rf"(?:{_either(words['byline_labels'])})\s?:\s*(?P<rest>\S.*)", flags),
        byline_marker=re.compile(rf"(?:{_either(words['byline_markers'])})\s+(?P<rest>\S.*)", flags),
        byline_tail=re.compile(rf"\(?(?:{_either(words['byline_tails'])})\s", flags),
        caption=re.compile(rf"(?:{_either(words['caption_labels'])})(?:\s?:|\s[–—-]|(?<=caption),)\s*\S", flags),
        date=re.compile(rf"(?:{_either(words['date_labels'])})(?:\s?:\s*|\s+)(?P<rest>\S.*)", flags),
        agencies=frozenset(map(fold, table["agencies"]["names"])),
        notes=notes,
        particles=frozenset(_split_all([*words["name_particles"], *notes])),
        date_words=frozenset(_split_all(words["date_words"])),
        sections=frozenset(_split_all(words["sections"])),
        link_lists=frozenset(map(fold, words["link_lists"])),
    )


@cache
def load_function_words() -> frozenset[str]:
    """Load the commonest small words of all languages, lower case (data/function_words.toml)."""
    return frozenset[str]().union(*function_words().values())


@cache
def _our_furniture() -> Furniture:
    return _compile_furniture(_our_patterns())


@cache
def _our_patterns() -> tuple[str, ...]:
    folder = resources.files("pipeline.data") / "furniture"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return tuple(pattern for name in names for pattern in _read_patterns((folder / name).read_text("utf-8"), name))


def _read_patterns(text: str, label: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        if "*" in pattern.strip("*"):
            raise DocumentError(f"{label}:{number}: '*' may stand at the ends of a pattern only: {pattern}")
        if not any(char.isalpha() for char in pattern.replace("{n}", "")):
            raise DocumentError(f"{label}:{number}: a pattern needs a word, or it takes other lines: {pattern}")
        yield pattern


def _compile_furniture(patterns: Iterable[str]) -> Furniture:
    """Sort patterns by a word of theirs; each is compiled when a line with its word comes by (all at once: 0.4 s)."""
    exact: set[str] = set()
    by_word: dict[str, tuple[str, ...]] = {}
    for pattern in patterns:
        if "*" in pattern or "{" in pattern:
            word = _WHOLE_WORD.search(re.sub(r"\{\w+\}", "{}", pattern.casefold()))
            key = word[0] if word else ""
            by_word[key] = (*by_word.get(key, ()), pattern)
        else:
            exact.add(fold(pattern))
    return Furniture(frozenset(exact), by_word)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Turn a pattern of a furniture file into a regular expression over folded lines."""
    bare = " ".join(pattern.strip("*").casefold().split())
    if not pattern.startswith("*"):
        bare = re.sub(r"^[^\w©{}]+", "", bare)
    if not pattern.endswith("*"):
        bare = re.sub(r"[^\w©{}]+$", "", bare)
    words = 30 if len(bare.split()) >= 3 or ":" in bare else 6
    inner = re.escape(bare).replace(r"\{n\}", _NUMBER).replace(r"\{site\}", _sites())
    left = rf"(?:\S+ ){{1,{words}}}" if pattern.startswith("*") else ""
    right = rf" ?\S+(?: \S+){{0,{words - 1}}}" if pattern.endswith("*") else ""
    if right and not bare.endswith(":"):
        right = rf"(?: \S+){{1,{words}}}"
    return re.compile(left + inner + right)


@cache
def _sites() -> str:
    table = tomllib.loads(_read("roles.toml"))
    names = _either(fold(name) for name in table["sites"]["names"])
    return rf"(?:{names})(?:(?: ?[,/&|·] ?| \w{{1,3}} )(?:{names}))*"


def _read(name: str) -> str:
    return (resources.files("pipeline.data") / name).read_text("utf-8")


def _all_values(languages: dict[str, Any]) -> list[str]:
    """Give the values of all languages as one list; a value is a list or one string of words."""
    return [item for value in languages.values() for item in ([value] if isinstance(value, str) else value)]


def _split_all(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from value.casefold().split()


def _either(words: Iterable[str]) -> str:
    """Write an alternation of literal words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
