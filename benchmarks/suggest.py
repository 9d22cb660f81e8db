"""Measure `glossary suggest`: recall on marked names and fragments, and the share of useless candidates.

`make bench-suggest DATA=folder`. DATA has ntrex/en.jsonl and fragments_dev/natural.jsonl; the names are marked in
tests/cases/suggesting/marked_names.toml. A candidate is useful if it is marked, or part of what is marked.
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Detected, detect_article
from pipeline.suggesting import gather

LINES = 12  # of a document that are marked
TARGET = "pt"
MARKS = Path(__file__).parents[1] / "tests/cases/suggesting/marked_names.toml"
TRIM = ' "“”„‟«»‘’‚‹›.,'

Marked = tuple[Detected, set[str]]


def main() -> None:
    """Print what was found, missed and proposed for nothing."""
    data = Path(sys.argv[1])
    glossary = load_glossary([builtin_folder()])
    sets = {
        "names": list(named(data, is_unseen=False)),
        "names, never seen by who made the rules": list(named(data, is_unseen=True)),
        "fragments": list(mixed(data)),
    }
    for title, articles in sets.items():
        found = gather([(str(at), article) for at, (article, _) in enumerate(articles)], glossary, [TARGET])
        marked = {mark for _, marks in articles for mark in marks}
        known = {mark for mark in marked if any(in_glossary(mark, pair, glossary) for pair in glossary.pairs)}
        wanted = marked - known
        sources = {item.source for item in found if title != "fragments" or item.type != "name"}
        hit = {mark for mark in wanted if any(is_same(mark, source) for source in sources)}
        useless = sorted(source for source in sources if not any(is_part(source, mark) for mark in marked))
        print(f"{title}: {len(articles)} articles, {len(marked)} marked, {len(known)} have an entry")
        print(f"  proposed {len(hit)} of {len(wanted)} ({len(hit) / len(wanted):.1%}); missed: {sorted(wanted - hit)}")
        print(f"  useless {len(useless)} of {len(sources)} ({len(useless) / len(sources):.1%}): {useless}")


def named(data: Path, *, is_unseen: bool) -> Iterator[Marked]:
    """Give the articles whose names are marked: those that rules were made on, or those that were kept apart."""
    lines: dict[str, list[str]] = {}
    for line in (data / "ntrex/en.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        lines.setdefault(row["doc"], []).append(row["text"])
    for row in tomllib.loads(MARKS.read_text("utf-8"))["article"]:
        if row.get("unseen", False) != is_unseen:
            continue
        text = "\n\n".join(lines[row["doc"]][:LINES]) + "\n"
        yield detect_article(text.encode(), row["doc"], ".txt", "en"), set(row["names"])


def mixed(data: Path) -> Iterator[Marked]:
    """Give the articles whose fragments are marked."""
    for line in (data / "fragments_dev/natural.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        article = detect_article(row["text"].encode(), row["id"], ".txt", row["main"])
        yield article, {span["text"] for span in row["spans"]}


def in_glossary(mark: str, pair: tuple[str, str], glossary: object) -> bool:
    """Whether an entry resolves what is marked."""
    return any(mark in (entry.source, *entry.source_forms) for entry in glossary.entries(*pair))


def is_same(mark: str, source: str) -> bool:
    """Whether a candidate is what is marked; of a credit line its label or its name will do."""
    one, other = mark.strip(TRIM), source.strip(TRIM)
    return one == other or (":" in one and other in (part.strip() for part in one.split(":")))


def is_part(source: str, mark: str) -> bool:
    """Whether a candidate is what is marked, or words of it."""
    return source.strip(TRIM) in mark


if __name__ == "__main__":
    main()
