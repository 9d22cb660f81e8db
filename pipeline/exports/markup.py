"""Text to HTML: escaping, and spans marked with the reason that a reader gets on hover, focus or tap."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.languages import LANGUAGES

# Controls that a page would hide or obey: C0 and C1 but tab and line ends, the bidi embeddings, overrides and
# isolates (U+202E turns the rest of a line round), halves of surrogate pairs, non-characters. Joiners and the
# plain direction marks stay: Persian and Arabic are written with them.
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(f"[&<>\"'{_CONTROLS.pattern[1:]}")
_RTL_SCRIPTS = frozenset({"Arab", "Hebr"})


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text to mark."""

    start: int
    end: int
    kind: str  # the class in report.css: "fragment", "normalised", "applied", "enforced", "kept"
    note: str  # what the reader is told
    lang: str = ""  # where it is not that of the text around it


def escape(text: str) -> str:
    r"""Return text for HTML, as content or in quotes, with controls named instead of obeyed.

    >>> escape('<b title="x">\u202e')
    '&lt;b title=&quot;x&quot;&gt;[U+202E]'
    """
    if not _SPECIAL.search(text):  # most texts
        return text
    return html.escape(_CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text))


def tag(name: str, content: str, **attributes: str) -> str:
    """Return an element around content that is HTML already; attribute values are escaped here.

    An underscore in an attribute's name stands for a hyphen, one at its end is dropped: `class_`, `data_lang`.
    Attributes without a value are left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return f"<{name}{written}>{content}</{name}>"


def direction(language: str) -> str:
    """Return the `dir` of a language's text; "auto" for a tag that is in no table."""
    row = LANGUAGES.get(language)
    if row is None:
        return "auto"
    return "rtl" if row.script in _RTL_SCRIPTS else "ltr"


def language_name(language: str) -> str:
    """Return the English name of a language, or its tag where it is in no table."""
    row = LANGUAGES.get(language)
    return row.name if row else language


def mark_spans(text: str, spans: Iterable[Span]) -> str:
    """Return the text as HTML with its spans marked.

    Spans do not nest: of two that overlap, the one that starts first wins, the longer one of two that start
    together. Spans outside the text are cut to it.
    """
    parts, done = [], 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        end = min(span.end, len(text))
        if span.start < done or end <= span.start:
            continue
        parts += [escape(text[done : span.start]), _mark(text[span.start : end], span)]
        done = end
    return "".join([*parts, escape(text[done:])])


def _mark(text: str, span: Span) -> str:
    return tag("mark", escape(text), class_=span.kind, tabindex="0", lang=span.lang, aria_description=span.note)


def occurrences(form: str, text: str) -> list[tuple[int, int]]:
    """Find a form in a text: as a whole word where it stands as one, else anywhere.

    "US" is not marked inside "USA"; in Chinese, which has no spaces, everything stands "inside".
    """
    if not form:
        return []
    return list(_stand_in(form, text, alone=True)) or list(_stand_in(form, text, alone=False))


def _stand_in(form: str, text: str, *, alone: bool) -> Iterator[tuple[int, int]]:
    """Give where a form stands, left to right, not overlapping. No regular expression: each form would be a new one."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        if alone and (_is_word(text[at - 1 : at]) or _is_word(text[end : end + 1])):
            end = at + 1
        else:
            yield at, end
        at = text.find(form, end)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
