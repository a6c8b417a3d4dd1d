"""Applying a correction: write it down, derive anew what it touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from quotetrack.identity import Catalogue
from quotetrack.store import (
    clustering,
    namesakes,
    occurrences,
    people,
    speakers,
    statements,
    withdrawals,
)
from quotetrack.store.clustering import Clusterer
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import Book, Correction, Entry, append, entries, in_force, read_book
from quotetrack.store.entering import entry_of, signed
from quotetrack.store.index import write_edges
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import Kind, add_redirect, resolve_uid


@dataclass(frozen=True, slots=True)
class _Touched:
    """What has to be derived anew. occurrences: ids, for their speaker and whether they are shown;
    statements: uids whose members are grouped anew; revived: see `clustering.recluster`."""

    occurrences: Collection[int] = ()
    statements: Collection[str] = ()
    revived: Mapping[str, str] = field(default_factory=dict)


def correct(
    conn: sqlite3.Connection,
    correction: Correction,
    clusterer: Clusterer,
    *,
    author: str,
    reason: str,
    now: str,
    catalogue: Catalogue | None = None,
) -> int:
    """Returns the correction's number. catalogue: of organisations, the one that ships unless given.

    Inside a transaction of the caller. Raises StoreError.
    """
    entry = entry_of(conn, correction, author=author, reason=reason, now=now)
    before = _touched(conn, entry)
    append(conn, entry)
    _derive(conn, entry, before, clusterer, now, catalogue)
    return entry.id


def undo(
    conn: sqlite3.Connection,
    number: int,
    clusterer: Clusterer,
    *,
    author: str,
    reason: str,
    now: str,
    catalogue: Catalogue | None = None,
) -> int:
    """Take a correction back (or an undo). Returns the new entry's number. Raises StoreError."""
    rows = {entry.id: entry for entry in entries(conn)}
    if number not in rows:
        raise StoreError(f"no correction has the number {number}")
    if number not in {entry.id for entry in in_force(list(rows.values()))}:
        raise StoreError(f"correction {number} was undone already")
    undone = rows[number]
    entry = signed(conn, "undo", undone.subject, {}, author=author, reason=reason, now=now)
    meant = _meant(undone, rows)
    before = _touched(conn, meant)
    append(conn, replace(entry, undoes=number))
    _derive(conn, meant, before, clusterer, now, catalogue)
    return entry.id


def is_behind(conn: sqlite3.Connection) -> bool:
    """Whether corrections or statements' uids came with an export and `catch_up` has not run since."""
    (behind,) = conn.execute(
        "select exists (select 1 from arrivals) or exists"
        " (select 1 from occurrences where claim is not null and +statement is not null)"
    ).fetchone()
    return bool(behind)


def catch_up(
    conn: sqlite3.Connection, clusterer: Clusterer, now: str, catalogue: Catalogue | None = None
) -> None:
    """Derive what corrections that came with an export touch of the quotes that were here before them.

    Statements' uids of there lead to the statements of here. Inside a transaction of the caller, after
    clustering.
    """
    for old, new in conn.execute(
        "select o.claim, s.uid from occurrences o join statements s on s.id = o.statement"
        " where o.claim is not null and o.claim <> s.uid and o.claim not in (select uid from statements)"
        " order by o.id"
    ).fetchall():
        if resolve_uid(conn, "statement", old) is None:
            add_redirect(conn, "statement", old, new, now=now, reason="the same statement")
    conn.execute("update occurrences set claim = null where claim is not null and +statement is not null")
    rows = {entry.id: entry for entry in entries(conn)}
    for (number,) in conn.execute("select correction from arrivals order by correction").fetchall():
        meant = _meant(rows[number], rows)
        _derive(conn, meant, _touched(conn, meant), clusterer, now, catalogue)
    conn.execute("delete from arrivals")


def _meant(entry: Entry, rows: Mapping[int, Entry]) -> Entry:
    """The correction that an undo, or the undo of one, is about."""
    while entry.undoes is not None:
        entry = rows[entry.undoes]
    return entry


