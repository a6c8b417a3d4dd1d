from __future__ import annotations

import pytest

from quotetrack.types import Article, Failure

from .conftest import ReadBytes

FILLER = (
    "<p>Ein erfundener Absatz, der nur dazu da ist, dass der Text lang genug für einen Artikel ist.</p>" * 3
)


def wrap(head: str = "", html: str = "<html>") -> bytes:
    return f"<!doctype html>{html}<head>{head}</head><body><article>{FILLER}</article></body></html>".encode()


def test_body_and_metadata_of_a_page(read_bytes: ReadBytes, page: str) -> None:
    [found] = read_bytes(page.encode())
    assert isinstance(found, Article)
    assert found.title == "Rat streitet über Brücke"
    assert found.author == "Erika Muster; Max Beispiel"
    assert found.outlet == "Fiktives Tagblatt"
    assert found.published == "2025-03-04T09:00:00Z"
    assert found.language == "de"
    paragraphs = found.text.split("\n\n")
    assert (
        "„Wir warten nicht“, sagte Anna Weber, Sprecherin des fiktiven Rates, am Dienstag in Musterstadt."
        in paragraphs
    )
    assert "„Das ist ein Zitat im eigenen Block.“" in paragraphs
    assert "\n" not in found.text.replace("\n\n", "")
    for other in ("Leser", "Impressum", "Sport"):
        assert other not in found.text


MICRODATA = """<div itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">Rat streitet</h1>
<time itemprop="datePublished" datetime="2025-03-04T10:00:00+01:00">heute</time>
<span itemprop="author" itemscope itemtype="https://schema.org/Person">
<b itemprop="name">Erika Muster</b></span>
<span itemprop="author">Max Beispiel</span>
<div itemprop="publisher" itemscope><meta itemprop="name" content="Fiktives Blatt"></div>
<div itemprop="comment" itemscope><span itemprop="author">Ein Leser</span></div></div>"""

METADATA = [
    (
        '<meta property="article:published_time" content="2025-03-04T10:00:00+02:00">',
        "published",
        "2025-03-04T08:00:00Z",
    ),
    ('<meta name="date" content="2025-03-04">', "published", "2025-03-04"),
    ('<meta property="og:title" content=" Ein  Titel ">', "title", "Ein Titel"),
    ('<meta name="author" content="Erika Muster">', "author", "Erika Muster"),
    ('<meta property="og:locale" content="de_AT">', "language", "de"),
    (
        '<link rel="canonical" href="https://blatt.example/x?utm_source=y">',
        "url",
        "https://blatt.example/x?utm_source=y",
    ),
    (
        '<link rel="canonical" href="https://www.blatt.example/x/amp">',
        "canonical_url",
        "https://blatt.example/x",
    ),
    ('<link rel="canonical" href="javascript:alert(1)">', "url", None),
    ('<link rel="canonical" href="/relative">', "canonical_url", None),
    ('<script type="application/ld+json">{broken</script>', "published", None),
    ('<script type="application/ld+json">' + "[" * 50_000 + "</script>", "author", None),
    ('<script type="application/ld+json">[{"@type":["NewsArticle"],"author":"Jo"}]</script>', "author", "Jo"),
    (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"\\ud800x"}</script>',
        "author",
        None,
    ),
    (
        '<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"name":"Blatt"}}</script>',
        "outlet",
        "Blatt",
    ),
    (MICRODATA, "title", "Rat streitet"),
    (MICRODATA, "published", "2025-03-04T09:00:00Z"),
    (MICRODATA, "author", "Erika Muster; Max Beispiel"),
    (MICRODATA, "outlet", "Fiktives Blatt"),
]


@pytest.mark.parametrize(("head", "field", "value"), METADATA)
def test_metadata(read_bytes: ReadBytes, head: str, field: str, value: str | None) -> None:
    [found] = read_bytes(wrap(head))
    assert isinstance(found, Article)
    assert getattr(found, field) == value


def test_charset_declared_in_the_page(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(
        wrap('<meta charset="iso-8859-2">').decode().replace("erfundener", "łódź").encode("iso-8859-2")
    )
    assert isinstance(found, Article)
    assert "Ein łódź Absatz" in found.text


def test_a_page_whose_declared_charset_lies(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(wrap('<meta charset="iso-8859-1">'))
    assert isinstance(found, Article)
    assert "lang genug für einen" in found.text


REFUSED = [
    (b"<!doctype html><html><body></body></html>", "no article text found"),
    (b"<html><body>" + b"<div>" * 5_000 + b"text", "nested deeper than 256 levels"),
    (b"<html><body>" + b"<br>x" * 60_000, "more than 50,000 elements"),
    (
        b"<html><body><p " + b"".join(b"a%d=1 " % n for n in range(100_000)) + b">x",
        "more than 1,000 attributes",
    ),
    (
        b"<html><body><p " + b"".join(b"a%d='>'/" % n for n in range(100_000)) + b">x",
        "more than 1,000 attributes",
    ),
    (b"<html><body>" + b"x" * 5_000_001, "larger than the limit of 5,000,000 bytes"),
    (b"<html><body>" + b"<p>wort wort wort</p>" * 9 + bytes(range(32)) * 40, "a binary file"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_pages_that_are_refused(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    [found] = read_bytes(data)
    assert isinstance(found, Failure)
    assert reason in found.reason


def test_scripts_full_of_signs_are_no_attributes(read_bytes: ReadBytes) -> None:
    script = "<script>" + "if(i<n && a=1 ) b=2 ;" * 2_000 + "</script>"
    [found] = read_bytes(wrap(script))
    assert isinstance(found, Article)
