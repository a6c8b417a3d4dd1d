from __future__ import annotations

import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from quotetrack.ingest import archive, read, unpack, zipped
from quotetrack.types import Article, Failure

from .conftest import ReadBytes
from .samples import PACKED, TEXT, tarred
from .samples import zipped as zip_of
from .test_jsonl import line
from .test_warc import response

MEMBERS = {"b.txt": TEXT.encode(), "a/c.md": TEXT.encode(), "d.jsonl": line() * 2}


def said(found: list[Article | Failure]) -> list[tuple[str, str]]:
    """Where each lies in its file, and "ok" or the reason."""
    return [
        (item.origin.partition("#")[2], "ok" if isinstance(item, Article) else item.reason) for item in found
    ]


NAMES = [("b.txt", "ok"), ("a/c.md", "ok"), ("d.jsonl:1", "ok"), ("d.jsonl:2", "ok")]
WHOLE = [
    zip_of(MEMBERS),
    zip_of(MEMBERS, zipfile.ZIP_STORED),
    *(tarred(MEMBERS, form) for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT)),
    tarred(MEMBERS)[:-1024],  # without its end mark
]


@pytest.mark.parametrize("packing", ["", *PACKED])
@pytest.mark.parametrize("data", WHOLE)
def test_members_in_their_order(read_bytes: ReadBytes, data: bytes, packing: str) -> None:
    packed = PACKED[packing](data) if packing else data
    assert said(read_bytes(packed)) == NAMES
    assert said(list(read(["-"], stdin=io.BytesIO(packed)))) == NAMES


@pytest.mark.parametrize("packing", PACKED)
def test_single_files_packed(read_bytes: ReadBytes, page: str, packing: str) -> None:
    pack = PACKED[packing]
    for data in (pack(page.encode()), pack(page.encode()[:99]) + pack(page.encode()[99:])):
        [found] = read_bytes(data, f"a.html.{packing}")
        assert isinstance(found, Article)
        assert found.title == "Rat streitet über Brücke"


def test_archives_in_archives(read_bytes: ReadBytes, page: str) -> None:
    inner = gzip.compress(tarred({"x.warc.gz": gzip.compress(response(1, page))}))
    [found] = read_bytes(zip_of({"a/b.tgz": inner}), "all.zip")
    assert isinstance(found, Article)
    assert found.origin.endswith("all.zip#a/b.tgz#x.warc.gz#https://blatt.example/1")


def test_the_format_that_the_user_names_is_that_of_the_members(read_bytes: ReadBytes) -> None:
    data = zip_of({"a": b'{"text": "One."}', "b": b"Two."})
    assert [item[1] for item in said(read_bytes(data, kind="text"))] == ["ok", "ok"]
    assert [item[1] for item in said(read_bytes(data, kind="zip"))] == ["ok", "ok"]
    assert said(read_bytes(data, kind="jsonl"))[1][1].startswith("not JSON")


def test_names_are_labels_only(read_bytes: ReadBytes, tmp_path: Path) -> None:
    names = ["../../up.txt", "/etc/passwd", "C:\\x.txt", "a\nb.txt", "n" * 400 + ".txt", "é.txt"]
    before = sorted(tmp_path.parent.iterdir())
    for data in (zip_of(dict.fromkeys(names, TEXT.encode())), tarred(dict.fromkeys(names, TEXT.encode()))):
        found = read_bytes(data)
        assert [item[1] for item in said(found)] == ["ok"] * 6
        assert all(len(item.origin) < 500 and "\n" not in item.origin for item in found)
    assert sorted(tmp_path.parent.iterdir()) == before


def test_hidden_files_and_folders_are_left_out(read_bytes: ReadBytes) -> None:
    members = {
        "a/": b"",
        ".git/x": b"x",
        "__MACOSX/a.txt": b"x",
        "a/.DS_Store": b"x",
        "./a/b.txt": b"A text.",
    }
    assert [item[1] for item in said(read_bytes(zip_of(members)))] == ["ok"]
    assert [item[1] for item in said(read_bytes(tarred(members)))] == ["empty file", "ok"]
    [found] = read_bytes(zip_of({".x": b"x"}))
    assert getattr(found, "reason", "") == "zip archive without files"
    [found] = read_bytes(tarred({".x": b"x"}))
    assert getattr(found, "reason", "") == "tar archive without files"


def flagged(data: bytes, name: bytes, offset: int, value: bytes) -> bytes:
    """A zip with the headers of one member changed at `offset` bytes from their flags."""
    out = bytearray(data)
    place = data.find(name)
    while place >= 0:
        for mark, before in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
            if data[place - before : place - before + 4] == mark:
                at = place - before + (6 if before == 30 else 8) + offset
                out[at : at + len(value)] = value
        place = data.find(name, place + 1)
    return bytes(out)


