"""The door: sources as a user names them → articles, and failures for what stayed outside."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from quotetrack.ingest.archive import read_tar, read_zip
from quotetrack.ingest.canonical import host_of, web_url
from quotetrack.ingest.dates import implausible
from quotetrack.ingest.detect import archive_of, detect
from quotetrack.ingest.docx import read_docx
from quotetrack.ingest.feed import read_feed
from quotetrack.ingest.fetch import CONTACT, Fetcher
from quotetrack.ingest.files import explained, paths, shown
from quotetrack.ingest.html import read_html
from quotetrack.ingest.jsonl import read_jsonl
from quotetrack.ingest.limits import HEAD, MAX_DEPTH, MAX_MEMBERS, Refused
from quotetrack.ingest.mail import read_mail
from quotetrack.ingest.markdown import read_markdown
from quotetrack.ingest.newsml import read_newsml
from quotetrack.ingest.nitf import read_nitf
from quotetrack.ingest.pdf import read_pdf
from quotetrack.ingest.sitemap import read_sitemap
from quotetrack.ingest.source import ANYTHING, Found, Held, Kind, Link, Member, Options, Source, peek
from quotetrack.ingest.table import read_table
from quotetrack.ingest.text import read_text
from quotetrack.ingest.trail import Trail, Web, hinted
from quotetrack.ingest.unpack import Counted, packing_of, unpack
from quotetrack.ingest.urls import read_urls
from quotetrack.ingest.warc import read_warc
from quotetrack.types import Article, Failure

READERS: dict[Kind, Callable[[Source], Held]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "jsonl": read_jsonl,
    "csv": read_table,
    "urls": read_urls,
    "feed": read_feed,
    "sitemap": read_sitemap,
    "warc": read_warc,
    "newsml": read_newsml,
    "nitf": read_nitf,
    "pdf": read_pdf,
    "docx": read_docx,
    "eml": read_mail,
    "zip": read_zip,
    "tar": read_tar,
}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def read(
    sources: Iterable[str],
    *,
    kind: Kind = "auto",
    outlet: str | None = None,
    columns: Mapping[str, str] | None = None,
    allow_private: bool = False,
    stdin: BinaryIO | None = None,
    contact: str = CONTACT,
    web: Web | None = None,
    now: datetime | None = None,
    passed: Callable[[int], object] = lambda _: None,
) -> Iterator[Article | Failure]:
    """Read every article that `sources` hold, in order, one at a time.

    sources: paths, folders (all files below, hidden ones left out), globs, http(s) URLs, "-" for
    `stdin`. kind: the format, "auto" tells it from the content; packings and archives are opened in any
    case, and their members are of that format. columns: for tables, field of an article (text, title,
    published, outlet, author, url, lang, doc_id) -> the name of its column. outlet: the publisher of all
    articles; what a document says instead is kept in `extra["outlet_in_document"]`. Without it an
    article that names none gets the host of its address.
    allow_private: let fetching reach private and loopback addresses. contact: what the user agent
    tells site owners, an address at best. web: shared by several calls and closed by the caller,
    instead of one made of these two. now: the moment of reading (UTC, the clock's by default); a date
    that lies more than a day behind it is no date of publication and is kept in
    `extra["published_implausible"]`. passed: told of files, as they are read, how many bytes more were.

    What cannot be read comes out as a Failure and the rest goes on; nothing is raised for odd input.
    Memory is bounded by one document (see `limits`).
    """
    options, at = Options(outlet, dict(columns or {})), now or datetime.now(UTC)

    def linked(source: Source, kind: Kind, allowed: frozenset[Kind]) -> Found:
        return read_document(replace(source, options=options), kind, allowed)

    own = web or Web(Fetcher(allow_private=allow_private, contact=contact))
    try:
        for source in sources:
            for found in _named(source, kind, stdin, Trail(own, linked), options, passed):
                yield _published_at(_published_by(found, outlet), at) if isinstance(found, Article) else found
    finally:
        if web is None:
            own.close()


def _named(
    name: str,
    kind: Kind,
    stdin: BinaryIO | None,
    trail: Trail,
    options: Options,
    passed: Callable[[int], object],
) -> Iterator[Article | Failure]:
    """What one source as the user named it holds, links followed."""
    if name == "-":
        if stdin is None:
            yield Failure("stdin", "nothing to read from")
            return
        yield from trail.follow(read_document(Source("stdin", stdin, options=options), kind))
    elif web_url(name):
        yield from trail.follow(iter([Link(name.strip(), name, ANYTHING)]), kind)
    elif (scheme := _SCHEME.match(name)) and not os.path.lexists(name):
        yield Failure(shown(name), f"{scheme[1]}: cannot be read, only http, https and files")
    else:
        for path in paths(name):
            yield from (
                [path] if isinstance(path, Failure) else trail.follow(_file(path, kind, options, passed))
            )


def _file(path: Path, kind: Kind, options: Options, passed: Callable[[int], object]) -> Found:
    try:
        with path.open("rb") as stream:
            file = stream if stream.seekable() else None
            source, told = Source(shown(path), stream, path.name, file=file, options=options), 0
            for found in read_document(source, kind):
                yield found
                if file is not None and (at := file.tell()) > told:
                    passed(at - told)
                    told = at
        passed(path.stat().st_size - told)
    except (OSError, ValueError) as error:
        yield Failure(shown(path), explained(error))


def read_document(source: Source, kind: Kind = "auto", allowed: frozenset[Kind] = ANYTHING) -> Found:
    """What one opened document holds: unpacked, its format told, read, and what it holds inside read too.

    Damage comes out as a Failure.
    """
    try:
        source, head = _unpacked(source)
        found = archive_of(head) or (detect(head, source.name) if kind == "auto" else kind)
        if kind == "text" and found == "text" and detect(head) == "html":
            raise Refused("this is HTML, not text: read it with --from html or auto")
        if found not in allowed:
            raise Refused(f"expected {' or '.join(sorted(allowed))}, found {found}")
        inside: Kind = "auto" if found in (kind, "eml") else kind
        for item in READERS[found](source):
            if not isinstance(item, Member):
                yield item
                continue
            yield from _member(item, inside)
            if reason := _spent(source):
                yield Failure(source.origin, f"{reason}: the rest is left out")
                return
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))
    except OSError as error:
        yield Failure(source.origin, explained(error))


def _unpacked(source: Source) -> tuple[Source, bytes]:
    """The document without the packings around it, and its first bytes."""
    counted = (
        source.stream if source.depth else io.BufferedReader(Counted(source.stream, source.budget), HEAD)
    )
    head, stream = peek(counted)
    source = replace(source, stream=stream)
    while packing := packing_of(head):
        source = replace(source, depth=source.depth + 1, file=None)
        if source.depth > MAX_DEPTH:
            break
        head, stream = peek(unpack(stream, packing, source.budget))
        source = replace(source, stream=stream)
    if source.depth > MAX_DEPTH:
        raise Refused(f"packed more than {MAX_DEPTH} times over")
    return source, head


def _member(member: Member, kind: Kind) -> Found:
    member.source.budget.members += 1
    for found in read_document(member.source, kind):
        yield hinted(found, member.hint) if isinstance(found, Article) else found


def _spent(source: Source) -> str | None:
    if source.budget.members >= MAX_MEMBERS:
        return f"more than {MAX_MEMBERS:,} documents"
    return source.budget.spent()


def _published_at(article: Article, now: datetime) -> Article:
    """`article` without a date of publication that cannot be one; what it said is kept."""
    if article.published is None or (why := implausible(article.published, now)) is None:
        return article
    extra = {**article.extra, "published_implausible": article.published, "published_why": why}
    return replace(article, published=None, extra=extra)


def _published_by(article: Article, outlet: str | None) -> Article:
    """`article` with the outlet that the user named, keeping what the document itself says.

    Where neither says anything, the host of its address stands for the outlet.
    """
    if outlet is None:
        return article if article.outlet else replace(article, outlet=host_of(article.url))
    if article.outlet in (None, outlet):
        return replace(article, outlet=outlet)
    return replace(article, outlet=outlet, extra={**article.extra, "outlet_in_document": article.outlet})
