"""From a file's bytes to text and back, strictly: what cannot be read for certain is refused, never guessed."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from pipeline.errors import DocumentError, UsageError

MAX_BYTES = 10_000_000
"""Larger files are refused. The longest news dossiers are below 1 MB; 10 MB of text is a book shelf or a dump."""

# A byte order mark says what the file is; the longer marks first, as UTF-32's begins with UTF-16's.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Codecs that would write a byte order mark of their own.
_WITHOUT_MARK = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}

# What a page says of its own charset, in its first bytes: the HTML standard, 13.2.3.2.
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_DECLARED_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{1,40})""")
_LOOK_AT = 1024

# Names that browsers read as another charset than Python: the Encoding standard, 4.2.
_AS_BROWSERS = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"), "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip

# No text file has these: C0 controls beyond tab, line feed, form feed and carriage return. XML cannot carry
# them either.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")

# Private use characters are the pipeline's own marks (model.MARK_FIRST); U+FFFE and U+FFFF are no characters
# and XML, hence TMX and XLIFF, refuses them.
_UNUSABLE = re.compile(r"[\ue000-\uf8ff\ufffe\uffff]")


# The same for what comes in through references and escapes ("&#xe000;"), which may also name controls and surrogates.
UNUSABLE = re.compile(f"{_BINARY.pattern}|{_UNUSABLE.pattern}|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and what is needed to write such a file again."""

    text: str  # without byte order mark; line ends as in the file
    encoding: str  # Python's name, e.g. "utf-8"
    bom: bytes = b""  # the mark that the file began with
    warnings: tuple[str, ...] = ()  # one plain line each, naming the file


def decode_article(data: bytes, label: str, *, encoding: str | None = None) -> Decoded:
    """Decode the bytes of an article: by its byte order mark, else by `encoding`, else as UTF-8.

    `label` is the file's name for messages. One code point of the file is one of the text, so offsets hold:
    a private use character becomes U+FFFD, with a warning. Raises DocumentError for a file that is too large
    (MAX_BYTES), binary, blank or not in its encoding, UsageError for an encoding that Python does not know.
    """
    name = printable(label)
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name}: {len(data):,} bytes, the limit is {MAX_BYTES:,}: split the file")
    bom, codec = _codec_of(data, encoding)
    text = _decode(data[len(bom) :], name, codec, offset=len(bom))
    _refuse_unreadable(text, name)
    text, warnings = _replace_unusable(text, name)
    return Decoded(text, codec, bom, warnings)


def mark_of(decoded: Decoded) -> str:
    """Return the byte order mark of an output, as text: it has one where its input has. All outputs are in UTF-8."""
    return "\ufeff" if decoded.bom else ""


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an HTML page declares, "" where it needs none: text that is UTF-8 is read as such.

    A page that was saved again often declares what it was; no text in an older encoding is valid UTF-8 by chance. A
    name that Python does not know counts for nothing.
    """
    head = data[:_LOOK_AT]
    match = _DECLARED_XML.search(head) or _DECLARED.search(head)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
    except LookupError:
        return ""
    return "" if name.startswith("utf-") else _AS_BROWSERS.get(name, name)


def printable(label: str) -> str:
    """Escape control, bidirectional and undecodable characters, so that a name cannot rewrite a terminal line.

    >>> printable("a\\x1b[2J\\u202etxt.exe")
    'a\\\\x1b[2J\\\\u202etxt.exe'
    """
    return "".join(
        char.encode("unicode_escape").decode("ascii")
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        else char
        for char in label
    )


def _codec_of(data: bytes, encoding: str | None) -> tuple[bytes, str]:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return mark, codec
    return b"", "utf-8" if encoding is None else _known_codec(encoding)


def _known_codec(encoding: str) -> str:
    try:
        "".encode(encoding)  # refuses codecs that are not of text, such as "hex"
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError) as exc:
        raise UsageError(f"unknown encoding {printable(encoding)!r}: use a name such as utf-8 or windows-1251") from exc
    return _WITHOUT_MARK.get(name, name)


def _decode(data: bytes, name: str, codec: str, *, offset: int) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as exc:
        if codec == "utf-8" and b"\0" in data:
            raise DocumentError(f"{name}: this is no text file (NUL at byte {offset + data.index(0)})") from exc
        line = data.count(b"\n", 0, exc.start) + 1
        raise DocumentError(
            f"{name}: not valid {codec.upper()} at byte {offset + exc.start} (line {line}):"
            " give its encoding, e.g. --encoding windows-1251"
        ) from exc


def _refuse_unreadable(text: str, name: str) -> None:
    if control := _BINARY.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise DocumentError(
            f"{name}: this is no text file (control character U+{ord(control[0]):04X} in line {line});"
            " if it is UTF-16 text, give --encoding utf-16"
        )
    if all(char.isspace() or unicodedata.category(char) == "Cf" for char in text):
        raise DocumentError(f"{name}: the file is empty: there is nothing to translate")


def _replace_unusable(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    found = _UNUSABLE.search(text)
    if not found:
        return text, ()
    replaced, count = _UNUSABLE.subn("\N{REPLACEMENT CHARACTER}", text)
    line = text.count("\n", 0, found.start()) + 1
    warning = (
        f"{name}: {count} private use character(s) replaced by U+FFFD,"
        f" the first, U+{ord(found[0]):04X}, in line {line}: symbols of a special font are lost"
    )
    return replaced, (warning,)
