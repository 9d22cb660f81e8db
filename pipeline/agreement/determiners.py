"""Gender and number around a term that was put into a sentence: "no comissão" becomes "na comissão".

The tables and their sources are in pipeline/data/agreement.toml. What is not known there is left alone.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.languages import LANGUAGES, base_language

Features = tuple[str, str]  # gender "m", "f" or ""; number "s", "p" or ""

_COLUMNS: tuple[Features, ...] = (("m", "s"), ("f", "s"), ("m", "p"), ("f", "p"))
_WORD = re.compile(r"[^\W\d_]+(?:[·-][^\W\d_]+)*")
_VOWEL = re.compile(r"h?[aeiouàáèéíïòóúü]", re.IGNORECASE)
_HALF_VOWEL = re.compile(r"h?[iu][aeiouàèéíòóú]|h?[iu]", re.IGNORECASE)
_CONJUNCTIONS = frozenset(["e", "ou", "o", "u", "y", "i"])  # among the words that join nouns
_PARTICIPLES: dict[str, Features] = {"o": ("m", "s"), "a": ("f", "s"), "os": ("m", "p"), "as": ("f", "p")}
_SHORTEST_STEM = 5  # letters: shorter ones are often two words ("porto", "porta")


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of one language."""

    rows: dict[str, tuple[tuple[str, ...], int]]  # determiner -> its row, and its place there
    unclear: frozenset[str]  # determiners that are other words as well
    singular: tuple[tuple[str, str], ...]  # ending of a plural -> of its singular, the longest first
    epicene: frozenset[str]  # nouns for men and women that have one gender, in both numbers
    singular_words: frozenset[str]  # that end like plurals
    endings: tuple[tuple[str, str], ...]  # ending -> gender, the longest first
    words: dict[str, str]  # word -> gender
    elided: dict[str, str]  # "el" -> "l'", before a vowel
    masculine_article: frozenset[str]  # feminine words that take "el" in the singular
    small: frozenset[str]  # determiners of one word, and what stands between nouns
    article: str  # the masculine singular
    prepositions: frozenset[str]
    articles: frozenset[str]  # it, and what prepositions make with it
    contractions: dict[str, str]  # preposition -> what it makes with the article
    link: str
    link_elided: str
    adjectives: frozenset[str]
    numeral: re.Pattern[str]  # at the end of a text, with its space
    predeterminer: re.Pattern[str]  # the same
    verbs: tuple[re.Pattern[str], ...]  # surely one, an infinitive, possibly one
    nouns_like_verbs: frozenset[str]
    adjective_endings: tuple[str, ...]
    adjective_ending: re.Pattern[str]
    at_end: re.Pattern[str]  # a determiner at the end of a text, with its space


def features_of(term: str, lang: str) -> Features:
    """Return gender and number of a term, as far as its first noun shows them.

    >>> features_of("eleições gerais", "pt"), features_of("Zyx", "pt")
    (('f', 'p'), ('', 's'))
    """
    table = _table(base_of(lang))
    word = _WORD.search(term)
    if table is None or word is None:
        return "", ""
    lower = word[0].lower()
    rest = term[word.end() :]
    if lower in table.rows and len(set(table.rows[lower][0])) <= 2 and _WORD.search(rest):
        return features_of(rest.lstrip(), lang)  # "grande coalizão": the adjective shows no gender
    lower = lower.removeprefix("vice-")
    head = lower if lower in table.words else lower.split("-")[0]  # "porta-voz" is no "porta"
    if head in table.words:
        return table.words[head], "s"
    if word[0].isupper() and len(word[0]) > 1:
        return "", ""  # an acronym shows neither
    number = "p" if head.endswith("s") and head not in table.singular_words else "s"
    if number == "p":
        singulars = [head[: -len(end)] + one for end, one in table.singular if head.endswith(end)]
        singulars += [head[:-1], head.removesuffix("es")]
        head = next((one for one in singulars if one in table.words), singulars[0])
    gender = table.words.get(head)
    if gender is None:
        gender = next((sex for end, sex in table.endings if head.endswith(end)), "")
    return gender, number


