"""Time a glossary of 10,000 entries, in processor time: `make bench-glossary [ENTRIES=10000]`.

The aims are load under 1 s, at least 200,000 words/s, and time linear in the text. All is made up here from the terms
of the shipped glossaries, so that no data is needed. Three rounds each, the best counts; nothing that was read is
remembered from one round to the next.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.glossary import Matcher, builtin_folder, load_glossary
from pipeline.glossary.words import tokenise

ROUNDS = 3
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
FILLER = "the talks went on for hours and nobody would say what had been agreed before the vote"


def write_glossary(folder: Path, entries: int) -> list[str]:
    """Write one file; return its terms. Two in three have two words, one in three has forms."""
    shipped = [entry.source for entry in load_glossary([builtin_folder()]).entries("en", "pt")]
    terms = [
        shipped[at % len(shipped)] + (f" of Area {at // len(shipped)}" if at >= len(shipped) else "")
        for at in range(entries)
    ]
    path = folder / "en/pt.po"
    path.parent.mkdir(parents=True)
    forms = "# type: institution\n# forms: alvo | alvos\n"
    blocks = [f'{forms if at % 3 == 0 else "# type: name" + chr(10)}msgid "{term}"\nmsgstr "Alvo {at}"\n'
              for at, term in enumerate(terms)]  # fmt: skip
    path.write_text(HEADER + "\n".join(blocks), encoding="utf-8")
    return terms


def write_text(terms: list[str], sentences: int) -> list[str]:
    """Write sentences of some twenty words, no two alike, every third with a term in it."""
    words = FILLER.split()
    return [
        " ".join(
            (*words[at % 9 :], terms[at * 7 % len(terms)] if at % 3 == 0 else "police", *words[: at % 9], f"{at}.")
        )
        for at in range(sentences)
    ]


def best_of(run: Callable[[], object]) -> float:
    """Return the least processor time of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        tokenise.cache_clear()
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def main(entries: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        terms = write_glossary(folder, entries)
        load = best_of(lambda: load_glossary([folder]).entries("en", "pt"))
        found = load_glossary([folder]).entries("en", "pt")
    build = best_of(lambda: Matcher(found))
    matcher = Matcher(found)
    print("| what | processor time |\n| --- | --- |")
    print(f"| read a file of {len(found):,} entries | {load:.2f} s |\n| build its matcher | {build:.2f} s |")
    for sentences in (2_000, 20_000):
        text = write_text(terms, sentences)
        words = sum(len(sentence.split()) for sentence in text)
        spent = best_of(lambda text=text: [matcher.find(sentence) for sentence in text])
        hits = sum(len(matcher.find(sentence)) for sentence in text)
        print(f"| match {words:,} words ({hits:,} terms) | {spent:.2f} s, {words / spent:,.0f} words/s |")
    one = " ".join(write_text(terms, 5_000))
    spent = best_of(lambda: matcher.find(one))
    print(f"| match one text of {len(one.split()):,} words | {spent:.2f} s, {len(one.split()) / spent:,.0f} words/s |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
