"""What a reader is given, and what it may hand back besides articles and failures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, get_args

from quotetrack.ingest.limits import HEAD, MAX_DOCUMENT, Refused
from quotetrack.ingest.unpack import Budget, some, unpack
from quotetrack.types import Article, Failure

Kind = Literal[
    "auto",
    "text",
    "markdown",
    "html",
    "jsonl",
    "csv",
    "feed",
    "sitemap",
    "urls",
    "warc",
    "newsml",
    "nitf",
    "pdf",
    "docx",
    "eml",
    "zip",
    "tar",
]

PAGES: frozenset[Kind] = frozenset(("html", "text", "markdown", "pdf"))
ANYTHING: frozenset[Kind] = frozenset(get_args(Kind)) - {"auto"}


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says of the documents. outlet: the publisher of all of them.

    columns: for tables, which column is what: field of an article (text, title, …) -> the column's name.
    """

    outlet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One opened document.

    origin: how failures name it. stream: its bytes from the start, read once.
    name: its file name or URL, looked at only where its content does not tell the format.
    url: where it was fetched from; None for a local file.
    charset: the encoding that its transport declared (HTTP), if any.
    file: the same bytes where they can be read in any order (a local file); None for a stream.
    options: what the user said of all documents.
    depth, budget: how many packings and archives it lies in, and what may still come out of them.
    """

    origin: str
    stream: BinaryIO
    name: str = ""
    url: str | None = None
    charset: str | None = None
    file: BinaryIO | None = None
    options: Options = field(default_factory=Options)
    depth: int = 0
    budget: Budget = field(default_factory=Budget)


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


@dataclass(frozen=True, slots=True)
class Member:
    """Another document inside this one (an archive's file, a mail's attachment).

    Its stream is read before the next one is asked for. hint: as for a Link.
    """

    source: Source
    hint: Article | None = None


Found = Iterator[Article | Failure | Link]
Held = Iterator[Article | Failure | Link | Member]  # what a reader of archives gives


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
    return unpack(stream, "gzip")


def whole(stream: BinaryIO, limit: int = MAX_DOCUMENT) -> bytes:
    """All bytes of a document of at most `limit` bytes; raises Refused above, and when it is empty."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refused(f"larger than the limit of {limit:,} bytes for one document")
    if not data.strip():
        raise Refused("empty file")
    return data
