"""Bad input, one row each: what is refused is named, what is repaired is recorded, the rest is read."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from quotetrack.ingest import read
from quotetrack.ingest.limits import MAX_PAGE
from quotetrack.types import Article, Failure

from .conftest import PAGE, ReadBytes
from .samples import PACKED, TEXT, docx, mail, pdf, printed, tarred, zipped
from .test_feed import FULL, RSS
from .test_html import FILLER
from .test_newsml import XHTML, document, item
from .test_nitf import NITF
from .test_sitemap import MAP
from .test_warc import response

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
FILES = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
FEED = RSS.format(items=FULL).partition("?>")[2].strip()
NEWS = document(item(XHTML)).decode().partition("?>")[2].strip() or document(item(XHTML)).decode()
WARC = response(1, PAGE) + response(2, PAGE)
LYING = f'<html><meta charset="iso-8859-1"><body><article>{FILLER}</article></body></html>'
ENTITIES = "declares entities"

REFUSED: list[tuple[str, bytes, str]] = [
    ("a gzip bomb", gzip.compress(b"a" * 60_000_000), "gzip bomb"),
    ("a bzip2 bomb", PACKED["bz2"](b"a" * 60_000_000), "bzip2 bomb"),
    ("an xz bomb", PACKED["xz"](b"a" * 60_000_000), "xz bomb"),
    ("a gzip bomb in a gzip file", gzip.compress(gzip.compress(b"a" * 60_000_000)), "gzip bomb"),
    ("a bomb in a zip", zipped({"a.txt": b"a" * 60_000_000}), "zip bomb"),
    ("a bomb in a mail", mail(plain=None, attached={"a.gz": gzip.compress(b"a" * 60_000_000)}), "gzip bomb"),
    ("a bomb in a document", docx("<w:p/>" * 4_000_000), "bomb"),
    ("a bomb in a tar.gz", gzip.compress(tarred({"a": b"a" * 60_000_000})), "gzip bomb"),
    ("a cut gzip file", gzip.compress(TEXT.encode() * 9, 0)[:400], "cut-off gzip file"),
    ("a damaged gzip file", gzip.compress(TEXT.encode() * 9)[:10] + b"\xff" * 99, "damaged gzip file"),
    ("HTML nested deeply", b"<html><body>" + b"<div>" * 100_000 + b"text", "nested deeper than 256 levels"),
    ("HTML nested deeply in a mail", mail(plain=None, rich="<i>" * 50_000 + "x"), "mail without text"),
    ("a page of too many elements", b"<html><body>" + b"<br>x" * 60_000, "more than 50,000 elements"),
    ("an entity bomb in a feed", (LAUGHS + FEED).encode(), ENTITIES),
    ("an entity bomb in UTF-16", ('<?xml version="1.0"?>' + LAUGHS + FEED).encode("utf-16"), ENTITIES),
    ("an entity bomb in a site map", (LAUGHS + MAP.format(entries="<url>&c;</url>")).encode(), ENTITIES),
    ("an entity bomb in NITF", (LAUGHS + "<nitf><body>&c;</body></nitf>").encode(), ENTITIES),
    ("an entity bomb in NewsML", (LAUGHS + NEWS).encode(), ENTITIES),
    ("an external entity", (FILES + "<nitf><body>&x;</body></nitf>").encode(), ENTITIES),
    ("an external entity in a feed", (FILES + FEED.replace("Zwei", "&x;")).encode(), ENTITIES),
    ("XML of an unknown kind", b'<?xml version="1.0"?><invoice/>', "XML of an unknown kind"),
    ("a wrong charset", b"\xff\xfe" + "„Text".encode("utf-16-le") + b"\xd8", "wrong encoding"),
    ("NUL bytes without end", TEXT.encode() + bytes(5_000), "a binary file"),
    ("only NUL bytes", bytes(5_000), "empty file"),
    ("a scan", pdf([[], []]), "PDF without a text layer"),
    ("a PDF cut off", pdf([printed(TEXT)])[:200], "broken PDF"),
    ("a PDF of nothing but its mark", b"%PDF-1.7", "broken PDF"),
    ("JSON nested deeply", b'{"text": ' + b"[" * 100_000, "not JSON that can be read"),
    ("half a surrogate pair", b'{"text": "\\ud800 x"}', "lone surrogate"),
    ("a number that is none", b'{"text": "x", "n": NaN}', "NaN is no JSON value"),
    ("a text too long", b"Wort " * 500_000, "the limit is 2,000,000"),
]


@pytest.mark.parametrize(("data", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_by_name_and_the_rest_is_read(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(TEXT.encode())
    *found, last = read([str(tmp_path)])
    assert isinstance(last, Article)
    assert found
    assert all(isinstance(each, Failure) for each in found)
    assert any(reason in getattr(each, "reason", "") for each in found)
    assert not any("hostname" in getattr(each, "text", "") for each in found)


BROKEN = "FÃ¼r immer schÃ¶n gewÃ¤hlt, sagte er dem Blatt."
MOJIBAKE = {"repaired": "mojibake"}


def dated(published: str) -> bytes:
    return json.dumps({"text": TEXT, "published": published}).encode()


KEPT: list[tuple[str, bytes, str, dict[str, object]]] = [
    ("a lying charset", LYING.encode(), "lang genug für einen", {}),
    ("another lying charset", PAGE.replace("utf-8", "iso-2022-jp").encode(), "„Wir warten nicht“", {}),
    ("another charset", TEXT.encode("utf-16-le"), "„Wir warten nicht“", {"encoding": "utf-16-le"}),
    ("mojibake", BROKEN.encode(), "Für immer schön", MOJIBAKE),
    ("mojibake in a page", LYING.replace("Artikel ist", BROKEN).encode(), "Für immer schön", MOJIBAKE),
    ("mojibake in a table", f'title,text\nx,"{BROKEN}"\n'.encode(), "Für immer", MOJIBAKE),
    ("mojibake in a mail", mail(BROKEN), "Für immer schön", MOJIBAKE),
    ("mojibake in a feed", FEED.replace("Zwei", BROKEN).encode(), "Für immer schön", MOJIBAKE),
    (
        "a broken last character",
        (TEXT * 3).encode() + b"\xe2\x80",
        "Musterstadt.\ufffd",
        {"repaired": "1 broken"},
    ),
    ("a NUL byte", TEXT.replace(" ", "\0 ", 1).encode(), "„Wir warten nicht“", {}),
    ("a future date", dated("2031-01-01"), TEXT, {"published_why": "in the future"}),
    ("a zero date", dated("0001-01-01T00:00:00Z"), TEXT, {"published_why": "no date but"}),
    ("an unreadable date", dated("soon"), TEXT, {"published_unreadable": "soon"}),
]


@pytest.mark.parametrize(("data", "text", "notes"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_kept_and_recorded(read_bytes: ReadBytes, data: bytes, text: str, notes: dict[str, object]) -> None:
    [found] = read_bytes(data, now=datetime(2026, 11, 23, tzinfo=UTC))
    assert isinstance(found, Article)
    assert text in found.text
    assert "\0" not in found.text
    for key, value in notes.items():
        assert str(found.extra[key]).startswith(str(value))


NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)
DATES = [
    ("2025-03-05", True),  # tomorrow is today further east
    ("2025-03-05T11:59:00Z", True),
    ("2025-03-05T12:01:00Z", False),
    ("2025-03-06", False),
    ("2025-03-05T12:01:00", False),
    ("1970-01-01T00:00:00Z", False),
    ("1605-07-01", True),
    ("1604-12-31", False),
    (None, True),
]


@pytest.mark.parametrize(("published", "good"), DATES)
def test_dates_that_no_publication_has(read_bytes: ReadBytes, published: str | None, good: bool) -> None:
    [found] = read_bytes(json.dumps({"text": TEXT, "published": published}).encode(), now=NOW)
    assert isinstance(found, Article)
    assert found.published == (published if good else None)
    assert found.extra.get("published_implausible") == (None if good else published)


def test_the_clock_is_the_present_by_default(read_bytes: ReadBytes) -> None:
    late = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    [found] = read_bytes(json.dumps({"text": TEXT, "published": late}).encode())
    assert getattr(found, "published", "") is None


class Endless(io.RawIOBase):
    """`size` bytes of a page, made as they are read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = (b"<html><body>" if not self.given else b"<p>wort wort</p>" * 4_000)[
            : min(len(buffer), self.left)
        ]
        buffer[: len(part)] = part
        self.given += len(part)
        self.left -= len(part)
        return len(part)


