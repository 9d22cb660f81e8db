"""Check the lines of a PO file before polib reads it.

polib 1.2 loads an unclosed `"porto` as `port`, takes duplicates and unknown character sets in silence, and stops at
the `#=` lines of newer tools.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import GlossaryError

MAX_BYTES = 20_000_000  # about 100,000 entries

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\b[ \t]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPE = re.compile(r"\\(.)")
_CHARSET = re.compile(rb'^"Content-Type:[^\n]*?charset=([^\s;"\\]*)', re.IGNORECASE | re.MULTILINE)
# What no glossary needs: control characters, line and paragraph separators (polib breaks lines at them), a BOM inside,
# the private use area (the pipeline's own marks live there), U+FFFD (what a wrong decoding leaves).
_BAD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
# The same for texts of articles: a mark inside and a place where something was lost are theirs, as they are.
_BAD_IN_TEXT = re.compile(_BAD.pattern.replace("\\ufeff", "").replace("\\ufffd", ""))
_NO_CHARACTER = re.compile("[\ud800-\udfff]")
_HEADER = ['msgid ""', 'msgstr ""', ""]
# What may stand before a statement: "" is the start of the file.
_FOLLOWS = {"msgctxt": ("", "msgstr"), "msgid": ("", "msgstr", "msgctxt"), "msgstr": ("msgid",)}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that polib can be trusted with."""

    text: str  # the file as polib reads it without fail
    msgid_lines: tuple[int, ...]  # line of each msgid in the file, from 1, retired entries included
    added: int  # lines that `text` has before those of the file


def check_po(data: bytes, name: str, *, is_glossary: bool = True) -> Checked:
    """Decode a PO file, a glossary or the texts of an article, and check the form of each line.

    Raises GlossaryError, `name` and the line in front: larger than `MAX_BYTES`, not UTF-8, a control character, a line
    that is no PO line, a text without its closing quote, statements out of order, plural forms.
    """
    written, msgid_lines = [], []
    last, was_retired = "", False
    lines = decode_po(data, name, is_glossary=is_glossary).split("\n")
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        retired = line.startswith("#~")
        if retired:
            line = line[2:].lstrip()
        if not line or line[0] == "#" or (retired and line[0] == "|"):
            written.append("" if retired else _space_comment(line))
            continue
        where = f"{name}:{number}"
        keyword, string = _read_statement(line, where)
        if keyword:
            if last not in _FOLLOWS[keyword] or (keyword == "msgstr" and retired != was_retired):
                raise GlossaryError(
                    f"{where}: {keyword} out of place; try msgctxt (if any), msgid, msgstr, in this order"
                )
            last, was_retired = keyword, retired
            if keyword == "msgid":
                msgid_lines.append(number)
        elif not last or retired != was_retired:
            raise GlossaryError(f"{where}: a text that belongs to no msgid or msgstr; try deleting the line")
        written.append(" ".join(part for part in ("#~" if retired else "", keyword, string) if part))
    if last not in ("", "msgstr"):
        raise GlossaryError(f"{name}:{len(lines)}: the file ends inside an entry; try adding its msgstr line")
    header = [] if not msgid_lines or _is_header(written[msgid_lines[0] - 1 :]) else _HEADER
    return Checked("\n".join([*header, *written]) + "\n", tuple(msgid_lines), len(header))


def _is_header(lines: Sequence[str]) -> bool:
    """Whether a first entry is a header. Where there is none polib takes the first comments for those of the file."""
    return lines[0] == 'msgid ""' and lines[1].startswith("msgstr")


def _space_comment(line: str) -> str:
    """Write a comment the one way that polib takes: `#,fuzzy` and `#note` are refused by it, `#=` is unknown."""
    if line.startswith(("#|", "##")):
        return ""  # the text before the last change is of no use here
    mark, rest = (line[:2], line[2:]) if line[1:2] in (",", ".", ":", "=") else (line[:1], line[1:])
    return f"{mark.replace('=', ',')} {rest.strip()}".rstrip()


def decode_po(data: bytes, name: str, *, is_glossary: bool = True) -> str:
    """Decode a file, with line ends as "\\n". Raises GlossaryError as `check_po` does for what is wrong as a whole."""
    text = decode_unchecked(data, name)
    if bad := (find_bad(text) if is_glossary else _BAD_IN_TEXT.search(text)):
        line = text[: bad.start()].count("\n") + 1
        code = f"U+{ord(bad[0]):04X}"
        raise GlossaryError(f"{name}:{line}: a control or private-use character ({code}); try deleting it")
    return text


def find_bad(text: str) -> re.Match[str] | None:
    """Find the first character that no glossary may have."""
    return _BAD.search(text)


def legal_text(text: str) -> str:
    """Return an article's text without what its PO file cannot carry: controls but tab and line feed, separators.

    >>> legal_text("a\\x07b\\u2028c")
    'abc'
    """
    return _NO_CHARACTER.sub("", _BAD_IN_TEXT.sub("", text))


def decode_unchecked(data: bytes, name: str) -> str:
    """Do what `decode_po` does, but for the characters: whoever takes this text in parts checks each part."""
    if len(data) > MAX_BYTES:
        raise GlossaryError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; try splitting it by pair or subject")
    charset = _CHARSET.search(data[:65_536])
    if charset and charset[1].upper().replace(b"-", b"") not in (b"UTF8", b"USASCII", b"ASCII"):
        said = charset[1].decode("ascii", "replace") or "(empty)"
        line = data[: charset.start()].count(b"\n") + 1
        raise GlossaryError(f"{name}:{line}: charset {said}; try saving the file as UTF-8 with charset=UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise GlossaryError(f"{name}:{line}: not UTF-8 (byte {exc.start}); try saving the file as UTF-8") from exc
    return text.replace("\r\n", "\n")


def _read_statement(line: str, where: str) -> tuple[str, str]:
    """Check the form of a statement or continuation; return keyword ("" for a continuation) and quoted string."""
    match = _KEYWORD.match(line)
    keyword, rest = (match[1], line[match.end() :]) if match else ("", line)
    if keyword == "msgid_plural" or "[" in keyword:
        raise GlossaryError(f"{where}: a glossary has no plural forms; try '# forms: one | another' instead")
    if not rest.startswith('"'):
        raise GlossaryError(f"{where}: not a PO line: {line[:40]!r}; try # before a comment")
    string = _STRING.match(rest)
    if string is None:
        raise GlossaryError(f'{where}: a text without its closing quote; try ending the line with "')
    if string.end() < len(rest):
        stray = rest[string.end() :].strip()
        raise GlossaryError(f'{where}: {stray[:40]!r} after the closing quote; try \\" for a quote inside the text')
    for escape in _ESCAPE.finditer(string[0]):
        if escape[1] not in 'nrt"\\':
            raise GlossaryError(f"{where}: unknown escape {escape[0]}; try \\\\ for a backslash")
    return keyword, string[0]
