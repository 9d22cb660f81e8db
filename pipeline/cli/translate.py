"""The default command: articles in, parallel localised files out."""

from typing import Any

import click

from pipeline.cli.options import LANGUAGES, ROLES, common_options, engine_options, input_options, setting, use_server


@click.command(short_help="Localise each FILE; the default, its name may be left out.")
@input_options
@setting("--to", "targets", type=LANGUAGES, metavar="LANGS", help="Target languages, such as pt,es,ca.")
@setting("-o", "--output", metavar="DIR", help="Write all files of FILE into DIR/NAME.")
@setting("--glossaries", metavar="DIR", help="Your team's glossary folder; its entries win over the built-in ones.")
@setting(
    "--glossary", type=click.Path(), multiple=True, metavar="FILE.po",
    help="One more glossary, which wins over all folders; may be given again.",
)  # fmt: skip
@setting("--no-builtin-glossaries", is_flag=True, help="Use none of the built-in entries.")
@engine_options
@setting(
    "--keep", type=ROLES, default="", metavar="ROLES",
    help="Bring blocks that are left out back into the articles: boilerplate,counter.",
)  # fmt: skip
@setting("--strict", is_flag=True, help="Exit with 3 when there is any finding.")
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

    use_server(values.pop("libretranslate_url"), values.pop("libretranslate_key"))
    return run_job(Request(**values))
