"""Bytes to text: strict, with messages that say what, where and what to try."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import decode_article, encoding_in, mark_of, printable
from pipeline.documents.reading import MAX_BYTES
from pipeline.errors import DocumentError, UsageError

TEXT = "Снимка: БГНЕС\r\n\r\nText – 😀\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), None),
        (TEXT.encode("utf-8-sig"), None),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-8-sig"), "windows-1251"),
    ],
)
def test_unicode_files_are_read_whole(data: bytes, encoding: str | None) -> None:
    """A byte order mark decides, then the option; line ends stay, and an output has a mark where its input has."""
    decoded = decode_article(data, "a.txt", encoding=encoding)
    assert decoded.text == TEXT
    assert decoded.warnings == ()
    assert mark_of(decoded) == ("\ufeff" if decoded.bom else "")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1).map("a{}\n".format))
def test_any_text_survives(text: str) -> None:
    """Decoding what was encoded gives the same text."""
    data = text.encode("utf-8")
    decoded = decode_article(data, "a.txt")
    assert (mark_of(decoded) + decoded.text).encode() == data


def test_older_encodings_are_read_on_demand() -> None:
    """What no mark tells, the option does."""
    decoded = decode_article("Снимка".encode("cp1251"), "a.txt", encoding="windows-1251")
    assert decoded.text == "Снимка"


PAGE = "<html><head>{}<title>Снимка</title></head><body><p>Текст</p></body></html>"
META = '<meta charset="windows-1251">'


@pytest.mark.parametrize(
    ("data", "suffix", "encoding"),
    [
        (PAGE.format(META).encode("cp1251"), ".html", "cp1251"),
        (
            PAGE.format("<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>").encode("cp1251"),
            ".htm",
            "cp1251",
        ),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + "<html><p>caf\xe9".encode("latin-1"), ".xhtml", "cp1252"),
        (PAGE.format(META).encode("utf-8"), ".html", ""),  # saved again in UTF-8
        (PAGE.format('<meta charset="utf-8">').encode("cp1251"), ".html", ""),
        (PAGE.format('<meta charset="nonsense">').encode("cp1251"), ".html", ""),
        (PAGE.format('<meta charset="utf-16">').encode("cp1251"), ".html", ""),
        (PAGE.format(META).encode("cp1251"), ".txt", ""),
    ],
)
def test_a_page_declares_its_encoding(data: bytes, suffix: str, encoding: str) -> None:
    """What a page says of itself is believed where its bytes are no UTF-8, and in no other format."""
    assert encoding_in(data, suffix) == encoding


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("one\ntwo Снимка".encode("cp1251"), r"a\.txt: not valid UTF-8 at byte 8 \(line 2\).*--encoding"),
        (codecs.BOM_UTF8 + b"\xff", r"a\.txt: not valid UTF-8 at byte 3 \(line 1\)"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", r"a\.txt: not valid UTF-16-LE at byte 2"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", r"a\.txt: this is no text file \(NUL"),
        (b"text\nwith\x07bell", r"control character U\+0007 in line 2"),
        ("text".encode("utf-16-le"), r"control character U\+0000 in line 1\).*--encoding utf-16"),
        (b"", r"a\.txt: the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        ("\u200b\ufeff\n".encode(), "the file is empty"),
        (b"a" * (MAX_BYTES + 1), r"a\.txt: 10,000,001 bytes, the limit is 10,000,000"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, message: str) -> None:
    """Wrong encodings, binary, blank and huge files are refused with file, place and advice."""
    with pytest.raises(DocumentError, match=message) as caught:
        decode_article(data, "a.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["windows-9999", "hex", "", "utf 99", "a\0b"])
def test_unknown_encodings_are_a_usage_error(encoding: str) -> None:
    """What Python cannot decode text with is refused by name."""
    with pytest.raises(UsageError, match="unknown encoding"):
        decode_article(b"text", "a.txt", encoding=encoding)


def test_common_white_space_is_text() -> None:
    """Tab, line ends and form feed are no sign of a binary file."""
    assert decode_article(b"a\tb\r\nc\fd\n", "a.txt").text == "a\tb\r\nc\fd\n"


def test_the_pipelines_own_marks_never_come_from_a_file() -> None:
    """Private use characters and non-characters are replaced one for one, with a warning; offsets hold."""
    decoded = decode_article("a\n\ue000b\uf8ff\ufffe\U000f0000".encode(), "a.txt")
    assert decoded.text == "a\n\ufffdb\ufffd\ufffd\U000f0000"
    assert len(decoded.warnings) == 1
    assert decoded.warnings[0].startswith(
        "a.txt: 3 private use character(s) replaced by U+FFFD, the first, U+E000, in line 2"
    )


def test_names_cannot_rewrite_the_terminal() -> None:
    """Control, bidirectional and undecodable characters of a file name are escaped in messages."""
    assert printable("статия é.txt") == "статия é.txt"
    assert printable("a\x1b[2J\n\u202eb\udcff\u2066") == r"a\x1b[2J\n\u202eb\udcff\u2066"
    with pytest.raises(DocumentError) as caught:
        decode_article(b"", "a\x1b[2J\u202e.txt")
    assert str(caught.value).startswith(r"a\x1b[2J\u202e.txt: ")
