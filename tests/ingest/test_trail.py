"""Following links: what is asked for, in which order it comes back, what is remembered of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from quotetrack.ingest import Visits, Web, read
from quotetrack.ingest.fetch import Fetcher
from quotetrack.ingest.trail import AHEAD, RECHECK
from quotetrack.types import Article, Failure, Visit

from .conftest import Site

TEXT = (
    "<p>„Wir warten nicht“, sagte Anna Weber, Sprecherin des fiktiven Rates von Seebrück, am Montag. {}</p>"
)


class Memory(dict[str, Visit]):
    """What an archive remembers of visits, and the clock it goes by."""

    now = datetime(2025, 3, 4, 10, tzinfo=UTC)

    def read(
        self, *urls: str, arrive: bool = True, patient: bool = False
    ) -> tuple[list[Article | Failure], int]:
        """What one run reads, and how many documents it found unchanged."""
        visits = Visits(self.get, patient=patient, clock=lambda: self.now)
        with closing(Web(Fetcher(allow_private=True), visits)) as web:
            found = list(read(urls, web=web))
        for item in found:
            if arrive and isinstance(item, Article):
                visits.arrived(item)
        self.update({visit.url: visit for visit in visits.completed()})
        return found, visits.unchanged


def feed(site: Site, *paths: str, **headers: str) -> str:
    items = "".join(f"<item><title>T</title><link>{site.address}{path}</link></item>" for path in paths)
    feed = f'<rss version="2.0"><channel><title>Fiktiver Bote</title>{items}</channel></rss>'
    return site.page("/feed", feed, Content_Type="application/rss+xml", **headers)


def page(site: Site, path: str, **headers: str) -> str:
    body = f"<html><body><article><h1>Rat</h1>{TEXT.format(path) * 3}</article></body></html>"
    return site.page(path, body, Content_Type="text/html; charset=utf-8", **headers)


def origins(found: list[Article | Failure]) -> list[str]:
    return [item.origin for item in found if isinstance(item, Article)]


@contextmanager
def answering(site: Site, path: str, etag: str) -> Iterator[None]:
    """The page at `path` answers 304 to whoever has this version."""
    status, headers, body = site.pages[path]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == etag
        handler.send_response(304 if same else status)
        sent = b"" if same else body
        for name, value in {"Content-Length": str(len(sent)), **headers, "ETag": etag}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(sent)

    site.pages[path] = answer
    yield


def test_pages_come_in_the_order_of_their_links(site: Site) -> None:
    paths = [f"/{n}" for n in range(3 * AHEAD)]
    for path in paths:
        page(site, path)
    found, _ = Memory().read(feed(site, *paths))
    assert origins(found) == [site.address + path for path in paths]


def test_several_hosts_are_asked_at_once_and_each_one_by_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two names of this machine stand for two hosts."""
    at_work, most, each = [], [0], [0]
    lock = threading.Lock()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers["Host"]
        with lock:
            at_work.append(host)
            most[0], each[0] = max(most[0], len(at_work)), max(each[0], at_work.count(host))
        time.sleep(0.05)
        with lock:
            at_work.remove(host)
        body = TEXT.encode()
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><article>" + body * 3
        )

    other = site.address.replace("127.0.0.1", "localhost")
    for n in range(6):
        site.pages[f"/{n}"] = slow
    listed = "\n".join(f"{(site.address, other)[n % 2]}/{n}" for n in range(6))
    site.page("/list", listed, Content_Type="text/plain")
    found = list(read([site.address + "/list"], kind="urls", allow_private=True))
    assert len(found) == 6
    assert (most[0], each[0]) == (2, 1)


def test_what_is_known_is_not_sent_again(site: Site) -> None:
    memory = Memory()
    page(site, "/a"), page(site, "/b")
    url = feed(site, "/a", "/b")
    with answering(site, "/feed", '"1"'), answering(site, "/a", '"1"'):
        assert len(origins(memory.read(url)[0])) == 2
        assert memory.read(url) == ([], 1)  # the feed: nothing below it is asked for
        site.asked.clear()
        memory.pop(url)  # as if the feed were another: /a is the same, /b does not know
        found, unchanged = memory.read(url)
        assert (origins(found), unchanged) == ([site.address + "/b"], 1)


INCOMPLETE = [
    ("an article that did not arrive", False, {}, {"/a", "/b"}),
    ("a page that cannot be had now", True, {"/b": 503}, {"/a"}),
    ("a page that is gone", True, {"/b": 410}, {"/a", "/b", "/feed"}),
    ("nothing amiss", True, {}, {"/a", "/b", "/feed"}),
]


@pytest.mark.parametrize(
    ("case", "arrive", "broken", "remembered"), INCOMPLETE, ids=[c[0] for c in INCOMPLETE]
)
def test_a_visit_is_remembered_when_all_of_it_arrived(
    site: Site,
    case: str,
    arrive: bool,
    broken: dict[str, int],
    remembered: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quotetrack.ingest.fetch.TRIES", 1)
    page(site, "/a"), page(site, "/b")
    for path, status in broken.items():
        site.page(path, "", status)
    memory = Memory()
    memory.read(feed(site, "/a", "/b"), arrive=arrive)
    assert set(memory) == ({site.address + path for path in remembered} if arrive else set())


def test_a_run_that_stops_half_way_remembers_no_feed(site: Site) -> None:
    page(site, "/a"), page(site, "/b")
    url, visits = feed(site, "/a", "/b"), Visits()
    with closing(Web(Fetcher(allow_private=True), visits)) as web:
        items = read([url], web=web)
        first = next(items)
        assert isinstance(first, Article)
        visits.arrived(first)
        items.close()
    assert url not in {visit.url for visit in visits.completed()}


def test_a_watch_leaves_alone_what_is_fresh(site: Site) -> None:
    memory = Memory()
    page(site, "/a"), page(site, "/b")
    url = feed(site, "/a", Cache_Control="max-age=600")
    asked = []
    for minutes in (0, 5, 6, RECHECK / 60):
        memory.now += timedelta(minutes=minutes)
        site.asked.clear()
        memory.read(url, patient=True)
        asked.append(site.paths())
    assert asked == [["/feed", "/a"], [], ["/feed"], ["/feed", "/a"]]
    assert memory.read(url)[1] == 0  # without patience everything is asked for


def test_a_page_that_could_not_be_read_is_sent_again(site: Site) -> None:
    memory = Memory()
    page(site, "/a")
    site.page("/b", "<html><body></body></html>", Content_Type="text/html")
    with answering(site, "/a", '"1"'), answering(site, "/b", '"1"'):
        memory.read(feed(site, "/a", "/b"))
    kept = {visit.url.removeprefix(site.address): visit.etag for visit in memory.values()}
    assert kept == {"/a": '"1"', "/b": None, "/feed": None}


def test_a_feed_that_is_away_is_asked_for_in_the_next_round(site: Site) -> None:
    memory, url = Memory(), site.address + "/feed"
    assert [type(found) for found in memory.read(url, patient=True)[0]] == [Failure]
    page(site, "/a"), feed(site, "/a")
    assert origins(memory.read(url, patient=True)[0]) == [site.address + "/a"]
