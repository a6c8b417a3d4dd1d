"""Whom a mention means: candidates by blocking, judged one by one, and a decision that can be explained."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from quotetrack.identity.keys import keys_of
from quotetrack.identity.match import Rarity, prior
from quotetrack.identity.names import only_titles, read_name, two_people
from quotetrack.identity.parts import Part
from quotetrack.identity.profiles import Judged, Mention, Profile, Resolution
from quotetrack.identity.roles import names_a_role
from quotetrack.identity.score import best_match, judge

#: People read per blocking key, and compared per mention: the blocks of frequent names are cut.
PER_KEY, CANDIDATES = 40, 60
#: Nats by which the best of two people has to lead for a mention to be theirs.
LEAD = 2.0
#: Most that having been quoted often speaks for a person, in nats.
MOST_KNOWN = 3.0
#: People of the prior's imaginary archive: the weight of the table of names beside it.
PRIOR_PEOPLE = 20_000
#: Doubts kept of one mention.
DOUBTS = 3


class Archive(Protocol):
    """What resolving asks of an archive of people."""

    def named(self, key: str, limit: int) -> Sequence[tuple[str, str]]:
        """(person, one of their names) under a blocking key, those known longest first."""

    def profiles(self, people: Collection[str]) -> Sequence[Profile]:
        """Those of them who are there."""

    def bearers(self, parts: Collection[str]) -> Mapping[str, int]:
        """Part of a name -> how many people bear it; "" -> how many people there are."""


def resolve(mention: Mention, archive: Archive) -> Resolution:
    """Decide by what is known; the archive is not changed.

    One person leads: theirs. None fits: somebody new. Several fit equally, or one only perhaps: new as
    well, with doubts for a person to settle.
    """
    if refused := refusal(mention.name):
        return Resolution(None, "unsure", 0.0, refused, settled=False)
    name = read_name(mention.name, mention.language)
    if not name.full:
        return Resolution(
            None, "different", 0.0, "one word alone is a name in its article only", settled=False
        )
    rarity = rarity_of(name_parts(mention), archive)
    judged = _judged(mention, archive, rarity)
    same = [one for one in judged if one.judgement == "same"]
    unsure = [one for one in judged if one.judgement == "unsure"]
    if same:
        best, rivals = same[0], same[1:]
        if not rivals or best.score - rivals[0].score >= LEAD:
            return Resolution(best.person, "same", best.score, best.why, doubts=tuple(rivals[:DOUBTS]))
        why = f"fits {len(same)} people equally well; {best.why}"
        return Resolution(None, "unsure", best.score, why, settled=False, doubts=tuple(same[:DOUBTS]))
    if unsure:
        best = unsure[0]
        return Resolution(None, "unsure", best.score, best.why, doubts=tuple(unsure[:DOUBTS]))
    if judged:
        return Resolution(None, "different", judged[0].score, judged[0].why)
    return Resolution(None, "different", 0.0, "nobody of such a name yet")


@lru_cache(maxsize=1 << 14)
def refusal(name: str) -> str:
    """Why a name is nobody's, in words; "" for a name that may be somebody's."""
    if two_people(name):
        return f"two people in one name: {name}"
    if only_titles(name) or names_a_role(name):
        return f"a title or role, no name: {name}"
    return ""


def name_parts(mention: Mention) -> frozenset[str]:
    """The texts of its parts, as `Archive.bearers` counts them."""
    return parts_of_name(mention.name, mention.language)


def parts_of_name(written: str, language: str = "") -> frozenset[str]:
    name = read_name(written, language)
    return frozenset(
        part.text for r in name.readings[:1] for part in (*r.given, *r.family) if not part.initial
    )


def rarity_of(parts: Collection[str], archive: Archive) -> Rarity:
    """Nats of a part: the share of people who bear it, in the archive and in a prior of PRIOR_PEOPLE."""
    borne = archive.bearers(parts)
    everybody = borne.get("", 0) + PRIOR_PEOPLE

    def rarity(part: Part) -> float:
        expected = PRIOR_PEOPLE * math.exp(-prior(part))
        return -math.log((borne.get(part.text, 0) + expected) / everybody)

    return rarity


def _judged(mention: Mention, archive: Archive, rarity: Rarity) -> list[Judged]:
    """All candidates whose name can be the mention's, the best first; ties go to who is known longest."""
    found = [
        _by_fame(one, person)
        for person in archive.profiles(_candidates(mention, archive, rarity))
        if (one := judge(mention, person, rarity)) is not None
    ]
    return sorted(found, key=lambda one: -one.score)


def _candidates(mention: Mention, archive: Archive, rarity: Rarity) -> list[str]:
    """People under one of the name's keys whose name there can be the mention's."""
    name = read_name(mention.name, mention.language)
    found: dict[str, float] = {}
    named = dict.fromkeys(one for key in keys_of(name) for one in archive.named(key, PER_KEY))
    likeness = {other: best_match(name, Profile("", (other,)), rarity) for other in {one[1] for one in named}}
    for person, other in named:
        match = likeness[other]
        if match is not None:
            found[person] = max(found.get(person, -math.inf), match.nats)
    return sorted(found, key=lambda person: -found[person])[:CANDIDATES]


def _by_fame(one: Judged, person: Profile) -> Judged:
    """Who is quoted often is meant more often: it decides between people, not whether it is anybody."""
    if one.judgement != "same":
        return one
    known = min(MOST_KNOWN, math.log(max(1, person.mentions)))
    return Judged(one.person, one.judgement, round(one.score + known, 2), one.why)
