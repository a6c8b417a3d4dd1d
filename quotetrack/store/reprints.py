"""Which articles are one text: wire copy and press releases, however cut. The decision is passed in."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection

from quotetrack.store import statements
from quotetrack.store.agencies import credited
from quotetrack.store.occurrences import listed

Keys = Callable[[str], frozenset[int]]
IsReprint = Callable[[frozenset[int], frozenset[int]], bool]

BATCH = 500  # articles linked in one transaction
COMMON = 500  # a key that more articles share is boilerplate (a footer, a notice) and says nothing
# Share of the smaller article's keys that two articles have in common when both credit one agency: less than
# `is_reprint` asks for, since the credit says whose the common text is. A quote and its sentence, some 30
# words, have about four keys.
CREDITED_SHARE, CREDITED_KEYS = 0.15, 3
CANDIDATES = 20  # articles sharing the most keys that are compared


def is_pending(conn: sqlite3.Connection) -> bool:
    """Whether there are articles that were not looked at."""
    return conn.execute("select 1 from articles where not keyed limit 1").fetchone() is not None


def link_batch(conn: sqlite3.Connection, article_keys: Keys, is_reprint: IsReprint) -> int:
    """Look at the first BATCH articles that were not looked at; returns for how many it changed which article
    they reprint. Inside a transaction of the caller."""
    rows = conn.execute(
        "select id, text, author from articles where not keyed order by id limit ?", [BATCH]
    ).fetchall()
    changed: set[int] = set()
    for article, text, author in rows:
        keys, agencies = article_keys(text), credited(text, author)
        changed |= _part(conn, article)
        conn.executemany(
            "insert into article_keys(key, article) values (?, ?)", ((key, article) for key in keys)
        )
        same = []
        for other in _candidates(conn, article, keys):
            theirs = _keys(conn, other)
            if is_reprint(keys, theirs) or _is_of_one_agency(keys, theirs, agencies, _agencies(conn, other)):
                same.append(other)
        changed |= _join(conn, [article, *same, *_identical(conn, article)])
        named = ", ".join(agencies) or None
        conn.execute("update articles set keyed = 1, agencies = ? where id = ?", [named, article])
    if changed:
        statements.refresh_counts(conn, _statements_in(conn, changed))
    return len(changed)


def _part(conn: sqlite3.Connection, article: int) -> set[int]:
    """Forget what was linked for a former text; those that reprinted it look for their original again."""
    (linked,) = conn.execute(
        "select exists (select 1 from article_keys where article = ?1) or exists (select 1 from articles"
        " where reprint_of = ?1 or id = ?1 and reprint_of is not null)",
        [article],
    ).fetchone()
    if not linked:
        return set()
    conn.execute("delete from article_keys where article = ?", [article])
    parted = conn.execute(
        "update articles set reprint_of = null, keyed = id = ?1 and keyed"
        " where reprint_of = ?1 or id = ?1 and reprint_of is not null returning id",
        [article],
    ).fetchall()
    conn.executemany("delete from article_keys where article = ?", parted)
    return {other for (other,) in parted}


def _candidates(conn: sqlite3.Connection, article: int, keys: Collection[int]) -> list[int]:
    shared: Counter[int] = Counter()
    rows = conn.execute(
        "select (select json_group_array(article) from (select article from article_keys"
        " where key = wanted.value limit ?)) from json_each(?) wanted",
        [COMMON + 1, listed(keys)],
    )
    for holders in (json.loads(row) for (row,) in rows):
        if len(holders) <= COMMON:
            shared.update(holder for holder in holders if holder != article)
    return [other for other, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]]


def _keys(conn: sqlite3.Connection, article: int) -> frozenset[int]:
    return frozenset(
        key for (key,) in conn.execute("select key from article_keys where article = ?", [article])
    )


def _agencies(conn: sqlite3.Connection, article: int) -> Collection[str]:
    (found,) = conn.execute("select agencies from articles where id = ?", [article]).fetchone()
    return found.split(", ") if found else ()


def _is_of_one_agency(
    keys: frozenset[int], theirs: frozenset[int], agencies: Collection[str], others: Collection[str]
) -> bool:
    """Whether two articles owe what they have in common to an agency that both credit."""
    common = len(keys & theirs)
    enough = common >= max(CREDITED_KEYS, CREDITED_SHARE * min(len(keys), len(theirs)))
    return enough and not set(agencies).isdisjoint(others)


def _identical(conn: sqlite3.Connection, article: int) -> list[int]:
    rows = conn.execute(
        "select b.id from articles a join articles b on b.sha256 = a.sha256 where a.id = ? and b.id <> a.id"
        " and b.keyed limit 1",
        [article],
    )
    return [other for (other,) in rows]


def _join(conn: sqlite3.Connection, linked: Collection[int]) -> set[int]:
    """Put the groups of these articles together under their earliest; undated ones come last. The first is in
    no group yet."""
    if len(linked) == 1:
        return set()
    group = conn.execute(
        "with roots as (select coalesce(reprint_of, id) as id from articles"
        " where id in (select value from json_each(?)))"
        " select id, reprint_of from articles where id in roots or reprint_of in roots"
        " order by published is null, published, uid",
        [listed(linked)],
    ).fetchall()
    original = group[0][0]
    wanted = {article: None if article == original else original for article, _ in group}
    changed = {article for article, before in group if wanted[article] != before}
    conn.executemany(
        "update articles set reprint_of = ? where id = ?", ((wanted[article], article) for article in changed)
    )
    return changed


def _statements_in(conn: sqlite3.Connection, articles: Collection[int]) -> set[int]:
    rows = conn.execute(
        "select distinct statement from occurrences where statement is not null"
        " and article in (select value from json_each(?))",
        [listed(articles)],
    )
    return {statement for (statement,) in rows}
