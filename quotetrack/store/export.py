"""Everything out again, row by row: articles as they came in, and what was made of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from quotetrack import records
from quotetrack.store import carried
from quotetrack.store.attribution import quote_of, spans_of
from quotetrack.store.namesakes import decided
from quotetrack.types import Article, Person, PersonKind, Quote

What = Literal["articles", "quotes", "statements", "people"]
Row = dict[str, object]


def export(conn: sqlite3.Connection, what: What) -> Iterator[Row]:
    """One JSON-ready dict a row, in the order of recording; memory: one article.

    articles: the contract's JSONL; its quotes are those that stand (neither gone nor withdrawn), with
    the speaker as corrected. With what stands under "archive" (see `carried`), adding the lines with
    `--quotes given` gives the same archive: uids, gone and withdrawn quotes, earlier texts, corrections.
    quotes: every occurrence, in the form that `statements` reads; a withdrawn one says why.
    """
    yield from {"articles": _articles, "quotes": _quotes, "statements": _statements, "people": _people}[what](
        conn
    )


def _articles(conn: sqlite3.Connection) -> Iterator[Row]:
    log = carried.log_of(conn)
    for row in _dicts(
        conn,
        "select articles.*, outlets.name as outlet_name from articles"
        " left join outlets on outlets.id = outlet order by articles.id",
    ):
        article = Article(
            row["origin"],
            row["text"],
            row["doc_id"],
            row["url"],
            row["canonical_url"],
            row["outlet_name"],
            row["title"],
            row["published"],
            row["author"],
            extra=json.loads(row["extra"]) if row["extra"] else {},
        )
        corrected: dict[str, str] = {}
        quotes = list(_quotes_of(conn, row["id"], corrected))
        line = records.article_record(article, row["language"], quotes)
        if kept := carried.carried_by(conn, row["id"], corrected) | log:
            line[carried.KEY] = kept | ({"said": line[carried.KEY]} if carried.KEY in line else {})
        log = {}
        yield line


def _quotes_of(conn: sqlite3.Connection, article: int, corrected: dict[str, str]) -> Iterator[Quote]:
    """corrected: filled with the attribution that the article has where a person corrected it, by uid."""
    for row in _dicts(
        conn,
        "select occurrences.uid, type, spans, confidence, rule, attribution, people.name as person_name,"
        " nullif(occurrences.language, (select language from articles where id = article)) as other_language,"
        " people.kind, people.uid as person, exists (select 1 from resolutions r"
        " where r.person = people.uid and r.written = people.name) as first_name"
        " from occurrences left join people on people.id = person"
        " where article = ? and withdrawn is null and gone is null order by occurrences.id",
        article,
    ):
        found = quote_of(row["type"], row["spans"], row["confidence"], row["rule"], row["attribution"])
        taken = decided(conn, article, found.speaker) if found.speaker is not None else None
        as_read = taken is not None and taken.uid == row["person"] and row["first_name"]
        shown = found if as_read else _as_corrected(found, row["person_name"], row["kind"])
        if shown != found:
            corrected[row["uid"]] = row["attribution"]
        yield replace(shown, language=row["other_language"])


def _as_corrected(quote: Quote, name: str | None, kind: PersonKind) -> Quote:
    """The quote's speaker as the archive has it now, which is not as the article was read."""
    if name is None:
        return replace(quote, speaker=None)
    if quote.speaker is None:
        return replace(quote, speaker=Person(name, kind, rule="corrected"))
    return replace(quote, speaker=replace(quote.speaker, name=name, kind=kind))


def _quotes(conn: sqlite3.Connection) -> Iterator[Row]:
    for row in _dicts(
        conn,
        "select o.uid as id, o.content as text, o.type, o.language as lang, s.uid as statement,"
        " p.name as speaker, p.uid as speaker_uid, p.kind as speaker_kind, g.name as affiliation,"
        " g.uid as affiliation_uid, f.role, a.published, u.name as outlet, a.uid as article, a.title,"
        " coalesce(a.canonical_url, a.url) as url, o.spans, o.cue, o.source_text as source,"
        " o.passage_before, o.passage_after, o.confidence, o.rule, o.speaker_rule, o.withdrawn"
        " from occurrences o join articles a on a.id = o.article left join outlets u on u.id = a.outlet"
        " left join statements s on s.id = o.statement left join people p on p.id = o.person"
        " left join affiliations f on f.id = o.affiliation left join organisations g on g.id = f.organisation"
        " order by o.id",
    ):
        spans = spans_of(row.pop("spans"))
        content = [[span.start, span.end] for span in spans["content"]]
        yield _present({**row, "content_spans": content})


def _statements(conn: sqlite3.Connection) -> Iterator[Row]:
    for row in _dicts(
        conn,
        "select s.id, s.uid, s.canonical as text, s.variants, s.language as lang, s.speaker,"
        " p.uid as speaker_uid, s.first_published, s.last_published, u.name as first_outlet,"
        " s.occurrence_count, s.outlet_count, s.independent_count, s.withdrawn from statements s"
        " left join people p on p.id = s.person left join outlets u on u.id = s.first_outlet order by s.id",
    ):
        members = conn.execute(
            "select uid from occurrences where statement = ? order by id", [row.pop("id")]
        ).fetchall()
        variants = row.pop("variants")
        yield _present({**row, "variants": variants.split("\n") if variants else []}) | {
            "quotes": [uid for (uid,) in members]
        }


def _people(conn: sqlite3.Connection) -> Iterator[Row]:
    for row in _dicts(
        conn,
        "select id, uid, name, kind, wikidata,"
        " (select count(*) from occurrences where person = people.id and withdrawn is null) as quotes"
        " from people order by id",
    ):
        person = row.pop("id")
        names = conn.execute("select name from aliases where person = ? order by id", [person]).fetchall()
        affiliations = _dicts(
            conn,
            "select g.name as organisation, g.uid as organisation_uid, g.acronym, role,"
            " first_seen, last_seen, evidence_text as evidence from affiliations"
            " left join organisations g on g.id = organisation"
            " where person = ? order by first_seen, affiliations.id",
            person,
        )
        yield _present(row) | {
            "aliases": [name for (name,) in names if name != row["name"]],
            "affiliations": [_present(affiliation) for affiliation in affiliations],
        }


def _dicts(conn: sqlite3.Connection, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _present(row: Mapping[str, object]) -> Row:
    return {key: value for key, value in row.items() if value is not None}