def _touched(conn: sqlite3.Connection, entry: Entry) -> _Touched:
    """Read before the entry is written: who has what now."""
    subject, detail = entry.subject, entry.detail
    match entry.action:
        case "withdraw" | "reinstate" if detail["kind"] == "statement":
            return _Touched(_ids(conn, "statement", [_now(conn, "statement", subject)]))
        case "identify":
            taken = namesakes.taken_as(conn, str(detail["entry"])) if "entry" in detail else []
            return _Touched(taken)
        case "withdraw" | "reinstate" | "reassign" | "affiliate":
            return _Touched(_ids(conn, "occurrence", [subject]))
        case "rename":
            return _Touched(_ids(conn, "person", [_now(conn, "person", subject)]))
        case "merge people":
            both = [subject, _now(conn, "person", subject), _now(conn, "person", str(detail["into"]))]
            return _Touched(_ids(conn, "person", both))
        case "split person":
            split_off = _ids(conn, "occurrence", _list(detail["occurrences"]))
            return _Touched({*split_off, *namesakes.taken_as(conn, people.split_off(entry))})
        case "keep apart":
            return _Touched()
        case "part statements":
            return _Touched(statements=_statements_of(conn, _list(detail["pair"])))
        case "join statements":
            pair = _list(detail["pair"])
            former = dict(zip(pair, (subject, str(detail["other"])), strict=True))
            live = {uid for uid in former.values() if _now(conn, "statement", uid) == uid}
            revived = {occurrence: uid for occurrence, uid in former.items() if uid not in live}
            return _Touched(statements=_statements_of(conn, pair), revived=revived)
        case _:
            return _Touched(
                statements=_statements_of(conn, [*_list(detail["moved"]), *_list(detail["rest"])])
            )


def _derive(
    conn: sqlite3.Connection,
    entry: Entry,
    touched: _Touched,
    clusterer: Clusterer,
    now: str,
    catalogue: Catalogue | None,
) -> None:
    """Bring the tables in line with the book as it is now. entry: the correction made or undone."""
    conn.execute("pragma defer_foreign_keys = on")  # statements let go of a merged person last
    book = read_book(entries(conn))
    before = list(occurrences.by_id(conn, touched.occurrences))
    people.before_quotes_move(conn, entry, book)
    speakers.move(conn, touched.occurrences, book)
    if entry.action == "affiliate":
        speakers.reaffiliate(conn, touched.occurrences, book, catalogue)
    people.after_quotes_moved(conn, entry, book, now)
    withdrawals.derive(conn, touched.occurrences, book)
    named = {one.uid: one.speaker for one in occurrences.by_id(conn, touched.occurrences)}
    moved = [one for one in before if one.speaker != named[one.uid]]
    clustering.redecide(conn, clusterer, moved, now, book)
    if touched.statements:
        _tell(conn, touched.statements, book)
        clustering.recluster(conn, clusterer, touched.statements, now, book, touched.revived)
    rows = conn.execute(
        "select distinct statement from occurrences where statement is not null"
        " and id in (select value from json_each(?))",
        [listed(touched.occurrences)],
    ).fetchall()
    statements.refresh(conn, [statement for (statement,) in rows], clusterer.canonical)


def _tell(conn: sqlite3.Connection, touched: Collection[str], book: Book) -> None:
    """The judgements by people between members of these statements (uids), as the book has them."""
    members: dict[str, int] = dict(
        conn.execute(
            "select o.uid, o.id from occurrences o join statements s on s.id = o.statement"
            " where s.uid in (select value from json_each(?))",
            [listed(touched)],
        )
    )
    conn.execute(
        "with own as (select value from json_each(?)) delete from edges"
        " where \"by\" <> 'quotetrack' and (a in own or b in own)",
        [listed(members.values())],
    )
    write_edges(conn, [edge for (a, b), edge in book.told.items() if a in members or b in members])


def _now(conn: sqlite3.Connection, kind: Kind, uid: str) -> str:
    found = resolve_uid(conn, kind, uid)
    return found.uid if found else uid


def _statements_of(conn: sqlite3.Connection, occurrences: Collection[str]) -> set[str]:
    rows = conn.execute(
        "select distinct s.uid from occurrences o join statements s on s.id = o.statement"
        " where o.uid in (select value from json_each(?))",
        [listed(occurrences)],
    )
    return {uid for (uid,) in rows}


def _ids(conn: sqlite3.Connection, kind: Kind, uids: Collection[str]) -> list[int]:
    """Ids of these occurrences, or of the occurrences of these people or statements."""
    sql = {
        "occurrence": "select id from occurrences where uid in (select value from json_each(?))",
        "person": "select o.id from occurrences o join people p on p.id = o.person"
        " where p.uid in (select value from json_each(?))",
        "statement": "select o.id from occurrences o join statements s on s.id = o.statement"
        " where s.uid in (select value from json_each(?))",
    }[kind]
    return [row for (row,) in conn.execute(sql, [listed(uids)])]


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]
