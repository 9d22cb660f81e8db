"""A segment of one word, for which a model makes up another."""

import pytest
from scripted import Scripted, align

from pipeline.enforcing import take_hop
from pipeline.enforcing.items import open_item


@pytest.mark.parametrize(
    ("word", "answer", "sentence", "said"),
    [
        ("Injured", "Injurado", "ferido.", "Ferido"),
        ("Guilty", "Guilty (o", "culpado.", "Culpado"),
        ("Income", "Ren-vindo", "a renda.", "Renda"),
        ("Party", "Partido", "festa.", "Partido"),  # a word: it stays
        ("Braga", "Braga", "chaga.", "Braga"),  # copied: it may be a name
        ("Injured", "Injurado", "injurado.", "Injurado"),  # no better
        ("Injured men", "Injurado", "ferido.", "Injurado"),  # no lone word
        ("NATO", "Natoado", "nado.", "Natoado"),
    ],
)
def test_a_lone_word_is_asked_for_again_as_a_sentence(word: str, answer: str, sentence: str, said: str) -> None:
    """Where the answer is no word of the target; the other one loses its stop and its article."""
    engine = Scripted(align(word, answer, ""), align(f"{word.lower()}.", sentence, ""))
    (done,) = take_hop(engine, [open_item(word, [])], {})
    assert done.marked == said
