"""Repairs of a target: what an engine left in the writing of the source, brought into the language's form."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.languages import base_language
from pipeline.typography.addresses import hide_addresses, show_addresses
from pipeline.typography.dates import mend_dates
from pipeline.typography.degrees import mend_temperatures
from pipeline.typography.figures import (
    SPACES,
    figure_pattern,
    is_version,
    read_figure,
    write_figure,
    write_percent,
    write_roman,
    write_time,
)
from pipeline.typography.quotes import DOUBLE, repair_quotes
from pipeline.typography.tables import currency_place, row, row_of, scale_words
from pipeline.typography.varieties import respell_written

_NO_BREAK, _NARROW = "\u00a0", "\u202f"
_SIGNS = "€£¥₽₴₺₹₩₪₦₫₱₸₾₼฿"
_SHORT_SCALES = frozenset({"m", "M", "mn", "bn", "b", "B", "k", "K", "tn"})
_OPENERS = "\"'“‘«„(¿¡ \u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Writing:
    """What a repair looks at beside the target."""

    source: str
    source_lang: str
    lang: str  # of the target
    kept: Sequence[str] = ()  # texts that stand in the target on purpose


@dataclass(frozen=True, slots=True)
class Spare:
    """What is left as it is."""

    repairs: Collection[str] = ()  # names of REPAIRS
    texts: Sequence[str] = ()  # written on purpose: their spelling is of no other variety


Repair = Callable[[str, Writing], str]


def _quotes(text: str, writing: Writing) -> str:
    """Quotation marks of the language; straight ones where the source has no others and newspapers write them."""
    marks = {char for char in writing.source if char in DOUBLE}
    straight = bool(row(writing.lang).get("straight")) and marks <= {'"'}
    return repair_quotes(text, writing.lang, straight=straight)


@cache
def _figures(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,/:-]){figure_pattern(lang)}(?![\w/:]|[.,-]\d)")


# "at 10.30" and "a las 10.30" are times of day, "at 10.30 seconds" is none. The words: data/numbers.toml.
@cache
def _clock(lang: str) -> re.Pattern[str]:
    words = "|".join(str((row_of("numbers", lang) or {}).get("before_clock", "(?!)")).split())
    return re.compile(rf"\b(?:{words}) (\d{{1,2}}\.[0-5]\d)(?![\d%]|\s?(?:per|m|s|seconds|met|mil|bil)\b)")


def _numbers(text: str, writing: Writing) -> str:
    """Figures of the source that the engine left with the marks of the source, or of a pivot."""
    own, theirs = row(writing.lang), row(writing.source_lang)
    if all(own.get(key) == theirs.get(key) for key in ("decimal", "group", "min_grouping")):
        return text
    found = [m for m in _figures(writing.source_lang).finditer(writing.source) if not m[0].isdigit()]
    # What is a version somewhere stays everywhere: the target does not say which of two it is.
    figures = {m[0] for m in found} - {m[0] for m in found if is_version(writing.source, m.start())}
    figures -= {match[1] for match in _clock(writing.source_lang).finditer(writing.source)}
    values = {read_figure(figure, writing.source_lang) for figure in figures} - {None}

    def write(match: re.Match[str]) -> str:
        lang = writing.source_lang if match[0] in figures else writing.lang
        value = read_figure(match[0], lang)
        is_theirs = value in values and not match[0].isdigit()
        return write_figure(value, writing.lang) if value is not None and is_theirs else match[0]

    return _figures(writing.source_lang).sub(write, text) if values else text


def _temperatures(text: str, writing: Writing) -> str:
    """ "-12.5C" as the language has it: "-12,5 °C"."""
    return mend_temperatures(text, writing.source, writing.source_lang, writing.lang)


def _ordinals(text: str, writing: Writing) -> str:
    """The mark of an ordinal, where the engine wrote a letter: "21o" -> "21º"."""
    marks: dict[str, str] = row(writing.lang).get("ordinal_marks", {})
    if not marks or not re.search(r"\d(?:st|nd|rd|th|\.?[ºª])(?!\w)", writing.source):
        return text
    return re.sub(r"(?<![\w.,])(\d{1,3})([oa])(?!\w)", lambda m: m[1] + marks[m[2]], text)


_HALF_DAY = re.compile(
    r"(?<![\w.,:])(\d{1,2})(?:[.,:h]([0-5]\d))? ?([ap])\.?m(?:\.(?!\s*$|\s+(?-i:[A-ZÀ-Þ]))|\b)", re.IGNORECASE
)


_HOUR = re.compile(r"(?<![\w.,:])(\d{1,2})h([0-5]\d)?(?!\w)")


def _times(text: str, writing: Writing) -> str:
    """Times of day with a.m. and p.m., on the clock of 24 hours."""
    clock = _HALF_DAY.search(writing.source) or _HOUR.search(writing.source)
    if base_language(writing.lang) == "en" or not clock:
        return text
    text = _HALF_DAY.sub(lambda m: write_time(int(m[1]), int(m[2] or 0), writing.lang, half=m[3].lower()), text)
    # "15h" is Portuguese, and passes through as a pivot.
    return _HOUR.sub(lambda m: write_time(int(m[1]), int(m[2] or 0), writing.lang), text)


_PERCENT = rf"[{SPACES}]?%"


def _percent(text: str, writing: Writing) -> str:
    """The percent sign on its side of the figure, with the language's space."""
    if not row(writing.lang).get("percent_before"):
        written = write_percent("", writing.lang)
        return re.sub(rf"(?<=\d){_PERCENT}(?!\w)", written, text)
    figure = figure_pattern(writing.lang)
    text = re.sub(rf"(?<![\w%.,-])({figure}){_PERCENT}(?!\w)", lambda m: write_percent(m[1], writing.lang), text)
    return re.sub(rf"(?<![\w%])%[{SPACES}]?({figure})", lambda m: write_percent(m[1], writing.lang), text)


