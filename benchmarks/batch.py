"""Measure a run of many articles: what a second run costs, what a kill costs, memory, and what two cores bring.

Usage: python benchmarks/batch.py FOLDER [ARTICLES [SENTENCES]]
FOLDER holds en.jsonl, a sentence a line, {"doc": ..., "text": ...} (NTREX-128 in this form gave the table of
docs/benchmarks.md). Each article is a run of sentences of one or two documents, and differs from every other.
Every run of the program is a process of its own, as a user starts it, into Portuguese and Spanish.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

KILLS = 3
RAY_TURNS = 2  # runs of each kind
POLL_S = 0.2
TERM = ("government", "executivo de teste")  # an entry that no shipped glossary has, and that many articles use
PROGRAM = (sys.executable, "-c", "from pipeline.cli import main; main()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
TARGETS = ("--to", "pt,es")


@dataclass(frozen=True)
class Run:
    """One run of the program."""

    seconds: float
    cpu: float  # seconds of all its processes; on a machine that others use too, this is the figure that holds
    megabytes: float  # the largest sum over all its processes of what belongs to each (proportional set size)
    largest: float  # the largest resident size of one process
    err: str
    done: dict[str, int]  # article -> when it was written, in ns


def make_articles(lines: Sequence[str], folder: Path, count: int, size: int) -> None:
    """Write `count` articles of `size` sentences each: a headline and paragraphs of two."""
    folder.mkdir()
    chosen = random.Random(1)
    for number in range(count):
        at = number * 7 % len(lines)
        body = [lines[(at + step) % len(lines)] for step in range(size - 1)]
        body.append(f"It was the report of {chosen.choice(['Monday', 'Friday'])}, number {number + 1000}.")
        paragraphs = [" ".join(body[start : start + 2]) for start in range(0, size, 2)]
        text = "\n\n".join([body[0].rstrip("."), *paragraphs]) + "\n"
        (folder / f"a{number:04}.en.txt").write_text(text, "utf-8")


def times(output: Path) -> dict[str, int]:
    """Return when each finished article was written; a manifest may be brought up to date later on."""
    done = (path.parent for path in output.glob("*/manifest.json"))
    return {folder.name: (folder / f"{folder.name}.parallel.jsonl").stat().st_mtime_ns for folder in done}


def files(output: Path) -> dict[str, bytes]:
    """Return all files of an output folder."""
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def family(pid: int) -> Iterator[int]:
    """Give a process and all below it."""
    yield pid
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for child in below:
        yield from family(int(child))


def field_of(path: Path, name: str) -> float:
    """Return a field of a file under /proc in megabytes; 0 where it cannot be read."""
    try:
        line = next(line for line in path.read_text("ascii").splitlines() if line.startswith(f"{name}:"))
    except (OSError, StopIteration):
        return 0.0
    return int(line.split()[1]) / 1024


def run(work: Path, *args: str, kill_at: int = 0, output: str = "out", watched: bool = True) -> Run:
    """Run the program in `work`; with `kill_at`, kill it as soon as so many articles are done.

    To be `watched` costs a run some 5 % of a machine of two cores, and Ray more, with its many processes.
    """
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*PROGRAM, "batch", "in", *TARGETS, "-o", output, *args]
    process = subprocess.Popen(command, cwd=work, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    most = [0.0, 0.0]
    watcher = threading.Thread(target=_watch, args=(process, work / output, kill_at, most))
    if watched:
        watcher.start()
    _, err = process.communicate()
    if watched:
        watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.perf_counter() - start, cpu, most[0], most[1], err, times(work / output))


def _watch(process: "subprocess.Popen[str]", output: Path, kill_at: int, most: list[float]) -> None:
    while process.poll() is None:
        pids = list(family(process.pid))
        most[0] = max(most[0], sum(field_of(Path(f"/proc/{pid}/smaps_rollup"), "Pss") for pid in pids))
        most[1] = max(most[1], *(field_of(Path(f"/proc/{pid}/status"), "VmHWM") for pid in pids))
        if kill_at and len(times(output)) >= kill_at:
            process.send_signal(signal.SIGKILL)
            return
        time.sleep(POLL_S)


def redone(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Name the articles that were written again."""
    return [name for name in before if after.get(name) != before[name]]


def changed_segments(before: dict[str, bytes], after: dict[str, bytes]) -> int:
    """Count the segments whose record changed, over all articles."""
    count = 0
    for name, data in before.items():
        if name.endswith(".parallel.jsonl") and data != after[name]:
            old, new = data.splitlines(), after[name].splitlines()
            count += sum(line not in old for line in new)
    return count


