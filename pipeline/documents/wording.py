"""What a line is by its wording alone: a credit, a byline, a date, a lone number, a sentence."""

import re
import unicodedata

from pipeline.documents.evidence import MAX_LABEL, Labels, fold

MAX_NAME_WORDS = 8
"""Longest run of names in a credit or byline: two names, an agency and a place."""

MIN_PROSE = 60
"""A block of this many characters that ends as a sentence is running text, not a title with a full stop."""

_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔։]['\"”’“»)\]]*$")
_STOP_END = re.compile(r"[.…。।۔։:;,]['\"”’“»)\]]*$")
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:[.,\s]\d{3})+|\d+[.,]\d)\s?[kmкм]?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{1,2}:\d{2}\b")
_DAY = re.compile(r"\d[\d.:/-]*(?:st|nd|rd|th|г|ч|h|am|pm|º|ª)?")
_DATELINE = re.compile(r"(?P<place>[^()]{2,60})\((?P<agency>[^()]{2,30})\)\s?[–—-]?")
_PARTS = re.compile(r"\s*[/|,;]\s*|\s+via\s+|\s+[–—-]\s+")
_PICTURE_NOTE = re.compile(r"\((?P<note>[^()]{3,80})\)\.?$")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?P<rest>\S.*)", re.IGNORECASE)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does: a full stop, question or exclamation mark, quotes aside."""
    return _SENTENCE_END.search(text) is not None


def ends_open(text: str) -> bool:
    """Whether the text ends in a mark that no title ends in: a full stop, a colon, a comma."""
    return _STOP_END.search(text) is not None


def is_prose(text: str) -> bool:
    """Whether the text is a paragraph of running text."""
    return len(text) >= MIN_PROSE and (ends_sentence(text) or len(text) > MAX_LABEL)


def is_lone_number(text: str) -> bool:
    """Whether the text is a count and nothing else: "56", "1,204", "1.2K", an icon aside; not "$56", "56 %"."""
    if len(text) > 20:
        return False
    bare = "".join(char for char in text if unicodedata.category(char) not in ("So", "Mn", "Ps", "Pe"))
    return _NUMBER.fullmatch(bare.strip()) is not None


def is_year(text: str) -> bool:
    """Whether the text is a year of the last or this century and nothing else."""
    return _YEAR.fullmatch(text) is not None


def is_name_line(text: str, labels: Labels) -> bool:
    """Whether the text is made of names: capitals, particles ("de", "и"), handles, web addresses.

    Writing systems without capitals pass with up to four words.
    """
    words = [word.strip(".:'\"“”„«»‘’–—-") for word in re.findall(r"[^\s/,;&|()\[\]]+", text)]
    words = [word for word in words if word]
    if not 0 < len(words) <= MAX_NAME_WORDS or text.endswith(("!", "?")):
        return False
    if text.endswith(".") and len(words) > 4:
        return False
    named = [word for word in words if _is_name(word)]
    others_fit = all(word.casefold() in labels.particles for word in words if not _is_name(word))
    return bool(named) and others_fit and (any(c.isupper() for c in text) or len(words) <= 4)


def is_credit(text: str, labels: Labels) -> bool:
    """Whether the line says whose a picture or a report is, and nothing more."""
    bare = _unwrap(text)
    if len(bare) > MAX_LABEL or "\n" in bare:
        return False
    if labelled := labels.credit.fullmatch(bare):
        rest = labelled["rest"]
        short = len(rest.split()) <= 2 and not labelled["more"] and not ends_sentence(rest)
        return short or is_name_line(rest, labels)
    if joined := labels.credit_joined.fullmatch(bare):
        rest = joined["rest"]
        return is_name_line(rest, labels) if joined["link"] else _has_agency(rest, labels)
    if marked := _COPYRIGHT.fullmatch(bare):
        return is_name_line(marked["rest"], labels)
    return _has_agency(bare, labels)


def is_loose_credit(text: str, labels: Labels) -> bool:
    """Whether a picture label is followed by some words that are no sentence: "Photo: sent in by a reader"."""
    labelled = labels.credit.fullmatch(_unwrap(text)) if len(text) <= MAX_LABEL else None
    return labelled is not None and len(labelled["rest"].split()) <= 6 and not ends_sentence(labelled["rest"])


