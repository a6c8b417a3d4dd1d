"""Is the archive sound? Each check says what is wrong, where, and whether `repair` can put it right.

Repairs derive rows anew from what they are derived from; no article, quote or correction is ever removed.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quotetrack.store import affiliations, statements, withdrawals
from quotetrack.store.attribution import spans_of
from quotetrack.store.connection import schema_tables, transaction
from quotetrack.store.corrections import entries, read_book
from quotetrack.store.index import NEXT_INDEX
from quotetrack.store.occurrences import listed
from quotetrack.store.statements import Canonical
from quotetrack.types import content_text

_SEARCHED = ("statements", "occurrences", "aliases", "organisations")


@dataclass(frozen=True, slots=True)
class Problem:
    """check: which one found it; subject: a table or uid; reason: in words; repairable: by `repair`."""

    check: str
    subject: str
    reason: str
    repairable: bool


Check = Callable[[sqlite3.Connection], Iterator[Problem]]


def check(conn: sqlite3.Connection) -> list[Problem]:
    """All that is wrong, worst first; empty when the archive is sound. Reads everything once.

    The counts and canonical texts of statements are compared with their occurrences; full-text indexes
    with their tables; spans with the articles' texts.
    """
    found = list(_integrity(conn))
    if any(problem.check == "file" for problem in found):
        return found  # a damaged file answers nothing else reliably
    for one in (
        _references,
        _redirects,
        _orphans,
        _links,
        _names,
        _spans,
        _search,
        _statements,
        _withdrawals,
        _affiliations,
    ):
        found.extend(one(conn))
    return found


def repair(conn: sqlite3.Connection, canonical: Canonical = statements.longest) -> list[str]:
    """Put right what can be, in one transaction; returns a line for each thing mended.

    canonical: picks the fullest of a statement's occurrences; `cluster.canonical` weighs words.
    """
    problems = [problem for problem in check(conn) if problem.repairable]
    if problems:
        with transaction(conn):
            conn.execute("pragma defer_foreign_keys = on")
            _repair(conn, problems, canonical)
    return [f"{problem.subject}: {problem.reason}" for problem in problems]


def _integrity(conn: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in conn.execute("pragma integrity_check(20)"):
        if line != "ok":
            yield Problem("file", "database", line, repairable=False)


def _references(conn: sqlite3.Connection) -> Iterator[Problem]:
    for table, row, parent, _ in conn.execute("pragma foreign_key_check"):
        yield Problem("references", table, f"row {row} points to a row missing in {parent}", repairable=False)


def _redirects(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "select old_uid, new_uid, kind from redirects where kind = 'statement' and new_uid not in"
        " (select uid from statements union all select old_uid from redirects) or kind = 'person' and new_uid"
        " not in (select uid from people union all select old_uid from redirects)"
    )
    for old, new, kind in rows:
        yield Problem("redirects", old, f"leads to {new}, which is no {kind}", repairable=False)


def _orphans(conn: sqlite3.Connection) -> Iterator[Problem]:
    for (uid,) in conn.execute(
        "select uid from statements where id not in (select statement from occurrences where statement > 0)"
    ):
        yield Problem("orphans", uid, "a statement without occurrences", repairable=True)
    for name, uid in conn.execute(
        "select name, uid from people where id not in (select person from aliases)"
    ):
        yield Problem("orphans", uid, f"{name} cannot be searched: no alias", repairable=True)
    for left in sorted(name for name in schema_tables(conn) if name.startswith(NEXT_INDEX)):
        reason = "left by a `cluster --rebuild` that did not end, or is at work"
        yield Problem("unfinished", left, reason, repairable=False)
    (count,) = conn.execute("select count(*) from occurrences where statement is null").fetchone()
    if count:
        yield Problem(
            "unclustered", "occurrences", f"{count} without a statement: run `cluster`", repairable=False
        )


# What points where it should not, or was left over: reason, `uid` of what has it, and how it is put right.
_LINKS = (
    (
        "is replaced by a quote of another article, by itself, or though its article still has it",
        (
            "select o.id, o.uid from occurrences o join occurrences n on n.id = o.replaced_by"
            " where o.gone is null or n.id = o.id or n.article <> o.article"
        ),
        "update occurrences set replaced_by = null where id = ?",
    ),
    (
        "claims a statement of another archive though it has one here",
        "select id, uid from occurrences where claim is not null and +statement is not null",
        "update occurrences set claim = null where id = ?",
    ),
    (
        "is linked as a translation within one statement, or not as different from it",
        (
            "select e.a, x.uid from edges e join occurrences x on x.id = e.a join occurrences y on y.id = e.b"
            " where e.kind = 'translation' and (e.judgement <> 'different' or x.statement = y.statement)"
        ),
        (
            "delete from edges where a = ? and kind = 'translation' and (judgement <> 'different' or exists"
            " (select 1 from occurrences x, occurrences y where x.id = a and y.id = b and x.statement"
            " = y.statement))"
        ),
    ),
    (
        "the copy that its document names is not the one that is known",
        (
            "select a.id, a.uid from articles a left join article_copies c on c.article = a.id"
            " where json_valid(a.extra) and a.extra ->> '$.archive_url' is not c.url"
            " and a.extra ->> '$.archive_url' is not null"
        ),
        (
            "insert or replace into article_copies(article, url)"
            " select id, extra ->> '$.archive_url' from articles where id = ?"
        ),
    ),
)


def _links(conn: sqlite3.Connection) -> Iterator[Problem]:
    for reason, wrong, _ in _LINKS:
        for _, uid in conn.execute(wrong):
            yield Problem("links", uid, reason, repairable=True)


def _names(conn: sqlite3.Connection) -> Iterator[Problem]:
    """People that names were taken for, or who may be somebody else, and who are nobody."""
    known = (
        "(select uid from people union all select old_uid from redirects union all select uid from roster)"
    )
    for a, b in conn.execute(f"select a, b from proposals where a not in {known} or b not in {known}"):  # noqa: S608
        yield Problem("people", f"{a}, {b}", "a proposal about somebody unknown", repairable=False)
    rows = conn.execute(
        f"select r.written, r.person from resolutions r where r.person not in {known}"  # noqa: S608
        " and not exists"
        " (select 1 from occurrences o join corrections c on c.subject = o.uid where o.article = r.article)"
    )
    for written, person in rows:
        yield Problem("people", person, f"{written} was taken for somebody unknown", repairable=False)


def _spans(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "select o.uid, o.spans, o.content, a.text from occurrences o join articles a on a.id = o.article"
        " where o.gone is null"
    )
    for uid, spans, content, text in rows:
        found = spans_of(spans)
        if any(span.end > len(text) for kind in found.values() for span in kind):
            yield Problem("spans", uid, "reaches beyond the article's text", repairable=False)
        elif content_text(text, found["content"]) != content:
            yield Problem("spans", uid, "its content is not what the article says there", repairable=False)


def _search(conn: sqlite3.Connection) -> Iterator[Problem]:
    for table in _SEARCHED:
        try:
            with transaction(conn):
                conn.execute(f"insert into {table}_fts({table}_fts, rank) values ('integrity-check', 1)")  # noqa: S608
        except sqlite3.DatabaseError as error:
            yield Problem("search", f"{table}_fts", f"differs from the table: {error}", repairable=True)


_DRIFT = """
select s.uid, s.occurrence_count, s.outlet_count, s.first_published, s.last_published, d.* from statements s
join (
  select o.statement, count(*), count(distinct coalesce(a.outlet, 0)), min(a.published), max(a.published)
  from occurrences o join articles a on a.id = o.article where o.withdrawn is null group by o.statement
) d on d.statement = s.id
"""


def _statements(conn: sqlite3.Connection) -> Iterator[Problem]:
    for uid, *row in conn.execute(_DRIFT):
        stored, derived = row[:4], row[5:]
        if stored != derived:
            yield Problem("statements", uid, f"says {stored}, its occurrences say {derived}", repairable=True)
    rows = conn.execute(
        "select uid from statements s where withdrawn is null and not exists"
        " (select 1 from occurrences o where o.statement = s.id and o.content = s.canonical)"
    )
    for (uid,) in rows:
        yield Problem("statements", uid, "its canonical text is of none of its occurrences", repairable=True)
    for (uid,) in conn.execute("select uid from statements where stale"):
        yield Problem("statements", uid, "an article changed since it was derived", repairable=True)


def _withdrawals(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "select uid from occurrences where gone is not null and withdrawn is null union all"
        " select uid from occurrences where gone is null and withdrawn like 'no longer in the article%'"
    )
    for (uid,) in rows:
        yield Problem("withdrawals", uid, "gone from its article or back, and not marked so", repairable=True)


def _affiliations(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "select f.id, f.first_seen is not min(a.published) or f.last_seen is not max(a.published)"
        " from affiliations f left join occurrences o on o.affiliation = f.id"
        " left join articles a on a.id = o.article group by f.id "
    )
    for row, differs in rows:
        if differs:
            yield Problem(
                "affiliations", str(row), "first or last seen differ from the quotes", repairable=True
            )


def _repair(conn: sqlite3.Connection, problems: list[Problem], canonical: Canonical) -> None:
    subjects: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        subjects[problem.check].append(problem.subject)
    conn.execute(
        "insert into aliases(person, name) select id, name from people"
        " where id not in (select person from aliases)"
    )
    conn.execute(
        "delete from statements where id not in (select statement from occurrences where statement > 0)"
    )
    for _, wrong, mend in _LINKS:
        conn.executemany(mend, [(row,) for row, _ in conn.execute(wrong).fetchall()])
    withdrawals.derive(conn, _ids(conn, "occurrences", subjects["withdrawals"]), read_book(entries(conn)))
    affiliations.refresh(conn, [int(row) for row in subjects["affiliations"]])
    statements.refresh(conn, _ids(conn, "statements", subjects["statements"]), canonical)
    changed = conn.execute(
        "select distinct statement from occurrences where statement > 0"
        " and uid in (select value from json_each(?))",
        [listed(subjects["withdrawals"])],
    ).fetchall()
    statements.refresh(conn, [statement for (statement,) in changed], canonical)
    for index in subjects["search"]:
        conn.execute(f"insert into {index}({index}) values ('rebuild')")  # noqa: S608


def _ids(conn: sqlite3.Connection, table: str, uids: list[str]) -> list[int]:
    rows = conn.execute(
        f"select id from {table} where uid in (select value from json_each(?))",  # noqa: S608
        [listed(uids)],
    )
    return [row for (row,) in rows]
