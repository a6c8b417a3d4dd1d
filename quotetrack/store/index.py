"""What clustering asks of an archive, answered from SQLite: blocking keys, members, judgements."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from quotetrack.store import occurrences
from quotetrack.store.occurrences import listed
from quotetrack.types import Edge, EdgeKind, Judgement, Occurrence

NEXT_INDEX = "blocking_keys_next"  # how the index of a rebuild at work begins, or of one that was killed
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_PREFIX, _BITS = 5, 25  # 30 ** 5 < 2 ** 25


class Posting(NamedTuple):
    """An indexed occurrence; `rank` is smaller for longer texts."""

    rank: int
    occurrence: str


class ClusterIndex:
    """The archive as `cluster` wants it, for one transaction that adds no judgements of people before it asks
    for them. Reads what is stored; writes `blocking_keys` only."""

    def __init__(self, conn: sqlite3.Connection, table: str = "blocking_keys") -> None:
        """table: where `add` writes."""
        self._conn = conn
        self._table = table
        self._judged: bool | None = None  # see `is_judged`; asked once

    def add(self, postings: Iterable[tuple[int, tuple[int, str]]]) -> None:
        if rows := list(self._rows(postings)):
            self._conn.executemany(
                f"insert or ignore into {self._table}(key, rank, occurrence) values (?, ?, ?)",  # noqa: S608
                rows,
            )

    def forget(self, postings: Iterable[tuple[int, tuple[int, str]]]) -> None:
        """Take back what `add` wrote for these."""
        self._conn.executemany(
            f"delete from {self._table} where key = ? and rank = ? and occurrence = ?",  # noqa: S608
            self._rows(postings),
        )

    def _rows(self, postings: Iterable[tuple[int, tuple[int, str]]]) -> Iterator[tuple[int, int, int]]:
        last, row, place = ("", 0), 0, 0  # postings of one occurrence follow each other
        for key, (rank, uid) in postings:
            if (uid, rank) != last:
                (row,) = self._conn.execute("select id from occurrences where uid = ?", [uid]).fetchone()
                last, place = (uid, rank), _place(rank, uid)
            yield key, place, row

    def groups(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[Any]]:
        """Key -> its first `limit` postings in order of (rank, uid); keys without any are left out."""
        rows = self._conn.execute(
            "select wanted.value, k.rank, k.occurrence from json_each(?) wanted cross join blocking_keys k"
            " on k.key = wanted.value and k.rank <= coalesce((select rank from blocking_keys"
            " where key = wanted.value order by rank, occurrence limit 1 offset ?), 9223372036854775807)",
            [listed(keys), limit],
        ).fetchall()
        uids = occurrences.uids_of(self._conn, {row for _, _, row in rows})  # most share several keys
        found: dict[int, list[tuple[int, str]]] = {}
        for key, place, row in rows:
            found.setdefault(key, []).append((place, uids[row]))
        return {
            key: [Posting(place >> _BITS, uid) for place, uid in sorted(group)[:limit]]
            for key, group in found.items()
        }

    def occurrences(self, uids: Collection[str]) -> Iterable[Occurrence]:
        return [] if not uids else occurrences.by_uid(self._conn, uids)

    def statements_of(self, occurrences: Collection[str]) -> Mapping[str, str]:
        if not occurrences:
            return {}
        rows = self._conn.execute(
            "select o.uid, s.uid from occurrences o join statements s on s.id = o.statement"
            " where o.uid in (select value from json_each(?))",
            [listed(occurrences)],
        )
        return dict(rows)

    def members(self, statements: Collection[str]) -> Mapping[str, list[Occurrence]]:
        return {} if not statements else occurrences.of_statements(self._conn, statements)

    def edges_of(self, occurrences: Collection[str]) -> list[Edge]:
        """All by the machine with an end in these occurrences (uids)."""
        own = "(select id from occurrences where uid in (select value from json_each(?1)))"
        table = f"(select * from edges where a in {own} union select * from edges where b in {own})"  # noqa: S608
        where = "where e.\"by\" = 'quotetrack'"
        return list(_edges(self._conn, f"{_EDGES.format(table=table)} {where}", listed(occurrences)))

    def judgements(self, statements: Collection[str]) -> Iterable[Edge]:
        """Edges with judgement "same", and all edges by people, with an end in these statements (uids)."""
        return self._with_an_end_in(statements, "e.judgement = 'same' or e.\"by\" <> 'quotetrack'")

    def told(self, statements: Collection[str]) -> Iterable[Edge]:
        """All edges by people with an end in these statements (uids)."""
        return self._with_an_end_in(statements, "e.\"by\" <> 'quotetrack'") if self.is_judged() else []

    def is_judged(self) -> bool:
        """Whether a person judged any pair at all."""
        if self._judged is None:
            found = self._conn.execute("select 1 from edges where \"by\" <> 'quotetrack' limit 1").fetchone()
            self._judged = found is not None
        return self._judged

    def _with_an_end_in(self, statements: Collection[str], which: str) -> Iterable[Edge]:
        if not statements:
            return []
        wanted = (
            "with wanted as (select o.id from occurrences o join statements s on s.id = o.statement"
            " where s.uid in (select value from json_each(?))), found as ("
            "select edges.* from wanted join edges on a = wanted.id union"
            " select edges.* from wanted join edges on b = wanted.id)"
        )  # an "or" over both ends would read all edges
        found = _EDGES.format(table="found")
        return _edges(self._conn, f"{wanted} {found} where {which}", listed(statements))


_CLUSTERED = "e.\"by\" = 'quotetrack' and e.kind <> 'translation'"
_EDGES = (
    'select x.uid, y.uid, e.similarity, e.judgement, e."by", e.why, e.kind from {table} e'
    " join occurrences x on x.id = e.a join occurrences y on y.id = e.b"
)


def edges_by_people(conn: sqlite3.Connection) -> Iterator[Edge]:
    return _edges(conn, f"{_EDGES.format(table='edges')} where e.\"by\" <> 'quotetrack'")


def edges_by_machine(conn: sqlite3.Connection) -> Iterator[Edge]:
    """Those that clustering wrote; links that it did not look for (translations) are left out."""
    return _edges(conn, f"{_EDGES.format(table='edges')} where {_CLUSTERED}")


def edges_among(conn: sqlite3.Connection, occurrences: Collection[str]) -> list[Edge]:
    """Those that clustering wrote between any two of these occurrences (uids)."""
    if not occurrences:
        return []
    wanted = "with wanted as (select o.id from occurrences o where o.uid in (select value from json_each(?)))"
    # "+": all edges of each one are read; with the index each pair of occurrences would be looked up
    among = f"where e.a = wanted.id and +e.b in wanted and {_CLUSTERED}"
    sql = f"{wanted} {_EDGES.format(table='wanted cross join edges')} {among}"
    return list(_edges(conn, sql, listed(occurrences)))


def _edges(conn: sqlite3.Connection, sql: str, *values: object) -> Iterator[Edge]:
    judgement: Judgement
    kind: EdgeKind
    for a, b, similarity, judgement, by, why, kind in conn.execute(sql, values):
        yield Edge(min(a, b), max(a, b), similarity, judgement, by, why, kind)


def delete_edges(conn: sqlite3.Connection, edges: Iterable[Edge]) -> None:
    """Those by the machine between these pairs."""
    conn.executemany(
        "delete from edges where \"by\" = 'quotetrack' and (a, b) = (select min(x.id, y.id), max(x.id, y.id)"
        " from occurrences x, occurrences y where x.uid = ? and y.uid = ?)",
        ((edge.a, edge.b) for edge in edges),
    )


def write_edges(conn: sqlite3.Connection, edges: Iterable[Edge]) -> None:
    """Store edges between occurrences by uid; one of the same pair by the same judge is replaced."""
    edges = list(edges)
    if not edges:
        return
    conn.executemany(
        'insert into edges(a, b, similarity, judgement, "by", why, kind)'
        " select min(x.id, y.id), max(x.id, y.id), ?3, ?4, ?5, ?6, ?7 from occurrences x, occurrences y"
        " where x.uid = ?1 and y.uid = ?2 on conflict do update set similarity = excluded.similarity,"
        " judgement = excluded.judgement, why = excluded.why, kind = excluded.kind",
        ((e.a, e.b, e.similarity, e.judgement, e.by, e.why, e.kind) for e in edges),
    )


def _place(rank: int, uid: str) -> int:
    """A rank that sorts by uid among equals, whatever the order of arrival: which of the many that share
    a key come first must not depend on who came first."""
    number = 0
    for letter in uid[:_PREFIX]:
        number = number * len(_ALPHABET) + max(0, _ALPHABET.find(letter))
    return (rank << _BITS) + number
