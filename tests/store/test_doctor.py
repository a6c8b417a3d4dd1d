from __future__ import annotations

import pytest

from quotetrack import cluster
from quotetrack.store.doctor import check, repair
from quotetrack.types import Affiliation

from .articles import article, quotes, rows

BREAKS = [  # what goes wrong, which check sees it, whether it can be mended
    ("update statements set occurrence_count = 7", "statements", True),
    ("update statements set canonical = 'Nie gesagt'", "statements", True),
    ("update statements set first_published = '1999-01-01'", "statements", True),
    ("insert into statements(uid, canonical, variants) values ('s9', 'Nie gesagt', '')", "orphans", True),
    ("delete from aliases", "orphans", True),
    ("insert into statements_fts(statements_fts) values ('delete-all')", "search", True),
    (
        "insert into occurrences_fts(occurrences_fts, rowid, content) values ('delete', 1, 'Wir warten')",
        "search",
        True,
    ),
    ("update occurrences set gone = '2025-01-01'", "withdrawals", True),
    ("update affiliations set last_seen = '1999-01-01'", "affiliations", True),
    ("update articles set text = 'x' || text", "spans", False),
    ("update articles set text = ''", "spans", False),
    (
        "insert into redirects values ('old', 'new', 'statement', '2025-01-01', 'the same statement')",
        "redirects",
        False,
    ),
    ("update occurrences set statement = null", "unclustered", False),
    ("delete from people", "references", False),
    ("update occurrences set replaced_by = 2 where id = 1", "links", True),
    ("update occurrences set claim = 's9'", "links", True),
    ("insert into edges values (1, 2, 1, 'same', 'quotetrack', '', 'translation')", "links", True),
    ("delete from article_copies", "links", True),
    ("update article_copies set url = 'https://elsewhere.example'", "links", True),
    ("insert into proposals values ('p1', 'p2', 1, 'unsure', '', 'quotetrack', '2025')", "people", False),
    ("update resolutions set person = 'nobody'", "people", False),
]


@pytest.fixture
def archive(store):
    text = "„Wir warten nicht auf ein Wunder“, sagte Anna Weber. „Das ist absurd“, fügte sie hinzu."
    bond = Affiliation("Stiftung Meer", "Sprecherin")
    given = {"archive_url": "https://copies.example/1"}
    store.record(
        article(text, extra=given), "de", quotes(text, affiliation=bond), run=store.begin_run("0", {}, {})
    )
    store.cluster_new(cluster)
    return store


def test_a_sound_archive_has_no_problems(archive):
    assert check(archive.conn) == []
    assert repair(archive.conn) == []


@pytest.mark.parametrize(("sql", "kind", "mended"), BREAKS)
def test_what_is_wrong_is_found_and_mended_where_possible(archive, sql, kind, mended):
    conn = archive.conn
    before = rows(conn, "select uid, canonical, occurrence_count, first_published, withdrawn from statements")
    conn.execute("pragma foreign_keys = off")
    conn.execute(sql)
    conn.execute("pragma foreign_keys = on")
    found = check(conn)
    assert kind in {problem.check for problem in found}
    assert {problem.repairable for problem in found if problem.check == kind} == {mended}
    if mended:
        assert repair(conn, cluster.canonical)
        assert check(conn) == []
        after = "select uid, canonical, occurrence_count, first_published, withdrawn from statements"
        assert (rows(conn, after) == before) == (kind != "withdrawals")


def test_a_damaged_file_is_named(archive):
    conn = archive.conn
    conn.execute("pragma writable_schema = on")
    conn.execute(
        "update sqlite_master set sql = replace(sql, 'name text', 'name integer') where name = 'outlets'"
    )
    conn.execute(
        "update sqlite_master set rootpage = (select rootpage from sqlite_master where name = 'runs')"
        " where name = 'outlets'"
    )
    conn.execute("pragma writable_schema = reset")
    assert {problem.check for problem in check(conn)} == {"file"}
