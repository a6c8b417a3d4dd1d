"""How sure an attribution is: log-odds of its rule and of a few signs, as measured."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quotetrack.extract.found import Found
from quotetrack.extract.phrases import is_asked, is_passive, lemma_in
from quotetrack.extract.reading import Reading
from quotetrack.types import Span

LEAST = (
    0.3  # an indirect quote less likely right than this costs more than it brings: measured on both dev sets
)
SHORT, LONG = 3, 30  # words of a content up to which it is short and from which it is long

# Log-odds (nats) that a quote overlaps a gold quote by half and names the right head of its source ("joint
# soft"). Logistic regression over rules and signs, fitted on 200 articles of PolNeAR's training set and all
# of the German one, November 2026; docs/quality.md shows what comes of them on the development sets.
BASE = 0.39
RULES = {  # a rule without a row counts 0: direct/block, /post and /signed, indirect/clause-colon
    "dialogue/answer": -0.66,  # as a turn: not fitted
    "dialogue/headline": 0.84,
    "dialogue/turn": -0.66,
    "direct/according-to": 0.52,
    "direct/carried": 0.17,
    "direct/clause-colon": 0.15,
    "direct/colon": 0.77,
    "direct/floating": -1.96,
    "direct/following": 0.99,
    "direct/fragment": -0.16,
    "direct/inner": -1.95,
    "direct/inverted": 1.18,
    "direct/name-colon": 0.96,
    "direct/nested": 0.21,
    "direct/preceding": -0.28,
    "direct/slogan": 0.49,
    "direct/so": 0.3,
    "direct/words": -0.79,
    "indirect/according-to": 1.13,
    "indirect/adjective": 0.35,
    "indirect/as": 0.19,
    "indirect/attitude": -0.45,
    "indirect/bare": -0.08,
    "indirect/by-account": 1.11,
    "indirect/hearsay": -0.77,
    "indirect/hence": -1.0,
    "indirect/infinitive": -0.06,
    "indirect/mood": -0.14,
    "indirect/mood-clause": -0.73,
    "indirect/noun": -0.67,
    "indirect/object": -0.1,
    "indirect/parenthetical": 0.03,
    "indirect/passive": -0.4,
    "indirect/pointed": 0.65,
    "indirect/predication": -0.12,
    "indirect/question": -0.4,
    "indirect/raising": 1.48,
    "indirect/report": -0.64,
    "indirect/so": 0.33,
    "indirect/that": 0.3,
    "indirect/trailing": -0.03,
    "indirect/utterance": -0.5,
}
SIGNS = {  # spoken: the cue is a plain verb of saying; unended: the sentence has no closing mark (a headline)
    "hidden": -0.39,
    "long": -0.07,
    "named": 0.68,
    "nobody": -2.0,
    "pronoun": -0.03,
    "short": -0.78,
    "spoken": 0.86,
    "unended": -0.01,
    "unsourced": -1.73,
}
DIRECT_SIGNS = {
    "hidden": 0.26,
    "long": 0.3,
    "named": 0.23,
    "pronoun": 0.66,
    "short": -0.11,
    "spoken": -0.25,
    "unended": 0.12,
    "unsourced": -0.38,
}  # on top


def confidence_of(reading: Reading, one: Found, content: Sequence[Span]) -> float:
    """0 to 1: how likely an attribution with this content (trimmed spans) is right."""
    signs = _signs(reading, one, content)
    score = BASE + RULES.get(one.rule, 0.0) + sum(SIGNS[sign] for sign in signs)
    if one.rule.startswith(("direct/", "dialogue/")):
        score += sum(DIRECT_SIGNS.get(sign, 0.0) for sign in signs)
    return round(1 / (1 + math.exp(-score)), 2)


def _signs(reading: Reading, one: Found, content: Sequence[Span]) -> list[str]:
    signs = []
    if any(lemma_in(reading, place, "adjacent") for place in one.cue if not reading.is_punct(place)):
        signs.append("spoken")
    if not one.source:
        hidden = one.rule == "indirect/mood" or any(
            is_passive(reading, place) or is_asked(reading, place) for place in one.cue
        )  # a verb's mood tells of words whose speaker may stand nowhere near
        signs.append("hidden" if hidden else "unsourced")
    elif len(one.source) == 1 and reading.lower[one.source[0]] in reading.pack.words("nobody"):
        signs.append("nobody")
    elif len(one.source) == 1 and reading.words[one.source[0]].upos == "PRON":
        signs.append("pronoun")
    elif any(
        mention.kind in ("person", "organisation")
        for mention in reading.mentions_in(reading.span(one.source))
    ):
        signs.append("named")
    words = [place for span in content for place in reading.within(span) if not reading.is_punct(place)]
    if len(words) <= SHORT:
        signs.append("short")
    elif len(words) >= LONG:
        signs.append("long")
    last = reading.sentences[reading.sentence[words[0]]].stop - 1 if words else -1
    if last >= 0 and reading.words[last].text[-1].isalnum():
        signs.append("unended")
    return signs
