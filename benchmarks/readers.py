"""How fast documents become articles, without annotation, beside the bare library on the same bytes.

python -m benchmarks.readers [--megabytes 4] [--archive 0]

The bare library only parses: it neither repairs, checks nor keeps a text apart from its page. Machines
differ and are noisy: compare the ratios, not the MB/s. --archive writes a WARC of so many megabytes into the
temporary folder, reads it, and tells the peak memory of a process that does nothing else.
"""

from __future__ import annotations

import argparse
import csv
import email
import gzip
import io
import json
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from quotetrack.ingest.limits import MAX_DOCUMENT
from quotetrack.ingest.read import READERS
from quotetrack.ingest.source import Kind, Source
from quotetrack.types import Failure

WORDS = [
    "die",
    "erfundene",
    "Stadt",
    "Brücke",
    "Rat",
    "sagte",
    "Weber",
    "Dienstag",
    "Mehrheit",
    "Haushalt",
    "warten",
    "nicht",
    "werde",
    "habe",
    "über",
    "größere",
    "Mühe",
    "sei",
    "am",
    "Ende",
    "des",
    "Jahres",
    "beschlossen",
    "hatte",
    "Sprecherin",
    "Musterstadt",
    "kaum",
    "jemand",
    "dafür",
    "gestritten",
]


def paragraph(rng: random.Random, sentences: int = 4) -> str:
    said = (" ".join(rng.choices(WORDS, k=14)).capitalize() for _ in range(sentences))
    return ". ".join(said) + ". „Wir warten nicht“, sagte Anna Weber."


def article(rng: random.Random) -> list[str]:
    return [paragraph(rng) for _ in range(12)]


def page(rng: random.Random) -> str:
    """An invented news page: as much menu and script as text."""
    menu = "".join(f'<li><a href="/{n}">Ressort {n}</a></li>' for n in range(60))
    body = "".join(f'<p class="text">{text}</p>' for text in article(rng))
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Rat streitet</title>'
        '<meta property="og:site_name" content="Erfundenes Blatt">'
        f"<script>{'var a = 1;' * 500}</script></head><body><nav><ul>{menu}</ul></nav>"
        f'<article><h1>Rat streitet</h1><time datetime="2025-03-04">heute</time>{body}</article>'
        "<footer>Impressum</footer></body></html>"
    )


def warc(rng: random.Random, size: int) -> Iterator[bytes]:
    """The records of an archive of `size` bytes, from a few dozen pages."""
    pages = [page(rng).encode() for _ in range(40)]
    made = number = 0
    while made < size:
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + pages[number % 40]
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://blatt.example/{number}\r\n"
        head += "WARC-Date: 2025-03-05T00:00:00Z\r\nContent-Type: application/http\r\n"
        head += f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Length: {len(http)}\r\n\r\n"
        record = head.encode() + http + b"\r\n\r\n"
        made += len(record)
        number += 1
        yield record


def pdf(rng: random.Random) -> bytes:
    """A document of printed lines, made as small as PDF allows."""
    lines = [line for text in article(rng) for line in re.findall(r".{1,80}(?:\s|$)", text)]
    shown = b"".join(
        b"BT /F1 10 Tf 1 0 0 1 60 %d Tm (%s) Tj ET\n"
        % (780 - 12 * (at % 58), line.encode("cp1252", "replace"))
        for at, line in enumerate(lines[:58])
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Font << /F1 3 0 R >> >>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, each) for at, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size 7 >>\n%%EOF"


def docx(rng: random.Random) -> bytes:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in article(rng) * 4)
    xml = f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": xml.encode()})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def feed(rng: random.Random) -> bytes:
    items = "".join(
        f"<item><title>Rat {n}</title><guid>{n}</guid><pubDate>Tue, 04 Mar 2025 10:00:00 +0100</pubDate>"
        "<content:encoded><![CDATA["
        f"{''.join(f'<p>{text}</p>' for text in article(rng))}]]></content:encoded></item>"
        for n in range(30)
    )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Bote</title>'
        f"{items}</channel></rss>"
    ).encode()


def nitf(rng: random.Random) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in article(rng))
    return f"<nitf><body><body.content>{body}</body.content></body></nitf>".encode()


def newsml(rng: random.Random) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in article(rng))
    items = (
        f'<newsItem guid="{n}"><contentSet><inlineXML><html><body>{body}</body></html></inlineXML>'
        "</contentSet></newsItem>"
        for n in range(20)
    )
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>".encode()


def mail(rng: random.Random) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in article(rng))
    head = "From: Blatt <a@b.example>\nMessage-ID: <1@b>\nMIME-Version: 1.0\nSubject: Rat\n"
    return f"{head}Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}".encode()


def table(rng: random.Random) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["id", "title", "text"], *([n, "Rat", "\n".join(article(rng))] for n in range(100))]
    )
    return out.getvalue().encode()


# --------------------------------------------------------------------- the bare libraries


def bare_html(data: bytes) -> object:
    from trafilatura import bare_extraction

    return bare_extraction(data.decode(), favor_recall=True, include_comments=False, with_metadata=True)


def bare_feed(data: bytes) -> object:
    import feedparser

    return feedparser.parse(data)


