"""A forbidden word does not get out: the engines are asked in other words, and if they know none the source's stand."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.engines.base import Aligned, Engine, Find, Marks
from pipeline.engines.routes import Hop, Router
from pipeline.glossary import Glossary, load_glossary
from pipeline.localise import Options, Tools, localise_article
from pipeline.model import Target

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SENTENCE = "The committee met in the old town on Monday."


def forbid(folder: Path, target: str, *entries: str) -> Glossary:
    """Write entries, each "source = target # fact", and open them."""
    lines = [HEADER]
    for entry in entries:
        pair, _, facts = entry.partition(" # ")
        source, _, word = pair.partition(" = ")
        lines += [f"# {fact}\n" for fact in facts.split(" # ") if fact]
        lines += [f'msgid "{source}"\nmsgstr "{word}"\n\n']
    path = folder / "en" / f"{target}.po"
    path.parent.mkdir(parents=True)
    path.write_text("".join(lines), encoding="utf-8")
    return load_glossary([folder])


def translate(text: str, target: str, tools: Tools) -> Target:
    """Translate one sentence."""
    done = localise_article(text.encode(), "a", ".txt", Options((target,), source="en"), tools)
    return done.parallel.segments[0].targets[target]


@pytest.mark.parametrize(
    ("source", "word"),
    [("committee", "comitê"), ("committee", "Comissão"), ("old town", "cidade velha"), ("town", "cidade")],
)
def test_the_engine_finds_other_words(source: str, word: str, tmp_path: Path) -> None:
    """A forbidden word that it wrote is another one, in whatever form; where it wrote none nothing changes."""
    glossary = forbid(tmp_path, "pt", f"{source} = {word} # status: forbidden")
    with Tools.open(Glossary.empty()) as plain, Tools.open(glossary) as tools:
        usual, done = translate(SENTENCE, "pt", plain), translate(SENTENCE, "pt", tools)
    assert word.lower() not in done.text.lower()
    assert (done.text == usual.text) == (word.lower() not in usual.text.lower())
    assert not [finding for finding in done.findings if finding.rule == "forbidden_term"]


@pytest.mark.parametrize("target", ["es", "ca", "gl"])
def test_over_a_pivot_the_word_before_is_another(target: str, tmp_path: Path) -> None:
    """What becomes the forbidden word in the last language is not written in the first."""
    with Tools.open(Glossary.empty()) as plain:
        if not plain.router.has_route("en", target):
            pytest.skip("Apertium is not installed")
        usual = translate("The agreement was signed on Monday.", target, plain).text
    word = next(word for word in re.findall(r"\w+", usual) if word.startswith("ac"))
    with Tools.open(forbid(tmp_path, target, f"agreement = {word} # status: forbidden")) as tools:
        done = translate("The agreement was signed on Monday.", target, tools)
    assert word not in done.text
    assert done.text != usual
    assert done.text.split()[-1] == usual.split()[-1]


class Stubborn:
    """Writes "comitê" for "committee", whatever it is asked."""

    name, version, source_lang, target_lang = "stubborn", "1", "en", "pt"
    marks: Marks = "token"

    def load(self) -> None:
        """Nothing to load."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate one word."""
        return [text.replace("committee", "comitê").replace("The", "O") for text in texts]

    def close(self) -> None:
        """Nothing to close."""


class Helpful(Stubborn):
    """Knows another word, in its second way or where it is told what to avoid."""

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Translate with another word."""
        return [text.replace("comitê", "conselho") for text in self.translate(texts)]


class Feminine(Stubborn):
    """Knows another word of another gender."""

    def translate_avoiding(self, asked: Sequence[tuple[str, Find]]) -> list[Aligned]:
        """Translate with another word, after the article of the usual one."""
        texts = self.translate([text for text, _ in asked])
        assert all(find(text) for text, (_, find) in zip(texts, asked, strict=True))
        return [Aligned("", text.replace("comitê", "comissão"), ()) for text in texts]


def route(engine: Engine) -> Router:
    """Make a router with one engine."""
    router = Router()
    makers: dict[Hop, Callable[[], Engine]] = {Hop("en", "pt", engine.name, 1.0, "test"): lambda: engine}
    router._makers = makers
    return router


@pytest.mark.parametrize(
    ("engine", "entries", "text", "findings"),
    [
        (Stubborn(), ["committee = comitê # status: forbidden"], "O committee met.", 1),
        (Stubborn(), ["committee = comitê # status: forbidden # use: conselho"], "O conselho met.", 0),
        (Stubborn(), ["council = comitê # status: forbidden"], "O comitê met.", 0),
        (Helpful(), ["committee = comitê # status: forbidden"], "O conselho met.", 0),
        (Feminine(), ["committee = comitê # status: forbidden"], "A comissão met.", 0),
        (Feminine(), ["committee = comitês # status: forbidden"], "O comitê met.", 0),
    ],
)
def test_what_the_engines_cannot_avoid_is_replaced(
    engine: Engine, entries: list[str], text: str, findings: int, tmp_path: Path
) -> None:
    """By what the entry says, else by another word of the engine, else by the source's, which is an error."""
    tools = Tools(forbid(tmp_path, "pt", *entries), route(engine))
    done = translate("The committee met.", "pt", tools)
    assert done.text == text
    assert [f.rule for f in done.findings if f.rule == "forbidden_term"] == ["forbidden_term"] * findings
