"""When documents of the web were last read whole, so that their servers need not send them again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from quotetrack.types import Visit

_COLUMNS = "url, location, etag, modified, fresh_until"


def last(conn: sqlite3.Connection, url: str) -> Visit | None:
    """The last visit to this address, as it was asked for."""
    row = conn.execute(f"select {_COLUMNS} from visits where url = ?", [url]).fetchone()  # noqa: S608
    return None if row is None else Visit(*row)


def keep(conn: sqlite3.Connection, visits: Iterable[Visit]) -> None:
    """Remember these instead of earlier ones to the same addresses."""
    conn.executemany(
        f"insert or replace into visits({_COLUMNS}) values (?, ?, ?, ?, ?)",  # noqa: S608
        ((v.url, v.location, v.etag, v.modified, v.fresh_until) for v in visits),
    )
