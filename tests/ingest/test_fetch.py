from __future__ import annotations

import gzip
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from quotetrack.ingest import exchange, fetch
from quotetrack.ingest.fetch import Absent, Fetcher, Unchanged
from quotetrack.ingest.limits import Refused
from quotetrack.types import Visit

from .conftest import Site


def slept(**settings: object) -> tuple[Fetcher, list[float]]:
    """A fetcher that may reach this machine, and the pauses it would have made, in seconds."""
    pauses: list[float] = []
    return Fetcher(allow_private=True, sleep=pauses.append, **settings), pauses  # type: ignore[arg-type]


def got(url: str, **settings: object) -> bytes:
    fetcher, _ = slept(**settings)
    with fetcher.fetch(url) as answer:
        return answer.stream.read()


def refusal(url: str, limit: int = 10_000_000) -> str:
    fetcher, _ = slept()
    with pytest.raises(Refused) as caught, fetcher.fetch(url, limit) as answer:
        answer.stream.read()
    return str(caught.value)


def test_a_page_with_its_charset_and_its_address(site: Site) -> None:
    url = site.page("/a?b=ü#c", "", 200)
    site.page("/a?b=%C3%BC", b"\xe4", Content_Type='text/html; Charset="ISO-8859-1"')
    fetcher, _ = slept(contact="desk@blatt.example")
    with fetcher.fetch(url) as answer:
        assert (answer.stream.read(), answer.url, answer.charset) == (b"\xe4", url, "ISO-8859-1")
    agent = site.asked[-1][1]["User-Agent"]
    assert agent.startswith("quotetrack/")
    assert "desk@blatt.example" in agent


def test_compressed_and_chunked_answers(site: Site) -> None:
    assert got(site.page("/gz", gzip.compress(b"text"), Content_Encoding="gzip")) == b"text"

    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
        )

    site.pages["/chunked"] = chunked
    assert got(site.address + "/chunked") == b"abcde"


def test_redirects_are_followed_up_to_five(site: Site) -> None:
    site.page("/0", "there")
    for hop in range(1, 7):
        site.page(f"/{hop}", "", 302, Location=f"/{hop - 1}")
    fetcher, _ = slept()
    with fetcher.fetch(site.address + "/5") as answer:
        assert (answer.stream.read(), answer.url) == (b"there", site.address + "/0")
    assert refusal(site.address + "/6") == "more than 5 redirects"


STATUSES = [
    (404, "HTTP 404: not found"),
    (403, "HTTP 403: the server refuses to hand it out"),
    (410, "HTTP 410: gone"),
    (418, "HTTP 418: i'm a teapot"),
    (204, "HTTP 204: no content"),
    (599, "HTTP 599: an unusual answer"),
]


@pytest.mark.parametrize(("status", "reason"), STATUSES)
def test_a_status_is_the_reason(site: Site, status: int, reason: str) -> None:
    assert refusal(site.page("/x", "", status)) == reason
    assert site.paths() == ["/x"]


@pytest.mark.parametrize(
    "location",
    [
        "",
        "file:///etc/passwd",
        "ftp://x/y",
        "gopher://127.0.0.1:6379/_",
        "javascript:1",
        "http://[",
        "//",
        "http://a b/",
    ],
)
def test_redirects_lead_to_the_web_only(site: Site, location: str) -> None:
    reason = refusal(site.page("/x", "", 301, Location=location))
    assert "which is no web address" in reason or reason == "more than 5 redirects"


def test_a_busy_server_is_asked_again(site: Site) -> None:
    site.pages["/x"] = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (200, {}, b"now")]
    fetcher, pauses = slept()
    with fetcher.fetch(site.address + "/x") as answer:
        assert answer.stream.read() == b"now"
    assert pauses == [1.0, 7.0]


def test_a_server_that_stays_busy_is_left_alone(site: Site) -> None:
    assert refusal(site.page("/x", "", 503)) == "HTTP 503: service unavailable (3 tries)"
    assert site.paths() == ["/x"] * 3
    reason = refusal(site.page("/y", "", 429, Retry_After="3600"))
    assert reason == "HTTP 429: too many requests, and asks to come back in 3600 s"


def test_a_cut_answer_is_no_document(site: Site) -> None:
    assert (
        refusal(site.page("/x", "abc", Content_Length="10")) == "connection cut after 3 of 10 bytes (3 tries)"
    )


def test_sizes_are_bounded(site: Site) -> None:
    assert "limit of 1,000 bytes" in refusal(site.page("/x", "x" * 1001), 1000)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(10_000):
                handler.wfile.write(b"x" * 10_000)
        except OSError:
            return
        raise AssertionError("the client took everything")

    site.pages["/endless"] = endless
    assert "limit of 100,000 bytes" in refusal(site.address + "/endless", 100_000)


