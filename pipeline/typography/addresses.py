"""Addresses, handles and code: stretches of a text that no repair touches."""

import re

ADDRESS = re.compile(
    r"https?://\S*[\w/]|www\.\S*[\w/]|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?<!\w)[@#]\w+"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}"
    r"(?:com|org|net|info|eu|bg|uk|us|de|fr|es|cat|gal|pt|br|it|ru|ua|mk|rs|gr|ro|tr|tv|io|gov|edu)\b"
)
_CODE = re.compile(r"`[^`\n]+`|<[a-zA-Z/!][^<>\n]*>")
_TELLTALE = re.compile(r"[`</@#]|\.\w|www\.")  # a text without one of these has neither
_STAND_IN = "\ua66e"  # a letter of no living text


def hide_addresses(text: str) -> tuple[str, list[str]]:
    """Put one letter in the place of each address and each piece of code; gives the text and what was hidden.

    >>> show_addresses(*hide_addresses("see https://example.org/a?b=1 or `x  y`."))
    'see https://example.org/a?b=1 or `x  y`.'
    """
    if _STAND_IN in text or not _TELLTALE.search(text):
        return text, []
    hidden: list[str] = []

    def take(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return _STAND_IN

    for pattern in (_CODE, ADDRESS):
        if pattern.search(text):
            break
    else:
        return text, []
    return re.sub(f"{_CODE.pattern}|{ADDRESS.pattern}", take, text), hidden


def show_addresses(text: str, hidden: list[str]) -> str:
    """Put back what was hidden, in order."""
    if not hidden:
        return text
    parts = text.split(_STAND_IN)
    return "".join(part + address for part, address in zip(parts, [*hidden, ""], strict=True))