def test_a_page_of_200_megabytes_is_not_read_to_its_end() -> None:
    page = Endless(200_000_000)
    [found] = read(["-"], stdin=cast("io.BufferedReader", io.BufferedReader(page)))
    assert getattr(found, "reason", "").startswith("larger than the limit of 5,000,000")
    assert page.given < 2 * MAX_PAGE


def test_a_cut_archive_gives_what_is_whole(read_bytes: ReadBytes) -> None:
    for data in (WARC[:-400], gzip.compress(WARC, 0)[:-400]):
        first, failure = read_bytes(data)
        assert isinstance(first, Article)
        assert isinstance(failure, Failure)
        assert "cut" in failure.reason


def test_ids_that_stand_twice(read_bytes: ReadBytes) -> None:
    rows = [
        {"doc_id": "1", "outlet": "Blatt", "text": "One."},
        {"doc_id": "1", "outlet": "Blatt", "text": "One."},
        {"doc_id": "1", "outlet": "Blatt", "text": "Two."},
        {"doc_id": "1", "outlet": "Bote", "text": "Two."},
        {"doc_id": "1", "outlet": "Blatt", "url": "https://blatt.example/2", "text": "Two."},
        {"doc_id": "1", "text": "Two."},
        {"doc_id": "1", "text": "Three."},
    ]
    for data in (b"\n".join(json.dumps(row).encode() for row in rows), json.dumps(rows, indent=1).encode()):
        found = read_bytes(data)
        assert [type(each) for each in found] == [Article, Article, Failure, *[Article] * 4]
        assert "id '1' stands twice with different texts, first in line 1" in getattr(found[2], "reason", "")


def test_the_sample_of_nitf_is_read(read_bytes: ReadBytes) -> None:
    [found] = read_bytes(NITF.encode("iso-8859-1", "xmlcharrefreplace"))
    assert isinstance(found, Article)
