"""Measure quality on parallel news: chrF of the bare route against the whole pipeline, terms, sums of money, names.

Usage: python benchmarks/quality.py FOLDER [LINES]
FOLDER holds en.jsonl and a file for each reference (pt-BR.jsonl, es.jsonl, ca.jsonl, gl.jsonl), line by line parallel,
each line {"text": ...}; NTREX-128 in this form gave the tables of docs/benchmarks.md.
"""

import json
import sys
from pathlib import Path

from sacrebleu.metrics import CHRF

from pipeline import __version__
from pipeline.enforcing import open_item, take_hop
from pipeline.engines.routes import Router
from pipeline.fitting import find_money
from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Tools
from pipeline.model import LocalisedSegment, Role, Segment
from pipeline.protecting import read_marks
from pipeline.targeting import localise_target

REFERENCES = {"pt": "pt-BR", "es": "es", "ca": "ca", "gl": "gl"}


def read(path: Path, limit: int) -> list[str]:
    """Read the texts of a file, the first `limit` lines."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for _, line in zip(range(limit), lines, strict=False)]


def translate_bare(texts: list[str], target: str, router: Router) -> list[str]:
    """Translate without glossary, names and money; only characters are fitted."""
    items = [open_item(text, ()) for text in texts]
    for hop in router.find_route("en", target).hops:
        items = take_hop(router.engine(hop), items, {})
    return [read_marks(item.marked)[0] for item in items]


def main(folder: Path, limit: int) -> None:
    """Print one table row a language."""
    sources = read(folder / "en.jsonl", limit)
    glossary = load_glossary([builtin_folder()])
    print(f"version:{__version__}|glossary:{glossary.digest[:12]}|lines:{len(sources)}")
    print("| pair | bare chrF | pipeline chrF | terms in place | sums in place | names in place | numbers in place |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    money = sum(len(find_money(text, "en")) for text in sources)
    with Tools.open(glossary) as tools:
        segments = [
            LocalisedSegment(Segment(f"b{n}s1", text, 0), f"b{n}", Role.BODY, text) for n, text in enumerate(sources)
        ]
        for target, name in REFERENCES.items():
            reference = read(folder / f"{name}.jsonl", limit)
            bare = translate_bare(sources, target, tools.router)
            done = localise_target(segments, "en", target, (glossary, tools.router, tools.memo))
            targets = [item.targets[target] for item in done]
            scores = [CHRF().corpus_score(texts, [reference]).score for texts in (bare, [t.text for t in targets])]
            uses = [use for one in targets for use in one.terms]
            rates = []
            for kind in ("term", "money", "name", "number"):
                kinds = [use for use in uses if use.kind == kind]
                right = sum(use.outcome != "missing" for use in kinds)
                rates.append(f"{right} of {len(kinds)}")
            assert rates[1].endswith(f"of {money}"), "a sum of the source is not looked for in the target"
            print(f"| en-{target} | {scores[0]:.2f} | {scores[1]:.2f} | {' | '.join(rates)} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10**9)
