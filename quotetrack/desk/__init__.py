"""Signed-in review pages for an archive that `serve DB --review` serves: never on published sites."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.hookspecs import hookimpl
from datasette.utils.asgi import Request, Response

from quotetrack.desk.pages import Pages
from quotetrack.desk.signing import Tokens, TokensError, read_tokens

if TYPE_CHECKING:
    from datasette.app import Datasette

__all__ = ["Desk", "Tokens", "TokensError", "read_tokens"]

PRIVATE = {"corrections", "proposals", "resolutions", "roster", "failures", "runs", "revisions", "visits"}
_UID = "(?P<uid>[A-Za-z0-9_-]{1,64})"


class Desk:
    """A plugin of Datasette for one archive. db: its file; tokens: who may sign in besides root."""

    def __init__(self, db: Path, tokens: Tokens | None = None) -> None:
        self.__name__ = __name__  # where Datasette looks for templates
        self._db, self._tokens = db.resolve(), tokens or Tokens()

    @hookimpl
    def register_routes(self) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
        def handler(name: str) -> Callable[..., Awaitable[Response]]:
            async def handle(datasette: Datasette, request: Request) -> Response:
                pages = Pages(datasette, self._db, self._tokens)
                answer: Response = await getattr(pages, name)(request)
                return answer

            return handle

        return [
            (r"^/-/review$", handler("listed")),
            (r"^/-/review/log$", handler("log")),
            (rf"^/-/review/(?P<kind>statement|quote|person)/{_UID}$", handler("one")),
            (r"^/-/review/correct$", handler("correct")),
            (r"^/-/review/sign-in$", handler("sign_in")),
            (r"^/-/review/desk\.css$", _style),
        ]

    @hookimpl
    def actor_from_request(self, request: Request) -> dict[str, str] | None:
        """`Authorization: Bearer TOKEN`, for scripts."""
        kind, _, token = (request.headers.get("authorization") or "").partition(" ")
        name = self._tokens.whose(token.strip()) if kind.lower() == "bearer" else None
        return {"id": name} if name else None

    @hookimpl
    def permission_allowed(self, actor: dict[str, str] | None, action: str, resource: Any) -> bool | None:
        """Who corrected what, and whom the newsroom knows, is in plain tables for those who are signed in."""
        private = action == "view-table" and resource[1] in PRIVATE
        return False if private and not actor else None

    @hookimpl
    def extra_template_vars(self) -> dict[str, Any]:
        """Pages of statements, quotes and people show the way here to those who are signed in."""
        return {"desk": True}

    @hookimpl
    def menu_links(self, datasette: Datasette, actor: dict[str, str] | None) -> list[dict[str, str]]:
        return [{"href": datasette.urls.path("/-/review"), "label": "Review"}] if actor else []


async def _style() -> Response:
    body = files("quotetrack.desk").joinpath("static", "desk.css").read_text("utf-8")
    return Response(body, content_type="text/css; charset=utf-8", headers={"cache-control": "max-age=300"})
