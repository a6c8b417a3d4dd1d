from __future__ import annotations

import pytest

from quotetrack.ingest import Kind
from quotetrack.ingest.detect import detect
from quotetrack.ingest.limits import Refused

CASES: list[tuple[bytes, str, Kind]] = [
    (b"Just words.", "", "text"),
    (b"# Title\n\nWords with <b>one</b> tag.", "a.md", "markdown"),
    (b"Just words.", "a.html", "text"),
    (b"Just words.", "a.jsonl", "jsonl"),
    (b'{"text": "x"}\n{"text": "y"}', "", "jsonl"),
    (b'\xef\xbb\xbf \n{"text": "x"}', "a.txt", "jsonl"),
    (b'[\n {"text": "x"}]', "a.json", "jsonl"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "a.jsonl", "feed"),
    (b"<!DOCTYPE html><title>x</title>", "a.txt", "html"),
    (b"<!-- note --><html lang='de'>", "", "html"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html>", "", "html"),
    (b"<p>one</p><p>two</p>", "", "html"),
    ("<html><p>x".encode("utf-16"), "", "html"),
    ("<html><p>some text".encode("utf-16-le"), "", "html"),
    (b"<?xml version='1.0'?><!-- x --><rss version='2.0'>", "", "feed"),
    (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "", "feed"),
    (b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", "", "feed"),
    (b"<urlset>", "", "sitemap"),
    (b"<ns:sitemapindex>", "", "sitemap"),
    (b"<newsMessage>", "", "newsml"),
    (b"<newsItem guid='x'>", "", "newsml"),
    (b'<!DOCTYPE nitf SYSTEM "x.dtd" [ ]><nitf>', "", "nitf"),
    (b"WARC/1.0\r\n", "", "warc"),
    (b"https://a.example/\n# x\nhttp://b.example/c\n", "", "urls"),
    (b"https://a.example/ is where I live.", "", "text"),
    (b"< 3 is less than three", "", "text"),
    (b"%PDF-1.7", "a.txt", "pdf"),
    (b"junk\n%PDF-1.7", "", "pdf"),
    (b"PK\x03\x04 x", "", "zip"),
    (b"PK\x03\x04 word/document.xml", "a.zip", "docx"),
    (b"x" * 257 + b"ustar\x0000", "", "tar"),
    (b"Message-ID: <1@x>\nFrom: a@b.example\nSubject: x\n\nText", "a.txt", "eml"),
    (b"From a@b.example Tue\nMessage-ID: <1@x>\nFrom: a\n b\nSubject: x\n\nText", "", "eml"),
    (b"From: Rat\nTo: Presse\nDate: heute\nSubject: Haushalt\n\nEin Vermerk.", "", "text"),
    (b"Subject: One\nWords and more words.", "", "text"),
    (b"title,text\nOne,Two\n", "a.txt", "csv"),
    (b"Datum;Inhalt\r1;2\r", "", "csv"),
    (b"a,b\n1,2\n", "a.csv", "csv"),
    (b"a\tb\n1\t2\n", "https://x.example/a.TSV?x=1", "csv"),
    (b"a,b\n1,2\n", "", "text"),
    (b"Text, title and much else were in the box\nthat stood there.", "", "text"),
    (b"https://a.example/\n", "a.csv", "urls"),
]


@pytest.mark.parametrize(("head", "name", "kind"), CASES)
def test_detect(head: bytes, name: str, kind: Kind) -> None:
    assert detect(head, name) == kind


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf\r\n", b"\0\0\0\0", b"MZ\x90\x00", bytes(range(30))])
def test_refused(head: bytes) -> None:
    with pytest.raises(Refused):
        detect(head)
