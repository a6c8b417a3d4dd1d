from __future__ import annotations

import gzip

import pytest

from quotetrack.ingest import read
from quotetrack.types import Article, Failure

from .conftest import ReadBytes, Site

MAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{entries}</urlset>"""
NEWS = """<url><loc>{url}</loc><news:news><news:publication><news:name>Erfundener Bote</news:name>
<news:language>de</news:language></news:publication><news:publication_date>2025-03-04T10:00:00+01:00</news:publication_date>
<news:title>Ein Titel</news:title></news:news></url>"""
TEXT = (
    "<p>Ein erfundener Absatz, der nur dazu da ist, dass der Text lang genug für einen Artikel ist.</p>" * 3
)


def test_an_index_leads_to_maps_and_maps_to_pages(site: Site) -> None:
    site.page("/a", f"<html><body><article>{TEXT}</article></body></html>")
    entries = NEWS.format(url=site.address + "/a")
    site.page("/map.xml.gz", gzip.compress(MAP.format(entries=entries).encode()))
    index = f"<sitemapindex><sitemap><loc>{site.address}/map.xml.gz</loc></sitemap></sitemapindex>"
    [found] = read([site.page("/index.xml", index)], allow_private=True)
    assert isinstance(found, Article)
    assert (found.url, found.outlet, found.title) == (site.address + "/a", "Erfundener Bote", "Ein Titel")
    assert (found.published, found.language) == ("2025-03-04T09:00:00Z", "de")


def test_an_index_that_lists_itself_ends(site: Site) -> None:
    url = site.page("/index.xml", "")
    site.page("/index.xml", f"<sitemapindex><sitemap><loc>{url}?a</loc></sitemap></sitemapindex>")
    for letter in "abcdefgh":
        index = f"<sitemapindex><sitemap><loc>{url}?{chr(ord(letter) + 1)}</loc></sitemap></sitemapindex>"
        site.page(f"/index.xml?{letter}", index)
    [found] = read([url], allow_private=True)
    assert isinstance(found, Failure)
    assert "more than 4 links away" in found.reason


BROKEN = [
    (MAP.format(entries=""), "without entries"),
    (MAP.format(entries="<url><loc>nowhere</loc></url>"), "no http or https address: nowhere"),
    (MAP.format(entries="<url></url>"), "no http or https address: (empty)"),
    (MAP.format(entries="<url>"), "broken site map after 0 entries"),
    ('<!DOCTYPE urlset [<!ENTITY a "b">]>' + "<urlset>&a;</urlset>", "declares entities"),
    ("<urlset>" + "<a>" * 5_000, "broken site map"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
def test_broken_site_maps(read_bytes: ReadBytes, text: str, reason: str) -> None:
    found = read_bytes(text.encode())
    assert isinstance(found[0], Failure)
    assert reason in found[0].reason
    assert len(found) == 1


def test_entries_before_a_cut_are_kept(read_bytes: ReadBytes) -> None:
    entry = "<url><loc>http://127.0.0.1/{}</loc></url>"
    text = MAP.format(entries="".join(map(entry.format, range(3))))
    found = read_bytes(text[: -len("</urlset>") - 9].encode())
    assert [item.origin for item in found[:2]] == ["http://127.0.0.1/0", "http://127.0.0.1/1"]
    assert "broken site map after" in str(found[-1])
