from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from quotetrack.ingest import read
from quotetrack.types import Article, Failure

from .conftest import ReadBytes


def record(uri: str, block: bytes, kind: str = "response", content_type: str = "application/http") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2025-03-05T00:00:00Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:{uri}>\r\nContent-Type: {content_type}\r\n"
    head += f"Content-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        f"HTTP/1.1 {status}\r\n".encode()
        + b"".join(f"{k}: {v}\r\n".encode() for k, v in named.items())
        + b"\r\n"
        + body
    )


def response(number: int, page: str, **headers: str) -> bytes:
    return record(f"https://blatt.example/{number}", answer(page.encode(), **headers))


def texts(found: list[Article | Failure]) -> list[str]:
    return [item.origin.rpartition("/")[2] if isinstance(item, Article) else item.reason for item in found]


def test_pages_of_an_archive(read_bytes: ReadBytes, page: str) -> None:
    info = record("x", b"software: none\r\n", "warcinfo", "application/warc-fields")
    request = record("https://blatt.example/1", b"GET /1 HTTP/1.1\r\n\r\n", "request")
    missing = record("https://blatt.example/2", answer(page.encode(), "404 Not Found"))
    image = record("https://blatt.example/3", answer(b"\x89PNG", Content_Type="image/png"))
    wet = record("https://blatt.example/4", b"Ein Text.", "conversion", "text/plain")
    found = read_bytes(info + request + response(1, page) + missing + image + wet, "a.warc")
    assert texts(found) == ["1", "4"]
    first = found[0]
    assert isinstance(first, Article)
    assert first.origin.endswith("a.warc#https://blatt.example/1")
    assert (first.url, first.canonical_url) == (
        "https://blatt.example/1",
        "https://blatt.example/politik/bruecke-1",
    )
    assert first.extra["fetched_at"] == "2025-03-05T00:00:00Z"
    assert first.published == "2025-03-04T09:00:00Z"


def test_packed_as_a_whole_and_record_by_record(read_bytes: ReadBytes, page: str) -> None:
    one, two = response(1, page), response(2, page)
    for data in (gzip.compress(one + two), gzip.compress(one) + gzip.compress(two)):
        assert texts(read_bytes(data, "a.warc.gz")) == ["1", "2"]


def test_bodies_as_they_were_sent(read_bytes: ReadBytes, page: str) -> None:
    body = page.encode()
    chunked = (
        b"%x;x=y\r\n" % 100 + body[:100] + b"\r\n%X\r\n" % (len(body) - 100) + body[100:] + b"\r\n0\r\n\r\n"
    )
    data = record("https://blatt.example/1", answer(chunked, Transfer_Encoding="chunked"))
    data += record("https://blatt.example/2", answer(body, Transfer_Encoding="chunked"))
    data += record("https://blatt.example/3", answer(gzip.compress(body), Content_Encoding="gzip"))
    data += record("https://blatt.example/4", answer(body, Content_Encoding="gzip"))
    found = read_bytes(data)
    assert texts(found) == ["1", "2", "3", "4"]
    assert len({item.text for item in found if isinstance(item, Article)}) == 1


def test_bad_records_do_not_stop_the_rest(read_bytes: ReadBytes, page: str) -> None:
    bomb = record(
        "https://blatt.example/1", answer(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    )
    large = record("https://blatt.example/2", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 20_000_001)
    empty = record("https://blatt.example/3", answer(b"<html></html>"))
    brotli = record("https://blatt.example/4", answer(b"\x0b", Content_Encoding="br"))
    found = texts(read_bytes(bomb + large + empty + brotli + response(5, page)))
    assert [bool(part) for part in found] == [True] * 5
    for part, reason in zip(
        found, ("larger than", "larger than", "no article text", "Brotli", "5"), strict=True
    ):
        assert reason in part


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("lost", [1, 300, 900])
def test_a_cut_archive_keeps_what_is_whole(read_bytes: ReadBytes, page: str, lost: int, packed: bool) -> None:
    one, two = response(1, page), response(2, page).removesuffix(b"\r\n\r\n")
    data = gzip.compress(one, 0) + gzip.compress(two, 0) if packed else one + two
    first, failure = texts(read_bytes(data[:-lost]))
    assert first == "1"
    assert "cut off" in failure or "cut-off" in failure


def test_damage_is_placed(read_bytes: ReadBytes, page: str) -> None:
    found = texts(read_bytes(response(1, page) + b"garbage\r\n\r\n" + response(2, page)))
    assert found[0] == "1"
    assert found[1].startswith("damaged web archive after https://blatt.example/1")


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        gzip.compress(record("https://blatt.example/1", answer(b"x" * 100_000, "500 Busy")), 1) * 1_000
    )
    tracemalloc.start()
    assert list(read([str(path)])) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
