"""LibreTranslate over HTTP: batches, limits, retries, and a server that is broken, slow, wrong or hostile."""

import email.utils
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from translate_server import Stub, Trouble, serve

from pipeline.engines import libretranslate
from pipeline.engines.argos import ArgosEngine, installed_packages
from pipeline.engines.libretranslate import (
    ATTEMPTS,
    CAP_WAIT_S,
    KEY_VARIABLE,
    LONGEST_WAIT_S,
    MAX_ANSWER,
    MAX_CHARS,
    MAX_TEXTS,
    PROVIDER,
    URL_VARIABLE,
    LibreTranslateEngine,
    Server,
    cut_batches,
)
from pipeline.engines.routes import Router
from pipeline.errors import EngineFailed, EngineMissing, UsageError

TEXTS = [f"Sentence {number} of the article." for number in range(80)]


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Run a stand-in."""
    with serve() as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the waits, which take no time here."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def engine(stub: Stub, key: str = "") -> LibreTranslateEngine:
    """Make an engine for English to Spanish."""
    return LibreTranslateEngine(("en", "es"), ("en", "es"), Server(stub.address, key))


def test_texts_go_in_batches_and_come_back_in_order(stub: Stub) -> None:
    """Each text once, in requests of limited size; what has no letters does not go."""
    texts = [TEXTS[3], "", "  ", "...", *TEXTS, TEXTS[3]]
    assert engine(stub).translate(texts) == [text.strip().upper() for text in texts]
    sent = [text for request in stub.asked for text in request["q"]]
    assert sorted(sent) == sorted(TEXTS)
    assert all(len(request["q"]) <= MAX_TEXTS and sum(map(len, request["q"])) <= MAX_CHARS for request in stub.asked)
    assert stub.asked[0] | {"q": []} == {"q": [], "source": "en", "target": "es", "format": "text"}


def test_each_try_is_a_sign_of_life(stub: Stub, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow server is no call that hangs: every request has limits of its own."""
    signs: list[int] = []
    monkeypatch.setattr(libretranslate, "show_life", lambda: signs.append(len(stub.asked)))
    stub.troubles = [Trouble(503)]
    engine(stub).translate(TEXTS)
    assert signs == list(range(len(stub.asked)))


def test_a_long_text_goes_alone() -> None:
    """However long."""
    assert [len(batch) for batch in cut_batches(["a", "b" * MAX_CHARS, "c"])] == [1, 1, 1]


@pytest.mark.parametrize(("texts", "chars"), [(1, 0), (7, 0), (0, 40), (0, 300), (3, 100)])
def test_limits_of_the_server_are_found_out(stub: Stub, texts: int, chars: int) -> None:
    """Requests are halved down to what the server takes, a sentence at its best boundary; nothing is lost."""
    stub.batch_limit, stub.text_limit = texts, chars
    long = "The bridge, which was built in 1900, is closed; the mayor said so, and nobody knows for how long."
    assert engine(stub).translate([*TEXTS, long]) == [text.upper() for text in [*TEXTS, long]]


@pytest.mark.parametrize("trouble", [Trouble(429), Trouble(500, b"x"), Trouble(502), Trouble(503), Trouble(cuts=True)])
def test_what_passes_is_tried_again(stub: Stub, trouble: Trouble, waits: list[float]) -> None:
    """With growing waits, and the same answer in the end."""
    stub.troubles = [trouble] * (ATTEMPTS - 1)
    assert engine(stub).translate(["One."]) == ["ONE."]
    assert waits == sorted(waits) and len(waits) == ATTEMPTS - 1
    assert max(waits) <= CAP_WAIT_S


@pytest.mark.parametrize("in_seconds", [True, False])
def test_the_wish_of_the_server_is_heeded(stub: Stub, waits: list[float], in_seconds: bool) -> None:
    """Retry-After in seconds or as a date."""
    wish = "7" if in_seconds else email.utils.formatdate(time.time() + 7, usegmt=True)
    stub.troubles = [Trouble(429, headers={"Retry-After": wish})]
    assert engine(stub).translate(["One."]) == ["ONE."]
    assert len(waits) == 1 and 5 < waits[0] <= 7


