"""Names as they are typed: whom they stand for, and which are like them."""

# ruff: noqa: S608 - SQL is joined from constants of this package; every value is bound
from __future__ import annotations

import json

from quotetrack.queries.fts import name_query, searchable, similar_name_query

Value = str | int | float | None
Query = tuple[str, dict[str, Value]]

RANKED = 3000  # names that are ranked for "did you mean", about 10 ms
NAMES_EACH = 5  # names of one person that are looked at where the most quoted come first


def similar_names(typed: str, limit: int = 100) -> Query:
    """People and organisations whose names share letters with what was typed: uid, name, kind.

    Candidates for "did you mean"; compare them with `typed` and keep the close ones. kind is that of a
    person, or "affiliation" for an organisation people speak for. Looked for are the rarest trigrams, as
    many as RANKED names hold; the names that share most of them come first. (Full text's own ranking reads
    a row for every name: 60 ms among 100,000.)
    """
    shared = """
with grams as (
  select value as gram, (select count(*) from (
    select 1 from {0} where {0} match value limit :ranked)) as n from json_each(:grams)),
rare as (
  select gram from (select gram, n, sum(n) over (order by n, gram) as names from grams where n > 0)
  where names <= :ranked or names = n)
select f.rowid as id, count(*) as shared from rare cross join {0} f on {0} match rare.gram
group by f.rowid order by shared desc, f.rowid limit :limit"""
    sql = f"""
select * from (
  select p.uid, a.name, p.kind from ({shared.format("aliases_fts")}) f
  join aliases a on a.id = f.id join people p on p.id = a.person)
union all
select * from (
  select g.uid, g.name, 'affiliation' from ({shared.format("organisations_fts")}) f
  join organisations g on g.id = f.id)"""
    grams = [gram for gram in similar_name_query(typed).split(" OR ") if gram]
    return sql, {"grams": json.dumps(grams), "limit": limit, "ranked": RANKED}


def people_named(typed: str, limit: int = 20, *, numbered: bool = False) -> Query:
    """People whose uid is `typed` or one of whose names contains its words: uid, name, kind, statements.

    Most quoted first; `who` and the search box use it. numbered: ids follow that order, as in a public
    copy, so that the first names are enough.
    """
    condition, params = person_ids(typed, NAMES_EACH * limit if numbered else None)
    sql = f"""
select p.uid, p.name, p.kind,
  coalesce((select c.statements from person_counts c where c.person = p.id), 0) as statements
from people p where p.id in ({condition}) order by statements desc, p.name limit :limit"""
    return sql, {**params, "limit": limit}


def organisations_named(typed: str, limit: int = 20) -> Query:
    """Organisations whose uid is `typed` or whose name or acronym contains it: uid, name, acronym."""
    condition, params = organisation_ids(typed)
    sql = f"""
select g.uid, g.name, g.acronym from organisations g
where g.id in ({condition}) order by g.name limit :limit"""
    return sql, {**params, "limit": limit}


def person_ids(typed: str, most: int | None = None) -> tuple[str, dict[str, Value]]:
    """Ids of people by uid, exact name, or names containing the words, the first `most` of these names."""
    query = "select id from people where uid = :speaker or name = :speaker"
    params: dict[str, Value] = {"speaker": searchable(typed)}
    if match := name_query(typed):
        query += (
            " union select a.person from (select rowid from aliases_fts"
            " where aliases_fts match :speaker_match order by rowid limit :most_names) f"
            " join aliases a on a.id = f.rowid"
        )
        params |= {"speaker_match": match, "most_names": -1 if most is None else most}
    else:
        query += " union select person from aliases where name = :speaker collate nocase"
    return query, params


def organisation_ids(typed: str) -> tuple[str, dict[str, Value]]:
    """Ids of organisations by uid, acronym, or names containing the words."""
    query = "select id from organisations where uid = :organisation or acronym = :organisation collate nocase"
    params: dict[str, Value] = {"organisation": searchable(typed)}
    if match := name_query(typed):
        query += (
            " union select rowid from organisations_fts where organisations_fts match :organisation_match"
        )
        params["organisation_match"] = match
    else:
        query += " union select id from organisations where name = :organisation collate nocase"
    return query, params
