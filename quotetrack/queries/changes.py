"""What was corrected, when, and the public reason; never by whom."""

from __future__ import annotations

from quotetrack.queries.names import Query

#: What a correction of each kind is called in front of readers and editors.
ACTIONS = {
    "withdraw": "Withdrawn",
    "reinstate": "Shown again",
    "reassign": "Another speaker",
    "affiliate": "Another affiliation",
    "rename": "Renamed",
    "merge people": "One person",
    "split person": "Two people",
    "keep apart": "Not one person",
    "identify": "Found on Wikidata",
    "join statements": "One statement",
    "part statements": "Not one statement",
    "split statement": "Two statements",
    "undo": "Taken back",
}


def changes(limit: int = 50, offset: int = 0) -> Query:
    """The newest changes first; needs `changes`.

    Rows: number, when, action, kind (statement, quote or person), subject, other (uids), reason, undoes
    (number), undone (0 or 1), and what the uids are called: title, language, other_title; null where it is
    withdrawn or gone.
    """
    return (
        """select c.number, c."when", c.action, c.kind, c.subject, c.other, c.reason, c.undoes, c.undone,
  coalesce(iif(s.withdrawn is null, s.canonical, null), iif(o.withdrawn is null, o.content, null), p.name)
    as title,
  coalesce(s.language, o.language) as language,
  coalesce(iif(t.withdrawn is null, t.canonical, null), q.name) as other_title
from (select * from changes order by number desc limit :limit offset :offset) c
left join statements s on c.kind = 'statement' and s.uid = c.subject
left join occurrences o on c.kind = 'quote' and o.uid = c.subject
left join people p on c.kind = 'person' and p.uid = c.subject
left join statements t on c.kind = 'statement' and t.uid = c.other
left join people q on c.kind <> 'statement' and q.uid = c.other
order by c.number desc""",
        {"limit": limit, "offset": offset},
    )
