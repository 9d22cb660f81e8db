"""What each word says for each language against the article's own: logarithms of odds, weighed by how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.fragments.labels import find_labels
from pipeline.fragments.lexicon import Floats, lexicons, table_tag
from pipeline.fragments.silent import find_silent
from pipeline.fragments.words import Gap, Shape, Words
from pipeline.languages import uses_script

LATIN_TONGUE = "la"  # Latin phrases are at home everywhere ("habeas corpus"): read by the model, never reported


@dataclass(frozen=True, slots=True)
class Weights:
    """What a word counts. Tuned on half of a development set and on mixtures of news: benchmarks/fragments.py."""

    clip: float = 7.0  # most that one word can say
    known: float = 3.5  # ... where the article's language has the word as well
    unseen: float = 1.0  # share of a word that only its letters speak for
    title: float = 0.15  # share of a capitalised word inside a sentence, where names are
    opening: float = 0.6  # ... at the start of a line or sentence
    capitals: float = 0.15  # ... of a word in capitals
    single: float = 0.55  # ... of a word of one letter
    against: float = 0.3  # share of a capitalised word that speaks for the article's language
    script: float = 12.0  # a word in another script than the article's
    latin: float = 4.0  # a small Latin word in an article of another script
    latin_name: float = 0.1  # ... a name
    latin_opening: float = 1.0  # ... a common word with a capital at the start of a line or sentence
    label: float = 5.0  # a label that only other languages have: "Captură: HotNews"
    estimated: float = 0.75  # in favour of an article's language that is in ESTIMATED, each word
    estimated_shared: float = 0.7  # most for another language of ESTIMATED by a word that both have
    own_name: float = 0.45  # against a language of another script: a name in the article's script


WEIGHTS = Weights()
COMMON = -11.5  # log probability of a word that is no rarity
HOME = -12.5  # ... that the article's language has at all
# Languages whose word frequencies are estimates: which words they have is sure, how often is not.
ESTIMATED = frozenset({"gl", "kk", "mt"})
# Languages that no text tells apart word by word: one is no fragment of the other.
TWINS = {lang: {"bs", "hr"} for lang in ("bs", "hr")}
# Log odds against a language that is rarely the right answer beside its larger sister or neighbour, and for English.
RARE = {
    "nn": -2.0, "bs": -2.5, "ms": -1.5, "la": -3.0, "eo": -2.0, "az": -0.5, "cy": -1.0, "ga": -1.0, "eu": -0.5,
    "gl": -0.7, "kk": -1.0, "mt": -1.0, "nb": -0.3, "en": 0.7,
}  # fmt: skip
OF_ONE_SCRIPT = {
    "Grek": "el", "Hebr": "he", "Armn": "hy", "Geor": "ka", "Thai": "th", "Hang": "ko", "Deva": "hi", "Kana": "ja",
    "Hira": "ja", "Hani": "zh-Hans", "Beng": "bn", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Gujr": "gu",
    "Guru": "pa", "Sinh": "si", "Ethi": "am", "Khmr": "km", "Laoo": "lo", "Mymr": "my", "Tibt": "bo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The words of one script that have tables: their numbers in the text, log probabilities, whether listed."""

    at: NDArray[np.intp]
    scores: Floats  # words x languages of the script
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """The words of a text with their probabilities."""

    words: Words
    tables: Mapping[str, Table]  # by script

    def languages(self) -> tuple[str, ...]:
        """Return all languages that some word may be of, in alphabetical order."""
        found = {lang for script in self.tables for lang in lexicons()[script].languages}
        found.update(OF_ONE_SCRIPT.get(script, "") for script in set(self.words.scripts))
        return tuple(sorted(found - {""}))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Odds of each word for each other language; `weighed` for finding spans, `plain` for naming their language."""

    measured: Measured
    main: str
    languages: tuple[str, ...]
    weighed: Floats  # words x languages
    plain: Floats
    labels: frozenset[int]  # numbers of the words that are labels of another language
    silent: frozenset[int]  # ... of the small words that are parts of names or of phrases at home everywhere


def measure(words: Words) -> Measured:
    """Look every word up, each form once."""
    forms: dict[str, dict[str, int]] = {script: {} for script in lexicons()}
    at: dict[str, list[int]] = {script: [] for script in lexicons()}
    rows: dict[str, list[int]] = {script: [] for script in lexicons()}
    for number, (script, form) in enumerate(zip(words.scripts, words.forms, strict=True)):
        if script in forms:
            at[script].append(number)
            rows[script].append(forms[script].setdefault(form, len(forms[script])))
    tables = {}
    for script, ids in forms.items():
        if ids:
            scores, known = lexicons()[script].score(list(ids))
            tables[script] = Table(np.array(at[script]), scores[rows[script]], known[rows[script]])
    return Measured(words, tables)


def weigh(measured: Measured, main: str, weights: Weights = WEIGHTS) -> Evidence:
    """Compare every language of the text's scripts with the article's language, word by word."""
    words, own = measured.words, table_tag(main)
    languages = tuple(lang for lang in measured.languages() if lang not in TWINS.get(own, {own}))
    column = {lang: i for i, lang in enumerate(languages)}
    plain = np.full((len(words), len(languages)), -weights.clip, dtype=np.float32)
    weighed = plain.copy()
    _let_names_pass(words, main, (weighed, plain), weights)
    shares = share_out(words, weights)
    for script, table in measured.tables.items():
        tongues = lexicons()[script].languages
        keep = [i for i, lang in enumerate(tongues) if lang in column]
        cells = np.ix_(table.at, np.array([column[tongues[i]] for i in keep]))
        if uses_script(main, script) and own in tongues:
            raw = table.scores - table.scores[:, [tongues.index(own)]]
            raw = _doubt_estimates(raw, table.scores, (tongues, own), weights)
            odds = _of_own_script(raw, table, tongues.index(own), shares, weights)
        else:
            raw = table.scores - table.scores.max(axis=1, keepdims=True) + weights.clip
            odds = _of_other_script(words, script, table, shares, weights)
        plain[cells], weighed[cells] = raw[:, keep], odds[:, keep]
    _weigh_scripts(words, main, column, (weighed, plain), weights)
    silent = find_silent(words)
    weighed[sorted(silent)] = 0.0
    labels = _add_labels(words, (own, silent), column, weighed, weights)
    return Evidence(measured, main, languages, weighed, plain, labels, silent - labels)


def share_out(words: Words, weights: Weights = WEIGHTS) -> Floats:
    """Return what part of each word counts: all of a small word, little of a likely name, nothing of an address."""
    shares = np.ones(len(words), dtype=np.float32)
    names = names_of(words)
    for i, (shape, form) in enumerate(zip(words.shapes, words.forms, strict=True)):
        if shape is Shape.LOWER:
            shares[i] = weights.single if len(form) == 1 else 1.0
        elif shape is Shape.TITLE and len(form) > 1:
            opens = words.gaps[i] <= Gap.BRACKET and form not in names
            shares[i] = weights.opening if opens else weights.title
        else:
            shares[i] = weights.capitals if shape is Shape.CAPITALS else 0.0
    return shares


def names_of(words: Words) -> frozenset[str]:
    """Return the words that stand with a capital inside a sentence somewhere and never without: likely names."""
    rows = list(zip(words.forms, words.shapes, words.gaps, strict=False))
    small = {form for form, shape, _ in rows if shape is Shape.LOWER}
    inside = {form for form, shape, gap in rows if shape is Shape.TITLE and gap >= Gap.MARK}
    return frozenset(inside - small)


def _doubt_estimates(raw: Floats, scores: Floats, names: tuple[tuple[str, ...], str], weights: Weights) -> Floats:
    """Believe estimated frequencies less: odds for an article in one; for another, little by a word that both have."""
    tongues, own = names
    if own in ESTIMATED:
        return raw - np.float32(weights.estimated)
    for lang in ESTIMATED & set(tongues):
        column = tongues.index(lang)
        both = (scores[:, tongues.index(own)] > HOME) & (scores[:, column] > HOME)
        raw[both, column] = np.minimum(raw[both, column], np.float32(weights.estimated_shared))
    return raw


def _of_own_script(raw: Floats, table: Table, own: int, shares: Floats, weights: Weights) -> Floats:
    """Weigh words of the article's script; a word that its language has as well says less."""
    odds = raw * np.where(table.known, np.float32(1), np.float32(weights.unseen))[:, None]
    most = np.where(table.scores[:, own] > HOME, np.float32(weights.known), np.float32(weights.clip))[:, None]
    odds = np.clip(odds, -np.float32(weights.clip), most)
    gaining = shares[table.at][:, None]
    losing = np.where(gaining < 1, np.maximum(gaining, np.float32(weights.against)), np.float32(1))
    weighed: Floats = np.where(odds > 0, odds * gaining, odds * losing)
    return weighed


