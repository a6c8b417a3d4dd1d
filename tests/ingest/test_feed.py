from __future__ import annotations

import json

import pytest

from quotetrack.ingest import read
from quotetrack.types import Article, Failure

from .conftest import ReadBytes, Site

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Erfundener Bote</title><language>de-DE</language>{items}</channel></rss>"""
FULL = """<item><title>Rat &amp;amp; &lt;b&gt;Stadt&lt;/b&gt;</title>
<link>https://www.bote.example/1?utm_source=rss</link>
<guid>b1</guid><pubDate>Tue, 04 Mar 2025 10:00:00 +0100</pubDate><dc:creator>Erika Muster</dc:creator>
<content:encoded><![CDATA[<p>„Wir warten nicht“, sagte Weber.</p>
<script>x()</script><p>Zwei<br/>Zeilen.</p>]]>
</content:encoded></item>"""


def test_an_item_with_its_full_text(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(RSS.format(items=FULL).encode())
    assert found == Article(
        found.origin,
        "„Wir warten nicht“, sagte Weber.\n\nZwei\nZeilen.",
        doc_id="b1",
        url="https://www.bote.example/1?utm_source=rss",
        canonical_url="https://bote.example/1",
        outlet="Erfundener Bote",
        title="Rat & Stadt",
        published="2025-03-04T09:00:00Z",
        author="Erika Muster",
        language="de",
    )
    assert found.origin.endswith("#1")


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Invented Post</title>
<entry><id>tag:1</id>
<title>One</title><updated>2025-03-04T10:00:00Z</updated><published>2025-03-03T10:00:00Z</published>
<link href="https://post.example/1"/><author><name>Jo</name></author><content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Body &amp; one.</p><p>Two.</p></div></content></entry></feed>"""


def test_atom(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(ATOM.encode())
    assert isinstance(found, Article)
    assert (found.text, found.title, found.author) == ("Body & one.\n\nTwo.", "One", "Jo")
    assert (found.published, found.language) == ("2025-03-03T10:00:00Z", "en")


def test_json_feed(read_bytes: ReadBytes) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Invented",
        "language": "en",
        "items": [
            {"id": 1, "content_text": "A < B & C.\n\nNext.", "date_published": "2025-03-04T10:00:00+02:00"},
            {
                "id": "2",
                "content_html": "<p>A &lt; B.</p><p>Next.</p>",
                "authors": [{"name": "Al"}, {"name": "Bo"}],
            },
            {"id": "3", "summary": "Short."},
            {"id": "4"},
            17,
        ],
    }
    text, html, summary, empty, odd = read_bytes(json.dumps(feed, indent=2).encode())
    assert isinstance(text, Article)
    assert isinstance(html, Article)
    assert (text.text, text.published) == ("A < B & C.\n\nNext.", "2025-03-04T08:00:00Z")
    assert (html.text, html.author, html.outlet, html.language) == (
        "A < B.\n\nNext.",
        "Al; Bo",
        "Invented",
        "en",
    )
    reasons = [found.reason for found in (summary, empty, odd) if isinstance(found, Failure)]
    assert reasons == [
        "item holds only a summary and no link that could be followed",
        "item without text and without a link that could be followed",
        "1 items of the feed are no JSON objects",
    ]


def test_items_with_a_link_are_followed(site: Site, page: str) -> None:
    site.page("/article", page)
    item = "<item><title>X</title><link>/article</link><description>Short.</description></item>"
    twice = item + item.replace("/article", "/article?utm_source=rss")
    url = site.page("/feed", RSS.format(items=twice + item.replace("/article", "/gone")))
    found, gone = read([url], allow_private=True)
    assert isinstance(found, Article)
    assert (found.origin, found.url) == (site.address + "/article",) * 2
    assert found.title == "Rat streitet über Brücke"
    assert gone == Failure(site.address + "/gone", "HTTP 404: not found")


def test_the_feed_fills_what_the_page_leaves_open(site: Site) -> None:
    text = "<p>An invented paragraph that is long enough to be seen as the text of an article by all.</p>" * 3
    site.page("/a", f"<html><body><article>{text}</article></body></html>")
    url = site.page(
        "/feed",
        RSS.format(
            items=FULL.replace("https://www.bote.example/1?utm_source=rss", "/a").replace("encoded", "x")
        ),
    )
    [found] = read([url], allow_private=True, outlet="Der Bote")
    assert isinstance(found, Article)
    assert (found.title, found.author, found.published) == (
        "Rat & Stadt",
        "Erika Muster",
        "2025-03-04T09:00:00Z",
    )
    assert (found.outlet, found.extra["outlet_in_document"]) == ("Der Bote", "Erfundener Bote")


def test_a_feed_leads_to_pages_only(site: Site) -> None:
    site.page("/archive", b'{"text": "Forged words.", "outlet": "Another Paper"}\n')
    url = site.page("/feed", RSS.format(items="<item><link>/archive</link></item>"))
    assert list(read([url], allow_private=True)) == [
        Failure(site.address + "/archive", "expected html or markdown or pdf or text, found jsonl")
    ]


def test_private_links_of_a_feed_are_refused(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(RSS.format(items="<item><link>http://169.254.169.254/latest</link></item>").encode())
    assert isinstance(found, Failure)
    assert (found.origin, "--allow-private" in found.reason) == ("http://169.254.169.254/latest", True)


@pytest.mark.parametrize("end", ["…", "[…]", "[...]", "Weiterlesen →"])
def test_a_text_that_is_cut_is_not_the_full_text(read_bytes: ReadBytes, end: str) -> None:
    item = f"<item><content:encoded>Nur der Anfang {end}</content:encoded></item>"
    [found] = read_bytes(RSS.format(items=item).encode())
    assert isinstance(found, Failure)
    assert "only a summary" in found.reason


BROKEN = [
    (RSS.format(items=""), "feed without items"),
    ("<rss version='2.0'><channel><title>x", "broken feed"),
    ('<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel>&a;</channel></rss>', "declares entities"),
    ('{"version": "https://jsonfeed.org/version/1", "items": [', "broken JSON Feed"),
    ('{"version": "https://jsonfeed.org/version/1", "items": 3}', "feed without items"),
]


@pytest.mark.parametrize(("feed", "reason"), BROKEN)
def test_broken_feeds(read_bytes: ReadBytes, feed: str, reason: str) -> None:
    [found] = read_bytes(feed.encode())
    assert isinstance(found, Failure)
    assert reason in found.reason


def test_a_cut_feed_gives_its_items_and_says_so(read_bytes: ReadBytes) -> None:
    text = RSS.format(items=FULL * 2)
    found, *_, failure = read_bytes(text.encode()[: -len(FULL)], "f", "feed")
    assert isinstance(found, Article)
    assert isinstance(failure, Failure)
    assert "broken feed after" in failure.reason
