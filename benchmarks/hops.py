"""Measure what a sentence costs through Apertium once its processes are up.

Usage: python benchmarks/hops.py FOLDER [LINES [ROUNDS]]
FOLDER holds pt-BR.jsonl, each line {"text": ...}. Pairs from Portuguese that are installed, each in a pipeline that has
answered already. One line a call is what an article of one sentence would feel, all lines in a call what a batch
does. The best of ROUNDS counts; processor time is of all processes.
"""

import json
import os
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

from pipeline.engines.apertium import ApertiumEngine, installed_modes

GOAL_MS = 3.0
TICKS = os.sysconf("SC_CLK_TCK")


def processor_s(engine: ApertiumEngine) -> float:
    """Return the processor seconds of this process and the engine's so far."""
    ticks = 0
    for pid in [os.getpid(), *(process.pid for process in engine._processes)]:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def measure(mode: Path, target: str, texts: list[str], rounds: int) -> tuple[float, float, float, float]:
    """Return ms a sentence: median and mean of single calls, all in a call, and processor time of all in a call."""
    engine = ApertiumEngine("pt", target, mode)
    engine.translate(texts[:20])
    best: tuple[float, ...] = (float("inf"),) * 4
    for _ in range(rounds):
        single = []
        for text in texts:
            started = time.perf_counter()
            engine.translate([text])
            single.append((time.perf_counter() - started) * 1000)
        started, cpu = time.perf_counter(), processor_s(engine)
        engine.translate(texts)
        batch, work = (time.perf_counter() - started), processor_s(engine) - cpu
        each = 1000 / len(texts)
        here = statistics.median(single), statistics.fmean(single), batch * each, work * each
        best = tuple(map(min, best, here))
    engine.close()
    return best[0], best[1], best[2], best[3]


def main(folder: Path, limit: int, rounds: int) -> None:
    """Print the table."""
    with (folder / "pt-BR.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, limit)]
    head = "one a call, median ms", "mean ms", "all in a call, ms a sentence", "processor ms a sentence"
    print(f"\n{len(texts)} lines; the goal is {GOAL_MS:g} ms a sentence\n\n| pair | {' | '.join(head)} |")
    print("| --- | --- | --- | --- | --- |")
    for (source, target), mode in sorted(installed_modes().items()):
        if source == "pt":
            figures = " | ".join(f"{figure:.1f}" for figure in measure(mode, target, texts, rounds))
            print(f"| pt-{target} | {figures} |", flush=True)


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[2:]]
    main(Path(sys.argv[1]), *(numbers + [400, 3][len(numbers) :]))
