"""Write candidates as fuzzy entries into the files of their pairs; what stands there already is left alone."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.glossary.editing import Change, read_bytes, read_records, write_changes
from pipeline.suggesting.gathering import Candidate

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the candidates of one pair."""

    path: Path
    added: int
    there: int  # stand in the file already: approved, candidates or retired


def write_candidates(folder: Path, candidates: Sequence[Candidate], day: str = "") -> list[Written]:
    """Add candidates to folder/<source>/<target>.po as fuzzy entries, and say how many were new in each file.

    Counts, sentences and proposals stand in the lines `#.`, which are the tool's own, and the day (2026-01-31) where
    one is given. Raises GlossaryError for a
    damaged file, OutputError where it cannot be written; the files before it are written then.
    """
    pairs: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for item in candidates:
        pairs[item.source_lang, item.target_lang].append(item)
    written = []
    for (source, target), items in sorted(pairs.items()):
        path = folder / source / f"{target}.po"
        known = {record.source for record in read_records(read_bytes(path) or b"", str(path))}
        new = [_change(item, day) for item in items if item.source not in known and not _UNFIT.search(item.source)]
        if new:
            write_changes(path, (source, target), new)
        written.append(Written(path, len(new), len(items) - len(new)))
    return written


def _change(item: Candidate, day: str) -> Change:
    target = item.proposals[0].text if item.proposals and not _UNFIT.search(item.proposals[0].text) else ""
    facts = {"type": item.type}
    if item.spellings:
        facts["source-forms"] = " | ".join(text.replace("|", " ") for text, _ in item.spellings)
    notes = [*_notes(item), *([f"proposed: {day}"] if day else [])]
    return Change(item.source, target=target, state="candidate", facts=facts, notes=tuple(notes))


def _notes(item: Candidate) -> list[str]:
    count = len(item.articles)
    notes = [f"seen: {item.count} in {count} article{'' if count == 1 else 's'}", f"finding: {item.finding}"]
    notes += [f"spelling: {text} ({times})" for text, times in item.spellings]
    notes += [f"proposal: {proposal.origin} = {proposal.text}" for proposal in item.proposals]
    notes += [f"example: {lang}: {text}" for lang, text in item.examples]
    return [_UNFIT.sub(" ", note).strip() for note in notes]
