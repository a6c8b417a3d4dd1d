from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.ingest import read
from quotetrack.ingest.source import ANYTHING
from quotetrack.types import Article, Failure

from .samples import FORMATS
from .test_feed import ATOM, FULL, RSS
from .test_jsonl import line
from .test_newsml import XHTML, document, item
from .test_nitf import NITF
from .test_sitemap import MAP
from .test_warc import record


def names(found: list[Article | Failure], folder: Path) -> list[str]:
    return [each.origin.removeprefix(str(folder) + os.sep) for each in found]


def test_folders_globs_files_and_stdin(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", "a/d/e.md", ".hidden", ".git/f.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("An invented text.")
    assert names(list(read([str(tmp_path)])), tmp_path) == ["b.txt", "a/c.txt", "a/d/e.md"]
    assert names(list(read([str(tmp_path / "*.txt")])), tmp_path) == ["b.txt"]
    assert names(list(read([str(tmp_path / "**" / "*.[mt]*")])), tmp_path) == ["a/c.txt", "a/d/e.md", "b.txt"]
    assert names(list(read([str(tmp_path / "a*")])), tmp_path) == ["a/c.txt", "a/d/e.md"]
    [found] = read(["-"], stdin=io.BytesIO(b"An invented text."))
    assert (found.origin, getattr(found, "text", None)) == ("stdin", "An invented text.")
    assert [each.origin for each in read(["-"], stdin=io.BytesIO(line() * 2))] == ["stdin:1", "stdin:2"]


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "box").mkdir()
    os.mkfifo(tmp_path / "box" / "pipe")
    sources = ["nowhere", "*.nothing", "empty", "dangling", "box"]
    found = list(read([*(str(tmp_path / name) for name in sources), "-", "ftp://x/y", "a\0b"]))
    reasons = [each.reason for each in found if isinstance(each, Failure)]
    assert reasons == [
        "no such file or folder",
        "no file matches",
        "no files in this folder",
        "No such file or directory",
        "not a regular file",
        "nothing to read from",
        "ftp: cannot be read, only http, https and files",
        "no such file or folder",
    ]


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_bytes(b"An invented text.")
    assert [type(found) for found in read([str(tmp_path)])] == [Failure, Article]


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_a_file_name_that_is_no_unicode(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path / "x") + b"\xff.txt")).write_bytes(b"An invented text.")
    [found] = read([str(tmp_path)])
    assert found.origin.endswith("\ufffd.txt")


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line()) + gzip.compress(line()))
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"An invented text."))
    assert names(list(read([str(tmp_path)])), tmp_path) == ["a.jsonl.gz:1", "a.jsonl.gz:2", "b.txt.gz"]


def test_a_cut_gzip_keeps_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(line() * 3, 0)[:-20])
    *whole, last = read([str(path)])
    assert [type(found) for found in whole] == [Article] * 2
    assert isinstance(last, Failure)
    assert "cut-off gzip" in last.reason


def test_the_users_outlet_wins_and_the_documents_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(outlet="Bote") + line() + line(outlet="Blatt"))
    one, two, three = read([str(tmp_path)], outlet="Blatt")
    assert [getattr(each, "outlet", None) for each in (one, two, three)] == ["Blatt"] * 3
    assert [dict(getattr(each, "extra", {})) for each in (one, two, three)] == [
        {"outlet_in_document": "Bote"},
        {},
        {},
    ]


def test_reading_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("An invented text.")
    found = read([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    assert isinstance(next(found), Article)
    (tmp_path / "b.txt").write_text("Another one.")
    assert isinstance(next(found), Article)


def test_importing_ingest_leaves_the_heavy_libraries_alone() -> None:
    heavy = "{'torch', 'stanza', 'trafilatura', 'feedparser', 'py3langid', 'fastwarc', 'numpy'}"
    code = f"import sys, quotetrack.ingest; loaded = {heavy} & set(sys.modules); assert not loaded, loaded"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


# --------------------------------------------------------------------- anything at all

SEEDS = [
    RSS.format(items=FULL).encode(),
    ATOM.encode(),
    MAP.format(entries="<url><loc>http://127.0.0.1/</loc></url>").encode(),
    document(item(XHTML)),
    NITF.encode("iso-8859-1", "xmlcharrefreplace"),
    line(quotes=[{"content_spans": [[0, 5]]}], published="2025-03-04"),
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "<p>x</p>"}]}',
    record(
        "https://a.example/",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Words of an article.",
    ),
    b"<!doctype html><html lang=de><title>x</title><article><p>Words of an article, more.</p></article>",
    b"http://127.0.0.1/a\n# b\n",
    gzip.compress(b"Words of an article."),
    *FORMATS,
    "Ein Titel\n\n„Text“, sagte er.".encode("utf-16"),
]

ODDITIES = [b"<", b"&#0;", b"\xff", b"\0" * 40, b"]]>", b'"', b"\\ud800", b"\r"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document of one of the formats with a few places overwritten, cut out, doubled or filled in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 12))
        match draw(st.integers(0, 3)):
            case 0:
                data[place : place + length] = draw(st.binary(max_size=12))
            case 1:
                del data[place : place + 10 * length]
            case 2:
                data[place:place] = data[place : place + 10 * length]
            case _:
                data[place:place] = draw(st.sampled_from(ODDITIES))
    return bytes(data)


@given(
    st.binary(max_size=400) | mutated(), st.sampled_from(["", ".html", ".jsonl", ".xml", ".warc.gz", ".csv"])
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_articles_or_failures(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    for found in read([str(path)]):
        assert isinstance(found, Article | Failure)
        assert found.origin
        if isinstance(found, Article):
            assert found.text.strip()
            for value in (found.text, found.title, found.author, found.outlet, found.doc_id, found.origin):
                (value or "").encode("utf-8")
            for quote in found.quotes or ():
                assert all(span.end <= len(found.text) for span in quote.content)
        else:
            assert found.reason


@given(st.binary(max_size=200) | mutated())
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("kind", sorted(ANYTHING))
def test_any_bytes_under_any_name(kind: str, data: bytes) -> None:
    for found in read(["-"], kind=kind, stdin=io.BytesIO(data)):  # type: ignore[arg-type]
        assert isinstance(found, Article) or found.reason
