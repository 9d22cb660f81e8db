"""Measure quality on parallel news: chrF of the bare route against the whole pipeline, terms, sums of money, names.

Usage: python benchmarks/quality.py FOLDER [LINES]
FOLDER holds en.jsonl and a file for each reference (pt-BR.jsonl, es.jsonl, ca.jsonl, gl.jsonl), line by line parallel,
each line {"doc": ..., "text": ...}: the lines of a document are one article. NTREX-128 in this form gave the tables of
docs/benchmarks.md.
"""

import json
import sys
from itertools import groupby
from pathlib import Path

from sacrebleu.metrics import CHRF

from pipeline import __version__
from pipeline.enforcing import open_item, take_hop
from pipeline.engines.routes import Router
from pipeline.fitting import find_money
from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Tools
from pipeline.model import LocalisedSegment, Role, Segment, Target
from pipeline.protecting import read_marks
from pipeline.targeting import localise_target

REFERENCES = {"pt": "pt-BR", "es": "es", "ca": "ca", "gl": "gl"}


def read(path: Path, limit: int) -> list[dict[str, str]]:
    """Read the rows of a file, the first `limit`."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(limit), lines, strict=False)]


def translate_bare(texts: list[str], target: str, router: Router) -> list[str]:
    """Translate without glossary, names and money; only characters are fitted."""
    items = [open_item(text, ()) for text in texts]
    for hop in router.find_route("en", target).hops:
        items = take_hop(router.engine(hop), items, {})
    return [read_marks(item.marked)[0] for item in items]


def make_articles(rows: list[dict[str, str]]) -> list[list[LocalisedSegment]]:
    """Make an article of each document."""
    return [
        [
            LocalisedSegment(Segment(f"b{n}s1", row["text"], 0), f"b{n}", Role.BODY, row["text"])
            for n, row in enumerate(document)
        ]
        for _, document in groupby(rows, key=lambda row: row["doc"])
    ]


def localise(articles: list[list[LocalisedSegment]], target: str, tools: Tools) -> list[Target]:
    """Localise every article by itself, as a run does."""
    done: list[Target] = []
    for article in articles:
        items = localise_target(article, ("en", target), (tools.glossary, tools.router, {}))
        done += [item.targets[target] for item in items]
    return done


def count(targets: list[Target]) -> list[str]:
    """Say for each kind of demand how many stand in the targets."""
    uses = [use for target in targets for use in target.terms]
    rates = []
    for kind in ("term", "money", "name", "number"):
        kinds = [use for use in uses if use.kind == kind and use.outcome != "verb"]
        rates.append(f"{sum(use.outcome != 'missing' for use in kinds)} of {len(kinds)}")
    return rates


def main(folder: Path, limit: int) -> None:
    """Print one table row a language."""
    rows = read(folder / "en.jsonl", limit)
    sources = [row["text"] for row in rows]
    glossary = load_glossary([builtin_folder()])
    print(f"version:{__version__}|glossary:{glossary.digest[:12]}|lines:{len(sources)}")
    print("| pair | bare chrF | pipeline chrF | terms in place | sums in place | names in place | numbers in place |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    money = sum(len(find_money(text, "en")) for text in sources)
    with Tools.open(glossary) as tools:
        for target, name in REFERENCES.items():
            reference = [row["text"] for row in read(folder / f"{name}.jsonl", limit)]
            bare = translate_bare(sources, target, tools.router)
            targets = localise(make_articles(rows), target, tools)
            scores = [CHRF().corpus_score(texts, [reference]).score for texts in (bare, [t.text for t in targets])]
            rates = count(targets)
            assert rates[1].endswith(f"of {money}"), "a sum of the source is not looked for in the target"
            print(f"| en-{target} | {scores[0]:.2f} | {scores[1]:.2f} | {' | '.join(rates)} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10**9)
