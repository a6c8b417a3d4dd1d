"""People, organisations and affiliations: rows for whom an article's quotes are attributed to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from quotetrack import languages
from quotetrack.store.identity import (
    acronym_of,
    affiliation_identity,
    article_uid,
    fold,
    initials,
    is_acronym,
    organisation_identity,
    person_identity,
)
from quotetrack.types import Affiliation, Article, Person, Quote, uid_of


@dataclass(frozen=True, slots=True)
class Names:
    """What one article says about names, gathered before its quotes are written.

    article: its uid; determiners: the language's articles, which no organisation's name starts with;
    acronyms: long name, folded -> its acronym as this article writes it;
    long_names: acronym, folded -> that long name, as written.
    """

    article: str
    text: str
    published: str | None
    determiners: Collection[str]
    acronyms: Mapping[str, str]
    long_names: Mapping[str, str]


def names_of(article: Article, published: str | None, quotes: Sequence[Quote], language: str) -> Names:
    """published: the archive's date of the article, which an earlier version may have given."""
    determiners = _determiners(language)
    given = {
        quote.affiliation.organisation: None
        for quote in quotes
        if quote.affiliation is not None and quote.affiliation.organisation
    }
    acronyms: dict[str, str] = {}
    long_names: dict[str, str] = {}
    for name in given:
        if is_acronym(name):
            continue
        known = (other for other in given if is_acronym(other) and fold(other) == fold(initials(name)))
        if acronym := acronym_of(name, article.text) or next(known, None):
            folded = organisation_identity(name, determiners)
            acronyms[folded] = acronym
            long_names.setdefault(fold(acronym), name)
    return Names(article_uid(article), article.text, published, determiners, acronyms, long_names)


def attribute(
    conn: sqlite3.Connection,
    occurrence: int,
    speaker: Person | None,
    affiliation: Affiliation | None,
    names: Names,
) -> None:
    """Set person and affiliation of one occurrence, creating whoever is new."""
    person = _person(conn, speaker, names) if speaker is not None else None
    bond = _affiliation(conn, occurrence, person, affiliation, names) if affiliation is not None else None
    conn.execute(
        "update occurrences set person = ?, affiliation = ? where id = ?", [person, bond, occurrence]
    )


def _person(conn: sqlite3.Connection, speaker: Person, names: Names) -> int:
    identity = person_identity(speaker, names.article, names.determiners)
    uid = uid_of("person", identity)
    conn.execute(
        "insert into people(uid, name, kind, identity) values (?, ?, ?, ?) on conflict(identity) do nothing",
        [uid, speaker.name, speaker.kind, identity],
    )
    row = int(conn.execute("select id from people where identity = ?", [identity]).fetchone()[0])
    conn.execute(
        "insert into aliases(person, name) values (?, ?) on conflict do nothing", [row, speaker.name]
    )
    return row


def _organisation(conn: sqlite3.Connection, name: str, names: Names) -> int:
    """An acronym means the organisation that this article spells out; a long name brings its acronym."""
    name = names.long_names.get(organisation_identity(name, names.determiners), name)
    identity = organisation_identity(name, names.determiners)
    acronym = names.acronyms.get(identity)
    conn.execute(
        "insert into organisations(uid, name, acronym, identity) values (?, ?, ?, ?)"
        " on conflict(identity) do update set acronym = excluded.acronym"
        " where acronym is null and excluded.acronym is not null",
        [uid_of("organisation", identity), name, acronym, identity],
    )
    return int(conn.execute("select id from organisations where identity = ?", [identity]).fetchone()[0])


def _affiliation(
    conn: sqlite3.Connection, occurrence: int, person: int | None, found: Affiliation, names: Names
) -> int | None:
    organisation = _organisation(conn, found.organisation, names) if found.organisation else None
    if organisation is None and not found.role:
        return None
    whom, body = conn.execute(
        "select (select uid from people where id = ?), (select uid from organisations where id = ?)",
        [person, organisation],
    ).fetchone()
    identity = affiliation_identity(whom, body, found.role)
    conn.execute(
        "insert into affiliations(person, organisation, role, identity) values (?, ?, ?, ?)"
        " on conflict(identity) do nothing",
        [person, organisation, found.role, identity],
    )
    row = int(conn.execute("select id from affiliations where identity = ?", [identity]).fetchone()[0])
    _see(conn, row, occurrence, found, names)
    return row


def _see(conn: sqlite3.Connection, row: int, occurrence: int, found: Affiliation, names: Names) -> None:
    """Widen first and last seen; the earliest occurrence is the evidence."""
    shown = found.evidence.of(names.text) if found.evidence is not None else None
    conn.execute(
        "update affiliations set evidence = :occurrence, evidence_text = :shown where id = :row and"
        " (evidence is null or (:published is not null and (first_seen is null or :published < first_seen)))",
        {"occurrence": occurrence, "shown": shown, "row": row, "published": names.published},
    )
    conn.execute(
        "update affiliations set first_seen = min(coalesce(first_seen, :published), :published),"
        " last_seen = max(coalesce(last_seen, :published), :published)"
        " where id = :row and :published is not null",
        {"published": names.published, "row": row},
    )


def _determiners(language: str) -> Collection[str]:
    try:
        pack = languages.load(language)
    except LookupError:
        return ()
    return pack.speakers.get("determiners", frozenset())
