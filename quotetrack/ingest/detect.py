"""Which format a document is in: by its content first, by its name second."""

from __future__ import annotations

import re

from quotetrack.ingest.decode import binary
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.source import Kind

GZIP = b"\x1f\x8b"

_ROOTS: dict[str, Kind] = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "newsmessage": "newsml",
    "newsitem": "newsml",
    "packageitem": "newsml",
    "nitf": "nitf",
    "html": "html",
}
_SUFFIXES: dict[str, Kind] = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "warc": "warc",
    "txt": "text",
    "md": "text",
    "markdown": "text",
}
_PROLOGUE = re.compile(
    r"\A(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_HTML = re.compile(
    r"<!doctype html|<(?:html|head|body|article|section|main|div|p|h1|meta|title|table)\b[^<>]*>", re.I
)
_TAGS = re.compile(r"</?(?:p|div|br|span|a|h[1-6]|li|ul|img|table|td|tr|strong|em|b|i)\b[^<>]*>", re.I)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_TAGS_OF_HTML = 3  # tags that a document without a page's skeleton needs to be HTML rather than text


def detect(head: bytes, name: str = "") -> Kind:
    """The format of a document that begins with `head` (unpacked); raises Refused for a binary file.

    name: a file name or URL, which decides only between formats that the content leaves open.
    """
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise Refused("empty file")
    if head.startswith(b"WARC/"):
        return "warc"
    if what := binary(head):
        raise Refused(what)
    text = _readable(head)
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[{")) or re.match(r"\[\s*\{", start):
        return "feed" if _JSON_FEED.search(text) else "jsonl"
    if start.startswith("<") and (kind := _markup(start)):
        return kind
    suffix = re.sub(r"[?#].*", "", name).lower().removesuffix(".gz").rpartition(".")[2]
    named = _SUFFIXES.get(suffix, "text")
    if named in ("jsonl", "warc"):
        return named
    if _only_urls(text):
        return "urls"
    return "html" if _looks_html(text) else "text"


def _readable(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    if len(head) > 1 and 0 in head[:2]:
        return head.decode("utf-16-le" if head[1] == 0 else "utf-16-be", "replace")
    return head.decode("utf-8", "replace")


def _markup(start: str) -> Kind | None:
    """The kind that the root element names, skipping declarations and comments."""
    body = start[_PROLOGUE.match(start).end() :]  # type: ignore[union-attr]  # matches the empty string
    root = _ROOT.match(body)
    if root and (kind := _ROOTS.get(root[1].lower())):
        return kind
    if root and root[1].lower() == "newsml":
        raise Refused("NewsML 1 is not read: ask the agency for NewsML-G2 or NITF")
    if _looks_html(start):
        return "html"
    if start.startswith("<?xml"):
        raise Refused(f"XML of an unknown kind: its root is <{root[1] if root else '?'}>")
    return None


def _looks_html(text: str) -> bool:
    return (
        bool(_HTML.match(text.lstrip("\ufeff \t\r\n")))
        or len(_TAGS.findall(text, 0, 20_000)) >= _TAGS_OF_HTML
    )


def _only_urls(text: str) -> bool:
    """Whether every line is a URL or a `#` comment; a head cut in the midst of a line still counts."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    urls = [line for line in lines if not line.startswith("#")]
    return bool(urls) and all(re.match(r"https?://[^\s<>\"]+$", line) for line in urls)
