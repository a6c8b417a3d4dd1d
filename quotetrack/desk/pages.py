"""The review pages: what is doubtful, one thing with its forms, and what was decided."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from quotetrack import pipeline
from quotetrack.desk.forms import Form, FormError, Sought, correction_of, field, sought
from quotetrack.desk.signing import Tokens, foreign
from quotetrack.queries import Query, desk, doubts, names, namesakes
from quotetrack.queries.changes import ACTIONS
from quotetrack.store import BusyError, StoreError, open_store

if TYPE_CHECKING:
    from datasette.app import Datasette

SIZE = 20  # of one page
CHOICES = 20  # people or statements that a name or words may mean
READ = 1000  # doubts that are looked through
BYTES = 100_000  # of a form
BUSY_MS = 5000  # how long a form waits for another writer
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
LISTS = {
    "people": ("One person?", namesakes.doubtful_people),
    "roster": ("Of the roster?", namesakes.doubtful_roster),
    "statements": ("One statement?", doubts.doubtful_pairs),
    "quotes": ("Unlikely quotes", doubts.doubtful_quotes),
    "names": ("Names of nobody", namesakes.refused_names),
}
Row = Mapping[str, Any]


class Pages:
    """db: the archive, which is written through the store's own connection, never Datasette's."""

    def __init__(self, datasette: Datasette, db: Path, tokens: Tokens) -> None:
        self._datasette, self._db, self._tokens = datasette, db, tokens
        self._database = next(
            one for one in datasette.databases.values() if one.path and Path(one.path).resolve() == db
        )

    # ----------------------------------------------------------------- reading

    async def listed(self, request: Request) -> Response:
        """`/-/review?what=people&q=…&page=2`"""
        if refusal := await self._refused(request):
            return refusal
        what = request.args.get("what") or "people"
        typed = (request.args.get("q") or "").strip()[:200]
        what = what if what in LISTS else "people"
        rows = await self._rows(LISTS[what][1](READ))
        found = [row for row in rows if typed.casefold() in _words(row)]
        page = min(max(_number(request.args.get("page")), 1), -(-len(found) // SIZE) or 1)
        shown = found[(page - 1) * SIZE : page * SIZE]
        counted = f"{len(found)}{'+' if len(rows) == READ else ''}"
        context = {
            "what": what,
            "q": typed,
            "rows": shown,
            "count": counted,
            "page": page,
            "pages": -(-len(found) // SIZE),
            "lists": {name: title for name, (title, _) in LISTS.items()},
            "here": urlencode({"what": what, "q": typed}),
        }
        return await self._page(request, "list.html", context)

    async def log(self, request: Request) -> Response:
        """`/-/review/log?page=2`"""
        if refusal := await self._refused(request):
            return refusal
        page = max(_number(request.args.get("page")), 1)
        rows = await self._rows(desk.log(SIZE + 1, (page - 1) * SIZE))
        context = {
            "rows": rows[:SIZE],
            "actions": ACTIONS,
            "page": page,
            "more": len(rows) > SIZE,
            "done": request.args.get("done"),
        }
        return await self._page(request, "log.html", context)

    async def one(self, request: Request) -> Response:
        """`/-/review/statement/UID`, `/quote/UID`, `/person/UID`: it and what can be corrected."""
        if refusal := await self._refused(request):
            return refusal
        kind, uid = request.url_vars["kind"], request.url_vars["uid"]
        asked = {"statement": desk.edited_statement, "quote": desk.edited_quote, "person": desk.edited_person}
        rows = await self._rows(asked[kind](uid))
        if not rows:
            moved = await self._moved(kind, uid)
            if moved:
                return self._to(f"/-/review/{kind}/{moved[0]['new_uid']}")
            return await self._say(request, 404, f"No such {kind}", "Nothing in the archive has this uid.")
        quotes: list[Row] = []
        if kind != "quote":
            of = desk.quotes_of_statement if kind == "statement" else desk.quotes_of_person
            quotes = await self._rows(of(uid))
        return await self._page(request, f"{kind}.html", {"one": rows[0], "quotes": quotes})

    # ----------------------------------------------------------------- writing

    async def correct(self, request: Request) -> Response:
        """`POST /-/review/correct`: the form of one correction; then its line in the log."""
        if refusal := await self._refused(request):
            return refusal
        if request.method != "POST":
            return self._to("/-/review")
        try:
            form = await _form(request)
            author, reason = _author(request), field(form, "reason", needed="the reason")
            if (asked := sought(form)) and (rows := await self._meant(asked, field(form, "uid"))):
                return await self._page(request, "choose.html", _choice(form, asked, rows), 409)
            number = await asyncio.to_thread(self._write, form, author, reason)
        except (FormError, StoreError) as problem:
            busy = isinstance(problem, BusyError)
            title = "The archive is busy" if busy else "Not corrected"
            why = (
                "Something else writes it just now. Nothing was changed; send it again in a moment."
                if busy
                else ""
            )
            return await self._say(request, 503 if busy else 400, title, why or f"{problem}.")
        return self._to(f"/-/review/log?done={number}#c{number}")

    async def _moved(self, kind: str, uid: str) -> list[Row]:
        """Where what had this uid went (new_uid), when it was merged into something else."""
        sql = "select new_uid from redirects where old_uid = :uid and kind = :kind"
        return await self._rows((sql, {"uid": uid, "kind": kind}))

    async def _meant(self, asked: Sought, subject: str) -> list[Row]:
        """Whom or what these words may mean; nothing where a person has no need to look.

        Raises FormError where they mean nothing at all and something has to be there already.
        """
        if asked.bare and await self._moved(asked.kind, asked.typed):
            return []
        if asked.kind == "statement":
            rows = await self._rows(desk.statements_saying(asked.typed, CHOICES))
            settled = asked.bare and bool(await self._rows(desk.edited_statement(asked.typed)))
        else:
            named = await self._rows(names.people_named(asked.typed, CHOICES))
            near = named or await self._rows(names.similar_names(asked.typed, CHOICES))
            uids = dict.fromkeys(row["uid"] for row in near if row["kind"] != "affiliation")
            rows = await self._rows(desk.people_to_choose(uids))
            settled = asked.typed in uids or (asked.field == "speaker" and _clear(asked, named))
        rows = [row for row in rows if row["uid"] != subject]
        if not rows and not asked.bare and asked.field == "other":
            what = "nobody else is called" if asked.kind == "person" else "no other statement holds"
            raise FormError(f"{what} “{asked.typed[:80]}”")
        return [] if settled else rows

    def _write(self, form: Form, author: str, reason: str) -> int:
        with open_store(self._db, create=False) as store:
            store.conn.execute(f"pragma busy_timeout = {BUSY_MS}")
            try:
                if field(form, "action") == "undo":
                    number = _number(field(form, "number", needed="the number"))
                    return pipeline.undo(store, number, author=author, reason=reason)
                return pipeline.correct(store, correction_of(form), author=author, reason=reason)
            except sqlite3.OperationalError as problem:
                raise BusyError(problem) from problem

    async def sign_in(self, request: Request) -> Response:
        """`POST /-/review/sign-in` with a token → the cookie that Datasette's own login sets."""
        if request.method != "POST" or foreign(request.headers):
            return await self._say(request, 403, "Not signed in", "Sign in on this site's own page.")
        try:
            name = self._tokens.whose(field(await _form(request), "token"))
        except FormError:
            name = None
        if name is None:
            return await self._say(request, 403, "Not signed in", "Nobody has this token.")
        response = self._to("/-/review")
        response.set_cookie(
            "ds_actor",
            self._datasette.sign({"a": {"id": name}}, "actor"),
            httponly=True,
            samesite="lax",
            secure=request.scheme == "https",
        )
        return response

    # ----------------------------------------------------------------- shared

    async def _refused(self, request: Request) -> Response | None:
        """Nobody who is not signed in sees anything; nothing is taken from another site's pages."""
        if not _author(request):
            return await self._say(
                request, 403, "Sign in first", "Corrections are made by those who are signed in."
            )
        if request.method == "POST" and foreign(request.headers):
            return await self._say(request, 403, "Not from here", "This form was sent by another site.")
        return None

    async def _rows(self, query: Query) -> list[Row]:
        try:
            results = await self._database.execute(*query, custom_time_limit=10_000)
        except QueryInterrupted:
            return []
        return [dict(row) for row in results.rows]

    async def _page(
        self, request: Request, template: str, context: Mapping[str, object], status: int = 200
    ) -> Response:
        shared = {
            "path": self._datasette.urls.path,
            "author": _author(request),
            "site": self._datasette.metadata("title") or "quotetrack",
            "tokens": bool(self._tokens.names),
        }
        body = await self._datasette.render_template(
            f"desk/{template}", {**shared, **context}, request=request
        )
        headers = {"content-security-policy": POLICY, "cache-control": "no-store"}
        return Response(body, status=status, headers=headers, content_type="text/html; charset=utf-8")

    async def _say(self, request: Request, status: int, title: str, reason: str) -> Response:
        context = {"title": title, "reason": reason, "status": status}
        return await self._page(request, "message.html", context, status)

    def _to(self, path: str) -> Response:
        return Response("", status=303, headers={"Location": self._datasette.urls.path(path)})


async def _form(request: Request) -> Form:
    length = request.headers.get("content-length", "0")
    if _number(length) > BYTES:
        raise FormError(f"the form is longer than {BYTES:,} bytes")
    body = await request.post_body()
    return parse_qs(body[:BYTES].decode("utf-8", "replace"), max_num_fields=1000)


def _clear(asked: Sought, named: Sequence[Row]) -> bool:
    """Whether nobody, or one person alone and by this very name, can be meant."""
    return not named or (len(named) == 1 and named[0]["name"].casefold() == asked.typed.casefold())


def _choice(form: Form, asked: Sought, rows: Sequence[Row]) -> dict[str, object]:
    """What the page that asks shows: the form again, without the field that is asked about."""
    kept = [(name, value) for name, values in form.items() for value in values if name in _KEPT]
    return {"asked": asked, "rows": rows, "kept": kept, "action": field(form, "action")}


_KEPT = frozenset({"uid", "reason", "quote", "kind"})


def _author(request: Request) -> str:
    return str((request.actor or {}).get("id") or "")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _words(row: Row) -> str:
    return " ".join(str(value) for value in row.values() if value is not None).casefold()
