"""From the decisions of `cluster` to rows: edges, statements, redirects. The decisions are passed in."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from quotetrack.store import forms, occurrences, statements, withdrawals
from quotetrack.store.corrections import Book
from quotetrack.store.index import ClusterIndex, delete_edges, edges_among, write_edges
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import add_redirect, drop_redirect
from quotetrack.types import Edge, Occurrence, Statement

BATCH = 10_000  # new occurrences clustered in one transaction: seconds, during which other writers wait


class Update(Protocol):
    """What `link` found. joined: new occurrence -> statement; groups: the others and all they touch;
    previous: occurrence -> statement, of those in `groups` that have or would have joined one."""

    @property
    def joined(self) -> Mapping[str, str]: ...
    @property
    def groups(self) -> Sequence[Sequence[str]]: ...
    @property
    def previous(self) -> Mapping[str, str]: ...
    @property
    def occurrences(self) -> Mapping[str, Occurrence]: ...
    @property
    def edges(self) -> Sequence[Edge]: ...


class Clustering(Protocol):
    @property
    def groups(self) -> Sequence[Sequence[str]]: ...
    @property
    def edges(self) -> Sequence[Edge]: ...


class Assignment(Protocol):
    """statements: one a group, in the groups' order; redirects: uids that ended -> their successors."""

    @property
    def statements(self) -> Sequence[Statement]: ...
    @property
    def redirects(self) -> Mapping[str, str]: ...


class Clusterer(Protocol):
    """The decisions, as pure functions: `quotetrack.cluster` is one."""

    def link(self, new: Iterable[Occurrence], archive: ClusterIndex) -> Update: ...

    def postings(self, occurrences: Iterable[Occurrence]) -> Iterable[tuple[int, tuple[int, str]]]: ...

    def cluster(self, occurrences: Iterable[Occurrence], judgements: Iterable[Edge] = ...) -> Clustering: ...

    def reconcile(
        self,
        previous: Mapping[str, str],
        groups: Iterable[Sequence[str]],
        occurrences: Mapping[str, Occurrence],
        taken: Collection[str] = ...,
    ) -> Assignment: ...

    def canonical(self, members: Iterable[Occurrence]) -> Occurrence: ...

    def packed_form(self, occurrence: Occurrence) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ClusterReport:
    """occurrences: how many were looked at; statements: new ones; merged: uids that became redirects."""

    occurrences: int = 0
    statements: int = 0
    merged: int = 0

    def __add__(self, other: ClusterReport) -> ClusterReport:
        return ClusterReport(
            self.occurrences + other.occurrences,
            self.statements + other.statements,
            self.merged + other.merged,
        )


def is_pending(conn: sqlite3.Connection) -> bool:
    """Whether there are occurrences without a statement, without an index or to be decided again, or
    statements whose articles changed."""
    (pending,) = conn.execute(
        "select exists (select 1 from occurrences where statement is null)"
        " or exists (select 1 from statements where stale) or exists (select 1 from redecisions)"
    ).fetchone()
    return bool(pending) or forms.is_pending(conn)


def cluster_batch(conn: sqlite3.Connection, clusterer: Clusterer, now: str, book: Book) -> ClusterReport:
    """Give a statement to the first BATCH occurrences that have none. Inside a transaction of the caller.

    Statements whose articles changed are derived anew as well. Before anything else, an archive of an earlier
    version is indexed, some occurrences at a time.
    """
    if forms.is_pending(conn):
        forms.index_batch(conn, clusterer.postings, clusterer.packed_form)
        return ClusterReport()
    stale = conn.execute("select id from statements where stale").fetchall()
    statements.refresh(conn, [row for (row,) in stale], clusterer.canonical)
    report = redecide(conn, clusterer, occurrences.to_redecide(conn), now, book)
    new = occurrences.without_statement(conn, BATCH)
    if not new:
        return replace(report, occurrences=0)
    index = ClusterIndex(conn)
    update = clusterer.link(new, index)
    forms.keep(conn, new, clusterer.packed_form)
    claimed = conn.execute("select 1 from occurrences where claim is not null limit 1").fetchone() is not None
    claims = _claims(conn, update.occurrences) if claimed else {}
    previous = {**claims, **update.previous}
    conn.executemany(
        "update occurrences set statement = (select id from statements where uid = ?) where uid = ?",
        ((statement, uid) for uid, statement in update.joined.items()),
    )
    found = _Regrouped(update.groups, update.occurrences, previous, update.edges)
    report += _write(conn, clusterer, found, set(update.joined.values()), now, book, derived=True)
    # `link` knows what people said of statements, not of new quotes
    if index.is_judged() and (told := _judged_by_people(conn, new)):
        living = ClusterIndex(conn).statements_of(told)
        parted = _claims(conn, update.occurrences)
        report += recluster(conn, clusterer, set(living.values()), now, book, parted)
    if claimed:
        conn.execute(
            "update occurrences set claim = null where claim is not null"
            " and uid in (select value from json_each(?))",
            [listed([one.uid for one in new])],
        )
    return replace(report, occurrences=len(new))


