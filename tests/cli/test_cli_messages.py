"""How an exception becomes the one line that a user sees, and the part of a JSON document."""

import io

import pytest
from cli_calls import Call
from rich.console import Console

from pipeline.cli import main, progress
from pipeline.cli.messages import describe
from pipeline.errors import DocumentError, EngineFailed, EngineMissing, PipelineError, UnknownLanguage, UsageError


@pytest.mark.parametrize(
    ("error", "line", "code", "exit_code"),
    [
        (
            DocumentError("a.txt: not UTF-8; give --encoding"),
            "error: in/a.txt: not UTF-8; give --encoding",
            "document",
            1,
        ),
        (DocumentError("in/a.txt: no such file"), "error: in/a.txt: no such file", "document", 1),
        (EngineMissing("no route; try: x"), "error: in/a.txt: no route; try: x", "engine_missing", 4),
        (EngineFailed("died"), "error: in/a.txt: died", "engine_failed", 1),
        (UnknownLanguage("unknown"), "error: in/a.txt: unknown", "unknown_language", 2),
        (UsageError("two\nlines"), "error: in/a.txt: two lines", "usage", 2),
        (PipelineError("a; b; c"), "error: in/a.txt: a; b; c", "pipeline", 1),
        (KeyError("x"), "error: in/a.txt: internal: KeyError: 'x'; run again with --debug to see where", "internal", 1),
    ],
)
def test_exception_becomes_one_line(error: Exception, line: str, code: str, exit_code: int) -> None:
    """One line that names the input once; a stable code; the exit code of the error's class."""
    failure = describe(error, label="in/a.txt", name="a.txt")
    assert (failure.line, failure.code, failure.exit_code) == (line, code, exit_code)


def test_hint_stands_apart() -> None:
    """What stands behind the last semicolon is the hint: what to try."""
    failure = describe(DocumentError("a.txt: folder; not a file; name the files in it"))
    assert failure.as_dict()["hint"] == "name the files in it"
    assert failure.as_dict()["message"] == "a.txt: folder; not a file"


def test_unexpected_fault_shows_a_traceback_only_with_debug(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is one line for a user, and a traceback for who asks for it."""

    def fail(_names: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("pipeline.cli.check_environment", fail)
    plain, debug = call("engines"), call("engines", "--debug")
    assert (plain.code, plain.err) == (1, "error: internal: RuntimeError: boom; run again with --debug to see where\n")
    assert "Traceback" in debug.err
    assert debug.err.endswith(plain.err)
    assert call("engines", "--json").document["error"]["code"] == "internal"


def test_main_ends_with_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The installed command hands its exit code to the shell."""
    monkeypatch.setattr("sys.argv", ["translate-article"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "no FILE given" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("env", "quiet", "drawn", "coloured"),
    [
        ({"TERM": "xterm"}, False, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True, False),
        ({"TERM": "dumb"}, False, False, False),
        ({"TERM": "xterm"}, True, False, False),
    ],
)
def test_bar_is_drawn_on_terminals_only(
    env: dict[str, str], quiet: bool, drawn: bool, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar on a terminal; none with -q or on a dumb one; no colours under NO_COLOR. Work goes on either way."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with progress.show_work(2, quiet=quiet) as advance:
        advance("a[b].txt", 1)
    assert ("a[b].txt" in terminal.getvalue()) == drawn
    assert ("\x1b[3" in terminal.getvalue()) == coloured
    assert Console(file=terminal).is_terminal
    with progress.show_download("en-[es]", quiet=quiet) as report:
        report(1_500_000, 3_000_000)
    assert ("en-[es]" in terminal.getvalue()) == drawn
    assert ("1.5/3.0 MB" in terminal.getvalue()) == drawn