ERRORS = [
    (Trouble(429, b'{"error": "Slowdown"}', {"Retry-After": "3600"}), "429 Slowdown, and asks to wait 3600 s"),
    (Trouble(400, b'{"error": "es is not supported"}'), "400 es is not supported; ask whoever runs it"),
    (Trouble(401), "401; set a key"),
    (Trouble(403, b'{"error": "Invalid API key"}'), "403 Invalid API key; set a key, or another one"),
    (Trouble(404, b"<html>"), "404; is it LibreTranslate?"),
    (Trouble(301, headers={"Location": "http://elsewhere.example/"}), "301; is the address right?"),
    (Trouble(200, b"<html>welcome</html>"), "not JSON; is it LibreTranslate?"),
    (Trouble(200, b"[" * 100_000), "not JSON"),
    (Trouble(200, b'{"translatedText": "one text"}'), "no 1 translations in its answer"),
    (Trouble(200, b'{"translatedText": [1]}'), "no 1 translations in its answer"),
    (Trouble(200, b'{"translatedText": ["a", "b"]}'), "no 1 translations in its answer"),
    (Trouble(200, b"7"), "no 1 translations in its answer"),
    (Trouble(200, b'"' + b"x" * (MAX_ANSWER + 1) + b'"'), f"more than {MAX_ANSWER:,} bytes"),
]