GOOD = {"a.txt": TEXT.encode(), "bad.txt": TEXT.encode() * 50, "z.txt": TEXT.encode()}
WHOLE_ZIP = zip_of(GOOD)
BOMB = gzip.compress(b"a" * 90_000_000)
BAD_MEMBERS = [
    (flagged(WHOLE_ZIP, b"bad.txt", 0, b"\1"), "encrypted"),
    (flagged(WHOLE_ZIP, b"bad.txt", 2, b"\x0c"), "packed by zip method 12"),
    (flagged(WHOLE_ZIP, b"bad.txt", 2, b"\x63"), "packed by zip method 99"),
    (flagged(WHOLE_ZIP, b"bad.txt", 8, b"\1\2\3\4"), "damaged in its zip archive"),
    (zip_of({**GOOD, "bad.txt": b"a" * 30_000_000}), "zip bomb: over 250"),
    (zip_of({**GOOD, "bad.txt": BOMB}), "gzip bomb: over 250"),
    (zip_of({**GOOD, "bad.txt": b""}), "empty file"),
    (zip_of({**GOOD, "bad.txt": b"\x89PNG\r\n\x1a\n"}), "a PNG image"),
    (tarred({**GOOD, "bad.txt": BOMB}), "gzip bomb: over 250"),
    (tarred({**GOOD, "bad.txt": b""}), "empty file"),
]


@pytest.mark.parametrize(("data", "reason"), BAD_MEMBERS)
def test_a_bad_member_is_named_and_the_rest_read(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    first, (name, why), last = sorted(said(read_bytes(data)))
    assert (first, last) == (("a.txt", "ok"), ("z.txt", "ok"))
    assert name == "bad.txt"
    assert why.startswith(reason)


def linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        info = tarfile.TarInfo("link.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(info)
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT.encode())
        made.addfile(info, io.BytesIO(TEXT.encode()))
    return out.getvalue()


def test_links_are_not_followed(read_bytes: ReadBytes) -> None:
    assert said(read_bytes(linked())) == [("link.txt", "not a regular file of the archive"), ("a.txt", "ok")]


TWO = tarred({"a.txt": TEXT.encode(), "b.txt": TEXT.encode() * 99})
LONG = tarred({"a.txt": TEXT.encode(), "l" * 200: b"x"}, tarfile.GNU_FORMAT)
DAMAGED = [
    (TWO[:3_000], "cut off"),
    (TWO[:1_100], "cut off within a header"),
    (TWO[:1_024] + b"x" * 100 + TWO[1_124:], "tar archive ends after a.txt: damaged header"),
    (zip_of(MEMBERS)[:-30], "damaged zip archive"),
    (zip_of(MEMBERS)[:50], "damaged zip archive"),
    (zip_of(MEMBERS).replace(b"PK\x01\x02", b"PK\x09\x09"), "damaged zip archive"),
    (gzip.compress(TWO)[:-40], "cut-off gzip file"),
    (PACKED["xz"](TWO)[:-100], "cut-off xz file"),
    (PACKED["bz2"](TWO)[:-40], "cut-off bzip2 file"),
    (PACKED["xz"](TWO)[:40] + b"\xff" * 90, "damaged xz file"),
]


@pytest.mark.parametrize(("data", "reason"), DAMAGED)
def test_damage_is_named(read_bytes: ReadBytes, data: bytes, reason: str) -> None:
    found = said(read_bytes(data))
    assert reason in found[-1][1]
    assert all(why == "ok" or "cut" in why for _, why in found[:-1])


def test_packed_too_deep(read_bytes: ReadBytes) -> None:
    data = TEXT.encode()
    for _ in range(5):
        data = gzip.compress(data)
    [found] = read_bytes(data)
    assert getattr(found, "reason", "") == "packed more than 4 times over"
    data = TEXT.encode()
    for _ in range(6):
        data = zip_of({"x": data})
    [found] = read_bytes(data)
    assert getattr(found, "reason", "") == "packed more than 4 times over"


def test_many_bombs_end_the_archive(read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "FREE_ARCHIVE", 20_000_000)
    data = zip_of({f"{n}.gz": BOMB for n in range(9)} | {"last.txt": TEXT.encode()})
    *found, last = said(read_bytes(data))
    assert len(found) < 9
    assert all("bomb" in why for _, why in found)
    assert last[1].startswith("bomb: over 250 unpacked bytes per packed byte")
    assert last[1].endswith("the rest is left out")


def test_overlapping_members_are_counted_together(
    read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many directory entries that point at one member, as in zip bombs without nesting."""
    monkeypatch.setattr(unpack, "FREE_ARCHIVE", 2_000_000)
    one = zip_of({"a": b"text " * 200_000})
    start = one.index(b"PK\x01\x02")
    end = one.rindex(b"PK\x05\x06")
    entry, count = one[start:end], 400
    tail = bytearray(one[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    found = said(read_bytes(one[:start] + entry * count + bytes(tail)))
    assert "bomb" in found[-1][1] or "damaged" in found[-1][1]
    assert len(found) < count


def test_limits_of_archives(read_bytes: ReadBytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_DIRECTORY", 100)
    [found] = read_bytes(zip_of(MEMBERS))
    assert "directory of more than 100 bytes" in getattr(found, "reason", "")
    monkeypatch.setattr(sys.modules["quotetrack.ingest.read"], "MAX_MEMBERS", 2)
    found_all = said(read_bytes(tarred(MEMBERS)))
    assert found_all[-1] == ("", "more than 2 documents: the rest is left out")
    monkeypatch.setattr(zipped, "MAX_ARCHIVE", 100)
    [found] = read(["-"], stdin=io.BytesIO(zip_of(MEMBERS)))
    assert "larger than the limit of 100 bytes" in getattr(found, "reason", "")
    monkeypatch.setattr(archive, "_HEADERS", 100)
    assert "header of more than 100 bytes" in said(read_bytes(LONG))[-1][1]
