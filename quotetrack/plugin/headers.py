"""What every answer carries, plain Datasette's too: who may frame it and what may run in it."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from datasette.utils.asgi import Request, Response

from quotetrack.plugin.links import UID, asset, digest

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Datasette's own pages carry inline scripts and styles; ours send a stricter policy themselves.
DATASETTE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: https:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
ASSET_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_YEAR = 365 * 24 * 3600


def guarded(app: App, base_url: str) -> App:
    """The app with its headers; only a card, and a preview for reconciliation, may be framed."""
    embed = re.compile(rf"{re.escape(base_url.rstrip('/'))}(?:/embed/{UID}|/-/reconcile/preview)")

    async def guard(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        framed = bool(embed.fullmatch(scope["path"]))

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers") or [])
                present = {name.lower() for name, _ in headers}
                added = {
                    b"x-content-type-options": b"nosniff",
                    b"referrer-policy": b"strict-origin-when-cross-origin",
                }
                # browsers refuse frames by the headers of a redirect too: a merged card leads to another card
                card = framed and (b"content-security-policy" in present or 300 <= message["status"] < 400)
                if not card:
                    added[b"x-frame-options"] = b"DENY"
                    added[b"content-security-policy"] = DATASETTE_POLICY.encode("ascii")
                headers += [(name, value) for name, value in added.items() if name not in present]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_guarded)

    return guard


async def asset_file(request: Request) -> Response:
    """A static file of the site. Its address carries a digest of its content, so it never goes stale."""
    name = request.url_vars["name"]
    try:
        body = asset(name)
    except FileNotFoundError:
        return Response("no such file", status=404)
    fresh = request.query_string == digest(name)
    age = f"public, max-age={_YEAR}, immutable" if fresh else "public, max-age=300"
    headers = {"cache-control": age, "access-control-allow-origin": "*", "etag": f'"{digest(name)}"'}
    return Response(
        body, headers=headers, content_type=f"{ASSET_TYPES[name.rsplit('.', 1)[1]]}; charset=utf-8"
    )
