"""Language tags: BCP 47 inside, one table to each engine's own codes.

A tag is a base language with an optional script or region ("pt", "pt-BR", "sr-Latn"). Engines and word
lists know base languages; glossaries and typography look for the full tag first.
"""

import difflib
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.errors import UnknownLanguage


@dataclass(frozen=True, slots=True)
class Language:
    """One row of the table."""

    name: str  # English name
    script: str  # ISO 15924 of the usual script
    apertium: str = ""  # ISO 639-3 code in Apertium's mode names; "" where Debian has no pair
    apertium_old: str = ""  # the two-letter code of older pairs (es-pt, pt-gl)
    argos: str = ""  # where it differs from the tag
    fallback: str = ""  # tag to use where this one is not known


# Sources: IANA language subtag registry for tags and scripts; `apertium -l` of Debian 12 for the modes;
# the Argos package index for its codes.
LANGUAGES: dict[str, Language] = {
    "am": Language("Amharic", "Ethi"),
    "ar": Language("Arabic", "Arab", "ara"),
    "az": Language("Azerbaijani", "Latn", "aze"),
    "be": Language("Belarusian", "Cyrl", "bel", "be"),
    "bg": Language("Bulgarian", "Cyrl", "bul"),
    "bn": Language("Bengali", "Beng"),
    "bo": Language("Tibetan", "Tibt"),
    "bs": Language("Bosnian", "Latn", "hbs"),
    "ca": Language("Catalan", "Latn", "cat", "ca"),
    "cs": Language("Czech", "Latn", "ces"),
    "cy": Language("Welsh", "Latn", "cym", "cy"),
    "da": Language("Danish", "Latn", "dan"),
    "de": Language("German", "Latn", "deu"),
    "el": Language("Greek", "Grek", "ell"),
    "en": Language("English", "Latn", "eng", "en"),
    "en-GB": Language("British English", "Latn", fallback="en"),
    "en-US": Language("American English", "Latn", fallback="en"),
    "eo": Language("Esperanto", "Latn", "epo", "eo"),
    "es": Language("Spanish", "Latn", "spa", "es"),
    "et": Language("Estonian", "Latn"),
    "eu": Language("Basque", "Latn", "eus", "eu"),
    "fa": Language("Persian", "Arab"),
    "fi": Language("Finnish", "Latn", "fin"),
    "fr": Language("French", "Latn", "fra", "fr"),
    "ga": Language("Irish", "Latn", "gle"),
    "gl": Language("Galician", "Latn", "glg", "gl"),
    "gu": Language("Gujarati", "Gujr"),
    "he": Language("Hebrew", "Hebr", "heb"),
    "hi": Language("Hindi", "Deva", "hin"),
    "hr": Language("Croatian", "Latn", "hbs"),
    "hu": Language("Hungarian", "Latn"),
    "hy": Language("Armenian", "Armn"),
    "id": Language("Indonesian", "Latn", "ind"),
    "is": Language("Icelandic", "Latn", "isl", "is"),
    "it": Language("Italian", "Latn", "ita", "it"),
    "ja": Language("Japanese", "Jpan"),
    "ka": Language("Georgian", "Geor"),
    "kk": Language("Kazakh", "Cyrl", "kaz"),
    "km": Language("Khmer", "Khmr"),
    "kn": Language("Kannada", "Knda"),
    "ko": Language("Korean", "Kore"),
    "lo": Language("Lao", "Laoo"),
    "lt": Language("Lithuanian", "Latn"),
    "lv": Language("Latvian", "Latn"),
    "mk": Language("Macedonian", "Cyrl", "mkd"),
    "ml": Language("Malayalam", "Mlym"),
    "ms": Language("Malay", "Latn", "zlm"),
    "mt": Language("Maltese", "Latn", "mlt"),
    "my": Language("Burmese", "Mymr"),
    "nb": Language("Norwegian Bokmål", "Latn", "nob"),
    "nl": Language("Dutch", "Latn", "nld"),
    "nn": Language("Norwegian Nynorsk", "Latn", "nno"),
    "oc": Language("Occitan", "Latn", "oci", "oc"),
    "pa": Language("Punjabi", "Guru"),
    "pl": Language("Polish", "Latn", "pol"),
    "pt": Language("Portuguese", "Latn", "por", "pt"),
    "pt-BR": Language("Brazilian Portuguese", "Latn", "por", "pt", "pb", fallback="pt"),
    "pt-PT": Language("European Portuguese", "Latn", "por", "pt", fallback="pt"),
    "ro": Language("Romanian", "Latn", "ron", "ro"),
    "ru": Language("Russian", "Cyrl", "rus"),
    "si": Language("Sinhala", "Sinh"),
    "sk": Language("Slovak", "Latn"),
    "sl": Language("Slovenian", "Latn", "slv"),
    "sq": Language("Albanian", "Latn", "sqi"),
    "sr": Language("Serbian", "Cyrl", "hbs"),
    "sr-Latn": Language("Serbian (Latin)", "Latn", "hbs", fallback="sr"),
    "sv": Language("Swedish", "Latn", "swe"),
    "ta": Language("Tamil", "Taml"),
    "te": Language("Telugu", "Telu"),
    "th": Language("Thai", "Thai"),
    "tr": Language("Turkish", "Latn", "tur"),
    "uk": Language("Ukrainian", "Cyrl", "ukr"),
    "ur": Language("Urdu", "Arab", "urd"),
    "vi": Language("Vietnamese", "Latn"),
    "zh-Hans": Language("Chinese (simplified)", "Hans", argos="zh"),
    "zh-Hant": Language("Chinese (traditional)", "Hant", argos="zt"),
}

