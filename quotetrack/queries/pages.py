"""What each page of the archive shows: one `(sql, params)` for each part of a page.

Only what a public copy has too is read: passages, never the bodies of articles.
"""

# ruff: noqa: S608 - SQL is joined from constants of this package; every value is bound
from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from quotetrack.queries.names import Query
from quotetrack.queries.search import STATEMENT_COLUMNS, STATEMENT_JOINS, WINDOW

MAX_OCCURRENCES = 200  # of one statement on its page
MAX_MONTHS = 240
BESIDE = 500  # newest occurrences of somebody, whose company is counted
MULTIPLES = 6  # small charts beside each other
MAX_NAMES = 40  # words looked up among names at once
PAGE_SIZE = 20
FRONT_WINDOW = 200  # newest statements from which the front page's are chosen
FRONT_PER_ARTICLE = 2
SURE = 0.8  # confidence, 0 to 1: quotes with marks, cue and source have .9 in the sample corpus
FULL_WORDS = 5  # words (or three times as many characters without spaces) of a statement that says something

_STATEMENTS = f"select {STATEMENT_COLUMNS} from statements s {STATEMENT_JOINS}"

_OCCURRENCE = """
select o.id, o.uid, o.type, o.content, o.spans, o.cue, o.source_text, o.passage_before, o.passage_after,
  o.confidence, o.rule, o.speaker_rule, o.language, o.withdrawn, coalesce(o.passage, o.content) as quoted,
  s.uid as statement_uid, p.uid as person_uid, p.name as speaker, p.kind as speaker_kind,
  af.role, af.evidence_text, g.name as organisation, g.uid as organisation_uid, g.acronym,
  a.id as article_id, a.reprint_of, a.uid as article_uid, a.title, a.author, a.published, a.fetched_at,
  coalesce(a.canonical_url, a.url) as url, u.id as outlet_id, u.name as outlet,
  original.title as reprint_title, wire.name as reprint_outlet
from occurrences o
join articles a on a.id = o.article
left join statements s on s.id = o.statement
left join people p on p.id = o.person
left join affiliations af on af.id = o.affiliation
left join organisations g on g.id = af.organisation
left join outlets u on u.id = a.outlet
left join articles original on original.id = a.reprint_of
left join outlets wire on wire.id = original.outlet"""


def statement(uid: str) -> Query:
    """One row of STATEMENT_COLUMNS, withdrawn or not; none when there is no such statement."""
    return f"{_STATEMENTS} where s.uid = :uid", {"uid": uid}


def statement_occurrences(statement_id: int) -> Query:
    """A statement's occurrences, earliest first, at most MAX_OCCURRENCES, withdrawn ones included.

    quoted: the article's text from the first to the last word quoted, an interrupting cue included.
    """
    sql = f"""{_OCCURRENCE}
where o.statement = :id
order by a.published is null, a.published, o.id limit :limit"""
    return sql, {"id": statement_id, "limit": MAX_OCCURRENCES}


def article_copies(statement_id: int) -> Query:
    """Where copies of the articles of a statement are kept: article (id), url. Needs `article_copies`."""
    sql = """
select distinct c.article, c.url from occurrences o join article_copies c on c.article = o.article
where o.statement = :id"""
    return sql, {"id": statement_id}


def names_with(words: Collection[str], limit: int = 200) -> Query:
    """Names of people and organisations that hold one of the words (of three letters or more): name."""
    asked = [word for word in words if len(word) > 2][:MAX_NAMES]
    match = " OR ".join('"' + word.replace('"', '""') + '"' for word in asked) or '"\x1f\x1f\x1f"'
    sql = """
select name from aliases_fts where aliases_fts match :match
union select name from organisations_fts where organisations_fts match :match limit :limit"""
    return sql, {"match": match, "limit": limit}


