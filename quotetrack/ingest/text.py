"""Plain text → one Article. The stored text keeps every line, the headline too."""

from __future__ import annotations

from quotetrack.ingest.canonical import canonical_url
from quotetrack.ingest.decode import checked, decode, repair
from quotetrack.ingest.limits import MAX_TITLE, Refused
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.types import Article, Failure

_LINES_LOOKED_AT = 4
_CLOSING = tuple(".!?:;,…。！？؟।\"'“”«»‘’„)")


def read_text(source: Source) -> Found:
    """Read one text document. Yields one Article, or one Failure that says why not."""
    try:
        decoded = decode(whole(source.stream), source.charset)
        text, repaired = repair(checked(decoded.text))
        notes = decoded.notes | ({"repaired": repaired} if repaired else {})
        yield Article(
            source.origin,
            checked(text),
            url=source.url,
            canonical_url=canonical_url(source.url) if source.url else None,
            title=headline(text),
            extra=notes,
        )
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def headline(text: str) -> str | None:
    """The first line where it looks like a headline: short, no closing mark, an empty line after it."""
    first, *below = text.lstrip()[: 4 * MAX_TITLE].split("\n", _LINES_LOOKED_AT)
    title = first.strip().lstrip("#").strip(" \t#")
    if len(below) < 2 or not any(line.strip() for line in below[1:]):
        return None
    apart = not below[0].strip() or set(below[0].strip()) in ({"="}, {"-"})
    short = len(title) <= MAX_TITLE and any(ch.isalnum() for ch in title)
    return title if apart and short and not title.endswith(_CLOSING) else None
