"""Who may be who: pairs of people left undecided, names that name nobody, and why a quote is a person's."""

from __future__ import annotations

from quotetrack.queries.names import Query

# What `proposals` says of people as they are today, after merges.
_PAIRS = """with today as (
  select coalesce(r.new_uid, p.a) as a, coalesce(s.new_uid, p.b) as b, p.score, p.judgement, p.why, p."by"
  from proposals p left join redirects r on r.old_uid = p.a and r.kind = 'person'
  left join redirects s on s.old_uid = p.b and s.kind = 'person'
)"""


def doubtful_people(limit: int = 20) -> Query:
    """Pairs of people who may be one and whom nobody has merged or kept apart, the likeliest first.

    Rows: score (nats), judgement ("same", or "unsure"), why, and of either side a, a_name, a_quotes,
    a_articles, b, …: uid, name, quotes, and the title of one article. a is quoted more often.
    """
    return (
        f"""{_PAIRS},
open as (
  select min(t.a, t.b) as x, max(t.a, t.b) as y, max(t.score) as score, t.judgement, t.why from today t
  where t."by" = 'quotetrack' and t.a <> t.b and not exists (
    select 1 from today h where h."by" <> 'quotetrack' and min(h.a, h.b) = min(t.a, t.b)
    and max(h.a, h.b) = max(t.a, t.b))
  group by 1, 2
),
counted as (
  select o.*, p.uid as p_uid, p.name as p_name, q.uid as q_uid, q.name as q_name,
    (select count(*) from occurrences where person = p.id) as p_quotes,
    (select count(*) from occurrences where person = q.id) as q_quotes,
    (select title from articles e join occurrences c on c.article = e.id where c.person = p.id
      limit 1) as p_title,
    (select title from articles e join occurrences c on c.article = e.id where c.person = q.id
      limit 1) as q_title
  from open o join people p on p.uid = o.x join people q on q.uid = o.y
)
select score, judgement, why,
  iif(p_quotes >= q_quotes, p_uid, q_uid) as a, iif(p_quotes >= q_quotes, p_name, q_name) as a_name,
  max(p_quotes, q_quotes) as a_quotes, iif(p_quotes >= q_quotes, p_title, q_title) as a_article,
  iif(p_quotes >= q_quotes, q_uid, p_uid) as b, iif(p_quotes >= q_quotes, q_name, p_name) as b_name,
  min(p_quotes, q_quotes) as b_quotes, iif(p_quotes >= q_quotes, q_title, p_title) as b_article
from counted where p_quotes > 0 and q_quotes > 0 order by score desc, a, b limit :limit""",  # noqa: S608
        {"limit": limit},
    )


def doubtful_roster(limit: int = 20) -> Query:
    """Rows of the roster that nobody is bound to, each with a person who may be them; the likeliest first.

    Rows: score (nats), why, entry (uid), entry_name, wikidata, affiliation, person (uid), name, quotes.
    """
    return (
        f"""{_PAIRS},
open as (
  select iif(e.uid = t.a, t.b, t.a) as other, e.uid, e.name, e.wikidata, e.affiliation, t.score, t.why
  from today t join roster e on e.uid in (t.a, t.b)
  where t."by" = 'quotetrack' and e.uid not in (select uid from people) and not exists (
    select 1 from today h where h."by" <> 'quotetrack' and h.a in (t.a, t.b) and h.b in (t.a, t.b))
)
select o.score, o.why, o.uid as entry, o.name as entry_name, o.wikidata, o.affiliation, p.uid as person,
  p.name, (select count(*) from occurrences where person = p.id) as quotes
from open o join people p on p.uid = o.other order by o.score desc, o.uid limit :limit""",  # noqa: S608
        {"limit": limit},
    )


def refused_names(limit: int = 20) -> Query:
    """Names that could not be one person's, newest first: a title alone, two people in one, an organisation.

    Rows: person (uid), name, why, article (title), url.
    """
    return (
        """select p.uid as person, r.written as name, r.why, a.title as article, a.url
from resolutions r join articles a on a.id = r.article join people p on p.uid = r.person
where r.kind = 'person' and (r.taken_kind <> 'person' or not r.settled and r.judgement = 'unsure'
  and not exists (select 1 from proposals q where q.a = r.person or q.b = r.person))
order by a.id desc limit :limit""",
        {"limit": limit},
    )


def why_this_person(occurrence: str) -> Query:
    """How the speaker of one occurrence (uid) was decided.

    One row: person (uid taken for), written, judgement, score (nats), why, when; none where unknown.
    """
    return (
        """select r.person, r.written, r.judgement, r.score, r.why, r."when"
from occurrences o join resolutions r on r.article = o.article
  and r.written = json_extract(o.attribution, '$.name')
where o.uid = :occurrence""",
        {"occurrence": occurrence},
    )


def person_standings(person_id: int) -> Query:
    """For whom and as what somebody (id) spoke, over time: sector, former, organisation, role, quotes.

    Rows by first_seen: sector, former (0 or 1), organisation, organisation_uid, organisation_kind, role,
    first_seen, last_seen, quotes, evidence (uid of an occurrence), evidence_text.
    """
    return (
        """select f.sector, f.former, g.name as organisation, g.uid as organisation_uid,
  g.kind as organisation_kind, f.role, f.first_seen, f.last_seen,
  (select count(*) from occurrences o where o.affiliation = f.id) as quotes, e.uid as evidence,
  f.evidence_text
from affiliations f left join organisations g on g.id = f.organisation
left join occurrences e on e.id = f.evidence
where f.person = :person order by f.first_seen is null, f.first_seen, f.id""",
        {"person": person_id},
    )
