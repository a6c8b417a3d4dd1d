"""Text is sent compressed to clients that take it: on a slow line a page of 35 kB is there as one of 7.

Not where a request carries cookies: beside a secret of somebody who is signed in, the length of a compressed
page would tell which of the words put into it are in the secret too (BREACH).
"""

from __future__ import annotations

import re
import zlib

from quotetrack.plugin.headers import App, Message, Receive, Send

LEAST = 600  # bytes: below, headers weigh more
LEVEL = 4  # of zlib; 6 makes pages 3 % smaller and takes 1.5 times as long
_TEXT = re.compile(rb"(?:text/|application/(?:[a-z.-]+\+)?(?:json|xml)|image/svg\+xml|application/x-bibtex)")
_GZIP = 16 + zlib.MAX_WBITS
_WEIGHT = re.compile(r"\s*(?P<coding>[^\s;]+)\s*(?:;\s*q\s*=\s*(?P<q>[0-9.]+))?\s*")


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip: named, or "*", with a weight above 0."""
    weights = {}
    for part in accepted.lower().split(","):
        if match := _WEIGHT.fullmatch(part):
            weights[match["coding"]] = (match["q"] or "1").strip("0.") != ""
    return weights.get("gzip", weights.get("*", False))


def compressed(app: App) -> App:
    """The app, whose answers are compressed where that is asked for and worth it."""

    async def compress(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        wanted = takes_gzip(asked.get(b"accept-encoding", "")) and b"cookie" not in asked
        await app(scope, receive, _Sender(send, wanted=wanted))

    return compress


class _Sender:
    """Sends one answer, compressed when `wanted`, its content is text and long, and nobody did it before."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._start: Message | None = None  # kept until the length of the content is known
        self._packer: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _varies(message):
            message = {**message, "headers": [*message["headers"], (b"vary", b"Accept-Encoding")]}
            if self._wanted and message["status"] == 200:
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            more = bool(message.get("more_body"))
            if more or len(message.get("body", b"")) >= LEAST:
                self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
                await self._send({**self._start, "headers": list(_packed(self._start["headers"]))})
            else:
                await self._send(self._start)
            self._start = None
        if message["type"] == "http.response.body" and self._packer is not None:
            more = bool(message.get("more_body"))
            body = self._packer.compress(message.get("body", b""))
            body += self._packer.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)
            message = {**message, "body": body}
        await self._send(message)


def _varies(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers") or []}
    return bool(_TEXT.match(headers.get(b"content-type", b""))) and b"content-encoding" not in headers


def _packed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a compressed answer. A strong tag turns weak: other bytes are sent."""
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    weak = [
        (name, b"W/" + value) if name.lower() == b"etag" and not value.startswith(b"W/") else (name, value)
        for name, value in kept
    ]
    return [*weak, (b"content-encoding", b"gzip")]
