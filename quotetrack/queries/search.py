"""Finding statements: a window of the newest matches, then rows, facets and suggestions within it.

Sorting or counting every match of a common word takes a second at a million statements, so a search
looks at the newest WINDOW matches and says so. Queries are `(sql, params)`; nothing here opens a database.
"""

# ruff: noqa: S608 - SQL is joined from constants of this package; every value is bound
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quotetrack.queries.days import read_day
from quotetrack.queries.fts import fts_query, searchable
from quotetrack.queries.names import Query, Value, organisation_ids, person_ids
from quotetrack.types import QuoteType

WINDOW = 5000  # statements of one search that are sorted, counted and charted
FEW_MATCHES = 500  # matches of the words that are asked one by one, whatever the filters
MAX_LISTED = 20_000  # statements of a filter that are listed before many matches are looked through
FACETED = 1000  # of them, the newest, of which facets are counted: 20 ms, five times as much for all
UNKNOWN = "unknown"  # the speaker nobody named
MARK_START, MARK_END = "\ue000", "\ue001"  # around matched words in a snippet: private-use, never in news
SNIPPET_WORDS = 60  # FTS5 allows 64

Sort = Literal["newest", "relevance"]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Empty means: not asked.

    speaker: a uid, part of a name, or "unknown"; organisation: a uid, part of a name, or an acronym.
    outlet: an outlet's id or its name; language: ISO 639 code; role: part of a role.
    since, until: a year, month or day ("2025", "2025-3", "2025-03-04"; kept as "2025-03"), both inclusive,
    of first publication. Raises ValueError for anything else, in words for whoever typed it.
    confidence: the least, 0 to 1, of an occurrence. Outlet, type, organisation, role and confidence
    have to hold of one and the same occurrence.
    """

    q: str = ""
    speaker: str = ""
    organisation: str = ""
    outlet: str = ""
    role: str = ""
    language: str = ""
    type: QuoteType | Literal[""] = ""
    since: str = ""
    until: str = ""
    confidence: float = 0.0
    sort: Sort = "newest"

    def __post_init__(self) -> None:
        for field in ("since", "until"):
            object.__setattr__(self, field, read_day(getattr(self, field)))  # frozen, but not yet made

    @property
    def match(self) -> str:
        """The FTS5 expression of the words, "" when there are none."""
        return fts_query(self.q)


def search_window(search: Search) -> Query:
    """The newest WINDOW + 1 matches, in the order asked for.

    Rows: id, first_published, score (bm25, lower is better; null unless sorted by relevance). A row more
    than WINDOW says that there are more. Statements that were withdrawn are left out.
    """
    params: dict[str, Value] = {"window": WINDOW + 1}
    match = search.match
    relevance = bool(match) and search.sort == "relevance"
    if match:
        params |= {"match": match, "few": FEW_MATCHES, "listed": MAX_LISTED}
        hits = _matches(search, params, "bm25(statements_fts)" if relevance else "null")
    else:
        where = _conditions(search, params, _listing(search))
        hits = f"""
select s.id, s.first_published, null as score from statements s
where {where} order by s.first_published desc, s.id desc limit :window"""
    order = "score, first_published desc" if relevance else "first_published desc, id desc"
    return f"with hits as ({hits}) select id, first_published, score from hits order by {order}", params


def _matches(search: Search, params: dict[str, Value], score: str) -> str:
    """SELECT of the newest matches, by the quicker of two ways, which the database chooses by counting.

    Asking each match whether the filters hold reads a row a match: quick for few matches, and for filters
    that most meet, as the window is soon full. For many matches and a filter that few statements meet,
    those are listed first, and the index of words is asked for rowids alone.
    """
    matches = f"""
select s.id, s.first_published, {score} as score
from statements_fts f cross join statements s on s.id = f.rowid
where f.statements_fts match :match and {{where}}
order by f.rowid desc limit :window"""
    each = matches.format(where=_conditions(search, params, None))
    selective = _listing(search)
    if selective is None:
        return each
    listed = matches.format(where=f"+f.rowid in listed and {_conditions(search, params, selective)}")
    return f"""
select * from (with listed as materialized ({selective.ids}),
  counts as materialized (
    select (select count(*) from (
        select 1 from statements_fts where statements_fts match :match limit :few + 1)) as matches,
      (select count(*) from ({selective.estimate} limit :listed + 1)) as statements)
select * from ({each.replace("where ", f"where not {_LISTED} and ", 1)})
union all
select * from ({listed.replace("where ", f"where {_LISTED} and ", 1)}))"""


_LISTED = "(select matches > :few and statements <= :listed from counts)"


def matches_of_words(search: Search, limit: int) -> Query:
    """One row: n, how many statements hold the words, whatever the filters; counted up to `limit`."""
    sql = """
