"""Check the lines of a PO file before polib reads it: polib 1.2 takes an unclosed quote and duplicates in silence."""

import re

from pipeline.errors import GlossaryError

MAX_BYTES = 20_000_000  # about 100,000 entries
_KEYWORD = re.compile(r'(?:#~ *)?(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)?\s*(".*)?$')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"\s*$')
_CHARSET = re.compile(r"charset=([\w-]+)", re.IGNORECASE)


def check_lines(data: bytes, label: str) -> str:
    """Decode a PO file and check the form of each line; returns the text for polib, `#=` lines folded into `#,`.

    Raises GlossaryError with `label` and the line.
    """
    if len(data) > MAX_BYTES:
        raise GlossaryError(f"{label}: larger than {MAX_BYTES // 1_000_000} MB; split the file")
    charset = _CHARSET.search(data[:4000].decode("ascii", "replace"))
    if charset and charset[1].lower().replace("-", "") not in ("utf8", "usascii", "ascii"):
        raise GlossaryError(f"{label}:1: charset {charset[1]}; save the file as UTF-8 and say so in its header")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise GlossaryError(f"{label}:{line}: not UTF-8; save the file as UTF-8") from exc
    lines = text.splitlines()
    for number, row in enumerate(lines, 1):
        _check_line(row.strip(), label, number)
    return "\n".join("#," + line[2:] if line.startswith("#=") else line for line in lines) + "\n"


def _check_line(line: str, label: str, number: int) -> None:
    if not line or (line.startswith("#") and not line.startswith("#~")) or line in ("#~",):
        return
    match = _KEYWORD.match(line)
    if not match or not (match[1] or match[2]):
        raise GlossaryError(f"{label}:{number}: not a PO line: {line[:40]!r}")
    if not match[2] or not _STRING.match(match[2]):
        raise GlossaryError(f'{label}:{number}: a text without its closing quote; write it as "..." on one line')
    if any(ord(char) < 32 or "\ue000" <= char <= "\uf8ff" for char in line if char != "\t"):
        raise GlossaryError(f"{label}:{number}: a control or private-use character; delete it")
