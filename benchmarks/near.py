"""Time near hits in a large memory, in processor time: `make bench-near DATA=folder [REVIEWS=20000]`.

FOLDER holds en.jsonl, a sentence a line, {"text": ...}. The reviews are its sentences with words of others put in the
place of some; half of what is asked for is made in the same way, the other half has none of its own words left.
"""

import json
import random
import sys
import time
from pathlib import Path

from pipeline.memory import NearReviews
from pipeline.memory.near import likeness

QUESTIONS = 1000
COMPARED = 20  # questions for which every review is compared, to see that none is lost
RATES = (0.0, 0.1, 0.2, 0.4, 0.8)  # of words that are exchanged


def exchange(text: str, words: list[str], rate: float, chosen: random.Random) -> str:
    """Put other words in the place of some."""
    return " ".join(chosen.choice(words) if chosen.random() < rate else word for word in text.split())


def main(folder: Path, count: int) -> None:
    """Measure, and print a table."""
    lines = [json.loads(line)["text"] for line in (folder / "en.jsonl").read_text("utf-8").splitlines()]
    words = [word for line in lines for word in line.split()]
    chosen = random.Random(1)
    reviews = [
        (exchange(lines[at % len(lines)], words, chosen.choice(RATES), chosen), f"target {at}", "reviewed.xlf")
        for at in range(count)
    ]
    asked = [exchange(lines[at % len(lines)], words, 0.15 if at % 2 else 1.0, chosen) for at in range(QUESTIONS)]
    start = time.process_time()
    near = NearReviews(reviews)
    print(f"{count} reviews read in {time.process_time() - start:.2f} s\n")
    print("| from | ms a sentence | sentences with a hit |\n| --- | --- | --- |")
    for least in (60, 70, 75, 80):
        start = time.process_time()
        found = [near.find(text, least) for text in asked]
        spent = time.process_time() - start
        print(f"| {least} % | {1000 * spent / len(asked):.2f} | {sum(map(bool, found))} of {len(asked)} |")
    start = time.process_time()
    best = [max(likeness(source, text) for source, _, _ in reviews) for text in asked[:COMPARED]]
    spent = time.process_time() - start
    offered = [max((hit.score for hit in near.find(text)), default=0) for text in asked[:COMPARED]]
    lost = sum(score >= 75 and score != own for score, own in zip(best, offered, strict=True))
    print(
        f"\nEach review compared: {1000 * spent / COMPARED:.0f} ms a sentence; best hits lost by not doing so: {lost}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
