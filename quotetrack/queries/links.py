"""How a statement hangs together with others, and how articles that have it were changed.

Both work on an archive and on its public copy.
"""

# ruff: noqa: S608 - SQL is joined from constants of this package; every value is bound
from __future__ import annotations

from quotetrack.queries.names import Query

LINKS_AT_MOST = 50
EDITS_AT_MOST = 50
# Why a quote that its article no longer has is withdrawn, over `o` = occurrences. Any other reason is a
# person's, who wants its words shown to nobody; an outlet's own edit is part of the story.
GONE_REASON = "'no longer in the article (since ' || o.gone || ')'"


def statement_links(uid: str, limit: int = LINKS_AT_MOST) -> Query:
    """Other statements that a statement (uid) is linked to, each once a kind, in order of time.

    Rows: kind ("translation"; "said before": the other is the earlier occasion; "said again": the later),
    uid, canonical, language, speaker, speaker_uid, first_published, first_outlet, occurrence_count of the
    other statement; similarity (0 to 1) and why (in words) of the closest pair.
    """
    side = """
select e.{there} as other, e.similarity, e.kind, e.why from occurrences x join edges e on e.{here} = x.id
where x.statement = (select id from statements where uid = :uid) and x.withdrawn is null
  and e.judgement = 'different' and e.kind in ('translation', 'said before')"""
    sql = f"""with pairs as ({side.format(here="a", there="b")}
union all {side.format(here="b", there="a")}), linked as (
  select y.statement, max(pairs.similarity) as similarity, pairs.kind = 'translation' as translated,
    pairs.why
  from pairs join occurrences y on y.id = pairs.other and y.withdrawn is null
  group by y.statement, translated
)
select case when linked.translated then 'translation'
    when t.first_published > s.first_published then 'said again' else 'said before' end as kind,
  t.uid, t.canonical, t.language, t.speaker, p.uid as speaker_uid, t.first_published,
  u.name as first_outlet, t.occurrence_count, linked.similarity, linked.why
from linked join statements s on s.uid = :uid join statements t on t.id = linked.statement
left join people p on p.id = t.person left join outlets u on u.id = t.first_outlet
where t.id <> s.id and t.withdrawn is null
order by linked.translated desc, t.first_published is null, t.first_published, t.uid limit :limit"""
    return sql, {"uid": uid, "limit": limit}


def edits_of(uid: str, limit: int = EDITS_AT_MOST) -> Query:
    """How outlets changed a statement (uid) after publishing it: the latest change first.

    Rows: kind ("changed"; "removed": nothing stands in its place), "when" (the day on which the article was
    read again and no longer had it), earlier_uid, earlier, earlier_before, earlier_after (the former quote
    and what stood around it), later_uid, later (what stands there now; null when removed),
    earlier_statement, later_statement (uids: an edit may make it another statement), article, title, url,
    published, outlet.

    The index is named because hardly any quote is replaced: by its statistics SQLite takes it for useless.
    """
    sql = f"""with edited as (
  select o.id from occurrences o join statements s on s.id = o.statement
  where s.uid = :uid and o.gone is not null
  union select o.id from statements s join occurrences n on n.statement = s.id
  join occurrences o indexed by occurrences_replaced_by on o.replaced_by = n.id
  where s.uid = :uid and o.gone is not null
)
select iif(n.id is null, 'removed', 'changed') as kind, o.gone as "when", o.uid as earlier_uid,
  o.content as earlier, o.passage_before as earlier_before, o.passage_after as earlier_after,
  n.uid as later_uid, n.content as later, s.uid as earlier_statement, t.uid as later_statement,
  a.uid as article, a.title, coalesce(a.canonical_url, a.url) as url, a.published, u.name as outlet
from edited join occurrences o on o.id = edited.id join articles a on a.id = o.article
left join occurrences n on n.id = o.replaced_by and (n.withdrawn is null or n.gone is not null)
left join statements s on s.id = o.statement left join statements t on t.id = n.statement
left join outlets u on u.id = a.outlet
where o.withdrawn = {GONE_REASON}
order by o.gone desc, o.id limit :limit"""
    return sql, {"uid": uid, "limit": limit}
