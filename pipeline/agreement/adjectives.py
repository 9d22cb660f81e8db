"""Adjectives that a glossary has as terms: "economic" is "econômico", and "econômicas" behind a noun."""

import re

from pipeline.agreement.determiners import Features, features_of, gender_forms, stem_of
from pipeline.agreement.plurals import pluralise

_COLUMNS: tuple[Features, ...] = (("m", "s"), ("f", "s"), ("m", "p"), ("f", "p"))
# Endings of adjectives of two genders, as in the rows of data/agreement.toml.
_ROWS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "pt": (("ês", "esa", "eses", "esas"), ("eu", "eia", "eus", "eias"), ("dor", "dora", "dores", "doras"),
           ("nhol", "nhola", "nhóis", "nholas"), ("o", "a", "os", "as")),
    "es": (("és", "esa", "eses", "esas"), ("án", "ana", "anes", "anas"), ("dor", "dora", "dores", "doras"),
           ("ñol", "ñola", "ñoles", "ñolas"), ("o", "a", "os", "as")),
    "gl": (("és", "esa", "eses", "esas"), ("dor", "dora", "dores", "doras"), ("o", "a", "os", "as")),
}  # fmt: skip
_ENDINGS: dict[str, Features] = {"o": ("m", "s"), "a": ("f", "s"), "os": ("m", "p"), "as": ("f", "p")}
_ENDING = re.compile(r"(?:os|as|o|a)\Z")
# Adjectives that show no gender end so, in Portuguese, Spanish, Galician and Catalan (sources: data/agreement.toml).
_ONE_GENDER = re.compile(r"\w{3,}(?:al|ar|[ií]l|el|nte|ista|ense|ble|vel|ve|ior)\Z")


def is_same_adjective(one: str, other: str, lang: str) -> bool:
    """Whether two words differ by their gender and number alone, by the commonest endings of adjectives.

    >>> is_same_adjective("republicana", "republicano", "pt"), is_same_adjective("nacionais", "nacional", "pt")
    (True, True)
    >>> is_same_adjective("partida", "parte", "pt")
    False
    """
    if one[:1].isupper() != other[:1].isupper():
        return False
    if stem_of(one, lang) == stem_of(other, lang) != "":
        return True
    singular = min(one, other, key=len)
    return bool(_ONE_GENDER.fullmatch(singular)) and pluralise(singular, lang) in (one, other)


def adjective_forms(form: str, lang: str) -> tuple[str, ...]:
    """List an adjective in all genders and numbers, the one given first; itself alone where it is none by its ending.

    >>> adjective_forms("nacional", "pt"), adjective_forms("atômico", "pt")
    (('nacional', 'nacionais'), ('atômico', 'atômica', 'atômicos', 'atômicas'))
    """
    if form.islower() and _ONE_GENDER.fullmatch(form):
        return form, pluralise(form, lang)
    bent = [_in_row(form, features, lang) for features in _COLUMNS]
    return tuple(dict.fromkeys(one for one in (form, *bent, *gender_forms(form, lang)) if one))


def agree_adjective(form: str, old: str, noun: str, lang: str) -> str:
    """Write an adjective in the gender and number of `old`, which stands in its place, or of the noun beside it.

    "" where the form is no adjective by its ending, or gender and number are not known.

    >>> agree_adjective("econômico", "políticas", "metas", "pt"), agree_adjective("atômico", "nucleares", "armas", "pt")
    ('econômicas', 'atômicas')
    >>> agree_adjective("nacional", "federais", "crimes", "pt"), agree_adjective("nacional", "", "provas", "pt")
    ('nacionais', 'nacionais')
    """
    if not (form.islower() and form.isalpha()) or (old and not old.islower()):
        return ""
    gender, number = features_of(noun, lang) if noun else ("", "")
    if old:
        found = _ENDING.search(old)
        gender, number = _ENDINGS[found[0]] if found else (gender, "p" if old.endswith("s") else "s")
    if not number:
        return ""
    if _ONE_GENDER.fullmatch(form):
        return pluralise(form, lang) if number == "p" else form
    return _in_row(form, (gender, number), lang)


def _in_row(form: str, features: Features, lang: str) -> str:
    """Return an adjective, given in its masculine singular, in gender and number; "" where its ending is not known."""
    if features not in _COLUMNS:
        return ""
    row = next((row for row in _ROWS.get(lang, ()) if form.endswith(row[0]) and len(form) > len(row[0]) + 1), None)
    return form.removesuffix(row[0]) + row[_COLUMNS.index(features)] if row else ""
