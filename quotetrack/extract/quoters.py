"""Whom a verb of quoting names: who is quoted speaks, not who quotes."""

from __future__ import annotations

from quotetrack.extract.phrases import NOMINAL, auxiliaries, is_finite, nominal_run, noun_phrase
from quotetrack.extract.reading import Reading
from quotetrack.extract.speakers import can_speak

MAX_WORDED = 12  # words within which "mit den Worten" follows who is quoted


def quoted_by(reading: Reading, verb: int, first: int, end: int) -> list[int]:
    """`Das Blatt zitiert Weber mit den Worten`, `Weber wird mit den Worten zitiert`: who is quoted."""
    if reading.lemmas[verb] not in reading.pack.words("quoted_in_passive"):
        return []
    if auxiliaries(reading, verb):
        passive = reading.kid(verb, "nsubj", "obj")
        if passive is not None and first <= passive < end:
            return noun_phrase(reading, passive, first, end)
    for told in reading.kids[verb]:
        word = reading.words[told]
        if word.deprel.split(":")[0] == "obj" and word.upos in NOMINAL and first <= told < end:
            behind = range(told, min(end, told + MAX_WORDED))
            if any(reading.lower[place] in reading.pack.words("worded") for place in behind):
                return noun_phrase(reading, told, first, end)
    return []


def quoted_behind(reading: Reading, verb: int, end: int) -> list[int]:
    """`„…“, zitiert das Blatt | den Minister`: who is quoted, behind who quotes."""
    if reading.lemmas[verb] not in reading.pack.words("quoted_in_passive") or not is_finite(reading, verb):
        return []
    by = nominal_run(reading, verb + 1, end, reading.pack.words("of"))
    if not by or by[0] != verb + 1 or auxiliaries(reading, verb):
        return []
    behind = verb + 2 if reading.lower[verb + 1] in reading.pack.words("generic") else by[-1] + 1
    told = nominal_run(reading, behind, end, reading.pack.words("of"))
    return told if told and told[0] == behind and can_speak(reading, told) else []
