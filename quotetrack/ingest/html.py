"""One HTML page → one Article: trafilatura for the body, the page's own metadata before its guesses."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

from quotetrack.ingest.canonical import absolute, canonical_url, web_url
from quotetrack.ingest.decode import checked, repair, tidy
from quotetrack.ingest.language import language_code
from quotetrack.ingest.limits import MAX_PAGE, Refused
from quotetrack.ingest.markup import decode_markup, parse_html
from quotetrack.ingest.source import Found, Source, whole
from quotetrack.types import Article, Failure

if TYPE_CHECKING:
    from trafilatura.settings import Document

_LINES = re.compile(r"\n+")
_DATES = {"original_date": True, "extensive_search": False}
"""The day of publication, and only where the page marks it: a guess from its words is no date, and slow."""


def read_html(source: Source) -> Found:
    """Read one page. Yields one Article, or one Failure that says why not.

    The text holds the article's paragraphs, apart by an empty line, without comments and menus.
    """
    try:
        decoded = decode_markup(whole(source.stream, MAX_PAGE), source.charset)
        yield page(decoded.text, source.origin, source.url, decoded.notes)
    except Refused as refusal:
        yield Failure(source.origin, str(refusal))


def page(markup: str, origin: str, url: str | None, notes: dict[str, object]) -> Article:
    """The Article of a decoded page; raises Refused when it has none. `notes` go into `extra`."""
    from quotetrack.ingest.metadata import page_metadata

    markup, repaired = repair(markup)
    root = parse_html(markup)
    said = page_metadata(root)
    document = _body(markup, url)
    text = _LINES.sub("\n\n", tidy(document.text or "")).strip()
    link = web_url(absolute(url, said.canonical) if url and said.canonical else said.canonical)
    address = url or link
    return Article(
        origin,
        checked(text),
        url=address,
        canonical_url=canonical_url(address, link) if address else None,
        outlet=said.outlet or _sitename(document, address),
        title=said.title or document.title or None,
        published=said.published or document.date or None,
        author=said.author or document.author or None,
        language=said.language or language_code(document.language),
        extra=notes | ({"repaired": repaired} if repaired else {}),
    )


def _sitename(document: Document, address: str | None) -> str | None:
    """The site's name as trafilatura found it, unless it is just the host in the address."""
    name = document.sitename or None
    return None if name and name in (address or "") else name


@cache
def _quiet() -> None:
    """Leave trafilatura's log to programs that ask for it: unconfigured it would go to stderr."""
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _body(markup: str, url: str | None) -> Document:
    from trafilatura import bare_extraction

    _quiet()
    try:
        document = bare_extraction(
            markup,
            url=url,
            favor_recall=True,
            include_comments=False,
            with_metadata=True,
            include_formatting=False,
            date_extraction_params=_DATES,
        )
    except Exception as error:  # a third party's walk over a stranger's page: refuse the page, not the run
        raise Refused(f"HTML that trafilatura cannot read: {type(error).__name__}: {error}") from error
    if document is None or isinstance(document, dict) or not (document.text or "").strip():
        raise Refused("no article text found in this HTML page")
    return document
