"""The command `glossary stats`: what articles use of the glossaries, and what they lack."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.glossary.choosing import chosen_glossary, glossary_options, read_articles
from pipeline.cli.messages import SCHEMA, Failure, count, emit, emit_json
from pipeline.cli.options import common_options, input_options

if TYPE_CHECKING:
    from pipeline.surveying import Seen, Survey


@click.command(short_help="Show what articles use of the glossaries, and what they lack.")
@input_options
@glossary_options
@click.option("--top", type=click.IntRange(min=0), default=10, metavar="N", help="Lines of each list (10).")
@common_options
def stats(**values: Any) -> int:
    """Count the entries of each language pair; with FILEs, articles, also those that are used, fragments that no entry
    resolves, and names spelled in more than one way, in the order of their frequency. JSON has the full lists.

    \b
    Example:
      translate-article glossary stats articles/*.txt --top 20
    """
    from pipeline.surveying import survey_articles

    glossary = chosen_glossary(values)
    failures: list[Failure] = []
    articles = read_articles(values["files"], values, failures) if values["files"] else iter(())
    survey = survey_articles(articles, glossary)
    if values["as_json"]:
        emit_json(_document(survey))
    else:
        emit("".join(f"{line}\n" for line in _lines(survey, values["top"])))
    return 1 if failures else 0


def _document(survey: "Survey") -> dict[str, object]:
    pairs = [
        {
            "source_lang": pair.source_lang, "target_lang": pair.target_lang, "approved": pair.approved,
            "candidates": pair.candidates, "forbidden": pair.forbidden,
            "used": [{"source": entry.source, "origin": entry.origin, "count": number} for entry, number in pair.used],
            "never_used": [{"source": entry.source, "origin": entry.origin} for entry in pair.never_used],
        }
        for pair in survey.coverage
    ]  # fmt: skip
    return {
        "schema": SCHEMA,
        "articles": survey.articles,
        "languages": dict(survey.languages),
        "pairs": pairs,
        "unresolved": [_row(seen) for seen in survey.unresolved],
        "spellings": [[_row(seen) for seen in same] for same in survey.spellings],
    }


def _row(seen: "Seen") -> dict[str, object]:
    return {"text": seen.text, "lang": seen.lang, "count": seen.count, "articles": seen.articles}


def _lines(survey: "Survey", top: int) -> Iterator[str]:
    from pipeline.documents import printable

    langs = ", ".join(f"{number} {lang}" for lang, number in survey.languages.items())
    yield f"{count(survey.articles, 'article')}{f' ({langs})' if langs else ''}"
    yield f"{'pair':<12}{'approved':>9}{'candidate':>10}{'forbidden':>10}{'used':>6}{'never':>7}"
    for pair in survey.coverage:
        used, never = (len(pair.used), len(pair.never_used)) if survey.articles else ("", "")
        name = f"{pair.source_lang}-{pair.target_lang}"
        yield f"{name:<12}{pair.approved:>9}{pair.candidates:>10}{pair.forbidden:>10}{used:>6}{never:>7}"
    counts: dict[str, int] = {}
    for pair in survey.coverage:
        for entry, number in pair.used:
            counts[entry.source] = max(counts.get(entry.source, 0), number)
    most = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if most:
        yield f"\nMost used terms ({len(most)} in all):"
        yield from (f"  {number:>5}  {printable(text)}" for text, number in most[:top])
    if survey.unresolved:
        yield f"\nFragments without an entry ({len(survey.unresolved)} in all):"
        yield from (f"  {_seen(seen)}" for seen in survey.unresolved[:top])
    if survey.spellings:
        yield f"\nNames in more than one spelling ({len(survey.spellings)} in all):"
        for same in survey.spellings[:top]:
            yield f"  {same[0].lang}: " + ", ".join(f"{printable(seen.text)} ({seen.count})" for seen in same)


def _seen(seen: "Seen") -> str:
    from pipeline.documents import printable

    return f"{seen.count:>5}  {seen.lang:<8} {printable(seen.text)} ({count(seen.articles, 'article')})"
