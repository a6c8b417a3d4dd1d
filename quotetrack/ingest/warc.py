"""Web archives (WARC, unpacked or as WARC.GZ; WET text too) → one Article a page, as a stream."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from quotetrack.ingest.canonical import web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.html import read_html
from quotetrack.ingest.limits import MAX_DOCUMENT, Refused
from quotetrack.ingest.source import Found, Source
from quotetrack.ingest.text import read_text
from quotetrack.ingest.unpack import GZIP, some, unpack
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_PAGE = re.compile(r"text/html|application/xhtml\+xml|text/plain", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CHUNK = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
_OK = 200


def read_warc(source: Source) -> Found:
    """Yield what each page of the archive holds; `origin` is `ARCHIVE#URL`.

    Pages are responses with status 200, resources and conversions, in HTML or plain text. Requests,
    metadata, error pages, images and the like are no documents and are passed over. A damaged or
    cut-off archive gives its whole records and one Failure that says where it ends.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    last = "its start"
    stream = _Resting(source.stream)
    try:
        for record in ArchiveIterator(stream, record_types=kinds, parse_http=False, stream_detect=False):
            uri = str(record.headers.get("WARC-Target-URI") or "").strip("<>")
            yield from _page(record, uri, f"{source.origin}#{uri or record.record_id}")
            last = uri or str(record.record_id)
    except (OSError, ValueError) as error:
        yield Failure(source.origin, f"damaged web archive after {last}: {error}")
    except Refused as refusal:
        yield Failure(source.origin, f"web archive ends after {last}: {refusal}")
    if stream.empty:
        yield Failure(source.origin, "empty file")


class _Resting(io.RawIOBase):
    """A stream as FastWARC wants it, knowing its place; `empty` until a byte was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._place = 0

    @property
    def empty(self) -> bool:
        return self._place == 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        part = self._stream.read() if size is None or size < 0 else some(self._stream, size)
        self._place += len(part)
        return part

    def tell(self) -> int:
        return self._place


def _page(record: WarcRecord, uri: str, origin: str) -> Found:
    """The document of one record, if it is one."""
    length = record.content_length
    if length > MAX_DOCUMENT:
        if record.is_http:
            yield Failure(origin, f"larger than the limit of {MAX_DOCUMENT:,} bytes for one document")
        return
    record.freeze()
    if record.content_length < length:
        yield Failure(origin, f"cut off: {record.content_length:,} of {length:,} bytes")
        return
    content_type, encoding, body = str(record.headers.get("Content-Type") or ""), "", None
    if record.is_http:
        record.parse_http(auto_decode="none")
        if record.http_headers is None or record.http_headers.status_code != _OK:
            return
        content_type = str(record.http_headers.get("Content-Type") or "text/html")
        encoding = str(record.http_headers.get("Content-Encoding") or "").strip().lower()
        chunked = "chunked" in str(record.http_headers.get("Transfer-Encoding") or "").lower()
        body = record.reader.read()
        body = _unchunked(body) if chunked else body
    if not _PAGE.match(content_type):
        return
    data = record.reader.read() if body is None else body
    charset = _CHARSET.search(content_type)
    url = web_url(uri)
    try:
        stream = _decoded(data, encoding)
        reader = read_text if content_type.lower().startswith("text/plain") else read_html
        for found in reader(Source(origin, stream, uri, url, charset[1] if charset else None)):
            yield _dated(found, record) if isinstance(found, Article) else found
    except Refused as refusal:
        yield Failure(origin, str(refusal))


def _decoded(data: bytes, encoding: str) -> BinaryIO:
    """A body without its content encoding. Archives often keep the header of one that they undid."""
    if encoding in ("gzip", "x-gzip") and data.startswith(GZIP):
        return unpack(io.BytesIO(data))
    if encoding == "br":
        raise Refused("compressed with Brotli, which is not read")
    return io.BytesIO(data)


def _unchunked(data: bytes) -> bytes:
    """A chunked body (RFC 9112) in one piece; as it is when it is not chunked after all."""
    parts: list[bytes] = []
    place = 0
    while match := _CHUNK.match(data, place):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(data[match.end() : match.end() + size])
        place = match.end() + size
    return b"".join(parts) if parts and place >= len(data) else data


def _dated(article: Article, record: WarcRecord) -> Article:
    """`article` with the moment at which the archive fetched it."""
    fetched = iso_date(str(record.headers.get("WARC-Date") or ""))
    return replace(article, extra={**article.extra, "fetched_at": fetched}) if fetched else article
