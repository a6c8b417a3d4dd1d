"""How fast an archive takes in what is new, and how large it is.

python -m benchmarks.archive [--n 400000] [--new 1000] [--data ../shared/dedup] [--keep FILE.db] [--profile]

Fills an archive with about N statements in bulk, clustered in memory, then adds articles with NEW more quotes
as `quotetrack add` does after reading them: rows, people, reprints, clusters, redirects, full-text index.
Once one by one, each clustered before the next comes, once all together, on two copies. Without the generator
beside the repository sentences are made up. Prints JSON: CPU seconds (user + system), milliseconds an article
by part, and a digest of what was decided, by which two versions run on one --keep FILE.db can be compared.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import json
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from quotetrack import cluster
from quotetrack.pipeline import TOGETHER
from quotetrack.store import Store, forms, open_store, statements, upgrade
from quotetrack.store.attribution import attribution_json, spans_json
from quotetrack.store.connection import transaction
from quotetrack.store.fulltext import create_search, drop_search
from quotetrack.store.identity import article_uid, person_identity
from quotetrack.store.index import ClusterIndex, write_edges
from quotetrack.types import Article, Occurrence, Person, Quote, Span, content_text, uid_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "dedup"
GENERATED = 0.3  # share of the records that the generator makes, 3 to 4 a statement; others are scrambled


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    speaker: str | None
    outlet: str
    date: str
    article: int


def generated(data: Path, n: int, seed: int) -> list[Said]:
    """Records of the generator, in order of article."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        command = [sys.executable, str(data / "quotegen.py"), "--bases", str(data / "bases.jsonl.gz")]
        command += ["--split", "dev", "--seed", str(seed), "--n", str(n), "--out", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        rows = map(json.loads, (out / "quotes.jsonl").read_text("utf-8").splitlines())
        found = [Said(r["text"], r["speaker"], r["outlet"], r["date"], r["article"]) for r in rows]
    return sorted(found, key=lambda said: said.article)


def made_up(n: int, chance: random.Random) -> list[Said]:
    """Sentences of random words from a vocabulary with the frequencies of a language (Zipf's law)."""
    vocabulary = ["".join(chance.choices("abdegilmnoprstu", k=2 + k % 9)) for k in range(30_000)]
    weights = [1 / (k + 10) for k in range(len(vocabulary))]
    found = []
    for article in range(n):
        words = chance.choices(vocabulary, weights, k=chance.randint(5, 40))
        day = f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        speaker = f"{chance.choice(vocabulary[:300]).title()} {chance.choice(vocabulary[300:3000]).title()}"
        found.append(
            Said(" ".join(words).capitalize(), speaker, f"outlet{chance.randint(0, 60)}", day, article)
        )
    return found


def scrambled(base: list[Said], n: int, chance: random.Random) -> Iterator[Said]:
    """New statements of old words, as frequent as they are but in no order: no run of words is shared."""
    words = [word for said in base[:20_000] for word in said.text.split()]
    speakers = sorted({said.speaker for said in base if said.speaker})
    for article in range(base[-1].article + 1, base[-1].article + 1 + n):
        text = " ".join(chance.choices(words, k=chance.randint(8, 40)))
        one = base[article % len(base)]
        yield Said(text, chance.choice(speakers), one.outlet, one.date, article)


def article_of(group: list[Said]) -> tuple[Article, list[Quote]]:
    """A short article around its quotes."""
    pieces, quotes, at = [], [], 0
    for said in group:
        speaker = said.speaker
        tail = f"\N{RIGHT DOUBLE QUOTATION MARK}, said {speaker or 'they'} ({said.article}).\n"
        pieces += ["\N{LEFT DOUBLE QUOTATION MARK}", said.text, tail]
        content = Span(at + 1, at + 1 + len(said.text))
        source = Span(content.end + 7, content.end + 7 + len(speaker or "they"))
        person = Person(speaker, mention=source, rule="full name") if speaker else None
        quotes.append(Quote("direct", (content,), (), (source,), 0.9, "direct/benchmark", person))
        at = content.end + len(tail)
    one = group[0]
    url = f"https://{one.outlet}.example/{one.article}"
    return (
        Article(f"benchmark:{one.article}", "".join(pieces), url=url, outlet=one.outlet, published=one.date),
        quotes,
    )


def articles(found: list[Said]) -> list[tuple[Article, list[Quote]]]:
    return [article_of(list(group)) for _, group in groupby(found, key=lambda said: said.article)]


def occurrences_of(number: int, article: Article, quotes: list[Quote]) -> Iterator[Occurrence]:
    for k, quote in enumerate(quotes):
        speaker = quote.speaker
        person = uid_of("person", person_identity(speaker.name)) if speaker else None
        yield Occurrence(
            uid_of("occurrence", str(number), str(k)),
            content_text(article.text, quote.content),
            quote.type,
            speaker.name if speaker else None,
            person,
            article.published,
            article.outlet,
            "en",
            article_uid(article),
        )


def load(conn: sqlite3.Connection, everything: list[tuple[Article, list[Quote]]]) -> None:
    """The rows that recording the articles and clustering them leaves, without going article by article:
    clustered in memory, written table by table, indexed at the end. Reprints are not looked for, so that
    only quotes are measured below."""
    said = [list(occurrences_of(n, *one)) for n, one in enumerate(everything, 1)]
    by_uid = {one.uid: one for group in said for one in group}
    found = cluster.cluster(by_uid.values())
    placed = cluster.reconcile({}, found.groups, by_uid).statements
    home = {uid: n for n, statement in enumerate(placed, 1) for uid in statement.members}
    outlets = {name: n for n, name in enumerate(sorted({a.outlet or "" for a, _ in everything}), 1)}
    names = sorted({one.speaker for one in by_uid.values() if one.speaker})
    people = {name: n for n, name in enumerate(names, 1)}
    row = {uid: n for n, uid in enumerate(by_uid, 1)}
    with transaction(conn):
        drop_search(Database(conn))
        conn.executemany("insert into outlets(name, id) values (?, ?)", outlets.items())
        conn.executemany(
            "insert into people(id, name, kind, identity, uid) values (?, ?, 'person', ?, ?)",
            ((n, name, who := person_identity(name), uid_of("person", who)) for name, n in people.items()),
        )
        conn.execute("insert into aliases(person, name) select id, name from people")
        conn.executemany(
            "insert into articles(id, uid, outlet, origin, url, published, language, text, sha256,"
            " fetched_at, keyed) values (?, ?, ?, ?, ?, ?, 'en', ?, ?, '2025-01-01T00:00:00Z', 1)",
            (
                (n, article_uid(a), outlets[a.outlet or ""], a.origin, a.url, a.published, a.text, a.sha256)
                for n, (a, _) in enumerate(everything, 1)
            ),
        )
        conn.executemany(
            "insert into statements(id, uid, canonical, variants) values (?, ?, '', '')",
            ((n, statement.uid) for n, statement in enumerate(placed, 1)),
        )
        conn.executemany(
            "insert into occurrences(id, uid, article, statement, person, type, content, spans, source_text,"
            " passage_before, passage_after, confidence, rule, speaker_rule, language, attribution)"
            " values (?, ?, ?, ?, ?, 'direct', ?, ?, ?, '', '', 0.9, ?, 'full name', 'en', ?)",
            (
                (
                    *(row[one.uid], one.uid, n, home[one.uid], people.get(one.speaker or ""), one.text),
                    *(spans_json(quote), one.speaker, quote.rule, attribution_json(quote.speaker, None)),
                )
                for n, (group, (_, quotes)) in enumerate(zip(said, everything, strict=True), 1)
                for one, quote in zip(group, quotes, strict=True)
            ),
        )
        write_edges(conn, found.edges)
        index = ClusterIndex(conn, "temp.staged")
        conn.execute("create temp table staged(key integer, rank integer, occurrence integer)")
        index.add(cluster.postings(by_uid.values()))
        conn.execute("insert or ignore into blocking_keys select * from temp.staged order by 1, 2, 3")
        conn.execute("drop table temp.staged")
        forms.keep(conn, by_uid.values(), cluster.packed_form)
        fullest = {n: statement.canonical for n, statement in enumerate(placed, 1)}
        statements.refresh(conn, range(1, len(placed) + 1), cluster.canonical, fullest)
        conn.execute("update statements set linked = 1")
        upgrade.fill(conn)
        create_search(Database(conn))


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fill(path: Path, base: list[tuple[Article, list[Quote]]]) -> dict[str, Any]:
    with open_store(path) as store:
        start = cpu()
        conn = store.conn
        load(conn, base)
        done = cpu()
        count = {
            table: conn.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("occurrences", "statements", "blocking_keys", "edges")
        }
        conn.execute("pragma wal_checkpoint(truncate)")
    return {
        "fill_cpu_s": round(done - start, 1),
        "rows": count,
        "database_mb": path.stat().st_size >> 20,
        "peak_mb_after_fill": peak_mb(),
    }


def incremental(path: Path, new: list[tuple[Article, list[Quote]]], profile: bool) -> dict[str, Any]:
    """One by one: each article is recorded and clustered before the next comes."""
    with open_store(path) as store:
        run = store.begin_run("benchmark", {}, {})
        profiler = cProfile.Profile(time.process_time)
        took: list[float] = []
        parts: Counter[str] = Counter()
        wall = time.perf_counter()
        if profile:
            profiler.enable()
        for article, found in new:
            each = record(store, article, found, run) + settle(store)
            took.append(1000 * each.total())
            parts += each
        profiler.disable()
        if profile:
            profiler.print_stats("cumulative")
        wall = time.perf_counter() - wall
        outcome = digest(store.conn)
    cuts = statistics.quantiles(took, n=100)
    return summary(new, parts, wall) | {
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "max_ms": round(max(took), 1),
        "first_ms": round(took[0], 1),
        "digest": outcome,
    }


def together(path: Path, new: list[tuple[Article, list[Quote]]]) -> dict[str, Any]:
    """As `quotetrack add` takes a feed in: articles are recorded, some at once, then all are clustered."""
    with open_store(path) as store:
        run = store.begin_run("benchmark", {}, {})
        parts: Counter[str] = Counter()
        wall = time.perf_counter()
        for start in range(0, len(new), TOGETHER):
            before = cpu()
            store.record_all([(one, "en", found) for one, found in new[start : start + TOGETHER]], run=run)
            parts["record"] += cpu() - before
        parts += settle(store)
        return summary(new, parts, time.perf_counter() - wall) | {"digest": digest(store.conn)}


def record(store: Store, article: Article, found: list[Quote], run: int) -> Counter[str]:
    """CPU seconds of rows, people and the words of quotes."""
    start = cpu()
    store.record(article, "en", found, run=run)
    return Counter({"record": cpu() - start})


def settle(store: Store) -> Counter[str]:
    """CPU seconds of what `pipeline.cluster_new` does. clusters: statements, redirects, their words."""
    moments = [cpu()]
    store.link_reprints(cluster.article_keys, cluster.is_reprint)
    moments.append(cpu())
    store.cluster_new(cluster)
    moments.append(cpu())
    store.link_translations(cluster.translations)
    moments.append(cpu())
    taken = (after - before for before, after in pairwise(moments))
    return Counter(dict(zip(("reprints", "clusters", "translations"), taken, strict=True)))


def summary(new: list[tuple[Article, list[Quote]]], parts: Counter[str], wall: float) -> dict[str, Any]:
    return {
        "new_articles": len(new),
        "new_occurrences": sum(len(found) for _, found in new),
        "cpu_s": round(parts.total(), 2),
        "wall_s": round(wall, 2),
        "ms_per_article": round(1000 * parts.total() / len(new), 2),
        "ms_by_part": {part: round(1000 * seconds / len(new), 2) for part, seconds in parts.items()},
    }


def digest(conn: sqlite3.Connection) -> str:
    """Stands for statements, their members, redirects and edges: equal where two versions decide alike."""
    found = hashlib.sha256()
    members = (
        "select o.uid, s.uid, s.canonical, s.variants, s.independent_count from occurrences o"
        " join statements s on s.id = o.statement order by o.uid"
    )
    redirects = "select old_uid, new_uid from redirects order by old_uid"
    edges = (
        'select x.uid, y.uid, e.similarity, e.judgement, e.kind, e.why, e."by" from edges e'
        " join occurrences x on x.id = e.a join occurrences y on y.id = e.b order by 1, 2, 7"
    )
    for sql in (members, redirects, edges):
        for row in conn.execute(sql):
            found.update(repr(row).encode())
    return found.hexdigest()[:16]


def split(found: list[Said], new: int, chance: random.Random) -> tuple[list[Said], list[Said]]:
    """Some articles with about `new` quotes apart from the rest."""
    numbers = sorted({said.article for said in found})
    share = len(numbers) * new // len(found)
    late = set(chance.sample(numbers, max(1, share)))
    return (
        [said for said in found if said.article not in late],
        [said for said in found if said.article in late],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=400_000)
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--keep", type=Path, help="the filled archive: made when absent, used when there")
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    if arguments.data.exists():
        asked = int(GENERATED * arguments.n)
        found = generated(arguments.data, asked + arguments.new, arguments.seed)
        base, late = split(found, arguments.new, chance)
        base += scrambled(base, arguments.n - asked // 4, chance)
    else:
        found = made_up(arguments.n + arguments.new, chance)
        base, late = found[: arguments.n], found[arguments.n :]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "archive.db"
        report: dict[str, Any] = {}
        if arguments.keep and arguments.keep.exists():
            shutil.copyfile(arguments.keep, path)
        else:
            report = fill(path, articles(base))
            if arguments.keep:
                shutil.copyfile(path, arguments.keep)
        again = shutil.copyfile(path, Path(name) / "again.db")
        report["one_by_one"] = incremental(path, articles(late), arguments.profile)
        report["together"] = together(again, articles(late))
        report["peak_mb"] = peak_mb()
        with sqlite3.connect(path) as conn:
            report["sqlite"] = conn.execute("select sqlite_version()").fetchone()[0]
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
