"""How well a person or an organisation of the archive fits a row of somebody's table. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from quotetrack.plugin.archive import Row

#: Share of a score (0 to 1) that the affiliation has, where one is asked for, and what none known counts.
AFFILIATION, UNKNOWN = 0.2, 0.5
#: Score (0 to 100) of a name, and its lead over the next one, from which on nobody needs to look.
MATCH_NAME, MATCH_LEAD = 95.0, 5.0
#: Score below which a name is not worth showing; about every second letter differs.
LEAST = 45.0
LONGEST = 100  # code points of a name that are compared


@dataclass(frozen=True, slots=True)
class Candidate:
    """row: as queries' known_of gives it; score, name_score: 0 to 100; affiliation: likeness 0 to 1, or
    None where none was asked for."""

    row: Row
    score: float
    name_score: float
    affiliation: float | None


def ranked(typed: str, bodies: Sequence[str], rows: Sequence[Row]) -> list[Candidate]:
    """The best first; of equals those quoted more often. bodies: affiliations asked for, names or uids."""
    found = [_candidate(typed, bodies, row) for row in rows]
    return sorted(
        (one for one in found if one.name_score >= LEAST),
        key=lambda one: (-one.score, -int(one.row["quotes"] or 0), one.row["uid"]),
    )


def matched(found: Sequence[Candidate]) -> bool:
    """Whether the first of `ranked` needs no look of a person."""
    if not found or found[0].name_score < MATCH_NAME:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= MATCH_LEAD


def _candidate(typed: str, bodies: Sequence[str], row: Row) -> Candidate:
    if typed in (row["uid"], row["wikidata"]):
        return Candidate(row, 100.0, 100.0, None)
    name = 100 * max((likeness(typed, other) for other in json.loads(row["names"])), default=0.0)
    if not bodies:
        return Candidate(row, round(name, 1), name, None)
    known = [text for each in json.loads(row["affiliations"]) for text in each if text]
    near = max((likeness(body, text) for body in bodies for text in known), default=UNKNOWN)
    return Candidate(row, round(name * (1 - AFFILIATION + AFFILIATION * near), 1), name, near)


def likeness(one: str, other: str) -> float:
    """Of two names, 0 to 1, whatever the case, marks and order of their words; 0 where it is below LEAST."""
    a, b = folded(one), folded(other)
    if a == b:
        return 1.0
    ordered = SequenceMatcher(None, _sorted(a), _sorted(b), autojunk=False)
    if 100 * min(ordered.real_quick_ratio(), ordered.quick_ratio()) < LEAST:  # bounds, whatever the order
        return 0.0
    return max(SequenceMatcher(None, a, b, autojunk=False).ratio(), ordered.ratio())


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name[:LONGEST]).casefold()
    letters = "".join(ch if ch.isalnum() else " " for ch in plain if not unicodedata.combining(ch))
    return " ".join(letters.split())


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))
