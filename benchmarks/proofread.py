"""Draw approved entries of the shipped glossaries for a proofreader: `make proofread [SEED=7] [ENTRIES=60]`.

One line an entry, tab-separated: target language, source language, place, type, term, translation, what else counts
as a spelling or a translation. Same seed, same glossaries: the same draw. Each target has a draw of its own, from all
files that lead to it, so that an entry which stands in several files is not drawn for all of them at once.
"""

import random
import sys
from collections import defaultdict

from pipeline.glossary import builtin_folder, load_glossary
from pipeline.model import Entry


def draw(seed: int, count: int) -> dict[str, list[Entry]]:
    """Return `count` entries for each target language, in the order drawn."""
    glossary = load_glossary([builtin_folder()])
    entries: dict[str, list[Entry]] = defaultdict(list)
    for source, target in glossary.pairs:
        entries[target].extend(glossary.entries(source, target))
    drawn = {}
    for target, rows in sorted(entries.items()):
        rows.sort(key=lambda entry: (entry.source_lang, entry.msgctxt, entry.source))
        drawn[target] = random.Random(f"{seed} {target}").sample(rows, min(count, len(rows)))
    return drawn


def main(seed: int, count: int) -> None:
    """Print the draw."""
    for target, entries in draw(seed, count).items():
        for entry in entries:
            more = " | ".join((*entry.source_forms, "=>", *entry.forms, entry.plural, entry.feminine))
            cells = (target, entry.source_lang, entry.origin, entry.type, entry.source, entry.target, more)
            print("\t".join(cells).strip(" |"))


if __name__ == "__main__":
    main(*(int(arg) for arg in (sys.argv[1:] + ["7", "60"][len(sys.argv) - 1 :])))
