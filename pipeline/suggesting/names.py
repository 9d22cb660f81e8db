"""Names in articles: runs of capitalised words that are no beginning of a sentence, no title and no day."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.fragments.lexicon import lexicons
from pipeline.languages import LANGUAGES, base_language, function_words
from pipeline.localise import Detected
from pipeline.model import Role, Segment

MAX_WORDS = 7  # of a name, links included
# How much more likely the letters of a word are in another language, as a logarithm, before a capital at the beginning
# of a sentence is taken for a name's, where no word list has the word. Judgement, on words of NTREX in English.
FOREIGN = 2.0
TITLED = 0.6  # share of capitals from which a line is a headline in title case, or a line in capitals
_MIN_TITLED = 4  # words of a line that is judged so

_WORD = re.compile(r"[^\W_](?:[\w’'.-]*[^\W_])?")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_AGE = re.compile(r", \d{1,3},")  # behind a name that news tells the age of: "Ann Lee, 41, said"
_INITIAL = re.compile(r"[^\W\d_]\Z")
_OPENS = re.compile(r"(?:^|[.!?:;…—–|•]|\s-)\W*\Z")  # what stands before a word whose capital says nothing
_WEB = re.compile(r"https?://\S+|www\.\S+|[@#]\w[\w.]*|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|co|bg|uk|eu)\b")
_NO_NAMES = frozenset({Role.CODE, Role.COUNTER, Role.BOILERPLATE})


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name where it stands."""

    text: str
    segment: Segment
    start: int  # into the segment's source


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a segment."""

    text: str
    start: int
    end: int
    is_first: bool  # its capital says nothing, as a sentence or a quotation begins with it


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the articles of one language say of its words, in lower case."""

    small: frozenset[str]  # stand without a capital
    names: frozenset[str]  # stand with one inside a sentence
    pairs: frozenset[tuple[str, str]]  # stand so one behind the other
    owners: frozenset[str]  # stand with a possessive more than once and never without: "Sainsbury's"
    heads: frozenset[str]  # begin a sentence, with another capital behind them


def read_evidence(articles: Iterable[Detected]) -> dict[str, Evidence]:
    """Collect what tells a name from a word at the beginning of a sentence, for each language."""
    small: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    owning: dict[str, Counter[str]] = defaultdict(Counter)
    bare: dict[str, set[str]] = defaultdict(set)
    heads: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        lang = base_language(article.language)
        for _, segment in _segments(article):
            words = _words(segment.source)
            if _is_titled(segment.source, words):
                continue
            for at, word in enumerate(words):
                folded = _fold(word.text)
                if word.text.endswith(("'s", "’s")):
                    owning[lang][folded] += 1
                else:
                    bare[lang].add(folded)
                if not word.text[0].isupper():
                    small[lang].add(folded)
                elif not word.is_first:
                    names[lang].add(folded)
                    pairs[lang].add((folded, _fold(words[at + 1].text) if at + 1 < len(words) else ""))
                elif at + 1 < len(words) and words[at + 1].text[0].isupper() and not words[at + 1].is_first:
                    heads[lang].add(folded)
    return {
        lang: Evidence(
            frozenset(small[lang]),
            frozenset(names[lang]),
            frozenset(pairs[lang]),
            frozenset(word for word, count in owning[lang].items() if count > 1 and word not in bare[lang]),
            frozenset(heads[lang]),
        )
        for lang in {*small, *names} - _table("nouns", "all")
    }


def find_names(article: Detected, evidence: Evidence) -> Iterator[NameUse]:
    """Give the names of an article in order, fragments left out.

    A run of capitalised words, joined by what the language has inside names ("of"), without what only stands before
    them ("President"), and without words that are no names by the tables of suggesting.toml. At the beginning of a
    sentence a word counts where it goes on with others, or stands with a capital inside a sentence elsewhere.
    """
    lang = base_language(article.language)
    taken: dict[str, list[tuple[int, int]]] = {}
    for segment, fragment in article.fragments:
        taken.setdefault(segment.id, []).append((fragment.start, fragment.end))
    for role, segment in _segments(article):
        words = _words(segment.source)
        if role in _NO_NAMES or not words:
            continue
        titled = _is_titled(segment.source, words)
        parts = (part for run in _runs(segment.source, words, lang) for part in _split_and(run, lang))
        for part in _join_owned(parts, segment.source, _table("kinds", lang)):
            aged = bool(_AGE.match(segment.source, part[-1].end))
            kept = _trim(part, lang, evidence, titled=titled, aged=aged)
            if kept and not _meets(kept, taken.get(segment.id, ())):
                text = segment.source[kept[0].start : kept[-1].end]
                owner = _fold(kept[-1].text) in evidence.owners
                yield NameUse(text if owner else _POSSESSIVE.sub("", text), segment, kept[0].start)


