"""Whom each occurrence is by: the article's word, unless a person corrected it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from quotetrack.store import affiliations
from quotetrack.store.attribution import affiliation_of, speaker_of
from quotetrack.store.corrections import Assigned, Book
from quotetrack.store.identity import field_of, person_identity
from quotetrack.store.names import Names, determiners_of
from quotetrack.store.occurrences import listed
from quotetrack.types import Affiliation, Person, Quote, uid_of


def attribute(
    conn: sqlite3.Connection, occurrence: tuple[int, str], quote: Quote, names: Names, book: Book
) -> None:
    """Set person and affiliation of one occurrence (id, uid), creating whoever is new."""
    row, uid = occurrence
    found = resolved(quote.speaker, names.article, names.determiners)
    person = _person(conn, uid, _told_apart(conn, found, quote.affiliation, book), book)
    affiliation = affiliations.affiliate(conn, row, person, quote.affiliation, names)
    conn.execute(
        "update occurrences set person = ?, affiliation = ? where id = ?", [person, affiliation, row]
    )


def resolved(speaker: Person | None, article: str, determiners: Collection[str]) -> Assigned | None:
    """The archive's person for a speaker of the article with this uid."""
    if speaker is None:
        return None
    identity = person_identity(speaker, article, determiners)
    return Assigned(uid_of("person", identity), speaker.name, speaker.kind, identity)


def move(conn: sqlite3.Connection, occurrences: Collection[int], book: Book) -> set[int]:
    """Derive the persons of these occurrences (ids) anew, affiliations with them.

    Returns the people (ids) whose quotes changed.
    """
    changed: set[int | None] = set()
    bonds: set[int | None] = set()
    rows = conn.execute(
        "select o.id, o.uid, attribution, a.uid, o.language, person, affiliation from occurrences o"
        " join articles a on a.id = article where o.id in (select value from json_each(?))",
        [listed(occurrences)],
    ).fetchall()
    for row, uid, attribution, article, language, person, bond in rows:
        found = resolved(speaker_of(attribution), article, determiners_of(language))
        now = _person(conn, uid, _told_apart(conn, found, affiliation_of(attribution), book), book)
        if now == person:
            continue
        moved = affiliations.with_person(conn, bond, now) if bond is not None else None
        conn.execute("update occurrences set person = ?, affiliation = ? where id = ?", [now, moved, row])
        changed |= {now, person}
        bonds |= {bond, moved}
    affiliations.refresh(conn, {bond for bond in bonds if bond is not None})
    return {person for person in changed if person is not None}


def _told_apart(
    conn: sqlite3.Connection, found: Assigned | None, shown: Affiliation | None, book: Book
) -> Assigned | None:
    """Somebody else where the person of this name is only known for what excludes this article's role.

    A coach and a virologist of one name are two: who comes second gets an identity with the field (see
    `identity.field_of`). Articles that give no such role stay with whoever came first. A second identity
    that is there already is kept to, so that reading again moves nobody; a merge joins the two.
    """
    field = field_of(shown.role) if shown is not None and shown.role else ""
    if found is None or found.uid is None or found.kind != "person" or not field:
        return found
    identity = f"{found.identity}#{field}"
    other = Assigned(uid_of("person", identity), found.name, found.kind, identity)
    if conn.execute("select 1 from people where identity = ?", [identity]).fetchone():
        return other
    roles = conn.execute(
        "select role from affiliations where role is not null and person ="
        " (select id from people where uid = ?)",
        [book.person(found.uid)],
    )
    known = {field_of(role) for (role,) in roles} - {""}
    return other if known and field not in known else found


def _person(conn: sqlite3.Connection, occurrence: str, found: Assigned | None, book: Book) -> int | None:
    """Whom a correction names, else whom the article names; through merges. Creates the row (→ its id)."""
    speaker = book.speakers.get(occurrence, found)
    if speaker is None or speaker.uid is None:
        return None
    uid = book.person(speaker.uid)
    row = conn.execute("select id from people where uid = ?", [uid]).fetchone()
    if row is None:
        row = conn.execute(
            "insert into people(uid, name, kind, identity) values (?, ?, ?, ?) returning id",
            [uid, book.names.get(uid, speaker.name), speaker.kind, speaker.identity],
        ).fetchone()
    conn.execute(
        "insert into aliases(person, name) values (?, ?) on conflict do nothing", [row[0], speaker.name]
    )
    return int(row[0])
