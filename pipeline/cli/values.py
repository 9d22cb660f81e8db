"""What a text on the command line, in the environment or in the settings file stands for."""

import difflib
import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.languages import parse_language
from pipeline.naming import EXTRA_EXPORTS, FORMATS, LAYOUTS

if TYPE_CHECKING:
    from pipeline.model import Role

AUTO = "auto"
RUNNERS = ("local", "ray")


def parse_languages(text: str) -> tuple[str, ...]:
    """Parse target languages, divided by commas or spaces; the order stays, repeats go.

    >>> parse_languages("pt, pt_BR es,pt")
    ('pt', 'pt-BR', 'es')

    Raises UnknownLanguage with a suggestion, UsageError where there is none at all.
    """
    tags = [parse_language(tag) for tag in re.split(r"[,\s]+", text) if tag]
    if not tags:
        raise UsageError("no language given; name one, such as 'pt', or several, such as 'pt,es'")
    return tuple(dict.fromkeys(tags))


def parse_source(text: str) -> str:
    """Parse the language of an article, or "auto". Raises UnknownLanguage with a suggestion."""
    return AUTO if text.strip().lower() == AUTO else parse_language(text)


def parse_format(text: str) -> str:
    """Parse the name of a format, or a suffix that is one.

    >>> parse_format("Markdown"), parse_format(".html"), parse_format("md")
    ('markdown', 'html', 'markdown')

    Raises UsageError with a suggestion.
    """
    wanted = text.strip().lower()
    by_suffix = {suffix: name for name, suffix in FORMATS.items()}
    name = by_suffix.get("." + wanted.removeprefix("."), wanted)
    return _one_of(name, FORMATS, "format")


def parse_layout(text: str) -> str:
    """Parse the name of a layout. Raises UsageError with a suggestion."""
    return _one_of(text.strip().lower(), LAYOUTS, "layout")


def parse_exports(text: str) -> tuple[str, ...]:
    """Parse names of files that are written only on demand, divided by commas or spaces; in one order, without repeats.

    >>> parse_exports("PO, po"), parse_exports("")
    (('po',), ())

    Raises UsageError with a suggestion.
    """
    wanted = {_one_of(name, EXTRA_EXPORTS, "export") for name in re.split(r"[,\s]+", text.lower()) if name}
    return tuple(name for name in EXTRA_EXPORTS if name in wanted)


def parse_repairs(text: str) -> frozenset[str]:
    """Parse names of repairs of typography, divided by commas or spaces; "all" is all of them.

    >>> sorted(parse_repairs("percent, opening-marks")), "dashes" in parse_repairs("all"), parse_repairs("")
    (['opening_marks', 'percent'], True, frozenset())

    Raises UsageError with a suggestion.
    """
    names = [name for name in re.split(r"[,\s]+", text.lower().replace("-", "_")) if name]
    if not names:
        return frozenset()
    from pipeline.typography import REPAIRS  # 20 ms, which --help need not wait for

    known = [name for name, _ in REPAIRS]
    return frozenset(known if "all" in names else (_one_of(name, known, "repair") for name in names))


def parse_address(text: str) -> str:
    """Parse an address of the web. Raises UsageError for what is none."""
    address = text.strip()
    if not re.match(r"https?://[^\s/\"'<>]+(?:/[^\s\"'<>]*)?$", address):
        raise UsageError(f"{text!r} is no address of the web; name one such as https://example.org/news")
    return address


def parse_runner(text: str) -> str:
    """Parse the name of a runner. Raises UsageError with a suggestion."""
    return _one_of(text.strip().lower(), RUNNERS, "runner")


def _one_of(name: str, known: Collection[str], what: str) -> str:
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"use {', '.join(known)}"
    raise UsageError(f"unknown {what} {name!r}; {hint}")


def parse_roles(text: str) -> "frozenset[Role]":
    """Parse roles, divided by commas or spaces.

    >>> sorted(parse_roles("counter, boilerplate"))
    [<Role.BOILERPLATE: 'boilerplate'>, <Role.COUNTER: 'counter'>]

    Raises UsageError with a suggestion.
    """
    return frozenset(_parse_role(name) for name in re.split(r"[,\s]+", text.lower()) if name)


def _parse_role(name: str) -> "Role":
    from pipeline.model import Role  # 20 ms, which --help need not wait for

    known = [role.value for role in Role]
    if name in known:
        return Role(name)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    raise UsageError(f"unknown role {name!r}; " + (f"did you mean {near[0]!r}?" if near else f"use {', '.join(known)}"))