def _segments(article: Detected) -> Iterator[tuple[Role, Segment]]:
    return ((block.role, segment) for block in article.article.blocks for segment in block.segments)


def _words(text: str) -> list[_Word]:
    masked = _WEB.sub(lambda match: " " * len(match[0]), text)
    found: list[_Word] = []
    for match in _WORD.finditer(masked):
        if any(char.isalpha() for char in match[0]):
            before = masked[max(0, match.start() - 4) : match.start()]
            is_first = match.start() == 0 or bool(_OPENS.search(before)) or before[-1:] in "\"“„«‘'("
            is_first = is_first and not _ends_initial(found, before)
            found.append(_Word(match[0], match.start(), match.end(), is_first))
    return found


def _ends_initial(words: Sequence[_Word], before: str) -> bool:
    """Whether the full stop before a word ends an initial or a form of address: "J. Smith", "Mr. Smith"."""
    return (
        before.endswith(". ")
        and bool(words)
        and (len(words[-1].text) == 1 or words[-1].text in ("Mr", "Mrs", "Dr", "St"))
    )


def _is_titled(text: str, words: Sequence[_Word]) -> bool:
    """Whether a line is a headline in title case, or one in capitals, whose capitals say nothing."""
    long = [word.text for word in words if len(word.text) > 3]
    if len(words) >= _MIN_TITLED and all(word.text[0].isupper() for word in words):
        return True
    if len(long) < _MIN_TITLED or text.rstrip("\"'”’»)").endswith((".", "!", "?", "…")):
        return False
    return sum(word[0].isupper() for word in long) > TITLED * len(long)


def _runs(text: str, words: Sequence[_Word], lang: str) -> Iterator[list[_Word]]:
    """Give the runs of capitalised words that stand with one space between them, links in their midst."""
    links = _table("links", lang)
    run: list[_Word] = []
    for word in words:
        joined = bool(run) and _joins(text[run[-1].end : word.start], run[-1])
        is_capital = word.text[0].isupper() or (word.text[0].isdigit() and bool(run))
        if run and (
            not joined
            or _POSSESSIVE.search(run[-1].text)
            or word.is_first
            or not (is_capital or word.text in links)
            or len(run) >= MAX_WORDS
        ):
            yield run
            run = []
        if word.text[0].isupper() or (run and (is_capital or word.text in links)):
            run.append(word)
    if run:
        yield run


def _join_owned(parts: Iterable[list[_Word]], text: str, kinds: frozenset[str]) -> Iterator[list[_Word]]:
    """Join a name that has the possessive of several inside, by the kind of its last word: "Magistrates' Court"."""
    last: list[_Word] = []
    for part in parts:
        if last and text[last[-1].end : part[0].start] in ("' ", "’ ") and last[-1].text.endswith("s"):
            end = next((word.text for word in reversed(part) if word.text[0].isupper()), "")
            if _fold(end) in kinds:
                last = [*last, *part]
                continue
        if last:
            yield last
        last = part
    if last:
        yield last


def _joins(between: str, last: _Word) -> bool:
    return between == " " or (between == ". " and (bool(_INITIAL.match(last.text)) or last.text in ("St", "Jr")))


def _trim(run: list[_Word], lang: str, evidence: Evidence, *, titled: bool, aged: bool) -> list[_Word]:
    """Take away what begins or ends a run and is no part of a name."""
    before, never, links = _table("before", lang), _table("never", lang), _table("links", lang)
    kept = list(run)
    while kept and (kept[0].text in links or (not aged and _is_opening(kept, lang, evidence))):
        kept = kept[1:]
    while kept and not kept[-1].text[0].isupper():
        kept = kept[:-1]
    kept = _behind_office(kept, before, _table("kinds", lang))
    peoples, kinds = _table("peoples", lang), _table("kinds", lang)
    while kept and (not kept[-1].text[0].isupper() or _fold(kept[-1].text) in never | peoples):
        kept = kept[:-1]
    while kept and _fold(kept[0].text) in (never if _fold(kept[-1].text) in kinds else never | peoples):
        kept = kept[1:]
    if not kept or all(_fold(word.text) in never | peoples or len(word.text) == 1 for word in kept):
        return []
    if len(kept) == 1 and (
        len(kept[0].text) < 2
        or (kept[0].is_first and not titled and not _is_lone_name(kept[0], lang, evidence, aged=aged))
    ):
        return []
    if titled and not all(word.text in links or _is_name(word, evidence) for word in kept):
        return []
    return kept