def _of_other_script(words: Words, script: str, table: Table, shares: Floats, weights: Weights) -> Floats:
    """Weigh words of another script: the script speaks first, but names, brands and units in Latin are at home."""
    below = table.scores - table.scores.max(axis=1, keepdims=True)
    below = below * np.where(table.known, np.float32(1), np.float32(weights.unseen))[:, None]
    share = np.maximum(shares[table.at], np.float32(0.15))[:, None]
    raw: Floats = np.maximum(below * share, -np.float32(weights.clip))
    if script != "Latn":
        return raw + np.float32(weights.script)
    common = table.scores.max(axis=1) > COMMON
    base = np.full(len(table.at), weights.latin_name, dtype=np.float32)
    for row, i in enumerate(table.at):
        if words.shapes[i] is Shape.LOWER and len(words.forms[i]) > 1:
            base[row] = weights.latin if table.known[row] else weights.latin / 2
        elif words.shapes[i] is Shape.TITLE and words.gaps[i] <= Gap.SENTENCE and common[row]:
            base[row] = weights.latin_opening
    return raw + base[:, None]


def _let_names_pass(words: Words, main: str, tables: tuple[Floats, Floats], weights: Weights) -> None:
    """Let addresses, and names in Latin or in the article's script, stand in a fragment of any language."""
    weighed, plain = tables
    for i, (script, shape) in enumerate(zip(words.scripts, words.shapes, strict=True)):
        if shape is Shape.MASKED:
            weighed[i] = plain[i] = 0.0
        elif shape is not Shape.LOWER:
            plain[i] = 0.0
            if script == "Latn" or uses_script(main, script):
                weighed[i] = -weights.own_name


def _weigh_scripts(
    words: Words, main: str, column: Mapping[str, int], tables: tuple[Floats, Floats], weights: Weights
) -> None:
    """Weigh words of scripts that one language has, and of Chinese and Japanese."""
    for i, script in enumerate(words.scripts):
        lang = OF_ONE_SCRIPT.get(script, "")
        if not lang or uses_script(main, script):
            continue
        for table in tables:
            table[i] = -weights.clip
            if lang in column:
                table[i, column[lang]] = weights.script
            if script == "Hani" and "ja" in column:
                table[i, column["ja"]] = weights.script - 0.5


def _add_labels(
    words: Words, home: tuple[str, frozenset[int]], column: Mapping[str, int], weighed: Floats, weights: Weights
) -> frozenset[int]:
    """Let a label that the article's language lacks speak for its own languages, and its line go with it."""
    found: set[int] = set()
    own, silent = home
    for label, line, langs in find_labels(words, silent):
        columns = [column[lang] for lang in sorted(langs) if lang in column]
        if own in langs or not columns:
            continue
        for i in line:
            floor = weights.label / len(label) if i in label else 0.1
            weighed[i, columns] = np.maximum(weighed[i, columns], np.float32(floor))
        found.update(label)
    return frozenset(found)
