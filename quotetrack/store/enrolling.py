"""Taking one row of a roster in: whose it is, what is kept of it, what a person has to decide."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from quotetrack.identity import Catalogue, Judged, Profile, Resolution, read_name, resolve
from quotetrack.store import namesakes, roster
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import Book
from quotetrack.store.identity import body_identity, person_identity
from quotetrack.store.redirects import resolve_uid
from quotetrack.store.roster import Listed
from quotetrack.types import RosterEntry, uid_of

#: What became of a row: it is somebody quoted; may be somebody, for a person to decide; nobody quoted yet; or
#: said nothing new.
State = Literal["bound", "unsure", "kept", "unchanged"]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """person: uid; doubts: uids of people who may be the same; why: in words."""

    state: State
    person: str
    why: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """Whose a row is, as it was taken for. person: None for nobody yet."""

    person: str | None
    judgement: str
    why: str
    doubts: tuple[Judged, ...] = field(default=())


def enrol(
    conn: sqlite3.Connection, given: RosterEntry, book: Book, now: str, catalogue: Catalogue | None = None
) -> Enrolled:
    """Inside a transaction of the caller. Raises StoreError for a row that contradicts another one, or what
    a person decided."""
    found = _by_id(conn, given, book) or _by_name(conn, given, book, catalogue)
    today = _today(conn, found.person, book) if found.person else None
    told = book.wikidata.get(today) if today else None
    if told is not None and given.wikidata and told != given.wikidata:
        raise StoreError(f"{given.name} is {told or 'nobody on Wikidata'}, as a person decided")
    if today and given.uid and _says_nothing_new(conn, given, today):
        return Enrolled("unchanged", today, found.why)
    entry = _listed(conn, given, found, catalogue)
    if entry == roster.entry_of(conn, entry.uid):
        return Enrolled("unchanged", _today(conn, entry.uid, book), found.why)
    roster.put(conn, entry, now)
    if entry.kind == "person":
        for name in (entry.name, *entry.aliases):
            if read_name(name).full:
                namesakes.file_name(conn, entry.uid, name)
    for doubt in found.doubts:
        namesakes.propose(conn, entry.uid, doubt, now)
    person = _today(conn, entry.uid, book)
    quoted = conn.execute("select 1 from people where uid = ?", [person]).fetchone() is not None
    roster.settle(conn, [person], book)
    state: State = "bound" if quoted else "unsure" if found.doubts else "kept"
    return Enrolled(state, person, found.why, tuple(doubt.person for doubt in found.doubts))


def written(conn: sqlite3.Connection, *, bound: bool = False) -> Iterator[RosterEntry]:
    """Everybody as rows of a roster: people of the archive, then those whom nobody has quoted yet.

    bound: only those with a Wikidata id. Taking the rows in again changes nothing.
    """
    for uid, name, kind, wikidata in conn.execute(
        "select uid, name, kind, wikidata from people where not ? or wikidata is not null order by id",
        [bound],
    ).fetchall():
        aliases = conn.execute(
            "select a.name from aliases a join people p on p.id = a.person where p.uid = ? order by a.id",
            [uid],
        )
        others = tuple(alias for (alias,) in aliases if alias != name)
        affiliation, role = _spoke_for(conn, uid)
        if listed := roster.entry_of(conn, uid):
            affiliation, role = listed.affiliation or affiliation, listed.role or role
        yield RosterEntry("", name, others, kind, wikidata or "", affiliation, role, uid)
    for (uid,) in conn.execute(
        "select uid from roster where uid not in (select uid from people) and uid not in"
        " (select old_uid from redirects) and (not ? or wikidata is not null) order by name, uid",
        [bound],
    ).fetchall():
        one = roster.entry_of(conn, uid)
        assert one is not None
        yield RosterEntry("", one.name, one.aliases, one.kind, one.wikidata, one.affiliation, one.role, uid)


def _by_id(conn: sqlite3.Connection, given: RosterEntry, book: Book) -> _Found | None:
    """By its own uid, or by its Wikidata id; they must not be of two people."""
    own = bound = None
    if given.uid and (roster.entry_of(conn, given.uid) or resolve_uid(conn, "person", given.uid)):
        own = given.uid
    if given.wikidata:
        row = conn.execute("select uid from people where wikidata = ?", [given.wikidata]).fetchone()
        entry = roster.entry_bound_to(conn, given.wikidata)
        bound = entry.uid if entry else str(row[0]) if row else None
    if own and bound and _today(conn, own, book) != _today(conn, bound, book):
        raise StoreError(f"{given.wikidata} is the Wikidata id of somebody else: /person/{bound}")
    if bound:
        return _Found(bound, "same", "its Wikidata id")
    return _Found(own, "same", "its uid") if own else None


def _today(conn: sqlite3.Connection, person: str, book: Book) -> str:
    """Whom a uid of any time stands for."""
    quoted = resolve_uid(conn, "person", person)
    return quoted.uid if quoted else book.person(person)


class _Free:
    """The archive without those who have another Wikidata id than the row."""

    def __init__(self, conn: sqlite3.Connection, book: Book, wikidata: str) -> None:
        self._conn, self._book, self._wikidata = conn, book, wikidata
        self._people = namesakes.People(conn, book)

    def named(self, key: str, limit: int) -> Sequence[tuple[str, str]]:
        return [pair for pair in self._people.named(key, limit) if not self._is_other(pair[0])]

    def profiles(self, people: Collection[str]) -> Sequence[Profile]:
        return self._people.profiles(people)

    def bearers(self, parts: Collection[str]) -> Mapping[str, int]:
        return self._people.bearers(parts)

    def _is_other(self, person: str) -> bool:
        bound = bound_to(self._conn, self._book.person(person))
        return bool(bound and self._wikidata and bound != self._wikidata)


def bound_to(conn: sqlite3.Connection, person: str) -> str:
    """The Wikidata id of a person (uid of today), quoted yet or not; "" without one."""
    row = conn.execute(
        "select wikidata from people where uid = ?1 and wikidata is not null"
        " union all select wikidata from roster where uid = ?1 limit 1",
        [person],
    ).fetchone()
    return str(row[0] or "") if row else ""


def _by_name(conn: sqlite3.Connection, given: RosterEntry, book: Book, catalogue: Catalogue | None) -> _Found:
    """The first of its names that leads to somebody decides; whom the others lead to are doubts."""
    if given.kind != "person":
        return _body(conn, given, catalogue)
    archive = _Free(conn, book, given.wikidata)
    found: Resolution | None = None
    doubts: dict[str, Judged] = {}
    why = ""
    for name in (given.name, *given.aliases):
        said = roster.mention_of(name, given.affiliation, given.role, given.origin, catalogue)
        one = resolve(said, archive)
        why = why or one.why
        if one.person is not None and found is None:
            found = one
        elif one.person is not None:
            doubts.setdefault(book.person(one.person), Judged(one.person, "same", one.score, one.why))
        for doubt in one.doubts:
            doubts.setdefault(book.person(doubt.person), doubt)
    if found is not None and found.person is not None:
        doubts.pop(book.person(found.person), None)
        return _Found(found.person, "same", found.why, tuple(doubts.values()))
    return _Found(None, "unsure" if doubts else "different", why, tuple(doubts.values()))


def _body(conn: sqlite3.Connection, given: RosterEntry, catalogue: Catalogue | None) -> _Found:
    """An organisation or a group is who bears its name."""
    for name in (given.name, *given.aliases):
        uid = uid_of("person", body_identity(name, given.kind, "", (), catalogue))
        quoted = resolve_uid(conn, "person", uid)
        if quoted is not None and not (
            given.wikidata and bound_to(conn, quoted.uid) not in ("", given.wikidata)
        ):
            return _Found(quoted.uid, "same", "a body of this name")
    return _Found(None, "different", "nobody of such a name yet")


def _listed(
    conn: sqlite3.Connection,
    given: RosterEntry,
    found: _Found,
    catalogue: Catalogue | None,
) -> Listed:
    """The row as it will stand: what it had stays, unless the roster says otherwise now."""
    uid, identity = (found.person, "") if found.person else _new(conn, given, catalogue)
    former = roster.entry_of(conn, uid)
    entry = Listed(
        uid,
        given.name,
        given.kind,
        given.wikidata,
        tuple(name for name in dict.fromkeys(given.aliases) if name != given.name),
        given.affiliation,
        given.role,
        identity,
        found.judgement,
        found.why,
    )
    if former is None:
        return entry
    kept = (former.name, *former.aliases) if former.name != given.name else former.aliases
    names = dict.fromkeys(name for name in (*given.aliases, *kept) if name != given.name)
    return replace(
        former,
        name=given.name,
        wikidata=given.wikidata or former.wikidata,
        aliases=former.aliases if set(names) == set(former.aliases) else tuple(names),
        affiliation=given.affiliation or former.affiliation,
        role=given.role or former.role,
    )


def _new(conn: sqlite3.Connection, given: RosterEntry, catalogue: Catalogue | None) -> tuple[str, str]:
    """(uid, identity) of somebody whom no article names yet: those that the first one to do so would give."""
    if given.uid:
        return given.uid, f"uid:{given.uid}"
    if given.kind != "person":
        identity = body_identity(given.name, given.kind, "", (), catalogue)
    else:
        identity = person_identity(given.name)
    salt, base = 0, identity
    while conn.execute(
        "select 1 from people where uid = ?1 union all select 1 from resolutions where person = ?1"
        " union all select 1 from roster where uid = ?1 limit 1",
        [uid_of("person", identity)],
    ).fetchone():
        salt += 1
        identity = f"{base}~roster{salt}"
    return uid_of("person", identity), identity


def _says_nothing_new(conn: sqlite3.Connection, given: RosterEntry, person: str) -> bool:
    """Whether a row is what `written` writes of this person."""
    row = conn.execute("select id, name, wikidata from people where uid = ?", [person]).fetchone()
    if row is None:
        return False
    names = {name for (name,) in conn.execute("select name from aliases where person = ?", [row[0]])}
    affiliation, role = _spoke_for(conn, person)
    if listed := roster.entry_of(conn, person):
        affiliation, role = listed.affiliation or affiliation, listed.role or role
    return (
        {given.name, *given.aliases} <= names | {row[1]}
        and given.wikidata in ("", row[2] or "")
        and (given.affiliation, given.role) == (affiliation, role)
    )


def _spoke_for(conn: sqlite3.Connection, person: str) -> tuple[str, str]:
    """(organisation, role) that articles gave last."""
    row = conn.execute(
        "select g.name, f.role from affiliations f join people p on p.id = f.person"
        " left join organisations g on g.id = f.organisation where p.uid = ?"
        " order by f.last_seen desc, f.id desc limit 1",
        [person],
    ).fetchone()
    return (row[0] or "", row[1] or "") if row else ("", "")
