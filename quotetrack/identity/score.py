"""Is this mention that person? Evidence in nats, from the name and from what the articles say.

The name says as much as its parts are rare, less than the number of people it could mean; the rest speaks for
or against. Named figures were set on the dev half of tests/gold/people.tsv.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from quotetrack.identity.match import NameMatch, Rarity, compare, contradict
from quotetrack.identity.names import PersonName, read_name
from quotetrack.identity.parts import part_of
from quotetrack.identity.profiles import Judged, Mention, Profile
from quotetrack.identity.roles import exclude_each_other
from quotetrack.types import Judgement

#: Nats that a name has to say before it means anybody: people whom news could quote, by the name's own odds.
CROWD = 6.5
#: From these scores on two are the same, or nobody can tell; below, they are different.
SAME, UNSURE = 2.0, -2.0
#: What the articles have to add when the names alone cannot show one person (`NameMatch.weak`), in nats.
WEAK_NEEDS = 2.5
#: What speaks for one person, in nats.
ORGANISATION, LIKE_ORGANISATION, ROLE, SECTOR, COMPANY, MOST_COMPANY, OUTLET = (
    4.0,
    2.5,
    1.5,
    1.0,
    2.0,
    5.0,
    0.5,
)
#: What speaks against, in nats.
EXCLUDED, OTHER_SECTOR, OTHER_ORGANISATION, LONG_AGO = 14.0, 3.5, 1.5, 1.0
#: Years between two mentions from which on their distance counts.
LONG_YEARS = 15
#: Share of the words of two organisations' names that makes them alike.
ALIKE_WORDS = 0.5


def judge(mention: Mention, person: Profile, rarity: Rarity) -> Judged | None:
    """None where no name of the person can be the mention's."""
    name = read_name(mention.name, mention.language)
    match = best_match(name, person, rarity)
    if match is None:
        return None
    evidence = list(_evidence(mention, person))
    context = sum(nats for nats, _ in evidence)
    score = match.nats - CROWD + context
    judgement: Judgement = "different"
    if score >= SAME and not (match.weak and context < WEAK_NEEDS):
        judgement = "same"
    elif score >= UNSURE:
        judgement = "unsure"
    return Judged(person.person, judgement, round(score, 2), _words(match, evidence))


def best_match(name: PersonName, person: Profile, rarity: Rarity) -> NameMatch | None:
    """Against all names a person goes by; one of them that contradicts is enough to part them."""
    if any(contradict(name, read_name(other)) for other in person.names):
        return None
    found = [
        match for other in person.names if (match := compare(name, read_name(other), rarity)) is not None
    ]
    return max(found, key=lambda match: (not match.weak, match.nats), default=None)


def _evidence(mention: Mention, person: Profile) -> Iterator[tuple[float, str]]:
    """(nats, in words), for and against."""
    shared = mention.organisations & person.organisations
    alike = not shared and _alike(mention.organisations, person.organisations)
    if shared:
        yield ORGANISATION, f"same organisation ({min(shared)})"
    elif alike:
        yield LIKE_ORGANISATION, f"like organisations ({alike[0]}, {alike[1]})"
    if roles := mention.roles & person.roles:
        yield ROLE, f"same role ({min(roles)})"
    yield from _sectors(mention, person, bool(shared or alike))
    if company := mention.company & person.company:
        yield min(MOST_COMPANY, COMPANY * len(company)), f"quoted along with {', '.join(sorted(company)[:3])}"
    if mention.outlet and mention.outlet in person.outlets:
        yield OUTLET, "same outlet"
    years = _years_between(mention, person)
    if years >= LONG_YEARS:
        yield -LONG_AGO, f"{years:.0f} years apart"


def _sectors(mention: Mention, person: Profile, same_body: bool) -> Iterator[tuple[float, str]]:
    now, before = mention.sectors - mention.past, person.sectors - person.past
    if sectors := mention.sectors & person.sectors:
        yield SECTOR, f"both {min(sectors)}"
    elif clash := exclude_each_other(now, before):
        yield -EXCLUDED, f"{clash[0]} and {clash[1]} exclude each other"
    elif now and before and not same_body:
        yield -OTHER_SECTOR, f"{min(now)}, not {min(before)}"
    elif _comparable(mention.organisations, person.organisations) and not same_body:
        yield -OTHER_ORGANISATION, "other organisations"


def _comparable(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether both sides name organisations in one script: words in two scripts differ anyhow."""
    return bool({_latin(one) for one in ours} & {_latin(other) for other in theirs})


def _latin(text: str) -> bool:
    return any("a" <= ch <= "ɏ" for ch in text.lower())


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """Two organisations with half of their words in common, by sound: City of Ulm, Stadt Ulm."""
    for one in sorted(ours):
        for other in sorted(theirs):
            a, b = _sounds(one), _sounds(other)
            common = len(a & b)
            if common and common / min(len(a), len(b)) >= ALIKE_WORDS:
                return one, other
    return None


def _sounds(organisation: str) -> frozenset[str]:
    """Its longer words, each by one spelling of its sound."""
    parts = (part_of(word) for word in organisation.replace("-", " ").split())
    return frozenset(min(part.sounds) for part in parts if part and len(part.text) > 3) or frozenset(
        (organisation,)
    )


def _years_between(mention: Mention, person: Profile) -> float:
    if not mention.published or not person.first or not person.last:
        return 0.0
    year = _year(mention.published)
    first, last = _year(person.first), _year(person.last)
    if any(math.isnan(one) for one in (year, first, last)):
        return 0.0
    return max(0.0, first - year, year - last)


def _year(date: str) -> float:
    return float(date[:4]) if date[:4].isdecimal() else math.nan


def _words(match: NameMatch, evidence: list[tuple[float, str]]) -> str:
    name = "the same name" if not match.liberties else f"names differ by {', '.join(match.liberties)}"
    parts = [f"{name} ({match.nats:.1f} nats)"]
    parts += [f"{words} ({nats:+.1f})" for nats, words in evidence]
    return "; ".join(parts)