@cache
def _signed_sums(lang: str) -> re.Pattern[str]:
    """Return the pattern of a sum with a sign, on either side of its figure.

    A scale word behind it makes another sum of it ("€20 milhões"), and so does a range: those stay.
    """
    figure = figure_pattern(lang)
    signs = _SIGNS if row(lang).get("dollar") else _SIGNS + "$"
    words = {re.escape(word) for _, _, word in scale_words(lang)} | _SHORT_SCALES
    scale = "|".join(sorted(words, key=lambda word: (-len(word), word)))
    goes_on = rf"[.,]?\d|[{SPACES}]?[-–—][{SPACES}]?[\d{signs}]|[{SPACES}]?(?:{scale})(?!\w)|[\w%/]"
    return re.compile(
        rf"(?<![\w$.,/–—-])(?P<sign>[{signs}])(?P<gap>[{SPACES}]?)(?P<figure>{figure})(?!{goes_on})"
        rf"|(?<![\w$.,/:–—{signs}-])(?P<figure_>{figure})(?P<gap_>[{SPACES}]?)(?P<sign_>[{signs}])(?![\w{signs}])"
    )


def _currency_place(text: str, writing: Writing) -> str:
    """A currency's sign on its side of the figure, with the language's space: "€20" -> "20 €"."""
    if not any(sign in text and sign in writing.source for sign in _SIGNS + "$"):
        return text
    is_first, space = currency_place(writing.lang)

    def place(match: re.Match[str]) -> str:
        stands_first = match["sign"] is not None
        sign, gap, figure = match.group(*(("sign", "gap", "figure") if stands_first else ("sign_", "gap_", "figure_")))
        # A space of another kind than CLDR's is a space.
        between = gap if gap and space and stands_first is is_first else space
        return f"{sign}{between}{figure}" if is_first else f"{figure}{between}{sign}"

    return _signed_sums(writing.lang).sub(place, text)


def _signs(text: str, writing: Writing) -> str:
    """A currency's letters and its sign are one: "US $ 20" -> "US$ 20"; a bare $ is the US dollar."""
    text = re.sub(r"\b(US|U|R|A|C|HK|NZ|S)[ \u00a0]\$[ \u00a0]?(?=\d)", r"\1$ ", text)
    dollar = str(row(writing.lang).get("dollar", ""))
    if dollar and re.search(r"(?<![\w$])\$\d", writing.source):
        text = re.sub(r"(?<![\w$])\$[ \u00a0]?(?=\d)", dollar, text)
    return text


