"""Count the real files that come back unchanged, and those that keep their tree when every word changes.

Usage: python benchmarks/formats.py FOLDER... : all Markdown, HTML and JSON news items below the folders.
Unchanged: rendered with their own words they are the same bytes. Kept: with other words in every segment another parser
(html5lib, markdown-it-py, json) sees the same elements, marks or keys.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import html5lib
from markdown_it import MarkdownIt

from pipeline.documents import parser_for, renderer_for
from pipeline.documents.front_matter import read_front_matter
from pipeline.errors import DocumentError
from pipeline.segmenting import segment_article

PER_PACKAGE = 10  # files of one folder: manuals have hundreds that are all alike
_FREE = re.compile(r"(?:alt|title|content|placeholder|aria-label|aria-description)$")


def tree_of_html(text: str) -> object:
    """Return elements and attributes, without words."""
    return [
        (one.tag if isinstance(one.tag, str) else "comment", sorted(key for key in one.attrib if not _FREE.search(key)))
        for one in html5lib.parse(text, namespaceHTMLElements=False).iter()
    ]


def tree_of_markdown(text: str) -> object:
    """Return the tags of the page that Markdown makes; in any order within a block, as words change places."""
    body = text[read_front_matter(text).end :]
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    return [
        Counter(re.findall(r"</?[a-z]\w*", block)) for block in re.split(r"\n(?=<(?:p|h\d|ul|ol|table|pre)\b)", page)
    ]


def tree_of_json(text: str) -> object:
    """Return keys, without what strings and numbers say."""

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(one) for key, one in value.items()}
        return [shape(one) for one in value] if isinstance(value, list) else type(value)

    return shape(json.loads(text))


TREES: dict[str, Callable[[str], object]] = {".html": tree_of_html, ".md": tree_of_markdown, ".json": tree_of_json}


def choose(folders: list[Path], suffix: str) -> list[Path]:
    """Choose files, a few of each folder."""
    found = sorted({path for folder in folders for path in folder.rglob(f"*{suffix}") if path.is_file()})
    taken: Counter[Path] = Counter()
    chosen = []
    for path in found:
        taken[path.parent] += 1
        if taken[path.parent] <= PER_PACKAGE:
            chosen.append(path)
    return chosen


def check(path: Path, suffix: str) -> tuple[bool, bool] | None:
    """Say whether a file comes back, and whether it keeps its tree; None for what is not read at all."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        article = parser_for(suffix)(text, name=path.stem, suffix=suffix)
    except (UnicodeDecodeError, DocumentError):
        return None
    article = segment_article(replace(article, language="en"))
    segments = [segment for block in article.blocks for segment in block.segments]
    render = renderer_for(suffix)
    own = render(article, {one.id: one.source for one in segments}, ())
    kept = {one.id for one in segments if one.pieces and not any(p.text.strip() and not p.kept for p in one.pieces)}
    other = {one.id: one.source if one.id in kept else f"Zed {one.source} Qed" for one in segments}
    return own == text, TREES[suffix](render(article, other, ())) == TREES[suffix](text)


def main() -> None:
    """Print a row a format; what is wrong goes to standard error."""
    folders = [Path(name) for name in sys.argv[1:]]
    print("| format | files | folders | unchanged | same tree with other words |")
    print("| --- | --- | --- | --- | --- |")
    for suffix in TREES:
        results = {path: result for path in choose(folders, suffix) if (result := check(path, suffix))}
        same, kept = (sum(result[i] for result in results.values()) for i in (0, 1))
        print(f"| {suffix[1:]} | {len(results)} | {len({path.parent for path in results})} | {same} | {kept} |")
        print(*(path for path, result in results.items() if not all(result)), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
