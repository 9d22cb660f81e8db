"""Every mistake gets one clear line and its exit code, and leaves no trace."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Call

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/cli/errors.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_mistake_gets_one_line_and_leaves_no_trace(case: dict[str, Any], call: Call, tree: Path) -> None:
    """One line on standard error, nothing on standard output, the right exit code, no file written."""
    before = sorted(tree.rglob("*"))
    result = call(*case["args"])
    assert result.code == case["exit"], result.err
    assert result.err.startswith("error: ")
    assert result.err.count("\n") == 1
    assert case["says"] in result.err
    assert result.out == ""
    assert sorted(tree.rglob("*")) == before


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_mistake_gets_one_json_document(case: dict[str, Any], call: Call, tree: Path) -> None:
    """With --json a program always gets exactly one document, with the same words in it."""
    result = call(*case["args"], "--json")
    found = result.document
    if isinstance(found, dict):  # the whole command failed, or the one article did
        found = found.get("articles", [found])
    errors = [entry["error"] for entry in found if "error" in entry]
    assert all(set(error) == {"code", "message", "hint"} for error in errors)
    if "-o DIR" in case["says"] and len(case["args"]) == 4:  # with --json several files need no folder
        return
    assert result.code == case["exit"]
    assert errors
