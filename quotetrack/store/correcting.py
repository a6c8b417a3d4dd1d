"""Applying a correction: check it, write it down, derive anew what it touches."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from quotetrack.identity import Catalogue, read_name
from quotetrack.store import (
    clustering,
    namesakes,
    occurrences,
    people,
    roster,
    speakers,
    statements,
    withdrawals,
)
from quotetrack.store.clustering import Clusterer
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import (
    Affiliate,
    Book,
    Correction,
    Entry,
    Identify,
    JoinStatements,
    KeepApart,
    MergePeople,
    Reassign,
    Reinstate,
    Rename,
    SplitPerson,
    SplitStatement,
    Withdraw,
    append,
    entries,
    in_force,
    read_book,
)
from quotetrack.store.identity import body_identity, person_identity
from quotetrack.store.index import write_edges
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import Kind, resolve_uid
from quotetrack.types import PersonKind, uid_of

_QID = re.compile(r"Q[1-9][0-9]{0,11}")
_MACHINE = "quotetrack"  # signs its own judgements


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
    entry = _entry(conn, correction, author=author, reason=reason, now=now)
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
    entry = _signed(conn, "undo", undone.subject, {}, author=author, reason=reason, now=now)
    meant = undone
    while meant.undoes is not None:
        meant = rows[meant.undoes]
    before = _touched(conn, meant)
    append(conn, replace(entry, undoes=number))
    _derive(conn, meant, before, clusterer, now, catalogue)
    return entry.id


# --------------------------------------------------------------------- writing it down


def _signed(
    conn: sqlite3.Connection, action: str, subject: str, detail: Mapping[str, object], **signature: str
) -> Entry:
    author, reason = signature["author"].strip(), signature["reason"].strip()
    if not author or author == _MACHINE:
        raise StoreError(f"a correction needs the name of who makes it, not {author!r}")
    if not reason:
        raise StoreError("a correction needs a reason")
    (last,) = conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
    return Entry(last + 1, action, subject, detail, author, reason, signature["now"])


def _entry(conn: sqlite3.Connection, correction: Correction, **signature: str) -> Entry:
    match correction:
        case Withdraw(kind, uid) | Reinstate(kind, uid):
            action = "withdraw" if isinstance(correction, Withdraw) else "reinstate"
            return _signed(conn, action, _known(conn, kind, uid), {"kind": kind}, **signature)
        case Reassign(occurrence):
            subject = _known(conn, "occurrence", occurrence)
            return _signed(conn, "reassign", subject, {"speaker": _speaker(conn, correction)}, **signature)
        case Rename(person, name):
            subject = _known(conn, "person", person)
            if not name.strip():
                raise StoreError("a person needs a name")
            (was,) = conn.execute("select name from people where uid = ?", [subject]).fetchone()
            return _signed(conn, "rename", subject, {"name": name.strip(), "was": was}, **signature)
        case MergePeople(person, into):
            subject, target = _known(conn, "person", person), _known(conn, "person", into)
            if subject == target:
                raise StoreError(f"{person} and {into} are one person already")
            return _signed(
                conn, "merge people", subject, people.as_was(conn, subject) | {"into": target}, **signature
            )
        case SplitPerson(person, occurrences, name):
            subject = _known(conn, "person", person)
            moved = _members(conn, "person", subject, occurrences)
            (last,) = conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
            uid = uid_of("person", "split", subject, str(last + 1))
            (kind,) = conn.execute("select kind from people where uid = ?", [subject]).fetchone()
            speaker = {"uid": uid, "name": name, "kind": kind, "identity": f"split:{uid}"}
            return _signed(
                conn, "split person", subject, {"occurrences": moved, "speaker": speaker}, **signature
            )
        case KeepApart(person, other):
            subject, target = _person(conn, person), _person(conn, other)
            if subject == target:
                raise StoreError(f"{person} and {other} are one person: split first")
            return _signed(conn, "keep apart", subject, {"other": target}, **signature)
        case Identify(person, wikidata):
            return _identify(conn, person, wikidata, **signature)
        case Affiliate(occurrence, organisation, role):
            subject = _known(conn, "occurrence", occurrence)
            detail = {"organisation": _said(organisation), "role": _said(role)}
            return _signed(conn, "affiliate", subject, detail, **signature)
        case JoinStatements(statement, other):
            return _join(conn, statement, other, **signature)
        case SplitStatement(statement, occurrences):
            return _split(conn, statement, occurrences, **signature)


def _identify(conn: sqlite3.Connection, person: str, wikidata: str, **signature: str) -> Entry:
    """A row of the roster that nobody quoted yet and that has this id is this person from now on."""
    subject = _known(conn, "person", person)
    if wikidata and not _QID.fullmatch(wikidata):
        raise StoreError(f"{wikidata!r} is no Wikidata id, which looks like Q42")
    other = conn.execute(
        "select uid, name from people where wikidata = ? and uid <> ?", [wikidata, subject]
    ).fetchone()
    if wikidata and other:
        raise StoreError(f"{wikidata} is {other[1]}, /person/{other[0]}: merge them if they are one person")
    detail = {"wikidata": wikidata}
    entry = roster.entry_bound_to(conn, wikidata) if wikidata else None
    if entry and entry.uid != subject and resolve_uid(conn, "person", entry.uid) is None:
        detail["entry"] = entry.uid
    return _signed(conn, "identify", subject, detail, **signature)


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _speaker(conn: sqlite3.Connection, correction: Reassign) -> dict[str, object] | None:
    if correction.person is not None:
        uid = _known(conn, "person", correction.person)
        row = conn.execute("select uid, name, kind, identity from people where uid = ?", [uid]).fetchone()
        return dict(zip(("uid", "name", "kind", "identity"), row, strict=True))
    if correction.name is None:
        return None
    (article,) = conn.execute(
        "select a.uid from occurrences o join articles a on a.id = article where o.uid = ?",
        [correction.occurrence],
    ).fetchone()
    identity = _identity(correction.name, correction.kind, article)
    return {
        "uid": uid_of("person", identity),
        "name": correction.name,
        "kind": correction.kind,
        "identity": identity,
    }


def _identity(name: str, kind: PersonKind, article: str) -> str:
    """Of whoever bears a name that a person gave; a single word is a name in its article only."""
    if kind != "person":
        return body_identity(name, kind, article)
    return person_identity(name, "" if read_name(name).full else article)


def _join(conn: sqlite3.Connection, statement: str, other: str, **signature: str) -> Entry:
    left, right = _known(conn, "statement", statement), _known(conn, "statement", other)
    if left == right:
        raise StoreError(f"{statement} and {other} are one statement already")
    sides = [_fullest_first(conn, left), _fullest_first(conn, right)]
    detail = {
        "other": right,
        "pair": [sides[0][0], sides[1][0]],
        "overrides": _overridden(conn, sides[0], sides[1], "different"),
    }
    return _signed(conn, "join statements", left, detail, **signature)


def _split(conn: sqlite3.Connection, statement: str, occurrences: Collection[str], **signature: str) -> Entry:
    subject = _known(conn, "statement", statement)
    moved = _members(conn, "statement", subject, occurrences)
    rest = [uid for uid in _fullest_first(conn, subject) if uid not in moved]
    if not rest:
        raise StoreError(f"{statement}: splitting off all of its quotes leaves nothing")
    detail = {"moved": moved, "rest": rest, "overrides": _overridden(conn, moved, rest, "same")}
    return _signed(conn, "split statement", subject, detail, **signature)


def _overridden(
    conn: sqlite3.Connection, left: Collection[str], right: Collection[str], judgement: str
) -> list[list[str]]:
    """Pairs across the two sides on which people judged the contrary before."""
    rows = conn.execute(
        "select x.uid, y.uid from edges e join occurrences x on x.id = e.a join occurrences y on y.id = e.b"
        " where e.\"by\" <> 'quotetrack' and e.judgement = ?1 and"
        " (x.uid in (select value from json_each(?2)) and y.uid in (select value from json_each(?3))"
        " or x.uid in (select value from json_each(?3)) and y.uid in (select value from json_each(?2)))",
        [judgement, listed(left), listed(right)],
    )
    return sorted(sorted(pair) for pair in rows)


def _known(conn: sqlite3.Connection, kind: Kind, uid: str) -> str:
    found = resolve_uid(conn, kind, uid)
    if found is None:
        raise StoreError(f"no {kind} has the id {uid}")
    return found.uid


def _person(conn: sqlite3.Connection, uid: str) -> str:
    """Somebody quoted, or of the roster alone."""
    return (
        uid
        if roster.entry_of(conn, uid) and not resolve_uid(conn, "person", uid)
        else _known(conn, "person", uid)
    )


def _members(conn: sqlite3.Connection, kind: Kind, uid: str, occurrences: Collection[str]) -> list[str]:
    """`occurrences` in order, checked to be of this person or statement."""
    table = {"person": "people", "statement": "statements"}[kind]
    own = {
        row
        for (row,) in conn.execute(
            f"select o.uid from occurrences o join {table} t on t.id = o.{kind} where t.uid = ?",  # noqa: S608
            [uid],
        )
    }
    wanted = list(dict.fromkeys(occurrences))
    if strangers := [occurrence for occurrence in wanted if occurrence not in own]:
        raise StoreError(f"not of the {kind} {uid}: {', '.join(strangers)}")
    if not wanted:
        raise StoreError(f"no quote of the {kind} {uid} is named")
    return wanted


def _fullest_first(conn: sqlite3.Connection, statement: str) -> list[str]:
    rows = conn.execute(
        "select o.uid from occurrences o join statements s on s.id = o.statement where s.uid = ?"
        " order by o.content <> s.canonical, o.uid",
        [statement],
    )
    return [uid for (uid,) in rows]


# --------------------------------------------------------------------- deriving what it touches


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
            both = [_now(conn, "person", subject), _now(conn, "person", str(detail["into"]))]
            return _Touched(_ids(conn, "person", both))
        case "split person":
            split_off = _ids(conn, "occurrence", _list(detail["occurrences"]))
            return _Touched({*split_off, *namesakes.taken_as(conn, people.split_off(entry))})
        case "keep apart":
            return _Touched()
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
