"""Measure our Argos engine against stock argostranslate: the same package of real size, the same articles, one run.

Usage: python benchmarks/argos.py FOLDER [ARTICLES [ROUNDS]]
FOLDER holds en.jsonl, each line {"doc": ..., "text": ...}; its first ARTICLES documents are taken, a line a paragraph
and a sentence. Every run is a process of its own; the runs alternate, and the best of ROUNDS counts. Loading does not.

The package has random weights (argos_package.py): what is compared is speed, and that the text is the same. Stock
argostranslate gets a sentence splitter that takes a paragraph as a sentence, as its own would be downloaded; it costs
stock nothing. Its words otherwise go the usual way: `get_translation_from_codes` and `translate` of an article.
"""

import importlib.metadata
import json
import os
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, replace
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from argos_package import make_package

TESTS = Path(__file__).parents[1] / "tests/models"
STOCK, TUNED = "stock argostranslate", "stock, ARGOS_INTRA_THREADS=1"
SENTENCES = 2000  # of the tiny package's world


@dataclass(frozen=True)
class Run:
    """One way to translate the articles, and what came of it."""

    name: str
    beam: int = 4
    threads: str = "0"  # ARGOS_INTRA_THREADS, for stock
    at_once: bool = True  # ours: all articles in one call
    wall_s: float = float("inf")
    cpu_s: float = 0.0
    texts: tuple[str, ...] = ()


RUNS = [
    Run(STOCK),
    Run(TUNED, threads="1"),
    Run("ours, an article a call", at_once=False),
    Run("ours, all articles in a call"),
    Run("ours, beam 2", beam=2),
    Run("ours, beam 1", beam=1),
]


class OneSentence:
    """Takes every paragraph as one sentence."""

    def __init__(self, pkg: Any) -> None:
        self.pkg = pkg

    def split_sentences(self, text: str) -> list[str]:
        """Return the paragraph."""
        return [text]


def translate(run: Run, place: str, articles: list[list[str]]) -> Run:
    """Run once, in this process: it is a fresh one."""
    os.environ.update(ARGOS_INTRA_THREADS=run.threads, ARGOS_BEAM_SIZE=str(run.beam))
    # argostranslate makes folders in HOME, and reads settings there.
    os.environ.update(dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), f"{place}/home"))
    os.environ.update(ARGOS_PACKAGES_DIR=f"{place}/packages")
    work = _stock if run.name.startswith("stock") else _ours
    return work(run, articles)


def _stock(run: Run, articles: list[list[str]]) -> Run:
    from argostranslate import translate as stock

    stock.MiniSBDSentencizer = OneSentence
    translation = stock.get_translation_from_codes("en", "pt")
    translation.translate("It loads here.")
    started, cpu = time.perf_counter(), time.process_time()
    texts = [text for lines in articles for text in translation.translate("\n".join(lines)).split("\n")]
    return _finish(run, texts, started, cpu)


def _ours(run: Run, articles: list[list[str]]) -> Run:
    from pipeline.engines.argos import ArgosEngine, installed_packages

    engine = ArgosEngine(installed_packages()["en", "pt"])
    engine.translate(["It loads here."])
    calls = [[line for lines in articles for line in lines]] if run.at_once else articles
    started, cpu = time.perf_counter(), time.process_time()
    texts = [text for lines in calls for text in engine.translate(lines)]
    return _finish(run, texts, started, cpu)


def _finish(run: Run, texts: list[str], started: float, cpu: float) -> Run:
    wall_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    return replace(run, wall_s=wall_s, cpu_s=cpu_s, texts=tuple(texts))


def read_articles(path: Path, wanted: int) -> list[list[str]]:
    """Read the first documents of a file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    groups = groupby(rows, key=lambda row: row["doc"])
    return [[row["text"] for row in group] for _, group in islice(groups, wanted)]


def alone(function: Any, *args: object) -> Any:
    """Call a function in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, args)


def compare(articles: list[list[str]], rounds: int) -> None:
    """Print the table of speeds, and the sentences that differ."""
    best = {run.name: run for run in RUNS}
    with tempfile.TemporaryDirectory() as place:
        make_package(Path(place) / "packages")
        for _ in range(rounds):
            for run in RUNS:
                done: Run = alone(translate, run, place, articles)
                best[run.name] = min(best[run.name], done, key=lambda each: each.wall_s)
    lines = [line for article in articles for line in article]
    words = sum(len(line.split()) for line in lines)
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("argos-translate-lt", "ctranslate2"))
    cores = len(os.sched_getaffinity(0))
    print(f"\n{len(articles)} articles, {len(lines)} sentences, {words} words; {', '.join(versions)}; {cores} cores\n")
    print("| beam | way | words/s | to stock | to stock, 1 thread | processor s | same text as stock |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    stock, tuned = best[STOCK], best[TUNED]
    for run in best.values():
        same = sum(one == other for one, other in zip(run.texts, stock.texts, strict=True))
        speeds = f"{words / run.wall_s:.0f} | {stock.wall_s / run.wall_s:.1f} | {tuned.wall_s / run.wall_s:.1f}"
        print(f"| {run.beam} | {run.name} | {speeds} | {run.cpu_s:.1f} | {same} of {len(lines)} |")
    ours = best["ours, all articles in a call"].texts
    for line, one, other in zip(lines, stock.texts, ours, strict=True):
        if one != other:
            print(f"\nsource {line}\nstock  {one}\nours   {other}")


def _count_exact(beam: int, packages: str) -> tuple[int, float]:
    """Count the sentences of the tiny package's world that come out as its grammar has them."""
    sys.path.insert(0, str(TESTS))
    from grammar import make_pairs

    from pipeline.engines.argos import ArgosEngine, installed_packages

    os.environ.update(ARGOS_PACKAGES_DIR=packages)
    pairs = list(islice(make_pairs(2), SENTENCES))
    engine = ArgosEngine(*installed_packages().values(), beam_size=beam)
    engine.load()
    started = time.perf_counter()
    answers = engine.translate([source for source, _ in pairs])
    exact = sum(answer == wanted for answer, (_, wanted) in zip(answers, pairs, strict=True))
    return exact, time.perf_counter() - started


def compare_beams() -> None:
    """Print what beams gain and cost with the tiny package, which was trained."""
    print("\n| beam | sentences/s, tiny package | right |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as packages:
        with zipfile.ZipFile(next(TESTS.glob("*.argosmodel"))) as archive:
            archive.extractall(packages)
        for beam in (4, 2, 1):
            exact, seconds = alone(_count_exact, beam, packages)
            print(f"| {beam} | {SENTENCES / seconds:.0f} | {exact} of {SENTENCES} |")


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[2:]]
    count, times = numbers + [20, 1][len(numbers) :]
    compare(read_articles(Path(sys.argv[1]) / "en.jsonl", count), times)
    compare_beams()