def _centuries(text: str, writing: Writing) -> str:
    words = "|".join(str(row(writing.lang).get("centuries", "")).split())
    if not words:
        return text
    return re.sub(
        rf"\b({words})(\s)(\d{{1,2}})(?:\.?[ºªoè])?(?![\w.,]\w|\w)",
        lambda m: f"{m[1]}{m[2]}{write_roman(int(m[3]))}" if int(m[3]) else m[0],
        text,
    )


def _spaces(text: str, writing: Writing) -> str:
    if ".." not in writing.source:  # an abbreviation at the end of the sentence
        text = re.sub(r"(?<=\w\.)\.(?=[\"”»’)]*$)", "", text)
    text = re.sub(r"(?<=\S) {2,}(?=\S)", " ", text)
    text = re.sub(r"(?<=[(\[¿¡]) +(?=\w)|(?<=\w) +(?=[)\]])", "", text)
    spaced = str(row(writing.lang).get("spaced_marks", ""))
    marks = "".join(mark for mark in ",.;:!?" if mark not in spaced)
    text = re.sub(rf"(?<=[\w\"”»’)%]) ([{re.escape(marks)}])(?=\s|$)", r"\1", text)
    if not spaced:
        return text

    def gap(match: re.Match[str]) -> str:
        return (_NO_BREAK if match[1][0] == ":" else _NARROW) + match[1]

    return re.sub(rf"(?<=[\w»)%])[ \u00a0\u202f]?([{re.escape(spaced)}]+)(?=\s|$|[»)])", gap, text)


def _lone_brackets(text: str, writing: Writing) -> str:
    """Brackets where the source has none: one without its partner, and an ending behind a name that stands alone.

    "Joaquín Cabello" came back as "Joaquín Cabello (o)". A bracket left open is closed where the source ends with one.
    """
    if (closed := _CLOSED.search(writing.source)) and _is_open(text) and not _is_open(writing.source):
        return re.sub(r"(?=[.!?…]*$)" if closed[1] else "$", ")", text, count=1)
    if not set("()[]").isdisjoint(writing.source) or set("()[]").isdisjoint(text):
        return text
    text = _ENDING.sub("", text)
    open_at: list[int] = []
    lone: list[int] = []
    for at, char in enumerate(text):
        if char in "([":
            open_at.append(at)
        elif char in ")]":
            matches = open_at and text[open_at[-1]] + char in ("()", "[]")
            open_at.pop() if matches else lone.append(at)
    kept = "".join(char for at, char in enumerate(text) if at not in {*open_at, *lone})
    return re.sub(r" {2,}", " ", kept).strip() if open_at or lone else text


def _is_open(text: str) -> bool:
    return text.count("(") == text.count(")") + 1


_CLOSED = re.compile(r"\)([.!?…]*)$")
_ENDING = re.compile(r" \((?:[ao]s?|l[ao]s?)?\)?(?=\W*$)")


def _interview(text: str, writing: Writing) -> str:
    """The letters before question and answer: "Q: Why?" -> "P: Por quê?"."""
    theirs, own = (str(row(lang).get("interview", "")).split() for lang in (writing.source_lang, writing.lang))
    before = _SPEAKER.match(writing.source)
    if not before or before[2] not in theirs or not own:
        return text
    letter = own[theirs.index(before[2])]
    return _SPEAKER.sub(lambda match: match[1] + letter + match[3], text, count=1)


_SPEAKER = re.compile(r"^(\W*)(\w)(: )")

