"""The compound past of Spanish, which Portuguese says with one word: "ha anunciado" -> "anunció" -> "anunciou"."""

import re
import tomllib
from functools import cache
from importlib import resources

_COMPOUND = re.compile(r"\b(he|hemos|ha|han|He|Hemos|Ha|Han) (\w+)\b")
# Regular verbs: the end of the participle, and what stands in its place behind "he", "hemos", "ha", "han".
_ENDINGS = {
    "ado": ("é", "amos", "ó", "aron"),
    "ído": ("í", "ímos", "yó", "yeron"),
    "uido": ("uí", "uimos", "uyó", "uyeron"),
    "ido": ("í", "imos", "ió", "ieron"),
}
_PERSONS = ("he", "hemos", "ha", "han")
_HARD = ("guido", "quido")  # the u is not spoken: "distinguido" is "distinguió"
_BEFORE_E = (("c", "qu"), ("g", "gu"), ("z", "c"))  # "explicado" is "expliqué"
_SHORT = {"fue": "fui", "dio": "di", "vio": "vi", "rio": "reí", "sonrió": "sonreí", "previó": "preví"}


def simple_past(text: str) -> str:
    """Write the compound past as the simple one, in all persons but the second; anything else stays.

    >>> simple_past("Ha dicho que han construido y que no se ha reunido; he explicado que ha de seguir.")
    'Dijo que construyeron y que no se reunió; expliqué que ha de seguir.'
    """
    return _COMPOUND.sub(_write, text)


def _write(match: re.Match[str]) -> str:
    forms = _conjugate(match[2])
    if not forms:
        return match[0]
    form = forms[_PERSONS.index(match[1].lower())]
    return form.capitalize() if match[1][0].isupper() else form


@cache
def _conjugate(participle: str) -> tuple[str, ...]:
    """Return the four forms of a participle; () for what is none."""
    regular = _regular(participle)
    if participle not in _irregular():
        return regular
    singular, plural = _irregular()[participle]
    if regular and singular.endswith("ió") and singular not in _SHORT:
        return regular[0], regular[1], singular, plural  # "pedido": only the third person changes its stem
    stem = plural.removesuffix("ieron").removesuffix("eron")
    return _first_person(singular, stem), f"{stem}imos", singular, plural


def _first_person(singular: str, stem: str) -> str:
    if singular in _SHORT:
        return _SHORT[singular]
    if singular.endswith("zo"):
        return singular.removesuffix("zo") + "ce"  # "hizo" is "hice"
    return singular.removesuffix("o") + "e" if singular.endswith("o") else f"{stem}í"


def _regular(participle: str) -> tuple[str, ...]:
    for ending, forms in _ENDINGS.items():
        is_silent = ending == "uido" and participle.endswith(_HARD)
        if participle.endswith(ending) and len(participle) > len(ending) + 1 and not is_silent:
            stem = participle.removesuffix(ending)
            before_e = stem
            for hard, written in _BEFORE_E if ending == "ado" else ():
                if stem.endswith(hard):
                    before_e = stem.removesuffix(hard) + written
                    break
            return (before_e + forms[0], *(stem + form for form in forms[1:]))
    return ()


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    """Return the irregular verbs: participle -> third person, singular and plural."""
    text = resources.files("pipeline").joinpath("data/preterite.toml").read_text("utf-8")
    rows = (row.split() for row in tomllib.loads(text)["es"].replace("\n", " | ").split("|") if row.strip())
    return {participle: (singular, plural) for participle, singular, plural in rows}
