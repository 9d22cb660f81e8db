"""One PO file read into entries, through polib."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from pipeline.errors import GlossaryError
from pipeline.glossary import patterns
from pipeline.glossary.facts import Facts, approval_hash, read_facts
from pipeline.glossary.pocheck import check_po
from pipeline.glossary.pofiles import PoFile
from pipeline.model import Entry, Status

MAX_TERM = 500  # characters; a longer "term" is a sentence, and belongs into the translation memory

_CONTROL = re.compile(r"[\x00-\x1f]")

Key = tuple[str, str]  # context and source term


@dataclass(frozen=True, slots=True)
class Content:
    """What one file says."""

    entries: tuple[Entry, ...] = ()
    retired: frozenset[Key] = frozenset()
    outdated: tuple[Entry, ...] = ()


def parse_file(file: PoFile) -> Content:
    """Read the bytes of a file. Raises GlossaryError, with the line, for what is damaged or contradicts itself."""
    import polib

    checked = check_po(file.data, file.name)
    try:
        # polib guesses whether it got a path or a text; a text with a line break is no path.
        records: Any = polib.pofile(checked.text, wrapwidth=0, encoding="utf-8")
    except (OSError, ValueError, IndexError) as exc:
        raise GlossaryError(f"{file.name}: polib cannot read it ({exc}); try msgfmt -c on it") from exc
    seen: dict[Key, tuple[int, str]] = {}
    entries, outdated, retired = [], [], set()
    for record in records:
        line = checked.msgid_lines[bisect_left(checked.msgid_lines, record.linenum - checked.added)]
        key = (record.msgctxt or "", record.msgid)
        if record.obsolete:
            retired.add(key)
            continue
        if key in seen:
            _check_duplicate(file, record, line, seen[key])
            continue
        seen[key] = (line, record.msgstr)
        entry, approved = _entry(file, record, line)
        entries.append(entry)
        if approved and approved != approval_hash(entry.source, entry.target, entry.msgctxt):
            outdated.append(entry)
    return Content(tuple(entries), frozenset(retired), tuple(outdated))


def _check_duplicate(file: PoFile, record: Any, line: int, first: tuple[int, str]) -> None:
    if record.msgstr != first[1]:
        raise GlossaryError(
            f"{file.name}:{line}: {record.msgid!r} stands twice, first in line {first[0]} with another "
            "translation; try keeping one, or giving each a msgctxt"
        )


def _entry(file: PoFile, record: Any, line: int) -> tuple[Entry, str]:
    where = f"{file.name}:{line}"
    facts = read_facts(record.tcomment or "", record.msgctxt or "", where)
    _check_term(record.msgid, "source term", where)
    if not record.msgid:
        raise GlossaryError(f"{where}: an entry without a source term; try filling its msgid")
    for target in (record.msgstr, *facts.forms, *facts.source_forms, *facts.inflected):
        _check_term(target, "term", where)
    if facts.is_forbidden and not record.msgstr:
        raise GlossaryError(f"{where}: nothing to forbid; try putting the unwanted translation into msgstr")
    if facts.type == patterns.TYPE:
        for text in (record.msgstr, *facts.forms):
            patterns.check_pattern(record.msgid, text, where)
    entry = Entry(
        source=record.msgid,
        source_lang=file.source_lang,
        target=record.msgstr,
        target_lang=file.target_lang,
        status=_status(record, facts),
        type=facts.type,
        forms=facts.forms,
        source_forms=facts.source_forms,
        gender=facts.gender,
        plural=facts.plural,
        feminine=facts.feminine,
        feminine_plural=facts.feminine_plural,
        source_plural=facts.source_plural,
        domains=facts.domains,
        outlets=facts.outlets,
        case=facts.case,
        only=facts.only,
        use=facts.use,
        note=facts.note,
        origin=f"{file.label}:{line}",
        msgctxt=record.msgctxt or "",
        transliterate=facts.transliterate,
    )
    return entry, facts.approved


def _status(record: Any, facts: Facts) -> Status:
    if not record.msgstr or "fuzzy" in record.flags:
        return Status.CANDIDATE
    return Status.FORBIDDEN if facts.is_forbidden else Status.APPROVED


def _check_term(term: str, what: str, where: str) -> None:
    if control := _CONTROL.search(term):
        raise GlossaryError(f"{where}: a {what} with {control[0]!r} in it; try one line of plain text")
    if term != term.strip():
        raise GlossaryError(f"{where}: a {what} with white space around it: {term!r}; try deleting the space")
    if len(term) > MAX_TERM:
        raise GlossaryError(f"{where}: a {what} longer than {MAX_TERM} characters; try a shorter one")
