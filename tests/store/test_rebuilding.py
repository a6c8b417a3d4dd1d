"""A rebuild beside others who read and write, killed or not; quotes that turn out to be by somebody else."""

from __future__ import annotations

import sqlite3

import pytest

from quotetrack import cluster, pipeline
from quotetrack.store import StoreError, open_store, rebuilding
from quotetrack.store.connection import transaction
from quotetrack.store.corrections import Reassign, Rename, SplitStatement
from quotetrack.store.doctor import check

from .articles import article, dump, quotes, rows

FULL = "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann, woher die Millionen kommen"
OTHER = "Die Brücke wird im Sommer gesperrt, weil die Pfeiler nach dem Hochwasser erneuert werden müssen"
SHORT = "Das ist ein Skandal ohne Beispiel"


def said(store, number: int, content: str, speaker: str | None = "Anna Weber", **fields: object) -> str:
    text = f"Meldung {number}. „{content}“, sagte {speaker or 'jemand'}."
    given = {"outlet": f"Bote {number % 4} (fictional)", "published": f"2025-03-0{1 + number % 3}"} | fields
    run = store.begin_run("0", {}, {})
    store.record(article(text, number, **given), "de", quotes(text, speaker), run=run)
    ((uid,),) = rows(store.conn, "select uid from occurrences order by id desc limit 1")
    return uid


def partition(conn) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for statement, uid in rows(conn, "select statement, uid from occurrences"):
        groups.setdefault(statement, set()).add(uid)
    return {frozenset(group) for group in groups.values()}


def fill(store) -> None:
    for number, content in enumerate([FULL, FULL[:60], OTHER, OTHER[20:], SHORT, SHORT, FULL[30:]]):
        said(store, number, content)
    pipeline.cluster_new(store)


class _Meanwhile:
    """The clusterer, and something that another connection does while the groups are being decided."""

    def __init__(self, act, times: int = 1) -> None:
        self.acts = [act] * times

    def __getattr__(self, name: str):
        return getattr(cluster, name)

    def cluster(self, *arguments):
        found = cluster.cluster(*arguments)
        if self.acts:
            self.acts.pop()()
        return found


def test_others_write_while_a_rebuild_decides_and_all_is_one_archive_afterwards(store, path, tmp_path):
    fill(store)

    def add_more() -> None:
        with open_store(path) as other:
            other.conn.execute("pragma busy_timeout = 100")  # ms: whoever held the lock would be found out
            said(other, 20, FULL[:80])
            said(other, 21, "Der Haushalt ist gesichert, und zwar bis weit in das übernächste Jahr hinein")
            pipeline.cluster_new(other)
            said(other, 22, OTHER[:70])  # not clustered yet

    before = dict(rows(store.conn, "select uid, canonical from statements"))
    report = store.rebuild_clusters(_Meanwhile(add_more))
    assert report.occurrences == 7
    pipeline.cluster_new(store)
    assert check(store.conn) == []
    now = dict(rows(store.conn, "select uid, canonical from statements"))
    assert before.items() <= now.items()
    assert len(now) == len(before) + 1
    found = partition(store.conn)
    store.rebuild_clusters(cluster)
    assert partition(store.conn) == found


def test_a_rebuild_of_what_stands_writes_nothing_but_the_index(store):
    fill(store)
    before = dump(store.conn), rows(store.conn, "select * from blocking_keys")
    changes = store.conn.total_changes
    report = store.rebuild_clusters(cluster)
    assert (report.statements, report.merged) == (0, 0)
    assert (dump(store.conn), rows(store.conn, "select * from blocking_keys")) == before
    assert store.conn.total_changes - changes <= 2 * len(before[1]) + 2


def test_a_rebuild_killed_before_it_writes_leaves_the_old_state(store, path, monkeypatch):
    fill(store)
    before = dump(store.conn), rows(store.conn, "select * from blocking_keys")
    store.conn.execute("update statements set canonical = 'drifted' where id = 1")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "put_in_place", killed)
        with pytest.raises(KeyboardInterrupt):
            store.rebuild_clusters(cluster)
    assert rows(store.conn, "select canonical from statements where id = 1") == [("drifted",)]
    assert rows(store.conn, "select * from blocking_keys") == before[1]
    assert "unfinished" in {problem.check for problem in check(store.conn)}
    assert pipeline.recluster(store).occurrences == 7
    assert dump(store.conn) == before[0]


def test_the_later_of_two_rebuilds_goes_on_and_the_index_is_whole(store, path):
    fill(store)
    before = rows(store.conn, "select * from blocking_keys order by 1, 2, 3")
    with open_store(path) as other:
        earlier = rebuilding.prepare(other.conn, cluster)
        later = rebuilding.prepare(store.conn, cluster)
        with pytest.raises(StoreError, match="by another program"), transaction(other.conn):
            rebuilding.is_current(other.conn, earlier)
        with transaction(store.conn):
            assert rebuilding.is_current(store.conn, later)
            rebuilding.put_in_place(store.conn, cluster, later, "2025-03-04T10:00:00Z", store._book())
    assert rows(store.conn, "select * from blocking_keys order by 1, 2, 3") == before
    assert not rows(store.conn, "select 1 from sqlite_master where name glob 'blocking_keys_next*'")


