"""The regular plural and feminine of Portuguese, Spanish, Catalan and Galician words, as tables of endings.

A word that does not follow these rules has its forms written out in pipeline/data/apertium_words.toml. The rules are
those of the school grammars: the first ending that fits decides; tests/cases/apertium_forms.toml holds them.
"""

import re
from functools import cache

Rules = tuple[tuple[str, str], ...]

PLURALS: dict[str, Rules] = {
    "pt": (
        ("ão$", "ões"), ("m$", "ns"), ("([áéíóúâêô].*)[ei]l$", r"\1eis"), ("el$", "éis"), ("ol$", "óis"),
        ("([au])l$", r"\1is"), ("il$", "is"), ("ês$", "eses"), ("([rz])$", r"\1es"), ("([sx])$", r"\1"), ("$", "s"),
    ),
    "es": (
        ("([íú])$", r"\1es"), ("[aeoáéóiu]$", r"\g<0>s"), ("z$", "ces"), ("és$", "eses"), ("ás$", "ases"),
        ("ús$", "uses"), ("ón$", "ones"), ("án$", "anes"), ("ín$", "ines"), ("én$", "enes"), ("ún$", "unes"),
        ("([sx])$", r"\1"), ("([dlnrjy])$", r"\1es"), ("$", "s"),
    ),
    "ca": (
        ("à$", "ans"), ("[éè]$", "ens"), ("í$", "ins"), ("[óò]$", "ons"), ("ú$", "uns"),
        ("ca$", "ques"), ("([^ln])gua$", r"\1gües"), ("gua$", "gües"), ("qua$", "qües"), ("ga$", "gues"),
        ("ça$", "ces"), ("ja$", "ges"), ("a$", "es"), ("[eiou]$", r"\g<0>s"),
        ("ès$", "esos"), ("ós$", "osos"), ("às$", "assos"), ("ç$", "ços"), ("ix$", "ixos"), ("(s[ct]|xt)$", r"\1os"),
        ("us$", "us"), ("is$", "is"), ("s$", "sos"), ("$", "s"),
    ),
    "gl": (
        ("[aeiouáéíóú]$", r"\g<0>s"), ("n$", "ns"), ("z$", "ces"), ("és$", "eses"),
        ("^([^aeiou]*[aeiou]s)$", r"\1es"), ("r$", "res"), ("([áéíóú].*l)$", r"\1es"),
        ("([aeiou].*[aeou])l$", r"\1is"), ("([aeiou].*)il$", r"\1ís"), ("l$", "les"),
        ("([sx])$", r"\1"), ("$", "s"),
    ),
}  # fmt: skip
FEMININES: dict[str, Rules] = {
    "pt": (
        ("[mia]or$", r"\g<0>"), ("(i|m|n)or$", r"\1or"), ("or$", "ora"), ("ão$", "ã"), ("ês$", "esa"), ("eu$", "eia"),
        ("o$", "a"), ("u$", "ua"),
    ),
    "es": (
        ("ior$", "ior"), ("or$", "ora"), ("és$", "esa"), ("ón$", "ona"), ("án$", "ana"), ("ín$", "ina"), ("o$", "a"),
    ),
    "ca": (
        ("ior$", "ior"), ("ari$", "ària"), ("ori$", "òria"),
        ("(a[lr]|[ei]l|nt|ble|ç|ista|a)$", r"\1"), ("([aiu])t$", r"\1da"), ("([aio])u$", r"\1va"),
        ("ès$", "esa"), ("ós$", "osa"), ("à$", "ana"), ("[èé]$", "ena"), ("í$", "ina"), ("ó$", "ona"),
        ("òleg$", "òloga"), ("leg$", "loga"), ("[eo]$", "a"), ("$", "a"),
    ),
    "gl": (
        ("ior$", "ior"), ("or$", "ora"), ("és$", "esa"), ("ón$", "ona"), ("án$", "á"), ("ín$", "ina"), ("o$", "a"),
    ),
}  # fmt: skip
# How a consonant at the end of a stem is written before e and i ("buscar": "busque"), by language.
SOFTENED: dict[str, dict[str, str]] = {
    "pt": {"ç": "c", "c": "qu", "g": "gu"},
    "es": {"z": "c", "c": "qu", "g": "gu"},
    "ca": {"ç": "c", "c": "qu", "g": "gu", "j": "g"},
    "gl": {"z": "c", "c": "qu", "g": "gu"},
}


@cache
def _compiled(lang: str, what: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = PLURALS if what == "plural" else FEMININES
    return tuple((re.compile(find), write) for find, write in rules[lang])


def _by_rule(word: str, lang: str, what: str) -> str:
    for find, write in _compiled(lang, what):
        if find.search(word):
            return find.sub(write, word, count=1)
    return word


def plural(word: str, lang: str) -> str:
    """Return the regular plural of a noun or adjective.

    >>> plural("cirurxián", "gl"), plural("cirurgià", "ca")
    ('cirurxiáns', 'cirurgians')
    """
    return _by_rule(word, lang, "plural")


def feminine(word: str, lang: str) -> str:
    """Return the regular feminine of an adjective or a noun of persons; the word itself where it has one form."""
    return _by_rule(word, lang, "feminine")


def soften(stem: str, lang: str) -> str:
    """Return how the stem of a verb in -ar is written before e and i.

    >>> soften("busc", "es"), soften("avanç", "ca")
    ('busqu', 'avanc')
    """
    return stem[:-1] + SOFTENED[lang].get(stem[-1:], stem[-1:])