def statement_edges(statement_id: int, limit: int = MAX_OCCURRENCES) -> Query:
    """Comparisons of a statement's occurrences with each other and with those of other statements.

    Rows: a_uid and a_text (of this statement), b_uid, b_text, similarity, judgement, by, why, kind, other_uid
    (the other statement; null within this one); the most similar first.
    """
    side = """
select x.uid as a_uid, x.content as a_text, y.uid as b_uid, y.content as b_text,
  e.similarity, e.judgement, e."by", e.why, e.kind, iif(t.id = :id, null, t.uid) as other_uid
from occurrences x
join edges e on e.{here} = x.id
join occurrences y on y.id = e.{there}
left join statements t on t.id = y.statement
where x.statement = :id and x.withdrawn is null and y.withdrawn is null and t.withdrawn is null"""
    sql = f"""{side.format(here="a", there="b")}
union all {side.format(here="b", there="a")} and t.id is not :id
order by similarity desc limit :limit"""
    return sql, {"id": statement_id, "limit": limit}


def statement_corrections(uid: str) -> Query:
    """What editors corrected in a statement: action, reason, when; newest first. Needs `corrections`."""
    sql = """
select c.action, c.reason, c."when" from corrections c
where c.subject = :uid and c.undoes is null
  and not exists (select 1 from corrections undone where undone.undoes = c.id)
order by c.id desc limit 20"""
    return sql, {"uid": uid}


def redirect(uid: str) -> Query:
    """Where an old uid leads: new_uid, kind, reason. Needs `redirects`."""
    return "select new_uid, kind, reason from redirects where old_uid = :uid", {"uid": uid}


def occurrence(uid: str) -> Query:
    """One occurrence with its article, speaker, affiliation and statement."""
    return f"{_OCCURRENCE} where o.uid = :uid", {"uid": uid}


# ------------------------------------------------------------------ home


def newest_statements(limit: int = PAGE_SIZE) -> Query:
    sql = f"""{_STATEMENTS}
where s.withdrawn is null order by s.first_published desc, s.id desc limit :limit"""
    return sql, {"limit": limit}


def newest_verbatim(limit: int = PAGE_SIZE) -> Query:
    """The newest statements that stand for themselves: quoted verbatim, surely, in a sentence's length.

    Of the newest FRONT_WINDOW: those whose canonical text is (partly) in quotation marks with a confidence
    of at least SURE, has FULL_WORDS words, and at most FRONT_PER_ARTICLE of one article and its reprints.
    """
    sql = f"""
with newest as materialized (
  select id, canonical from statements where withdrawn is null
  order by first_published desc, id desc limit :window),
told as (
  select n.id, coalesce(a.reprint_of, a.id) as article, min(o.id) as occurrence
  from newest n join occurrences o on o.statement = n.id and o.content = n.canonical
  join articles a on a.id = o.article
  where o.type in ('direct', 'mixed') and o.confidence >= :sure and o.withdrawn is null
    and (length(n.canonical) - length(replace(n.canonical, ' ', '')) >= :words - 1
      or (instr(n.canonical, ' ') = 0 and length(n.canonical) >= 3 * :words))
  group by n.id),
ranked as (select id, row_number() over (partition by article order by occurrence) as place from told)
{_STATEMENTS} join ranked on ranked.id = s.id and ranked.place <= :per_article
order by s.first_published desc, s.id desc limit :limit"""
    return sql, {
        "window": FRONT_WINDOW,
        "sure": SURE,
        "words": FULL_WORDS,
        "per_article": FRONT_PER_ARTICLE,
        "limit": limit,
    }


def counts() -> Query:
    """One row: how many statements, occurrences, articles, people and outlets; the first and last day."""
    return "select * from totals", {}


def most_quoted(limit: int = 12) -> Query:
    """Speakers by statements, among the newest WINDOW statements: uid, name, kind, statements."""
    sql = """
select p.uid, p.name, p.kind, count(*) as statements
from (select person from statements where withdrawn is null order by first_published desc limit :window) s
join people p on p.id = s.person
group by p.id order by statements desc, p.name limit :limit"""
    return sql, {"window": WINDOW, "limit": limit}


def largest_outlets(limit: int = 12) -> Query:
    """Outlets by articles: id, name, articles."""
    sql = """
select u.id, u.name, c.articles from outlet_counts c join outlets u on u.id = c.outlet
order by c.articles desc, u.name limit :limit"""
    return sql, {"limit": limit}


# ------------------------------------------------------------------ people


def person(uid: str) -> Query:
    """One row: id, uid, name, kind, wikidata."""
    return "select id, uid, name, kind, wikidata from people where uid = :uid", {"uid": uid}


def person_names(person_id: int) -> Query:
    """Every name a person goes by, the longest first."""
    sql = "select name from aliases where person = :id order by length(name) desc, name limit 50"
    return sql, {"id": person_id}


