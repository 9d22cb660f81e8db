"""JSON lines and the manifest: nothing lost, one segment a line, the same bytes each time."""

import hashlib
import json
from dataclasses import replace

import parallel_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.jsonl import render_jsonl
from pipeline.exports.manifest import render_manifest
from pipeline.model import (
    Alternative,
    Decision,
    Finding,
    Fragment,
    LocalisedSegment,
    Role,
    Segment,
    Severity,
    State,
    Target,
    TermUse,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates and controls included
SMALL = st.integers(0, 99)


def texts(kind: type, **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Build values of a frozen class with any text in its text fields."""
    return st.builds(kind, **{name: fixed.get(name, ANY_TEXT) for name in kind.__dataclass_fields__})


FRAGMENTS = texts(
    Fragment,
    start=SMALL,
    end=SMALL,
    score=st.floats(0, 1),
    alternatives=st.lists(ANY_TEXT, max_size=2).map(tuple),
)
FINDINGS = texts(Finding, severity=st.sampled_from(Severity))
TARGETS = texts(
    Target,
    state=st.sampled_from(State),
    terms=st.lists(texts(TermUse), max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    decisions=st.lists(texts(Decision), max_size=2).map(tuple),
    pieces=st.just(()),
    alignment=st.just(()),
    alternatives=st.lists(texts(Alternative, quality=SMALL), max_size=2).map(tuple),
)
SEGMENTS = texts(
    LocalisedSegment,
    segment=texts(Segment, start=SMALL, pieces=st.just(())),
    pieces=st.just(()),
    role=st.sampled_from(Role),
    fragments=st.lists(FRAGMENTS, max_size=2).map(tuple),
    decisions=st.lists(texts(Decision), max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    targets=st.dictionaries(st.sampled_from(["pt", "pt-BR", "zh-Hans"]), TARGETS, max_size=2),
)


def read_segment(line: dict) -> LocalisedSegment:
    """Read one line back; what the file does not carry (offset in the file, white space) is set to nothing."""
    return LocalisedSegment(
        Segment(line["id"], line["source"], 0),
        line["block"],
        Role(line["role"]),
        line["normalised"],
        tuple(Fragment(**{**item, "alternatives": tuple(item["alternatives"])}) for item in line["fragments"]),
        tuple(Decision(**item) for item in line["decisions"]),
        tuple(map(read_finding, line["findings"])),
        {language: read_target(target) for language, target in line["targets"].items()},
    )


def read_finding(item: dict) -> Finding:
    """Read one finding back."""
    return Finding(**{**item, "severity": Severity(item["severity"])})


def read_target(item: dict) -> Target:
    """Read one target back."""
    return Target(
        item["text"],
        State(item["state"]),
        item["route"],
        tuple(TermUse(**term) for term in item["terms"]),
        tuple(map(read_finding, item["findings"])),
        tuple(Decision(**decision) for decision in item["decisions"]),
        alternatives=tuple(Alternative(**one) for one in item["alternatives"]),
    )


@given(st.lists(SEGMENTS, max_size=4))
def test_jsonl_round_trip(items: list[LocalisedSegment]) -> None:
    """Everything found, decided and translated comes back from the lines exactly, whatever the texts hold."""
    lines = render_jsonl(samples.make_parallel(items, ("pt",))).decode("utf-8").splitlines()
    back = [read_segment(json.loads(line)) for line in lines]
    # Where a segment stood, and the article's style of quotation marks, only the stages need to know.
    bare = [replace(item.segment, start=0, tail="", repeats="") for item in items]
    assert back == [replace(item, segment=one, straight=True) for item, one in zip(items, bare, strict=True)]


def test_jsonl_is_one_segment_a_line() -> None:
    """Line separators inside a text do not break a line for readers that split at them."""
    parallel = samples.hostile()
    written = render_jsonl(parallel).decode("utf-8")
    assert len(written.splitlines()) == written.count("\n") == len(parallel.segments)


def test_jsonl_keys_and_readable_scripts() -> None:
    """Keys stand in the order that the format names; other scripts are letters, not escapes."""
    written = render_jsonl(samples.everyday())
    line = json.loads(written.splitlines()[3])
    assert list(line) == [
        "id", "block", "role", "source", "normalised", "fragments", "decisions", "findings", "targets",
    ]  # fmt: skip
    assert list(line["targets"]) == ["pt", "ar", "zh-Hans"]
    assert list(line["targets"]["pt"]) == [
        "text",
        "state",
        "route",
        "terms",
        "findings",
        "decisions",
        "alternatives",
    ]
    assert list(line["fragments"][0])[:8] == ["start", "end", "lang", "script", "score", "kind", "reason", "text"]
    assert "Снимка: БГНЕС".encode() in written


def test_manifest_lists_what_was_left_out() -> None:
    """Boilerplate and counter stand with their ids and texts, and nothing else does."""
    manifest = json.loads(render_manifest(samples.everyday(), {}))
    assert manifest["left_out"] == {
        "roles": ["boilerplate", "counter"],
        "segments": [
            {"id": "b1s1", "block": "b1", "role": "boilerplate", "text": "Link to main version"},
            {"id": "b2s1", "block": "b2", "role": "counter", "text": "56"},
        ],
    }


def test_manifest_counts_and_digests() -> None:
    """Counts are those of the article, a rule that never fired is absent, digests are those of the bytes."""
    files = {"b.txt": b"b\n", "a.txt": b""}
    manifest = json.loads(render_manifest(samples.everyday(), files))
    assert manifest["counts"] == {
        "blocks": 6,
        "segments": 7,
        "fragments": 2,
        "states": {
            "pt": {"composed": 1, "machine": 4},
            "ar": {"machine": 3, "untranslated": 1},
            "zh-Hans": {"machine": 3, "reviewed": 1},
        },
        "terms": {"applied": 1, "enforced": 1, "missing": 1},
        "findings": {"quote_pair": 1, "term_missing": 1, "untranslated": 1},
        "remarks": {},
    }
    assert list(manifest["files"].items()) == [(name, hashlib.sha256(data).hexdigest()) for name, data in files.items()]


def test_manifest_is_the_signature() -> None:
    """Every field of the signature is there; the order in which engines were used does not show."""
    parallel = samples.everyday()
    turned = replace(parallel.signature, engines=dict(reversed(parallel.signature.engines.items())))
    written = render_manifest(parallel, {})
    assert render_manifest(replace(parallel, signature=turned), {}) == written
    assert set(json.loads(written)["signature"]) == set(parallel.signature.__dataclass_fields__)


def test_manifest_takes_any_name() -> None:
    """A file name that is not UTF-8 reaches us with lone surrogates and comes back from the manifest."""
    parallel = samples.make_parallel([], (), name="caf\udce9")
    assert json.loads(render_manifest(parallel, {"caf\udce9.txt": b""}))["article"]["name"] == "caf\udce9.txt"
