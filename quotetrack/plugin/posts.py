"""What a person is or was: affiliations that differ in wording only, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quotetrack.plugin.archive import Row
from quotetrack.plugin.wording import words

MAX_GAP = 400  # days between two sightings of one post; a later one is another post of like name
MIN_ENDING = 5  # letters of a word that a compound may end in ("Verkehrsminister" is a "minister")


@dataclass(frozen=True, slots=True)
class Post:
    """Affiliations (rows of queries' person_affiliations) of one role and organisation, latest first."""

    rows: tuple[Row, ...]

    @property
    def lead(self) -> Row:
        """The wording seen for the longest time; of those the fullest."""
        return max(self.rows, key=lambda row: (_days(row), bool(row["organisation"]), len(row["role"] or "")))

    @property
    def organisation(self) -> Row | None:
        """The row that names the organisation, the lead's if it does."""
        named = [row for row in (self.lead, *self.rows) if row["organisation"]]
        return named[0] if named else None

    @property
    def others(self) -> list[str]:
        """The roles as other articles word them."""
        roles = dict.fromkeys(row["role"] for row in self.rows if row["role"])
        return [role for role in roles if role.casefold() != (self.lead["role"] or "").casefold()]

    @property
    def first_seen(self) -> str | None:
        return min((row["first_seen"] for row in self.rows if row["first_seen"]), default=None)

    @property
    def last_seen(self) -> str | None:
        return max((row["last_seen"] for row in self.rows if row["last_seen"]), default=None)


def posts(affiliations: Sequence[Row]) -> list[Post]:
    """Put together the affiliations of one person that are one post in several wordings, latest first.

    One post: no two organisations, roles of which one says the other ("Norlands Verkehrsminister",
    "transport minister", "minister"), and no long time between them. "Former minister" is another post.
    """
    groups: list[list[Row]] = []
    for row in affiliations:
        near = [group for group in groups if any(_one_post(row, other) for other in group)]
        if near and all(_one_organisation(row, other) for group in near for other in group):
            merged = [each for group in near for each in group]
            groups = [group for group in groups if group not in near]
            groups.append([*merged, row])
        else:
            groups.append([row])
    found = [
        Post(tuple(sorted(group, key=lambda row: row["last_seen"] or "", reverse=True))) for group in groups
    ]
    return sorted(found, key=lambda post: post.last_seen or "", reverse=True)


def _one_post(a: Row, b: Row) -> bool:
    return _one_organisation(a, b) and _one_role(a["role"] or "", b["role"] or "") and _gap(a, b) <= MAX_GAP


def _one_organisation(a: Row, b: Row) -> bool:
    """Whether two affiliations may be of one organisation: either unknown, or one name within the other."""
    one, other = (a["organisation"] or "").casefold(), (b["organisation"] or "").casefold()
    return one in other or other in one


def _one_role(a: str, b: str) -> bool:
    one, other = _words(a), _words(b)
    if not one or not other:
        return one == other
    if _apart(one) != _apart(other):
        return False
    return _says(one, other) or _says(other, one)


def _says(one: list[str], other: list[str]) -> bool:
    """Whether every word of `one` is in `other`, or one's last word is a compound of the other's."""
    if set(one) <= set(other):
        return True
    short, long = sorted((one[-1], other[-1]), key=len)
    return len(short) >= MIN_ENDING and short != long and long.endswith(short)


def _apart(role: list[str]) -> set[str]:
    """The words of a role that make it another one: "former", "deputy"."""
    return {start for start in words()["roles"]["other"] for word in role if _begins(word, start)}


def _begins(word: str, start: str) -> bool:
    return word == start if len(start) < MIN_ENDING else word.startswith(start)


def _words(role: str) -> list[str]:
    return re.findall(r"\w+", role.casefold())


def _gap(a: Row, b: Row) -> int:
    """Days between the times two affiliations were seen; 0 when they overlap or one has no date."""
    times = [(_date(row["first_seen"]), _date(row["last_seen"])) for row in (a, b)]
    (a_first, a_last), (b_first, b_last) = times
    if not (a_first and a_last and b_first and b_last):
        return 0
    return max((b_first - a_last).days, (a_first - b_last).days, 0)


def _days(row: Row) -> int:
    first, last = _date(row["first_seen"]), _date(row["last_seen"])
    return (last - first).days if first and last else 0


def _date(moment: str | None) -> date | None:
    try:
        return date.fromisoformat((moment or "")[:10])
    except ValueError:
        return None
