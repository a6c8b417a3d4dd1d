"""What an editor sees of one statement, quote or person: withdrawn ones too, as corrections have them."""

from __future__ import annotations

import json
from collections.abc import Collection

from quotetrack.queries.changes import changes
from quotetrack.queries.fts import fts_query
from quotetrack.queries.names import Query

QUOTES = 200  # of one person or statement, shown to choose from

_QUOTE = """select o.uid, o.content, o.confidence, o.rule, o.language, o.withdrawn,
  o.passage_before, o.passage_after, p.uid as person, p.name as speaker, p.kind, g.name as organisation,
  f.role,
  s.uid as statement, a.title, a.url, a.published, u.name as outlet
from occurrences o join articles a on a.id = o.article left join outlets u on u.id = a.outlet
left join people p on p.id = o.person left join affiliations f on f.id = o.affiliation
left join organisations g on g.id = f.organisation left join statements s on s.id = o.statement"""


def edited_quote(uid: str) -> Query:
    """One quote: its words and passage, speaker, affiliation, statement and article; uids of each."""
    return f"{_QUOTE} where o.uid = :uid", {"uid": uid}


def quotes_of_statement(uid: str, limit: int = QUOTES) -> Query:
    return f"{_QUOTE} where s.uid = :uid order by a.published, o.id limit :limit", {
        "uid": uid,
        "limit": limit,
    }


def quotes_of_person(uid: str, limit: int = QUOTES) -> Query:
    return (
        f"{_QUOTE} where p.uid = :uid order by a.published desc, o.id limit :limit",
        {"uid": uid, "limit": limit},
    )


def edited_statement(uid: str) -> Query:
    """One statement: uid, canonical, language, speaker, person (uid), withdrawn."""
    return (
        (
            "select s.uid, s.canonical, s.language, s.speaker, p.uid as person, s.withdrawn"
            " from statements s left join people p on p.id = s.person where s.uid = :uid"
        ),
        {"uid": uid},
    )


def edited_person(uid: str) -> Query:
    """One person: uid, name, kind, wikidata, names (one text)."""
    return (
        (
            "select p.uid, p.name, p.kind, p.wikidata, (select group_concat(name, ' · ') from aliases"
            " where person = p.id and name <> p.name) as names from people p where p.uid = :uid"
        ),
        {"uid": uid},
    )


def people_to_choose(uids: Collection[str]) -> Query:
    """People, in the order of `uids`: uid, name, kind, wikidata, statements, affiliation (the newest)."""
    return (
        """select p.uid, p.name, p.kind, p.wikidata,
  (select count(*) from statements s where s.person = p.id and s.withdrawn is null) as statements,
  (select coalesce(f.role || ', ', '') || g.name from affiliations f join organisations g
    on g.id = f.organisation where f.person = p.id order by f.last_seen desc limit 1) as affiliation
from json_each(:uids) wanted join people p on p.uid = wanted.value order by wanted.key""",
        {"uids": json.dumps(list(uids))},
    )


def statements_saying(typed: str, limit: int) -> Query:
    """Statements that hold these words, the likeliest first: uid, canonical, speaker, first_published."""
    return (
        """select s.uid, s.canonical, s.speaker, s.first_published from statements_fts f
cross join statements s on s.id = f.rowid where f.statements_fts match :match
order by bm25(statements_fts), f.rowid limit :limit""",
        {"match": fts_query(typed) or '""', "limit": limit},
    )


def log(limit: int, offset: int) -> Query:
    """Corrections, newest first: the rows of `changes.changes`, and the author."""
    sql, values = changes(limit, offset)
    return (
        f"select c.*, r.author from ({sql}) c join corrections r on r.id = c.number order by c.number desc",  # noqa: S608
        values,
    )
