"""Attacks in every text, address and query: nothing breaks out, nothing fails."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import lxml.html
import pytest
from datasette.app import Datasette

from .archive import TUNNEL
from .attacks import EVERYTHING, HTML, QUERIES, TARGETS, URLS
from .conftest import Get, site

_WORDS = """html head meta title link style script body a header div form label input button nav main footer p
section article blockquote h1 h2 h3 aside ol ul li span strong time figure figcaption svg rect path details
summary table thead tbody tr th td mark select option ins del dl dt dd code q br"""
_ELEMENTS = frozenset(_WORDS.split())  # all that our templates use: anything else came out of a text


def broken(document: str, *, embed: bool = False) -> Iterator[str]:
    """What a page holds that no page of ours may hold."""
    page = lxml.html.document_fromstring(document)
    for element in page.iter():
        if not isinstance(element.tag, str):
            yield f"comment or instruction {element}"
        elif element.tag not in _ELEMENTS:
            yield f"<{element.tag}>"
        elif element.tag == "script" and element.get("type") != "application/ld+json" and not embed:
            yield "script"
        elif element.tag == "style" and not embed:
            yield "style"
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name in ("style", "srcdoc", "formaction"):
                yield f"{name}={value}"
            if name in ("href", "src", "action", "cite") and not re.match(
                r"(/(?!/)|#|https?://[^/\s])", value
            ):
                yield f"{name}={value}"
    for data in page.xpath("//script[@type='application/ld+json']/text()"):
        json.loads(data)
    if not embed and "<script>" in document.lower():
        yield "<script> in the source"


@pytest.fixture(scope="module")
def hostile_site(hostile: Path) -> Datasette:
    return site(hostile)


@pytest.mark.parametrize(
    "pattern",
    [
        "/s/statement{}",
        "/o/one{}",
        "/o/two{}",
        "/person/person{}",
        "/organisation/organisation{}",
        "/outlet/{}",
    ],
)
async def test_no_text_of_the_archive_breaks_out_of_a_page(hostile_site: Datasette, pattern: str) -> None:
    offset = 1 if "outlet" in pattern else 0
    for i, attack in enumerate(EVERYTHING):
        response = await hostile_site.client.get(pattern.format(i + offset))
        assert response.status_code == 200, attack
        assert list(broken(response.text)) == [], attack
        assert "script-src" not in response.headers["content-security-policy"]  # so 'none'
        assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_no_text_breaks_out_of_a_card(hostile_site: Datasette) -> None:
    for i, attack in enumerate(EVERYTHING):
        response = await hostile_site.client.get(f"/embed/statement{i}")
        assert response.status_code == 200, attack
        assert list(broken(response.text, embed=True)) == [], attack
        assert len(lxml.html.fromstring(response.text).xpath("//script")) == 1, attack


async def test_no_text_breaks_out_of_a_refusal(hostile_site: Datasette) -> None:
    for i, attack in enumerate(HTML):
        for path in (f"/s/withdrawn{i}", f"/embed/withdrawn{i}"):
            response = await hostile_site.client.get(path)
            assert response.status_code == 410, attack
            assert list(broken(response.text, embed="embed" in path)) == [], attack


async def test_no_text_breaks_out_of_oembed(hostile_site: Datasette) -> None:
    for i, attack in enumerate(EVERYTHING):
        target = quote(f"http://localhost/s/statement{i}", safe="")
        answer = (await hostile_site.client.get(f"/-/oembed?url={target}")).json()
        assert list(broken(f"<title>x</title>{answer['html'].replace('iframe', 'div')}")) == [], attack
        root = ElementTree.fromstring(
            (await hostile_site.client.get(f"/-/oembed?format=xml&url={target}")).text
        )
        assert root.findtext("type") == "rich"


@pytest.mark.parametrize("suffix", ["json", "csl.json", "bib", "wiki", "txt"])
async def test_every_format_stays_what_it_is(hostile_site: Datasette, suffix: str) -> None:
    for i, attack in enumerate(EVERYTHING):
        response = await hostile_site.client.get(f"/s/statement{i}.{suffix}")
        assert response.status_code == 200, attack
        assert "html" not in response.headers["content-type"]
        assert response.headers["x-content-type-options"] == "nosniff"
        if suffix.endswith("json"):
            response.json()
        if suffix == "bib":
            depth = 0
            for char in re.sub(r"\\[{}]|\{\}", "", response.text):
                depth += {"{": 1, "}": -1}.get(char, 0)
                assert depth >= 0, attack
            assert depth == 0, attack
        if suffix == "wiki":
            inside = response.text.strip().removeprefix("<ref>{{").removesuffix("}}</ref>")
            assert not re.search(r"\{\{|\}\}|<|\[\[", inside), attack


async def test_lists_feeds_and_tables_escape_everything(hostile_site: Datasette) -> None:
    client = hostile_site.client
    assert list(broken((await client.get("/")).text)) == []
    for page in range(1, 9):
        for words in ("searchable", ""):
            assert list(broken((await client.get(f"/-/search?q={words}&page={page}")).text)) == []
    feed = ElementTree.fromstring((await client.get("/-/feed.atom?q=searchable")).text)
    for content in feed.iter("{http://www.w3.org/2005/Atom}content"):
        assert list(broken(f"<title>x</title>{content.text}")) == []
    table = (await client.get("/-/search.csv")).text.removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(table, newline="")):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")]


async def test_only_web_addresses_are_linked(hostile_site: Datasette) -> None:
    for i in range(len(URLS)):
        for path in (f"/s/statement{i}", f"/o/one{i}", f"/outlet/{i + 1}"):
            page = lxml.html.fromstring((await hostile_site.client.get(path)).text)
            for href in page.xpath("//a/@href"):
                parts = urlsplit(href)
                assert parts.scheme in ("", "http", "https")
                assert parts.scheme == "" or parts.hostname in (
                    "a.example",
                    "localhost",
                    "www.wikidata.org",
                    "web.archive.org",
                ), href


async def test_no_input_breaks_the_search(ask: Get) -> None:
    for i, typed in enumerate(EVERYTHING):
        query = urlencode({"q": typed.encode("utf-8", "surrogatepass")})[:8000]
        response = await ask(f"/-/search?{query}")
        assert response.status_code == 200, typed
        assert list(broken(response.text)) == [], typed
        assert (await ask(f"/-/search{('.json', '.atom', '.csv')[i % 3]}?{query}")).status_code == 200, typed


@pytest.mark.parametrize("name", ["speaker", "organisation", "role", "outlet", "language"])
async def test_no_filter_breaks_the_search(ask: Get, name: str) -> None:
    for typed in [*HTML[::3], *QUERIES]:
        query = urlencode({name: typed.encode("utf-8", "surrogatepass")})[:8000]
        response = await ask(f"/-/search?{query}")
        assert response.status_code == 200, typed
        assert list(broken(response.text)) == [], typed


@pytest.mark.parametrize("name", ["type", "since", "until", "confidence", "sort", "page", "size", "theme"])
async def test_odd_values_of_other_filters_are_not_asked(ask: Get, name: str) -> None:
    for typed in [*QUERIES[::4], "-1", "0", "1e309", "9" * 30, "2025-99-99", "²", "inf", "nan"]:
        query = urlencode({name: typed.encode("utf-8", "surrogatepass")})[:8000]
        assert (await ask(f"/-/search?{query}")).status_code == 200, typed
        assert (await ask(f"/-/search.json?{query}")).status_code == 200, typed
        assert (await ask(f"/embed/{TUNNEL}?{query}")).status_code == 200, typed


async def test_no_query_is_a_syntax_error_for_sqlite(
    hostile: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    client = site(hostile).client
    for typed in QUERIES:
        query = urlencode({"q": typed.encode("utf-8", "surrogatepass")})
        assert (await client.get(f"/-/search?{query}")).status_code == 200
    assert "ERROR" not in capfd.readouterr().err  # Datasette prints what SQLite refused


@pytest.mark.parametrize(
    "path",
    ["/s/{}", "/o/{}", "/person/{}", "/organisation/{}", "/outlet/{}", "/embed/{}", "/-/quotetrack/{}"],
)
async def test_no_address_breaks_a_route(ask: Get, path: str) -> None:
    for typed in [*HTML[::2], *URLS, *QUERIES[:60:3], "../../etc/passwd", "%2e%2e%2f", "1" * 25, "a" * 3000]:
        raw = quote(typed.encode("utf-8", "surrogatepass")[:3000], safe="")
        response = await ask(path.format(raw))
        assert response.status_code in (302, 404), typed


async def test_oembed_knows_its_own_statements_only(ask: Get) -> None:
    assert (await ask("/-/oembed?" + urlencode({"url": f"http://localhost/s/{TUNNEL}"}))).status_code == 200
    for target in TARGETS:
        address = target.format(uid=TUNNEL)
        for form in ("json", "xml"):
            response = await ask("/-/oembed?" + urlencode({"url": address, "format": form}))
            assert response.status_code == 404, address
    for missing in ("", "\x00"):
        assert (await ask("/-/oembed?" + urlencode({"url": missing}))).status_code == 400


async def test_attacks_in_the_options_of_a_card_are_no_options(ask: Get) -> None:
    """A colour goes into a style and so into the policy that allows it; a theme into an attribute."""
    plain = await ask(f"/embed/{TUNNEL}")
    for attack in [
        *HTML[::3],
        *URLS[::2],
        "red;}*{display:none",
        "fff}body{background:url(//evil.example)}",
        "ffff",
    ]:
        query = urlencode({"accent": attack, "theme": attack, "lang": attack})
        assert (await ask(f"/embed/{TUNNEL}?{query}")).text == plain.text, attack
        target = urlencode({"url": f"http://localhost/s/{TUNNEL}?{query}"})
        answer = (await ask(f"/-/oembed?{target}")).json()
        assert f'src="http://localhost/embed/{TUNNEL}"' in answer["html"], attack
        for suffix in ("txt", "wiki"):
            response = await ask(f"/s/{TUNNEL}.{suffix}?{query}")
            assert response.text == (await ask(f"/s/{TUNNEL}.{suffix}")).text, attack


def test_there_are_many_attacks() -> None:
    assert len(set(EVERYTHING)) >= 200


async def test_no_text_breaks_a_picture(hostile_site: Datasette) -> None:
    for i, attack in list(enumerate(EVERYTHING))[::8]:
        for path, status in ((f"/s/statement{i}.png", 200), (f"/s/withdrawn{i}.png", 410)):
            response = await hostile_site.client.get(path)
            assert response.status_code == status, attack
            assert response.headers["content-type"] == "image/png"
            assert response.content.startswith(b"\x89PNG"), attack
