"""Marked text and Apertium's stream format.

A fenced span becomes a word-bound blank, `[[t:g3]]word[[/]]`, which goes with its word through the whole pipeline:
exact alignment for nothing. A word that stands in for another (see `words.py`) is fenced with a character from
STAND_FIRST on and becomes `[[t:s3]]`.
"""

import re

from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT

STAND_FIRST = 0xF000
STAND_LIMIT = 0xF400  # so at most 1,024 words of a text have a stand-in
UNKNOWN = "\uf8ff"  # before a word that Apertium does not know, in what `unescape` returns
STAND_OPEN = f"[{chr(STAND_FIRST)}-{chr(STAND_LIMIT - 1)}]"
GUEST_OPEN = f"[{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}]"

# Apertium marks words with these; those of the text itself travel as others.
_LITERAL = {"*": "\uf8f0", "#": "\uf8f1", "@": "\uf8f2"}
_MARKS = {"*": UNKNOWN, "@": UNKNOWN, "#": ""}  # not analysed, not translated, not generated
_WRITTEN = {there: here for here, there in _LITERAL.items()}
_SPECIAL = re.compile(r"[\[\]{}^$/\\<>]")
_OPEN = f"[{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}{chr(STAND_FIRST)}-{chr(STAND_LIMIT - 1)}]"
# Where a clitic was cut off and joined again, the number stands twice; of two spans on one word the first stays.
_BLANK = re.compile(r"\[\[t:([gs])(\d+)(?:; t:[gs]\d+)*\]\](.*?)\[\[/\]\]", re.DOTALL)
_ORIGIN = {"g": MARK_FIRST, "s": STAND_FIRST}
# One span on several words, with what stands between them: "US" "$ " "10", or an unmarked "de los".
_INSIDE = f"([^{MARK_CLOSE}]*){MARK_CLOSE}"
_SPLIT = re.compile(rf"({_OPEN}){_INSIDE}([^{MARK_CLOSE}{_OPEN[1:-1]}]{{0,30}})\1{_INSIDE}")
_MARKED = re.compile(rf"({_OPEN})([^{MARK_CLOSE}]*){MARK_CLOSE}")
# Words that transfer pulls into the marked word before which they stand: "O [primeiro-ministro]" -> "[El primer
# ministre]". They are moved out again when the span that went in did not begin with one.
_LEADING = re.compile(
    r"((?:del?s?|els?|las?|les|los|als?|en|amb|per|os?|as?|dos?|das?|nos?|nas?)\s+|[dl]['’])+", re.IGNORECASE
)


# NUL ends a request, and Apertium takes U+FFFF for the end of its input (WEOF): the answers would be shifted by one.
_ENDS = re.compile("[\0\ufffe\uffff]")


def escape(marked: str) -> str:
    """Write marked text in Apertium's stream format.

    >>> escape("a [b] c")
    'a \\\\[b\\\\] c'
    """
    text = _SPECIAL.sub(lambda m: "\\" + m[0], _ENDS.sub("", marked))
    text = re.sub(r"[*#@]", lambda m: _LITERAL[m[0]], text)
    text = re.sub(GUEST_OPEN, lambda m: f"[[t:g{ord(m[0]) - MARK_FIRST}]]", text)
    text = re.sub(STAND_OPEN, lambda m: f"[[t:s{ord(m[0]) - STAND_FIRST}]]", text)
    return text.replace(MARK_CLOSE, "[[/]]")


def unescape(stream: str) -> str:
    """Read marked text out of the stream format. One span on several words becomes one again.

    UNKNOWN stands before each word that the pair's dictionaries do not know.
    """
    marked = _BLANK.sub(lambda m: chr(_ORIGIN[m[1]] + int(m[2])) + m[3] + MARK_CLOSE, stream)
    marked = re.sub(r"\[\[.*?\]\]", "", marked)
    marked = re.sub(r"\\(.)|[*@#]", lambda m: _MARKS.get(m[1] or m[0], m[1]), marked)
    marked = re.sub("[\uf8f0-\uf8f2]", lambda m: _WRITTEN[m[0]], marked)
    while (joined := _SPLIT.sub(rf"\1\2\3\4{MARK_CLOSE}", marked)) != marked:
        marked = joined
    return marked


def free_leading(answer: str, sent: str) -> str:
    """Move articles and prepositions out of a span of `answer` that began with none in `sent`."""
    began = {m[1] for m in _MARKED.finditer(sent) if _LEADING.match(m[2])}

    def write(match: re.Match[str]) -> str:
        leading = _LEADING.match(match[2])
        if match[1] in began or not leading or leading.end() == len(match[2]):
            return match[0]
        return leading[0] + match[1] + match[2][leading.end() :] + MARK_CLOSE

    return _MARKED.sub(write, answer)
