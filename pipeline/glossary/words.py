"""Words as the glossary sees them: their folded form, and where a word begins and ends."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import resources

from pipeline.languages import LANGUAGES, base_language

# `\w` leaves out combining marks, so that a vowel sign would cut a Hindi word in two, and a soft hyphen or a
# zero-width character a word in a text from the web.
_INSIDE = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0900-\u0963\u0966-\u0d7f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d"
    "\u2060\u20d0-\u20ff\ufe20-\ufe2f"
)
# Written without spaces: every letter is a token, and a word may begin anywhere.
_UNSPACED_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_UNSPACED_SCRIPTS = frozenset({"Hans", "Hant", "Jpan", "Thai"})

_SPACED = re.compile(rf"[\w{_INSIDE}]+|[^\w\s]")
_UNSPACED = re.compile(rf"[{_UNSPACED_LETTERS}]|(?:(?![{_UNSPACED_LETTERS}])[\w{_INSIDE}])+|[^\w\s]")

_APOSTROPHES = "'’‘ʼ＇"
_HYPHENS = "-‐‑"
_GROUP_SPACES = "\u00a0\u202f\u2009"
_EQUAL = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060"),
    }
)
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_LONGEST_PREFIX = 12
_NATIONAL = re.compile(r"\A[A-Z][a-z]+(?:ish|ese|[bdglnrstv]ian|[eo]an|rman|ican|ench|utch)\Z")  # "British"
_ADJECTIVE = re.compile(r"\A[a-z]{3,}(?:ic|al|ar|ary|ous|ive|(?<!m)ent|ant|able|ible|less|(?<!d)ful|ern)\Z")


def plain(text: str) -> str:
    """Make equal what a reader takes for equal: apostrophes, quotation marks, hyphens, white space. Case stays.

    >>> plain("the “People’s\\u00a0  Party”")
    'the "People\\'s Party"'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_EQUAL)
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a text, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]  # `plain`, in lower case
    spaced: tuple[str, ...]  # the same, with a space in front where white space stands before the token

    def key(self, first: int, count: int) -> str:
        """Return what `count` tokens from `first` on are found by; equal for texts that differ in case alone."""
        if count == 1:
            return self.words[first]
        return self.words[first] + "".join(self.spaced[first + 1 : first + count])


@lru_cache(maxsize=1024)  # the sentences of articles that go to the engines together, and what they became
def tokenise(text: str, lang: str) -> Tokens:
    """Split a text into words (letters, digits and combining marks) and single marks."""
    starts, ends, words, spaced = [], [], [], []
    last = 0
    for match in _token_pattern(lang).finditer(text):
        start, end = match.span()
        word = _fold(match[0])
        starts.append(start)
        ends.append(end)
        words.append(word)
        spaced.append(" " + word if start > last else word)
        last = end
    return Tokens(tuple(starts), tuple(ends), tuple(words), tuple(spaced))


def first_words(texts: Iterable[str], lang: str) -> Iterator[str]:
    """Give the first of `tokenise(text, lang).words` of each text, "" where there is none, without reading further."""
    search = _token_pattern(lang).search
    for text in texts:
        found = search(text)
        yield _fold(found[0]) if found else ""


def _fold(word: str) -> str:
    word = word.lower()
    return word if word.isascii() else unicodedata.normalize("NFC", word).translate(_EQUAL)


def has_spaces(lang: str) -> bool:
    """Whether a language parts its words by white space."""
    row = LANGUAGES.get(lang)
    return row is None or row.script not in _UNSPACED_SCRIPTS


def _token_pattern(lang: str) -> re.Pattern[str]:
    return _SPACED if has_spaces(lang) else _UNSPACED


def key_of(text: str, lang: str) -> str:
    """Return the key of a whole text (see `Tokens.key`)."""
    tokens = tokenise(text, lang)
    return tokens.key(0, len(tokens.words)) if tokens.words else ""


@dataclass(frozen=True, slots=True)
class Edges:
    """How words of one language meet apostrophes and hyphens (pipeline/data/word_edges.toml)."""

    elisions: frozenset[str]
    prefixes: frozenset[str]
    negations: frozenset[str]  # of the prefixes
    suffixes: frozenset[str]
    deputies: frozenset[str]
    determiners: frozenset[str]
    women: frozenset[str]
    men: frozenset[str]
    before_verbs: frozenset[str]
    around_verbs: frozenset[str]  # "to with": the word before, the word after
    noun_signs: frozenset[str]
    subjects: frozenset[str]
    conjunctions: frozenset[str]
    after_verbs: frozenset[str]
    verb_nouns: frozenset[str]
    adjectives: frozenset[str]
    nouns_like_adjectives: frozenset[str]
    has_endings: bool