def asked(work: Path) -> int:
    """Return how many answers of engines the memory holds."""
    command = [*PROGRAM, "memory", "stats", "--json"]
    done = subprocess.run(command, cwd=work, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return sum(int(row["machine"]) for row in json.loads(done.stdout)["pairs"])


def fresh(root: Path, name: str, lines: Sequence[str], count: int, size: int) -> Path:
    """Make a folder to work in, with articles and without a memory."""
    work = root / name
    work.mkdir()
    make_articles(lines, work / "in", count, size)
    return work


def told(done: Run) -> str:
    """Write the times of a run."""
    return f"{done.seconds:.1f} s ({done.cpu:.1f} s of processor)"


def show(what: str, figure: str) -> None:
    """Print a row of the table."""
    print(f"| {what} | {figure} |", flush=True)


def measure_changes(work: Path, full: Run, count: int) -> None:
    """Nothing changed; one paragraph; one glossary entry."""
    again = run(work)
    show(f"second run of {count}, nothing changed", f"{told(again)}, {len(redone(full.done, again.done))} redone")
    path = sorted((work / "in").iterdir())[count // 2]
    head, _, tail = path.read_text("utf-8").partition("\n\n")
    first, _, rest = tail.partition("\n\n")
    path.write_text(f"{head}\n\nThe bridge of stone was opened on a quiet day.\n\n{rest}", "utf-8")
    before, known = files(work / "out"), asked(work)
    edited = run(work)
    show(
        "one paragraph edited (two sentences become one)",
        f"{told(edited)} = {100 * edited.cpu / full.cpu:.1f} % of the processor time of the full run;"
        f" {len(redone(again.done, edited.done))} article, {changed_segments(before, files(work / 'out'))} segments"
        f" changed, {asked(work) - known} answers asked of engines for {len(first.split('. '))} old sentences",
    )
    _measure_entry(work, edited)


def _measure_entry(work: Path, before: Run) -> None:
    (work / "terms/en").mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (work / "terms/en/pt.po").write_text(f'{head}msgid "{TERM[0]}"\nmsgstr "{TERM[1]}"\n', "utf-8")
    using = {
        path.name.partition(".")[0] for path in (work / "in").iterdir() if TERM[0] in path.read_text("utf-8").lower()
    }
    old, known = files(work / "out"), asked(work)
    after = run(work, "--glossaries", "terms")
    done = set(redone(before.done, after.done))
    show(
        "one glossary entry changed",
        f"{told(after)}; {len(using)} articles have the word, {len(done)} written again, of those"
        f" {len(done - using)} without the word; {changed_segments(old, files(work / 'out'))} segments changed,"
        f" {asked(work) - known} answers asked of engines",
    )


def measure_kills(root: Path, lines: Sequence[str], whole: dict[str, bytes], count: int, size: int) -> None:
    """Kill a run at random moments, resume it, and compare with the undisturbed one."""
    work = fresh(root, "killed", lines, count, size)
    lost: list[str] = []
    before: dict[str, int] = {}
    moments = sorted(random.Random(2).sample(range(1, count), KILLS))
    for moment in moments:
        after = run(work, kill_at=moment).done
        lost += redone(before, after)
        before = after
    last = run(work)
    lost += redone(before, last.done)
    same = files(work / "out") == whole
    show(
        f"killed (SIGKILL) at {', '.join(map(str, moments))} articles and resumed",
        f"{'the same bytes' if same else 'OTHER BYTES'}, {len(lost)} finished articles redone",
    )


def measure_cores(root: Path, lines: Sequence[str], count: int, size: int) -> None:
    """One worker against two, without a memory, in turns; the best of two."""
    work = fresh(root, "cores", lines, count, size)
    best = {1: float("inf"), 2: float("inf")}
    for turn in range(4):
        jobs = turn % 2 + 1
        done = run(work, "--jobs", str(jobs), "--no-memory", output=f"out{turn}")
        best[jobs] = min(best[jobs], done.seconds)
    show(f"two workers against one, {count} articles, without a memory", f"{best[1] / best[2]:.2f} times as fast")


def measure_ray(root: Path, lines: Sequence[str], count: int, size: int) -> None:
    """Two workers of a cluster on this machine against two of its own, in turns, each with a new memory."""
    work = fresh(root, "ray", lines, count, size)
    seconds: dict[str, list[float]] = {"local": [], "ray": []}
    found = []
    for turn in range(2 * RAY_TURNS):
        runner = list(seconds)[turn % 2]
        args = ("--jobs", "2", "--runner", runner, "--memory", f"memory{turn}.sqlite")
        seconds[runner].append(run(work, *args, output=f"out{turn}", watched=False).seconds)
        found.append(files(work / f"out{turn}"))
    ratios = ", ".join(f"{local / ray:.2f}" for local, ray in zip(*seconds.values(), strict=True))
    same = "the same bytes" if all(each == found[0] for each in found) else "OTHER BYTES"
    show(
        f"Ray against the local runner, two workers each, {count} articles",
        f"{ratios} of its throughput, turn by turn (best {min(seconds['local']):.1f} and {min(seconds['ray']):.1f} s,"
        f" load {os.getloadavg()[1]:.1f}), {same}",
    )


def main() -> None:
    """Measure all, and print a table."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    lines = [json.loads(line)["text"] for line in (folder / "en.jsonl").read_text("utf-8").splitlines()]
    print("| what | figure |\n| --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        few = run(fresh(root, "few", lines, max(1, count // 10), size))
        work = fresh(root, "whole", lines, count, size)
        full = run(work)
        whole = files(work / "out")
        show(f"{count} articles of {size} sentences into pt and es", f"{told(full)}, {len(full.done)} done")
        show(
            f"memory: {count} articles against {max(1, count // 10)}",
            f"{full.megabytes:.0f} and {few.megabytes:.0f} MB over all processes"
            f" ({full.megabytes / few.megabytes:.2f}); largest process {full.largest:.0f} and {few.largest:.0f} MB",
        )
        measure_changes(work, full, count)
        measure_kills(root, lines, whole, count, size)
        measure_cores(root, lines, max(2, count // 10), size)
        if find_spec("ray"):
            measure_ray(root, lines, count, size)


if __name__ == "__main__":
    main()
