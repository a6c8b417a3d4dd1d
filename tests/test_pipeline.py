"""An archive through kills, rivals and readers: nothing lost, nothing doubled, nobody told to come back."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import kills
from quotetrack import pipeline
from quotetrack.ingest import Visits
from quotetrack.pipeline import Settings, Wanted, add, preview
from quotetrack.store import Store, open_store
from quotetrack.types import Article, Failure, Quote, Span, Visit

GIVEN = Settings(given=True)


def article(number: int, published: str | None = "2025-03-04") -> Article:
    text = f"“We wait for ferry number {number},” said Mara Lindqvist."
    quote = Quote("direct", (Span(1, text.index("”") - 1),))
    origin = f"https://courier.example/{number}"
    return Article(origin, text, url=origin, published=published, language="en", quotes=(quote,))


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """The benchmark of the same name does so a hundred times over five hundred articles."""
    outcome = kills.survive(tmp_path, count=40, runs=3)
    assert outcome.same == 3
    assert outcome.kills


def test_two_programs_add_while_a_third_serves(tmp_path: Path) -> None:
    """A reader of the site meets whole articles only, ever more of them, and no error."""
    db, adding = tmp_path / "news.db", []
    records = [json.dumps(record) for record in kills.articles(120)]
    command = [sys.executable, "-m", "quotetrack"]
    with open_store(db) as store:
        assert add([article(1)], store, GIVEN).added == 1
    with site(db) as url:
        for name, part in {"a": records[:80], "b": records[40:]}.items():
            (tmp_path / f"{name}.jsonl").write_text("\n".join(part), "utf-8")
            given = ["add", str(db), str(tmp_path / f"{name}.jsonl"), "--quotes", "given"]
            adding.append(subprocess.Popen([*command, *given], stderr=subprocess.PIPE, text=True))
        counted = []
        while any(program.poll() is None for program in adding):
            counted.append(occurrences(url))
            time.sleep(0.01)
        for program in adding:
            _, errors = program.communicate(timeout=60)
            assert (program.returncode, errors) == (0, "")
        assert occurrences(url) == 241
    assert counted == sorted(counted)
    assert all(count % 2 for count in counted), "two quotes an article, and one that was there"
    with open_store(db) as store:
        pipeline.cluster_new(store)
        assert store.conn.execute("select count(*) from articles").fetchone() == (121,)
        loose = "select count(*) from occurrences where statement is null"
        assert store.conn.execute(loose).fetchone() == (0,)


@contextmanager
def site(db: Path) -> Iterator[str]:
    """The address of `quotetrack serve DB`, up and answering."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "quotetrack", "serve", str(db), "--port", str(port)])
    try:
        for _ in range(240):
            assert server.poll() is None, "the server stopped by itself"
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30):
                break
            time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def occurrences(url: str) -> int:
    with urllib.request.urlopen(f"{url}/news/occurrences.json?_size=max", timeout=30) as answer:
        return len(json.load(answer)["rows"])


WANTED = [
    (Wanted(), [1, 2, 3]),
    (Wanted(since="2025-03"), [2, 3]),
    (Wanted(since="2025-03-05"), [3]),
    (Wanted(limit=2), [1, 2]),
    (Wanted(since="2025", limit=1), [1]),
]


@pytest.mark.parametrize(("wanted", "numbers"), WANTED, ids=str)
def test_what_is_wanted(tmp_path: Path, wanted: Wanted, numbers: list[int]) -> None:
    items = [Failure("x", "bad"), article(1, "2025-02-27"), article(2), article(3, None)]
    with open_store(tmp_path / "news.db") as store:
        listed = [item for item in preview(items, store, wanted) if not isinstance(item, Failure)]
        assert [(state, item.url[-1]) for state, item in listed] == [("new", str(n)) for n in numbers]
        assert store.conn.execute("select count(*) from articles").fetchone() == (0,)
        report = add(items, store, GIVEN, wanted=wanted)
        assert (report.added, [f.reason for f in report.failures]) == (len(numbers), ["bad"])
        urls = store.conn.execute("select url from articles order by id").fetchall()
        assert [url[-1] for (url,) in urls] == [str(n) for n in numbers]
        again = add(items, store, GIVEN, wanted=wanted)
        assert (again.known, again.older) == (report.added if not wanted.limit else again.known, report.older)


def test_documents_are_remembered_once_their_articles_are_there(tmp_path: Path) -> None:
    """One that was refused keeps its feed from being remembered; those before it are."""
    good, outside = article(1), article(2)
    bad = Article(outside.origin, "short", quotes=(Quote("direct", (Span(0, 400),)),), language="en")
    with open_store(tmp_path / "news.db") as store:
        for item, remembered in ((good, True), (bad, False)):
            visits = Visits(store.last_visit)
            with visits.below() as below:
                below.take(item)
                below.visit = Visit(item.origin, item.origin, '"1"', None, "2025-03-04T10:00:00Z")
            add([item], store, GIVEN, visits=visits)
            assert (store.last_visit(item.origin) == below.visit) is remembered
        newer = Visit(good.origin, good.origin, '"2"', None, "2025-03-05T10:00:00Z")
        store.keep_visits([newer])
        assert store.last_visit(good.origin) == newer


def corrections(store: Store) -> list[tuple[str]]:
    return store.conn.execute("select subject from corrections").fetchall()


LOG = {
    "corrections": [
        {
            "id": 1,
            "action": "withdraw",
            "subject": "quote",
            "detail": {"kind": "occurrence"},
            "author": "Jo Doe",
            "reason": "misread",
            "when": "2025-03-04T10:00:00Z",
        }
    ]
}


def test_only_an_export_that_is_taken_as_given_brings_corrections(tmp_path: Path) -> None:
    """A line of the web that carries them corrects nothing."""
    one = replace(article(1), extra={"archive": LOG, "section": "Harbour"})
    with open_store(tmp_path / "read.db") as store:
        assert add([one], store, Settings(language="en")).added == 1
        assert corrections(store) == []
        assert store.conn.execute("select extra from articles").fetchone() == ('{"section": "Harbour"}',)
    with open_store(tmp_path / "given.db") as store:
        assert add([one], store, GIVEN).failures == []
        assert corrections(store) == [("quote",)]
        assert add([one], store, GIVEN).failures == []


@pytest.mark.parametrize("more", ["", " More."])
def test_corrections_come_with_an_article_that_is_known_too(tmp_path: Path, more: str) -> None:
    plain, exported = article(1), replace(article(1), extra={"archive": LOG})
    with open_store(tmp_path / "news.db") as store:
        add([plain], store, GIVEN)
        one = replace(exported, text=exported.text + more)
        assert add([one], store, GIVEN).failures == []
        assert corrections(store) == [("quote",)]
        assert add([one], store, GIVEN).failures == []
        assert corrections(store) == [("quote",)]


def test_corrections_that_are_left_behind_are_not_lost_silently(tmp_path: Path) -> None:
    exported = replace(article(1), extra={"archive": LOG})
    with open_store(tmp_path / "news.db") as store:
        [failure] = add([exported], store, GIVEN, wanted=Wanted(since="2026")).failures
        assert "1 of the corrections that it carries not taken" in failure.reason
        broken = replace(exported, extra={"archive": {"corrections": [1]}})
        add([article(1)], store, GIVEN)
        [failure] = add([broken], store, GIVEN).failures
        assert "is not what `export` writes" in failure.reason
        assert corrections(store) == []
