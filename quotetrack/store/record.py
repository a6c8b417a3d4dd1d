"""Writing one article with its quotes: the rows, and what happens to them when its text changed."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quotetrack.identity import Catalogue
from quotetrack.store import affiliations, attribution, carried, namesakes, occurrences, speakers, withdrawals
from quotetrack.store.carried import Carried
from quotetrack.store.connection import StoreError
from quotetrack.store.corrections import Book
from quotetrack.store.edits import overlooked, replacements
from quotetrack.store.identity import article_uid, occurrence_uid
from quotetrack.store.names import names_of
from quotetrack.store.passages import passage
from quotetrack.types import Article, Quote, Span, content_text

State = Literal["new", "known", "changed", "returned"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record` did. article: its uid; the counts are quotes.

    quotes: those the article now has; added: the new ones among them; kept: those of a changed article
    whose content still stands; gone: those that no longer do. A known article reports none.
    """

    article: str
    state: State
    quotes: int = 0
    added: int = 0
    kept: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class _Old:
    """A row of `occurrences` that an article had before its text changed."""

    id: int
    uid: str
    content: str
    gone: str | None
    affiliation: int | None
    quote: Quote


def state_of(conn: sqlite3.Connection, article: Article) -> State:
    """New, known, changed, or returned: the text it had before the one it has now."""
    row = conn.execute("select id, sha256 from articles where uid = ?", [article_uid(article)]).fetchone()
    if row is None:
        return "new"
    earlier = "select 1 from revisions where article = ? and sha256 = ?"
    if row[1] == article.sha256:
        return "known"
    return "returned" if conn.execute(earlier, [row[0], article.sha256]).fetchone() else "changed"


def record(
    conn: sqlite3.Connection,
    article: Article,
    language: str,
    quotes: Sequence[Quote],
    *,
    run: int,
    now: str,
    book: Book,
    catalogue: Catalogue | None = None,
) -> Recorded:
    """catalogue: of organisations, the one that ships unless given.

    Inside a transaction of the caller. Raises StoreError for a quote outside the text."""
    for quote in quotes:
        _check(article, quote)
    article, exported = carried.unpack(article)
    conn.execute("delete from failures where origin = ?", [article.origin])
    uid, state = article_uid(article), state_of(conn, article)
    book = carried.take_log(conn, exported, book)
    if state != "new":
        carried.claim(conn, exported)
        exported = Carried()
    if state == "known":
        return Recorded(uid, state)
    (was,) = conn.execute("select text from articles where uid = ?", [uid]).fetchone() or ("",)
    row, published, outlet = (_insert_article if state == "new" else _change_article)(
        conn, _article_values(conn, article, language) | {"uid": uid, "run": run, "now": now}
    )
    old = _occurrences_of(conn, row) if state != "new" else []
    before = list(occurrences.by_id(conn, [former.id for former in old])) if old else []
    standing: dict[str, list[_Old]] = defaultdict(list)
    for former in reversed(old):
        standing[former.content].append(former)
    found = {content_text(article.text, quote.content) for quote in quotes}
    unseen = (one.quote for one in old if one.gone is None and one.content not in found)
    stayed = (overlooked(former, was, article.text, quotes) for former in unseen)
    quotes = [*quotes, *(quote for quote in stayed if quote)]
    names = names_of(
        article, published, quotes, language, row=row, outlet=str(outlet or ""), catalogue=catalogue
    )
    namesakes.restore(conn, row, exported.people, language)
    taken, kept = {former.uid for former in old}, 0
    added: list[tuple[int, str]] = []
    for read in quotes:
        known = exported.of(read)
        quote = carried.as_written(read, known)
        claim = known.get("statement")
        values = _values(quote, article.text) | {"language": quote.language or language, "claim": claim}
        if same := standing.get(content_text(article.text, quote.content)):
            former = same.pop()
            conn.execute(_MOVE, values | {"id": former.id})
            speakers.attribute(conn, (former.id, former.uid), quote, names, book, now)
            kept += 1
        else:
            new = carried.free_uid(conn, known) or occurrence_uid(
                uid, json.dumps(attribution.pairs(quote.content)), taken
            )
            taken.add(new)
            values |= {"uid": new, "article": row}
            values["person"] = person = speakers.person_of(conn, new, quote, names, book, now)
            occurrence = int(conn.execute(_INSERT, values).lastrowid or 0)
            speakers.affiliate(conn, (occurrence, new), person, quote, names, book)
            added.append((occurrence, str(values["content"])))
    restored = carried.restore_former(conn, exported, row)
    for occurrence, former_uid, quote in restored:
        taken.add(former_uid)
        speakers.attribute(conn, (occurrence, former_uid), quote, names, book, now)
    if restored:
        withdrawals.derive(conn, [occurrence for occurrence, *_ in restored], book)
    if book.told:
        carried.tell(conn, taken, book)
    vanished = [former for rest in standing.values() for former in rest if former.gone is None]
    instead = replacements([former.content for former in vanished], [content for _, content in added])
    conn.executemany(
        "update occurrences set gone = ?, replaced_by = ? where id = ?",
        (
            (now[:10], added[instead[n]][0] if n in instead else None, former.id)
            for n, former in enumerate(vanished)
        ),
    )
    if old:
        occurrences.keep_before(conn, before)
        withdrawals.derive(conn, [former.id for former in old], book)
        affiliations.refresh(conn, {former.affiliation for former in old if former.affiliation is not None})
        conn.execute(
            "update statements set stale = 1"
            " where id in (select statement from occurrences where article = ?)",
            [row],
        )
    return Recorded(uid, state, len(added) + kept, len(added), kept, len(vanished))


