"""Count the tags that the real engines' translations keep, and those that stand around the right words.

Usage: python benchmarks/inline.py [SENTENCES] [SEED]
Generated sentences (the reference's, with tags anywhere) go through the whole pipeline as HTML and as Markdown; every
tag must come back once, well nested. The reference (tests/cases/inline/reference.toml) was marked by hand.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import html5lib
from inline_reference import Reference, place_all, read_references
from markdown_it import MarkdownIt

from pipeline.aligning import align_route
from pipeline.engines.routes import Router
from pipeline.errors import EngineMissing
from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Options, Tools, localise_article

LANGS = ("pt", "es", "ca", "gl")
PER_ARTICLE = 50
MAX_TAGS = 6
_HTML = ("a", "b", "i", "em", "strong", "span", "mark", "q", "sup", "u")
_MARKDOWN = (("**", "**"), ("*", "*"), ("~~", "~~"), ("[", "](https://example.org/{})"), ("`", "`"))
_TAG = re.compile(r"<(/?)([a-z]+)(?: id=\"(t\d+)\")?/?>")


def choose_spans(words: int, dice: random.Random) -> list[tuple[int, int]]:
    """Choose spans of words that nest, outer ones first, as many as MAX_TAGS."""
    spans: list[tuple[int, int]] = []
    for _ in range(dice.randint(1, MAX_TAGS)):
        start = dice.randrange(words)
        end = min(words, start + dice.choice((1, 1, 2, 2, 3, 4, 6, words)))
        crossing = any(a < start < b < end or start < a < end < b for a, b in spans)
        if not crossing and (start, end) not in spans:
            spans.append((start, end))
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def write_html(text: str, dice: random.Random, number: int) -> str:
    """Write a sentence with tags, each with an id of its own, and now and then one without words."""
    words, has_link = text.split(), False
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for i, (start, end) in enumerate(choose_spans(len(words), dice)):
        name = dice.choice(_HTML if not has_link else _HTML[1:])  # no link stands in a link
        has_link = has_link or name == "a"
        before[start] = before.get(start, "") + f'<{name} id="t{number * 10 + i}">'
        after[end - 1] = f"</{name}>" + after.get(end - 1, "")
    if dice.random() < 0.2:
        at = dice.randrange(len(words))
        after[at] = after.get(at, "") + f'<img id="t{number * 10 + 9}">'
    return " ".join(before.get(i, "") + word + after.get(i, "") for i, word in enumerate(words))


def write_markdown(text: str, dice: random.Random, number: int) -> str:
    """Write a sentence with marks that do not nest: where they do, Markdown itself is not sure."""
    words = text.split()
    end = 0
    for i, (a, b) in enumerate(choose_spans(len(words), dice)):
        if a < end:
            continue
        left, right = dice.choice(_MARKDOWN)
        words[a] = left + words[a]
        words[b - 1] += right.format(number * 10 + i)
        end = b
    return " ".join(words)


def count_html(sources: Sequence[str], page: str) -> Iterator[str]:
    """Give what is wrong with the tags of a page."""
    targets = re.findall(r"<p>(.*?)</p>", page, re.DOTALL)
    assert len(targets) == len(sources)
    for source, target in zip(sources, targets, strict=True):
        if Counter(_TAG.findall(source)) != Counter(_TAG.findall(target)):
            yield f"lost: {source} -> {target}"
        stack: list[str] = []
        for close, name, _ in _TAG.findall(target):
            if name == "img":
                continue
            if not close:
                stack.append(name)
            elif not stack or stack.pop() != name:
                yield f"crossed: {source} -> {target}"
                break
        parser = html5lib.HTMLParser(strict=False)
        parser.parseFragment(target)
        if problems := [code for _, code, _ in parser.errors]:
            yield f"not HTML ({problems}): {source} -> {target}"


def count_markdown(sources: Sequence[str], text: str) -> Iterator[str]:
    """Give what is wrong with the marks of a text, as another reader of Markdown sees it."""
    md = MarkdownIt("commonmark").enable("strikethrough")
    targets = text.strip().split("\n\n")
    assert len(targets) == len(sources)
    for source, target in zip(sources, targets, strict=True):
        here, there = (_tags_of(md, one) for one in (source, target))
        if here != there:
            yield f"lost: {source} -> {target}"


def _tags_of(md: MarkdownIt, text: str) -> Counter[str]:
    return Counter(re.findall(r"<[^>]*>", md.render(text)))


def count_kept(references: Sequence[Reference], total: int, seed: int) -> None:
    """Print how many generated sentences keep their tags, a row a format and language."""
    dice = random.Random(seed)
    texts = [one.texts()[0] for one in references]
    print("| format | target | sentences | tags | all kept, well nested |")
    print("| --- | --- | --- | --- | --- |")
    with Tools.open(load_glossary([builtin_folder()])) as tools:
        langs = tuple(lang for lang in LANGS if tools.router.has_route("en", lang))
        for suffix, write, check in ((".html", write_html, count_html), (".md", write_markdown, count_markdown)):
            sources = [write(dice.choice(texts), dice, number) for number in range(total // 2)]
            wrong: dict[str, list[str]] = {lang: [] for lang in langs}
            for at in range(0, len(sources), PER_ARTICLE):
                part = sources[at : at + PER_ARTICLE]
                page = "".join(f"<p>{one}</p>\n" for one in part) if suffix == ".html" else "\n\n".join(part) + "\n"
                done = localise_article(page.encode(), "generated", suffix, Options(langs, source="en"), tools)
                for lang in langs:
                    wrong[lang] += check(part, done.rendered[lang])
            tags = sum(len(re.findall(r"<[a-z]|\*+\b|\[|~~\b|`\b", one)) for one in sources)
            for lang in langs:
                print(f"| {suffix[1:]} | {lang} | {len(sources)} | {tags} | {len(sources) - len(wrong[lang])} |")
                print(*wrong[lang][:10], sep="\n", end="\n" if wrong[lang] else "", file=sys.stderr)


def count_right(references: Sequence[Reference]) -> None:
    """Print how many tags of the reference stand around the right words, and exactly as marked."""
    print("\n| target | tags | right words | exactly as marked | held out: tags | right words |")
    print("| --- | --- | --- | --- | --- | --- |")
    router = Router()
    for way in (("pt",), ("pt", "es")):
        try:
            hops = router.find_route("en", way[-1]).hops
        except EngineMissing:
            continue
        ways = [one.texts(*way) for one in references]
        alignments = align_route([router.engine(hop) for hop in hops], ways, {})
        placed = place_all(references, way[-1], alignments)
        fresh = [(one, links) for one, links in zip(references, alignments, strict=True) if one.held_out]
        held = place_all([one for one, _ in fresh], way[-1], [links for _, links in fresh])
        right, exact = sum(one.is_right for one in placed), sum(one.got == one.wanted for one in placed)
        held_right = sum(one.is_right for one in held)
        print(f"| {way[-1]} | {len(placed)} | {right} | {exact} | {len(held)} | {held_right} |")
        print(*(one.show() for one in placed if not one.is_right), sep="\n", file=sys.stderr)
    router.close()


def main() -> None:
    """Print both tables; what is wrong goes to standard error."""
    total, seed = (*map(int, sys.argv[1:3]), *(2000, 1)[len(sys.argv) - 1 :])[:2]
    references = read_references()
    count_kept(references, total, seed)
    count_right(references)


if __name__ == "__main__":
    main()