def is_caption(text: str, labels: Labels) -> bool:
    """Whether the block describes a picture: it begins with such a label or ends with the picture's credit."""
    if labels.caption.match(text):
        return True
    labelled = labels.credit.match(text)
    if labelled and not labelled["more"]:  # "Image problem: Labour lags behind" is no caption
        return True
    note = _PICTURE_NOTE.search(text)
    return note is not None and _names_picture(note["note"], labels)


def is_byline(text: str, labels: Labels) -> bool:
    """Whether the line names who wrote, edited or translated the article."""
    bare = _unwrap(text)
    if len(bare) > MAX_LABEL or "\n" in bare:
        return False
    if labels.byline_tail.match(bare):
        return True
    labelled = labels.byline.fullmatch(bare)
    return labelled is not None and is_name_line(labelled["rest"], labels)


def is_marked_byline(text: str, labels: Labels) -> bool:
    """Whether the line is "By NAME": two names or an agency; not "By Monday", "By Monday the vote was over."."""
    marked = labels.byline_marker.fullmatch(text) if len(text) <= MAX_LABEL else None
    if not marked or not text[0].isupper() or ends_sentence(text):
        return False
    rest = marked["rest"]
    if rest.split()[0].casefold().strip(",") in labels.date_words or not is_name_line(rest, labels):
        return False
    return len(rest.split()) >= 2 or _has_agency(rest, labels)


def is_labelled_date(text: str, labels: Labels) -> bool:
    """Whether the line says when the article came out: "Published: 12.01.2026, 10:30"."""
    labelled = labels.date.fullmatch(text) if len(text) <= MAX_LABEL else None
    return labelled is not None and _is_date(labelled["rest"], labels)


def is_bare_date(text: str, labels: Labels) -> bool:
    """Whether the line is a date with year or time, or a dateline: "14 January 2026", "SOFIA, Jan 5 (AP)"."""
    if len(text) > MAX_LABEL:
        return False
    if line := _DATELINE.fullmatch(text):
        return fold(line["agency"]) in labels.agencies and is_name_line(line["place"], labels)
    return _is_date(text, labels) and bool(_DATE.search(text) or re.search(r"\b(?:19|20)\d\d\b", text))


def is_section(text: str, labels: Labels) -> bool:
    """Whether the line is the name of a section of a news site: "World", "Спорт"."""
    return fold(text) in labels.sections


def opens_links(text: str, labels: Labels) -> bool:
    """Whether the line stands above a list of other articles: "Read also:", "Related topics"."""
    return len(text) <= MAX_LABEL and fold(text) in labels.link_lists


def _is_date(text: str, labels: Labels) -> bool:
    words = [word.strip("().") for word in re.findall(r"[^\s|,•·–—]+", text)]
    words = [word for word in words if word]
    has_figure = any(word[0].isdigit() for word in words)
    fits = all(word.casefold() in labels.date_words or _DAY.fullmatch(word.casefold()) for word in words)
    has_word_or_date = len(words) > 1 or _DATE.search(text) is not None
    return bool(words) and has_figure and fits and has_word_or_date


def _is_name(word: str) -> bool:
    if word[0] in "@#©" or word[0].isdigit():
        return True
    if re.search(r"\w\.\w", word):  # unsplash.com
        return True
    has_case = word.upper() != word.lower()
    return not has_case or any(char.isupper() for char in word)


def _has_agency(text: str, labels: Labels) -> bool:
    """Whether a line of names has an agency for one of its parts, or ends in a note: "Agencia Uno / Archivo"."""
    if not is_name_line(text, labels):
        return False
    parts = [fold(part) for part in _PARTS.split(text)]
    if fold(text) in labels.agencies or any(part in labels.agencies for part in parts):
        return True
    return "/" in text and len(parts) > 1 and parts[-1] in labels.notes


def _names_picture(note: str, labels: Labels) -> bool:
    """Whether a note in brackets is a picture's credit: "AP Photo/John Doe", "Photo: EPA"; not "Reuters"."""
    if labels.credit.fullmatch(note) or labels.credit_joined.fullmatch(note):
        return is_credit(note, labels)
    return "photo" in note.casefold() and _has_agency(note, labels)


def _unwrap(text: str) -> str:
    """Take a pair of brackets off: "(Photo: AP)"."""
    return text[1:-1].strip() if text[:1] in "([" and text[-1:] in ")]" else text
