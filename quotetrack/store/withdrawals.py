"""Quotes that are not shown any more: gone from their article, or withdrawn by a person.

`occurrences.withdrawn` and `statements.withdrawn` are derived: from `occurrences.gone` and from the
corrections in force. A statement is withdrawn with the last of its quotes, and takes its quotes along.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from quotetrack.queries.links import GONE_REASON
from quotetrack.store.corrections import Book
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import resolve_uid

# A person withdrew it: its words are for nobody to see. (An outlet's own edit is part of the story.)
WITHHELD = f"o.withdrawn is not null and o.withdrawn is not {GONE_REASON}"


def gone_reason(date: str) -> str:
    return f"no longer in the article (since {date})"


def derive(conn: sqlite3.Connection, occurrences: Collection[int], book: Book) -> None:
    """Set `withdrawn` of these occurrences (ids); `statements.refresh` carries it on to statements."""
    reasons = {}
    for uid in book.statements & book.withdrawn.keys():
        if (now := resolve_uid(conn, "statement", uid)) is not None:
            reasons[now.uid] = book.withdrawn[uid]
    rows = conn.execute(
        "select o.id, o.uid, s.uid, o.gone, o.withdrawn from occurrences o"
        " left join statements s on s.id = o.statement where o.id in (select value from json_each(?))",
        [listed(occurrences)],
    ).fetchall()
    for row, uid, statement, gone, before in rows:
        reason = book.withdrawn.get(uid) or reasons.get(statement) or (gone_reason(gone) if gone else None)
        if reason != before:
            conn.execute("update occurrences set withdrawn = ? where id = ?", [reason, row])
