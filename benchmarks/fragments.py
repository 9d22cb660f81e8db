"""Score the search for fragments, and the libraries that are installed beside it, in one run.

    python benchmarks/fragments.py DATA [--parts] [--check]

DATA holds inserted.jsonl, natural.jsonl, clean.jsonl and the scorer score.py; its README says what a fragment is.
Every article is read with its main language unknown, through the whole `detect` of the product. A library is asked
sentence by sentence, and inside quotation marks and brackets; what it says of most of the text is the main language.
--parts takes our parts out one by one. --check scores the halves of the languages that the weights were tuned on and
not tuned on apart. Libraries: pip install lingua-language-detector py3langid pycld2 eldc.
"""

import argparse
import importlib.util
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.fragments import deciding, evidence, labels, lexicon, path
from pipeline.localise import detect_article

Spans = list[dict[str, Any]]
Label = Callable[[str], tuple[str, float]]  # text -> language, probability
SETS = ("inserted", "natural", "clean")
# What a library must say to be believed: probability and letters. Chosen on the development set.
LEAST_SHARE, LEAST_LETTERS = 0.4, 6


def main() -> None:
    """Print one row a system."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    articles = [json.loads(line) for name in SETS for line in (asked.data / f"{name}.jsonl").open(encoding="utf-8")]
    scorer = load_scorer(asked.data / "score.py")
    print("| system | ins F1+lang | nat F1+lang | close | mid | false/1k | main wrong | words/CPU s | load s | MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    run("ours", ours, articles, scorer)
    if asked.check:
        languages = sorted({article["main"] for article in articles})
        for name, half in (("tuned on", languages[::2]), ("not tuned on", languages[1::2])):
            run(f"ours, languages {name}", ours, [one for one in articles if one["main"] in half], scorer)
    if asked.parts:
        for name, part in PARTS.items():
            with part():
                run(f"ours, {name}", ours, articles, scorer)
        return
    for name, make in LIBRARIES.items():
        start = time.process_time()
        try:
            label = make()
        except ImportError:
            print(f"| {name} | not installed |", flush=True)
            continue
        run(name, lambda text, label=label: by_library(text, label), articles, scorer, time.process_time() - start)


def load_scorer(file: Path) -> Any:
    """Load the scorer that belongs to the data."""
    spec = importlib.util.spec_from_file_location("score", file)
    if spec is None or spec.loader is None or not file.exists():
        sys.exit(f"error: no scorer at {file}; name the folder of the data")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(
    name: str, system: Callable[[str], tuple[str, Spans]], articles: list[Any], scorer: Any, loading: float = 0.0
) -> None:
    """Score one system and print its row."""
    start = time.process_time()
    system(articles[0]["text"])  # what loads late loads here
    loading += time.process_time() - start
    start, wrong, found = time.process_time(), 0, {}
    for article in articles:
        main_language, found[article["id"]] = system(article["text"])
        wrong += scorer.code(main_language) != article["main"]
    seconds = time.process_time() - start
    rows = {each: scorer.score([a for a in articles if a["set"] == each], found, ["pos"]) for each in SETS}
    ins, nat = (rows[each]["span_lang"]["f1"] for each in SETS[:2])
    close = rows["inserted"]["lang_acc"].get("close", {"recall": 0, "acc": 0})
    mid = rows["inserted"]["by_pos"].get("mid", {"recall": 0})["recall"]
    words = sum(row["words"] for row in rows.values())
    print(
        f"| {name} | {ins:.3f} | {nat:.3f} | {close['recall'] * (close['acc'] or 0):.2f} | {mid:.2f} "
        f"| {rows['clean'].get('fp_per_1000_words', 0):.1f} | {wrong} of {len(articles)} | {words / seconds:,.0f} "
        f"| {loading:.1f} | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} |",
        flush=True,
    )


def ours(text: str) -> tuple[str, Spans]:
    """Detect as the product does."""
    found = detect_article(text.encode(), "article", ".txt")
    spans = [
        {"start": segment.start + each.start, "end": segment.start + each.end, "lang": each.lang}
        for segment, each in found.fragments
    ]
    return found.language, spans


# Libraries.

_PIECE = re.compile(r"[^.!?…。！？؟।\n]+(?:[.!?…。！？؟।]+|(?=\n)|$)")
_INSIDE = re.compile(r"[\"“„«(\[][^\"“”„«»()\[\]\n]{4,}[\"”“»)\]]")


def by_library(text: str, label: Label) -> tuple[str, Spans]:
    """Ask a library sentence by sentence, and inside marks."""
    said = [(piece.span(), *label(piece[0])) for piece in _PIECE.finditer(text) if count_letters(piece[0])]
    sizes: Counter[str] = Counter()
    for (start, end), lang, _ in said:
        sizes[lang] += end - start
    main_language = sizes.most_common(1)[0][0] if sizes else "en"
    said += [(piece.span(), *label(piece[0])) for piece in _INSIDE.finditer(text)]
    spans = [
        {"start": start, "end": end, "lang": lang}
        for (start, end), lang, share in said
        if lang != main_language and share >= LEAST_SHARE and count_letters(text[start:end]) >= LEAST_LETTERS
    ]
    return main_language, spans


def count_letters(text: str) -> int:
    """Count letters."""
    return sum(char.isalpha() for char in text)


def make_lingua() -> Label:
    """Make a labeller of lingua."""
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def label(text: str) -> tuple[str, float]:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return label


def make_langdetect() -> Label:
    """Make a labeller of langdetect."""
    from langdetect import DetectorFactory, detect_langs
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0

    def label(text: str) -> tuple[str, float]:
        try:
            best = detect_langs(text)[0]
        except LangDetectException:
            return "und", 0.0
        return best.lang.partition("-")[0], best.prob

    return label


def make_py3langid() -> Label:
    """Make a labeller of py3langid; it gives no probability that is comparable, so it is always believed."""
    from py3langid import classify

    return lambda text: (classify(text)[0], 1.0)


def make_pycld2() -> Label:
    """Make a labeller of pycld2."""
    import pycld2

    def label(text: str) -> tuple[str, float]:
        _, _, best = pycld2.detect(text, bestEffort=True)
        return best[0][1].partition("-")[0], best[0][2] / 100

    return label


def make_eldc() -> Label:
    """Make a labeller of eldc."""
    import eldc

    eldc.init()

    def label(text: str) -> tuple[str, float]:
        answer = eldc.detect(text)
        return str(getattr(answer, "language", answer) or "und"), 1.0

    return label


LIBRARIES: dict[str, Callable[[], Label]] = {
    "langdetect": make_langdetect,
    "lingua": make_lingua,
    "py3langid": make_py3langid,
    "pycld2": make_pycld2,
    "eldc": make_eldc,
}


# Our parts, taken out one by one.


@contextmanager
def patched(owner: Any, **values: Any) -> Iterator[None]:
    """Set attributes for a while."""
    before = {name: getattr(owner, name) for name in values}
    clear_memos()
    for name, value in values.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)
        clear_memos()


def clear_memos() -> None:
    """Forget the words looked up so far."""
    for each in lexicon.lexicons().values():
        each.memo.clear()


def with_weights(**values: float) -> Any:
    """Change weights of the evidence."""
    old = evidence.weigh.__defaults__
    changed = (replace(evidence.WEIGHTS, **values),)

    @contextmanager
    def change() -> Iterator[None]:
        evidence.weigh.__defaults__ = changed
        try:
            yield
        finally:
            evidence.weigh.__defaults__ = old

    return change()


def with_prices(**values: Any) -> Any:
    """Change the prices of the path."""
    old = path.find_stretches.__defaults__

    @contextmanager
    def change() -> Iterator[None]:
        path.find_stretches.__defaults__ = (replace(path.PRICES, **values),)
        try:
            yield
        finally:
            path.find_stretches.__defaults__ = old

    return change()


def without_lists() -> Any:
    """Know no word, letters only."""
    real = lexicon.Lexicon.look_up

    def look_up(self: Any, forms: Any) -> Any:
        scores, known = real(self, forms)
        return self.guess(forms) + np.float32(lexicon.UNSEEN), np.zeros_like(known) + (0 * scores[:, 0]).astype(bool)

    return patched(lexicon.Lexicon, look_up=look_up)


def without_letters() -> Any:
    """Know words only."""
    return patched(
        lexicon.Lexicon,
        guess=lambda self, forms: np.full((len(forms), len(self.languages)), -3.0, dtype=np.float32),
    )


PARTS: dict[str, Callable[[], Any]] = {
    "without word lists": without_lists,
    "without letter groups": without_letters,
    "names count as words": lambda: with_weights(title=1.0, opening=1.0, capitals=1.0, against=1.0),
    "shared words count in full": lambda: with_weights(known=evidence.WEIGHTS.clip),
    "all borders alike": lambda: with_prices(enter=(5.0,) * 5 + (25.0,), leave=(1.5,) * 5 + (25.0,)),
    "without labels": lambda: patched(labels, label_languages=dict),
    "without the decision": lambda: patched(
        deciding, LEAST=dict.fromkeys(deciding.LEAST, 0.0), LEAST_ALONE=0.0, MIN_ALONE=1
    ),
    "without look-alikes repaired": lambda: patched(
        sys.modules["pipeline.fragments.words"],
        repair_lookalikes=lambda text, _home: (text, []),
        settle_script=lambda word: (sys.modules["pipeline.fragments.homoglyphs"].home_script(word), word),
    ),
    "without silent words": lambda: patched(evidence, find_silent=lambda _words: frozenset()),
}


if __name__ == "__main__":
    main()
