"""Mutated documents through every reader: no crash, no hang, bounded memory.

python -m tests.fuzz [--inputs 10000] [--seed 1]

Every input follows from the seed and its number alone. A child process reads them one after the other
under a limit of memory; its parent watches the clock, and starts another behind an input that killed it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from quotetrack.ingest import Kind, Web, read
from quotetrack.ingest.limits import MAX_TEXT, Refused
from quotetrack.ingest.source import ANYTHING
from quotetrack.types import Article
from tests.ingest.conftest import PAGE
from tests.ingest.samples import FORMATS, PACKED, TEXT, mail, tarred, zipped
from tests.ingest.test_feed import ATOM, FULL, RSS
from tests.ingest.test_jsonl import RECORD
from tests.ingest.test_newsml import XHTML, document, item
from tests.ingest.test_nitf import NITF
from tests.ingest.test_sitemap import MAP
from tests.ingest.test_warc import response

SECONDS = 20.0
"""Processor seconds that one input may take; above, it counts as a hang."""

SILENCE = 120.0
"""Seconds without a word from the child after which it is killed."""

MEMORY = 1_000_000_000
"""Bytes of address space that the child may take on top of what it has when all libraries are loaded."""

DOCUMENTS: list[bytes] = [
    f"Rat streitet\n\n{TEXT}".encode(),
    PAGE.encode(),
    json.dumps(RECORD).encode() + b"\n" + json.dumps(RECORD).encode(),
    RSS.format(items=FULL * 2).encode(),
    ATOM.encode(),
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "<p>x</p>"}]}',
    MAP.format(entries="<url><loc>https://a.example/</loc></url>" * 2).encode(),
    b"https://a.example/\n# b\n",
    document(item(XHTML)),
    NITF.encode("iso-8859-1", "xmlcharrefreplace"),
    response(1, PAGE) + response(2, PAGE),
    mail(TEXT, "<p>Brief</p>", {"a.zip": zipped({"b.html": PAGE.encode()})}, List_Id="<x>"),
    *FORMATS,
]
_TOKENS = [
    *(b"<", b">", b"&#0;", b"&#xd800;", b"\xff\xfe", b"\0" * 40, b"]]>", b'"', b"\\ud800", b"\r", b"\x1b"),
    *(b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"%00", b"=?utf-8?q?", b"--", b"%PDF-"),
    *(b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"From ", b"-1", b"9" * 20, b"1e999"),
]
_NESTS = [b"<div>", b"<p>", b"<table><tr><td>", b"[", b"{", b'{"a":', b"(", b"<<", b"<b", b"&amp;", b"=?x?q?"]
_CHARSETS = ["utf-16", "utf-16-le", "utf-32", "cp1252", "koi8-r", "shift_jis", "utf-7", "iso2022_jp"]


def fuzzed(seed: int, number: int) -> tuple[bytes, Kind, str]:
    """Input `number` of a run: its bytes, the format to be read as, and a file name."""
    rng = random.Random(f"{seed}/{number}")
    data = bytearray(DOCUMENTS[number % len(DOCUMENTS)])
    if rng.random() < 0.2:
        data = bytearray(_packed(rng, bytes(data)))
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 8))):
        _mutate(rng, data)
    if rng.random() < 0.15:
        data = bytearray(_packed(rng, bytes(data)))
    kind: Kind = rng.choice(sorted(ANYTHING)) if rng.random() < 0.3 else "auto"
    return bytes(data), kind, "file" + rng.choice(("", ".html", ".csv", ".jsonl", ".warc.gz", ".pdf", ".zip"))


def _packed(rng: random.Random, data: bytes) -> bytes:
    ways: list[Callable[[bytes], bytes]] = [
        *PACKED.values(),
        lambda inner: zipped({"a": inner}),
        lambda inner: tarred({"a": inner}),
        lambda inner: mail(attached={"a": inner}),
    ]
    return rng.choice(ways)(data)


def _mutate(rng: random.Random, data: bytearray) -> None:
    place = rng.randrange(len(data) + 1)
    length = rng.choice((1, 2, 4, 16, 200, 5_000))
    match rng.randrange(11):
        case 0:  # bits
            for _ in range(rng.choice((1, 3, 20))):
                if data:
                    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        case 1:  # bytes
            data[place : place + length] = rng.randbytes(min(length, 64))
        case 2:  # cut out
            del data[place : place + length]
        case 3:  # cut off
            del data[place:]
        case 4:  # doubled
            data[place:place] = data[place : place + length] * rng.choice((1, 1, 50))
        case 5:  # spliced
            other = rng.choice(DOCUMENTS)
            start = rng.randrange(len(other))
            data[place:] = other[start:]
        case 6:
            data[place:place] = rng.choice(_TOKENS)
        case 7:  # nested
            data[place:place] = rng.choice(_NESTS) * rng.choice((3, 300, 30_000))
        case 8:  # numbers, lengths among them
            _renumber(rng, data)
        case 9:  # another charset
            text = bytes(data).decode("utf-8", "replace")
            data[:] = text.encode(rng.choice(_CHARSETS), "replace")
        case _:  # little-endian sizes
            data[place : place + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))


def _renumber(rng: random.Random, data: bytearray) -> None:
    numbers = list(re.finditer(rb"\d+", bytes(data[:20_000])))
    if numbers:
        chosen = rng.choice(numbers)
        value = rng.choice((b"0", b"-1", b"1", b"99999999", b"4294967295", b"18446744073709551616"))
        data[chosen.start() : chosen.end()] = value


# --------------------------------------------------------------------- the child


class _Offline:
    """A fetcher that refuses everything: links are seen, not followed."""

    @contextmanager
    def fetch(self, url: str, limit: int, known: object = None) -> Iterator[None]:
        raise Refused("offline")
        yield

    def close(self) -> None:
        """Nothing is open."""


def read_one(data: bytes, kind: Kind, name: str, web: Web, folder: Path) -> tuple[int, int]:
    """How many articles and failures an input gives; raises AssertionError for what no reader may give."""
    articles = failures = 0
    if len(data) % 2:
        found = read(["-"], kind=kind, stdin=BytesIO(data), web=web)
    else:
        path = folder / name
        path.write_bytes(data)
        found = read([str(path)], kind=kind, web=web)
    for each in found:
        assert each.origin, "no origin"
        each.origin.encode("utf-8")
        if isinstance(each, Article):
            articles += 1
            assert 0 < len(each.text) <= MAX_TEXT, "text empty or too long"
            assert not set(each.text) & set("\0\r\x0b\x0c"), "control characters"
            for value in (each.text, each.title, each.author, each.outlet, each.doc_id, each.url):
                (value or "").encode("utf-8")
            json.dumps(dict(each.extra), ensure_ascii=False).encode("utf-8")
        else:
            failures += 1
            assert each.reason, "no reason"
            each.reason.encode("utf-8")
    return articles, failures


def child(seed: int, first: int, last: int) -> None:
    """Read inputs `first` to `last` and tell of each: its number, processor seconds, what came of it."""
    web = Web(_Offline())  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for document_ in DOCUMENTS:  # every library is loaded before memory is counted
            read_one(document_, "auto", "file", web, folder)
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(first, last):
            started = time.process_time()
            problem, articles, failures = "", 0, 0
            try:
                articles, failures = read_one(*fuzzed(seed, number), web, folder)
            except Exception:  # noqa: BLE001 - whatever it is, it is what is sought
                problem = traceback.format_exc(limit=-4)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            told = [number, time.process_time() - started, articles, failures, grown, problem]
            print(json.dumps(told), flush=True)
    web.close()


# --------------------------------------------------------------------- the parent


@dataclass
class Report:
    """What came of a run. problems: number of an input -> what went wrong; grown: KiB, of one child."""

    read: int = 0
    articles: int = 0
    failures: int = 0
    seconds: float = 0.0
    slowest: tuple[float, int] = (0.0, -1)
    grown: int = 0
    problems: dict[int, str] = field(default_factory=dict)


def run(inputs: int, seed: int = 1, told: Callable[[Report], None] = lambda _: None) -> Report:
    """Read `inputs` mutated documents in child processes."""
    report, first = Report(), 0
    while first < inputs:
        command = [sys.executable, "-m", "tests.fuzz", "--child", str(seed), str(first), str(inputs)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        complaints: list[str] = []
        listener = threading.Thread(target=complaints.extend, args=(process.stderr,), daemon=True)
        listener.start()
        watch = threading.Timer(SILENCE, process.kill)
        watch.start()
        for line in process.stdout:
            watch.cancel()
            watch = threading.Timer(SILENCE, process.kill)
            watch.start()
            _take(report, *json.loads(line))
            told(report)
        watch.cancel()
        process.wait()
        listener.join(5)
        first = report.read
        if process.returncode and first < inputs:
            why = f"the child ended with {process.returncode}: {''.join(complaints)[-800:]}"
            report.problems[first] = why
            report.read = first = first + 1
    return report


def _take(
    report: Report, number: int, seconds: float, articles: int, failures: int, grown: int, problem: str
) -> None:
    report.read = number + 1
    report.articles += articles
    report.failures += failures
    report.seconds += seconds
    report.slowest = max(report.slowest, (seconds, number))
    report.grown = max(report.grown, grown)
    if problem or seconds > SECONDS:
        report.problems[number] = problem or f"took {seconds:.1f} processor seconds"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=3, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(*arguments.child)
        return

    def show(report: Report) -> None:
        if report.read % 1_000 == 0:
            print(f"{report.read:,} read, {len(report.problems)} problems", file=sys.stderr)

    report = run(arguments.inputs, arguments.seed, show)
    counted = Counter(problem.strip().splitlines()[-1][:120] for problem in report.problems.values())
    print(f"{report.read:,} inputs: {report.articles:,} articles, {report.failures:,} refusals with a reason")
    slowest, number = report.slowest
    print(f"{report.seconds:.0f} processor seconds, the slowest {slowest:.1f} (input {number})")
    print(f"memory grew by {report.grown / 1024:.0f} MiB at most")
    print(f"{len(report.problems)} crashes and hangs")
    for number, problem in list(report.problems.items())[:20]:
        print(f"--- input {number}\n{problem}")
    for problem, count in counted.most_common(10):
        print(f"{count} x {problem}")
    sys.exit(bool(report.problems))


if __name__ == "__main__":
    main()
