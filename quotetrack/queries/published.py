"""Finding statements in a public copy, whose ids follow publication and whose filters are words.

The newest matches are the highest rowids, a time is a range of them, and each filter is one more word to
look for (see `filters`), so the index of words alone answers; no row is read before a page is shown.
"""

# ruff: noqa: S608 - SQL is joined from constants of this package; every value is bound
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import get_args

from quotetrack.queries.filters import NOBODY, STEPS, Filter, filter_word, language_value
from quotetrack.queries.fts import searchable
from quotetrack.queries.names import Query, Value, organisation_ids, person_ids
from quotetrack.queries.search import OUTLETS_NAMED, UNKNOWN, WINDOW, Search

BEST = 2000  # newest matches that are put in order of relevance, about 7 ms
MAX_NAMED = 200  # ids that a typed name is looked for as words; of more, each match is asked


_ROLES = "select min(id) as id from affiliations where instr(lower(role), lower(:role)) > 0 group by role"


def named_ids(search: Search) -> Query | None:
    """Whom the names of a search stand for: filter, id; at most MAX_NAMED + 1 of a filter. None: no names."""
    clauses, params = _named(search)
    if not clauses:
        return None
    parts = [
        f"select * from (select '{name}' as filter, id from ({sql}) limit :named)"
        for name, sql in clauses.items()
    ]
    return " union all ".join(parts), {**params, "named": MAX_NAMED + 1}


def published_window(search: Search, named: Mapping[str, Sequence[int]]) -> Query:
    """The newest WINDOW + 1 matches, as one row: ids, a JSON list; best, the BEST newest of them by relevance
    when that is the order asked for, else null.

    named: the rows of `named_ids`, ids by filter. An id more than WINDOW says that there are more.
    """
    clauses, params = _named(search)
    params |= {"window": WINDOW + 1}
    terms = [f"({match})"] if (match := search.match) else []
    asked: list[str] = []  # what one and the same occurrence has to meet
    unsure = False
    for name in clauses:
        ids = named.get(name, ())
        if 0 < len(ids) <= MAX_NAMED:
            terms.append(_any(name, ids))
        elif not ids:
            return "select '[]' as ids, null as best", {}
        else:
            unsure = True
        column = "person" if name == "speaker" else name
        asked.append(f"c.{column} in ({clauses[name]})")
    if search.speaker == UNKNOWN:
        terms.append(_any("speaker", [NOBODY]))
    language = language_value(searchable(search.language)) if search.language else ""
    if language and search.type:
        terms.append(_any("spoken", [language + search.type]))
    elif language or search.type:
        terms.append(_any("language", [language]) if language else _any("type", [search.type]))
    if search.type:
        asked.append("c.type = :type")
        params["type"] = search.type
    if search.confidence > 0:
        step = math.floor(min(search.confidence, 1.0) * STEPS)
        terms.append(_any("confidence", range(step, STEPS + 1)))
        asked.append("c.confidence >= :confidence")
        params["confidence"] = search.confidence
        unsure = True  # the steps are coarse
    of_occurrence = [clause for clause in asked if not clause.startswith("c.person")]
    where = _days(search, params)
    if unsure or len(of_occurrence) > 1:
        facets = f"select 1 from facets c where c.statement = f.rowid and {' and '.join(asked)}"
        where.append(f"exists ({facets})")
    if terms:
        source = "statements_fts f"
        where.insert(0, "f.statements_fts match :match")
        params["match"] = " AND ".join(terms)
    else:
        source = "statements f"
        where.insert(0, "f.withdrawn is null")
    conditions = " and ".join(where)
    newest = f"""
select json_group_array(id) from (
  select f.rowid as id from {source} where {conditions} order by f.rowid desc limit :window)"""
    best = "null"
    if match and search.sort == "relevance":
        params["best"] = BEST
        best = f"""(
select json_group_array(id) from (select id from (
    select f.rowid as id, bm25(statements_fts, 1, 1, 1, 0) as score from {source} where {conditions}
    order by f.rowid desc limit :best)
  order by score, id desc))"""
    return f"select ({newest}) as ids, {best} as best", params


def month_ranges() -> Query:
    """Which ids were first published in which month: month, first_id; the earliest first."""
    sql = "select month, min(first_id) as first_id from statement_counts group by month order by 2"
    return sql, {}


def _named(search: Search) -> tuple[dict[str, str], dict[str, Value]]:
    """SELECTs of the ids that the names of a search stand for, by filter, and what they bind.

    A role's id is that of the first affiliation worded alike.
    """
    clauses: dict[str, str] = {}
    params: dict[str, Value] = {}
    if search.speaker and search.speaker != UNKNOWN:
        sql, bound = person_ids(search.speaker)
        clauses["speaker"] = sql
        params |= bound
    if search.organisation:
        sql, bound = organisation_ids(search.organisation)
        clauses["organisation"] = sql
        params |= bound
    if search.role:
        clauses["role"] = _ROLES
        params["role"] = searchable(search.role)
    if search.outlet:
        clauses["outlet"] = OUTLETS_NAMED
        params["outlet"] = searchable(search.outlet)
    return clauses, params


def _any(kind: str, values: Sequence[str | int]) -> str:
    assert kind in get_args(Filter)
    words = " OR ".join(f'"{filter_word(kind, value)}"' for value in values)  # type: ignore[arg-type]
    return f"({words})"


def _days(search: Search, params: dict[str, Value]) -> list[str]:
    """The ids of a time. Statements without a date have the lowest ids, and belong to no time."""
    if not search.since and not search.until:
        return []
    edge = "(select {0}(id) from statements where first_published ="
    edge += " (select {0}(first_published) from statements where first_published {1}))"
    params["since"] = search.since
    clauses = [f"f.rowid >= {edge.format('min', '>= :since')}"]
    if search.until:
        params["until"] = search.until + "U"  # after the T of a moment: the whole day
        clauses.append(f"f.rowid <= {edge.format('max', '< :until')}")
    return clauses
