"""NITF (IPTC News Industry Text Format) → one Article."""

from __future__ import annotations

from lxml import etree

from quotetrack.ingest.canonical import canonical_url, web_url
from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import repaired
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import Refused
from quotetrack.ingest.markup import decode_markup, local_name, one_line, paragraphs, parse_xml
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.types import Article, Failure

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_nitf(source: Source) -> Found:
    """Read one NITF document. Yields one Article, or one Failure that says why not."""
    try:
        decoded = decode_markup(whole(source.stream), source.charset)
        root = parse_xml(decoded.text)
        if local_name(root) != "nitf":
            raise Refused(f"no NITF: the root is <{local_name(root)}>, not <nitf>")
        yield nitf_article(root, source.origin)
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def nitf_article(root: etree._Element, origin: str) -> Article:
    """The Article of an <nitf> element; raises Refused when it has no text.

    The text is the body's content; the headline, byline and dateline stand beside it in NITF and
    are no part of it. published: the date of issue, else of release, else of publication.
    """
    content = child(root, "body", "body.content")
    if content is None:
        raise Refused("NITF without <body.content>")
    text, notes = repaired(paragraphs(content))
    url = web_url(attribute(root, "pubdata", "ex-ref"))
    return Article(
        origin,
        text,
        doc_id=attribute(root, "doc-id", "id-string"),
        url=url,
        canonical_url=canonical_url(url) if url else None,
        outlet=attribute(root, "pubdata", "name")
        or text_of(root, "distributor")
        or attribute(root, "doc-id", "regsrc"),
        title=text_of(root, "hl1") or text_of(root, "hedline") or text_of(root, "title"),
        extra=notes,
        published=next(
            filter(
                None,
                (
                    iso_date(attribute(root, name, key))
                    for name, key in (
                        ("date.issue", "norm"),
                        ("date.release", "norm"),
                        ("pubdata", "date.publication"),
                        ("story.date", "norm"),
                    )
                ),
            ),
            None,
        ),
        author=text_of(root, "byline"),
        language=language_code(root.get(LANG) or _body_language(root)),
    )


def _body_language(root: etree._Element) -> str | None:
    body = child(root, "body")
    return body.get(LANG) if body is not None else None


def child(root: etree._Element, *names: str) -> etree._Element | None:
    """The first child of that local name, and so on down; None where the way ends."""
    found: etree._Element | None = root
    for name in names:
        found = next(
            (element for element in (found if found is not None else ()) if local_name(element) == name), None
        )
    return found


def first(root: etree._Element, name: str) -> etree._Element | None:
    """The first element of that local name anywhere below, in document order."""
    return next((element for element in root.iterdescendants() if local_name(element) == name), None)


def attribute(root: etree._Element, name: str, key: str) -> str | None:
    """An attribute of the first element of that name which has it."""
    return next(
        (
            value
            for element in root.iterdescendants()
            if local_name(element) == name and (value := one_line(element.get(key)))
        ),
        None,
    )


def text_of(root: etree._Element, name: str) -> str | None:
    """All text of the first element of that name, on one line."""
    element = first(root, name)
    return None if element is None else one_line("".join(str(piece) for piece in element.itertext()))