def _behind_office(run: list[_Word], before: frozenset[str], kinds: frozenset[str]) -> list[_Word]:
    """Cut "US President Ann Lee" behind its office; an office without a name is none. "Justice Department" stays."""
    at = max((i for i, word in enumerate(run) if _is_before(word.text, before) and word.text[0].isupper()), default=-1)
    rest = run[at + 1 :]
    return run if rest and (_fold(rest[0].text) in kinds or not rest[0].text[0].isupper()) else rest


def _split_and(run: list[_Word], lang: str) -> list[list[_Word]]:
    """Cut "Smith and Jones" at its "and"; "Fish and Wildlife Commission" is one name, by the kind of its last word."""
    at = [i for i, word in enumerate(run) if word.text in _table("and", lang)]
    last = next((word for word in reversed(run) if word.text[0].isupper()), run[-1])
    if _fold(last.text) in _table("kinds", lang):
        at = [i for i in at if i + 1 < len(run) and not run[i + 1].text[0].isupper()]  # "and the"
    if not at:
        return [run]
    return [run[: at[0]], *_split_and(run[at[0] + 1 :], lang)] if at[0] + 1 < len(run) else [run[: at[0]]]


def _meets(kept: Sequence[_Word], spans: Iterable[tuple[int, int]]) -> bool:
    return any(kept[0].start < end and start < kept[-1].end for start, end in spans)


def _is_before(word: str, before: frozenset[str]) -> bool:
    return _fold(word).rstrip(".") in before


def _is_opening(run: Sequence[_Word], lang: str, evidence: Evidence) -> bool:
    """Whether the first word of a run has its capital from the sentence that it begins, and is no name."""
    word = run[0]
    if not word.is_first or word.text.isupper():
        return False
    folded = _fold(word.text)
    if len(run) > 1 and (folded, _fold(run[1].text)) in evidence.pairs:
        return False
    if folded in evidence.names and folded not in evidence.small:
        return False
    if folded in evidence.small or folded in function_words().get(lang, frozenset()) or folded in _table("never", lang):
        return True
    return len(run) == 1 and not _is_strange(folded, lang, evidence)


def _is_lone_name(word: _Word, lang: str, evidence: Evidence, *, aged: bool) -> bool:
    """Whether one word that begins a sentence is a name."""
    return aged or _is_name(word, evidence) or _is_strange(_fold(word.text), lang, evidence)


def _is_strange(folded: str, lang: str, evidence: Evidence) -> bool:
    """Whether no word list has a word, and it stands before other capitals or its letters are not of the language."""
    if folded in evidence.small:
        return False
    known, behind = _look_up(folded, lang)
    return not known and (behind > FOREIGN or (behind >= 0 and folded in evidence.heads))


def _look_up(folded: str, lang: str) -> tuple[bool, float]:
    """Return whether a word list has a word, and by how much (a logarithm) it is likelier in the language that has it
    most often than in its own; -1 where the language has no tables.
    """
    lexicon = lexicons().get(LANGUAGES[lang].script) if lang in LANGUAGES else None
    if lexicon is None or lang not in lexicon.languages:
        return False, -1
    scores, known = lexicon.score([folded])
    return bool(known[0]), float(scores[0].max() - scores[0, lexicon.languages.index(lang)])


def _is_name(word: _Word, evidence: Evidence) -> bool:
    folded = _fold(word.text)
    return folded in evidence.names and folded not in evidence.small


def _fold(word: str) -> str:
    return _POSSESSIVE.sub("", word).casefold()


@cache
def _table(name: str, lang: str) -> frozenset[str]:
    text = resources.files("pipeline").joinpath("data/suggesting.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[name].get(lang, "").split())
