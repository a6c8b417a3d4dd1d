"""Text goes out compressed to those who ask for it, the same text to all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from quotetrack.plugin.compress import compressed, takes_gzip

from .archive import TUNNEL
from .conftest import Get


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.8, *;q=0.1", True),
        ("*", True),
        ("gzip ; q=0.5", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("xgzip", False),
        ("gzip;q=nonsense", False),
    ],
)
def test_who_takes_gzip(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


TEXTS = [
    "/",
    "/-/search?q=tunnel",
    f"/s/{TUNNEL}",
    f"/s/{TUNNEL}.json",
    "/-/feed.atom",
    "/-/openapi.json",
    "/working/statements.json?_shape=array",
]


@pytest.mark.parametrize("path", TEXTS)
async def test_text_is_the_same_either_way(ask: Get, path: str) -> None:
    plain = await ask(path, headers={"accept-encoding": "identity"})
    packed = await ask(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text  # the client unpacks it
    assert all("Accept-Encoding" in each.headers["vary"] for each in (plain, packed))
    assert packed.headers.get("etag") == plain.headers.get("etag")  # weak: the same page, in other bytes


async def test_a_tag_of_bytes_turns_weak_when_they_are_packed(ask: Get) -> None:
    plain = await ask("/-/quotetrack/site.css", headers={"accept-encoding": "identity"})
    packed = await ask("/-/quotetrack/site.css", headers={"accept-encoding": "gzip"})
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    assert packed.text == plain.text


async def test_what_is_short_or_no_text_or_not_changed_goes_as_it_is(ask: Get) -> None:
    gzipped = {"accept-encoding": "gzip"}
    assert "content-encoding" not in (await ask(f"/s/{TUNNEL}.txt", headers=gzipped)).headers
    picture = await ask(f"/s/{TUNNEL}.png", headers=gzipped)
    assert "content-encoding" not in picture.headers
    assert "Accept-Encoding" not in picture.headers.get("vary", "")
    page = await ask(f"/s/{TUNNEL}", headers=gzipped)
    again = await ask(f"/s/{TUNNEL}", headers={**gzipped, "if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["vary"] == page.headers["vary"]
    assert again.content == b""


async def test_nothing_is_packed_for_those_who_are_signed_in(ask: Get) -> None:
    headers = {"accept-encoding": "gzip", "cookie": "ds_actor=somebody"}
    assert "content-encoding" not in (await ask("/-/search?q=tunnel", headers=headers)).headers


@pytest.mark.parametrize("pieces", [["x" * 5000], ["a,b\r\n", "c" * 3000, "", "d"], ["short", "too"], [""]])
async def test_an_answer_in_pieces_comes_out_whole(pieces: list[str]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/csv"), (b"content-length", b"99")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces[:-1]:
            await send({"type": "http.response.body", "body": piece.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": pieces[-1].encode()})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    await compressed(app)(scope, None, send)  # type: ignore[arg-type]
    start, *bodies = sent
    packed = (b"content-encoding", b"gzip") in start["headers"]
    assert packed == (len(pieces) > 1 or len(pieces[0]) > 1000)
    assert (b"content-length" in dict(start["headers"])) is not packed
    body = b"".join(message["body"] for message in bodies)
    assert (gzip.decompress(body) if packed else body).decode() == "".join(pieces)
    if packed and len(pieces) > 1:
        assert list(_early(bodies)) == [True] * (len(pieces) - 1)  # each piece can be read when it comes


def _early(bodies: list[Any]) -> Iterator[bool]:
    import zlib

    unpacker = zlib.decompressobj(31)
    for message in bodies[:-1]:
        unpacker.decompress(message["body"])
        yield message["more_body"] and not unpacker.unconsumed_tail
