"""The file of the memory: opened, checked, read at any time, written by one process at a time."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pipeline.errors import MemoryUnusable
from pipeline.model import ParallelArticle

SCHEMA = 1  # of the tables; a file of a later one is refused
_APPLICATION = 0x7461746D  # "tatm": what kind of SQLite file this is
_WAIT_S = 30.0  # for another writer; each writes for some milliseconds
_MOST_AT_ONCE = 500  # parameters in one query

Hop = tuple[str, str, str, str]  # engine's name and version, source language, target language
Row = tuple[object, ...]
Question = tuple[str, ...]  # a text as the engine sees it; to align, a text and its translation
Answer = tuple[str, bytes]  # the translation, and where its words came from, as `remembering` packs that


@dataclass(frozen=True, slots=True)
class Written:
    """What is written at one stroke."""

    said: Sequence[tuple[bytes, Hop, str, str, bytes]] = ()  # by engines: key, hop, source, target, links
    article: str = ""  # whose segments are written anew; "" for none
    segments: Sequence[Row] = ()


class Memory:
    """An open memory. Many processes may have one file open; close it to let go of it."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open a memory, or make it. Raises MemoryUnusable for a file that is none, damaged, newer or not writable."""
        self.path = path
        self._new: list[tuple[bytes, Hop, str, str, bytes]] = []  # what engines said, until `commit`
        with self.told():
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.is_file():
                raise MemoryUnusable(f"no translation memory {path}; name another one with --memory")
            self.db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self.db.close()
                raise

    def _prepare(self) -> None:
        has_tables = self._has_tables()  # asked first: another process makes tables and id at one stroke
        is_ours = self._pragma("application_id") == _APPLICATION
        if is_ours and self._pragma("user_version") > SCHEMA:
            raise MemoryUnusable(f"{self.path} is of a later version of this program; update it, or go on {_WITHOUT}")
        if not is_ours and has_tables:
            raise MemoryUnusable(f"{self.path} is not a translation memory; name another file with --memory")
        # A crash of this process loses nothing that was committed; a power cut may lose the last articles, which the
        # engines can say again, and never damages the file: https://sqlite.org/wal.html, section 2.
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        if not is_ours:
            self._make()

    def _make(self) -> None:
        with self.writing():
            if self._has_tables():
                return  # another process was quicker
            script = resources.files("pipeline").joinpath("memory/schema.sql").read_text("utf-8")
            for statement in "\n".join(line.partition("--")[0] for line in script.splitlines()).split(";"):
                self.db.execute(statement)
            self.db.execute(f"PRAGMA application_id = {_APPLICATION}")
            self.db.execute(f"PRAGMA user_version = {SCHEMA}")

    def _has_tables(self) -> bool:
        return bool(self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def _pragma(self, name: str) -> int:
        return int(self.db.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn what SQLite and the system report into one line."""
        try:
            yield
        except sqlite3.OperationalError as exc:  # no room, no right to write, another process that holds it
            hint = f"make room, or go on {_WITHOUT}"
            raise MemoryUnusable(f"the translation memory {self.path} cannot be used: {exc}; {hint}") from exc
        except sqlite3.DatabaseError as exc:
            raise MemoryUnusable(f"the translation memory {self.path} cannot be used: {exc}; {_HINT}") from exc
        except OSError as exc:
            reason = (exc.strerror or str(exc)).lower()
            raise MemoryUnusable(f"the translation memory {self.path} cannot be used: {reason}; {_HINT}") from exc

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write everything inside, or nothing; waits for another writer."""
        with self.told():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """Return what a query finds."""
        with self.told():
            return self.db.execute(query, values).fetchall()

    def rows_in(self, query: str, wanted: Iterable[object], values: Sequence[object] = ()) -> list[Row]:
        """Return what a query finds for any of the wanted values, which stand at its `{wanted}`, after `values`."""
        found: list[Row] = []
        every = list(wanted)
        for at in range(0, len(every), _MOST_AT_ONCE):
            some = every[at : at + _MOST_AT_ONCE]
            found += self.rows(query.format(wanted=", ".join("?" * len(some))), (*values, *some))
        return found

    # What engines said.

    def recall(self, hop: Hop, asked: Iterable[Question]) -> dict[Question, Answer]:
        """Return what the engine answered earlier, of these questions."""
        keys = {_digest(*hop, *question): question for question in asked}
        found = self.rows_in("SELECT key, target, links FROM machine WHERE key IN ({wanted})", keys)
        return {keys[key]: (target, links) for key, target, links in found}  # type: ignore[index, misc]

    def note(self, hop: Hop, said: Mapping[Question, Answer]) -> None:
        """Keep what the engine answered, to be written by the next `record` or `commit`."""
        self._new += [
            (_digest(*hop, *question), hop, question[0], target, links)
            for question, (target, links) in said.items()
            if all(map(is_storable, (*question, target)))
        ]

    def commit(self) -> None:
        """Write what engines said since the last time."""
        if self._new:
            self._write_new()

    def _write_new(self, article: str = "", segments: Sequence[Row] = ()) -> None:
        self.write(Written(self._new, article, segments))
        self._new = []

    def write(self, new: Written) -> None:
        """Write all of it, or nothing."""
        with self.writing():
            numbers = {hop: self._engine(hop) for hop in dict.fromkeys(hop for _, hop, *_ in new.said)}
            rows = [(key, numbers[hop], source, target, links) for key, hop, source, target, links in new.said]
            self.db.executemany("INSERT OR IGNORE INTO machine VALUES (?, ?, ?, ?, ?)", rows)
            if new.article:
                self._write_segments(new.article, new.segments)

    def _engine(self, hop: Hop) -> int:
        self.db.execute(
            "INSERT OR IGNORE INTO engine (name, version, source_lang, target_lang) VALUES (?, ?, ?, ?)", hop
        )
        where = "name = ? AND version = ? AND source_lang = ? AND target_lang = ?"
        return int(self.db.execute(f"SELECT id FROM engine WHERE {where}", hop).fetchone()[0])

    # What was written.

    def record(self, parallel: ParallelArticle) -> None:
        """Keep what is about to be written for each segment, and what engines said for it."""
        article = parallel.article.name + parallel.article.suffix
        rows = [
            (_digest(article, lang, *texts), article, texts[0], parallel.article.language, lang,
             source_key(item.normalised), item.normalised, target.text, str(target.state))
            for item in parallel.segments
            for lang, target in item.targets.items()
            if all(map(is_storable, texts := (item.segment.id, item.normalised, target.text)))
        ]  # fmt: skip
        self._write_new(article, rows)

    def _write_segments(self, article: str, rows: Sequence[Row]) -> None:
        self.db.execute("UPDATE segment SET current = 0 WHERE article = ? AND current = 1", (article,))
        self.db.executemany(
            "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
            " ON CONFLICT (key) DO UPDATE SET current = 1, state = excluded.state",
            rows,
        )

    def close(self) -> None:
        """Let go of the file; what was not committed is lost."""
        self.db.close()


_WITHOUT = "without a memory, with --no-memory"
_HINT = f"go on {_WITHOUT}, or move the file away"


def is_storable(text: str) -> bool:
    """Whether a text has a form in UTF-8: half of a surrogate pair, from a JSON escape, has none."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def source_key(text: str) -> bytes:
    """Return what a source is found by: a digest of its words, whatever white space a tool put between them."""
    return _digest(" ".join(text.split()))


def _digest(*parts: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