def test_nobody_waits_for_a_rebuild_and_corrections_made_meanwhile_hold(store, path):
    fill(store)
    ((statement, moved),) = rows(
        store.conn,
        "select s.uid, min(o.uid) from statements s join occurrences o on o.statement = s.id"
        " where s.canonical = ? group by s.id",
        SHORT,
    )

    def correct() -> None:
        with open_store(path) as other:
            split = SplitStatement(statement, (moved,))
            pipeline.correct(other, split, author="editor", reason="two occasions")

    store.rebuild_clusters(_Meanwhile(correct))
    assert {len(group) for group in partition(store.conn) if moved in group} == {1}

    def correct_always() -> None:
        with open_store(path) as other:
            ((person,),) = rows(other.conn, "select uid from people limit 1")
            pipeline.correct(other, Rename(person, "Anna Weber"), author="editor", reason="again")

    with pytest.raises(StoreError, match="corrections were made"):
        store.rebuild_clusters(_Meanwhile(correct_always, 99))


def test_readers_see_the_old_state_until_the_new_one_is_there(store, path):
    fill(store)
    reader = sqlite3.connect(path)
    reader.execute("begin")
    count = "select count(*) from statements"
    before = reader.execute(count).fetchone()
    store.rebuild_clusters(cluster)
    assert reader.execute(count).fetchone() == before
    reader.execute("commit")
    assert reader.execute(count).fetchone() == before


def test_a_quote_by_somebody_else_leaves_its_statement_and_joins_another(store):
    """A short phrase is one statement only by one speaker; keys and decision follow the correction."""
    first, second = said(store, 1, SHORT), said(store, 2, SHORT)
    third = said(store, 4, SHORT, "Bernd Roth")
    pipeline.cluster_new(store)
    assert partition(store.conn) == {frozenset((first, second)), frozenset((third,))}
    ((person,),) = rows(store.conn, "select uid from people where name = 'Bernd Roth'")
    number = pipeline.correct(store, Reassign(second, person), author="editor", reason="misheard")
    assert partition(store.conn) == {frozenset((first,)), frozenset((second, third))}
    later = said(store, 7, SHORT, "Bernd Roth")
    pipeline.cluster_new(store)
    assert frozenset((second, third, later)) in partition(store.conn)
    before = partition(store.conn)
    store.rebuild_clusters(cluster)
    assert partition(store.conn) == before
    pipeline.undo(store, number, author="editor", reason="heard well")
    assert partition(store.conn) == {frozenset((first, second)), frozenset((third, later))}
    assert check(store.conn) == []


def test_an_article_read_again_with_another_speaker_is_decided_again_at_once(store):
    """Keys, too: what comes later finds the quote under its speaker of now, and not under the former one."""
    first, second = said(store, 1, SHORT), said(store, 2, SHORT, published="2025-03-02")
    third = said(store, 4, SHORT, "Bernd Roth")
    pipeline.cluster_new(store)
    assert partition(store.conn) == {frozenset((first, second)), frozenset((third,))}
    text = f"Meldung 2, berichtigt. „{SHORT}“, sagte Bernd Roth."
    for _ in range(2):  # known by then
        run = store.begin_run("0", {}, {})
        store.record(article(text, 2, published="2025-03-02"), "de", quotes(text, "Bernd Roth"), run=run)
        pipeline.cluster_new(store)
        assert partition(store.conn) == {frozenset((first,)), frozenset((second, third))}
    later = said(store, 8, SHORT, published="2025-03-02"), said(store, 12, SHORT, "Bernd Roth")
    pipeline.cluster_new(store)
    found = {frozenset((first, later[0])), frozenset((second, third, later[1]))}
    assert partition(store.conn) == found
    store.rebuild_clusters(cluster)
    assert partition(store.conn) == found
    assert check(store.conn) == []


def test_twins_are_found_after_the_one_that_was_indexed_moved(store):
    uids = sorted(said(store, number, SHORT, published="2025-03-01") for number in range(3))
    pipeline.cluster_new(store)
    pipeline.correct(store, Reassign(uids[0], name="Bernd Roth"), author="editor", reason="misheard")
    later = said(store, 8, SHORT, published="2025-03-02")
    pipeline.cluster_new(store)
    assert partition(store.conn) == {frozenset(uids[:1]), frozenset((*uids[1:], later))}


def test_what_a_person_judged_outlives_a_change_of_speaker(store):
    one, two = said(store, 1, FULL), said(store, 2, FULL)
    pipeline.cluster_new(store)
    ((statement,),) = rows(store.conn, "select uid from statements")
    pipeline.correct(store, SplitStatement(statement, (two,)), author="editor", reason="two speeches")
    number = pipeline.correct(store, Reassign(two, name="Bernd Roth"), author="editor", reason="misheard")
    pipeline.undo(store, number, author="editor", reason="heard well")
    assert partition(store.conn) == {frozenset((one,)), frozenset((two,))}
    with transaction(store.conn):
        assert rows(store.conn, "select count(*) from edges where judgement = 'different'") >= [(1,)]
