"""Addresses: of the site's own pages, of articles elsewhere, and of the very words inside an article."""

# mypy: allow-untyped-calls
# (Datasette's functions carry no types)
from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from datasette.utils.asgi import Request

if TYPE_CHECKING:
    from datasette.app import Datasette  # while Datasette loads its plugins it is not whole yet


EXACT_WORDS = 10  # longer quotes are linked by their first and last words: pages break long lines
EDGE_WORDS = 5
CONTEXT_WORDS = 3
UID = "[A-Za-z0-9_-]{1,64}"
STATEMENT_TARGET = re.compile(rf"/(?:s|embed)/(?P<uid>{UID})(?:\.[a-z.]+)?/?")


class Links:
    """The site's addresses below Datasette's base_url; `absolute` adds scheme and host."""

    def __init__(self, datasette: Datasette, request: Request, database: str = "") -> None:
        self._datasette = datasette
        self._database = database
        self._base = str(datasette.urls.path("/")).rstrip("/")
        self._origin = str(datasette.absolute_url(request, "/")).rstrip("/")  # a page has dozens of addresses

    def path(self, path: str) -> str:
        """path: below base_url, from "/" on."""
        return self._base + path

    def absolute(self, path: str) -> str:
        """path: with base_url, as the other functions give it."""
        return self._origin + path

    def home(self) -> str:
        return self.path("/")

    def statement(self, uid: str, suffix: str = "") -> str:
        return self.path(f"/s/{quote(uid, safe='')}{suffix}")

    def occurrence(self, uid: str, suffix: str = "") -> str:
        return self.path(f"/o/{quote(uid, safe='')}{suffix}")

    def person(self, uid: str) -> str:
        return self.path(f"/person/{quote(uid, safe='')}")

    def organisation(self, uid: str) -> str:
        return self.path(f"/organisation/{quote(uid, safe='')}")

    def outlet(self, outlet_id: int) -> str:
        return self.path(f"/outlet/{int(outlet_id)}")

    def embed(self, uid: str, **options: str) -> str:
        return self.path(f"/embed/{quote(uid, safe='')}") + _query(options)

    def oembed(self, uid: str, form: str, dress: str = "", **sides: str) -> str:
        """dress: the query string of the statement's address, for its card; sides: maxwidth, maxheight."""
        url = self.absolute(self.statement(uid)) + (f"?{dress}" if dress else "")
        return self.path("/-/oembed") + _query({"url": url, "format": form, **sides})

    def search(self, suffix: str = "", **filters: str) -> str:
        return self.path(f"/-/search{suffix}") + _query(filters)

    def feed(self, **filters: str) -> str:
        return self.path("/-/feed.atom") + _query(filters)

    def tables(self) -> str:
        return str(self._datasette.urls.database(self._database)) if self._database else self.home()

    def table(self, name: str) -> str:
        return str(self._datasette.urls.table(self._database, name))

    def asset(self, name: str) -> str:
        """A file of static/, with a digest of its content: browsers may keep it for good."""
        return self.path(f"/-/quotetrack/{name}") + "?" + digest(name)


def _query(values: dict[str, str]) -> str:
    kept = {key: value for key, value in values.items() if value}
    return "?" + urlencode(kept) if kept else ""


def asset(name: str) -> bytes:
    """A file of the plugin's static folder. Raises FileNotFoundError."""
    return files("quotetrack.plugin").joinpath("static", name).read_bytes()


@cache
def digest(name: str) -> str:
    return hashlib.sha256(asset(name)).hexdigest()[:10]


def web_url(url: str | None) -> str | None:
    """`url` when it is an absolute http(s) address without spaces and controls; None otherwise."""
    if not url or any(c.isspace() or not c.isprintable() for c in url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port is not False
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and named else None


def host(url: str) -> str:
    """The host of a `web_url`, for showing where a link leads."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def text_fragment(url: str, content: str, before: str = "", after: str = "") -> str:
    """The article's address, extended so that a browser scrolls to the quote and marks it.

    content: the words as they stand in the article, in one piece; before, after: the text around them,
    used to tell short quotes apart. See https://wicg.github.io/scroll-to-text-fragment/.
    """
    words = content.split()
    if not words:
        return url
    if len(words) > EXACT_WORDS:
        text = f"{_fragment(words[:EDGE_WORDS])},{_fragment(words[-EDGE_WORDS:])}"
    else:
        text = _fragment(words)
        lead = before.rsplit("\n", 1)[-1].split()[-CONTEXT_WORDS:]
        trail = after.split("\n", 1)[0].split()[:CONTEXT_WORDS]
        if lead and len(words) < EDGE_WORDS:
            text = f"{_fragment(lead)}-,{text}"
        if trail and len(words) < EDGE_WORDS:
            text = f"{text},-{_fragment(trail)}"
    return f"{url}{'' if '#' in url else '#'}:~:text={text}"


def _fragment(words: list[str]) -> str:
    text = " ".join(words).encode("utf-8", "replace").decode("utf-8")
    return quote(text, safe="").replace("-", "%2D")
