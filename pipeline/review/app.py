"""The addresses of the page. Each answer is a whole page that works without scripts; a script may ask for parts."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import PipelineError, UsageError
from pipeline.languages import LANGUAGES
from pipeline.review import pages
from pipeline.review.deeds import Outcome, Wish
from pipeline.review.desk import Desk
from pipeline.review.guard import HEADERS, Guard, TooLarge, read_form
from pipeline.review.history import read_history
from pipeline.review.querying import Query
from pipeline.review.rows import count_statuses

Fields = dict[str, list[str]]
_ID = re.compile(r"[0-9a-f]{16}")
_BACK = re.compile(r"/(?:new|term/[0-9a-f]{16})?(?:\?[\w%&=.+*-]*)?", re.ASCII)
_FACTS = ("type", "forms", "source-forms", "note", "use")
_MEDIA = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Review:
    """The page over one desk."""

    desk: Desk
    guard: Guard

    async def list_(self, request: Request) -> Response:
        """Show the entries that a query asks for."""
        query = pages.read_query(request.query_params)
        return HTMLResponse(await run_in_threadpool(self.render_list, query))

    def render_list(self, query: Query) -> str:
        """Return the page of a query."""
        desk = self.desk
        page = desk.page(query)
        first, last = pages.page_bounds(page)
        return pages.render(
            "list.html",
            query=query,
            page=page,
            views=pages.view_rows(desk, page.rows),
            pairs=desk.pairs(),
            rules=desk.articles.rules,
            link_before=pages.address(query, before=first) if page.has_before else "",
            link_after=pages.address(query, after=last) if page.has_after else "",
            back=pages.address(query, after=query.after, before=query.before),
            **self._common(),
        )

    async def term(self, request: Request) -> Response:
        """Show one entry with all its sentences and its history."""
        found = await run_in_threadpool(self.render_term, str(request.path_params["id"]))
        return HTMLResponse(found) if found else self._message("There is no such entry (any more).", 404)

    def render_term(self, id_: str) -> str:
        """Return the page of an entry; "" where there is none."""
        row = self.desk.row(id_) if _ID.fullmatch(id_) else None
        if row is None:
            return ""
        others = [
            each
            for each in self.desk.rows()
            if each.source == row.source and each.pair[0] == row.pair[0] and each.id != row.id
        ]
        return pages.render(
            "term.html",
            view=pages.view_rows(self.desk, [row], pages.TERM_LINES)[0],
            others=others,
            history=read_history(row.path, row.record.context, row.source),
            back=f"/term/{row.id}",
            **self._common(),
        )

    async def stats(self, _request: Request) -> Response:
        """Show how many entries each pair has, by status."""
        counts = await run_in_threadpool(lambda: count_statuses(self.desk.rows()))
        return HTMLResponse(pages.render("stats.html", counts=counts, **self._common()))

    async def help(self, _request: Request) -> Response:
        """Show what the keys do."""
        return HTMLResponse(pages.render("help.html", **self._common()))

    async def asset(self, request: Request) -> Response:
        """Give the style sheet and the script; there are no other files."""
        kind = request.url.path.rpartition(".")[2]
        text = (files("pipeline") / "data" / "review" / f"review.{kind}").read_text("utf-8")
        return PlainTextResponse(text, media_type=_MEDIA[kind])

    async def new(self, request: Request) -> Response:
        """Show the form of a new entry, for the pair that the list before it was of."""
        asked = request.query_params.get("pair", "")
        pairs = self.desk.pairs()
        pair = next((each for each in pairs if "-".join(each) == asked), (pairs or [("en", "")])[0])
        return HTMLResponse(pages.render("new.html", pair=pair, back="/", **self._common()))

    async def add(self, request: Request) -> Response:
        """Write a new entry."""
        return await self._write(request, self._add)

    def _add(self, fields: Fields) -> Outcome:
        pair = _one(fields, "from"), _one(fields, "to")
        if not set(pair) <= set(LANGUAGES) or pair[0] == pair[1]:
            raise UsageError("an entry needs two languages; try choosing another")
        return self.desk.add(pair, _one(fields, "source"), _wish(fields))

    async def decide(self, request: Request) -> Response:
        """Write the decision on one entry."""
        return await self._write(request, lambda fields: self.desk.decide([_wish(fields)]))

    async def decide_many(self, request: Request) -> Response:
        """Write one decision on all entries that are ticked."""
        return await self._write(request, lambda fields: self.desk.decide(_wishes(fields)))

    async def undo(self, request: Request) -> Response:
        """Take the last decision back."""
        return await self._write(request, lambda _: self.desk.undo())

    async def _write(self, request: Request, act: Callable[[Fields], Outcome]) -> Response:
        as_parts = request.headers.get("accept") == "application/json"
        try:
            fields = await read_form(request)
        except TooLarge:
            return self._message("The form is too large.", 413, as_parts=as_parts)
        if not self.guard.accepts_form(fields):
            return self._message("This form is not of this run; load the page again.", 403, as_parts=as_parts)
        try:
            outcome = await run_in_threadpool(act, fields)
        except PipelineError as exc:
            return self._message(str(exc), 422, as_parts=as_parts)
        back = "".join(fields.get("back", []))
        back = back if _BACK.fullmatch(back) else "/"
        return await run_in_threadpool(self._answer, outcome, back, as_parts=as_parts)

    def _answer(self, outcome: Outcome, back: str, *, as_parts: bool) -> Response:
        found = pages.clashes(self.desk, outcome)
        words = _words(outcome)
        code = 409 if outcome.conflicts or outcome.missing or outcome.empty else 200
        if not as_parts:
            if code == 200:
                return RedirectResponse(back, 303)
            page = pages.render("conflict.html", clashes=found, words=words, back=back, **self._common())
            return HTMLResponse(page, code)
        ids = [*outcome.done, *(id_ for id_, _ in outcome.conflicts)]
        rows = [row for row in map(self.desk.row, ids) if row]
        shown = {view.row.id: pages.render("part_row.html", view=view, back=back, **self._common())
                 for view in pages.view_rows(self.desk, rows)}  # fmt: skip
        parts = {
            "rows": shown,
            "words": words,
            "last": pages.render("part_last.html", back=back, **self._common()),
            "clashes": pages.render("part_clashes.html", clashes=found, back=back, **self._common()) if found else "",
        }
        return JSONResponse(parts, code)

    def _message(self, words: str, code: int, *, as_parts: bool = False) -> Response:
        if as_parts:
            return JSONResponse({"words": words}, code)
        return HTMLResponse(pages.render("message.html", words=words, **self._common()), code)

    def _common(self) -> dict[str, Any]:
        desk = self.desk
        return {
            "token": self.guard.form_token, "user": desk.user, "folder": str(desk.folder), "last": desk.last,
            "errors": desk.errors(), "articles": desk.articles.article_count,
        }  # fmt: skip


def _words(outcome: Outcome) -> str:
    """Say what came of a request, in one line."""
    parts = []
    if outcome.undone:
        parts.append(f"Undone: {_count(len(outcome.done))} as before.")
    elif outcome.done:
        parts.append(f"Saved: {_count(len(outcome.done))}.")
    if outcome.conflicts:
        parts.append(f"Not written: {_count(len(outcome.conflicts))} that changed on disk meanwhile.")
    if outcome.empty:
        parts.append(f"Without a translation, and left as they are: {_count(len(outcome.empty))}.")
    if outcome.missing:
        parts.append(f"Gone from the files: {_count(len(outcome.missing))}.")
    return " ".join(parts) or "Nothing to do."


def _count(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _one(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _wish(fields: Fields) -> Wish:
    facts = {key: _one(fields, key) for key in _FACTS if key in fields}
    target = _one(fields, "target") if "target" in fields else None
    return Wish(_one(fields, "id"), _one(fields, "version"), _one(fields, "action"), target, facts)


def _wishes(fields: Fields) -> list[Wish]:
    action = _one(fields, "action")
    picked = dict(pick.partition(".")[::2] for pick in fields.get("pick", []))
    return [Wish(id_, version, action) for id_, version in picked.items()]


def make_app(desk: Desk, guard: Guard) -> Starlette:
    """Put the page together."""
    review = Review(desk, guard)

    async def watch(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        answer = guard.refuse(request)
        if answer is None:
            try:
                answer = await call_next(request)
            except PipelineError as exc:
                answer = review._message(str(exc), 500)
        answer.headers.update(HEADERS)
        return answer

    routes = [
        Route("/", review.list_),
        Route("/term/{id}", review.term),
        Route("/stats", review.stats),
        Route("/help", review.help),
        Route("/new", review.new),
        Route("/review.css", review.asset),
        Route("/review.js", review.asset),
        Route("/review.svg", review.asset),
        Route("/add", review.add, methods=["POST"]),
        Route("/decide", review.decide, methods=["POST"]),
        Route("/decide-many", review.decide_many, methods=["POST"]),
        Route("/undo", review.undo, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=watch)])
