"""Archives of earlier versions: nothing changes its uid when they are opened, nor when they go on."""

from __future__ import annotations

from quotetrack import cluster
from quotetrack.store import open_store
from quotetrack.store.doctor import check
from quotetrack.types import Quote, Span

from .articles import article, rows

TEXT = "„Wir warten nicht.\n\n„Morgen bauen wir“, sagte Anna Weber."
FORMER, TODAY = "Wir warten nicht.\n\n„Morgen bauen wir", "Wir warten nicht.\n\nMorgen bauen wir"


def quote(text: str) -> Quote:
    return Quote("direct", (Span(text.index("Wir"), text.index("“")),))


def test_a_quote_over_paragraphs_is_the_same_one_in_an_archive_of_an_earlier_version(tmp_path):
    path = tmp_path / "old.db"
    with open_store(path) as store:
        store.record(article(TEXT), "de", [quote(TEXT)], run=store.begin_run("0", {}, {}))
        store.cluster_new(cluster)
        before = rows(
            store.conn, "select o.uid, s.uid from occurrences o join statements s on s.id = statement"
        )
        assert rows(store.conn, "select content, canonical from occurrences, statements") == [(TODAY, TODAY)]
        store.conn.execute("update occurrences set content = ?, passage = null", [FORMER])
        store.conn.execute("update statements set canonical = ?", [FORMER])
        store.conn.execute("delete from _sqlite_migrations where name = 'm060_contents'")
    with open_store(path) as store:
        assert rows(store.conn, "select content, passage, canonical from occurrences, statements") == [
            (TODAY, FORMER, TODAY)
        ]
        store.cluster_new(cluster)
        assert check(store.conn) == []
        changed = f"Neu: {TEXT}"
        kept = store.record(article(changed), "de", [quote(changed)], run=store.begin_run("0", {}, {}))
        assert (kept.kept, kept.gone) == (1, 0)
        store.cluster_new(cluster)
        assert before == rows(
            store.conn, "select o.uid, s.uid from occurrences o join statements s on s.id = statement"
        )
