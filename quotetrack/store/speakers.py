"""Whom each occurrence is by: the article's word, unless a person corrected it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from quotetrack.identity import Catalogue
from quotetrack.store import affiliations, namesakes, roster
from quotetrack.store.attribution import affiliation_of, speaker_of
from quotetrack.store.corrections import Assigned, Book
from quotetrack.store.names import Names, names_at
from quotetrack.store.occurrences import listed
from quotetrack.types import Affiliation, Quote


def attribute(
    conn: sqlite3.Connection, occurrence: tuple[int, str], quote: Quote, names: Names, book: Book, now: str
) -> None:
    """Set person and affiliation of one occurrence (id, uid), creating whoever is new."""
    row, uid = occurrence
    person = person_of(conn, uid, quote, names, book, now)
    conn.execute("update occurrences set person = ?, affiliation = null where id = ?", [person, row])
    affiliate(conn, occurrence, person, quote, names, book)


def person_of(
    conn: sqlite3.Connection, occurrence: str, quote: Quote, names: Names, book: Book, now: str
) -> int | None:
    """The person (id) of an occurrence (uid), which need not be there yet; created when new."""
    return _person(conn, occurrence, namesakes.taken_for(conn, quote.speaker, names, book, now), book)


def affiliate(
    conn: sqlite3.Connection,
    occurrence: tuple[int, str],
    person: int | None,
    quote: Quote,
    names: Names,
    book: Book,
) -> None:
    """Set the affiliation of an occurrence (id, uid) that has none."""
    row, uid = occurrence
    found = affiliations.affiliate(conn, row, person, _affiliation(uid, quote.affiliation, book), names)
    if found is not None:
        conn.execute("update occurrences set affiliation = ? where id = ?", [found, row])


def _affiliation(occurrence: str, found: Affiliation | None, book: Book) -> Affiliation | None:
    """As a person corrected it, else as the article was read."""
    if occurrence not in book.affiliations:
        return found
    return Affiliation(*book.affiliations[occurrence], None, "corrected")


def reaffiliate(
    conn: sqlite3.Connection, occurrences: Collection[int], book: Book, catalogue: Catalogue | None
) -> None:
    """Derive the affiliations of these occurrences (ids) anew, from corrections and articles."""
    rows = conn.execute(
        "select id, uid, attribution, article, person, affiliation from occurrences"
        " where id in (select value from json_each(?))",
        [listed(occurrences)],
    ).fetchall()
    for row, uid, attribution, article, person, before in rows:
        names = names_at(conn, article, catalogue)
        found = _affiliation(uid, affiliation_of(attribution), book)
        now = affiliations.affiliate(conn, row, person, found, names)
        conn.execute("update occurrences set affiliation = ? where id = ?", [now, row])
        affiliations.refresh(conn, {bond for bond in (before, now) if bond is not None})


def move(conn: sqlite3.Connection, occurrences: Collection[int], book: Book) -> set[int]:
    """Derive the persons of these occurrences (ids) anew, affiliations with them.

    Returns the people (ids) whose quotes changed.
    """
    changed: set[int | None] = set()
    bonds: set[int | None] = set()
    rows = conn.execute(
        "select id, uid, attribution, article, person, affiliation from occurrences"
        " where id in (select value from json_each(?))",
        [listed(occurrences)],
    ).fetchall()
    for row, uid, attribution, article, person, bond in rows:
        speaker = speaker_of(attribution)
        found = namesakes.decided(conn, article, speaker) if speaker is not None else None
        now = _person(conn, uid, found, book)
        if now == person:
            continue
        moved = affiliations.with_person(conn, bond, now) if bond is not None else None
        conn.execute("update occurrences set person = ?, affiliation = ? where id = ?", [now, moved, row])
        changed |= {now, person}
        bonds |= {bond, moved}
    affiliations.refresh(conn, {bond for bond in bonds if bond is not None})
    return {person for person in changed if person is not None}


def _person(conn: sqlite3.Connection, occurrence: str, found: Assigned | None, book: Book) -> int | None:
    """Whom a correction names, else whom the article names; through merges. Creates the row (→ its id)."""
    speaker = book.speakers.get(occurrence, found)
    if speaker is None or speaker.uid is None:
        return None
    uid = book.person(speaker.uid)
    row = conn.execute("select id from people where uid = ?", [uid]).fetchone()
    if row is None:
        own = book.targets.get(uid, speaker)
        name = book.names.get(uid, roster.name_of(conn, uid) or own.name)
        row = conn.execute(
            "insert into people(uid, name, kind, identity) values (?, ?, ?, ?) returning id",
            [uid, name, own.kind, own.identity],
        ).fetchone()
        roster.settle(conn, [uid], book)
    conn.execute(
        "insert into aliases(person, name) values (?, ?) on conflict do nothing", [row[0], speaker.name]
    )
    if occurrence in book.speakers and speaker.kind == "person":
        namesakes.file_name(conn, speaker.uid, speaker.name)
    return int(row[0])
