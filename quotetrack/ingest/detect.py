"""Which format a document is in: by its content first, by its name second."""

from __future__ import annotations

import re

from quotetrack.ingest.decode import binary
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.lists import fold_column, lists
from quotetrack.ingest.source import Kind

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
    "md": "markdown",
    "markdown": "markdown",
    "csv": "csv",
    "tsv": "csv",
    "tab": "csv",
}
_MAIL = frozenset(
    (
        *(
            "from",
            "to",
            "cc",
            "date",
            "subject",
            "sender",
            "reply-to",
            "return-path",
            "delivered-to",
            "received",
        ),
        *("message-id", "mime-version", "content-type", "content-transfer-encoding", "list-id", "references"),
        *(
            "reply-to",
            "list-unsubscribe",
            "dkim-signature",
            "in-reply-to",
            "x-mailer",
            "authentication-results",
        ),
    )
)
_OF_MACHINES = _MAIL - {"from", "to", "cc", "date", "subject", "sender"}  # a printed memo has those too
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?:[ \t]|$)")
_HEADERS_OF_MAIL = 3  # known header fields, one of a machine's making at least, that make a text a mail
_TAR_MAGIC = slice(257, 262)
_ZIPPED_TEXT = (b"word/document.xml", b"application/vnd.oasis.opendocument.text")
_SEPARATORS = ",;\t|"
_LONGEST_HEADER = 2_000  # code points of a table's first line
_LONGEST_NAME = 40  # code points of a column's name
_PDF_WITHIN = 1_024  # bytes among which a PDF's mark stands; some have a line before it
_COLUMNS_KNOWN = 2  # column names, one of a text among them, that make a text a table
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
    if archive := archive_of(head):
        return archive
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
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
    if _mail(start):
        return "eml"
    if named in ("jsonl", "warc"):
        return named
    if _only_urls(text):
        return "urls"
    if named == "csv" or _table(start):
        return "csv"
    if named == "markdown":
        return named  # which may hold HTML
    return "html" if looks_html(text) else "text"


def archive_of(head: bytes) -> Kind | None:
    """Which archive, or document that is one, begins with `head`; None for other documents."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if any(name in head for name in _ZIPPED_TEXT) else "zip"
    return "tar" if head[_TAR_MAGIC] == b"ustar" else None


def separator(header: str) -> str | None:
    """What parts the cells of a table's header: the sign that gives the most cells; None without any."""
    counts = {sign: header.count(sign) for sign in _SEPARATORS}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else None


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
    if looks_html(start):
        return "html"
    if start.startswith("<?xml"):
        raise Refused(f"XML of an unknown kind: its root is <{root[1] if root else '?'}>")
    return None


def looks_html(text: str) -> bool:
    """Whether a text begins as an HTML page does, or has the tags of HTML near its start."""
    return (
        bool(_HTML.match(text.lstrip("\ufeff \t\r\n")))
        or len(_TAGS.findall(text, 0, 20_000)) >= _TAGS_OF_HTML
    )


def _mail(start: str) -> bool:
    """Whether a text begins with the header of a mail, or a mailbox with its "From " line."""
    found: set[str] = set()
    for line in start.splitlines()[:60]:
        if line.startswith("From ") and not found:
            continue
        if not line.strip():
            break
        if line[0] in " \t" and found:
            continue
        match = _HEADER.match(line)
        if not match:
            return False
        found.add(match[1].lower())
    return len(found & _MAIL) >= _HEADERS_OF_MAIL and bool(found & _OF_MACHINES)


def _table(start: str) -> bool:
    """Whether the first line is a table's header: short names, known columns, the text's among them."""
    header, *below = start.splitlines()[:2] or [""]
    sign = separator(header[:_LONGEST_HEADER])
    if sign is None or not below or len(header) > _LONGEST_HEADER:
        return False
    names = [fold_column(name) for name in header.split(sign)]
    known = {field for field, said in lists().columns.items() for name in names if name in said}
    short = all(len(name) <= _LONGEST_NAME for name in names)
    return short and "text" in known and len(known) >= _COLUMNS_KNOWN


def _only_urls(text: str) -> bool:
    """Whether every line is a URL or a `#` comment; a head cut in the midst of a line still counts."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    urls = [line for line in lines if not line.startswith("#")]
    return bool(urls) and all(re.match(r"https?://[^\s<>\"]+$", line) for line in urls)
