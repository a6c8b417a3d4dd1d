"""One request and its answers: pages, data, redirects, refusals, with their headers."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils import add_cors_headers
from datasette.utils.asgi import AsgiStream, Request, Response

from quotetrack.plugin.archive import Archive, Row, TooSlowError, find_archive
from quotetrack.plugin.links import Links
from quotetrack.plugin.picture import Picture, draw
from quotetrack.plugin.templates import rendered, site_title
from quotetrack.queries import pages

MAX_AGE = 60  # seconds a browser may show a page again without asking
PICTURE_AGE = 3600  # the same for a picture: previews are asked for in bursts
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)

if TYPE_CHECKING:
    from datasette.app import Datasette  # while Datasette loads its plugins it is not whole yet


@dataclass(frozen=True)
class Visit:
    """A request to a page of the archive."""

    datasette: Datasette
    request: Request
    archive: Archive
    links: Links

    def argument(self, name: str) -> str:
        """An argument of the query string, without controls and surrogates; "" when absent."""
        return clean(self.request.args.get(name) or "")

    @property
    def site(self) -> str:
        """The name of the site, as metadata gives it."""
        return site_title(self.datasette)

    @property
    def variables(self) -> Mapping[str, str]:
        return dict(self.request.url_vars)

    async def page(
        self,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """An HTML page from a template of quotetrack/."""
        return await _render(self.datasette, self.request, self.links, template, context, status, headers)

    def data(
        self, body: str, content_type: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Data for other programs, readable across origins where Datasette runs with --cors."""
        more = {**self._cors(), **(headers or {})}
        return answer(self.request, body, f"{content_type}; charset=utf-8", status, more)

    def _cors(self) -> dict[str, str]:
        cors: dict[str, str] = {}
        if self.datasette.cors:
            add_cors_headers(cors)
        return cors

    def json(self, value: object, *, status: int = 200, content_type: str = "application/json") -> Response:
        return self.data(json.dumps(value, ensure_ascii=False, indent=1) + "\n", content_type, status=status)

    def csv(
        self,
        columns: Sequence[str],
        batches: AsyncIterator[Sequence[Sequence[object]]],
        filename: str,
        *,
        tag: str,
    ) -> Response | AsgiStream:
        """Rows as CSV with a byte order mark, sent as they come. A cell a spreadsheet would run as a formula
        gets a "'". tag: which rows; as long as nobody writes to the archive, the same is in them.
        """
        headers = self._cors() | {"content-disposition": f'attachment; filename="{filename}"'}
        content_type = "text/csv; charset=utf-8"
        of = f"{self.archive.version} {self.links.absolute(self.links.home())} {tag}"
        if _held(self.request, headers, of.encode()):
            return Response(b"", status=304, headers=headers, content_type=content_type)

        async def send(writer: Any) -> None:
            await writer.write("\ufeff" + _lines([columns]))
            async for batch in batches:
                await writer.write(_lines(batch))

        return AsgiStream(send, headers=headers, content_type=content_type)

    async def picture(self, picture: Picture, status: int = 200) -> Response:
        """A picture, drawn beside the other answers and only for those who do not hold it already."""
        headers = {"cache-control": f"public, max-age={PICTURE_AGE}"}
        if status == 200:
            headers["etag"] = tag = f'"{picture.tag}"'
            if tag in _tags(self.request):
                return Response(b"", status=304, headers=headers, content_type="image/png")
        body = await asyncio.get_running_loop().run_in_executor(None, draw, picture)
        return Response(body, status=status, headers=headers, content_type="image/png")

    async def refusal(self, status: int, title: str, reason: str, **context: object) -> Response:
        """Says why there is nothing here: a page, JSON where JSON was asked for, else a line of text."""
        form = self.variables.get("format") or ""
        if "json" in form:
            return self.json({"ok": False, "status": status, "title": title, "error": reason}, status=status)
        if form:
            return self.data(f"{title}: {' '.join(reason.split())}\n", "text/plain", status=status)
        return await self.page("message.html", {"title": title, "reason": reason, **context}, status=status)

    async def corrections(self, uid: str) -> list[Row]:
        """What editors corrected in a statement, newest first."""
        if "corrections" not in self.archive.tables:
            return []
        return await self.archive.rows(pages.statement_corrections(uid))

    async def merged_into(self, uid: str, kind: str) -> str | None:
        """The uid that a merged one became, through every later merge; None when it was never merged."""
        if "redirects" not in self.archive.tables:
            return None
        passed = [uid]
        while row := await self.archive.row(pages.redirect(passed[-1])):
            if row["kind"] != kind or row["new_uid"] in passed:
                return None  # another kind of thing, or a circle that leads nowhere
            passed.append(row["new_uid"])
        return passed[-1] if len(passed) > 1 else None

    async def moved(self, uid: str, kind: str, address: Callable[[str], str]) -> Response | None:
        """A permanent redirect to what a merged uid became; None when it was never merged."""
        target = await self.merged_into(uid, kind)
        if target is None:
            return None
        query = f"?{self.request.query_string}" if self.request.query_string else ""
        return redirect(address(target) + query)


