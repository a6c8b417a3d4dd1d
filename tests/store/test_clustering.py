from __future__ import annotations

import random
from dataclasses import replace
from itertools import count
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from quotetrack import cluster
from quotetrack.store import clustering, open_store
from quotetrack.types import Article

from .articles import article, dump, quotes, rows

FULL = (
    "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann,"
    " woher die Millionen kommen sollen"
)
CUT = "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann"
END = "solange mir niemand sagen kann, woher die Millionen kommen sollen"
OTHER = "Die Brücke wird im Sommer gesperrt, weil die Pfeiler nach dem Hochwasser erneuert werden müssen"
OUTLETS = ["Bote (fictional)", "Tagblatt (fictional)", "Kurier (fictional)"]


def said(number: int, content: str, **fields: object) -> Article:
    text = f"Meldung {number}. „{content}“, sagte Anna Weber am Dienstag in Seebrück."
    given = {"outlet": OUTLETS[number % 3], "published": f"2025-03-0{1 + number % 5}"} | fields
    return article(text, number, **given)


def add(store, *articles: Article) -> None:
    run = store.begin_run("0", {}, {})
    for one in articles:
        store.record(one, "de", quotes(one.text), run=run)


def partition(conn) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for statement, uid in rows(conn, "select statement, uid from occurrences"):
        groups.setdefault(statement, set()).add(uid)
    return {frozenset(group) for group in groups.values()}


def test_statements_across_outlets(store):
    add(store, said(0, CUT), said(1, FULL), said(2, FULL), said(3, OTHER))
    report = store.cluster_new(cluster)
    assert (report.occurrences, report.statements, report.merged) == (4, 2, 0)
    assert rows(
        store.conn,
        "select canonical, variants, speaker, people.name, statements.language, first_published,"
        " last_published, outlets.name, occurrence_count, outlet_count, independent_count from statements"
        " join people on people.id = person join outlets on outlets.id = first_outlet"
        " order by occurrence_count",
    ) == [
        (OTHER, "", "Anna Weber", "Anna Weber", "de", "2025-03-04", "2025-03-04", OUTLETS[0], 1, 1, 1),
        (FULL, CUT, "Anna Weber", "Anna Weber", "de", "2025-03-01", "2025-03-03", OUTLETS[0], 3, 3, 3),
    ]
    assert rows(
        store.conn, "select count(*) from statements_fts where statements_fts match 'hafentunnel'"
    ) == [(1,)]
    assert store.cluster_new(cluster).occurrences == 0


def test_a_later_quote_joins_and_becomes_canonical(store):
    add(store, said(0, CUT))
    store.cluster_new(cluster)
    ((uid,),) = rows(store.conn, "select uid from statements")
    add(store, said(1, FULL))
    assert store.cluster_new(cluster).statements == 0
    assert rows(store.conn, "select uid, canonical, variants, occurrence_count from statements") == [
        (uid, FULL, CUT, 2)
    ]


def test_a_bridge_merges_statements_and_leaves_a_redirect(store):
    start, end = FULL[:50], FULL[52:]
    add(store, said(0, start), said(1, end))
    store.cluster_new(cluster)
    before = {uid for (uid,) in rows(store.conn, "select uid from statements")}
    assert len(before) == 2
    add(store, said(2, FULL))
    report = store.cluster_new(cluster)
    assert (report.statements, report.merged) == (0, 1)
    ((kept,),) = rows(store.conn, "select uid from statements")
    (gone,) = before - {kept}
    assert store.resolve_uid("statement", gone).uid == kept
    assert store.resolve_uid("statement", kept).uid == kept
    assert store.resolve_uid("statement", "never") is None
    assert rows(store.conn, "pragma foreign_key_check") == []


def corpus() -> list[Article]:
    speeches = [
        FULL,
        CUT,
        END,
        OTHER,
        OTHER[:60],
        OTHER[20:],
        FULL.replace("nicht ", ""),
        "Nein",
        "Nein",
        FULL,
    ]
    return [said(number, content) for number, content in enumerate(speeches * 2)]


def test_a_twin_follows_its_statement_when_that_is_regrouped_in_the_same_batch(store):
    start, end = FULL[:50], FULL[52:]
    add(store, said(0, start), said(1, end))
    store.cluster_new(cluster)
    twins = [
        replace(said(number, start if number == 5 else end), published=said(number - 5, "").published)
        for number in (5, 6)
    ]
    add(store, *twins, said(2, FULL))
    assert store.cluster_new(cluster).merged == 1
    assert rows(store.conn, "select occurrence_count, outlet_count from statements") == [(5, 3)]


