"""Statements that translate each other: found among what one speaker said within days, kept as edges.

An edge stands between the fullest occurrences of two statements, judged "different", of kind
"translation". `statements.linked` tells which statements were looked at since their members changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

from quotetrack.store import occurrences
from quotetrack.store.index import write_edges
from quotetrack.store.occurrences import listed
from quotetrack.types import Edge, Occurrence

Translations = Callable[[Iterable[Occurrence]], Iterable[Edge]]

BATCH = 500  # statements looked at in one transaction
DAYS = 4  # between the first days of two statements that are compared; `cluster` asks for fewer
NEIGHBOURS = 400  # statements of one speaker near in time that one is compared with at most, the nearest


def is_pending(conn: sqlite3.Connection) -> bool:
    return conn.execute("select 1 from statements where not linked limit 1").fetchone() is not None


def link_batch(conn: sqlite3.Connection, translations: Translations) -> int:
    """Look at the first BATCH statements that were not looked at; returns how many links were written.
    Inside a transaction of the caller."""
    pending = [row for (row,) in conn.execute("select id from statements where not linked limit ?", [BATCH])]
    _forget(conn, pending)
    near = {one: others for one in pending if (others := _near(conn, one))}
    others = {other for found in near.values() for other in found}
    rivals = _linked(conn, others.difference(pending))
    fullest = _fullest(conn, {*near, *others, *(rival for _, rival in rivals)}) if near else {}
    statement = {occurrence.uid: one for one, occurrence in fullest.items()}
    links: dict[frozenset[int], Edge] = {}
    for edge in translations(fullest.values()) if near else ():
        links[frozenset((statement[edge.a], statement[edge.b]))] = edge
    found = {pair: edge for pair, edge in links.items() if len(pair) == 2 and not pair.isdisjoint(near)}
    write_edges(conn, (replace(edge, judgement="different") for edge in found.values()))
    conn.execute(
        "update statements set linked = 1 where id in (select value from json_each(?))", [listed(pending)]
    )
    better = frozenset[int]().union(*found)
    left = [(one, rival) for one, rival in rivals if one in better and frozenset((one, rival)) not in links]
    _part(conn, left)
    return len(found)


def _near(conn: sqlite3.Connection, statement: int) -> set[int]:
    """Statements in other languages by the same speaker within DAYS."""
    rows = conn.execute(
        "select t.id from statements s join statements t on t.person = s.person"
        " and t.first_published between date(s.first_published, ?2) and date(s.first_published, ?3) || 'U'"
        " where s.id = ?1 and t.language <> s.language and t.withdrawn is null"
        " order by abs(julianday(t.first_published) - julianday(s.first_published)), t.uid limit ?4",
        [statement, f"-{DAYS} days", f"+{DAYS} days", NEIGHBOURS],
    )
    return {other for (other,) in rows}


def _linked(conn: sqlite3.Connection, statements: set[int]) -> list[tuple[int, int]]:
    """These statements and those that they are linked to, as pairs."""
    side = (
        "select x.statement, y.statement from occurrences x join edges e on e.{here} = x.id"
        " join occurrences y on y.id = e.{there} where e.kind = 'translation' and y.statement is not null"
        " and x.statement in (select value from json_each(?1))"
    )
    both = f"{side.format(here='a', there='b')} union {side.format(here='b', there='a')}"
    return conn.execute(both, [listed(statements)]).fetchall() if statements else []


def _part(conn: sqlite3.Connection, pairs: list[tuple[int, int]]) -> None:
    """Take links back that gave way to better ones; the second of each pair has to find another."""
    own = "(select id from occurrences where statement = ?)"
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            conn.execute(
                f"delete from edges where kind = 'translation' and a in {own} and b in {own}",  # noqa: S608
                [one, other],
            )
        conn.execute("update statements set linked = 0 where id = ?", [pair[1]])


def _fullest(conn: sqlite3.Connection, statements: set[int]) -> dict[int, Occurrence]:
    """Statement -> its occurrence with the canonical text, the one with the smallest uid."""
    rows = conn.execute(
        "select s.id, min(o.uid) from statements s join occurrences o on o.statement = s.id"
        " and o.content = s.canonical and o.withdrawn is null"
        " where s.id in (select value from json_each(?)) group by s.id",
        [listed(statements)],
    ).fetchall()
    read = {one.uid: one for one in occurrences.by_uid(conn, [uid for _, uid in rows])}
    return {statement: read[uid] for statement, uid in rows}


def _forget(conn: sqlite3.Connection, statements: list[int]) -> None:
    """Links found for these statements as they were."""
    if conn.execute("select 1 from edges where kind = 'translation' limit 1").fetchone() is None:
        return
    own = "select o.id from occurrences o where o.statement in (select value from json_each(?))"
    made = "\"by\" = 'quotetrack' and kind = 'translation'"
    for end in ("a", "b"):
        conn.execute(f"delete from edges where {end} in ({own}) and {made}", [listed(statements)])  # noqa: S608