def person_affiliations(person_id: int) -> Query:
    """Role, sector, former (0, 1), organisation, organisation_uid, acronym, first_seen, last_seen, evidence,
    evidence_uid."""
    sql = """
select af.role, af.sector, af.former, g.name as organisation, g.uid as organisation_uid, g.acronym,
  af.first_seen, af.last_seen, af.evidence_text as evidence, o.uid as evidence_uid
from affiliations af
left join organisations g on g.id = af.organisation
left join occurrences o on o.id = af.evidence
where af.person = :id order by af.last_seen desc, af.first_seen limit 100"""
    return sql, {"id": person_id}


def person_months(person_id: int) -> Query:
    """Statements by month of first publication, the newest MAX_MONTHS: month, n."""
    return _months("statements", "person", person_id)


def person_outlets(person_id: int, limit: int = 12) -> Query:
    """Outlets that quote a person: id, name, n occurrences."""
    sql = """
select u.id, u.name, c.occurrences as n from person_outlet_counts c join outlets u on u.id = c.outlet
where c.person = :id order by n desc, u.name limit :limit"""
    return sql, {"id": person_id, "limit": limit}


def person_outlet_months(person_id: int, limit: int = MULTIPLES) -> Query:
    """Occurrences by month in the outlets that quote a person most: id, name, month, n; the first most."""
    return _outlet_months("person", person_id, limit)


def person_beside(person_id: int, limit: int = 12) -> Query:
    """People quoted in the same articles: uid, name, kind, n articles; of the newest BESIDE occurrences."""
    sql = """
select p.uid, p.name, p.kind, n from (
  select o.person, count(distinct o.article) as n
  from (select article from occurrences where person = :id order by id desc limit :newest) mine
  cross join occurrences o on o.article = mine.article
  where o.person <> :id and o.withdrawn is null group by o.person)
join people p on p.id = person order by n desc, p.name limit :limit"""
    return sql, {"id": person_id, "limit": limit, "newest": BESIDE}


def person_statements(person_id: int, limit: int = PAGE_SIZE, *, repeated: bool = False) -> Query:
    """A person's statements: the newest, or those that most outlets repeated independently."""
    which, order = "", "s.first_published desc"
    if repeated:
        which, order = "and s.outlet_count > 1", "s.independent_count desc, s.outlet_count desc, " + order
    sql = f"""{_STATEMENTS}
where s.person = :id and s.withdrawn is null {which} order by {order} limit :limit"""
    return sql, {"id": person_id, "limit": limit}


# ------------------------------------------------------------------ organisations


def organisation(uid: str) -> Query:
    """One row: id, uid, name, acronym, and voice_uid: the same body where it is quoted itself."""
    sql = """
select g.id, g.uid, g.name, g.acronym,
  (select p.uid from people p where p.name = g.name and p.kind <> 'person' limit 1) as voice_uid
from organisations g where g.uid = :uid"""
    return sql, {"uid": uid}


def organisation_people(organisation_id: int, limit: int = 100) -> Query:
    """Who spoke for an organisation: uid, name, role, first_seen, last_seen."""
    sql = """
select p.uid, p.name, af.role, af.first_seen, af.last_seen
from affiliations af left join people p on p.id = af.person
where af.organisation = :id order by af.last_seen desc, p.name limit :limit"""
    return sql, {"id": organisation_id, "limit": limit}


def organisation_statements(organisation_id: int, limit: int = PAGE_SIZE) -> Query:
    """The newest statements of those who spoke for an organisation."""
    sql = f"""{_STATEMENTS}
where s.id in (select distinct statement from facets where organisation = :id
  order by published desc, statement limit :limit)
order by s.first_published desc limit :limit"""
    return sql, {"id": organisation_id, "limit": limit}


def organisation_months(organisation_id: int) -> Query:
    """Their statements by month, the newest MAX_MONTHS: month, n."""
    return _months("statements", "organisation", organisation_id)


def organisation_repeated(organisation_id: int, limit: int = 5) -> Query:
    """Their statements that most outlets repeated independently."""
    sql = f"""{_STATEMENTS}
where s.id in (select distinct statement from facets where organisation = :id and outlet_count > 1
  order by independent_count desc, outlet_count desc, published desc, statement limit :limit)
order by s.independent_count desc, s.outlet_count desc, s.first_published desc limit :limit"""
    return sql, {"id": organisation_id, "limit": limit}


