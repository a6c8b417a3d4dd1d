"""The roster: people whom a newsroom knows, with their Wikidata ids, whether quoted yet or not.

A row stands for one person of the archive (by uid), or for one who is not there yet: `namesakes` finds them
all alike, so that a later article's person binds by itself. `people.wikidata` and the names are derived from
the rows and from what people corrected, which goes first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace

from quotetrack.identity import Catalogue, Mention, Profile, fold, own_catalogue, standing_of
from quotetrack.store.corrections import Book
from quotetrack.store.identity import organisation_identity
from quotetrack.types import PersonKind


@dataclass(frozen=True, slots=True)
class Listed:
    """A row. uid: the person's, as they were taken for; merges lead on. "" is unknown."""

    uid: str
    name: str
    kind: PersonKind
    wikidata: str
    aliases: tuple[str, ...]
    affiliation: str
    role: str
    identity: str
    judgement: str
    why: str


_COLUMNS = "uid, name, kind, wikidata, aliases, affiliation, role, identity, judgement, why"


def entry_of(conn: sqlite3.Connection, uid: str) -> Listed | None:
    return _one(conn, "uid = ?", uid)


def entry_bound_to(conn: sqlite3.Connection, wikidata: str) -> Listed | None:
    return _one(conn, "wikidata = ?", wikidata)


def name_of(conn: sqlite3.Connection, uid: str) -> str | None:
    found = entry_of(conn, uid)
    return found.name if found else None


def put(conn: sqlite3.Connection, entry: Listed, now: str) -> None:
    """Write a row, in place of the former one of this person."""
    conn.execute("delete from roster where uid = ?", [entry.uid])
    conn.execute(
        f'insert into roster({_COLUMNS}, "when") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',  # noqa: S608
        [
            entry.uid,
            entry.name,
            entry.kind,
            entry.wikidata or None,
            json.dumps(entry.aliases, ensure_ascii=False),
            entry.affiliation or None,
            entry.role or None,
            entry.identity,
            entry.judgement,
            entry.why,
            now,
        ],
    )


def settle(conn: sqlite3.Connection, people: Collection[str], book: Book) -> None:
    """Derive Wikidata id and names of these people (uids of today) from the roster and the corrections."""
    for person in people:
        same = [person, *(old for old in book.merged if book.person(old) == person)]
        rows = [found for uid in same if (found := entry_of(conn, uid)) is not None]
        told = [book.wikidata[uid] for uid in same if uid in book.wikidata]
        bound = told[0] if told else next((row.wikidata for row in rows if row.wikidata), "")
        conn.execute(
            "update people set wikidata = ?1 where uid = ?2 and wikidata is not ?1", [bound or None, person]
        )
        conn.executemany(
            "insert into aliases(person, name) select id, ? from people where uid = ? on conflict do nothing",
            ((name, person) for row in rows for name in (row.name, *row.aliases)),
        )


def mention_of(
    name: str, affiliation: str, role: str, article: str, catalogue: Catalogue | None = None
) -> Mention:
    """What a row says of a person, as an article would say it."""
    catalogue = catalogue or own_catalogue()
    body = organisation_identity(affiliation, catalogue=catalogue) if affiliation else ""
    known = catalogue.find(affiliation) if affiliation else None
    standing = standing_of(role or None, affiliation or None, known.kind if known else None)
    sectors = frozenset({standing.sector} if standing.sector else ())
    return Mention(
        name,
        article,
        frozenset({body} if body else ()),
        frozenset({fold(role)} if role else ()),
        sectors,
        sectors if standing.former else frozenset(),
    )


def profile_of(entry: Listed, person: str) -> Profile:
    """Somebody whom no article has named yet, as `identity.resolve` compares them."""
    return with_entry(Profile(person, (), 0), entry)


def with_entry(profile: Profile, entry: Listed) -> Profile:
    said = mention_of(entry.name, entry.affiliation, entry.role, "roster")
    return replace(
        profile,
        names=tuple(dict.fromkeys((*profile.names, entry.name, *entry.aliases))),
        organisations=profile.organisations | said.organisations,
        roles=profile.roles | said.roles,
        sectors=profile.sectors | said.sectors,
        past=profile.past | said.past,
    )


def _one(conn: sqlite3.Connection, condition: str, value: str) -> Listed | None:
    row = conn.execute(f"select {_COLUMNS} from roster where {condition}", [value]).fetchone()  # noqa: S608
    if row is None:
        return None
    uid, name, kind, wikidata, aliases, affiliation, role, identity, judgement, why = row
    names = tuple(json.loads(aliases))
    return Listed(
        uid, name, kind, wikidata or "", names, affiliation or "", role or "", identity, judgement, why
    )
