"""The default command: articles in, parallel localised files out."""

from typing import Any

import click

from pipeline.cli.contradictions import TRANSLATE_RULES, refuse_useless
from pipeline.cli.options import (
    base_url_option,
    common_options,
    format_option,
    input_options,
    layout_options,
    run_options,
    use_server,
)


@click.command(short_help="Localise each FILE; the default, its name may be left out.")
@input_options
@format_option
@layout_options
@base_url_option
@run_options
@click.option("--overwrite", is_flag=True, help="Write over files in DIR that a person edited or made.")
@click.option("--explain", is_flag=True, help="Show each decision and its reason, segment by segment.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="List each finding and each file written.")
@common_options
@click.version_option(package_name="translate-article", prog_name="translate-article")
def translate(**values: Any) -> int:
    """Localise each FILE (- is standard input) into the languages of --to.

    Finds what is not in the article's language, normalises it with the glossaries, translates offline and
    checks the result. With one FILE, one language and no -o, the localised article alone goes to standard
    output.

    \b
    Example:
      translate-article article.txt --to pt,es,ca,gl -o out
    """
    from pipeline.cli.job import Request, run_job

    refuse_useless(TRANSLATE_RULES, values)
    use_server(values.pop("libretranslate_url"), values.pop("libretranslate_key"))
    return run_job(Request(**values))
