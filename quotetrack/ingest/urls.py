"""Lists of URLs, one a line → links to be fetched. `#` begins a comment."""

from __future__ import annotations

from quotetrack.ingest.canonical import web_url
from quotetrack.ingest.decode import tidy
from quotetrack.ingest.limits import MAX_URL
from quotetrack.ingest.source import ANYTHING, Found, Link, Source
from quotetrack.types import Failure

_LONGEST = 4 * MAX_URL  # bytes of a line


def read_urls(source: Source) -> Found:
    """Yield a Link for each line that is an http(s) URL, a Failure `ORIGIN:LINE` for others."""
    number = 0
    while line := source.stream.readline(_LONGEST):
        number += 1
        origin = f"{source.origin}:{number}"
        if not line.endswith(b"\n") and len(line) == _LONGEST:
            yield Failure(origin, f"line longer than the limit of {_LONGEST:,} bytes")
            while line and not line.endswith(b"\n"):
                line = source.stream.readline(_LONGEST)
            continue
        text = line.decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
        if not text or text.startswith("#"):
            continue
        if url := web_url(text):
            yield Link(url, origin, ANYTHING)
        else:
            yield Failure(origin, f"no http or https address: {tidy(text)[:80]}")
