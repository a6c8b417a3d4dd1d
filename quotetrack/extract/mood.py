"""The reported mood (Konjunktiv I), told by a verb's form."""

from __future__ import annotations

from quotetrack.extract.phrases import auxiliaries, is_finite, is_relative, lemma_in
from quotetrack.extract.reading import Reading


def in_reported_mood(reading: Reading, place: int) -> bool:
    """Whether a verb's form is one that only the reported mood has."""
    mood = reading.pack.mood
    low = reading.lower[place]
    if any(other in reading.pack.words("writer") for other in reading.lower[max(0, place - 1) : place + 2]):
        return False  # `manchmal sitze ich`
    if low in mood.get("forms", ()):
        return reading.words[place].upos in ("AUX", "VERB")
    word = reading.words[place]
    if word.upos not in ("VERB", "AUX") or not is_finite(reading, place):
        return False
    if low in mood.get("irrealis", ()):
        return True
    if word.feats.get("Person") == "1" or word.text[0].isupper():
        return False
    return low.endswith(tuple(mood.get("endings", ()))) and not low.endswith(
        tuple(mood.get("not_endings", ()))
    )


def main_verb(reading: Reading, words: range) -> int | None:
    """The finite verb of a sentence's first main clause, by commas and clause openers."""
    return next((p for p in words if is_main(reading, p)), None)


def is_main(reading: Reading, place: int) -> bool:
    """Whether a finite verb is a main clause's: no conjunction or relative pronoun opens its clause."""
    if not is_finite(reading, place) or reading.quoted[place] >= 0:
        return False
    words = reading.sentences[reading.sentence[place]]
    first = place
    while first > words.start and reading.words[first - 1].text not in (",", ";", ":", "–"):
        first -= 1
    opener = reading.words[first]
    opening = reading.lower[first]
    if opening in reading.pack.words("as") or opener.upos == "SCONJ":
        return False
    if first > words.start and opening in reading.pack.words("complementizer") | reading.pack.words(
        "question"
    ) | reading.pack.words("relative_adverb"):
        return False
    return not (first > words.start and is_relative(reading, first))


def resumed(reading: Reading, verb: int) -> int | None:
    """The cue that a verb goes on beside, where a tree joins the verb to what the cue leads to: `Er sagte,
    man brauche Zeit, und fügte hinzu`. The mood tells them apart; None where nothing does."""
    head = reading.heads[verb]
    if head < 0 or reading.words[verb].deprel != "conj" or not lemma_in(reading, verb, "say"):
        return None
    if (
        reading.kid(verb, "nsubj") is not None
        or not is_finite(reading, verb)
        or in_reported_mood(reading, verb)
    ):
        return None
    cue = reading.heads[head]
    told = any(in_reported_mood(reading, place) for place in (head, *auxiliaries(reading, head)))
    return cue if told and 0 <= cue < verb and lemma_in(reading, cue, "say", "clause") else None
