"""Parallel articles made by hand: what the exports must carry, hostile texts included."""

from collections.abc import Mapping

from pipeline.model import (
    Alternative,
    Article,
    Block,
    Decision,
    Finding,
    Fragment,
    LocalisedSegment,
    ParallelArticle,
    Piece,
    Role,
    Segment,
    Severity,
    Side,
    Signature,
    State,
    Target,
    TermUse,
)

ROUTES = {"pt": "en-pt:firefox", "ar": "", "zh-Hans": ""}
LEFT_OUT = frozenset({Role.BOILERPLATE, Role.COUNTER})

# Each breaks a careless writer: markup, quotes, a bidi override, controls that XML cannot carry, line separators
# that JSON Lines readers split at, half a surrogate pair, a closing CDATA, a script end inside an attribute.
HOSTILE = (
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><b>& &amp; ]]>",
    "abc\u202edef\u2066ghi",
    "bell\x07 null\x00 escape\x1b",
    "line\u2028separator\u0085next",
    "half \ud83d pair",
    "not a character \ufffe\uffff",
)


def make_article(items: list[LocalisedSegment], *, name: str = "maduro.en", suffix: str = ".txt") -> Article:
    """Put segments into blocks by their block ids."""
    blocks: dict[str, Block] = {}
    for item in items:
        earlier = blocks[item.block].segments if item.block in blocks else ()
        blocks[item.block] = Block(item.block, item.role, (*earlier, item.segment), lead="\n\n")
    return Article(name, suffix, "en", tuple(blocks.values()), tail="\n")


def make_parallel(items: list[LocalisedSegment], languages: tuple[str, ...], **named: str) -> ParallelArticle:
    """Wrap segments in a whole parallel article."""
    signature = Signature(
        version="0.1.0",
        input_digest="a3" * 32,
        engines={"firefox": "0.5.0", "apertium": "3.8.3"},
        routes={language: ROUTES.get(language, "") for language in languages},
        glossary_digest="5f" * 32,
        options={"keep": "", "from": "en"},
    )
    return ParallelArticle(make_article(items, **named), tuple(items), languages, LEFT_OUT, signature)


def make_segment(
    number: str, role: Role, source: str, targets: Mapping[str, Target] | None = None, **more: object
) -> LocalisedSegment:
    """Make one segment; `number` is its id, "b3s1"."""
    more.setdefault("normalised", source)
    segment = Segment(number, source, start=0)
    return LocalisedSegment(segment, number.partition("s")[0], role, targets=targets or {}, **more)  # type: ignore[arg-type]


def machine(text: str, language: str = "pt", **more: object) -> Target:
    """Make a target that an engine wrote."""
    return Target(text, State.MACHINE, ROUTES[language] or "en-xx:firefox", **more)  # type: ignore[arg-type]


def everyday() -> ParallelArticle:
    """An article with every role state, a credit in Bulgarian, terms, findings, Arabic and Chinese."""
    return make_parallel(
        [_boilerplate(), _counter(), _headline(), _credit(), _body(), _second_body(), _quote()],
        ("pt", "ar", "zh-Hans"),
    )


def _boilerplate() -> LocalisedSegment:
    return make_segment("b1s1", Role.BOILERPLATE, "Link to main version")


def _counter() -> LocalisedSegment:
    return make_segment("b2s1", Role.COUNTER, "56")


def _headline() -> LocalisedSegment:
    targets = {
        "pt": machine("EUA mantiveram contactos com um ministro antes e depois da detenção de Maduro"),
        "ar": machine("الولايات المتحدة أبقت على اتصالات مع وزير بارز قبل اعتقال مادورو وبعده", "ar"),
        "zh-Hans": machine("美国在马杜罗被捕前后与关键部长保持联系", "zh-Hans"),
    }
    text = "US maintained contacts with key minister before and after Maduro's arrest"
    return make_segment("b3s1", Role.HEADLINE, text, targets)


def _credit() -> LocalisedSegment:
    source = "Снимка: БГНЕС"
    reason = "the whole line is in Cyrillic letters, the article in Latin ones"
    composed = Decision(
        "resolve",
        "composed",
        source,
        "Foto: BGNES",
        "label and agency from the glossary",
        "glossaries/bg/pt.po:12",
    )
    kept = Target(source, State.UNTRANSLATED, findings=(_untranslated("ar"),))
    return make_segment(
        "b4s1",
        Role.CREDIT,
        source,
        {
            "pt": Target("Foto: BGNES", State.COMPOSED, decisions=(composed,)),
            "ar": kept,
            "zh-Hans": Target("图片：BGNES", State.REVIEWED),
        },
        normalised="Photo: BGNES",
        fragments=(Fragment(0, 13, "bg", "Cyrl", 0.98, "line", reason, source, ("mk",)),),
        decisions=(
            Decision("detect", "found", source, source, reason),
            Decision("normalise", "normalised", source, "Photo: BGNES", "label and agency", "glossaries/bg/en.po:7"),
        ),
    )


def _untranslated(language: str) -> Finding:
    message = "no entry and no route from Bulgarian; the source stands in"
    return Finding("untranslated", Severity.ERROR, message, "b4s1", language)


