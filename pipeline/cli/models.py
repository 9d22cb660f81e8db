"""What the commands below `engines` do for Firefox models (`--engine firefox`)."""

from pathlib import Path
from typing import Any

from pipeline.cli.messages import SCHEMA, emit, emit_json
from pipeline.errors import UsageError
from pipeline.languages import base_language


def list_models() -> list[dict[str, Any]]:
    """Return the Firefox models here: pair, folder, bytes."""
    from pipeline.engines.modelfiles import installed_models

    return [
        {
            "source_lang": source, "target_lang": target, "folder": str(folder),
            "bytes": sum(path.stat().st_size for path in folder.iterdir() if path.is_file()),
        }
        for (source, target), folder in sorted(installed_models().items())
    ]  # fmt: skip


def model_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Return what `engines list` says of the models."""
    head = f"{len(rows)} Firefox model{'' if len(rows) == 1 else 's'}"
    pairs = [f"{row['source_lang']}-{row['target_lang']}" for row in rows]
    sizes = [f"{row['bytes'] / 1e6:,.1f} MB" for row in rows]
    places = [row["folder"] for row in rows]
    return [head, *(f"  {pair:<9}  {size:>10}  {at}" for pair, size, at in zip(pairs, sizes, places, strict=True))]


def show_available(source: str | None, target: str | None, values: dict[str, Any]) -> int:
    """Show the models of the index, from `source` and into `target` where given."""
    from pipeline.engines.modelindex import index_address, read_models

    address = index_address(_named(values["model_index"]))
    wanted = [base_language(tag) if tag else "" for tag in (source, target)]
    rows = [
        {"from": model.pair[0], "to": model.pair[1], "version": model.version, "architecture": model.architecture}
        for model in sorted(read_models(address, values["timeout"]), key=lambda model: model.pair)
        if all(not lang or lang == own for lang, own in zip(wanted, model.pair, strict=True))
    ]
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "index": address, "models": rows})
    else:
        lines = [f"{len(rows)} model{'' if len(rows) == 1 else 's'} in {address}"]
        lines += [f"  {row['from'] + '-' + row['to']:<9}  {row['version']:<6}  {row['architecture']}" for row in rows]
        emit("".join(f"{line}\n" for line in lines))
    return 0


def install(source: str, target: str, values: dict[str, Any]) -> int:
    """Install the model of a pair from the index, or from a folder (`--file`)."""
    from pipeline.cli.progress import show_download
    from pipeline.engines.modelindex import choose_model, index_address, read_models
    from pipeline.engines.modelinstall import install_folder, install_model

    pair = base_language(source), base_language(target)
    if values["file"]:
        done = install_folder(Path(values["file"]), pair)
    else:
        models = read_models(index_address(_named(values["model_index"])), values["timeout"])
        model = choose_model(models, source, target)
        with show_download("-".join(pair), quiet=values["quiet"]) as report:
            done = install_model(model, timeout_s=values["timeout"], force=values["force"], report=report)
    name = "-".join(done.pair)
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "installed": done.is_new, "model": {"name": name, "folder": str(done.folder)}})
    elif not values["quiet"]:
        emit(f"{'installed' if done.is_new else 'already there:'} {name} in {done.folder.parent}\n")
    return 0


def remove(source: str, target: str, *, as_json: bool) -> int:
    """Remove the model of a pair."""
    from pipeline.engines.modelinstall import remove_model

    place = remove_model(source, target)
    if as_json:
        emit_json({"schema": SCHEMA, "removed": [place.name]})
    else:
        emit(f"removed {place.name} from {place.parent}\n")
    return 0


def _named(address: str) -> str:
    if not address:
        raise UsageError(
            "no index of Firefox models is named; give one with --model-index, or a folder with --file;"
            " what `fxtranslate models add SOURCE TARGET` fetched is used as well"
        )
    return address
