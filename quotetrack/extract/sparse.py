"""Texts that report hardly anybody's words: a biography or a textbook is no news. What rests on a noun phrase
alone (`supported the plan`) is a quote there only where a name or a verb of saying speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

from quotetrack.extract.confidence import confidence_of
from quotetrack.extract.found import Found
from quotetrack.extract.reading import Reading

# All three were chosen on GUM's training set: it gains 2.7 points of exact content (38.3 -> 41.0), PolNeAR's
# development set loses 0.1; at 0.10 GUM gains .8 more, PolNeAR loses .1 of joint soft. November 2026.
SPARSE = 0.07  # clear attributions for each sentence, below which a text reports little
MIN_SENTENCES = 15  # of a text, below which nothing is known of what it reports
LEAST_IN_SPARSE = 0.6  # confidence that doubtful attributions need in such a text
_CLEAR = (
    "indirect/that",
    "indirect/bare",
    "indirect/according-to",
    "indirect/parenthetical",
    "indirect/trailing",
)
_SOFT = (
    "indirect/object",
    "indirect/predication",
    "indirect/attitude",
    "indirect/utterance",
    "indirect/passive",
    "indirect/infinitive",
    "indirect/noun",
    "indirect/raising",
)


def without_doubtful(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """Attributions without the doubtful ones of a text that reports little; all those of any other text."""
    if len(reading.sentences) < MIN_SENTENCES or not reading.pack.words("object"):
        return list(found)
    clear = sum(1 for one in found if one.source and (one.rule in _CLEAR or one.rule.startswith("direct/")))
    if clear >= SPARSE * len(reading.sentences):
        return list(found)
    return [
        one
        for one in found
        if one.rule not in _SOFT or confidence_of(reading, one, one.content) >= LEAST_IN_SPARSE
    ]
