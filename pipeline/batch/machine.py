"""How many workers a machine bears: its processors and its memory, as far as this process may use them."""

import os
import re
from pathlib import Path

# What a worker with the engines of four targets takes at most, docs/benchmarks.md ("Time and memory").
WORKER_BYTES = 600_000_000

_CGROUP = Path("/sys/fs/cgroup")


def count_workers(articles: int) -> int:
    """Return how many workers to start for so many articles: at least one, at most one a processor and an article."""
    return max(1, min(articles, count_processors(), _free_bytes() // WORKER_BYTES))


def count_processors() -> int:
    """Return how many processors this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = re.match(r"(\d+) (\d+)", _read(_CGROUP / "cpu.max"))  # of a container; "max" where there is none
    return max(1, min(allowed, round(int(quota[1]) / int(quota[2])))) if quota else allowed


def _free_bytes() -> int:
    found = re.search(r"MemAvailable: +(\d+) kB", _read(Path("/proc/meminfo")))
    free = int(found[1]) * 1024 if found else 1 << 62
    limit, used = _read(_CGROUP / "memory.max").strip(), _read(_CGROUP / "memory.current").strip()
    if limit.isdigit() and used.isdigit():
        free = min(free, int(limit) - int(used))
    return max(0, free)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, ValueError):
        return ""
