"""Organisations, and who speaks for them in what role: rows, and the evidence for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from quotetrack.identity import standing_of
from quotetrack.store.attribution import affiliation_of
from quotetrack.store.identity import affiliation_identity
from quotetrack.store.names import Names, organisation_of
from quotetrack.types import Affiliation, uid_of


def affiliate(
    conn: sqlite3.Connection, occurrence: int, person: int | None, found: Affiliation | None, names: Names
) -> int | None:
    """The affiliation (id) that an occurrence (id) shows, created when new; None when it shows none."""
    if found is None or not (found.organisation or found.role):
        return None
    organisation = _organisation(conn, found.organisation, names) if found.organisation else None
    row = _row(conn, person, organisation, found.role)
    _see(conn, row, occurrence, found, names)
    return row


def with_person(conn: sqlite3.Connection, affiliation: int, person: int | None) -> int:
    """The same organisation and role with another person; `refresh` has to follow."""
    organisation, role = conn.execute(
        "select organisation, role from affiliations where id = ?", [affiliation]
    ).fetchone()
    return _row(conn, person, organisation, role)


def refresh(conn: sqlite3.Connection, affiliations: Collection[int]) -> None:
    """First and last seen and the evidence, from the occurrences; what none shows any more is removed."""
    for affiliation in affiliations:
        first_seen, last_seen, count = conn.execute(
            "select min(published), max(published), count(*) from occurrences"
            " join articles on articles.id = article where affiliation = ?",
            [affiliation],
        ).fetchone()
        if not count:
            conn.execute("delete from affiliations where id = ?", [affiliation])
            continue
        occurrence, text, attribution, gone, corrected = conn.execute(
            "select o.id, a.text, attribution, gone, exists (select 1 from corrections c"
            " where c.action = 'affiliate' and c.subject = o.uid)"
            " from occurrences o join articles a on a.id = article where affiliation = ?"
            " order by published is null, published, o.id limit 1",
            [affiliation],
        ).fetchone()
        found = affiliation_of(attribution)
        read = found is not None and found.evidence is not None and not corrected
        shown = found.evidence.of(text) if read and found and found.evidence else None
        conn.execute(
            "update affiliations set first_seen = ?, last_seen = ?, evidence = ?,"
            " evidence_text = iif(?, evidence_text, ?) where id = ?",
            [first_seen, last_seen, occurrence, gone is not None, shown, affiliation],
        )


def _organisation(conn: sqlite3.Connection, written: str, names: Names) -> int:
    """One organisation under all its names; a long name brings its acronym. Every name it had is kept."""
    name, identity = organisation_of(written, names)
    known = names.catalogue.find(name)
    acronym = names.acronyms.get(identity) or next(iter(known.acronyms if known else ()), None)
    conn.execute(
        "insert into organisations(uid, name, acronym, kind, wikidata, identity) values (?, ?, ?, ?, ?, ?)"
        " on conflict(identity) do update set acronym = coalesce(acronym, excluded.acronym),"
        " kind = coalesce(excluded.kind, kind), wikidata = coalesce(wikidata, excluded.wikidata)"
        " where acronym is null and excluded.acronym is not null or kind is not excluded.kind"
        " and excluded.kind is not null",
        [
            uid_of("organisation", identity),
            known.name if known else name,
            acronym,
            known.kind if known else None,
            known.wikidata if known else None,
            identity,
        ],
    )
    row = int(conn.execute("select id from organisations where identity = ?", [identity]).fetchone()[0])
    conn.executemany(
        "insert into organisation_names(organisation, name) values (?, ?) on conflict do nothing",
        ((row, one) for one in dict.fromkeys((name, written))),
    )
    return row


def _row(conn: sqlite3.Connection, person: int | None, organisation: int | None, role: str | None) -> int:
    (whom,) = conn.execute("select (select uid from people where id = ?)", [person]).fetchone()
    body = conn.execute("select uid, name, kind from organisations where id = ?", [organisation]).fetchone()
    uid, name, kind = body or (None, None, None)
    identity = affiliation_identity(whom, uid, role)
    standing = standing_of(role, name, kind)
    conn.execute(
        "insert into affiliations(person, organisation, role, sector, former, identity)"
        " values (?, ?, ?, ?, ?, ?) on conflict(identity) do nothing",
        [person, organisation, role, standing.sector, standing.former, identity],
    )
    return int(conn.execute("select id from affiliations where identity = ?", [identity]).fetchone()[0])


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
