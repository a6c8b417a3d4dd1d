"""Where an old uid leads: published uids never change meaning, so every merge leaves a redirect."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

Kind = Literal["statement", "occurrence", "person", "organisation", "article"]
_TABLES: dict[Kind, str] = {
    "statement": "statements",
    "occurrence": "occurrences",
    "person": "people",
    "organisation": "organisations",
    "article": "articles",
}
_WITHDRAWABLE = ("statement", "occurrence")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The uid that stands today; withdrawn: the public reason when it is not shown any more."""

    uid: str
    withdrawn: str | None = None


def resolve_uid(conn: sqlite3.Connection, kind: Kind, uid: str) -> Resolved | None:
    """Follow redirects from `uid`; None when there never was such a uid."""
    row = conn.execute(
        "with recursive chain(uid) as (select :uid union"
        " select new_uid from redirects join chain on old_uid = chain.uid where kind = :kind)"
        " select chain.uid from chain left join redirects on old_uid = chain.uid and kind = :kind"
        " where old_uid is null",
        {"uid": uid, "kind": kind},
    ).fetchone()
    if row is None:
        return None
    withdrawn = "withdrawn" if kind in _WITHDRAWABLE else "null"
    found = conn.execute(f"select uid, {withdrawn} from {_TABLES[kind]} where uid = ?", row).fetchone()  # noqa: S608
    return Resolved(*found) if found else None


def add_redirect(conn: sqlite3.Connection, kind: Kind, old: str, new: str, *, now: str, reason: str) -> None:
    """Send `old` to `new`, and with it all that led to `old`: no chain is longer than one step."""
    conn.execute("delete from redirects where old_uid = ? and kind = ?", [new, kind])
    conn.execute("update redirects set new_uid = ? where new_uid = ? and kind = ?", [new, old, kind])
    conn.execute(
        'insert into redirects(old_uid, new_uid, kind, "when", reason) values (?, ?, ?, ?, ?)'
        " on conflict(old_uid) do update set new_uid = excluded.new_uid, reason = excluded.reason",
        [old, new, kind, now, reason],
    )


def drop_redirect(conn: sqlite3.Connection, kind: Kind, old: str) -> None:
    """`old` stands for itself again."""
    conn.execute("delete from redirects where old_uid = ? and kind = ?", [old, kind])
