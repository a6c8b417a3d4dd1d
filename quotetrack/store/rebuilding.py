"""Clustering everything from scratch while others read and write.

What takes minutes happens on a snapshot, without the write lock: reading, deciding, and the new index, which
grows beside the old one in short transactions. Then one short transaction puts only what differs in place; a
rebuild that is killed before leaves the archive as it was. What was added meanwhile is decided again inside
that transaction.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quotetrack.store import clustering, occurrences
from quotetrack.store.clustering import Clusterer, ClusterReport
from quotetrack.store.connection import StoreError, transaction
from quotetrack.store.corrections import Book
from quotetrack.store.index import NEXT_INDEX, ClusterIndex, delete_edges, edges_by_machine, edges_by_people
from quotetrack.store.redirects import resolve_uid
from quotetrack.types import Edge, Occurrence

ATTEMPTS = 3  # a correction made meanwhile may change anything: then it begins again
POSTINGS = 50_000  # written in one transaction: a fraction of a second


@dataclass(slots=True)
class Snapshot:
    """The archive as it was read. version: of the file, for others' commits; corrections: the last one's
    number; previous: occurrence -> statement uid; canonical: statement uid -> its text."""

    version: int
    corrections: int
    everything: dict[str, Occurrence]
    previous: dict[str, str]
    canonical: dict[str, str]
    told: list[Edge]


@dataclass(slots=True)
class Plan:
    """What differs. groups: those to be assigned anew, whole statements; edges, obsolete: to be written and
    deleted. index: the table with the new index, of this rebuild alone."""

    snapshot: Snapshot
    index: str
    groups: list[Sequence[str]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    obsolete: list[Edge] = field(default_factory=list)


def prepare(conn: sqlite3.Connection, clusterer: Clusterer) -> Plan:
    """Outside any transaction of the caller; writes the new index beside the old one."""
    snapshot = _read(conn)
    found = clusterer.cluster(snapshot.everything.values(), snapshot.told)
    index = f"{NEXT_INDEX}_{secrets.token_hex(4)}"
    plan = Plan(snapshot, index, _changed(clusterer, found.groups, snapshot))
    _compare(conn, plan, [edge for edge in found.edges if edge.by == "quotetrack"])
    _index_beside(conn, clusterer, plan)
    return plan


def is_current(conn: sqlite3.Connection, plan: Plan) -> bool:
    """Whether nobody corrected anything since; inside the transaction that puts the plan in place. Raises
    StoreError where another rebuild began."""
    _refuse_second(conn, plan.index)
    return _last_correction(conn) == plan.snapshot.corrections


def put_in_place(
    conn: sqlite3.Connection, clusterer: Clusterer, plan: Plan, now: str, book: Book
) -> ClusterReport:
    """Inside a transaction of the caller."""
    snapshot = plan.snapshot
    late = _late(conn, snapshot)
    former = ClusterIndex(conn).statements_of([one.uid for one in late if one.uid not in snapshot.everything])
    conn.executemany("update occurrences set statement = null where uid = ?", ((uid,) for uid in former))
    conn.execute("drop table blocking_keys")
    conn.execute(f"alter table {plan.index} rename to blocking_keys")
    delete_edges(conn, plan.obsolete)
    report = clustering.regroup(
        conn, clusterer, plan.groups, snapshot.everything, snapshot.previous, plan.edges, now, book
    )
    for uid, statement in former.items():
        resolved = resolve_uid(conn, "statement", statement)
        conn.execute(
            "update occurrences set statement = (select id from statements where uid = ?) where uid = ?",
            [resolved.uid if resolved else statement, uid],
        )
    before = [snapshot.everything.get(one.uid, one) for one in late]
    return report + clustering.redecide(conn, clusterer, before, now, book)


def run(
    conn: sqlite3.Connection, clusterer: Clusterer, now: str, book_of: Callable[[], Book]
) -> ClusterReport:
    """Raises StoreError where corrections kept coming meanwhile."""
    for _ in range(ATTEMPTS):
        plan = prepare(conn, clusterer)
        with transaction(conn):
            if is_current(conn, plan):
                report = put_in_place(conn, clusterer, plan, now, book_of())
                count = len(plan.snapshot.everything)
                return ClusterReport(count, report.statements, report.merged)
    raise StoreError("corrections were made while the statements were built anew: run it again")


def _read(conn: sqlite3.Connection) -> Snapshot:
    conn.execute("begin")  # one state of the archive, however long it takes; readers hold up nobody
    try:
        (version,) = conn.execute("pragma data_version").fetchone()
        previous = dict(
            conn.execute("select o.uid, s.uid from occurrences o join statements s on s.id = o.statement")
        )
        return Snapshot(
            version,
            _last_correction(conn),
            {one.uid: one for one in occurrences.every(conn)},
            previous,
            dict(conn.execute("select uid, canonical from statements")),
            list(edges_by_people(conn)),
        )
    finally:
        conn.rollback()


def _last_correction(conn: sqlite3.Connection) -> int:
    (last,) = conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
    return int(last)


def _changed(
    clusterer: Clusterer, groups: Sequence[Sequence[str]], snapshot: Snapshot
) -> list[Sequence[str]]:
    """Groups that are not one statement as it stands, members and wording. They hold whole former
    statements: a group that stands has all members of its own."""
    size: dict[str, int] = {}
    for statement in snapshot.previous.values():
        size[statement] = size.get(statement, 0) + 1
    changed: list[Sequence[str]] = []
    for group in groups:
        former = {snapshot.previous.get(uid) for uid in group}
        (only, *others) = former
        if others or only is None or size[only] != len(group):
            changed.append(group)
            continue
        fullest = clusterer.canonical(snapshot.everything[uid] for uid in group)
        if fullest.text != snapshot.canonical[only]:
            changed.append(group)
    return changed


def _compare(conn: sqlite3.Connection, plan: Plan, edges: Sequence[Edge]) -> None:
    found = {(edge.a, edge.b): edge for edge in edges}
    for edge in edges_by_machine(conn):
        if found.get((edge.a, edge.b)) == edge:
            del found[edge.a, edge.b]
        else:
            plan.obsolete.append(edge)
    plan.edges.extend(found.values())


def _index_beside(conn: sqlite3.Connection, clusterer: Clusterer, plan: Plan) -> None:
    """Postings are put in order first, in a temporary table: the index is written from front to back.

    The index of a rebuild that was killed is dropped, and that of one at work, which then gives up.
    """
    with transaction(conn):
        for (left,) in conn.execute(
            "select name from sqlite_master where type = 'table' and name glob ?", [f"{NEXT_INDEX}*"]
        ).fetchall():
            conn.execute(f"drop table {left}")
        conn.execute(
            f"create table {plan.index} (key integer not null, rank integer not null,"
            " occurrence integer not null references occurrences(id), primary key (key, rank, occurrence))"
            " without rowid"
        )
    conn.execute("create temp table staged(key integer, rank integer, occurrence integer)")
    try:
        ClusterIndex(conn, "temp.staged").add(clusterer.postings(plan.snapshot.everything.values()))
        rows = conn.execute("select distinct key, rank, occurrence from temp.staged order by 1, 2, 3")
        for batch in _batches(rows):
            with transaction(conn):
                _refuse_second(conn, plan.index)
                conn.executemany(f"insert into {plan.index} values (?, ?, ?)", batch)  # noqa: S608
    finally:
        conn.execute("drop table temp.staged")


def _refuse_second(conn: sqlite3.Connection, index: str) -> None:
    if conn.execute("select 1 from sqlite_master where name = ?", [index]).fetchone() is None:
        raise StoreError("the statements are being built anew by another program: this one gave up")


def _batches(rows: Iterator[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    while batch := list(islice(rows, POSTINGS)):
        yield batch


def _late(conn: sqlite3.Connection, snapshot: Snapshot) -> list[Occurrence]:
    """Occurrences with a statement that came, or changed, since the snapshot."""
    (version,) = conn.execute("pragma data_version").fetchone()
    if version == snapshot.version:
        return []
    late = [one for one in occurrences.every(conn) if snapshot.everything.get(one.uid) != one]
    placed = ClusterIndex(conn).statements_of([one.uid for one in late])
    return [one for one in late if one.uid in placed or one.uid in snapshot.everything]
