"""What became of an entry over time, read out of git where the glossaries lie in a repository."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import GlossaryError
from pipeline.glossary import approval_hash
from pipeline.glossary.editing import Record, read_records

MAX_VERSIONS = 60  # commits of a file that are looked through, the newest first
MAX_READ = 64_000_000  # bytes of old versions that are read for one page
_TIMEOUT_S = 10
_GIT = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Past:
    """An entry as a commit left it, and as it stayed until the next one."""

    commit: str  # the first ten digits
    who: str
    when: str  # the day, ISO 8601
    subject: str
    record: Record | None  # None where the commit took the entry away


def read_history(path: Path, context: str, source: str) -> list[Past]:
    """Return the versions of an entry, the newest first; empty where its file is in no repository.

    At most MAX_VERSIONS commits of the file are looked through; a commit that left the entry as it was is no version.
    """
    versions: list[Past] = []
    commits = list(_commits(path))
    last: Record | None = None
    for (commit, who, when, subject), text in reversed(list(zip(commits, _texts(path, commits), strict=False))):
        record = find_record(text, context, source)
        if (record and record.version) != (last and last.version):
            versions.append(Past(commit[:10], who, when[:10], subject, record))
        last = record
    return versions[::-1]


def find_approved(path: Path, wanted: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Find the translations that approvals were given for: (context, term, hash) -> translation by (context, term)."""
    found: dict[tuple[str, str], str] = {}
    if not wanted:
        return found
    for text in _texts(path, list(_commits(path))):
        for context, source, digest in wanted:
            record = find_record(text, context, source) if (context, source) not in found else None
            if record and approval_hash(source, record.target, context) == digest:
                found[context, source] = record.target
        if len(found) == len(wanted):
            break
    return found


def find_record(text: str, context: str, source: str) -> Record | None:
    """Find one entry in the text of a PO file without reading all of it: blank lines part entries."""
    escaped = source.replace("\\", "\\\\").replace('"', '\\"')
    at = -1
    while (at := text.find(f'msgid "{escaped}"\n', at + 1)) >= 0:
        first = text.rfind("\n\n", 0, at) + 2 if "\n\n" in text[:at] else 0
        end = text.find("\n\n", at)
        block = text[first : end if end >= 0 else len(text)]
        try:
            records = read_records(block.encode(), "history")
        except GlossaryError:
            continue
        for record in records:
            if (record.context, record.source) == (context, source):
                return record
    return None


def _commits(path: Path) -> Iterator[tuple[str, str, str, str]]:
    out = _run(path, "log", f"-n{MAX_VERSIONS}", "--format=%H%x1f%an%x1f%aI%x1f%s", "--", path.name)
    for line in out.decode("utf-8", "replace").splitlines():
        parts = line.split("\x1f")
        if len(parts) == 4:
            yield parts[0], parts[1], parts[2], parts[3]


def _texts(path: Path, commits: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    """Give the file as each commit left it, for as long as MAX_READ allows."""
    left = MAX_READ
    for commit, *_ in commits:
        if left <= 0:
            return
        data = _run(path, "show", "--no-textconv", f"{commit}:./{path.name}")
        left -= len(data)
        yield data.decode("utf-8", "replace").replace("\r\n", "\n")


def _run(path: Path, *args: str) -> bytes:
    """Ask git, which may be missing or know nothing of the file: then the answer is empty."""
    env = {**os.environ, "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    folder = path.resolve().parent
    try:
        done = subprocess.run([*_GIT, *args], cwd=folder, env=env, capture_output=True, check=False, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def git_user(folder: Path) -> str:
    """Return the name that git signs commits with in a folder; "" where it has none."""
    return _run(folder / "any", "config", "user.name").decode("utf-8", "replace").strip()