# Words that begin a question inside a sentence: "Si llueve, ¿qué haremos?"
_ASKING = re.compile(
    r", (?=(?:qué|quién(?:es)?|cómo|cuándo|(?:a|de)?dónde|cuál(?:es)?|por qué|cuánt[oa]s?|acaso)\b)", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[.!?…:;]+[\"”»’)]*\s+|[\"“«‘(]|\s[—–-]\s?|^")


def _opening_marks(text: str, writing: Writing) -> str:
    """Put the opening mark of a question or an exclamation at the beginning of its clause, where it is missing."""
    openings: dict[str, str] = row(writing.lang).get("openings", {})
    if not openings or not any(mark in text for mark in openings):
        return text
    parts = re.split(r"([?!]+)", text)
    return "".join(
        _open_clause(clause, mark, openings) + mark for clause, mark in zip(parts[::2], [*parts[1::2], ""], strict=True)
    )


def _open_clause(clause: str, mark: str, openings: dict[str, str]) -> str:
    """Open what stands before a closing mark, unless it is open or has no words."""
    opening = openings.get(mark[:1], "")
    start = max((match.end() for match in _CLAUSE_END.finditer(clause)), default=0)
    has_words = any(char.isalpha() for char in clause[start:])
    if not opening or not has_words or any(char in clause for char in openings.values()):
        return clause
    asking = [match.end() for match in _ASKING.finditer(clause, start)] if mark[0] == "?" else []
    start = asking[-1] if asking else start
    start += len(clause[start:]) - len(clause[start:].lstrip(_OPENERS))
    return clause[:start] + opening + clause[start:] if clause[start : start + 1].isalnum() else clause


def _dashes(text: str, writing: Writing) -> str:
    """Dashes of the source that the engine could not write; a parenthesis between two as the language has it."""
    source = writing.source
    for dash in ("—", "–"):
        if (f" {dash} " in source or re.search(rf"\w{dash}\w", source)) and " - " in text and " - " not in source:
            text = text.replace(" - ", f" {dash} ")
        if source.startswith(f"{dash} ") and text.startswith("- "):
            text = dash + text[1:]
    between = str(row(writing.lang).get("paired_dash", ""))
    pieces = re.split(r" [—–] ", text)
    if between and len(pieces) == 3 and all(piece.strip() for piece in pieces):
        before, inside, after = pieces
        if before[-1] not in ".!?:" and inside[-1] not in ".!?":
            text = f"{before} {between}{inside}{between} {after}"
    return text


def _ellipsis(text: str, writing: Writing) -> str:
    if "…" in writing.source and "..." not in writing.source:
        return re.sub(r"(?<!\.)\.{3}(?!\.)", "…", text)
    return text


def _apostrophes(text: str, writing: Writing) -> str:
    own = str(row(writing.lang).get("apostrophe", ""))
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", own, text) if own else text


def _dates(text: str, writing: Writing) -> str:
    """ "28 de Junho" -> "28 de junho", "Dezembro 7" -> "7 de dezembro"."""
    return mend_dates(text, writing.source, writing.source_lang, writing.lang)


def _first_letter(text: str, writing: Writing) -> str:
    first = writing.source.lstrip(_OPENERS)[:1]
    lead = len(text) - len(text.lstrip(_OPENERS))
    if first.isupper() and text[lead : lead + 1].islower():
        return text[:lead] + text[lead].upper() + text[lead + 1 :]
    return text


def _variety(text: str, writing: Writing) -> str:
    """Spellings of another variety than the house's ("Polónia" is "Polônia"); names of the source stay."""
    return respell_written(text, writing.lang, writing.source, writing.kept)


REPAIRS: list[tuple[str, Repair]] = [
    ("variety", _variety),
    ("quotation_marks", _quotes),
    ("numbers", _numbers),
    ("temperatures", _temperatures),
    ("times", _times),
    ("percent", _percent),
    ("currency_signs", _signs),
    ("currency_place", _currency_place),
    ("centuries", _centuries),
    ("ordinals", _ordinals),
    ("dates", _dates),
    ("lone_brackets", _lone_brackets),
    ("interview", _interview),
    ("spaces", _spaces),
    ("dashes", _dashes),
    ("ellipsis", _ellipsis),
    ("apostrophes", _apostrophes),
    ("opening_marks", _opening_marks),
    ("first_letter", _first_letter),
]

PASSES = 3  # a repair may make room for another; practically every text is settled after the first


def repair_typography(
    text: str, source: str, lang: str, source_lang: str = "en", *, spare: Spare = Spare()
) -> tuple[str, list[tuple[str, str, str]]]:
    """Bring a target's typography into its language's form: the text and the repairs made (name, before, after).

    Addresses and code stay as they are. `spare` says what is left out.
    """
    done: list[tuple[str, str, str]] = []
    writing = Writing(source, source_lang, lang, spare.texts)
    for _ in range(PASSES):
        before = text
        for name, repair in (one for one in REPAIRS if one[0] not in spare.repairs):
            hidden, addresses = hide_addresses(text)
            repaired = show_addresses(repair(hidden, writing), addresses)
            if repaired != text:
                done.append((name, text, repaired))
            text = repaired
        if text == before:
            break
    return text, done
