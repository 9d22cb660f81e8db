"""NAME.html: the parallel report, one page that holds all it needs and fetches nothing.

The languages shown and the filter are plain form fields that the style sheet reads, so the page works without
scripts; the script adds the keys j and k and brings the notes closer to their words. The content security
policy allows exactly this style sheet and this script, by digest: no text of an article can run.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Collection
from importlib.resources import files

from pipeline.exports.markup import escape, language_name, tag
from pipeline.exports.report_rows import cell_id, render_rows, rule_class, segment_classes, segment_rules
from pipeline.model import Finding, ParallelArticle, Role

_SHOWN_FIRST = 2  # targets beside the source when the page opens: three columns are what 1,400 px hold well

# Value of the filter, its label; "" shows all. The values are the classes of `segment_classes`.
_FILTERS = [
    ("", "All segments"),
    ("has-findings", "With findings"),
    ("has-fragments", "With fragments"),
    ("has-enforced", "With enforced terms"),
]
_HEADING = tag("h2", "Segments", class_="unseen")
_LEGEND = [
    ("fragment", "found in another language"),
    ("normalised", "put right"),
    ("applied", "term, written by the engine"),
    ("enforced", "term, enforced"),
    ("kept", "kept as it is"),
]


def render_report(parallel: ParallelArticle) -> bytes:
    """Return the parallel report as one HTML page in UTF-8; equal articles give equal bytes."""
    style, script = _style(parallel), _data("report.js")
    body = "\n".join(
        [
            _header(parallel),
            _findings(parallel),
            _controls(parallel),
            tag("main", f"{_HEADING}{_column_heads(parallel)}\n{render_rows(parallel)}\n", id="segments"),
            _footer(parallel),
            f"<script>{script}</script>",
        ]
    )
    page = f'<!doctype html>\n<html lang="en">\n{_head(parallel, style, script)}\n<body>\n{body}\n</body>\n</html>\n'
    return page.encode("utf-8")


def _data(name: str) -> str:
    return (files("pipeline") / "data" / name).read_text("utf-8")


def _style(parallel: ParallelArticle) -> str:
    """Return the style sheet with one rule a language and a filter, which hides what is not asked for."""
    languages = (
        f'body:has(#show-{language}:not(:checked)) [data-lang="{language}"]:not(:target){{display:none}}\n'
        for language in parallel.languages
    )
    rules = [rule_class(rule) for rule in _rules(parallel)]
    filters = (
        f"body:has(#only-{name}:checked) .segment:not(.{name}):not(:target):not(:has(:target)),"
        f"body:has(#only-{name}:checked) .block:not(:has(.{name})):not(:has(:target)){{display:none}}\n"
        for name in [*(name for name, _ in _FILTERS if name), *rules]
    )
    lists = (f"body:has(#only-{name}:checked) .findings li:not(.{name}){{display:none}}\n" for name in rules)
    return f"{_data('report.css')}@media screen{{\n{''.join([*filters, *lists])}}}\n{''.join(languages)}"


def _rules(parallel: ParallelArticle) -> Counter[str]:
    """Count the segments in which each rule found something, by its name."""
    return Counter(sorted(rule for item in parallel.segments for rule in segment_rules(item)))


def _head(parallel: ParallelArticle, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="referrer" content="no-referrer">',
            tag("title", escape(f"{_file_name(parallel)}: parallel report")),
            f"<style>{style}</style>",
            "</head>",
        ]
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _file_name(parallel: ParallelArticle) -> str:
    return parallel.article.name + parallel.article.suffix


def _header(parallel: ParallelArticle) -> str:
    language = parallel.article.language
    headline = " ".join(item.normalised for item in parallel.segments if item.role is Role.HEADLINE)
    names = ", ".join(map(language_name, parallel.languages)) or "no targets"
    parts = [
        tag("p", escape(f"Parallel report · {_file_name(parallel)}"), class_="eyebrow"),
        tag("h1", escape(headline), lang=language, dir="auto") if headline else tag("h1", escape(_file_name(parallel))),
        tag("p", f"{escape(language_name(language))} → {escape(names)}", class_="languages"),
        tag("ul", "".join(_figures(parallel)), class_="figures"),
    ]
    return tag("header", "\n".join(parts))


def _figures(parallel: ParallelArticle) -> list[str]:
    segments = parallel.segments
    outcomes = Counter(term.outcome for item in segments for target in item.targets.values() for term in target.terms)
    counts = [
        (len(segments), "segment", ""),
        (sum(len(item.fragments) for item in segments), "fragment", ""),
        (outcomes["applied"], "term", " applied"),
        (outcomes["enforced"], "term", " enforced"),
        (outcomes["missing"], "term", " missing"),
        (len(parallel.problems), "finding", ""),
    ]
    return [tag("li", f"{tag('b', str(count))} {_plural(noun, count)}{more}") for count, noun, more in counts]


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def _findings(parallel: ParallelArticle) -> str:
    found = parallel.findings
    if not found:
        return tag("section", tag("p", "No findings.", class_="findings none"), aria_label="Findings")
    problems = len(parallel.problems)
    remarks = len(found) - problems
    told = f"{problems} {_plural('finding', problems)}" if problems else "No findings"
    told += f", {remarks} {_plural('remark', remarks)}" if remarks else ""
    summary = tag("summary", told)
    known = {cell_id(item.segment.id, language) for item in parallel.segments for language in ("", *parallel.languages)}
    rows = "".join(_finding_row(finding, known) for finding in found)
    listed = f'<details class="findings" open>{summary}{tag("ul", rows)}</details>'
    return tag("section", listed, aria_label="Findings")


def _finding_row(finding: Finding, known: Collection[str]) -> str:
    where = f"{finding.segment} {finding.lang}".strip() or "article"
    places = (cell_id(finding.segment, finding.lang), finding.segment)  # a finding on the source may name its language
    link = next((f"#{place}" for place in places if place in known), "")
    place = tag("a", escape(where), href=link) if link else escape(where)
    parts = [
        tag("b", escape(finding.severity), class_="severity"),
        tag("span", place, class_="id"),
        tag("code", escape(finding.rule)),
        tag("bdi", escape(finding.message)),
    ]
    return tag("li", " ".join(parts), class_=f"{finding.severity} {rule_class(finding.rule)}")


def _controls(parallel: ParallelArticle) -> str:
    source = escape(language_name(parallel.article.language)) + tag("i", "source")
    languages = _field("checkbox", "show-source", source, checked=True) + "".join(
        _field("checkbox", f"show-{language}", escape(language_name(language)), checked=number < _SHOWN_FIRST)
        for number, language in enumerate(parallel.languages)
    )
    counts = Counter(name for item in parallel.segments for name in segment_classes(item))
    filters = "".join(
        _field(
            "radio",
            f"only-{name or 'all'}",
            f"{label} {tag('span', str(counts[name] if name else len(parallel.segments)), class_='count')}",
            checked=not name,
        )
        for name, label in _FILTERS
    )
    rules = "".join(
        _field(
            "radio",
            f"only-{rule_class(rule)}",
            f"{escape(rule.replace('_', ' '))} {tag('span', str(count), class_='count')}",
            checked=False,
        )
        for rule, count in _rules(parallel).items()
    )
    legend = "".join(tag("li", tag("mark", label, class_=kind)) for kind, label in _LEGEND)
    return tag(
        "form",
        tag("fieldset", tag("legend", "Languages") + languages)
        + tag("fieldset", tag("legend", "Show") + filters)
        + (tag("fieldset", tag("legend", "Finding") + rules) if rules else "")
        + tag("ul", legend, class_="legend", aria_label="What the marks mean")
        + '<p class="keys" hidden><kbd>j</kbd> next segment <kbd>k</kbd> previous</p>',
        class_="controls",
        aria_label="What to show",
    )


def _field(kind: str, name: str, label: str, *, checked: bool) -> str:
    group = ' name="only"' if kind == "radio" else ""
    state = " checked" if checked else ""
    return f'<label class="pick"><input type="{kind}" id="{name}"{group}{state}><span>{label}</span></label>'


def _column_heads(parallel: ParallelArticle) -> str:
    source = tag("span", escape(language_name(parallel.article.language)) + tag("i", "source"), class_="source")
    targets = (tag("span", escape(language_name(name)), data_lang=name) for name in parallel.languages)
    return tag("div", tag("div", source + "".join(targets), class_="cells"), class_="heads", aria_hidden="true")


def _footer(parallel: ParallelArticle) -> str:
    signature = parallel.signature
    facts = {
        "Program": f"translate-article {signature.version}",
        "Engines": ", ".join(f"{name} {version}" for name, version in sorted(signature.engines.items())),
        "Libraries": ", ".join(f"{name} {version}" for name, version in sorted(signature.libraries.items())),
        **{f"Route to {language_name(to)}": route for to, route in signature.routes.items()},
        "Left out": ", ".join(sorted(role.replace("_", " ") for role in parallel.left_out)),
        "Options": ", ".join(f"{name}={value}" for name, value in sorted(signature.options.items())),
        "Input": signature.input_digest,
        "Glossary": signature.glossary_digest,
    }
    rows = "".join(tag("dt", escape(name)) + tag("dd", escape(fact)) for name, fact in facts.items() if fact)
    return tag("footer", tag("h2", "How this was made") + tag("dl", rows))
