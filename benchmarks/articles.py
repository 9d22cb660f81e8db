"""Measure whole runs: many short news articles, all stages and files, against the bare reference engine.

Usage: python benchmarks/articles.py FOLDER [ARTICLES [ROUNDS]]
FOLDER holds en.jsonl, each line {"doc": ..., "text": ...}. Its documents are cut into as many articles as wanted, of
whole lines. The reference is two bare fxtranslate processes on the same lines, loading not counted; of our runs
everything counts, the start of the program included. The runs alternate, and the best of ROUNDS counts. The program
is compiled to byte code first, as pip does when it installs a wheel: a checkout under PYTHONDONTWRITEBYTECODE would be
compiled in each run.
"""

import compileall
import json
import subprocess
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path

from engines import REFERENCE, Run, measure

import pipeline

PROGRAM = Path(sys.executable).parent / "translate-article"
WAYS = {
    "all stages and files, empty glossary": ["--no-builtin-glossaries"],
    "all stages and files, shipped glossary": [],
}


def cut_articles(path: Path, wanted: int) -> list[list[str]]:
    """Cut the documents of a file into about `wanted` articles of whole lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    size = max(1, len(rows) // wanted)
    articles = []
    for _, group in groupby(rows, key=lambda row: row["doc"]):
        lines = [row["text"] for row in group]
        articles += [lines[at : at + size] for at in range(0, len(lines), size)]
    return articles[:wanted]


def run_program(files: list[Path], options: list[str]) -> float:
    """Localise the files into Portuguese in a fresh process; return the seconds."""
    with tempfile.TemporaryDirectory() as out:
        command = [PROGRAM, *files, "--to", "pt", "--from", "en", "-o", out, "-q", *options]
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=out)  # where no memory of other runs lies
        return time.perf_counter() - started


def main(folder: Path, wanted: int, rounds: int) -> None:
    """Print the table."""
    articles = cut_articles(folder / "en.jsonl", wanted)
    texts = [text for lines in articles for text in lines]
    words = sum(len(text.split()) for text in texts)
    compileall.compile_dir(Path(pipeline.__file__).parent, quiet=1)
    best = dict.fromkeys((REFERENCE, *WAYS), 0.0)
    with tempfile.TemporaryDirectory() as place:
        files = []
        for number, lines in enumerate(articles):
            files.append(Path(place) / f"article{number:03}.txt")
            files[-1].write_text("\n\n".join(lines) + "\n", "utf-8")
        for _ in range(rounds):
            best[REFERENCE] = max(best[REFERENCE], measure(Run(REFERENCE, 2), "en", "pt", texts).words_per_s)
            for name, options in WAYS.items():
                best[name] = max(best[name], words / run_program(files, options))
    print(f"\n{len(articles)} articles, {len(texts)} lines, {words} words\n")
    print("| en-pt | words/s | ratio |\n| --- | --- | --- |")
    for name, speed in best.items():
        print(f"| {name} | {speed:.0f} | {speed / best[REFERENCE]:.2f} |")


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[2:]]
    main(Path(sys.argv[1]), *(numbers + [200, 3][len(numbers) :]))