select count(*) as n from (
  select 1 from statements_fts where statements_fts match :match limit :limit)"""
    return sql, {"match": search.match or '""', "limit": limit}


def search_rows(search: Search, ids: Sequence[int]) -> Query:
    """The statements of one page, in the order of `ids`, with a snippet of the words that matched.

    Columns: those of `STATEMENT_COLUMNS`, then snippet (canonical text), variant_snippet (the other
    wordings) and marked_speaker (the name); matches stand between MARK_START and MARK_END. All are null
    without words to match.
    """
    params: dict[str, Value] = {"ids": json.dumps(list(ids))}
    marked, join, snippets = "", "", "null as snippet, null as variant_snippet, null as marked_speaker"
    if (match := search.match) and ids:
        params |= {"match": match, "open": MARK_START, "close": MARK_END, "low": min(ids), "high": max(ids)}
        seek = "+" if match.count("*") else ""  # each seek would look up all words of a prefix anew
        marked = f"""
with marked as materialized (
  select f.rowid as id, {_snippet(0)} as snippet, {_snippet(1)} as variant_snippet,
    highlight(statements_fts, 2, :open, :close) as marked_speaker
  from statements_fts f where f.statements_fts match :match
  and f.rowid between :low and :high and {seek}f.rowid in (select value from json_each(:ids)))"""
        join = "cross join marked on marked.id = s.id"
        snippets = "marked.snippet, marked.variant_snippet, marked.marked_speaker"
    sql = f"""{marked}
select {STATEMENT_COLUMNS}, {snippets}
from json_each(:ids) wanted cross join statements s on s.id = wanted.value {join} {STATEMENT_JOINS}
order by wanted.key"""
    return sql, params


def _snippet(column: int) -> str:
    return f"snippet(statements_fts, {column}, :open, :close, '…', {SNIPPET_WORDS})"


def search_facets(ids: Sequence[int], size: int = 10) -> Query:
    """How many of the statements `ids` each speaker, organisation, outlet, language and type has.

    Rows: facet, value (what the filter takes), label, n; at most `size` a facet, most frequent first.
    """
    top = """
select '{facet}' as facet, {column} as id, count(distinct statement) as n from wanted where {where}
group by {column} order by n desc, {column} limit :size"""
    columns = {
        "speaker": "person",
        "organisation": "organisation",
        "outlet": "outlet",
        "language": "language",
    }
    parts = [
        top.format(
            facet=facet, column=column, where="true" if column == "person" else f"{column} is not null"
        )
        for facet, column in {**columns, "type": "type"}.items()
    ]
    sql = f"""
with wanted as materialized (
  select f.statement, f.person, f.language, f.outlet, f.type, f.organisation
  from json_each(:ids) ids cross join facets f on f.statement = ids.value),
top as materialized ({" union all ".join(f"select * from ({part})" for part in parts)})
select facet, case facet when 'speaker' then coalesce(p.uid, '{UNKNOWN}') when 'organisation' then g.uid
    else cast(top.id as text) end as value,
  case facet when 'speaker' then coalesce(p.name, '{UNKNOWN}') when 'organisation' then g.name
    when 'outlet' then u.name else top.id end as label, n
