"""NewsML-G2 (IPTC): news items, alone or in a message → one Article each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from quotetrack.ingest.canonical import canonical_url, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import repaired, tidy
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_ITEMS, Refused
from quotetrack.ingest.markup import decode_markup, fragment_text, local_name, one_line, paragraphs, parse_xml
from quotetrack.ingest.nitf import LANG, child, first, nitf_article, text_of
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.types import Article, Failure

_TEXTLESS = frozenset(("packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem"))


def read_newsml(source: Source) -> Found:
    """Read one document. Yields an Article or a Failure for each news item in it.

    Items that hold no news by design (packages, concepts, planning) are passed over, unless
    there is nothing else.
    """
    try:
        root = parse_xml(decode_markup(whole(source.stream), source.charset).text)
        if local_name(root) not in _TEXTLESS | {"newsmessage", "newsitem"}:
            raise Refused(f"no NewsML-G2: the root is <{local_name(root)}>")
        count = 0
        for count, item in enumerate(_items(root), 1):
            if count > MAX_ITEMS:
                raise Refused(f"more than {MAX_ITEMS:,} items: the rest is left out")
            origin = f"{source.origin}#{item.get('guid') or count}"
            try:
                yield _article(item, origin)
            except Refused as refusal:
                yield Failure(origin, str(refusal))
        if not count:
            raise Refused("NewsML-G2 without a news item")
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def _items(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == "newsitem")


def _article(item: etree._Element, origin: str) -> Article:
    """The Article of one newsItem; raises Refused when it has no text or was withdrawn."""
    item_meta = child(item, "itemmeta")
    status = "" if item_meta is None else _qcode(child(item_meta, "pubstatus"))
    if status.endswith((":canceled", ":withheld")):
        raise Refused(f"the agency marks this item as {status.rpartition(':')[2]}")
    body = _content(item, origin)
    meta = child(item, "contentmeta")
    provider = None if item_meta is None else child(item_meta, "provider")
    dates = [] if meta is None else [_text(meta, "contentcreated"), _text(meta, "contentmodified")]
    if item_meta is not None:
        dates.extend([_text(item_meta, "firstcreated"), _text(item_meta, "versioncreated")])
    language = None if meta is None else child(meta, "language")
    url = web_url(body.url)
    extra: dict[str, object] = {"version": item.get("version")} if item.get("version") else {}
    return replace(
        body,
        doc_id=one_line(item.get("guid")) or body.doc_id,
        canonical_url=canonical_url(url) if url else None,
        outlet=_named(provider) or body.outlet,
        title=(text_of(meta, "headline") if meta is not None else None) or body.title,
        published=next(filter(None, map(iso_date, dates)), None) or body.published,
        author=(_author(meta) if meta is not None else None) or body.author,
        language=language_code(language.get("tag") if language is not None else item.get(LANG))
        or body.language,
        extra={**body.extra, **extra},
    )


def _content(item: etree._Element, origin: str) -> Article:
    """The item's text: its inline XML (NITF or XHTML) or inline data, the first that holds any."""
    content = child(item, "contentset")
    if content is None:
        raise Refused("news item without <contentSet>")
    kinds = []
    for part in content:
        name = local_name(part)
        kinds.append(name)
        if name == "inlinexml":
            nitf = first(part, "nitf")
            if nitf is not None:
                return nitf_article(nitf, origin)
            text = paragraphs(_body(part))
        elif name == "inlinedata" and part.get("encoding") is None:
            raw = part.text or ""
            text = fragment_text(raw) if "html" in (part.get("contenttype") or "") else tidy(raw).strip()
        else:
            continue
        if text:
            clean, notes = repaired(text)
            return Article(origin, clean, url=_link(item), extra=notes)
    held = ", ".join(sorted(set(kinds))) or "nothing"
    raise Refused(f"news item without text of its own: its content set holds {held}")


def _body(part: etree._Element) -> etree._Element:
    """The XHTML body below an <inlineXML>, which else is read as it is."""
    body = first(part, "body")
    return part if body is None else body


def _link(item: etree._Element) -> str | None:
    """The web address of the item where its metadata links to one."""
    links = (element for element in item.iter() if local_name(element) == "link")
    return next((link.get("href") for link in links if web_url(link.get("href"))), None)


def _author(meta: etree._Element) -> str | None:
    by = text_of(meta, "by")
    return by or "; ".join(filter(None, (_named(el) for el in meta if local_name(el) == "creator"))) or None


def _named(element: etree._Element | None) -> str | None:
    """A concept by its name, else its literal, else the local part of its code."""
    if element is None:
        return None
    return (
        text_of(element, "name")
        or one_line(element.get("literal"))
        or _qcode(element).rpartition(":")[2]
        or None
    )


def _qcode(element: etree._Element | None) -> str:
    return "" if element is None else (element.get("qcode") or element.get("uri") or "").strip()


def _text(parent: etree._Element, name: str) -> str | None:
    element = child(parent, name)
    return None if element is None else element.text
