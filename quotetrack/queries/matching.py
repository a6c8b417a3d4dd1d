"""Whom a table of names may mean: candidates for reconciliation, and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Collection

from quotetrack.queries.names import Query, person_ids


def named_exactly(typed: str) -> Query:
    """Who has this uid, Wikidata id or name, letter for letter but for case: uid, name, kind.

    kind: that of a person; "affiliation" for an organisation that people speak for.
    """
    return (
        """select p.uid, p.name, p.kind from people p where p.uid = :typed or p.wikidata = :typed
union select p.uid, a.name, p.kind from aliases a join people p on p.id = a.person
  where a.name = :typed collate nocase and length(:typed) < 3
union select g.uid, g.name, 'affiliation' from organisations g
  where g.uid = :typed or g.acronym = :typed limit 100""",
        {"typed": typed},
    )


def names_beginning(typed: str, limit: int = 20) -> Query:
    """People of whom a name holds the words typed so far: uid, name, kind, quotes; most quoted first."""
    condition, params = person_ids(typed)
    return (
        f"""select p.uid, p.name, p.kind, (select count(*) from statements s where s.person = p.id
  and s.withdrawn is null) as quotes from people p where p.id in ({condition})
order by quotes desc, p.name limit :limit""",  # noqa: S608
        {**params, "limit": limit},
    )


def known_of(uids: Collection[str]) -> Query:
    """Rows: uid, name, kind, wikidata, quotes, names, affiliations and roles (JSON lists, newest first)."""
    return (
        """select p.uid, p.name, p.kind, p.wikidata,
  (select count(*) from statements s where s.person = p.id and s.withdrawn is null) as quotes,
  (select json_group_array(name) from (select name from aliases where person = p.id order by id limit 50))
    as names,
  (select json_group_array(json_array(uid, name, acronym)) from (
    select g.uid, g.name, g.acronym, max(f.last_seen) as seen from affiliations f
    join organisations g on g.id = f.organisation where f.person = p.id group by g.id
    order by seen desc limit 20)) as affiliations,
  (select json_group_array(role) from (select role, max(last_seen) as seen from affiliations
    where person = p.id and role is not null group by role order by seen desc limit 20)) as roles
from people p where p.uid in (select value from json_each(:uids))
union all
select g.uid, g.name, 'affiliation', g.wikidata,
  (select count(*) from occurrences o join affiliations f on f.id = o.affiliation
    where f.organisation = g.id and o.withdrawn is null),
  (select json_group_array(name) from (select g.name as name union select g.acronym
    where g.acronym is not null
    union select n.name from organisation_names n where n.organisation = g.id limit 50)), '[]', '[]'
from organisations g where g.uid in (select value from json_each(:uids))""",
        {"uids": json.dumps(sorted(uids))},
    )
