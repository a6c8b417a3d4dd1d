"""RSS, Atom and JSON Feed: items that hold their full text → Articles, others → Links to their pages."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any

from quotetrack.ingest.canonical import absolute, canonical_url, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import repaired, tidy
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_FEED, MAX_ITEMS, Refused
from quotetrack.ingest.markup import decode_markup, fragment_text, refuse_entities
from quotetrack.ingest.source import Found, Link, Source, whole
from quotetrack.types import Article, Failure

FULL_TEXT = 1_500
"""Code points from which a description or a summary is taken for the full text of its item."""

_CUT = re.compile(r"(?:\[?(?:…|\.\.\.)\]?|(?:read more|weiterlesen|mehr)\W*)\s*\Z", re.IGNORECASE)

_TAIL = 40  # code points at the end of a text in which a sign that it was cut may stand


@dataclass(frozen=True, slots=True)
class _Item:
    """One item as the feed has it. plain: text; full, summary: HTML; each "" when absent."""

    plain: str
    full: str
    summary: str
    url: str | None
    article: Article


def read_feed(source: Source) -> Found:
    """Read a feed. Yields an Article, a Link or a Failure for each item, in the feed's order."""
    try:
        text = decode_markup(whole(source.stream, MAX_FEED), source.charset).text
        start = text.lstrip("\ufeff \t\r\n")
        items, damage = _json_items(start, source) if start.startswith("{") else _xml_items(text, source)
        for number, item in enumerate(items, 1):
            if number > MAX_ITEMS:
                raise Refused(f"more than {MAX_ITEMS:,} items: the rest is left out")
            yield _found(item, f"{source.origin}#{number}")
        if damage:
            yield Failure(source.origin, damage)
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def _found(item: _Item, origin: str) -> Article | Link | Failure:
    """The item itself when it holds its text, else the way to its page."""
    try:
        full = fragment_text(item.full) if item.full else tidy(item.plain).strip()
        summary = fragment_text(item.summary) if item.summary else ""
        for text, least in ((full, 1), (summary, FULL_TEXT)):
            if len(text) >= least and not _CUT.search(text, max(0, len(text) - _TAIL)):
                clean, notes = repaired(text)
                return replace(item.article, origin=origin, text=clean, extra=notes)
        if item.url:
            return Link(item.url, origin, hint=item.article)
    except Refused as refusal:
        return Failure(origin, str(refusal))
    if full or summary:
        return Failure(origin, "item holds only a summary and no link that could be followed")
    return Failure(origin, "item without text and without a link that could be followed")


# --------------------------------------------------------------------- RSS and Atom


def _xml_items(text: str, source: Source) -> tuple[Iterable[_Item], str | None]:
    """The items of an RSS or Atom feed, and what is broken about it."""
    import feedparser

    refuse_entities(text)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if source.url:
        headers["content-location"] = source.url
    try:
        feed = feedparser.parse(  # type: ignore[attr-defined,no-untyped-call]
            _undeclared(text).encode("utf-8", "replace"), response_headers=headers, sanitize_html=False
        )
    except Exception as error:
        raise Refused(f"feed that feedparser cannot read: {type(error).__name__}: {error}") from error
    broken = feed.get("bozo_exception") if feed.get("bozo") else None
    if not feed.entries:
        raise Refused(f"broken feed: {_line(str(broken))}" if broken else "feed without items")
    damage = f"broken feed after {len(feed.entries)} items: {_line(str(broken))}" if broken else None
    return (_xml_item(entry, feed.feed, source) for entry in feed.entries), damage


def _undeclared(text: str) -> str:
    """Without the XML declaration, whose encoding no longer holds once decoded."""
    return re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text)


def _xml_item(entry: Mapping[str, Any], feed: Mapping[str, Any], source: Source) -> _Item:
    contents = [
        part
        for part in entry.get("content") or ()
        if "html" in part.get("type", "") or "text" in part.get("type", "")
    ]
    full = max((str(part.get("value") or "") for part in contents), key=len, default="")
    link = absolute(source.url or "", str(entry.get("link") or ""))
    url = web_url(link)
    publisher = entry.get("source") or {}
    language = next((part.get("language") for part in contents if part.get("language")), None) or feed.get(
        "language"
    )
    return _Item(
        "",
        full,
        str(entry.get("summary") or ""),
        url,
        Article(
            source.origin,
            "",
            doc_id=_line(entry.get("id")),
            url=url,
            canonical_url=canonical_url(url) if url else None,
            outlet=_line(publisher.get("title")) or _line(feed.get("title")),
            title=_plain(entry.get("title")),
            published=_moment(entry.get("published_parsed")) or iso_date(entry.get("published")),
            author=_line(entry.get("author")),
            language=language_code(language),
        ),
    )


def _moment(value: struct_time | None) -> str | None:
    """Feedparser's UTC time as ISO 8601."""
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError, OSError):
        return None


# --------------------------------------------------------------------- JSON Feed


def _json_items(text: str, source: Source) -> tuple[Iterable[_Item], str | None]:
    """The items of a JSON Feed 1.0 or 1.1."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"broken JSON Feed: {error}") from error
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise Refused("feed without items")
    good = [item for item in items if isinstance(item, dict)]
    damage = (
        f"{len(items) - len(good)} items of the feed are no JSON objects" if len(good) < len(items) else None
    )
    return (_json_item(item, feed, source) for item in good), damage


def _json_item(item: Mapping[str, Any], feed: Mapping[str, Any], source: Source) -> _Item:
    url = web_url(absolute(source.url or "", _string(item.get("url")) or _string(item.get("external_url"))))
    authors = item.get("authors") or feed.get("authors") or [item.get("author") or feed.get("author")]
    names = (
        [_line(author.get("name")) for author in authors if isinstance(author, dict)]
        if isinstance(authors, list)
        else []
    )
    return _Item(
        _string(item.get("content_text")),
        _string(item.get("content_html")),
        _string(item.get("summary")),
        url,
        Article(
            source.origin,
            "",
            doc_id=_line(item.get("id")),
            url=url,
            canonical_url=canonical_url(url) if url else None,
            outlet=_line(feed.get("title")),
            title=_line(item.get("title")),
            published=iso_date(_string(item.get("date_published"))),
            author="; ".join(filter(None, names)) or None,
            language=language_code(_string(item.get("language")) or _string(feed.get("language"))),
        ),
    )


def _string(value: object) -> str:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _line(value: object) -> str | None:
    """A value on one line; None when it says nothing."""
    return " ".join(tidy(_string(value)).split())[:2_000] or None


def _plain(value: object) -> str | None:
    """A title, which may be HTML, on one line."""
    text = _string(value)
    try:
        return _line(fragment_text(text))
    except Refused:
        return _line(text)
