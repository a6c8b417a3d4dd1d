"""What a reader is given, and what it may hand back besides articles and failures."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, get_args

from quotetrack.ingest.limits import FREE_UNPACKED, HEAD, MAX_DOCUMENT, MAX_RATIO, MAX_STREAM, Refused
from quotetrack.types import Article, Failure

Kind = Literal["auto", "text", "html", "jsonl", "warc", "newsml", "nitf", "feed", "sitemap", "urls"]

PAGES: frozenset[Kind] = frozenset(("html", "text"))
ANYTHING: frozenset[Kind] = frozenset(get_args(Kind)) - {"auto"}


@dataclass(frozen=True, slots=True)
class Source:
    """One opened document.

    origin: how failures name it. stream: its bytes from the start, read once.
    name: its file name or URL, looked at only where its content does not tell the format.
    url: where it was fetched from; None for a local file.
    charset: the encoding that its transport declared (HTTP), if any.
    """

    origin: str
    stream: BinaryIO
    name: str = ""
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Another document to be fetched.

    origin: the document that links. kinds: what the target may be; anything else is refused, so
    that a page cannot pass itself off as an archive of other outlets' articles.
    hint: an Article without text, whose fields fill those that the page leaves open.
    """

    url: str
    origin: str
    kinds: frozenset[Kind] = PAGES
    hint: Article | None = None


Found = Iterator[Article | Failure | Link]


class _Joined(io.RawIOBase):
    """`head` and then the rest of `stream`, as one stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._head:
            part, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            part = some(self._stream, len(buffer))
        buffer[: len(part)] = part
        return len(part)


class _Unzipped(io.RawIOBase):
    """A gzip file, several members included, unpacked as it is read.

    Raises Refused when it is damaged, cut off, or unpacks to more than a text can.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._member = zlib.decompressobj(wbits=31)
        self._left = b""
        self._packed = self._unpacked = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = b""
        while not part:
            if self._ended:
                return 0
            if self._member.eof:
                self._left = self._member.unused_data.lstrip(b"\0")
                self._member = zlib.decompressobj(wbits=31)
                self._ended = not self._left and not self._more()
                continue
            if not self._left and not self._more():
                raise Refused(f"cut-off gzip file: it ends within its data, after {self._unpacked:,} bytes")
            try:
                part = self._member.decompress(self._left, len(buffer))
            except zlib.error as error:
                raise Refused(f"damaged gzip file after {self._unpacked:,} bytes: {error}") from error
            self._left = self._member.unconsumed_tail
        self._unpacked += len(part)
        self._judge()
        buffer[: len(part)] = part
        return len(part)

    def _more(self) -> bool:
        self._left = some(self._stream, HEAD)
        self._packed += len(self._left)
        return bool(self._left)

    def _judge(self) -> None:
        if self._unpacked > FREE_UNPACKED and self._unpacked > MAX_RATIO * self._packed:
            raise Refused(
                f"gzip bomb: over {MAX_RATIO} unpacked bytes per packed byte after {self._unpacked:,} bytes"
            )
        if self._unpacked > MAX_STREAM:
            raise Refused(f"gzip file unpacks to more than {MAX_STREAM:,} bytes")


def some(stream: BinaryIO, size: int) -> bytes:
    """At most `size` bytes, those that one read gives, so that damage behind them cannot swallow them."""
    part: bytes = getattr(stream, "read1", stream.read)(size)
    return part


def peek(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first HEAD bytes (fewer in a shorter stream), and a stream that still starts with them."""
    head = b""
    try:
        while len(head) < HEAD and (part := some(stream, HEAD - len(head))):
            head += part
    except Refused:
        if not head:
            raise  # else what is there is read first, and the damage met again where it lies
    return head, io.BufferedReader(_Joined(head, stream), HEAD)


def unzip(stream: BinaryIO) -> BinaryIO:
    """The unpacked bytes of a gzip stream; reading raises Refused on damage and on bombs."""
    return io.BufferedReader(_Unzipped(stream), HEAD)


def whole(stream: BinaryIO, limit: int = MAX_DOCUMENT) -> bytes:
    """All bytes of a document of at most `limit` bytes; raises Refused above, and when it is empty."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refused(f"larger than the limit of {limit:,} bytes for one document")
    if not data.strip():
        raise Refused("empty file")
    return data