def test_a_bomb_in_the_content_encoding(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    assert "gzip bomb" in refusal(site.page("/x", bomb, Content_Encoding="gzip"))
    assert "encoding br" in refusal(site.page("/y", "x", Content_Encoding="br"))


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_cut_off(site: Site, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(fetch, "TRIES", 1)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: " + (b"" if where == "head" else b"no\r\n\r\n"))
        try:
            for _ in range(200):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    site.pages["/x"] = drip
    start = time.monotonic()
    assert "too slow" in refusal(site.address + "/x")
    assert time.monotonic() - start < 3


def test_a_silent_server_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "CONNECT_SECONDS", 0.2)
    site.pages["/x"] = lambda _: time.sleep(1)
    assert refusal(site.address + "/x") == "no answer for 0.2 s (3 tries)"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0\1\2",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
    ],
)
def test_what_is_no_http_is_refused(site: Site, answer: bytes) -> None:
    site.pages["/x"] = lambda handler: (handler.wfile.write(answer), None)[1]
    assert refusal(site.address + "/x").endswith("(3 tries)")


def test_nothing_listens_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "refused" in refusal(f"http://127.0.0.1:{port}/x")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://blatt.example/", "no http or https address"),
        ("http://", "no http or https address"),
        ("http://blatt.example:port/", "no http or https address"),
        ("http://anna:secret@127.0.0.1/", "addresses with a user name and password are not fetched"),
        ("http://\u2100.example/", "no http or https address"),
        ("http://" + "ü" * 70 + ".example/", "no http or https address"),
    ],
)
def test_addresses_that_are_none(url: str, reason: str) -> None:
    assert refusal(url).startswith(reason)


def test_a_certificate_must_be_trusted(site: Site) -> None:
    assert "(3 tries)" in refusal(site.address.replace("http:", "https:") + "/x")


# --------------------------------------------------------------------- private addresses


def test_this_machine_is_refused_without_being_asked(site: Site) -> None:
    url = site.page("/x", "secret")
    with pytest.raises(Refused, match="--allow-private"), Fetcher().fetch(url):
        pytest.fail("fetched")
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = site.page("/secret", "secret")
    url = site.page("/x", "", 302, Location=secret).replace("127.0.0.1", "public.example")

    def resolve(host: str, port: int, *, allow_private: bool = False) -> list[str]:
        if host == "public.example":
            return ["127.0.0.1"]
        raise Refused(f"host {host} has a private address")

    monkeypatch.setattr(fetch, "resolve", resolve)
    with pytest.raises(Refused, match=r"127\.0\.0\.1 has a private address"), Fetcher().fetch(url):
        pytest.fail("fetched")
    assert "/secret" not in site.paths()


def test_the_connection_goes_to_the_checked_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up of the name would fail here: only the first one knows it."""
    url = site.page("/x", "text").replace("127.0.0.1", "rebind.invalid")
    monkeypatch.setattr(fetch, "resolve", lambda *_, **__: ["127.0.0.1"])
    fetcher, _ = slept()
    with fetcher.fetch(url) as answer:
        assert answer.stream.read() == b"text"
    assert site.asked[-1][1]["Host"].startswith("rebind.invalid:")


# --------------------------------------------------------------------- robots.txt and politeness

ROBOTS = """User-agent: *
Disallow: /

