"""What clustering read in the words of occurrences, kept beside them so that it need not read them again;
and the occurrences of archives of earlier versions, whose blocking keys are to be written anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from quotetrack.store import occurrences
from quotetrack.store.index import ClusterIndex
from quotetrack.store.occurrences import listed
from quotetrack.types import Occurrence

BATCH = 5000  # occurrences indexed in one transaction: some seconds

Pack = Callable[[Occurrence], bytes]
Postings = Callable[[Iterable[Occurrence]], Iterable[tuple[int, tuple[int, str]]]]


def keep(conn: sqlite3.Connection, some: Iterable[Occurrence], pack: Pack) -> None:
    """Keep the forms of these stored occurrences."""
    conn.executemany(
        "insert or replace into forms select id, ? from occurrences where uid = ?",
        ((pack(one), one.uid) for one in some),
    )


def is_pending(conn: sqlite3.Connection) -> bool:
    """Whether there are occurrences that have a statement and are not found yet by new ones."""
    return conn.execute("select 1 from to_index limit 1").fetchone() is not None


def index_batch(conn: sqlite3.Connection, postings: Postings, pack: Pack) -> None:
    """Index the first BATCH of these. Inside a transaction of the caller."""
    ids = [row for (row,) in conn.execute("select occurrence from to_index limit ?", [BATCH])]
    found = list(occurrences.by_id(conn, ids))
    keep(conn, found, pack)
    ClusterIndex(conn).add(postings(found))
    conn.execute("delete from to_index where occurrence in (select value from json_each(?))", [listed(ids)])
