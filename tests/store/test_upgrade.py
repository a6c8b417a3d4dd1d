"""An archive of the first version, written row by row as that version wrote it, opened by this one."""

# ruff: noqa: E501
from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from quotetrack import pipeline
from quotetrack.store import open_store
from quotetrack.store.doctor import check
from quotetrack.store.migrations import migrations
from quotetrack.types import uid_of

from .articles import article, quotes, rows

SAID = "Wir werden den Hafentunnel nicht bauen"
TEXTS = [
    f"Seebrück (dpa) - „{SAID}“, sagte Anna Weber, Sprecherin der Stiftung Meer.",
    f"„{SAID}“, sagte Weber in Seebrück. (dpa)",
]
ROWS = """
insert into outlets(id, name) values (1, 'Bote (fictional)'), (2, 'Kurier (fictional)');
insert into people values (1, '{person}', 'Anna Weber', 'person', null, 'person:anna weber');
insert into aliases(person, name) values (1, 'Anna Weber'), (1, 'Weber');
insert into organisations values (1, 'g1', 'Stiftung Meer', null, 'stiftung meer');
insert into statements(id, uid, canonical, variants, person, speaker, language, first_published,
  last_published, first_outlet, occurrence_count, outlet_count, independent_count) values
  (1, 's1', '{said}', '', 1, 'Anna Weber', 'de', '2025-03-01', '2025-03-02', 1, 2, 2, 2);
insert into affiliations(id, person, organisation, role, first_seen, last_seen, evidence, identity)
  values (1, 1, 1, 'Sprecherin', '2025-03-01', '2025-03-01', 1, '{person}|g1|sprecherin');
insert into edges values (1, 2, 1.0, 'same', 'quotetrack', 'word for word'),
  (1, 3, 1.0, 'different', 'quotetrack', 'said before: word for word');
insert into redirects values ('s0', 's1', 'statement', '2025-03-02', 'the same statement');
insert into corrections(action, subject, detail, author, reason, "when")
  values ('rename', '{person}', '{{"name": "Anna Weber"}}', 'editor', 'spelling', '2025-03-02');
insert into statements(id, uid, canonical, variants, person, speaker, language, first_published,
  last_published, first_outlet, occurrence_count, outlet_count, independent_count) values
  (2, 's2', '{said}', '', 1, 'Anna Weber', 'de', '2025-05-01', '2025-05-01', 1, 1, 1, 1);
"""


@pytest.fixture
def old(path):
    with closing(sqlite3.connect(path)) as conn:
        migrations.apply(Database(conn), stop_before="m003_edits")
        conn.executescript(ROWS.format(person=uid_of("person", "person:anna weber"), said=SAID))
        for number, (text, day) in enumerate(
            zip([*TEXTS, TEXTS[0]], ("2025-03-01", "2025-03-02", "2025-05-01"), strict=True), 1
        ):
            start = text.index(SAID)
            extra = '{"archive_url": "https://copies.example/1"}' if number == 1 else None
            conn.execute(
                "insert into articles(id, uid, outlet, origin, url, published, language, text, sha256, fetched_at,"
                " extra, keyed) values (?1, 'a' || ?1, 2 - ?1 % 2, 'x', 'https://bote.example/' || ?1, ?2, 'de',"
                " ?3, 'sha' || ?1, '2025-03-03T00:00:00Z', ?4, 1)",
                [number, day, text, extra],
            )
            conn.execute(
                "insert into occurrences(id, uid, article, statement, person, affiliation, type, content, spans,"
                " passage_before, passage_after, confidence, rule, language, attribution) values (?1, 'o' || ?1,"
                " ?1, ?2, 1, iif(?1 = 1, 1, null), 'direct', ?3, ?4, '', '', 0.9, 'direct/test', 'de', ?5)",
                [
                    *(number, 1 + number // 3, SAID),
                    f'{{"content": [[{start}, {start + len(SAID)}]], "cue": [], "source": []}}',
                    '{"name": "Anna Weber", "kind": "person", "rule": "full name"}',
                ],
            )
        conn.commit()
    return path


def listed(columns) -> str:
    return ", ".join(f'"{column}"' for column in columns if column != "keyed")


def test_an_archive_of_the_first_version_upgrades_with_its_content(old):
    with closing(sqlite3.connect(old)) as conn:
        kept = {
            table: [row[1] for row in conn.execute(f"pragma table_info({table})")]
            for table in ("articles", "statements", "occurrences", "people", "redirects", "corrections")
        }
        before = {
            table: rows(conn, f"select {listed(columns)} from {table}") for table, columns in kept.items()
        }
    with open_store(old) as store:
        conn = store.conn
        for table, columns in kept.items():
            assert rows(conn, f"select {listed(columns)} from {table}") == before[table], table
        assert rows(conn, "select kind, why from edges order by b") == [
            ("comparison", "word for word"),
            ("said before", "word for word"),
        ]
        assert rows(conn, "select agencies from articles") == [("dpa",)] * 3
        assert rows(conn, "select article, url from article_copies") == [(1, "https://copies.example/1")]
        assert rows(conn, "select uid from statements_fts f join statements s on s.id = f.rowid"
                          " where statements_fts match 'hafentunnel' order by 1") == [("s1",), ("s2",)]  # fmt: skip
        resolved = store.resolve_uid("statement", "s0")
        assert resolved is not None
        assert resolved.uid == "s1"
        assert check(conn) == []
        new = article(TEXTS[1], 9, published="2025-03-02", outlet="Tagblatt (fictional)")
        store.record(new, "de", quotes(new.text), run=store.begin_run("1", {}, {}))
        pipeline.recluster(store)
        pipeline.cluster_new(store)
        assert rows(conn, "select uid, occurrence_count from statements order by uid") == [
            ("s1", 3),
            ("s2", 1),
        ]
        assert rows(conn, "select person, count(*) from occurrences group by person") == [(1, 4)]
        assert check(conn) == []
