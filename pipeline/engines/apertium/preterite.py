"""The compound past of Spanish, which Portuguese says with one word: "ha anunciado" -> "anunció" -> "anunciou"."""

import re
import tomllib
from functools import cache
from importlib import resources

_COMPOUND = re.compile(r"\b([Hh]a|[Hh]an) (\w+)\b")
# Regular verbs: the end of the participle, and what stands in its place in the singular and in the plural.
_ENDINGS = (("ado", "ó", "aron"), ("ído", "yó", "yeron"), ("uido", "uyó", "uyeron"), ("ido", "ió", "ieron"))
_HARD = ("guido", "quido")  # the u is not spoken: "distinguido" is "distinguió"


def simple_past(text: str) -> str:
    """Write the compound past of the third person as the simple one; anything else stays.

    >>> simple_past("Ha dicho que han construido y que no se ha reunido; ha de seguir.")
    'Dijo que construyeron y que no se reunió; ha de seguir.'
    """
    return _COMPOUND.sub(_write, text)


def _write(match: re.Match[str]) -> str:
    singular = match[1].lower() == "ha"
    forms = _irregular().get(match[2]) or _regular(match[2])
    if forms is None:
        return match[0]
    form = forms[0] if singular else forms[1]
    return form.capitalize() if match[1][0].isupper() else form


def _regular(participle: str) -> tuple[str, str] | None:
    for ending, singular, plural in _ENDINGS:
        is_silent = ending == "uido" and participle.endswith(_HARD)
        if participle.endswith(ending) and len(participle) > len(ending) + 1 and not is_silent:
            stem = participle.removesuffix(ending)
            return stem + singular, stem + plural
    return None


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    text = resources.files("pipeline").joinpath("data/preterite.toml").read_text("utf-8")
    rows = (row.split() for row in tomllib.loads(text)["es"].replace("\n", " | ").split("|") if row.strip())
    return {participle: (singular, plural) for participle, singular, plural in rows}
