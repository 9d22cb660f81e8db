"""How many workers a machine bears."""

from pathlib import Path

import pytest

from pipeline.batch import machine
from pipeline.batch.machine import WORKER_BYTES, count_workers


@pytest.mark.parametrize(
    ("processors", "workers_of_memory", "articles", "expected"),
    [(8, 99.0, 100, 8), (8, 99.0, 3, 3), (8, 2.5, 100, 2), (8, 0.1, 100, 1), (1, 99.0, 100, 1), (8, 99.0, 0, 1)],
)
def test_processors_memory_and_articles_each_set_a_limit(
    processors: int, workers_of_memory: float, articles: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The smallest of the three, and one at the least."""
    monkeypatch.setattr(machine, "count_processors", lambda: processors)
    monkeypatch.setattr(machine, "_free_bytes", lambda: int(workers_of_memory * WORKER_BYTES))
    assert count_workers(articles) == expected


def test_a_container_counts_by_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the host's processors and memory, but what the container may use of them."""
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    plain = count_workers(10**6)
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    assert count_workers(10**6) == 1
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert count_workers(10**6) == plain
    (tmp_path / "memory.max").write_text(f"{WORKER_BYTES + 1000}\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert count_workers(10**6) == 1