View = Callable[[Visit], Awaitable[Response | AsgiStream]]
Handler = Callable[..., Awaitable[Response | AsgiStream]]  # of (datasette, request), as Datasette calls it


def handler(view: View) -> Handler:
    """A Datasette route for a view: permissions, the archive, and what to say when either is missing."""

    async def handle(datasette: Datasette, request: Request) -> Response | AsgiStream:
        archive = await find_archive(datasette)
        if archive is None:
            await datasette.ensure_permissions(request.actor, ["view-instance"])
            return await _render(
                datasette,
                request,
                Links(datasette, request),
                "message.html",
                {
                    "title": "No archive here",
                    "reason": "None of the databases served here was made by this version of quotetrack."
                    " Make one with: quotetrack add archive.db articles.jsonl",
                },
                404,
            )
        await datasette.ensure_permissions(request.actor, [("view-database", archive.name), "view-instance"])
        visit = Visit(datasette, request, archive, Links(datasette, request, archive.name))
        try:
            return await view(visit)
        except TooSlowError:
            return await visit.refusal(
                503,
                "This took too long",
                "The archive stopped looking to stay quick for everybody. Add a word, a speaker or a date.",
            )

    return handle


async def _render(
    datasette: Datasette,
    request: Request,
    links: Links,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = await rendered(datasette, request, links, template, context)
    policy = {"content-security-policy": PAGE_POLICY, **(headers or {})}
    return answer(request, body, "text/html; charset=utf-8", status, policy)


def answer(
    request: Request, body: str, content_type: str, status: int, headers: Mapping[str, str]
) -> Response:
    """A response with an ETag; 304 and no body when the browser holds it already."""
    raw = body.encode("utf-8", "replace")  # a lone surrogate becomes "?"
    sent = dict(headers)
    if status == 200 and _held(request, sent, raw):
        return Response(b"", status=304, headers=sent, content_type=content_type)
    return Response(raw, status=status, headers=sent, content_type=content_type)


def _held(request: Request, headers: dict[str, str], content: bytes) -> bool:
    """Whether the browser holds this content already; what lets it find out is put into `headers`."""
    headers["etag"] = tag = f'W/"{hashlib.sha256(content).hexdigest()[:20]}"'
    shared = "public" if request.actor is None else "private"
    headers["cache-control"] = f"{shared}, max-age={MAX_AGE}"
    return tag in _tags(request)


def _tags(request: Request) -> list[str]:
    """The tags of the versions that a browser holds."""
    return [held.strip() for held in (request.headers.get("if-none-match") or "").split(",")]


def redirect(location: str) -> Response:
    """301: where a merged uid leads. Kept for an hour only, since editors can undo a merge."""
    return Response("", status=301, headers={"Location": location, "cache-control": "public, max-age=3600"})


def clean(text: str) -> str:
    """Text from outside that SQLite, XML and HTML all take: controls become spaces, surrogates go."""
    return "".join(
        c if c >= " " and not "\x7f" <= c <= "\x9f" else " "
        for c in text
        if not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    ).strip()


def _lines(rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace").decode("utf-8")  # a lone surrogate becomes "?"


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
