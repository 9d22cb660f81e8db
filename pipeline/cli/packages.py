"""The commands below `engines`: list, fetch, install and remove Argos packages; models.py has the Firefox models."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli import models
from pipeline.cli.messages import SCHEMA, emit, emit_json
from pipeline.cli.options import ParsedType, common_options, setting
from pipeline.errors import UsageError
from pipeline.languages import argos_code, lookup_chain, parse_language

if TYPE_CHECKING:
    from pipeline.engines.argos import Package
    from pipeline.engines.argos.index import Listing

_Command = TypeVar("_Command", bound=Callable[..., Any])
_LANGUAGE = ParsedType("lang", parse_language)
_TIMEOUT_S = 30.0


def _network_options(command: _Command) -> _Command:
    """Add what every command that reads the index takes."""
    command = setting(
        "--timeout", type=click.FloatRange(min=0, min_open=True), default=_TIMEOUT_S, metavar="SECONDS",
        help="Longest wait for the server to answer or to go on (30).",
    )(command)  # fmt: skip
    command = setting(
        "--model-index", metavar="ADDRESS", default="",
        help="With --engine firefox: index of models, a web address, a file or a folder with a records.json.",
    )(command)  # fmt: skip
    return setting(
        "--package-index", "address", metavar="ADDRESS", default="",
        help="Index of packages: a web address, a file or a folder with an index.json (the public Argos index).",
    )(command)  # fmt: skip


_engine_option = click.option(
    "--engine",
    type=click.Choice(["argos", "firefox"]),
    default="argos",
    help="Whose models: argos (the default) or firefox.",
)


@click.command(name="list", short_help="Show the installed Argos packages.")
@common_options
def list_command(**values: Any) -> int:
    """Show the Argos packages and the Firefox models that are installed, with their sizes, and which are used."""
    from pipeline.engines.argos import installed_packages, list_damaged, list_packages, packages_folder

    used = {package.folder for package in installed_packages().values()}
    rows = [_describe(package, is_used=package.folder in used) for package in list_packages()]
    damaged = [str(folder) for folder in list_damaged()]
    folder = str(packages_folder())
    if values["as_json"]:
        document = {"folder": folder, "packages": rows, "damaged": damaged, "models": models.list_models()}
        emit_json({"schema": SCHEMA, **document})
    else:
        lines = [*_list_lines(folder, rows, damaged), *models.model_lines(models.list_models())]
        emit("".join(f"{line}\n" for line in lines))
    return 0


def _describe(package: "Package", *, is_used: bool) -> dict[str, Any]:
    source, target = package.pair or (package.from_code, package.to_code)
    state = "used" if is_used else "not used" if package.is_whole else "damaged"
    return {
        "name": package.name, "source_lang": source, "target_lang": target, "version": package.version,
        "bytes": package.size, "state": state,
    }  # fmt: skip


def _list_lines(folder: str, rows: list[dict[str, Any]], damaged: list[str]) -> Iterator[str]:
    yield f"{len(rows)} Argos package{'' if len(rows) == 1 else 's'} in {folder}"
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        pair, size = f"{row['source_lang']}-{row['target_lang']}", f"{row['bytes'] / 1e6:,.1f} MB"
        yield f"  {row['name']:<{width}}  {pair:<9}  {row['version']:<8}  {size:>10}  {row['state']}"
    for path in damaged:
        yield f"  damaged, nothing uses it: {path}"


@click.command(short_help="Show the Argos packages that can be installed.")
@click.argument("source", required=False, type=_LANGUAGE, metavar="[SOURCE]")
@click.argument("target", required=False, type=_LANGUAGE, metavar="[TARGET]")
@_engine_option
@_network_options
@common_options
def available(**values: Any) -> int:
    """Show the packages that the index has, from SOURCE and into TARGET where given.

    --package-index, --model-index and --timeout may also be given as variables (TRANSLATE_ARTICLE_PACKAGE_INDEX=...)
    or as keys of translate-article.toml (package-index = "..."), so that all of a newsroom use its own mirror.

    \b
    Example:
      translate-article engines available en
    """
    if values["engine"] == "firefox":
        return models.show_available(values["source"], values["target"], values)
    from pipeline.engines.argos import list_packages
    from pipeline.engines.argos.index import index_address, read_index

    address = index_address(values["address"])
    sources, targets = _codes(values["source"]), _codes(values["target"])
    listings = [
        one
        for one in read_index(address, values["timeout"])
        if (not sources or one.from_code in sources) and (not targets or one.to_code in targets)
    ]
    there = {(package.from_code, package.to_code): package.version for package in list_packages()}
    rows = [_listing_row(one, there) for one in sorted(listings, key=lambda one: (one.from_code, one.to_code))]
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "index": address, "packages": rows})
    else:
        lines = [f"{len(rows)} package{'' if len(rows) == 1 else 's'} in {address}", *map(_listing_line, rows)]
        emit("".join(f"{line}\n" for line in lines))
    return 0


def _codes(tag: str | None) -> frozenset[str]:
    return frozenset(map(argos_code, lookup_chain(tag))) if tag else frozenset()


def _listing_row(listing: "Listing", there: dict[tuple[str, str], str]) -> dict[str, str]:
    installed = there.get((listing.from_code, listing.to_code), "")
    return {"from": listing.from_code, "to": listing.to_code, "version": listing.version, "installed": installed}


def _listing_line(row: dict[str, str]) -> str:
    pair = f"{row['from']}-{row['to']}"
    return f"  {pair:<9}  {row['version']:<8}  {'installed ' + row['installed'] if row['installed'] else ''}".rstrip()


@click.command(short_help="Install the Argos package of a pair.")
@click.argument("source", type=_LANGUAGE, metavar="SOURCE")
@click.argument("target", type=_LANGUAGE, metavar="TARGET")
@_engine_option
@click.option("--file", "file", metavar="FILE", help="Install this .argosmodel file, or folder of a Firefox model.")
@click.option("--force", is_flag=True, help="Install it again where this version is there already.")
@_network_options
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@common_options
def install(**values: Any) -> int:
    """Install the newest package that translates SOURCE into TARGET, in place of older ones.

    The archive is looked through before anything of it is unpacked, and tried out before it takes the place of
    another. A download that broke off goes on where it stopped when the command is given again. The packages lie
    where argostranslate keeps them: ARGOS_PACKAGES_DIR, or its folder in the home directory.

    With --engine firefox: the newest Firefox model of the pair, from --model-index, each file held against its
    digest; a download that broke off goes on here too. They lie in FIREFOX_MODELS_DIR, or translate-article/firefox
    where programs keep their data.

    \b
    Example:
      translate-article engines install en bg
    """
    from pipeline.cli.progress import show_download
    from pipeline.engines.argos.index import choose_listing, index_address, read_index
    from pipeline.engines.argos.install import install_package, listing_of_file

    source, target = values["source"], values["target"]
    if source == target:
        raise UsageError(f"{source} into {target}: name two languages")
    if values["engine"] == "firefox":
        return models.install(source, target, values)
    if values["file"]:
        listing = listing_of_file(Path(values["file"]), source, target)
    else:
        listing = choose_listing(read_index(index_address(values["address"]), values["timeout"]), source, target)
    with show_download(f"{listing.from_code}-{listing.to_code}", quiet=values["quiet"]) as report:
        done = install_package(listing, timeout_s=values["timeout"], force=values["force"], report=report)
    document = {"schema": SCHEMA, "installed": done.is_new, "package": _describe(done.package, is_used=True)}
    if values["as_json"]:
        emit_json({**document, "replaced": list(done.replaced)})
    elif not values["quiet"]:
        emit(
            f"{'installed' if done.is_new else 'already there:'} {done.package.name} in {done.package.folder.parent}\n"
        )
    return 0


@click.command(short_help="Remove the Argos package of a pair.")
@click.argument("source", type=_LANGUAGE, metavar="SOURCE")
@click.argument("target", type=_LANGUAGE, metavar="TARGET")
@_engine_option
@common_options
def remove(**values: Any) -> int:
    """Remove the package that translates SOURCE into TARGET, in all its versions, or the Firefox model.

    \b
    Example:
      translate-article engines remove en bg
    """
    if values["engine"] == "firefox":
        return models.remove(values["source"], values["target"], as_json=values["as_json"])
    from pipeline.engines.argos.install import remove_package

    removed = remove_package(values["source"], values["target"])
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "removed": [package.name for package in removed]})
    else:
        emit("".join(f"removed {package.name} from {package.folder.parent}\n" for package in removed))
    return 0


COMMANDS = (list_command, available, install, remove)
