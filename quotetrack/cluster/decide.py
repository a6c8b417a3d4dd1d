"""Whether two quotes are one statement: enough evidence for what speaker and date leave open."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from quotetrack.cluster.names import Relation
from quotetrack.cluster.similarity import Evidence
from quotetrack.types import Judgement

#: Nats in common that make two quotes one statement, by speakers and days between them: (days up to, nats).
#: The longer the time, the likelier that somebody says the same again.
#: Measured on the dev half of generated variants and on hand-judged pairs of real news. Speakers unknown:
#: with 3 days for 2 stock phrases go to others' statements on the third day, and nothing else is gained.
BARS: dict[Relation, tuple[tuple[int, float], ...]] = {
    "same": ((3, 8.0), (14, 12.0), (60, 16.0), (1 << 30, 22.0)),
    "unknown": ((2, 16.0), (14, 22.0), (1 << 30, 28.0)),
    "different": ((3, 32.0), (14, 44.0), (1 << 30, 60.0)),
}
#: Word for word the same, same speaker, `IDENTICAL_DAYS` apart at most: enough for short quotes.
IDENTICAL_NATS, IDENTICAL_DAYS = 3.0, 3
#: The same words by the same speaker after the news cycle of an occasion were said again, unless they say so
#: much that they are rather quoted again: slogans of one sentence have 10 to 30 nats. Later reports of short
#: statements part as well, which costs .0002 to .0008 B-cubed F1 on generated variants.
CYCLE_DAYS, QUOTED_AGAIN_NATS = 6, 30.0
#: Least nats of two quotes of which neither says much else, from some days on, when it is not one speaker for
#: certain: many repeat a slogan. Measured on generated variants: with 15 days for unknown speakers slogans
#: without a speaker tied occasions weeks apart, step by step; a news cycle takes slogans put with another's
#: from .07 and .08 to .02 and .01 (seeds 3 and 5) at no cost, and 44 nats lose .0003 B-cubed F1. Days 5 and 6
#: tie more slogans of others than reports of one occasion; with 3 days a hand-judged pair, four days apart,
#: is missed. What is part of a longer quote is rather quoted again: hand-judged pairs need no more than bars.
SLOGAN_NATS = 36.0
SLOGAN_DAYS: dict[Relation, int] = {"unknown": 5, "different": 0}
#: Days assumed where one of the dates is unknown.
UNKNOWN_DAYS = 14
#: Least share of the shorter text and tightness in the longer text.
SHARE, TIGHTNESS = 0.62, 0.5
#: Below the bar by this factor at most, a pair is worth a person's look.
UNSURE = 0.75
#: Strength from which a contradiction keeps two quotes apart in whatever statement they end.
FORBIDDING_STRENGTH = 0.5


class Decision(NamedTuple):
    """strength: nats in common over the nats needed."""

    judgement: Judgement
    strength: float


@lru_cache(maxsize=1 << 12)
def bar(relation: Relation, days: int | None) -> float:
    """Nats needed. days: between the two, None where a date is unknown."""
    apart = UNKNOWN_DAYS if days is None else days
    return next(nats for limit, nats in BARS[relation] if apart <= limit)


def reach(nats: float, relation: Relation) -> int:
    """Days over which the same text is still the same statement; -1 for not even on one day."""
    days = IDENTICAL_DAYS if relation == "same" and nats >= IDENTICAL_NATS else -1
    days = max([days, *(limit for limit, needed in BARS[relation] if nats >= needed)])
    if relation == "same":
        return min(days, CYCLE_DAYS) if nats < QUOTED_AGAIN_NATS else days
    return min(days, SLOGAN_DAYS[relation] - 1) if nats < SLOGAN_NATS else days


def is_said_before(evidence: Evidence, relation: Relation, days: int | None) -> bool:
    """Whether a pair is one slogan on two occasions: same speaker, neither saying much else, too far apart in
    time. Not only word for word: a typo ties no occasions. Measured with `SLOGAN_DAYS`: slogans put with
    another's go from .13 and .11 to .10 and .08 among 100,000 (seeds 1 and 4) at .0001 B-cubed F1 at most."""
    return (
        evidence.whole
        and not evidence.vetoes
        and relation == "same"
        and days is not None
        and days > reach(evidence.matched, relation)
    )


def says_enough(nats: float, relation: Relation, days: int | None) -> bool:
    """Whether a pair of different texts, the lesser of `nats`, may be anything but simply different."""
    lowest = BARS[relation][0][1]
    return nats >= max(FORBIDDING_STRENGTH * bar(relation, days), UNSURE * lowest)


def needed(evidence: Evidence, relation: Relation, days: int | None) -> float:
    """The bar for a pair; lower for short quotes word for word the same, by one speaker, within days; higher
    for what may be a slogan of several."""
    nats = bar(relation, days)
    if evidence.whole and relation != "same":
        apart = UNKNOWN_DAYS if days is None else days
        return max(nats, SLOGAN_NATS) if apart >= SLOGAN_DAYS[relation] else nats
    if evidence.identical and relation == "same" and days is not None and days <= IDENTICAL_DAYS:
        return min(nats, IDENTICAL_NATS)
    return nats


def decide(evidence: Evidence, relation: Relation, days: int | None) -> Decision:
    """Judge a pair. A contradiction outweighs any evidence; the judgement never depends on other pairs."""
    strength = evidence.matched / needed(evidence, relation, days)
    judgement: Judgement = "different"
    if evidence.vetoes or is_said_before(evidence, relation, days):
        pass
    elif strength >= 1 and evidence.share >= SHARE and evidence.tightness >= TIGHTNESS:
        judgement = "same"
    elif strength >= UNSURE and min(evidence.share / SHARE, evidence.tightness / TIGHTNESS) >= UNSURE:
        judgement = "unsure"
    return Decision(judgement, strength)


def explain(evidence: Evidence, relation: Relation, days: int | None) -> str:
    """What matched and what spoke against, for a reader."""
    if not evidence.matched:
        return "no words in common"
    matched = "word for word" if evidence.identical else f"{evidence.share:.0%} of the shorter"
    speakers = {"same": "same speaker", "unknown": "speaker unknown", "different": "speakers differ"}[
        relation
    ]
    apart = "date unknown" if days is None else "same day" if not days else f"{days} days apart"
    nats = f"{evidence.matched:.0f} of {needed(evidence, relation, days):.0f} nats"
    return "; ".join((f"{matched} ({nats})", speakers, apart, *evidence.vetoes))
