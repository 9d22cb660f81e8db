"""The facts that people own: `# key: value` comments of a glossary entry.

Keys that are not listed here, and free text, are left alone.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import GlossaryError
from pipeline.glossary.transliteration import scheme_names

TYPES = (
    "term", "label", "agency", "person", "place", "office", "institution", "currency", "month", "country", "name",
    "pattern",
)  # fmt: skip
GENDERS = ("m", "f")
CASES = ("exact", "any", "auto")
PLACES = ("credits",)

_FACT = re.compile(r"([a-z][a-z-]*):[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the comments of one entry say."""

    type: str = "term"
    forms: tuple[str, ...] = ()
    source_forms: tuple[str, ...] = ()
    gender: str = ""  # of the target
    plural: str = ""  # of the target
    feminine: str = ""
    feminine_plural: str = ""
    source_plural: str = ""
    case: str = "auto"
    only: str = ""  # where alone it is looked for; "" = everywhere
    domains: tuple[str, ...] = ()  # in small letters
    outlets: tuple[str, ...] = ()
    is_forbidden: bool = False
    use: str = ""
    note: str = ""
    transliterate: str = ""  # the scheme of a name
    approved: str = ""  # hash of what was approved; "" without an approval

    @property
    def inflected(self) -> tuple[str, ...]:
        """The forms that are named by gender and number, of target and source."""
        return (self.plural, self.feminine, self.feminine_plural, self.source_plural)


def read_facts(comment: str, context: str, where: str) -> Facts:
    """Read the comment of an entry. Without a type, a context that names one ("label") is the type.

    Raises GlossaryError, `where` in front, for a type, case, place, status or scheme that does not exist:
    `# status: forbiden` would turn what must not be written into an approved term.
    """
    found: dict[str, list[str]] = {}
    for line in comment.splitlines():
        if (match := _FACT.fullmatch(line.strip())) and match[2]:
            found.setdefault(match[1], []).append(match[2].strip())
    type_ = _one_of(found, "type", TYPES, where) or (context if context in TYPES else "term")
    approval = found.get("approved", [""])[-1].split()
    return Facts(
        type=type_,
        forms=_list(found.get("forms", ())),
        source_forms=_list(found.get("source-forms", ())),
        gender=_one_of(found, "gender", GENDERS, where),
        plural=" ".join(found.get("plural", ())),
        feminine=" ".join(found.get("feminine", ())),
        feminine_plural=" ".join(found.get("feminine-plural", ())),
        source_plural=" ".join(found.get("source-plural", ())),
        domains=_list(value.casefold() for value in found.get("domain", ())),
        outlets=_list(value.casefold() for value in found.get("outlet", ())),
        case=_one_of(found, "case", CASES, where) or "auto",
        only=_one_of(found, "only", PLACES, where),
        is_forbidden=_one_of(found, "status", ("forbidden",), where) == "forbidden",
        use=" ".join(found.get("use", ())),
        note=" ".join(found.get("note", ())),
        transliterate=_one_of(found, "transliterate", scheme_names(), where),
        approved=approval[-1] if len(approval) > 2 else "",
    )


def approval_hash(source: str, target: str, context: str = "") -> str:
    """Return the short hash that binds an approval (`# approved: who when hash`) to the text approved.

    >>> approval_hash("Photo", "Foto", "label")
    '3fcd79bf27ff'
    """
    return hashlib.sha256("\x04".join((context, source, target)).encode()).hexdigest()[:12]


def _one_of(found: dict[str, list[str]], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = found.get(key, [""])[-1]
    if value and value not in allowed:
        raise GlossaryError(f"{where}: '# {key}: {value}' does not exist; try {', '.join(allowed)}")
    return value


def _list(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split("|") if part.strip())
