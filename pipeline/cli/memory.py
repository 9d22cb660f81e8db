"""The commands of `memory`: take reviews in, hand units out, look and tidy up."""

from typing import Any

import click

from pipeline.cli.options import LANGUAGES, SOURCE, common_options, setting


@click.group(short_help="Import reviewed files, export, count and prune the translation memory.")
def memory() -> None:
    """Work on the translation memory: what engines said before, and what people reviewed.

    A run reuses what is in it; what a person reviewed beats every engine. It is the file of --memory, else
    .translate-article/memory.sqlite beside translate-article.toml, else in this folder.
    """


def _memory_option(command: Any) -> Any:
    return setting("--memory", metavar="FILE", help="The translation memory, instead of the project's own.")(command)


@memory.command("import", short_help="Take edited XLIFF, PO and TMX files in as reviewed.")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--from", "source", type=SOURCE, default="auto", metavar="LANG", help="Source language of a PO file.")
@click.option("--replace", is_flag=True, help="Let these reviews win over earlier, different ones.")
@_memory_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors and conflicts.")
@common_options
def import_(**values: Any) -> int:
    """Take the segments that people changed or approved in each FILE in as reviewed.

    A segment is matched by article, id and source text. It counts as reviewed when the file marks it as approved
    (XLIFF approved="yes" or state "final", PO without fuzzy, TMX of another tool), or when its target is none that
    a run wrote. Another review of the same segment is a conflict: it is listed and kept aside, or wins with --replace.

    \b
    Example:
      translate-article memory import out/harbour/harbour.en-pt.xlf
    """
    from pipeline.cli.memory_job import run_import

    return run_import(values)


@memory.command("export", short_help="Write what was reviewed to a TMX, PO or XLIFF file.")
@click.argument("file", metavar="FILE")
@click.option("--to", "targets", type=LANGUAGES, metavar="LANG", help="Only this target language (a PO file: needed).")
@click.option("--all", "machine_too", is_flag=True, help="Also what engines wrote for the articles, not approved.")
@_memory_option
@common_options
def export(**values: Any) -> int:
    """Write the reviewed segments to FILE, by its suffix: .tmx, .po, .xlf."""
    from pipeline.cli.memory_job import run_export

    return run_export(values)


@memory.command("stats", short_help="Count what is in the memory.")
@_memory_option
@common_options
def stats(**values: Any) -> int:
    """Count, for each language pair, what engines said, what is reviewed, in conflict, and stale."""
    from pipeline.cli.memory_job import run_stats

    return run_stats(values)


@memory.command("prune", short_help="Forget what engines said that are no longer installed.")
@_memory_option
@common_options
def prune(**values: Any) -> int:
    """Forget what engines and versions said that are not installed here, and make the file smaller. Reviews stay."""
    from pipeline.cli.memory_job import run_prune

    return run_prune(values)
