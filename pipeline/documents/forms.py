"""How each kind of place in a file writes words, so that they are read again as they were meant."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass


def _same(text: str) -> str:
    return text


def _same_there(text: str, _at_start: bool) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of place."""

    escape: Callable[[str, bool], str] = _same_there  # words; whether they begin the block
    finish: Callable[[str], str] = _same  # the whole block as written
    code: Callable[[str], str] = _same  # words of code
    quote: Callable[[str], str] = _same  # a value of ours, with its quotation marks


# Markdown. A character is escaped only where it would be read as markup: CommonMark 0.31, sections 2.4 and 6.
_MARKUP = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|$)      # a backslash before punctuation
    | [`<]
    | \*
    | (?<![^\W_])_ | _(?![^\W_])     # inside a word it is no emphasis
    | ~(?=~) | (?<=~)~
    | \[(?=[^\[\]]*\](?:[(\[:]|$)|\^) | \](?=[(\[:])
    | !(?=\[)
    | &(?=\#?\w{1,32};)
    | (?<=\{)[{%<] | \{(?=[{%])""",
    re.VERBOSE,
)
_LEADING = re.compile(
    r"(?P<mark>\#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|=+\s*$|-+\s*$|\||:?-+:?\s*\|)|(?P<number>\d{1,9})(?=[.)](?:\s|$))"
)


def escape_markdown(text: str, at_start: bool = False) -> str:
    r"""Write words in Markdown; a line break becomes a space.

    >>> escape_markdown("2 * 3 < 7 & snake_case [1] x"), escape_markdown("1. May", at_start=True)
    ('2 \\* 3 \\< 7 & snake_case [1] x', '1\\. May')
    """
    text = " ".join(text.split("\n"))
    escaped = _MARKUP.sub(lambda match: "".join("\\" + char for char in match[0]), text)
    lead = _LEADING.match(text) if at_start else None
    if lead and lead["number"]:
        return escaped.replace(lead["number"], lead["number"] + "\\", 1)
    return escaped if lead is None or escaped.startswith("\\") else "\\" + escaped


def _escape_cell(text: str, _at_start: bool = False) -> str:
    return escape_markdown(text).replace("|", "\\|")


def _code(text: str) -> str:
    return text.replace("`", "'")


def _code_in_cell(text: str) -> str:
    return _code(text).replace("|", "\\|")


# YAML 1.2: what a plain scalar may not begin with, hold, or be (sections 7.3.3 and 10.3, and YAML 1.1's booleans,
# which many site generators still read).
_NOT_PLAIN = re.compile(
    r"""^[\s!&*\-?:,\[\]{}\#|>@`"'%=~<] | :(?:\s|$) | \s\# | [\n\t\x85\u2028\u2029] | \s$ | ^$
    | ^(?:true|false|yes|no|on|off|y|n|null|nan|\.inf|\.nan)$ | ^[\d+.][\d_.,:eExXoa-fA-F+-]*$""",
    re.VERBOSE | re.IGNORECASE,
)


def write_json(text: str) -> str:
    """Return a JSON string, which is a YAML and a TOML string as well, other scripts readable."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\x85", "\\u0085")


def _inside_json(text: str, _at_start: bool) -> str:
    return write_json(text)[1:-1]


def _finish_plain(text: str) -> str:
    return write_json(text) if _NOT_PLAIN.search(text) else text


def _flow_plain(text: str) -> str:
    return write_json(text) if _NOT_PLAIN.search(text) or re.search(r"[,\[\]{}]", text) else text


FORMS: dict[str, Form] = {
    "": Form(),
    "line": Form(lambda text, _: " ".join(text.split("\n"))),  # a value without marks, on a line of its own
    "folded": Form(),  # a YAML block scalar: each of its lines by itself
    "markdown": Form(escape_markdown, code=_code),
    "cell": Form(_escape_cell, code=_code_in_cell),
    "plain": Form(finish=_finish_plain),  # a YAML scalar without quotation marks
    "flow": Form(finish=_flow_plain),  # the same in a flow collection: [a, b]
    "single": Form(lambda text, _: text.replace("'", "''")),
    "double": Form(_inside_json),  # YAML and TOML, between quotation marks
    "literal": Form(lambda text, _: text.replace("'", "’")),  # TOML between single marks, which knows no escape
    "json": Form(_inside_json, quote=write_json),
    "html": Form(lambda text, _: html.escape(text, quote=False), code=lambda text: html.escape(text, quote=False)),
    "title": Form(lambda text, _: re.sub(r'["\\]', r"\\\g<0>", text)),  # a Markdown link's title
    "attribute": Form(lambda text, _: html.escape(text)),
    "bare": Form(lambda text, _: html.escape(text), finish=lambda text: f'"{text}"'),  # without quotation marks
}


def _in_json(form: Form) -> Form:
    """Return a form inside a JSON string."""
    return Form(
        escape=lambda text, at_start: _inside_json(form.escape(text, at_start), at_start),
        finish=lambda text: text if form.finish is _same else text.join(('\\"', '\\"')),
        code=lambda text: _inside_json(form.code(text), False),
    )


FORMS |= {f"json {name}": _in_json(FORMS[name]) for name in ("html", "attribute", "bare")}


def _in_script(form: Form) -> Form:
    """Return a JSON form inside a script of a page: no word of it ends the script."""

    def hide(text: str) -> str:
        return text.replace("<", "\\u003c")

    return Form(
        escape=lambda text, at_start: hide(form.escape(text, at_start)),
        finish=form.finish,
        code=lambda text: hide(form.code(text)),
    )


FORMS |= {f"script {name}": _in_script(form) for name, form in FORMS.items() if name.split()[:1] == ["json"]}
