"""Flags win over the environment, which wins over the nearest settings file; a mistake in either is told."""

from pathlib import Path

import pytest
from cli_calls import Call

from pipeline.cli.batch import batch
from pipeline.cli.packages import install
from pipeline.cli.settings import FILE_NAME, SETTINGS, check_environment, find_settings, load_settings, variable
from pipeline.cli.translate import translate
from pipeline.errors import UsageError


def write_settings(folder: Path, text: str) -> Path:
    """Write a settings file and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


def test_nearest_folder_wins(tmp_path: Path) -> None:
    """The file of the nearest parent folder counts, and only that one."""
    far = write_settings(tmp_path, 'to = "pt"')
    near = write_settings(tmp_path / "a", 'to = "es"')
    (tmp_path / "a/b").mkdir()
    assert find_settings(tmp_path / "a/b") == near
    near.unlink()
    assert find_settings(tmp_path / "a/b") == far


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    """A path in the file is meant from the file's folder, wherever the command runs."""
    path = write_settings(
        tmp_path, 'output = "out"\nglossary = ["x.po", "/abs/y.po"]\nglossaries = "team"\npackage-index = "mirror"'
    )
    values = load_settings(path)
    assert values == {
        "output": str(tmp_path / "out"),
        "glossary": [str(tmp_path / "x.po"), "/abs/y.po"],
        "glossaries": str(tmp_path / "team"),
        "address": str(tmp_path / "mirror"),
    }
    assert load_settings(write_settings(tmp_path, 'package-index = "https://a.b/"')) == {"address": "https://a.b/"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('too = "pt"', "unknown key 'too'; did you mean 'to'?"),
        ('language = "pt"', "known are to, from"),
        ("to = 3", "to must be a text or a list of texts, not 3"),
        ('to = ["pt", 3]', "to must be a text or a list of texts, not 3"),
        ('to = ["pt", "portugese"]', "to: unknown language 'portugese': did you mean 'pt'?"),
        ('from = ["en"]', "from must be a text in quotes"),
        ('strict = "yes"', "strict must be true or false, not 'yes'"),
        ('keep = "counters"', "keep: unknown role 'counters'"),
        ('export = "pox"', "export: unknown export 'pox'; did you mean 'po'?"),
        ('no-typography = "percents"', "no-typography: unknown repair 'percents'; did you mean 'percent'?"),
        ("alternatives = -1", "alternatives must be a whole number, 0 or more, not -1"),
        ("alternatives = true", "alternatives must be a whole number, 0 or more, not True"),
        ("timeout = 0", "timeout must be a number above 0, not 0"),
        ("timeout = true", "timeout must be a number above 0, not True"),
        ('timeout = "9"', "timeout must be a number above 0, not '9'"),
        ("timeout = nan", "timeout must be a number above 0, not nan"),
        ("package-index = 1", "package-index must be a text in quotes, not 1"),
        ('to = "pt"\nkeep = = 2', f"{FILE_NAME}:2: not valid TOML"),
        ("[to]\npt = true", "to must be a text or a list of texts"),
    ],
)
def test_mistake_in_the_file_is_told(text: str, says: str, tmp_path: Path) -> None:
    """A mistake names the file, the key and what to write; it is never passed over."""
    path = write_settings(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_settings(path)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def test_file_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    """A settings file in another encoding is refused in words."""
    path = tmp_path / FILE_NAME
    path.write_bytes(b'to = "\xe9"')
    with pytest.raises(UsageError, match="not valid UTF-8 at byte 6"):
        load_settings(path)


def test_misspelt_variable_is_told() -> None:
    """A variable with our prefix that nothing reads is a mistake; others are none of our business."""
    check_environment(["PATH", "TRANSLATE_ARTICLE_TO", "_TRANSLATE_ARTICLE_COMPLETE"])
    with pytest.raises(UsageError, match="did you mean 'TRANSLATE_ARTICLE_STRICT'"):
        check_environment(["TRANSLATE_ARTICLE_STRICKT"])


def test_every_setting_is_an_option_with_its_variable() -> None:
    """The table of settings and the options of the commands name the same things."""
    options = {param.name: param for command in (install, translate, batch) for param in command.params}
    for key, setting in SETTINGS.items():
        option = options[setting.param]
        assert f"--{key}" in option.opts
        assert option.envvar == variable(key)


def test_flag_beats_variable_beats_file(call: Call, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen in what the program does: the file asks for Japanese, the variable for Thai, the flag for Hindi."""
    write_settings(tree, 'to = "ja"\nfrom = "en"')
    assert "(en-ja)" in call("article.txt").err
    monkeypatch.setenv("TRANSLATE_ARTICLE_TO", "th")
    assert "(en-th)" in call("article.txt").err
    assert "(en-hi)" in call("article.txt", "--to", "hi").err


def test_settings_reach_the_commands(call: Call, tree: Path) -> None:
    """Output, strict and several targets come from the file; detect takes its language from it too."""
    write_settings(tree, 'to = ["pt"]\noutput = "out"\nfrom = "bg"\n')
    assert call("detect", "article.txt", "--json").document["language"] == "bg"
    write_settings(tree, 'to = ["pt"]\noutput = "out"\nkeep = "boilerplate"\n')
    assert call("article.txt").code == 0
    assert (tree / "out/article/article.en.txt").read_text().startswith("Link to main version")


STANDING = 'ray-address = "head:6379"\nexport = "po"\nmemory = "team.sqlite"\nalternatives = 1\nnear-hits = 60\n'


@pytest.mark.parametrize(
    "args",
    [("article.txt", "--to", "pt", "--no-memory"), ("batch", "article.txt", "--to", "pt", "-o", "out", "--no-memory")],
)
def test_standing_settings_need_not_fit_each_run(args: tuple[str, ...], call: Call, tree: Path) -> None:
    """What a run has no use for is an error on the command line alone (errors.toml), not where it stands for many."""
    write_settings(tree, STANDING)
    result = call(*args)
    assert result.code == 0, result.err
    assert not (tree / "team.sqlite").exists()


def test_what_asks_for_nothing_is_no_contradiction(call: Call, tree: Path) -> None:
    """A value that switches off may stand beside what it would need."""
    write_settings(tree, STANDING)
    assert call("article.txt", "--to", "pt", "--alternatives", "0", "--near-hits", "0", "--export", "").code == 0
