"""How fast the site answers: search, statement, person, outlet and embed pages of a made-up public archive.

python -m benchmarks.site [--statements 1000000] [--requests 40] [--folder /tmp/quotetrack-bench]

The archive is generated once a size and kept in the folder. Words follow Zipf's law over made-up
syllables, a third of them compounds; people, outlets and organisations are drawn as unevenly. The
server is a process of its own (`datasette serve -i`, one worker); p50 and p95 are milliseconds at the
client, so say how busy the machine was beside every figure: the load is printed first. CPU is what the
server used a request, in milliseconds. Other work on the machine slows that too, by up to a half, as cores
share caches and clock: "quiet" is CPU as it would be at the speed that a fixed piece of work had at its best.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from quotetrack.publish import SETTINGS
from quotetrack.store.connection import is_current
from quotetrack.store.publish import complete_public, create_public

WORDS, OUTLETS, ORGANISATIONS = 60_000, 200, 3_000  # and a speaker for ten statements
UNNAMED = 0.15  # share of statements whose speaker nobody named
DAYS = 1500
BATCH = 20_000
PASSAGE = ("Yesterday the speaker said: “", "”, and left the hall.")
LENGTHS = (9, 34)  # words of a statement, least and most
METADATA = Path(__file__).resolve().parents[1] / "metadata.yml"
CLIENTS = (1, 10)
YARDSTICKS = 100  # how often the fixed work is tried, to see how fast it can be
_COLUMNS = {
    "articles": "id, uid, outlet, url, title, published, language, fetched_at",
    "statements": "id, uid, canonical, variants, person, language, first_published, last_published,"
    " first_outlet, occurrence_count, outlet_count, independent_count",
    "occurrences": "id, uid, article, statement, person, affiliation, type, content, spans, passage_before,"
    " passage_after, confidence, rule, language",
}


def vocabulary(seed: int = 1) -> list[str]:
    """Made-up words, the most frequent first; every third is a compound of two earlier ones."""
    draw = random.Random(seed)
    syllables = [
        c + v + e
        for c in "bdfghklmnprstwz"
        for v in ("a", "e", "i", "o", "u", "au")
        for e in ("", "n", "r", "l")
    ]
    words: dict[str, None] = {}
    known: list[str] = []
    while len(words) < WORDS:
        if len(words) % 3_000 == 0:
            known = list(words)
        if len(words) % 3 == 2 and known:
            words[draw.choice(known) + draw.choice(known[:1000])] = None
        else:
            words["".join(draw.choices(syllables, k=draw.choice((1, 2, 2, 3))))] = None
    return list(words)


def uneven(rng: np.random.Generator, count: int, size: int, power: float = 1.0) -> np.ndarray:
    """`size` numbers below `count`, number i about 1 / (i + 3) ** power as often as the first."""
    weights = 1.0 / (np.arange(count) + 3.0) ** power
    return rng.choice(count, size=size, p=weights / weights.sum())


def generate(path: Path, statements: int) -> None:
    """Write a public archive of `statements` statements, by the code that publishes real ones."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial, isolation_level=None)) as conn:
        create_public(conn)
        conn.execute("begin")
        _people(conn, max(statements // 10, 1000))
        _statements(conn, statements)
        conn.execute("commit")
        complete_public(conn)
    partial.rename(path)


def _people(conn: sqlite3.Connection, count: int) -> None:
    words = vocabulary(2)
    conn.executemany(
        "insert into people(id, uid, name, kind) values (?, ?, ?, 'person')",
        (
            (i, f"person{i}", f"{words[i % 1700].title()} {words[1700 + i % 40_009].title()}")
            for i in range(1, count + 1)
        ),
    )
    conn.execute("insert into aliases(person, name) select id, name from people order by id")
    conn.executemany(
        "insert into outlets(id, name) values (?, ?)",
        ((i, f"The {words[30_000 + i].title()} Post") for i in range(1, OUTLETS + 1)),
    )
    conn.executemany(
        "insert into organisations(id, uid, name) values (?, ?, ?)",
        (
            (i, f"organisation{i}", f"Institute of {words[40_000 + i].title()}")
            for i in range(1, ORGANISATIONS + 1)
        ),
    )
    posts = ("director", "spokeswoman", "minister", "professor", "mayor", "union leader")
    conn.executemany(
        "insert into affiliations(id, person, organisation, role, first_seen, last_seen)"
        " values (?, ?, ?, ?, '2021-01-01', '2024-12-31')",
        (
            (
                i,
                i,
                i % ORGANISATIONS + 1,
                posts[i % 6] if i % 2 else f"{posts[i % 6]} of {words[i * i % 700]}",
            )
            for i in range(1, count + 1)
        ),
    )


def _statements(conn: sqlite3.Connection, count: int) -> None:
    """`count` statements in order of publication; a third of the articles hold three of them."""
    rng = np.random.default_rng(3)
    words = np.array(vocabulary(), dtype=object)
    named = len(conn.execute("select id from people").fetchall())
    drawn_people = uneven(rng, named, count, 0.8)
    unknown = rng.random(count) < UNNAMED
    said = np.bincount(drawn_people[~unknown], minlength=named)
    people = (
        np.argsort(np.argsort(-said, kind="stable"))[drawn_people] + 1
    )  # numbered from the most quoted on
    repeats = np.minimum(rng.geometric(0.75, size=count), 12)
    start = datetime(2021, 1, 1, tzinfo=UTC)
    article = occurrence = 0
    rows: dict[str, list[tuple[object, ...]]] = {"articles": [], "statements": [], "occurrences": []}
    for i in range(1, count + 1):
        if i % BATCH == 1:
            lengths = rng.integers(*LENGTHS, size=BATCH)
            drawn = iter(np.split(uneven(rng, WORDS, int(lengths.sum())), np.cumsum(lengths)[:-1]))
            outlets = iter((uneven(rng, OUTLETS, 12 * BATCH, 0.7) + 1).tolist())
        moment = (start + timedelta(days=DAYS * i / count)).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = " ".join(words[next(drawn)])
        other = text.rsplit(" ", 2)[0]
        person = None if unknown[i - 1] else int(people[i - 1])
        language = "de" if i % 3 == 0 else "en"
        kind = ("direct", "direct", "mixed", "indirect")[i % 4]
        seen = int(repeats[i - 1])
        first = 0
        for copy in range(seen):
            if copy or i % 3 == 1:  # an article holds about three statements
                article += 1
                outlet = next(outlets)
                address = f"https://a{outlet}.example/{article}"
                rows["articles"].append(
                    (
                        article,
                        f"article{article}",
                        outlet,
                        address,
                        f"Title {article}",
                        moment,
                        language,
                        moment,
                    )
                )
            occurrence += 1
            first = first or outlet
            content = other if copy % 2 else text
            spans = json.dumps({"content": [[100, 100 + len(content)]], "cue": [], "source": []})
            bond = person if i % 2 else None
            told = (*PASSAGE, (0.95, 0.85, 0.6)[i % 3], "direct/colon", language)
            rows["occurrences"].append(
                (occurrence, f"o{occurrence}", article, i, person, bond, kind, content, spans, *told)
            )
        variants = other if seen > 1 else ""
        rows["statements"].append(
            (i, f"s{i}", text, variants, person, language, moment, moment, first, seen, seen, seen)
        )
        if i % BATCH == 0 or i == count:
            for table, batch in rows.items():
                places = ", ".join("?" * len(_COLUMNS[table].split(", ")))
                conn.executemany(f"insert into {table}({_COLUMNS[table]}) values ({places})", batch)
                batch.clear()
    conn.execute("update statements set speaker = (select name from people p where p.id = statements.person)")


# ------------------------------------------------------------------ asking

Ask = Callable[[int], str]


def _search(**filters: str) -> str:
    return "/-/search?" + urlencode(filters)


def paths(statements: int) -> dict[str, Ask]:
    """What is asked, by name: the path of request number i; no two of a row are the same."""
    words = vocabulary()

    def common(i: int) -> str:
        return words[i % 40]

    def rare(i: int) -> str:
        return words[20_000 + 37 * i % 30_000]

    def middling(i: int) -> str:
        return words[800 + i]

    def month(i: int) -> str:
        return f"202{1 + i % 4}-{1 + i % 12:02d}"

    return {
        "rare word": lambda i: _search(q=rare(i)),
        "common word": lambda i: _search(q=common(i)),
        "two common words": lambda i: _search(q=f"{common(i)} {common(i + 7)}"),
        "phrase": lambda i: _search(q=f'"{common(i)} {common(i + 3)}"'),
        "prefix": lambda i: _search(q=f"{middling(i)[:3]}*"),
        "relevance": lambda i: _search(q=common(i), sort="relevance"),
        "common, frequent speaker": lambda i: _search(q=common(i), speaker=f"person{1 + i}"),
        "common, rare speaker": lambda i: _search(q=common(i), speaker=f"person{9000 + i}"),
        "common, outlet": lambda i: _search(q=common(i), outlet=str(1 + 3 * i % OUTLETS)),
        "common, organisation": lambda i: _search(q=common(i), organisation=f"organisation{1 + 7 * i}"),
        "common, month": lambda i: _search(q=common(i), since=month(i), until=month(i)),
        "common, language and type": lambda i: _search(q=common(i), language="de", type="indirect"),
        "rare, outlet": lambda i: _search(q=rare(i), outlet=str(1 + i % OUTLETS)),
        "speaker alone": lambda i: _search(speaker=f"person{1 + i}"),
        "outlet alone": lambda i: _search(outlet=str(1 + 3 * i % OUTLETS)),
        "no words": lambda i: _search(language="de", page=str(i + 1)),
        "nothing found": lambda i: _search(q=f"zq{rare(i)}"),
        "front page": lambda i: f"/?{i}",
        "statement": lambda i: f"/s/s{1 + 7919 * i % statements}",
        "person": lambda i: f"/person/person{1 + i}",
        "organisation": lambda i: f"/organisation/organisation{1 + i}",
        "outlet": lambda i: f"/outlet/{1 + i % OUTLETS}",
        "embed": lambda i: f"/embed/s{1 + 7919 * i % statements}",
        "oembed": lambda i: (
            "/-/oembed?" + urlencode({"url": f"http://127.0.0.1:PORT/s/s{1 + 7919 * i % statements}"})
        ),
        "feed of a search": lambda i: "/-/feed.atom?" + urlencode({"q": common(i)}),
        "JSON of a search": lambda i: "/-/search.json?" + urlencode({"q": common(i)}),
        "CSV of a search": lambda i: "/-/search.csv?" + urlencode({"q": middling(i)}),
    }


@contextmanager
def served(path: Path) -> Iterator[tuple[int, int]]:
    """A server of the archive in a process of its own; gives its port and its id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, str(value))]
    command = [
        sys.executable,
        "-m",
        "datasette",
        "serve",
        "-i",
        str(path),
        "--metadata",
        str(METADATA),
        *settings,
    ]
    server = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            time.sleep(0.1)
            try:
                fetch(port, "/")
                break
            except OSError:
                continue
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def fetch(port: int, path: str) -> tuple[float, int, int, int]:
    """Milliseconds, status, and length of one answer, as it is and compressed."""
    started = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as conn:
        conn.request("GET", path.replace("PORT", str(port)))
        answer = conn.getresponse()
        body = answer.read()
    took = (time.perf_counter() - started) * 1000
    return took, answer.status, len(body), len(gzip.compress(body, 4))


def measure(port: int, ask: Ask, clients: int, requests: int) -> tuple[float, float, int, int, set[int]]:
    """p50 and p95 in milliseconds, the largest page in bytes, as it is and compressed; the statuses."""
    offset = 0 if clients == 1 else requests
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda i: fetch(port, ask(i)), range(offset, offset + requests)))
    times = np.array([each[0] for each in answers])
    return (
        float(np.percentile(times, 50)),
        float(np.percentile(times, 95)),
        max(each[2] for each in answers),
        max(each[3] for each in answers),
        {each[1] for each in answers},
    )


def yardstick() -> float:
    """CPU milliseconds that a fixed piece of work takes now, SQLite's and Python's by halves."""
    conn = sqlite3.connect(":memory:")
    conn.execute("create table words (word text)")
    conn.executemany("insert into words values (?)", ((str(i * 7919 % 10_007),) for i in range(5000)))
    started = time.process_time()
    conn.execute("select word, count(*) from words group by word order by 2").fetchall()
    counts: dict[int, str] = {}
    for i in range(20_000):
        counts[i % 977] = str(i)
    return 1000 * (time.process_time() - started)


def cpu_seconds(pid: int) -> float:
    """What a process has used of its cores so far; nan where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> str:
    """What a process holds now: of its own, and of files, which the system takes back when it needs to."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return "unknown"
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines if line.startswith("Rss")}
    return f"{sizes['RssAnon']:.0f} MB of its own, {sizes['RssFile']:.0f} MB of files"


def _of_this_version(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as conn:
        return is_current(conn)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/quotetrack-bench"))
    parser.add_argument("--only", default="", help="requests whose name contains this")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / f"site-{given.statements}.db"
    if not path.exists() or not _of_this_version(path):
        started = time.perf_counter()
        generate(path, given.statements)
        print(f"generated in {time.perf_counter() - started:.0f} s")
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{given.statements:,} statements, {path.stat().st_size / 1e6:.0f} MB, load {load}\n")
    heads = "".join(f" {f'p50, {n} cl.':>12} {'p95':>7}" for n in CLIENTS)
    print(f"{'request':<26}{heads} {'CPU':>6} {'quiet':>6} {'bytes':>8} {'gzip':>7} status")
    best = min(yardstick() for _ in range(YARDSTICKS))
    with served(path) as (port, pid):
        for name, ask in paths(given.statements).items():
            if given.only not in name:
                continue
            before = cpu_seconds(pid)
            results, pace = [], [yardstick()]
            for clients in CLIENTS:
                results.append(measure(port, ask, clients, given.requests))
                pace.append(yardstick())
            times = "".join(f" {each[0]:>12.1f} {each[1]:>7.1f}" for each in results)
            used = 1000 * (cpu_seconds(pid) - before) / (given.requests * len(CLIENTS))
            statuses = sorted(set.union(*(each[4] for each in results)))
            sizes = f"{max(each[2] for each in results):>8,} {max(each[3] for each in results):>7,}"
            quiet = used * best / float(np.median(pace))
            print(f"{name:<26}{times} {used:>6.1f} {quiet:>6.1f} {sizes} {statuses}", flush=True)
        print(f"\nmemory of the server: {memory(pid)}")


if __name__ == "__main__":
    main()
