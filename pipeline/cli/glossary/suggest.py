"""The command `glossary suggest`: candidates for the glossary out of articles."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.glossary.choosing import chosen_glossary, glossary_options
from pipeline.cli.inputs import name_sources, read_source
from pipeline.cli.messages import SCHEMA, Failure, count, emit, emit_json, say, tell_failure
from pipeline.cli.options import LANGUAGES, common_options, input_options, setting

if TYPE_CHECKING:
    from pipeline.localise import Detected
    from pipeline.suggesting import Candidate


@click.command(short_help="Propose entries: what articles have that no entry resolves.")
@input_options
@glossary_options
@setting("--to", "targets", type=LANGUAGES, metavar="LANGS", help="Languages that names are proposed for.")
@click.option("--write", "folder", metavar="DIR", help="Add the candidates to this glossary folder, as fuzzy entries.")
@click.option(
    "--translated", type=click.Path(), multiple=True, metavar="DIR",
    help="The -o of an earlier run: also names that it kept here and not there, words that came back; again for more.",
)  # fmt: skip
@click.option("--min-count", type=click.IntRange(min=1), default=1, metavar="N", help="Seen at least this often (1).")
@click.option("--top", type=click.IntRange(min=0), default=0, metavar="N", help="At most so many; 0 is all (0).")
@click.option("--no-engines", is_flag=True, help="Ask no engine for proposals; much quicker.")
@common_options
def suggest(**values: Any) -> int:
    """Find in FILEs, articles, what should be an entry: fragments and credit lines that no entry resolves, names, and
    names spelled in more than one way; each with its count, sentences, and what engines and the alphabet's
    scheme make of it. The most frequent come first.

    Without --write the candidates are listed. With it they are added as fuzzy entries, which have no effect before
    somebody approves them (see: glossary review); what stands there already, approved or rejected, is left alone.

    \b
    Example:
      translate-article glossary suggest articles/*.txt --to pt,es --write glossaries
    """
    from datetime import UTC, datetime

    from pipeline.review.articles import load_articles
    from pipeline.suggesting import gather, watch, write_candidates

    failures: list[Failure] = []
    articles = list(_read(values, failures))
    found = gather(articles, chosen_glossary(values), values["targets"] or ())
    if values["translated"]:
        loaded = load_articles([Path(folder) for folder in values["translated"]])
        for problem in loaded.problems:
            say(f"warning: {problem}")
        found = watch(found, loaded.segments)
    found = [item for item in found if item.count >= values["min_count"]]
    found = _propose(found[: values["top"] or None], engines=not values["no_engines"])
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "articles": len(articles), "candidates": [_row(item) for item in found]})
    elif values["folder"] is None:
        emit("".join(f"{line}\n" for line in _lines(found)))
    if values["folder"] is not None:
        today = datetime.now(UTC).date().isoformat()
        for done in write_candidates(Path(values["folder"]), found, today):
            say(f"{done.path}: {count(done.added, 'candidate')} added, {done.there} there already")
    say(f"{count(len(articles), 'article')}: {count(len(found), 'candidate')}")
    return 1 if failures else 0


def _read(values: dict[str, Any], failures: list[Failure]) -> Iterator[tuple[str, "Detected"]]:
    from pipeline.localise import detect_article

    for source in name_sources(values["files"]):
        try:
            data = read_source(source)
            found = detect_article(data, source.name, source.suffix, values["source"], values["encoding"] or "")
        except Exception as exc:  # even a fault of ours in one article must not cost the others
            failures.append(tell_failure(exc, source, debug=values["debug"]))
        else:
            yield source.name, found


def _propose(found: Sequence["Candidate"], *, engines: bool) -> list["Candidate"]:
    from contextlib import closing

    from pipeline.engines.routes import Router
    from pipeline.suggesting import propose

    if not engines:
        return propose(found, None)
    with closing(Router()) as router:
        return propose(found, router)


def _row(item: "Candidate") -> dict[str, object]:
    return {
        "source": item.source, "source_lang": item.source_lang, "target_lang": item.target_lang, "type": item.type,
        "finding": str(item.finding), "count": item.count, "articles": list(item.articles),
        "examples": [{"lang": lang, "text": text} for lang, text in item.examples],
        "spellings": [{"text": text, "count": count} for text, count in item.spellings],
        "proposals": [{"origin": each.origin, "text": each.text} for each in item.proposals],
    }  # fmt: skip


def _lines(found: Sequence["Candidate"]) -> Iterator[str]:
    from pipeline.documents import printable

    for item in found:
        pair = f"{item.source_lang}-{item.target_lang}"
        proposals = ", ".join(f"{each.text} ({each.origin})" for each in item.proposals)
        line = f"{item.count:>5}  {pair:<8} {item.source}: {proposals or 'no proposal'} [{item.finding}]"
        yield printable(" ".join(line.split("\n")))
