"""Measure a glossary on parallel news: terms in place, likeness to the bare engine and to the reference, cost.

Usage: python benchmarks/news_terms.py FOLDER [CHANGED]
FOLDER is that of benchmarks/quality.py. The glossary, benchmarks/news_terms, has 51 terms and names with the targets
that the references use most. A sentence counts for the reference if that has every approved term; the figure
is given for those of them that the glossary changed, and for all. CHANGED is a file to
which every sentence that the glossary changed is written, to be read by a person.
"""

import sys
from pathlib import Path

from quality import REFERENCES, make_articles, read
from sacrebleu.metrics import CHRF
from terms import cpu_seconds

from pipeline.agreement import adjective_forms, gender_forms
from pipeline.glossary import Glossary, Matcher, accepted_forms, find_forms, load_glossary, looks_like_adjective
from pipeline.localise import Tools
from pipeline.model import Match, Target
from pipeline.targeting import localise_target

FOLDER = Path(__file__).parent / "news_terms"


def count_in_place(text: str, matches: list[Match], lang: str) -> int:
    """Count the terms that stand in a text, each in a place of its own."""
    taken: set[tuple[int, int]] = set()
    for match in sorted(matches, key=lambda match: -len(match.entry.target)):
        # An adjective counts in the gender and number of its noun, too.
        bend = adjective_forms if looks_like_adjective(match.entry.source, "en") else gender_forms
        forms = [bent for form in accepted_forms(match.entry, match.is_plural) for bent in bend(form, lang)]
        spans = find_forms(text, forms, lang)
        free = next((s for s in spans if all(s[1] <= start or end <= s[0] for start, end in taken)), None)
        taken |= {free} if free else set()
    return len(taken)


def score(texts: list[str], references: list[str], at: list[int]) -> float:
    """Return chrF of the lines named."""
    return CHRF().corpus_score([texts[i] for i in at], [[references[i] for i in at]]).score


def localise(rows: list[dict[str, str]], lang: str, glossary: Glossary, tools: Tools) -> tuple[list[Target], float]:
    """Localise every document as an article; the time is without loading."""
    done: list[Target] = []
    started = cpu_seconds()
    for article in make_articles(rows):
        items = localise_target(article, ("en", lang), (glossary, tools.router, {}))
        done += [item.targets[lang] for item in items]
    return done, cpu_seconds() - started


def main(folder: Path, changed: Path | None) -> None:
    """Print a table."""
    rows = read(folder / "en.jsonl", 10**9)
    glossary = load_glossary([FOLDER])
    print(f"lines:{len(rows)}|glossary:{glossary.digest[:12]}")
    print(
        "| pair | terms | bare | in place | misses without a finding | changed | chrF to no glossary "
        "| chrF to reference that has the terms, changed: bare | with glossary | all: bare | with glossary "
        "| more processor time |"
    )
    print("| --- " * 12 + "|")
    lines = []
    with Tools.open(glossary) as tools:
        for lang in ("pt", "es"):
            reference = [row["text"] for row in read(folder / f"{REFERENCES[lang]}.jsonl", 10**9)]
            matcher = Matcher(glossary.entries("en", lang))
            matches = [matcher.find(row["text"]) for row in rows]
            tools.warm_up("en", [lang])
            plain, plain_time = localise(rows, lang, Glossary.empty(), tools)
            targets, seconds = localise(rows, lang, glossary, tools)
            bare, text = [one.text for one in plain], [one.text for one in targets]
            wanted = sum(map(len, matches))
            stands = [count_in_place(text[i], found, lang) for i, found in enumerate(matches)]
            before = sum(count_in_place(bare[i], found, lang) for i, found in enumerate(matches))
            missed = [
                max(0, len(found) - stands[i] - sum(use.outcome == "missing" for use in targets[i].terms if use.origin))
                for i, found in enumerate(matches)
            ]
            agreed_all = [
                i
                for i, found in enumerate(matches)
                if found and count_in_place(reference[i], found, lang) == len(found)
            ]
            differs = [i for i in range(len(rows)) if bare[i] != text[i]]
            agreed = [i for i in differs if i in set(agreed_all)]
            cells = (f"en-{lang}", wanted, before, sum(stands), sum(missed), len(differs),
                     f"{score(text, bare, list(range(len(rows)))):.1f}",
                     *(
                         f"{score(texts, reference, at):.1f} ({len(at)})"
                         for at in (agreed, agreed_all) for texts in (bare, text)
                     ),
                     f"{seconds / plain_time - 1:.0%}")  # fmt: skip
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
            lines += [f"missed without a finding, {lang}: {text[i]}" for i, count in enumerate(missed) if count]
            lines += [f"{lang}\n  {rows[i]['text']}\n  {bare[i]}\n  {text[i]}\n  {reference[i]}" for i in differs]
    if changed:
        changed.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
