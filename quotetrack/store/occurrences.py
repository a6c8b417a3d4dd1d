"""Occurrences as clustering sees them, read from the archive."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from quotetrack.types import Occurrence

_COLUMNS = "o.uid, o.content, o.type, p.name, p.uid, a.published, u.name, o.language, a.uid"
_FROM = (
    " from occurrences o join articles a on a.id = o.article"
    " left join outlets u on u.id = a.outlet left join people p on p.id = o.person"
)
_SELECT = f"select {_COLUMNS}{_FROM}"
_WITH_FORMS = f"select {_COLUMNS}, f.form{_FROM} left join forms f on f.occurrence = o.id"


def by_uid(conn: sqlite3.Connection, uids: Collection[str]) -> Iterator[Occurrence]:
    where = "where o.uid in (select value from json_each(?))"
    yield from _read(conn, f"{_WITH_FORMS} {where}", listed(uids))


def by_id(conn: sqlite3.Connection, ids: Collection[int]) -> Iterator[Occurrence]:
    """Those that have a statement."""
    where = "where o.id in (select value from json_each(?)) and o.statement is not null"
    yield from _read(conn, f"{_SELECT} {where}", listed(ids))


def of_statements(conn: sqlite3.Connection, statements: Collection[str]) -> dict[str, list[Occurrence]]:
    """statements: uids."""
    found: dict[str, list[Occurrence]] = {}
    for statement, *row in conn.execute(
        f"select s.uid, {_COLUMNS}, f.form from json_each(?) wanted join statements s on s.uid = wanted.value"  # noqa: S608
        " join occurrences o on o.statement = s.id join articles a on a.id = o.article"
        " left join outlets u on u.id = a.outlet left join people p on p.id = o.person"
        " left join forms f on f.occurrence = o.id",
        [listed(statements)],
    ):
        found.setdefault(statement, []).append(Occurrence(*row))
    return found


def every(conn: sqlite3.Connection) -> Iterator[Occurrence]:
    yield from _read(conn, f"{_SELECT} order by o.id")


def without_statement(conn: sqlite3.Connection, limit: int) -> list[Occurrence]:
    """The first `limit` in order of recording."""
    return list(_read(conn, f"{_SELECT} where o.statement is null order by o.id limit ?", limit))


def keep_before(conn: sqlite3.Connection, before: Collection[Occurrence]) -> None:
    """Note those of which something that statements depend on has changed, as they were (see `to_redecide`);
    of one noted already, what it was first stays."""
    now = {one.uid: one for one in by_uid(conn, [one.uid for one in before])}
    conn.executemany(
        "insert or ignore into redecisions select id, ?, ?, ? from occurrences where uid = ?",
        (
            (one.speaker, one.published, one.language, one.uid)
            for one in before
            if _decisive(now[one.uid]) != _decisive(one)
        ),
    )


def to_redecide(conn: sqlite3.Connection) -> list[Occurrence]:
    """The occurrences that `keep_before` noted, as they were; they are noted no more."""
    if conn.execute("select 1 from redecisions limit 1").fetchone() is None:
        return []
    noted = conn.execute(
        "delete from redecisions returning (select uid from occurrences where id = occurrence),"
        " speaker, published, language"
    ).fetchall()
    now = {one.uid: one for one in by_uid(conn, [uid for uid, *_ in noted])}
    return [
        replace(now[uid], speaker=speaker, published=published, language=language)
        for uid, speaker, published, language in noted
    ]


def _decisive(one: Occurrence) -> tuple[str | None, str | None, str | None]:
    return one.speaker, one.published, one.language


def ids_in(conn: sqlite3.Connection, statements: Collection[int]) -> list[int]:
    """Ids of the occurrences of these statements (ids)."""
    rows = conn.execute(
        "select id from occurrences where statement in (select value from json_each(?))", [listed(statements)]
    )
    return [row for (row,) in rows]


def uids_of(conn: sqlite3.Connection, ids: Collection[int]) -> dict[int, str]:
    rows = conn.execute(
        "select id, uid from occurrences where id in (select value from json_each(?))", [listed(ids)]
    )
    return dict(rows)


def listed(values: Collection[object]) -> str:
    """For `in (select value from json_each(?))`: any number of values in one parameter."""
    return json.dumps(list(values))


def _read(conn: sqlite3.Connection, sql: str, *values: object) -> Iterator[Occurrence]:
    for row in conn.execute(sql, values):
        yield Occurrence(*row)


@dataclass(frozen=True, slots=True)
class Member:
    """An occurrence as a member of its statement. outlet, person: ids; 0 is unknown, and counts as one.

    origin: outlet of the article that its article reprints, else its own.
    """

    statement: int
    occurrence: Occurrence
    outlet: int
    origin: int
    person: int
    reprint: bool
    withdrawn: str | None


def members_of(conn: sqlite3.Connection, statements: Collection[int]) -> Iterator[Member]:
    """statements: ids. Grouped by statement, in order of id."""
    for row in conn.execute(
        "select o.statement, o.uid, o.content, o.type, p.name, p.uid, a.published, o.language, a.uid,"
        " coalesce(a.outlet, 0), coalesce(original.outlet, iif(original.id is null, a.outlet, 0), 0),"
        " coalesce(o.person, 0), a.reprint_of is not null, o.withdrawn, f.form"
        " from occurrences o join articles a on a.id = o.article left join forms f on f.occurrence = o.id"
        " left join articles original on original.id = a.reprint_of left join people p on p.id = o.person"
        " where o.statement in (select value from json_each(?)) order by o.statement, o.uid",
        [listed(statements)],
    ):
        uid, content, kind, name, person_uid, published, language, article = row[1:9]
        occurrence = Occurrence(
            uid, content, kind, name, person_uid, published, None, language, article, row[14]
        )
        yield Member(row[0], occurrence, row[9], row[10], row[11], bool(row[12]), row[13])
