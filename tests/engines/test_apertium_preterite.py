"""The compound past of Spanish on its way to Portuguese."""

import pytest

from pipeline.engines.apertium.preterite import simple_past
from pipeline.engines.apertium.repairs import Repairs


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("el ministro ha anunciado", "el ministro anunció"),
        ("los ministros han anunciado", "los ministros anunciaron"),
        ("Ha vivido y han leído", "Vivió y leyeron"),
        ("ha construido, ha distinguido", "construyó, distinguió"),
        ("ha sido detenido y han hecho", "fue detenido y hicieron"),
        ("no se ha reunido", "no se reunió"),
        ("ha de pagar, ha lugar", "ha de pagar, ha lugar"),
        ("has anunciado, habían anunciado, haya anunciado", "has anunciado, habían anunciado, haya anunciado"),
        ("he anunciado, he explicado, he pagado, he comenzado", "anuncié, expliqué, pagué, comencé"),
        ("he dicho, he hecho, he sido, he pedido, he abierto, he leído", "dije, hice, fui, pedí, abrí, leí"),
        ("Hemos dicho, hemos hecho, hemos pedido", "Dijimos, hicimos, pedimos"),
        ("hemos anunciado, hemos construido, hemos visto, hemos vuelto", "anunciamos, construimos, vimos, volvimos"),
        ("ha ido, Han Solo", "fue, Han Solo"),
        ("una ha ado", "una ha ado"),
    ],
)
def test_the_compound_past_becomes_the_simple_one(text: str, written: str) -> None:
    """The second person, other tenses and words stay."""
    assert simple_past(text) == written


@pytest.mark.parametrize(("pair", "changes"), [("es-pt", True), ("es-ca", False), ("pt-es", False)])
def test_only_where_the_target_has_no_such_past(pair: str, changes: bool) -> None:
    """Catalan has it as Spanish does."""
    source, _, target = pair.partition("-")
    assert (Repairs(source, target).before("ha anunciado") == "anunció") == changes