def agree(before: str, term: str, lang: str, *, old: str = "", gender: str = "") -> str:
    """Make the determiner at the end of `before` agree with `term`, which comes next.

    `gender` is the term's, where it is known; else its ending tells. `old` is what stood in the place of the term: a
    determiner that did not agree with it belongs to another word, and stays. Without `old` a determiner that may be
    another word ("a" in Portuguese) stays. Capitals are kept.

    >>> agree("disse ontem o ", "comissão", "pt"), agree("la sede de la ", "Gobierno", "es", old="Casa")
    ('disse ontem a ', 'la sede del ')
    """
    table = _table(base_of(lang))
    if table and (numeral := table.numeral.search(before)):
        # "as três partidas": the determiner stands before the numeral.
        return agree(before[: numeral.start()], term, lang, old=old, gender=gender) + before[numeral.start() :]
    found = table.at_end.search(before) if table else None
    if table is None or found is None:
        return before
    form = found[1].strip().lower()
    row, _ = table.rows[form]
    start = before[: found.start(1)]
    is_preceded = form in table.adjectives or table.predeterminer.search(start)
    if is_preceded and old:
        before = agree(start, term, lang, old=old, gender=gender) + before[found.start(1) :]
        found = table.at_end.search(before)
        assert found
    own: Features = ("", "s") if form in table.elided.values() else _features_in(row, form)
    if (old and not _may_agree(own, features_of(old, lang))) or (not old and form in table.unclear):
        return before
    guess, number = features_of(term, lang)
    gender = gender or guess
    if (own[0] and not gender and not term[:1].islower()) or not number:
        gender, number = own  # not known: at least the vowel rule
    gender = gender or ("m" if is_epicene(old, lang) and term[:1].islower() else own[0])
    written = row[_COLUMNS.index((gender or "m", number or "p"))]  # "dois" stands for many, and shows no number
    written = _fit_to_sound(written, term, gender, table)
    written = written[:1].upper() + written[1:] if found[1][0].isupper() else written
    return before[: found.start(1)] + written + ("" if written.endswith("'") else " ")


def determiner_gender(before: str, lang: str) -> str:
    """Return the gender of the determiner at the end of a text: "m", "f", or "" where it shows none.

    >>> determiner_gender("ontem a ", "pt"), determiner_gender("disse que ", "pt")
    ('f', '')
    """
    table = _table(base_of(lang))
    found = table.at_end.search(before) if table else None
    if table is None or found is None or found[1].strip().lower() in table.elided.values():
        return ""
    row, column = table.rows[found[1].strip().lower()]
    return _COLUMNS[column][0] if len(set(row)) > 2 else ""


def has_article(before: str, term: str, lang: str) -> bool:
    """Whether a text ends with the article of the term that comes next, alone or in a contraction.

    >>> has_article("falou na ", "Casa Branca", "pt"), has_article("falou em ", "Brasília", "pt")
    (True, False)
    """
    table = _table(base_of(lang))
    found = table.at_end.search(before) if table else None
    if table is None or found is None:
        return False
    row, column = table.rows[found[1].strip().lower()]
    return row[0] in table.articles and _may_agree(_COLUMNS[column], features_of(term, lang))


def add_article(before: str, term: str, lang: str, *, gender: str = "") -> str:
    """Write the article of `term`, which comes next, at the end of a text that has none there.

    It is contracted with a preposition. Where the gender is not known, or a determiner stands there, nothing changes.

    >>> add_article("habló en ", "Casa Blanca", "es"), add_article("la voz de ", "Gobierno", "es")
    ('habló en la ', 'la voz del ')
    """
    table = _table(base_of(lang))
    guess, number = features_of(term, lang)
    gender = gender or guess
    if table is None or not gender or table.at_end.search(before):
        return before
    words = before.split()
    last = words[-1].lower() if words and before.endswith(" ") else ""
    first = table.contractions.get(last, "") or table.article
    column = _COLUMNS.index((gender, number))
    written = _fit_to_sound(table.rows[first][0][column], term, gender, table)
    if not before.strip():
        written = written[:1].upper() + written[1:]
    kept = before[: len(before.rstrip()) - len(last)] if last in table.contractions else before
    return kept + written + ("" if written.endswith("'") else " ")


def drop_article(before: str, lang: str) -> str:
    """Take away the article at the end of a text; of a contraction the preposition stays.

    >>> drop_article("concorrer à ", "pt"), drop_article("votou para o ", "pt"), drop_article("com um ", "pt")
    ('concorrer a ', 'votou para ', 'com um ')
    >>> drop_article("candidata a ", "pt"), drop_article("votou para a ", "pt")
    ('candidata a ', 'votou para ')
    """
    table = _table(base_of(lang))
    found = table.at_end.search(before) if table else None
    if table is None or found is None:
        return before
    row, _ = table.rows[found[1].strip().lower()]
    preposition = next((one for one, form in table.contractions.items() if form == row[0]), None)
    if preposition is None:
        start = before[: found.start(1)]
        # "candidata a prefeita": no article but the preposition, where none stands before it
        is_preposition = found[1].strip().lower() in table.unclear and not is_governed(start, lang)
        return start if row[0] == table.article and not is_preposition else before
    return before[: found.start(1)] + preposition + " "


