"""Site maps, their indexes and news site maps (sitemaps.org) → links, read as a stream."""

from __future__ import annotations

from typing import cast

from lxml import etree

from quotetrack.ingest.canonical import absolute, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.markup import local_name, one_line, refuse_entities
from quotetrack.ingest.source import PAGES, Found, Kind, Link, Source, peek
from quotetrack.types import Article, Failure

_MAPS: frozenset[Kind] = frozenset(("sitemap",))


def read_sitemap(source: Source) -> Found:
    """Yield a Link for each page or further site map. Memory: one entry."""
    entries = 0
    try:
        head, stream = peek(source.stream)
        refuse_entities(head.replace(b"\0", b"").decode("latin-1"))
        events = etree.iterparse(
            stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for _, element in events:
            name = local_name(element)
            if name not in ("url", "sitemap") or element.getparent() is None:
                continue
            entries += 1
            yield _entry(element, name, source, f"{source.origin}#{entries}")
            _forget(element)
        if not entries:
            yield Failure(source.origin, "site map without entries")
    except etree.XMLSyntaxError as error:
        yield Failure(source.origin, f"broken site map after {entries} entries: {error}")
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def _entry(element: etree._Element, name: str, source: Source, origin: str) -> Link | Failure:
    said = {local_name(child): one_line(child.text) for child in element.iter() if child is not element}
    location = said.get("loc") or ""
    url = web_url(absolute(source.url or "", location))
    if url is None:
        return Failure(origin, f"no http or https address: {location[:80] or '(empty)'}")
    if name == "sitemap":
        return Link(url, origin, _MAPS)
    hint = Article(
        origin,
        "",
        outlet=said.get("name"),
        title=said.get("title"),
        published=iso_date(said.get("publication_date")),
        language=language_code(said.get("language")),
    )
    return Link(url, origin, PAGES, hint)


def _forget(element: etree._Element) -> None:
    """Drop an entry that has been read and those before it, so that memory stays flat."""
    element.clear()
    parent = cast("etree._Element", element.getparent())
    while element.getprevious() is not None:
        del parent[0]