User-agent: quotetrack
Disallow: /private
Disallow: /*?print
Allow: /private/open
"""


@pytest.mark.parametrize(
    ("path", "allowed"), [("/a", True), ("/private/a", False), ("/private/open", True), ("/a?print=1", False)]
)
def test_robots_txt_is_honoured(site: Site, path: str, allowed: bool) -> None:
    site.page("/robots.txt", ROBOTS)
    url = site.page(path, "text")
    if allowed:
        assert got(url) == b"text"
    else:
        assert "robots.txt" in refusal(url)
        assert site.paths() == []


def test_a_redirect_does_not_lead_around_robots_txt(site: Site) -> None:
    site.page("/robots.txt", ROBOTS)
    site.page("/private/a", "text")
    assert "robots.txt" in refusal(site.page("/x", "", 302, Location="/private/a"))


def test_unreadable_rules_forbid_and_absent_ones_allow(site: Site) -> None:
    site.page("/robots.txt", "", 500)
    reason = refusal(site.page("/x", "text"))
    assert reason.startswith("robots.txt of 127.0.0.1:")
    assert "HTTP 500" in reason
    site.page("/robots.txt", "", 403)
    assert got(site.address + "/x") == b"text"


def test_robots_txt_is_read_once_a_host(site: Site) -> None:
    url = site.page("/x", "text")
    fetcher, _ = slept()
    for _ in range(3):
        with fetcher.fetch(url):
            pass
    assert [path for path, _ in site.asked] == ["/robots.txt", "/x", "/x", "/x"]


def test_requests_to_one_host_keep_their_distance(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "loopback", lambda _: False)
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 5\n")
    url = site.page("/x", "text")
    fetcher, pauses = slept(clock=lambda: 100.0)
    for _ in range(2):
        with fetcher.fetch(url):
            pass
    assert pauses == [5.0, 10.0]


def test_an_unreasonable_crawl_delay_is_refused_by_name(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")
    assert "asks robots for 86400 s between two requests" in refusal(site.page("/x", "text"))


def test_rules_are_read_again_after_a_day_and_after_a_failure_sooner(site: Site) -> None:
    url, now = site.page("/x", "text"), [0.0]
    site.page("/robots.txt", "", 500)
    fetcher, _ = slept(clock=lambda: now[0])
    for later, allowed in [
        (0.0, False),
        (fetch.ROBOTS_RETRY_SECONDS - 1, False),
        (2.0, True),
        (fetch.ROBOTS_SECONDS - 1, True),
        (2.0, False),
    ]:
        now[0] += later
        if later == 2.0:
            site.page("/robots.txt", "" if allowed else "User-agent: *\nDisallow: /\n")
        if allowed:
            with fetcher.fetch(url) as answer:
                assert answer.stream.read() == b"text"
        else:
            with pytest.raises(Refused), fetcher.fetch(url):
                pytest.fail("fetched")


def test_a_host_that_wants_its_peace_is_not_asked_before(site: Site) -> None:
    site.pages["/x"] = [(429, {"Retry-After": "3600"}, b""), (200, {}, b"text")]
    now = [0.0]
    fetcher, _ = slept(clock=lambda: now[0])
    for later, reason in [(0.0, "come back in 3600 s"), (600.0, "come back in 3000 s")]:
        now[0] += later
        with pytest.raises(Refused, match=reason), fetcher.fetch(site.address + "/x"):
            pytest.fail("fetched")
    assert site.paths() == ["/x"]
    now[0] += 3_001
    with fetcher.fetch(site.address + "/x") as answer:
        assert answer.stream.read() == b"text"


# --------------------------------------------------------------------- what is known is not sent again

KNOWN = [
    ({"etag": '"1"', "modified": None}, {"If-None-Match": '"1"'}),
    (
        {"etag": None, "modified": "Tue, 04 Mar 2025 10:00:00 GMT"},
        {"If-Modified-Since": "Tue, 04 Mar 2025 10:00:00 GMT"},
    ),
    ({"etag": None, "modified": None}, {}),
]


@pytest.mark.parametrize(("validators", "headers"), KNOWN, ids=["etag", "date", "neither"])
def test_an_unchanged_document_is_not_sent_again(
    site: Site, validators: dict[str, str | None], headers: dict[str, str]
) -> None:
    url = site.address + "/x"
    known = Visit(url, url, fresh_until="2025-03-04T10:00:00Z", **validators)
    site.page("/x", "", 304, Cache_Control="max-age=60")
    fetcher, _ = slept()
    if headers:
        with pytest.raises(Unchanged) as caught, fetcher.fetch(url, known=known):
            pytest.fail("fetched")
        assert caught.value.fresh == 60
    else:  # nobody asked for a 304
        with pytest.raises(Refused, match="HTTP 304"), fetcher.fetch(url, known=known):
            pytest.fail("fetched")
    sent = site.asked[-1][1]
    assert {name: sent[name] for name in ("If-None-Match", "If-Modified-Since") if name in sent} == headers


def test_validators_go_to_the_address_they_came_from_only(site: Site) -> None:
    site.page("/old", "", 301, Location="/new")
    site.page("/new", "text", ETag='"2"', Last_Modified="Tue, 04 Mar 2025 10:00:00 GMT")
    known = Visit(site.address + "/old", site.address + "/new", '"1"', None, "2025-03-04T10:00:00Z")
    fetcher, _ = slept()
    with fetcher.fetch(site.address + "/old", known=known) as answer:
        assert (answer.etag, answer.modified) == ('"2"', "Tue, 04 Mar 2025 10:00:00 GMT")
    conditions = {path: headers.get("If-None-Match") for path, headers in site.asked}
    assert conditions == {"/robots.txt": None, "/old": None, "/new": '"1"'}


FRESH = [
    ("max-age=60", 60),
    ('public, s-maxage=10, max-age="600"', 600),
    ("max-age=99999999", fetch.MAX_FRESH),
    ("no-cache, max-age=60", 0),
    ("no-store", 0),
    ("max-age=soon", 0),
    ("", 0),
]


@pytest.mark.parametrize(("control", "seconds"), FRESH)
def test_how_long_a_server_has_a_document_taken_for_fresh(site: Site, control: str, seconds: float) -> None:
    url = site.page("/x", "text", Cache_Control=control)
    with slept()[0].fetch(url) as answer:
        assert answer.fresh == seconds


@pytest.mark.parametrize(
    ("status", "final"), [(404, True), (410, True), (403, True), (408, False), (429, False), (503, False)]
)
def test_what_is_not_there_is_told_from_what_cannot_be_had_now(site: Site, status: int, final: bool) -> None:
    site.page("/x", "", status)
    with pytest.raises(Refused) as caught, slept()[0].fetch(site.address + "/x"):
        pytest.fail("fetched")
    assert isinstance(caught.value, Absent) == final


def test_a_closed_fetcher_asks_nobody(site: Site) -> None:
    url = site.page("/x", "text")
    fetcher = Fetcher(allow_private=True)
    fetcher.close()
    with pytest.raises(Refused, match="stopped"), fetcher.fetch(url):
        pytest.fail("fetched")
    assert site.asked == []
