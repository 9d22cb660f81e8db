"""The rules, in the order in which their findings are listed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import eq

from pipeline.agreement import pluralise
from pipeline.glossary import find_forbidden
from pipeline.languages import script_of_char, uses_script
from pipeline.model import Entry, Finding, Severity, TermUse


@dataclass(frozen=True, slots=True)
class Pair:
    """What a rule looks at: one segment, its target, and what was kept on purpose."""

    segment: str  # id
    source: str  # the normalised source
    target: str
    source_lang: str
    target_lang: str
    kept: tuple[str, ...] = ()  # texts that stand in the target on purpose, whatever their language
    uses: tuple[TermUse, ...] = ()
    is_translated: bool = True  # False where the target is a copy on purpose
    foreign: tuple[tuple[str, str, str], ...] = ()  # runs of another language in the target: text, language, why
    forbidden: tuple[Entry, ...] = ()  # the forbidden entries whose term stands in the source
    left: tuple[tuple[str, str], ...] = ()  # terms that no entry was applied to: words of the source, why


Rule = Callable[[Pair], Iterator[tuple[Severity, str]]]

# Shortest and longest target in characters against its source, for sentences of 40 characters and more. Human
# translations of news from English (NTREX, six languages, 1,997 lines) lie between 0.55 and 2.1 for 99.9 %.
MIN_RATIO, MAX_RATIO = 0.4, 2.5
REPEATS = 3  # an n-gram this often in a row, and more often than in the source, is a loop


def is_empty(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report a target without text."""
    if pair.source.strip() and not pair.target.strip():
        yield Severity.ERROR, "the target is empty"


def is_untranslated(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report a target of more than three words that is its source."""
    words = [word for word in re.findall(r"[^\W\d_]+", _without_kept(pair.target, pair.kept)) if word[0].islower()]
    if pair.is_translated and len(words) > 3 and pair.target == pair.source:
        yield Severity.ERROR, "the target is the same as the source"


def is_out_of_length(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report a target much shorter or longer than its source: something was lost or invented."""
    if len(pair.source) >= 40 and pair.is_translated:
        ratio = len(pair.target) / len(pair.source)
        if not MIN_RATIO <= ratio <= MAX_RATIO:
            yield Severity.ERROR, f"the target has {ratio:.2f} times the length of the source"


def is_looping(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report words that a sick engine says again and again."""
    if (most := _most_in_a_row(pair.target)) >= REPEATS and most > _most_in_a_row(pair.source):
        yield Severity.ERROR, "the target repeats itself"


def _most_in_a_row(text: str) -> int:
    """How often the most repeated phrase of one to four words stands, time after time."""
    words = re.findall(r"\w+", text.lower())
    most = min(1, len(words))
    for size in (1, 2, 3, 4):
        if not any(map(eq, words, words[size:])):
            continue
        same = 0  # words in a row that equal the word `size` before
        for at in range(size, len(words)):
            same = same + 1 if words[at] == words[at - size] else 0
            most = max(most, 1 + same // size)
    return most


def has_damage(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report characters that no text should have: replacement characters, our own marks."""
    if (
        any(char == "\N{REPLACEMENT CHARACTER}" or "\ue000" <= char <= "\uf8ff" for char in pair.target)
        and "\N{REPLACEMENT CHARACTER}" not in pair.source
    ):
        yield Severity.ERROR, "the target has damaged characters"


def has_other_script(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report letters of a script that is not the target's and was not kept on purpose."""
    scripts = Counter(
        script
        for char in _without_kept(pair.target, pair.kept)
        if (script := script_of_char(char)) and script != "Latn"
    )
    foreign = [script for script in scripts if not uses_script(pair.target_lang, script)]
    if foreign:
        yield Severity.ERROR, f"letters of another script in the target: {', '.join(sorted(foreign))}"


def has_foreign_run(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report words of another language that nobody kept on purpose."""
    for text, lang, reason in pair.foreign:
        yield Severity.ERROR, f"{text!r} is in {lang}, not in {pair.target_lang} ({reason})"


def has_lost(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report what had to stand in the target and does not."""
    for use in pair.uses:
        if use.outcome == "missing":
            # A name without an entry is a guess of ours, and a number may stand in words.
            is_sure = use.kind != "number" and (use.kind != "name" or use.origin)
            severity = Severity.ERROR if is_sure else Severity.WARNING
            yield severity, f"{use.kind} {use.source!r} is not in the target as {use.target!r}"


def has_left(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Remark on terms of the glossary whose entries are not about the sentence: they are left to the engine."""
    verbs = [(use.source, "used as a verb") for use in pair.uses if use.outcome == "verb"]
    for source, why in [*verbs, *pair.left]:
        yield Severity.INFO, f"term {source!r} is left to the engine: {why}"


def has_other_number(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Remark on terms in the plural where the source has a noun before a noun ("the group stage")."""
    for use in pair.uses:
        form, plural = use.form.casefold(), pluralise(use.target, pair.target_lang).casefold()
        if use.outcome == "enforced" and form == plural != use.target.casefold():
            yield Severity.INFO, f"term {use.source!r} stands in the plural: {use.form!r}"


def has_forbidden(pair: Pair) -> Iterator[tuple[Severity, str]]:
    """Report a translation that the glossary forbids for a term of the source; in a reviewed text too, which stays."""
    text = _without_kept(pair.target, pair.kept)
    for use in pair.uses:
        if use.origin and use.form:
            text = text.replace(use.form, " ", 1)  # an approved translation, of another term perhaps
    for start, end, _ in find_forbidden(text, pair.forbidden, pair.target_lang):
        why = "" if pair.is_translated else "; the text was reviewed and stays, try changing the review or the entry"
        yield Severity.ERROR, f"{text[start:end]!r} must not be written here; the glossary forbids it{why}"


def _without_kept(text: str, kept: tuple[str, ...]) -> str:
    for span in kept:
        text = text.replace(span, " ")
    return text


# name -> rule; the name is what reports, --json and the manifest say.
RULES: list[tuple[str, Rule]] = [
    ("empty_target", is_empty),
    ("untranslated", is_untranslated),
    ("length_ratio", is_out_of_length),
    ("repetition", is_looping),
    ("damaged_text", has_damage),
    ("other_script", has_other_script),
    ("foreign_run", has_foreign_run),
    ("demand_missing", has_lost),
    ("term_left", has_left),
    ("term_number", has_other_number),
    ("forbidden_term", has_forbidden),
]


def check_target(pair: Pair) -> tuple[Finding, ...]:
    """Run every rule on one target."""
    return tuple(
        Finding(name, severity, message, pair.segment, pair.target_lang)
        for name, rule in RULES
        for severity, message in rule(pair)
    )