def _claims(conn: sqlite3.Connection, uids: Collection[str]) -> dict[str, str]:
    """Occurrence -> the statement that it had where it was exported from, and that nothing here is yet."""
    rows = conn.execute(
        "select uid, claim from occurrences where claim is not null and claim not in (select uid from"
        " statements) and uid in (select value from json_each(?))",
        [listed(uids)],
    )
    return dict(rows)


def _judged_by_people(conn: sqlite3.Connection, new: Sequence[Occurrence]) -> list[str]:
    rows = conn.execute(
        "select uid from occurrences o where uid in (select value from json_each(?)) and ("
        "exists (select 1 from edges where a = o.id and \"by\" <> 'quotetrack')"
        " or exists (select 1 from edges where b = o.id and \"by\" <> 'quotetrack'))",
        [listed([one.uid for one in new])],
    )
    return [uid for (uid,) in rows]


def regroup(
    conn: sqlite3.Connection,
    clusterer: Clusterer,
    groups: Sequence[Sequence[str]],
    everything: Mapping[str, Occurrence],
    previous: Mapping[str, str],
    edges: Sequence[Edge],
    now: str,
    book: Book,
) -> ClusterReport:
    """Put groups that were decided elsewhere in place: whole statements, with what holds them together.

    everything: at least their members; previous: occurrence -> statement uid, of any.
    """
    members = {uid: everything[uid] for group in groups for uid in group}
    own = {uid: previous[uid] for uid in members if uid in previous}
    write_edges(conn, edges)
    return _write(conn, clusterer, _Regrouped(groups, members, own, None), set(), now, book)


def redecide(
    conn: sqlite3.Connection, clusterer: Clusterer, before: Sequence[Occurrence], now: str, book: Book
) -> ClusterReport:
    """Decide again to which statements some occurrences belong, as when they are by somebody else now.

    before: as they were indexed. Their keys are replaced, they are compared with all of the archive as if
    they were new, and their former statements are grouped anew. What people judged stays.
    """
    if not before:
        return ClusterReport()
    index = ClusterIndex(conn)
    uids = {one.uid for one in before}
    touched = _tied(index, set(index.statements_of(uids).values()))
    delete_edges(conn, index.edges_of(uids))
    for one in before:
        index.forget(clusterer.postings([one]))
    # those alike in text, speaker and day were found through the keys of one of them
    others = (one for members in index.members(touched).values() for one in members if one.uid not in uids)
    index.add(clusterer.postings(others))
    update = clusterer.link(index.occurrences(uids), index)
    forms.keep(conn, index.occurrences(uids), clusterer.packed_form)
    touched |= {*update.previous.values(), *update.joined.values()}
    report = recluster(conn, clusterer, touched, now, book, {})
    write_edges(conn, (edge for edge in update.edges if edge.judgement == "different"))
    return report


def recluster(
    conn: sqlite3.Connection,
    clusterer: Clusterer,
    touched: Collection[str],
    now: str,
    book: Book,
    revived: Mapping[str, str],
) -> ClusterReport:
    """Group the members of the `touched` statements (uids) anew, as when a person judged some of them.

    revived: occurrence -> a former statement uid, which its group goes on under if it parts.
    """
    index = ClusterIndex(conn)
    tied = _tied(index, touched)
    members = {one.uid: one for some in index.members(tied).values() for one in some}
    told = index.told(tied)
    found = clusterer.cluster(members.values(), told)
    previous = {**index.statements_of(members), **{a: b for a, b in revived.items() if a in members}}
    edges = [edge for edge in found.edges if edge.by == "quotetrack"]
    report = _write(conn, clusterer, _Regrouped(found.groups, members, previous, edges), set(), now, book)
    return replace(report, occurrences=len(members))


def _tied(index: ClusterIndex, touched: Collection[str]) -> set[str]:
    """With the `touched` statements all that are tied to them by pairs judged the same: what some part
    with may belong to another, as it would when everything was clustered from scratch."""
    known: set[str] = set()
    frontier = set(touched)
    while frontier:
        known |= frontier
        edges = [edge for edge in index.judgements(frontier) if edge.judgement == "same"]
        ends = {uid for edge in edges for uid in (edge.a, edge.b)}
        frontier = set(index.statements_of(ends).values()) - known
    return known


