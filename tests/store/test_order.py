"""In whatever order and batches articles arrive, the real store ends with the same statements."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack import cluster
from quotetrack.store import open_store

from .articles import article, quotes, rows

WORDS = (
    "Wir werden den Hafentunnel nicht bauen, solange mir niemand sagen kann, woher die Millionen kommen",
    "Wir werden den Hafentunnel bauen, solange mir niemand sagen kann, woher die Millionen kommen",
    "Wir werden den Hafentunnel nicht bauen, solange mir niemand",
    "solange mir niemand sagen kann, woher die Millionen kommen",
    "Die Brücke wird im Sommer gesperrt, weil die Pfeiler nach dem Hochwasser erneuert werden müssen",
    "Wir prüfen das",
)
QUOTES = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(["Anna Weber", "Bernd Roth", None]),
        st.sampled_from(["2025-03-01", "2025-03-02", "2025-03-20"]),
    ),
    min_size=2,
    max_size=7,
)


def statements(path: Path, said, batches) -> tuple[set[frozenset[str]], dict[str, str]]:
    """The groups of occurrence uids; and of each occurrence what its statement's uid leads to today."""
    with open_store(path) as store:
        run = store.begin_run("0", {}, {})
        for batch in batches:
            for number in batch:
                text, speaker, day = said[number]
                one = article(f"„{text}“, sagte {speaker or 'jemand'}.", number, published=day)
                store.record(one, "de", quotes(one.text, speaker), run=run)
            store.cluster_new(cluster)
            published = [uid for (uid,) in rows(store.conn, "select uid from statements")]
        groups: dict[str, set[str]] = {}
        pairs = "select o.uid, s.uid from occurrences o join statements s on s.id = o.statement"
        for occurrence, statement in rows(store.conn, pairs):
            groups.setdefault(statement, set()).add(occurrence)
        assert all(store.resolve_uid("statement", uid) for uid in published)
        return {frozenset(group) for group in groups.values()}, dict(rows(store.conn, pairs))


@settings(max_examples=25, deadline=None)
@given(QUOTES, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_arrival_changes_no_statement(said, shuffler, size):
    """Uids: the same where all arrive at once; else a statement may keep the uid that it was first published
    under, which is that of another member."""
    order = list(range(len(said)))
    with TemporaryDirectory() as folder:
        at_once, uids = statements(Path(folder) / "a.db", said, [order])
        shuffler.shuffle(order)
        again, same_uids = statements(Path(folder) / "b.db", said, [order])
        batches = [order[n : n + size] for n in range(0, len(order), size)]
        in_batches, _ = statements(Path(folder) / "c.db", said, batches)
    assert at_once == again == in_batches
    assert uids == same_uids
