"""Measure glossary terms in hard places: in place, reported misses, unreported misses, time over the bare route.

Usage: python benchmarks/terms.py [FAILURES]
The sentences are those of benchmarks/hard_places/cases.tsv: a spreadsheet of a category, an English sentence, the
glossary terms in it, and for each language what must stand in the target; "; " divides terms, "|" what is as good. The
glossary lies beside it. FAILURES is a file to which every sentence with something wrong is written.
"""

import csv
import os
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from quality import translate_bare

from pipeline.glossary import Glossary, find_forms, load_glossary
from pipeline.localise import Tools
from pipeline.model import LocalisedSegment, Role, Segment, Target, TermUse
from pipeline.targeting import localise_target

FOLDER = Path(__file__).parent / "hard_places"
TARGETS = ("pt", "es", "ca", "gl")


@dataclass(frozen=True)
class Case:
    """One sentence."""

    category: str
    source: str
    terms: tuple[str, ...]
    forms: dict[str, tuple[tuple[str, ...], ...]]  # language -> for each term what is right


def read_cases(path: Path) -> list[Case]:
    """Read the spreadsheet."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Case(
            row["category"],
            row["source"],
            tuple(row["terms"].split("; ")) if row["terms"] else (),
            {lang: tuple(tuple(form.split("|")) for form in row[lang].split("; ") if form) for lang in TARGETS},
        )
        for row in rows
    ]


def take(text: str, forms: tuple[tuple[str, ...], ...], lang: str) -> list[bool]:
    """Say for each wanted form whether it stands in a place of its own, the longest first."""
    taken: list[tuple[int, int]] = []
    found = [False] * len(forms)
    for at in sorted(range(len(forms)), key=lambda at: -max(map(len, forms[at]))):
        spans = find_forms(text, forms[at], lang)
        free = next((s for s in spans if all(s[1] <= start or end <= s[0] for start, end in taken)), None)
        if free:
            taken.append(free)
            found[at] = True
    return found


def is_reported(term: str, uses: list[TermUse], target: Target) -> bool:
    """Whether the term is reported as missing or in doubtful gender; the source shows it perhaps in the plural."""
    if any(
        found.rule in ("gender_doubt", "gender_unknown") and term.casefold() in found.message.casefold()
        for found in target.findings
    ):
        return True
    stem = term.casefold()[: max(3, len(term) - 2)]
    return any(use.outcome == "missing" and use.source.casefold().startswith(stem) for use in uses)


def judge(case: Case, target: Target, lang: str) -> Counter[str]:
    """Count what became of the terms of one sentence."""
    uses = [use for use in target.terms if use.origin]
    count: Counter[str] = Counter()
    for term, right in zip(case.terms, take(target.text, case.forms[lang], lang), strict=True):
        count["terms"] += 1
        count["right" if right else "reported" if is_reported(term, uses, target) else "unreported"] += 1
    if len(uses) > len(case.terms):
        count["too many"] += len(uses) - len(case.terms)
    return count


def localise(cases: list[Case], lang: str, tools: Tools, glossary: Glossary) -> tuple[list[Target], float]:
    """Localise, each category an article; the time is without loading."""
    done: list[Target] = []
    started = cpu_seconds()
    for _, group in groupby(cases, key=lambda case: case.category):
        items = [
            LocalisedSegment(Segment(f"b{n}s1", case.source, 0), f"b{n}", Role.BODY, case.source)
            for n, case in enumerate(group)
        ]
        items = list(localise_target(items, ("en", lang), (glossary, tools.router, {})))
        done += [item.targets[lang] for item in items]
    return done, cpu_seconds() - started


def cpu_seconds() -> float:
    """Return the processor time of this process and of all that it started: other programs do not disturb it."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text("ascii", "replace").rpartition(")")[2].split()
            if int(fields[3]) == os.getsid(0):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(failures: Path | None) -> None:
    """Print a table of languages, and one of categories."""
    cases = read_cases(FOLDER / "cases.tsv")
    glossary = load_glossary([FOLDER])
    by_category: dict[str, dict[str, Counter[str]]] = {}
    lines = []
    print(f"sentences:{len(cases)}|glossary:{glossary.digest[:12]}")
    print(
        "| pair | terms | bare | in place | reported misses | unreported misses | too many "
        "| processor time over the engines alone | over the same route without a glossary |"
    )
    print("| --- " * 9 + "|")
    with Tools.open(glossary) as tools:
        for lang in TARGETS:
            tools.warm_up("en", [lang])
            started = cpu_seconds()
            bare = translate_bare([case.source for case in cases], lang, tools.router)
            bare_time = cpu_seconds() - started
            _, plain_time = localise(cases, lang, tools, Glossary.empty())
            targets, seconds = localise(cases, lang, tools, glossary)
            total: Counter[str] = Counter()
            for case, target, text in zip(cases, targets, bare, strict=True):
                count = judge(case, target, lang)
                count["bare"] = sum(take(text, case.forms[lang], lang))
                total += count
                by_category.setdefault(case.category, {}).setdefault(lang, Counter()).update(count)
                if count["right"] < count["terms"] or count["too many"]:
                    lines.append(
                        f"{lang}\t{case.category}\t{case.source}\n\t{text}\n\t{target.text}\n\t{dict(count)} "
                        f"{case.forms[lang]} {[(u.source, u.outcome, u.form) for u in target.terms]}"
                    )
            row = (
                f"en-{lang}",
                *(total[name] for name in ("terms", "bare", "right", "reported", "unreported", "too many")),
            )
            shares = (f"{seconds / one - 1:.0%}" for one in (bare_time, plain_time))
            print(f"| {' | '.join(map(str, row))} | {' | '.join(shares)} |", flush=True)
    print(f"\n| in place, of | {' | '.join(TARGETS)} |\n| --- |{' --- |' * len(TARGETS)}")
    for category, counts in by_category.items():
        cells = [f"{counts[lang]['right']} of {counts[lang]['terms']}" for lang in TARGETS]
        print(f"| {category} | {' | '.join(cells)} |")
    if failures:
        failures.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