@dataclass(frozen=True, slots=True)
class _Regrouped:
    """groups: of occurrence uids; previous: occurrence -> the statement uid it had; edges: all that hold
    among the occurrences now, or None where they are stored already."""

    groups: Sequence[Sequence[str]]
    occurrences: Mapping[str, Occurrence]
    previous: Mapping[str, str]
    edges: Sequence[Edge] | None


def _write(
    conn: sqlite3.Connection,
    clusterer: Clusterer,
    found: _Regrouped,
    joined: Collection[str],
    now: str,
    book: Book,
    *,
    derived: bool = False,
) -> ClusterReport:
    """Edges, statements, redirects. joined: uids of statements that only gained a member; derived: whether
    the rows of those that keep their members are known to be right."""
    former = ClusterIndex(conn).statements_of(found.occurrences)
    if found.edges is not None:
        _replace_edges(conn, found, found.edges)
    assignment = _assign(conn, clusterer, found)
    ids = _ids(conn, [statement.uid for statement in assignment.statements])
    new = {uid for uid in ids if ids[uid] < 0}
    (last,) = conn.execute("select coalesce(max(id), 0) from statements").fetchone()
    for statement in (statement for statement in assignment.statements if statement.uid in new):
        last += 1
        ids[statement.uid] = last
        fullest = found.occurrences[statement.canonical]
        conn.execute(  # with its words, so that search need not learn them a second time
            "insert into statements(id, uid, canonical, variants, speaker) values (?, ?, ?, '', ?)",
            [last, statement.uid, fullest.text, fullest.speaker],
        )
        drop_redirect(conn, "statement", statement.uid)
    conn.executemany(
        "update occurrences set statement = ?1 where uid = ?2 and statement is not ?1",
        ((ids[statement.uid], member) for statement in assignment.statements for member in statement.members),
    )
    for old, successor in {**assignment.redirects, **_left_empty(assignment, former)}.items():
        add_redirect(conn, "statement", old, successor, now=now, reason="the same statement")
        conn.execute("delete from statements where uid = ?", [old])
    stay = _unchanged(assignment, former) if derived else frozenset[str]()
    touched = {row for uid, row in ids.items() if uid not in stay} | set(_ids(conn, joined).values())
    if book.withdrawn:
        withdrawals.derive(conn, occurrences.ids_in(conn, touched), book)
    canonical = {ids[statement.uid]: statement.canonical for statement in assignment.statements}
    statements.refresh(conn, touched, clusterer.canonical, canonical)
    return ClusterReport(0, len(new), len(assignment.redirects))


def _unchanged(assignment: Assignment, former: Mapping[str, str]) -> frozenset[str]:
    """Statements that have the members they had."""
    size = Counter(former.values())
    return frozenset(
        statement.uid
        for statement in assignment.statements
        if size[statement.uid] == len(statement.members)
        and all(former.get(member) == statement.uid for member in statement.members)
    )


def _left_empty(assignment: Assignment, former: Mapping[str, str]) -> dict[str, str]:
    """Statements that lost all members to others, as when an undone join gives one its old uid back:
    to the statement that holds the first of them."""
    given = {member: statement.uid for statement in assignment.statements for member in statement.members}
    ended = set(former.values()) - set(given.values()) - assignment.redirects.keys()
    return {
        statement: given[member]
        for member, statement in sorted(former.items(), reverse=True)
        if statement in ended
    }


def _replace_edges(conn: sqlite3.Connection, found: _Regrouped, edges: Sequence[Edge]) -> None:
    """Between occurrences that were grouped anew, only what is known now holds."""
    held = edges_among(conn, [uid for uid in found.occurrences if uid in found.previous])
    new = set(edges)
    delete_edges(conn, (edge for edge in held if edge not in new))
    write_edges(conn, new.difference(held))


def _assign(conn: sqlite3.Connection, clusterer: Clusterer, found: _Regrouped) -> Assignment:
    """A uid for each group; one that once meant another statement is never given again."""
    own = set(found.previous.values())
    taken: set[str] = set()
    while True:
        assignment = clusterer.reconcile(found.previous, found.groups, found.occurrences, taken)
        given = [statement.uid for statement in assignment.statements if statement.uid not in own]
        if not given:
            return assignment
        used = conn.execute(
            "select value from json_each(?) where value in (select uid from statements)"
            " or value in (select old_uid from redirects)",
            [listed(given)],
        ).fetchall()
        if not used:
            return assignment
        taken.update(uid for (uid,) in used)


def _ids(conn: sqlite3.Connection, uids: Collection[str]) -> dict[str, int]:
    """Id of each uid; -1 for a statement that is not there yet."""
    if not uids:
        return {}
    rows = conn.execute(
        "select value, coalesce((select id from statements where uid = value), -1) from json_each(?)",
        [listed(uids)],
    )
    return dict(rows)
