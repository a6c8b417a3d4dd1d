"""What an exported article carries besides the contract's keys: adding it again gives the same archive.

One more key of a line, "archive":

  quotes       of each quote that stands: uid, statement, content_spans; attribution if a person corrected it
  former       quotes that are gone or withdrawn: columns of `occurrences`, statement and replaced_by as uids
  revisions    earlier texts: text, fetched_at
  said         what the article's own document had under this key
  people       whom the article's names were taken for: columns of `resolutions`
  corrections, redirects, proposals, roster   of the whole archive, on its first line
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from quotetrack.store import namesakes
from quotetrack.store.attribution import affiliation_of, pairs, quote_of, spans_of, speaker_of
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import Book, Entry, append, entries, read_book
from quotetrack.store.index import write_edges
from quotetrack.types import Article, Quote

KEY = "archive"
Row = dict[str, Any]
_FORMER = (
    *("uid", "type", "content", "spans", "cue", "source_text", "passage_before", "passage", "passage_after"),
    *("confidence", "rule", "speaker_rule", "language", "attribution", "gone"),
)
_REDIRECT = ("old_uid", "new_uid", "kind", "when", "reason")
_PROPOSAL = ("a", "b", "score", "judgement", "why", "by", "when")
_ROSTER = (
    *("uid", "name", "kind", "wikidata", "aliases", "affiliation", "role", "identity", "judgement", "why"),
    "when",
)


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


# --------------------------------------------------------------------- out


def carried_by(conn: sqlite3.Connection, article: int, corrected: Mapping[str, str]) -> Row:
    """corrected: uid -> attribution as the article has it, of the quotes of which a person changed it."""
    standing, former = [], []
    rows = conn.execute(
        f"select o.withdrawn is null and o.gone is null, s.uid, n.uid, {', '.join(f'o.{c}' for c in _FORMER)}"  # noqa: S608
        " from occurrences o left join statements s on s.id = o.statement"
        " left join occurrences n on n.id = o.replaced_by where o.article = ? order by o.id",
        [article],
    )
    for stands, statement, replaced_by, *values in rows:
        row = dict(zip(_FORMER, values, strict=True))
        if stands:
            spans = pairs(spans_of(row["spans"])["content"])
            one = {"uid": row["uid"], "statement": statement, "content_spans": spans}
            standing.append(one | {"attribution": corrected.get(row["uid"])})
        else:
            former.append(row | {"statement": statement, "replaced_by": replaced_by})
    revisions = conn.execute(
        "select sha256, text, fetched_at from revisions where article = ? order by id", [article]
    ).fetchall()
    found = {
        "quotes": [{key: value for key, value in one.items() if value is not None} for one in standing],
        "former": [{key: value for key, value in one.items() if value is not None} for one in former],
        "revisions": [dict(zip(("sha256", "text", "fetched_at"), row, strict=True)) for row in revisions],
        "people": namesakes.decisions(conn, article),
    }
    return {key: value for key, value in found.items() if value}


def log_of(conn: sqlite3.Connection) -> Row:
    """What belongs to the archive as a whole: corrections and redirects."""
    corrections = [
        {
            "id": entry.id,
            "action": entry.action,
            "subject": entry.subject,
            "detail": dict(entry.detail),
            "author": entry.author,
            "reason": entry.reason,
            "when": entry.when,
            "undoes": entry.undoes,
        }
        for entry in entries(conn)
    ]
    rows = conn.execute('select old_uid, new_uid, kind, "when", reason from redirects order by old_uid')
    redirects = [dict(zip(_REDIRECT, row, strict=True)) for row in rows]
    pairs_of_people = conn.execute(
        'select a, b, score, judgement, why, "by", "when" from proposals order by a, b, "by"'
    )
    proposals = [dict(zip(_PROPOSAL, row, strict=True)) for row in pairs_of_people]
    rows = conn.execute(f"select {_quoted(_ROSTER)} from roster order by uid")  # noqa: S608
    known = [dict(zip(_ROSTER, row, strict=True)) for row in rows]
    found = {"corrections": corrections, "redirects": redirects, "proposals": proposals, "roster": known}
    return {key: value for key, value in found.items() if value}


# --------------------------------------------------------------------- in again


_LISTS = ("former", "revisions", "corrections", "redirects", "people", "proposals", "roster")


@dataclass(slots=True)
class Carried:
    """quotes: those that stand, by their content spans as JSON, in order."""

    quotes: dict[str, list[Row]] = field(default_factory=dict)
    former: Sequence[Row] = ()
    revisions: Sequence[Row] = ()
    corrections: Sequence[Row] = ()
    redirects: Sequence[Row] = ()
    people: Sequence[Row] = ()
    proposals: Sequence[Row] = ()
    roster: Sequence[Row] = ()

    def of(self, quote: Quote) -> Row:
        """What was exported of this quote; each once."""
        found = self.quotes.get(json.dumps(pairs(quote.content)))
        return found.pop(0) if found else {}


def alone(article: Article) -> Article:
    """The article without what it carries: where its quotes are read anew, nothing said of others holds, and
    a document of the web corrects nothing."""
    if not _carries(article):
        return article
    found: Any = article.extra[KEY]
    own = {KEY: found["said"]} if "said" in found else {}
    return replace(article, extra={key: value for key, value in article.extra.items() if key != KEY} | own)


def unpack(article: Article) -> tuple[Article, Carried]:
    """The article without what it carries, and that. What others call "archive" (an address, a shelf) is
    theirs and stays with the article. Raises StoreError where it is broken."""
    if not _carries(article):
        return article, Carried()
    found: Any = article.extra[KEY]
    try:
        quotes: dict[str, list[Row]] = {}
        for one in found.get("quotes", ()):
            quotes.setdefault(json.dumps(one["content_spans"]), []).append(one)
        others = {key: found.get(key, ()) for key in _LISTS}
        _check(others)
    except (AttributeError, KeyError, TypeError) as error:
        raise broken(article, error) from error
    return alone(article), Carried(quotes, **others)


def _carries(article: Article) -> bool:
    found = article.extra.get(KEY)
    return isinstance(found, Mapping) and found.keys() <= {"quotes", "said", *_LISTS}


def broken(article: Article, error: Exception) -> StoreError:
    return StoreError(f'{article.origin}: its "{KEY}" is not what `export` writes: {error!r}')


def _check(others: Mapping[str, Sequence[Row]]) -> None:
    needed = {
        "former": ("uid", "type", "content", "spans", "attribution", "confidence", "rule", "language"),
        "revisions": ("sha256", "text", "fetched_at"),
        "corrections": ("id", "action", "subject", "detail", "author", "reason", "when"),
        "redirects": _REDIRECT,
        "people": namesakes.DECISION,
        "proposals": _PROPOSAL,
        "roster": _ROSTER,
    }
    for kind, rows in others.items():
        for row in rows:
            for key in needed[kind]:
                row[key]


def as_written(quote: Quote, exported: Row) -> Quote:
    """The quote with the attribution that its article has, where a person corrected it."""
    if "attribution" not in exported:
        return quote
    attribution = str(exported["attribution"])
    return replace(quote, speaker=speaker_of(attribution), affiliation=affiliation_of(attribution))


def take_log(conn: sqlite3.Connection, carried: Carried, book: Book) -> Book:
    """Append the corrections that are not there yet; returns the book that holds now.

    What they touch of the quotes that are here is derived by `correcting.catch_up`.
    """
    conn.executemany(
        "insert or ignore into proposals values (?, ?, ?, ?, ?, ?, ?)",
        ([row[key] for key in _PROPOSAL] for row in carried.proposals),
    )
    conn.executemany(
        f"insert or ignore into roster({_quoted(_ROSTER)}) values ({', '.join('?' * len(_ROSTER))})",  # noqa: S608
        ([row[key] for key in _ROSTER] for row in carried.roster),
    )
    if not carried.corrections and not carried.redirects:
        return book
    for entry in untaken(conn, carried):
        append(conn, entry)
        conn.execute("insert into arrivals(correction) values (?)", [entry.id])
    conn.executemany(
        'insert or ignore into redirects(old_uid, new_uid, kind, "when", reason) select ?1, ?2, ?3, ?4, ?5'
        " where ?1 not in (select uid from statements union all select uid from people)",
        ([row[key] for key in _REDIRECT] for row in carried.redirects),
    )
    return read_book(entries(conn))


def claim(conn: sqlite3.Connection, carried: Carried) -> None:
    """Note of the quotes that are here which statement each was of where it was exported from."""
    rows = [*(row for same in carried.quotes.values() for row in same), *carried.former]
    conn.executemany(
        "update occurrences set claim = :statement"
        " where uid = :uid and claim is null and statement is not null",
        ({"uid": row.get("uid"), "statement": row["statement"]} for row in rows if row.get("statement")),
    )


def untaken(conn: sqlite3.Connection, carried: Carried) -> list[Entry]:
    """The corrections that are not in this archive, numbered as they would go on in it."""
    if not carried.corrections:
        return []
    known: dict[tuple[object, ...], list[int]] = {}  # alike ones, the earliest last: each is taken once
    for entry in reversed(entries(conn)):
        known.setdefault(_signature(entry), []).append(entry.id)
    last = max(chain.from_iterable(known.values()), default=0)
    numbers: dict[object, int] = {}
    new = []
    for row in carried.corrections:
        entry = Entry(
            last + 1, row["action"], row["subject"], row["detail"], row["author"], row["reason"], row["when"]
        )
        entry = replace(entry, undoes=numbers.get(row.get("undoes")))
        alike = known.get(_signature(entry))
        if alike:
            numbers[row["id"]] = alike.pop()
        else:
            last += 1
            new.append(entry)
            numbers[row["id"]] = last
    return new


def _signature(entry: Entry) -> tuple[object, ...]:
    detail = json.dumps(dict(entry.detail), sort_keys=True)
    return entry.action, entry.subject, detail, entry.author, entry.reason, entry.when, entry.undoes


def free_uid(conn: sqlite3.Connection, exported: Row) -> str | None:
    """The uid that a quote had, unless something else has it here."""
    uid = exported.get("uid")
    taken = conn.execute("select 1 from occurrences where uid = ?", [uid]).fetchone()
    return None if uid is None or taken else str(uid)


def restore_former(conn: sqlite3.Connection, carried: Carried, article: int) -> list[tuple[int, str, Quote]]:
    """Write quotes that are gone or withdrawn, and earlier texts. → id, uid and value of each quote."""
    conn.executemany(
        "insert or ignore into revisions(article, sha256, text, fetched_at) values (?, ?, ?, ?)",
        ([article, row["sha256"], row["text"], row["fetched_at"]] for row in carried.revisions),
    )
    restored = []
    for row in carried.former:
        values = {column: row.get(column) for column in _FORMER}
        marks = ", ".join(f":{column}" for column in _FORMER)
        found = conn.execute(
            f"insert or ignore into occurrences(article, claim, {', '.join(_FORMER)})"  # noqa: S608
            f" values (:article, :claim, {marks}) returning id",
            values | {"article": article, "claim": row.get("statement")},
        ).fetchone()
        if found:
            restored.append((int(found[0]), str(row["uid"]), row))
    for number, _, row in restored:
        conn.execute(
            "update occurrences set replaced_by = (select id from occurrences where uid = ?) where id = ?",
            [row.get("replaced_by"), number],
        )
    read = ("type", "spans", "confidence", "rule", "attribution")
    return [(number, uid, quote_of(*(row[key] for key in read))) for number, uid, row in restored]


def tell(conn: sqlite3.Connection, uids: Collection[str], book: Book) -> None:
    """Judgements by people on these occurrences, as far as both are there."""
    wanted = set(uids)
    write_edges(conn, [edge for (a, b), edge in book.told.items() if a in wanted or b in wanted])
