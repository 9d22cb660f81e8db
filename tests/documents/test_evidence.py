"""The lists of site furniture and labels: they load, they match, a team's own list adds to them."""

from importlib import resources
from pathlib import Path

import pytest

from pipeline.documents import load_furniture
from pipeline.documents.evidence import load_labels
from pipeline.documents.text import parse_text
from pipeline.errors import DocumentError
from pipeline.model import Role

FOLDER = resources.files("pipeline.data") / "furniture"
LISTS = sorted(entry.name for entry in FOLDER.iterdir())


@pytest.mark.parametrize("name", LISTS)
def test_every_pattern_of_our_lists_matches_and_none_stands_twice(name: str) -> None:
    """A pattern that its own example does not match is misspelt; a second copy is noise."""
    furniture = load_furniture()
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert lines[0].startswith("# Site furniture in ")
    assert len(patterns) >= 25
    assert len({pattern.casefold() for pattern in patterns}) == len(patterns)
    for pattern in patterns:
        line = pattern.replace("{n}", "1,204").replace("{site}", "Facebook").replace("*", " some words ")
        assert furniture.matches(line.strip()), pattern


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("LINK TO MAIN VERSION", True),
        ("» Read more...", True),
        ("12 345 views", True),
        ("Share on Facebook, X and Telegram", True),
        ("Tags: a, b", True),
        ("Tags", True),
        ("declined to give 56 comments", False),
        ("Share on", False),
        ("Share on Tuesday", False),
        ("Read more books, the minister said.", False),
        ("Home, sweet home", False),
        ("© Reuters", False),
    ],
)
def test_patterns_match_whole_lines(line: str, wanted: bool) -> None:
    """Case, spaces and outer punctuation are free, other words are not."""
    assert load_furniture().matches(line) is wanted


def test_a_teams_own_list_adds_to_ours(tmp_path: Path) -> None:
    """The file's patterns count, ours still do; comments and blank lines do not."""
    own = tmp_path / "own.txt"
    own.write_text("# Our site\n\nNews.bg exclusive\nCall us: *\n{n} readers now\n", "utf-8")
    furniture = load_furniture(own)
    for line in ("NEWS.BG exclusive", "Call us: +359 2 123", "56 readers now", "Share on Facebook"):
        assert furniture.matches(line)
        assert furniture.matches("# Our site") is False
    article = parse_text("News.bg exclusive\n\nTitle of it", name="a", suffix="", furniture=furniture)
    assert [block.role for block in article.blocks] == [Role.BOILERPLATE, Role.HEADLINE]
    assert not load_furniture().matches("News.bg exclusive")


def test_an_empty_list_adds_nothing(tmp_path: Path) -> None:
    """A list that is not filled yet is no error."""
    own = tmp_path / "own.txt"
    own.touch()
    assert load_furniture(own).matches("Share")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Share\na * b\n", r"own\.txt:2: '\*' may stand at the ends of a pattern only"),
        (b"*\n", r"own\.txt:1: a pattern needs a word"),
        (b"{n}\n", r"own\.txt:1: a pattern needs a word"),
        ("Снимка".encode("cp1251"), r"own\.txt: not valid UTF-8"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """The message names file and line."""
    own = tmp_path / "own.txt"
    own.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        load_furniture(own)


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(DocumentError, match=r"none\.txt: cannot read the list: No such file"):
        load_furniture(tmp_path / "none.txt")


def test_every_label_of_every_language_makes_a_credit() -> None:
    """LABEL: NAME is a credit for each label of the table."""
    labels = load_labels()
    assert {"de", "и", "and"} <= labels.particles
    for line in ("Снимка: БГНЕС", "Fot.: Jan Kowalski", "Fotografía: Ana Ruiz", "Світлина: Іван Бойко"):
        assert labels.credit.fullmatch(line), line


def test_what_opens_a_list_of_links_is_furniture_itself() -> None:
    """A list of links is left out with the line above it, never without."""
    furniture = load_furniture()
    assert [line for line in load_labels().link_lists if not furniture.matches(line)] == []
