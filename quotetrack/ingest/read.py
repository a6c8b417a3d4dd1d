"""The door: sources as a user names them → articles, and failures for what stayed outside."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from quotetrack.ingest.canonical import host_of, web_url
from quotetrack.ingest.detect import GZIP, detect
from quotetrack.ingest.feed import read_feed
from quotetrack.ingest.fetch import CONTACT, Fetcher
from quotetrack.ingest.html import read_html
from quotetrack.ingest.jsonl import read_jsonl
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.newsml import read_newsml
from quotetrack.ingest.nitf import read_nitf
from quotetrack.ingest.sitemap import read_sitemap
from quotetrack.ingest.source import ANYTHING, Found, Kind, Link, Source, peek, unzip
from quotetrack.ingest.text import read_text
from quotetrack.ingest.trail import Trail, Web
from quotetrack.ingest.urls import read_urls
from quotetrack.ingest.warc import read_warc
from quotetrack.types import Article, Failure

READERS: dict[Kind, Callable[[Source], Found]] = {
    "text": read_text,
    "html": read_html,
    "jsonl": read_jsonl,
    "urls": read_urls,
    "feed": read_feed,
    "sitemap": read_sitemap,
    "warc": read_warc,
    "newsml": read_newsml,
    "nitf": read_nitf,
}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def read(
    sources: Iterable[str],
    *,
    kind: Kind = "auto",
    outlet: str | None = None,
    allow_private: bool = False,
    stdin: BinaryIO | None = None,
    contact: str = CONTACT,
    web: Web | None = None,
) -> Iterator[Article | Failure]:
    """Read every article that `sources` hold, in order, one at a time.

    sources: paths, folders (all files below, hidden ones left out), globs, http(s) URLs, "-" for
    `stdin`. kind: the format, "auto" tells it from the content. outlet: the publisher of all
    articles; what a document says instead is kept in `extra["outlet_in_document"]`. Without it an
    article that names none gets the host of its address.
    allow_private: let fetching reach private and loopback addresses. contact: what the user agent
    tells site owners, an address at best. web: shared by several calls and closed by the caller,
    instead of one made of these two.

    What cannot be read comes out as a Failure and the rest goes on; nothing is raised for odd input.
    Memory is bounded by one document (see `limits`).
    """
    own = web or Web(Fetcher(allow_private=allow_private, contact=contact))
    try:
        for source in sources:
            for found in _named(source, kind, stdin, Trail(own, read_document)):
                yield _published_by(found, outlet) if isinstance(found, Article) else found
    finally:
        if web is None:
            own.close()


def _named(name: str, kind: Kind, stdin: BinaryIO | None, trail: Trail) -> Iterator[Article | Failure]:
    """What one source as the user named it holds, links followed."""
    if name == "-":
        yield from trail.follow(_stream(stdin, "stdin", "", kind))
    elif web_url(name):
        yield from trail.follow(iter([Link(name.strip(), name, ANYTHING)]), kind)
    elif (scheme := _SCHEME.match(name)) and not os.path.lexists(name):
        yield Failure(_shown(name), f"{scheme[1]}: cannot be read, only http, https and files")
    else:
        for path in _paths(name):
            yield from [path] if isinstance(path, Failure) else trail.follow(_file(path, kind))


def _paths(name: str) -> Iterator[Path | Failure]:
    """The files that a path, folder or glob stands for, sorted; a Failure for each that is none."""
    try:
        path = Path(name)
        if path.is_dir():
            yield from _below(path)
        elif os.path.lexists(path):
            yield path
        elif glob.has_magic(name):
            yield from _matching(name)
        else:
            yield Failure(_shown(name), "no such file or folder")
    except (OSError, ValueError) as error:
        yield Failure(_shown(name), _explained(error))


def _matching(pattern: str) -> Iterator[Path | Failure]:
    matches = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207  (absolute patterns too)
    if not matches:
        yield Failure(_shown(pattern), "no file matches")
    for match in map(Path, matches):
        if match.is_dir() and "**" not in pattern:
            yield from _below(match)
        else:
            yield from _regular(match)


def _below(folder: Path) -> Iterator[Path | Failure]:
    """All files below a folder in a stable order. Hidden ones and linked folders are left out."""
    unreadable: list[OSError] = []
    empty = True
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                empty = False
                yield from _regular(Path(parent, name))
    for error in unreadable:
        yield Failure(_shown(error.filename or folder), _explained(error))
    if empty and not unreadable:
        yield Failure(_shown(folder), "no files in this folder")


def _regular(path: Path) -> Iterator[Path | Failure]:
    """`path` unless it is a pipe, a socket or a device, at which reading might wait for ever."""
    if path.is_file():
        yield path
    elif not path.is_dir():
        yield Failure(_shown(path), "not a regular file")


def _file(path: Path, kind: Kind) -> Found:
    try:
        with path.open("rb") as stream:
            yield from _stream(stream, _shown(path), path.name, kind)
    except (OSError, ValueError) as error:
        yield Failure(_shown(path), _explained(error))


def _stream(stream: BinaryIO | None, origin: str, name: str, kind: Kind) -> Found:
    if stream is None:
        yield Failure(origin, "nothing to read from")
        return
    yield from read_document(Source(origin, stream, name), kind)


def read_document(source: Source, kind: Kind = "auto", allowed: frozenset[Kind] = ANYTHING) -> Found:
    """What one opened document holds: unpacked, its format told, read. Damage comes out as a Failure."""
    try:
        head, stream = peek(source.stream)
        if head.startswith(GZIP):
            head, stream = peek(unzip(stream))
        found = detect(head, source.name) if kind == "auto" else kind
        if kind == "text" and detect(head) == "html":
            raise Refused("this is HTML, not text: read it with --from html or auto")
        if found not in allowed:
            raise Refused(f"expected {' or '.join(sorted(allowed))}, found {found}")
        yield from READERS[found](replace(source, stream=stream))
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))
    except OSError as error:
        yield Failure(source.origin, _explained(error))


def _published_by(article: Article, outlet: str | None) -> Article:
    """`article` with the outlet that the user named, keeping what the document itself says.

    Where neither says anything, the host of its address stands for the outlet.
    """
    if outlet is None:
        return article if article.outlet else replace(article, outlet=host_of(article.url))
    if article.outlet in (None, outlet):
        return replace(article, outlet=outlet)
    return replace(article, outlet=outlet, extra={**article.extra, "outlet_in_document": article.outlet})


def _shown(path: str | os.PathLike[str]) -> str:
    """A path as it can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _explained(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
