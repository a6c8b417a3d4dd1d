"""Whom an article's names mean in the archive: decided once, kept with the reason, never changed silently.

`resolutions` holds every decision; what people correct comes on top of it and never changes it. `name_keys`
and `name_parts` are what candidates are found by; `proposals` are pairs of people who may be one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from quotetrack.identity import (
    Judged,
    Mention,
    Profile,
    Resolution,
    fold,
    keys_of,
    parts_of_name,
    read_name,
    resolve,
)
from quotetrack.store import roster
from quotetrack.store.corrections import Assigned, Book
from quotetrack.store.identity import body_identity, person_identity
from quotetrack.store.names import Names
from quotetrack.store.occurrences import listed
from quotetrack.types import Person, uid_of

#: Newest articles that a person's profile is made of, and the most that are counted.
REMEMBERED, COUNTED = 40, 1000
#: Names read of one person.
NAMES = 30


class People:
    """The archive as `identity.resolve` asks it. Persons are those the articles were taken for: merges and
    splits by people lead on from there, so that undoing one parts what it joined."""

    def __init__(self, conn: sqlite3.Connection, book: Book, *, company: bool = True) -> None:
        """company: whether anybody asks whom people are quoted along with."""
        self._conn, self._book, self._company = conn, book, company

    def named(self, key: str, limit: int) -> Sequence[tuple[str, str]]:
        return self._conn.execute(
            "select person, name from name_keys where key = ? order by person limit ?", [key, limit]
        ).fetchall()

    def profiles(self, people: Collection[str]) -> Sequence[Profile]:
        found: dict[str, Profile] = {}
        for person in people:
            today = self._book.person(person)
            if today in found:
                continue
            profile = profile_at(self._conn, today, person, company=self._company)
            if profile is not None:
                found[today] = profile
        return list(found.values())

    def bearers(self, parts: Collection[str]) -> Mapping[str, int]:
        return dict(
            self._conn.execute(
                "select part, people from name_parts where part in (select value from json_each(?))",
                [listed([*parts, ""])],
            )
        )


def profile_at(conn: sqlite3.Connection, today: str, person: str, *, company: bool = True) -> Profile | None:
    """What the archive knows of the person with the uid `today`, under the uid `person`.

    company: whether to look who they are quoted along with, which takes as long as the rest.
    """
    row = conn.execute("select id from people where uid = ?", [today]).fetchone()
    listed_as = roster.entry_of(conn, today)
    if row is None:
        return roster.profile_of(listed_as, person) if listed_as else None
    names = conn.execute("select name from aliases where person = ? order by id limit ?", [row[0], NAMES])
    seen = conn.execute(
        "select o.article, a.published, o.language, a.outlet, g.identity, f.role, f.sector, f.former"
        " from occurrences o join articles a on a.id = o.article"
        " left join affiliations f on f.id = o.affiliation left join organisations g on g.id = f.organisation"
        " where o.person = ? order by o.id desc limit ?",
        [row[0], REMEMBERED],
    ).fetchall()
    along = (
        conn.execute(
            "select distinct p.name from occurrences o join people p on p.id = o.person"
            " where o.article in (select value from json_each(?)) and o.person <> ? and p.kind = 'person'",
            [listed({one[0] for one in seen}), row[0]],
        )
        if company
        else ()
    )
    (mentions,) = conn.execute(
        "select count(*) from (select 1 from occurrences where person = ? limit ?)", [row[0], COUNTED]
    ).fetchone()
    dates = sorted(published for _, published, *_ in seen if published)
    found = Profile(
        person,
        tuple(name for (name,) in names),
        mentions,
        organisations=frozenset(one[4] for one in seen if one[4] and "@" not in one[4]),
        roles=frozenset(fold(one[5]) for one in seen if one[5]),
        sectors=frozenset(one[6] for one in seen if one[6]),
        past=frozenset(one[6] for one in seen if one[6] and one[7])
        - frozenset(one[6] for one in seen if one[6] and not one[7]),
        company=frozenset(fold(name) for (name,) in along),
        languages=frozenset(one[2] for one in seen),
        outlets=frozenset(str(one[3]) for one in seen if one[3]),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
    )
    return roster.with_entry(found, listed_as) if listed_as else found


def taken_for(
    conn: sqlite3.Connection, speaker: Person | None, names: Names, book: Book, now: str
) -> Assigned | None:
    """The archive's person for a speaker of an article: as decided before, else decided now and kept."""
    if speaker is None:
        return None
    if (known := decided(conn, names.row, speaker)) is not None:
        return known
    kind, why = speaker.kind, "a body of this name"
    if kind == "person":
        body = names.catalogue.find(speaker.name)
        if body is None:
            return _person(conn, speaker, names, book, now)
        kind, why = "organisation", f"an organisation, no person: {body.name}"
    identity = body_identity(speaker.name, kind, names.article, names.determiners, names.catalogue)
    found = Assigned(uid_of("person", identity), speaker.name, kind, identity)
    _keep(conn, names, speaker, found, Resolution(found.uid, "same", 0.0, why), now)
    return found


def decided(conn: sqlite3.Connection, article: int, speaker: Person) -> Assigned | None:
    """Whom this name of an article (id) was taken for; None when that was never asked."""
    row = conn.execute(
        "select person, taken_kind, identity from resolutions where article = ? and kind = ? and name = ?",
        [article, speaker.kind, fold(speaker.name)],
    ).fetchone()
    return None if row is None else Assigned(row[0], speaker.name, row[1], row[2])