def is_governed(before: str, lang: str) -> bool:
    """Whether a preposition stands before the noun that comes next, with its determiner between or not.

    >>> is_governed("a sessão da ", "pt"), is_governed("disse que a nova ", "pt")
    (True, False)
    """
    table = _table(base_of(lang))
    if table is None:
        return False
    while found := table.at_end.search(before):
        row, _ = table.rows[found[1].strip().lower()]
        if row[0] in table.contractions.values():
            return True
        before = before[: found.start(1)]
    last = re.search(r"([^\W\d_]+) \Z", before)
    return last is not None and last[1].lower() in table.prepositions


def gender_forms(word: str, lang: str) -> tuple[str, ...]:
    """List a word in both genders and numbers, by the commonest endings of adjectives; itself alone where none fits.

    >>> gender_forms("clandestino", "pt"), gender_forms("campo", "pt")
    (('clandestinos', 'clandestinas', 'clandestino', 'clandestina'), ('campo',))
    """
    table = _table(base_of(lang))
    if table is None or not word.islower() or not table.adjective_ending.search(word):
        return (word,)
    stem = table.adjective_ending.sub("", word)
    same = tuple(stem + ending for ending in table.adjective_endings)
    return same if len(stem) >= _SHORTEST_STEM and stem.isalpha() and word in same else (word,)


def stem_of(word: str, lang: str) -> str:
    """Return an adjective without its ending of gender and number, by the commonest; "" of a short one.

    >>> stem_of("republicanas", "pt"), stem_of("porta", "pt")
    ('republican', '')
    """
    table = _table(base_of(lang))
    stem = table.adjective_ending.sub("", word.lower()) if table else ""
    return stem if len(stem) >= _SHORTEST_STEM and stem.isalpha() else ""


def link_to(term: str, lang: str) -> str:
    """Return what joins a noun to the noun `term` after it, with its space: "de ", "d'".

    >>> link_to("orçamento", "pt"), link_to("interès", "ca")
    ('de ', "d'")
    """
    table = _table(base_of(lang))
    if table is None:
        return ""
    elided = table.link_elided if _VOWEL.match(term) else ""
    return elided or f"{table.link} "


def is_function_word(word: str, lang: str) -> bool:
    """Whether a word is a determiner or one of the small words that join nouns ("de", "em")."""
    table = _table(base_of(lang))
    return table is not None and word.lower() in table.small


def is_epicene(term: str, lang: str) -> bool:
    """Whether a noun has one gender for men and women ("criança")."""
    table = _table(base_of(lang))
    return table is not None and term.lower().partition(" ")[0] in table.epicene


def stands_before_nouns(word: str, lang: str) -> bool:
    """Whether a word is an adjective that mostly stands before its noun ("nova")."""
    table = _table(base_of(lang))
    return table is not None and word.lower() in table.adjectives


def looks_like_verb(word: str, lang: str) -> tuple[bool, bool, bool]:
    """Say by its ending whether a word is surely a verb, an infinitive, possibly a verb. A capital makes it a name.

    >>> looks_like_verb("relatam", "pt"), looks_like_verb("atacar", "pt"), looks_like_verb("lugar", "pt")
    ((True, False, False), (False, True, False), (False, False, False))
    """
    table = _table(base_of(lang))
    if table is None or not word.islower() or word in table.nouns_like_verbs:
        return False, False, False
    sure, infinitive, possible = (bool(pattern.search(word)) for pattern in table.verbs)
    return sure, infinitive, possible


def _ending(endings: str) -> re.Pattern[str]:
    return re.compile(rf"\w{{2,}}(?:{'|'.join(endings.split())})\Z" if endings else r"(?!)")


def _features_in(row: tuple[str, ...], form: str) -> Features:
    """Say what a form shows of gender and number: "grande" stands in its row for both genders."""
    found = [features for features, one in zip(_COLUMNS, row, strict=True) if one == form]
    genders, numbers = ({each[at] for each in found} for at in (0, 1))
    return genders.pop() if len(genders) == 1 else "", numbers.pop() if len(numbers) == 1 else ""


