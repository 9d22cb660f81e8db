"""The command `batch`: folders of articles in, and only what changed done again."""

from typing import Any

import click

from pipeline.cli.contradictions import BATCH_RULES, refuse_useless
from pipeline.cli.options import (
    base_url_option,
    common_options,
    format_option,
    input_options,
    layout_options,
    run_options,
    runner_options,
    use_server,
)


@click.command(short_help="Localise folders of articles; do again only what changed.")
@input_options
@format_option
@layout_options
@base_url_option
@run_options
@runner_options
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Workers (what machine or cluster bears).")
@click.option("--dry-run", is_flag=True, help="List what would be done and why, by segment, and do nothing.")
@click.option("--redo", is_flag=True, help="Localise every article again, hand-edited files included.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say a line for each article.")
@common_options
def batch(**values: Any) -> int:
    """Localise each FILE, and every file of each folder given, into the languages of --to.

    An article whose file, options, engines and glossary entries are those of an earlier run is skipped. One that fails
    stops no other. The run may be interrupted at any moment: the next one goes on where it stopped. DIR/batch.json
    and DIR/batch.txt (in DIR/.parallel with --layout suffix or tree) tell the state of every article. What
    earlier runs wrote into a folder is no article of it.

    FILE, a folder of files and DIR may be addresses, such as s3://bucket/articles (pip install
    'translate-article[remote]', and the package of the protocol, such as s3fs). The memory stays on this machine.
    Two machines must not write to one address at the same time.

    \b
    Examples:
      translate-article batch articles --to pt,es -o out
      translate-article batch s3://news/articles --to pt,es -o s3://news/out
    """
    from pipeline.cli.batch_job import BatchRequest, run_batch

    refuse_useless(BATCH_RULES, values)
    use_server(values.pop("libretranslate_url"), values.pop("libretranslate_key"))
    return run_batch(BatchRequest(**values))
