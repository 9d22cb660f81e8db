"""Put stand-ins into a Portuguese sentence for the words that Apertium does not know, and take them out again."""

import re
from collections.abc import Callable, Mapping

from pipeline.engines.apertium.inflecting import soften
from pipeline.engines.apertium.stream import GUEST_OPEN, STAND_FIRST, STAND_LIMIT, STAND_OPEN, UNKNOWN
from pipeline.engines.apertium.words import Entry
from pipeline.model import MARK_CLOSE

_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_FENCED = re.compile(f"{GUEST_OPEN}[^{MARK_CLOSE}]*{MARK_CLOSE}")
_PIECE = re.compile(rf"{_FENCED.pattern}|(?<![\w.,])\d+[oaºª](?= [a-zà-ÿ])|{_WORD}")
_STAND = re.compile(rf"({STAND_OPEN})([^{MARK_CLOSE}]*){MARK_CLOSE}")
_UNKNOWN_WORD = re.compile(rf"{UNKNOWN}({_WORD})")
# A capitalised word is a name unless a sentence or a quotation begins with it and no other capital follows.
_OPENING = re.compile(r"(?:^|[.!?:] )[ \"'“‘«(—–-]*$")
_NAME_GOES_ON = re.compile(rf"[ -](?:{GUEST_OPEN})?[A-ZÀ-Ý]")
_SOFT_VOWELS = tuple("eéèêiíï")

Find = Callable[[str], Entry | None]


def put_in(text: str, find: Find) -> tuple[str, dict[int, tuple[str, Entry]]]:
    """Write stand-ins for the words that `find` knows; fenced spans and names stay as they are.

    Returns the text and, by number of the fence, the word as it was written with its entry.
    """
    stands: dict[int, tuple[str, Entry]] = {}

    def write(match: re.Match[str]) -> str:
        word = match[0]
        entry = None if word[0] >= chr(0xE000) else find(word)
        if entry is None and word[:1].isupper() and _begins_sentence(text, match.start(), match.end()):
            entry = find(word.lower())
        if entry is None or len(stands) >= STAND_LIMIT - STAND_FIRST:
            return word
        stands[len(stands)] = (word, entry)
        spoken = entry.spoken.capitalize() if word[:1].isupper() and not word[1:2].isupper() else entry.spoken
        return chr(STAND_FIRST + len(stands) - 1) + spoken + MARK_CLOSE

    return _PIECE.sub(write, text), stands


def _begins_sentence(text: str, start: int, end: int) -> bool:
    return bool(_OPENING.search(text[max(0, start - 8) : start]) and not _NAME_GOES_ON.match(text, end))


def take_out(answer: str, stands: Mapping[int, tuple[str, Entry]], lang: str) -> tuple[str, set[str]]:
    """Write what is meant where the stand-ins came back. Returns the text and the words whose stand-in did not."""
    lost = {number: word for number, (word, _) in stands.items()}

    def write(match: re.Match[str]) -> str:
        number = ord(match[1]) - STAND_FIRST
        inner = fill(match[2], stands[number][1], lang) if number in stands else ""
        if inner:
            lost.pop(number, None)
        return inner or match[2]

    return _STAND.sub(write, answer), set(lost.values())


def fill(inner: str, entry: Entry, lang: str) -> str:
    """Put the wanted form into what came back of the stand-in ("el llibre" -> "el gasoducte"); "" if it is not there.

    The case is that of the stand-in: Apertium may have moved the capital to an article.
    """
    for theirs, ours in sorted(entry.forms.items(), key=lambda pair: -len(pair[0])):
        ending = r"(\w*)" if entry.is_stem else r"(\b)"
        if found := re.search(rf"\b{re.escape(theirs)}{ending}", inner, re.IGNORECASE):
            word = soften(ours, lang) if entry.is_stem and found[1].startswith(_SOFT_VOWELS) else ours
            if found[0][:1].isupper():
                word = word[:1].upper() + word[1:]
            return inner[: found.start()] + word + inner[found.start() + len(theirs) :]
    return ""


def unknown_words(answer: str) -> list[str]:
    """Return the lower-case words that Apertium marked as unknown, without those of fenced spans."""
    return [word for word in _UNKNOWN_WORD.findall(_FENCED.sub("", answer)) if word[0].islower()]
