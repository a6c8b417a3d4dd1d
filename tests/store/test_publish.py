from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quotetrack import cluster
from quotetrack.store import StoreError, open_store
from quotetrack.store.corrections import MergePeople, Withdraw
from quotetrack.store.publish import publish_database
from quotetrack.types import Affiliation, Failure

from .articles import article, quotes, rows

BODY = "Der Rest des Artikels gehört dem Blatt allein."


@pytest.fixture
def public(path, tmp_path):
    with open_store(path) as store:
        run = store.begin_run("0", {}, {"folder": "/home/anna"})
        for number, published in enumerate(["2025-05-01", "2024-01-01", None, "2025-03-01"]):
            text = f"„Wir warten nicht auf {number}“, sagte Anna Weber.\n\n{BODY}"
            bond = Affiliation("Stiftung Meer", f"Rolle {number % 2}")
            store.record(
                article(text, number, published=published, extra={"secret": 1}),
                "de",
                quotes(text, affiliation=bond),
                run=run,
            )
        store.fail(Failure("/home/anna/x.txt", "empty"), run)
        store.conn.execute(
            'insert into corrections(action, subject, detail, author, reason, "when") values'
            " ('reassign', 's1', '{}detail-for-editors', 'editor.private', 'wrong', '2025')"
        )
        _statements(store.conn)
    target = tmp_path / "public.db"
    publish_database(path, target)
    with closing(sqlite3.connect(target)) as conn:
        yield conn


def _statements(conn) -> None:
    """One statement an occurrence, as clustering would write them."""
    conn.execute(
        "insert into statements(id, uid, canonical, variants, person, speaker, language, first_published,"
        " occurrence_count) select o.id, 's' || o.id, content, '', person, 'Anna Weber', 'de', a.published, 1"
        " from occurrences o join articles a on a.id = article"
    )
    conn.execute("update occurrences set statement = id")


def test_ids_follow_publication(public):
    order = [(None,), ("2024-01-01",), ("2025-03-01",), ("2025-05-01",)]
    assert rows(public, "select first_published from statements order by id") == order
    assert rows(public, "select published from articles order by id") == order
    joined = "select a.published from occurrences o join articles a on a.id = article order by o.id"
    assert rows(public, joined) == order
    assert (
        rows(
            public, "select s.canonical = o.content from statements s join occurrences o on s.id = statement"
        )
        == [(1,)] * 4
    )
    assert rows(public, "pragma foreign_key_check") == []
    assert rows(public, "pragma integrity_check") == [("ok",)]


def test_nothing_private_is_in_the_file(public):
    tables = {name for (name,) in rows(public, "select name from sqlite_master where type = 'table'")}
    assert not tables & {
        "revisions",
        "article_keys",
        "blocking_keys",
        "failures",
        "runs",
        "_sqlite_migrations",
    }
    file = rows(public, "pragma database_list")[0][2]
    content = Path(file).read_bytes()
    for private in (
        *(BODY, "/home/anna", "secret", "articles.jsonl"),
        *("editor.private", "detail-for-editors"),
    ):
        assert private.encode() not in content
    assert b"Wir warten nicht auf 3" in content


def test_a_name_that_only_a_withdrawn_quote_gives_is_not_published(path, tmp_path):
    with open_store(path) as store:
        run = store.begin_run("0", {}, {})
        for number, name in enumerate(["Anna Weber-Lang", "Anna Weber", "Anna M. Weber", "Berta Roth"]):
            text = f"„Wir warten nicht auf {number}“, sagte {name}."
            store.record(article(text, number), "de", quotes(text, name), run=run)
        store.cluster_new(cluster)
        said = "json_extract(o.attribution, '$.name')"
        quote = dict(rows(store.conn, f"select {said}, o.uid from occurrences o"))
        person = dict(
            rows(store.conn, f"select {said}, p.uid from occurrences o join people p on p.id = o.person")
        )
        signed = {"author": "Redaktion", "reason": "verwechselt"}
        for other in ("Anna Weber", "Anna M. Weber"):
            if person[other] != person["Anna Weber-Lang"]:
                store.correct(MergePeople(person[other], person["Anna Weber-Lang"]), cluster, **signed)
        for name in ("Anna Weber-Lang", "Berta Roth"):
            store.correct(Withdraw("occurrence", quote[name]), cluster, **signed)
        number = store.correct(Withdraw("occurrence", quote["Anna M. Weber"]), cluster, **signed)
        store.undo(number, cluster, **signed)
    publish_database(path, tmp_path / "public.db")
    with closing(sqlite3.connect(tmp_path / "public.db")) as conn:
        assert rows(conn, "select name from people") == [("Anna M. Weber",)]
        assert rows(conn, "select name from aliases order by 1") == [("Anna M. Weber",), ("Anna Weber",)]
    assert b"Weber-Lang" not in (tmp_path / "public.db").read_bytes()


def test_an_outlet_keeps_its_address_when_another_joins(path, tmp_path):
    listed = "select id, name from outlets order by id"
    found = []
    for outlet in ("Norddeutsche Ebbe", "Ankerblatt"):  # the second goes before the first by name
        with open_store(path) as store:
            text = f"„Wir warten nicht auf {outlet}“, sagte Anna Weber."
            run = store.begin_run("0", {}, {})
            store.record(article(text, len(found), outlet=outlet), "de", quotes(text), run=run)
            store.cluster_new(cluster)
        target = tmp_path / f"{len(found)}.db"
        publish_database(path, target)
        with closing(sqlite3.connect(target)) as conn:
            found.append(rows(conn, listed))
            assert rows(conn, "pragma foreign_key_check") == []
    assert found == [[(1, "Norddeutsche Ebbe")], [(1, "Norddeutsche Ebbe"), (2, "Ankerblatt")]]


def test_search_and_counts_are_there(public):
    assert rows(public, "select rowid from statements_fts where statements_fts match 'warten 3'") == [(3,)]
    assert rows(public, "select count(*) from aliases_fts where aliases_fts match 'eber'") == [(1,)]
    assert rows(public, "select month, statements, occurrences from person_month_counts order by month") == [
        ("2024-01", 1, 1),
        ("2025-03", 1, 1),
        ("2025-05", 1, 1),
    ]
    assert rows(public, "select articles, occurrences, statements from outlet_counts") == [(4, 4, 4)]


def test_affiliations_keep_their_evidence(public):
    assert rows(
        public,
        "select role, o.content from affiliations f join occurrences o on o.id = evidence order by role",
    ) == [("Rolle 0", "Wir warten nicht auf 0"), ("Rolle 1", "Wir warten nicht auf 1")]


def test_only_a_public_copy_is_overwritten(path, tmp_path):
    with open_store(path):
        pass
    with pytest.raises(StoreError, match="no public copy"):
        publish_database(path, path)
    letter = tmp_path / "letter.txt"
    letter.write_text("Anna " * 500)
    with pytest.raises(StoreError, match="no public copy"):
        publish_database(path, letter)
    target = tmp_path / "public.db"
    publish_database(path, target)
    publish_database(path, target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["archive.db", "letter.txt", "public.db"]
