"""A web server on this machine, and a short way from bytes to what `read` makes of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from quotetrack.ingest import Kind, read
from quotetrack.types import Article, Failure

Reply = tuple[int, dict[str, str], bytes]
ReadBytes = Callable[..., list[Article | Failure]]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    def run(
        data: bytes, name: str = "file", kind: Kind = "auto", **settings: object
    ) -> list[Article | Failure]:
        path = tmp_path / name
        path.write_bytes(data)
        return list(read([str(path)], kind=kind, **settings))  # type: ignore[arg-type]

    return run


@dataclass
class Site:
    """A web site made of replies by path; `asked` are the requests that came, with their headers."""

    address: str = ""
    pages: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None] | list[Reply]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def page(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, data)
        return self.address + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, dict(self.headers)))
            reply = made.pages.get(self.path, (404, {}, b"nothing here"))
            if callable(reply):
                reply(self)
                return
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
            status, headers, body = reply
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


PAGE = """<!DOCTYPE html><html lang="de-DE"><head><meta charset="utf-8">
<title>Rat streitet | Tagblatt</title>
<link rel="canonical" href="/politik/bruecke-1">
<meta property="og:site_name" content="Fiktives Tagblatt">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle",
"headline": "Rat streitet über Brücke", "datePublished": "2025-03-04T10:00:00+01:00",
"author": [{"@type": "Person", "name": "Erika Muster"},
{"@type": "Person", "name": "Max Beispiel"}]}]}</script>
</head><body><nav><a href="/">Start</a> <a href="/sport">Sport</a></nav>
<article><h1>Rat streitet über Brücke</h1>
<p>„Wir warten nicht“, sagte Anna Weber, Sprecherin des fiktiven Rates, am Dienstag in Musterstadt.</p>
<p>Der zweite Absatz enthält weitere Sätze über die <b>Brücke</b>, damit der Text lang genug ist.</p>
<blockquote><p>„Das ist ein Zitat im eigenen Block.“</p></blockquote></article>
<div id="comments"><p class="comment">Ein Leser meint etwas dazu.</p></div>
<footer>Impressum</footer></body></html>"""
"""A fictional news page: people, place and paper are invented."""


@pytest.fixture
def page() -> str:
    return PAGE
