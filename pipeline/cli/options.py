"""The options that commands share, and the types of their values."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from pipeline.cli.settings import variable
from pipeline.cli.values import (
    AUTO,
    parse_address,
    parse_exports,
    parse_format,
    parse_languages,
    parse_layout,
    parse_repairs,
    parse_roles,
    parse_runner,
    parse_source,
)
from pipeline.errors import PipelineError

_Command = TypeVar("_Command", bound=Callable[..., Any])


class ParsedType(click.ParamType[Any]):
    """A value that one of the `values` functions parses."""

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Parse a text, or a list of texts from the settings file; a parsed value passes through."""
        if isinstance(value, (tuple, frozenset)):
            return value
        try:
            return self._parse(",".join(value) if isinstance(value, list) else value)
        except PipelineError as exc:
            self.fail(str(exc), param, ctx)


LANGUAGES = ParsedType("langs", parse_languages)
SOURCE = ParsedType("lang", parse_source)
FORMAT = ParsedType("format", parse_format)
LAYOUT = ParsedType("layout", parse_layout)
ADDRESS = ParsedType("address", parse_address)
RUNNER = ParsedType("runner", parse_runner)
EXPORTS = ParsedType("exports", parse_exports)
REPAIRS = ParsedType("repairs", parse_repairs)
ROLES = ParsedType("roles", parse_roles)


def setting(*names: str, **attributes: Any) -> Callable[[_Command], _Command]:
    """Declare an option that the environment and the settings file may give as well."""
    flag = next(name for name in names if name.startswith("--"))
    return click.option(*names, envvar=variable(flag.removeprefix("--")), **attributes)


def input_options(command: _Command) -> _Command:
    """Add what every command that reads articles takes."""
    command = setting("--encoding", metavar="NAME", help="Encoding of the files that have no mark (UTF-8).")(command)
    command = setting(
        "--from", "source", type=SOURCE, default=AUTO, metavar="LANG",
        help="Language of the articles; 'auto' (the default) finds it, and asks a short file's name (budget.en.txt).",
    )(command)  # fmt: skip
    return click.argument("files", nargs=-1, metavar="FILE...")(command)


def engine_options(command: _Command) -> _Command:
    """Add what says which engines take part; `use_server` puts the last two into force."""
    command = setting(
        "--libretranslate-key", metavar="KEY", help="Key for that server; a variable is a better place for it.",
    )(command)  # fmt: skip
    command = setting(
        "--libretranslate-url", metavar="ADDRESS",
        help="A LibreTranslate server that may take part, such as http://host:5000; texts are sent to it.",
    )(command)  # fmt: skip
    command = setting(
        "--via", type=LANGUAGES, default=(), metavar="LANGS", help="Go through these languages, in this order.",
    )(command)  # fmt: skip
    return setting(
        "--engine", metavar="NAMES", help="Use these engines alone (see: translate-article engines).",
    )(command)  # fmt: skip


def use_server(address: str | None, key: str | None) -> None:
    """Put a LibreTranslate server into the environment, where the engine looks for it, in worker processes too."""
    for name, value in (("libretranslate-url", address), ("libretranslate-key", key)):
        if value:
            os.environ[variable(name)] = value


def text_options(command: _Command) -> _Command:
    """Add what says how targets are finished, and what else is written for reviewers."""
    for option in reversed(
        (
            setting(
                "--no-typography", type=REPAIRS, default="", metavar="NAMES",
                help="Leave repairs of a target's typography out: all, or quotation_marks,numbers,percent and so on.",
            ),
            setting(
                "--alternatives", type=click.IntRange(0, 3), default=0, metavar="N",
                help="Translate along the N next best routes too, for reviewers: XLIFF's alt-trans, the report (0).",
            ),
            setting(
                "--near-hits", type=click.IntRange(0, 99), default=75, metavar="PERCENT",
                help="Offer reviewers what was reviewed for sentences this much like theirs; 0 offers nothing (75).",
            ),
            setting(
                "--export", "exports", type=EXPORTS, default="", metavar="NAMES",
                help="Also write, for each language: po (gettext PO, for Poedit or Weblate).",
            ),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def run_options(command: _Command) -> _Command:
    """Add what every command that localises takes."""
    for option in reversed(
        (
            setting("--to", "targets", type=LANGUAGES, metavar="LANGS", help="Target languages, such as pt,es,ca."),
            setting("-o", "--output", metavar="DIR", help="Write all files of FILE into DIR/NAME."),
            setting(
                "--glossaries", metavar="DIR",
                help="Your team's glossary folder; its entries win over the built-in ones.",
            ),
            setting(
                "--glossary", type=click.Path(), multiple=True, metavar="FILE.po",
                help="One more glossary, which wins over all folders; may be given again.",
            ),
            setting("--no-builtin-glossaries", is_flag=True, help="Use none of the built-in entries."),
            setting("--domain", default="", metavar="NAME", help="Use entries for this subject too (# domain: sport)."),
            setting("--outlet", default="", metavar="NAME", help="Use entries for this house too (# outlet: dnevnik)."),
            engine_options,
            setting(
                "--keep", type=ROLES, default="", metavar="ROLES",
                help="Bring blocks that are left out back into the articles: boilerplate,counter.",
            ),
            text_options,
            setting(
                "--memory", metavar="FILE",
                help="The translation memory, instead of the project's own (.translate-article/memory.sqlite).",
            ),
            setting("--strict", is_flag=True, help="Exit with 3 when there is any finding but remarks."),
            click.option("--no-memory", is_flag=True, help="Use no translation memory, not even what was reviewed."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def layout_options(command: _Command) -> _Command:
    """Add what says how the versions of an article are named."""
    return setting(
        "--layout", type=LAYOUT, default="folder", metavar="NAME",
        help="How versions are named: folder (DIR/NAME/NAME.pt.md), suffix (DIR/NAME.pt.md), tree (DIR/pt/NAME.md).",
    )(command)  # fmt: skip


def base_url_option(command: _Command) -> _Command:
    """Add what says where the versions of an article will stand."""
    return setting(
        "--base-url", type=ADDRESS, metavar="URL",
        help="Where DIR will stand on the web; pages then link to their other versions there.",
    )(command)  # fmt: skip


def runner_options(command: _Command) -> _Command:
    """Add what says where the work of many articles is done."""
    command = setting(
        "--ray-address", default="", metavar="HOST:PORT",
        help="The Ray cluster to use, or auto for the one that this machine is part of; else one is made for the run.",
    )(command)  # fmt: skip
    return setting(
        "--runner", type=RUNNER, default="local", metavar="NAME",
        help="Where the workers are: local (processes of this machine) or ray (a Ray cluster).",
    )(command)  # fmt: skip


def format_option(command: _Command) -> _Command:
    """Add what says which format the articles are in."""
    return setting(
        "--format", "form", type=FORMAT, metavar="NAME",
        help="Read and write text, markdown, html or json, whatever the files are called; for - as well.",
    )(command)  # fmt: skip


def common_options(command: _Command) -> _Command:
    """Add what every command takes."""
    command = click.option("--debug", is_flag=True, help="Show the traceback of an error.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document to standard output.")(command)
