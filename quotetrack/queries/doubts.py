"""What a person should look at: undecided pairs, quotes found with little confidence, corrections."""

from __future__ import annotations

from quotetrack.queries.names import Query


def doubtful_pairs(limit: int = 20) -> Query:
    """Pairs of statements judged "unsure" and not by a person since, most alike first.

    Rows: similarity, why, a, a_text, a_speaker, b, b_text, b_speaker (uids and canonical texts).
    """
    return (
        (
            "select e.similarity, e.why, s.uid as a, s.canonical as a_text, s.speaker as a_speaker,"
            " t.uid as b, t.canonical as b_text, t.speaker as b_speaker"
            " from edges e join occurrences o on o.id = e.a join occurrences p on p.id = e.b"
            " join statements s on s.id = o.statement join statements t on t.id = p.statement"
            " where e.judgement = 'unsure' and s.id <> t.id and not exists"
            ' (select 1 from edges h where h.a = e.a and h.b = e.b and h."by" <> e."by") and not exists'
            " (select 1 from occurrences x join edges h on h.a = x.id join occurrences y on y.id = h.b"
            " where x.statement in (s.id, t.id) and y.statement in (s.id, t.id)"
            " and x.statement <> y.statement and h.judgement = 'different' and h.\"by\" <> 'quotetrack')"
            " order by e.similarity desc, s.uid limit :limit"
        ),
        {"limit": limit},
    )


def doubtful_quotes(limit: int = 20) -> Query:
    """Quotes found with the least confidence.

    Rows: uid, content, confidence, rule, source_text, speaker, statement (uid).
    """
    return (
        (
            "select o.uid, o.content, o.confidence, o.rule, o.source_text, p.name as speaker,"
            " s.uid as statement from occurrences o left join people p on p.id = o.person"
            " left join statements s on s.id = o.statement where o.withdrawn is null"
            " order by o.confidence, o.uid limit :limit"
        ),
        {"limit": limit},
    )


def corrections(limit: int = 20) -> Query:
    """The newest corrections: number, action, subject, detail (JSON), author, reason, when, undoes."""
    return (
        (
            'select id as number, action, subject, detail, author, reason, "when", undoes from corrections'
            " order by id desc limit :limit"
        ),
        {"limit": limit},
    )