@pytest.mark.parametrize("seed", range(6))
def test_order_of_arrival_does_not_change_the_statements(tmp_path, seed, monkeypatch):
    articles = corpus()
    with open_store(tmp_path / "at_once.db") as store:
        add(store, *articles)
        store.cluster_new(cluster)
        at_once = partition(store.conn)
    chance = random.Random(seed)
    chance.shuffle(articles)
    monkeypatch.setattr(clustering, "BATCH", 3)
    with open_store(tmp_path / "piecemeal.db") as store:
        while articles:
            add(store, *(articles.pop() for _ in range(min(len(articles), chance.randint(1, 5)))))
            store.cluster_new(cluster)
        assert partition(store.conn) == at_once
        _counts_are_right(store.conn)
        before = rows(store.conn, "select uid, canonical, occurrence_count from statements order by uid")
        store.rebuild_clusters(cluster)
        assert partition(store.conn) == at_once
        assert (
            rows(store.conn, "select uid, canonical, occurrence_count from statements order by uid") == before
        )


def _counts_are_right(conn) -> None:
    derived = rows(
        conn,
        "select s.id, count(*), count(distinct a.outlet), min(a.published), max(a.published)"
        " from statements s join occurrences o on o.statement = s.id join articles a on a.id = o.article"
        " group by s.id",
    )
    stored = rows(
        conn,
        "select id, occurrence_count, outlet_count, first_published, last_published"
        " from statements order by id",
    )
    assert derived == stored


def test_a_rebuild_keeps_uids_and_changes_nothing_else(store):
    add(store, *corpus())
    store.cluster_new(cluster)
    before = dump(store.conn)
    keys = rows(store.conn, "select * from blocking_keys")
    store.rebuild_clusters(cluster)
    after = dump(store.conn)
    assert after == before
    assert rows(store.conn, "select * from blocking_keys") == keys


def test_an_interrupted_run_goes_on_where_it_was(store, monkeypatch):
    add(store, *corpus())
    monkeypatch.setattr(clustering, "BATCH", 4)
    calls = count()

    def dies(*args):
        if next(calls) == 2:
            raise KeyboardInterrupt
        return cluster.canonical(*args)

    mortal = SimpleNamespace(
        link=cluster.link,
        cluster=cluster.cluster,
        reconcile=cluster.reconcile,
        packed_form=cluster.packed_form,
        canonical=dies,
    )
    with pytest.raises(KeyboardInterrupt):
        store.cluster_new(mortal)
    ((open_,),) = rows(store.conn, "select count(*) from occurrences where statement is null")
    assert 0 < open_ <= len(corpus())
    assert store.cluster_new(cluster).occurrences == open_
    _counts_are_right(store.conn)
    assert rows(store.conn, "select count(*) from statements where canonical = ''") == [(0,)]


def test_reprints_count_once(store):
    body = " ".join(f"Satz {number} über den Hafen und die Stadt am Fluss." for number in range(30))
    wire = said(0, FULL, outlet="Agentur (fictional)", published="2025-03-02T08:00:00Z")
    wire = replace(wire, text=f"{wire.text} {body}")
    prints = [
        replace(
            said(number, FULL, outlet=f"Blatt {number} (fictional)"), text=f"{wire.text[: 900 + 40 * number]}"
        )
        for number in range(1, 4)
    ]
    own = said(9, CUT, outlet="Kurier (fictional)")
    run = store.begin_run("0", {}, {})
    for one in [prints[0], own, wire, *prints[1:]]:
        store.record(replace(one, published=one.published or "2025-03-03"), "de", quotes(one.text), run=run)
    store.cluster_new(cluster)
    assert rows(store.conn, "select occurrence_count, outlet_count, independent_count from statements") == [
        (5, 5, 5)
    ]
    assert store.link_reprints(cluster.article_keys, cluster.is_reprint) == 3
    assert rows(store.conn, "select occurrence_count, outlet_count, independent_count from statements") == [
        (5, 5, 2)
    ]
    originals = rows(
        store.conn, "select distinct b.url from articles a join articles b on b.id = a.reprint_of"
    )
    assert originals == [(min([wire, *prints], key=lambda one: (one.published, one.url)).url,)]
    assert store.link_reprints(cluster.article_keys, cluster.is_reprint) == 0
    rewritten = replace(
        wire, text=" ".join(f"Anderer Absatz {number}, neu erzählt und gekürzt." for number in range(40))
    )
    store.record(rewritten, "de", [], run=run)
    store.link_reprints(cluster.article_keys, cluster.is_reprint)
    assert rows(store.conn, "select count(*) from articles where reprint_of is not null") == [(2,)]


def _add_and_cluster(path, worker: int, barrier) -> None:
    barrier.wait()
    with open_store(path) as store:
        for number in range(8):
            add(store, said(10 * number + worker, [FULL, CUT, OTHER][number % 3]))
            store.cluster_new(cluster)


def test_two_processes_cluster_at_once(path):
    context = get_context("fork")
    barrier = context.Barrier(2)
    workers = [context.Process(target=_add_and_cluster, args=(path, number, barrier)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with open_store(path) as store:
        assert rows(store.conn, "select count(*) from occurrences where statement is null") == [(0,)]
        assert sorted(rows(store.conn, "select canonical, occurrence_count from statements")) == [
            (OTHER, 4),
            (FULL, 12),
        ]
