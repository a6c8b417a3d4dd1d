"""From a correction to its entry in the log: what it names exists, what it says makes sense, it is signed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Mapping

from quotetrack.identity import read_name
from quotetrack.store import people, roster
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import (
    Affiliate,
    Correction,
    Entry,
    Identify,
    JoinStatements,
    KeepApart,
    MergePeople,
    PartStatements,
    Reassign,
    Reinstate,
    Rename,
    SplitPerson,
    SplitStatement,
    Withdraw,
)
from quotetrack.store.identity import body_identity, person_identity
from quotetrack.store.occurrences import listed
from quotetrack.store.redirects import Kind, resolve_uid
from quotetrack.types import PersonKind, uid_of

_QID = re.compile(r"Q[1-9][0-9]{0,11}")
_MACHINE = "quotetrack"  # signs its own judgements


def signed(
    conn: sqlite3.Connection, action: str, subject: str, detail: Mapping[str, object], **signature: str
) -> Entry:
    """The next entry. signature: author, reason and now. Raises StoreError for one that is not signed."""
    author, reason = signature["author"].strip(), signature["reason"].strip()
    if not author or author == _MACHINE:
        raise StoreError(f"a correction needs the name of who makes it, not {author!r}")
    if not reason:
        raise StoreError("a correction needs a reason")
    (last,) = conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
    return Entry(last + 1, action, subject, detail, author, reason, signature["now"])


def entry_of(conn: sqlite3.Connection, correction: Correction, **signature: str) -> Entry:
    """A correction as it goes into the log, with what undoing it needs. Raises StoreError for one that makes
    no sense: an unknown uid, a person merged into itself, a statement split off whole."""
    match correction:
        case Withdraw(kind, uid) | Reinstate(kind, uid):
            action = "withdraw" if isinstance(correction, Withdraw) else "reinstate"
            return signed(conn, action, _known(conn, kind, uid), {"kind": kind}, **signature)
        case Reassign(occurrence):
            subject = _known(conn, "occurrence", occurrence)
            return signed(conn, "reassign", subject, {"speaker": _speaker(conn, correction)}, **signature)
        case Rename(person, name):
            subject = _known(conn, "person", person)
            if not name.strip():
                raise StoreError("a person needs a name")
            (was,) = conn.execute("select name from people where uid = ?", [subject]).fetchone()
            return signed(conn, "rename", subject, {"name": name.strip(), "was": was}, **signature)
        case MergePeople(person, into):
            subject, target = _known(conn, "person", person), _known(conn, "person", into)
            if subject == target:
                raise StoreError(f"{person} and {into} are one person already")
            detail = people.as_was(conn, subject) | {
                "into": target,
                "speaker": people.as_speaker(conn, target),
            }
            return signed(conn, "merge people", subject, detail, **signature)
        case SplitPerson(person, occurrences, name):
            subject = _known(conn, "person", person)
            moved = _members(conn, "person", subject, occurrences)
            (last,) = conn.execute("select coalesce(max(id), 0) from corrections").fetchone()
            uid = uid_of("person", "split", subject, str(last + 1))
            (kind,) = conn.execute("select kind from people where uid = ?", [subject]).fetchone()
            speaker = {"uid": uid, "name": name, "kind": kind, "identity": f"split:{uid}"}
            return signed(
                conn, "split person", subject, {"occurrences": moved, "speaker": speaker}, **signature
            )
        case KeepApart(person, other):
            subject, target = _person(conn, person), _person(conn, other)
            if subject == target:
                raise StoreError(f"{person} and {other} are one person: split first")
            return signed(conn, "keep apart", subject, {"other": target}, **signature)
        case Identify(person, wikidata):
            return _identify(conn, person, wikidata, **signature)
        case Affiliate(occurrence, organisation, role):
            subject = _known(conn, "occurrence", occurrence)
            detail = {"organisation": _said(organisation), "role": _said(role)}
            return signed(conn, "affiliate", subject, detail, **signature)
        case JoinStatements(statement, other):
            return _pair(conn, "join statements", statement, other, **signature)
        case PartStatements(statement, other):
            return _pair(conn, "part statements", statement, other, **signature)
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
    return signed(conn, "identify", subject, detail, **signature)


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _speaker(conn: sqlite3.Connection, correction: Reassign) -> dict[str, object] | None:
    if correction.person is not None:
        return people.as_speaker(conn, _known(conn, "person", correction.person))
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


def _pair(conn: sqlite3.Connection, action: str, statement: str, other: str, **signature: str) -> Entry:
    """Two statements judged to be one, or not to be, by the fullest quote of each."""
    left, right = _known(conn, "statement", statement), _known(conn, "statement", other)
    joined = action == "join statements"
    if left == right:
        already = "are one statement already" if joined else "are one statement: split it"
        raise StoreError(f"{statement} and {other} {already}")
    sides = [_fullest_first(conn, left), _fullest_first(conn, right)]
    detail = {
        "other": right,
        "pair": [sides[0][0], sides[1][0]],
        "overrides": _overridden(conn, sides[0], sides[1], "different" if joined else "same"),
    }
    return signed(conn, action, left, detail, **signature)


def _split(conn: sqlite3.Connection, statement: str, occurrences: Collection[str], **signature: str) -> Entry:
    subject = _known(conn, "statement", statement)
    moved = _members(conn, "statement", subject, occurrences)
    rest = [uid for uid in _fullest_first(conn, subject) if uid not in moved]
    if not rest:
        raise StoreError(f"{statement}: splitting off all of its quotes leaves nothing")
    detail = {"moved": moved, "rest": rest, "overrides": _overridden(conn, moved, rest, "same")}
    return signed(conn, "split statement", subject, detail, **signature)


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
