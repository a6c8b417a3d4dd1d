"""Organisations that a newer catalogue takes for one: united, with a redirect from the later uid."""

from __future__ import annotations

import sqlite3

from quotetrack.identity import Catalogue, fold, own_catalogue
from quotetrack.store import affiliations
from quotetrack.store.identity import affiliation_identity
from quotetrack.store.redirects import add_redirect

REASON = "the same organisation, by the catalogue of organisations"


def unite(conn: sqlite3.Connection, now: str, catalogue: Catalogue | None = None) -> int:
    """Bring organisations in line with the catalogue, so that new articles find those of older ones.

    An organisation keeps its uid; where two become one, the later one's leads to the earlier. Inside a
    transaction of the caller. Returns how many ended.
    """
    known, ended = catalogue or own_catalogue(), 0
    for row, name, identity in conn.execute(
        "select id, name, identity from organisations order by id"
    ).fetchall():
        entry = known.find(name)
        if entry is None or (wanted := fold(entry.name)) == identity:
            continue
        twin = conn.execute("select id from organisations where identity = ?", [wanted]).fetchone()
        if twin is None:
            conn.execute(
                "update organisations set identity = ?, kind = coalesce(?, kind),"
                " wikidata = coalesce(wikidata, ?) where id = ?",
                [wanted, entry.kind, entry.wikidata, row],
            )
            continue
        kept, gone = sorted((row, twin[0]))
        _merge(conn, kept, gone, wanted, now)
        ended += 1
    return ended


def _merge(conn: sqlite3.Connection, kept: int, gone: int, identity: str, now: str) -> None:
    uids = dict(conn.execute("select id, uid from organisations where id in (?, ?)", [kept, gone]))
    moved = conn.execute(
        "select f.id, p.uid, role from affiliations f left join people p on p.id = person"
        " where organisation = ?",
        [gone],
    ).fetchall()
    for row, person, role in moved:
        wanted = affiliation_identity(person, uids[kept], role)
        same = conn.execute("select id from affiliations where identity = ?", [wanted]).fetchone()
        if same is None:
            conn.execute(
                "update affiliations set organisation = ?, identity = ? where id = ?", [kept, wanted, row]
            )
        else:
            conn.execute("update occurrences set affiliation = ? where affiliation = ?", [same[0], row])
            affiliations.refresh(conn, [row, same[0]])
    conn.execute(
        "insert or ignore into organisation_names(organisation, name)"
        " select ?, name from organisation_names where organisation = ?",
        [kept, gone],
    )
    conn.execute("delete from organisation_names where organisation = ?", [gone])
    conn.execute(
        "update organisations set acronym = coalesce(acronym,"
        " (select acronym from organisations where id = ?))"
        " where id = ?",
        [gone, kept],
    )
    add_redirect(conn, "organisation", uids[gone], uids[kept], now=now, reason=REASON)
    conn.execute("delete from organisations where id = ?", [gone])
    conn.execute("update organisations set identity = ? where id = ?", [identity, kept])