from top left join people p on facet = 'speaker' and p.id = top.id
left join organisations g on facet = 'organisation' and g.id = top.id
left join outlets u on facet = 'outlet' and u.id = top.id
order by facet, n desc, label"""
    return sql, {"ids": json.dumps(list(ids)), "size": size}


# ------------------------------------------------------------------ what a statement looks like in a list

STATEMENT_COLUMNS = """s.id, s.uid, s.canonical, s.language, s.first_published, s.last_published,
 s.occurrence_count, s.outlet_count, s.independent_count, s.withdrawn,
 p.uid as person_uid, p.name as speaker, p.kind as speaker_kind,
 u.id as outlet_id, u.name as first_outlet, shown.type,
 iif(af.id is null, null, json_object('role', af.role, 'organisation', g.name, 'uid', g.uid,
  'acronym', g.acronym)) as affiliation"""
STATEMENT_JOINS = """left join people p on p.id = s.person left join outlets u on u.id = s.first_outlet
left join statement_cards shown on shown.statement = s.id
left join affiliations af on af.id = shown.affiliation left join organisations g on g.id = af.organisation"""


# ------------------------------------------------------------------ conditions


@dataclass(frozen=True, slots=True)
class _Listing:
    """A filter that an index can list. ids: SELECT of statements' ids, all filters of occurrences included;
    estimate: SELECT of about as many rows, read off indexes alone; of: which filters `ids` has settled.
    """

    ids: str
    estimate: str
    of: Literal["speaker", "occurrence", "days"]


def _listing(search: Search) -> _Listing | None:
    """The most selective filter that can be listed, by experience; None when there is none."""
    if search.speaker and search.speaker != UNKNOWN:
        people = person_ids(search.speaker)[0]
        return _Listing(
            f"select id from statements where person in ({people})",
            f"select 1 from statements where person in ({people})",
            "speaker",
        )
    clauses = " and ".join(_occurrence_clauses(search))
    if search.organisation or search.role:
        joined = "affiliations af cross join occurrences o on o.affiliation = af.id"
        more = " cross join articles a on a.id = o.article" if search.outlet else ""
        which = [clause for clause in _occurrence_clauses(search) if clause.startswith(("af.", "instr("))]
        return _Listing(
            f"select o.statement from {joined}{more} where {clauses}",
            f"select 1 from {joined} where {' and '.join(which)}",
            "occurrence",
        )
    if search.outlet:
        return _Listing(
            "select o.statement from articles a cross join occurrences o on o.article = a.id"
            f" where {clauses}",
            f"select 1 from articles a where {_OF_OUTLET}",
            "occurrence",
        )
    if search.since or search.until:
        days = " and ".join(_days(search))
        select = f"from statements s where {days}"
        return _Listing(f"select s.id {select}", f"select 1 {select}", "days")
    return None


def _conditions(search: Search, params: dict[str, Value], listed: _Listing | None) -> str:
    """The filters as a WHERE clause over `statements s`; what it and `listed` bind is put into `params`.

    What `listed` has settled is asked of its ids, unless the words were matched against them already.
    """
    settled = listed.of if listed else None
    clauses = ["s.withdrawn is null"]
    if search.speaker == UNKNOWN:
        clauses.append("s.person is null")
    elif search.speaker:
        condition, bound = person_ids(search.speaker)
        params |= bound
        clauses.append(f"s.person in ({condition})")
    if search.language:
        clauses.append("s.language = :language")
        params["language"] = searchable(search.language)
    params |= {"since": search.since} if search.since else {}
    params |= {"until": search.until + "U"} if search.until else {}  # after the T of a moment: the whole day
    clauses += _days(search)
    occurrence = _occurrence_clauses(search)
    if len(occurrence) > 1:
        params |= _occurrence_params(search)
        if listed and settled == "occurrence":
            if not search.match:
                clauses.append(f"s.id in ({listed.ids})")
        else:
            joins = " cross join articles a on a.id = o.article" if search.outlet else ""
            if search.organisation or search.role:
                joins += " cross join affiliations af on af.id = o.affiliation"
            clauses.append(
                f"exists (select 1 from occurrences o{joins}"
                f" where o.statement = s.id and {' and '.join(occurrence)})"
            )
    return " and ".join(clauses)


def _days(search: Search) -> list[str]:
    since = ["s.first_published >= :since"] if search.since else []
    return since + (["s.first_published < :until"] if search.until else [])


OUTLETS_NAMED = "select id from outlets where id = :outlet or name = :outlet collate nocase"
_OF_OUTLET = f"a.outlet in ({OUTLETS_NAMED})"


def _occurrence_clauses(search: Search) -> list[str]:
    """What one occurrence `o`, its article `a` and its affiliation `af` have to meet together."""
    clauses = ["o.withdrawn is null"]
    if search.outlet:
        clauses.append(_OF_OUTLET)
    if search.organisation:
        clauses.append(f"af.organisation in ({organisation_ids(search.organisation)[0]})")
    if search.role:
        clauses.append("instr(lower(af.role), lower(:role)) > 0")
    if search.type:
        clauses.append("o.type = :type")
    if search.confidence > 0:
        clauses.append("o.confidence >= :confidence")
    return clauses


def _occurrence_params(search: Search) -> dict[str, Value]:
    params: dict[str, Value] = {
        "outlet": searchable(search.outlet),
        "role": searchable(search.role),
        "type": search.type,
        "confidence": search.confidence,
    }
    return params | (organisation_ids(search.organisation)[1] if search.organisation else {})
