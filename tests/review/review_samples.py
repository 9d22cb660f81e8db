"""Glossaries and articles for the tests of the review page."""

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pipeline.review import Desk, load_articles
from pipeline.review.app import make_app
from pipeline.review.guard import Guard

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
HEADER = """\
# Kept as it is: a comment of the team.
msgid ""
msgstr ""
"Language: pt\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Source-Language: en\\n"

"""
# Odd on purpose: blank lines, wrapped strings, a flag of another tool, free comments; none of it may move.
ENTRIES = """\
# type: place
#. seen: 3
#. proposal: en-pt:firefox = Hanoi, a cidade
#: articles/a.txt:1
#, fuzzy
msgid "Hanoi"
msgstr "Hanói"


# free words of the team
# type: office
# approved: Ana Silva 2026-01-02T10:00Z 000000000000
msgid "mayor"
msgstr ""
"presi"
"dente da câmara"

#, fuzzy, no-wrap
msgid "council"
msgstr "conselho"

msgid "Lisbon"
msgstr "Lisboa"

# type: label
msgctxt "label"
msgid "Photo"
msgstr ""

#~ msgid "old"
#~ msgstr "velho"
"""


@dataclass
class Reviewer:
    """A browser without JavaScript: it opens pages, and sends the forms that stand in them."""

    client: TestClient
    path: Path
    desk: Desk
    guard: Guard

    def get(self, address: str = "/?status=all") -> str:
        """Open a page."""
        return self.client.get(address).text

    def form(self, source: str) -> dict[str, str]:
        """Return the fields of an entry's form, as the page of all entries has it."""
        return next(form for form in read_forms(self.get()) if form.get("_label", "").endswith(f" {source}"))

    def decide(self, form: dict[str, str], action: str, **changes: str) -> Any:
        """Send an entry's form with one of its buttons."""
        fields = {key: value for key, value in form.items() if not key.startswith("_")}
        return self.client.post("/decide", data={**fields, **changes, "action": action}, follow_redirects=False)

    def post(self, address: str, **fields: Any) -> Any:
        """Send another form with its token."""
        return self.client.post(address, data={"token": self.guard.form_token, **fields}, follow_redirects=False)

    def id_of(self, source: str) -> str:
        """Return an entry's id."""
        return next(row.id for row in self.desk.rows() if row.source == source)

    def pick(self, *sources: str) -> list[str]:
        """Return what the boxes of entries send."""
        return [f"{row.id}.{row.version}" for row in self.desk.rows() if row.source in sources]


class _Forms(HTMLParser):
    """Collect the fields of forms."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"_action": given.get("action", "")})
        elif tag == "input" and self.forms and "form" not in given and given.get("name"):
            self.forms[-1][given["name"]] = given.get("value", "")
        elif tag == "button" and self.forms and given.get("value") == "approve":
            self.forms[-1]["_label"] = given.get("aria-label", "")
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self.forms[-1][self.select] = "?"

    def handle_data(self, data: str) -> None:
        if self.forms and self.select and self.forms[-1].get(self.select) == "?":
            self.forms[-1][self.select] = data


def read_forms(page: str) -> list[dict[str, str]]:
    """Return the forms of a page with what a browser would send."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms


def open_page(folder: Path, entries: str = ENTRIES, articles: Path | None = None) -> Reviewer:
    """Write a glossary and open the page over it, as somebody who has its address."""
    path = folder / "glossaries/en/pt.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + entries, encoding="utf-8")
    desk = Desk(folder / "glossaries", "Ana Silva", load_articles([articles] if articles else []))
    guard = Guard(PORT)
    client = TestClient(make_app(desk, guard), base_url=BASE)
    client.get(guard.address)
    return Reviewer(client, path, desk, guard)


def write_article(folder: Path, name: str, *texts: tuple[str, str], lang: str = "en", finding: str = "") -> Path:
    """Write the parallel file of an article, one (source, Portuguese) pair a segment."""
    out = folder / name
    out.mkdir(parents=True)
    found = [{"rule": finding}] if finding else []
    lines = [
        {
            "id": f"b1s{number}", "source": source, "normalised": source, "fragments": [], "findings": [],
            "targets": {"pt": {"text": target, "terms": [], "findings": found}},
        }
        for number, (source, target) in enumerate(texts, 1)
    ]  # fmt: skip
    (out / f"{name}.parallel.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (out / "manifest.json").write_text(json.dumps({"article": {"language": lang}}), encoding="utf-8")
    return folder