# What people write for a tag: old codes, other tools' codes (Argos "pb", "zt"), underscores are handled apart.
ALIASES = {
    "iw": "he", "in": "id", "no": "nb", "pb": "pt-BR", "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zt": "zh-Hant", "sh": "sr-Latn", "hbs": "sr-Latn",
}  # fmt: skip


def parse_language(tag: str) -> str:
    """Turn what a person wrote into one of our tags.

    >>> parse_language("PT_br"), parse_language("iw"), parse_language("en-AU")
    ('pt-BR', 'he', 'en')

    A region that we have no row for falls back to its language. Raises UnknownLanguage with a suggestion.
    """
    folded = tag.strip().replace("_", "-").replace("@latin", "-Latn").lower()
    by_folded = {known.lower(): known for known in LANGUAGES}
    wanted = ALIASES.get(folded, folded).lower()
    if wanted in by_folded:
        return by_folded[wanted]
    base, _, region = wanted.partition("-")
    base = ALIASES.get(base, base).lower()
    if region and region.isalnum() and 2 <= len(region) <= 8 and base in by_folded:
        return by_folded[base]
    raise UnknownLanguage(f"unknown language {tag.strip()!r}{_suggest(wanted)}")


def _suggest(wanted: str) -> str:
    names = {row.name.lower(): tag for tag, row in LANGUAGES.items()}
    if wanted in names:
        return f": did you mean {names[wanted]!r}?"
    near = difflib.get_close_matches(wanted, [*names, *LANGUAGES], n=1, cutoff=0.7)
    if near:
        return f": did you mean {names.get(near[0], near[0])!r}?"
    return ": use a BCP 47 tag such as 'pt', 'pt-BR' or 'bg'"


def base_language(tag: str) -> str:
    """Return the tag that engines and word lists know: "pt-BR" -> "pt"; "sr-Latn" -> "sr"."""
    return LANGUAGES[tag].fallback or tag


def lookup_chain(tag: str) -> Iterator[str]:
    """Give the tags to look a resource up by, most exact first: "pt-BR", then "pt"."""
    yield tag
    if fallback := LANGUAGES[tag].fallback:
        yield fallback


def is_same_language(one: str, other: str) -> bool:
    """Whether two tags name one language, region aside."""
    return base_language(one) == base_language(other)


def languages_of_script(script: str) -> tuple[str, ...]:
    """Return the base languages usually written in a script, in alphabetical order."""
    return tuple(tag for tag, row in sorted(LANGUAGES.items()) if script in SCRIPTS_OF[row.script] and not row.fallback)


# The scripts whose letters a text in this writing system may have.
SCRIPTS_OF: dict[str, frozenset[str]] = {
    **{row.script: frozenset({row.script}) for row in LANGUAGES.values()},
    "Hans": frozenset({"Hani"}),
    "Hant": frozenset({"Hani"}),
    "Jpan": frozenset({"Hani", "Hira", "Kana"}),
    "Kore": frozenset({"Hang", "Hani"}),
}

# First word of a letter's Unicode name -> ISO 15924 (Unicode Character Database, block names).
_SCRIPT_NAMES = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr",
    "DEVANAGARI": "Deva", "ARMENIAN": "Armn", "GEORGIAN": "Geor", "THAI": "Thai", "HANGUL": "Hang",
    "HIRAGANA": "Hira", "KATAKANA": "Kana", "CJK": "Hani", "BENGALI": "Beng", "TAMIL": "Taml",
    "GUJARATI": "Gujr", "GURMUKHI": "Guru", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym",
    "ETHIOPIC": "Ethi", "KHMER": "Khmr", "LAO": "Laoo", "MYANMAR": "Mymr", "SINHALA": "Sinh", "TIBETAN": "Tibt",
}  # fmt: skip


@cache
def script_of_char(char: str) -> str:
    """Return the ISO 15924 script of a letter; "" for digits, marks, spaces and letters of all scripts.

    >>> script_of_char("Ж"), script_of_char("ñ"), script_of_char("5")
    ('Cyrl', 'Latn', '')
    """
    if not char.isalpha():
        return ""
    word = unicodedata.name(char, "").partition(" ")[0]
    return _SCRIPT_NAMES.get(word, "" if word in ("MODIFIER", "FEMININE", "MASCULINE", "MICRO") else "Zzzz")


def uses_script(tag: str, script: str) -> bool:
    """Whether a language is written with letters of a script."""
    return script in SCRIPTS_OF[LANGUAGES[tag].script]


def apertium_codes(tag: str) -> tuple[str, ...]:
    """Return the codes that may name this language in an Apertium mode, e.g. ("por", "pt")."""
    row = LANGUAGES[tag]
    return tuple(code for code in (row.apertium, row.apertium_old) if code)


def argos_code(tag: str) -> str:
    """Return the code that Argos packages and LibreTranslate use."""
    return LANGUAGES[tag].argos or base_language(tag)


def po_code(tag: str) -> str:
    """Return the gettext locale name: "pt-BR" -> "pt_BR", "sr-Latn" -> "sr@latin"."""
    return tag.replace("-Latn", "@latin").replace("-", "_")


@cache
def function_words() -> dict[str, frozenset[str]]:
    """Return the commonest small words of each base language, in lower case (data/function_words.toml)."""
    text = resources.files("pipeline").joinpath("data/function_words.toml").read_text("utf-8")
    return {lang: frozenset(words.split()) for lang, words in tomllib.loads(text).items()}