@pytest.mark.parametrize(("trouble", "message"), ERRORS, ids=[message for _, message in ERRORS])
def test_each_error_is_one_clear_line(stub: Stub, trouble: Trouble, message: str, waits: list[float]) -> None:
    """What, where, and what to try; asked once."""
    stub.troubles = [trouble] * ATTEMPTS
    with pytest.raises(EngineFailed) as caught:
        engine(stub).translate(["One."])
    assert message in str(caught.value)
    assert stub.address in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert (len(stub.asked), waits) == (1, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_never_recovers_is_left_alone(stub: Stub, status: int, waits: list[float]) -> None:
    """After so many tries, within a limit of time."""
    stub.troubles = [Trouble(status, b'{"error": "Too busy"}')] * 50
    with pytest.raises(EngineFailed, match=f"{status} Too busy .{ATTEMPTS} tries."):
        engine(stub).translate(["One."])
    assert len(stub.asked) == ATTEMPTS
    assert sum(waits) < LONGEST_WAIT_S


def test_a_server_that_hangs_is_an_error(stub: Stub, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever."""
    monkeypatch.setattr(libretranslate, "ANSWER_S", 0.05)
    monkeypatch.setattr(stub, "answer", lambda request: (time.monotonic() and _block(), {}))
    with pytest.raises(EngineFailed, match="no answer in time"):
        engine(stub).translate(["One."])


def _block() -> int:
    import threading

    threading.Event().wait(0.3)
    return 200


def test_no_server_is_an_error(waits: list[float]) -> None:
    """A closed port."""
    with pytest.raises(EngineFailed, match="try later"):
        LibreTranslateEngine(("en", "es"), ("en", "es"), Server("http://127.0.0.1:9")).translate(["One."])


def test_what_a_server_writes_is_cleaned(stub: Stub) -> None:
    """One line, without control characters, half characters and those that are marks of ours."""
    body = json.dumps({"translatedText": ["a\nb\x00c\ue000d\ud800e\u2028f\x1b[31m"]}).encode()
    stub.troubles = [Trouble(200, body)]
    assert engine(stub).translate(["One."]) == ["a b cde f [31m"]


def test_the_key_goes_with_the_text(stub: Stub) -> None:
    """To a server that wants it; without one the server's refusal is told."""
    stub.key = "secret"
    assert engine(stub, "secret").translate(["One."]) == ["ONE."]
    with pytest.raises(EngineFailed, match="403 Invalid API key") as caught:
        engine(stub, "wrong-key").translate(["One."])
    assert "wrong-key" not in str(caught.value)


def test_pairs_are_the_servers(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """In our tags, without unknown ones; a plain code goes before one of a region. No address, no pairs."""
    monkeypatch.setenv(URL_VARIABLE, stub.address)
    monkeypatch.setenv(KEY_VARIABLE, "k")
    pairs = {(offer.source_lang, offer.target_lang): offer for offer in PROVIDER.offers(False)}
    assert sorted(pairs) == [("en", "es"), ("en", "pt"), ("en", "zh-Hans"), ("es", "en")]
    assert pairs["en", "pt"].make().translate(["One."]) == ["ONE."]
    assert (stub.asked[-1]["target"], stub.asked[-1]["api_key"]) == ("pt", "k")
    monkeypatch.delenv(URL_VARIABLE)
    assert list(PROVIDER.offers(False)) == []


def test_a_server_that_is_down_does_not_stop_other_engines(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    """Its trouble is told where a route is missing, and nowhere else."""
    monkeypatch.setenv(URL_VARIABLE, "http://127.0.0.1:9")
    router = Router()
    assert router.find_route("en", "pt").text == "en-pt:firefox"
    with pytest.raises(EngineMissing, match=r"engine libretranslate: http://127\.0\.0\.1:9"):
        router.find_route("en", "tr")


@pytest.mark.parametrize("languages", [b"{}", b"<html>", b"[7]", b'[{"code": 1, "targets": [null, {}]}]'])
def test_a_list_of_languages_may_be_anything(stub: Stub, monkeypatch: pytest.MonkeyPatch, languages: bytes) -> None:
    """No pairs, or one clear error; never another exception."""
    stub.languages = languages
    monkeypatch.setenv(URL_VARIABLE, stub.address)
    router = Router("libretranslate")
    assert not router.has_route("en", "es")


def describe(version: object) -> Trouble:
    """Return what a server says at /spec."""
    return Trouble(body=json.dumps({"info": {"title": "LibreTranslate", "version": version}}).encode())


def test_the_version_tells_releases_and_lists_of_languages_apart(stub: Stub) -> None:
    """Another release or another list of pairs is another engine; the same ones are the same."""
    seen = {engine(stub).version}
    for release in ("1.6.4", "1.7.0"):
        stub.spec = describe(release)
        assert f" {release}, pairs " in engine(stub).version
        seen |= {engine(stub).version, engine(stub).version}
    stub.languages = json.dumps([{"code": "en", "targets": ["es"]}]).encode()
    seen.add(engine(stub).version)
    assert len(seen) == 4


@pytest.mark.parametrize(
    "spec",
    [
        Trouble(404, b"<html>"), Trouble(403), Trouble(200, b"<html>"), Trouble(200, b"[]"), Trouble(200, b"{}"),
        Trouble(200, b'{"info": 7}'), Trouble(503), Trouble(cuts=True), Trouble(301, headers={"Location": "/x"}),
        *(describe(version) for version in ("?", "", None, 7, "1.6\n| evil", "1." + "0" * 99)),
    ],
)  # fmt: skip
def test_a_server_that_does_not_tell_its_release_works(stub: Stub, spec: Trouble, waits: list[float]) -> None:
    """Whatever it says instead: the address and the pairs are what is known of it."""
    stub.spec = spec
    assert engine(stub).version.startswith(f"{stub.address}, pairs ")
    assert engine(stub).translate(["One."]) == ["ONE."]
    assert len(waits) < ATTEMPTS - 1


@pytest.mark.parametrize("address", ["localhost:5000", "ftp://x", "file:///etc/passwd"])
def test_an_address_must_be_of_the_web(address: str) -> None:
    """Nothing else is opened."""
    with pytest.raises(UsageError, match="no address of the web"):
        Server(address)


@pytest.mark.skipif(not os.environ.get("LIBRETRANSLATE_TEST_URL"), reason="no LibreTranslate server is named")
def test_a_real_server_writes_what_our_own_argos_engine_writes(tiny: Path) -> None:
    """With the tiny package: the same sentences. make test-libretranslate starts such a server."""
    server = Server(os.environ["LIBRETRANSLATE_TEST_URL"])
    pairs = server.pairs
    assert server.release
    assert server.signature.startswith(f"{server.address} {server.release}, pairs ")
    assert pairs["en", "es"] == ("en", "es")
    texts = [
        "The bridge is new.", "", "The old school was closed last year.", "120 workers protested in Sofia yesterday.",
        "The mayor of Varna will visit the new bridge on Monday.", "The hospitals are large.",
    ] * 10  # fmt: skip
    wanted = ArgosEngine(installed_packages(tiny.parent)["en", "es"]).translate(texts)
    assert LibreTranslateEngine(("en", "es"), pairs["en", "es"], server).translate(texts) == wanted
    with pytest.raises(EngineFailed, match=r"400 .*not"):
        server.translate(["The bridge is new."], "es", "en")
