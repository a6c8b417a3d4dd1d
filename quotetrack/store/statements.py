"""Rows of `statements`, derived from their occurrences: wording, speaker, dates and counts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby, islice

from quotetrack.store.occurrences import Member, members_of
from quotetrack.types import Occurrence

Canonical = Callable[[Iterable[Occurrence]], Occurrence]
_LATE = "\U0010ffff"  # sorts after every date
_BATCH = 5000  # statements refreshed at once


def refresh(
    conn: sqlite3.Connection,
    statements: Collection[int],
    canonical: Canonical,
    fullest: Mapping[int, str] | None = None,
) -> None:
    """Derive these statements (ids) anew from their occurrences. canonical: picks the fullest of some.

    fullest: statement -> the uid that `canonical` would pick of all its members, where that is known.
    """
    wanted = iter(sorted(statements))
    while batch := list(islice(wanted, _BATCH)):
        rows = []
        for statement, group in groupby(members_of(conn, batch), _statement):
            members = list(group)
            rows.append(
                _summary(members)
                | _wording(members, canonical, (fullest or {}).get(statement))
                | {"id": statement}
            )
        conn.executemany(_WORDING, rows)


def longest(members: Iterable[Occurrence]) -> Occurrence:
    """A canonical member for want of a better judge: longest, then earliest, then smallest uid."""
    return min(members, key=lambda member: (-len(member.text), member.published or _LATE, member.uid))


def refresh_counts(conn: sqlite3.Connection, statements: Collection[int]) -> None:
    """The part of `refresh` that does not depend on the wording, for when only articles changed."""
    members = list(members_of(conn, statements))
    rows = [_summary(list(group)) | {"id": statement} for statement, group in groupby(members, _statement)]
    conn.executemany(_COUNTS, rows)


_SUMMARY_COLUMNS = (
    "first_published = :first_published, last_published = :last_published, first_outlet = :first_outlet,"
    " occurrence_count = :occurrence_count, outlet_count = :outlet_count,"
    " independent_count = :independent_count"
)
_COUNTS = f"update statements set {_SUMMARY_COLUMNS} where id = :id"  # noqa: S608 - a constant
_WORDING = (
    f"update statements set {_SUMMARY_COLUMNS}, canonical = :canonical, variants = :variants,"  # noqa: S608
    " person = :person, speaker = (select name from people where people.id = :person),"
    " language = :language, withdrawn = :withdrawn, stale = 0, linked = 0 where id = :id"
)


def _statement(member: Member) -> int:
    return member.statement


def _summary(members: Sequence[Member]) -> dict[str, object]:
    """Dates and counts of what is not withdrawn; of all, once nothing else is left to show."""
    shown = _shown(members)
    first = min(shown, key=_age)
    dates = [member.occurrence.published for member in shown if member.occurrence.published]
    outlets = len({member.outlet for member in shown})
    standing = all(member.withdrawn is None for member in shown)
    return {
        "first_published": min(dates, default=None),
        "last_published": max(dates, default=None),
        "first_outlet": first.outlet or None,
        "occurrence_count": len(shown) if standing else 0,
        "outlet_count": outlets if standing else 0,
        "independent_count": min(outlets, len({member.origin for member in shown})) if standing else 0,
    }


def _wording(members: Sequence[Member], canonical: Canonical, known: str | None) -> dict[str, object]:
    shown = _shown(members)
    earliest: dict[tuple[str, str | None], Member] = {}
    for member in sorted(shown, key=_age):
        earliest.setdefault((member.occurrence.text, member.occurrence.language), member)
    fullest = next((member.occurrence for member in shown if member.occurrence.uid == known), None)
    if fullest is None:
        fullest = canonical(member.occurrence for member in earliest.values())
    wordings = dict.fromkeys(" ".join(text.split()) for text, _ in earliest)
    wordings.pop(" ".join(fullest.text.split()), None)
    people = Counter(member.person for member in shown if member.person)
    uids = {member.person: member.occurrence.person or "" for member in shown}
    last = max(members, key=_age)
    return {
        "canonical": fullest.text,
        "variants": "\n".join(wordings),
        "language": fullest.language,
        "person": min(people, key=lambda person: (-people[person], uids[person]), default=None),
        "withdrawn": last.withdrawn if all(member.withdrawn for member in members) else None,
    }


def _shown(members: Sequence[Member]) -> Sequence[Member]:
    return [member for member in members if member.withdrawn is None] or members


def _age(member: Member) -> tuple[str, bool, str]:
    """Earliest first, originals before reprints; undated last."""
    return member.occurrence.published or _LATE, member.reprint, member.occurrence.uid
