"""Plain text → one Article. The stored text keeps every line, the headline too."""

from __future__ import annotations

import re

from quotetrack.ingest.canonical import canonical_url, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import checked, decode, repair
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_TITLE, Refused
from quotetrack.ingest.lists import fields_of
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.types import Article, Failure

_LINES_LOOKED_AT = 4
_HEAD, _HEAD_LINES = (
    2_000,
    8,
)  # code points and lines among which a text may say when and where it was published
_ENTRY = re.compile(r"([^\W\d][\w -]{0,40}):[ \t]+(\S.{0,300})")
_CLOSING = tuple(".!?:;,…。！？؟।\"'“”«»‘’„)")


def read_text(source: Source) -> Found:
    """Read one text document. Yields one Article, or one Failure that says why not."""
    try:
        decoded = decode(whole(source.stream), source.charset)
        text, repaired = repair(checked(decoded.text))
        notes = decoded.notes | ({"repaired": repaired} if repaired else {})
        said = head(text)
        url = source.url or web_url(said.get("url"))
        yield Article(
            source.origin,
            checked(text),
            url=url,
            canonical_url=canonical_url(url) if url else None,
            outlet=said.get("outlet"),
            title=said.get("title") or headline(text),
            published=iso_date(said.get("published")),
            author=said.get("author"),
            language=language_code(said.get("lang")),
            extra=notes,
        )
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def head(text: str) -> dict[str, str]:
    """What lines at the beginning of a text say of it, by field: `Published: 4 March 2025`, `Quelle: …`.

    Only where one of them is a date or a web address that reads: `Weber: “…”` is no such line.
    """
    lines = [line for line in text[:_HEAD].split("\n") if line.strip()][:_HEAD_LINES]
    entries = {found[1]: found[2].strip() for line in lines if (found := _ENTRY.fullmatch(line.strip()))}
    said, _ = fields_of(entries)
    known = iso_date(said.get("published")) or web_url(said.get("url"))
    return said if known else {}


def headline(text: str) -> str | None:
    """The first line where it looks like a headline: short, no closing mark, an empty line after it."""
    first, *below = text.lstrip()[: 4 * MAX_TITLE].split("\n", _LINES_LOOKED_AT)
    title = first.strip().lstrip("#").strip(" \t#")
    if len(below) < 2 or not any(line.strip() for line in below[1:]):
        return None
    apart = not below[0].strip() or set(below[0].strip()) in ({"="}, {"-"})
    short = len(title) <= MAX_TITLE and any(ch.isalnum() for ch in title)
    return title if apart and short and not title.endswith(_CLOSING) else None
