"""The article of a page without marks, in the opinion of trafilatura; and which texts stand in what is known of it."""

import logging
import re
from collections.abc import Sequence

from pipeline.documents.html_tokens import Kind, Token

MAX_PAGE = 2_000_000
"""Characters without scripts and styles; a larger page is a book or a dump, and is read without an opinion."""

MIN_TEXT = 15
"""Letters of a text that may stand anywhere in a known line; a shorter one must be the whole line."""

WINDOW = 20_000
"""How far ahead a text is looked for, in letters: in both, the story is in one order, and the time stays linear."""

_NO_WORDS = re.compile(r"[\W_]+")


def extract_article(text: str, tokens: Sequence[Token]) -> str:
    """Return the text of the article of a page, a paragraph a line; "" where none is found.

    Nothing is fetched. Comments and what scripts hold are no part of it.
    """
    seen = (one for one in tokens if one.kind is not Kind.OTHER and one.name not in ("script", "style"))
    page = "".join(_write(text, one) for one in seen)
    if len(page) > MAX_PAGE:
        return ""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it tells a log of every page without an article
    try:
        return trafilatura.extract(page, include_comments=False, include_formatting=False) or ""
    except Exception:  # a hint and no more: whatever an odd page does to it, the page is read without it
        return ""


def _write(text: str, token: Token) -> str:
    """Return a token as the page has it, the cells of a layout table as what they are taken for."""
    written = text[token.start : token.end]
    if token.name == "div" and not written.lower().startswith(("<div", "</div")):
        return "</div>" if token.kind is Kind.CLOSE else "<div>"
    return written


def find_known(texts: Sequence[str], said: str) -> set[int]:
    """Return the numbers of the texts that stand in `said`, both in reading order; marks and spaces aside.

    >>> find_known(["Menu", "The gate is open again.", "More"], "The gate is open again.  It was shut.")
    {1}
    """
    lines = {bare(line) for line in said.splitlines()} - {""}
    known, at = bare(said), 0
    found: set[int] = set()
    for i, text in enumerate(texts):
        wanted = bare(text)
        if len(wanted) < MIN_TEXT:
            if wanted in lines:
                found.add(i)
            continue
        place = known.find(wanted, at, at + WINDOW + len(wanted))
        if place >= 0:
            at = place + len(wanted)
        if place >= 0 or wanted in lines:
            found.add(i)
    return found


def bare(text: str) -> str:
    """Return letters and figures alone, in one case."""
    return _NO_WORDS.sub("", text).casefold()
