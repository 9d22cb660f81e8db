"""The entries of a PO file with the lines that they take, so that one can be changed and the others left alone."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.errors import GlossaryError
from pipeline.glossary.facts import approval_hash
from pipeline.glossary.pocheck import check_po, decode_po, decode_unchecked, find_bad

_STATEMENT = re.compile(r'(?:(msgctxt|msgid|msgstr)[ \t]*)?"(.*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
FACT = re.compile(r"#[ \t]+([a-z][a-z-]*):[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as its file writes it; retired ones too, the header not."""

    context: str
    source: str
    target: str
    is_fuzzy: bool
    is_retired: bool
    comments: tuple[str, ...]  # what people wrote: the lines that begin with "# ", without the mark
    tool_notes: tuple[str, ...]  # the lines "#." (seen, example), without the mark
    first: int = 0  # lines of the file, from 0, half-open, without blank lines around
    end: int = 0
    line: int = 0  # of the msgid, from 1, as in `Entry.origin`

    @property
    def version(self) -> str:
        """What a person can have changed in the entry, as a short hash; tool-owned lines and line breaks do not count.

        Whoever edits an entry hands this back with the change, and learns so of another's edit in between.
        """
        parts = (self.context, self.source, self.target, str(self.is_fuzzy), str(self.is_retired), *self.comments)
        return hashlib.sha256("\x04".join(parts).encode()).hexdigest()[:12]

    @property
    def facts(self) -> dict[str, str]:
        """The `# key: value` comments; of a key that stands twice the last value."""
        found = (FACT.fullmatch(f"# {comment}") for comment in self.comments)
        return {match[1]: match[2].strip() for match in found if match}

    @property
    def is_changed_since_approved(self) -> bool:
        """Whether the text is no longer what `# approved:` was given for."""
        words = self.facts.get("approved", "").split()
        return len(words) > 2 and words[-1] != approval_hash(self.source, self.target, self.context)


def read_records(data: bytes, name: str) -> tuple[Record, ...]:
    """Read the entries of a file in its order. Raises GlossaryError, as `check_po` does, for a damaged file."""
    return tuple(shift(record, by) for record, by in find_records(data, name))


def find_records(data: bytes, name: str) -> list[tuple[Record, int]]:
    """Do what `read_records` does, but leave the lines of each record to be moved down by the number beside it.

    What was read once is remembered by entry: of an entry that did not change the very same record comes back, and a
    file of 20,000 entries is read again in a fraction of a second after a change.
    """
    placed = _read_chunks(decode_unchecked(data, name))
    if placed is not None:
        return placed
    found = []
    for block in _blocks([line.strip() for line in decode_po(data, name).split("\n")]):
        content = _read(tuple(line for _, line in block))
        if content is None:
            check_po(data, name)
            raise GlossaryError(f"{name}:{block[0][0] + 1}: not an entry; try comments, msgctxt, msgid, msgstr")
        if content.source:
            found.append((_place(content, block), 0))
    return found


def _read_chunks(text: str) -> list[tuple[Record, int]] | None:
    """Read a file whose entries are parted by blank lines, which is quick; None for any other."""
    placed: list[tuple[Record, int]] = []
    at = 0
    for chunk in text.split("\n\n"):
        found = _read_chunk(chunk)
        if found is None:
            return None
        for record in found:
            placed.append((record, at))
        at += chunk.count("\n") + 2
    return placed


@lru_cache(maxsize=100_000)
def _read_chunk(chunk: str) -> tuple[Record, ...] | None:
    """Read the entries between two blank lines; None where something belongs to what stands before or behind, or a
    character may not be in a glossary.
    """
    if find_bad(chunk):
        return None
    lines = [line.strip() for line in chunk.split("\n")]
    blocks = list(_blocks(lines))
    if sum(map(len, blocks)) != sum(map(bool, lines)):
        return None
    found = []
    for block in blocks:
        content = _read(tuple(line for _, line in block))
        if content is None:
            return None
        if content.source:
            found.append(_place(content, block))
    return tuple(found)


def _place(record: Record, block: Sequence[tuple[int, str]]) -> Record:
    line = next(number for number, line in block if line.removeprefix("#~").lstrip().startswith("msgid")) + 1
    return replace(record, first=block[0][0], end=block[-1][0] + 1, line=line)


def shift(record: Record, by: int) -> Record:
    """Move a record down the file. The constructor is called, as `replace` takes five times as long."""
    return Record(
        record.context, record.source, record.target, record.is_fuzzy, record.is_retired, record.comments,
        record.tool_notes, record.first + by, record.end + by, record.line + by,
    )  # fmt: skip


def _blocks(lines: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Give the numbered lines of each entry: its comments and statements. Comments behind the last entry are none."""
    block: list[tuple[int, str]] = []
    is_done = False  # the block has its msgstr: a comment or another statement begins the next
    for number, line in enumerate(lines):
        if not line:
            continue
        body = line[2:].lstrip() if line.startswith("#~") else line
        if is_done and body.startswith(("#", "msgctxt", "msgid")):
            yield block
            block, is_done = [], False
        block.append((number, line))
        is_done = is_done or body.startswith("msgstr")
    if is_done or any(line[0] != "#" for _, line in block):
        yield block


def _statement(line: str) -> tuple[str, str] | None:
    """Read a statement line: keyword ("" for a continuation) and its text; None for a comment."""
    match = _STATEMENT.fullmatch(line[2:].lstrip() if line.startswith("#~") else line)
    if match is None:
        return None
    return match[1] or "", _ESCAPE.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), match[2])


@lru_cache(maxsize=100_000)
def _read(block: tuple[str, ...]) -> Record | None:
    """Read the lines of one entry; None where they are no sound entry."""
    try:
        check_po("\n".join(block).encode(), "")
    except GlossaryError:
        return None
    texts = {"msgctxt": "", "msgid": "", "msgstr": ""}
    comments, notes, flags = [], [], ""
    last = ""
    for line in block:
        if statement := _statement(line):
            last = statement[0] or last
            texts[last] += statement[1]
        elif line[1:2] in (",", "="):
            flags += line[2:] + ","
        elif line.startswith("#."):
            notes.append(line[2:].strip())
        elif line[1:2] not in (":", "|", "~"):
            comments.append(line[1:].strip())
    return Record(
        context=texts["msgctxt"],
        source=texts["msgid"],
        target=texts["msgstr"],
        is_fuzzy="fuzzy" in [flag.strip() for flag in flags.split(",")],
        is_retired=block[-1].startswith("#~"),
        comments=tuple(comments),
        tool_notes=tuple(notes),
    )
