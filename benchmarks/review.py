"""Time the review page on a large glossary: `make bench-review [ENTRIES=20000]`."""

import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pipeline.review import Desk, load_articles
from pipeline.review.app import make_app
from pipeline.review.guard import Guard

ROUNDS = 15
ARTICLES = 500  # of 20 segments, a term in each
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: pt\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Source-Language: en\\n"\n'
)


def write_glossary(folder: Path, entries: int) -> Path:
    """Write one file, a third of its entries candidates."""
    path = folder / "glossaries/en/pt.po"
    path.parent.mkdir(parents=True)
    blocks = [HEADER]
    for number in range(entries):
        fuzzy = "#, fuzzy\n" if number % 3 == 0 else "# approved: Ana Silva 2026-01-02T10:00Z 000000000000\n"
        blocks.append(
            f"# type: office\n# forms: alvo {number} | alvos {number}\n{fuzzy}"
            f'msgid "Ministry of Matter {number:05}"\nmsgstr "Ministério da Matéria {number}"\n'
        )
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def write_articles(folder: Path, entries: int) -> Path:
    """Write the parallel files of some articles."""
    out = folder / "out"
    for article in range(ARTICLES):
        place = out / f"a{article}"
        place.mkdir(parents=True)
        lines = []
        for number in range(20):
            term = (article * 20 + number) % entries
            target = {"text": f"O Ministério da Matéria {term} falou.", "terms": [], "findings": []}
            source = f"The Ministry of Matter {term:05} has spoken on Monday about {number} things."
            lines.append(
                {
                    "id": f"b1s{number}", "source": source, "normalised": source, "fragments": [], "findings": [],
                    "targets": {"pt": target},
                }
            )  # fmt: skip
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (place / f"a{article}.parallel.jsonl").write_text(text, encoding="utf-8")
        (place / "manifest.json").write_text('{"article": {"language": "en"}}', encoding="utf-8")
    return out


def timed(act: Callable[[int], Any]) -> tuple[float, float, float]:
    """Return the median and the longest of some rounds, and the median of processor time alone, in milliseconds."""
    times, worked = [], []
    for number in range(ROUNDS):
        start, busy = time.perf_counter(), time.process_time()
        answer = act(number)
        times.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert answer.status_code == 200, answer.text
    return statistics.median(times), max(times), statistics.median(worked)


def measure(folder: Path, entries: int) -> None:
    """Print a table of what a reviewer waits for; each answer is complete, over the page's own application."""
    path = write_glossary(folder, entries)
    out = write_articles(folder, entries)
    start = time.perf_counter()
    articles = load_articles([out])
    desk = Desk(path.parents[1], "Ana Silva", articles)
    desk.refresh()
    gc.freeze()  # as `serving.start` does
    print(f"{entries} entries, {len(articles.segments)} segments; ready after {time.perf_counter() - start:.1f} s\n")
    guard = Guard(8765)
    client = TestClient(make_app(desk, guard), base_url="http://127.0.0.1:8765")
    client.get(guard.address)
    as_parts = {"Accept": "application/json"}

    def save(number: int) -> Any:
        row = desk.rows()[number * 3]
        fields = {"token": guard.form_token, "id": row.id, "version": row.version, "action": "approve", "target": "x y"}
        return client.post("/decide", data=fields, headers=as_parts)

    def touched(number: int) -> Any:
        path.write_text(path.read_text(encoding="utf-8").replace(f"Matéria {number}", f"Coisa {number}", 1), "utf-8")
        return client.get("/")

    middle = desk.rows()[entries // 2].id
    rows = {
        "page": lambda _: client.get(f"/?status=all&after={middle}"),
        "search": lambda number: client.get(f"/?status=all&text=Matter+{number:03}"),
        "save": save,
        "undo": lambda _: client.post("/undo", data={"token": guard.form_token}, headers=as_parts),
        "fifty at once": lambda number: client.post(
            "/decide-many",
            data={
                "token": guard.form_token, "action": "reject" if number % 2 else "approve",
                "pick": [f"{row.id}.{row.version}" for row in desk.rows()[100:150]],
            },
            headers=as_parts,
        ),
        "page after another program saved": touched,
        "statistics": lambda _: client.get("/stats"),
    }  # fmt: skip
    print("| what | median ms | longest ms | processor ms |\n| --- | --- | --- | --- |")
    for name, act in rows.items():
        median, longest, worked = timed(act)
        print(f"| {name} | {median:.0f} | {longest:.0f} | {worked:.0f} |")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