def taken_as(conn: sqlite3.Connection, person: str) -> list[int]:
    """Occurrences (ids) of the articles that have a name taken for this person (uid)."""
    rows = conn.execute(
        "select o.id from resolutions r join occurrences o on o.article = r.article where r.person = ?",
        [person],
    )
    return [row for (row,) in rows]


def file_name(conn: sqlite3.Connection, person: str, name: str, language: str = "") -> None:
    """Let a person (uid) be found by this name."""
    keys = keys_of(read_name(name, language))
    new = conn.execute("select 1 from name_keys where person = ? limit 1", [person]).fetchone() is None
    conn.executemany(
        "insert or ignore into name_keys values (?, ?, ?)", ((key, person, name) for key in keys)
    )
    if new and keys:
        conn.executemany(
            "insert into name_parts values (?, 1) on conflict(part) do update set people = people + 1",
            ((part,) for part in ("", *parts_of_name(name, language))),
        )


def _person(conn: sqlite3.Connection, speaker: Person, names: Names, book: Book, now: str) -> Assigned:
    mention = names.mentions.get(fold(speaker.name)) or Mention(speaker.name, names.article)
    decision = resolve(mention, People(conn, book, company=bool(mention.company)))
    if decision.person is not None:
        identity = _identity_of(conn, decision.person)
        found = Assigned(decision.person, speaker.name, "person", identity)
    else:
        identity = _new_identity(conn, speaker.name, names.article, settled=decision.settled)
        found = Assigned(uid_of("person", identity), speaker.name, "person", identity)
    _keep(conn, names, speaker, found, decision, now)
    if decision.settled and found.uid is not None:
        file_name(conn, found.uid, speaker.name, mention.language)
    for doubt in decision.doubts:
        propose(conn, str(found.uid), doubt, now)
    return found


def _new_identity(conn: sqlite3.Connection, name: str, article: str, *, settled: bool) -> str:
    """Of the first of a name: the name; of later ones: with the article that brought them."""
    identity = person_identity(name, "" if settled else article)
    taken = (
        "select 1 from people where uid = ?1 union all select 1 from resolutions where person = ?1"
        " union all select 1 from roster where uid = ?1 limit 1"
    )
    if settled and conn.execute(taken, [uid_of("person", identity)]).fetchone():
        return f"{identity}~{article}"
    return identity


def _identity_of(conn: sqlite3.Connection, person: str) -> str:
    """What makes a person (uid) known; that of one who was merged away is in the decisions."""
    row = conn.execute(
        "select identity from people where uid = ?1 union all"
        " select identity from resolutions where person = ?1 union all"
        " select identity from roster where uid = ?1 limit 1",
        [person],
    ).fetchone()
    return str(row[0]) if row else f"uid:{person}"


def _keep(
    conn: sqlite3.Connection, names: Names, speaker: Person, found: Assigned, decision: Resolution, now: str
) -> None:
    conn.execute(
        "insert into resolutions(article, kind, name, person, written, taken_kind, identity, judgement,"
        ' score, why, settled, "by", "when") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \'quotetrack\', ?)',
        [
            names.row,
            speaker.kind,
            fold(speaker.name),
            found.uid,
            found.name,
            found.kind,
            found.identity,
            decision.judgement,
            decision.score,
            decision.why,
            decision.settled,
            now,
        ],
    )


DECISION = (
    *("kind", "name", "person", "written", "taken_kind", "identity", "judgement", "score", "why", "settled"),
    *("by", "when"),
)
_COLUMNS = ", ".join(f'"{column}"' for column in DECISION)


def decisions(conn: sqlite3.Connection, article: int) -> list[dict[str, object]]:
    """Whom the names of an article (id) were taken for, as `restore` takes them."""
    rows = conn.execute(
        f"select {_COLUMNS} from resolutions where article = ? order by kind, name",  # noqa: S608
        [article],
    )
    return [dict(zip(DECISION, row, strict=True)) for row in rows]


def restore(
    conn: sqlite3.Connection, article: int, people: Sequence[Mapping[str, object]], language: str
) -> None:
    """Decisions of another archive on this article (id) hold here, unless it has its own."""
    for row in people:
        new = conn.execute(
            f"insert or ignore into resolutions(article, {_COLUMNS})"  # noqa: S608
            f" values (?, {', '.join('?' * len(DECISION))}) returning 1",
            [article, *(row[column] for column in DECISION)],
        ).fetchone()
        if new and row["settled"] and row["taken_kind"] == "person":
            file_name(conn, str(row["person"]), str(row["written"]), language)


def propose(conn: sqlite3.Connection, person: str, doubt: Judged, now: str) -> None:
    """Keep that two people (uids) may be one, for a person to decide; the best evidence stays."""
    a, b = sorted((person, doubt.person))
    if a == b:
        return
    conn.execute(
        "insert into proposals values (?, ?, ?, ?, ?, 'quotetrack', ?)"
        ' on conflict(a, b, "by") do update set score = excluded.score, judgement = excluded.judgement,'
        ' why = excluded.why, "when" = excluded."when" where excluded.score > score',
        [a, b, doubt.score, doubt.judgement, doubt.why, now],
    )
