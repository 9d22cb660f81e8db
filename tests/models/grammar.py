"""Sentences of a small world, in English and Spanish, made from the words of grammar.toml by a seed.

Written for this project, so that a model can be trained whose right answers are known: agreement, contraction
("del"), word order, names and tokens that are copied, numbers, quotations, sentences of one to three clauses and
the parts of longer ones.
"""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "grammar.toml").read_text("utf-8"))
TOKENS = ("XQ{}", "Zyx{}", "PH_{}")  # what the pipeline puts in the place of a protected span
DEFINITE = {"m": ("el", "los"), "f": ("la", "las")}
INDEFINITE = {"m": "un", "f": "una"}


def make_pairs(seed: int) -> Iterator[Pair]:
    """Give pairs of sentences without end; the same ones for the same seed."""
    rng = random.Random(seed)
    while True:
        yield Sentence(rng).write()


class Sentence:
    """One sentence in the making; its tokens are numbered as the pipeline numbers them."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._style = rng.choice(TOKENS)
        self._tokens = 0
        self._has_tokens = rng.random() < 0.35

    def write(self) -> Pair:
        """Write a headline, a quotation, one to three clauses, or a part of a longer sentence."""
        kind = self._rng.random()
        if kind < 0.08:
            return _contract(*_capitals(*self._headline()))
        if kind < 0.2:
            english, spanish = _capitals(*self._clause())
            who = self._who()
            return _contract(f'"{english}," said {who[0]}.', f'"{spanish}", dijo {who[1]}.')
        english, spanish = self._clauses()
        if kind > 0.88:
            return _contract(*self._part(english, spanish))
        end = "" if kind > 0.84 else "."  # a deck or a caption has none
        return _contract(*_capitals(f"{english}{end}", f"{spanish}{end}"))

    def _clauses(self) -> Pair:
        english, spanish = self._clause()
        for _ in range(self._rng.choices((0, 1, 2), (60, 30, 10))[0]):
            more = self._clause()
            join = self._rng.choice(((", and", ", y"), (", but", ", pero"), (" while", " mientras")))
            english, spanish = f"{english}{join[0]} {more[0]}", f"{spanish}{join[1]} {more[1]}"
        return english, spanish

    def _part(self, english: str, spanish: str) -> Pair:
        """Write clauses as an over-long sentence has them when it is cut at its commas."""
        if self._rng.random() < 0.4:
            return _capitals(f"{english},", f"{spanish},")
        join = self._rng.choice((("and", "y"), ("but", "pero"), ("while", "mientras")))
        end = self._rng.choice((".", ","))
        return f"{join[0]} {english}{end}", f"{join[1]} {spanish}{end}"

    def _pick(self, table: str) -> Any:
        return self._rng.choice(WORDS[table])

    def _token(self, share: float) -> str:
        """Write the next token, in `share` of the cases of a sentence that has tokens; else ""."""
        if not self._has_tokens or self._tokens > 9 or self._rng.random() > share:
            return ""
        self._tokens += 1
        return self._style.format(self._tokens - 1)

    def _name(self) -> tuple[str, int]:
        """Write a name, and 1 for a woman's; behind a token stands a man."""
        if token := self._token(0.4):
            return token, 0
        woman = self._rng.randint(0, 1)
        return f"{self._pick('women' if woman else 'men')} {self._pick('last_names')}", woman

    def _place(self) -> Pair:
        if token := self._token(0.4):
            return token, token
        english, spanish = self._pick("places")
        return english, spanish

    def _number(self) -> str:
        if token := self._token(0.3):
            return token
        return str(self._pick("numbers"))

    def _time(self, *, future: bool = False) -> Pair:
        kind = self._rng.random()
        if kind < 0.4:
            english, spanish = self._pick("days")
            return f"on {english}", f"el {spanish}"
        if kind < 0.55:
            english, spanish = self._pick("months")
            return f"in {english}", f"en {spanish}"
        if kind < 0.75:
            year = self._token(0.3) or str(self._rng.randint(1990, 2029))
            return f"in {year}", f"en {year}"
        english, spanish = self._pick("future_times" if future else "times")
        return english, spanish

    def _who(self) -> Pair:
        """Someone who acts: "the mayor of Lisbon", "the police", "Maria Silva"."""
        kind = self._rng.random()
        if kind < 0.3:
            name, _ = self._name()
            return name, name
        if token := self._token(0.25):
            return f"the {token}", f"el {token}"
        person = self._actor()
        if kind < 0.65:
            return person
        place = self._place()
        return f"{person[0]} of {place[0]}", f"{person[1]} de {place[1]}"

    def _actor(self) -> Pair:
        english, spanish, *_ = self._pick(self._rng.choice(("offices", "bodies")))
        return f"the {english}", spanish

    def _thing(self) -> tuple[str, str, str, int]:
        """A thing with its article: English, Spanish, gender, 1 for several."""
        several = int(self._rng.random() < 0.3)
        if token := self._token(0.25):
            return f"the {token}", f"el {token}", "m", 0
        one, many, uno, muchos, gender = self._pick("things")
        english, spanish = (many, muchos) if several else (one, uno)
        if self._rng.random() < 0.55:
            adjective = self._pick("adjectives")
            english, spanish = f"{adjective[0]} {english}", f"{spanish} {_agree(adjective, gender, several)}"
        if not several and self._rng.random() < 0.3:
            article = "an" if english[0] in "aeiou" else "a"
            return f"{article} {english}", f"{INDEFINITE[gender]} {spanish}", gender, 0
        return f"the {english}", f"{DEFINITE[gender][several]} {spanish}", gender, several

    def _clause(self) -> Pair:
        clause = self._rng.choices(
            (self._act, self._plan, self._passive, self._state, self._cost, self._crowd, self._say),
            (24, 16, 14, 10, 8, 16, 12),
        )[0]
        return clause()

    def _act(self) -> Pair:
        who, verb, what = self._who(), self._pick("verbs"), self._thing()
        english, spanish = f"{who[0]} {verb[2]} {what[0]}", f"{who[1]} {verb[5]} {what[1]}"
        place, when = self._place(), self._time()
        if self._rng.random() < 0.4:
            english, spanish = f"{english} in {place[0]}", f"{spanish} en {place[1]}"
        if self._rng.random() < 0.25:
            return f"{when[0]}, {english}", f"{when[1]}, {spanish}"
        return f"{english} {when[0]}", f"{spanish} {when[1]}"

    def _plan(self) -> Pair:
        who, verb, what, when = self._who(), self._pick("verbs"), self._thing(), self._time(future=True)
        return f"{who[0]} will {verb[1]} {what[0]} {when[0]}", f"{who[1]} {verb[4]} {what[1]} {when[1]}"

    def _passive(self) -> Pair:
        what, verb, when = self._thing(), self._pick("verbs"), self._time()
        ending = {("m", 0): "o", ("m", 1): "os", ("f", 0): "a", ("f", 1): "as"}[what[2], what[3]]
        been = ("was", "fue") if not what[3] else ("were", "fueron")
        return f"{what[0]} {been[0]} {verb[2]} {when[0]}", f"{what[1]} {been[1]} {verb[6][:-1]}{ending} {when[1]}"

    def _state(self) -> Pair:
        what, adjective = self._thing(), self._pick("adjectives")
        verb = ("is", "es") if not what[3] else ("are", "son")
        return f"{what[0]} {verb[0]} {adjective[0]}", f"{what[1]} {verb[1]} {_agree(adjective, what[2], what[3])}"

    def _cost(self) -> Pair:
        what, number = self._thing(), self._number()
        english, spanish = self._rng.choice((("euros", "euros"), ("million euros", "millones de euros")))
        verb = "costaron" if what[3] else "costó"
        return f"{what[0]} cost {number} {english}", f"{what[1]} {verb} {number} {spanish}"

    def _crowd(self) -> Pair:
        number, group, doing, place = self._number(), self._pick("groups"), self._pick("doings"), self._place()
        will = self._rng.random() < 0.4
        when = self._time(future=will)
        verb = (f"will {doing[0]}", doing[2]) if will else (doing[1], doing[3])
        return (
            f"{number} {group[1]} {verb[0]} in {place[0]} {when[0]}",
            f"{number} {group[3]} {verb[1]} en {place[1]} {when[1]}",
        )

    def _say(self) -> Pair:
        (name, woman), office, place = self._name(), self._pick("offices"), self._place()
        clause = self._rng.choice((self._act, self._plan, self._passive, self._state, self._cost))()
        return (
            f"{name}, the {office[0]} of {place[0]}, said that {clause[0]}",
            f"{name}, {office[1 + woman]} de {place[1]}, dijo que {clause[1]}",
        )

    def _headline(self) -> Pair:
        who, verb, what, place = self._actor(), self._pick("verbs"), self._thing(), self._place()
        return (
            f"{who[0].removeprefix('the ')} {verb[0]} {what[0]} in {place[0]}",
            f"{who[1]} {verb[3]} {what[1]} en {place[1]}",
        )


def _agree(adjective: list[str], gender: str, several: int) -> str:
    return adjective[1 + several + (2 if gender == "f" else 0)]


def _capitals(english: str, spanish: str) -> Pair:
    return english[0].upper() + english[1:], spanish[0].upper() + spanish[1:]


def _contract(english: str, spanish: str) -> Pair:
    return english, spanish.replace(" de el ", " del ").replace(" a el ", " al ")
