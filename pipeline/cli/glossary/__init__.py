"""The command `glossary`: look after the glossaries. One command below it a file."""

import click

from pipeline.cli.glossary.check import check
from pipeline.cli.glossary.exchange import export, import_
from pipeline.cli.glossary.review import review
from pipeline.cli.glossary.stats import stats
from pipeline.cli.glossary.suggest import suggest


@click.group(short_help="Review, check, count, export and import the glossaries.")
def glossary() -> None:
    """Look after the glossaries: the built-in ones, and your team's."""


for _command in (suggest, review, check, stats, export, import_):
    glossary.add_command(_command)

__all__ = ["glossary"]
