"""The tables of people across articles, and what an archive of an earlier version lacks in them.

Imports neither `connection` nor `migrations`, which call it.
"""

from __future__ import annotations

import json
import sqlite3

from quotetrack.identity import fold, keys_of, own_catalogue, parts_of_name, read_name, standing_of
from quotetrack.store.agencies import credited
from quotetrack.types import Span, content_text, uid_of

# organisations.kind and affiliations.sector are sectors of data/roles.toml; former: the role is over.
PEOPLE = """
create table resolutions (        -- whom each name of an article was taken for, before what people corrected
  article integer not null references articles(id),
  kind text not null,             -- as the article has it: person, organisation, group
  name text not null,             -- folded
  person text not null,           -- uid; merges and splits by people lead on from it
  written text not null,
  taken_kind text not null,
  identity text not null,
  judgement text not null check (judgement in ('same', 'different', 'unsure')),
  score real not null,            -- nats
  why text not null,
  settled integer not null,       -- 0: within its article only
  "by" text not null,
  "when" text not null,
  primary key (article, kind, name)
) without rowid;
create index resolutions_person on resolutions(person);
create index resolutions_unsettled on resolutions(article) where judgement = 'unsure' and not settled;
create table name_keys (          -- under what a person (uid) is found, see quotetrack.identity.keys
  key text not null,
  person text not null,
  name text not null,
  primary key (key, person, name)
) without rowid;
create index name_keys_person on name_keys(person);
create table name_parts (         -- how many people bear a part of a name; '' is all people
  part text primary key,
  people integer not null
) without rowid;
create table proposals (          -- people (uids, a < b) who may be one, or whom a person keeps apart
  a text not null,
  b text not null,
  score real not null,
  judgement text not null check (judgement in ('same', 'different', 'unsure')),
  why text not null,
  "by" text not null,
  "when" text not null,
  primary key (a, b, "by"),
  check (a < b)
) without rowid;
create index proposals_b on proposals(b);
create table organisation_names ( -- every name an organisation goes by, the first one included
  id integer primary key,
  organisation integer not null references organisations(id),
  name text not null,
  unique (organisation, name)
);
alter table organisations add column kind text;
alter table organisations add column wikidata text;
alter table affiliations add column sector text;
alter table affiliations add column former integer not null default 0;
create index affiliations_sector on affiliations(sector);
"""


def credit_agencies(conn: sqlite3.Connection) -> None:
    """Whom the articles credit that were stored before anybody asked; those that credit somebody are compared
    with others again, when quotes are clustered next."""
    rows = conn.execute("select id, text, author from articles where keyed and agencies is null").fetchall()
    found = ((", ".join(credited(text, author)), row) for row, text, author in rows)
    conn.executemany(
        "update articles set agencies = ?, keyed = 0 where id = ?", (pair for pair in found if pair[0])
    )


_EARLIER = ("", "#sport", "#office", "@{article}")  # how one name made several people


def fill(conn: sqlite3.Connection) -> None:
    """Nobody changes hands: every name stays with the person it has. New archives have nothing to fill."""
    _names(conn)
    _decisions(conn)
    _standings(conn)


def _names(conn: sqlite3.Connection) -> None:
    rows = conn.execute(
        "select p.uid, a.name from people p join aliases a on a.person = p.id"
        " where p.kind = 'person' and instr(p.identity, '@') = 0 order by a.id"
    ).fetchall()
    counted = set()
    for uid, name in rows:
        keys = keys_of(read_name(name))
        conn.executemany(
            "insert or ignore into name_keys values (?, ?, ?)", ((key, uid, name) for key in keys)
        )
        if keys and uid not in counted:
            counted.add(uid)
            conn.executemany(
                "insert into name_parts values (?, 1) on conflict(part) do update set people = people + 1",
                ((part,) for part in ("", *parts_of_name(name))),
            )


def _decisions(conn: sqlite3.Connection) -> None:
    """A person whom somebody merged since is found again by the uid that the name gave then."""
    moved = {uid for (uid,) in conn.execute("select subject from corrections where action = 'reassign'")}
    for (detail,) in conn.execute("select detail from corrections where action = 'split person'"):
        moved |= set(json.loads(detail)["occurrences"])
    rows = conn.execute(
        "select o.uid, o.article, a.uid, o.attribution, p.uid, p.identity, p.kind from occurrences o"
        " join articles a on a.id = o.article join people p on p.id = o.person order by o.id"
    )
    redirects = dict(conn.execute("select old_uid, new_uid from redirects where kind = 'person'"))
    for occurrence, row, article, attribution, person, identity, kind in rows:
        said = json.loads(attribution)
        if "name" not in said or occurrence in moved:
            continue
        found = (person, identity)
        if said["kind"] == "person":
            for ending in _EARLIER:
                earlier = f"person:{fold(said['name'])}{ending.format(article=article)}"
                uid = uid_of("person", earlier)
                if redirects.get(uid, uid) == person:
                    found = (uid, earlier)
                    break
        conn.execute(
            "insert or ignore into resolutions values (?, ?, ?, ?, ?, ?, ?, 'same', 0,"
            " 'decided by an earlier version, by name', ?, 'quotetrack', datetime('now'))",
            [
                row,
                said["kind"],
                fold(said["name"]),
                found[0],
                said["name"],
                kind,
                found[1],
                "@" not in found[1],
            ],
        )


def _standings(conn: sqlite3.Connection) -> None:
    catalogue = own_catalogue()
    for row, name in conn.execute("select id, name from organisations").fetchall():
        known = catalogue.find(name)
        if known is not None:
            conn.execute(
                "update organisations set kind = ?, wikidata = ? where id = ?",
                [known.kind, known.wikidata, row],
            )
        conn.execute(
            "insert or ignore into organisation_names(organisation, name) values (?, ?)", [row, name]
        )
    rows = conn.execute(
        "select f.id, f.role, g.name, g.kind from affiliations f"
        " left join organisations g on g.id = f.organisation"
    ).fetchall()
    for row, role, name, kind in rows:
        standing = standing_of(role, name, kind)
        conn.execute(
            "update affiliations set sector = ?, former = ? where id = ?",
            [standing.sector, standing.former, row],
        )


def reread_contents(conn: sqlite3.Connection) -> None:
    """Contents as `content_text` words them today: one that is worded otherwise would not be known again when
    its article changes, and lose its uid. Statements are derived anew by the next `add` or `cluster`."""
    rows = conn.execute("select id, content, statement from occurrences where instr(content, char(10))")
    for row, content, statement in rows.fetchall():
        now = content_text(content, (Span(0, len(content)),))
        if now == content:
            continue
        conn.execute(
            "update occurrences set content = ?, passage = coalesce(passage, ?) where id = ?",
            [now, content, row],
        )
        conn.execute(
            "update statements set stale = 1, canonical = iif(canonical = ?, ?, canonical) where id = ?",
            [content, now, statement],
        )
