"""What an HTML page says of itself: JSON-LD, microdata, OpenGraph and meta elements, without its body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import html

from quotetrack.ingest.dates import iso_date
from quotetrack.ingest.decode import lone_surrogate, tidy
from quotetrack.ingest.language import language_code

_NEWS = frozenset(
    [
        *("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"),
        *("BackgroundNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report"),
    ]
)
_MAX_NODES = 2_000  # JSON-LD objects, microdata items or their properties looked at in one page
_LONGEST_VALUE = 2_000  # code points of a property


@dataclass(frozen=True, slots=True)
class Metadata:
    """published: ISO 8601. canonical: as the page writes it, perhaps relative. None: not said."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    outlet: str | None = None
    canonical: str | None = None
    language: str | None = None


def page_metadata(root: html.HtmlElement) -> Metadata:
    """Read the metadata of a parsed page; JSON-LD goes before microdata, OpenGraph and plain meta."""
    meta = _meta(root)
    news = next(_news(root), None) or next(_microdata(root), {})
    canonical = root.xpath("//link[translate(@rel, 'CANONICAL', 'canonical')='canonical']/@href")
    times = root.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime | //article//time/@datetime")
    return Metadata(
        title=_first(_name(news.get("headline")), meta.get("og:title"), meta.get("twitter:title")),
        author=_first(_names(news.get("author")), meta.get("author"), meta.get("dc.creator")),
        published=next(
            filter(
                None,
                map(
                    iso_date,
                    (
                        _name(news.get("datePublished")),
                        meta.get("article:published_time"),
                        meta.get("og:article:published_time"),
                        meta.get("parsely-pub-date"),
                        meta.get("dc.date.issued"),
                        meta.get("date"),
                        *(str(time) for time in times[:1]),
                    ),
                ),
            ),
            None,
        ),
        outlet=_first(meta.get("og:site_name"), _name(news.get("publisher")), meta.get("application-name")),
        canonical=_first(*(str(href) for href in canonical[:1]), meta.get("og:url")),
        language=language_code(
            _first(
                root.get("lang"),
                _name(news.get("inLanguage")),
                meta.get("og:locale"),
                meta.get("content-language"),
            )
        ),
    )


def _meta(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (
            element.get("property")
            or element.get("name")
            or element.get("http-equiv")
            or element.get("itemprop")
        )
        if key and (content := element.get("content")):
            found.setdefault(key.strip().lower(), content)
    return found


def _news(root: html.HtmlElement) -> Iterator[dict[str, object]]:
    """The objects of the page's JSON-LD that describe a news article."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            nodes = [json.loads(script.text or "null", strict=False)]
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common and no reason to lose the page
        seen = 0
        while nodes and seen < _MAX_NODES:
            node = nodes.pop(0)
            seen += 1
            if isinstance(node, list):
                nodes.extend(node)
            elif isinstance(node, dict):
                types = node.get("@type")
                if any(kind in _NEWS for kind in (types if isinstance(types, list) else [types])):
                    yield node
                nodes.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)


def _microdata(root: html.HtmlElement) -> Iterator[dict[str, object]]:
    """The microdata items of the page that describe a news article, in the shape of JSON-LD."""
    for item in islice(root.xpath("//*[@itemscope and @itemtype]"), _MAX_NODES):
        if any(kind.rpartition("/")[2] in _NEWS for kind in item.get("itemtype").split()):
            found: dict[str, list[object]] = {}
            for element in islice(item.xpath(".//*[@itemprop]"), _MAX_NODES):
                if _item_of(element) is item:
                    for name in element.get("itemprop").split():
                        found.setdefault(name, []).append(_property(element))
            yield dict[str, object](found)


def _item_of(element: html.HtmlElement) -> html.HtmlElement | None:
    """The microdata item that a property belongs to."""
    return next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)


def _property(element: html.HtmlElement) -> str:
    """The value of a microdata property; of one that is an item itself, that item's name."""
    if element.get("itemscope") is not None:
        named = element.xpath(".//*[contains(concat(' ', @itemprop, ' '), ' name ')]")
        if named:
            return _property(named[0])
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return str(value)
    return str(element.text_content())[:_LONGEST_VALUE]


def _name(value: object) -> str | None:
    """The text of a JSON-LD value: a string, an object's name, or the first of a list."""
    if isinstance(value, list):
        return next(filter(None, map(_name, value[:5])), None)
    if isinstance(value, dict):
        return _name(value.get("name") or value.get("alternateName") or value.get("@value"))
    return value if isinstance(value, str) else None


def _names(value: object) -> str | None:
    values = value if isinstance(value, list) else [value]
    return "; ".join(dict.fromkeys(filter(None, map(_name, values[:20])))) or None


def _first(*values: str | None) -> str | None:
    """The first value that says something, on one line and without what cannot be stored."""
    for value in values:
        text = " ".join(tidy(value or "").split())
        if text and lone_surrogate(text) is None:
            return text
    return None