def bare_warc(data: bytes) -> object:
    """FastWARC and then trafilatura, as a script would."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    return [
        bare_html(record.reader.read())
        for record in ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response)
    ]


def bare_pdf(data: bytes) -> object:
    import pypdfium2

    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def bare_docx(data: bytes) -> object:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")).xpath("string()")


def bare_mail(data: bytes) -> object:
    payload: Any = email.message_from_bytes(data).get_payload(decode=True)
    return etree.HTML(payload).xpath("string()")


def bare_zip(data: bytes) -> object:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [archive.read(name).decode() for name in archive.namelist()]


def bare_tar(data: bytes) -> object:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return [archive.extractfile(member).read().decode() for member in archive]  # type: ignore[union-attr]


Case = tuple[Kind, str, Callable[[random.Random], bytes], Callable[[bytes], object]]
CASES: list[Case] = [
    ("text", "decode", lambda rng: "\n\n".join(article(rng)).encode(), lambda data: data.decode()),
    ("html", "trafilatura", lambda rng: page(rng).encode(), bare_html),
    (
        "jsonl",
        "json",
        lambda rng: b"".join(
            json.dumps({"text": "\n".join(article(rng))}).encode() + b"\n" for _ in range(100)
        ),
        lambda data: [json.loads(line) for line in data.splitlines()],
    ),
    ("csv", "csv", table, lambda data: list(csv.reader(io.StringIO(data.decode(), newline="")))),
    ("feed", "feedparser", feed, bare_feed),
    (
        "sitemap",
        "lxml",
        lambda _: b"<urlset>" + b"<url><loc>https://a.example/b</loc></url>" * 9_000 + b"</urlset>",
        etree.fromstring,
    ),
    (
        "urls",
        "splitlines",
        lambda _: b"https://a.example/b\n" * 9_000,
        lambda data: data.decode().splitlines(),
    ),
    ("warc", "FastWARC + trafilatura", lambda rng: b"".join(warc(rng, 400_000)), bare_warc),
    ("newsml", "lxml", newsml, lambda data: etree.fromstring(data).xpath("string()")),
    ("nitf", "lxml", nitf, lambda data: etree.fromstring(data).xpath("string()")),
    ("pdf", "pypdfium2", pdf, bare_pdf),
    ("docx", "zipfile + lxml", docx, bare_docx),
    ("eml", "email + lxml", mail, bare_mail),
    (
        "zip",
        "zipfile",
        lambda rng: zipped({f"{n}.txt": paragraph(rng, 300).encode() for n in range(40)}),
        bare_zip,
    ),
    (
        "tar",
        "tarfile",
        lambda rng: tarred({f"{n}.txt": paragraph(rng, 300).encode() for n in range(40)}),
        bare_tar,
    ),
]


def ours(data: bytes, kind: Kind) -> None:
    """Read one document to its end. Raises ValueError for one that is refused: nothing was measured then."""
    from quotetrack.ingest.read import read_document

    for found in read_document(Source("x", io.BytesIO(data)), kind):
        if isinstance(found, Failure):
            raise ValueError(f"{kind}: {found.reason}")


def seconds(run: Callable[[bytes], object], data: bytes, times: int) -> float:
    """Processor seconds of `times` runs, the better of two rounds."""
    took = []
    for _ in range(2):
        started = time.process_time()
        for _ in range(times):
            run(data)
        took.append(time.process_time() - started)
    return min(took)


READ_ARCHIVE = """
import re, sys
from pathlib import Path
from quotetrack.ingest import read
count = sum(1 for _ in read([sys.argv[1]]))
print(count, re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def archive(megabytes: int) -> None:
    """Peak memory of reading a large WARC.GZ, whose records are packed one by one."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "large.warc.gz")
        size = 0
        with path.open("wb") as out:
            for record in warc(random.Random(1), megabytes * 1_000_000):
                size += len(record)
                out.write(gzip.compress(record, 1))
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", READ_ARCHIVE, str(path)], capture_output=True, text=True, check=True
        )
        pages, peak = done.stdout.split()
        took = time.perf_counter() - started
        print(
            f"WARC of {size / 1e6:,.0f} MB ({path.stat().st_size / 1e6:,.0f} MB packed): {pages} pages",
            end="",
        )
        print(f" in {took:,.0f} s, peak memory {int(peak) / 1024:,.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=4.0, help="read by each reader")
    parser.add_argument("--archive", type=int, default=0, metavar="MEGABYTES")
    arguments = parser.parse_args()
    assert {case[0] for case in CASES} == set(READERS)
    print(f"{'reader':8} {'MB/s':>8} {'bare':>8} {'ratio':>6}  bare library (processor seconds; ours : bare)")
    for kind, library, make, bare in CASES:
        data = make(random.Random(1))
        assert len(data) < MAX_DOCUMENT
        times = max(1, int(arguments.megabytes * 1e6 / len(data)))
        ours(data, kind), bare(data)  # the libraries are loaded
        own, other = (
            seconds(lambda data, kind=kind: ours(data, kind), data, times),
            seconds(bare, data, times),
        )
        size = times * len(data) / 1e6
        print(f"{kind:8} {size / own:8.1f} {size / other:8.1f} {own / other:6.1f}  {library}")
    if arguments.archive:
        archive(arguments.archive)


if __name__ == "__main__":
    main()
