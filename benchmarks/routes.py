"""Measure every hop that is installed on parallel news, and write the costs into pipeline/data/routes.toml.

Usage: python benchmarks/routes.py FOLDER [LINES [FILE]]
FOLDER holds a file for each language ("en.jsonl", "pt-BR.jsonl"), line by line parallel, each line {"text": ...}. A hop
from English, or into it, is measured alone: 100 - chrF against the human translation. A hop between two others is what
follows English on a route: it costs what the cheapest way from English to its source has in chrF more than that way
with the hop behind it, and 0 at least. Rows of hops that are not installed here stay as they are. FILE is the file to
rewrite. Everything is bare: no glossary, no names, no numbers.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sacrebleu.metrics import CHRF

from pipeline.enforcing import open_item, take_hop
from pipeline.engines.routes import Hop, Route, Router
from pipeline.errors import EngineMissing
from pipeline.protecting import read_marks

ROUTES = Path(__file__).parents[1] / "pipeline/data/routes.toml"
_ROW = "[[hop]]\npair = {pair}\nengine = {engine}\ncost = {cost}\nmeasured = {measured}\n\n"
_NAMES = {"pt": "pt-BR"}  # the file of a language, where it is not its tag

Row = dict[str, Any]


def read(folder: Path, lang: str, limit: int) -> list[str]:
    """Read the texts of a language, [] where the folder has none."""
    path = folder / f"{_NAMES.get(lang, lang)}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()[:limit]]


def score(router: Router, route: Route, texts: Sequence[str], human: Sequence[str]) -> float:
    """Return the chrF of a route."""
    items = [open_item(text, ()) for text in texts]
    for hop in route.hops:
        items = take_hop(router.engine(hop), items, {})
    return float(CHRF().corpus_score([read_marks(item.marked)[0] for item in items], [list(human)]).score)


def measure(router: Router, hop: Hop, folder: Path, limit: int) -> Row | None:
    """Return the row of a hop; None where the folder lacks a language, or no way from English leads to its source."""
    sources, targets = (read(folder, lang, limit) for lang in (hop.source_lang, hop.target_lang))
    if not sources or not targets:
        return None
    row = {"pair": f"{hop.source_lang}-{hop.target_lang}", "engine": hop.engine}
    count = f"{len(targets)} lines of {folder.name}"
    if "en" in (hop.source_lang, hop.target_lang):
        alone = score(router, Route((hop,)), sources, targets)
        return {**row, "cost": round(100 - alone, 1), "measured": f"chrF {alone:.1f} on {count}"}
    try:
        way = router.find_route("en", hop.source_lang, without=[hop])
    except EngineMissing:
        return None
    if hop.target_lang in [each.target_lang for each in way.hops]:
        return None  # back where the way came from: what the hop keeps there says nothing of it
    english = read(folder, "en", limit)
    before = score(router, way, english, sources)
    behind = score(router, Route((*way.hops, hop)), english, targets)
    told = f"chrF {behind:.1f} behind {way.text} with {before:.1f}, on {count}"
    return {**row, "cost": round(max(0.0, before - behind), 1), "measured": told}


def rewrite(text: str, rows: Iterable[Row]) -> str:
    """Put rows in the place of those of the same pair and engine; what stands before and behind all rows stays."""
    head, _, rest = text.partition("[[hop]]")
    before_default = rest.partition("[default]")[0]
    tail = text[len(text) - len(rest) + len(before_default.rpartition("\n\n")[0]) :].lstrip("\n")
    old = {(row["pair"], row["engine"]): row for row in tomllib.loads(text).get("hop", [])}
    new = old | {(row["pair"], row["engine"]): row for row in rows}
    quoted = ({key: json.dumps(value, ensure_ascii=False) for key, value in row.items()} for row in new.values())
    return head + "".join(_ROW.format(**row) for row in quoted) + tail


def main(folder: Path, limit: int, file: Path) -> None:
    """Measure, tell, rewrite."""
    rows = []
    with closing(Router()) as router:
        for info in router.available():
            for route in router.list_routes(info.source_lang, info.target_lang, 99):
                (hop, *others) = route.hops
                if others or hop.engine != info.name:
                    continue
                row = measure(router, hop, folder, limit)
                told = f"{row['cost']}, {row['measured']}" if row else "not measured"
                print(f"{hop.text}: {told}", flush=True)
                rows += [row] if row else []
    file.write_text(rewrite(file.read_text("utf-8"), rows), "utf-8")


if __name__ == "__main__":
    more = sys.argv[2:]
    main(Path(sys.argv[1]), int(more[0]) if more else 10**9, Path(more[1]) if len(more) > 1 else ROUTES)