def _may_agree(one: Features, other: Features) -> bool:
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def _fit_to_sound(form: str, term: str, gender: str, table: _Table) -> str:
    word = _WORD.search(term)
    first = word[0].lower() if word else ""
    if first in table.masculine_article:
        masculine = next((row[0] for row, _ in table.rows.values() if row[1] == form and len(row) > 1), form)
        return masculine if form.endswith("la") else form
    # "la universitat", "la indústria": no elision before an unstressed i or u, nor before "io", "ui".
    if form in table.elided and _VOWEL.match(first) and not (gender == "f" and _HALF_VOWEL.match(first)):
        return table.elided[form]
    return form


def base_of(lang: str) -> str:
    """Return the base of a language's tag; what is no tag stays."""
    return base_language(lang) if lang in LANGUAGES else lang


@cache
def _table(lang: str) -> _Table | None:
    data = tomllib.loads(resources.files("pipeline").joinpath("data/agreement.toml").read_text("utf-8")).get(lang)
    if data is None:
        return None
    elided = {one.replace("_", " "): other.replace("_", " ") for one, other in _pairs(data.get("elided", ""))}
    rows = _rows(data, elided)
    endings, words = _genders(data)
    forms = [form if form.endswith("'") else form + " " for form in sorted(rows, key=len, reverse=True)]
    return _Table(
        rows=rows,
        unclear=frozenset(data["unclear"].split()),
        singular=tuple(sorted(_pairs(data["singular"]), key=lambda pair: -len(pair[0]))),
        epicene=frozenset(data.get("epicene", "").split()),
        singular_words=frozenset(data["singular_words"].split()),
        endings=tuple(sorted(endings, key=lambda pair: -len(pair[0]))),
        words=words,
        elided=elided,
        masculine_article=frozenset(data.get("masculine_article", "").split()),
        small=frozenset(data["small"].split() + data["determiners"].split()),
        article=data["determiners"].split()[0],
        prepositions=frozenset(data["small"].split()) - _CONJUNCTIONS,
        articles=frozenset([data["determiners"].split()[0], *dict(_pairs(data["contractions"])).values()]),
        contractions=dict(_pairs(data["contractions"])),
        link=data["link"],
        link_elided=data.get("link_elided", ""),
        adjectives=frozenset(data["adjectives"].replace("_", " ").split()),
        numeral=re.compile(rf"(?<!\w)(?:{'|'.join(data['numerals'].split())}|\d+) $", re.IGNORECASE),
        predeterminer=re.compile(rf"(?<!\w)(?:{'|'.join(data['predeterminers'].split())}) $", re.IGNORECASE),
        verbs=tuple(_ending(data.get(name, "")) for name in ("verbs", "infinitives", "verbs_or_nouns")),
        nouns_like_verbs=frozenset(data.get("nouns_like_verbs", "").split()),
        adjective_endings=tuple(data["adjective_endings"].split()),
        adjective_ending=re.compile(rf"(?:{'|'.join(data['adjective_endings'].split())})$"),
        at_end=re.compile(rf"(?<![\w'’-])({'|'.join(map(re.escape, forms))})$", re.IGNORECASE),
    )


def _rows(data: dict[str, str], elided: dict[str, str]) -> dict[str, tuple[tuple[str, ...], int]]:
    """Read the rows of determiners and adjectives: each form with its row, and its place there."""
    rows: dict[str, tuple[tuple[str, ...], int]] = {}
    for line in (data["determiners"] + data["predeterminers"] + data["adjectives"]).strip().splitlines():
        row = tuple(form.replace("_", " ") for form in line.split())
        for place, form in enumerate(row):
            rows.setdefault(form, (row, place))
    for form, short in _pairs(data.get("apocopes", "")):
        rows.setdefault(form, rows[short])
    for form, short in elided.items():
        rows.setdefault(short, rows[form])
    return rows


def _genders(data: dict[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Read the gender of endings, and of the words that go against theirs."""
    endings = [
        (ending, sex)
        for key, sex in (("feminine", "f"), ("masculine", "m"), ("common", ""))
        for ending in data[key].split()
    ]
    words = {
        word: sex
        for key, sex in (("feminine_words", "f"), ("masculine_words", "m"), ("common_words", ""))
        for word in data[key].split()
    }
    return endings, words


def _pairs(text: str) -> list[tuple[str, str]]:
    """Read "as=a os=o"."""
    return [(pair.partition("=")[0], pair.partition("=")[2]) for pair in text.split()]
