from __future__ import annotations

import sqlite3
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlite_utils import Database

from quotetrack.store import StoreError, open_store
from quotetrack.store.connection import PUBLIC
from quotetrack.store.migrations import migrations

from .articles import rows


def _text(path: Path) -> None:
    path.write_text("Anna Weber wartet nicht. " * 200)


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("create table recipes(name text)")
        conn.commit()


def _newer(path: Path) -> None:
    with open_store(path) as store:
        store.conn.execute(
            "insert into _sqlite_migrations(migration_set, name, applied_at)"
            " values ('quotetrack', 'm999_later', '')"
        )


def _public(path: Path) -> None:
    with open_store(path) as store:
        store.conn.execute(f"pragma application_id = {PUBLIC}")


def _truncated(path: Path) -> None:
    with open_store(path):
        pass
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_text, "not a database"),
        (_other, "not quotetrack's \\(its tables: recipes\\)"),
        (_newer, "made by a newer quotetrack \\(m999_later\\): upgrade"),
        (_public, "published copy"),
        (_truncated, "cannot be used: database disk image is malformed"),
        (Path.mkdir, "a folder, not a database"),
    ],
)
def test_what_is_no_archive_is_refused_with_a_reason_and_left_alone(path, make, reason):
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=reason), open_store(path):
        pass
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_missing_database_is_created_only_when_wanted(path):
    with pytest.raises(StoreError, match="no such database"), open_store(path, create=False):
        pass
    assert not path.exists()
    with open_store(path):
        pass
    with open_store(path, create=False) as store:
        assert rows(store.conn, "select count(*) from articles") == [(0,)]


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with (
        pytest.raises(StoreError, match=r"nowhere.*cannot be opened"),
        open_store(tmp_path / "nowhere" / "a.db"),
    ):
        pass


def test_settings_of_a_connection(store):
    settings = {
        name: store.conn.execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "foreign_keys", "busy_timeout")
    }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 60000}


def test_an_existing_database_is_migrated_with_its_rows(path):
    with closing(sqlite3.connect(path)) as conn:
        db = Database(conn)
        migrations.apply(db, stop_before="m002_search")
        conn.execute(
            "insert into statements(uid, canonical, variants, speaker) values ('s1', 'Ja', '', 'Wéber')"
        )
        conn.commit()
    with open_store(path) as store:
        assert rows(store.conn, "select rowid from statements_fts where statements_fts match 'weber'") == [
            (1,)
        ]
        applied = {migration.name for migration in migrations.applied(Database(store.conn))}
        assert applied >= {"m001_tables", "m002_search"}


def test_words_are_reindexed_when_they_change_and_forgotten_when_deleted(store):
    conn = store.conn
    conn.execute("insert into statements(uid, canonical, variants) values ('s1', 'Wir warten', '')")
    conn.execute("update statements set occurrence_count = 3, canonical = 'Wir handeln'")
    find = "select count(*) from statements_fts where statements_fts match ?"
    assert (rows(conn, find, "warten"), rows(conn, find, "handeln")) == ([(0,)], [(1,)])
    conn.execute("delete from statements")
    assert rows(conn, find, "handeln") == [(0,)]


def _open(path: Path, barrier) -> None:
    barrier.wait()
    with open_store(path) as store:
        store.begin_run("0", {}, {})


def test_processes_may_create_one_database_at_once(path):
    context = get_context("fork")
    barrier = context.Barrier(3)
    workers = [context.Process(target=_open, args=(path, barrier)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with open_store(path, create=False) as store:
        assert rows(store.conn, "select count(*) from runs") == [(3,)]
