"""The command `detect`: show what in an article is not in its language."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.inputs import Source, name_sources, read_source
from pipeline.cli.messages import Failure, count, emit, emit_json, tell_failure
from pipeline.cli.options import common_options, format_option, input_options
from pipeline.errors import UsageError

MAX_SHOWN = 40  # characters of a text in the table of a folder
MAX_WORDS = 12  # words of a fragment that --explain shows


@click.command(short_help="Show what is not in the article's language.")
@click.option("--explain", is_flag=True, help="Show what each word said, and what looked foreign but is not.")
@input_options
@format_option
@common_options
def detect(**values: Any) -> int:
    """Show the fragments of each FILE (- is standard input) that are not in the article's language.

    Of a folder, the articles that lie in it are counted: a table by language and kind.
    Offsets in JSON are code points into the decoded file; several files give a list.

    \b
    Example:
      translate-article detect article.txt --json
      translate-article detect articles/
      translate-article detect article.txt --explain
    """
    files, has_folder = _open_folders(values["files"])
    sources = name_sources(files, form=values["form"])
    results = [_detect(source, values) for source in sources]
    failures = [failure for _, _, failure in results if failure]
    if values["as_json"]:
        entries = [entry for _, entry, _ in results]
        emit_json(entries[0] if len(entries) == 1 else entries)
    elif has_folder:
        emit("".join(_count([entry for _, entry, failure in results if not failure])))
    else:
        emit("".join(text for text, _, _ in results))
    codes = {failure.exit_code for failure in failures}
    return (codes.pop() if len(results) == 1 else 1) if codes else 0


def _open_folders(names: Sequence[str]) -> tuple[list[str], bool]:
    """Put the articles of a folder in its place: the files right in it that we read, by name; hidden ones stay out."""
    from pipeline.documents import PARSERS

    files: list[str] = []
    for name in names:
        folder = Path(name)
        if not folder.is_dir():
            files.append(name)
            continue
        inside = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        articles = [str(path) for path in inside if path.suffix.lower() in PARSERS]
        if not articles:
            raise UsageError(f"{name}: no articles in this folder; supported are {', '.join(filter(None, PARSERS))}")
        files += articles
    return files, any(Path(name).is_dir() for name in names)


def _count(entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Give the lines of the table of many articles: a row a language, a column a kind, the most frequent text."""
    from pipeline.documents import printable

    rows = [row for entry in entries for row in entry["fragments"]]
    kinds = sorted({row["kind"] for row in rows})
    languages = ", ".join(f"{lang} {n}" for lang, n in _ranked(Counter(entry["language"] for entry in entries)))
    yield f"{count(len(entries), 'article')} ({languages}), {count(len(rows), 'fragment')}\n"
    if not rows:
        return
    yield "  lang     " + "".join(f"{kind:>12}" for kind in [*kinds, "all"]) + "  most often\n"
    for lang, many in _ranked(Counter(row["lang"] for row in rows)):
        own = [row for row in rows if row["lang"] == lang]
        counts = Counter(row["kind"] for row in own)
        text, times = _ranked(Counter(" ".join(row["text"].split()) for row in own))[0]
        shown = printable(text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…")
        numbers = "".join(f"{counts[kind] or '':>12}" for kind in kinds) + f"{many:>12}"
        yield f'  {lang:<8} {numbers}  "{shown}"' + (f" ({times} times)\n" if times > 1 else "\n")


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _detect(source: Source, values: dict[str, Any]) -> tuple[str, dict[str, object], Failure | None]:
    """Return one article's table, its JSON entry and what went wrong, which is told here."""
    from pipeline.localise import detect_article, explain_detected

    try:
        data = read_source(source)
        found = detect_article(data, source.name, source.suffix, values["source"], values["encoding"] or "")
    except Exception as exc:  # even a fault of ours in one article must not cost the others
        failure = tell_failure(exc, source, debug=values["debug"])
        return "", {"path": source.label, "error": failure.as_dict()}, failure
    rows = [_row(segment.start, fragment) for segment, fragment in found.fragments]
    entry: dict[str, object] = {"path": source.label, "language": found.language, "fragments": rows}
    lines = list(_table(source.label, found.language, found.text, rows))
    if values["explain"]:
        entry["explained"] = explained = [_explained_row(part.start, each) for part, each in explain_detected(found)]
        lines += _explain(found.text, explained)
    return "".join(lines), entry, None


def _row(offset: int, fragment: Any) -> dict[str, Any]:
    return {
        "start": offset + fragment.start,
        "end": offset + fragment.end,
        "lang": fragment.lang,
        "script": fragment.script,
        "score": round(fragment.score, 4),
        "kind": fragment.kind,
        "reason": fragment.reason,
        "text": fragment.text,
    }


def _explained_row(offset: int, explained: Any) -> dict[str, Any]:
    return {
        **_row(offset, explained.fragment),
        "is_fragment": explained.is_fragment,
        "words": [{"word": word, "odds": odds} for word, odds in explained.words],
        "border": explained.border,
        "price": explained.price,
    }


def _explain(text: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give the lines that say what was weighed: log odds for the language of the fragment, against the article's."""
    from pipeline.documents import printable

    yield f"  weighed{'' if rows else ': nothing'}\n"
    for row in rows:
        shown, words = (printable(" ".join(part.split())) for part in (row["text"], _shown_words(row["words"])))
        verdict = "a fragment" if row["is_fragment"] else f"no fragment: {row['reason']}"
        yield f'  {_place_of(text, row):<8} {row["lang"]:<8} "{shown}"  {verdict}\n'
        yield f"{'':20}{words}; from {row['border']}, {row['price']:.1f} asked for\n"


def _shown_words(words: list[dict[str, Any]]) -> str:
    shown = ", ".join(f"{each['word']} {each['odds']:+.1f}" for each in words[:MAX_WORDS])
    return shown + (f" and {len(words) - MAX_WORDS} more" if len(words) > MAX_WORDS else "")


def _place_of(text: str, row: dict[str, Any]) -> str:
    line = text.count("\n", 0, row["start"]) + 1
    return f"{line}:{row['start'] - (text.rfind(chr(10), 0, row['start']) + 1) + 1}"


def _table(label: str, language: str, text: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give the lines of one article's table: where, language, how sure, the fragment, why."""
    from pipeline.documents import printable

    yield f"{label}: {language}, {len(rows)} fragment{'' if len(rows) == 1 else 's'}\n"
    for row in rows:
        shown, reason = (printable(" ".join(row[key].split())) for key in ("text", "reason"))
        yield f'  {_place_of(text, row):<8} {row["lang"]:<8} {row["score"]:.2f}  "{shown}"  {row["kind"]}: {reason}\n'