def _check(article: Article, quote: Quote) -> None:
    for span in (*quote.content, *quote.cue, *quote.source):
        if span.end > len(article.text):
            raise StoreError(
                f"{article.origin}: a quote at {span.start}..{span.end} lies outside the text of"
                f" {len(article.text)} characters"
            )


def _article_values(conn: sqlite3.Connection, article: Article, language: str) -> dict[str, object]:
    return {
        "outlet": _outlet(conn, article.outlet),
        "doc_id": article.doc_id,
        "origin": article.origin,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "language": language,
        "text": article.text,
        "sha256": article.sha256,
        "extra": json.dumps(dict(article.extra), ensure_ascii=False) if article.extra else None,
    }


def _insert_article(
    conn: sqlite3.Connection, values: dict[str, object]
) -> tuple[int, str | None, int | None]:
    """→ id, date of publication and outlet (id)."""
    row: tuple[int, str | None, int | None] = conn.execute(
        "insert into articles(uid, outlet, doc_id, origin, url, canonical_url, title, author, published,"
        " language, text, sha256, fetched_at, extra, run) values (:uid, :outlet, :doc_id, :origin, :url,"
        " :canonical_url, :title, :author, :published, :language, :text, :sha256, :now, :extra, :run)"
        " returning id, published, outlet",
        values,
    ).fetchone()
    return row


def _change_article(
    conn: sqlite3.Connection, values: dict[str, object]
) -> tuple[int, str | None, int | None]:
    """Put the former text into `revisions` and the new one in its place; what is no longer given stays."""
    conn.execute(
        "insert or ignore into revisions(article, sha256, text, fetched_at)"
        " select id, sha256, text, fetched_at from articles where uid = :uid",
        values,
    )
    row: tuple[int, str | None, int | None] = conn.execute(
        "update articles set outlet = coalesce(:outlet, outlet), doc_id = coalesce(:doc_id, doc_id),"
        " url = coalesce(:url, url), canonical_url = coalesce(:canonical_url, canonical_url),"
        " title = coalesce(:title, title), author = coalesce(:author, author),"
        " published = coalesce(published, :published), language = :language, text = :text,"
        " sha256 = :sha256, fetched_at = :now, extra = coalesce(:extra, extra), run = :run,"
        " origin = :origin, keyed = 0 where uid = :uid returning id, published, outlet",
        values,
    ).fetchone()
    return row


def _outlet(conn: sqlite3.Connection, name: str | None) -> int | None:
    if name is None:
        return None
    row = conn.execute("select id from outlets where name = ?", [name]).fetchone()
    if row is None:
        row = conn.execute("insert into outlets(name) values (?) returning id", [name]).fetchone()
    return int(row[0])


def _occurrences_of(conn: sqlite3.Connection, article: int) -> list[_Old]:
    """Those the article still has first, then in the order they were found."""
    rows = conn.execute(
        "select id, uid, content, gone, affiliation, type, spans, confidence, rule, attribution"
        " from occurrences where article = ? order by gone is not null, id",
        [article],
    )
    return [
        _Old(row, uid, content, gone, affiliation, attribution.quote_of(*read))
        for row, uid, content, gone, affiliation, *read in rows
    ]


_INSERT = (
    "insert into occurrences(uid, article, person, type, content, spans, cue, source_text, passage_before,"
    " passage, passage_after, confidence, rule, speaker_rule, language, attribution, claim) values (:uid,"
    " :article, :person, :type, :content, :spans, :cue, :source_text, :passage_before, :passage,"
    " :passage_after, :confidence, :rule, :speaker_rule, :language, :attribution, :claim)"
)
# A quote that still stands: its place and attribution are read anew; uid and statement stay.
_MOVE = (
    "update occurrences set type = :type, spans = :spans, cue = :cue, source_text = :source_text,"
    " passage_before = :passage_before, passage = :passage, passage_after = :passage_after,"
    " confidence = :confidence, rule = :rule, speaker_rule = :speaker_rule, language = :language,"
    " attribution = :attribution, gone = null, replaced_by = null where id = :id"
)


def _values(quote: Quote, text: str) -> dict[str, object]:
    content, stretch = content_text(text, quote.content), passage(text, quote.content)
    return {
        "type": quote.type,
        "content": content,
        "spans": attribution.spans_json(quote),
        "cue": _words(text, quote.cue),
        "source_text": _words(text, quote.source),
        "passage_before": stretch.before,
        "passage": stretch.within if stretch.within != content else None,
        "passage_after": stretch.after,
        "confidence": quote.confidence,
        "rule": quote.rule,
        "speaker_rule": quote.speaker.rule if quote.speaker else None,
        "attribution": attribution.attribution_json(quote.speaker, quote.affiliation),
    }


def _words(text: str, spans: tuple[Span, ...]) -> str | None:
    return content_text(text, spans) if spans else None