@cache
def edges_of(lang: str) -> Edges:
    """Return the row of a language; empty where the table has none."""
    text = resources.files("pipeline").joinpath("data/word_edges.toml").read_text("utf-8")
    table = tomllib.loads(text)
    base = base_language(lang) if lang in LANGUAGES else lang
    sets = {
        name: frozenset(table[name].get(base, "").split())
        for name in (field.name for field in fields(Edges))
        if name not in ("around_verbs", "has_endings")
    }
    around = frozenset(
        f"{before} {after}"
        for before, afters in table["around_verbs"].get(base, {}).items()
        for after in afters.split()
    )
    return Edges(**sets, around_verbs=around, has_endings=base in table["endings"]["languages"].split())


def speaks_of_a_woman(text: str, lang: str) -> bool:
    """Whether the pronouns and titles of a sentence are those of a woman, and none of a man."""
    words, edges = frozenset(tokenise(text, lang).words), edges_of(lang)
    return not words.isdisjoint(edges.women) and words.isdisjoint(edges.men)


def speaks_of_nobody(text: str, lang: str) -> bool:
    """Whether no pronoun and no title of a sentence is one of a woman or a man; False where none are known."""
    edges = edges_of(lang)
    return bool(edges.women) and (edges.women | edges.men).isdisjoint(tokenise(text, lang).words)


def looks_like_adjective(word: str, lang: str) -> bool:
    """Whether a word of small letters is an adjective, by its ending or by the list: "political", "nuclear", "foreign".

    Only of English anything is known.

    >>> looks_like_adjective("federal", "en"), looks_like_adjective("hospital", "en")
    (True, False)
    """
    edges = edges_of(lang)
    ends_so = lang == "en" and (_ADJECTIVE.search(word) or _NATIONAL.search(word)) is not None
    return word in edges.adjectives or (ends_so and word not in edges.nouns_like_adjectives)


def stands_alone(text: str, start: int, end: int, lang: str) -> bool:
    """Whether a span begins and ends where a reader sees a word begin and end.

    "US" does not stand alone in "USA", "US-Cuba", "U.S" or "AT&US"; it does in "US's", "pro-US", "US-led", "US–Cuba".
    "10" does not in "10.5" or "10 000" with a no-break space, but does in "10-year" and "$10".
    """
    begins = start == 0 or text[start - 1] == " " or _begins_word(text, start, lang)
    return begins and (text[end : end + 1] in ("", " ") or _ends_word(text, end, lang))


def _begins_word(text: str, start: int, lang: str) -> bool:
    joint, outer = text[start - 1], text[max(start - 2, 0) : start - 1]
    inner = text[start]
    if _is_word(joint):
        return _is_word(inner) or not _clings(inner, joint)
    if not _joins(outer, joint, inner) or (inner.isdigit() and joint in _HYPHENS):
        return True
    if joint not in _HYPHENS and joint not in _APOSTROPHES:
        return False
    before = _LAST_WORD.search(text[max(start - 1 - _LONGEST_PREFIX, 0) : start - 1])
    edges = edges_of(lang)
    known = edges.prefixes if joint in _HYPHENS else edges.elisions
    return before is not None and before[0].lower() in known


def _ends_word(text: str, end: int, lang: str) -> bool:
    inner, joint, outer = text[end - 1], text[end], text[end + 1 : end + 2]
    if _is_word(joint):
        return _is_word(inner) or not _clings(inner, joint)
    if inner == "." and joint in _HYPHENS and _is_word(outer):
        return False  # "U.S." in "U.S.-led"
    if not _joins(inner, joint, outer) or (inner.isdigit() and joint in _HYPHENS):
        return True
    if joint in _HYPHENS:
        after = _FIRST_WORD.match(text, end + 1, end + 1 + _LONGEST_PREFIX)
        return after is not None and after[0].lower() in edges_of(lang).suffixes
    if joint not in _APOSTROPHES:
        return False
    possessive = outer in "sS" and not _is_word(text[end + 2 : end + 3])
    return possessive or edges_of(lang).has_endings


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or (char != "" and unicodedata.category(char)[0] == "M")


def _clings(mark: str, neighbour: str) -> bool:
    # "U.S." in "U.S.A", "$10" in "US$10"; but "(" and quotation marks leave the word beside them alone.
    return neighbour.isalpha() and (mark in ".&" or unicodedata.category(mark) == "Sc")


def _joins(before: str, joint: str, after: str) -> bool:
    """Whether a mark between two characters makes one word of them."""
    if not _is_word(before) or not _is_word(after):
        return False
    digits = before.isdigit() and after.isdigit()
    if joint == ".":
        # "U.S", "News.bg"; not "he said.Trump", where a space is missing.
        return digits or (before.isalpha() and after.isalpha() and not (before.islower() and after.isupper()))
    if joint in ",:" or joint in _GROUP_SPACES:
        return digits
    return joint in _HYPHENS or joint in _APOSTROPHES or joint in "&·@"