def organisation_outlet_months(organisation_id: int, limit: int = MULTIPLES) -> Query:
    """Occurrences by month in the outlets that quote its people most: id, name, month, n."""
    return _outlet_months("organisation", organisation_id, limit)


def organisation_beside(organisation_id: int, limit: int = 12) -> Query:
    """Others quoted in the same articles: uid, name, kind, n articles; of the newest BESIDE occurrences."""
    sql = """
with ours as materialized (
  select o.article, o.person from affiliations af join occurrences o on o.affiliation = af.id
  where af.organisation = :id order by o.id desc limit :newest)
select p.uid, p.name, p.kind, n from (
  select o.person, count(distinct o.article) as n
  from (select distinct article from ours) mine cross join occurrences o on o.article = mine.article
  where o.person not in (select person from ours where person is not null) and o.withdrawn is null
  group by o.person)
join people p on p.id = person order by n desc, p.name limit :limit"""
    return sql, {"id": organisation_id, "limit": limit, "newest": BESIDE}


# ------------------------------------------------------------------ outlets


def outlet(outlet_id: int) -> Query:
    """One row: id, name, homepage; articles, reprints (of other outlets' articles), occurrences, first."""
    sql = """
select u.id, u.name, u.homepage, c.articles, c.reprints, c.occurrences, c.first_statements as first
from outlets u join outlet_counts c on c.outlet = u.id where u.id = :id"""
    return sql, {"id": outlet_id}


def outlet_sources(outlet_id: int, limit: int = 15) -> Query:
    """The sources an outlet quotes most: uid, name, kind, n, total (occurrences with a speaker), speakers,
    squares (the sum of every speaker's n * n, for the Herfindahl-Hirschman index).
    """
    sql = """
select p.uid, p.name, p.kind, top.n, c.occurrences as total, c.speakers, c.squares
from (select person, occurrences as n from person_outlet_counts where outlet = :id
  order by n desc, person limit :limit) top
join people p on p.id = top.person join outlet_source_counts c on c.outlet = :id
order by top.n desc, p.name"""
    return sql, {"id": outlet_id, "limit": limit}


def outlet_source_months(outlet_id: int, limit: int = MULTIPLES) -> Query:
    """Occurrences by month of the sources an outlet quotes most: uid, name, month, n; most quoted first."""
    sql = """
with top as materialized (select person, occurrences as n from person_outlet_counts
  where outlet = :id order by n desc, person limit :limit)
select p.uid, p.name, q.month, q.occurrences as n
from top cross join person_outlet_month_counts q on q.person = top.person and q.outlet = :id
join people p on p.id = top.person order by top.n desc, p.name, q.month"""
    return sql, {"id": outlet_id, "limit": limit}


def outlet_months(outlet_id: int) -> Query:
    """Occurrences by month of the article, the newest MAX_MONTHS: month, n."""
    return _months("occurrences", "outlet", outlet_id)


def outlet_statements(outlet_id: int, limit: int = PAGE_SIZE) -> Query:
    """The newest statements an outlet was the first to publish."""
    sql = f"""{_STATEMENTS}
where s.first_outlet = :id and s.withdrawn is null order by s.first_published desc limit :limit"""
    return sql, {"id": outlet_id, "limit": limit}


def _outlet_months(who: Literal["person", "organisation"], key: int, limit: int) -> Query:
    sql = f"""
with quoted as materialized (
  select outlet, month, occurrences as n from {who}_outlet_month_counts where {who} = :id),
top as (select outlet, sum(n) as n from quoted group by outlet order by 2 desc, outlet limit :limit)
select u.id, u.name, q.month, q.n
from top join quoted q on q.outlet = top.outlet join outlets u on u.id = top.outlet
order by top.n desc, u.name, q.month"""
    return sql, {"id": key, "limit": limit}


def _months(what: str, who: Literal["person", "organisation", "outlet"], key: int) -> Query:
    sql = f"""
select month, {what} as n from {who}_month_counts where {who} = :id order by month desc limit :limit"""
    return sql, {"id": key, "limit": MAX_MONTHS}