def _body() -> LocalisedSegment:
    source = "A former soldier, he has influence over counterintelligence and groups known as “colectivos“."
    start = source.index("colectivos")
    terms = (
        TermUse(
            "counterintelligence",
            "contraespionagem",
            "term",
            "enforced",
            "contraespionagem",
            "glossaries/en/pt.po:40",
        ),
        TermUse("soldier", "militar", "term", "applied", "militar"),
        TermUse("influence", "influência", "term", "missing", ""),
    )
    lost = Finding("term_missing", Severity.WARNING, "“influence” should be “influência”", "b5s1", "pt")
    kept = Decision("resolve", "kept", "colectivos", "colectivos", "a short quoted phrase stays as it is")
    text = "Um ex-militar, ele influi na contraespionagem e em grupos conhecidos como «colectivos»."
    return make_segment(
        "b5s1",
        Role.BODY,
        source,
        {
            "pt": machine(text, terms=terms, findings=(lost,), decisions=(kept,)),
            "ar": machine("وهو جندي سابق له نفوذ على مكافحة التجسس وجماعات تعرف باسم «colectivos».", "ar"),
            "zh-Hans": machine("这位前军人对反情报部门和被称为“colectivos”的团体有影响力。", "zh-Hans"),
        },
        normalised=source.replace("“.", "”."),
        fragments=(
            Fragment(start, start + 10, "es", "Latn", 0.81, "quoted", "Spanish word in quotation marks", "colectivos"),
        ),
        decisions=(
            Decision("normalise", "repaired", "“colectivos“", "“colectivos”", "the closing mark was an opening one"),
        ),
        findings=(Finding("quote_pair", Severity.WARNING, "the closing mark was wrong in the source", "b5s1"),),
    )


def _second_body() -> LocalisedSegment:
    targets = {
        "pt": machine(
            "Em 2020, Washington anunciou uma recompensa de 10 milhões de dólares.",
            alternatives=(
                Alternative(
                    "Washington ofereceu 10 milhões em 2020.",
                    "maduro.xlf",
                    71,
                    "In 2020, it offered $10.",
                    is_earlier=True,
                ),
                Alternative("Em 2020, ofereceu 10 reais.", "other.xlf", 80, "In 2020, it offered 10 reais."),
                Alternative("Em 2020, Washington anunciou um prêmio de $10 milhões.", "en-pt:argos", 57),
            ),
        ),
        "ar": machine("في عام 2020، أعلنت واشنطن مكافأة قدرها 10 ملايين دولار.", "ar"),
        "zh-Hans": machine("2020年，华盛顿宣布悬赏1000万美元。", "zh-Hans"),
    }
    return make_segment("b5s2", Role.BODY, "In 2020, Washington announced a $10 million reward.", targets)


def _quote() -> LocalisedSegment:
    return make_segment("b6s1", Role.QUOTE, "We are ready.", {"pt": machine("Estamos prontos.")})


def hostile() -> ParallelArticle:
    """An article in which every text is hostile: sources, targets, terms, reasons, findings, names."""
    return make_parallel(
        [_hostile_segment(number, text) for number, text in enumerate(HOSTILE, 1)],
        ("pt",),
        name='a"><script>x',
        suffix=".txt",
    )


def _hostile_segment(number: int, text: str) -> LocalisedSegment:
    decision = Decision("resolve", "kept", text, text, text, text)
    finding = Finding("number_lost", Severity.ERROR, text, f"b{number}s1", "pt")
    target = machine(
        f"1 {text}",
        terms=(TermUse(text, text, "term", "enforced", text, text),),
        findings=(finding,),
        decisions=(decision,),
        alternatives=(Alternative(f"3 {text}", text, 50, f"4 {text}"),),
    )
    return make_segment(
        f"b{number}s1",
        Role.BODY,
        f"0 {text}",
        {"pt": target},
        normalised=f"2 {text}",
        fragments=(Fragment(2, 2 + len(text), "und", "Zzzz", 0.5, "quoted", text, text),),
        decisions=(decision,),
    )


def rendered_texts(parallel: ParallelArticle) -> dict[str, str]:
    """Return a whole text for each language."""
    return {name: f"text in {name}\r\nlast line\n" for name in (parallel.article.language, *parallel.languages)}


def marked_up() -> ParallelArticle:
    """Make an article with tags in its sentences, one of them over two."""
    bold, link = Piece("<b>", "", Side.OPEN, 1), Piece('<a href="x">', "", Side.OPEN, 2)
    ends = Piece("</a>", "", Side.CLOSE, 2), Piece("</b>", "", Side.CLOSE, 1)
    image = Piece('<img src="a">', "", Side.VOID, 3)
    source = (
        bold, link, Piece("The mayor", "The mayor"), *ends, Piece(" ran ", " ran "), Piece("rm", "rm", kept=True),
        Piece(".", "."), image,
    )  # fmt: skip
    target = (image, bold, link, Piece("", "O prefeito"), *ends, Piece("", " rodou rm."))
    half = Piece("<em>", "", Side.OPEN, 4)
    items = [
        _marked_segment("b1s1", source, target),
        _marked_segment("b1s2", (half, Piece("Half", "Half")), (half, Piece("", "Meia"))),
    ]
    return make_parallel(items, ("pt",), suffix=".html")


def _marked_segment(name: str, source: tuple[Piece, ...], target: tuple[Piece, ...]) -> LocalisedSegment:
    said, there = ("".join(piece.text for piece in pieces) for pieces in (source, target))
    segment = Segment(name, said, 0, "", source)
    return LocalisedSegment(
        segment, "b1", Role.BODY, said, targets={"pt": Target(there, State.MACHINE, pieces=target)}, pieces=source
    )
