from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quotetrack.ingest import canonical_url
from quotetrack.ingest.canonical import web_url

SAME = "https://blatt.example/politik/a-1"
RULES = [
    (f"{SAME}?utm_source=rss&utm_medium=x#top", SAME),
    ("http://www.blatt.example:80/politik/a-1/", SAME),
    ("HTTPS://Blatt.Example./politik/a-1", SAME),
    (f"{SAME}?fbclid=abc&gclid=1", SAME),
    (f"{SAME}/amp/", SAME),
    (f"{SAME}/amp", SAME),
    (f"{SAME}?amp=1", SAME),
    (f"{SAME}?outputType=amp", SAME),
    ("https://m.blatt.example/politik/a-1", SAME),
    ("https://amp.blatt.example/politik/a-1", SAME),
    ("https://mobil.blatt.example/politik/a-1", SAME),
    (f"{SAME}/print", SAME),
    (f"{SAME}?print=1", SAME),
    (f"{SAME}/index.html", SAME),
    ("https://www.google.com/amp/s/www.blatt.example/politik/a-1", SAME),
    ("https://www-blatt-example.cdn.ampproject.org/c/s/www.blatt.example/politik/a-1?amp=1", SAME),
    ("https://blatt.example/a.amp.html", "https://blatt.example/a.html"),
    ("https://de.m.wikipedia.org/wiki/Anna", "https://de.wikipedia.org/wiki/Anna"),
    ("https://blatt.example/a?b=2&a=1&a=0", "https://blatt.example/a?a=0&a=1&b=2"),
    ("https://blatt.example/?p=17&cid=3", "https://blatt.example/?cid=3&p=17"),
    ("https://blatt.example/%7Eanna/%c3%bc", "https://blatt.example/~anna/%C3%BC"),
    ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
    ("https://blatt.example/app#!/artikel/1", "https://blatt.example/app#!/artikel/1"),
    ("http://blatt.example:8080/a", "http://blatt.example:8080/a"),
    ("http://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
    ("https://m.example/a", "https://m.example/a"),
    ("https://blatt.example/amplify", "https://blatt.example/amplify"),
    ("https://blatt.example/?m=1&id=m", "https://blatt.example/?id=m"),
    ("  mailto:x@y.example ", "mailto:x@y.example"),
    ("https://blatt.example:99999/", "https://blatt.example:99999/"),
    ("https://[broken/", "https://[broken/"),
    ("", ""),
]


@pytest.mark.parametrize(("url", "canonical"), RULES)
def test_rules(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


LINKS = [
    ("https://blatt.example/neu", "https://blatt.example/neu"),
    ("/neu", "https://blatt.example/neu"),
    ("https://www.blatt.example/neu?utm_source=x", "https://blatt.example/neu"),
    ("https://politik.blatt.example/neu", "https://politik.blatt.example/neu"),
    ("https://blatt.example/", SAME),
    ("https://anderes.example/neu", SAME),
    ("javascript:alert(1)", SAME),
    ("http://[", SAME),
    ("", SAME),
]


@pytest.mark.parametrize(("link", "canonical"), LINKS)
def test_the_canonical_link_wins_within_its_site(link: str, canonical: str) -> None:
    assert canonical_url(SAME, link) == canonical


def test_sites_under_a_public_suffix_are_not_one_site() -> None:
    assert canonical_url("https://evil.co.uk/a", "https://bbc.co.uk/news/1") == "https://evil.co.uk/a"


@given(
    st.text(st.sampled_from("amp.mw/?&=%2Fü#!:@[]-_~1+ \\\ud800"), max_size=40).map(
        "https://www.m.blatt.example/".__add__
    )
    | st.text(max_size=60)
    | st.text(max_size=60).map("http://".__add__)
)
@example("HTTP://.")
def test_idempotent_and_never_raises(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert web_url(url) is None or web_url(once) is not None
