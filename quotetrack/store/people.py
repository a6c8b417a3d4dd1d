"""Rows of `people` and `aliases` under corrections: names, merges, splits, and taking them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from quotetrack.store import namesakes, roster
from quotetrack.store.corrections import Book, Entry
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import add_redirect, drop_redirect, resolve_uid


def as_was(conn: sqlite3.Connection, person: str) -> dict[str, object]:
    """What an undone merge has to bring back of the person with this uid."""
    name, kind, wikidata, identity = conn.execute(
        "select name, kind, wikidata, identity from people where uid = ?", [person]
    ).fetchone()
    aliases = conn.execute(
        "select a.name from aliases a join people p on p.id = person where uid = ? order by a.id", [person]
    ).fetchall()
    was = {"uid": person, "name": name, "kind": kind, "wikidata": wikidata, "identity": identity}
    return {"was": was, "aliases": [alias for (alias,) in aliases]}


def as_speaker(conn: sqlite3.Connection, person: str) -> dict[str, object]:
    """The person with this uid as a correction names whom quotes go to, under the name of the articles."""
    kind, identity = conn.execute("select kind, identity from people where uid = ?", [person]).fetchone()
    return {"uid": person, "name": _name(conn, person, Book()), "kind": kind, "identity": identity}


def before_quotes_move(conn: sqlite3.Connection, entry: Entry, book: Book) -> None:
    """entry: the correction that was made or undone; book: what holds now."""
    if entry.action == "rename":
        _rename(conn, entry, book)
    elif entry.action == "merge people" and entry.subject not in book.merged:
        drop_redirect(conn, "person", entry.subject)
        conn.execute(
            "insert into people(uid, name, kind, wikidata, identity)"
            " values (:uid, :name, :kind, :wikidata, :identity) on conflict do nothing",
            entry.detail["was"],  # type: ignore[arg-type]
        )
        conn.execute(
            "update people set name = ? where uid = ?", [_name(conn, entry.subject, book), entry.subject]
        )
    elif entry.action == "split person":
        drop_redirect(conn, "person", split_off(entry))
    elif entry.action == "identify" and "entry" in entry.detail:
        drop_redirect(conn, "person", str(entry.detail["entry"]))


def after_quotes_moved(conn: sqlite3.Connection, entry: Entry, book: Book, now: str) -> None:
    if entry.action == "merge people":
        _settle_merge(conn, entry, book, now)
    elif entry.action == "split person":
        _end_if_quoteless(conn, split_off(entry), entry.subject, now)
    elif entry.action == "keep apart":
        _keep_apart(conn, entry, book)
    elif entry.action == "identify" and (old := str(entry.detail.get("entry", ""))) in book.merged:
        add_redirect(conn, "person", old, book.person(old), now=now, reason="the same person")
    if entry.action in ("rename", "merge people", "split person", "identify"):
        own = {entry.subject, str(entry.detail.get("into", entry.subject))}
        roster.settle(conn, {book.person(uid) for uid in own}, book)


def _keep_apart(conn: sqlite3.Connection, entry: Entry, book: Book) -> None:
    a, b = sorted((entry.subject, str(entry.detail["other"])))
    conn.execute("delete from proposals where a = ? and b = ? and \"by\" <> 'quotetrack'", [a, b])
    if told := book.apart.get((a, b)):
        conn.execute(
            "insert into proposals values (?, ?, 0, 'different', ?, ?, ?)",
            [a, b, told.reason, told.author, told.when],
        )


def _rename(conn: sqlite3.Connection, entry: Entry, book: Book) -> None:
    """The first name stays an alias: a corrected spelling must not make a person harder to find."""
    found = resolve_uid(conn, "person", entry.subject)
    if found is None:
        return
    name = _name(conn, found.uid, book)
    conn.execute("update people set name = ? where uid = ?", [name, found.uid])
    _add_aliases(conn, found.uid, [name])
    namesakes.file_name(conn, found.uid, name)
    _drop_aliases(conn, found.uid, [str(entry.detail["name"])])


def _name(conn: sqlite3.Connection, person: str, book: Book) -> str:
    """The name in force: as corrected, else the one before the first time a person renamed it."""
    if person in book.names:
        return book.names[person]
    first = conn.execute(
        "select json_extract(detail, '$.was') from corrections where action = 'rename' and subject = ?"
        " order by id limit 1",
        [person],
    ).fetchone()
    (now,) = conn.execute("select name from people where uid = ?", [person]).fetchone()
    return str(first[0] if first else now)


def _settle_merge(conn: sqlite3.Connection, entry: Entry, book: Book, now: str) -> None:
    """Names move with the quotes: to the other person, or back."""
    source, aliases = entry.subject, entry.detail["aliases"]
    assert isinstance(aliases, list)
    if merged := source in book.merged:
        _add_aliases(conn, book.person(source), aliases)
        _delete(conn, source)
    for old in book.merged:
        add_redirect(conn, "person", old, book.person(old), now=now, reason="the same person")
    if not merged:
        _add_aliases(conn, source, aliases)
        _drop_aliases(conn, book.person(str(entry.detail["into"])), aliases)


def _end_if_quoteless(conn: sqlite3.Connection, person: str, successor: str, now: str) -> None:
    """A person who was split off and has no quotes any more was never there."""
    quoted = "select 1 from occurrences join people on people.id = person where people.uid = ?"
    found = resolve_uid(conn, "person", successor)
    if found is not None and conn.execute(quoted, [person]).fetchone() is None:
        _delete(conn, person)
        add_redirect(conn, "person", person, found.uid, now=now, reason="the same person")


def split_off(entry: Entry) -> str:
    """The uid of whom a split makes."""
    speaker = entry.detail["speaker"]
    assert isinstance(speaker, dict)
    return str(speaker["uid"])


def _delete(conn: sqlite3.Connection, person: str) -> None:
    conn.execute("delete from aliases where person = (select id from people where uid = ?)", [person])
    conn.execute("delete from people where uid = ?", [person])


def _add_aliases(conn: sqlite3.Connection, person: str, names: Collection[str]) -> None:
    conn.executemany(
        "insert into aliases(person, name) select id, ? from people where uid = ? on conflict do nothing",
        ((name, person) for name in names),
    )


def _drop_aliases(conn: sqlite3.Connection, person: str, names: Collection[str]) -> None:
    """Of these names the ones that neither an article nor the person's own row gives."""
    conn.execute(
        "delete from aliases where id in (select a.id from aliases a join people p on p.id = a.person"
        " where p.uid = ? and a.name <> p.name and a.name in (select value from json_each(?))"
        " and not exists (select 1 from occurrences o where o.person = p.id"
        " and json_extract(o.attribution, '$.name') = a.name))",
        [person, listed(names)],
    )
