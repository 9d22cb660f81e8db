"""Who may talk to the review page, and that nothing in a term runs."""

import socket
from pathlib import Path
from typing import Any

import pytest
from review_samples import BASE, HEADER, PORT, Reviewer, open_page
from starlette.testclient import TestClient

from pipeline.review.app import make_app
from pipeline.review.guard import MAX_BODY
from pipeline.review.serving import start


@pytest.fixture
def page(tmp_path: Path) -> Reviewer:
    """A page over one small glossary."""
    return open_page(tmp_path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://127.0.0.1:{PORT}.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": f"127.0.0.1.evil.example:{PORT}"},
        {"Host": f"127.0.0.1:{PORT + 1}"},
        {"Host": f"0.0.0.0:{PORT}"},
        {"Host": ""},
    ],
    ids=str,
)
def test_request_of_another_site_is_refused(page: Reviewer, headers: dict[str, str]) -> None:
    """A form, a script or a name of another site reads nothing and writes nothing, even with cookie and token."""
    before = page.path.read_bytes()
    fields = {"token": page.guard.form_token, "action": "approve", "pick": page.pick("Hanoi", "council")}
    assert page.client.post("/decide-many", data=fields, headers=headers).status_code in (403, 421)
    answer = page.client.get("/?status=all", headers=headers)
    assert answer.status_code in (403, 421)
    assert "Hanoi" not in answer.text
    assert page.path.read_bytes() == before


def test_own_origin_is_served(page: Reviewer) -> None:
    """The page's own forms come through, by both names of this machine."""
    headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert page.client.get("/", headers=headers).status_code == 200
    own = {"Host": f"localhost:{PORT}", "Cookie": f"{page.guard.cookie}={page.guard.token}"}
    assert page.client.get("/", headers=own).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/?token=", "/?token=wrong", "/stats", "/new", "/review.js", "/nothing", "/?token=é"]
)
def test_nothing_without_the_token(page: Reviewer, address: str) -> None:
    """Somebody else on this machine, who knows the port but not the token, sees nothing at all."""
    stranger = TestClient(make_app(page.desk, page.guard), base_url=BASE)
    answer = stranger.get(address)
    assert answer.status_code == 403
    assert answer.text.startswith("no token;")
    for target in ("/undo", "/add", "/decide", "/decide-many"):
        assert stranger.post(target, data={"token": page.guard.form_token}).status_code == 403


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": "wrong"}, {"token": ["a", "b"]}])
def test_form_needs_its_token(page: Reviewer, token: dict[str, Any]) -> None:
    """A cookie alone writes nothing: the form carries a token of its own, which is another than the cookie's."""
    before = page.path.read_bytes()
    fields = {"action": "approve", "pick": page.pick("Hanoi"), **token}
    assert page.client.post("/decide-many", data=fields).status_code == 403
    new = {"from": "en", "to": "pt", "source": "new", "target": "x", "action": "approve", **token}
    assert page.client.post("/add", data=new).status_code == 403
    assert page.path.read_bytes() == before
    assert page.guard.token != page.guard.form_token


def test_no_other_address_is_served(page: Reviewer) -> None:
    """The port is open on 127.0.0.1 alone: nobody reaches it by another address of this machine."""
    server = start(page.desk, 0)
    with server._door as door:
        host, port = door.getsockname()
        assert host == "127.0.0.1"
        socket.create_connection((host, port), timeout=5).close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)


def test_token_becomes_a_cookie_that_scripts_cannot_read(page: Reviewer) -> None:
    """The token leaves the address bar at once."""
    stranger = TestClient(make_app(page.desk, page.guard), base_url=BASE)
    answer = stranger.get(page.guard.address, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert {"httponly", "samesite=strict"} <= set(answer.headers["set-cookie"].lower().split("; "))


@pytest.mark.parametrize(
    "address",
    ["/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/term/../../etc/passwd", "/term/%2e%2e%2fen%2fpt.po",
     "/term/en%2fpt.po", "/review.css/../review.py", "/static/review.css", "/term/" + "f" * 16, "/term/é"],
)  # fmt: skip
def test_path_tricks_find_nothing(page: Reviewer, address: str) -> None:
    """An address names a page or an entry by its digits, never a file."""
    assert page.client.get(address).status_code == 404


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/term/../x",
        "/?a=\r\nX: y",
    ],
)
def test_form_leads_nowhere_else(page: Reviewer, back: str) -> None:
    """After a form the browser is sent to a page of ours only."""
    assert page.post("/undo", back=back).headers["location"] == "/"


def test_markup_in_a_term_is_text(tmp_path: Path) -> None:
    """Whatever stands in a term, a comment or an article is shown as text; the page allows no script of its own."""
    bad = "<img src=x onerror=alert(1)>'\\\"</script><script>"
    entry = f'# note: {bad}\n#. example: {bad}\n#, fuzzy\nmsgid "{bad}"\nmsgstr "{bad}"\n'
    page = open_page(tmp_path, entry)
    row = page.desk.rows()[0]
    form = {"id": row.id, "version": "0" * 12, "action": "approve", "target": bad + "x", "note": bad}
    shown = [
        page.get(), page.get(f"/term/{row.id}"), page.get("/?text=%3Cimg+src%3Dx%3E%22%3E%3Cscript%3E"),
        page.post("/decide", **form).text, page.post("/decide", **{**form, "action": bad}).text,
    ]  # fmt: skip
    for text in shown:
        assert "<img" not in text
        assert text.count("<script") == 1
    parts = page.client.post(
        "/decide", data={"token": page.guard.form_token, **form}, headers={"Accept": "application/json"}
    )
    assert parts.headers["content-type"] == "application/json"
    assert "<img" not in parts.text


def test_every_answer_forbids_what_is_not_ours(page: Reviewer) -> None:
    """Pages, refusals and mistakes carry the policy: own style and script only, no frame, no guessing, no store."""
    for address in ("/", "/stats", "/nothing", "/review.js"):
        headers = page.client.get(address).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    refused = page.client.get("/", headers={"Host": "x"})
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]


def test_page_names_no_other_site(page: Reviewer) -> None:
    """No page, style or script fetches anything from elsewhere."""
    for address in ("/?status=all", "/help", "/stats", "/review.css", "/review.js"):
        text = page.get(address)
        assert "http:" not in text
        assert "https:" not in text


def test_large_form_is_refused(page: Reviewer) -> None:
    """A form larger than any of ours is not held in memory."""
    assert page.client.post("/undo", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert page.client.post("/undo", content=b"a=1&" * 10_000).status_code == 413


def test_odd_bytes_are_an_answer(page: Reviewer) -> None:
    """No form, however odd, is an error of the server."""
    for body in (b"", b"%ff=%fe", b"\xff\xfe", b"token=%00&pick=..&pick=." + b"&id=" * 9):
        assert page.client.post("/decide", content=body).status_code == 403
    for fields in ({}, {"id": "x"}, {"id": "é" * 99, "action": "\x00"}):
        assert page.post("/decide", **fields).status_code in (303, 409, 422)


def test_secrets_are_of_one_run(tmp_path: Path) -> None:
    """Two runs share no token, and none is in what an error shows."""
    one, two = open_page(tmp_path).guard, open_page(tmp_path).guard
    assert one.token != two.token
    assert one.token not in repr(one)
    assert HEADER
