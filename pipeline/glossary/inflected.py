"""The target forms of an entry by number and gender."""

from pipeline.agreement import features_of, is_function_word, pluralise
from pipeline.model import Entry

_SHARED = 3  # letters that a plural among the forms has in common with its singular


def accepted_forms(entry: Entry, is_plural: bool) -> tuple[str, ...]:
    """List the target forms that count, the one to write first.

    A plural in the source wants a plural, or a form that shows no number ("da Defesa"). Where the entry names no plural
    the singular counts too, as an engine may have its reasons ("qualquer senador" for "any senators"). A singular may
    be a plural in the target that the entry names: "hostage deal" is "acordo de reféns".
    """
    plurals = tuple(form for form in (plural(entry), feminine(entry, is_plural=True)) if form)
    if not is_plural or not plurals:
        named = (entry.target, entry.feminine, *entry.forms, entry.plural, entry.feminine_plural)
        if not is_plural and not entry.is_kept and pluralise(entry.source, entry.source_lang) == entry.source:
            named = (*named, plural(entry))  # "species" is both
        return tuple(dict.fromkeys(form for form in named if form))
    others = tuple(form for form in entry.forms if _may_be_plural(form, entry.target_lang))
    lenient = () if entry.plural else (entry.target, entry.feminine, *entry.forms)
    return tuple(dict.fromkeys(form for form in (*plurals, *others, *lenient) if form))


def plural(entry: Entry) -> str:
    """Return the target in the plural: as the entry says, as one of its forms has it, or by rule.

    "" where the language has no rules.
    """
    if entry.plural:
        return entry.plural
    by_rule = pluralise(entry.target, entry.target_lang)
    if not by_rule or by_rule in entry.forms:
        return by_rule
    start = entry.target[:_SHARED]
    listed = (form for form in entry.forms if form != entry.target and form.startswith(start))
    return next((form for form in listed if features_of(form, entry.target_lang)[1] == "p"), by_rule)


def feminine(entry: Entry, is_plural: bool) -> str:
    """Return the feminine of the target that the entry names; "" where it names none."""
    if not is_plural or not entry.feminine:
        return entry.feminine
    return entry.feminine_plural or pluralise(entry.feminine, entry.target_lang)


def _may_be_plural(form: str, lang: str) -> bool:
    return features_of(form, lang)[1] == "p" or is_function_word(form.split(maxsplit=1)[0], lang)
